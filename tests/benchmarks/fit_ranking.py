"""Fit the weights of `qa/ranking.py`, say how well they do on sets left out, and write them.

    python tests/benchmarks/fit_ranking.py --texts DIR --questions DIR [--ablation] [--output FILE]

--texts: a folder of `NAME.jsonl.xz` ({title, text}), the texts that the questions in `written/`
beside this file are about (`NAME.documents.jsonl` says which lines of which of them).
--questions: a folder of `NAME.jsonl` ({question, passage_id}) with `NAME.passages.jsonl` beside
each. The built-in model was trained with these, which flatters its cosine: they count little.

docs/sample with its questions is always among the sets. Each set becomes a library of its own.
Every question is asked as it is, and again with the documents that answer it left out. Two steps,
both convex and deterministic:

1. order: one weight a signal, so that passages with the answer come first (softmax over the
   candidates of a question, L2);
2. probability: logistic regression (Newton's method, L2) of whether the first candidate answers.

The threshold follows from the probability: it is where an answer is worth giving when a wrong one
costs twice what a right one gains, and four of five questions that people ask have an answer (here
fewer have).

The table printed first is made by leaving one set out, fitting on the others, and looking at that
one: R@1, and the area under the ROC curve of right first passages against questions without an
answer and against questions whose documents were left out.
"""

from __future__ import annotations

import argparse
import json
import lzma
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from embeddings.encoder import load_encoder
from qa import Document, Hit
from qa.config import Config
from qa.metrics import auroc
from qa.opening import passing_library
from qa.question_files import comparable
from qa.ranking import ORDER, SIGNALS, weights

HERE = Path(__file__).parent
SAMPLE = HERE.parents[1] / "docs" / "sample"
DEPTH = 20
QUESTIONS = 600  # of each set that the model was trained with
LITTLE = 0.15  # what one question of those counts
COST, ANSWERABLE = 2.0, 0.8  # of a wrong answer, in right ones; share of what people ask
RIDGE_ORDER, RIDGE_PROBABILITY = 1e-4, 1 / 3

Array = NDArray[np.float64]
Evidence = list[dict[str, str]]


@dataclass(frozen=True)
class Asking:
    """The candidates of one question: signals (n, SIGNALS), which answer (n,), and its sort."""

    signals: Array
    gold: NDArray[np.bool_]
    answerable: bool
    left_out: bool


@dataclass(frozen=True)
class QuestionSet:
    """Documents and questions about them; no evidence: they do not answer it."""

    name: str
    sources: list[Document] | Path
    questions: list[tuple[str, Evidence]]
    weight: float = 1.0


@dataclass(frozen=True)
class Fitted:
    """Weights of ORDER, and of SIGNALS with the bias behind them."""

    order: Array
    probability: Array

    def first(self, asking: Asking) -> int:
        """Give the place of the best candidate."""
        return int(np.argmax(asking.signals[:, : len(ORDER)] @ self.order))


def written_sets(texts: Path) -> Iterator[QuestionSet]:
    """Read the questions written for this: asked by hand, answerable or not."""
    for file in sorted((HERE / "written").glob("*.questions.jsonl")):
        name = file.name.removesuffix(".questions.jsonl")
        lines: dict[str, list[str]] = {}
        documents = []
        for one in _rows(file.with_name(f"{name}.documents.jsonl")):
            if "text" in one:
                documents.append(
                    Document.from_text(one["text"], path=one["id"], title=one["title"])
                )
                continue
            if one["set"] not in lines:
                with lzma.open(texts / f"{one['set']}.jsonl.xz", "rt", encoding="utf-8") as opened:
                    lines[one["set"]] = list(opened)
            text = json.loads(lines[one["set"]][one["line"]])["text"]
            documents.append(Document.from_text(text, path=one["id"], title=one["title"]))
        asked = [(one["question"], one["evidence"]) for one in _rows(file)]
        yield QuestionSet(name, documents, asked)


def trained_sets(folder: Path) -> Iterator[QuestionSet]:
    """Read the sets of questions that the model was trained with."""
    for file in sorted(folder.glob("*.passages.jsonl")):
        name = file.name.removesuffix(".passages.jsonl")
        documents = [
            Document.from_text(one["text"], path=one["id"], title=one.get("title"))
            for one in _rows(file)
        ]
        rows = _rows(folder / f"{name}.jsonl")
        random.Random(7).shuffle(rows)
        asked = [(o["question"], [{"doc": o["passage_id"], "text": ""}]) for o in rows[:QUESTIONS]]
        yield QuestionSet(name, documents, asked, LITTLE)


