"""The bot as a process against a Bot API server on loopback: questions, faults, ends, restarts."""

from __future__ import annotations

import pytest

from tests.telegram.conftest import NOBODY_KNOWS, QUESTIONS
from tests.telegram.faults import (
    BAD_GATEWAY,
    BLOCKED,
    CONFLICT,
    GARBAGE,
    UNAUTHORIZED,
    flood,
    hang,
    refused,
    reset,
)
from tests.telegram.process import BotProcess
from tests.telegram.server import Server
from tests.telegram.updates import TOKEN, Updates, group_chat

pytestmark = pytest.mark.network

ADMIN = 77


@pytest.fixture(scope="module")
def running(made_library, tmp_path_factory):
    """A server and a bot that polls it, for all tests that end nothing.

    The bot reaches the server as a proxy only, with every pool of connections that it has.
    """
    with Server() as server:
        folder = tmp_path_factory.mktemp("running")
        elsewhere = {
            "base_url": "http://telegram.invalid/bot",
            "file_url": "http://telegram.invalid/file/bot",
            "proxy": f"http://127.0.0.1:{server.port}",
        }
        with BotProcess(server, made_library, folder, admins=ADMIN, **elsewhere) as bot:
            yield server, bot


@pytest.fixture(scope="module")
def updates():
    return Updates()


def answers(server, chat_id):
    return server.telegram.texts(chat_id)


def ask(server, update, count=1):
    """Have a question asked and wait for what is sent then."""
    server.push(update)
    chat_id = update["message"]["chat"]["id"]
    return server.wait_for(
        lambda: len(answers(server, chat_id)) >= count and answers(server, chat_id)
    )


def test_a_question_is_answered_once_with_its_quote_and_source(running, updates, quoted):
    server, _ = running
    for number, question in enumerate(QUESTIONS):
        (text,) = ask(server, updates.text(question, 100 + number))
        assert quoted[question] in text
        assert "[1]" in text
    (text,) = ask(server, updates.text(NOBODY_KNOWS, 110))
    assert "[1]" not in text
    assert server.telegram.refused == []


def test_an_inline_query_is_answered_with_passages(running, updates, quoted):
    server, _ = running
    query = updates.inline(QUESTIONS[0], 120)
    server.push(query)
    (call,) = server.wait_for(lambda: server.telegram.calls("answerInlineQuery"))
    assert call.params["inline_query_id"] == query["inline_query"]["id"]
    first = call.params["results"][0]["input_message_content"]["message_text"]
    assert quoted[QUESTIONS[0]] in first


def test_a_button_is_answered_and_shows_more(running, updates):
    server, _ = running
    ask(server, updates.text(QUESTIONS[1], 121))
    (call,) = server.telegram.calls("sendMessage", chat_id=121)
    data = call.buttons()[0]["callback_data"]
    forged = [updates.press(one, call.result, 121) for one in ("", "x" * 64, "ask:right:9999:0:0")]
    press = updates.press(data, call.result, 121)
    server.push(*forged, press)
    presses = {one["callback_query"]["id"] for one in (*forged, press)}
    server.wait_for(lambda: server.telegram.answered >= presses)
    assert server.wait_for(lambda: len(server.telegram.calls(chat_id=121)) > 1)


def test_in_a_group_only_what_is_meant_for_it_is_answered(running, updates, quoted):
    server, _ = running
    group = group_chat(-1000000000200)
    silent = updates.in_group("大家好，会员卡丢了怎么补办？", 201, chat=group)
    server.push(silent)
    meant = updates.in_group(f"@Cited_QA_Bot {QUESTIONS[0]}", 201, chat=group, thread=5)
    (text,) = ask(server, meant)
    assert quoted[QUESTIONS[0]] in text
    (call,) = server.telegram.calls("sendMessage", chat_id=group["id"])
    assert call.params["message_thread_id"] == 5


def test_an_answer_that_was_refused_for_now_is_sent_again(running, updates, quoted):
    server, _ = running
    faults = [flood(None), BAD_GATEWAY, refused("Internal Server Error", 500), flood(1)]
    users = range(300, 300 + len(faults))
    for user, fault in zip(users, faults, strict=True):
        server.fail("sendMessage", fault, chat_id=user)
    server.push(*(updates.text(QUESTIONS[0], user) for user in users))
    server.wait_for(lambda: all(answers(server, user) for user in users))
    for user in users:
        (text,) = answers(server, user)
        assert quoted[QUESTIONS[0]] in text
    assert sum(map(server.sent, users)) == 2 * len(faults)


@pytest.mark.parametrize("accepted", [False, True])
def test_an_answer_that_may_have_arrived_is_not_sent_again(running, updates, quoted, accepted):
    server, _ = running
    user = 400 + updates.next_message_id()
    server.fail("sendMessage", reset(accepted=accepted), chat_id=user)
    server.push(updates.text(QUESTIONS[0], user), updates.text(QUESTIONS[1], user))
    # In one chat the second is taken up when the first is done with.
    server.wait_for(lambda: any(quoted[QUESTIONS[1]] in one for one in answers(server, user)))
    found = [quoted[QUESTIONS[0]] in one for one in answers(server, user)]
    assert found.count(True) == int(accepted)


