"""A question on its way through the library and back to the chat it came from."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass

from telegram import Bot

from qa.bot.desk import Desk
from qa.bot.keyboards import SOURCES, answer_keyboard
from qa.bot.markup import plain
from qa.bot.pieces import answer_texts
from qa.bot.recalling import turns
from qa.bot.sending import Place, send, typing
from qa.bot.shelf import Busy
from qa.bot.state import Shown, StateFailed
from qa.messages import Messages
from qa.records import Answer

_logger = logging.getLogger(__name__)

_KEPT = 9  # sources asked for: those shown, and two more messages of them behind a button
_TURNS = 6  # of a conversation that a question may lean on
_MINUTE_S = 60


@dataclass(frozen=True, slots=True)
class Asked:
    """A question that is to be answered.

    Attributes:
        question: As asked, not empty.
        place: Where the answer goes.
        user_id: Who asks.
        library: Name of the library to ask.
        words: The language to answer in.
        follows: The answer that the question replies to; None where it replies to none.
        number: Which of several questions of one message it is, from 1; 0 of a single one.
    """

    question: str
    place: Place
    user_id: int
    library: str
    words: Messages
    follows: Shown | None = None
    number: int = 0


class Answering:
    """Answers questions: asks the library, shows the answer, and keeps what its buttons need."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def answer(self, bot: Bot, asked: Asked, *, alone: bool = False) -> None:
        """Answer a question in its place; too many waiting is said in words.

        Args:
            bot: Who answers.
            asked: The question.
            alone: Whether it stands on its own, whatever was asked before.
        """
        if self._desk.settings.log_questions:
            _logger.info("question chat=%s %r", asked.place.chat_id, asked.question)
        began = time.monotonic()
        try:
            async with typing(bot, asked.place):
                history = () if alone else await self._history(asked)
                answer = await self._desk.shelf.ask(
                    asked.library, asked.question, k=_KEPT, history=history
                )
        except Busy:
            self._desk.counters.refused("bot_busy")
            await send(bot, asked.place, [plain(asked.words("bot_busy")).html])
            return
        self._desk.counters.answered(found=answer.found, seconds=time.monotonic() - began)
        await self._show(bot, asked, answer, [one.question for one in history])

    async def suggestion(self, library: str, question: str) -> str:
        """Give what a question was probably meant to be; empty without a guess.

        Raises:
            Busy: too many questions wait.
        """
        answer = await self._desk.shelf.ask(library, question, k=1)
        return answer.suggestion

    async def _history(self, asked: Asked) -> tuple[Answer, ...]:
        shown = self._before(asked) if self._desk.settings.topic_minutes else []
        if not shown:
            return ()
        last = [one for one in shown[-_TURNS:] if one.library == asked.library]
        return await self._desk.shelf.run(turns, self._desk.shelf.library(asked.library), last)

    def _before(self, asked: Asked) -> list[Shown]:
        """Give the answers of the topic that a question is in, oldest first."""
        follows = asked.follows
        at = follows.at if follows else self._desk.clock()
        since = at - self._desk.settings.topic_minutes * _MINUTE_S
        shown = self._desk.state.turns(asked.place.chat_id, asked.user_id, since)
        if follows is None:
            return shown
        earlier = [one for one in shown if one.number <= follows.number]
        # Somebody else's answer, or one of a topic that was ended, is followed by itself alone.
        return earlier if follows in earlier else [follows]

    async def _show(self, bot: Bot, asked: Asked, answer: Answer, earlier: Sequence[str]) -> None:
        """Keep an answer, for the number that its buttons carry, and send it."""
        state = self._desk.state
        number = await asyncio.to_thread(state.show, self._shown(asked, answer))
        keyboard = answer_keyboard(
            number, answer, asked.words, originals=self._desk.settings.originals
        )
        texts = answer_texts(
            answer, asked.words, sources=SOURCES, earlier=earlier, number=asked.number
        )
        sent = await send(bot, asked.place, texts, keyboard=keyboard)
        if sent is not None:
            try:
                await asyncio.to_thread(state.place, number, sent.message_id)
            except StateFailed as error:  # the answer has arrived, and its buttons work
                _logger.warning("where an answer stands was not noted: %s", error)

    def _shown(self, asked: Asked, answer: Answer) -> Shown:
        return Shown(
            number=0,
            chat_id=asked.place.chat_id,
            user_id=asked.user_id,
            message_id=0,
            library=asked.library,
            at=self._desk.clock(),
            question=asked.question,
            understood=answer.understood,
            found=answer.found,
            quote=answer.quote,
            passages=tuple(one.passage.id for one in answer.sources),
            quotes=tuple((one.quote_start, one.quote_end) for one in answer.sources),
            added=answer.added,
        )
