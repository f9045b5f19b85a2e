"""Draw a conversation with the bot as Telegram shows it, from what the bot really sent.

    python -m tests.telegram.picture docs/telegram.svg

Asks a bot over the sample documents, without a network, and writes the picture that
`docs/telegram.md` shows. A test draws it again and compares.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

from rich.cells import cell_len

from embeddings.encoder import load_encoder
from tests.telegram.entities import parse_html
from tests.telegram.methods import Call
from tests.telegram.talk import ASKER, Talk, talk

SAMPLE = Path(__file__).parents[2] / "docs" / "sample"
QUESTIONS = ("会员卡丢了怎么补办？", "要收多少钱？", "谢谢")

WIDTH, MARGIN, PADDING = 520, 14, 12
CELL, LINE, SIZE = 7.5, 22, 15
BUTTON, GAP = 34, 8
COLUMNS = 54
FOLDED_LINES = 4
FONT = "'Noto Sans CJK SC','PingFang SC','Microsoft YaHei',sans-serif"
INK, FAINT, BAR, TINT = "#17212b", "#6d7f8f", "#3a8fd0", "#e8f3fb"
PAPER, MINE, THEIRS, KEY = "#c9d8e3", "#effdde", "#ffffff", "#e4edf4"


@dataclass(frozen=True, slots=True)
class Stretch:
    """Characters that look alike."""

    text: str
    bold: bool
    italic: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a bubble."""

    stretches: tuple[Stretch, ...]
    quoted: bool


@dataclass(frozen=True, slots=True)
class Bubble:
    """One message: what stands in it, the buttons under it, and who wrote it."""

    lines: tuple[Line, ...]
    keyboard: tuple[tuple[str, ...], ...]
    mine: bool

    @property
    def height(self) -> float:
        return 2 * PADDING + LINE * len(self.lines) + len(self.keyboard) * (BUTTON + 4)


def bubble(source: str, keyboard: Sequence[Sequence[str]] = (), *, mine: bool = False) -> Bubble:
    """Lay out a message of Telegram's HTML."""
    return Bubble(tuple(_lines(source)), tuple(map(tuple, keyboard)), mine)


def draw(bubbles: Sequence[Bubble]) -> str:
    """Give the conversation as SVG."""
    height = MARGIN + sum(one.height + GAP for one in bubbles) + MARGIN - GAP
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height:.0f}" '
        f'viewBox="0 0 {WIDTH} {height:.0f}" font-family="{FONT}" font-size="{SIZE}">',
        f'<rect width="{WIDTH}" height="{height:.0f}" fill="{PAPER}"/>',
    ]
    top = float(MARGIN)
    for one in bubbles:
        parts += _bubble(one, top)
        top += one.height + GAP
    return "\n".join([*parts, "</svg>", ""])


def _bubble(one: Bubble, top: float) -> Iterator[str]:
    widest = max(_cells(line) for line in one.lines)
    width = max(widest * CELL + 2 * PADDING + 12, 60)
    if one.keyboard:
        width = WIDTH - 2 * MARGIN
    left = WIDTH - MARGIN - width if one.mine else MARGIN
    body = 2 * PADDING + LINE * len(one.lines)
    yield (
        f'<rect x="{left:.1f}" y="{top:.1f}" width="{width:.1f}" height="{body:.1f}" rx="12" '
        f'fill="{MINE if one.mine else THEIRS}"/>'
    )
    for number, line in enumerate(one.lines):
        yield from _line(line, left + PADDING, top + PADDING + number * LINE, width - 2 * PADDING)
    below = top + body + 4
    for row in one.keyboard:
        yield from _row(row, left, below, width)
        below += BUTTON + 4


def _line(line: Line, left: float, top: float, width: float) -> Iterator[str]:
    if line.quoted:
        yield f'<rect x="{left}" y="{top}" width="{width:.1f}" height="{LINE}" fill="{TINT}"/>'
        yield f'<rect x="{left}" y="{top}" width="3" height="{LINE}" fill="{BAR}"/>'
    spans = "".join(
        f"<tspan{_weight(one)}>{escape(one.text, quote=False)}</tspan>" for one in line.stretches
    )
    indent = 10 if line.quoted else 0
    yield (
        f'<text x="{left + indent}" y="{top + LINE - 6:.1f}" fill="{INK}" '
        f'xml:space="preserve">{spans}</text>'
    )


