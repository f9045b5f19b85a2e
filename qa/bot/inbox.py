"""Updates, each dealt with once, whenever the process is killed.

Telegram gives every update at least once: it repeats those that were not acknowledged, which the
next getUpdates does (or status 200, to a webhook). The argument that each is answered exactly once
as far as anyone can know:

1. *Nothing is lost before it is stored.* python-telegram-bot puts every update of a batch into this
   queue, and only then asks for the next ones. `put` returns when the update is on the disk
   (`synchronous = FULL`). Killed before that, Telegram gives it again; when the disk refuses, `put`
   raises NetworkError, which makes the poll back off and ask for the same batch again.
2. *Nothing is taken twice.* The update's id is the key of its row, and rows outlive the day for
   which Telegram keeps updates. A repeat, from a batch that was acknowledged too late or from a
   webhook that timed out, finds its row and is not queued. `replay` queues what has a row already,
   so polling cannot queue it again, whichever comes first.
3. *Nothing stored is forgotten.* At start, `replay` queues every update that is stored and not
   begun. All an update does before its first message is harmless to do twice: reading, typing,
   answering a press, keeping feedback (which has a key), storing a file (same content, same name).
4. *Nothing is answered twice.* Before the first message of an update leaves, `begin` is on the
   disk. Killed after that, nobody can know whether the message arrived, so the update is not taken
   up again: a missing answer can be asked for, a second one cannot be taken back. Where the
   message surely did not leave (no connection, or Telegram refused it), `begin` is taken back
   (`Work`), and the update is taken up again after a restart.
5. *What is done stays done.* After its handlers an update is finished and its text is dropped.
   Killed between the last message and `finish`, it stands as begun: see 4.

What remains: the process killed, or the connection broken, between a message's bytes leaving and
Telegram's word that it has them. Telegram gives no means to ask. That answer may be missing; it is
logged, and where the process lives, the person is told.
"""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from contextvars import ContextVar

from telegram import Bot, Update
from telegram.error import NetworkError

from qa.bot.state import State, StateFailed

_logger = logging.getLogger(__name__)

_OLD_S = 24 * 3600.0  # Telegram keeps updates for a day; what is older nobody waits for
_KEPT_S = 3 * 24 * 3600.0
_SHOWN_S = 180 * 24 * 3600.0
_PRUNED_EVERY_S = 3600.0


class Work:
    """What has become of one update's messages.

    Attributes:
        update_id: Which update.
        sent: Whether a message has left, or may have.
        unsent: Whether a message was given up that surely has not left.
        told: Whether the person was told that something went wrong.
    """

    def __init__(self, update_id: int, inbox: Inbox) -> None:
        self.update_id = update_id
        self.sent = False
        self.unsent = False
        self.told = False
        self._inbox = inbox
        self._flights = 0
        self._turn = asyncio.Lock()

    @property
    def again(self) -> bool:
        """Whether the update is to be taken up again after a restart."""
        return self.unsent and not self.sent

    async def depart(self) -> None:
        """Note, on the disk, that a message is about to leave."""
        async with self._turn:
            self._flights += 1
            if self._flights == 1 and not self.sent:
                await self._inbox.begin(self.update_id)

    async def arrive(self, *, left: bool) -> None:
        """Note what became of it: whether it has left, or may have."""
        async with self._turn:
            self._flights -= 1
            self.sent = self.sent or left
            if not self._flights and not self.sent:
                await self._inbox.withdraw(self.update_id)


working: ContextVar[Work | None] = ContextVar("working", default=None)
"""The work that the running task belongs to; None outside of any."""


class Inbox(asyncio.Queue[object]):
    """The queue between Telegram and the handlers, kept on the disk. See the module."""

    def __init__(self, state: State, clock: Callable[[], float] = time.time) -> None:
        super().__init__()
        self._state = state
        self._clock = clock
        self._pruned = float("-inf")

    async def put(self, update: object) -> None:
        """Store an update and queue it, unless it is known or too old.

        Raises:
            NetworkError: it cannot be stored; Telegram will give it again.
        """
        if not isinstance(update, Update):  # the application's own signal to stop
            await super().put(update)
            return
        now = self._clock()
        if update.message is not None and now - update.message.date.timestamp() > _OLD_S:
            _logger.warning("update %d is older than a day and is dropped", update.update_id)
            return
        try:
            new = await asyncio.to_thread(
                self._state.receive, update.update_id, update.to_json(), now
            )
        except StateFailed as error:
            raise NetworkError(f"an update cannot be stored: {error}") from error
        if new:
            await super().put(update)
        else:
            _logger.info("update %d is known and is not taken again", update.update_id)
        await self._prune(now)

    async def replay(self, bot: Bot) -> int:
        """Queue what was received before the last stop and not begun; give how many.

        What was begun and never finished is finished now: its answer may have arrived.
        """
        for number in await asyncio.to_thread(self._state.interrupted):
            _logger.warning(
                "update %d was being answered when the bot stopped, and is not answered again",
                number,
            )
            await self.finish(number)
        queued = 0
        for number, body, at in await asyncio.to_thread(self._state.waiting):
            update = _parsed(body, bot) if self._clock() - at <= _OLD_S else None
            if update is None:
                _logger.warning("update %d is too old or unreadable and is dropped", number)
                await self.finish(number)
                continue
            await super().put(update)
            queued += 1
        return queued

    async def begin(self, update_id: int) -> None:
        """Note that an answer is about to leave."""
        await asyncio.to_thread(self._state.begin, update_id)

    async def withdraw(self, update_id: int) -> None:
        """Note that it has not left after all."""
        await asyncio.to_thread(self._state.withdraw, update_id)

    async def finish(self, update_id: int) -> None:
        """Note that an update is dealt with."""
        await asyncio.to_thread(self._state.finish, update_id)

    @asynccontextmanager
    async def work(self, update_id: int) -> AsyncIterator[Work]:
        """Do the work of an update inside: it is finished behind, unless it must be done again.

        Cancelled, it stays as it stands: begun or not.
        """
        work = Work(update_id, self)
        before = working.set(work)
        try:
            yield work
        finally:
            working.reset(before)
        if work.again:
            _logger.warning("the answer to update %d could not leave; it is kept", update_id)
        else:
            await self.finish(update_id)

    async def _prune(self, now: float) -> None:
        if now - self._pruned > _PRUNED_EVERY_S:
            self._pruned = now
            try:
                await asyncio.to_thread(self._state.prune, now - _KEPT_S, now - _SHOWN_S)
            except StateFailed as error:  # the update is safe; the next hour tries again
                _logger.warning("old updates cannot be dropped: %s", error)


def _parsed(body: str, bot: Bot) -> Update | None:
    try:
        return Update.de_json(json.loads(body), bot)
    except (ValueError, KeyError, TypeError):  # written by another version
        return None
