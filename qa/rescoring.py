"""Scores given anew: by a reranker, where there is one, then by the library's calibration.

Both change the probability that an evidence carries, and nothing else of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import log

from embeddings.reranker import Reranker
from qa.asking import Found
from qa.calibration import Calibration, logit, sigmoid
from qa.pieces import in_context

_SUREST = 0.99  # a reranker's probability is taken as no further from even than this
_BOUND = log(_SUREST / (1 - _SUREST))


def rescored(
    question: str, found: Sequence[Found], reranker: Reranker | None, calibration: Calibration
) -> list[Found]:
    """Give what was found, best first, scored by both, each where there is one."""
    again = found if reranker is None else reranked(question, found, reranker)
    return calibrated(again, calibration)


def reranked(question: str, found: Sequence[Found], reranker: Reranker) -> list[Found]:
    """Give what was found in the order of both scores together; equal ones keep their order.

    The logits are added, as independent evidence adds up; the reranker's is kept within ±4.6
    (0.01 to 0.99), so that neither alone decides against a sure other. Its own probability is added
    to the signals as `reranker`.
    """
    if not found:
        return []
    texts = [in_context(one.candidate.title, one.candidate.passage) for one in found]
    scores = reranker.scores(question, texts)
    both = [_with_reranker(one, float(score)) for one, score in zip(found, scores, strict=True)]
    return sorted(both, key=lambda one: -one.evidence.score)


def calibrated(found: Sequence[Found], calibration: Calibration) -> list[Found]:
    """Give what was found with calibrated scores, in the same order."""
    if (calibration.slope, calibration.offset) == (1.0, 0.0):
        return list(found)
    return [
        replace(one, evidence=replace(one.evidence, score=calibration.apply(one.evidence.score)))
        for one in found
    ]


def _with_reranker(one: Found, score: float) -> Found:
    bounded = min(max(logit(score), -_BOUND), _BOUND)
    total = sigmoid(logit(one.evidence.score) + bounded)
    signals = {**one.evidence.signals, "reranker": score}
    return replace(one, evidence=replace(one.evidence, score=total, signals=signals))
