"""Word (.docx): headings, paragraphs with automatic numbers, tables, text boxes, footnotes."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from qa.reading.dates import date_of_text
from qa.reading.numbering import Numbering, W, value_of
from qa.reading.plain import Content, tidy, tidy_line
from qa.reading.tables import table_lines
from qa.reading.titles import clean_title, title_of_file
from qa.reading.xml import parsed

_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_BOX = f"{W}txbxContent"
# Deleted text, the copy of a text box for older programs, how a word is pronounced, properties.
_SILENT = frozenset(
    {f"{W}{name}" for name in ("del", "moveFrom", "rt", "pPr", "rPr", "sectPr", "tbl")}
    | {_BOX, _FALLBACK}
)
_TEXT = frozenset({f"{W}t", f"{_MATH}t"})
_INSTEAD: Mapping[str, str] = {
    f"{W}tab": " ",
    f"{W}cr": "\n",
    f"{W}noBreakHyphen": "-",
}
_HEADING = re.compile(r"(?:heading|标题|標題)\s*([1-9])", re.IGNORECASE)
_TITLE = re.compile(r"(?:title|标题|標題)", re.IGNORECASE)
_CONTENTS = re.compile(r"(?:toc|目录|目錄)\s*\d", re.IGNORECASE)
_DEEPEST_HEADING = 6
_HEADING_CHARS = 100  # a longer paragraph is none, whatever its style
_LAYOUT_PARAGRAPHS, _LAYOUT_CHARS = 3, 300  # a cell with more of both holds a page's text
_NO_LEVEL = 9  # Word's own number for body text


def read_word(data: bytes) -> Content:
    """Give the text of a Word document; headers, footers, comments and contents are left out."""
    import docx

    document = docx.Document(io.BytesIO(data))
    package = document.part
    reader = _Reader(
        styles=_styles(document.styles.element),
        numbering=Numbering.of(_part(package, "/numbering")),
    )
    lines = list(reader.lines(document.element.body))
    for kind in ("/footnotes", "/endnotes"):
        notes = _part(package, kind)
        lines += _notes(notes, reader) if notes is not None else []
    text = "\n".join(lines)
    stated = reader.title or document.core_properties.title
    return Content(text, title_of_file(text, stated), date_of_text(text))


@dataclass(frozen=True, slots=True)
class _Style:
    """What a paragraph style says of its paragraphs."""

    name: str
    based_on: str
    level: int | None  # of the outline, from 0
    list_id: str
    list_level: int


class _Reader:
    """Gives the lines of a document's parts; counts its lists along the way."""

    def __init__(self, styles: Mapping[str, _Style], numbering: Numbering) -> None:
        self.title = ""
        self._styles = styles
        self._numbering = numbering

    def lines(self, parent: Any) -> Iterator[str]:  # noqa: ANN401 - lxml has no types
        """Give the lines of all paragraphs and tables below an element."""
        for child in parent:
            if child.tag == f"{W}p":
                yield from self._paragraph(child)
            elif child.tag == f"{W}tbl":
                yield from self._table(child)
            elif child.tag == f"{W}sdt":
                gallery = child.find(f".//{W}docPartGallery")
                if gallery is None or gallery.get(f"{W}val") != "Table of Contents":
                    yield from self.lines(child.iterfind(f"{W}sdtContent/*"))
            elif child.tag in {f"{W}ins", f"{W}customXml", f"{W}smartTag", f"{W}moveTo"}:
                yield from self.lines(child)

    def _paragraph(self, element: Any) -> Iterator[str]:  # noqa: ANN401
        chain = self._chain(element)
        if not any(_CONTENTS.match(style.name) for style in chain):
            text = tidy(text_of(element))
            first, *more = [" ".join(line.split()) for line in text.split("\n")]
            if first or any(more):
                number = self._number(element, chain)
                yield self._prefix(element, chain, number + first) + number + first
            if chain and _TITLE.fullmatch(chain[0].name) and not self.title:
                self.title = clean_title(" ".join([first, *more]))
            yield from filter(None, more)
        for box in element.iter(_BOX):
            if not any(one.tag == _FALLBACK for one in box.iterancestors()):
                yield from self.lines(box)

    def _chain(self, element: Any) -> list[_Style]:  # noqa: ANN401
        """Give a paragraph's style and those it is based on."""
        name = value_of(element, f"pPr/{W}pStyle")
        chain: list[_Style] = []
        while name in self._styles and self._styles[name] not in chain:
            chain.append(self._styles[name])
            name = chain[-1].based_on
        return chain

    def _prefix(self, element: Any, chain: list[_Style], text: str) -> str:  # noqa: ANN401
        """Give what a heading's line begins with; "" for other paragraphs."""
        level = _outline_level(element)
        for style in chain:
            level = style.level if level is None else level
        if chain and _TITLE.fullmatch(chain[0].name):
            level = 0
        if level is None or level >= _NO_LEVEL or len(text) > _HEADING_CHARS:
            return ""
        return "#" * min(level + 1, _DEEPEST_HEADING) + " "

    def _number(self, element: Any, chain: list[_Style]) -> str:  # noqa: ANN401
        """Give the number that Word puts before a paragraph."""
        own = element.find(f"{W}pPr/{W}numPr")
        if own is not None:
            list_id, level = value_of(own, "numId"), int(value_of(own, "ilvl") or 0)
        else:
            listed = next((style for style in chain if style.list_id), None)
            list_id, level = (listed.list_id, listed.list_level) if listed else ("", 0)
        number = tidy_line(self._numbering.next(list_id, level)) if list_id else ""
        parted = number == "-" or number.endswith(".") or number[-1:].isalnum()
        return f"{number} " if parted else number

    def _table(self, table: Any) -> Iterator[str]:  # noqa: ANN401
        rows, cells = self._rows(table)
        for cell in cells:
            # What only lays out a page is read as the page it is.
            if len(cell) > _LAYOUT_PARAGRAPHS and sum(map(len, cell)) > _LAYOUT_CHARS:
                yield from (line for cell in cells for line in cell)
                return
        if max(map(len, rows), default=0) == 1:
            yield from (line for cell in cells for line in cell)
        else:
            yield from table_lines(rows)

    def _rows(self, table: Any) -> tuple[list[list[str]], list[list[str]]]:  # noqa: ANN401
        """Give the rows of a table, merged cells repeated, and the lines of every cell once."""
        rows: list[list[str]] = []
        cells: list[list[str]] = []
        for row in table.iter(f"{W}tr"):
            if next(row.iterancestors(f"{W}tbl")) is not table:
                continue  # of a table in a cell, which is part of that cell
            values: list[str] = []
            for cell in row.iter(f"{W}tc"):
                if next(cell.iterancestors(f"{W}tr")) is not row:
                    continue
                lines = list(self.lines(cell))
                value = " ".join(lines)
                merged = cell.find(f"{W}tcPr/{W}vMerge")
                if merged is not None and merged.get(f"{W}val") != "restart" and rows:
                    value = rows[-1][len(values)] if len(values) < len(rows[-1]) else ""
                else:
                    cells.append(lines)
                wide = int(value_of(cell, f"tcPr/{W}gridSpan") or 1)
                values += [value] * min(max(wide, 1), 64)
            rows.append(values)
        return rows, cells


