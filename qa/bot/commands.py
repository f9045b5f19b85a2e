"""The short commands: /start, /help, /id, /new, /status and /use."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial

from telegram import Message, Update
from telegram.constants import ChatType
from telegram.ext import CommandHandler, filters

import qa
from qa.bot.addressed import asker
from qa.bot.counters import Summary
from qa.bot.desk import Context, Desk, Handlers, told
from qa.bot.markup import bold, clipped, joined, plain
from qa.bot.sending import reply
from qa.messages import Messages
from qa.records import Status
from qa.reports import readable_bytes, threshold_text

_NAME = 60  # UTF-16 units of a name that somebody typed
_MINUTE_S, _HOUR_S, _DAY_S = 60, 3600, 86_400

_NEW = filters.UpdateType.MESSAGE
_Refusal = Callable[[int, int], str | None]  # of whom, and where; gives a key
_Say = Callable[[Message, int, Messages], Awaitable[str]]  # who asks, in which language; gives HTML


class Commands:
    """Answers the commands that need no question and no document."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def handlers(self) -> Handlers:
        """Give the handlers of all commands here."""
        access = self._desk.access
        commands: tuple[tuple[str, _Refusal, _Say], ...] = (
            ("start", access.asker_refusal, self._start),
            ("help", access.asker_refusal, self._help),
            ("id", _nobody, self._id),
            ("new", access.asker_refusal, self._new),
            ("use", access.admin_refusal, self._use),
            ("status", access.admin_refusal, self._status),
        )
        return [
            CommandHandler(name, partial(self._reply, refused, say), filters=_NEW)
            for name, refused, say in commands
        ]

    async def _reply(self, refused: _Refusal, say: _Say, update: Update, context: Context) -> None:
        message, user = update.effective_message, update.effective_user
        who = asker(message) if message else None
        if message is None or user is None or who is None:
            return
        words = self._desk.words(user)
        refusal = refused(who, message.chat_id)
        html = plain(words(refusal)).html if refusal else await say(message, who, words)
        await reply(message, [html])

    async def _start(self, message: Message, who: int, words: Messages) -> str:
        return plain(words("bot_start")).html

    async def _help(self, message: Message, who: int, words: Messages) -> str:
        private = message.chat.type == ChatType.PRIVATE
        keys = ["bot_help" if private else "bot_help_group", "bot_help_more"]
        if self._desk.access.is_admin(who):
            keys.append("bot_help_admin")
        return joined((plain(words(key)) for key in keys), "\n").html

    async def _id(self, message: Message, who: int, words: Messages) -> str:
        key = "bot_id" if message.chat.type == ChatType.PRIVATE else "bot_id_group"
        return plain(words(key, user=who, chat=message.chat_id)).html

    async def _new(self, message: Message, who: int, words: Messages) -> str:
        self._desk.state.forget(message.chat_id, who)
        return plain(words("courtesy_new_topic")).html

    async def _use(self, message: Message, who: int, words: Messages) -> str:
        default = words("bot_library_default")
        names = words("separator").join(name or default for name in self._desk.shelf.names)
        asked = (message.text or "").partition(" ")[2].strip()
        if not asked:
            now = self._desk.library_of(message.chat_id) or default
            return plain(words("bot_use_now", name=now, names=names)).html
        known = {name.casefold(): name for name in reversed(("", *self._desk.shelf.names)) if name}
        name = known.get(asked.casefold(), "" if asked.casefold() == default.casefold() else None)
        if name is None:
            shown = clipped(asked, _NAME)
            return plain(words("bot_use_unknown", name=shown, names=names)).html
        self._desk.state.bind(message.chat_id, name)
        self._desk.state.forget(message.chat_id, who)
        return plain(words("bot_use_done", name=name or default)).html

    async def _status(self, message: Message, who: int, words: Messages) -> str:
        name = self._desk.library_of(message.chat_id)
        try:
            status = await self._desk.shelf.run(self._desk.shelf.library(name).status)
            return self._status_html(name, status, words)
        except Exception as error:  # a face: one line, whatever it is
            return plain(told(error, words)).html

    def _status_html(self, name: str, status: Status, words: Messages) -> str:
        done = self._desk.counters.summary()
        running = _duration(done.running_s, words)
        lines = [
            bold(name or words("bot_library_default")),
            plain(
                words(
                    "bot_status_library",
                    documents=status.documents,
                    passages=status.passages,
                    disk=readable_bytes(status.disk_bytes),
                )
            ),
            plain(words("bot_status_threshold", threshold=threshold_text(status, words))),
            plain(words("bot_status_running", version=qa.__version__, duration=running)),
            plain(_figures(done, words)),
        ]
        return joined(lines, "\n").html


def _nobody(user_id: int, chat_id: int) -> None:
    """Refuse nobody: whoever wants to be let in must learn their id."""


def _figures(done: Summary, words: Messages) -> str:
    return words(
        "bot_status_asked",
        questions=done.questions,
        found=done.found,
        refused=done.refused,
        errors=done.errors,
        median=round(done.median_ms),
        slowest=round(done.slowest_ms),
    )


def _duration(seconds: float, words: Messages) -> str:
    whole = int(seconds)
    return words(
        "bot_duration",
        days=whole // _DAY_S,
        hours=whole % _DAY_S // _HOUR_S,
        minutes=whole % _HOUR_S // _MINUTE_S,
    )
