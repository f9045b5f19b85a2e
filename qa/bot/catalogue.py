"""What is in a library, as a list that people page through and choose from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from qa.bot.shelf import Shelf
from qa.bot.state import State
from qa.library import Library
from qa.records import Document

PAGE = 10
"""Documents on one page."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One document of the list.

    Attributes:
        key: 16 hexadecimal digits that stand for it in a button; the same after a restart, and
            another in another library.
        source: As in `qa.records.Document`.
        path: As there.
        title: As there.
        date: As there.
        paragraphs: Its lines that are not blank.
    """

    key: str
    source: str
    path: str
    title: str
    date: str | None
    paragraphs: int

    @property
    def location(self) -> str:
        """What `Library.remove` takes for this document and no other."""
        return f"{self.source.rstrip('/')}/{self.path}" if self.source else self.path

    @classmethod
    def of(cls, document: Document, library: Path) -> Entry:
        """Make the entry of a document in the library of this folder."""
        place = f"{library}\n{document.source}\n{document.path}".encode("utf-8", "surrogatepass")
        paragraphs = sum(1 for line in document.text.split("\n") if line.strip())
        key = sha256(place).hexdigest()[:16]
        return cls(key, document.source, document.path, document.title, document.date, paragraphs)


class Catalogue:
    """The entries of one library, in order of source and path.

    They are read again when the library has changed; a long list takes a while, so call it in a
    thread.
    """

    def __init__(self, library: Library) -> None:
        self._library = library
        self._known: tuple[int, tuple[Entry, ...]] = (-1, ())

    def entries(self) -> tuple[Entry, ...]:
        """Give all entries; () for an empty library."""
        generation = self._library.status().generation
        before, entries = self._known
        if generation != before:
            entries = tuple(
                Entry.of(one, self._library.folder) for one in self._library.documents()
            )
            self._known = (generation, entries)
        return entries


def named(entries: Sequence[Entry], name: str) -> tuple[Entry, ...]:
    """Give the entries that a person may mean, in their order; () for an empty name.

    The path, the file name or the title as it is goes before parts of a title or path; capital
    letters do not matter.
    """
    wanted = name.strip().casefold()
    if not wanted:
        return ()
    same = tuple(one for one in entries if wanted in _names(one))
    return same or tuple(
        one for one in entries if wanted in one.path.casefold() or wanted in one.title.casefold()
    )


def page(entries: Sequence[Entry], number: int) -> tuple[int, tuple[Entry, ...]]:
    """Give a page's number (from 0, moved to the nearest there is) and its entries."""
    last = pages(entries) - 1
    number = min(max(number, 0), last)
    return number, tuple(entries[number * PAGE : (number + 1) * PAGE])


def pages(entries: Sequence[Entry]) -> int:
    """Give how many pages there are; an empty list has one."""
    return max(1, -(-len(entries) // PAGE))


def _names(entry: Entry) -> tuple[str, ...]:
    path = entry.path.casefold()
    return path, path.rpartition("/")[2], entry.title.casefold(), entry.location.casefold()


class Catalogues:
    """The lists of a bot's libraries, and which of them each chat sees."""

    def __init__(self, shelf: Shelf, state: State) -> None:
        self._shelf = shelf
        self._state = state
        self._known = {name: Catalogue(shelf.library(name)) for name in shelf.names}

    def name_for(self, chat_id: int) -> str:
        """Give the name of the library a chat uses; that of the default one is empty."""
        name = self._state.bound(chat_id)
        return name if name in self._known else ""  # it may have left the settings since

    async def entries(self, name: str) -> tuple[Entry, ...]:
        """Give all entries of a library.

        Raises:
            Busy: too much is going on.
            LibraryError: it cannot be read.
        """
        return await self._shelf.run(self._known[name].entries)

    async def entry(self, name: str, key: str) -> Entry | None:
        """Give the entry of a library with this key; None when it is not there. Raises as above."""
        return next((one for one in await self.entries(name) if one.key == key), None)
