"""The bot's process killed, told to end, deaf, and behind a webhook."""

from __future__ import annotations

import shutil
import socket
from contextlib import closing
from functools import partial
from http.client import HTTPConnection

import pytest

from qa.bot.state import State
from qa.library import Library
from qa.records import Verdict
from tests.telegram.conftest import QUESTIONS
from tests.telegram.faults import BAD_GATEWAY, UNAUTHORIZED, hang, reset
from tests.telegram.process import BotProcess
from tests.telegram.server import Server
from tests.telegram.updates import TOKEN, Updates

pytestmark = pytest.mark.network

ADMIN = 77
EVENING = range(80, 90)  # no more than are answered in the seconds that an end may take
SECRET = "spoken-only-by-telegram"  # noqa: S105
NOTICE = "关于雨棚维修的通知\n\n城东停车场雨棚自2024年6月3日起维修，工期十五天，期间请停到西门。\n"


@pytest.fixture
def server():
    with Server() as one:
        yield one


@pytest.fixture(scope="module", autouse=True)
def doomed(made_library, tmp_path_factory):
    """Two bots that will end by themselves, which takes some seconds: begun with the first test."""
    with Server() as silent, Server() as refusing:
        refusing.script.always("getMe", UNAUTHORIZED)
        silent.script.always("getUpdates", reset(accepted=False))
        refused = BotProcess(refusing, made_library, tmp_path_factory.mktemp("refused"))
        folder = tmp_path_factory.mktemp("deaf")
        deaf = BotProcess(silent, made_library, folder, poll_timeout_s=1, deaf_after_s=1)
        refused.launch()
        deaf.launch()
        yield {"deaf": deaf, "refused": refused}
        refused.kill()
        deaf.kill()


@pytest.fixture
def library(made_library, tmp_path):
    shutil.copytree(made_library, tmp_path / "library")
    return tmp_path / "library"


def answers(server, chat_id):
    """Give the answers sent in a chat, apart from other messages."""
    return [one for one in server.telegram.texts(chat_id) if "[1]" in one]


def asked(server, updates, chats):
    """Have each chat ask one question, one right after the other; give their updates' numbers."""
    numbers = {}
    for number, chat in enumerate(chats):
        update = updates.text(QUESTIONS[number % 3], chat)
        numbers[chat] = update["update_id"]
        server.push(update)
    return numbers


def test_killed_at_any_moment_of_a_day_it_answers_nothing_twice_and_forgets_nothing(
    server, library, tmp_path
):
    updates = Updates()
    with BotProcess(server, library, tmp_path, admins=ADMIN) as bot:
        morning(server, updates)
        # Killed between an answer's arrival and Telegram's word that it has arrived (chat 21), and
        # before an answer arrives, with a question behind it in the same chat (31).
        server.fail("sendMessage", hang(accepted=True), chat_id=21)
        server.push(updates.text(QUESTIONS[0], 21))
        server.wait_for(lambda: answers(server, 21))
        server.fail("sendMessage", hang(accepted=False), chat_id=31)
        server.push(updates.text(QUESTIONS[0], 31), updates.text(QUESTIONS[1], 31))
        server.wait_for(lambda: server.sent(31))
        bot.restart()
        server.wait_for(lambda: answers(server, 31))

        # Killed as soon as questions are given, and as soon as they are acknowledged.
        for chats, moment in ((range(40, 52), was_given), (range(60, 72), was_acknowledged)):
            numbers = asked(server, updates, chats)
            server.wait_for(partial(moment, server, numbers[chats[0]]))
            bot.kill()
            with closing(State.open(bot.state)) as state:
                begun = set(state.interrupted())
            left = [chat for chat in chats if numbers[chat] not in begun]
            bot.start()
            server.wait_for(partial(all_answered, server, left))

        # In the evening the document is found, and the bot is told to end while it works.
        server.push(updates.text("城东停车场雨棚什么时候维修？", 12))
        assert "西门" in server.wait_for(lambda: server.telegram.texts(12))[0]
        asked(server, updates, EVENING)
        server.wait_for(lambda: server.sent(EVENING[0]))
        assert bot.stop() == 0
        bot.start()
        server.wait_for(lambda: all_answered(server, EVENING))
        assert bot.stop() == 0
        assert "Traceback" not in bot.log

    assert [len(answers(server, chat)) for chat in (11, 12, 21, 31)] == [1] * 4
    killed = {len(answers(server, chat)) for chat in (*range(40, 52), *range(60, 72))}
    assert killed <= {0, 1}  # 0: it was being sent when the bot was killed
    assert {len(answers(server, chat)) for chat in EVENING} == {1}
    assert (server.unacknowledged(), server.telegram.refused) == ([], [])
    with Library.open(library, create=False) as opened:
        (feedback,) = opened.feedback()
        assert (feedback.question, feedback.verdict) == (QUESTIONS[0], Verdict.RIGHT)


