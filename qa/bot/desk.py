"""What every part of the conversation works with, put together once when the bot starts."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from qa.bot.access import Access
from qa.bot.counters import Counters
from qa.bot.settings import BotSettings
from qa.bot.shelf import Shelf
from qa.bot.speech import words_for
from qa.bot.state import State
from qa.messages import Messages


@dataclass(frozen=True, slots=True)
class Desk:
    """The finished parts of one bot.

    Attributes:
        shelf: The libraries and the threads that work in them.
        state: What the bot itself remembers.
        access: Who may ask, and how often.
        settings: What was set.
        counters: What is counted.
        clock: Seconds since 1970.
    """

    shelf: Shelf
    state: State
    access: Access
    settings: BotSettings
    counters: Counters
    clock: Callable[[], float] = time.time

    def words(self, language_code: str | None) -> Messages:
        """Give the bot's words for a person, by what their Telegram says of their language."""
        return words_for(language_code, self.settings)

    def library_of(self, chat_id: int) -> str:
        """Give the name of the library that a chat asks.

        The default one for a chat that is bound to none, or to one that is not in the settings any
        more.
        """
        name = self.state.bound(chat_id)
        return name if name in self.shelf.names else ""
