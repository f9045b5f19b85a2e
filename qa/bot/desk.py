"""What every part of the conversation works with, put together once when the bot starts."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from telegram import Bot, Update, User
from telegram.ext import BaseHandler, CallbackContext

from qa.bot.access import Access
from qa.bot.counters import Counters
from qa.bot.settings import BotSettings
from qa.bot.shelf import Busy, Shelf
from qa.bot.state import State
from qa.messages import Messages, explain

Context = CallbackContext[Bot, Any, Any, Any]
Handlers = Sequence[BaseHandler[Update, Context, None]]

_logger = logging.getLogger(__name__)

_TRADITIONAL = ("hant", "tw", "hk", "mo")


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

    def words(self, user: User | None) -> Messages:
        """Give the bot's words for a person, by what their Telegram says of their language."""
        return words_for(user.language_code if user else None, self.settings)

    def library_of(self, chat_id: int) -> str:
        """Give the name of the library that a chat asks.

        The default one for a chat that is bound to none, or to one that is not in the settings any
        more.
        """
        name = self.state.bound(chat_id)
        return name if name in self.shelf.names else ""


def words_for(language_code: str | None, settings: BotSettings) -> Messages:
    """Give the bot's words for a person.

    Args:
        language_code: What their Telegram says (`zh-hans`, `en-GB`), None when it says nothing.
            Chinese of any kind gives Chinese, in Traditional script for `zh-hant`, `zh-TW`,
            `zh-HK` and `zh-MO`; any other language English; nothing Chinese.
        settings: A language set there is spoken to everybody; Chinese still in each one's script.
    """
    first, *rest = (language_code or "zh").lower().replace("_", "-").split("-")
    language = settings.language or ("zh" if first == "zh" else "en")
    if language == "zh" and first == "zh" and any(part in _TRADITIONAL for part in rest):
        language = "zh_hant"
    return Messages(language)


def told(error: Exception, words: Messages) -> str:
    """Say in one line why something was not done: too many wait, or what is logged too."""
    if isinstance(error, Busy):
        return words("bot_busy")
    _logger.warning("what was asked for failed: %s", type(error).__name__)
    return explain(error, words)