def morning(server, updates):
    """Have a question asked and its answer called right, and a document sent."""
    server.push(updates.text(QUESTIONS[0], 11))
    server.wait_for(lambda: answers(server, 11))
    (call,) = [one for one in server.telegram.calls("sendMessage", chat_id=11) if one.buttons()]
    (data,) = [one["callback_data"] for one in call.buttons() if "👍" in one["text"]]
    server.push(updates.press(data, call.result, 11))
    content = NOTICE.encode()
    notice = updates.document("雨棚维修.txt", content, ADMIN, mime="text/plain")
    server.telegram.keep_file(notice["message"]["document"]["file_id"], content)
    server.push(notice)
    server.wait_for(lambda: any("雨棚维修" in one for one in server.telegram.texts(ADMIN)))


def was_given(server, update_id):
    return server.delivered(update_id)


def was_acknowledged(server, update_id):
    return update_id not in server.unacknowledged()


def all_answered(server, chats):
    return all(answers(server, chat) for chat in chats)


def test_behind_a_webhook(server, made_library, tmp_path):
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server.webhook_to = f"http://127.0.0.1:{port}/updates"
    webhook = {"webhook_url": "https://bot.example/updates", "webhook_port": port,
               "webhook_secret": SECRET, "log_questions": True}  # fmt: skip
    server.push(Updates().text(QUESTIONS[0], 11))  # before anybody listens
    server.fail("getMe", BAD_GATEWAY)  # and Telegram is not well at first
    server.fail("setWebhook", reset(accepted=False))
    with BotProcess(server, made_library, tmp_path, **webhook) as bot:
        server.wait_for(lambda: visit(port, "/healthz")[0] == 200)
        server.wait_for(lambda: answers(server, 11))
        server.wait_for(lambda: not server.unacknowledged())
        assert server.webhook_statuses[-1] == 200

        forged = b'{"update_id": 5, "message": {}}'  # lacks what every message has
        assert visit(port, "/updates", forged)[0] in (401, 403)
        assert visit(port, "/updates", forged, SECRET[:-1])[0] in (401, 403)
        assert visit(port, "/updates", b"{", SECRET)[0] == 400
        assert visit(port, "/updates", b"{}", SECRET)[0] == 400
        assert visit(port, "/updates", forged, SECRET)[0] == 200  # or it would come again for ever
        assert visit(port, "/other", forged, SECRET)[0] == 404
        assert "qa_questions_total 1.0" in visit(port, "/metrics")[1]
        assert bot.stop() == 0
    assert len(answers(server, 11)) == 1
    assert not any(secret in bot.log for secret in (TOKEN, SECRET))
    assert QUESTIONS[0] in bot.log  # since it was asked for


def test_when_polls_fail_for_long_it_ends_by_itself(doomed):
    assert doomed["deaf"].ended(120) == 1
    log = doomed["deaf"].log
    assert "no request for updates has succeeded" in log
    assert TOKEN not in log
    assert "Traceback" not in log


def test_a_token_that_telegram_refuses_is_one_line(doomed):
    assert doomed["refused"].ended(120) == 1
    log = doomed["refused"].log
    assert "BotFather" in log
    assert log.count("\n") == 1


def visit(port, path, body=None, secret=None):
    """Give the status and text that the bot's own server answers; 0 when it does not listen."""
    headers = {"X-Telegram-Bot-Api-Secret-Token": secret} if secret else {}
    with closing(HTTPConnection("127.0.0.1", port, timeout=60)) as connection:
        try:
            connection.request("POST" if body else "GET", path, body, headers)
        except OSError:
            return 0, ""
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
