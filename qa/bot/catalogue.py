"""What is in a library, as a list that people page through and choose from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from qa.bot.shelf import Shelf
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
    """The lists of a bot's libraries, each read again when its library has changed."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf
        self._known: dict[str, tuple[int, tuple[Entry, ...]]] = {}  # by name, with the generation

    async def entries(self, name: str) -> tuple[Entry, ...]:
        """Give all entries of a library in order of source and path; () for an empty one.

        Raises:
            Busy: too much is going on.
            LibraryError: it cannot be read.
        """
        return await self._shelf.run(self._entries, name)

    async def entry(self, name: str, key: str) -> Entry | None:
        """Give the entry of a library with this key; None when it is not there. Raises as above."""
        return next((one for one in await self.entries(name) if one.key == key), None)

    def _entries(self, name: str) -> tuple[Entry, ...]:
        library = self._shelf.library(name)
        generation = library.status().generation
        known = self._known.get(name)
        if known is None or known[0] != generation:
            entries = tuple(Entry.of(one, library.folder) for one in library.documents())
            known = self._known[name] = (generation, entries)
        return known[1]
