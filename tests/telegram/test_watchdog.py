"""A bot that hears nothing is noticed: after a silence, and at once when it is refused."""

from __future__ import annotations

import asyncio

import httpx
import pytest
from telegram import Bot
from telegram.error import InvalidToken, TelegramError

from qa.bot.request import Request
from qa.bot.watchdog import PollRequest, Polls
from tests.telegram.updates import BOT, TOKEN


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        self.now += 10.0
        return self.now


def poll(polls: Polls, *answers) -> None:
    """Ask for updates; each answer is a status with a body, or an error of the connection."""
    left = list(answers)

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/getMe"):
            return httpx.Response(200, json={"ok": True, "result": BOT})
        one = left.pop(0)
        if isinstance(one, type):
            raise one("broken")
        return httpx.Response(one[0], content=one[1])

    async def go():
        transport = httpx.MockTransport(answer)
        get_updates = PollRequest(polls, transport=transport)
        request = Request(pause_s=0, transport=transport)
        async with Bot(TOKEN, request=request, get_updates_request=get_updates) as bot:
            while left:
                await bot.get_updates(timeout=0)

    asyncio.run(go())


class Noting(Polls):
    def __init__(self) -> None:
        super().__init__()
        self.successes = 0

    def succeeded(self) -> None:
        super().succeeded()
        self.successes += 1


def test_silence_is_counted_from_the_last_answer():
    now = [100.0]
    polls = Polls(lambda: now[0])
    now[0] = 130.0
    assert polls.silence_s == 30.0
    polls.succeeded()
    assert polls.silence_s == 0.0


@pytest.mark.parametrize("body", [b'{"ok":true,"result":[]}', b'{ "ok": true, "result": [] }'])
def test_an_answer_with_updates_counts(body):
    polls = Noting()
    poll(polls, (200, body), (200, body))
    assert (polls.successes, polls.status) == (2, 0)


@pytest.mark.parametrize(
    "answer",
    [(200, b"<html>log in first</html>"), (502, b"no"), (409, b'{"ok":false}'),
     httpx.ReadTimeout, httpx.ConnectError],
)  # fmt: skip
def test_nothing_else_does(answer):
    polls = Noting()
    with pytest.raises(TelegramError):
        poll(polls, answer)
    assert (polls.successes, polls.status) == (0, 0)


@pytest.mark.parametrize("status", [401, 404])
def test_a_refusal_is_noticed_at_once(status):
    polls = Polls()
    with pytest.raises(InvalidToken):
        poll(polls, (status, b'{"ok":false}'))
    said = asyncio.run(asyncio.wait_for(polls.deaf(3600), 60))
    assert str(status) in said
    assert TOKEN not in said


def test_a_refusal_that_comes_while_it_watches_wakes_it():
    async def go():
        polls = Polls()
        watching = asyncio.create_task(polls.deaf(3600, every_s=3600))
        await asyncio.sleep(0)
        polls.refused(401)
        return await asyncio.wait_for(watching, 60)

    assert "401" in asyncio.run(go())


def test_too_long_a_silence_is_noticed_and_a_shorter_one_is_not():
    async def go():
        clock = Clock()  # ten seconds pass at every look
        polls = Polls(clock)
        began = clock.now
        said = await asyncio.wait_for(polls.deaf(100, every_s=0.001), 60)
        assert 100 < clock.now - began <= 130
        return said

    assert "no request for updates has succeeded" in asyncio.run(go())
