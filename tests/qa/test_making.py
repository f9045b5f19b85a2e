"""What a library was made with is recorded, and compared."""

from __future__ import annotations

from dataclasses import replace

import pytest

from qa.errors import LibraryOutdated
from qa.making import Making, is_recorded
from qa.store import Store
from tests.fakes import FakeEncoder

ENCODER = FakeEncoder()


@pytest.fixture
def store(tmp_path):
    opened = Store.open(tmp_path / "library.db")
    yield opened
    opened.close()


def record(store, making):
    with store.writing() as writing:
        making.record(writing)


def test_what_was_recorded_agrees_with_itself(store, tmp_path):
    making = Making.of(ENCODER)
    assert not is_recorded(store)
    record(store, making)
    assert is_recorded(store)
    making.check(store, tmp_path)


@pytest.mark.parametrize(
    ("other", "says"),
    [
        (Making.of(FakeEncoder("other")), "encoder fake, this is other"),
        (Making.of(FakeEncoder(dimensions=32)), "another version of the encoder fake"),
        (replace(Making.of(ENCODER), words="0"), "words 1, this is 0"),
    ],
)
def test_a_difference_is_named_with_the_remedy(store, tmp_path, other, says):
    record(store, Making.of(ENCODER))
    with pytest.raises(LibraryOutdated, match="qa rebuild") as caught:
        other.check(store, tmp_path)
    assert says in str(caught.value)
    assert caught.value.folder == tmp_path


def test_a_making_recorded_anew_replaces_the_old(store, tmp_path):
    record(store, Making.of(ENCODER))
    newer = Making.of(FakeEncoder("other", 32))
    record(store, newer)
    newer.check(store, tmp_path)
