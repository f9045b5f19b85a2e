"""Telegram's HTML, parsed as strictly as its server does.

Only the tags below are known; an unknown tag, a tag that is not closed and one closed out of order
are errors, and so is a bare `<`. Of named entities only lt, gt, amp and quot are decoded.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

TAGS = frozenset(
    [
        "a",
        "b",
        "strong",
        "i",
        "em",
        "s",
        "strike",
        "del",
        "u",
        "ins",
        "tg-spoiler",
        "tg-emoji",
        "span",
        "pre",
        "code",
        "blockquote",
    ]
)
MOST_ENTITIES = 100  # Telegram drops the rest without a word
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_ENTITY = re.compile(r"&(?:#x([0-9a-fA-F]{1,6})|#([0-9]{1,7})|(lt|gt|amp|quot)(?![a-zA-Z]));?")
_ATTRIBUTE = re.compile(r"[^\s=>/\"']+")
_TOKEN = re.compile(r"[A-Za-z0-9.-]*")
_LAST_CHARACTER = 0x10FFFF


class CannotParse(ValueError):
    """What Telegram would answer after "can't parse entities: "."""


@dataclass(frozen=True, slots=True)
class Entity:
    """A stretch of the text; offset and length in UTF-16 units."""

    type: str
    offset: int
    length: int
    argument: str = ""


@dataclass(frozen=True, slots=True)
class Parsed:
    """The text that is shown, and what is marked in it, in the order of the closing tags."""

    text: str
    entities: tuple[Entity, ...]


def utf16_length(text: str) -> int:
    """Give the length of a text in UTF-16 units, as offsets of entities count it."""
    return len(text) + sum(character > "\uffff" for character in text)


def parse_html(source: str) -> Parsed:
    """Parse a message; what Telegram refuses raises CannotParse."""
    return _Parser(source).parse()


@dataclass(slots=True)
class _Open:
    tag: str
    argument: str
    offset: int


@dataclass(slots=True)
class _Parser:
    source: str
    at: int = 0
    shown: list[str] = field(default_factory=list)
    length: int = 0
    open: list[_Open] = field(default_factory=list)
    entities: list[Entity] = field(default_factory=list)

    def parse(self) -> Parsed:
        while self.at < len(self.source):
            character = self.source[self.at]
            if character == "<":
                self._tag()
            elif character == "&":
                self._show(self._character())
            else:
                self._show(character)
                self.at += 1
        if self.open:
            tag = self.open[-1].tag
            raise CannotParse(f'can\'t find end tag corresponding to start tag "{tag}"')
        return Parsed("".join(self.shown), tuple(self.entities))

    def _show(self, text: str) -> None:
        self.shown.append(text)
        self.length += utf16_length(text)

    def _character(self) -> str:
        """Give the character an entity stands for, or the `&` itself when it stands for none."""
        match = _ENTITY.match(self.source, self.at)
        if match is None:
            self.at += 1
            return "&"
        six, ten, name = match.groups()
        code = int(six, 16) if six else int(ten or 0)
        if not name and not 0 < code <= _LAST_CHARACTER:
            self.at += 1
            return "&"
        self.at = match.end()
        return _NAMED[name] if name else chr(code)

    def _tag(self) -> None:
        start = self.at
        offset = len(self.source[:start].encode())
        self.at += 1
        if self.source.startswith("/", self.at):
            self._end_tag(offset)
            return
        while self.at < len(self.source) and not (self._space() or self.source[self.at] == ">"):
            self.at += 1
        self._not_at_the_end(f"unclosed start tag at byte offset {offset}")
        tag = self.source[start + 1 : self.at].lower()
        if tag not in TAGS:
            raise CannotParse(f'unsupported start tag "{tag}" at byte offset {offset}')
        argument = self._attributes(tag, offset)
        if tag == "span" and argument != "tg-spoiler":
            raise CannotParse(f'tag "span" must have class "tg-spoiler" at byte offset {offset}')
        self.open.append(_Open(tag, argument, self.length))

    def _attributes(self, tag: str, offset: int) -> str:
        """Read up to the tag's `>`; give the argument of the attribute that counts."""
        argument, unclosed = "", f"unclosed start tag at byte offset {offset}"
        while True:
            self._skip_spaces()
            self._not_at_the_end(unclosed)
            if self.source[self.at] == ">":
                self.at += 1
                return argument
            match = _ATTRIBUTE.match(self.source, self.at)
            if match is None:
                raise CannotParse(
                    f'empty attribute name in the tag "{tag}" at byte offset {offset}'
                )
            self.at = match.end()
            self._skip_spaces()
            self._not_at_the_end(unclosed)
            value = ""
            if self.source[self.at] == "=":
                self.at += 1
                self._skip_spaces()
                value = self._value()
                self._not_at_the_end(unclosed)
            known = {"a": "href", "code": "class", "span": "class", "tg-emoji": "emoji-id"}
            if match[0] == known.get(tag):
                argument = value
            elif tag == "blockquote" and match[0] == "expandable":
                argument = "expandable"

    def _value(self) -> str:
        quote = self.source[self.at : self.at + 1]
        if quote not in ("'", '"') or not quote:
            match = _TOKEN.match(self.source, self.at)
            self.at = match.end() if match else self.at
            if self.at < len(self.source) and not (self._space() or self.source[self.at] == ">"):
                place = len(self.source[: self.at].encode())
                raise CannotParse(f"unexpected end of name token at byte offset {place}")
            return match[0].lower() if match else ""
        self.at += 1
        value = []
        while self.at < len(self.source) and self.source[self.at] != quote:
            if self.source[self.at] == "&":
                value.append(self._character())
            else:
                value.append(self.source[self.at])
                self.at += 1
        self.at += 1
        return "".join(value)

    def _end_tag(self, offset: int) -> None:
        if not self.open:
            raise CannotParse(f"unexpected end tag at byte offset {offset}")
        end = self.source.find(">", self.at)
        name = self.source[self.at + 1 : end].rstrip() if end >= 0 else "\n "
        if any(character.isspace() for character in name):
            raise CannotParse(f"unclosed end tag at byte offset {offset}")
        last = self.open.pop()
        if name and name != last.tag:
            raise CannotParse(
                f"unmatched end tag at byte offset {offset}, "
                f'expected "</{last.tag}>", found "</{name}>"'
            )
        self.at = end + 1
        if self.length > last.offset:
            length = self.length - last.offset
            self.entities.append(Entity(last.tag, last.offset, length, last.argument))

    def _space(self) -> bool:
        return self.source[self.at].isspace()

    def _skip_spaces(self) -> None:
        while self.at < len(self.source) and self._space():
            self.at += 1

    def _not_at_the_end(self, complaint: str) -> None:
        if self.at >= len(self.source):
            raise CannotParse(complaint)
