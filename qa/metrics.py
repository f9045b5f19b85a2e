"""The measures of a question set: recall, reciprocal rank, AUROC, calibration, percentiles.

Pure functions over plain numbers. What nothing was measured for is None, never a number.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from statistics import median

DEPTH = 10
"""How many passages of a question count: those past the tenth give no reciprocal rank."""

BINS = 10
"""Bins of the calibration table, of equal width."""


@dataclass(frozen=True, slots=True)
class Ranking:
    """How well passages were ordered, and how fast. All None where there was nothing to measure.

    Attributes:
        recall_at_1: Share of the answerable questions with an evidence passage in first place.
        recall_at_3: The same for the first three.
        recall_at_5: The same for the first five.
        mrr_at_10: Mean of one over the place of the first evidence passage, 0 past the tenth.
        median_ms: Median time of a question.
        p99_ms: 99th percentile of it.
    """

    recall_at_1: float | None
    recall_at_3: float | None
    recall_at_5: float | None
    mrr_at_10: float | None
    median_ms: float | None
    p99_ms: float | None

    @classmethod
    def of(cls, places: Sequence[int], milliseconds: Sequence[float]) -> Ranking:
        """Sum up questions.

        Args:
            places: The place, from 1, of the first evidence passage of each answerable question;
                0 where it is not among the first DEPTH.
            milliseconds: What each question took, the unanswerable ones too.
        """
        return cls(
            recall_at_1=recall(places, 1),
            recall_at_3=recall(places, 3),
            recall_at_5=recall(places, 5),
            mrr_at_10=mean([1 / place if place else 0.0 for place in places]),
            median_ms=median(milliseconds) if milliseconds else None,
            p99_ms=percentile(milliseconds, 99),
        )


@dataclass(frozen=True, slots=True)
class Bin:
    """The questions whose confidence is at least `low` and below `high` (the last: up to 1).

    Attributes:
        low: Its lower end.
        high: Its upper end.
        questions: How many fell into it.
        confidence: Their mean confidence; None when there are none.
        right: The share of them that was right; None when there are none.
    """

    low: float
    high: float
    questions: int
    confidence: float | None
    right: float | None


def mean(values: Sequence[float]) -> float | None:
    """Give the arithmetic mean; None of nothing."""
    return sum(values) / len(values) if values else None


def recall(places: Sequence[int], k: int) -> float | None:
    """Give the share of places from 1 to `k`; 0 stands for a place past all that were looked at.

    >>> recall([1, 3, 0, 2], 2)
    0.5
    """
    return mean([0 < place <= k for place in places])


def percentile(values: Sequence[float], percent: int) -> float | None:
    """Give the smallest value that at least `percent` of all are not above (nearest rank).

    >>> percentile([5.0, 1.0, 3.0], 99)
    5.0
    """
    ordered = sorted(values)
    return ordered[max(ceil(len(ordered) * percent / 100), 1) - 1] if ordered else None


def auroc(positive: Sequence[float], negative: Sequence[float]) -> float | None:
    """Give the probability that a positive scores above a negative, a tie counting half.

    The area under the ROC curve, exactly, by the Mann-Whitney statistic: U / (m n). None when one
    side is empty.

    >>> auroc([0.9, 0.5], [0.5, 0.1])
    0.875
    """
    if not positive or not negative:
        return None
    ordered = sorted(negative)
    # Halves are summed as whole numbers, so that nothing is lost to rounding.
    doubled = sum(bisect_left(ordered, one) + bisect_right(ordered, one) for one in positive)
    return doubled / (2 * len(positive) * len(negative))


def calibration(judged: Sequence[tuple[float, bool]]) -> tuple[Bin, ...]:
    """Sort questions into BINS bins by confidence.

    Args:
        judged: The confidence, 0 to 1, of each question, and whether it was right.

    Returns:
        All bins from the lowest, empty ones too.
    """
    sorted_in: list[list[tuple[float, bool]]] = [[] for _ in range(BINS)]
    for confidence, right in judged:
        sorted_in[min(int(confidence * BINS), BINS - 1)].append((confidence, right))
    return tuple(
        Bin(
            low=number / BINS,
            high=(number + 1) / BINS,
            questions=len(inside),
            confidence=mean([confidence for confidence, _ in inside]),
            right=mean([right for _, right in inside]),
        )
        for number, inside in enumerate(sorted_in)
    )


def calibration_error(bins: Sequence[Bin]) -> float | None:
    """Give the expected calibration error: the mean gap between confidence and share right.

    Each bin counts by its questions (Naeini, Cooper and Hauskrecht 2015). None without questions.
    """
    total = sum(one.questions for one in bins)
    gaps = [
        one.questions * abs(one.confidence - one.right)
        for one in bins
        if one.confidence is not None and one.right is not None
    ]
    return sum(gaps) / total if total else None
