"""Stand-ins for what a test must not load or reach: fast, deterministic, of our own making."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from embeddings.words import bigrams, fold
from qa.term_making import TermEntry
from qa.terms import TermIndex


class FakeEncoder:
    """Vectors of hashed character pairs: texts that share pairs are near each other.

    Implements `embeddings.encoder.Encoder`. `name` seeds the hash, so that two encoders of
    different names give vectors that have nothing to do with each other.
    """

    def __init__(self, name: str = "fake", dimensions: int = 64) -> None:
        self.name = name
        self.dimensions = dimensions
        self.fingerprint = f"{crc32(name.encode()):08x}-{dimensions}-1"

    def encode_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return self._encode(texts)

    def encode_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return self._encode(texts)

    def _encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        rows = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        for row, text in zip(rows, texts, strict=True):
            for pair in bigrams(fold(text)):
                place = _hashed(self.name, pair)
                row[place % self.dimensions] += 1.0 if place & 0x8000_0000 else -1.0
            length = float(np.linalg.norm(row))
            if length:
                row /= length
        return rows


def delete_folder(folder: Path) -> None:
    """Delete a folder that may be in use.

    It is moved away first: tantivy, which looks after its index every half second, may be writing
    its lock file at that moment, and a folder that is not empty cannot be deleted.
    """
    aside = folder.with_name(f"{folder.name}.deleted")
    folder.rename(aside)
    shutil.rmtree(aside, ignore_errors=True)


def put_in_place(file: Path, data: bytes) -> None:
    """Give `file` other content as another file: whoever has the old one mapped keeps it.

    Cutting off a mapped file in place kills the process that has it mapped (SIGBUS).
    """
    file.unlink()
    file.write_bytes(data)


@cache
def _hashed(name: str, pair: str) -> int:
    return crc32(f"{name}\n{pair}".encode())


class FakeReranker:
    """Scores looked up by the passage's own text; 0.5 for what is not known.

    Implements `embeddings.reranker.Reranker`, and remembers what it was asked.
    """

    name = "fake-reranker"

    def __init__(self, judged: dict[str, float], fingerprint: str = "fake-reranker-1") -> None:
        self.fingerprint = fingerprint
        self.asked: list[str] = []
        self.seen: list[Sequence[str]] = []
        self._judged = judged

    def scores(self, question: str, passages: Sequence[str]) -> NDArray[np.float32]:
        self.asked.append(question)
        self.seen.append(passages)
        known = [
            next((score for own, score in self._judged.items() if text.endswith(own)), 0.5)
            for text in passages
        ]
        return np.array(known, dtype=np.float32)


def change_terms(
    index: TermIndex, removed: Iterable[int], entries: Iterable[TermEntry] = ()
) -> None:
    """Take documents out of a term index and put passages in, as one change."""
    with index.writing() as writing:
        for document_id in removed:
            writing.remove(document_id)
        for one in entries:
            writing.put(one)
        writing.commit()
