"""What the buttons under answers do. A press is input like any other, and is checked like it.

Each press is acknowledged once, before anything slow: Telegram forgets it after some seconds.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from telegram import Bot, CallbackQuery, LinkPreviewOptions, Update
from telegram.constants import ChatAction, ParseMode
from telegram.error import BadRequest, TelegramError
from telegram.ext import CallbackQueryHandler

from qa.bot.answering import Answering, Asked
from qa.bot.correcting import Correcting
from qa.bot.desk import Context, Desk, Handlers
from qa.bot.keyboards import (
    PRESS,
    SOURCES,
    Press,
    Verb,
    correction_keyboard,
    reading_keyboard,
    sources_keyboard,
)
from qa.bot.markup import clipped, plain
from qa.bot.originals import Original, original
from qa.bot.pieces import TITLE_UNITS, reading_text, sources_texts
from qa.bot.recalling import Gone, citation, citations, neighbour
from qa.bot.sending import Place, is_closed, is_unchanged, send, typing
from qa.bot.shelf import Busy
from qa.bot.state import Shown
from qa.errors import QAError
from qa.library import Library
from qa.messages import Messages, explain
from qa.records import Citation, Document

_logger = logging.getLogger(__name__)

_NOTE_UNITS = 200  # what Telegram shows of the acknowledgement


@dataclass(frozen=True, slots=True)
class Pressed:
    """A press that may be acted on: it is of an answer that was shown in the same chat.

    Attributes:
        bot: Who acts.
        press: What is wanted.
        shown: The answer it is about.
        place: The message the button stands under.
        user_id: Who pressed.
        words: Their language.
    """

    bot: Bot
    press: Press
    shown: Shown
    place: Place
    user_id: int
    words: Messages


@dataclass(frozen=True, slots=True)
class Reaction:
    """What a press leads to: a note on the presser's screen, then perhaps something slower."""

    note: str = ""
    then: Callable[[], Awaitable[object]] | None = None


