"""How often the right passage comes first: cosine of a model, and BM25 beside it.

Sets lie in `data`/eval as NAME.jsonl and NAME.passages.jsonl and are never trained or fitted on.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from embeddings.encoder import Encoder
from embeddings.training.corpora import joined, passages, read_rows
from embeddings.words import cutter, fold

SETS = ("mlqa_zh_dev", "xquad_zh", "cmrc2018_trial", "dureader_checklist_dev", "tw_labor_guardian")
_BM25_K1 = 1.2
_BM25_B = 0.75


@dataclass(frozen=True, slots=True)
class QuestionSet:
    """Questions and the pieces of their pool; `gold[i]` are the pieces that answer i."""

    name: str
    questions: list[str]
    titles: list[str]
    pieces: list[str]
    gold: list[set[int]]

    def passages(self, *, titles: bool) -> list[str]:
        """Give the pieces, with their titles in front if wished."""
        if not titles:
            return self.pieces
        return [joined(title, piece) for title, piece in zip(self.titles, self.pieces, strict=True)]


@dataclass(frozen=True, slots=True)
class Row:
    """The first-place shares (0…1) of one set, with and without titles before the passages.

    `cosine_cut` are those of vectors cut to fewer dimensions, with titles.
    """

    name: str
    questions: int
    pieces: int
    cosine: float
    cosine_untitled: float
    cosine_cut: list[float]
    bm25: float
    bm25_untitled: float


def read_set(data: Path, name: str) -> QuestionSet:
    """Read one set, its passages cut at sentence ends at about 260 characters.

    Questions that their passage does not answer are left out.
    """
    found = QuestionSet(name, [], [], [], [])
    pieces_of: dict[str, set[int]] = {}
    for row in read_rows(data / "eval" / f"{name}.passages.jsonl"):
        cut = passages(row["text"])
        start = len(found.pieces)
        pieces_of[row["id"]] = set(range(start, start + len(cut)))
        found.pieces.extend(cut)
        found.titles.extend([row.get("title") or ""] * len(cut))
    for row in read_rows(data / "eval" / f"{name}.jsonl"):
        if row.get("answerable", True):
            ids = {row["passage_id"], *(row.get("passage_ids") or ())}
            found.questions.append(row["question"])
            found.gold.append(set().union(*(pieces_of[key] for key in ids)))
    return found


def cosine_first(
    encoder: Encoder, questions: QuestionSet, *, titles: bool = True, cuts: Sequence[int] = ()
) -> list[float]:
    """Give the share of questions whose highest cosine is a right piece.

    One share for whole vectors, and one for every number of first dimensions in `cuts`.
    """
    asked = encoder.encode_queries(questions.questions)
    given = encoder.encode_passages(questions.passages(titles=titles))
    # A question's own length does not change its order.
    return [
        first_share(asked[:, :size] @ _unit(given[:, :size]).T, questions.gold)
        for size in (encoder.dimensions, *cuts)
    ]


def _unit(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    lengths: NDArray[np.float32] = np.linalg.norm(vectors, axis=1, keepdims=True)
    lengths[lengths == 0] = 1
    return vectors / lengths


def bm25_first(questions: QuestionSet, *, titles: bool = True) -> float:
    """Give the share of questions whose highest BM25 over jieba's search-mode words is right."""
    cut = cutter().words
    pool = [Counter(cut(fold(text))) for text in questions.passages(titles=titles)]
    asked = [set(cut(fold(text))) for text in questions.questions]
    return first_share(_bm25(asked, pool), questions.gold)


def first_share(scores: NDArray[np.float32], gold: Sequence[set[int]]) -> float:
    """Give the share of rows of `scores` (questions, pieces) that are largest at a gold piece."""
    best = scores.argmax(axis=1)
    return float(np.mean([int(place) in right for place, right in zip(best, gold, strict=True)]))


def _bm25(asked: list[set[str]], pool: list[Counter[str]]) -> NDArray[np.float32]:
    lengths = np.array([counts.total() for counts in pool], dtype=np.float32)
    saturation = _BM25_K1 * (1 - _BM25_B + _BM25_B * lengths / lengths.mean())
    postings: dict[str, list[tuple[int, int]]] = {}
    for place, counts in enumerate(pool):
        for word, count in counts.items():
            postings.setdefault(word, []).append((place, count))
    scores = np.zeros((len(asked), len(pool)), dtype=np.float32)
    for row, words in enumerate(asked):
        for word in words & postings.keys():
            places, counted = (np.array(x) for x in zip(*postings[word], strict=True))
            rarity = np.log(1 + (len(pool) - len(places) + 0.5) / (len(places) + 0.5))
            scores[row, places] += rarity * counted / (counted + saturation[places])
    return scores


def evaluate(encoder: Encoder, data: Path, *, cuts: Sequence[int] = ()) -> list[Row]:
    """Measure `encoder` on SETS, in their order; `cuts` are smaller numbers of dimensions."""
    rows: list[Row] = []
    for name in SETS:
        questions = read_set(data, name)
        whole, *cut = cosine_first(encoder, questions, cuts=cuts)
        rows.append(
            Row(
                name,
                len(questions.questions),
                len(questions.pieces),
                whole,
                cosine_first(encoder, questions, titles=False)[0],
                cut,
                bm25_first(questions),
                bm25_first(questions, titles=False),
            )
        )
    return rows