def _weight(one: Stretch) -> str:
    return (' font-weight="bold"' if one.bold else "") + (
        f' font-style="italic" fill="{FAINT}"' if one.italic else ""
    )


def _row(row: Sequence[str], left: float, top: float, width: float) -> Iterator[str]:
    each = (width - 4 * (len(row) - 1)) / len(row)
    for number, label in enumerate(row):
        x = left + number * (each + 4)
        yield (
            f'<rect x="{x:.1f}" y="{top:.1f}" width="{each:.1f}" height="{BUTTON}" rx="8" '
            f'fill="{KEY}"/>'
        )
        yield (
            f'<text x="{x + each / 2:.1f}" y="{top + BUTTON / 2 + 5:.1f}" text-anchor="middle" '
            f'font-size="13" fill="{BAR}">{escape(label, quote=False)}</text>'
        )


def _lines(source: str) -> Iterator[Line]:
    parsed = parse_html(source)
    units = parsed.text.encode("utf-16-le")
    marks = [set[str]() for _ in range(len(units) // 2)]
    folds = {}
    for entity in parsed.entities:
        for place in range(entity.offset, entity.offset + entity.length):
            marks[place].add(entity.type)
        if "blockquote" in entity.type:
            folds[entity.offset] = entity.type != "blockquote"
    place, shown_of_quote = 0, 0
    for text in parsed.text.split("\n"):
        size = len(text.encode("utf-16-le")) // 2
        quoted = any("blockquote" in kind for kind in (marks[place] if size else ()))
        if place in folds:
            shown_of_quote = 0
        for row in _wrapped(text, marks, place):
            shown_of_quote += quoted
            if not quoted or shown_of_quote <= FOLDED_LINES:
                yield Line(row, quoted)
            elif shown_of_quote == FOLDED_LINES + 1:
                yield Line((Stretch("⌄", bold=True, italic=False),), quoted=True)
        place += size + 1


def _wrapped(text: str, marks: Sequence[set[str]], place: int) -> Iterator[tuple[Stretch, ...]]:
    row: list[Stretch] = []
    cells = 0
    for character in text:
        kinds = marks[place]
        place += 1 + (character > "\uffff")
        if cells + cell_len(character) > COLUMNS:
            yield tuple(row)
            row, cells = [], 0
        cells += cell_len(character)
        bold, italic = "b" in kinds, "i" in kinds
        if row and (row[-1].bold, row[-1].italic) == (bold, italic):
            row[-1] = Stretch(row[-1].text + character, bold, italic)
        else:
            row.append(Stretch(character, bold, italic))
    yield tuple(row)


def _cells(line: Line) -> int:
    return sum(cell_len(one.text) for one in line.stretches)


def conversation(folder: Path) -> str:
    """Hold the conversation that is drawn, and give the picture."""
    with talk(folder, encoder=load_encoder("builtin")) as one:
        one.library.add(SAMPLE)
        bubbles = [made for question in QUESTIONS for made in _turn(one, question)]
    return draw(bubbles)


def _turn(one: Talk, question: str) -> Iterator[Bubble]:
    yield bubble(escape(question, quote=False), mine=True)
    for call in one.receive(one.updates.text(question, ASKER)):
        if call.method == "sendMessage":
            yield bubble(_source(call), _labels(call))


def _source(call: Call) -> str:
    return str(call.params["text"])


def _labels(call: Call) -> list[list[str]]:
    markup: Any = call.params.get("reply_markup") or {}
    return [[key["text"] for key in row] for row in markup.get("inline_keyboard", [])]


def main() -> None:
    """Write the picture to the file named."""
    with tempfile.TemporaryDirectory() as folder:
        Path(sys.argv[1]).write_text(conversation(Path(folder)), encoding="utf-8")


if __name__ == "__main__":
    main()
