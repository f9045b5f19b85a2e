"""Pages of documents and the buttons under them. Pure.

A button holds a page or an entry's key, never a name: 64 bytes are little in Chinese. What comes
back is checked like any input.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from qa.bot.catalogue import PAGE, Entry, page, pages
from qa.bot.markup import bold, clipped, italic, joined, plain
from qa.messages import Messages

PRESS = r"^doc:"
"""What the data of all buttons made here begins with."""

_FORM = re.compile(r"doc:(list|pick):(\d{1,6})|doc:(ask|drop):([0-9a-f]{16})|doc:(keep):", re.ASCII)
_NAME = 120  # UTF-16 units of a title or path in a list
_LABEL = 48
_IN_A_ROW = 5


class Verb(StrEnum):
    """What a button is for."""

    LIST = "list"  # turn to a page
    PICK = "pick"  # turn to a page to choose from
    ASK = "ask"  # ask whether this document is to go
    DROP = "drop"  # take it out
    KEEP = "keep"  # take nothing out


@dataclass(frozen=True, slots=True)
class Choice:
    """What a pressed button says: the verb, and a page (from 0) or the key of an entry."""

    verb: Verb
    page: int = 0
    key: str = ""

    @property
    def data(self) -> str:
        """What the button holds, at most 25 bytes."""
        if self.verb in (Verb.LIST, Verb.PICK):
            return f"doc:{self.verb}:{self.page}"
        return f"doc:{self.verb}:{self.key}"

    @classmethod
    def of(cls, data: str | None) -> Choice | None:
        """Read what a button held; None for anything that was not made here.

        >>> Choice.of("doc:list:2")
        Choice(verb=<Verb.LIST: 'list'>, page=2, key='')
        """
        match = _FORM.fullmatch(data or "")
        if match is None:
            return None
        turn, number, act, key, keep = match.groups()
        if turn:
            return cls(Verb(turn), page=int(number))
        return cls(Verb(act or keep), key=key or "")


def list_html(entries: Sequence[Entry], number: int, *, words: Messages, heading: str) -> str:
    """Give one page of documents: title, date, paragraphs, and the path where it says more.

    Args:
        entries: All of them; not empty.
        number: The page, from 0.
        words: For what stands between.
        heading: What stands above, in the language of `words`.
    """
    number, shown = page(entries, number)
    counted = words("bot_list_page", page=number + 1, pages=pages(entries), count=len(entries))
    lines = [plain(heading) + plain("  ") + italic(counted)]
    for place, entry in enumerate(shown, start=1):
        facts = [entry.date or "", words("bot_paragraphs", count=entry.paragraphs)]
        line = plain(f"{place}. ") + bold(clipped(entry.title, _NAME))
        line += plain("  " + "  ".join(filter(None, facts)))
        lines += [line, plain("    " + clipped(entry.path, _NAME))]
    return joined(lines, "\n").html


def list_keyboard(
    entries: Sequence[Entry], number: int, *, words: Messages, picking: bool
) -> InlineKeyboardMarkup | None:
    """Give the buttons of a page: to turn it, and to choose when `picking`; None without any."""
    number, shown = page(entries, number)
    rows: list[list[InlineKeyboardButton]] = []
    if picking:
        numbers = [
            _button(str(place), Choice(Verb.ASK, key=entry.key))
            for place, entry in enumerate(shown, start=1)
        ]
        rows = [numbers[at : at + _IN_A_ROW] for at in range(0, PAGE, _IN_A_ROW)]
    verb = Verb.PICK if picking else Verb.LIST
    turning = []
    if number:
        turning.append(_button(words("bot_button_earlier_page"), Choice(verb, number - 1)))
    if number + 1 < pages(entries):
        turning.append(_button(words("bot_button_later_page"), Choice(verb, number + 1)))
    rows = [row for row in (*rows, turning) if row]
    return InlineKeyboardMarkup(rows) if rows else None


def choices_keyboard(entries: Sequence[Entry], words: Messages) -> InlineKeyboardMarkup:
    """Give a button for each of a few documents that may be meant, and one for none of them."""
    rows = [[_button(one.title, Choice(Verb.ASK, key=one.key))] for one in entries]
    return InlineKeyboardMarkup([*rows, [_button(words("bot_button_keep"), Choice(Verb.KEEP))]])


def removal_html(entry: Entry, words: Messages) -> str:
    """Ask whether a document is to be taken out."""
    lines = [
        plain(words("bot_remove_ask")),
        bold(clipped(entry.title, _NAME)) + plain(f"  {entry.date or ''}"),
        plain(clipped(entry.path, _NAME)),
    ]
    return joined(lines, "\n").html


def removal_keyboard(entry: Entry, words: Messages) -> InlineKeyboardMarkup:
    """Give the buttons that take it out, or not."""
    yes = _button(words("bot_button_remove"), Choice(Verb.DROP, key=entry.key))
    return InlineKeyboardMarkup([[yes, _button(words("bot_button_keep"), Choice(Verb.KEEP))]])


def removed_html(entry: Entry, kept_in: str, words: Messages) -> str:
    """Say that a document is gone from the library, and where its file is.

    Args:
        entry: What was taken out.
        kept_in: The folder its file was moved to; empty when it was left where it is.
        words: The language.
    """
    lines = [words("bot_removed", title=clipped(entry.title, _NAME))]
    if kept_in:
        lines.append(words("bot_removed_aside", folder=kept_in))
    elif entry.source:
        lines.append(words("bot_removed_left", file=entry.location))
    return joined(map(plain, lines), "\n").html


def _button(label: str, choice: Choice) -> InlineKeyboardButton:
    return InlineKeyboardButton(clipped(label, _LABEL), callback_data=choice.data)
