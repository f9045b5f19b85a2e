"""Proof that a bot can run: its token, the way to Telegram, its rights, and this machine.

Nothing here disturbs a bot that is running with the same token: no updates are fetched.
"""

from __future__ import annotations

import asyncio
import logging
import os
import shutil
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

import httpx
from filelock import Timeout
from telegram import Bot, User, WebhookInfo
from telegram.error import InvalidToken, TelegramError, TimedOut
from telegram.request import HTTPXRequest

from embeddings.errors import EmbeddingsError
from qa.bot.settings import BotSettings
from qa.bot.state import State
from qa.config import Config
from qa.doctor import Check
from qa.errors import QAError
from qa.messages import Messages, explain
from qa.opening import open_library

T = TypeVar("T")

_WAIT_S = 10.0
_SKEW_S = 60.0  # more than this, and quotas and the age of updates are counted wrongly
_FREE_MB = 500
_MB = 1_000_000
_SHOWN = 200  # characters of a reason that others wrote


def examine_bot(settings: BotSettings, config: Config, words: Messages) -> tuple[Check, ...]:
    """Try everything a bot needs; what fails is a check that has not passed, never an error.

    Args:
        settings: The bot's own settings.
        config: The settings that all faces share.
        words: The language for reasons that come from below.
    """
    with _quiet():
        remote = asyncio.run(_Remote(settings).checks())
    return (
        *remote,
        _access(settings),
        *(_library(name, folder, config, words) for name, folder in settings.folders.items()),
        _state(settings, words),
        _disk(settings),
    )


class _Remote:
    """What only Telegram can say, through both of the pools of connections that a bot has."""

    def __init__(self, settings: BotSettings) -> None:
        self._settings = settings
        self._skews_s: list[float] = []

    async def checks(self) -> list[Check]:
        """Call two methods, each through its own pool."""
        calls, polls = self._pool(), self._pool()
        async with calls, polls:
            me = await self._tried("bot_check_token", self._bot(calls, polls).get_me)
            info = await self._tried("bot_check_polls", self._bot(polls, calls).get_webhook_info)
        found = [me if isinstance(me, Check) else _token(me)]
        found.append(info if isinstance(info, Check) else Check("bot_check_polls", True))
        if isinstance(info, WebhookInfo):
            found.append(_webhook(info, self._settings))
        if isinstance(me, User):
            found += [_privacy(me), _inline(me)]
        if self._skews_s:
            found.append(_clock(min(self._skews_s, key=abs)))
        return found

    def _bot(self, own: HTTPXRequest, other: HTTPXRequest) -> Bot:
        base = self._settings.base_url
        return Bot(self._settings.token, base, request=own, get_updates_request=other)

    def _pool(self) -> HTTPXRequest:
        return HTTPXRequest(
            proxy=self._settings.proxy or None,
            connect_timeout=_WAIT_S,
            read_timeout=_WAIT_S,
            httpx_kwargs={"event_hooks": {"response": [self._note_time]}},
        )

    async def _note_time(self, response: httpx.Response) -> None:
        try:
            theirs = parsedate_to_datetime(response.headers["Date"]).timestamp()
        except (KeyError, ValueError):  # a proxy may leave it out
            return
        self._skews_s.append(time.time() - theirs)

    async def _tried(self, name: str, call: Callable[[], Awaitable[T]]) -> T | Check:
        try:
            return await call()
        except InvalidToken:
            return Check(name, False, "bot_token_refused")
        except TimedOut:
            return Check(name, False, "bot_no_answer", {"seconds": int(_WAIT_S)})
        except TelegramError as error:
            return Check(name, False, "bot_unreachable", {"reason": self._told(error)})

    def _told(self, error: TelegramError) -> str:
        """Give what an error says, without what is secret."""
        reason = " ".join(str(error).split())
        for secret in filter(None, (self._settings.token, self._settings.proxy)):
            reason = reason.replace(secret, "…")
        return reason[:_SHOWN]


def _token(me: User) -> Check:
    return Check("bot_check_token", True, "bot_is", {"name": me.username or me.id})


