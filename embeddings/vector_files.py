"""The file of a vector index: its kind by its size, how it is written, and how well it finds.

Small, vectors are kept as they are; larger, as 8 bits a number (a quarter of the size for one per
cent of recall), sorted into lists of which a search looks through the nearest.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, replace
from math import sqrt
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from embeddings.errors import FileDamaged
from embeddings.replacing import make_folder, put_in_place
from embeddings.vectors import check_shape, probed

Vectors = NDArray[np.float32]
Ids = NDArray[np.int64]
Blocks = Callable[[], Iterable[tuple[Ids, Vectors]]]

FLAT_LIMIT = 50_000
"""Up to here vectors are kept as they are; more are sorted into lists."""

_EXACT = "Flat"
_LISTS = re.compile(r"IVF(\d+),")
_LISTS_OF_ROOT = 4  # lists for each root of the number of vectors
_TRAINING = 40  # vectors for each list; more change little and take long
_ROUNDS = 8
_ASKED, _NEAREST = 256, 10  # vectors that recall is measured with, and how many each should find


@dataclass(frozen=True, slots=True)
class FileKind:
    """What is known of a vector file.

    Attributes:
        kind: As FAISS calls it: `Flat`, `IVF4000,SQ8`; `SQ8` of a file that is older than lists.
        vectors: How many it holds.
        recall: How many of the ten nearest of a vector it finds, 0 to 1: 256 of its own vectors
            compared with an exact search of all; 1 where it is exact itself.
    """

    kind: str
    vectors: int
    recall: float


def write_main(path: Path, blocks: Blocks, dimensions: int) -> int:
    """Write all vectors as the file on disk, in one step that either happens or does not.

    Args:
        path: The file; a temporary one beside it is written first, and goes if that fails.
        blocks: Gives (ids int64 (n,), vectors float32 (n, dimensions)), ids rising throughout;
            called up to three times.
        dimensions: How many numbers a vector has.

    Returns:
        How many vectors were written; with none, the file is removed.

    Raises:
        VectorMismatch: a block has another shape.
        OSError: the file cannot be written.
    """
    sample, count = _sampled(blocks, dimensions)
    if not count:
        path.unlink(missing_ok=True)
        _beside(path).unlink(missing_ok=True)
        return 0
    kind = _kind(count)
    index = _trained(kind, sample, dimensions)
    asked = sample[:: max(1, len(sample) // _ASKED)].copy()
    del sample  # a third of a gigabyte for a million
    _add(index, blocks())
    recall = 1.0 if kind == _EXACT else _recall(index, asked, blocks)
    _replace(path, index, FileKind(kind, int(index.ntotal), round(recall, 4)))
    return int(index.ntotal)


def extend_main(path: Path, blocks: Blocks, dimensions: int) -> int:
    """Write the file on disk anew with more vectors behind those it holds, sorted in as these are.

    It takes a small part of the time of `write_main`, which finds out anew how to sort. What is
    known of the file's recall stays.

    Args:
        path: The file, one that `fits`.
        blocks: As for `write_main`, of the vectors that the file lacks; called once.
        dimensions: How many numbers a vector has.

    Returns:
        How many vectors the file holds now.

    Raises:
        VectorMismatch: a block has another shape.
        FileDamaged: the file cannot be read.
        OSError: it cannot be written.
    """
    import faiss

    try:
        index = faiss.read_index(os.fspath(path))  # into memory: a mapped one cannot grow
    except RuntimeError as error:
        raise FileDamaged(f"{path} cannot be read: {error}") from error
    known = file_kind(path, int(index.ntotal))
    _add(index, (_checked(ids, vectors, dimensions) for ids, vectors in blocks()))
    _replace(path, index, known and replace(known, vectors=int(index.ntotal)))
    return int(index.ntotal)


def fits(path: Path, held: int, count: int, *, stale: float = 2) -> bool:
    """Whether a file of `held` vectors is of the right kind for `count` of them.

    Lists serve `stale` times as many vectors as they were found out from; beyond that a search
    looks through too many.
    """
    known = file_kind(path, held)
    if known is None or not held:
        return False
    lists = _LISTS.match(known.kind)
    if lists is None:
        return known.kind == _kind(count)
    return count <= stale * (int(lists[1]) / _LISTS_OF_ROOT) ** 2


def read_back(path: Path) -> tuple[Ids, Callable[[Ids], Vectors]]:
    """Open the file to see what it holds.

    Returns:
        The ids, int64 (n,), and a function that gives the vectors, float32 (m, dimensions), at
        some of their places, int64 (m,); compressed ones are as near as 8 bits a number allow.

    Raises:
        FileDamaged: it cannot be read.
    """
    import faiss

    try:
        index: Any = faiss.read_index(os.fspath(path), faiss.IO_FLAG_MMAP_IFC)
        lists: Any = faiss.try_extract_index_ivf(index)
        if lists is not None:
            lists.make_direct_map(True)
    except RuntimeError as error:
        raise FileDamaged(f"{path} cannot be read: {error}") from error
    ids: Ids = faiss.vector_to_array(index.id_map)
    inner: Any = faiss.downcast_index(index.index)
    # The index goes when nothing holds it any more, and its parts with it.
    return ids, lambda places, _whole=index: inner.reconstruct_batch(places)


def file_kind(path: Path, vectors: int) -> FileKind | None:
    """Give what was found out when the file of so many vectors was written; None if not known."""
    if vectors <= FLAT_LIMIT:
        return FileKind(_EXACT, vectors, 1.0)
    try:
        known = FileKind(**json.loads(_beside(path).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None
    return known if known.vectors == vectors else None


def _checked(ids: Ids, vectors: Vectors, dimensions: int) -> tuple[Ids, Vectors]:
    check_shape(vectors, len(ids), dimensions)
    return ids, vectors


def _add(index: Any, blocks: Iterable[tuple[Ids, Vectors]]) -> None:  # noqa: ANN401 - FAISS has no types
    for ids, vectors in blocks:
        index.add_with_ids(np.ascontiguousarray(vectors, dtype=np.float32), ids)


def _replace(path: Path, index: Any, known: FileKind | None) -> None:  # noqa: ANN401
    if path.parent.is_file():
        path.parent.unlink()  # a damaged disk may give one
    make_folder(path.parent)
    draft = path.with_suffix(".draft")
    try:
        _write(index, draft)
        put_in_place(draft, path)
    finally:
        draft.unlink(missing_ok=True)
    _beside(path).unlink(missing_ok=True)
    if known is not None and known.kind != _EXACT:
        _beside(path).write_text(json.dumps(asdict(known)), encoding="utf-8")


def _beside(path: Path) -> Path:
    return path.with_suffix(".json")


def _kind(count: int) -> str:
    return _EXACT if count <= FLAT_LIMIT else f"IVF{int(_LISTS_OF_ROOT * sqrt(count))},SQ8"


def _sampled(blocks: Blocks, dimensions: int) -> tuple[Vectors, int]:
    """Give vectors from all over, at most twice as many as training takes, and the count of all."""
    count, every, kept = 0, 1, [np.empty((0, dimensions), dtype=np.float32)]
    held = 0
    for ids, vectors in blocks():
        check_shape(vectors, len(ids), dimensions)
        part = vectors[-count % every :: every]
        kept.append(part)
        held += len(part)
        count += len(ids)
        if held > 2 * _TRAINING * max(int(_LISTS_OF_ROOT * sqrt(count)), 256):
            kept = [np.concatenate(kept)[::2]]
            held, every = len(kept[0]), every * 2
    return np.concatenate(kept), count


def _trained(kind: str, sample: Vectors, dimensions: int) -> Any:  # noqa: ANN401 - FAISS has no types
    import faiss

    index = faiss.index_factory(dimensions, kind, faiss.METRIC_INNER_PRODUCT)
    lists: Any = faiss.try_extract_index_ivf(index)
    if lists is not None:
        lists.cp.niter, lists.cp.min_points_per_centroid = _ROUNDS, 1  # it warns on stderr else
        sample = sample[:: max(1, len(sample) // (_TRAINING * lists.nlist))]
    if not index.is_trained:
        index.train(np.ascontiguousarray(sample, dtype=np.float32))
    return faiss.IndexIDMap(index)


def _recall(index: Any, asked: Vectors, blocks: Blocks) -> float:  # noqa: ANN401
    """Compare with an exact search of all vectors; the vector itself does not count."""
    import faiss

    asked = np.ascontiguousarray(asked[:_ASKED], dtype=np.float32)
    exact = faiss.IndexIDMap(faiss.IndexFlatIP(asked.shape[1]))
    best: list[list[tuple[float, int]]] = [[] for _ in asked]
    for ids, vectors in blocks():
        exact.reset()
        exact.add_with_ids(np.ascontiguousarray(vectors, dtype=np.float32), ids)
        cosines, found = exact.search(asked, min(_NEAREST + 1, len(ids)))
        for row, (cosine, number) in enumerate(zip(cosines, found, strict=True)):
            pairs = [*best[row], *zip(cosine.tolist(), number.tolist(), strict=True)]
            best[row] = sorted(pairs, reverse=True)[: _NEAREST + 1]
    lists: Any = faiss.try_extract_index_ivf(index)
    if lists is not None:
        lists.nprobe = probed(lists.nlist, index.ntotal)
    _, found = index.search(asked, _NEAREST + 1)
    wanted = [{number for _, number in row[1:]} for row in best]
    there = [len(one & set(row.tolist())) for one, row in zip(wanted, found, strict=True)]
    return sum(there) / max(1, sum(map(len, wanted)))


def _write(index: Any, file: Path) -> None:  # noqa: ANN401
    import faiss

    # Python's file instead of FAISS's own: that one does not notice when the last block is lost.
    with file.open("wb") as opened:
        calling: Any = faiss.__dict__["PyCallbackIOWriter"]  # not in its type stub
        try:
            faiss.write_index(index, calling(opened.write))
        except RuntimeError as error:
            raise OSError(f"{file} cannot be written: {error}") from error
