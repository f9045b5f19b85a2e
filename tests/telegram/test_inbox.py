"""Every update is dealt with once, whenever the process is killed."""

from __future__ import annotations

import asyncio
import time

import pytest
from telegram import Bot, Update
from telegram.error import NetworkError

from qa.bot.inbox import Inbox, working
from qa.bot.state import State, StateFailed
from tests.telegram.updates import TOKEN, Updates

BOT = Bot(TOKEN)
DAY_S = 24 * 3600


class Killed(BaseException):
    """The process ends here."""


class Mortal:
    """A state during whose calls the process is killed: before or behind the n-th one."""

    def __init__(self, state: State, call: int = -1, *, behind: bool = False) -> None:
        self._state = state
        self._left = call
        self._behind = behind

    def __getattr__(self, name):
        method = getattr(self._state, name)

        def called(*values):
            self._left -= 1
            if self._left == 0 and not self._behind:
                raise Killed
            result = method(*values)
            if self._left == 0:
                raise Killed
            return result

        return called


@pytest.fixture
def state(tmp_path):
    with_state = State.open(tmp_path / "telegram.db")
    yield with_state
    with_state.close()


def text(number: int, **given) -> Update:
    json = Updates(first_update=number).text("年休假几天？", 11)
    json["message"].update(given)
    return Update.de_json(json, BOT)


def queued(inbox: Inbox) -> list[int]:
    found = []
    while not inbox.empty():
        found.append(inbox.get_nowait().update_id)
    return found


def test_an_update_is_stored_before_it_is_queued_and_taken_once(state):
    async def go():
        inbox = Inbox(state)
        for number in (5, 6, 5):
            await inbox.put(text(number))
        return queued(inbox)

    assert asyncio.run(go()) == [5, 6]
    assert [number for number, _, _ in state.waiting()] == [5, 6]


def test_what_is_no_update_passes(state):
    async def go():
        inbox, signal = Inbox(state), object()
        await inbox.put(signal)
        assert inbox.get_nowait() is signal

    asyncio.run(go())
    assert state.waiting() == []


def test_what_is_older_than_a_day_is_dropped_but_presses_of_old_buttons_are_not(state):
    async def go():
        inbox = Inbox(state)
        await inbox.put(text(5, date=int(time.time()) - DAY_S - 60))
        updates = Updates(first_update=6)
        message = updates.text("x", 11)["message"] | {"date": 1}
        await inbox.put(Update.de_json(updates.press("ask:more:1:0:0", message, 11), BOT))
        return queued(inbox)

    assert len(asyncio.run(go())) == 1


def test_where_it_cannot_be_stored_telegram_is_asked_again(state):
    state._connection.execute("PRAGMA query_only = ON")

    async def go():
        inbox = Inbox(state)
        with pytest.raises(NetworkError):
            await inbox.put(text(5))
        assert inbox.empty()
        state._connection.execute("PRAGMA query_only = OFF")
        await inbox.put(text(5))
        return queued(inbox)

    assert asyncio.run(go()) == [5]


def test_where_old_updates_cannot_be_dropped_new_ones_are_taken_all_the_same(state, monkeypatch):
    def fail(*_):
        raise StateFailed("no room")

    monkeypatch.setattr(state, "prune", fail)

    async def go():
        inbox = Inbox(state)
        await inbox.put(text(5))
        return queued(inbox)

    assert asyncio.run(go()) == [5]


def test_at_start_what_waits_is_queued_in_order_whole_and_only_once(state):
    async def before():
        inbox = Inbox(state)
        for number in (9, 7, 8, 6):
            await inbox.put(text(number))
        async with inbox.work(7):
            pass
        await inbox.begin(8)

    async def after():
        inbox = Inbox(state)
        assert await inbox.replay(BOT) == 2
        await inbox.put(text(6))  # Telegram gives it again, too late
        await inbox.put(text(10))
        first = inbox.get_nowait()
        assert first.message.text == "年休假几天？"
        assert first.message.get_bot() is BOT
        return [first.update_id, *queued(inbox)]

    asyncio.run(before())
    assert asyncio.run(after()) == [6, 9, 10]
    assert state.interrupted() == []


def test_at_start_what_is_too_old_or_unreadable_is_finished(state):
    state.receive(1, text(1).to_json(), time.time() - DAY_S - 60)
    state.receive(2, "not json", time.time())
    state.receive(3, '{"update_id": 3, "message": {}}', time.time())
    inbox = Inbox(state)
    assert asyncio.run(inbox.replay(BOT)) == 0
    assert state.waiting() == []


