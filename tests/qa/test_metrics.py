"""The measures, against slow and plain computations and figures worked out by hand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.metrics import Bin, Ranking, auroc, calibration, calibration_error, percentile, recall

# Few different values, so that ties are common.
CONFIDENCES = st.lists(st.sampled_from([0.0, 0.1, 0.25, 0.3, 0.5, 0.999, 1.0]), max_size=12)


@given(CONFIDENCES, CONFIDENCES)
def test_auroc_is_the_share_of_pairs_in_the_right_order(positive, negative):
    pairs = [(p, n) for p in positive for n in negative]
    won = sum(1.0 if p > n else 0.5 if p == n else 0.0 for p, n in pairs)
    assert auroc(positive, negative) == (won / len(pairs) if pairs else None)


@pytest.mark.parametrize(
    ("positive", "negative", "area"),
    [([1.0], [0.0], 1.0), ([0.0], [1.0], 0.0), ([0.3] * 7, [0.3] * 3, 0.5), ([], [1.0], None),
     ([1.0], [], None), ([0.1 + 0.2], [0.3], 1.0)],
)  # fmt: skip
def test_auroc_at_its_ends(positive, negative, area):
    assert auroc(positive, negative) == area


def test_confidences_fall_into_ten_bins_and_a_certain_one_into_the_last():
    judged = [(0.0, False), (0.05, True), (0.1, False), (0.99, True), (1.0, False)]
    bins = calibration(judged)
    assert [one.questions for one in bins] == [2, 1, 0, 0, 0, 0, 0, 0, 0, 2]
    assert bins[0] == Bin(0.0, 0.1, 2, 0.025, 0.5)
    assert bins[1].low == 0.1
    assert bins[2] == Bin(0.2, 0.3, 0, None, None)
    assert bins[9] == Bin(0.9, 1.0, 2, pytest.approx(0.995), 0.5)
    # 2/5 · |0.025 - 0.5| + 1/5 · |0.1 - 0| + 2/5 · |0.995 - 0.5|
    assert calibration_error(bins) == pytest.approx(0.19 + 0.02 + 0.198)


def test_a_calibrated_confidence_has_no_error_and_nothing_has_none():
    assert calibration_error(calibration([(0.75, True)] * 3 + [(0.75, False)])) == 0.0
    assert calibration_error(calibration([])) is None


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans())))
def test_every_question_is_in_one_bin_that_holds_its_confidence(judged):
    bins = calibration(judged)
    assert sum(one.questions for one in bins) == len(judged)
    for one in bins:
        if one.confidence is not None:
            assert one.low - 1e-9 <= one.confidence <= one.high + 1e-9


@pytest.mark.parametrize(
    ("count", "percent", "value"), [(1, 99, 1), (50, 99, 50), (100, 99, 99), (200, 99, 198),
                                    (4, 50, 2), (3, 0, 1)],
)  # fmt: skip
def test_percentiles_are_values_that_were_measured(count, percent, value):
    assert percentile([float(n) for n in range(count, 0, -1)], percent) == value


def test_a_place_of_nought_is_no_place():
    assert recall([0, 0], 5) == 0.0
    got = Ranking.of([1, 2, 4, 0], [3.0, 1.0, 2.0, 10.0])
    assert (got.recall_at_1, got.recall_at_3, got.recall_at_5) == (0.25, 0.5, 0.75)
    assert got.mrr_at_10 == pytest.approx((1 + 1 / 2 + 1 / 4 + 0) / 4)
    assert (got.median_ms, got.p99_ms) == (2.5, 10.0)


def test_of_nothing_there_are_no_figures():
    assert Ranking.of([], []) == Ranking(None, None, None, None, None, None)
