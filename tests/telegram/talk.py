"""A bot that is talked to: the sample documents, every part of the conversation, no network."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from shutil import copytree
from typing import Any

from telegram import Update
from telegram.constants import ParseMode
from telegram.ext import Application, ApplicationBuilder, Defaults

from embeddings.encoder import Encoder
from qa.bot.access import Access
from qa.bot.answering import Answering
from qa.bot.asking import Asking
from qa.bot.buttons import Buttons
from qa.bot.correcting import Correcting
from qa.bot.counters import Counters
from qa.bot.desk import Desk
from qa.bot.hints import Hints
from qa.bot.inline import Inline
from qa.bot.settings import BotSettings
from qa.bot.shelf import Shelf
from qa.bot.state import State
from qa.library import Library
from qa.records import Answer
from tests.fakes import FakeEncoder
from tests.telegram.methods import Call
from tests.telegram.recording import Recording
from tests.telegram.updates import TOKEN, Json, Updates

ASKER, OTHER = 11, 12
NOON = 1_775_000_000.0

Ask = Callable[[Library, str, int, Sequence[Any]], Answer]


class ScriptedShelf(Shelf):
    """A shelf whose answers a test may change, and that remembers what it was asked."""

    script: Ask | None = None
    gate: asyncio.Event | None = None

    def __init__(self, *args: Any, **values: Any) -> None:
        super().__init__(*args, **values)
        self.asked: list[tuple[str, str, int, tuple[Any, ...]]] = []

    async def ask(
        self, name: str, question: str, *, k: int = 3, history: Sequence[Any] = ()
    ) -> Answer:
        self.asked.append((name, question, k, tuple(history)))
        if self.gate is not None:
            await self.gate.wait()
        if self.script is not None:
            return self.script(self.library(name), question, k, history)
        return await super().ask(name, question, k=k, history=history)


@dataclass
class Talk:
    """One bot in conversation; updates are dealt with one after the other."""

    desk: Desk
    shelf: ScriptedShelf
    state: State
    runner: asyncio.Runner
    application: Application[Any, Any, Any, Any, Any, Any]
    recording: Recording
    clock: list[float]
    updates: Updates = field(default_factory=Updates)

    @property
    def library(self) -> Library:
        return self.shelf.library("")

    def receive(self, update: Json) -> list[Call]:
        """Deal with an update; give the calls that it led to, less what a slow machine adds."""
        before = len(self.recording.calls())
        self.recording.telegram.witness(update)
        one = Update.de_json(update, self.application.bot)
        self.runner.run(self.application.process_update(one))
        assert self.recording.refused == []
        calls = self.recording.calls()[before:]
        return [one for one in calls if one.method != "sendChatAction"]

    def say(self, text: str, user_id: int = ASKER, **fields: Any) -> str:
        """Write in private; give the one text that is answered."""
        [call] = self.receive(self.updates.text(text, user_id, **fields))
        assert call.method == "sendMessage"
        return call.text

    def ask(self, text: str, user_id: int = ASKER) -> Call:
        """Ask in private; give the message that answers."""
        [call] = self.receive(self.updates.text(text, user_id))
        return call

    def press(self, on: Call, label: str, user_id: int = ASKER) -> tuple[str, list[Call]]:
        """Press the button of this label; give the note shown, and the calls that came after."""
        [data] = [one["callback_data"] for one in on.buttons() if one["text"] == label]
        return self.press_data(on, data, user_id)

    def press_data(self, on: Call, data: str, user_id: int = ASKER) -> tuple[str, list[Call]]:
        """Press a button with this data; it is acknowledged once, and before all else."""
        message = self.recording.messages[on.chat_id, on.result["message_id"]]
        first, *rest = self.receive(self.updates.press(data, message, user_id))
        assert first.method == "answerCallbackQuery"
        assert [one.method for one in rest if one.method == "answerCallbackQuery"] == []
        return str(first.params.get("text", "")), rest


@contextmanager
def talk(
    folder: Path, filled: Path | None = None, *, encoder: Encoder | None = None, **settings: Any
) -> Iterator[Talk]:
    """Open a bot that answers everybody, on a copy of the library `filled` (or an empty one)."""
    used = encoder or FakeEncoder()
    place = folder / "library"
    if filled is not None and not place.exists():
        copytree(filled, place)
    names = settings.pop("names", ())
    asked: dict[str, Any] = {"library": place, "allowed": frozenset({"*"}), **settings}
    asked["libraries"] = {name: folder / f"library-{name}" for name in names}
    made = BotSettings(TOKEN, **asked)
    libraries = {name: Library.open(one, used) for name, one in made.folders.items()}
    shelf = ScriptedShelf(libraries, workers=1, waiting=20)
    state = State.open(folder / "telegram.db")
    clock = [NOON]
    desk = Desk(shelf, state, Access(made, state), made, Counters(), lambda: clock[0])
    with asyncio.Runner() as runner:
        recording, application = _application(desk)
        runner.run(application.initialize())
        yield Talk(desk, shelf, state, runner, application, recording, clock)
        runner.run(application.shutdown())
        shelf.stop()
    shelf.close()
    state.close()
    for library in libraries.values():
        library.close()


def suggesting(suggestion: str) -> Ask:
    """Give a script that answers as the library does, and suggests another question."""

    def ask(library: Library, question: str, k: int, history: Sequence[Any]) -> Answer:
        answer = library.ask(question, k)
        return answer if question == suggestion else replace(answer, suggestion=suggestion)

    return ask


def understanding(added: str) -> Ask:
    """Give a script that adds words to every question that has a history."""

    def ask(library: Library, question: str, k: int, history: Sequence[Any]) -> Answer:
        if not history:
            return library.ask(question, k)
        whole = f"{added}{question}"
        return replace(
            library.ask(whole, k), question=question, understood=whole, added=added.strip()
        )

    return ask


def courtesy(text: str) -> str | None:
    """Know a politeness, and who wants another topic."""
    return {"谢谢": "thanks", "换个话题吧": "new_topic"}.get(text)


def _application(desk: Desk) -> tuple[Recording, Any]:
    recording = Recording()
    defaults = Defaults(parse_mode=ParseMode.HTML)
    builder = ApplicationBuilder().token(TOKEN).request(recording).defaults(defaults)
    application = builder.get_updates_request(Recording()).updater(None).build()
    answering, correcting = Answering(desk), Correcting(desk)
    for part in (
        Asking(desk, answering, correcting, courtesy=courtesy),
        Buttons(desk, answering, correcting),
        Inline(desk),
        Hints(desk),
    ):
        application.add_handlers(list(part.handlers()))
    return recording, application
