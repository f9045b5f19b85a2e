"""Answers, sources and passages as messages for Telegram. Pure: nothing is sent here.

Whatever stands in a document, no message is longer or more marked up than Telegram takes.
"""

from __future__ import annotations

from collections.abc import Sequence

from qa.bot.markup import (
    Marked,
    around,
    bold,
    clipped,
    fits,
    folded_quote,
    italic,
    joined,
    lines,
    linked,
    packed,
    plain,
)
from qa.messages import Messages
from qa.records import Answer, Citation, Copy, Document, Passage, Range
from qa.retelling import retold

TITLE_UNITS = 120
"""Room for a title, in UTF-16 units."""

# In UTF-16 units too; with these an answer of three sources stays in one message of 4096.
_QUOTE = 1000
_HEADING = 160
_COPY_TITLE = 60
_PASSAGES = (1200, 700, 400, 250)  # tried in this order until everything fits
_READING = 3500  # a passage that is read on its own

_COPIES = 3


def answer_texts(
    answer: Answer,
    words: Messages,
    *,
    sources: int = 3,
    earlier: Sequence[str] = (),
    number: int = 0,
) -> list[str]:
    """Give the messages of an answer: the quote, then its first sources with their passages.

    One that was not found is one sentence. Nearly always it is one message. `earlier` are the
    questions before, as typed, oldest first; `number` that of one of several questions, 0 alone.
    """
    head = [_said(answer, words)]
    if number:
        question = clipped(" ".join(answer.question.split()), _QUOTE // 2)
        asked = words("question_of_several", number=number, question=question)
        head.insert(0, bold(asked))
    if answer.understood:
        understood = clipped(" ".join(retold(answer, earlier).split()), _QUOTE // 2)
        said = words("bot_understood", question=understood)
        head.append(italic(said))
    return _with_sources(head, answer.citations[:sources], words)


def sources_texts(citations: Sequence[Citation], words: Messages, *, title: str = "") -> list[str]:
    """Give the messages of sources on their own, under a line that says what they are."""
    return _with_sources([plain(title)], citations, words)


def reading_text(citation: Citation, words: Messages) -> str:
    """Give one passage to read, as one message: where it stands, and its text with the quote."""
    head = joined((_title(citation.document), plain(place_line(citation, words))), "\n")
    return joined((head, _passage(citation, _READING)), "\n\n").html


def place_line(place: Citation | Copy, words: Messages) -> str:
    """Say where in its document a quote stands: headings, page, paragraph."""
    heading = place.passage.heading
    parts = [clipped(heading, _HEADING)] if heading.strip() else []
    if place.page is not None:
        parts.append(words("page", number=place.page))
    parts.append(words("paragraph", number=place.paragraph))
    return " · ".join(parts)


def shown_range(citation: Citation) -> Range:
    """Give where the quote stands in `passage.shown`; an empty range when it has none there."""
    passage = citation.passage
    start = _without_noise(passage, citation.quote_start - passage.start)
    return start, max(start, _without_noise(passage, citation.quote_end - passage.start))


def _said(answer: Answer, words: Messages) -> Marked:
    if not answer.found:
        return plain(words("not_found"))
    quote = clipped(lines(answer.quote).strip(), _QUOTE)
    said = plain(quote) + plain(" [1]")
    return joined((said, italic(words("unsure"))), "\n") if answer.unsure else said


def _with_sources(
    head: Sequence[Marked], citations: Sequence[Citation], words: Messages
) -> list[str]:
    """Give head and sources as one message if the passages can be shortened to that."""
    blocks: list[Marked] = []
    for limit in _PASSAGES:
        blocks = [*head, *(_source(one, limit, words) for one in citations)]
        if fits(joined(blocks, "\n\n")):
            break
    return packed(blocks)


def _source(citation: Citation, limit: int, words: Messages) -> Marked:
    facts = [
        _title(citation.document, f"[{citation.number}] "),
        plain(place_line(citation, words)),
        plain(_copies(citation.copies, words)),
        folded_quote(_passage(citation, limit)),
    ]
    return joined(facts, "\n")


def _title(document: Document, mark: str = "") -> Marked:
    words = clipped(" ".join(document.title.split()), TITLE_UNITS)
    linking = bold(mark) + linked(bold(words), document.address)
    title = linking if document.address else bold(mark + words)
    return title + plain(f" {document.date}") if document.date else title


def _copies(copies: Sequence[Copy], words: Messages) -> str:
    if not copies:
        return ""
    places = [
        f"{clipped(one.document.title, _COPY_TITLE)} · {words('paragraph', number=one.paragraph)}"
        for one in copies[:_COPIES]
    ]
    more = "…" if len(copies) > _COPIES else ""
    return words("copies", count=len(copies), places=words("between_places").join(places) + more)


def _passage(citation: Citation, limit: int) -> Marked:
    """Give the passage without its noise, the quoted sentence in bold."""
    before, quote, after = around(citation.passage.shown, shown_range(citation), limit)
    return plain(lines(before).lstrip("\n")) + bold(lines(quote)) + plain(lines(after).rstrip())


def _without_noise(passage: Passage, offset: int) -> int:
    """Turn an offset in `passage.text` into one in `passage.shown`."""
    offset = min(max(offset, 0), len(passage.text))
    return offset - sum(min(end, offset) - start for start, end in passage.noise if start < offset)