def sample_set() -> QuestionSet:
    """Read the project's own documents and questions."""
    rows = _rows(SAMPLE.with_name("sample-questions.jsonl"))
    return QuestionSet("sample", SAMPLE, [(one["question"], one["evidence"]) for one in rows])


def askings(question_set: QuestionSet) -> Iterator[Asking]:
    """Ask every question of a set, and again without the documents that answer it."""
    encoder = load_encoder("builtin")
    with passing_library(Config(), encoder) as library:
        library.add(question_set.sources)
        for question, evidence in question_set.questions:
            documents = {one["doc"] for one in evidence}
            for left_out in [False, True] if evidence else [False]:
                hits = library.search(question, DEPTH, without=documents if left_out else ())
                if hits:
                    signals = [[hit.signals[name] for name in SIGNALS] for hit in hits]
                    gold = [not left_out and _answers(hit, evidence) for hit in hits]
                    yield Asking(np.array(signals), np.array(gold), bool(evidence), left_out)


def fit(sets: Sequence[tuple[float, list[Asking]]]) -> Fitted:
    """Fit both sets of weights on askings, each list with what one of it counts."""
    all_askings = [(one, weight) for weight, some in sets for one in some]
    order = _order(all_askings)
    fitted = Fitted(order, np.zeros(len(SIGNALS) + 1))
    rows, right = first_ones([one for one, _ in all_askings], fitted)
    counts = np.array([weight for _, weight in all_askings])
    return Fitted(order, _logistic(np.column_stack([rows, np.ones(len(rows))]), right, counts))


def first_ones(some: Sequence[Asking], fitted: Fitted) -> tuple[Array, NDArray[np.bool_]]:
    """Give the signals of each first candidate (n, SIGNALS), and whether it answers (n,)."""
    places = [fitted.first(one) for one in some]
    rows = np.array([one.signals[place] for one, place in zip(some, places, strict=True)])
    return rows, np.array([one.gold[place] for one, place in zip(some, places, strict=True)])


def look(some: list[Asking], fitted: Fitted) -> tuple[float, float, float]:
    """Give R@1, and the AUROC against unanswerable questions and against left-out documents."""
    rows, right = first_ones(some, fitted)
    scores = rows @ fitted.probability[:-1] + fitted.probability[-1]
    asked = np.array([one.answerable and not one.left_out for one in some])
    without = np.array([one.left_out for one in some])
    unanswerable = ~asked & ~without
    positive = scores[right].tolist()
    areas = [auroc(positive, scores[negative].tolist()) for negative in (unanswerable, without)]
    return (float(right[asked].mean()), *(0.0 if area is None else area for area in areas))


def left_out_table(
    by_name: dict[str, tuple[float, list[Asking]]], *, quiet: bool = False
) -> list[float]:
    """Print what each set that counts fully gives when it is left out of the fit; the means."""
    found = []
    for name, (weight, some) in by_name.items():
        if weight == 1.0:
            others = [one for other, one in by_name.items() if other != name]
            found.append(look(some, fit(others)))
            if not quiet:
                print(f"{name:12}", *(f"{100 * value:6.1f}" for value in found[-1]), flush=True)
    means = np.mean(found, axis=0)
    if not quiet:
        print(f"{'mean':12}", *(f"{100 * value:6.1f}" for value in means), flush=True)
    return [float(value) for value in means]


def ablation(by_name: dict[str, tuple[float, list[Asking]]]) -> None:
    """Print what the means become without each signal."""
    for name in SIGNALS:
        at = SIGNALS.index(name)
        without = {
            key: (weight, [_without(one, at) for one in some])
            for key, (weight, some) in by_name.items()
        }
        means = left_out_table(without, quiet=True)
        print(f"- {name:18}", *(f"{100 * value:6.1f}" for value in means), flush=True)


def threshold(sets: Sequence[tuple[float, list[Asking]]]) -> float:
    """Give the probability, as fitted to these askings, from which an answer is worth giving."""
    fully = [one for weight, some in sets if weight == 1.0 for one in some]
    here = sum(one.answerable and not one.left_out for one in fully) / len(fully)
    odds = COST * (here / (1 - here)) / (ANSWERABLE / (1 - ANSWERABLE))
    return odds / (1 + odds)