def test_the_text_of_what_is_done_is_not_kept(state):
    async def go():
        inbox = Inbox(state)
        await inbox.put(text(5))
        async with inbox.work(5):
            assert working.get().update_id == 5
        assert working.get() is None

    asyncio.run(go())
    (body,) = state._connection.execute("SELECT body FROM received").fetchone()
    assert body == ""


def test_an_update_whose_handler_fails_is_finished_unless_its_answer_could_not_leave(state):
    async def go():
        inbox = Inbox(state)
        await inbox.put(text(5))
        await inbox.put(text(6))
        async with inbox.work(5) as work:
            await work.depart()
            await work.arrive(left=False)
            work.unsent = True
        async with inbox.work(6) as work:  # one message left, a second one did not
            await work.depart()
            await work.arrive(left=True)
            work.unsent = True

    asyncio.run(go())
    assert [number for number, _, _ in state.waiting()] == [5]


def test_cancelled_it_stays_as_it_stands(state):
    async def go():
        inbox = Inbox(state)
        for number in (5, 6):
            await inbox.put(text(number))

        async def work(number, *, begins):
            async with inbox.work(number) as one:
                if begins:
                    await one.depart()
                await asyncio.Event().wait()

        tasks = [asyncio.create_task(work(5, begins=False)),
                 asyncio.create_task(work(6, begins=True))]  # fmt: skip
        async with asyncio.timeout(60):
            while not state.interrupted():
                await asyncio.sleep(0)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    asyncio.run(go())
    assert [number for number, _, _ in state.waiting()] == [5]
    assert state.interrupted() == [6]


def test_two_messages_at_once_are_begun_once_and_withdrawn_only_when_neither_left(state):
    async def go(left):
        inbox = Inbox(state)
        async with inbox.work(5) as work:
            await work.depart()
            await work.depart()
            await work.arrive(left=False)
            assert state.interrupted() == [5]  # the other is still on its way
            await work.arrive(left=left)
            assert state.interrupted() == ([5] if left else [])

    state.receive(5, "{}", 1.0)
    asyncio.run(go(left=True))
    state._connection.execute("UPDATE received SET stage = 0")
    asyncio.run(go(left=False))


# What a process does with its updates, and with what it has left from before.
async def life(state, give: list[int], arrived: list[int], lost: set[int]) -> None:
    inbox = Inbox(state)
    await inbox.replay(BOT)
    for number in give:
        await inbox.put(text(number))
    while not inbox.empty():
        update = inbox.get_nowait()
        async with inbox.work(update.update_id) as work:
            for _ in range(2):  # the first finds no connection
                await work.depart()
                reached = update.update_id not in lost
                lost.discard(update.update_id)
                if reached:
                    arrived.append(update.update_id)
                await work.arrive(left=reached)
                if reached:
                    break


def test_killed_at_every_instant_nothing_is_answered_twice_and_what_had_not_left_is_answered(
    tmp_path,
):
    """Each run is killed at another call of the state, before or behind it; then a whole one."""
    for call in range(1, 40):
        for behind in (False, True):
            state = State.open(tmp_path / f"{call}-{behind}.db")
            arrived: list[int] = []
            killed = False
            try:
                asyncio.run(life(Mortal(state, call, behind=behind), [1, 2, 3], arrived, {2}))
            except Killed:
                killed = True
            before = list(arrived)
            given = {number for (number,) in state._connection.execute("SELECT id FROM received")}
            begun = set(state.interrupted())
            # Telegram gives all of them again, since nobody knows what was acknowledged.
            asyncio.run(life(state, [1, 2, 3], arrived, set()))
            assert len(arrived) == len(set(arrived)), f"twice, killed at {call} {behind}"
            # Missing at most: what had begun to leave and was cut short.
            assert set(arrived) | begun == {1, 2, 3}
            assert len(begun) <= 1
            assert state.waiting() == state.interrupted() == []
            assert set(before) <= given
            state.close()
            if not killed:
                return
    raise AssertionError("more calls than were tried")


def test_a_state_that_fails_while_an_answer_leaves_keeps_it_from_leaving(state):
    state.receive(5, "{}", 1.0)
    state._connection.execute("PRAGMA query_only = ON")

    async def go():
        inbox = Inbox(state)
        async with inbox.work(5) as work:
            await work.depart()

    with pytest.raises(StateFailed):
        asyncio.run(go())
    state._connection.execute("PRAGMA query_only = OFF")
    assert [number for number, _, _ in state.waiting()] == [5]
