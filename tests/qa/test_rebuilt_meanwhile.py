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
    assert len(calls) == 3  # found by the second look, and asked again when all was done
    assert len(after) == len(before) == 5
    assert not after & before


@pytest.mark.parametrize("way", ["search", "ask"])
def test_what_was_rebuilt_between_its_passage_and_its_document_is_found(
    library, tmp_path, monkeypatch, way
):
    store, calls = library._store, []
    real = store.document

    def overtaken(number):
        calls.append(number)
        if len(calls) == 1:
            Library.rebuild(tmp_path / "library", FakeEncoder())
        return real(number)

    monkeypatch.setattr(store, "document", overtaken)
    if way == "search":
        assert len(library.search("工会驿站")) == 5
    else:
        answer = library.ask("工会驿站第3号")
        assert next(one.document.path for one in (*answer.citations, *answer.closest)) == "3"
    assert calls[0] not in calls[1:]


def test_what_was_brought_up_to_date_meanwhile_is_found_as_it_is_now(library, monkeypatch):
    store, calls = library._store, []
    real = store.document

    def overtaken(number):
        calls.append(number)
        if len(calls) == 1:
            library.add(Document.from_text("工会驿站第3号搬走了。", path="3"))
        return real(number)

    monkeypatch.setattr(store, "document", overtaken)
    hits = library.search("工会驿站第3号")
    assert len(hits) == 5
    assert "工会驿站第3号搬走了。" in [hit.passage.text for hit in hits]


def test_a_question_that_is_overtaken_again_and_again_gives_what_it_has(library, monkeypatch):
    library.add(Document.from_text("骑手之家揭牌。", path="骑手之家"))
    store, calls = library._store, []
    real = store.candidates

    def overtaken(numbers):
        calls.append(numbers)
        library.add(Document.from_text(f"骑手之家第{len(calls)}次。", path="骑手之家"))
        return real(numbers)

    monkeypatch.setattr(store, "candidates", overtaken)
    assert len(library.search("工会驿站")) >= 5
    assert len(calls) == 4


def test_a_question_during_which_something_is_only_added_is_asked_once(library, monkeypatch):
    store, calls = library._store, []
    real = store.candidates

    def overtaken(numbers):
        calls.append(numbers)
        library.add(Document.from_text(f"骑手之家第{len(calls)}次。", path=f"骑手之家{calls}"))
        return real(numbers)

    monkeypatch.setattr(store, "candidates", overtaken)
    library.search("工会驿站")
    assert len(calls) == 1


def test_an_empty_library_is_not_waited_for(tmp_path, monkeypatch):
    monkeypatch.setattr("qa.asking.sleep", lambda _: pytest.fail("it waited"))
    with Library.open(tmp_path / "library", FakeEncoder()) as library:
        assert library.search("工会驿站") == []
