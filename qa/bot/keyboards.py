"""The buttons under messages, and what a press of one says.

A button holds the number of a stored answer (`qa.bot.state.Shown`), never text: 64 bytes are little
in Chinese, and what is stored survives a restart. What comes back is checked like any input: a
press can be forged.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from qa.bot.markup import clipped
from qa.messages import Messages
from qa.records import Answer

PRESS = r"^ask:"
"""What the data of all buttons made here begins with."""

SOURCES = 3
"""How many sources a message shows."""

_FORM = re.compile(r"ask:([a-z]{1,12}):(\d{1,15}):(\d{1,3}):(-?\d{1,6})", re.ASCII)
_LABEL = 48  # UTF-16 units; more does not fit a telephone's width


class Verb(StrEnum):
    """What a button is for."""

    READ = "read"  # open a source, or what stands before or after it, in a message of its own
    TURN = "turn"  # the same in the message the button stands under
    FILE = "file"
    MORE = "more"
    CLOSEST = "closest"
    SUGGESTED = "suggested"
    UNDO = "undo"
    RIGHT = "right"
    WRONG = "wrong"
    SOURCE = "source"  # it is this source that answers
    NOWHERE = "nowhere"  # the documents do not answer


@dataclass(frozen=True, slots=True)
class Press:
    """What a pressed button says.

    Attributes:
        verb: What is wanted.
        shown: The number of the stored answer.
        source: Which of its passages, from 0.
        step: How many passages further on in the document; negative is before it.
    """

    verb: Verb
    shown: int
    source: int = 0
    step: int = 0

    @property
    def data(self) -> str:
        """What the button holds, at most 44 bytes."""
        return f"ask:{self.verb}:{self.shown}:{self.source}:{self.step}"

    @classmethod
    def of(cls, data: str | None) -> Press | None:
        """Read what a button held; None for anything that was not made here.

        >>> Press.of("ask:read:12:0:-1")
        Press(verb=<Verb.READ: 'read'>, shown=12, source=0, step=-1)
        """
        match = _FORM.fullmatch(data or "")
        if match is None or match[1] not in tuple(Verb):
            return None
        return cls(Verb(match[1]), int(match[2]), int(match[3]), int(match[4]))


def answer_keyboard(
    number: int, answer: Answer, words: Messages, *, originals: bool
) -> InlineKeyboardMarkup | None:
    """Give the buttons of an answer; None when there is nothing to press.

    Args:
        number: Of the stored answer.
        answer: As it was shown: the first `SOURCES` of its citations.
        words: For the labels.
        originals: Whether documents are given out.
    """
    rows = _found(number, len(answer.citations), words, originals) if answer.found else []
    if answer.closest and not answer.found:
        rows.append([_button(words("bot_button_closest"), Press(Verb.CLOSEST, number))])
    if answer.suggestion:
        label = words("bot_button_suggestion", question=answer.suggestion)
        rows.append([_button(label, Press(Verb.SUGGESTED, number))])
    if answer.understood:
        rows.append([_button(words("bot_button_undo"), Press(Verb.UNDO, number))])
    if not answer.found:
        # Someone may know better: then the question becomes one to measure with.
        rows.append([_button(words("bot_button_miss"), Press(Verb.WRONG, number))])
    return InlineKeyboardMarkup(rows) if rows else None


def sources_keyboard(
    number: int, shown: Sequence[int], of: int, words: Messages
) -> InlineKeyboardMarkup:
    """Give the buttons of a message that shows some sources of an answer.

    Args:
        number: Of the stored answer.
        shown: The sources that are shown, from 0.
        of: How many the answer has.
        words: For the labels.
    """
    following = shown[-1] + 1 if shown else 0
    row = [_source_button(number, one) for one in shown]
    if following < of:
        row.append(_button(words("bot_button_more"), Press(Verb.MORE, number, following)))
    return InlineKeyboardMarkup([row])


def reading_keyboard(press: Press, words: Messages, *, originals: bool) -> InlineKeyboardMarkup:
    """Give the buttons under a passage that is read: before, after, and the document."""
    return InlineKeyboardMarkup([_reading_row(press, Verb.TURN, words, originals)])


def correction_keyboard(number: int, sources: int, words: Messages) -> InlineKeyboardMarkup:
    """Give the buttons that ask which source would have been right."""
    row = [
        _button(f"[{one + 1}]", Press(Verb.SOURCE, number, one)) for one in range(min(sources, 8))
    ]
    nowhere = [_button(words("bot_button_nowhere"), Press(Verb.NOWHERE, number))]
    return InlineKeyboardMarkup([row, nowhere] if row else [nowhere])


def _found(
    number: int, sources: int, words: Messages, originals: bool
) -> list[list[InlineKeyboardButton]]:
    rows = [_reading_row(Press(Verb.READ, number), Verb.READ, words, originals)]
    others = [_source_button(number, one) for one in range(1, min(sources, SOURCES))]
    if sources > SOURCES:
        others.append(_button(words("bot_button_more"), Press(Verb.MORE, number, SOURCES)))
    if others:
        rows.append(others)
    rows.append(
        [
            _button(words("bot_button_right"), Press(Verb.RIGHT, number)),
            _button(words("bot_button_wrong"), Press(Verb.WRONG, number)),
        ]
    )
    return rows


def _reading_row(
    press: Press, verb: Verb, words: Messages, originals: bool
) -> list[InlineKeyboardButton]:
    number, source, step = press.shown, press.source, press.step
    row = [
        _button(words("bot_button_before"), Press(verb, number, source, step - 1)),
        _button(words("bot_button_after"), Press(verb, number, source, step + 1)),
    ]
    if originals:
        row.append(_button(words("bot_button_original"), Press(Verb.FILE, number, source)))
    return row


def _source_button(number: int, source: int) -> InlineKeyboardButton:
    return _button(f"[{source + 1}]", Press(Verb.READ, number, source))


def _button(label: str, press: Press) -> InlineKeyboardButton:
    return InlineKeyboardButton(clipped(label, _LABEL), callback_data=press.data)
