"""PDF: the words of its text layer as paragraphs, and where each page begins."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from typing import Any

from qa.reading.dates import date_of_text
from qa.reading.plain import Content, Unreadable
from qa.reading.printed import Printed, paragraphs, without_edges, words_of
from qa.reading.titles import title_of_file

_SCANNED = "a scan: its pages are pictures without words; have them recognised (OCR) first"
_GARBLED = "its text layer names no characters that can be read; have it recognised (OCR) first"
_PASSWORD = "needs a password; save a copy without one"  # noqa: S105 - says that there is one
_MOST_STRANGE = 0.2
_PAGES_NAMED = 8


def read_pdf(data: bytes) -> Content:
    """Give the text of a PDF without headers, footers and page numbers.

    Raises:
        Unreadable: it needs a password, is a scan, or is no PDF.
    """
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower():
            raise Unreadable(_PASSWORD) from error
        raise Unreadable("damaged, or not a PDF file; open it and save it anew") from error
    try:
        found, broken = _printed(document)
        count = len(document)
        title = document.get_metadata_dict().get("Title")
    finally:
        document.close()
    lines = without_edges(found)
    if not words_of(lines):
        raise Unreadable(_SCANNED)
    if _strange(lines) > _MOST_STRANGE:
        raise Unreadable(_GARBLED)
    text, starts = paragraphs(lines, count)
    blank = sorted(set(range(count)) - {line.page for line in found} - set(broken))
    notes = [
        f"{_named(pages)}: {what}"
        for pages, what in ((blank, "no words, only pictures or nothing"), (broken, "damaged"))
        if pages
    ]
    return Content(text, title_of_file(text, title), date_of_text(text), starts, tuple(notes))


def _printed(document: Any) -> tuple[list[Printed], list[int]]:  # noqa: ANN401 - no types
    """Give the lines of all pages, and the pages that cannot be read."""
    import pypdfium2

    lines: list[Printed] = []
    broken = []
    for number in range(len(document)):
        try:
            page = document[number]
            words = page.get_textpage()
        except pypdfium2.PdfiumError:
            broken.append(number)
            continue
        lines += _lines(words, number, page.get_height() or 1.0)
        words.close()
        page.close()
    return lines, broken


def _lines(words: Any, page: int, height: float) -> Iterator[Printed]:  # noqa: ANN401
    """Give the lines of one page in the order of its words."""
    import pypdfium2.raw as pdfium

    text = words.get_text_range()
    placed = len(text) == words.count_chars()  # else its characters cannot be looked up by number
    feet = None
    at = 0
    for whole in text.split("\r\n"):
        row = whole.strip(" \t\r\n\u3000\0")
        # A hyphen at the end of a line is given as a sign of its own.
        row = row.replace("\ufffe", "").replace("\x02", "")
        if row:
            first = at + len(whole) - len(whole.lstrip(" \t\u3000"))
            last = at + len(whole.rstrip(" \t\u3000\0")) - 1
            if placed and last >= first:
                left, bottom, *_ = words.get_charbox(first)
                right = words.get_charbox(last)[2]
                size = pdfium.FPDFText_GetFontSize(words, first) or 1.0
            else:
                left, right, bottom, size = 0.0, float(len(row)), height / 2, 1.0
            gap = 0.0 if feet is None else (feet - bottom) / size
            yield Printed(row, page, left, right, bottom / height, gap, size)
            feet = bottom
        at += len(whole) + 2


def _strange(lines: Sequence[Printed]) -> float:
    """Give the share of characters that stand for none: of fonts that do not name theirs."""
    text = "".join(line.text for line in lines)
    strange = sum(
        unicodedata.category(char) in ("Co", "Cn", "Cc") or char == "\ufffd" for char in text
    )
    return strange / max(len(text), 1)


def _named(pages: Sequence[int]) -> str:
    """Name pages (from 0) as a reader counts them.

    >>> _named([0, 2, 3, 4])
    'pages 1, 3-5'
    """
    runs: list[list[int]] = []
    for page in pages:
        if runs and page == runs[-1][-1] + 1:
            runs[-1].append(page)
        else:
            runs.append([page])
    names = [f"{one[0] + 1}-{one[-1] + 1}" if len(one) > 1 else f"{one[0] + 1}" for one in runs]
    more = ["…"] if len(names) > _PAGES_NAMED else []
    return f"pages {', '.join(names[:_PAGES_NAMED] + more)}"
