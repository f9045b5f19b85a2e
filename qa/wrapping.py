"""Lines for a terminal, where a Chinese character is two columns wide.

Lines break anywhere but before closing and after opening punctuation; Latin words and numbers stay
whole.
"""

from __future__ import annotations

import re

from rich.cells import cell_len
from rich.text import Text

# What must not begin a line, and what must not end one (GB/T 15834, W3C clreq).
_CLOSING = frozenset("，。、；：？！）〕】》〉」』”’…—～·％%℃,.;:?!)]}")
_OPENING = frozenset("（〔【《〈「『“‘([{")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_NARROWEST = 10  # columns; a line is never broken into less, however deep it is indented


def wrap(text: Text, width: int) -> Text:
    """Give `text` with its lines broken to `width` columns; styles are kept.

    A line that begins with blanks goes on under its first character that is none.
    """
    whole: list[Text] = []
    for line in text.split("\n", allow_blank=True):
        indent = len(line.plain) - len(line.plain.lstrip(" "))
        room = max(width - indent, _NARROWEST)
        body = line[indent:] if indent else line
        parts = body.divide(breaks(body.plain, room)) if cell_len(body.plain) > room else [body]
        for part in parts:
            part.rstrip()
            whole.append(Text(" " * indent).append_text(part))
    return Text("\n").join(whole)


def unbroken(name: str) -> str:
    r"""Give a name, such as a file's, with a blank for every line break, control, direction mark.

    >>> unbroken("通\n知.txt")
    '通 知.txt'
    """
    return _CONTROL.sub(" ", name)


def breaks(line: str, width: int) -> list[int]:
    """Give the offsets at which a line is broken so that each part is at most `width` columns.

    Blanks at the end of a part may stick out. A word longer than a line is cut where it has to be.

    >>> breaks("共有 1280 名。", 8)
    [3, 8]
    """
    offsets: list[int] = []
    start, used, candidate = 0, 0, 0
    for at, character in enumerate(line):
        if at > start and may_break(line, at):
            candidate = at
        wide = cell_len(character)
        if used + wide > width and character != " ":
            cut = candidate if candidate > start else at
            offsets.append(cut)
            start, used = cut, cell_len(line[cut:at])
        used += wide
    return offsets


def may_break(line: str, at: int) -> bool:
    """Say whether a line may be broken before its character at `at` (1 or more)."""
    before, after = line[at - 1], line[at]
    if after in _CLOSING or before in _OPENING or after == " ":
        return False
    return before == " " or cell_len(before) > 1 or cell_len(after) > 1
