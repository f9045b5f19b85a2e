"""Nearest passages by their vectors: one immutable file on disk, and a small tail in memory.

The file is opened memory-mapped and never modified (adding to a mapped FAISS index kills the
process); what came after it was written lives in the tail, what was removed is excluded. Both are
derived: whoever owns the vectors feeds them in, and may delete the file at any time.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from embeddings.errors import VectorMismatch

Vectors = NDArray[np.float32]
Ids = NDArray[np.int64]
Stamp = tuple[int, int, int]  # of a file: inode, time of change in nanoseconds, size

_NONE: Ids = np.empty(0, dtype=np.int64)

PROBED_LISTS, PROBED_VECTORS = 64, 16_000
"""How many lists of a large file are searched, at least, and how many vectors they hold together.

More find a little more and take longer: 0.6 ms for a question to 100,000 vectors, where 0.982 of
the ten nearest are found; 8,000 vectors took 0.4 ms and found 0.965 (all of them, 3 ms and 0.987).
"""


class VectorIndex:
    """Cosine search over vectors of length 1, by id.

    Ids are positive and rise: each vector added has a larger id than all before it. Safe to use
    from several threads.
    """

    def __init__(self, path: Path, dimensions: int, main: Any, stamp: Stamp | None) -> None:
        self._path = path
        self._dimensions = dimensions
        self._lock = threading.RLock()
        self._main = main
        self._main_stamp = stamp
        self._main_ids = _ids(main)
        self._main_parameters = _parameters(main)
        self._tail: Any = None
        self._tail_ids: list[int] = []
        self._tail_parameters: Any = None
        self._main_gone = self._tail_gone = _NONE

    @classmethod
    def open(cls, path: Path, dimensions: int) -> VectorIndex:
        """Open the file on disk, with an empty tail: feed in what comes after `last_id`.

        A file that is missing or cannot be read counts as none (it is derived, and will be written
        anew).
        """
        stamp = _stamp(path)
        return cls(path, dimensions, _mapped(path, dimensions), stamp)

    @property
    def stale(self) -> bool:
        """Whether the file on disk is another one than was opened."""
        return _stamp(self._path) != self._main_stamp

    @property
    def last_id(self) -> int:
        """The largest id held; 0 when there is none."""
        if self._tail_ids:
            return self._tail_ids[-1]
        return self.main_last_id

    @property
    def main_last_id(self) -> int:
        """The largest id in the file on disk; 0 when it holds none."""
        return int(self._main_ids[-1]) if len(self._main_ids) else 0

    @property
    def main_size(self) -> int:
        """How many vectors the file on disk holds, removed ones among them."""
        return len(self._main_ids)

    @property
    def tail_size(self) -> int:
        """How many vectors are in memory only, removed ones among them."""
        return len(self._tail_ids)

    @property
    def excluded_size(self) -> int:
        """How many of the vectors held are kept out of every answer."""
        return len(self._main_gone) + len(self._tail_gone)

    def append(self, ids: Ids, vectors: Vectors) -> None:
        """Add vectors to the tail.

        Args:
            ids: int64 (n,), rising, each larger than `last_id`.
            vectors: float32 (n, dimensions), rows of length 1.

        Raises:
            VectorMismatch: the shapes do not agree, or the ids do not rise.
        """
        check_shape(vectors, len(ids), self._dimensions)
        if not len(ids):
            return
        with self._lock:
            if int(ids[0]) <= self.last_id or bool(np.any(np.diff(ids) <= 0)):
                raise VectorMismatch(f"vector ids must rise and come after {self.last_id}")
            if self._tail is None:
                import faiss

                self._tail = faiss.IndexFlatIP(self._dimensions)
            self._tail.add(np.ascontiguousarray(vectors, dtype=np.float32))
            self._tail_ids.extend(int(i) for i in ids)

    def exclude(self, ids: Iterable[int]) -> None:
        """Keep these ids out of every answer from now on; ids not held are ignored.

        An array, int64 (n,), is quickest. What it costs grows with `ids`, not with what is held.
        """
        asked = ids if isinstance(ids, np.ndarray) else np.fromiter(ids, dtype=np.int64)
        with self._lock:
            in_main = _held(asked, self._main_ids)
            if len(in_main):
                self._main_gone = np.union1d(self._main_gone, in_main)
                self._main_parameters = _parameters(self._main, self._main_gone)
            tail = np.array(self._tail_ids, dtype=np.int64)
            in_tail = _held(asked, tail)
            if len(in_tail):
                self._tail_gone = np.union1d(self._tail_gone, in_tail)
                places = np.searchsorted(tail, self._tail_gone)
                self._tail_parameters = _parameters(self._tail, places)

    def search(self, vector: Vectors, k: int) -> list[tuple[int, float]]:
        """Give up to `k` (id, cosine), best first, equal cosines by id.

        Args:
            vector: float32 (dimensions,), of length 1; a zero vector finds nothing.
            k: At most how many; 0 or less gives [].

        Raises:
            VectorMismatch: the vector has another number of dimensions.
        """
        row = np.ascontiguousarray(vector, dtype=np.float32).reshape(1, -1)
        check_shape(row, 1, self._dimensions)
        if k <= 0 or not row.any():
            return []
        with self._lock, _one_thread():
            found = self._search_main(row, k) + self._search_tail(row, k)
        return sorted(found, key=lambda pair: (-pair[1], pair[0]))[:k]

    def _search_main(self, row: Vectors, k: int) -> list[tuple[int, float]]:
        if not self.main_size:
            return []
        cosines, ids = self._main.search(row, min(k, self.main_size), params=self._main_parameters)
        # FAISS fills up with id -1 where it has fewer.
        return [(int(i), float(c)) for i, c in zip(ids[0], cosines[0], strict=True) if i >= 0]

    def _search_tail(self, row: Vectors, k: int) -> list[tuple[int, float]]:
        if self._tail is None:
            return []
        ids = self._tail_ids
        cosines, places = self._tail.search(row, min(k, len(ids)), params=self._tail_parameters)
        return [
            (ids[place], float(cosine))
            for place, cosine in zip(places[0], cosines[0], strict=True)
            if place >= 0
        ]


@contextmanager
def _one_thread() -> Iterator[None]:
    """Let FAISS search in the calling thread alone.

    Sharing out one small search among threads costs more than it brings: on two busy cores a
    question took twice as long.
    """
    import faiss

    threads = faiss.omp_get_max_threads()
    faiss.omp_set_num_threads(1)
    try:
        yield
    finally:
        faiss.omp_set_num_threads(threads)


def check_shape(vectors: Vectors, count: int, dimensions: int) -> None:
    """Raise VectorMismatch unless `vectors` is (count, dimensions); FAISS's own error is empty."""
    if vectors.shape != (count, dimensions):
        raise VectorMismatch(
            f"expected vectors of shape ({count}, {dimensions}), got {vectors.shape}"
        )


