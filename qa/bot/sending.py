"""Messages on their way: to the right chat and topic, and what happens when Telegram refuses."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

from telegram import (
    Bot,
    InlineKeyboardMarkup,
    LinkPreviewOptions,
    MaybeInaccessibleMessage,
    Message,
    ReplyParameters,
)
from telegram.constants import ChatAction, ChatType, ParseMode
from telegram.error import BadRequest, Forbidden, TelegramError

from qa.bot.markup import without_marks

_logger = logging.getLogger(__name__)

_SLOW_S = 0.4  # an answer that takes longer is announced
_TYPING_S = 4.0  # Telegram shows typing for five
_GROUP_TYPINGS = 1  # a group takes twenty calls a minute, these among them
_NO_ENTITIES = "can't parse entities"
_UNCHANGED = "not modified"
# Said of chats that the bot may no longer write to: nothing that anyone could mend here.
_CLOSED = (
    "chat not found",
    "not enough rights",
    "have no rights",
    "topic_closed",
    "topic_deleted",
    "message thread not found",
    "chat_write_forbidden",
    "user is deactivated",
)


@dataclass(frozen=True, slots=True)
class Place:
    """Where an answer goes.

    Attributes:
        chat_id: The chat.
        message_id: The message it is about.
        thread_id: The topic of a forum; None elsewhere.
        private: Whether only one person reads it.
        replies: Whether what is sent is shown as a reply to the message; where many talk, always.
    """

    chat_id: int
    message_id: int
    thread_id: int | None
    private: bool
    replies: bool = False

    @classmethod
    def of(cls, message: MaybeInaccessibleMessage, *, replies: bool = False) -> Place:
        """Give the place of a message, also of one so old that Telegram tells only its number."""
        in_topic = isinstance(message, Message) and message.is_topic_message
        thread = message.message_thread_id if isinstance(message, Message) and in_topic else None
        private = message.chat.type == ChatType.PRIVATE
        return cls(message.chat.id, message.message_id, thread, private, replies or not private)

    @property
    def reply(self) -> ReplyParameters | None:
        """What makes a message a reply to it, deleted or not; None where it is to be none."""
        if not self.replies:
            return None
        return ReplyParameters(self.message_id, allow_sending_without_reply=True)


async def reply(
    message: Message, texts: Sequence[str], keyboard: InlineKeyboardMarkup | None = None
) -> Message | None:
    """Answer a message with texts of HTML, the keyboard under the last.

    Returns:
        The last message sent; None when the chat cannot be written to (any more).
    """
    return await send(message.get_bot(), Place.of(message), texts, keyboard=keyboard)


async def send(
    bot: Bot,
    place: Place,
    texts: Sequence[str],
    *,
    keyboard: InlineKeyboardMarkup | None = None,
) -> Message | None:
    """Send texts of HTML to a place; as `reply`."""
    last: Message | None = None
    for number, text in enumerate(texts, start=1):
        under = keyboard if number == len(texts) else None
        try:
            last = await _send(bot, place, text, keyboard=under, first=number == 1)
        except TelegramError as error:
            if not is_closed(error):
                raise
            _logger.info("chat %s takes no messages: %s", place.chat_id, error.message)
            return None
    return last


def is_closed(error: TelegramError) -> bool:
    """Say whether an error means that the bot may not write there: blocked, removed, muted."""
    if isinstance(error, Forbidden):
        return True
    said = error.message.lower()
    return isinstance(error, BadRequest) and any(part in said for part in _CLOSED)


def is_unchanged(error: TelegramError) -> bool:
    """Say whether an edit was refused because the message stands so already: it is done."""
    return isinstance(error, BadRequest) and _UNCHANGED in error.message.lower()


async def _send(
    bot: Bot, place: Place, text: str, *, keyboard: InlineKeyboardMarkup | None, first: bool
) -> Message:
    async def once(words: str, parse_mode: ParseMode | None) -> Message:
        return await bot.send_message(
            place.chat_id,
            words,
            parse_mode=parse_mode,
            message_thread_id=place.thread_id,
            reply_parameters=place.reply if first else None,
            reply_markup=keyboard,
            link_preview_options=LinkPreviewOptions(is_disabled=True),
        )

    try:
        return await once(text, ParseMode.HTML)
    except BadRequest as error:
        if _NO_ENTITIES not in error.message.lower():
            raise
        _logger.error("Telegram refused HTML of ours: %s", error.message)
        return await once(without_marks(text), None)


@asynccontextmanager
async def typing(
    bot: Bot,
    place: Place,
    *,
    action: ChatAction = ChatAction.TYPING,
    after_s: float = _SLOW_S,
    every_s: float = _TYPING_S,
) -> AsyncIterator[None]:
    """Show that the bot is typing while what is inside takes long; in a group only once."""
    task = asyncio.create_task(_repeat(bot, place, action, after_s=after_s, every_s=every_s))
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait([task])


async def _repeat(
    bot: Bot, place: Place, action: ChatAction, *, after_s: float, every_s: float
) -> None:
    shown = 0
    await asyncio.sleep(after_s)
    while place.private or shown < _GROUP_TYPINGS:
        try:
            await bot.send_chat_action(place.chat_id, action, message_thread_id=place.thread_id)
        except TelegramError as error:
            _logger.debug("typing could not be shown: %s", error.message)
        shown += 1
        await asyncio.sleep(every_s)
