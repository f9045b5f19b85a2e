"""The doctor finds every kind of damage that is done behind a library's back."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing

import pytest

from embeddings.words import cutter, fold
from qa.doctor import examine
from qa.library import Library
from qa.records import Document
from qa.terms import TermIndex
from tests.fakes import FakeEncoder, change_terms, delete_folder

NAMES = {
    "doctor_database", "doctor_encoder", "doctor_indexes", "doctor_quotes",
    "doctor_word", "doctor_name", "doctor_traditional", "doctor_simplified", "doctor_everyday",
}  # fmt: skip


@pytest.fixture
def damaged(sample_library, tmp_path):
    """Give a function that runs SQL on a copy of the sample library and examines it."""
    folder = tmp_path / "library"
    shutil.copytree(sample_library.folder, folder)

    def examined(*statements, before=lambda folder: None):
        with closing(sqlite3.connect(folder / "library.db")) as database:
            for statement in statements:
                database.execute(statement)
            database.commit()
        before(folder)
        with Library.open(folder, FakeEncoder(), create=False) as library:
            return {check.name: check for check in examine(library)}

    return examined


def failed(checks):
    return {name for name, check in checks.items() if check.passed is False}


def test_a_sound_library_passes_and_says_what_was_tried(damaged):
    checks = damaged()
    assert set(checks) == NAMES
    assert {name: check.passed for name, check in checks.items()} == dict.fromkeys(NAMES, True)
    words = checks["doctor_word"].values["terms"]
    assert len(words) == 3
    assert all(len(word) == 2 for word in words)


def test_the_unknown_names_are_what_the_dictionary_cuts_to_pieces(damaged, sample_library):
    names = damaged()["doctor_name"].values["terms"]
    lines = [line for one in sample_library.documents() for line in fold(one.text).split("\n")]
    words = {word for line in lines for word in cutter().plain(line)}
    assert names
    for name in names:
        assert 2 <= len(name) <= 4
        assert any(name in line for line in lines)
        assert name not in words


def test_an_empty_library_has_nothing_to_try_and_nothing_wrong(tmp_path):
    with Library.open(tmp_path / "library", FakeEncoder()) as library:
        checks = examine(library)
    assert not [check.name for check in checks if check.passed is False]
    passed = {"doctor_database", "doctor_indexes", "doctor_everyday"}
    assert {check.name for check in checks if check.passed} == passed


def test_a_library_in_one_script_leaves_the_other_direction_out(tmp_path):
    with Library.open(tmp_path / "library", FakeEncoder()) as library:
        library.add([Document.from_text("全市职工会员服务中心建成。", path="甲", title="甲")])
        checks = {check.name: check.passed for check in examine(library)}
    assert checks["doctor_traditional"] is True
    assert checks["doctor_simplified"] is None


def test_passages_deleted_from_the_database(damaged):
    checks = damaged("DELETE FROM passage WHERE id % 3 = 0")
    assert "doctor_indexes" in failed(checks)


def test_documents_deleted_from_the_database_leave_orphans(damaged):
    checks = damaged("PRAGMA foreign_keys = OFF", "DELETE FROM document WHERE id = 1")
    assert "doctor_indexes" in failed(checks)
    assert checks["doctor_indexes"].detail == "orphans"
    assert checks["doctor_indexes"].values["count"] > 0


def test_passages_that_moved(damaged):
    checks = damaged('UPDATE passage SET start = start + 1, "end" = "end" + 1 WHERE id = 5')
    assert failed(checks) == {"doctor_quotes"}
    assert checks["doctor_quotes"].values == {"count": 1, "ids": [5]}


def test_documents_whose_text_was_changed(damaged):
    checks = damaged("UPDATE document SET text = '改' || text WHERE id = 2")
    assert "doctor_quotes" in failed(checks)


def test_vectors_that_are_not_the_encoders(damaged):
    checks = damaged("UPDATE passage SET vector = zeroblob(length(vector))")
    assert "doctor_encoder" in failed(checks)
    assert checks["doctor_encoder"].detail == "vectors_differ"


def test_terms_taken_out_of_the_index(damaged):
    def forget(folder):
        terms = TermIndex.open(folder / "terms", cutter().fingerprint)
        change_terms(terms, range(1, 8), [])

    assert "doctor_indexes" in failed(damaged(before=forget))


def test_an_emptied_term_index_that_says_it_is_complete(damaged):
    def empty(folder):
        terms = TermIndex.open(folder / "terms", cutter().fingerprint)
        generation = terms.generation
        change_terms(terms, range(1, 1_000), [])
        terms.complete(generation)

    checks = damaged(before=empty)
    assert "doctor_indexes" in failed(checks)
    assert checks["doctor_indexes"].values["terms"] == 0


def test_a_deleted_index_is_made_again_and_is_no_fault(damaged):
    checks = damaged(before=lambda folder: delete_folder(folder / "terms"))
    assert failed(checks) == set()


def test_own_words_and_synonyms_are_told_where_there_are_any(tmp_path, sample):
    with Library.open(tmp_path, FakeEncoder(), words=["虔能杯"], synonyms=["甲, 乙"]) as library:
        library.add(Document.from_text("工会驿站全年开放。", path="a"))
        [own] = [one for one in examine(library) if one.name == "doctor_own"]
        assert (own.passed, own.values) == (True, {"words": 1, "lines": 1})
    (tmp_path / "write.lock").unlink(missing_ok=True)
    (tmp_path / "write.lock").mkdir()
    with Library.open(tmp_path, FakeEncoder(), words=["骑手小站"]) as library:
        [own] = [one for one in examine(library) if one.name == "doctor_own"]
        assert (own.passed, own.detail) == (None, "own_waiting")
