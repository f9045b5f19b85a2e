"""The two derived indexes of a library, kept in step with its store."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from embeddings.vectors import VectorIndex, write_main
from embeddings.words import Cutter
from qa.records import Passage
from qa.store import Store
from qa.terms import TermEntry, TermIndex, WeightedTerm, entry

TAIL_LIMIT = 2_000
"""Vectors kept in memory only; beyond this, and a fifth of the file, the file is written anew."""

_TERM_CANDIDATES = 60
_VECTOR_CANDIDATES = 30
_BATCH_DOCUMENTS = 500

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
        self._dimensions = dimensions
        # The file is named after the encoder, so that vectors of two encoders never meet.
        self._vector_file = folder / "vectors" / f"{model[:16]}-{dimensions}.faiss"
        self._vectors = VectorIndex(self._vector_file, dimensions)
        self.terms = TermIndex.open(folder / "terms", cutter.fingerprint)
        self._seen = -1
        self._seen_removals = -1

    @property
    def behind(self) -> bool:
        """Whether the term index on disk lacks something that the store holds."""
        return self.terms.generation < self._store.generation

    @property
    def vector_sizes(self) -> tuple[int, int, int]:
        """How many vectors are in the file, in memory only, and excluded."""
        return self._vectors.main_size, self._vectors.tail_size, self._vectors.excluded_size

    def refresh(self) -> None:
        """See what has been written since the last call; costs one look-up when nothing was."""
        generation = self._store.generation
        if generation == self._seen:
            return
        self.terms.reload()
        self._refresh_vectors()
        self._seen = generation

    def catch_up(self, progress: Progress | None = None) -> None:
        """Put into the files on disk what the store has more (write lock held).

        Args:
            progress: Called with documents done and documents to do.
        """
        generation = self._store.generation
        since = self.terms.generation
        if since < generation:
            changed = self._store.changed_since(since)
            gone = [one.document_id for one in self._store.removed_since(since)]
            for at in range(0, max(1, len(changed)), _BATCH_DOCUMENTS):
                batch = changed[at : at + _BATCH_DOCUMENTS]
                # Documents half put in by a run that was cut off come out first.
                self.terms.update([*gone, *batch], self._entries(batch))
                gone = []
                if progress:
                    progress(min(at + _BATCH_DOCUMENTS, len(changed)), len(changed))
            self.terms.complete(generation)
        self._refresh_vectors()
        self._merge_vectors()
        self._seen = -1
        self.refresh()

    def clear(self) -> None:
        """Delete both indexes from disk; `catch_up` makes them again (write lock held)."""
        shutil.rmtree(self._vector_file.parent, ignore_errors=True)
        self.terms = self.terms.emptied()
        self._vectors = VectorIndex(self._vector_file, self._dimensions)
        self._seen = self._seen_removals = -1

    def candidates(self, terms: list[WeightedTerm], vector: NDArray[np.float32]) -> list[int]:
        """Give the ids of passages worth a closer look, each once, in no telling order.

        Args:
            terms: What the question names.
            vector: float32 (dimensions,), the question's.
        """
        named = (number for number, _ in self.terms.search(terms, _TERM_CANDIDATES))
        meant = (number for number, _ in self._vectors.search(vector, _VECTOR_CANDIDATES))
        return list(dict.fromkeys([*named, *meant]))

    def _refresh_vectors(self) -> None:
        self._vectors.reload()
        for ids, vectors in self._store.vectors_after(self._vectors.last_id):
            self._vectors.append(ids, vectors)
        for one in self._store.removed_since(self._seen_removals):
            self._vectors.exclude(range(one.first_passage, one.last_passage + 1))
        self._seen_removals = self._store.generation

    def _merge_vectors(self) -> None:
        in_file, in_memory, excluded = self.vector_sizes
        if in_memory + excluded <= max(TAIL_LIMIT, in_file // 5):
            return
        write_main(self._vector_file, self._store.vectors_after(0), self._dimensions)
        self._vectors = VectorIndex(self._vector_file, self._dimensions)
        self._seen_removals = -1

    def _entries(self, document_ids: Iterable[int]) -> Iterator[TermEntry]:
        for document_id in document_ids:
            title = self._store.title(document_id)
            for passage in self._store.passages_of(document_id):
                yield self._entry(passage, title)

    def _entry(self, passage: Passage, title: str) -> TermEntry:
        return entry(
            self._cutter,
            passage_id=passage.id,
            document_id=passage.document_id,
            shown=passage.shown,
            title=title,
            heading=passage.heading,
        )
