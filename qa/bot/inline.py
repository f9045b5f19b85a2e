"""Inline mode: `@bot question` in any chat offers cited passages to send there."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from telegram import (
    InlineQuery,
    InlineQueryResultArticle,
    InlineQueryResultsButton,
    InputTextMessageContent,
    LinkPreviewOptions,
    Update,
)
from telegram.constants import ParseMode
from telegram.error import BadRequest
from telegram.ext import ChosenInlineResultHandler, InlineQueryHandler

from qa.bot.addressed import asks_nothing
from qa.bot.desk import Context, Desk, Handlers
from qa.bot.markup import cleaned, clipped, lines
from qa.bot.pieces import TITLE_UNITS, answer_texts
from qa.bot.shelf import Busy
from qa.messages import Messages
from qa.records import Answer, Citation
from qa.typed import typed_text

_logger = logging.getLogger(__name__)

_RESULTS = 10
_AT_ONCE = 2  # queries of one person; each letter typed may be one
_DESCRIPTION = 160  # UTF-16 units of the quote shown in the list
_CACHE_S = 10  # the library may change at any moment
_START = "inline"  # what the button above the list leads to in the private chat


class Inline:
    """Answers inline queries. People who may not ask are told so, and nothing else."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._working: Counter[int] = Counter()  # queries in work, by person

    def handlers(self) -> Handlers:
        """Give the handlers."""
        return (InlineQueryHandler(self.offer), ChosenInlineResultHandler(self.chosen))

    async def offer(self, update: Update, context: Context) -> None:
        """Offer what answers the words typed so far."""
        query = update.inline_query
        if query is None:
            return
        words = self._desk.words(query.from_user)
        user_id = query.from_user.id
        if not self._desk.access.may_ask(user_id, user_id):
            await _answer(query, [], words("bot_inline_refused"))
        elif asks_nothing(query.query):
            await _answer(query, [], words("bot_inline_hint"))
        else:
            await self._search(query, words)

    async def chosen(self, update: Update, context: Context) -> None:
        """Count a passage that was sent."""
        self._desk.counters.chosen()

    async def _search(self, query: InlineQuery, words: Messages) -> None:
        """Look for what was typed; fast typing does not take the threads from other people."""
        user_id = query.from_user.id
        if self._working[user_id] >= _AT_ONCE:
            await _answer(query, [], words("bot_busy"), cache_s=0)
            return
        self._working[user_id] += 1
        try:
            library = self._desk.library_of(user_id)
            answer = await self._desk.shelf.ask(
                library, typed_text(query.query).strip(), k=_RESULTS
            )
        except Busy:
            await _answer(query, [], words("bot_busy"), cache_s=0)
            return
        finally:
            self._working[user_id] -= 1
            if not self._working[user_id]:
                del self._working[user_id]
        results = [result(answer, one, words) for one in answer.citations[:_RESULTS]]
        await _answer(query, results, "" if results else words("bot_inline_nothing"))


def result(answer: Answer, citation: Citation, words: Messages) -> InlineQueryResultArticle:
    """Give one source as what can be sent: an answer of its own, with this as its only source."""
    quote = citation.quote.strip() or citation.passage.shown.strip()
    alone = replace(
        answer, quote=quote, citations=(replace(citation, number=1),), understood="", suggestion=""
    )
    title = clipped(cleaned(" ".join(citation.document.title.split())), TITLE_UNITS)
    return InlineQueryResultArticle(
        id=f"{citation.passage.id}-{citation.number}",
        title=title or citation.document.path,
        description=clipped(cleaned(" ".join(lines(quote).split())), _DESCRIPTION),
        input_message_content=InputTextMessageContent(
            answer_texts(alone, words)[0],
            parse_mode=ParseMode.HTML,
            link_preview_options=LinkPreviewOptions(is_disabled=True),
        ),
    )


async def _answer(
    query: InlineQuery,
    results: Sequence[InlineQueryResultArticle],
    note: str,
    *,
    cache_s: int = _CACHE_S,
) -> None:
    """Answer a query; the note stands above the list. One that is too old is let go."""
    button = InlineQueryResultsButton(note, start_parameter=_START) if note else None
    try:
        await query.answer(results, cache_time=cache_s, is_personal=True, button=button)
    except BadRequest as error:
        _logger.info("an inline query could not be answered: %s", error.message)
