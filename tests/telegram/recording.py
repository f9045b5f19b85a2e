"""Telegram without a network: a request that records every call and answers as Telegram does.

    recording = Recording()
    application = ApplicationBuilder().token(TOKEN).request(recording).updater(None).build()
    await application.initialize()
    updates = Updates()                                    # tests.telegram.updates
    update = updates.text("产假多少天？", user_id=11)
    await application.process_update(Update.de_json(update, application.bot))
    recording.texts(11)                                    # what was sent, as it is shown
    recording.calls("sendMessage")[0].params["reply_markup"]
    recording.fail("sendMessage", flood(3), BAD_GATEWAY)   # tests.telegram.faults

What Telegram would refuse is refused here too, in its words (`recording.refused` lists it), so a
test that expects nothing of the kind can say `assert recording.refused == []`. Results are real:
message ids rise, edits change what was sent, `recording.messages[chat_id, message_id]` is how a
message stands now. `getUpdates` gives nothing: updates are processed directly.
"""

from __future__ import annotations

import json
from typing import Any

from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest, RequestData

from tests.telegram.faults import Fault, Kind, Script
from tests.telegram.limits import Refused
from tests.telegram.methods import Call, Telegram, decoded
from tests.telegram.updates import Json


class Recording(BaseRequest):
    """A request of python-telegram-bot with `Telegram` behind it, and faults on demand."""

    def __init__(self, telegram: Telegram | None = None) -> None:
        self.telegram = telegram or Telegram()
        self.script = Script()
        self.tried: list[tuple[str, Json]] = []  # every call, also those that failed

    @property
    def read_timeout(self) -> float | None:
        return 5.0

    @property
    def messages(self) -> dict[tuple[int, int], Json]:
        """How every message stands now, by chat and number."""
        return self.telegram.messages

    @property
    def refused(self) -> list[tuple[str, Json, str]]:
        """The calls that Telegram would refuse: method, parameters, its words."""
        return self.telegram.refused

    def calls(self, *methods: str, chat_id: int | None = None) -> list[Call]:
        """Give the accepted calls of these methods (all when none is named), in order."""
        return self.telegram.calls(*methods, chat_id=chat_id)

    def texts(self, chat_id: int | None = None) -> list[str]:
        """Give the texts sent, as they are shown."""
        return self.telegram.texts(chat_id)

    def last(self, method: str = "sendMessage") -> Call:
        """Give the last accepted call of a method."""
        return self.calls(method)[-1]

    def fail(self, method: str, *faults: Fault, chat_id: int | None = None) -> None:
        """Make the next calls of a method (in a chat) fail, one fault for each call."""
        self.script.fail(method, *faults, chat_id=chat_id)

    def keep_file(self, file_id: str, content: bytes, size: int | None = None) -> None:
        """Keep a file that somebody sent, for getFile and its download."""
        self.telegram.keep_file(file_id, content, size)

    async def initialize(self) -> None:
        """Nothing to open."""

    async def shutdown(self) -> None:
        """Nothing to close."""

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = BaseRequest.DEFAULT_NONE,
        write_timeout: Any = BaseRequest.DEFAULT_NONE,
        connect_timeout: Any = BaseRequest.DEFAULT_NONE,
        pool_timeout: Any = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        name = url.rsplit("/", 1)[-1]
        if method == "GET":  # a file is fetched
            return self._download(name)
        # As they travel: JSON, not python-telegram-bot's own tuples and enums.
        params = decoded(request_data.json_parameters if request_data else {})
        self.tried.append((name, params))
        fault = self.script.next(name, params)
        if fault and not fault.accepted:
            return _failed(fault)
        try:
            result = self.telegram.call(name, params, _files(request_data))
        except Refused as error:
            return _answer({"ok": False, "error_code": error.status, "description": str(error)})
        return _failed(fault) if fault else _answer({"ok": True, "result": result})

    def _download(self, file_id: str) -> tuple[int, bytes]:
        fault = self.script.next("download", {})
        if fault:
            return _failed(fault)
        content = self.telegram.files.get(file_id)
        return (404, b"Not Found") if content is None else (200, content)


def _files(data: RequestData | None) -> dict[str, tuple[str, bytes]]:
    found = {}
    for field, part in ((data.multipart_data if data else None) or {}).items():
        name, content = part[0], part[1]
        found[field] = (name, content if isinstance(content, bytes) else content.read())
    return found


def _answer(body: Json) -> tuple[int, bytes]:
    return body.get("error_code", 200), json.dumps(body).encode()


def _failed(fault: Fault) -> tuple[int, bytes]:
    """Fail as python-telegram-bot's own request does."""
    match fault.kind:
        case Kind.RESET:
            raise NetworkError("httpx.ReadError: ")
        case Kind.HANG:
            raise TimedOut
        case Kind.GARBAGE:
            return 200, b"<html>not what you asked for</html>"
    return fault.status, json.dumps(fault.payload()).encode()
