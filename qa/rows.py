"""The rows of tables typed with bars within a passage: where they stand, and how each reads.

A row says what stands in it, and the line above the table what that is. To choose between rows they
are read with the names of their columns, as the rows of sheets are; quoted is what stands there.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass

from qa.columns import has_tables, named, names_above, table_rows
from qa.cutting import says_something
from qa.outline import Line
from qa.quoting import LONGEST
from qa.records import Range

_LINE = re.compile(r"[^\n]*\S[^\n]*")


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of a text, and the text with each read by the names of its columns.

    Attributes:
        text: The text as it reads.
        whole: The ranges of rows that are quoted whole, in order.
        names: Those of the lines that name columns.
        given: The ranges of rows that read otherwise, in order.
        read: Where each of them stands in `text`.
    """

    text: str
    whole: tuple[Range, ...] = ()
    names: frozenset[Range] = frozenset()
    given: tuple[Range, ...] = ()
    read: tuple[Range, ...] = ()

    def place(self, at: int) -> int:
        """Give where a place of the given text stands in `text`."""
        number = bisect_right(self.given, (at, len(self.text) + at)) - 1
        if number < 0:
            return at
        (start, end), (first, last) = self.given[number], self.read[number]
        return last + at - end if at >= end else min(first + at - start, last)


def rows_of(text: str, heading: str = "") -> Rows:
    r"""Find the rows of a passage's text; its heading may end with the names of their columns.

    >>> rows_of("| 单位 | 金额 |\n| --- | --- |\n| 云岭县 | 20 |").text.splitlines()[-1]
    '单位：云岭县；金额：20'
    """
    if not has_tables(text):
        return Rows(text)
    lines = lines_of(text)
    last = heading.rpartition(" › ")[2]
    found = names_above(lines, last if has_tables(last) else "")
    whole = (lines[at] for at in table_rows(lines))
    heads = {at - 1 for at in found if at and at - 1 not in found}
    parts: list[str] = []
    given: list[Range] = []
    read: list[Range] = []
    behind = length = 0
    for at, names in found.items():
        start, end = lines[at].start, lines[at].end
        row = named(names, lines[at].shown)
        parts += (text[behind:start], row)
        length += start - behind + len(row)
        given.append((start, end))
        read.append((length - len(row), length))
        behind = end
    return Rows(
        "".join((*parts, text[behind:])),
        tuple((one.start, one.end) for one in whole if one.end - one.start <= LONGEST),
        frozenset((lines[at].start, lines[at].end) for at in heads),
        tuple(given),
        tuple(read),
    )


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