def _parameters(main: Any, gone: Ids | None = None) -> Any:
    """Give how to search a file: how many of its lists, and which ids to leave out."""
    if main is None:
        return None
    import faiss

    making: dict[str, Any] = {}
    if gone is not None:
        making["sel"] = faiss.IDSelectorNot(faiss.IDSelectorBatch(gone))
    lists: Any = faiss.try_extract_index_ivf(main)
    if lists is None:
        plain: Any = faiss.SearchParameters  # its type stub knows no arguments
        return plain(**making)
    inverted: Any = faiss.SearchParametersIVF
    return inverted(nprobe=probed(lists.nlist, main.ntotal), **making)


def probed(lists: int, vectors: int) -> int:
    """Give how many of a file's lists are searched."""
    return min(max(PROBED_LISTS, PROBED_VECTORS * lists // max(vectors, 1)), lists)


def _mapped(path: Path, dimensions: int) -> Any:
    """Open the file memory-mapped; None when it is missing, damaged or of other dimensions."""
    if not path.exists():
        return None
    import faiss

    try:
        index = faiss.read_index(os.fspath(path), faiss.IO_FLAG_MMAP_IFC)
    except RuntimeError:
        return None
    if not isinstance(index, faiss.IndexIDMap) or index.d != dimensions:
        return None
    if index.metric_type != faiss.METRIC_INNER_PRODUCT or index.index.d != dimensions:
        return None
    # A file that lost its last bytes may open, with the last ids wrong.
    return index if bool(np.all(np.diff(_ids(index), prepend=0) > 0)) else None


def _ids(index: Any) -> Ids:
    if index is None:
        return np.empty(0, dtype=np.int64)
    import faiss

    ids: Ids = faiss.vector_to_array(index.id_map)
    return ids


def _held(asked: Ids, held: Ids) -> Ids:
    """Give those asked for that are among the `held`, which rise."""
    if not len(held):
        return _NONE
    places = np.minimum(np.searchsorted(held, asked), len(held) - 1)
    there: Ids = asked[held[places] == asked]
    return there


def _stamp(path: Path) -> Stamp | None:
    try:
        status = path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return None
    return status.st_ino, status.st_mtime_ns, status.st_size
