"""CSV and TSV: every row with the names of its columns."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator

from qa.reading.dates import date_of_text
from qa.reading.plain import Content
from qa.reading.tables import named_rows
from qa.reading.titles import title_of_text

_DELIMITERS = ",\t;|，"
_SAID = re.compile(r'"?sep=([,;|\t])"?\n', re.IGNORECASE)
_SAMPLE_LINES = 50
_QUOTED = re.compile(r'"[^"\n]*"')


def read_delimited(text: str, *, tabs: bool = False) -> Content:
    """Give a table of values as lines; `tabs` says that tabs part them, whatever else is there.

    What stands above the row of names may be a title.
    """
    said = _SAID.match(text)  # Excel's own way to say it
    text = text[said.end() :] if said else text
    delimiter = "\t" if tabs else said[1] if said else _delimiter(text)
    lines = list(named_rows(_rows(text, delimiter), merged=False))
    above = [line for line in lines[:3] if "：" not in line and "；" not in line]
    head = "\n".join(above)
    return Content("\n".join(lines), title_of_text(head), date_of_text(head))


def _delimiter(text: str) -> str:
    """Give the sign that parts about as many values on every line."""
    lines = [_QUOTED.sub("", line) for line in text[: 1 << 16].split("\n")[:_SAMPLE_LINES] if line]
    agreeing: dict[str, tuple[int, int]] = {}
    for sign in _DELIMITERS:
        counts = Counter(line.count(sign) for line in lines if sign in line)
        [(count, times)] = counts.most_common(1) or [(0, 0)]
        agreeing[sign] = (times, count)
    return max(_DELIMITERS, key=lambda sign: agreeing[sign])


def _rows(text: str, delimiter: str) -> Iterator[list[str]]:
    """Give the rows; one with a quotation mark that nothing closes does not swallow the rest."""
    lines = text.splitlines(keepends=True)  # which are "\n" alone in tidy text
    try:
        for _ in csv.reader(lines, delimiter=delimiter, strict=True):
            pass
    except csv.Error:  # that, or a value longer than the parser takes
        yield from (line.rstrip("\n").split(delimiter) for line in lines)
    else:
        yield from csv.reader(lines, delimiter=delimiter)
