"""An element tree as lines of text: one for a paragraph, a heading, an item, a row of a table.

Understands the names of HTML and those of trafilatura's own tree. Trees are walked without
recursion: pages exist that nest a thousand deep.
"""

from __future__ import annotations

import re
from typing import Any

_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6", "head"})
_CELLS = frozenset({"td", "th", "cell"})
_ROWS = frozenset({"tr", "row"})
_ITEMS = frozenset({"li", "item"})
_CONTAINERS = """address article aside blockquote body caption center dd details div dl dt fieldset
    figcaption figure footer form header hr html legend list main nav ol p pre quote section summary
    table tbody tfoot thead ul""".split()  # noqa: SIM905 - one name a line otherwise
_BLOCKS = _HEADINGS | _CELLS | _ROWS | _ITEMS | frozenset(_CONTAINERS)
_STARTS_LINE = _BLOCKS | {"br", "lb"}
# Never text: code, style, and the parts of forms and pictures.
_SILENT = frozenset(
    "script style template noscript iframe object svg select button textarea input graphic".split()  # noqa: SIM905
)
_LAYOUT = _HEADINGS | _ROWS | {"table"}  # what only a table that lays out a page has in its cells
_VALUE_CHARS, _VALUE_PARAGRAPHS = 100, 2  # a cell with more than both holds a page's text
_DEEPEST_HEADING = 6

HEADING = re.compile(r"#{1,6} ")
"""What a line of a heading begins with."""

_SPACES = re.compile(r"[ \t\n\r\f\xa0]+")
_CJK = r"[\u2e80-\u9fff\uff00-\uffef]"
# The source of a page breaks lines anywhere; between Chinese characters that is no space.
_SOFT_END = re.compile(rf"(?<={_CJK})[ \t]*\n[ \t\n]*(?={_CJK})")


def lines_of(root: Any) -> list[str]:  # noqa: ANN401 - lxml has no types
    """Give the text of an element tree as lines that are not blank.

    Headings begin with `#` to `######`, items with `- ` or their number, and a row of values is
    `| a | b |`. A table that only lays out a page gives its paragraphs.
    """
    from lxml import etree

    writer = _Writer()
    walk = etree.iterwalk(root, events=("start", "end", "comment", "pi"))
    for event, element in walk:
        name = element.tag if isinstance(element.tag, str) else ""
        if event == "start":
            row = _row(element) if name in _ROWS else None
            if row is not None or name in _SILENT:
                walk.skip_subtree()  # its end is still told
                writer.add_line(row)
            else:
                writer.enter(element, name)
        elif event == "end":
            writer.leave(element, name)
        if event != "start" and element is not root:
            writer.write(element.tail)
    writer.end_line()
    return writer.lines


class _Writer:
    """Gathers lines while a tree is walked."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self._parts: list[str] = []  # of the line at hand
        self._prefix = ""  # of the next line that is not blank
        self._verbatim = 0  # how many elements are open whose line ends count
        self._before = 0  # how many there were before the element at hand
        self._term = 0  # how many lines there are behind a term that waits for what it means
        self._items: dict[Any, int] = {}  # how many items of an ordered list were met

    def enter(self, element: Any, name: str) -> None:  # noqa: ANN401
        """Begin an element."""
        if name in _STARTS_LINE:
            self.end_line()
            self._prefix = self._prefix_of(element, name) or self._prefix
            if _part_of_list(element, name) == "dd" and self._term == len(self.lines) > 0:
                self._prefix = self.lines.pop().rstrip("：: ") + "："
                self._term = 0
            self._before = len(self.lines)
        self._verbatim += name == "pre"
        self.write(element.text)

    def leave(self, element: Any, name: str) -> None:  # noqa: ANN401
        """End an element."""
        if name in _BLOCKS:
            self.end_line()
        if name in _HEADINGS | _ITEMS | {"dd"}:
            # Of one without text: nothing, or the term that it does not explain.
            self.lines += [self._prefix.rstrip("：")] if self._prefix.endswith("：") else []
            self._prefix = ""
        if _part_of_list(element, name) == "dt" and len(self.lines) > self._before:
            self._term = len(self.lines)
        self._verbatim -= name == "pre"

    def write(self, text: str | None) -> None:
        """Add to the line at hand."""
        if not text:
            return
        if not self._verbatim:
            self._parts.append(_SPACES.sub(" ", _SOFT_END.sub("", text)))
            return
        *whole, rest = text.split("\n")
        for line in whole:
            self._parts.append(line)
            self.end_line()
        self._parts.append(rest)

    def add_line(self, line: str | None) -> None:
        """Add a line that is finished."""
        if line is not None:
            self.end_line()
            self.lines.append(line)

    def end_line(self) -> None:
        """End the line at hand, if there is anything in it."""
        line = "".join(self._parts)
        self._parts.clear()
        line = line.rstrip() if self._verbatim else re.sub(" {2,}", " ", line).strip()
        if line.strip():
            self.lines.append(self._prefix + line)
            self._prefix = ""

    def _prefix_of(self, element: Any, name: str) -> str:  # noqa: ANN401
        """Give what the first line of an element begins with."""
        if name in _HEADINGS:
            level = (element.get("rend") or "h2")[-1:] if name == "head" else name[-1]
            return "#" * min(int(level) if level.isdigit() else 2, _DEEPEST_HEADING) + " "
        if name not in _ITEMS or (element.get("rend") or "").startswith(("dt", "dd")):
            return ""
        parent = element.getparent()
        if parent is None or "ol" not in (parent.tag, parent.get("rend")):
            return "- "
        self._items[parent] = self._items.get(parent, 0) + 1
        return f"{self._items[parent]}. "


def _part_of_list(element: Any, name: str) -> str:  # noqa: ANN401
    """Give `dt` for a term of a list of terms, `dd` for what one means, "" for anything else."""
    if name in _ITEMS and name != "li":
        name = (element.get("rend") or "")[:2]
    return name if name in ("dt", "dd") else ""


def _row(row: Any) -> str | None:  # noqa: ANN401
    """Give a row of at least two values as one line; None for what only lays out a page."""
    values = []
    for cell in row:
        if cell.tag not in _CELLS:
            continue
        paragraphs = 0
        for element in cell.iterdescendants():
            if element.tag in _LAYOUT:  # and no further: tables are nested hundreds deep
                return None
            paragraphs += element.tag in _BLOCKS
        value = " ".join(lines_of(cell))
        if paragraphs > _VALUE_PARAGRAPHS and len(value) > _VALUE_CHARS:
            return None
        values.append(value)
    return f"| {' | '.join(values)} |" if sum(map(bool, values)) > 1 else None
