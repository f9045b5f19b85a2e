"""A bot from its start to its end: `run` is what `qa bot` calls."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import sys
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from datetime import timedelta
from typing import Any, TypeVar

from telegram import LinkPreviewOptions
from telegram.constants import ParseMode
from telegram.error import BadRequest, Conflict, InvalidToken, TelegramError
from telegram.ext import AIORateLimiter, Application, ApplicationBuilder, Defaults

from qa.bot.access import Access
from qa.bot.counters import Counters
from qa.bot.desk import Desk
from qa.bot.inbox import Inbox
from qa.bot.logs import event, set_up
from qa.bot.menu import announce
from qa.bot.mishaps import Mishaps
from qa.bot.order import Ordered
from qa.bot.request import Request
from qa.bot.settings import load_settings
from qa.bot.shelf import Busy, Shelf
from qa.bot.state import State
from qa.bot.watchdog import PollRequest, Polls
from qa.bot.webhook import Parts, Webhook
from qa.bot.wiring import UPDATES, Conversation, Courtesy, conversation
from qa.config import Config
from qa.courtesies import courtesy
from qa.errors import ConfigError

T = TypeVar("T")

_logger = logging.getLogger(__name__)

GRACE_S = 5.0
"""How long what is in work may take to finish after SIGTERM; containers are killed after 10 s."""

_CLOSING_S = 2.0  # for each connection and server that is closed
_LONGEST_PAUSE_S = 30.0


def run(config: Config, *, verbose: bool = False) -> int:
    """Run the bot until it is told to stop; give the exit code.

    0 after SIGTERM or SIGINT, 1 when it hears nothing from Telegram any more.

    Args:
        config: The settings that all faces share.
        verbose: Whether the log shows what python-telegram-bot does.

    Raises:
        ConfigError: there is no token or Telegram refuses it, a setting is unusable, the port of
            the webhook is in use, or another bot uses the same state.
        LibraryError: a library is missing or unusable.
    """
    settings = load_settings(config)
    # python-telegram-bot's durations as such: their other form is deprecated, with warnings.
    os.environ.setdefault("PTB_TIMEDELTA", "true")
    set_up((settings.token, settings.webhook_secret, settings.proxy), verbose=verbose)
    shelf = Shelf.open(settings.folders, config, workers=settings.workers, waiting=settings.waiting)
    try:
        state = State.open(settings.state)
    except BaseException:
        shelf.close()
        raise
    try:
        state.belong(settings.bot_id)
        desk = Desk(shelf, state, Access(settings, state), settings, Counters())
        code = asyncio.run(Running(desk, courtesy).serve())
    finally:
        idle = shelf.close()
        state.close()
    if not idle:
        # A thread cannot be interrupted, and Python would wait for it. What it writes is one
        # transaction: whole or not at all.
        _logger.warning("ended while a library was at work")
        _end_now(code)
    return code


class Running:
    """One bot at work."""

    def __init__(self, desk: Desk, courtesy: Courtesy) -> None:
        self._desk = desk
        self._settings = desk.settings
        self._inbox = Inbox(desk.state, desk.clock)
        self._order = Ordered(self._inbox)
        self._polls = Polls()
        self._conversation = conversation(desk, courtesy)
        self._application = build(desk, self._inbox, self._order, self._polls, self._conversation)
        self._webhook: Webhook | None = None
        self._stop = asyncio.Event()
        self._beside: set[asyncio.Task[Any]] = set()

    async def serve(self) -> int:
        """Work until told to stop; give the exit code."""
        loop = asyncio.get_running_loop()
        for one in (signal.SIGINT, signal.SIGTERM):
            with suppress(NotImplementedError):  # Windows, where Ctrl-C ends it as any program
                loop.add_signal_handler(one, self._stop.set)
        code = 1
        try:
            await self._start()
            code = await self._last()
        except _Stopped:
            code = 0
        except InvalidToken:  # its message holds the token
            raise ConfigError(
                "Telegram refuses the bot token: copy it again from BotFather"
            ) from None
        finally:
            await self._close(GRACE_S if code == 0 else _CLOSING_S)
        event(_logger, "stopped", code=code)
        return code

    async def _start(self) -> None:
        """Connect, take up what was left, and begin to receive."""
        if self._settings.webhook_url:
            bot, counters = self._application.bot, self._desk.counters
            parts = Parts(self._settings, bot, self._inbox, counters, self._is_well)
            self._webhook = Webhook(parts)
            self._webhook.bind()
        connecting = _patiently(self._application.initialize, "Telegram cannot be reached")
        await self._unless_stopped(connecting)
        await self._application.start()
        left = await self._inbox.replay(self._application.bot)
        if self._webhook:
            self._webhook.start()
            setting = _patiently(self._set_webhook, "the webhook cannot be set")
            await self._unless_stopped(setting)
        else:
            await self._unless_stopped(self._poll())
            self._polls.succeeded()  # silence counts from now
        name = self._application.bot.username
        event(_logger, "ready", bot=name, webhook=bool(self._webhook), taken_up=left)
        if not self._settings.allowed:
            _logger.warning("only administrators may ask: set QA_TELEGRAM_ALLOWED to ids, or to *")
        self._aside(announce(self._application.bot, self._settings))
        self._aside(self._conversation.documents.resume(self._application.bot))
        self._aside(self._warm_up())

    async def _poll(self) -> None:
        updater = self._application.updater
        if updater is None:
            raise AssertionError("the application was built with an updater")
        await updater.start_polling(
            timeout=timedelta(seconds=self._settings.poll_timeout_s),
            bootstrap_retries=-1,
            allowed_updates=UPDATES,
            error_callback=_poll_failed,
        )

    async def _set_webhook(self) -> None:
        try:
            await self._application.bot.set_webhook(
                self._settings.webhook_url,
                secret_token=self._settings.webhook_secret,
                allowed_updates=UPDATES,
            )
        except BadRequest as error:
            raise ConfigError(
                f"Telegram refuses the webhook ({error.message}): correct webhook_url"
            ) from None

    async def _last(self) -> int:
        """Wait for the end; give the exit code."""
        stop = asyncio.create_task(self._stop.wait())
        ends: set[asyncio.Task[Any]] = {stop}
        if not self._webhook:
            allowed_s = self._settings.poll_timeout_s + self._settings.deaf_after_s
            ends.add(asyncio.create_task(self._polls.deaf(allowed_s)))
        done, rest = await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
        for task in rest:
            task.cancel()
        if stop in done:
            return 0
        _logger.error("ending, for a supervisor to start it again: %s", done.pop().result())
        return 1

    async def _close(self, grace_s: float) -> None:
        """Receive nothing more, finish what is in work, close everything."""
        application = self._application
        for task in self._beside:
            task.cancel()
        if self._webhook:
            await _bounded(self._webhook.close(), "the webhook's server")
        if application.updater and application.updater.running:
            await _bounded(application.updater.stop(), "polling")
        if not await self._order.finish(grace_s):
            _logger.warning("what was not finished in time is taken up at the next start")
        if application.running:
            await _bounded(application.stop(), "the application")
        await _bounded(application.shutdown(), "the application")
        await _bounded(application.bot.shutdown(), "the connections")  # also of a failed start

    async def _warm_up(self) -> None:
        """Load what the first question would wait for, such as the dictionary."""
        with suppress(Busy):
            await self._desk.shelf.run(self._desk.shelf.library("").search, "你好", 1)

    def _is_well(self) -> bool:
        return self._application.running and not self._stop.is_set()

    def _aside(self, work: Coroutine[Any, Any, None]) -> None:
        """Do something beside the rest; its failure is logged."""
        task = asyncio.create_task(work)
        self._beside.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self._beside.discard(task)
        if not task.cancelled() and task.exception():
            _logger.error("a task beside failed", exc_info=task.exception())

    async def _unless_stopped(self, work: Coroutine[Any, Any, T]) -> T:
        """Do something that may take long, unless the bot is told to stop.

        Raises:
            _Stopped: it was told to.
        """
        task, stop = asyncio.create_task(work), asyncio.create_task(self._stop.wait())
        try:
            await asyncio.wait({task, stop}, return_when=asyncio.FIRST_COMPLETED)
            if not task.done():
                raise _Stopped
            return task.result()
        finally:
            for one in (task, stop):
                one.cancel()
            await asyncio.gather(task, stop, return_exceptions=True)


class _Stopped(Exception):
    """The bot was told to stop before it had started."""


def build(
    desk: Desk, inbox: Inbox, order: Ordered, polls: Polls, talk: Conversation
) -> Application[Any, Any, Any, Any, Any, Any]:
    """Make the application of python-telegram-bot."""
    settings = desk.settings
    application = (
        ApplicationBuilder()
        .token(settings.token)
        .base_url(settings.base_url)
        .base_file_url(settings.file_url)
        .request(Request(proxy=settings.proxy))
        .get_updates_request(PollRequest(polls, proxy=settings.proxy))
        .rate_limiter(AIORateLimiter(max_retries=3))
        .defaults(
            Defaults(
                parse_mode=ParseMode.HTML,
                link_preview_options=LinkPreviewOptions(is_disabled=True),
            )
        )
        .update_queue(inbox)
        .concurrent_updates(order)
        .job_queue(None)
        .build()
    )
    application.add_handlers(list(talk.handlers))
    application.add_error_handler(Mishaps(desk).handle)
    return application


async def _patiently(call: Callable[[], Awaitable[None]], failed: str) -> None:
    """Call Telegram until it answers, however long that takes; a token that is refused ends it."""
    pause_s = 1.0
    while True:
        try:
            return await call()
        except InvalidToken:
            raise
        except TelegramError as error:
            event(_logger, failed, error=error, again_in_s=pause_s)
            await asyncio.sleep(pause_s)
            pause_s = min(pause_s * 1.5, _LONGEST_PAUSE_S)


def _poll_failed(error: TelegramError) -> None:
    """Log in one line; python-telegram-bot asks again, with pauses."""
    if isinstance(error, Conflict):
        _logger.error("another program receives updates with the same token: stop it")
    else:
        _logger.warning("updates cannot be received: %s", error)


async def _bounded(work: Coroutine[Any, Any, None], what: str) -> None:
    try:
        await asyncio.wait_for(work, _CLOSING_S)
    except TimeoutError:
        _logger.warning("%s did not close in time", what)
    except TelegramError as error:
        # Its polling had ended before: that error comes out only now.
        _logger.info("%s closed with %s", what, type(error).__name__)


def _end_now(code: int) -> None:
    logging.shutdown()
    sys.stdout.flush()
    os._exit(code)
