"""What Telegram shows of the bot before anybody asks: its commands and its description."""

from __future__ import annotations

import logging
from collections.abc import Awaitable

from telegram import (
    Bot,
    BotCommand,
    BotCommandScope,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
)
from telegram.error import TelegramError

from qa.bot.desk import words_for
from qa.bot.settings import BotSettings
from qa.messages import Messages

_logger = logging.getLogger(__name__)

_PRIVATE = ("new", "library", "id", "help")
_GROUP = ("ask", "new", "library", "id", "help")
_ADMIN = (*_PRIVATE, "add", "remove", "status", "use")
# What those see whose Telegram speaks another language than these, and those of Chinese.
_LANGUAGES: tuple[tuple[str | None, str], ...] = ((None, "en"), ("zh", "zh"))


async def announce(bot: Bot, settings: BotSettings) -> None:
    """Tell Telegram the commands and the description; where it refuses, the bot runs without."""
    for code, spoken in _LANGUAGES:
        words = words_for(spoken, settings)
        scopes: list[tuple[tuple[str, ...], BotCommandScope]] = [
            (_PRIVATE, BotCommandScopeAllPrivateChats()),
            (_GROUP, BotCommandScopeAllGroupChats()),
            *((_ADMIN, BotCommandScopeChat(int(admin))) for admin in sorted(settings.admins)),
        ]
        for names, scope in scopes:
            await _tried(bot.set_my_commands(_commands(names, words), scope, code))
        await _tried(bot.set_my_description(words("bot_description"), code))
        await _tried(bot.set_my_short_description(words("bot_short_description"), code))


def _commands(names: tuple[str, ...], words: Messages) -> list[BotCommand]:
    said = {
        "ask": words("bot_menu_ask"),
        "new": words("bot_menu_new"),
        "library": words("bot_menu_library"),
        "id": words("bot_menu_id"),
        "help": words("bot_menu_help"),
        "add": words("bot_menu_add"),
        "remove": words("bot_menu_remove"),
        "status": words("bot_menu_status"),
        "use": words("bot_menu_use"),
    }
    return [BotCommand(name, said[name]) for name in names]


async def _tried(call: Awaitable[object]) -> None:
    try:
        await call
    except TelegramError as error:
        _logger.info("the commands could not all be told: %s", type(error).__name__)