class Buttons:
    """Takes presses of the buttons under answers, sources and passages."""

    def __init__(self, desk: Desk, answering: Answering, correcting: Correcting) -> None:
        self._desk = desk
        self._answering = answering
        self._correcting = correcting
        self._actions: dict[Verb, Callable[[Pressed], Awaitable[Reaction]]] = {
            Verb.READ: self._read,
            Verb.TURN: self._read,
            Verb.FILE: self._file,
            Verb.MORE: self._more,
            Verb.CLOSEST: self._closest,
            Verb.SUGGESTED: self._suggested,
            Verb.UNDO: self._undo,
            Verb.RIGHT: self._right,
            Verb.WRONG: self._wrong,
            Verb.SOURCE: self._source,
            Verb.NOWHERE: self._nowhere,
        }

    def handlers(self) -> Handlers:
        """Give the handlers."""
        return (CallbackQueryHandler(self.press, pattern=PRESS),)

    async def press(self, update: Update, context: Context) -> None:
        """Acknowledge a press and do what it says."""
        query = update.callback_query
        if query is None:
            return
        words = self._desk.words(query.from_user)
        pressed = self._pressed(query, context.bot, words)
        if isinstance(pressed, str):
            await _acknowledge(query, words(pressed))
            return
        try:
            reaction = await self._actions[pressed.press.verb](pressed)
        except (Gone, Busy, QAError) as error:
            reaction = Reaction(_said(error, words))
        await _acknowledge(query, reaction.note)
        if reaction.then is not None:
            await self._go_on(pressed, reaction.then)

    def _pressed(self, query: CallbackQuery, bot: Bot, words: Messages) -> Pressed | str:
        """Check a press; give it, or the key of what is said to one that is not acted on."""
        press, message = Press.of(query.data), query.message
        shown = self._desk.state.shown(press.shown) if press else None
        if press is None or shown is None or message is None or shown.chat_id != message.chat.id:
            return "bot_press_unknown"
        if not self._desk.access.may_ask(query.from_user.id, message.chat.id):
            return "bot_press_refused"
        if shown.library not in self._desk.shelf.names:
            return "bot_press_stale"  # its passages have the numbers of another library
        place = Place.of(message, replies=True)  # answers may stand between the two
        return Pressed(bot, press, shown, place, query.from_user.id, words)

    async def _go_on(self, pressed: Pressed, then: Callable[[], Awaitable[object]]) -> None:
        """Do what is slower; what fails is said in the chat, since the press is acknowledged."""
        try:
            await then()
        except (Gone, Busy, QAError) as error:
            said = plain(_said(error, pressed.words)).html
            await send(pressed.bot, pressed.place, [said])

    # reading

    async def _read(self, pressed: Pressed) -> Reaction:
        press = pressed.press
        library = self._library(pressed)
        found = await self._desk.shelf.run(
            neighbour, library, pressed.shown, press.source, press.step
        )
        if found is None:
            edge = "bot_document_start" if press.step < 0 else "bot_document_end"
            return Reaction(pressed.words(edge))
        return Reaction(then=lambda: self._open(pressed, found))

    async def _open(self, pressed: Pressed, found: Citation) -> None:
        """Show a passage: in place of the one that is read, or in a message of its own."""
        text = reading_text(found, pressed.words)
        keyboard = reading_keyboard(
            pressed.press, pressed.words, originals=self._desk.settings.originals
        )
        if pressed.press.verb is Verb.TURN:
            try:
                await pressed.bot.edit_message_text(
                    text,
                    pressed.place.chat_id,
                    pressed.place.message_id,
                    parse_mode=ParseMode.HTML,
                    reply_markup=keyboard,
                    link_preview_options=LinkPreviewOptions(is_disabled=True),
                )
                return
            except BadRequest as error:
                if is_unchanged(error) or is_closed(error):
                    return
                _logger.info("a passage could not be turned: %s", error.message)
        await send(pressed.bot, pressed.place, [text], keyboard=keyboard)

    async def _more(self, pressed: Pressed) -> Reaction:
        return await self._sources(pressed, pressed.press.source, "bot_more_sources")

    async def _closest(self, pressed: Pressed) -> Reaction:
        return await self._sources(pressed, 0, "closest")

    async def _sources(self, pressed: Pressed, first: int, title: str) -> Reaction:
        found = await self._desk.shelf.run(
            citations, self._library(pressed), pressed.shown, first, SOURCES
        )
        if not found:
            return Reaction(pressed.words("bot_no_more_sources"))
        keyboard = sources_keyboard(
            pressed.shown.number,
            range(first, first + len(found)),
            len(pressed.shown.passages),
            pressed.words,
        )
        texts = sources_texts(found, pressed.words, title=pressed.words(title))
        return Reaction(then=lambda: send(pressed.bot, pressed.place, texts, keyboard=keyboard))

    async def _file(self, pressed: Pressed) -> Reaction:
        if not self._desk.settings.originals:
            return Reaction(pressed.words("bot_originals_off"))
        cited = await self._desk.shelf.run(
            citation, self._library(pressed), pressed.shown, pressed.press.source
        )
        return Reaction(then=lambda: self._send_file(pressed, cited.document))

    async def _send_file(self, pressed: Pressed, document: Document) -> None:
        async with typing(pressed.bot, pressed.place, action=ChatAction.UPLOAD_DOCUMENT):
            file: Original = await self._desk.shelf.run(original, document)
            title = clipped(document.title, TITLE_UNITS)
            remark = pressed.words(file.remark, title=title) if file.remark else title
            try:
                await pressed.bot.send_document(
                    pressed.place.chat_id,
                    file.content,
                    filename=file.name,
                    caption=plain(remark).html,
                    parse_mode=ParseMode.HTML,
                    message_thread_id=pressed.place.thread_id,
                    reply_parameters=pressed.place.reply,
                    disable_content_type_detection=True,
                )
            except TelegramError as error:
                if not is_closed(error):
                    raise
                _logger.info("chat %s takes no files: %s", pressed.place.chat_id, error.message)

    # asking again

    async def _suggested(self, pressed: Pressed) -> Reaction:
        return self._again(pressed, lambda: self._ask_suggestion(pressed))

    async def _undo(self, pressed: Pressed) -> Reaction:
        return self._again(pressed, lambda: self._ask_alone(pressed))

    def _again(self, pressed: Pressed, ask: Callable[[], Awaitable[object]]) -> Reaction:
        """Give what asks once more, unless the presser has asked too much already."""
        refusal = self._desk.access.refusal(
            pressed.user_id, pressed.place.chat_id, self._desk.clock()
        )
        if refusal is None:
            return Reaction(then=ask)
        self._desk.counters.refused(refusal)
        return Reaction(pressed.words(refusal))

    async def _ask_suggestion(self, pressed: Pressed) -> None:
        async with typing(pressed.bot, pressed.place):
            question = await self._answering.suggestion(
                pressed.shown.library, pressed.shown.question
            )
        if question:
            await self._answering.answer(pressed.bot, _asked(pressed, question), alone=True)
        else:
            said = plain(pressed.words("bot_no_suggestion")).html
            await send(pressed.bot, pressed.place, [said])

    async def _ask_alone(self, pressed: Pressed) -> None:
        """Answer the question as it was typed, and let go of what was talked of before."""
        self._desk.state.forget(pressed.place.chat_id, pressed.user_id)
        asked = _asked(pressed, pressed.shown.question)
        await self._answering.answer(pressed.bot, asked, alone=True)

    # verdicts

    async def _right(self, pressed: Pressed) -> Reaction:
        await self._correcting.right(pressed.shown, pressed.user_id)
        return Reaction(pressed.words("bot_thanks"))

    async def _source(self, pressed: Pressed) -> Reaction:
        source = pressed.press.source
        await self._correcting.source(pressed.shown, pressed.user_id, source)
        return Reaction(pressed.words("bot_thanks"))

    async def _nowhere(self, pressed: Pressed) -> Reaction:
        await self._correcting.nowhere(pressed.shown, pressed.user_id)
        return Reaction(pressed.words("bot_thanks"))

    async def _wrong(self, pressed: Pressed) -> Reaction:
        """Keep the verdict at once; what would be right may follow or not."""
        shown = pressed.shown
        await self._correcting.wrong(shown, pressed.user_id)
        key = "bot_correct_ask" if shown.passages else "bot_correct_miss"
        said = plain(pressed.words(key, number=shown.number)).html
        keyboard = correction_keyboard(shown.number, len(shown.passages), pressed.words)
        return Reaction(
            pressed.words("bot_wrong_noted"),
            lambda: send(pressed.bot, pressed.place, [said], keyboard=keyboard),
        )

    def _library(self, pressed: Pressed) -> Library:
        return self._desk.shelf.library(pressed.shown.library)


def _said(error: Gone | Busy | QAError, words: Messages) -> str:
    if isinstance(error, QAError):
        _logger.error("a press could not be acted on: %s", error)
        return explain(error, words)
    return words("bot_press_stale" if isinstance(error, Gone) else "bot_busy")


def _asked(pressed: Pressed, question: str) -> Asked:
    return Asked(question, pressed.place, pressed.user_id, pressed.shown.library, pressed.words)


async def _acknowledge(query: CallbackQuery, note: str) -> None:
    """Tell Telegram that the press arrived; one too old for that is acted on all the same."""
    try:
        await query.answer(clipped(note, _NOTE_UNITS) or None, show_alert=False)
    except BadRequest as error:
        _logger.info("a press came too late: %s", error.message)