@pytest.mark.parametrize("accepted", [False, True])
def test_an_answer_that_hangs_holds_up_no_other_chat(running, updates, accepted):
    server, _ = running
    user, other = (450 + updates.next_message_id() for _ in "12")
    server.fail("sendMessage", hang(accepted=accepted), chat_id=user)
    server.push(updates.text(QUESTIONS[0], user))
    server.wait_for(lambda: server.sent(user))
    assert len(ask(server, updates.text(QUESTIONS[1], other))) == 1
    assert len(answers(server, user)) == int(accepted)


def test_who_blocked_the_bot_stops_nobody(running, updates):
    server, _ = running
    server.fail("sendMessage", BLOCKED, chat_id=601)
    server.push(updates.text(QUESTIONS[0], 601))
    server.wait_for(lambda: server.sent(601))
    assert len(ask(server, updates.text(QUESTIONS[0], 602))) == 1
    assert answers(server, 601) == []


def test_marks_that_telegram_will_not_parse_are_left_out(running, updates, quoted):
    server, _ = running
    fault = refused("Bad Request: can't parse entities: unclosed start tag")
    server.fail("sendMessage", fault, chat_id=603)
    (text,) = ask(server, updates.text(QUESTIONS[0], 603))
    assert quoted[QUESTIONS[0]] in text
    assert "parse_mode" not in server.telegram.calls("sendMessage", chat_id=603)[0].params


@pytest.mark.parametrize(
    "fault",
    [BAD_GATEWAY, reset(accepted=False), reset(accepted=True), GARBAGE, CONFLICT, flood(1)],
    ids=["502", "reset", "reset when given", "garbage", "409", "429"],
)
def test_updates_survive_a_poll_that_fails(running, updates, fault):
    server, _ = running
    user = 700 + updates.next_message_id()
    server.fail("getUpdates", fault)
    server.push(updates.text("先问一句：" + QUESTIONS[0], user))  # ends the poll that waits
    server.push(updates.text(QUESTIONS[1], user))
    server.wait_for(lambda: len(answers(server, user)) >= 2)
    server.wait_for(lambda: not server.unacknowledged())
    assert (len(answers(server, user)), server.script.left()) == (2, 0)


def test_an_update_that_is_given_again_is_not_answered_again(running, updates, quoted):
    server, _ = running
    question = updates.text(QUESTIONS[0], 801)
    ask(server, question)
    server.push(question, updates.text(QUESTIONS[1], 801))
    server.wait_for(lambda: any(quoted[QUESTIONS[1]] in one for one in answers(server, 801)))
    assert len(answers(server, 801)) == 2


def test_an_update_that_cannot_be_read_stops_nothing(running, updates):
    server, bot = running
    broken = updates.text("城东停车场雨棚", 851)
    del broken["message"]["date"]
    server.push(broken, updates.text(QUESTIONS[0], 852))
    server.wait_for(lambda: answers(server, 852))
    server.wait_for(lambda: not server.unacknowledged())
    assert f"update {broken['update_id']} cannot be read" in bot.log
    assert "雨棚" not in bot.log


def test_twenty_chats_at_once_are_answered_in_order_and_once(running, updates, quoted):
    server, _ = running
    chats = range(900, 920)
    orders = {chat: [QUESTIONS[(chat + turn) % 3] for turn in range(3)] for chat in chats}
    for chat in chats[:4]:  # whose later answers would come first if they did not wait
        server.fail("sendMessage", BAD_GATEWAY, chat_id=chat)
    server.push(*(updates.text(orders[chat][turn], chat) for turn in range(3) for chat in chats))
    server.wait_for(lambda: all(len(answers(server, chat)) >= 3 for chat in chats))
    for chat in chats:
        texts = answers(server, chat)
        assert len(texts) == 3
        for question, text in zip(orders[chat], texts, strict=True):
            assert quoted[question] in text


def test_neither_the_token_nor_a_question_is_logged(running):
    _, bot = running
    assert bot.log
    assert TOKEN not in bot.log
    assert TOKEN.partition(":")[2] not in bot.log
    assert not any(question in bot.log for question in (*QUESTIONS, NOBODY_KNOWS))
    assert "Traceback" not in bot.log


def test_refused_in_the_middle_of_its_work_it_ends_by_itself(running, updates):
    server, bot = running
    server.script.always("getUpdates", UNAUTHORIZED)
    server.push(updates.text(QUESTIONS[0], 10))  # ends the poll that waits
    assert bot.ended(120) == 1
    assert TOKEN not in bot.log
    assert server.telegram.refused == []
