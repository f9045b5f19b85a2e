"""The term index fed with what has just been written to the store, from the terms already cut."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from contextlib import ExitStack, suppress

from qa.faults import reason
from qa.storing import Writing
from qa.term_files import is_damage
from qa.term_making import TermEntry
from qa.term_state import ANNOUNCED
from qa.term_writing import TermWriting
from qa.terms import TermIndex

CHECKPOINT_PASSAGES = 10_000
"""After so many what was fed is committed: at most so many are cut again after a kill."""

_logger = logging.getLogger(__name__)
FAULTS = (ValueError, OSError)
"""What goes wrong when a term index is written; tantivy's own errors are ValueErrors."""


class Feed:
    """Puts passages into a term index that was in step with the store.

    Use it as a context manager. It never fails: an index that cannot be written is left as it was
    committed last, for `Indexes.catch_up` to bring up from the store, or to say what is wrong.
    """

    def __init__(self, terms: TermIndex | None) -> None:
        self._terms = terms  # None: it could not be opened
        self._stack = ExitStack()
        self._writing: TermWriting | None = None  # opened when there is something to write
        self._generation = terms.generation if terms else 0
        self._unsettled = False
        self._passages = 0

    def put(self, removed: Iterable[int], entries: Iterable[TermEntry]) -> None:
        """Take documents out and put passages in; `settle` says when the store holds it too."""
        self._unsettled = True
        self._try(lambda writing: self._put(writing, removed, entries))

    def settle(self, generation: int) -> None:
        """Note that the store has committed all that was put, as this generation."""
        self._generation, self._unsettled = generation, False
        if self._passages >= CHECKPOINT_PASSAGES:
            self.checkpoint()

    def checkpoint(self) -> None:
        """Commit what was put, all of which must be settled."""
        if self._terms is not None and self._generation > self._terms.generation:
            self._try(self._commit)

    def write_out(self, into: Writing) -> None:
        """Write what was put to disk before the store commits it, so that nothing is left to do.

        Only for an index that takes another's place: it does so by itself where `settle` is never
        reached once `into`, in which that is noted, is committed.
        """
        self._try(lambda writing: self._write_out(writing, into))

    def take_back(self) -> None:
        """Forget what was put since the last checkpoint."""
        self._unsettled = False
        self._try(TermWriting.take_back)
        self._passages = 0

    def __enter__(self) -> Feed:
        return self

    def __exit__(self, *_: object) -> None:
        try:
            if self._unsettled:
                self.take_back()
            else:
                self.checkpoint()  # also when interrupted: what the store holds is found at once
        finally:
            with suppress(*FAULTS):
                self._stack.close()

    def _put(
        self, writing: TermWriting, removed: Iterable[int], entries: Iterable[TermEntry]
    ) -> None:
        for document_id in removed:
            writing.remove(document_id)
        for one in entries:
            writing.put(one)
            self._passages += 1

    def _write_out(self, writing: TermWriting, into: Writing) -> None:
        writing.commit()
        if self._terms is not None:
            into.set(ANNOUNCED, self._terms.announce(into.generation))

    def _commit(self, writing: TermWriting) -> None:
        writing.commit()
        if self._terms is not None:
            self._terms.complete(self._generation)
        self._passages = 0

    def _try(self, change: Callable[[TermWriting], None]) -> None:
        """Make a change, unless an earlier one could not be made."""
        if self._terms is None:
            return
        try:
            if self._writing is None:
                self._writing = self._stack.enter_context(self._terms.writing())
            change(self._writing)
        except BaseException as error:  # a panic of tantivy's is no Exception
            if not is_damage(error):
                raise
            why, self._terms = reason(error, self._terms.folder), None
            _logger.warning("the term index is left for later: %s", why)
            if self._writing is not None:
                with suppress(*FAULTS):
                    self._writing.take_back()