def text_of(paragraph: Any) -> str:  # noqa: ANN401
    """Give what a reader sees of a paragraph, without the text boxes that hang on it."""
    from lxml import etree

    parts: list[str] = []
    walk = etree.iterwalk(paragraph, events=("start",))
    for _, element in walk:
        tag = element.tag
        if tag in _SILENT or (tag == f"{W}r" and element.find(f"{W}rPr/{W}vanish") is not None):
            walk.skip_subtree()
        elif tag in _TEXT:
            parts.append(element.text or "")
        elif tag == f"{W}br":
            parts.append("" if element.get(f"{W}type") else "\n")
        else:
            parts.append(_INSTEAD.get(tag, ""))
    return "".join(parts)


def _notes(root: Any, reader: _Reader) -> list[str]:  # noqa: ANN401
    """Give the footnotes of a document as lines with their numbers."""
    real = [one for one in root if one.tag.endswith("note") and one.get(f"{W}type") is None]
    lines = []
    for number, one in enumerate(real, start=1):
        text = " ".join(reader.lines(one))
        lines += [f"〔{number}〕{text}"] if text else []
    return lines


def _part(package: Any, kind: str) -> Any:  # noqa: ANN401
    """Give the root of a part of the package by the end of its kind's name; None without one."""
    for relation in package.rels.values():
        if relation.reltype.endswith(kind) and not relation.is_external:
            return parsed(relation.target_part.blob)
    return None


def _styles(root: Any) -> dict[str, _Style]:  # noqa: ANN401
    found = {}
    for one in root.iter(f"{W}style"):
        name = value_of(one, "name")
        heading = _HEADING.fullmatch(name)
        level = int(heading[1]) - 1 if heading else _outline_level(one)
        list_id = value_of(one, f"pPr/{W}numPr/{W}numId")
        depth = int(value_of(one, f"pPr/{W}numPr/{W}ilvl") or 0)
        based_on = value_of(one, "basedOn")
        found[one.get(f"{W}styleId", "")] = _Style(name, based_on, level, list_id, depth)
    return found


def _outline_level(element: Any) -> int | None:  # noqa: ANN401
    """Give the level, from 0, that a paragraph or a style states for itself; None without one."""
    level = element.find(f"{W}pPr/{W}outlineLvl")
    return int(level.get(f"{W}val", "0")) if level is not None else None
