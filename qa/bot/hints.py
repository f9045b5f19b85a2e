"""What is said to messages and presses that nothing else took; its handlers come last."""

from __future__ import annotations

from telegram import Message, Update
from telegram.error import BadRequest
from telegram.ext import CallbackQueryHandler, MessageHandler, filters

from qa.bot.addressed import asker
from qa.bot.desk import Context, Desk, Handlers
from qa.bot.markup import plain
from qa.bot.sending import reply

# Only where a person writes to the bot alone: in a group it is none of its business.
_ALONE = filters.UpdateType.MESSAGE & filters.ChatType.PRIVATE
_SHOWN = (
    filters.PHOTO
    | filters.VIDEO
    | filters.VIDEO_NOTE
    | filters.VOICE
    | filters.AUDIO
    | filters.ANIMATION
    | filters.Sticker.ALL
    | filters.LOCATION
    | filters.CONTACT
    | filters.POLL
)


class Hints:
    """Tells people how to ask; in a private chat only."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def handlers(self) -> Handlers:
        """Give the handlers, to be added after all others."""
        return (
            MessageHandler(_ALONE & filters.COMMAND, self.unknown_command),
            MessageHandler(_ALONE & _SHOWN & ~filters.CAPTION, self.no_words),
            CallbackQueryHandler(self.unknown_button),
        )

    async def unknown_command(self, update: Update, context: Context) -> None:
        """Say that there is no such command."""
        await self._say(update.message, "bot_unknown_command")

    async def no_words(self, update: Update, context: Context) -> None:
        """Say that questions are asked in words."""
        await self._say(update.message, "bot_only_text")

    async def unknown_button(self, update: Update, context: Context) -> None:
        """Acknowledge a press of a button that is not known here: forged, or of another version."""
        query = update.callback_query
        if query is None:
            return
        words = self._desk.words(query.from_user)
        try:
            await query.answer(words("bot_press_unknown"))
        except BadRequest:
            return  # too old: nobody waits for it

    async def _say(self, message: Message | None, key: str) -> None:
        """Say a sentence to those who may ask; strangers are told nothing of the bot."""
        user_id = asker(message) if message else None
        if message is None or user_id is None:
            return
        if self._desk.access.may_ask(user_id, message.chat.id):
            words = self._desk.words(message.from_user)
            await reply(message, [plain(words(key)).html])
