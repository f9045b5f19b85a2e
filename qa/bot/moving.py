"""A group that becomes a supergroup gets another id; what was set for it goes along."""

from __future__ import annotations

import asyncio
import logging

from telegram import Update
from telegram.ext import MessageHandler, filters

from qa.bot.desk import Context, Desk, Handlers

_logger = logging.getLogger(__name__)


class Moving:
    """Notes that a chat has moved."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def handlers(self) -> Handlers:
        """Give the handlers."""
        return (MessageHandler(filters.StatusUpdate.MIGRATE, self.moved),)

    async def moved(self, update: Update, context: Context) -> None:
        """Bind the new id to the library of the old one; Telegram tells it in both chats."""
        message = update.effective_message
        if message is None:
            return
        old = message.migrate_from_chat_id or message.chat_id
        new = message.migrate_to_chat_id or message.chat_id
        state = self._desk.state
        library = await asyncio.to_thread(state.bound, old)
        if library and not await asyncio.to_thread(state.bound, new):
            await asyncio.to_thread(state.bind, new, library)
        if str(old) in self._desk.settings.allowed:
            _logger.warning("chat %d is now %d: add that to `allowed`", old, new)
