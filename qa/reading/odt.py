"""OpenDocument text (.odt): headings, paragraphs, lists, tables and notes."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from typing import Any

from qa.reading.dates import date_of_text
from qa.reading.plain import Content, Unreadable, tidy, tidy_line
from qa.reading.tables import table_lines
from qa.reading.titles import title_of_file
from qa.reading.xml import parsed

_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_FRAME = "{urn:oasis:names:tc:opendocument:xmlns:drawing:1.0}"
_TITLE = "{http://purl.org/dc/elements/1.1/}title"
_MANIFEST = "META-INF/manifest.xml"
_SILENT = frozenset(
    {f"{_TEXT}note", f"{_TEXT}tracked-changes", f"{_TEXT}table-of-content", f"{_TEXT}ruby-text"}
    | {f"{_OFFICE}annotation", f"{_FRAME}frame", f"{_FRAME}custom-shape"}
)
_PARAGRAPHS = frozenset({f"{_TEXT}p", f"{_TEXT}h"})
_DEEPEST_HEADING = 6
_DEEPEST = 50  # lists in tables in frames, and so on
_SPACES = 100


def read_odt(data: bytes) -> Content:
    """Give the text of an OpenDocument file without its contents and comments.

    Raises:
        Unreadable: it needs a password, or is no such file.
    """
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = archive.namelist()
        if _MANIFEST in names and b"encryption-data" in archive.read(_MANIFEST):
            raise Unreadable("needs a password; save a copy without one")
        if "content.xml" not in names:
            raise Unreadable("no OpenDocument file; open it and save it anew")
        root = parsed(archive.read("content.xml"))
        meta = parsed(archive.read("meta.xml")) if "meta.xml" in names else None
    body = next(root.iter(f"{_OFFICE}text"), None)
    lines = list(_lines(body)) if body is not None else []
    lines += _notes(body) if body is not None else []
    text = "\n".join(lines)
    stated = next((one.text or "" for one in meta.iter(_TITLE)), "") if meta is not None else ""
    return Content(text, title_of_file(text, stated), date_of_text(text))


def _lines(parent: Any, item: str = "", depth: int = 0) -> Iterator[str]:  # noqa: ANN401
    """Give the lines below an element; the first of a list's item begins with `item`."""
    for child in parent if depth < _DEEPEST else ():
        if child.tag in _PARAGRAPHS:
            yield from _paragraph(child, item)
            item = ""
            for frame in child.iter(f"{_FRAME}text-box"):
                yield from _lines(frame, depth=depth + 1)
        elif child.tag == f"{_TABLE}table":
            yield from _table(child, depth)
        elif child.tag == f"{_TEXT}list":
            for one in child:
                yield from _lines(one, "- ", depth + 1)
        elif child.tag not in _SILENT and isinstance(child.tag, str):
            yield from _lines(child, item, depth + 1)


def _paragraph(element: Any, item: str) -> Iterator[str]:  # noqa: ANN401
    lines = [" ".join(line.split()) for line in tidy(_text(element)).split("\n")]
    lines = [line for line in lines if line]
    if lines and element.tag == f"{_TEXT}h":
        level = element.get(f"{_TEXT}outline-level", "1")
        item = "#" * min(int(level) if level.isdigit() else 1, _DEEPEST_HEADING) + " "
    yield from [item + lines[0], *lines[1:]] if lines else []


def _text(element: Any) -> str:  # noqa: ANN401
    """Give what a reader sees of a paragraph, without notes and frames."""
    from lxml import etree

    parts = []
    walk = etree.iterwalk(element, events=("start", "end"))
    for event, one in walk:
        if event == "end":
            parts.append((one.tail or "") if one is not element else "")
        elif one.tag in _SILENT:
            walk.skip_subtree()
        elif one.tag == f"{_TEXT}s":
            count = one.get(f"{_TEXT}c", "1")
            parts.append(" " * min(int(count) if count.isdigit() else 1, _SPACES))
        else:
            instead = {f"{_TEXT}tab": " ", f"{_TEXT}line-break": "\n"}.get(one.tag)
            parts.append(instead or one.text or "")
    return "".join(parts)


def _table(table: Any, depth: int) -> list[str]:  # noqa: ANN401
    rows = []
    for row in table.iter(f"{_TABLE}table-row"):
        if next(row.iterancestors(f"{_TABLE}table")) is not table:
            continue
        cells = [one for one in row if one.tag == f"{_TABLE}table-cell"]
        rows.append([" ".join(_lines(cell, depth=depth + 1)) for cell in cells])
    if max(map(len, rows), default=0) == 1:
        return [value for [value] in filter(None, rows) if value]
    return table_lines(rows)


def _notes(body: Any) -> list[str]:  # noqa: ANN401
    """Give footnotes and endnotes as lines with their numbers."""
    found = []
    for note in body.iter(f"{_TEXT}note"):
        sign = tidy_line("".join(note.itertext(f"{_TEXT}note-citation")))
        text = " ".join(line for one in note.iter(f"{_TEXT}note-body") for line in _lines(one))
        found += [f"〔{sign}〕{text}"] if text else []
    return found
