"""The bot's own server: only Telegram gets in, 200 means stored, and anybody may ask how it is."""

from __future__ import annotations

import asyncio
import json
import socket
from contextlib import asynccontextmanager, closing

import httpx
import pytest
from telegram import Bot

from qa.bot.counters import Counters
from qa.bot.inbox import Inbox
from qa.bot.settings import BotSettings
from qa.bot.state import State
from qa.bot.webhook import Parts, Webhook
from qa.errors import ConfigError
from tests.telegram.updates import TOKEN, Updates

pytestmark = pytest.mark.network

SECRET = "webhook-secret"  # noqa: S105
HEADER = "X-Telegram-Bot-Api-Secret-Token"
GOOD = {HEADER: SECRET, "Content-Type": "application/json"}


@pytest.fixture
def port():
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


@pytest.fixture
def settings(port):
    return BotSettings(
        token=TOKEN,
        webhook_url="https://bot.example/in/here",
        webhook_path="/in/here",
        webhook_port=port,
        webhook_secret=SECRET,
    )


@pytest.fixture
def state(tmp_path):
    opened = State.open(tmp_path / "telegram.db")
    yield opened
    opened.close()


class Site:
    def __init__(self, client: httpx.AsyncClient, inbox: Inbox, counters: Counters) -> None:
        self.client = client
        self.inbox = inbox
        self.counters = counters
        self.well = True


@asynccontextmanager
async def site(settings, state):
    inbox, counters = Inbox(state), Counters()
    address = f"http://127.0.0.1:{settings.webhook_port}"
    async with httpx.AsyncClient(base_url=address, trust_env=False, timeout=60) as client:
        here = Site(client, inbox, counters)
        webhook = Webhook(Parts(settings, Bot(TOKEN), inbox, counters, lambda: here.well))
        webhook.bind()
        webhook.start()
        try:
            yield here
        finally:
            await webhook.close()


def visit(settings, state, what):
    async def go():
        async with site(settings, state) as here:
            return await what(here)

    return asyncio.run(go())


def test_an_update_is_stored_and_queued_once_however_often_it_is_sent(settings, state):
    update = Updates(first_update=5).text("年休假几天？", 11)

    async def what(here):
        statuses = []
        for path in ("/in/here", "/in/here/", "/in/here"):
            answer = await here.client.post(path, json=update, headers=GOOD)
            statuses.append(answer.status_code)
        taken = here.inbox.get_nowait()
        return statuses, taken.message.text, here.inbox.empty()

    assert visit(settings, state, what) == ([200] * 3, "年休假几天？", True)
    assert [number for number, _, _ in state.waiting()] == [5]


@pytest.mark.parametrize(
    ("headers", "status"),
    [({}, 401), ({HEADER: ""}, 403), ({HEADER: SECRET[:-1]}, 403), ({HEADER: SECRET + "x"}, 403),
     ({HEADER: SECRET.upper()}, 403)],
)  # fmt: skip
def test_only_who_has_the_secret_gets_in(settings, state, headers, status):
    async def what(here):
        answer = await here.client.post("/in/here", content=b"{}", headers=headers)
        return answer.status_code, answer.text

    got, said = visit(settings, state, what)
    assert got == status
    assert SECRET not in said
    assert state.waiting() == []


@pytest.mark.parametrize(
    "body",
    [b"", b"not json", b"[]", b"null", b"1", b"{}", b'{"update_id": "x", "message": {}}',
     b"\xff\xfe"],
)  # fmt: skip
def test_what_is_no_update_is_refused_and_stops_nothing(settings, state, body):
    async def what(here):
        bad = await here.client.post("/in/here", content=body, headers=GOOD)
        good = await here.client.post(
            "/in/here", json=Updates(first_update=9).text("x", 11), headers=GOOD
        )
        return bad.status_code, good.status_code

    assert visit(settings, state, what) == (400, 200)
    assert [number for number, _, _ in state.waiting()] == [9]


@pytest.mark.parametrize("message", [{"message_id": 1}, [1]])
def test_an_update_that_cannot_be_read_is_taken_and_dropped(settings, state, message):
    """Refused, it would come again and again."""

    async def what(here):
        body = {"update_id": 5, "message": message}
        answer = await here.client.post("/in/here", json=body, headers=GOOD)
        return answer.status_code

    assert visit(settings, state, what) == 200


def test_other_paths_and_methods_are_nothing(settings, state):
    async def what(here):
        return [
            (await here.client.post("/", headers=GOOD)).status_code,
            (await here.client.post("/in/here/x", headers=GOOD)).status_code,
            (await here.client.get("/in/here", headers=GOOD)).status_code,
            (await here.client.get("/nothing")).status_code,
            (await here.client.post("/metrics")).status_code,
        ]

    assert visit(settings, state, what) == [404, 404, 405, 404, 405]


def test_a_flood_of_bytes_is_cut_off(settings, state):
    async def what(here):
        try:
            answer = await here.client.post("/in/here", content=b"x" * 3_000_000, headers=GOOD)
        except httpx.TransportError:
            return "cut off"
        return answer.status_code

    assert visit(settings, state, what) in ("cut off", 400, 413)


def test_where_it_cannot_be_stored_telegram_is_asked_to_send_it_again(settings, state):
    update = Updates(first_update=5).text("x", 11)

    async def what(here):
        state._connection.execute("PRAGMA query_only = ON")
        first = await here.client.post("/in/here", json=update, headers=GOOD)
        state._connection.execute("PRAGMA query_only = OFF")
        second = await here.client.post("/in/here", json=update, headers=GOOD)
        return first.status_code, second.status_code

    assert visit(settings, state, what) == (503, 200)


def test_how_it_is_and_what_it_has_done(settings, state):
    async def what(here):
        here.counters.answered(found=True, seconds=0.02)
        well = await here.client.get("/healthz")
        numbers = await here.client.get("/metrics")
        here.well = False
        ill = await here.client.get("/healthz")
        return well, ill, numbers

    well, ill, numbers = visit(settings, state, what)
    assert (well.status_code, well.text, ill.status_code) == (200, "ok\n", 503)
    assert "qa_questions_total 1.0" in numbers.text
    assert numbers.headers["Content-Type"].startswith("text/plain; version=0.0.4")


def test_a_port_in_use_is_one_clear_line(settings, state):
    with closing(socket.socket()) as other:
        other.bind(("127.0.0.1", settings.webhook_port))
        other.listen()
        with pytest.raises(ConfigError, match="Address already in use"):
            visit(settings, state, json.dumps)


def test_bound_and_never_started_it_closes(settings, state):
    async def go():
        parts = Parts(settings, Bot(TOKEN), Inbox(state), Counters(), lambda: True)
        for _ in range(2):  # the port is free again
            webhook = Webhook(parts)
            webhook.bind()
            await webhook.close()

    asyncio.run(go())
