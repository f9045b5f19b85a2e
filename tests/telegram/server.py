"""A Bot API server on loopback for the bot as a process: strict, with faults on demand.

    with Server() as server:
        server.push(updates.text("产假多少天？", 11))         # tests.telegram.updates
        server.wait_for(lambda: server.telegram.texts(11))   # what was sent, as it is shown
        server.fail("sendMessage", flood(1), BAD_GATEWAY)    # tests.telegram.faults

Updates stay until a getUpdates with a greater offset acknowledges them, and are given again
otherwise; a second poller ends the first with 409; with a webhook set updates are posted to it, one
after the other, until it takes them. `telegram` is the other side's state (tests.telegram.methods),
`tried` every call, also those that failed.
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from time import monotonic
from types import TracebackType
from typing import Any, TypeVar

from tests.telegram import http
from tests.telegram.faults import CONFLICT, Fault, Kind, Script
from tests.telegram.limits import Refused
from tests.telegram.methods import Telegram, decoded
from tests.telegram.updates import TOKEN, Json

T = TypeVar("T")

_MOST_UPDATES = 100
_NOT_BY_DEFAULT = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
_WEBHOOK_RETRY_S = 0.05
_ACTIVE_WEBHOOK = (
    "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete "
    "the webhook first"
)


@dataclass(frozen=True, slots=True)
class Tried:
    """A call as it came in, whatever became of it."""

    method: str
    params: Json
    at: float  # seconds, monotonic

    @property
    def chat_id(self) -> int:
        """The chat it was meant for; 0 for none."""
        return int(self.params.get("chat_id", 0))


@dataclass(slots=True)
class _Queue:
    """Updates that are not yet acknowledged."""

    waiting: list[Json] = field(default_factory=list)
    allowed: tuple[str, ...] | None = None  # None: the default kinds
    delivered: dict[int, int] = field(default_factory=dict)  # how often each was given

    def put(self, update: Json) -> None:
        kind = next(key for key in update if key != "update_id")
        if kind in self.allowed if self.allowed else kind not in _NOT_BY_DEFAULT:
            self.waiting.append(update)
            self.waiting.sort(key=lambda one: one["update_id"])

    def acknowledge(self, offset: int) -> None:
        if offset < 0:
            self.waiting = self.waiting[offset:]
        else:
            self.waiting = [one for one in self.waiting if one["update_id"] >= offset]

    def give(self, limit: int) -> list[Json]:
        given = self.waiting[:limit]
        for one in given:
            self.delivered[one["update_id"]] = self.delivered.get(one["update_id"], 0) + 1
        return given


class Server:
    """The server in a thread of its own; everything public may be called from the test's."""

    def __init__(self, telegram: Telegram | None = None, token: str = TOKEN) -> None:
        self.telegram = telegram or Telegram(trusting=False)
        self.token = token
        self.script = Script()
        self.tried: list[Tried] = []
        self.skew_s = 0.0  # how far this server's clock is from the true one
        self.webhook_to = ""  # where updates are posted instead of the URL set, as by a proxy
        self.webhook_statuses: list[int] = []
        self.port = 0
        self._queue = _Queue()
        self._changed = threading.Condition()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._poll: asyncio.Future[None] | None = None
        self._news = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()

    # What the test does

    def __enter__(self) -> Server:
        self._thread.start()
        self._run(self._start())
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._run(self._stop())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    @property
    def base_url(self) -> str:
        """What the bot takes as QA_TELEGRAM_BASE_URL: the token is added to it."""
        return f"http://127.0.0.1:{self.port}/bot"

    @property
    def file_url(self) -> str:
        """What the bot takes as QA_TELEGRAM_FILE_URL."""
        return f"http://127.0.0.1:{self.port}/file/bot"

    def push(self, *updates: Json) -> None:
        """Have updates happen."""
        self._run(self._push(updates))

    def fail(self, method: str, *faults: Fault, chat_id: int | None = None) -> None:
        """Make the next calls of a method (in a chat) fail; "download" is a method too."""
        self.script.fail(method, *faults, chat_id=chat_id)

    def wait_for(self, seen: Callable[[], T], seconds: float = 90.0) -> T:
        """Wait until `seen` gives something true; give it. Not so in time: AssertionError."""
        until = monotonic() + seconds
        with self._changed:
            while not (value := seen()):
                if not self._changed.wait(min(0.2, max(0.0, until - monotonic()))):
                    assert monotonic() < until, f"not seen in {seconds} s; {self._latest()}"
            return value

    def sent(self, chat_id: int) -> int:
        """Count the sends that were tried in a chat, also those that failed."""
        return sum(
            one.method.startswith("send") and one.method != "sendChatAction"
            and one.chat_id == chat_id
            for one in self.tried
        )  # fmt: skip

    def polls(self) -> int:
        """Count the calls of getUpdates."""
        return sum(one.method == "getUpdates" for one in self.tried)

    def unacknowledged(self) -> list[int]:
        """Give the numbers of the updates that are still to be acknowledged."""
        return [one["update_id"] for one in self._queue.waiting]

    def delivered(self, update_id: int) -> int:
        """Count how often an update was given to a poller."""
        return self._queue.delivered.get(update_id, 0)

    def _latest(self) -> str:
        calls = ", ".join(one.method for one in self.tried[-8:])
        return f"the last calls: {calls or 'none'}; refused: {self.telegram.refused[-2:]}"

    # What happens in the server's own thread

    def _run(self, work: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(60)

    async def _start(self) -> None:
        self._listener = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = self._listener.sockets[0].getsockname()[1]
        self._keep(asyncio.create_task(self._post_updates()))

    async def _stop(self) -> None:
        self._listener.close()
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._listener.wait_closed()

    def _keep(self, task: asyncio.Task[None]) -> None:
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _push(self, updates: tuple[Json, ...]) -> None:
        for one in updates:
            self.telegram.witness(one)
            self._queue.put(one)
        self._tell()

    def _tell(self) -> None:
        """Wake who waits: pollers, the webhook's sender, and the test."""
        self.telegram.waiting = len(self._queue.waiting)
        self._news.set()
        self._news = asyncio.Event()
        with self._changed:
            self._changed.notify_all()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._keep(task)
        try:
            while asked := await http.read_request(reader):
                answer = await self._answer(asked, reader, writer)
                if answer is None:
                    return
                writer.write(answer)
                await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass  # killed in the middle of a request, or the test is over
        finally:
            writer.close()
            with contextlib.suppress(ConnectionError, asyncio.CancelledError):
                await writer.wait_closed()

    async def _answer(
        self, asked: http.Asked, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> bytes | None:
        """Answer one request; None when its connection is broken."""
        own, files = f"/bot{self.token}/", f"/file/bot{self.token}/"
        if asked.path.startswith(files):
            method, params = "download", {"path": asked.path.removeprefix(files)}
        elif asked.path.startswith(own):
            method, params = asked.path.removeprefix(own), decoded(asked.fields)
        else:
            return self._error(401, "Unauthorized")
        self.tried.append(Tried(method, params, monotonic()))
        self._tell()
        fault = self.script.next(method, params)
        if fault is None or fault.accepted:
            answer = await self._done(method, params, asked, reader)
            self._tell()
            if fault is None:
                return answer
        return await self._failed(fault, reader, writer)

    async def _failed(
        self, fault: Fault, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> bytes | None:
        match fault.kind:
            case Kind.RESET:
                http.reset(writer)
                return None
            case Kind.HANG:
                await reader.read()  # until the bot gives up
                return None
            case Kind.GARBAGE:
                return http.response(200, b"<html>not what you asked for</html>", kind="text/html")
        return http.json_response(fault.status, fault.payload(), skew_s=self.skew_s)

    async def _done(
        self, method: str, params: Json, asked: http.Asked, reader: asyncio.StreamReader
    ) -> bytes:
        if method == "download":
            content = self.telegram.files.get(params["path"].removeprefix("kept/"))
            if content is None:
                return self._error(404, "Not Found")
            return http.response(200, content, kind="application/octet-stream")
        try:
            if method == "getUpdates":
                result: Any = await self._updates(params)
            else:
                result = self.telegram.call(method, params, asked.files)
        except Refused as error:
            return self._error(error.status, str(error))
        if method == "deleteWebhook" and params.get("drop_pending_updates"):
            self._queue.waiting.clear()
        return http.json_response(200, {"ok": True, "result": result}, skew_s=self.skew_s)

    def _error(self, status: int, description: str) -> bytes:
        body = {"ok": False, "error_code": status, "description": description}
        return http.json_response(status, body, skew_s=self.skew_s)

    async def _updates(self, params: Json) -> list[Json]:
        """Give updates as Telegram does; a poller that comes later ends this one."""
        if self.telegram.webhook["url"]:
            raise Refused(_ACTIVE_WEBHOOK, 409)
        if self._poll is not None and not self._poll.done():
            self._poll.set_exception(Refused(CONFLICT.description, 409))
        ended = self._poll = self._loop.create_future()
        if "allowed_updates" in params:
            self._queue.allowed = tuple(params["allowed_updates"]) or None
        self._queue.acknowledge(int(params.get("offset", 0)))
        self._tell()
        until = self._loop.time() + min(50.0, float(params.get("timeout", 0)))
        limit = int(params.get("limit", _MOST_UPDATES))
        while not self._queue.waiting and self._loop.time() < until:
            news = asyncio.ensure_future(self._news.wait())
            try:
                await asyncio.wait(
                    {news, ended}, timeout=until - self._loop.time(), return_when="FIRST_COMPLETED"
                )
            finally:
                news.cancel()
            if ended.done():
                ended.result()
        if not ended.done():
            ended.set_result(None)
        return self._queue.give(limit)

    async def _post_updates(self) -> None:
        """Post updates to the webhook, the oldest first, again until it takes them."""
        while True:
            news = self._news
            url = self.webhook_to or self.telegram.webhook["url"]
            if not (self.telegram.webhook["url"] and self._queue.waiting):
                await news.wait()
                continue
            update = self._queue.waiting[0]
            secret = self.telegram.webhook["secret_token"]
            headers = {"X-Telegram-Bot-Api-Secret-Token": secret} if secret else {}
            status = await http.post_json(url, update, headers)
            self.webhook_statuses.append(status)
            if 200 <= status < 300:
                self._queue.acknowledge(update["update_id"] + 1)
            else:
                await asyncio.sleep(_WEBHOOK_RETRY_S)
            self._tell()
