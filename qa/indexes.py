"""The two derived indexes of a library, kept in step with its store."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from embeddings.errors import FileDamaged
from embeddings.vector_files import extend_main, file_kind, fits, write_main
from embeddings.vectors import VectorIndex
from embeddings.words import WordCutter
from qa.bringing_up import bring_up
from qa.dictionary import Dictionary
from qa.errors import Fault, LibraryDamaged
from qa.faults import file_fault
from qa.feeding import FAULTS, Feed
from qa.records import Passage
from qa.store import Removal, Store
from qa.telling import Progress
from qa.term_making import TermEntry, TermMaker
from qa.term_state import ANNOUNCED, Stamp, State, take_announced
from qa.terms import TermIndex, WeightedTerm

TAIL_LIMIT = 2_000
"""Vectors kept in memory only; beyond this, and a fifth of the file, they are put into the file."""

TAIL_MOST = 30_000
"""The same however large the file is: each is compared with every question, and read at opening."""

_LOST = 4  # times as much in memory as is put into the file
# Times as many vectors as the file's lists were found out from.
_STALE, _STALE_AFTER_FEW, _STALE_LITTLE = 2, 4, 1.2

_CANDIDATES = (60, 30)  # by terms, by vectors
_FEW_CANDIDATES = (20, 10)


@dataclass(frozen=True, slots=True)
class Rewritten:
    """What `Indexes.optimize` did.

    Attributes:
        terms: Whether the term index was written anew.
        segments_before: How many parts it was in.
        segments: How many it is in.
        vectors: Whether the vector file was written anew.
    """

    terms: bool
    segments_before: int
    segments: int
    vectors: bool


class Indexes:
    """A term index and a vector index over one store.

    `refresh` is for readers: it sees what any process has written. `catch_up` is for whoever holds
    the library's write lock: it brings the files on disk up to the store.

    Attributes:
        store: What they are derived from.
        dictionary: The user's words that the store wants the documents cut with.
        terms: The term index as it was last seen.
        cutter: What its terms were cut by; questions are to be cut by the same.
    """

    def __init__(
        self, folder: Path, store: Store, cutter: WordCutter, dimensions: int, model: str
    ) -> None:
        self.store = store
        self.dictionary = Dictionary(store, cutter)
        self._dimensions = dimensions
        # The file is named after the encoder, so that vectors of two encoders never meet.
        self.vector_file = folder / "vectors" / f"{model[:16]}-{dimensions}.faiss"
        self._vectors = VectorIndex.open(self.vector_file, dimensions)
        self._terms_folder = folder / "terms"
        self._terms_stamp = TermIndex.stamp(self._terms_folder)
        self.terms, self.cutter = self._open_terms()
        self._refreshing = threading.RLock()
        self._seen = -1
        self._seen_removals = -1
        self._fed = False  # by a writer of this process, who sees to the rest

    @property
    def behind(self) -> bool:
        """Whether the term index lacks something that the store holds, or was made of another.

        It is ahead where an older copy of the database was put back. Behind is also a vector file
        that is lost, where it was a large one. Indexes that are being fed here are not behind.
        """
        if self._fed:
            return False
        overdue = self._vectors.tail_size > _LOST * max(TAIL_MOST, self._vectors.main_size)
        return overdue or self.terms.generation != self.store.generation

    @property
    def vector_sizes(self) -> tuple[int, int, int]:
        """How many vectors are in the file, in memory only, and excluded."""
        return self._vectors.main_size, self._vectors.tail_size, self._vectors.excluded_size

    @property
    def vector_recall(self) -> float | None:
        """How much of what is nearest the vector file finds, 0 to 1; None when it is not known."""
        known = file_kind(self.vector_file, self._vectors.main_size)
        return known.recall if known else None

    def want(self, words: tuple[str, ...]) -> None:
        """Say which words this process would have: an older library's terms may be cut with them.

        Such a library records a digest of its words only.
        """
        self.dictionary.wanted = words
        if not self.terms.generation:
            self.terms, self.cutter = self._open_terms()

    def if_missing(self) -> str:
        """Give a line that says so where there is no term index and this process may not make it.

        It is empty where there is one, or another process makes it.
        """
        if not self.store.read_only or self.terms.size or not self.store.counts()[1]:
            return ""
        return (
            f"{self._terms_folder.parent} has no term index and may only be read, so less is found:"
            " run `qa status` as one who may write there"
        )

    def refresh(self) -> None:
        """See what has been written since the last call; costs three look-ups when nothing was."""
        # The store is written first, the files after it: each has its own sign of change.
        seen = self._seen == self.store.generation and self._terms_stamp == self._stamp()
        if seen and not self._vectors.stale:
            return
        with self._refreshing:
            stamp, generation = self._stamp(), self.store.generation
            if self._terms_stamp != stamp:
                self.terms, self.cutter = self._open_terms()
                # One that is there and could not be opened, as when a writer deletes its files at
                # that moment, is tried again: nothing else may ever say that it can be.
                there = State.read(self._terms_folder).generation
                self._terms_stamp = None if there and not self.terms.generation else stamp
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
            terms, recut = self._terms_to_write()
            if terms.generation > self.store.generation:  # an older copy was put back
                terms, recut = self.clear(), False
            try:
                self._put(terms, progress, recut=recut)
            except ValueError as error:
                fault = file_fault(self._terms_folder.parent, error)
                if fault.fault is Fault.DISK_FULL:
                    raise fault from error
                self._put(terms.emptied(), progress)  # damaged deeper than opening it tells
            self._merge_vectors()
            self.refresh()

    def optimize(self, progress: Progress | None = None, *, anew: bool = False) -> Rewritten:
        """Bring both indexes into their best shape, while others read (write lock held).

        Args:
            progress: As for `catch_up`, where the term index is written anew.
            anew: Whether both are written anew, whatever shape they are in.

        Raises:
            LibraryDamaged: as `catch_up`; what was there before serves on.
        """
        self.catch_up()
        with self._explained():
            terms, _ = self._terms_to_write()
            before = terms.segments
            remade = anew or terms.removed_size > terms.size // 5
            if remade:
                terms = terms.aside()
                self._put(terms, progress)
                terms.sweep()
            else:
                terms.merge()
            in_file, in_memory, excluded = self.vector_sizes
            fresh = fits(self.vector_file, in_file, in_file, stale=_STALE_LITTLE)
            written = bool(anew or in_memory or excluded or (in_file and not fresh))
            if written:
                self._write_vectors()
            self.refresh()
            return Rewritten(remade, before, terms.segments, written)

    @contextmanager
    def feeding(self, *, anew: bool = False) -> Iterator[Feed]:
        """Give what puts passages into the term index as they are written (write lock held).

        With `anew` into an empty one, which takes its place once all is in. `catch_up` afterwards
        finishes what it leaves.
        """
        terms: TermIndex | None = None
        with suppress(LibraryDamaged, *FAULTS):  # `catch_up` will say it
            terms, recut = self._terms_to_write()
            if anew:
                terms = terms.aside(self.dictionary.now.fingerprint)
            elif recut or terms.generation != self.store.generation:
                self.catch_up()
                terms, _ = self._terms_to_write()
        self._fed = True
        try:
            with Feed(terms) as feed:
                yield feed
        finally:
            self._fed = False

    def clear(self) -> TermIndex:
        """Delete both indexes from disk; `catch_up` makes them again (write lock held)."""
        self.clear_vectors()
        return TermIndex.open(self._terms_folder, self.dictionary.now.fingerprint).emptied()

    def clear_vectors(self) -> None:
        """Delete the vector files from disk; `catch_up` makes the one again (write lock held)."""
        shutil.rmtree(self.vector_file.parent, ignore_errors=True)
        with self._refreshing:
            self._vectors = VectorIndex.open(self.vector_file, self._dimensions)
            self._seen = self._seen_removals = -1

    def doubt_terms(self) -> None:
        """Take the term index for damaged: it is empty now, and `catch_up` makes it anew.

        Where another has taken its place meanwhile, that is taken up by the next `refresh`.
        """
        with self._refreshing:
            if self._stamp() == self._terms_stamp:
                self.terms = self.terms.disowned()
                if self._stamp() != self._terms_stamp:
                    self._terms_stamp = None

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
        hidden = {one.id for number in without for one in self.store.passages_of(number)}
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

    def _terms_to_write(self) -> tuple[TermIndex, bool]:
        """Give the term index on disk, made anew if need be, and whether its words are others."""
        take_announced(self._terms_folder, self.store.setting(ANNOUNCED))
        cut, now = self._open_terms()[1], self.dictionary.now
        cut = cut if self.dictionary.knows(cut) else now
        terms = TermIndex.open_for_writing(self._terms_folder, cut.fingerprint)
        return terms, cut.fingerprint != now.fingerprint

    def _put(self, terms: TermIndex, progress: Progress | None, *, recut: bool = False) -> None:
        """Bring a term index up to the store.

        With `recut` it was cut with the words before: documents that hold a changed one are cut
        again.
        """
        if terms.generation != self.store.generation or recut:
            cut = self.dictionary.now
            touched = self.dictionary.touched() if recut and terms.generation else None
            bring_up(terms, self.store, cut, touched=touched, progress=progress)

    def _refresh_vectors(self) -> None:
        vectors, since = self._vectors, self._seen_removals
        if vectors.stale:
            vectors, since = VectorIndex.open(self.vector_file, self._dimensions), -1
        generation = self.store.generation  # before reading: what comes meanwhile is read again
        for ids, rows in self.store.vectors_after(vectors.last_id):
            vectors.append(ids, rows)
        vectors.exclude(_passage_ids(self.store.removed_since(since)))
        # Only now, so that searches in other threads never see the file without its tail.
        self._vectors, self._seen_removals = vectors, generation

    def _merge_vectors(self) -> None:
        """Put what the vector file lacks into it, if that is much; what is gone comes out of it.

        Nothing of that is read into this process's own tail first: it may be all of the library.
        """
        vectors = self._vectors
        if vectors.stale:
            vectors = VectorIndex.open(self.vector_file, self._dimensions)
        in_file, last = vectors.main_size, vectors.main_last_id
        gone = _passage_ids(self.store.removed_since(-1))
        vectors.exclude(gone[gone <= last])
        excluded, many = vectors.excluded_size, max(TAIL_LIMIT, in_file // 5)
        more = self.store.counts()[1] - (in_file - excluded)
        if more <= TAIL_MOST and more + excluded <= many:
            return
        stale = _STALE_AFTER_FEW if more <= TAIL_MOST else _STALE
        if excluded <= many and fits(self.vector_file, in_file, in_file + more, stale=stale):
            after = partial(self.store.vectors_after, last)
            with suppress(FileDamaged):  # its end is lost, which opening it does not tell
                extend_main(self.vector_file, after, self._dimensions)
                return
        self._write_vectors()

    def _write_vectors(self) -> None:
        write_main(self.vector_file, lambda: self.store.vectors_after(0), self._dimensions)

    def _stamp(self) -> Stamp | None:
        return TermIndex.stamp(self._terms_folder)

    @contextmanager
    def _explained(self) -> Iterator[None]:
        """Turn what the file system says into an error that says what to do."""
        try:
            yield
        except (OSError, ValueError) as error:  # tantivy's own are ValueErrors
            raise file_fault(self._terms_folder.parent, error) from error

    def entry(self, passage: Passage, title: str) -> TermEntry:
        """Cut a passage into the terms it is found by."""
        terms = TermMaker(self.cutter).terms(passage.shown, title=title, heading=passage.heading)
        return TermEntry(passage.id, passage.document_id, terms)


def _passage_ids(removals: Sequence[Removal]) -> NDArray[np.int64]:
    """Give the ids that the passages of removed documents had; a million of them take little."""
    ranges = [(one.first_passage, one.last_passage) for one in removals if one.last_passage]
    if not ranges:
        return np.empty(0, dtype=np.int64)
    first, last = np.array(ranges, dtype=np.int64).T
    sizes = last - first + 1
    begun = np.cumsum(sizes) - sizes
    return np.repeat(first - begun, sizes) + np.arange(sizes.sum())
