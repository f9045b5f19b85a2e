"""The two derived indexes of a library, kept in step with its store."""

from __future__ import annotations

import logging
import shutil
import threading
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from itertools import chain, islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from embeddings.vector_files import file_kind, write_main
from embeddings.vectors import VectorIndex
from embeddings.words import Cutter, WordCutter
from qa.dictionary import Dictionary
from qa.errors import Fault
from qa.faults import file_fault
from qa.records import Passage
from qa.store import Store
from qa.terms import Stamp, TermEntry, TermIndex, WeightedTerm, entry

_logger = logging.getLogger(__name__)

TAIL_LIMIT = 2_000
"""Vectors kept in memory only; beyond this, and a fifth of the file, the file is written anew."""

_CANDIDATES = (60, 30)  # by terms, by vectors
_FEW_CANDIDATES = (20, 10)
_BATCH_DOCUMENTS = 500

Progress = Callable[[int, int], None]


class Indexes:
    """A term index and a vector index over one store.

    `refresh` is for readers: it sees what any process has written. `catch_up` is for whoever holds
    the library's write lock: it brings the files on disk up to the store.

    Attributes:
        dictionary: The user's words that the store wants the documents cut with.
        terms: The term index as it was last seen.
        cutter: What its terms were cut by; questions are to be cut by the same.
    """

    def __init__(
        self, folder: Path, store: Store, cutter: WordCutter, dimensions: int, model: str
    ) -> None:
        self._store = store
        self.dictionary = Dictionary(store, cutter)
        self._dimensions = dimensions
        # The file is named after the encoder, so that vectors of two encoders never meet.
        self._vector_file = folder / "vectors" / f"{model[:16]}-{dimensions}.faiss"
        self._vectors = VectorIndex.open(self._vector_file, dimensions)
        self._terms_folder = folder / "terms"
        self._terms_stamp = TermIndex.stamp(self._terms_folder)
        self.terms, self.cutter = self._open_terms()
        self._refreshing = threading.RLock()
        self._seen = -1
        self._seen_removals = -1

    @property
    def behind(self) -> bool:
        """Whether the term index lacks something that the store holds, or was made of another.

        It is ahead where an older copy of the database was put back.
        """
        return self.terms.generation != self._store.generation

    @property
    def vector_sizes(self) -> tuple[int, int, int]:
        """How many vectors are in the file, in memory only, and excluded."""
        return self._vectors.main_size, self._vectors.tail_size, self._vectors.excluded_size

    @property
    def vector_recall(self) -> float | None:
        """How much of what is nearest the vector file finds, 0 to 1; None when it is not known."""
        known = file_kind(self._vector_file, self._vectors.main_size)
        return known.recall if known else None

    def want(self, words: tuple[str, ...]) -> None:
        """Say which words this process would have: an older library's terms may be cut with them.

        Such a library records a digest of its words only.
        """
        self.dictionary.wanted = words
        if not self.terms.generation:
            self.terms, self.cutter = self._open_terms()

    def warn_if_missing(self) -> None:
        """Log that there is no term index, where this process may not make it."""
        if self._store.read_only and not self.terms.size and self._store.counts()[1]:
            _logger.warning(
                "%s has no term index and may only be read, so less is found: "
                "run `qa status` as one who may write there",
                self._terms_folder.parent,
            )

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
                self.terms, self.cutter = self._open_terms()
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
            terms, cut = self._open_terms()
            if terms.generation > self._store.generation:  # an older copy was put back
                terms = self.clear()
            elif not terms.generation or not self.dictionary.knows(cut):
                terms = terms.emptied()
            try:
                recut = cut.fingerprint != self.dictionary.now.fingerprint
                self._put(terms, progress, recut=recut)
            except ValueError as error:
                fault = file_fault(self._terms_folder.parent, error)
                if fault.fault is Fault.DISK_FULL:
                    raise fault from error
                self._put(terms.emptied(), progress)  # damaged deeper than opening it tells
            self.refresh()
            self._merge_vectors()

    def clear(self) -> TermIndex:
        """Delete both indexes from disk; `catch_up` makes them again (write lock held)."""
        shutil.rmtree(self._vector_file.parent, ignore_errors=True)
        with self._refreshing:
            self._vectors = VectorIndex.open(self._vector_file, self._dimensions)
            self._seen = self._seen_removals = -1
        return TermIndex.open(self._terms_folder, self.dictionary.now.fingerprint).emptied()

    def doubt_terms(self) -> None:
        """Take the term index for damaged: it is empty now, and `catch_up` makes it anew."""
        with self._refreshing:
            self.terms = self.terms.disowned()
            self._terms_stamp = self._stamp()

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

    def _open_terms(self) -> tuple[TermIndex, WordCutter]:
        """Give the term index on disk and what it was cut by; an empty one where neither fits."""
        for cut in self.dictionary.fitting():
            terms = TermIndex.open(self._terms_folder, cut.fingerprint)
            if terms.generation:
                return terms, cut
        cut = self.dictionary.now
        return TermIndex.open(self._terms_folder, cut.fingerprint), cut

    def _put(self, terms: TermIndex, progress: Progress | None, *, recut: bool = False) -> None:
        """Bring a term index up to the store.

        With `recut` it was cut with the words before: documents that hold a changed one are cut
        again.
        """
        cut, generation, since = self.dictionary.now, self._store.generation, terms.generation
        changed = self._store.changed_since(since)
        if recut and since:
            changed = sorted({*changed, *self.dictionary.touched()})
        gone = [one.document_id for one in self._store.removed_since(since)]
        for at in range(0, max(len(changed), bool(gone)), _BATCH_DOCUMENTS):
            batch = changed[at : at + _BATCH_DOCUMENTS]
            # Documents half put in by a run that was cut off come out first.
            terms.update([*gone, *batch], self._entries(batch, cut))
            gone = []
            if progress:
                progress(min(at + _BATCH_DOCUMENTS, len(changed)), len(changed))
        if since != generation:
            terms.complete(generation, cut.fingerprint)

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

    def _merge_vectors(self) -> None:
        in_file, in_memory, excluded = self.vector_sizes
        if in_memory + excluded <= max(TAIL_LIMIT, in_file // 5):
            return
        write_main(self._vector_file, lambda: self._store.vectors_after(0), self._dimensions)
        with self._refreshing:
            self._refresh_vectors()

    def _stamp(self) -> Stamp | None:
        return TermIndex.stamp(self._terms_folder)

    @contextmanager
    def _explained(self) -> Iterator[None]:
        """Turn what the file system says into an error that says what to do."""
        try:
            yield
        except (OSError, ValueError) as error:  # tantivy's own are ValueErrors
            raise file_fault(self._terms_folder.parent, error) from error

    def _entries(self, document_ids: Iterable[int], cut: Cutter) -> Iterator[TermEntry]:
        for document_id in document_ids:
            title = self._store.title(document_id)
            for passage in self._store.passages_of(document_id):
                yield _entry(passage, title, cut)


def _entry(passage: Passage, title: str, cut: Cutter) -> TermEntry:
    return entry(
        cut,
        passage_id=passage.id,
        document_id=passage.document_id,
        shown=passage.shown,
        title=title,
        heading=passage.heading,
    )
