"""Which line of a table typed with bars, tabs or blanks names its columns, and rows read by them.

A text shows its tables as lines: `| 单位 | 金额 |` above `| 云岭县 | 20 |`, with or without a line
of dashes between; at least two blanks may part the columns too. Such a line says little without the
first, which may stand far above it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from qa.outline import Line
from qa.reading.tables import is_column_name

_BARS = re.compile(r"[|｜\t]")
_BLANKS = re.compile(r"[ \u3000]{2,}")
_NAME_CHARS = 20
_LABEL_CHARS = 80
_FEWEST_BELOW = 2  # rows under names that nothing but the figures below tell
_LOOKED_AT = 50  # rows of a table that tell whether the first names its columns
_PAIR = 2  # columns of which the first may name what stands in the second
_NO_NAME = re.compile(r"[。！？；：，!?;:,]")
_YEAR = re.compile(r"(?:19|20)\d\d\s*年?度?|第?\d{1,2}\s*(?:[月季周节]\S{0,2}|小时)|\d{1,2}年级")


def has_tables(text: str) -> bool:
    """Say whether a text may hold a row at all: most hold none, and this takes no time."""
    return "|" in text or "\t" in text or "｜" in text or "  " in text or "\u3000\u3000" in text


def cells_of(shown: str) -> list[str]:
    """Give the cells of a row, stripped; of a line that is none its whole as the only one.

    >>> cells_of("| 单位 | 金额 |"), cells_of("单位 | 金额")
    (['单位', '金额'], ['单位', '金额'])
    """
    parted = _BARS if _BARS.search(shown) else _BLANKS
    cells = [cell.strip(" *\u3000") for cell in parted.split(shown)]
    if len(cells) > _PAIR and not cells[0] and not cells[-1]:
        return cells[1:-1]
    return cells


def names_above(lines: Sequence[Line], names: str = "") -> dict[int, str]:
    """Give, for each row under the names of its columns, these names as their line shows them.

    Keys are places in `lines`, of which none is only signs; the line of the names is no row. With
    `names` the first row stands in the middle of a table that has those.
    """
    found: dict[int, str] = {}
    for start, stop, width in _tables(lines):
        rows = [cells_of(line.shown) for line in lines[start : min(stop, start + _LOOKED_AT)]]
        if start == 0 and names and len(cells_of(names)) == width:
            head, first = names, start
        elif _are_names(rows, ruled=stop - start > 1 and lines[start + 1].before > 0):
            head, first = lines[start].shown, start + 1
        else:
            continue
        found.update(dict.fromkeys(range(first, stop), head))
    return found


def table_rows(lines: Sequence[Line]) -> list[int]:
    """Give the places of the lines that are rows of a table, names of columns among them."""
    return [at for start, stop, _ in _tables(lines) for at in range(start, stop)]


def label(names: str) -> str:
    """Give the names of columns as a heading shows them: between bars, the first if they are many.

    >>> label("| 单位 | 金额 |")
    '单位 | 金额'
    """
    shown = ""
    for cell in cells_of(names):
        longer = f"{shown} | {cell}" if shown else cell
        if len(longer) > _LABEL_CHARS:
            break
        shown = longer
    return shown


def named(names: str, row: str) -> str:
    """Give a row with the name of its column before each value, as tables of sheets are read.

    >>> named("| 单位 | 金额 |", "| 云岭县 | 20 |")
    '单位：云岭县；金额：20'
    """
    pairs = zip(cells_of(names), cells_of(row), strict=False)
    return "；".join(f"{name}：{value}" if name else value for name, value in pairs if value)


def _tables(lines: Sequence[Line]) -> Iterator[tuple[int, int, int]]:
    """Give the first and the last place (behind it) of rows as wide as each other, and the width.

    A row alone is none.
    """
    start, width = 0, 1
    for at, line in enumerate(lines):
        here = len(cells_of(line.shown)) if has_tables(line.shown) else 1
        if here != width:
            if width > 1 and at - start > 1:
                yield start, at, width
            start, width = at, here
    if width > 1 and len(lines) - start > 1:
        yield start, len(lines), width


def _are_names(rows: Sequence[Sequence[str]], *, ruled: bool) -> bool:
    """Say whether the first row names the columns of the others; `ruled`: a line is under it."""
    head, below = rows[0], rows[1:]
    if ruled or not below:
        return ruled
    if not all(_may_name(cell) for cell in head[1:]):
        return False
    if len(head[0]) > _NAME_CHARS or len({*head}) < len(head):
        return False
    if not _may_name(head[0] or head[1]):
        return False
    if any(sum(map(is_column_name, row)) > 1 for row in below):
        return False  # the boxes of a form: 姓名 | 赵青 | 性别 | 男
    known = [is_column_name(cell) for cell in head]
    if len(head) == _PAIR:
        if all(known):
            return True
        if any(is_column_name(row[0]) for row in below):
            return False  # a form: 名称 | 职工之家 above 电话 | 0871-1111
    elif sum(known) * 2 >= len(head) and sum(known) > 1:
        return True
    if all(row[0][:1] == head[0][:1] for row in below):
        return False  # 周一 above 周二
    return len(below) >= _FEWEST_BELOW and any(
        all(any(map(str.isdigit, row[at])) for row in below) for at in range(1, len(head))
    )


def _may_name(cell: str) -> bool:
    """Say whether a cell is short and no value: without a figure, save of years and lessons."""
    if not 0 < len(cell) <= _NAME_CHARS or _NO_NAME.search(cell):
        return False
    return bool(_YEAR.fullmatch(cell)) or not any(map(str.isdigit, cell))
