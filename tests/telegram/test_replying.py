"""A reply to an answer of the bot is a question in the topic of that answer."""

from __future__ import annotations

import pytest

from tests.telegram.talk import ASKER, OTHER, talk

MEDICINE = "药箱里有几种物品"
FILTER = "饮水机滤芯多久更换一次"


@pytest.fixture
def bot(tmp_path, filled):
    with talk(tmp_path, filled) as one:
        yield one


def history_of(bot, update):
    """Deal with a question; give the questions it was asked after."""
    bot.receive(update)
    return [one.question for one in bot.shelf.asked[-1][3]]


def test_a_reply_follows_the_answer_it_replies_to_and_not_the_last_one(bot):
    bot.ask("驿站几点开门")
    medicine = bot.ask(MEDICINE).result
    bot.ask(FILTER)
    asked = history_of(bot, bot.updates.reply("多久检查一次", medicine))
    assert asked == ["驿站几点开门", MEDICINE]


def test_a_reply_to_what_is_no_answer_follows_the_last_one(bot):
    own = bot.ask("/ask").result
    bot.ask(MEDICINE)
    assert history_of(bot, bot.updates.reply("多久检查一次", own)) == [MEDICINE]


def test_a_reply_takes_up_a_topic_that_had_ended(bot):
    medicine = bot.ask(MEDICINE).result
    bot.state.forget(ASKER, ASKER)
    bot.clock[0] += 3600
    bot.ask(FILTER)
    assert history_of(bot, bot.updates.reply("多久检查一次", medicine)) == [MEDICINE]


def test_somebody_else_s_answer_in_a_group_is_followed_alone(bot):
    bot.receive(bot.updates.in_group("/ask 驿站几点开门", OTHER))
    bot.receive(bot.updates.in_group(f"/ask {FILTER}", ASKER))
    [medicine] = bot.receive(bot.updates.in_group(f"/ask {MEDICINE}", OTHER))
    asked = history_of(bot, bot.updates.reply("多久检查一次", medicine.result, ASKER))
    assert asked == [MEDICINE]


def test_without_topic_minutes_a_reply_stands_alone_too(tmp_path, filled):
    with talk(tmp_path, filled, topic_minutes=0) as bot:
        medicine = bot.ask(MEDICINE).result
        assert history_of(bot, bot.updates.reply("多久检查一次", medicine)) == []
