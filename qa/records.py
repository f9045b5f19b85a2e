"""The nouns of the project, as frozen records.

Offsets are characters, half-open, counted from 0. A larger score is better.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from qa.feedback import Feedback as Feedback
from qa.feedback import Verdict as Verdict
from qa.status import Status as Status

_DATE = re.compile(r"[0-9]{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?")
_ADDRESS = re.compile(r"https?://[^\s<>\"/]+(/[^\s<>\"]*)?")

Range = tuple[int, int]
"""A half-open stretch of characters: start, end."""


@dataclass(frozen=True, slots=True)
class Document:
    r"""One source, decoded.

    Attributes:
        source: The folder it was added from, absolute with `/`; empty for text given directly.
        path: Where it stands below `source`, with `/`; with `source` the key of the document.
        title: What it calls itself; never empty.
        text: The decoded text, NFC, with `\n` line ends. All offsets point into this.
        digest: sha256 of the source's bytes, 64 hexadecimal digits.
        date: When it was published, `2024-04-01`, `2024-04` or `2024`; None when it does not say.
        encoding: What its bytes were decoded as; empty for formats that are no plain text.
        page_starts: Where each page begins in `text`; empty where there are no pages.
        address: Where on the web it stood, http or https; empty when it does not say.
        encoding_named: Whether the user named that encoding, rather than the bytes told it.
    """

    source: str
    path: str
    title: str
    text: str
    digest: str
    date: str | None = None
    encoding: str = "utf-8"
    page_starts: tuple[int, ...] = ()
    address: str = ""
    encoding_named: bool = False

    @classmethod
    def from_text(
        cls,
        text: str,
        *,
        path: str,
        title: str | None = None,
        date: str | None = None,
        address: str = "",
    ) -> Document:
        """Make a document of a string; the title defaults to the path.

        >>> Document.from_text("通知正文", path="notice-1").title
        'notice-1'

        Raises:
            ValueError: the path is empty, the date is not `2024-04-01`, `2024-04` or `2024`, or the
                address is none of the web.
        """
        if not path.strip():
            raise ValueError("path is empty: give each document a name of its own")
        if date is not None and not _DATE.fullmatch(date):
            raise ValueError(f"date is {date!r}: write it like 2024-04-01, 2024-04 or 2024")
        if address and not _ADDRESS.fullmatch(address):
            raise ValueError(f"address is {address!r}: write it like https://host/page")
        plain = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
        key = "\n".join((title or "", date or "", text, *filter(None, [address])))
        digest = hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()
        return cls("", path, title or path, plain, digest, date, address=address)

    def page_at(self, offset: int) -> int | None:
        """Give the page (from 1) that holds the character at `offset`; None without pages."""
        return max(1, bisect_right(self.page_starts, offset)) if self.page_starts else None


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of one document, the unit that is found and cited.

    `document.text[passage.start:passage.end] == passage.text` always holds.

    Attributes:
        id: Given by the library when stored, never reused; 0 before that.
        document_id: The library's number of the document; 0 before it is stored.
        ordinal: Number (from 1) of the paragraph it begins in. Paragraphs are the lines of the
            document's text that are not blank, so that a reader can count to it.
        heading: The headings above it, outermost first, joined by ` › `; may be empty.
        start: First character in the document's text.
        end: One past its last character.
        text: The verbatim characters.
        noise: Ranges inside `text` (counted from its start) that a reader should not see, in
            order, not overlapping.
    """

    id: int
    document_id: int
    ordinal: int
    heading: str
    start: int
    end: int
    text: str
    noise: tuple[Range, ...] = ()

    def paragraph_at(self, offset: int) -> int:
        r"""Give the number of the paragraph that holds a character of it, by `document.text`.

        >>> Passage(0, 0, 3, "", 10, 17, "标准。\n\n每月").paragraph_at(15)
        4
        """
        before = self.text[: max(1, offset - self.start + 1)]
        return self.ordinal + sum(bool(line.strip()) for line in before.split("\n")[1:])

    def placed(self, start: int, end: int) -> Range:
        """Turn a range of `shown` into the range of the document's text that spans it."""
        if end <= start:
            return self.start, self.start
        return self.start + self._verbatim(start), self.start + self._verbatim(end - 1) + 1

    def _verbatim(self, offset: int) -> int:
        for start, end in self.noise:
            if start > offset:
                break
            offset += end - start
        return offset

    @property
    def shown(self) -> str:
        """The text without its noise: what is indexed and what a reader sees."""
        return without(self.text, self.noise)


def without(text: str, ranges: tuple[Range, ...]) -> str:
    """Give `text` less the ranges, which are in order and do not overlap.

    >>> without("县包养网级工会", ((1, 4),))
    '县级工会'
    """
    if not ranges:
        return text
    kept, at = [], 0
    for start, end in ranges:
        kept.append(text[at:start])
        at = end
    kept.append(text[at:])
    return "".join(kept)


