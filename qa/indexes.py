"""The two derived indexes of a library, kept in step with its store."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager, suppress
from itertools import chain, islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from embeddings.vector_files import file_kind, write_main
from embeddings.vectors import VectorIndex
from embeddings.words import Cutter
from qa.errors import Fault, LibraryDamaged
from qa.faults import file_fault
from qa.feeding import FAULTS, Feed
from qa.store import Store
from qa.terms import Stamp, TermEntry, TermIndex, TermMaker, WeightedTerm

TAIL_LIMIT = 2_000
"""Vectors kept in memory only; beyond this, and a fifth of the file, the file is written anew."""

_CANDIDATES = (60, 30)  # by terms, by vectors
_FEW_CANDIDATES = (20, 10)

Progress = Callable[[int, int], None]


class Indexes:
    """A term index and a vector index over one store.

    `refresh` is for readers: it sees what any process has written. `catch_up` is for whoever holds
    the library's write lock: it brings the files on disk up to the store.
    """

    def __init__(
        self, folder: Path, store: Store, cutter: Cutter, dimensions: int, model: str
    ) -> None:
        self._store = store
        self._cutter = cutter
        self._maker = TermMaker(cutter)
        self._dimensions = dimensions
        # The file is named after the encoder, so that vectors of two encoders never meet.
        self._vector_file = folder / "vectors" / f"{model[:16]}-{dimensions}.faiss"
        self._vectors = VectorIndex.open(self._vector_file, dimensions)
        self._terms_folder = folder / "terms"
        self._terms_stamp = TermIndex.stamp(self._terms_folder)
        self.terms = TermIndex.open(self._terms_folder, cutter.fingerprint)
        self._refreshing = threading.RLock()
        self._seen = -1
        self._seen_removals = -1
        self._fed = False  # by a writer of this process, who sees to the rest

    @property
    def behind(self) -> bool:
        """Whether the term index lacks something that the store holds, or was made of another.

        It is ahead where an older copy of the database was put back. One that is being fed here is
        not behind.
        """
        return not self._fed and self.terms.generation != self._store.generation

    @property
    def vector_sizes(self) -> tuple[int, int, int]:
        """How many vectors are in the file, in memory only, and excluded."""
        return self._vectors.main_size, self._vectors.tail_size, self._vectors.excluded_size

    @property
    def vector_recall(self) -> float | None:
        """How much of what is nearest the vector file finds, 0 to 1; None when it is not known."""
        known = file_kind(self._vector_file, self._vectors.main_size)
        return known.recall if known else None

    def refresh(self) -> None:
        """See what has been written since the last call; costs three look-ups when nothing was."""
        # The store is written first, the files after it: each has its own sign of change.
        if (
            self._seen == self._store.generation
            and self._terms_stamp == self._stamp()
            and not self._vectors.stale
        ):
            return
        with self._refreshing:
            stamp, generation = self._stamp(), self._store.generation
            if self._terms_stamp != stamp:
                self.terms = TermIndex.open(self._terms_folder, self._cutter.fingerprint)
                self._terms_stamp = stamp
            if self._seen != generation or self._vectors.stale:
                self._refresh_vectors()
                self._seen = generation

    def catch_up(self, progress: Progress | None = None) -> None:
        """Put into the files on disk what the store has more (write lock held).

        Args:
            progress: Called with documents done and documents to do.

        Raises:
            LibraryDamaged: the files cannot be written; the store holds everything nevertheless.
        """
        with self._explained():
            terms = TermIndex.open_for_writing(self._terms_folder, self._cutter.fingerprint)
            if terms.generation > self._store.generation:  # an older copy was put back
                terms = self.clear()
            try:
                self._put(terms, progress)
            except ValueError as error:
                fault = file_fault(self._terms_folder.parent, error)
                if fault.fault is Fault.DISK_FULL:
                    raise fault from error
                self._put(terms.emptied(), progress)  # damaged deeper than opening it tells
            self._catch_up_vectors()

    @contextmanager
    def feeding(self) -> Iterator[Feed]:
        """Give what puts passages into the term index as they are written (write lock held).

        `catch_up` afterwards finishes what it leaves.
        """
        terms: TermIndex | None = None
        with suppress(LibraryDamaged, *FAULTS):  # `catch_up` will say it
            terms = TermIndex.open_for_writing(self._terms_folder, self._cutter.fingerprint)
            if terms.generation != self._store.generation:
                self.catch_up()
                terms = TermIndex.open_for_writing(self._terms_folder, self._cutter.fingerprint)
        self._fed = True
        try:
            with Feed(terms) as feed:
                yield feed
        finally:
            self._fed = False

    def clear(self) -> TermIndex:
        """Delete both indexes from disk; `catch_up` makes them again (write lock held)."""
        shutil.rmtree(self._vector_file.parent, ignore_errors=True)
        with self._refreshing:
            self._vectors = VectorIndex.open(self._vector_file, self._dimensions)
            self._seen = self._seen_removals = -1
        return TermIndex.open(self._terms_folder, self._cutter.fingerprint).emptied()

    def candidates(
        self,
        terms: list[WeightedTerm],
        vector: NDArray[np.float32],
        without: Collection[int] = (),
        *,
        few: bool = False,
    ) -> list[int]:
        """Give the ids of passages worth a closer look, each once, in no telling order.

        Args:
            terms: What the question names.
            vector: float32 (dimensions,), the question's.
            without: Ids of documents whose passages are left out.
            few: Whether a third of the usual number will do.
        """
        by_terms, by_vector = _FEW_CANDIDATES if few else _CANDIDATES
        named = (number for number, _ in self.terms.search(terms, by_terms, without))
        hidden = {one.id for number in without for one in self._store.passages_of(number)}
        meant = (
            number
            for number, _ in self._vectors.search(vector, by_vector + len(hidden))
            if number not in hidden
        )
        return list(dict.fromkeys([*named, *islice(meant, by_vector)]))

    def _put(self, terms: TermIndex, progress: Progress | None) -> None:
        """Bring a term index up to the store."""
        generation, since = self._store.generation, terms.generation
        if since == generation:
            return
        changed = self._store.changed_since(since)
        gone = [one.document_id for one in self._store.removed_since(since)]
        with terms.writing() as writing:
            # Documents half put in by a run that was cut off come out first.
            for document_id in (*gone, *changed):
                writing.remove(document_id)
            for number, document_id in enumerate(changed, start=1):
                for one in self._entries(document_id):
                    writing.put(one)
                if progress:
                    progress(number, len(changed))
            writing.commit()
        terms.complete(generation)

    def _refresh_vectors(self) -> None:
        vectors, since = self._vectors, self._seen_removals
        if vectors.stale:
            vectors, since = VectorIndex.open(self._vector_file, self._dimensions), -1
        generation = self._store.generation  # before reading: what comes meanwhile is read again
        for ids, rows in self._store.vectors_after(vectors.last_id):
            vectors.append(ids, rows)
        gone = (
            range(r.first_passage, r.last_passage + 1) for r in self._store.removed_since(since)
        )
        vectors.exclude(chain.from_iterable(gone))
        # Only now, so that searches in other threads never see the file without its tail.
        self._vectors, self._seen_removals = vectors, generation

    def _catch_up_vectors(self) -> None:
        """See all vectors, in the file those that are too many for memory."""
        if self._vectors.stale:
            self._refresh_vectors()
        limit = max(TAIL_LIMIT, self._vectors.main_size // 5)
        if self._store.last_passage - self._vectors.last_id <= limit:
            self.refresh()
            _, in_memory, excluded = self.vector_sizes
            if in_memory + excluded <= limit:
                return
        write_main(self._vector_file, lambda: self._store.vectors_after(0), self._dimensions)
        self.refresh()

    def _stamp(self) -> Stamp | None:
        return TermIndex.stamp(self._terms_folder)

    @contextmanager
    def _explained(self) -> Iterator[None]:
        """Turn what the file system says into an error that says what to do."""
        try:
            yield
        except (OSError, ValueError) as error:  # tantivy's own are ValueErrors
            raise file_fault(self._terms_folder.parent, error) from error

    def _entries(self, document_id: int) -> Iterator[TermEntry]:
        title = self._store.title(document_id)
        for passage in self._store.passages_of(document_id):
            terms = self._maker.terms(passage.shown, title=title, heading=passage.heading)
            yield TermEntry(passage.id, document_id, terms)
