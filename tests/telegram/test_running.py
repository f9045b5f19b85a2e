"""From start to end: what is missing is one line, the parts fit, and it stops when told to."""

from __future__ import annotations

import asyncio
import io
import logging
import signal
import socket
import sys
from contextlib import closing
from dataclasses import replace

import pytest
from telegram import Update
from telegram.ext import AIORateLimiter, CommandHandler

from qa.bot import running
from qa.bot.access import Access
from qa.bot.counters import Counters
from qa.bot.desk import Desk
from qa.bot.menu import announce
from qa.bot.moving import Moving
from qa.bot.running import Running, run
from qa.bot.settings import load_settings
from qa.bot.shelf import Shelf
from qa.bot.state import State
from qa.bot.wiring import UPDATES
from qa.cli import main
from qa.config import Config
from qa.errors import ConfigError
from qa.library import Library
from tests.fakes import FakeEncoder
from tests.telegram.faults import refused
from tests.telegram.recording import Recording
from tests.telegram.updates import TOKEN, Updates, group_chat


@pytest.fixture(autouse=True)
def logs_as_before():
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    loggers = [logging.getLogger(name) for name in ("qa", "telegram", "telegram.request")]
    levels = [one.level for one in loggers]
    yield
    root.handlers[:], root.level = handlers, level
    for one, before in zip(loggers, levels, strict=True):
        one.setLevel(before)


@pytest.fixture
def alone(tmp_path, monkeypatch):
    """An empty folder to be in, and nothing set."""
    for name in ("TOKEN", "TOKEN_FILE", "WORKERS", "WEBHOOK_URL"):
        monkeypatch.delenv(f"QA_TELEGRAM_{name}", raising=False)
    monkeypatch.setenv("QA_LANGUAGE", "en")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def qa_bot(monkeypatch, *arguments: str) -> tuple[int, str]:
    said = io.StringIO()
    said.reconfigure = lambda **_: None
    monkeypatch.setattr(sys, "argv", ["qa", "bot", *arguments])
    monkeypatch.setattr(sys, "stderr", said)
    with pytest.raises(SystemExit) as ended:
        main()
    return ended.value.code, said.getvalue()


def test_without_a_token(alone, monkeypatch):
    code, said = qa_bot(monkeypatch)
    assert (code, said.count("\n")) == (1, 1)
    assert said.startswith("error: there is no bot token: set QA_TELEGRAM_TOKEN")


def test_without_a_library(alone, monkeypatch):
    monkeypatch.setenv("QA_TELEGRAM_TOKEN", TOKEN)
    code, said = qa_bot(monkeypatch, "--library", "nowhere")
    assert (code, said.count("\n")) == (1, 1)
    assert "nowhere holds no library: make one with `qa add" in said
    assert not (alone / "nowhere").exists()


def test_with_a_setting_that_is_none(alone, monkeypatch):
    monkeypatch.setenv("QA_TELEGRAM_TOKEN", TOKEN)
    (alone / "qa.toml").write_text("[telegram]\nworkers = 'many'\n", encoding="utf-8")
    code, said = qa_bot(monkeypatch)
    assert (code, said.count("\n")) == (1, 1)
    assert "workers in [telegram] is many: give a whole number" in said


def test_without_what_the_extra_brings(alone, monkeypatch):
    monkeypatch.setattr("qa.verbs.running.find_spec", lambda name: None)
    code, said = qa_bot(monkeypatch)
    assert (code, said.count("\n")) == (1, 1)
    assert 'pip install "cited-qa[telegram]"' in said


@pytest.fixture
def library(tmp_path):
    Library.open(tmp_path / "library").close()
    return tmp_path / "library"


def test_two_bots_cannot_share_a_state(alone, library, monkeypatch):
    monkeypatch.setenv("QA_TELEGRAM_TOKEN", TOKEN)
    with (
        closing(State.open(library / "telegram.db")),
        pytest.raises(ConfigError, match="in use by another bot"),
    ):
        run(Config(library=str(library)))


def test_a_webhook_s_port_in_use(alone, library, monkeypatch):
    with closing(socket.create_server(("127.0.0.1", 0))) as other:
        environment = {"TOKEN": TOKEN, "WEBHOOK_URL": "https://bot.example/", "WEBHOOK_SECRET": "s",
                       "WEBHOOK_PORT": str(other.getsockname()[1])}  # fmt: skip
        for name, value in environment.items():
            monkeypatch.setenv(f"QA_TELEGRAM_{name}", value)
        with pytest.raises(ConfigError, match="Address already in use"):
            run(Config(library=str(library)))
    State.open(library / "telegram.db").close()  # all was closed


@pytest.fixture
def desk(tmp_path):
    given = {"QA_TELEGRAM_TOKEN": TOKEN, "QA_TELEGRAM_ADMINS": "11,12",
             "QA_TELEGRAM_BASE_URL": "http://127.0.0.1:9"}  # fmt: skip
    settings = load_settings(
        Config(library=str(tmp_path / "library")), environment=given, folder=tmp_path
    )
    shelf = Shelf({"": Library.open(tmp_path / "library", FakeEncoder())}, workers=1, waiting=1)
    with closing(State.open(tmp_path / "telegram.db")) as state:
        yield Desk(shelf, state, Access(settings, state), settings, Counters())
    shelf.close()


def made(desk, what):
    """Do something with a bot that is not started."""

    async def go():
        return await what(Running(desk, lambda text: None))

    return asyncio.run(go())


