"""A deep verification names every way in which an index differs from the database."""

from __future__ import annotations

import sqlite3

import numpy as np
import pytest

from embeddings.vector_files import write_main
from qa.library import Library
from qa.records import Document
from qa.term_state import State
from tests.fakes import FakeEncoder, change_terms

ENCODER = FakeEncoder()


@pytest.fixture
def library(tmp_path):
    with Library.open(tmp_path / "library", ENCODER) as opened:
        opened.add(
            [
                Document.from_text(f"工会驿站第{n}号今天开放。", path=f"{n}", title="通知")
                for n in range(1, 21)
            ]
        )
        opened.remove(["3", "20"])
        yield opened


def wrong(library):
    return library.verify(deep=True).indexes


def vector_file(library):
    library.optimize()
    return library._indexes.vector_file


def rewrite(library, change):
    """Write the vector file again, its ids and vectors changed."""
    file = vector_file(library)
    [(ids, rows)] = library._store.vectors_after(0)
    ids, rows = change(ids, rows.copy())
    write_main(file, lambda: [(ids, rows)], ENCODER.dimensions)


def test_a_sound_library_is_sound_whatever_was_done_to_it(library):
    assert wrong(library) == ()
    library.optimize(anew=True)
    library.add([Document.from_text("骑手之家揭牌。", path="new")])
    library.remove(["5"])
    report = library.verify(deep=True)
    assert (report.documents, report.passages, report.problems, report.indexes) == (18, 18, (), ())


def test_an_empty_library_is_sound(tmp_path):
    with Library.open(tmp_path, ENCODER) as empty:
        assert wrong(empty) == ()
        empty.optimize()
        assert wrong(empty) == ()


def test_progress_tells_of_documents_and_then_of_passages(library):
    calls = []
    library.verify(lambda done, total: calls.append((done, total)), deep=True)
    assert calls[:18] == [(n, 18) for n in range(1, 19)]
    assert calls[18:] == [(18, 18)]


def test_without_deep_the_indexes_are_not_looked_at(library):
    terms = library._indexes.terms
    change_terms(terms, [5], [])
    assert library.verify().indexes == ()


def test_what_the_term_index_lacks_or_has_too_much_or_twice_is_told(library):
    terms, store = library._indexes.terms, library._store
    entry = library._indexes.entry(library._store.passages_of(7)[0], library._store.title(7))
    change_terms(terms, [5], [entry])  # 5 is out, 7 is there twice
    with store.writing() as writing:
        writing.remove(9)
    terms.complete(store.generation)
    assert wrong(library) == (
        "missing in the term index: 1 (passages 5)",
        "in the term index and not in the database: 1 (passages 9)",
        "more than once in the term index: 1 (passages 7)",
        "not found by all of their words: 1 (passages 5)",
    )


def test_terms_that_would_be_cut_otherwise_now_are_told(library):
    other = library._indexes.entry(library._store.passages_of(8)[0], "别的标题")
    change_terms(library._indexes.terms, [8], [other])
    assert wrong(library) == ("not found by all of their words: 1 (passages 8)",)


def test_an_index_of_another_generation_is_told(library):
    folder = library.folder / "terms"
    state = State.read(folder)
    State(state.fingerprint, state.generation + 5, state.part).write(folder)
    now = state.generation
    assert wrong(library)[0] == (
        f"the term index is of generation {now + 5}, the database of {now}"
    )


def test_many_of_a_kind_are_counted_and_five_are_named(library):
    change_terms(library._indexes.terms, range(1, 15), [])
    assert wrong(library)[0] == ("missing in the term index: 13 (passages 1, 2, 4, 5, 6, …)")


def test_vectors_that_are_missing_are_told(library):
    rewrite(library, lambda ids, rows: (np.delete(ids, 4), np.delete(rows, 4, axis=0)))
    assert wrong(library) == ("missing in the vector file: 1 (passages 6)",)


def test_vectors_of_another_passage_are_told(library):
    def swap(ids, rows):
        rows[[0, 1]] = -rows[[0, 1]]
        return ids, rows

    rewrite(library, swap)
    assert wrong(library) == ("another vector in the vector file: 2 (passages 1, 2)",)


def test_vectors_of_what_never_was_are_told_but_not_of_what_was_removed(library):
    def more(ids, rows):
        ids = np.append(ids, [20, 77])
        return ids, np.vstack([rows, rows[:2]])

    rewrite(library, more)
    assert wrong(library) == ("in the vector file and not in the database: 1 (passages 77)",)


def test_compressed_vectors_count_as_the_same(library, monkeypatch):
    monkeypatch.setattr("embeddings.vector_files.FLAT_LIMIT", 5)
    assert vector_file(library).exists()
    assert wrong(library) == ()
    rewrite(library, lambda ids, rows: (ids, np.roll(rows, 1, axis=1)))
    [line] = wrong(library)
    assert line.startswith("another vector in the vector file: 18 ")


def test_anew_mends_whatever_it_was(library):
    rewrite(library, lambda ids, rows: (ids[3:], -rows[3:]))
    change_terms(library._indexes.terms, range(1, 10), [])
    assert len(wrong(library)) == 4
    library.optimize(anew=True)
    assert wrong(library) == ()


def test_the_database_is_looked_through_as_sqlite_does_it(library):
    seen = []
    library._store._connection.set_trace_callback(seen.append)
    library.verify(deep=True)
    assert any("integrity_check" in sql for sql in seen)
    assert isinstance(library._store._connection, sqlite3.Connection)
