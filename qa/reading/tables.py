"""Rows of cells as lines of text, each value with the name of its column.

A row is found and quoted by itself, far from the head of its table: so it repeats the names.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice

Row = Sequence[str]

_HEAD_ROWS = 20  # among which the row of names is looked for
_DEEPEST = 3  # rows of names, one above the other
_NAME_CHARS = 30
_SHARE = 0.6  # of the columns that a row of names must name
_KEY_CHARS = 16
_WORD_CHARS = 2
_FEWEST_ROWS = 3  # of a table in running text that has a row of names
_FIGURE = re.compile(r"[-+±≥≤<>≈约]?\s*[\d.,%％/:\-年月日万亿元]+")
_YEAR = re.compile(r"(?:19|20)\d\d\s*年?度?(?:\d{1,2}月份?)?|\d{1,2}月份?")
_LABELLED = re.compile(
    r"[^:：]{2,8}[:：]\s*(?!(?:[千万亿]?元|人|个|名|次|家|项|件|天|小时|平方米|公里|[%％])$)\S"
)  # who filled it in, above the names
_LIKE_NAMES = re.compile(
    r".{0,6}(?:序号|編號|编号|项目|項目|名称|名稱|内容|內容|类别|類別|指标|指標|事项|事項|单位|單位|标准|標準|金额|金額|备注|備註"
    r"|时间|時間|日期|地点|說明|说明|要求|部门|部門|分值|分工|责任人|数量|數量|单价|價格|价格|费用|收费|規格|规格|型号|人数|人數|次数|比例|面积"
    r"|人员|人員|负责人|联系人|聯絡人|管理员|值班[人员]|教师|教師|课程|科室|班次|班级|班級|星期|楼层|樓層|窗口|材料|条件|范围|对象|方式|期限|时限|地址|职务|電話"
    r"|电话|手机|等级|车牌|位置|流程)"
)
_FORM_LABEL = re.compile(
    r"姓\s*名|性\s*别|性\s*別|民\s*族|籍\s*贯|籍\s*貫|出生(?:年月|日期)?|学\s*历|學\s*歷|政治面貌|文化程度|职\s*务|職\s*務|职\s*称"
    r"|身份证号码?|身分證字號|(?:联系|聯絡|手机)?(?:电话|電話)(?:号码)?|(?:家庭|通讯|联系)?(?:地址|住址)|工作单位|签\s*名|盖\s*章|邮政?编码?"
)


def named_rows(rows: Iterable[Row], *, merged: bool = True) -> Iterator[str]:
    r"""Give the rows of a sheet as lines: 列名：值；列名：值.

    Rows above the names (a title, who filled it in) and rows of one cell are lines as they are.
    Without a row of names the values stand alone. Rows without anything give nothing. Rows are
    taken one by one; of a merged cell every cell holds the value (where cells can be `merged`).

    >>> list(named_rows([("经费表", ""), ("单位", "金额"), ("云岭县", "20")]))
    ['经费表', '单位：云岭县；金额：20']
    """
    given = ([" ".join(cell.split()) for cell in row] for row in rows)
    filled = (row for row in given if any(row))
    head = list(islice(filled, _HEAD_ROWS))
    start, stop = _names_at(head, merged=merged)
    for row in head[:start]:
        yield _plain(row)
    names = _names(head[start:stop])
    for row in chain(head[stop:], filled):
        if row not in head[start:stop]:  # names repeated on every printed page
            yield _plain(row) if _is_one_cell(row, merged=merged) else _named(names, row)


def _is_one_cell(row: Row, *, merged: bool) -> bool:
    """Say whether one cell is all there is: alone, or over all columns. 0 and 0 are two figures."""
    values = list(filter(None, row))
    if len(values) < 2:  # noqa: PLR2004
        return True
    return merged and len(set(values)) == 1 and not _FIGURE.fullmatch(values[0])


def table_lines(rows: Sequence[Row]) -> list[str]:
    """Give the rows of a table in running text as lines.

    With the names of its columns where the first row plainly holds them; two columns of which the
    first names the second as 名：值; anything else, such as a form, as `| a | b |`.

    >>> table_lines([("名称", "职工之家"), ("地址", "文化路5号")])
    ['名称：职工之家', '地址：文化路5号']
    """
    tidied = [[" ".join(cell.split()) for cell in row] for row in rows]
    filled = [row for row in tidied if any(row)]
    above = _titles(filled)
    if above:
        return [*map(_plain, filled[:above]), *table_lines(filled[above:])]
    widest = max(map(len, filled), default=0)
    if widest == 2 and not all(map(_LIKE_NAMES.fullmatch, filled[0])) and _is_keyed(filled):  # noqa: PLR2004
        return ["：".join(filter(None, row)) for row in filled]
    if len(filled) >= _FEWEST_ROWS and not _is_form(filled):
        start, stop = _names_at(filled)
        if start == 0 and stop:
            return list(named_rows(filled))
    return [_barred(row) for row in filled]


def _names_at(head: Sequence[Row], *, merged: bool = True) -> tuple[int, int]:
    """Give the range of the rows that name the columns; (0, 0) when none do."""
    above = _titles(head, merged=merged)
    most = _width(head[above:])
    for start, row in enumerate(head[above:], start=above):
        if sum(map(bool, row)) < max(2, _SHARE * most) or any(map(_LABELLED.match, row)):
            continue
        if _is_one_name(row, head[start + 1 :]):
            return start, start + 1
        for stop in range(start + 1, min(start + 1 + _DEEPEST, len(head))):
            if not all(_may_name(cell, at, head[stop]) for at, cell in _cells(head[start:stop])):
                break
            if stop == start + 1 and _parts(row, head[stop]):
                continue
            # Names of two levels: the upper one stands above several columns.
            named = list(filter(None, _names(head[start:stop])))
            if len(set(named)) == len(named):
                return start, stop
            if not _divides(head[stop - 1], head[stop]):  # a name that stands twice
                named_so = _reads_like_names(row) or _above_figures(row, head[stop:])
                return (start, stop) if named_so else (0, 0)
        return 0, 0
    return 0, 0


def _reads_like_names(row: Row) -> bool:
    """Whether a row holds a word that columns are often named by."""
    return any(map(is_column_name, row))


def is_column_name(cell: str) -> bool:
    """Say whether a cell is a word that columns and boxes of forms are often named by.

    >>> is_column_name("联系电话"), is_column_name("云岭县")
    (True, False)
    """
    return bool(_LIKE_NAMES.fullmatch(cell) or _FORM_LABEL.fullmatch(cell))


def _above_figures(row: Row, below: Sequence[Row]) -> bool:
    """Whether a row without a figure stands above a column of nothing but figures."""
    columns = ([one[at] for one in below if at < len(one) and one[at]] for at in range(len(row)))
    return not any(map(_is_figure, row)) and any(
        name and column and all(map(_is_figure, column))
        for name, column in zip(row, columns, strict=True)
    )


def _is_figure(cell: str) -> bool:
    """Whether a cell holds a number, an amount or a date; a dash or a unit alone is none."""
    return bool(_FIGURE.fullmatch(cell)) and any(map(str.isdigit, cell))


def _cells(rows: Sequence[Row]) -> Iterator[tuple[int, str]]:
    """Give the cells of rows, each with the number of its column."""
    return ((at, cell) for row in rows for at, cell in enumerate(row))


def _width(rows: Sequence[Row]) -> int:
    """Give how many cells the widest rows fill; a single row may run over."""
    filled = Counter(sum(map(bool, row)) for row in rows)
    often = [width for width, times in filled.items() if times > 1]
    return max(often or filled, default=0)


def _parts(upper: Row, lower: Row) -> bool:
    """Whether names with empty cells behind them stand above the names of their parts.

    So a merged cell comes out in CSV. Below a name of one column stands nothing.
    """
    behind = [at for at, name in enumerate(upper) if not name]
    return (
        bool(behind)
        and not all(lower)
        and all(at < len(lower) and lower[at] and at for at in behind)
        and all(len(cell) <= _NAME_CHARS and not _FIGURE.fullmatch(cell) for cell in lower)
        and _divides(upper, lower)
    )


def _titles(rows: Sequence[Row], *, merged: bool = True) -> int:
    """Count the rows at the top that are a title over all columns; 0 when no other row follows.

    A title stands in the first cell alone, or is repeated in all that were `merged` with it. So is
    a name that all columns have, which stands above nothing but figures.
    """
    for count, row in enumerate(rows):
        below = rows[count + 1 :]
        surely = not merged or (is_column_name(row[0]) and _names_alone(row[0], below[:1]))
        if not row[0] or len(set(filter(None, row))) > 1 or (surely and _is_one_name(row, below)):
            return count
    return 0


def _names_alone(name: str, below: Sequence[Row]) -> bool:
    """Whether a name is too short for a title (差旅费标准), or has nothing but figures below it."""
    return len(name) <= _WORD_CHARS or any(all(map(_is_figure, row)) for row in below)


def _is_one_name(row: Row, below: Sequence[Row]) -> bool:
    """Whether a row is one name over several columns, which the next one does not divide."""
    named = [at for at, name in enumerate(row) if name]
    if len(named) < 2 or len({row[at] for at in named}) > 1:  # noqa: PLR2004
        return False
    values = [[one[at] for at in named if at < len(one) and one[at]] for one in below[:2]]
    if not any(values):
        return False
    if all(map(_is_figure, values[0])):
        return True
    return is_column_name(row[named[0]]) and not any(map(_is_figure, chain(*values)))


def _divides(upper: Row, lower: Row) -> bool:
    """Whether the lower row names parts of the upper one: below a name of one column is no other.

    A name stands over several columns where it is repeated, or where empty cells follow it.
    """
    for at, (name, below) in enumerate(zip(upper, lower, strict=False)):
        after = upper[at + 1] if at + 1 < len(upper) else None
        before = upper[at - 1] if at else None
        alone = name and after != "" and name not in (before, after)
        if alone and below not in ("", name):
            return False
    return True


def _may_name(cell: str, at: int, below: Row) -> bool:
    """Whether a cell in the column `at` may name it; a year may, above what is no year itself."""
    if _YEAR.fullmatch(cell):
        return at > 0 and at < len(below) and not _YEAR.fullmatch(below[at])
    return len(cell) <= _NAME_CHARS and not _FIGURE.fullmatch(cell)


def _names(rows: Sequence[Row]) -> list[str]:
    """Join names that stand above each other."""
    width = max(map(len, rows), default=0)
    if len(rows) > 1:
        rows = [*(_spread(row, rows[-1]) for row in rows[:-1]), rows[-1]]
    columns = ([row[at] for row in rows if at < len(row)] for at in range(width))
    return ["/".join(dict.fromkeys(filter(None, column))).rstrip(":：") for column in columns]


def _spread(upper: Row, lower: Row) -> Row:
    """Give a row of names with each name repeated over the parts of it that stand below."""
    spread: list[str] = []
    for at, name in enumerate(upper):
        part = not name and at > 0 and at < len(lower) and lower[at]
        spread.append(spread[at - 1] if part else name)
    return spread


def _named(names: Sequence[str], row: Row) -> str:
    pairs = (
        f"{names[at]}：{cell}" if at < len(names) and names[at] else cell
        for at, cell in enumerate(row)
        if cell
    )
    return "；".join(pairs)


def _plain(row: Row) -> str:
    return "；".join(dict.fromkeys(filter(None, row)))


def _barred(row: Row) -> str:
    values = list(dict.fromkeys(row)) if len(set(row)) == 1 else list(row)
    return f"| {' | '.join(values)} |" if len(values) > 1 else values[0]


def _is_keyed(rows: Sequence[Row]) -> bool:
    """Whether the first of two columns names what stands in the second."""
    keys = [row[0] for row in rows]
    return all(0 < len(key) <= _KEY_CHARS for key in keys) and len(set(keys)) == len(keys)


def _is_form(rows: Sequence[Row]) -> bool:
    """Whether these are the boxes of a form, where names stand in the middle of the table too."""
    if len({len(row) for row in rows}) > 1:
        return True
    return any(_FORM_LABEL.fullmatch(cell.rstrip(":：")) for row in rows[1:] for cell in row)
