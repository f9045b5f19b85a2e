"""How a passage is laid out: the rows of tables, facts and signatures in it, each by itself.

A row says what stands in it, and the line above the table what that is. To choose between rows they
are read with the names of their columns, as the rows of sheets are; quoted is what stands there. A
name and the value on the line below it are one.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from qa.columns import has_tables, named, names_above, table_rows
from qa.cutting import says_something
from qa.outline import Line
from qa.quoting import LONGEST
from qa.reading.facts import facts_of
from qa.records import Range

_LINE = re.compile(r"[^\n]*\S[^\n]*")
_FIELD = re.compile(
    r"(?:[(（]?[一二三四五六七八九十\d]{1,3}[)）.．、]\s*|[-*•·●]\s*)?[^\W\d_]"
    r"(?:[^:：，,。；;|\n]{1,11}[:：]\s*[^\s。][^。]*。?|[^:：，,。；;|\s]{1,11}\s[^\s。]*\d[^\s。]*)"
)
_SHEET_CELL = re.compile(r"[^:：;；。]{1,30}[:：][^;；]+")
_DATE = re.compile(r"\d{4}\s*年\s*\d{1,2}\s*月\s*\d{1,2}\s*日")
_SIGNED_LINES, _SIGNED_CHARS = 4, 30


@dataclass(frozen=True, slots=True)
class Layout:
    """What stands by itself in a text, and the text with each row read by the names of its columns.

    Attributes:
        text: The text as it reads.
        whole: The ranges of rows and facts that are quoted whole, in order.
        names: Those of the lines that name columns.
        apart: Those of all that speaks of something else than the lines beside it.
        given: The ranges of rows that read otherwise, in order.
        read: Where each of them stands in `text`.
    """

    text: str
    whole: tuple[Range, ...] = ()
    names: frozenset[Range] = frozenset()
    apart: frozenset[Range] = frozenset()
    given: tuple[Range, ...] = ()
    read: tuple[Range, ...] = ()

    def place(self, at: int) -> int:
        """Give where a place of the given text stands in `text`."""
        number = bisect_right(self.given, (at, len(self.text) + at)) - 1
        if number < 0:
            return at
        (start, end), (first, last) = self.given[number], self.read[number]
        return last + at - end if at >= end else min(first + at - start, last)


def layout_of(text: str, heading: str = "") -> Layout:
    r"""Tell how a passage is laid out; its heading may end with the names of a table's columns.

    >>> layout_of("| 单位 | 金额 |\n| --- | --- |\n| 云岭县 | 20 |").text.splitlines()[-1]
    '单位：云岭县；金额：20'
    """
    lines = lines_of(text)
    facts = (*_facts(lines), *_sheet_rows(lines))
    apart = frozenset((*facts, *_fields(lines), *_signature(lines)))
    if not has_tables(text):
        return Layout(text, facts, apart=apart)
    above = heading.rpartition(" › ")[2]
    found = names_above(lines, above if has_tables(above) else "")
    names = frozenset(_place(lines[at - 1]) for at in found if at and at - 1 not in found)
    rows = [one for one in (_place(lines[at]) for at in table_rows(lines)) if _fits(one)]
    read = {_place(lines[at]): named(head, lines[at].shown) for at, head in found.items()}
    return Layout(
        _as_read(text, read),
        tuple(sorted({*facts, *rows})),
        names,
        apart.union(rows) - names,
        tuple(read),
        tuple(_moved(read)),
    )


def _as_read(text: str, read: Mapping[Range, str]) -> str:
    """Give a text with other words at some ranges, which are in order."""
    parts: list[str] = []
    behind = 0
    for (start, end), words in read.items():
        parts += (text[behind:start], words)
        behind = end
    return "".join((*parts, text[behind:]))


def _moved(read: Mapping[Range, str]) -> Iterator[Range]:
    """Give where those words stand then."""
    more = 0
    for (start, end), words in read.items():
        yield start + more, start + more + len(words)
        more += len(words) - (end - start)


def _place(line: Line) -> Range:
    return line.start, line.end


def _fits(place: Range) -> bool:
    """Say whether a row may be quoted whole."""
    return place[1] - place[0] <= LONGEST


def _facts(lines: Sequence[Line]) -> tuple[Range, ...]:
    """Give the ranges of the facts that a passage begins with, each a name above its value."""
    found = (one for one in facts_of([line.shown for line in lines]) if one.stop > one.start + 1)
    return tuple((lines[one.start].start, lines[one.stop - 1].end) for one in found)


def _sheet_rows(lines: Sequence[Line]) -> Iterator[Range]:
    """Give the ranges of rows that name their columns: `单位：云岭县；金额：20`."""
    for line in lines:
        cells = re.split("[;；]", line.shown)
        if len(cells) > 1 and _fits(_place(line)) and all(map(_SHEET_CELL.fullmatch, cells)):
            yield _place(line)


def _fields(lines: Sequence[Line]) -> Iterator[Range]:
    """Give the ranges of lines like `地址：文化路5号` that have another beside them."""
    fields = [len(line.shown) <= LONGEST and _FIELD.fullmatch(line.shown) for line in lines]
    for at, line in enumerate(lines):
        if fields[at] and any((*fields[max(0, at - 1) : at], *fields[at + 1 : at + 2])):
            yield _place(line)


def _signature(lines: Sequence[Line]) -> Iterator[Range]:
    """Give the ranges of a date on a line of its own near the end, and of who signs above it."""
    for at in range(max(0, len(lines) - _SIGNED_LINES), len(lines)):
        if _DATE.fullmatch(lines[at].shown):
            yield _place(lines[at])
            above = lines[at - 1] if at else lines[at]
            if len(above.shown) <= _SIGNED_CHARS and above.shown[-1].isalpha():
                yield _place(above)


def lines_of(text: str) -> list[Line]:
    """Give the lines of a text that hold a letter or digit, numbered from 1."""
    lines: list[Line] = []
    skipped = 0
    for number, found in enumerate(_LINE.finditer(text), start=1):
        shown = found[0].strip()
        if not says_something(shown):
            skipped += len(shown) + 1
            continue
        start = found.start() + found[0].index(shown)
        lines.append(Line(number, ((start, start + len(shown)),), shown, skipped))
        skipped = 0
    return lines
