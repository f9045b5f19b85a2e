"""Whether the two indexes of a library hold what its store holds: all of it, once, as it is now."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from embeddings.vector_files import read_back
from qa.checking import verify
from qa.indexes import Indexes
from qa.records import VerifyReport
from qa.store import Store
from qa.telling import Progress

SAMPLE = 1_000
"""Passages whose terms are looked for one by one: every passage of a library of so many."""

_SHOWN = 5  # ids in one line
_APART = 0.2  # between a vector and the same in 8 bits a number; another is about 1 away

Ids = NDArray[np.int64]


def verify_deeply(store: Store, indexes: Indexes, progress: Progress | None = None) -> VerifyReport:
    """Do what `qa.Library.verify` says of `deep` (write lock held)."""
    report = verify(store, progress, deep=True)
    indexes.refresh()
    return replace(report, indexes=wrong(store, indexes, progress))


def wrong(store: Store, indexes: Indexes, progress: Progress | None = None) -> tuple[str, ...]:
    """Compare both indexes with the store, which nothing may be written to meanwhile.

    Args:
        store: The truth.
        indexes: Of the same, up to date.
        progress: Called with passages done and passages in all.

    Returns:
        What is wrong, one line each; none when nothing is.
    """
    findings = _Findings()
    total = store.counts()[1]
    terms, generation = indexes.terms, store.generation
    if terms.generation != generation:
        findings.lines.append(
            f"the term index is of generation {terms.generation}, the database of {generation}"
        )
    vectors = _Vectors(indexes.vector_file, store)
    last = done = 0
    for ids, rows in store.vectors_after(0):
        _compare_terms(findings, indexes, (last + 1, int(ids[-1])), ids)
        vectors.compare(findings, ids, rows)
        _look_for(findings, store, indexes, [int(i) for i in _sampled(ids, done, total)])
        last, done = int(ids[-1]), done + len(ids)
        if progress:
            progress(done, total)
    _compare_terms(findings, indexes, (last + 1, 2**62), np.empty(0, dtype=np.int64))
    vectors.finish(findings)
    return tuple(findings)


class _Findings:
    """What was found, gathered by kind so that one line tells of all passages of a kind."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self._ids: dict[str, list[int]] = {}

    def add(self, kind: str, ids: Ids | list[int]) -> None:
        if len(ids):
            self._ids.setdefault(kind, []).extend(int(number) for number in ids)

    def __iter__(self) -> Iterator[str]:
        yield from self.lines
        for kind, ids in self._ids.items():
            shown = ", ".join(map(str, ids[:_SHOWN])) + (", …" if len(ids) > _SHOWN else "")
            yield f"{kind}: {len(ids)} (passages {shown})"


class _Vectors:
    """The vector file beside the store; what is newer than the file is read from the store."""

    def __init__(self, file: Path, store: Store) -> None:
        self._ids, self._rows = np.empty(0, dtype=np.int64), None
        if file.exists():
            self._ids, self._rows = read_back(file)
        self._met = np.zeros(len(self._ids), dtype=bool)
        self._removed = [one for one in store.removed_since(-1) if one.last_passage]

    def compare(self, findings: _Findings, ids: Ids, rows: NDArray[np.float32]) -> None:
        if self._rows is None:
            return
        inside = ids <= self._ids[-1]
        ids, rows = ids[inside], rows[inside]
        places = np.searchsorted(self._ids, ids)
        there = self._ids[places] == ids
        findings.add("missing in the vector file", ids[~there])
        places = places[there]
        self._met[places] = True
        apart = np.linalg.norm(self._rows(places) - rows[there], axis=1)
        findings.add("another vector in the vector file", ids[there][apart > _APART])

    def finish(self, findings: _Findings) -> None:
        """Look at what the file holds beside the store: only removed passages, which are known."""
        left = self._ids[~self._met]
        first = np.array([one.first_passage for one in self._removed], dtype=np.int64)
        ends = np.array([one.last_passage for one in self._removed], dtype=np.int64)
        at = np.searchsorted(first, left, side="right") - 1
        known = (at >= 0) & (ends[at] >= left) if len(first) else np.zeros(len(left), dtype=bool)
        findings.add("in the vector file and not in the database", left[~known])


def _compare_terms(
    findings: _Findings, indexes: Indexes, between: tuple[int, int], stored: Ids
) -> None:
    held = np.array(indexes.terms.between(*between), dtype=np.int64)
    once, times = np.unique(held, return_counts=True)
    findings.add("missing in the term index", np.setdiff1d(stored, once))
    findings.add("in the term index and not in the database", np.setdiff1d(once, stored))
    findings.add("more than once in the term index", once[times > 1])


def _look_for(findings: _Findings, store: Store, indexes: Indexes, ids: list[int]) -> None:
    lost = [
        one.passage.id
        for one in store.candidates(ids)
        if not indexes.terms.finds(indexes.entry(one.passage, one.title))
    ]
    findings.add("not found by all of their words", lost)


def _sampled(ids: Ids, done: int, total: int) -> Ids:
    step = max(1, total // SAMPLE)
    return ids[-done % step :: step]
