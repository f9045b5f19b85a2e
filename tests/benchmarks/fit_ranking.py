"""Fit the weights of `qa/ranking.py` and write `qa/weights.json`.

    python tests/benchmarks/fit_ranking.py --questions DIR --samples docs/sample

--questions: a folder of `NAME.jsonl` ({question, passage_id}) with `NAME.passages.jsonl` ({id,
title?, text}) beside each.
--samples: a folder of documents with its question file `FOLDER-questions.jsonl` beside it.

Each set becomes a library of its own. Two steps, both convex and deterministic:

1. order: one weight a signal, so that passages with the answer come first (softmax over the
   candidates of a question, L2);
2. probability: slope and bias of the logistic function of that sum, on the first candidate of every
   question as it is and with the answering document left out, so that half of them have no answer.
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from embeddings.encoder import load_encoder
from qa import Document, Hit, Library
from qa.ranking import SIGNALS, weights

DEPTH = 20
RIDGE = 1e-3
QUESTIONS = 600  # of each set
Array = NDArray[np.float64]
IsGold = Callable[[Hit], bool]


@dataclass(frozen=True)
class Case:
    """One question: the signals of its candidates (n, signals), and which of them answer (n,)."""

    signals: Array
    gold: NDArray[np.bool_]


@dataclass(frozen=True)
class QuestionSet:
    """Documents, and questions with a test for the passages that answer them."""

    name: str
    sources: list[Document] | Path
    questions: list[tuple[str, IsGold]]


def answered_sets(folder: Path) -> Iterator[QuestionSet]:
    """Read the sets of questions that people wrote."""
    for file in sorted(folder.glob("*.passages.jsonl")):
        name = file.name.removesuffix(".passages.jsonl")
        documents = [
            Document.from_text(one["text"], path=one["id"], title=one.get("title"))
            for one in _rows(file)
        ]
        rows = _rows(folder / f"{name}.jsonl")
        random.Random(7).shuffle(rows)
        asked = [(one["question"], _of_document(one["passage_id"])) for one in rows[:QUESTIONS]]
        yield QuestionSet(name, documents, asked)


def sample_set(folder: Path) -> QuestionSet:
    """Read a folder of documents with its question file."""
    rows = _rows(folder.with_name(f"{folder.name}-questions.jsonl"))
    asked = [(one["question"], _of_evidence(one["evidence"])) for one in rows]
    return QuestionSet(folder.name, folder, asked)


def cases(question_set: QuestionSet) -> Iterator[Case]:
    """Ask every question of a set."""
    encoder = load_encoder("builtin")
    with tempfile.TemporaryDirectory() as place, Library.open(place, encoder) as library:
        library.add(question_set.sources)
        for question, is_gold in question_set.questions:
            hits = library.search(question, DEPTH)
            if hits:
                signals = [[hit.signals[name] for name in SIGNALS] for hit in hits]
                yield Case(np.array(signals), np.array([is_gold(hit) for hit in hits]))


def order_weights(all_cases: list[Case], steps: int = 400, rate: float = 0.5) -> Array:
    """Give the weight of each signal, by gradient steps on the softmax loss (Adam's scaling)."""
    telling = [case for case in all_cases if case.gold.any() and not case.gold.all()]
    weight, mean, square = (np.zeros(len(SIGNALS)) for _ in range(3))
    for step in range(1, steps + 1):
        gradient = 2 * RIDGE * weight
        for case in telling:
            share = _softmax(case.signals @ weight)
            gold = _softmax(np.where(case.gold, case.signals @ weight, -np.inf))
            gradient = gradient + case.signals.T @ (share - gold) / len(telling)
        mean = 0.9 * mean + 0.1 * gradient
        square = 0.99 * square + 0.01 * gradient**2
        scale = np.sqrt(square / (1 - 0.99**step)) + 1e-8
        weight = weight - rate / np.sqrt(step) * (mean / (1 - 0.9**step)) / scale
    return weight


def first_ones(all_cases: list[Case], weight: Array) -> tuple[Array, NDArray[np.bool_]]:
    """Give the sum of each first candidate, and whether it answers; gold there and left out."""
    sums, right = [], []
    for case in all_cases:
        total = case.signals @ weight
        left = [np.ones_like(case.gold)] + [~case.gold] * bool(case.gold.any())
        for kept in left:
            if kept.any():
                best = int(np.argmax(np.where(kept, total, -np.inf)))
                sums.append(total[best])
                right.append(bool(case.gold[best]))
    return np.array(sums), np.array(right)


def slope_and_bias(sums: Array, right: NDArray[np.bool_]) -> tuple[float, float]:
    """Fit P(right) = 1 / (1 + exp(-(slope * sum + bias))) by Newton's method (Platt, 1999)."""
    rows = np.column_stack([sums, np.ones_like(sums)])
    beta = np.zeros(2)
    for _ in range(50):
        p = 1 / (1 + np.exp(-rows @ beta))
        curvature = rows.T @ (rows * (p * (1 - p))[:, None]) + 1e-6 * np.eye(2)
        beta = beta + np.linalg.solve(curvature, rows.T @ (right - p))
    return float(beta[0]), float(beta[1])


def first_place(all_cases: list[Case], weight: Array) -> float:
    """Give the share of questions whose answer is among the candidates that have it first."""
    telling = [case for case in all_cases if case.gold.any()]
    return float(np.mean([case.gold[np.argmax(case.signals @ weight)] for case in telling]))


def main() -> None:
    """Fit, print what came out, and write it."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--questions", type=Path)
    parser.add_argument("--samples", type=Path)
    parser.add_argument("--output", type=Path, default=Path("qa/weights.json"))
    given = parser.parse_args()
    sets = [
        *(answered_sets(given.questions) if given.questions else ()),
        *([sample_set(given.samples)] if given.samples else ()),
    ]
    by_set = {}
    for one in sets:
        by_set[one.name] = list(cases(one))
        print(f"{one.name}: {len(by_set[one.name])} questions", flush=True)
    everything = [case for one in by_set.values() for case in one]
    weight = order_weights(everything)
    slope, bias = slope_and_bias(*first_ones(everything, weight))
    for name, some in by_set.items():
        print(f"{name}: first place {first_place(some, weight):.3f}")
    fitted = replace(
        weights(),
        signals={n: round(float(slope * w), 3) for n, w in zip(SIGNALS, weight, strict=True)},
        bias=round(bias, 3),
    )
    text = json.dumps(
        {
            "signals": dict(fitted.signals),
            "bias": fitted.bias,
            "threshold": fitted.threshold,
            "fields": dict(fitted.fields),
        },
        indent=2,
    )
    given.output.write_text(text + "\n", encoding="utf-8")
    print(text)


def _of_document(path: str) -> IsGold:
    return lambda hit: hit.document.path == path


def _of_evidence(evidence: list[dict[str, str]]) -> IsGold:
    return lambda hit: any(
        one["doc"] == hit.document.path and one["text"] in hit.passage.text for one in evidence
    )


def _rows(file: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def _softmax(values: Array) -> Array:
    powers = np.exp(values - values.max())
    return powers / powers.sum()


if __name__ == "__main__":
    main()
