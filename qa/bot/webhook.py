"""The bot's own server, for updates that Telegram sends: a webhook.

It speaks plain HTTP; what stands before it (nginx, Caddy) has the certificate.

- `POST` to the path of the settings takes an update. 200 means that it is stored.
- `GET /healthz` says whether the bot works: 200 or 503.
- `GET /metrics` gives the counters for Prometheus.
"""

from __future__ import annotations

import hmac
import json
import logging
import os
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from socket import AF_INET, AF_INET6, create_server, socket

from telegram import Bot, Update
from telegram.error import TelegramError
from tornado.httpserver import HTTPServer
from tornado.web import Application, HTTPError, RequestHandler

from qa.bot.counters import PROMETHEUS, Counters
from qa.bot.inbox import Inbox
from qa.bot.settings import BotSettings
from qa.bot.watchdog import is_readable
from qa.errors import ConfigError

_logger = logging.getLogger(__name__)

_LARGEST_BYTES = 1_000_000  # updates are a few thousand
_HEADER = "X-Telegram-Bot-Api-Secret-Token"


@dataclass(frozen=True, slots=True)
class Parts:
    """What the server works with: where updates go, and what tells how the bot is."""

    settings: BotSettings
    bot: Bot
    inbox: Inbox
    counters: Counters
    well: Callable[[], bool]


class Webhook:
    """The server: `bind` takes the port, `start` takes requests, `close` ends it."""

    def __init__(self, parts: Parts) -> None:
        self._settings = parts.settings
        known = {"parts": parts}
        paths = [
            (r"/healthz", _Health, known),
            (r"/metrics", _Metrics, known),
            (r"(/.*)", _Updates, known),
        ]
        application = Application(paths, log_function=_silent)
        self._server = HTTPServer(application, max_buffer_size=_LARGEST_BYTES, xheaders=False)
        self._sockets: list[socket] = []

    def bind(self) -> None:
        """Take the port; what comes waits until `start`.

        Raises:
            ConfigError: another program has the port, or the address is not this machine's.
        """
        address, port = self._settings.webhook_listen, self._settings.webhook_port
        try:
            family = AF_INET6 if ":" in address else AF_INET
            one = create_server((address, port), family=family)  # closes it when it fails
        except OSError as error:
            reason = os.strerror(error.errno) if error.errno and error.errno > 0 else error.strerror
            raise ConfigError(
                f"cannot listen on {address} port {port} ({reason}): "
                "free it, or set webhook_listen and webhook_port"
            ) from error
        one.setblocking(False)
        self._sockets = [one]

    def start(self) -> None:
        """Begin to take requests."""
        self._server.add_sockets(self._sockets)
        self._sockets = []

    async def close(self) -> None:
        """Take no more requests."""
        for one in self._sockets:  # bound, and never started
            one.close()
        self._server.stop()
        await self._server.close_all_connections()


class _Quiet(RequestHandler):
    """Errors are a status and nothing more."""

    def initialize(self, parts: Parts) -> None:
        self.parts = parts

    def write_error(self, status_code: int, **_: object) -> None:
        self.set_header("Content-Type", "text/plain; charset=utf-8")
        self.finish(f"{HTTPStatus(status_code).phrase}\n")

    def log_exception(self, *_: object) -> None:
        return


class _Updates(_Quiet):
    def prepare(self) -> None:
        settings = self.parts.settings
        path = self.request.path.rstrip("/") or "/"
        if path != settings.webhook_path:
            raise HTTPError(HTTPStatus.NOT_FOUND)
        given = self.request.headers.get(_HEADER)
        if given is None:
            raise HTTPError(HTTPStatus.UNAUTHORIZED)
        if not hmac.compare_digest(given.encode(), settings.webhook_secret.encode()):
            raise HTTPError(HTTPStatus.FORBIDDEN)

    async def post(self, _path: str) -> None:
        try:
            given = json.loads(self.request.body)
            number = int(given["update_id"])
        except (ValueError, KeyError, TypeError) as error:
            _logger.warning("what came to the webhook is no update: %s", type(error).__name__)
            raise HTTPError(HTTPStatus.BAD_REQUEST) from error
        if not is_readable(given):
            return  # with 200: otherwise Telegram would repeat it, and hold back what follows
        update = Update.de_json(given, self.parts.bot)
        try:
            await self.parts.inbox.put(update)
        except TelegramError as error:  # Telegram sends it again
            _logger.error("update %d: %s", number, error)
            raise HTTPError(HTTPStatus.SERVICE_UNAVAILABLE) from error


class _Health(_Quiet):
    def get(self) -> None:
        well = self.parts.well()
        self.set_header("Content-Type", "text/plain; charset=utf-8")
        self.set_status(HTTPStatus.OK if well else HTTPStatus.SERVICE_UNAVAILABLE)
        self.finish("ok\n" if well else "stopping\n")


class _Metrics(_Quiet):
    def get(self) -> None:
        self.set_header("Content-Type", PROMETHEUS)
        self.finish(self.parts.counters.prometheus())


def _silent(_handler: RequestHandler) -> None:
    return