def _webhook(info: WebhookInfo, settings: BotSettings) -> Check:
    name, host = "bot_check_webhook", urlsplit(info.url).hostname or ""
    if not settings.webhook_url:
        return Check(name, not info.url, "bot_webhook_set" if info.url else "", {"host": host})
    if info.url != settings.webhook_url:
        return Check(name, None, "bot_webhook_not_set")
    if info.last_error_message and info.pending_update_count:
        values = {"reason": info.last_error_message[:_SHOWN], "count": info.pending_update_count}
        return Check(name, False, "bot_webhook_fails", values)
    return Check(name, True, "bot_webhook_at", {"host": host})


def _privacy(me: User) -> Check:
    if not me.can_join_groups:
        return Check("bot_check_privacy", None, "bot_no_groups")
    if me.can_read_all_group_messages:
        return Check("bot_check_privacy", False, "bot_reads_everything")
    return Check("bot_check_privacy", True)


def _inline(me: User) -> Check:
    if me.supports_inline_queries:
        return Check("bot_check_inline", True)
    return Check("bot_check_inline", None, "bot_inline_off")


def _clock(skew_s: float) -> Check:
    values = {"seconds": round(abs(skew_s))}
    if abs(skew_s) <= _SKEW_S:
        return Check("bot_check_clock", True)
    detail = "bot_clock_fast" if skew_s > 0 else "bot_clock_slow"
    return Check("bot_check_clock", False, detail, values)


def _access(settings: BotSettings) -> Check:
    if settings.allowed or settings.admins:
        return Check("bot_check_access", True)
    return Check("bot_check_access", False, "bot_nobody_allowed")


def _library(name: str, folder: Path, config: Config, words: Messages) -> Check:
    values: dict[str, object] = {"folder": str(folder), "name": name}
    try:
        with open_library(config, folder) as library:
            values["count"] = library.status().documents
    except (QAError, EmbeddingsError, OSError) as error:
        values["reason"] = explain(error, words)
        return Check("bot_check_library", False, "bot_shelf_closed", values)
    if not values["count"]:
        return Check("bot_check_library", False, "bot_shelf_empty", values)
    return Check("bot_check_library", True, "bot_shelf_open", values)


def _state(settings: BotSettings, words: Messages) -> Check:
    if not settings.state.exists():  # and none is made: the bot does it when it runs
        folder = _existing(settings.state.parent)
        values = {"folder": str(folder)}
        writable = folder.is_dir() and os.access(folder, os.W_OK | os.X_OK)
        return Check("bot_check_state", writable, "" if writable else "bot_folder_closed", values)
    try:
        State.open(settings.state).close()
    except QAError as error:
        if isinstance(error.__cause__, Timeout):  # which a bot that runs has locked
            return Check("bot_check_state", True, "bot_runs")
        values = {"reason": explain(error, words)}
        return Check("bot_check_state", False, "bot_state_closed", values)
    return Check("bot_check_state", True)


def _disk(settings: BotSettings) -> Check:
    """Look at every disk the bot writes to; the one with the least space decides."""
    places = [settings.state, settings.documents, *settings.folders.values()]
    try:
        free = [(shutil.disk_usage(_existing(place)).free // _MB, place) for place in places]
    except OSError as error:
        return Check("bot_check_disk", False, "bot_disk_unknown", {"reason": error.strerror})
    least, place = min(free)
    values = {"free": least, "least": _FREE_MB, "folder": str(_existing(place))}
    return Check("bot_check_disk", least >= _FREE_MB, "bot_disk_free", values)


def _existing(path: Path) -> Path:
    return next(one for one in (path, *path.parents) if one.exists())


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep the libraries from logging: theirs are tracebacks, and addresses with the token."""
    loggers = [logging.getLogger(name) for name in ("telegram", "httpx", "httpcore")]
    levels = [one.level for one in loggers]
    try:
        for one in loggers:
            one.setLevel(logging.CRITICAL + 1)
        yield
    finally:
        for one, level in zip(loggers, levels, strict=True):
            one.setLevel(level)
