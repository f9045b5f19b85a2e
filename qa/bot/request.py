"""Calls to Telegram that are repeated where that is safe, and never where it is not.

What can become of a call:

- *refused*: Telegram (or what stands before it) answered that it did not do it, for now: a status
  of 500 or more, or 429 without a time to wait. Any call is repeated. (429 with a time is left to
  the rate limiter.)
- *unsent*: there was no connection. Any call is repeated, a message with much patience.
- *unknown*: the connection broke or timed out after the call had left, or a gateway did (504). What
  only reads, changes or deletes is repeated, since twice is the same as once. A message is not:
  it may have arrived, and twice is not the same as once.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import Enum
from functools import partial
from http import HTTPStatus
from typing import Any

import httpx
from telegram.error import NetworkError, TelegramError
from telegram.request import HTTPXRequest, RequestData

from qa.bot.inbox import working

_logger = logging.getLogger(__name__)

_UNSENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError)
_REPEATABLE = ("get", "edit", "answer", "delete", "set", "sendchataction", "sendmessagedraft")
_TRIES = 5  # over some 8 seconds
_SENDING_TRIES = 14  # over some 5 minutes; by then the poll has failed as long and the bot ends
_LONGEST_PAUSE_S = 30.0

_Call = Callable[[], Awaitable[tuple[int, bytes]]]


class Uncertain(NetworkError):
    """A message may have arrived or not; it was not sent again."""


class _Fate(Enum):
    DONE = "done"
    REFUSED = "refused"
    UNSENT = "unsent"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class _Outcome:
    fate: _Fate
    answer: tuple[int, bytes] | None = None
    error: TelegramError | None = None

    def give(self) -> tuple[int, bytes]:
        """Give the answer, or raise the error."""
        if self.answer is not None:
            return self.answer
        raise self.error or NetworkError("no answer")


class Request(HTTPXRequest):
    """python-telegram-bot's request, with repetition."""

    def __init__(
        self,
        *,
        proxy: str = "",
        pause_s: float = 0.5,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        """Make the pool of connections for everything but getUpdates.

        Args:
            proxy: Through which calls go; empty for none.
            pause_s: The first pause before a repetition; each following one is twice as long.
            transport: In place of a network, for tests.
        """
        super().__init__(
            connection_pool_size=64,
            read_timeout=20.0,
            write_timeout=20.0,
            connect_timeout=10.0,
            pool_timeout=30.0,
            proxy=proxy or None,
            media_write_timeout=120.0,
            httpx_kwargs={"transport": transport} if transport else None,
        )
        self._pause_s = pause_s

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        *timeouts: Any,  # noqa: ANN401 - four, which are only passed on
        **named_timeouts: Any,  # noqa: ANN401
    ) -> tuple[int, bytes]:
        """Do a call, several times where it must be and may be."""
        call = partial(super().do_request, url, method, request_data, *timeouts, **named_timeouts)
        name = "getFile" if method == "GET" else url.rsplit("/", 1)[-1]
        if name.lower().startswith(_REPEATABLE):
            return await self._repeat(name, call)
        return await self._send(name, call)

    async def _repeat(self, name: str, call: _Call) -> tuple[int, bytes]:
        for number in range(1, _TRIES + 1):
            outcome = await _attempt(call)
            if outcome.fate is _Fate.DONE or number == _TRIES:
                break
            await self._pause(name, outcome, number)
        return outcome.give()

    async def _send(self, name: str, call: _Call) -> tuple[int, bytes]:
        work = working.get()
        for number in range(1, _SENDING_TRIES + 1):
            if work:
                await work.depart()
            outcome = await _attempt(call)
            if work:
                await work.arrive(left=_has_left(outcome))
            match outcome.fate:
                case _Fate.DONE:
                    return outcome.give()
                case _Fate.UNKNOWN:
                    raise Uncertain(f"{name} may have arrived or not") from outcome.error
                case _Fate.REFUSED if number >= _TRIES:
                    break
            if number < _SENDING_TRIES:
                await self._pause(name, outcome, number)
        if work:
            work.unsent = True
        return outcome.give()

    async def _pause(self, name: str, outcome: _Outcome, number: int) -> None:
        _logger.info("%s: %s, tried %d times", name, outcome.fate.value, number)
        await asyncio.sleep(min(self._pause_s * 2 ** (number - 1), _LONGEST_PAUSE_S))


def _has_left(outcome: _Outcome) -> bool:
    if outcome.fate is _Fate.DONE and outcome.answer is not None:
        return outcome.answer[0] < HTTPStatus.BAD_REQUEST
    return outcome.fate is _Fate.UNKNOWN


async def _attempt(call: _Call) -> _Outcome:
    try:
        answer = await call()
    except NetworkError as error:
        fate = _Fate.UNSENT if isinstance(error.__cause__, _UNSENT) else _Fate.UNKNOWN
        return _Outcome(fate, error=error)
    status, body = answer
    if status == HTTPStatus.GATEWAY_TIMEOUT:
        return _Outcome(_Fate.UNKNOWN, answer)
    patience = status == HTTPStatus.TOO_MANY_REQUESTS and b'"retry_after"' not in body
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR or patience:
        return _Outcome(_Fate.REFUSED, answer)
    return _Outcome(_Fate.DONE, answer)
