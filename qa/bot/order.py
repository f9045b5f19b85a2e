"""Which updates are worked on at the same time, and which one after the other."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Coroutine
from contextlib import asynccontextmanager
from typing import Any

from telegram import Update
from telegram.constants import ChatType
from telegram.ext import BaseUpdateProcessor

from qa.bot.inbox import Inbox
from qa.bot.state import StateFailed

_logger = logging.getLogger(__name__)

_MOST = 10_000  # updates inside, most of them waiting: what limits the work are the threads' bounds

Lane = tuple[str, int]


class Ordered(BaseUpdateProcessor):
    """Messages of one chat one after the other, everything else at once.

    Who sends a file and then asks means the file too, so both wait in one lane; in a group, where a
    file that takes minutes would keep all others waiting, files have a lane of their own. Presses
    of buttons and inline queries have none: they wait for nothing.
    """

    def __init__(self, inbox: Inbox) -> None:
        super().__init__(_MOST)
        self._inbox = inbox
        self._lanes: dict[Lane, asyncio.Lock] = {}
        self._in_lane: dict[Lane, int] = {}
        self._tasks: set[asyncio.Task[Any]] = set()
        self._closing = False
        self._idle = asyncio.Event()
        self._idle.set()

    async def initialize(self) -> None:
        """Nothing to open."""

    async def shutdown(self) -> None:
        """Nothing to close."""

    async def do_process_update(self, update: object, coroutine: Awaitable[Any]) -> None:
        """Work on an update when its turn comes; once closing, leave it for the next start."""
        if not isinstance(update, Update):
            await coroutine
            return
        try:
            async with self._turn(lane(update)):
                if not self._closing:
                    await self._work(update, coroutine)
        finally:
            if isinstance(coroutine, Coroutine):
                coroutine.close()  # no complaint that it was never awaited

    async def finish(self, seconds: float) -> bool:
        """Begin nothing more and wait for what is in work; say whether all of it was finished.

        What is not finished in time is cancelled; unless an answer had begun to leave, it is done
        again at the next start.
        """
        self._closing = True
        try:
            await asyncio.wait_for(self._idle.wait(), seconds)
        except TimeoutError:
            for task in self._tasks:
                task.cancel()
            return False
        return True

    async def _work(self, update: Update, coroutine: Awaitable[Any]) -> None:
        task = asyncio.current_task()
        if task is not None:
            self._tasks.add(task)
        self._idle.clear()
        try:
            async with self._inbox.work(update.update_id):
                await coroutine
        except StateFailed as error:
            _logger.error("update %d cannot be noted as done: %s", update.update_id, error)
        finally:
            if task is not None:
                self._tasks.discard(task)
            if not self._tasks:
                self._idle.set()

    @asynccontextmanager
    async def _turn(self, one: Lane | None) -> AsyncIterator[None]:
        if one is None:
            yield
            return
        lock = self._lanes.setdefault(one, asyncio.Lock())
        self._in_lane[one] = self._in_lane.get(one, 0) + 1
        try:
            async with lock:
                yield
        finally:
            self._in_lane[one] -= 1
            if not self._in_lane[one]:
                del self._in_lane[one], self._lanes[one]


def lane(update: Update) -> Lane | None:
    """Give the lane an update waits in, None where it need not wait."""
    message = update.effective_message
    if update.callback_query or update.inline_query or update.chosen_inline_result or not message:
        return None
    adds = message.document is not None or (message.text or "").startswith("/add")
    apart = adds and message.chat.type != ChatType.PRIVATE
    return "files" if apart else "words", message.chat_id
