"""Excel: every sheet under its name, every row with the names of its columns."""

from __future__ import annotations

import datetime
import io
import re
import warnings
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from qa.reading.dates import date_of_text
from qa.reading.plain import Content, tidy_line
from qa.reading.tables import named_rows
from qa.reading.titles import title_of_file

# A sheet held whole takes fifty times its file; only so are merged cells known.
_WHOLE_BYTES = 16 << 20
_OWN_NAME = re.compile(r"(?!(?:sheet|工作表|表)\s*\d*$).+", re.IGNORECASE)
# A cell with a formula of which nobody has stored the value: a program wrote it, not Excel.
_UNCOUNTED = re.compile(rb"<f(?:\s[^>]*)?>[^<]*</f>\s*(?:<v\s*/>|<v>\s*</v>)?\s*</c>")
_DECIMALS = re.compile(r"0\.(0+)")
_PRECISION = 10  # figures behind the point that a cell shows at most


def read_sheets(data: bytes) -> Content:
    """Give the sheets of a workbook that are not hidden, as far as they hold values."""
    import openpyxl

    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        sheets = [one for one in archive.infolist() if one.filename.startswith("xl/worksheets/")]
        empty = sum(len(_UNCOUNTED.findall(archive.read(one))) for one in sheets)
    whole = max((one.file_size for one in sheets), default=0) <= _WHOLE_BYTES
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of styles and extensions that are not read
        book = openpyxl.load_workbook(io.BytesIO(data), data_only=True, read_only=not whole)
        lines: list[str] = []
        notes = [f"{empty} formulas without values; open it in Excel and save it"] if empty else []
        for sheet in book.worksheets:
            if sheet.sheet_state != "visible":
                notes.append(f"the sheet {tidy_line(sheet.title)} is hidden; not read")
                continue
            found = list(named_rows(_rows(sheet, whole=whole)))
            if found and (len(book.worksheets) > 1 or _OWN_NAME.match(sheet.title)):
                lines.append(f"## {tidy_line(sheet.title)}")
            lines += found
        title = book.properties.title
        book.close()
    above = "\n".join(line for line in lines[:4] if "：" not in line and not line.startswith("#"))
    text = "\n".join(lines)
    return Content(text, title_of_file(above, title), date_of_text(above), notes=tuple(notes))


def _rows(sheet: Any, *, whole: bool) -> Iterator[Sequence[str]]:  # noqa: ANN401 - two classes
    """Give the rows as they are shown; every cell of a merged one holds its value."""
    if not whole:
        sheet.reset_dimensions()  # what a file says of its own size may be far too much
    spans = _spans(sheet.merged_cells.ranges) if whole else {}
    merged: dict[tuple[int, int], str] = {}
    for number, row in enumerate(sheet.iter_rows(), start=1):
        values = [tidy_line(shown(cell.value, cell.number_format or "")) for cell in row]
        for at in range(len(values)):
            origin = spans.get((number, at + 1))
            if origin == (number, at + 1):
                merged[origin] = values[at]
            elif origin is not None:
                values[at] = merged.get(origin, "")
        yield values


def _spans(ranges: Iterable[Any]) -> dict[tuple[int, int], tuple[int, int]]:
    """Give, for every cell of a merged one (row, column), the cell that holds its value."""
    return {
        (row, column): (one.min_row, one.min_col)
        for one in ranges
        if (one.max_row - one.min_row + 1) * (one.max_col - one.min_col + 1) <= 1 << 16
        for row in range(one.min_row, one.max_row + 1)
        for column in range(one.min_col, one.max_col + 1)
    }


def shown(value: object, number_format: str = "General") -> str:
    """Give a cell's value as a reader sees it; an empty one gives "".

    >>> shown(0.125, "0.0%"), shown(1234567.5, "#,##0.00")
    ('12.5%', '1,234,567.50')
    """
    match value:
        case None:
            return ""
        case bool():
            return "是" if value else "否"
        case datetime.datetime() | datetime.date():
            return _shown_date(value, number_format)
        case datetime.time():
            return value.strftime("%H:%M" if not value.second else "%H:%M:%S")
        case int() | float():
            return _shown_number(value, number_format)
    return str(value)


def _shown_date(value: datetime.date, number_format: str) -> str:
    if "年" in number_format:
        day = f"{value.day}日" if "d" in number_format.lower() else ""
        text = f"{value.year}年{value.month}月{day}"
    else:
        text = f"{value:%Y-%m-%d}"
    if isinstance(value, datetime.datetime) and (value.hour or value.minute):
        text += f" {value:%H:%M}"
    return text


def _shown_number(value: float, number_format: str) -> str:
    section = number_format.split(";")[0]
    found = _DECIMALS.search(section)
    decimals = len(found[1]) if found else 0
    commas = "," if "#,##0" in section else ""
    if "%" in section:
        return f"{value * 100:{commas}.{decimals}f}%"
    if found or re.search(r"(?:^|[^0.])0(?:$|[^.0])", section):
        return f"{value:{commas}.{decimals}f}"
    if isinstance(value, float) and abs(value) < 1e15:  # noqa: PLR2004 - else no figure is lost
        value = round(value, _PRECISION)
        return str(int(value)) if value == int(value) else f"{value:f}".rstrip("0")
    return str(value)
