"""The bot against a Bot API server that others wrote: npm's `telegram-test-api`.

    mkdir /tmp/peer && cd /tmp/peer && npm install telegram-test-api
    QA_TEST_TELEGRAM_PEER=/tmp/peer pytest tests/telegram/test_peer.py

Skipped with a reason where node, the variable or the package is not there; nothing is downloaded.
Seen with 4.2.1: its getMe leaves `is_bot` out, its getUpdates does not wait, presses of buttons
lack `chat_instance`, the messages it makes are dated in milliseconds and have parameters in them as
they came, edits answer null, and most methods answer 500 without a description. A go-between of
ours corrects all but the last, which the bot itself bears.
"""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import socket
import subprocess
import urllib.request
from contextlib import closing
from pathlib import Path
from time import monotonic, time
from urllib.error import HTTPError

import pytest

from qa.library import Library
from tests.telegram import http
from tests.telegram.conftest import QUESTIONS
from tests.telegram.process import BotProcess
from tests.telegram.server import Server
from tests.telegram.updates import TOKEN

pytestmark = pytest.mark.network

FOLDER = "QA_TEST_TELEGRAM_PEER"
_SERVE = """
const TelegramServer = require('telegram-test-api');
const server = new TelegramServer({port: Number(process.argv[1]), host: '127.0.0.1'});
server.start().then(() => console.log('listening'));
"""


@pytest.fixture
def peer():
    """The peer's address; it runs until the test ends."""
    folder = os.environ.get(FOLDER, "")
    if not shutil.which("node"):
        pytest.skip("needs node")
    if not folder or not (Path(folder) / "node_modules" / "telegram-test-api").is_dir():
        pytest.skip(f"needs npm's telegram-test-api in the folder that {FOLDER} names")
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = ["node", "-e", _SERVE, str(port)]
    with subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE) as process:
        try:
            assert process.stdout.readline() == b"listening\n"
            yield f"http://127.0.0.1:{port}"
        finally:
            process.kill()


def post(url, body):
    data = json.dumps(body).encode()
    request = urllib.request.Request(url, data, {"Content-Type": "application/json"})  # noqa: S310
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310
            return answer.status, json.load(answer)
    except HTTPError as error:
        return error.code, json.load(error)


class Between(Server):
    """Passes calls on to the peer and corrects what it answers."""

    def __init__(self, peer: str) -> None:
        super().__init__()
        self._peer = peer

    async def _done(self, method, params, asked, reader):
        url = f"{self._peer}/bot{TOKEN}/{method}"
        status, body = await asyncio.to_thread(post, url, asked.fields)
        until = monotonic() + float(params.get("timeout", 0))
        while method == "getUpdates" and not body.get("result") and monotonic() < until:
            await asyncio.sleep(0.05)
            status, body = await asyncio.to_thread(post, url, asked.fields)
        return http.json_response(status, corrected(method, body))


def corrected(method, body):
    result = body.get("result")
    if method == "getMe":
        body["result"] = {**result, "is_bot": True}
    elif method == "getUpdates":
        for update in result:
            if "callback_query" in update:
                update["callback_query"]["chat_instance"] = "1"
    elif method == "sendMessage":
        for name in ("link_preview_options", "reply_parameters"):
            result.pop(name, None)
        result["date"] //= 1000
    elif method.startswith("edit"):
        body["result"] = True
    elif "ok" not in body:
        body |= {"ok": False, "description": body.get("message", "")}
    return body


def sent(peer):
    """Give what the bot has sent, as the peer keeps it, the oldest first."""
    history = post(f"{peer}/getUpdatesHistory", {"token": TOKEN})[1]["result"]
    return [one["message"] for one in history if "chat_id" in one["message"]]


def test_questions_are_answered_through_a_peer_of_others(peer, made_library, quoted, tmp_path):
    library = shutil.copytree(made_library, tmp_path / "library")
    person = {"id": 11, "is_bot": False, "first_name": "甲"}
    chat = {"id": 11, "type": "private", "first_name": "甲"}
    common = {"botToken": TOKEN, "from": person}
    with Between(peer) as server, BotProcess(server, library, tmp_path) as bot:
        for question in QUESTIONS:
            message = {**common, "chat": chat, "date": int(time()), "text": question}
            assert post(f"{peer}/sendMessage", message)[1]["ok"]
        server.wait_for(lambda: len(sent(peer)) >= len(QUESTIONS))
        for question, answer in zip(QUESTIONS, sent(peer), strict=True):
            assert quoted[question] in answer["text"]
        row = [one for row in sent(peer)[0]["reply_markup"]["inline_keyboard"] for one in row]
        (data,) = [one["callback_data"] for one in row if "👍" in one["text"]]
        pressed = {"message_id": 2, "chat": chat, "date": int(time())}
        assert post(f"{peer}/sendCallback", {**common, "message": pressed, "data": data})[1]["ok"]
        server.wait_for(lambda: any(one.method == "answerCallbackQuery" for one in server.tried))
        assert bot.stop() == 0
        assert "Traceback" not in bot.log
    with Library.open(library, create=False) as opened:
        assert [one.question for one in opened.feedback()] == [QUESTIONS[0]]
