"""Fitting a confidence's meaning: against plain counting, brute force and known truth."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.calibration import (
    FEWEST,
    Calibration,
    fit,
    logit,
    lowest_threshold,
    scaling,
    sigmoid,
)

SHARES = st.floats(0, 1)


def drawn(slope, offset, count=6_000, seed=3):
    """Confidences that are off by a known slope and offset, and what came true."""
    random = np.random.default_rng(seed)
    logits = random.normal(size=count) * 2
    right = random.random(count) < 1 / (1 + np.exp(-(slope * logits + offset)))
    return [sigmoid(one) for one in logits], [bool(one) for one in right]


@pytest.mark.parametrize(("slope", "offset"), [(1.0, 0.0), (0.5, -1.0), (1.8, 1.2)])
def test_what_confidences_are_off_by_is_found(slope, offset):
    confidences, right = drawn(slope, offset)
    got = fit(confidences, right, [not one for one in right], 0.05)
    assert got.slope == pytest.approx(slope, rel=0.1)
    assert got.offset == pytest.approx(offset, abs=0.15)
    said = np.array([got.apply(one) for one in confidences])
    for low in (0.1, 0.4, 0.7):  # what is said is what comes true
        some = (said >= low) & (said < low + 0.2)
        assert np.array(right)[some].mean() == pytest.approx(said[some].mean(), abs=0.06)


def test_the_slope_and_offset_are_where_the_penalised_loss_is_lowest():
    logits = np.array([-3.0, -2.0, -1.5, -0.5, 0.0, 0.4, 1.0, 2.5, 3.0, 4.0])
    right = np.array([0, 0, 1, 0, 0, 1, 0, 1, 1, 1], dtype=bool)

    def loss(slope, offset):
        total = math.log(slope) ** 2 / 0.5 + offset**2 / 8
        for value, one in zip(logits, right, strict=True):
            target = 6 / 7 if one else 1 / 7  # Platt's: (5 + 1) / (5 + 2) and 1 / (5 + 2)
            p = 1 / (1 + math.exp(-(slope * value + offset)))
            total -= target * math.log(p) + (1 - target) * math.log(1 - p)
        return total

    slope, offset = scaling(logits, right)
    best = loss(slope, offset)
    for change in (0.01, -0.01):
        assert best < loss(slope + change, offset)
        assert best < loss(slope, offset + change)


def test_few_questions_stay_near_what_ships_and_many_do_not():
    confidences, right = drawn(0.4, -2.0)
    few, _ = scaling(np.array([logit(one) for one in confidences[:4]]), np.array(right[:4]))
    many, _ = scaling(np.array([logit(one) for one in confidences]), np.array(right))
    assert abs(math.log(few)) < abs(math.log(many))


@pytest.mark.parametrize("right", [True, False])
def test_where_all_are_alike_the_shape_stays(right):
    logits = np.linspace(-3, 3, 40)
    assert scaling(logits, np.full(40, right)) == (1.0, 0.0)


def test_none_right_still_gives_a_threshold():
    confidences = [n / 100 for n in range(1, 41)]
    got = fit(confidences, [False] * 40, [True] * 40, 0.05)
    assert (got.slope, got.offset) == (1.0, 0.0)
    assert [one for one in confidences if got.answers(one)] == [0.39, 0.40]


def test_a_clean_separation_is_not_taken_for_certainty():
    confidences = [0.1] * 30 + [0.9] * 30
    got = fit(confidences, [False] * 30 + [True] * 30, [True] * 30 + [False] * 30, 0.05)
    assert 0 < got.apply(0.1) < 0.1
    assert 0.9 < got.apply(0.9) < 1
    assert got.apply(0.1) < got.threshold < got.apply(0.9)


def test_confidences_turned_upside_down_never_change_places():
    confidences = [n / 100 for n in range(1, 100)]
    got = fit(
        confidences, [one < 0.5 for one in confidences], [one >= 0.5 for one in confidences], 0.1
    )
    assert got.slope > 0
    said = [got.apply(one) for one in confidences]
    assert said == sorted(said)


@given(st.lists(SHARES, min_size=1, max_size=40), st.lists(SHARES, max_size=10), st.floats(0, 0.9))
def test_the_threshold_is_the_lowest_that_keeps_the_rate(unanswerable, others, rate):
    got = lowest_threshold(unanswerable, others, rate)
    assert sum(one >= got for one in unanswerable) <= rate * len(unanswerable) + 1e-6
    # Any lower threshold that changes anything answers too many.
    lower = [one for one in (*unanswerable, *others) if one < got]
    if lower:
        assert sum(one >= max(lower) for one in unanswerable) > rate * len(unanswerable) - 1e-6


@pytest.mark.parametrize("rate", [0.01, 0.05, 0.2, 0.5])
def test_at_most_the_rate_of_the_unanswerable_is_answered(rate):
    confidences, right = drawn(1.0, 0.0, count=500)
    silent = [not one for one in right]
    got = fit(confidences, right, silent, rate)
    answered = [got.answers(c) for c, no in zip(confidences, silent, strict=True) if no]
    assert rate - 2 / len(answered) <= sum(answered) / len(answered) <= rate
    assert (got.false_answers, got.questions, got.made) == (rate, 500, False)


def test_the_order_of_questions_does_not_matter():
    confidences, right = drawn(0.7, 0.3, count=200)
    silent = [not one for one in right]
    one = fit(confidences, right, silent, 0.05)
    other = fit(confidences[::-1], right[::-1], silent[::-1], 0.05)
    assert other.threshold == pytest.approx(one.threshold)
    assert (other.slope, other.offset) == pytest.approx((one.slope, one.offset))
    assert one == fit(confidences, right, silent, 0.05)


def test_too_few_are_refused():
    with pytest.raises(ValueError, match="too few"):
        fit([0.5] * FEWEST, [False] * FEWEST, [True] * (FEWEST - 1) + [False], 0.05)
    with pytest.raises(ValueError, match="length"):
        fit([0.5] * 40, [False] * 39, [True] * 40, 0.05)


@given(SHARES, SHARES, st.floats(0.05, 5), st.floats(-5, 5))
def test_applying_keeps_order_and_stays_a_probability(one, other, slope, offset):
    calibration = Calibration(slope, offset, 0.5, 0.05, 9, made=False)
    low, high = sorted((one, other))
    assert 0 <= calibration.apply(low) <= calibration.apply(high) <= 1
    assert calibration.apply(0.0) == 0.0


def test_as_shipped_confidences_stay_as_they_are():
    identity = Calibration(1.0, 0.0, 0.3, 0.05, 0, made=False)
    for one in (0.001, 0.3, 0.5, 0.999):
        assert identity.apply(one) == pytest.approx(one)
    assert (logit(0.5), sigmoid(0.0)) == (0.0, 0.5)
    assert sigmoid(-800) == pytest.approx(0) and sigmoid(800) == pytest.approx(1)