_NO_SIGNALS: Mapping[str, float] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that a search found.

    Attributes:
        passage: What was found.
        document: Where it stands.
        score: Larger is better; comparable only within one search.
        signals: The named numbers that the score was made of.
    """

    passage: Passage
    document: Document
    score: float
    signals: Mapping[str, float] = field(default_factory=lambda: _NO_SIGNALS)

    @property
    def page(self) -> int | None:
        """The page (from 1) it begins on; None where there are no pages."""
        return self.document.page_at(self.passage.start)


@dataclass(frozen=True, slots=True)
class Copy:
    """Where else the words of a citation stand: a passage that says the same and holds its quote.

    Punctuation, numbers of items and where the passage is cut may differ.

    Attributes:
        document: Where it stands; the citation's own when that says the same twice.
        passage: The passage of it.
        quote_start: Where the quote begins in `document.text`; -1: where the passage does.
    """

    document: Document
    passage: Passage
    quote_start: int = -1

    @property
    def page(self) -> int | None:
        """The page (from 1) the quote begins on; None where there are no pages."""
        return self.document.page_at(max(self.quote_start, self.passage.start))

    @property
    def paragraph(self) -> int:
        """The paragraph (from 1) the quote begins in."""
        return self.passage.paragraph_at(self.quote_start)


@dataclass(frozen=True, slots=True)
class Citation:
    """One numbered source of an answer.

    Attributes:
        number: From 1, in the order shown.
        document: The source.
        passage: The passage of it.
        quote_start: First character of the best sentence, in `document.text`.
        quote_end: One past its last character.
        score: The probability, 0 to 1, that this passage answers the question.
        signals: The named numbers that the score was made of.
        copies: Where else the same words stand, best first; they are not cited themselves.
    """

    number: int
    document: Document
    passage: Passage
    quote_start: int
    quote_end: int
    score: float
    signals: Mapping[str, float] = field(default_factory=lambda: _NO_SIGNALS)
    copies: tuple[Copy, ...] = ()

    @property
    def places(self) -> tuple[Copy, ...]:
        """Everywhere its words stand: its own passage, then the copies."""
        return (Copy(self.document, self.passage, self.quote_start), *self.copies)

    @property
    def paragraph(self) -> int:
        """The paragraph (from 1) the quote begins in; its passage may begin before that."""
        return self.passage.paragraph_at(self.quote_start)

    @property
    def page(self) -> int | None:
        """The page (from 1) the quote begins on; None where there are no pages."""
        return self.document.page_at(self.quote_start)

    @property
    def quote(self) -> str:
        """The quoted characters, verbatim, less any noise inside them."""
        offset = self.passage.start
        inside = tuple(
            (
                max(start + offset, self.quote_start) - self.quote_start,
                min(end + offset, self.quote_end) - self.quote_start,
            )
            for start, end in self.passage.noise
            if start + offset < self.quote_end and end + offset > self.quote_start
        )
        return without(self.document.text[self.quote_start : self.quote_end], inside)


EVEN = 0.5
"""Confidence below which an answer is more probably wrong than right."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the library says to one question.

    Attributes:
        question: As asked.
        found: Whether the documents answer it.
        confidence: Probability, 0 to 1, that the first passage answers; 0 when nothing came near.
        quote: The answering words of citation 1, verbatim; empty when not found.
        citations: The sources; empty when not found. The first has the largest score; of those
            that answer about equally well, other documents come first (`qa.citing.chosen`).
        closest: What came nearest when not found, in the same order; empty when found.
        understood: The question that was answered, if that is not the one asked: with what the
            history names added; empty when it was answered as asked.
        added: What was added to it; empty when nothing was.
        suggestion: Another question that the documents answer, where a slip of the keys is likely;
            empty without one. It was not answered here.
    """

    question: str
    found: bool
    confidence: float
    quote: str = ""
    citations: tuple[Citation, ...] = ()
    closest: tuple[Citation, ...] = ()
    understood: str = ""
    added: str = ""
    suggestion: str = ""

    @property
    def unsure(self) -> bool:
        """Whether it is found, and yet more probably wrong than right."""
        return self.found and self.confidence < EVEN

    @property
    def sources(self) -> tuple[Citation, ...]:
        """What a reader is shown: the citations, or what came closest where it is not found."""
        return self.citations or self.closest

    @property
    def as_understood(self) -> str:
        """The question that was answered: `understood`, or the one asked."""
        return self.understood or self.question


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file that is not in the library, and why (one line)."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class AddReport:
    """What one `add` did, as paths below their source, in the order met.

    Attributes:
        added: New documents.
        updated: Documents whose content had changed.
        unchanged: Documents whose content had not.
        removed: Documents whose files are gone from an added folder.
        failed: Files that should have been read and could not be, and folders that are empty though
            the library holds files of them; what it held of them before is kept.
        skipped: Files of kinds that are not read, hidden files, and links.
        passages: How many passages were written.
        notes: What of a file that was read is not in its document: a page without words, say.
    """

    added: tuple[str, ...] = ()
    updated: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    failed: tuple[Skipped, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    passages: int = 0
    notes: tuple[Skipped, ...] = ()

    @property
    def changed(self) -> bool:
        """Whether the library differs from before."""
        return bool(self.added or self.updated or self.removed)


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that `verify` found: the document's path, the passage (or None), and what."""

    path: str
    passage_id: int | None
    reason: str


@dataclass(frozen=True, slots=True)
class VerifyReport:
    """What `verify` looked at, what no longer stands, and what is wrong with the indexes."""

    documents: int
    passages: int
    problems: tuple[Problem, ...] = ()
    indexes: tuple[str, ...] = ()
