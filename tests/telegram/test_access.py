"""Who may ask and how often: on a state of its own and a clock that the tests turn."""

from __future__ import annotations

from datetime import datetime

import pytest

from qa.bot.access import Access
from qa.bot.settings import BotSettings
from qa.bot.state import State
from tests.telegram.updates import TOKEN

NOON = datetime(2026, 3, 2, 12, 0).timestamp()
GROUP = -1001234567890


@pytest.fixture
def state(tmp_path):
    state = State.open(tmp_path / "telegram.db")
    yield state
    state.close()


def access(state, allowed=(), admins=(), **limits):
    settings = BotSettings(
        TOKEN, allowed=frozenset(allowed), admins=frozenset(admins), **limits
    )  # fmt: skip
    return Access(settings, state)


def test_an_empty_list_admits_nobody(state):
    rules = access(state)
    assert not rules.may_ask(11, 11)
    assert not rules.may_ask(11, GROUP)
    assert rules.refusal(11, 11, NOON) == "bot_stranger"


def test_a_star_admits_everybody_everywhere(state):
    rules = access(state, ["*"])
    assert rules.may_ask(11, 11) and rules.may_ask(5, GROUP)
    assert not rules.is_admin(11)


def test_a_person_is_admitted_in_every_chat_and_a_chat_with_everyone_in_it(state):
    rules = access(state, ["11", str(GROUP)])
    assert rules.may_ask(11, 11) and rules.may_ask(11, -5)
    assert rules.may_ask(12, GROUP)
    assert not rules.may_ask(12, 12)
    assert not rules.may_ask(1, 1) and not rules.may_ask(-GROUP, -GROUP)


def test_administrators_may_ask_unlisted_and_change_the_library(state):
    rules = access(state, ["12"], ["11"])
    assert rules.may_ask(11, 11)
    assert rules.admin_refusal(11, GROUP) is None
    assert rules.admin_refusal(12, 12) == "bot_admins_only"
    assert rules.admin_refusal(13, 13) == "bot_stranger"


def test_one_person_asks_so_often_in_a_minute_and_others_are_not_held_up(state):
    rules = access(state, ["*"], user_per_minute=2, per_minute=0, daily_quota=0)
    assert [rules.refusal(11, 11, NOON + second) for second in (0, 1, 2, 59)] == [
        None, None, "bot_too_fast", "bot_too_fast",
    ]  # fmt: skip
    assert rules.refusal(12, 11, NOON + 2) is None
    # A minute after the first; what was refused did not count.
    assert rules.refusal(11, 11, NOON + 60) is None
    assert rules.refusal(11, 11, NOON + 60.5) == "bot_too_fast"
    assert rules.refusal(11, 11, NOON + 61) is None


def test_all_together_ask_so_often_in_a_minute_administrators_too(state):
    rules = access(state, ["*"], ["11"], user_per_minute=0, per_minute=2, daily_quota=0)
    assert rules.refusal(12, 12, NOON) is None
    assert rules.refusal(13, 13, NOON) is None
    assert rules.refusal(11, 11, NOON + 1) == "bot_too_many"
    assert rules.refusal(11, 11, NOON + 60) is None


def test_the_daily_quota_survives_a_restart_and_ends_with_the_day(state):
    limits = {"user_per_minute": 0, "per_minute": 0, "daily_quota": 2}
    rules = access(state, ["*"], **limits)
    assert [rules.refusal(11, 11, NOON) for _ in range(3)] == [None, None, "bot_quota"]
    again = access(state, ["*"], **limits)
    assert again.refusal(11, 11, NOON + 3600) == "bot_quota"
    assert again.refusal(12, 12, NOON + 3600) is None
    assert again.refusal(11, 11, NOON + 86_400) is None


def test_no_limit_of_one_person_holds_for_administrators(state):
    rules = access(state, [], ["11"], user_per_minute=1, per_minute=0, daily_quota=1)
    assert [rules.refusal(11, 11, NOON) for _ in range(5)] == [None] * 5


def test_strangers_use_nothing_up(state):
    rules = access(state, ["12"], per_minute=1, daily_quota=1)
    for _ in range(5):
        assert rules.refusal(13, 13, NOON) == "bot_stranger"
    assert rules.refusal(12, 12, NOON) is None
    assert state.use(13, "2026-03-02") == 1


def test_people_at_rest_are_forgotten(state):
    rules = access(state, ["*"], user_per_minute=1, per_minute=0, daily_quota=0)
    for user in range(1, 1_500):
        rules.refusal(user, user, NOON)
    assert rules.refusal(1_499, 1, NOON + 1) == "bot_too_fast"
    rules.refusal(1, 1, NOON + 120)
    assert len(rules._asked_by) < 10
