"""Decoded text made even, and what every reader gives back."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from embeddings.words import line_blocks


@dataclass(frozen=True, slots=True)
class Content:
    """What a reader took from one file.

    Attributes:
        text: What is to be searched and quoted.
        title: What the content calls itself; None when it does not say.
        date: When it says it was published: `2024-04-01`, or `2024-04`; None when it does not say.
        page_starts: Where each page begins in `text`; empty where there are no pages.
        notes: What of the file was not read, and why: one line each.
        address: Where on the web it stood, as the content states; "" when it does not say.
    """

    text: str
    title: str | None = None
    date: str | None = None
    page_starts: tuple[int, ...] = ()
    notes: tuple[str, ...] = ()
    address: str = ""


class Unreadable(Exception):
    """What a reader raises when it cannot read a file; its only argument is the reason, one line.

    It becomes a `ReadingError`, which also says which file.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


# What else ends a line or a page, by the Unicode standard.
_ENDS = "\x0b\x0c\x85\u2028\u2029"
_LINE_ENDS = re.compile(f"[{_ENDS}]")
# Control characters; invisible spaces and marks, which would part a word that a reader sees as
# whole; direction marks, with which a quote could show other words than it holds. The joiners
# U+200C and U+200D stay: emoji are made with the latter.
_HIDDEN = "\x00-\x08\x0e-\x1f\x7f-\x9f\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff"
_UNSEEN = re.compile(f"[{_HIDDEN}]")
_UNEVEN = re.compile(f"[{_ENDS}{_HIDDEN}]")
_AT_ONCE_CHARS = 1 << 16


def tidy(text: str) -> str:
    r"""Give the text NFC, with `\n` line ends and without characters that cannot be seen.

    Text that is so already is given back without a copy.

    >>> tidy("工\u200b会\r\n一")
    '工会\n一'
    """
    if len(text) <= _AT_ONCE_CHARS:
        return _tidied(text)
    # No character is composed over a line end. One block that is not NFC then costs no more than
    # itself, and what the whole needs besides itself stays small.
    if all(_tidied(block) == block for block in line_blocks(text, _AT_ONCE_CHARS)):
        return text
    return "".join(map(_tidied, line_blocks(text, _AT_ONCE_CHARS)))


def _tidied(text: str) -> str:
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if _UNEVEN.search(text):
        text = _UNSEEN.sub("", _LINE_ENDS.sub("\n", text))
    return unicodedata.normalize("NFC", text)


def tidy_line(text: str) -> str:
    r"""Give text as one tidy line without blanks at its ends.

    >>> tidy_line(" 工会\r\n 一 ")
    '工会 一'
    """
    return " ".join(tidy(text).split())


_HEAD_LINES = 40
_HEAD_CHARS = 8_000
_TAIL_LINES = 15
_TAIL_CHARS = 4_000


def head_lines(text: str) -> list[str]:
    """Give the first lines that are not blank, stripped: where titles and dates stand."""
    return list(_lines(text[:_HEAD_CHARS]))[:_HEAD_LINES]


def tail_lines(text: str) -> list[str]:
    """Give the last lines that are not blank, stripped: where signatures stand."""
    return list(_lines(text[-_TAIL_CHARS:]))[-_TAIL_LINES:]


def _lines(text: str) -> Iterator[str]:
    """Give the lines that are not blank, stripped."""
    return (line for line in map(str.strip, text.split("\n")) if line)
