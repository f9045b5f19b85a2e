"""How strongly a passage answers a question: an order, and a probability, of named signals."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from math import exp

import numpy as np
from numpy.typing import NDArray

from qa.copies import folded
from qa.matching import MATCHING, TOLD_BY_DOCUMENTS, Matcher
from qa.question import Question
from qa.reading_closely import READING, Reader
from qa.times import newness
from qa.weighing import Matter, Values

ASKING = ("words", "timed", "lead", "others")
"""Names of the signals of the question and its candidates, which only the probability needs.

words: how many words the question has, of 12
timed: whether it asks for a time
lead: by how much the first candidate is before the first that is no copy of it, of LEAD
others: share of the question's words that those behind the first hold on average
"""

ORDER = MATCHING + READING
SIGNALS = ORDER + ASKING

LEAD = 3.0
"""In the sums that decide about the order."""

_MANY_WORDS = 12
_NEXT = 5
_ALONE = {"lead": 0.3, "others": 0.3}  # about their means
_ROUNDING = 1e-6  # far more than sums of the same are apart
_EQUAL_DIGITS = 2  # of the sum that decides about the order; what is equal so far, the date decides


@dataclass(frozen=True, slots=True)
class Weights:
    """What was fitted: the worth of each signal, and what comes with them.

    Two sets, because the two questions differ: passages of one question are compared with each
    other by `order`; whether the first of them answers at all is told by `probability`.

    Attributes:
        order: Weight of each of ORDER.
        probability: Weight of each of SIGNALS.
        bias: Added to the weighted sum of the latter.
        threshold: Probability from which a question counts as answered.
        fields: Weight of each field of the term index when candidates are gathered.
    """

    order: Mapping[str, float]
    probability: Mapping[str, float]
    bias: float
    threshold: float
    fields: Mapping[str, float]


@cache
def weights() -> Weights:
    """Read the weights that ship with the package (`qa/weights.json`)."""
    return Weights(**json.loads(files("qa").joinpath("weights.json").read_text(encoding="utf-8")))


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for one passage.

    Attributes:
        signals: Each of SIGNALS by name.
        score: Probability, 0 to 1, that the passage answers the question; never more than that of
            the passage before it.
    """

    signals: Mapping[str, float]
    score: float


class Judge:
    """Weighs the candidates of one question."""

    def __init__(
        self, question: Question, matcher: Matcher, reader: Reader, fitted: Weights
    ) -> None:
        self._matcher = matcher
        self._reader = reader
        self._fitted = fitted
        self._asking = {
            "words": min(len(question.words), _MANY_WORDS) / _MANY_WORDS,
            "timed": 0.0 if matcher.period is None else 1.0,
        }

    def rank(self, matters: Sequence[Matter], limit: int) -> list[tuple[int, Evidence]]:
        """Give the places in `matters` of the best passages and what speaks for each, best first.

        Passages without one character of what the question names are left out, whatever their
        vectors say. Only the best `limit` by MATCHING are read closely. Of those that are equal to
        two digits then, the newer is first, or else the better by MATCHING; otherwise they keep the
        order given.
        """
        order = self._fitted.order
        best = self._nearest(matters, limit)
        reading = self._reader.signals([matters[place] for place, _ in best])
        close = [
            (place, {**self._matcher.named(matters[place], whole), **closely})
            for (place, whole), closely in zip(best, reading, strict=True)
        ]
        close.sort(
            key=lambda one: newness(matters[one[0]].date, matters[one[0]].title), reverse=True
        )
        close.sort(key=lambda one: -round(_sum(order, one[1]), _EQUAL_DIGITS))
        return list(self._scored(close, [matters[place].text for place, _ in close[: 1 + _NEXT]]))

    def contenders(self, matters: Sequence[Matter], limit: int) -> list[int]:
        """Give the places of what may be among the best `limit`, whatever their documents hold.

        What stands in a document is looked up in the index, which takes time: it need be known of
        these alone. They are in the order given.
        """
        rows = self._matcher.rows(matters)
        worth = np.array([self._fitted.order.get(name, 0.0) for name in TOLD_BY_DOCUMENTS])
        unknown = 1.0 - rows[:, [MATCHING.index(name) for name in TOLD_BY_DOCUMENTS]]
        sums = self._sums(rows)
        least, most = (sums + unknown @ one for one in (worth.clip(max=0.0), worth.clip(min=0.0)))
        near = _near(rows).nonzero()[0]
        if len(near) > limit:
            bar = np.sort(least[near])[-limit] - _ROUNDING
            near = near[most[near] >= bar]
        places: list[int] = near.tolist()
        return places

    def _nearest(self, matters: Sequence[Matter], limit: int) -> list[tuple[int, Values]]:
        """Give the places of the best by MATCHING, with these signals, best first."""
        rows = self._matcher.rows(matters)
        near = _near(rows).tolist()
        ordered = (-self._sums(rows)).argsort(kind="stable").tolist()
        return [(place, rows[place]) for place in ordered if near[place]][:limit]

    def _sums(self, rows: Values) -> Values:
        weighed = rows * [self._fitted.order.get(name, 0.0) for name in MATCHING]
        # One after another: what is equal stays equal.
        sums: Values = np.add.accumulate(weighed, axis=1)[:, -1]
        return sums

    def _scored(
        self, ordered: Sequence[tuple[int, dict[str, float]]], texts: Sequence[str]
    ) -> Iterator[tuple[int, Evidence]]:
        """Give them with their signals and scores; `texts` are those of the first few."""
        others = self._compared([values for _, values in ordered], texts)
        score = 1.0
        for place, values in ordered:
            signals = {**values, **self._asking, **others}
            total = self._fitted.bias + _sum(self._fitted.probability, signals)
            score = min(score, 1 / (1 + exp(-total)))
            yield place, Evidence(signals, score)

    def _compared(
        self, ordered: Sequence[Mapping[str, float]], texts: Sequence[str]
    ) -> dict[str, float]:
        """Say how the first stands out among those behind it."""
        copies = folded(texts)[0] if texts else []
        behind = [ordered[place] for place in range(1, len(texts)) if place not in copies]
        if not behind:
            return dict(_ALONE)
        first, second = (_sum(self._fitted.order, one) for one in (ordered[0], behind[0]))
        return {
            "lead": min(max(first - second, 0.0), LEAD) / LEAD,
            "others": sum(one["coverage"] for one in behind) / len(behind),
        }


def _near(rows: Values) -> NDArray[np.bool_]:
    """Say which passages hold a character of what the question names."""
    named = [MATCHING.index(name) for name in ("pair_coverage", "characters")]
    near: NDArray[np.bool_] = (rows[:, named] != 0).any(axis=1)
    return near


def _sum(weight: Mapping[str, float], values: Mapping[str, float]) -> float:
    """Add up what is weighed; values not there count nothing."""
    return sum(weight[name] * value for name, value in values.items() if name in weight)
