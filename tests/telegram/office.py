"""A bot with its library on a folder of its own and no network: what tests of handlers work in."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from telegram import Update
from telegram.ext import Application, ApplicationBuilder

from qa.bot.access import Access
from qa.bot.catalogue import Catalogues
from qa.bot.commands import Commands
from qa.bot.counters import Counters
from qa.bot.desk import Desk
from qa.bot.documents import Documents
from qa.bot.intake import Intake
from qa.bot.removing import Removing
from qa.bot.settings import BotSettings
from qa.bot.shelf import Shelf
from qa.bot.state import State
from qa.library import Library
from tests.fakes import FakeEncoder
from tests.telegram.recording import Recording
from tests.telegram.updates import TOKEN, Json, Updates

T = TypeVar("T")
ADMIN, READER, STRANGER = 11, 12, 13


@dataclass
class Office:
    """One bot at work; `run` awaits in its loop, `receive` lets it deal with updates in order."""

    folder: Path
    desk: Desk
    intake: Intake
    documents: Documents
    runner: asyncio.Runner
    application: Application[Any, Any, Any, Any, Any, Any]
    recording: Recording
    updates: Updates = field(default_factory=Updates)

    @property
    def library(self) -> Library:
        return self.desk.shelf.library("")

    @property
    def kept(self) -> Path:
        """The folder of the files that were sent."""
        return self.desk.settings.documents

    def run(self, task: Coroutine[Any, Any, T]) -> T:
        return self.runner.run(task)

    def receive(self, *updates: Json) -> list[str]:
        """Deal with updates one after the other; give the texts of all messages sent for them."""
        before = len(self.recording.texts())
        for update in updates:
            self.recording.telegram.witness(update)
            one = Update.de_json(update, self.application.bot)
            self.run(self.application.process_update(one))
        return self.recording.texts()[before:]

    def receive_at_once(self, *updates: Json) -> None:
        """Deal with updates all at the same time."""

        async def all_of_them() -> None:
            for update in updates:
                self.recording.telegram.witness(update)
            made = [Update.de_json(one, self.application.bot) for one in updates]
            await asyncio.gather(*map(self.application.process_update, made))

        self.run(all_of_them())

    def send(self, name: str, content: bytes, user_id: int = ADMIN, **more: Any) -> list[str]:
        """Let somebody send a file; give what was said."""
        update = self.updates.document(name, content, user_id, **more)
        self.recording.keep_file(update["message"]["document"]["file_id"], content)
        return self.receive(update)

    def message(self, number: int = -1) -> Json:
        """Give a message of the bot as it stands now; the last one unless told."""
        sent = self.recording.calls("sendMessage")[number].result
        return self.recording.messages[sent["chat"]["id"], sent["message_id"]]

    def press(self, label: str, user_id: int = ADMIN, number: int = -1) -> str:
        """Press a button of the last message; give what the message says then."""
        message = self.message(number)
        rows = message["reply_markup"]["inline_keyboard"]
        [data] = [one["callback_data"] for row in rows for one in row if one["text"] == label]
        self.receive(self.updates.press(data, message, user_id))
        return str(self.message(number)["text"])


@contextmanager
def office(folder: Path, *, names: tuple[str, ...] = (), **settings: Any) -> Iterator[Office]:
    """Open a bot whose administrator is ADMIN, who answers READER, and nobody else.

    `names` are further libraries; other settings as in BotSettings.
    """
    folders = {name: folder / f"library-{name}" for name in names}
    asked: dict[str, Any] = {
        "library": folder / "library",
        "libraries": folders,
        "allowed": frozenset({str(READER)}),
        "admins": frozenset({str(ADMIN)}),
        "documents": folder / "library-documents",
        **settings,
    }
    made = BotSettings(TOKEN, **asked)
    encoder = FakeEncoder()
    libraries = {name: Library.open(place, encoder) for name, place in made.folders.items()}
    shelf = Shelf(libraries, workers=1, waiting=20)
    state = State.open(folder / "telegram.db")
    desk = Desk(shelf, state, Access(made, state), made, Counters())
    with asyncio.Runner() as runner:
        yield _staffed(folder, desk, runner)
        shelf.stop()
    shelf.close()
    state.close()
    for library in libraries.values():
        library.close()


def _staffed(folder: Path, desk: Desk, runner: asyncio.Runner) -> Office:
    recording = Recording()
    builder = ApplicationBuilder().token(TOKEN).request(recording).get_updates_request(Recording())
    application = builder.updater(None).build()
    catalogues = Catalogues(desk.shelf)
    intake = Intake(desk.settings, desk.shelf, tries=2)
    documents = Documents(desk, intake)
    commands = Commands(desk)
    for part in (documents, Removing(desk, catalogues, intake), commands):
        application.add_handlers(list(part.handlers()))
    runner.run(application.initialize())
    return Office(folder, desk, intake, documents, runner, application, recording)
