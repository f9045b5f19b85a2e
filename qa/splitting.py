"""Cut a document into passages: what is found, shown and cited.

Passages follow headings, then paragraphs, then sentence ends. Short neighbours under one heading
join, a long paragraph is cut into even pieces, an article, a question with its answer and a list
with its lead-in stay together while they fit. A row of a sheet is a passage by itself.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

from qa.columns import has_tables, label, names_above
from qa.cutting import even, says_something
from qa.outline import Block, Line, Role, label_of, outline
from qa.reading.files import is_table
from qa.records import Document, Passage, Range
from qa.seams import is_seam
from qa.sentences import sentences

AIM_CHARS = 350
"""Neighbours join up to this many shown characters, and long paragraphs are cut to about it."""

LIMIT_CHARS = 450
"""Nothing longer than this stays whole, save a row of a table."""

ENOUGH_CHARS = 200
"""A passage this long takes no further paragraph, unless that is tiny."""

TINY_CHARS = 80
"""Anything shorter joins a neighbour under its heading."""

ROW_CHARS = 900
"""A row of a table is cut only above this."""

SPLITTING = (
    f"1;aim={AIM_CHARS};limit={LIMIT_CHARS};enough={ENOUGH_CHARS};tiny={TINY_CHARS};row={ROW_CHARS}"
)
"""The version and parameters of splitting: libraries whose passages were cut otherwise differ."""

_LINE = re.compile(r"[^\n]+")
_RUN_IN = re.compile(
    r"(?:[一二三四五六七八九十]{1,3}(?:是|要|、)|[（(][一二三四五六七八九十\d]{1,3}[）)]|第[一二三四五六七八九十]{1,2}[，,、件]"
    r"|\d{1,2}[.、．])"
)
_ARTICLE_NUMBER = re.compile(r"第\s*[^\s条條]+\s*[条條](?:\s*之\s*[\d一二三四五六七八九十]+|-\d+)?")
_LABEL_CHARS = 40


class _Part(NamedTuple):
    """A stretch of the document that may become a passage or join its neighbours into one."""

    start: int
    end: int
    ordinal: int
    size: int
    fresh: bool = False  # begins something: an article, a question
    label: str = ""  # what the rest of a cut paragraph stands under
    before: int = 0  # see Line

    def size_with(self, other: _Part) -> int:
        return self.size + 1 + other.before + other.size

    def plus(self, other: _Part) -> _Part:
        return _Part(
            self.start, other.end, self.ordinal, self.size_with(other),
            self.fresh, self.label, self.before,
        )  # fmt: skip


def split(document: Document, noise: Sequence[Range] = ()) -> tuple[Passage, ...]:
    r"""Give the passages of a document in reading order, with id 0; a blank one has none.

    `noise` are sorted ranges of the text that do not overlap. Every letter and digit outside noise
    stands in exactly one passage, save the lines that repeat the title and those that are headings
    of passages. A document of nothing but a title or headings is one passage (or more, if long).

    >>> notice = Document.from_text("一、对象\n全市职工。", path="a", title="通知")
    >>> [(passage.heading, passage.text) for passage in split(notice)]
    [('一、对象', '全市职工。')]
    """
    return tuple(passages(document, noise))


def passages(document: Document, noise: Sequence[Range] = ()) -> Iterator[Passage]:
    """Give the same one by one, for what need not have all of them at a time."""
    lines = list(_speaking(_unbroken(_lines(document.text, noise), document.text, noise)))
    rows = is_table(document.path)
    blocks = _rows(lines, document.title) if rows else outline(lines, document.title)
    if all(block.role in (Role.TITLE, Role.HEADING) for block in blocks):
        blocks = [Block(line, Role.TEXT, ()) for line in lines]
    starts = [start for start, _ in noise]
    names = {} if rows or not has_tables(document.text) else _names(lines)
    for section in _sections(blocks):
        for part in _parts(section) if rows else _packed(_parts(section)):
            above = (names.get(part.start, ""), part.label)
            path = (*section[0].path, *filter(None, above))
            text = document.text[part.start : part.end]
            inside = _inside(noise, starts, part.start, part.end)
            heading = " › ".join(path)
            yield Passage(0, 0, part.ordinal, heading, part.start, part.end, text, inside)


def _rows(lines: Sequence[Line], title: str) -> list[Block]:
    """Give the lines of a sheet as blocks: the names of sheets are headings, all else are rows."""
    blocks: list[Block] = []
    path: tuple[str, ...] = ()
    for line in lines:
        if line.shown.startswith("## "):
            path = (label_of(line.shown),)
            blocks.append(Block(line, Role.HEADING, ()))
        else:
            role = Role.TITLE if line.shown == title else Role.ROW
            blocks.append(Block(line, role, path))
    return blocks


def _names(lines: Sequence[Line]) -> dict[int, str]:
    """Give what names the columns of each row, by where that begins: a table may be cut."""
    labels = cache(label)
    return {lines[at].start: labels(names) for at, names in names_above(lines).items()}


def _speaking(lines: Iterator[Line]) -> Iterator[Line]:
    """Give the lines that hold a letter or digit, each knowing how much it skips before it."""
    skipped = 0
    for line in lines:
        if says_something(line.shown):
            # Not by replace(), which takes as long as all the rest.
            yield Line(line.ordinal, line.pieces, line.shown, skipped) if skipped else line
            skipped = 0
        else:
            skipped += len(line.shown) + 1


def _unbroken(lines: Iterator[Line], text: str, noise: Sequence[Range]) -> Iterator[Line]:
    """Join the lines that only a seam parts."""
    seams = {start: end for start, end in noise if is_seam(text[start:end])}
    current: Line | None = None
    for line in lines:
        if current is None or seams.get(current.end) != line.start:
            if current is not None:
                yield current
            current = line
        else:
            pieces = (*current.pieces, *line.pieces)
            current = Line(current.ordinal, pieces, current.shown + line.shown)
    if current is not None:
        yield current


def _lines(text: str, noise: Sequence[Range]) -> Iterator[Line]:
    """Give the lines of which anything but blanks and noise is left."""
    ordinal = 0
    at = 0
    for found in _LINE.finditer(text):
        whole = found.group().strip()
        if not whole:
            continue
        ordinal += 1
        start, end = found.span()
        while at < len(noise) and noise[at][1] <= start:
            at += 1
        if at == len(noise) or noise[at][0] >= end:  # as nearly every line of a long text
            start += len(found.group()) - len(found.group().lstrip())
            yield Line(ordinal, ((start, start + len(whole)),), whole)
            continue
        pieces = _seen(text, start, end, noise, at)
        if pieces:
            yield Line(ordinal, pieces, "".join(text[a:b] for a, b in pieces))


def _seen(text: str, start: int, end: int, noise: Sequence[Range], at: int) -> tuple[Range, ...]:
    """Give what is left of [start, end) without noise (from number `at` on) and outer blanks."""
    pieces: list[Range] = []
    while at < len(noise) and noise[at][0] < end:
        if noise[at][0] > start:
            pieces.append((start, noise[at][0]))
        start = max(start, noise[at][1])
        at += 1
    if start < end:
        pieces.append((start, end))
    signs = (n for piece in pieces for n in range(*piece) if not text[n].isspace())
    first = next(signs, None)
    if first is None:
        return ()
    backward = (n for a, b in reversed(pieces) for n in reversed(range(a, b)))
    last = next(n for n in backward if not text[n].isspace())
    return tuple((max(a, first), min(b, last + 1)) for a, b in pieces if b > first and a <= last)


def _inside(
    noise: Sequence[Range], starts: Sequence[int], start: int, end: int
) -> tuple[Range, ...]:
    """Give the noise within [start, end), counted from `start`."""
    first = max(0, bisect_right(starts, start) - 1)
    return tuple(
        (max(a, start) - start, min(b, end) - start)
        for a, b in noise[first : bisect_left(starts, end)]
        if b > start and a < b
    )


def _sections(blocks: Sequence[Block]) -> Iterator[list[Block]]:
    """Give the runs of blocks between headings."""
    section: list[Block] = []
    for block in blocks:
        if block.role in (Role.TITLE, Role.HEADING):
            if section:
                yield section
            section = []
        else:
            section.append(block)
    if section:
        yield section


def _parts(section: Sequence[Block]) -> Iterator[_Part]:
    """Give what must stay together in one section, in order."""
    at = 0
    while at < len(section):
        stop = _bundle_end(section, at)
        fresh = section[at].role in (Role.ARTICLE, Role.QUESTION)
        whole = _join(section[at:stop], fresh=fresh)
        if stop - at > 1 and whole.size > LIMIT_CHARS and not fresh:
            stop = at + 2
            whole = _join(section[at:stop], fresh=False)
        if stop - at > 1 and whole.size <= LIMIT_CHARS:
            yield whole
        elif fresh:
            yield from _opened(section[at:stop])
        else:
            stop = at + 1
            yield from _pieces(section[at], fresh=False)
        at = stop


def _bundle_end(section: Sequence[Block], at: int) -> int:
    """Give the number of the block behind what `at` would keep with it."""
    role = section[at].role
    stop = at + 1
    if role in (Role.ARTICLE, Role.QUESTION):
        while stop < len(section) and section[stop].role not in (Role.ARTICLE, Role.QUESTION):
            stop += 1
    elif role is Role.LEAD and stop < len(section):
        kept = section[stop].role
        if kept in (Role.ITEM, Role.ROW):
            while stop < len(section) and section[stop].role is kept:
                stop += 1
        elif kept is not Role.ARTICLE and kept is not Role.QUESTION:
            stop += 1
    return stop


def _join(blocks: Sequence[Block], *, fresh: bool) -> _Part:
    first, last = blocks[0].line, blocks[-1].line
    size = sum(len(block.line.shown) + 1 + block.line.before for block in blocks)
    size -= 1 + first.before
    return _Part(first.start, last.end, first.ordinal, size, fresh, before=first.before)


def _opened(blocks: Sequence[Block]) -> Iterator[_Part]:
    """Give the parts of an article or an answer too long to be one; the first begins afresh."""
    label = _label(blocks[0].line.shown)
    for number, block in enumerate(blocks):
        for part in _pieces(block, fresh=number == 0):
            yield part if part.fresh or part.label else part._replace(label=label)


def _label(shown: str) -> str:
    """Give what names a numbered paragraph (its first sentence, an article's number); else ""."""
    article = _ARTICLE_NUMBER.match(shown)
    if article:
        return article[0]
    if not _RUN_IN.match(shown):
        return ""
    start, end = sentences(shown)[0]
    return label_of(shown[start:end]) if end - start <= _LABEL_CHARS else ""


def _first_cell(shown: str) -> str:
    """Give the first value of a row with its name, which says what the row is of; else ""."""
    cell = shown.partition("；")[0]
    return cell if "：" in cell and len(cell) <= _LABEL_CHARS else ""


def _pieces(block: Block, *, fresh: bool) -> Iterator[_Part]:
    """Give one line as one part, or as several of even length when it is long."""
    line = block.line
    limit = ROW_CHARS if block.role is Role.ROW else LIMIT_CHARS
    if len(line.shown) <= limit:
        yield _join([block], fresh=fresh)
        return
    before = [0]  # how many shown characters stand before each piece
    for start, end in line.pieces:
        before.append(before[-1] + end - start)
    label = _label(line.shown) or (_first_cell(line.shown) if block.role is Role.ROW else "")
    for number, (start, end) in enumerate(even(line.shown, AIM_CHARS, LIMIT_CHARS)):
        first = bisect_right(before, start) - 1
        last = bisect_right(before, end - 1) - 1
        yield _Part(
            line.pieces[first][0] + start - before[first],
            line.pieces[last][0] + end - before[last],
            line.ordinal,
            end - start,
            fresh and number == 0,
            label if number else "",
            0 if number else line.before,
        )


def _packed(parts: Iterator[_Part]) -> Iterator[_Part]:
    """Join neighbours that are short into parts of passage length."""
    current: _Part | None = None
    for part in parts:
        if current is None:
            current = part
        elif _may_join(current, part):
            current = current.plus(part)
        else:
            yield current
            current = part
    if current is not None:
        yield current


def _may_join(one: _Part, other: _Part) -> bool:
    total = one.size_with(other)
    if other.fresh:
        return one.size < TINY_CHARS and total <= AIM_CHARS
    if one.size < TINY_CHARS or other.size < TINY_CHARS:
        return total <= LIMIT_CHARS
    return one.size < ENOUGH_CHARS and total <= AIM_CHARS
