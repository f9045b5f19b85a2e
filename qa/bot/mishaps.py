"""What is said when something goes wrong that no handler has foreseen: one sentence, once."""

from __future__ import annotations

import logging
from typing import Any

from telegram import Bot, Update
from telegram.error import BadRequest, ChatMigrated, NetworkError, RetryAfter, TelegramError
from telegram.ext import CallbackContext

from qa.bot.desk import Desk
from qa.bot.inbox import working
from qa.bot.markup import plain
from qa.bot.request import Uncertain
from qa.bot.sending import Place, is_closed, send
from qa.bot.shelf import Busy
from qa.bot.state import StateFailed

_logger = logging.getLogger(__name__)

_HARMLESS = ("query is too old", "message is not modified", "message to edit not found",
             "message to delete not found", "query id is invalid")  # fmt: skip


class Mishaps:
    """Logs, counts, and tells the person."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def handle(self, update: object, context: CallbackContext[Any, Any, Any, Any]) -> None:
        """Deal with the error of one update; python-telegram-bot calls this."""
        error = context.error
        if error is None or _is_harmless(error):
            _logger.info("passed over: %s", error)
            return
        self._desk.counters.failed()
        _log(update, error)
        work = working.get()
        if not isinstance(update, Update) or (work and (work.told or work.again)):
            return  # nobody to tell, told already, or answered after a restart
        if work:
            work.told = True
        try:
            await self._tell(context.bot, update, error)
        except TelegramError as second:
            _logger.warning("nor could that be said: %s", type(second).__name__)

    async def _tell(self, bot: Bot, update: Update, error: Exception) -> None:
        said = self._desk.words(update.effective_user)(_key(error))
        if update.callback_query:
            try:
                await update.callback_query.answer(said)
            except BadRequest:  # it was answered before
                _logger.debug("a press was answered twice")
        elif update.effective_message and update.message:
            await send(bot, Place.of(update.message), [plain(said).html])


def _key(error: Exception) -> str:
    match error:
        case Busy():
            return "bot_busy"
        case Uncertain():
            return "bot_uncertain"
        case RetryAfter():
            return "bot_flooded"
        case StateFailed():
            return "bot_not_kept"
    return "bot_failed"


def _is_harmless(error: Exception) -> bool:
    if isinstance(error, BadRequest):
        said = error.message.lower()
        return any(part in said for part in _HARMLESS) or is_closed(error)
    return isinstance(error, TelegramError) and (
        isinstance(error, ChatMigrated) or is_closed(error)
    )


def _log(update: object, error: Exception) -> None:
    number = update.update_id if isinstance(update, Update) else None
    expected = isinstance(error, NetworkError | RetryAfter | Busy | StateFailed)
    _logger.error(
        "update %s failed: %s: %s", number, type(error).__name__, error,
        exc_info=None if expected else error,
    )  # fmt: skip
