"""A bot that runs and hears nothing is worse than one that has ended: nobody starts it again.

One refused getUpdates (401, or the 404 of some proxy on the way) ends python-telegram-bot's polling
for good, while the process lives on and says nothing. A connection that hangs does the same. So
does an update that it cannot read: it asks for the same ones again, at once and for ever.
"""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

import httpx
from telegram import Update
from telegram.request import HTTPXRequest, RequestData

_logger = logging.getLogger(__name__)

_REFUSED = (HTTPStatus.UNAUTHORIZED, HTTPStatus.NOT_FOUND)
_OK = b'"ok":true'
_HEAD = 64  # bytes in which that stands, in any answer of Telegram's


class Polls:
    """What became of the requests for updates."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._last = clock()
        self._refused = asyncio.Event()
        self.status = 0

    def succeeded(self) -> None:
        """Note that one was answered."""
        self._last = self._clock()

    def refused(self, status: int) -> None:
        """Note that one was refused for good: polling has ended."""
        self.status = status
        self._refused.set()

    @property
    def silence_s(self) -> float:
        """Seconds since one was answered."""
        return self._clock() - self._last

    async def deaf(self, allowed_s: float, every_s: float = 1.0) -> str:
        """Return when nothing is heard any more, with the reason.

        Args:
            allowed_s: How long no request for updates may succeed.
            every_s: How often to look.
        """
        while self.silence_s <= allowed_s:
            try:
                await asyncio.wait_for(self._refused.wait(), every_s)
            except TimeoutError:
                continue
            return f"Telegram refused a request for updates with status {self.status}"
        return f"no request for updates has succeeded for {self.silence_s:.0f} seconds"


class PollRequest(HTTPXRequest):
    """The pool of connections for getUpdates, which reports to `Polls`.

    Nothing is repeated: python-telegram-bot does that, with pauses, and loses nothing.
    """

    def __init__(
        self,
        polls: Polls,
        *,
        proxy: str = "",
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        super().__init__(
            connection_pool_size=1,
            read_timeout=10.0,  # beyond the time that Telegram holds the request
            connect_timeout=10.0,
            pool_timeout=10.0,
            proxy=proxy or None,
            httpx_kwargs={"transport": transport} if transport else None,
        )
        self._polls = polls

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        *timeouts: Any,  # noqa: ANN401 - four, which are only passed on
        **named_timeouts: Any,  # noqa: ANN401
    ) -> tuple[int, bytes]:
        """Do a call and note what became of it."""
        status, body = await super().do_request(
            url, method, request_data, *timeouts, **named_timeouts
        )
        if status in _REFUSED:
            self._polls.refused(status)
        elif status == HTTPStatus.OK and _OK in body[:_HEAD].replace(b" ", b""):
            self._polls.succeeded()
            body = _readable(body)
        return status, body


def _readable(body: bytes) -> bytes:
    """Give an answer to getUpdates in which every update can be read.

    One that cannot be is left with its number alone, which is enough to go on behind it.
    """
    try:
        answer = json.loads(body)
        given = answer["result"]
        kept = [one if is_readable(one) else {"update_id": one["update_id"]} for one in given]
    except (ValueError, KeyError, TypeError):  # not Telegram's; python-telegram-bot says so
        return body
    return body if kept == given else json.dumps({**answer, "result": kept}).encode()


def is_readable(update: dict[str, Any]) -> bool:
    """Say whether python-telegram-bot makes something of an update; one it cannot read is logged.

    Only its number: the text may be a question.
    """
    try:
        Update.de_json(update, None)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        number, name = update["update_id"], type(error).__name__
        _logger.error("update %s cannot be read (%s) and is dropped", number, name)
        return False
    return True
