"""Fit the weights of `qa/choosing.py` and write `qa/quote_weights.json`.

    python tests/benchmarks/fit_quotes.py --price 0.24 SET…

SET is as in `measure_quotes.py`; `written/notices.jsonl` is one, short notices of small places.
For each question the pieces of its right passage compete;
the loss is minus the logarithm of the chance
that those with the answer get together (softmax, L2), and
every set counts alike for each of its questions. The price of length is not fitted but given: it
says how long a quote may be for what it holds.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from measure_quotes import Case, cases, question_set
from numpy.typing import NDArray

from embeddings.encoder import load_encoder
from embeddings.words import fold
from qa.choosing import quotable
from qa.clues import CLUES, Asked, clues
from qa.config import Config
from qa.opening import passing_library
from qa.question_files import comparable
from qa.records import Range

RIDGE = 2e-3
Array = NDArray[np.float64]


@dataclass(frozen=True)
class Pieces:
    """The clues of a passage's pieces (n, clues), and which of them hold the answer (n,)."""

    clues: Array
    right: NDArray[np.bool_]


def competing(case: Case) -> Pieces:
    """Give the pieces of the passage that answers."""
    text = fold(case.passage.shown)
    places = [piece.place for piece in quotable(text, case.document.title)]
    context = fold(f"{case.document.title}\n{case.passage.heading}")
    rows = clues(Asked.of(case.question, case.rarity), text, context, places)
    spans = answer_spans(text, case.answers)
    right = [any(a < end and start < b for a, b in spans) for start, end in places]
    return Pieces(np.array(rows).reshape(len(places), len(CLUES)), np.array(right, bool))


def answer_spans(text: str, answers: tuple[str, ...]) -> list[Range]:
    """Find the answers, which are comparable, in a folded text."""
    places = [at for at, char in enumerate(text) if comparable(char)]
    letters = "".join(text[at] for at in places)
    spans = []
    for answer in answers:
        at = letters.find(answer)
        while at >= 0:
            spans.append((places[at], places[at + len(answer) - 1] + 1))
            at = letters.find(answer, at + 1)
    return spans


def fit(everything: list[Pieces], steps: int = 400, rate: float = 0.3) -> Array:
    """Give the weight of each clue, by gradient steps (Adam's scaling)."""
    telling = [one for one in everything if one.right.any() and not one.right.all()]
    rows = np.vstack([one.clues for one in telling])
    right = np.concatenate([one.right for one in telling])
    sizes = [len(one.right) for one in telling]
    starts = np.cumsum([0, *sizes[:-1]])
    owner = np.repeat(np.arange(len(sizes)), sizes)

    def chances(sums: Array) -> Array:
        powers = np.exp(sums - np.maximum.reduceat(sums, starts)[owner])
        return powers / np.add.reduceat(powers, starts)[owner]

    weight, mean, square = (np.zeros(len(CLUES)) for _ in range(3))
    for step in range(1, steps + 1):
        sums = rows @ weight
        error = chances(sums) - chances(np.where(right, sums, -1e9))
        gradient = 2 * RIDGE * weight + rows.T @ error / len(telling)
        mean = 0.9 * mean + 0.1 * gradient
        square = 0.99 * square + 0.01 * gradient**2
        scale = np.sqrt(square / (1 - 0.99**step)) + 1e-8
        weight = weight - rate / np.sqrt(step) * (mean / (1 - 0.9**step)) / scale
    return weight


def main() -> None:
    """Fit, print what came out, and write it."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("sets", nargs="+", metavar="SET")
    parser.add_argument("--price", type=float, required=True)
    parser.add_argument("--limit", type=int, default=2_000, help="questions of each set")
    parser.add_argument("--output", type=Path, default=Path("qa/quote_weights.json"))
    given = parser.parse_args()
    encoder = load_encoder("builtin")
    everything: list[Pieces] = []
    for name in given.sets:
        asked = question_set(name)
        with passing_library(Config(), encoder) as library:
            library.add(asked.sources)
            found = [competing(case) for case in cases(asked, library, given.limit)]
        everything += found
        print(f"{asked.name}: {len(found)} passages", flush=True)
    weight = fit(everything)
    fitted = {
        "clues": {name: round(float(w), 2) for name, w in zip(CLUES, weight, strict=True)},
        "price": given.price,
    }
    text = json.dumps(fitted, indent=2)
    given.output.write_text(text + "\n", encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
