"""Fit the weights of `qa/ranking.py` and write `qa/weights.json`.

    python tests/benchmarks/fit_ranking.py DIR [--questions 600] [--output qa/weights.json]

DIR holds question sets: `NAME.jsonl` ({question, passage_id}) beside `NAME.passages.jsonl` ({id,
title?, text}). Each set becomes a library of its own. Two steps, both convex and deterministic:

1. order: one weight a signal, so that passages of the gold document come first (softmax over the
   candidates of a question, L2);
2. probability: slope and bias of the logistic function of that sum, on the first candidate of every
   question as it is and with the gold document left out, so that half of them have no answer.
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from embeddings.encoder import load_encoder
from qa import Document, Library
from qa.ranking import SIGNALS, weights

DEPTH = 60
RIDGE = 1e-3
Array = NDArray[np.float64]


@dataclass(frozen=True)
class Case:
    """One question: the signals of its candidates (n, signals), and which of them are gold (n,)."""

    signals: Array
    gold: NDArray[np.bool_]


def cases(folder: Path, limit: int) -> Iterator[Case]:
    """Ask the questions of every set in the folder."""
    encoder = load_encoder("builtin")
    for passages in sorted(folder.glob("*.passages.jsonl")):
        name = passages.name.removesuffix(".passages.jsonl")
        documents = [
            Document.from_text(one["text"], path=one["id"], title=one.get("title"))
            for one in map(json.loads, passages.read_text(encoding="utf-8").splitlines())
        ]
        lines = (folder / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
        questions = [json.loads(line) for line in lines]
        random.Random(7).shuffle(questions)
        with tempfile.TemporaryDirectory() as place, Library.open(place, encoder) as library:
            library.add(documents)
            found = 0
            for one in questions[:limit]:
                case = asked(library, one["question"], {one["passage_id"]})
                if case is not None:
                    found += 1
                    yield case
        print(f"{name}: {found} of {min(limit, len(questions))} questions have their passage")


def asked(library: Library, question: str, gold: set[str]) -> Case | None:
    """Give a question's candidates; None when its passage is not among them."""
    hits = library.search(question, DEPTH)
    signals = np.array([[hit.signals[name] for name in SIGNALS] for hit in hits])
    is_gold = np.array([hit.document.path in gold for hit in hits], dtype=bool)
    return Case(signals, is_gold) if is_gold.any() and not is_gold.all() else None


def order_weights(all_cases: list[Case], steps: int = 400, rate: float = 0.5) -> Array:
    """Give the weight of each signal, by gradient steps on the softmax loss (Adam's scaling)."""
    weight, mean, square = (np.zeros(len(SIGNALS)) for _ in range(3))
    for step in range(1, steps + 1):
        gradient = 2 * RIDGE * weight
        for case in all_cases:
            share = _softmax(case.signals @ weight)
            gold = _softmax(np.where(case.gold, case.signals @ weight, -np.inf))
            gradient = gradient + case.signals.T @ (share - gold) / len(all_cases)
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
        for kept in (np.ones_like(case.gold), ~case.gold):
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


def main() -> None:
    """Fit, print what came out, and write it."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("data", type=Path)
    parser.add_argument("--questions", type=int, default=600, help="of each set")
    parser.add_argument("--output", type=Path, default=Path("qa/weights.json"))
    given = parser.parse_args()
    all_cases = list(cases(given.data, given.questions))
    weight = order_weights(all_cases)
    slope, bias = slope_and_bias(*first_ones(all_cases, weight))
    first = np.mean([case.gold[np.argmax(case.signals @ weight)] for case in all_cases])
    fitted = replace(
        weights(),
        signals={n: round(float(slope * w), 3) for n, w in zip(SIGNALS, weight, strict=True)},
        bias=round(bias, 3),
    )
    print(f"{len(all_cases)} questions, first place {first:.3f}, slope {slope:.3f}")
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


def _softmax(values: Array) -> Array:
    powers = np.exp(values - values.max())
    return powers / powers.sum()


if __name__ == "__main__":
    main()
