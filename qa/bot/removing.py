"""/library and /remove: a list to page through, and taking documents out on confirmation."""

from __future__ import annotations

import logging
from collections.abc import Awaitable

from telegram import CallbackQuery, InlineKeyboardMarkup, Message, Update
from telegram.constants import ParseMode
from telegram.error import TelegramError
from telegram.ext import CallbackQueryHandler, CommandHandler, filters

from qa.bot.addressed import asker
from qa.bot.catalogue import PAGE, Catalogues, Entry, named
from qa.bot.desk import Context, Desk, Handlers, told
from qa.bot.intake import Intake
from qa.bot.listing import (
    PRESS,
    Choice,
    Verb,
    choices_keyboard,
    list_html,
    list_keyboard,
    removal_html,
    removal_keyboard,
    removed_html,
)
from qa.bot.markup import clipped, plain
from qa.bot.sending import is_unchanged, reply
from qa.errors import SourceNotFound
from qa.messages import Messages

_NAME = 100  # UTF-16 units of a name that somebody typed
_SETTLED = 200  # messages remembered whose question was answered by a press

_logger = logging.getLogger(__name__)
_Screen = tuple[str, InlineKeyboardMarkup | None]  # HTML and the buttons under it


class Removing:
    """Shows what is in the library of a chat, and takes documents out for administrators."""

    def __init__(self, desk: Desk, catalogues: Catalogues, intake: Intake) -> None:
        self._desk = desk
        self._catalogues = catalogues
        self._intake = intake
        self._settled: dict[tuple[int, int], None] = {}  # chat and message, in order

    def handlers(self) -> Handlers:
        """Give the handlers of /library, /remove and of the buttons under their messages."""
        new = filters.UpdateType.MESSAGE
        return (
            CommandHandler("library", self._library, filters=new),
            CommandHandler("remove", self._remove, filters=new),
            CallbackQueryHandler(self._pressed, pattern=PRESS),
        )

    async def _library(self, update: Update, context: Context) -> None:
        message, user = update.effective_message, update.effective_user
        if message is None or user is None:
            return
        words = self._desk.words(user)
        refusal = self._desk.access.asker_refusal(asker(message) or 0, message.chat_id)
        if refusal:
            await reply(message, [plain(words(refusal)).html])
            return
        await _show(message, self._page(Choice(Verb.LIST), message.chat_id, words), words)

    async def _remove(self, update: Update, context: Context) -> None:
        message, user = update.effective_message, update.effective_user
        if message is None or user is None:
            return
        words = self._desk.words(user)
        refusal = self._desk.access.admin_refusal(asker(message) or 0, message.chat_id)
        if refusal:
            await reply(message, [plain(words(refusal)).html])
            return
        name = (message.text or "").partition(" ")[2].strip()
        if name:
            screen = self._meant(name, message.chat_id, words)
        else:
            screen = self._page(Choice(Verb.PICK), message.chat_id, words)
        await _show(message, screen, words)

    async def _meant(self, name: str, chat_id: int, words: Messages) -> _Screen:
        """Ask about the document a name means; about several, which one."""
        entries = await self._catalogues.entries(self._desk.library_of(chat_id))
        found = named(entries, name)
        if len(found) == 1:
            return removal_html(found[0], words), removal_keyboard(found[0], words)
        if not found:
            return plain(words("bot_remove_nothing", name=clipped(name, _NAME))).html, None
        if len(found) > PAGE:
            return plain(words("bot_remove_many", count=len(found))).html, None
        return plain(words("bot_remove_which")).html, choices_keyboard(found, words)

    async def _page(self, choice: Choice, chat_id: int, words: Messages) -> _Screen:
        entries = await self._catalogues.entries(self._desk.library_of(chat_id))
        if not entries:
            return plain(words("bot_library_empty")).html, None
        picking = choice.verb is Verb.PICK
        heading = words("bot_remove_heading" if picking else "bot_list_heading")
        html = list_html(entries, choice.page, words=words, heading=heading)
        return html, list_keyboard(entries, choice.page, words=words, picking=picking)

    async def _pressed(self, update: Update, context: Context) -> None:
        query = update.callback_query
        if query is None:
            return
        words = self._desk.words(query.from_user)
        choice = Choice.of(query.data)
        refusal = self._press_refusal(query, choice)
        await _answered(query, words(refusal) if refusal else "")
        if refusal or choice is None or query.message is None:
            return
        asked = (query.message.chat.id, query.message.message_id)
        if asked in self._settled:  # pressed before the buttons were gone; what was said stays
            return
        if choice.verb in (Verb.KEEP, Verb.DROP):
            self._settle(asked)
        try:
            html, keyboard = await self._done(choice, query.message.chat.id, words)
        except Exception as error:  # a face: one line, whatever it is
            self._settled.pop(asked, None)
            html, keyboard = plain(told(error, words)).html, None
        await _edited(query, html, keyboard)

    def _settle(self, asked: tuple[int, int]) -> None:
        """Remember that the question of a message is answered: the first press counts."""
        self._settled[asked] = None
        while len(self._settled) > _SETTLED:
            del self._settled[next(iter(self._settled))]

    def _press_refusal(self, query: CallbackQuery, choice: Choice | None) -> str | None:
        """Give the key of what a press is answered with when it may do nothing."""
        if choice is None or query.message is None:
            return "bot_press_unknown"
        if choice.verb is Verb.LIST:
            allowed = self._desk.access.may_ask(query.from_user.id, query.message.chat.id)
        else:
            allowed = self._desk.access.is_admin(query.from_user.id)
        return None if allowed else "bot_press_refused"

    async def _done(self, choice: Choice, chat_id: int, words: Messages) -> _Screen:
        """Do what a button says; give what its message shows then."""
        if choice.verb in (Verb.LIST, Verb.PICK):
            return await self._page(choice, chat_id, words)
        if choice.verb is Verb.KEEP:
            return plain(words("bot_kept_all")).html, None
        library = self._desk.library_of(chat_id)
        entry = await self._catalogues.entry(library, choice.key)
        if entry is None:
            return plain(words("bot_remove_gone")).html, None
        if choice.verb is Verb.ASK:
            return removal_html(entry, words), removal_keyboard(entry, words)
        return await self._dropped(entry, library, words), None

    async def _dropped(self, entry: Entry, library: str, words: Messages) -> str:
        try:
            aside = await self._intake.remove(library, entry)
        except SourceNotFound:  # somebody else was first
            return plain(words("bot_remove_gone")).html
        return removed_html(entry, str(aside.parent) if aside else "", words)


async def _show(message: Message, screen: Awaitable[_Screen], words: Messages) -> None:
    try:
        html, keyboard = await screen
    except Exception as error:  # a face: one line, whatever it is
        html, keyboard = plain(told(error, words)).html, None
    await reply(message, [html], keyboard)


async def _answered(query: CallbackQuery, text: str) -> None:
    try:
        await query.answer(text or None, show_alert=bool(text))
    except TelegramError as error:  # too old a press: what it asks for is done all the same
        _logger.info("a press could not be answered: %s", error.message)


async def _edited(query: CallbackQuery, html: str, keyboard: InlineKeyboardMarkup | None) -> None:
    try:
        await query.edit_message_text(html, parse_mode=ParseMode.HTML, reply_markup=keyboard)
    except TelegramError as error:
        if not is_unchanged(error):
            _logger.warning("a list could not be changed: %s", error.message)
