"""What a confidence is worth in one library, and from which one on it is an answer.

The confidence that ships was fitted on many kinds of documents. In one library it may run too high
or too low as a whole; two numbers put that right, and a threshold follows from how many questions
without an answer may be answered nevertheless. Nothing here knows how a confidence came about.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, floor, inf, log, nextafter

import numpy as np
from numpy.typing import NDArray

FEWEST = 20
"""Askings without an answer that are needed at least: fewer say nothing about one in twenty."""

_FARTHEST = 12.0  # logits are cut off here; a confidence that far out leaves no doubt
_SLOPE_SPREAD, _OFFSET_SPREAD = 0.5, 2.0  # of the prior: what a few questions cannot overrule
_STEPS, _HALVINGS, _ENOUGH = 50, 30, 1e-9

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Calibration:
    """How confidences are read in one library.

    Attributes:
        slope: Above 0, so that no two confidences change places.
        offset: Added to `slope` times the logit of a confidence.
        threshold: Calibrated confidence, 0 to 1, from which a question counts as answered.
        false_answers: The share it was fitted for: of all questions that the documents do not
            answer, those that are answered nevertheless. 0 to 1.
        questions: Questions it was fitted with.
        made: Whether they were made from the documents rather than asked by people.
    """

    slope: float
    offset: float
    threshold: float
    false_answers: float
    questions: int
    made: bool

    def apply(self, confidence: float) -> float:
        """Give the calibrated confidence: 1 / (1 + exp(-(slope * logit(confidence) + offset))).

        0 stays 0: where nothing came near there is nothing to calibrate.
        """
        return sigmoid(self.slope * logit(confidence) + self.offset) if confidence > 0 else 0.0

    def answers(self, confidence: float) -> bool:
        """Say whether an uncalibrated confidence is enough for an answer."""
        return self.apply(confidence) >= self.threshold


def fit(
    confidences: Sequence[float],
    right: Sequence[bool],
    unanswerable: Sequence[bool],
    rate: float,
    *,
    made: bool = False,
) -> Calibration:
    """Fit a calibration to what a library said, in any order.

    Args:
        confidences: Uncalibrated, 0 to 1, one for each asking.
        right: Whether the first passage answered; never so for an unanswerable one.
        unanswerable: Whether no document held the answer.
        rate: At most this share of the unanswerable askings, 0 to 1, may reach the threshold.
        made: Recorded with it.

    Raises:
        ValueError: fewer than FEWEST askings are unanswerable, or the lengths differ.
    """
    logits = np.array([logit(one) for one in confidences])
    targets, silent = np.array(right, dtype=bool), np.array(unanswerable, dtype=bool)
    if not len(logits) == len(targets) == len(silent):
        raise ValueError("confidences, right and unanswerable differ in length")
    if silent.sum() < FEWEST:
        raise ValueError(f"{silent.sum()} askings without an answer are too few, {FEWEST} needed")
    slope, offset = scaling(logits, targets)
    shape = Calibration(slope, offset, 0.0, rate, len(logits), made)
    threshold = lowest_threshold(
        [shape.apply(one) for one, no in zip(confidences, unanswerable, strict=True) if no],
        [shape.apply(one) for one, no in zip(confidences, unanswerable, strict=True) if not no],
        rate,
    )
    return Calibration(slope, offset, threshold, rate, len(logits), made)


def scaling(logits: Array, right: NDArray[np.bool_]) -> tuple[float, float]:
    """Give slope and offset, so that sigmoid(slope * logit + offset) is the share of right ones.

    Platt scaling ("Probabilistic outputs for support vector machines", 1999) with his smoothed
    targets, which keep a clean separation from asking for certainty. Newton's steps with
    backtracking and the log-loss in its stable form as in Lin, Lin and Weng ("A note on Platt's
    probabilistic outputs", 2007). The slope is exp(a) with a ~ N(0, 0.5²) and the offset ~ N(0,
    2²), so that few questions stay near what ships and the slope is always above 0. When all are
    right or none is, there is no slope to be seen: (1, 0).
    """
    hits, misses = int(right.sum()), int((~right).sum())
    if not hits or not misses:
        return 1.0, 0.0
    targets = np.where(right, (hits + 1) / (hits + 2), 1 / (misses + 2))
    place = np.zeros(2)
    loss = _loss(place, logits, targets)
    for _ in range(_STEPS):
        step = _newton_step(place, logits, targets)
        for halving in range(_HALVINGS):
            tried = place + step / 2**halving
            now = _loss(tried, logits, targets)
            if now < loss:
                break
        else:
            break  # nothing better in that direction: this is the bottom
        gained, place, loss = loss - now, tried, now
        if gained < _ENOUGH:
            break
    return exp(place[0]), float(place[1])


def lowest_threshold(unanswerable: Sequence[float], others: Sequence[float], rate: float) -> float:
    """Give the lowest threshold that at most `rate` of the unanswerable confidences reach.

    It stands half way between the first that must not reach it and the next above of either kind:
    as low as any, as far as what was seen goes, and not at the edge of one chance value.
    """
    falling = sorted(unanswerable, reverse=True)
    allowed = floor(rate * len(falling) + _ENOUGH)
    if allowed >= len(falling):
        return 0.0
    refused = falling[allowed]
    above = min((one for one in (*unanswerable, *others) if one > refused), default=refused)
    middle = (refused + above) / 2
    return middle if middle > refused else nextafter(refused, inf)


def logit(probability: float) -> float:
    """Give log(p / (1 - p)), cut off at ±12."""
    if probability <= 0 or probability >= 1:
        return _FARTHEST if probability > 0 else -_FARTHEST
    return min(max(log(probability / (1 - probability)), -_FARTHEST), _FARTHEST)


def sigmoid(value: float) -> float:
    """Give 1 / (1 + exp(-value)) without overflow."""
    return 1 / (1 + exp(-value)) if value >= 0 else exp(value) / (1 + exp(value))


def _loss(place: Array, logits: Array, targets: Array) -> float:
    """Cross entropy, log(1 + exp(f)) - t f, less the logarithm of the prior."""
    sums = np.exp(place[0]) * logits + place[1]
    entropy = np.logaddexp(0.0, sums) - targets * sums
    prior = (place[0] / _SLOPE_SPREAD) ** 2 + (place[1] / _OFFSET_SPREAD) ** 2
    return float(entropy.sum() + prior / 2)


def _newton_step(place: Array, logits: Array, targets: Array) -> Array:
    slope = np.exp(place[0])
    shares = 1 / (1 + np.exp(-(slope * logits + place[1])))
    rows = np.column_stack([slope * logits, np.ones_like(logits)])
    precision = np.diag([_SLOPE_SPREAD**-2, _OFFSET_SPREAD**-2])
    gradient = rows.T @ (shares - targets) + precision @ place
    # Fisher's curvature, which is never negative although a slope of exp(a) is not convex.
    curvature = rows.T @ (rows * (shares * (1 - shares))[:, None]) + precision
    return np.asarray(np.linalg.solve(curvature, -gradient), dtype=np.float64)
