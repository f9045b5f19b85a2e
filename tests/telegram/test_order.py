"""Within a chat one after the other, else at once; at the end nothing is lost."""

from __future__ import annotations

import asyncio

import pytest
from telegram import Bot, Update

from qa.bot.inbox import Inbox, working
from qa.bot.order import Ordered, lane
from qa.bot.state import State
from tests.telegram.updates import TOKEN, Updates, group_chat

BOT = Bot(TOKEN)


class Bench:
    """Updates in work: each waits for its gate, and what happens is written down."""

    def __init__(self, state: State) -> None:
        self.inbox = Inbox(state)
        self.order = Ordered(self.inbox)
        self.happened: list[str] = []
        self.gates: dict[str, asyncio.Event] = {}
        self._begun = asyncio.Condition()

    def take(self, name: str, json: dict) -> asyncio.Task:
        self.gates[name] = asyncio.Event()
        update = Update.de_json(json, BOT)
        return asyncio.create_task(self.order.process_update(update, self._handle(name)))

    async def _handle(self, name: str) -> None:
        assert working.get() is not None
        async with self._begun:
            self.happened.append(f"{name} begins")
            self._begun.notify_all()
        await self.gates[name].wait()
        self.happened.append(f"{name} ends")

    async def begun(self, *names: str) -> None:
        async with self._begun:
            await asyncio.wait_for(
                self._begun.wait_for(lambda: {f"{one} begins" for one in names}
                                     <= set(self.happened)), 60)  # fmt: skip

    def open(self, *names: str) -> None:
        for name in names:
            self.gates[name].set()


@pytest.fixture
def state(tmp_path):
    with_state = State.open(tmp_path / "telegram.db")
    yield with_state
    with_state.close()


def document(updates, user, **where):
    return updates.document("a.txt", b"x", user, mime="text/plain", **where)


def test_a_chat_waits_for_itself_and_for_nobody_else(state):
    async def go():
        bench, updates = Bench(state), Updates()
        tasks = [bench.take(name, updates.text("x", user))
                 for name, user in (("a1", 1), ("a2", 1), ("a3", 1), ("b1", 2))]  # fmt: skip
        await bench.begun("a1", "b1")
        bench.open("a2", "a3", "b1")
        await tasks[3]
        assert bench.happened == ["a1 begins", "b1 begins", "b1 ends"]
        bench.open("a1")
        await asyncio.gather(*tasks)
        assert bench.happened[3:] == ["a1 ends", "a2 begins", "a2 ends", "a3 begins", "a3 ends"]
        assert bench.order._lanes == bench.order._in_lane == {}

    asyncio.run(go())


def test_presses_and_inline_queries_wait_for_nothing(state):
    async def go():
        bench, updates = Bench(state), Updates()
        text = updates.text("x", 1)
        tasks = [bench.take("question", text),
                 bench.take("press", updates.press("ask:more:1:0:0", text["message"], 1)),
                 bench.take("press again", updates.press("ask:more:1:0:0", text["message"], 1)),
                 bench.take("inline", updates.inline("x", 1))]  # fmt: skip
        await bench.begun("question", "press", "press again", "inline")
        bench.open(*bench.gates)
        await asyncio.gather(*tasks)

    asyncio.run(go())


def test_lanes():
    updates = Updates()

    def of(json):
        return lane(Update.de_json(json, BOT))

    assert of(updates.text("x", 1)) == of(document(updates, 1)) == ("words", 1)
    group = group_chat()["id"]
    assert of(updates.in_group("x", 1)) == ("words", group)
    assert of(updates.in_group("/add", 1)) == ("files", group)
    assert of(updates.inline("x", 1)) is None


def test_all_that_was_worked_on_is_finished_in_the_state(state):
    async def go():
        bench, updates = Bench(state), Updates(first_update=5)
        json = updates.text("x", 1)
        await bench.inbox.put(Update.de_json(json, BOT))
        task = bench.take("a", json)
        bench.open("a")
        await task

    asyncio.run(go())
    assert state.waiting() == []
    assert not state.receive(5, "{}", 1.0)


def test_closing_finishes_what_is_in_work_and_leaves_the_rest_for_the_next_start(state):
    async def go():
        bench, updates = Bench(state), Updates(first_update=5)
        jsons = [updates.text("x", 1), updates.text("y", 1)]
        for json in jsons:
            await bench.inbox.put(Update.de_json(json, BOT))
        tasks = [bench.take(f"a{number}", json) for number, json in enumerate(jsons)]
        await bench.begun("a0")
        closing = asyncio.create_task(bench.order.finish(60))
        await asyncio.sleep(0)
        bench.open("a0", "a1")
        assert await closing
        await asyncio.gather(*tasks)
        assert bench.happened == ["a0 begins", "a0 ends"]

    asyncio.run(go())
    assert [number for number, _, _ in state.waiting()] == [6]


def test_what_does_not_end_in_time_is_cancelled_and_left_for_the_next_start(state):
    async def go():
        bench, updates = Bench(state), Updates(first_update=5)
        json = updates.text("x", 1)
        await bench.inbox.put(Update.de_json(json, BOT))
        task = bench.take("a", json)
        await bench.begun("a")
        assert not await bench.order.finish(0.01)
        await asyncio.wait({task}, timeout=60)
        assert task.cancelled()

    asyncio.run(go())
    assert [number for number, _, _ in state.waiting()] == [5]


def test_nothing_in_work_ends_at_once(state):
    async def go():
        assert await Bench(state).order.finish(0.01)

    asyncio.run(go())


def test_a_state_that_fails_at_the_end_stops_nobody(state):
    async def go():
        bench, updates = Bench(state), Updates()
        task = bench.take("a", updates.text("x", 1))
        await bench.begun("a")
        state._connection.execute("PRAGMA query_only = ON")
        bench.open("a")
        await task
        state._connection.execute("PRAGMA query_only = OFF")

    asyncio.run(go())
