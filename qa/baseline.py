"""What a library is measured against: BM25 over jieba's words, wired as is usual.

The documents' titles stand in front of their passages; nothing is weighted or fitted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from math import log

import numpy as np
from numpy.typing import NDArray

from embeddings.words import Cutter, fold
from qa.library import Library
from qa.records import Document, Hit, Passage
from qa.telling import Progress

K1, B = 1.5, 0.75
"""Term saturation and length normalisation, as most BM25 packages have them."""

_Posting = tuple[NDArray[np.int64], NDArray[np.float64]]  # places of passages, weights there


class Bm25:
    """BM25 over passages held in memory.

    The weight of a term in a passage is idf · f (K1 + 1) / (f + K1 (1 - B + B · length / mean
    length)), idf = ln(1 + (N - n + 0.5) / (n + 0.5)) (Robertson and Zaragoza 2009, with the idf
    that is never negative).
    """

    def __init__(
        self, passages: list[tuple[Document, Passage]], postings: dict[str, _Posting], cut: Cutter
    ) -> None:
        self._passages = passages
        self._postings = postings
        self._cut = cut

    @classmethod
    def of(cls, library: Library, cut: Cutter, progress: Progress | None = None) -> Bm25:
        """Index the passages of a library, cut into words that do not overlap.

        Args:
            library: What it is measured beside.
            cut: Cuts passages and questions.
            progress: Called with documents done and documents in all.
        """
        total = library.status().documents
        passages: list[tuple[Document, Passage]] = []
        words: list[list[str]] = []
        for number, document in enumerate(library.documents(), start=1):
            for passage in library.passages(document):
                passages.append((document, passage))
                words.append(cut.plain(fold(f"{document.title}\n{passage.shown}")))
            if progress:
                progress(number, total)
        return cls(passages, _postings(words), cut)

    def search(self, query: str, k: int = 10) -> list[Hit]:
        """Give up to `k` passages that share a word with the query, best first.

        Equal scores keep the order of the library.
        """
        scores = np.zeros(len(self._passages))
        for word in self._cut.plain(fold(query)):
            if word in self._postings:
                places, weights = self._postings[word]
                scores[places] += weights
        best = np.argsort(-scores, kind="stable")[:k]
        return [
            Hit(passage, document, float(scores[place]))
            for place in best
            if scores[place] > 0
            for document, passage in [self._passages[place]]
        ]


def _postings(texts: Iterable[list[str]]) -> dict[str, _Posting]:
    """Give each word's passages and its weight in each."""
    lengths: list[int] = []
    counted: dict[str, list[tuple[int, int]]] = {}
    for place, words in enumerate(texts):
        lengths.append(len(words))
        for word, count in Counter(words).items():
            counted.setdefault(word, []).append((place, count))
    length = np.array(lengths, dtype=np.float64)
    norms = K1 * (1 - B + B * length / (length.mean() or 1.0)) if lengths else length
    postings: dict[str, _Posting] = {}
    for word, standing in counted.items():
        places, counts = np.array(standing, dtype=np.int64).T
        idf = log(1 + (len(lengths) - len(standing) + 0.5) / (len(standing) + 0.5))
        postings[word] = places, idf * counts * (K1 + 1) / (counts + norms[places])
    return postings
