"""Text marked up as Telegram takes it: HTML with its length and number of entities known.

Telegram counts what a person sees, not the tags; a message holds 4096 characters. Lengths here are
UTF-16 units, which is never less than what its server counts. A text is shortened before it is
marked up, so a tag or a character is never cut in two.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape, unescape

from qa.records import Range

MESSAGE_UNITS = 4096
MESSAGE_ENTITIES = 100

_ELLIPSIS = "…"
_ASTRAL = 0xFFFF
# What Telegram's server drops or turns into blanks, and half characters, which UTF-8 has not.
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u2028-\u202e]")
_HALF = re.compile(r"[\ud800-\udfff]")
_BLANK_LINES = re.compile(r"[^\S\n]*\n(?:[^\S\n]*\n)*")
_TAG = re.compile(r"<[^<>]*>")
_STOPS = "。；！？\n"
_SLACK = 40  # characters that a cut may move to stand behind a full stop
# What must not begin a piece: combining marks, joiners, selectors and skin tones belong to what
# stands before them.
_JOINED = re.compile(r"[\u0300-\u036f\u200d\u20d0-\u20ff\ufe00-\ufe0f\U0001f3fb-\U0001f3ff]")


@dataclass(frozen=True, slots=True)
class Marked:
    """A stretch of HTML.

    Attributes:
        html: As it is sent.
        units: Its length as a person sees it, in UTF-16 units.
        entities: How many marked stretches it has.
    """

    html: str = ""
    units: int = 0
    entities: int = 0

    def __add__(self, other: Marked) -> Marked:
        return Marked(
            self.html + other.html, self.units + other.units, self.entities + other.entities
        )

    def __bool__(self) -> bool:
        return bool(self.html)


def plain(text: str) -> Marked:
    """Give text that stands for itself, whatever characters it has.

    >>> plain("2 < 3").html
    '2 &lt; 3'
    """
    clean = cleaned(text)
    return Marked(escape(clean), units(clean))


def bold(text: str) -> Marked:
    """Give text in bold; nothing for blanks, which Telegram does not mark."""
    return _tagged("b", plain(text))


def italic(text: str) -> Marked:
    """Give text in italics; nothing for blanks."""
    return _tagged("i", plain(text))


def linked(content: Marked, address: str) -> Marked:
    """Give text that opens an address when it is touched; as it is for what is none of the web."""
    if not address.startswith(("http://", "https://")) or not address.isprintable():
        return content
    return _tagged("a", content, f' href="{escape(address)}"')


def folded_quote(content: Marked) -> Marked:
    """Give a quotation that opens when it is touched; it may not hold another."""
    return _tagged("blockquote", content, " expandable")


def joined(parts: Iterable[Marked], between: str = "") -> Marked:
    """Give the parts that are not empty as one, with `between` between them."""
    whole, gap = Marked(), plain(between)
    for part in parts:
        if part:
            whole = whole + gap + part if whole else part
    return whole


def packed(blocks: Sequence[Marked]) -> list[str]:
    """Give the blocks, a blank line between, as few messages in order that Telegram takes.

    Each block must itself fit into a message. No blocks give [].
    """
    messages: list[Marked] = []
    for block in filter(None, blocks):
        longer = joined((messages[-1], block), "\n\n") if messages else block
        if messages and fits(longer):
            messages[-1] = longer
        else:
            messages.append(block)
    return [one.html for one in messages]


def fits(marked: Marked) -> bool:
    """Whether it can be sent as one message."""
    return marked.units <= MESSAGE_UNITS and marked.entities <= MESSAGE_ENTITIES


def without_marks(html: str) -> str:
    """Give what a person sees of HTML made here.

    >>> without_marks("<b>2 &lt; 3</b>")
    '2 < 3'
    """
    return unescape(_TAG.sub("", html))


def units(text: str) -> int:
    """Give the length of a text in UTF-16 units.

    >>> units("驿站🏠")
    4
    """
    return len(text) + sum(ord(character) > _ASTRAL for character in text)


def cleaned(text: str) -> str:
    """Give text without what cannot be sent; its length in characters stays the same."""
    return _HALF.sub("\ufffd", _CONTROLS.sub(" ", text))


def lines(text: str) -> str:
    r"""Give text without blank lines and blanks at line ends.

    >>> lines("一、 \n\n  二、")
    '一、\n  二、'
    """
    return _BLANK_LINES.sub("\n", text.replace("\r\n", "\n").replace("\r", "\n"))


def clipped(text: str, limit: int) -> str:
    """Give the beginning of a text, at most `limit` UTF-16 units, with … where it was cut.

    >>> clipped("工会驿站管理员", 5)
    '工会驿站…'
    """
    if units(text) <= limit:
        return text
    return text[: _whole(text, _fitting(text, limit - 1))].rstrip() + _ELLIPSIS


def around(text: str, kept: Range, limit: int) -> tuple[str, str, str]:
    """Give what stands before, in and after a range, shortened to about `limit` UTF-16 units.

    The range itself is cut only when it is longer than the limit. What was cut is marked by ….
    """
    start, end = kept
    before, middle, after = text[:start], text[start:end], text[end:]
    if units(text) <= limit:
        return before, middle, after
    middle = clipped(middle, limit)
    room = limit - units(middle)
    # Half to each side; what one side does not need goes to the other.
    ahead = min(units(before), max(room // 2, room - units(after)))
    return _ending(before, ahead), middle, _beginning(after, room - ahead)


def _tagged(tag: str, content: Marked, attribute: str = "") -> Marked:
    if not without_marks(content.html).strip():
        return content
    html = f"<{tag}{attribute}>{content.html}</{tag}>"
    return Marked(html, content.units, content.entities + 1)


def _fitting(text: str, limit: int) -> int:
    """Give how many characters of the beginning take at most `limit` units."""
    taken = 0
    for at, character in enumerate(text):
        taken += 2 if ord(character) > _ASTRAL else 1
        if taken > limit:
            return at
    return len(text)


def _whole(text: str, at: int) -> int:
    """Move a cut back so that it does not part what is one sign to the eye."""
    first = at
    while 0 < at < len(text) and (_JOINED.match(text[at]) or text[at - 1] == "\u200d"):
        at -= 1
    return at or first  # a text of nothing but marks is cut where it has to be


def _beginning(text: str, limit: int) -> str:
    if units(text) <= limit:
        return text
    if limit <= 1:
        return _ELLIPSIS if text.strip() else ""
    at = _whole(text, _fitting(text, limit - 1))
    stop = max(text.rfind(mark, max(0, at - _SLACK), at) for mark in _STOPS)
    return text[: stop + 1 if stop >= 0 else at].rstrip() + _ELLIPSIS


def _ending(text: str, limit: int) -> str:
    if units(text) <= limit:
        return text
    if limit <= 1:
        return _ELLIPSIS if text.strip() else ""
    at = len(text) - _fitting(text[::-1], limit - 1)
    while at < len(text) and (_JOINED.match(text[at]) or text[at - 1] == "\u200d"):
        at += 1
    stops = [found for mark in _STOPS if (found := text.find(mark, at, at + _SLACK)) >= 0]
    return _ELLIPSIS + text[min(stops) + 1 if stops else at :].lstrip()
