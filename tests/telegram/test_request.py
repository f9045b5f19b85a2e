"""What is sent again and what never: by what may have become of it."""

from __future__ import annotations

import asyncio
import json
from collections import deque

import httpx
import pytest
from telegram import Bot
from telegram.error import BadRequest, NetworkError, RetryAfter, TelegramError, TimedOut

from qa.bot.inbox import Inbox
from qa.bot.request import Request, Uncertain
from qa.bot.state import State
from tests.telegram.updates import BOT, TOKEN

MESSAGE = {"message_id": 1, "date": 1, "chat": {"id": 1, "type": "private"}, "text": "x"}
RESULTS = {"sendMessage": MESSAGE, "getMe": BOT}

REFUSED = [500, 502, 503]
UNSENT = [httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError]
UNKNOWN = [httpx.ReadError, httpx.WriteError, httpx.RemoteProtocolError, httpx.ReadTimeout,
           httpx.WriteTimeout]  # fmt: skip


class Network(httpx.AsyncBaseTransport):
    """Fails as it is told, then answers; writes down each call and the update's stage then."""

    def __init__(self, *faults, state: State | None = None) -> None:
        super().__init__()
        self.faults = deque(faults)
        self.calls: list[str] = []
        self.begun: list[bool] = []
        self._state = state

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        name = request.url.path.rsplit("/", 1)[-1]
        self.calls.append(name)
        if self._state:
            self.begun.append(bool(self._state.interrupted()))
        fault = self.faults.popleft() if self.faults else None
        if isinstance(fault, type):
            raise fault("broken")
        if isinstance(fault, tuple):
            return httpx.Response(fault[0], json=fault[1])
        if fault is not None:
            return httpx.Response(fault, json={"ok": False, "description": "no"})
        body = {"ok": True, "result": RESULTS.get(name, True)}
        return httpx.Response(200, content=json.dumps(body))


def do(network: Network, what):
    async def go():
        request = Request(pause_s=0, transport=network)
        polls = Request(pause_s=0, transport=network)
        async with Bot(TOKEN, request=request, get_updates_request=polls) as bot:
            network.calls.clear()
            return await what(bot)

    return asyncio.run(go())


def send(bot):
    return bot.send_message(1, "x")


def edit(bot):
    return bot.edit_message_text("x", 1, 1)