def main() -> None:
    """Fit, print what came out, and write it."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--texts", type=Path, required=True)
    parser.add_argument("--questions", type=Path, required=True)
    parser.add_argument("--ablation", action="store_true")
    parser.add_argument("--output", type=Path, default=Path("qa/weights.json"))
    given = parser.parse_args()
    by_name = {}
    for one in [sample_set(), *written_sets(given.texts), *trained_sets(given.questions)]:
        by_name[one.name] = (one.weight, list(askings(one)))
        print(f"{one.name}: {len(by_name[one.name][1])} askings", flush=True)
    print("left out        R@1  unansw. without")
    left_out_table(by_name)
    if given.ablation:
        ablation(by_name)
    fitted = fit(list(by_name.values()))
    values = _as_json(fitted, threshold(list(by_name.values())))
    given.output.write_text(values, encoding="utf-8")
    print(given.output.read_text(encoding="utf-8"))


def _order(some: list[tuple[Asking, float]], steps: int = 300, rate: float = 0.5) -> Array:
    """Give the weight of each signal, by gradient steps on the softmax loss (Adam's scaling)."""
    telling = [(one, w) for one, w in some if one.gold.any() and not one.gold.all()]
    shape = (len(telling), DEPTH)
    signals, gold = np.zeros((*shape, len(ORDER))), np.zeros(shape, dtype=bool)
    there = np.zeros(shape, dtype=bool)
    for row, (one, _) in enumerate(telling):
        count = len(one.gold)
        signals[row, :count] = one.signals[:, : len(ORDER)]
        gold[row, :count], there[row, :count] = one.gold, True
    counts = np.array([weight for _, weight in telling])
    counts /= counts.sum()
    weight, mean, square = (np.zeros(len(ORDER)) for _ in range(3))
    for step in range(1, steps + 1):
        sums = signals @ weight
        difference = (_softmax(sums, there) - _softmax(sums, gold)) * counts[:, None]
        gradient = np.einsum("nlf,nl->f", signals, difference) + 2 * RIDGE_ORDER * weight
        mean = 0.9 * mean + 0.1 * gradient
        square = 0.99 * square + 0.01 * gradient**2
        scale = np.sqrt(square / (1 - 0.99**step)) + 1e-8
        weight = weight - rate / np.sqrt(step) * (mean / (1 - 0.9**step)) / scale
    return weight


def _logistic(rows: Array, right: NDArray[np.bool_], counts: Array) -> Array:
    """Fit logistic regression with L2 on all but the last column, by Newton's method."""
    ridge = np.full(rows.shape[1], RIDGE_PROBABILITY)
    ridge[-1] = 1e-9
    beta = np.zeros(rows.shape[1])
    for _ in range(50):
        p = 1 / (1 + np.exp(-rows @ beta))
        curvature = rows.T @ (rows * (counts * p * (1 - p))[:, None]) + np.diag(ridge)
        step = np.linalg.solve(curvature, rows.T @ (counts * (right - p)) - ridge * beta)
        beta = beta + step
    return beta


def _as_json(fitted: Fitted, at: float) -> str:
    order, probability = (_named(fitted.order, ORDER), _named(fitted.probability, SIGNALS))
    values = {
        "order": order,
        "probability": probability,
        "bias": round(float(fitted.probability[-1]), 3),
        "threshold": round(at, 2),
        "fields": dict(weights().fields),
    }
    return json.dumps(values, indent=2) + "\n"


def _named(values: Array, names: Sequence[str]) -> dict[str, float]:
    return {name: round(float(value), 3) for name, value in zip(names, values, strict=False)}


def _without(asking: Asking, at: int) -> Asking:
    signals = asking.signals.copy()
    signals[:, at] = 0.0
    return Asking(signals, asking.gold, asking.answerable, asking.left_out)


def _answers(hit: Hit, evidence: Evidence) -> bool:
    shown = comparable(hit.passage.shown)
    return any(
        one["doc"] == hit.document.path and comparable(one["text"]) in shown for one in evidence
    )


def _rows(file: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def _softmax(values: Array, among: NDArray[np.bool_]) -> Array:
    kept = np.where(among, values, -1e9)
    powers = np.exp(kept - kept.max(axis=1, keepdims=True)) * among
    return powers / powers.sum(axis=1, keepdims=True)


if __name__ == "__main__":
    main()
