"""Inline mode: cited passages for any chat, and words where there are none."""

from __future__ import annotations

import asyncio

import pytest
from telegram import Update

from qa.bot.inline import result
from qa.bot.shelf import Busy
from qa.messages import Messages, table
from qa.records import Answer
from tests.telegram.entities import parse_html
from tests.telegram.faults import refused
from tests.telegram.talk import ASKER, OTHER, talk
from tests.telegram.test_pieces import citation, sendable

MEDICINE = "药箱里有几种物品"
WORDS = table("zh")


@pytest.fixture
def bot(tmp_path, filled):
    with talk(tmp_path, filled) as one:
        yield one


def offered(bot, query, user_id=ASKER, **fields):
    [call] = bot.receive(bot.updates.inline(query, user_id, **fields))
    assert call.method == "answerInlineQuery" and call.params["is_personal"] is True
    return call.params


def test_cited_passages_are_offered_each_as_an_answer_of_its_own(bot):
    found = offered(bot, "困难职工帮扶标准是多少")
    results = found["results"]
    assert 3 < len(results) <= 10 and found["cache_time"] <= 10
    ids = [one["id"] for one in results]
    assert len(set(ids)) == len(ids) and max(len(one.encode()) for one in ids) <= 64
    for one in results:
        content = one["input_message_content"]
        parsed = parse_html(content["message_text"])
        assert content["parse_mode"] == "HTML"
        assert " [1]\n\n[1] " + one["title"] in parsed.text
        assert one["description"].rstrip("…") in " ".join(parsed.text.split())


def test_nothing_typed_gets_a_hint_and_nothing_found_is_said(bot):
    for typed in (" ", "？", "<i>"):
        assert offered(bot, typed)["button"]["text"] == WORDS["bot_inline_hint"]
    assert offered(bot, "")["results"] == []
    nothing = offered(bot, "火星上有几家驿站")
    assert (nothing["results"], nothing["button"]["text"]) == ([], WORDS["bot_inline_nothing"])
    assert len(bot.shelf.asked) == 1


def test_who_may_not_ask_is_offered_nothing(tmp_path, filled):
    with talk(tmp_path, filled, allowed=frozenset({str(ASKER)})) as bot:
        refusal = offered(bot, MEDICINE, OTHER)
        assert (refusal["results"], refusal["button"]["text"]) == ([], WORDS["bot_inline_refused"])
        assert bot.shelf.asked == []
        assert offered(bot, MEDICINE)["results"]


def test_the_library_is_the_one_the_person_s_own_chat_uses(tmp_path, filled):
    with talk(tmp_path, filled, names=("枫林",)) as bot:
        bot.state.bind(ASKER, "枫林")
        assert offered(bot, MEDICINE)["results"] == []
        assert bot.shelf.asked[0][0] == "枫林"


def test_when_too_many_wait_it_is_said_and_not_remembered(bot):
    def busy(*_):
        raise Busy

    bot.shelf.script = busy
    found = offered(bot, MEDICINE)
    assert (found["button"]["text"], found["cache_time"]) == (WORDS["bot_busy"], 0)


def test_fast_typing_does_not_take_the_threads_from_others(bot):
    async def fast():
        bot.shelf.gate = asyncio.Event()
        people = [ASKER, ASKER, ASKER, OTHER]
        made = [bot.updates.inline(MEDICINE, person) for person in people]
        updates = [Update.de_json(one, bot.application.bot) for one in made]
        tasks = [asyncio.create_task(bot.application.process_update(one)) for one in updates]
        while not bot.recording.calls("answerInlineQuery"):
            await asyncio.sleep(0)
        [refused] = bot.recording.calls("answerInlineQuery")
        assert refused.params["inline_query_id"] == made[2]["inline_query"]["id"]
        bot.shelf.gate.set()
        await asyncio.gather(*tasks)

    bot.runner.run(asyncio.wait_for(fast(), 60))
    given = [one.params for one in bot.recording.calls("answerInlineQuery")]
    assert [bool(one["results"]) for one in given] == [False, True, True, True]
    assert offered(bot, MEDICINE)["results"]


def test_a_query_that_is_too_old_is_let_go(bot):
    bot.recording.fail("answerInlineQuery", refused("Bad Request: query is too old"))
    assert bot.receive(bot.updates.inline(MEDICINE)) == []


def test_a_choice_is_counted(bot):
    assert bot.receive(bot.updates.chosen("7-1", MEDICINE)) == []
    assert b"qa_chosen_total 1.0" in bot.desk.counters.prometheus()


def test_whatever_stands_in_a_title_or_passage_can_be_offered():
    for text in ("<b>&" * 3000, "😀" * 5000, "\x00 \u202e\n\n题"):
        cited = citation(text, text=text, title=text, number=3)
        answer = Answer("问", True, 0.9, "答", (cited,), understood="问" * 600)
        one = result(answer, cited, Messages("zh"))
        sendable(one.input_message_content.message_text)
        assert one.title.strip() and len(one.id.encode()) <= 64
