"""The short commands: /start, /help, /id, /new, /status and /use."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import partial

from telegram import Message, Update
from telegram.constants import ChatType
from telegram.ext import CommandHandler, filters

import qa
from qa.bot.addressed import asker
from qa.bot.catalogue import Catalogues
from qa.bot.counters import Summary
from qa.bot.desk import Context, Desk, Handlers
from qa.bot.markup import bold, clipped, joined, plain
from qa.bot.sending import reply
from qa.bot.shelf import Busy
from qa.messages import Messages, explain
from qa.records import Status
from qa.reports import readable_bytes, threshold_text

_NAME = 60  # UTF-16 units of a name that somebody typed
_MINUTE_S, _HOUR_S, _DAY_S = 60, 3600, 86_400

_logger = logging.getLogger(__name__)
_Said = Callable[[Message, int, Messages], str]  # to whom, and in which language; gives HTML


class Commands:
    """Answers the commands that need no question and no document."""

    def __init__(self, desk: Desk, catalogues: Catalogues) -> None:
        self._desk = desk
        self._catalogues = catalogues

    def handlers(self) -> Handlers:
        """Give the handlers of all commands here."""
        said: dict[str, _Said] = {
            "start": self._start,
            "help": self._help,
            "id": self._id,
            "new": self._new,
            "use": self._use,
        }
        new = filters.UpdateType.MESSAGE
        simple = [
            CommandHandler(name, partial(self._reply, say), filters=new)
            for name, say in said.items()
        ]
        return (*simple, CommandHandler("status", self._status, filters=new))

    async def _reply(self, say: _Said, update: Update, context: Context) -> None:
        message, user = update.effective_message, update.effective_user
        who = asker(message) if message else None
        if message is None or user is None or who is None:
            return
        words = self._desk.words(user)
        await reply(message, [say(message, who, words)])

    def _start(self, message: Message, who: int, words: Messages) -> str:
        if not self._desk.access.may_ask(who, message.chat_id):
            return plain(words("bot_stranger")).html
        return plain(words("bot_start")).html

    def _help(self, message: Message, who: int, words: Messages) -> str:
        if not self._desk.access.may_ask(who, message.chat_id):
            return plain(words("bot_stranger")).html
        private = message.chat.type == ChatType.PRIVATE
        keys = ["bot_help" if private else "bot_help_group", "bot_help_more"]
        if self._desk.access.is_admin(who):
            keys.append("bot_help_admin")
        return joined((plain(words(key)) for key in keys), "\n").html

    def _id(self, message: Message, who: int, words: Messages) -> str:
        key = "bot_id" if message.chat.type == ChatType.PRIVATE else "bot_id_group"
        return plain(words(key, user=who, chat=message.chat_id)).html

    def _new(self, message: Message, who: int, words: Messages) -> str:
        if not self._desk.access.may_ask(who, message.chat_id):
            return plain(words("bot_stranger")).html
        self._desk.state.forget(message.chat_id, who)
        return plain(words("bot_new")).html

    def _use(self, message: Message, who: int, words: Messages) -> str:
        refusal = self._desk.access.admin_refusal(who, message.chat_id)
        if refusal:
            return plain(words(refusal)).html
        default = words("bot_library_default")
        names = words("separator").join(name or default for name in self._desk.shelf.names)
        asked = (message.text or "").partition(" ")[2].strip()
        if not asked:
            now = self._catalogues.name_for(message.chat_id) or default
            return plain(words("bot_use_now", name=now, names=names)).html
        known = {name.casefold(): name for name in reversed(("", *self._desk.shelf.names)) if name}
        name = known.get(asked.casefold(), "" if asked.casefold() == default.casefold() else None)
        if name is None:
            shown = clipped(asked, _NAME)
            return plain(words("bot_use_unknown", name=shown, names=names)).html
        self._desk.state.bind(message.chat_id, name)
        self._desk.state.forget(message.chat_id, who)
        return plain(words("bot_use_done", name=name or default)).html

    async def _status(self, update: Update, context: Context) -> None:
        message, user = update.effective_message, update.effective_user
        who = asker(message) if message else None
        if message is None or user is None or who is None:
            return
        words = self._desk.words(user)
        refusal = self._desk.access.admin_refusal(who, message.chat_id)
        if refusal:
            await reply(message, [plain(words(refusal)).html])
            return
        name = self._catalogues.name_for(message.chat_id)
        try:
            status = await self._desk.shelf.run(self._desk.shelf.library(name).status)
            html = self._status_html(name, status, words)
        except Busy:
            html = plain(words("bot_busy")).html
        except Exception as error:  # a face: one line, whatever it is
            _logger.warning("/status failed: %s", type(error).__name__)
            html = plain(explain(error, words)).html
        await reply(message, [html])

    def _status_html(self, name: str, status: Status, words: Messages) -> str:
        threshold = threshold_text(status, words)
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
            plain(words("bot_status_threshold", threshold=threshold)),
            plain(words("bot_status_running", version=qa.__version__, duration=running)),
            plain(_figures(done, words)),
        ]
        return joined(lines, "\n").html


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
