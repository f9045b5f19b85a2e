"""A message that says how long work goes: sent once, then edited, not too often."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable

from telegram import Message
from telegram.constants import ParseMode
from telegram.error import BadRequest, Forbidden, TelegramError

from qa.bot.sending import is_unchanged, reply

EDIT_APART_S = 1.0
"""Telegram takes about one message a second in a chat."""

_logger = logging.getLogger(__name__)


class Board:
    """One reply to a message, whose text is replaced as the work goes on.

    Attributes:
        lines: What was said of each file so far, as HTML; for several files that came together.
    """

    def __init__(
        self,
        asked: Message,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.lines: list[str] = []
        self._asked = asked
        self._sent: Message | None = None
        self._text = ""
        self._at = 0.0
        self._clock = clock
        self._sleep = sleep

    @property
    def message_id(self) -> int:
        """The message's id; 0 before it is sent."""
        return self._sent.message_id if self._sent else 0

    async def show(self, html: str) -> None:
        """Send the text, or put it in the place of what the message says.

        It waits until a second has passed since the last time. What Telegram refuses is logged:
        the work that is reported goes on.
        """
        if html == self._text:
            return
        self._text = html
        try:
            if self._sent is None:
                self._sent = await reply(self._asked, [html])
            else:
                await self._sleep(max(0.0, self._at + EDIT_APART_S - self._clock()))
                await self._edit(self._sent, html)
        except Forbidden:
            _logger.info("a report could not be sent: the chat does not take it")
        except TelegramError as error:
            _logger.warning("a report could not be sent: %s", error)
        self._at = self._clock()

    async def _edit(self, sent: Message, html: str) -> None:
        try:
            await sent.edit_text(html, parse_mode=ParseMode.HTML)
        except BadRequest as error:
            if is_unchanged(error):
                return
            # Somebody deleted it, or it is too old: the report is worth a message of its own.
            self._sent = await reply(self._asked, [html])