class Later(Network):
    """Fails only from the first call behind getMe on."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/getMe"):
            return httpx.Response(200, json={"ok": True, "result": BOT})
        return await super().handle_async_request(request)


@pytest.mark.parametrize("fault", [*REFUSED, *UNSENT])
def test_what_surely_did_not_happen_is_done_again(fault):
    network = Later(fault, fault)
    assert do(network, send).message_id == 1
    assert network.calls == ["sendMessage"] * 3


@pytest.mark.parametrize("fault", [*UNKNOWN, 504])
def test_a_message_that_may_have_arrived_is_not_sent_again(fault):
    network = Later(fault)
    with pytest.raises(Uncertain):
        do(network, send)
    assert network.calls == ["sendMessage"]


@pytest.mark.parametrize("fault", [*REFUSED, *UNSENT, *UNKNOWN, 504])
@pytest.mark.parametrize(
    "what",
    [edit, lambda bot: bot.answer_callback_query("1"), lambda bot: bot.delete_message(1, 1),
     lambda bot: bot.send_chat_action(1, "typing"), lambda bot: bot.set_my_description("x")],
    ids=["edit", "answer", "delete", "typing", "set"],
)  # fmt: skip
def test_what_is_the_same_twice_is_repeated_whatever_became_of_it(fault, what):
    network = Later(fault, fault)
    try:
        do(network, what)
    except TypeError:
        assert what is edit  # the message that this network gives back is `true`
    assert len(network.calls) == 3


@pytest.mark.parametrize("method", ["send_document", "send_photo", "copy_message"])
def test_all_that_makes_a_message_is_a_message(method):
    calls = {
        "send_document": lambda bot: bot.send_document(1, b"x", filename="a.txt"),
        "send_photo": lambda bot: bot.send_photo(1, "id"),
        "copy_message": lambda bot: bot.copy_message(1, 1, 1),
    }
    network = Later(httpx.ReadTimeout)
    with pytest.raises(Uncertain):
        do(network, calls[method])
    assert len(network.calls) == 1


@pytest.mark.parametrize(
    ("status", "error"), [(400, BadRequest), (409, TelegramError), (418, NetworkError)]
)
def test_a_final_no_is_not_repeated(status, error):
    network = Later(status)
    with pytest.raises(error):
        do(network, send)
    assert len(network.calls) == 1


def test_a_flood_with_a_time_is_left_to_the_rate_limiter_and_without_one_is_not():
    body = {"ok": False, "description": "Too Many", "parameters": {"retry_after": 3}}
    network = Later((429, body))
    with pytest.raises(RetryAfter):
        do(network, send)
    assert len(network.calls) == 1
    network = Later(429, 429)
    assert do(network, send).message_id == 1
    assert len(network.calls) == 3


def test_patience_ends_sooner_where_telegram_answers_than_where_nothing_can_be_sent():
    network = Later(*[502] * 50)
    with pytest.raises(NetworkError):
        do(network, send)
    refused = len(network.calls)
    network = Later(*[httpx.ConnectError] * 50)
    with pytest.raises(NetworkError):
        do(network, send)
    assert 3 <= refused < len(network.calls) < 50
    network = Later(*[httpx.ReadTimeout] * 50)
    with pytest.raises(TimedOut):
        do(network, edit)
    assert len(network.calls) == refused


def test_a_file_is_fetched_again():
    network = Later(httpx.ReadTimeout, 502)
    assert do(network, lambda bot: bot.request.retrieve("https://api.telegram.org/file/x"))
    assert len(network.calls) == 3


@pytest.fixture
def state(tmp_path):
    opened = State.open(tmp_path / "telegram.db")
    opened.receive(5, "{}", 1.0)
    yield opened
    opened.close()


def in_work(state: State, *faults, what=send):
    """Do something for an update; give the network and whether the update is to be done again."""
    network = Later(*faults, state=state)

    async def go(bot):
        async with Inbox(state).work(5) as work:
            try:
                await what(bot)
            except TelegramError:
                assert faults
            again = work.again
        return again

    return network, do(network, go)


def test_an_update_is_begun_on_the_disk_before_each_try(state):
    network, again = in_work(state, httpx.ConnectError, 502)
    assert network.begun == [True, True, True]
    assert not again
    assert state.waiting() == state.interrupted() == []


def test_while_it_waits_for_the_next_try_it_is_not_begun(state):
    seen = []
    network = Later(httpx.ConnectError, state=state)

    class Watching(Request):
        async def _pause(self, *values):
            seen.append((state.waiting() != [], state.interrupted()))

    async def go():
        request = Watching(transport=network)
        async with Bot(TOKEN, request=request) as bot, Inbox(state).work(5):
            await send(bot)

    asyncio.run(go())
    assert seen == [(True, [])]


def test_what_could_not_leave_at_all_is_done_again_at_the_next_start(state):
    _, again = in_work(state, *[httpx.ConnectError] * 50)
    assert again
    assert len(state.waiting()) == 1


def test_what_may_have_left_is_not(state):
    _, again = in_work(state, httpx.ReadTimeout)
    assert not again
    assert state.waiting() == state.interrupted() == []


def test_a_refusal_for_good_neither(state):
    _, again = in_work(state, 403)
    assert not again
    assert state.waiting() == []


def test_typing_begins_nothing(state):
    network, _ = in_work(state, what=lambda bot: bot.send_chat_action(1, "typing"))
    assert network.begun == [False]
