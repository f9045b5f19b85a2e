"""What a line typed into the chat is: a question, or a command and what stands behind its name."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from qa.messages import table

NAMES = (
    "sources", "context", "open", "explain", "feedback", "undo", "yes", "library", "new", "help",
    "quit",
)  # fmt: skip
"""All commands. A colon stands before them; their other names are `chat_alias_…` in the tables."""

_LANGUAGES = ("zh", "en")
_COMMAND = re.compile(r"\s*[:：]\s*(?P<word>[A-Za-z]+|[^\W\d_]*)(?P<rest>.*)", re.S)
_LEAVING = ("quit", "exit")  # also without the colon: what one types to leave other programs


@dataclass(frozen=True, slots=True)
class Command:
    """A command of the chat.

    Attributes:
        name: One of NAMES; empty when there is none of the name typed.
        argument: What stands behind the name; the name as typed when there is no such command.
    """

    name: str
    argument: str = ""


def parse(line: str) -> Command | None:
    """Give the command that a line is; None for a question.

    Either colon begins one. Names may be Chinese or English, and English ones cut short.

    >>> parse("：上下文2"), parse(":s"), parse("几点开门")
    (Command(name='context', argument='2'), Command(name='sources', argument=''), None)
    """
    if line.strip().lower() in _LEAVING:
        return Command("quit")
    match = _COMMAND.fullmatch(line)
    if match is None:
        return None
    word, rest = match["word"].lower(), match["rest"].strip()
    for name in NAMES:
        if word in (name, *aliases(name)):
            return Command(name, rest)
    for name in NAMES:
        if word.isascii() and word and name.startswith(word):
            return Command(name, rest)
        for alias in aliases(name):  # Chinese needs no blank behind it: ：反馈对
            if not alias.isascii() and word.startswith(alias):
                return Command(name, f"{word[len(alias) :]} {rest}".strip())
    return Command("", match["word"])


def aliases(name: str) -> tuple[str, ...]:
    """Give the other names of a command, Chinese before English."""
    return tuple(said(f"chat_alias_{name}"))


def said(key: str) -> Iterable[str]:
    """Give the words of a key that holds several, of both languages: people mix them."""
    return (word for language in _LANGUAGES for word in table(language)[key].split())
