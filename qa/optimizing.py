"""Bringing a library into its best shape: what many additions and removals leave behind."""

from __future__ import annotations

from dataclasses import dataclass

from qa.folder import Folder
from qa.indexes import Indexes
from qa.store import Store
from qa.telling import Progress


@dataclass(frozen=True, slots=True)
class Optimized:
    """What was done.

    Attributes:
        terms_written: Whether the term index was written anew; else its parts were joined.
        parts_before: How many parts it was in.
        parts: How many it is in.
        vectors_written: Whether the vector file was written anew.
        vectors: How many it holds.
        vector_recall: As in `qa.records.Status`.
        reclaimed_bytes: What the database has given back to the disk.
        bytes_before: What the library took on disk.
        bytes_now: What it takes.
    """

    terms_written: bool
    parts_before: int
    parts: int
    vectors_written: bool
    vectors: int
    vector_recall: float | None
    reclaimed_bytes: int
    bytes_before: int
    bytes_now: int


def optimize(
    folder: Folder,
    store: Store,
    indexes: Indexes,
    progress: Progress | None = None,
    *,
    anew: bool = False,
) -> Optimized:
    """Do what `qa.Library.optimize` says (write lock held)."""
    before = folder.disk_bytes()
    done = indexes.optimize(progress, anew=anew)
    reclaimed = store.reclaim()
    return Optimized(
        terms_written=done.terms,
        parts_before=done.segments_before,
        parts=done.segments,
        vectors_written=done.vectors,
        vectors=indexes.vector_sizes[0],
        vector_recall=indexes.vector_recall,
        reclaimed_bytes=reclaimed,
        bytes_before=before,
        bytes_now=folder.disk_bytes(),
    )
