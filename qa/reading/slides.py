"""PowerPoint (.pptx): every slide a page under its title, then the speaker's notes."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from typing import Any

from qa.reading.dates import date_of_text
from qa.reading.plain import Content, tidy, tidy_line
from qa.reading.tables import table_lines
from qa.reading.titles import title_of_file

_DEEPEST = 20  # groups within groups
_NOT_READ = frozenset({"DATE", "FOOTER", "SLIDE_NUMBER", "HEADER"})


def read_slides(data: bytes) -> Content:
    """Give the text of the slides that are shown, from top to bottom."""
    import pptx

    deck = pptx.Presentation(io.BytesIO(data))
    slides = list(deck.slides)
    hidden = [n for n, slide in enumerate(slides) if slide.element.get("show") == "0"]
    pages = [[] if n in hidden else list(_slide(slide)) for n, slide in enumerate(slides)]
    starts, at = [], 0
    for lines in pages:
        starts.append(at)
        at += sum(len(line) + 1 for line in lines)
    text = "\n".join(line for lines in pages for line in lines)
    blank = [n for n, lines in enumerate(pages) if not lines and n not in hidden]
    notes = [f"slides {_counted(hidden)}: hidden; not read"] if hidden else []
    notes += [f"pages {_counted(blank)}: no words, only pictures or nothing"] if blank else []
    first = "\n".join(line.lstrip("# ") for line in next(filter(None, pages), []))
    title = title_of_file(first, deck.core_properties.title)
    starts = [min(start, len(text)) for start in starts]
    return Content(text, title, date_of_text(text), tuple(starts), tuple(notes))


def _counted(numbers: Iterable[int]) -> str:
    return ", ".join(str(number + 1) for number in numbers)


def _slide(slide: Any) -> Iterator[str]:  # noqa: ANN401 - the library's classes vary
    title = slide.shapes.title
    heading = tidy_line(title.text_frame.text) if title is not None else ""
    if heading:
        yield f"## {heading}"
    for shape in _shapes(slide.shapes):
        if title is None or shape.shape_id != title.shape_id:
            yield from _shape(shape)
    if slide.has_notes_slide:
        notes = slide.notes_slide.notes_text_frame
        yield from _paragraphs(notes.text if notes is not None else "")


def _shapes(shapes: Iterable[Any], depth: int = 0) -> Iterator[Any]:
    """Give shapes as one reads them, from top to bottom, those of groups in their group's place."""
    ordered = sorted(shapes, key=lambda shape: (shape.top or 0, shape.left or 0))
    for shape in ordered:
        if hasattr(shape, "shapes") and depth < _DEEPEST:
            yield from _shapes(shape.shapes, depth + 1)
        else:
            yield shape


def _shape(shape: Any) -> Iterator[str]:  # noqa: ANN401
    kind = shape.placeholder_format.type if shape.is_placeholder else None
    if kind is not None and kind.name in _NOT_READ:
        return
    if getattr(shape, "has_table", False):
        yield from table_lines([[cell.text for cell in row.cells] for row in shape.table.rows])
    elif shape.has_text_frame:
        yield from _paragraphs(shape.text_frame.text)


def _paragraphs(text: str) -> Iterator[str]:
    yield from filter(None, (" ".join(line.split()) for line in tidy(text).split("\n")))
