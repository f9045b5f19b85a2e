"""Questions by message: any text in a private chat; in groups /ask, the bot's name, a reply."""

from __future__ import annotations

from collections.abc import Callable

from telegram import Message, Update
from telegram.ext import CommandHandler, MessageHandler, filters

from qa.bot.addressed import asker, asks_nothing, is_reply_to, question_in
from qa.bot.answering import Answering, Asked
from qa.bot.correcting import LEAST_CHARS, Correcting, answer_to_correct
from qa.bot.desk import Context, Desk, Handlers
from qa.bot.markup import clipped, plain
from qa.bot.pieces import TITLE_UNITS, place_line
from qa.bot.sending import Place, reply
from qa.bot.shelf import Busy
from qa.bot.state import Shown
from qa.citing import standing
from qa.messages import Messages
from qa.several import questions_in, takes_up

QUESTION_CHARS = 500
"""What is longer is no question."""

# Only what is new: an edited question was answered already, and channels ask nothing.
_NEW = filters.UpdateType.MESSAGE
_WORDS = (filters.TEXT | filters.CAPTION) & ~filters.COMMAND
# A file that is sent to the bot alone is for whoever adds documents, its caption too.
_FILE = filters.ChatType.PRIVATE & filters.Document.ALL


class Asking:
    """Takes the questions, and the corrections of answers, that come as messages."""

    def __init__(
        self,
        desk: Desk,
        answering: Answering,
        correcting: Correcting,
        *,
        courtesy: Callable[[str], str | None],
    ) -> None:
        """Take the finished parts.

        Args:
            desk: What all parts work with.
            answering: Answers questions.
            correcting: Keeps corrections.
            courtesy: Tells small talk from questions: `thanks` and the like, None for a question.
        """
        self._desk = desk
        self._answering = answering
        self._correcting = correcting
        self._courtesy = courtesy

    def handlers(self) -> Handlers:
        """Give the handlers, for one group, before any that takes all text."""
        return (
            CommandHandler("ask", self.hear, filters=_NEW),
            MessageHandler(_NEW & _WORDS & ~_FILE, self.hear),
        )

    async def hear(self, update: Update, context: Context) -> None:
        """Answer a message that asks the bot something; leave others alone."""
        message = update.message
        user_id = asker(message) if message else None
        if message is None or user_id is None:
            return
        question = question_in(message, context.bot.bot)
        if question is None:
            return
        corrected = self._corrected(message, context)
        if corrected is not None and question:
            await self._correct(message, corrected, user_id, question)
            return
        said = self._instead(message, user_id, question)
        if said:
            await reply(message, [plain(said).html])
        else:
            await self._ask_each(message, user_id, question)

    def _instead(self, message: Message, user_id: int, question: str) -> str:
        """Give what is said instead of an answer; empty for a question, which is counted."""
        words, access = self._desk.words(message.from_user), self._desk.access
        aside = self._aside(question, words)
        if aside and access.may_ask(user_id, message.chat.id):
            if self._courtesy(question) == "new_topic":
                self._desk.state.forget(message.chat.id, user_id)
            return aside
        return self._refusal(message, user_id)

    def _refusal(self, message: Message, user_id: int) -> str:
        """Count a question; give what is said instead of its answer, if anything."""
        refusal = self._desk.access.refusal(user_id, message.chat.id, self._desk.clock())
        if refusal is None:
            return ""
        self._desk.counters.refused(refusal)
        return self._desk.words(message.from_user)(refusal)

    def _aside(self, question: str, words: Messages) -> str:
        """Give what is said to a message that is no question; empty for a question."""
        if asks_nothing(question):
            return words("bot_question_empty")
        if len(question) > QUESTION_CHARS:
            return words("bot_question_long", limit=QUESTION_CHARS)
        courtesy = self._courtesy(question)
        return words(f"courtesy_{courtesy}") if courtesy else ""

    async def _ask_each(self, message: Message, user_id: int, text: str) -> None:
        """Answer the questions of a message, each by itself and counted, the first already."""
        asked = questions_in(text)
        if not asked.several:
            await self._ask(message, user_id, text)
            return
        said = ""
        for number, question in enumerate(asked.asked, start=1):
            said = self._refusal(message, user_id) if number > 1 else ""
            if said:
                break
            await self._ask(message, user_id, question, number=number)
        if not said and asked.left:
            words = self._desk.words(message.from_user)
            said = words("questions_left", count=asked.left, most=len(asked.asked))
        if said:
            await reply(message, [plain(said).html])

    async def _ask(self, message: Message, user_id: int, question: str, *, number: int = 0) -> None:
        asked = Asked(
            question,
            Place.of(message),
            user_id,
            self._desk.library_of(message.chat.id),
            self._desk.words(message.from_user),
            self._followed(message) if number <= 1 else None,
            number,
        )
        alone = number > 1 and not takes_up(question)
        await self._answering.answer(message.get_bot(), asked, alone=alone)

    def _followed(self, message: Message) -> Shown | None:
        """Give the answer that a message replies to; None where it replies to none."""
        before = message.reply_to_message
        if before is None or not is_reply_to(message, message.get_bot().bot):
            return None
        return self._desk.state.shown_in(message.chat.id, before.message_id)

    def _corrected(self, message: Message, context: Context) -> Shown | None:
        """Give the answer that a message corrects, if it was shown in the same chat."""
        number = answer_to_correct(message, context.bot.bot)
        shown = None if number is None else self._desk.state.shown(number)
        there = shown is not None and shown.chat_id == message.chat.id
        return shown if there else None

    async def _correct(self, message: Message, shown: Shown, user_id: int, words: str) -> None:
        language = self._desk.words(message.from_user)
        if not self._desk.access.may_ask(user_id, message.chat.id):
            await reply(message, [plain(language("bot_press_refused")).html])
            return
        try:
            found = await self._correcting.words(shown, user_id, words)
        except Busy:
            await reply(message, [plain(language("bot_busy")).html])
            return
        if found is None:
            said = language("bot_correct_not_found", least=LEAST_CHARS, number=shown.number)
        else:
            place = place_line(standing(found.document, found.passage, found.words), language)
            title = clipped(found.document.title, TITLE_UNITS)
            said = language("bot_corrected", title=title, place=place)
        await reply(message, [plain(said).html])
