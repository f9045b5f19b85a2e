"""Frequencies are counted where that is cheap, and estimated where many are asked for."""

from __future__ import annotations

import pytest

from qa.term_frequencies import Frequencies


@pytest.mark.parametrize(
    ("held", "size", "everything", "expected"),
    [
        (0, 90, 100, 0),
        (7, 100, 100, 7),  # nothing was removed
        (7, 90, 100, 5),  # counted
        (6_000, 9_000, 10_000, 5_400),  # estimated
        (20, 900_000, 1_000_000, 5),  # a rare one of a large index: counted
        (21, 900_000, 1_000_000, 19),
    ],
)
def test_what_is_given(held, size, everything, expected):
    found = Frequencies(lambda *_: held, lambda *_: 5, size=size, everything=everything)
    assert found.of("words", "工会") == expected


def test_each_term_is_asked_for_once_however_many_there_are():
    asked = []

    def held(field, term):
        asked.append((field, term))
        return len(term)

    found = Frequencies(held, held, size=9, everything=9)
    for _ in range(3):
        assert found.of("words", "工会") == 2
        assert found.of("title", "工会") == 2
    assert asked == [("words", "工会"), ("title", "工会")]
    for n in range(20_000):
        found.of("words", f"{n}")
    assert found.of("words", "工会") == 2  # forgotten meanwhile, and asked for again
    assert asked.count(("words", "工会")) == 2
