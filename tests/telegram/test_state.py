"""What the bot remembers: once, across restarts, from any thread."""

from __future__ import annotations

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from qa.bot.state import Shown, State, StateFailed
from qa.errors import ConfigError

SHOWN = Shown(
    number=0, chat_id=-100, user_id=11, message_id=0, library="人事", at=1000.0,
    question="年休假几天？", understood="", found=True, quote="五天<b>", passages=(7, 9),
    quotes=((3, 8), (0, 4)),
)  # fmt: skip


@pytest.fixture
def file(tmp_path):
    return tmp_path / "deep" / "telegram.db"


@pytest.fixture
def state(file):
    state = State.open(file)
    yield state
    state.close()


def again(state: State) -> State:
    state.close()
    return State.open(state.file)


def test_an_update_is_new_once_also_after_a_restart(state):
    assert state.receive(5, "{}", 1.0)
    assert not state.receive(5, "{other}", 2.0)
    state = again(state)
    assert not state.receive(5, "{}", 3.0)
    assert state.waiting() == [(5, "{}", 1.0)]
    state.finish(5)
    assert not state.receive(5, "{}", 4.0)
    state.close()


def test_the_stages_of_an_update(state):
    for number in (9, 7, 8):
        state.receive(number, f"{number}", 1.0)
    assert [number for number, _, _ in state.waiting()] == [7, 8, 9]
    state.begin(8)
    state.begin(9)
    assert [number for number, _, _ in state.waiting()] == [7]
    assert state.interrupted() == [8, 9]
    state.withdraw(8)
    assert [number for number, _, _ in state.waiting()] == [7, 8]
    state.finish(9)
    state.withdraw(9)  # what is done stays done
    state.begin(9)
    assert (state.interrupted(), len(state.waiting())) == ([], 2)


def test_the_text_of_an_update_that_is_done_is_gone(state, file):
    state.receive(1, "a secret question", 1.0)
    state.finish(1)
    with sqlite3.connect(file) as database:
        assert database.execute("SELECT body FROM received").fetchall() == [("",)]
    database.close()


def test_pruning_leaves_what_waits_and_what_is_young(state):
    for number, at in ((1, 10.0), (2, 10.0), (3, 30.0)):
        state.receive(number, "{}", at)
    state.finish(1)
    state.finish(3)
    old, young = state.show(SHOWN), state.show(replace(SHOWN, at=2000.0))
    state.prune(received_before=20.0, shown_before=1500.0)
    assert state.receive(1, "{}", 40.0)
    assert not state.receive(2, "{}", 40.0)
    assert not state.receive(3, "{}", 40.0)
    assert state.shown(old) is None
    assert state.shown(young) is not None


def test_answers_shown_come_back_whole(state):
    number = state.show(SHOWN)
    assert state.shown(number) == replace(SHOWN, number=number)
    state.place(number, 77)
    state = again(state)
    assert state.shown_in(-100, 77) == replace(SHOWN, number=number, message_id=77)
    assert state.shown_in(-101, 77) is None
    assert state.shown_in(-100, 0) is None
    assert state.shown(number + 1) is None
    state.close()


def test_numbers_of_answers_are_never_given_again(state):
    number = state.show(SHOWN)
    state.prune(0.0, 1e12)
    assert state.show(SHOWN) > number


def test_a_topic_is_of_one_person_in_one_chat_and_can_be_forgotten(state):
    for at, chat, user in ((1.0, 1, 1), (2.0, 1, 1), (3.0, 1, 2), (4.0, 2, 1), (5.0, 1, 1)):
        state.show(replace(SHOWN, at=at, chat_id=chat, user_id=user))
    assert [one.at for one in state.turns(1, 1, 2.0)] == [2.0, 5.0]
    state.forget(1, 1)
    assert state.turns(1, 1, 0.0) == []
    assert [one.at for one in state.turns(1, 2, 0.0)] == [3.0]
    number = state.show(replace(SHOWN, at=6.0, chat_id=1, user_id=1))
    assert [one.number for one in state.turns(1, 1, 0.0)] == [number]
    assert state.shown(1) is not None  # buttons of older answers still work


def test_forgetting_before_the_first_answer_is_fine(state):
    state.forget(1, 1)
    state.forget(1, 1)
    state.show(replace(SHOWN, chat_id=1, user_id=1))
    assert len(state.turns(1, 1, 0.0)) == 1


def test_which_library_a_chat_uses(state):
    assert state.bound(-100) == ""
    state.bind(-100, "人事")
    state.bind(-100, "财务")
    state = again(state)
    assert (state.bound(-100), state.bound(100)) == ("财务", "")
    state.close()


def test_use_is_counted_by_day_and_person_from_many_threads(state):
    with ThreadPoolExecutor(8) as pool:
        counts = list(pool.map(lambda _: state.use(1, "2024-04-01"), range(80)))
    assert sorted(counts) == list(range(1, 81))
    assert state.use(1, "2024-04-02") == 1
    assert state.use(2, "2024-04-01") == 1
    state = again(state)
    assert state.use(1, "2024-04-01") == 81
    state.close()


def test_another_bot_s_updates_and_answers_mean_nothing(state):
    state.belong(1)
    state.receive(5, "{}", 1.0)
    number = state.show(SHOWN)
    state.bind(1, "a")
    state.belong(1)
    assert state.shown(number) and state.waiting()
    state.belong(2)
    assert (state.shown(number), state.waiting(), state.bound(1)) == (None, [], "a")
    assert state.show(SHOWN) > number


def test_two_bots_cannot_share_it(state):
    with pytest.raises(ConfigError, match="another bot"):
        State.open(state.file)
    state.close()
    state.close()
    State.open(state.file).close()


@pytest.mark.parametrize("content", [b"not a database at all" * 100, None])
def test_a_file_that_is_none_is_one_clear_line(file, content):
    if content is None:
        file.mkdir(parents=True)
    else:
        file.parent.mkdir()
        file.write_bytes(content)
    with pytest.raises(ConfigError, match="cannot be used"):
        State.open(file)


def test_what_cannot_be_written_is_said(state):
    state.receive(1, "{}", 1.0)
    state._connection.execute("PRAGMA query_only = ON")
    for write in (lambda: state.receive(2, "{}", 1.0), lambda: state.begin(1),
                  lambda: state.use(1, "2024-04-01"), lambda: state.show(SHOWN)):  # fmt: skip
        with pytest.raises(StateFailed, match="cannot be written"):
            write()
    state._connection.execute("PRAGMA query_only = OFF")
    assert state.receive(2, "{}", 1.0)
    assert len(state.waiting()) == 2
