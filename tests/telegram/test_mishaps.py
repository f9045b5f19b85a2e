"""What goes wrong unforeseen is said once, in words, in the person's language."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace

import pytest
from telegram import Bot, Update
from telegram.error import BadRequest, Forbidden, NetworkError, RetryAfter

from qa.bot.counters import Counters
from qa.bot.desk import words_for
from qa.bot.inbox import Inbox
from qa.bot.mishaps import Mishaps
from qa.bot.request import Uncertain
from qa.bot.settings import BotSettings
from qa.bot.shelf import Busy
from qa.bot.state import State, StateFailed
from qa.messages import Messages
from tests.telegram.faults import BLOCKED, reset
from tests.telegram.recording import Recording
from tests.telegram.updates import TOKEN, Updates, person


class Scene:
    """One update that failed."""

    def __init__(self, state: State, json: dict) -> None:
        self.state = state
        self.counters = Counters()
        self.recording = Recording()
        self.json = json
        settings = BotSettings(token=TOKEN)
        self.mishaps = Mishaps(
            SimpleNamespace(
                counters=self.counters, words=lambda user: words_for(user.language_code, settings)
            )
        )

    def fail(self, *errors, before=None) -> None:
        async def go():
            one = self.recording
            async with Bot(TOKEN, request=one, get_updates_request=one) as bot:
                update = Update.de_json(self.json, bot)
                async with Inbox(self.state).work(update.update_id) as work:
                    if before:
                        before(work)
                    for error in errors:
                        await self.mishaps.handle(update, SimpleNamespace(bot=bot, error=error))

        asyncio.run(go())


@pytest.fixture
def state(tmp_path):
    opened = State.open(tmp_path / "telegram.db")
    yield opened
    opened.close()


@pytest.fixture
def scene(state):
    return Scene(state, Updates().text("年休假几天？", 11))


@pytest.mark.parametrize(
    ("error", "key"),
    [
        (lambda: KeyError("x"), "bot_failed"),
        (lambda: BadRequest("Message is too long"), "bot_failed"),
        (lambda: NetworkError("x"), "bot_failed"),
        (lambda: Uncertain("x"), "bot_uncertain"),
        (lambda: RetryAfter(3), "bot_flooded"),
        (lambda: StateFailed("x"), "bot_not_kept"),
        (Busy, "bot_busy"),
    ],
)
def test_a_person_is_told_what_to_do(scene, error, key):
    scene.fail(error())
    assert scene.recording.texts(11) == [Messages("zh")(key)]
    assert scene.counters.summary().errors == 1
    assert scene.recording.refused == []


def test_in_their_language(state):
    json = Updates().text("x", 11)
    json["message"]["from"] = person(11, "en")
    scene = Scene(state, json)
    scene.fail(KeyError("x"))
    assert scene.recording.texts(11) == [Messages("en")("bot_failed")]


def test_once_however_much_goes_wrong(scene):
    scene.fail(KeyError("x"), KeyError("y"), Uncertain("z"))
    assert len(scene.recording.texts(11)) == 1
    assert scene.counters.summary().errors == 3


@pytest.mark.parametrize(
    "error",
    [Forbidden("bot was blocked by the user"), BadRequest("Query is too old and so on"),
     BadRequest("Message is not modified: x"), BadRequest("Chat not found")],
)  # fmt: skip
def test_what_harms_nobody_is_passed_over(scene, error):
    scene.fail(error)
    assert scene.recording.calls("sendMessage") == []
    assert scene.counters.summary().errors == 0


def test_nothing_is_said_of_what_is_answered_after_a_restart(scene):
    def could_not_leave(work):
        work.unsent = True

    scene.fail(NetworkError("no connection"), before=could_not_leave)
    assert scene.recording.calls("sendMessage") == []


@pytest.mark.parametrize("fault", [BLOCKED, reset(accepted=False)])
def test_what_cannot_even_be_said_is_let_go(scene, fault):
    scene.recording.fail("sendMessage", fault)
    scene.fail(KeyError("x"))
    assert scene.recording.texts(11) == []


def test_who_pressed_a_button_is_told_there(state):
    updates = Updates()
    message = updates.text("x", 11)["message"]
    scene = Scene(state, updates.press("ask:more:1:0:0", message, 11))
    scene.fail(KeyError("x"))
    (call,) = scene.recording.calls("answerCallbackQuery")
    assert call.params["text"] == Messages("zh")("bot_failed")
    assert scene.recording.texts() == []


def test_errors_without_an_update_are_only_logged(scene, caplog):
    async def go():
        await scene.mishaps.handle(None, SimpleNamespace(bot=None, error=NetworkError("x")))

    asyncio.run(go())
    assert "NetworkError" in caplog.text
