"""The way of one file from complete on disk to searchable; what was cut short is made up for."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path

from qa.bot.catalogue import Entry
from qa.bot.logs import event
from qa.bot.reports import Outcome
from qa.bot.settings import BotSettings
from qa.bot.shelf import Shelf
from qa.bot.uploads import Receipt, Uploads
from qa.errors import Fault, LibraryDamaged, LibraryLocked
from qa.library import Library
from qa.records import Document

Say = Callable[[str], Awaitable[int]]
"""Takes a message key, tells the person, and gives the id of the message that stands there."""

_SLOW_S = 1.0
_logger = logging.getLogger(__name__)


class NotAdded(Exception):
    """A file is kept but could not be added now; its cause says why. It is tried again later."""


class Intake:
    """Takes complete files into the libraries of a bot, one at a time for each library."""

    def __init__(self, settings: BotSettings, shelf: Shelf, *, tries: int = 6) -> None:
        """Args: tries: How often a library is asked that another process writes to (5 s each)."""
        self._shelf = shelf
        self._tries = tries
        self._uploads = {name: Uploads(settings.documents_of(name)) for name in shelf.names}
        self._turns = {name: asyncio.Lock() for name in shelf.names}

    def uploads(self, library: str) -> Uploads:
        """Give the folder of the files that were sent for a library."""
        return self._uploads[library]

    async def take(self, library: str, part: Path, *, receipt: Receipt, say: Say) -> Outcome:
        """Keep a complete file and add it.

        Args:
            library: The library's name.
            part: The file, which is gone afterwards.
            receipt: Under which name to keep it, and who sent it.
            say: Called when it takes long.

        Raises:
            OSError: it could not be kept (a full disk, say); nothing has changed.
            NotAdded: it is kept, but not in the library yet.
        """
        uploads = self._uploads[library]
        async with self._turns[library]:
            try:
                receipt = await asyncio.to_thread(uploads.keep, part, receipt)
            finally:
                part.unlink(missing_ok=True)
            return await self._add(library, receipt, say)

    async def resume(self, library: str) -> list[tuple[Receipt, Outcome | NotAdded]]:
        """Add what is kept and may not be in the library; give what became of each."""
        done: list[tuple[Receipt, Outcome | NotAdded]] = []
        async with self._turns[library]:
            for receipt in self._uploads[library].pending():
                try:
                    done.append((receipt, await self._add(library, receipt)))
                except NotAdded as error:
                    done.append((receipt, error))
        return done

    async def remove(self, library: str, entry: Entry) -> Path | None:
        """Take a document out of a library; its file, if it was sent, is put aside.

        Returns:
            Where the file is now; None when it is not one that was sent, and was left alone.

        Raises:
            SourceNotFound: the library no longer has it.
            LibraryLocked, LibraryDamaged, OSError: nothing has changed.
        """
        uploads, file = self._uploads[library], Path(entry.location)
        async with self._turns[library]:
            # First: a crash in between leaves a document that can be removed again.
            aside = uploads.put_aside(file) if entry.source else None
            try:
                await self._shelf.write(self._shelf.library(library).remove, [entry.location])
            except BaseException:
                if aside:
                    aside.replace(file)
                raise
        event(_logger, "removed", library=library, document=entry.path)
        return aside

    def tidy(self) -> None:
        """Delete what began to arrive in an earlier process and did not end."""
        for uploads in self._uploads.values():
            uploads.tidy()

    async def _add(self, name: str, receipt: Receipt, say: Say | None = None) -> Outcome:
        uploads = self._uploads[name]

        async def told(key: str) -> None:
            message_id = await say(key) if say else receipt.message_id
            if message_id != receipt.message_id:
                uploads.write(replace(receipt, message_id=message_id))

        library, file = self._shelf.library(name), uploads.file(receipt.name)
        try:
            outcome = await self._added(library, file, receipt=receipt, told=told)
        except Exception as error:  # a face: whatever it is, the file is kept and tried again
            _logger.warning("a file was kept but not added: %s", type(error).__name__)
            raise NotAdded from error
        if outcome.document is None:
            uploads.take_back(receipt)
        uploads.done(receipt)
        said = "added" if outcome.document else "not added"
        passages = outcome.passages
        facts = {"library": name, "document": receipt.name, "passages": passages}
        event(_logger, said, **facts, chat=receipt.chat_id)
        return outcome

    async def _added(
        self,
        library: Library,
        file: Path,
        *,
        receipt: Receipt,
        told: Callable[[str], Awaitable[None]],
    ) -> Outcome:
        """Add a file, patiently while another process writes."""
        tries = 0
        while True:
            tries += 1
            adding = asyncio.ensure_future(self._shelf.write(_add, library, file, receipt))
            try:
                done, _ = await asyncio.wait({adding}, timeout=_SLOW_S)
                if not done:
                    await told("bot_adding")
                return await adding
            except (LibraryLocked, LibraryDamaged) as error:
                passing = isinstance(error, LibraryLocked) or error.fault is Fault.BUSY
                if not passing or tries >= self._tries:
                    raise
            await told("bot_library_locked")


def _add(library: Library, file: Path, receipt: Receipt) -> Outcome:
    """Add a file and see how it stands in the library."""
    report = library.add([file])
    left_out = report.failed or report.skipped
    document, passages = (None, 0) if left_out else _standing(library, file)
    return Outcome(
        name=receipt.name,
        report=report,
        document=document,
        passages=passages,
        earlier=bool(receipt.earlier),
        status=library.status(),
    )


def _standing(library: Library, file: Path) -> tuple[Document | None, int]:
    """Give a file's document and the number of its passages."""
    place = file.resolve()
    asked = Document(place.parent.as_posix(), place.name, title=place.stem, text="", digest="")
    passages = library.passages(asked)
    if passages:
        return library.passage(passages[0].id)[0], len(passages)
    return asked, 0
