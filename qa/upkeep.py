"""Keeping an open library as it should be: indexes that lag, and the user's words when they change.

What needs the write lock is left for later where another process writes or the folder may only be
read; the library goes on with what it has.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass

from qa.errors import Fault, LibraryDamaged
from qa.everyday import with_everyday
from qa.folder import Folder
from qa.indexes import Indexes
from qa.making import Making, is_recorded
from qa.store import Store
from qa.synonyms import Synonyms, following_synonyms
from qa.telling import Progress
from qa.user_files import OwnFile, following_words

_logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Own:
    """What a user keeps in files of their own, as it is at the moment of asking.

    Attributes:
        words: Gives the words; None for those that the library has.
        synonyms: Gives the synonyms, with the everyday words.
    """

    words: Callable[[], tuple[str, ...] | None]
    synonyms: Callable[[], Synonyms]

    @classmethod
    def of(cls, words: OwnFile, synonyms: OwnFile = None, everyday: bool = True) -> Own:
        """Take files, which are followed, or lines; `everyday` adds the words of the package.

        Raises:
            ConfigError: a file cannot be read, or a line of it cannot be used.
        """
        given = following_synonyms(synonyms)
        return cls(following_words(words), with_everyday(given) if everyday else given)


class Upkeep:
    """What is done to a library before it is read.

    A library has one word list. It is set by whoever opens it with words, once and again whenever
    those words change; everybody else follows. So two processes with different words do not undo
    each other's at every question: the one that set its own last has its way.

    Args:
        folder: The library's.
        store: The same library's.
        indexes: Of the same.
        words: Gives the words the user wants now; None for those that the library has.
    """

    def __init__(
        self,
        folder: Folder,
        store: Store,
        indexes: Indexes,
        words: Callable[[], tuple[str, ...] | None],
    ) -> None:
        self._folder = folder
        self._store = store
        self._indexes = indexes
        self._words = words
        self._taken: tuple[str, ...] | None = None
        self._warned = ""

    def record(self, making: Making) -> None:
        """Record what a library that is just being made is made with."""
        if not is_recorded(self._store):
            with self._folder.writing():
                if not is_recorded(self._store):  # another process may have been first
                    with self._store.writing() as writing:
                        making.record(writing)

    def refresh(self, progress: Progress | None = None) -> None:
        """See what other processes have written, and finish what one of them could not.

        `progress` is called with documents done and in all where terms have to be cut.
        """
        self._indexes.refresh()
        waiting = self.waiting
        if waiting is not None or self._indexes.behind:
            self._heal(waiting, progress)
        else:
            self._warned = ""

    def take_words(self) -> None:
        """Record the words that are wanted, if they are others; the write lock is held."""
        waiting = self.waiting
        if waiting is not None:
            self._indexes.dictionary.record(waiting)
            self._taken = waiting

    @property
    def waiting(self) -> tuple[str, ...] | None:
        """Give the words that are wanted and not yet recorded; None when all is as it should be."""
        words = self._words()
        if words is None or words == self._taken:
            return None
        if not self._indexes.dictionary.is_recorded(words):
            self._indexes.want(words)
            return words
        self._taken = words
        return None

    def _heal(self, words: tuple[str, ...] | None, progress: Progress | None) -> None:
        """Bring words and indexes up to date, unless a writer is at work, which will do the latter.

        One question of many at once does it; the others do not wait for it.
        """
        with self._folder.writing_if_free() as free:
            if not free:
                self._warn(self._indexes.if_missing())
                if words is not None:
                    _logger.info("own words wait: the library is in use, or may only be read")
                return
            try:
                self.take_words()
                self._indexes.catch_up(progress)
            except LibraryDamaged as error:
                if error.fault is Fault.DAMAGED:
                    raise
                self._warn(f"{self._lacking()}: {error}")

    def _warn(self, message: str) -> None:
        # Every question and look at the library comes by here: it is said once until it is mended.
        if message and message != self._warned:
            _logger.warning("%s", message)
        self._warned = message

    def _lacking(self) -> str:
        """Say what the term index lacks that could not be brought up."""
        if self._indexes.terms.size or not self._store.counts()[1]:
            return "searching without what was added last"
        return "the term index is missing, so much less is found"
