"""A question that a rebuild overtakes: all ids it was given are gone, and it looks again."""

from __future__ import annotations

import pytest

from qa.library import Library
from qa.records import Document
from tests.fakes import FakeEncoder


@pytest.fixture
def library(tmp_path):
    with Library.open(tmp_path / "library", FakeEncoder()) as library:
        library.add([Document.from_text(f"工会驿站第{n}号。", path=f"{n}") for n in range(5)])
        yield library


def test_what_was_rebuilt_between_the_indexes_and_the_store_is_found(
    library, tmp_path, monkeypatch
):
    before = {hit.passage.id for hit in library.search("工会驿站")}
    indexes = library._indexes
    real, calls = indexes.candidates, []

    def overtaken(*given, **named):
        numbers = real(*given, **named)
        calls.append(len(numbers))
        if len(calls) == 1:
            Library.rebuild(tmp_path / "library", FakeEncoder())
        return numbers

    monkeypatch.setattr(indexes, "candidates", overtaken)
    after = {hit.passage.id for hit in library.search("工会驿站")}
    assert len(calls) == 2
    assert len(after) == len(before) == 5
    assert not after & before


def test_an_empty_library_is_not_waited_for(tmp_path, monkeypatch):
    monkeypatch.setattr("qa.asking.sleep", lambda _: pytest.fail("it waited"))
    with Library.open(tmp_path / "library", FakeEncoder()) as library:
        assert library.search("工会驿站") == []