def test_everything_that_telegram_is_asked_for_has_a_handler_and_nothing_else(desk):
    updates = Updates()
    text = updates.text("x", 11)
    examples = {
        "message": [text, updates.in_group("/ask x", 11, chat=group_chat()),
                    updates.document("a.txt", b"x", 11), updates.text("/nonsense", 11)],
        "callback_query": [updates.press("ask:more:1:0:0", text["message"], 11),
                           updates.press("forged", text["message"], 11)],
        "inline_query": [updates.inline("x", 11)],
        "chosen_inline_result": [updates.chosen("1-1", "x", 11)],
    }  # fmt: skip
    assert set(examples) == set(UPDATES)

    async def what(one):
        recording = Recording()
        bot = one._application.bot
        object.__setattr__(bot, "_request", (recording, recording))
        await bot.initialize()
        handlers = [h for group in one._application.handlers.values() for h in group]
        return [
            (name, json)
            for name, jsons in examples.items()
            for json in jsons
            if not any(h.check_update(Update.de_json(json, bot)) not in (None, False)
                       for h in handlers)
        ]  # fmt: skip

    assert made(desk, what) == []


def test_every_command_told_to_telegram_is_handled(desk):
    async def what(one):
        handlers = [h for group in one._application.handlers.values() for h in group]
        return {name for h in handlers if isinstance(h, CommandHandler) for name in h.commands}

    handled = made(desk, what)
    recording = Recording()

    async def tell():
        from telegram import Bot

        async with Bot(TOKEN, request=recording, get_updates_request=recording) as bot:
            await announce(bot, desk.settings)

    asyncio.run(tell())
    calls = recording.calls("setMyCommands")
    told = {one["command"] for call in calls for one in call.params["commands"]}
    assert told < handled
    assert handled - told == {"start"}
    scopes = [call.params["scope"].get("chat_id", call.params["scope"]["type"]) for call in calls]
    assert scopes == ["all_private_chats", "all_group_chats", 11, 12] * 2
    for_admins = [one for one in calls if "chat_id" in one.params["scope"]]
    others = [one for one in calls if "chat_id" not in one.params["scope"]]
    assert all("remove" in str(one.params) for one in for_admins)
    assert not any("remove" in str(one.params) for one in others)
    assert {call.params.get("language_code") for call in calls} == {None, "zh"}
    assert recording.refused == []


def test_the_bot_runs_where_telegram_will_not_hear_its_commands(desk):
    recording = Recording()
    recording.fail("setMyCommands", *[refused("Bad Request: no")] * 3)

    async def tell():
        from telegram import Bot

        async with Bot(TOKEN, request=recording, get_updates_request=recording) as bot:
            await announce(bot, desk.settings)

    asyncio.run(tell())
    assert len(recording.calls("setMyDescription")) == 2


def test_the_application_is_built_as_it_must_be(desk):
    async def what(one):
        application = one._application
        assert isinstance(application.bot.rate_limiter, AIORateLimiter)
        assert application.bot.rate_limiter._max_retries == 3
        assert application.update_processor is one._order
        assert application.update_queue is one._inbox
        assert application.bot.base_url == f"http://127.0.0.1:9/bot{TOKEN}"
        assert application.bot.base_file_url == f"http://127.0.0.1:9/file/bot{TOKEN}"

    made(desk, what)


@pytest.mark.network
def test_told_to_stop_while_telegram_cannot_be_reached_it_stops(desk, monkeypatch):
    tried = asyncio.Event()

    async def what(one):
        async def refuse():
            tried.set()
            raise running.TelegramError("no network")

        monkeypatch.setattr(one._application, "initialize", refuse)
        serving = asyncio.create_task(one.serve())
        await asyncio.wait_for(tried.wait(), 60)
        signal.raise_signal(signal.SIGTERM)
        return await asyncio.wait_for(serving, 60)

    assert made(desk, what) == 0


def test_a_thread_that_is_still_at_work_does_not_keep_the_process(alone, library, monkeypatch):
    ended = []
    monkeypatch.setenv("QA_TELEGRAM_TOKEN", TOKEN)
    monkeypatch.setattr(Running, "serve", lambda self: asyncio.sleep(0, 0))
    monkeypatch.setattr(Shelf, "close", lambda self: False)
    monkeypatch.setattr(running, "_end_now", ended.append)
    assert run(Config(library=str(library))) == 0
    assert ended == [0]


@pytest.mark.parametrize("told_in", ["the old chat", "the new chat"])
def test_a_group_that_becomes_a_supergroup_keeps_its_library(desk, told_in, caplog):
    old, new = -500, -1000000000500
    desk.state.bind(old, "人事")
    desk = replace(desk, settings=replace(desk.settings, allowed=frozenset({str(old)})))
    json = Updates().in_group("x", 11, chat=group_chat(old if told_in == "the old chat" else new))
    del json["message"]["text"]
    json["message"].update(
        {"migrate_to_chat_id": new} if told_in == "the old chat" else {"migrate_from_chat_id": old}
    )

    async def what(one):
        update = Update.de_json(json, one._application.bot)
        (handler,) = Moving(desk).handlers()
        assert handler.check_update(update)
        await handler.callback(update, None)
        await handler.callback(update, None)

    made(desk, what)
    assert desk.state.bound(new) == "人事"
    assert f"chat {old} is now {new}" in caplog.text
