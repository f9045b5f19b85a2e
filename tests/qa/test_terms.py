"""The term index scores by BM25, forgets what is removed, and notices what its files lack."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from math import log
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from embeddings.words import bigrams, cutter, fold
from qa import terms
from qa.errors import IndexDamaged
from qa.term_making import TermEntry, TermMaker, Terms
from qa.terms import FIELDS, TermIndex, WeightedTerm
from tests.fakes import change_terms, put_in_place

K1, B = 1.2, 0.75


def an_entry(number, *words, document=None, **fields):
    return TermEntry(
        number,
        number if document is None else document,
        joined(words, *(fields.get(name, ()) for name in ("bigrams", "title", "heading"))),
    )


def joined(*fields):
    return Terms(*map(" ".join, fields))


def bm25(entries, asked):
    """Weighted BM25 by the book (Robertson and Zaragoza 2009, with Lucene's 1 + in the idf)."""
    scores = Counter()
    for one in asked:
        texts = {e.passage_id: getattr(e.terms, one.field).split() for e in entries}
        average = sum(len(text) for text in texts.values()) / len(texts)
        holding = sum(one.term in text for text in texts.values())
        idf = log(1 + (len(texts) - holding + 0.5) / (holding + 0.5))
        for number, text in texts.items():
            count = text.count(one.term)
            if count:
                norm = K1 * (1 - B + B * len(text) / average)
                scores[number] += one.weight * idf * (K1 + 1) * count / (count + norm)
    return sorted(scores.items(), key=lambda pair: (-pair[1], pair[0]))


@pytest.fixture
def index(tmp_path):
    return TermIndex.open_for_writing(tmp_path / "terms", "words-1")


TERM = st.sampled_from(["工会", "驿站", "县级", "gpt-4", "𠮷", "4"])
LIST = st.lists(TERM, max_size=8)


@settings(max_examples=15)
@given(
    contents=st.lists(st.tuples(LIST, LIST, LIST), min_size=1, max_size=12),
    asked=st.lists(
        st.tuples(st.sampled_from(FIELDS), TERM, st.floats(0.1, 3)),
        max_size=6,
        unique_by=lambda t: t[:2],
    ),
)
def test_scores_are_those_of_bm25(tmp_path_factory, contents, asked):
    index = TermIndex.open_for_writing(tmp_path_factory.mktemp("terms"), "words-1")
    entries = [
        TermEntry(number, number, joined(words, pairs, title, title[:2]))
        for number, (words, pairs, title) in enumerate(contents, start=1)
    ]
    change_terms(index, [], entries)
    wanted = [WeightedTerm(*one) for one in asked]
    found, expected = index.search(wanted, 99), bm25(entries, wanted)
    assert dict(found) == pytest.approx(dict(expected), rel=1e-4)
    assert found == sorted(found, key=lambda pair: (-pair[1], pair[0]))
    for field in FIELDS:
        for term in ("工会", "4"):
            count = sum(term in getattr(one.terms, field).split() for one in entries)
            assert index.frequency(field, term) == count


def test_best_come_first_and_ties_by_id(index):
    change_terms(index, [], [an_entry(n, "工会", "驿站") for n in (5, 3, 9)])
    change_terms(index, [], [an_entry(11, "工会", "工会")])
    found = index.search([WeightedTerm("words", "工会", 1.0)], 9)
    assert [number for number, _ in found] == [11, 3, 5, 9]


@pytest.mark.parametrize("k", [0, -1])
def test_asking_for_none_gives_none(index, k):
    change_terms(index, [], [an_entry(1, "工会")])
    assert index.search([WeightedTerm("words", "工会", 1.0)], k) == []


def test_asking_for_more_than_there_are_gives_all(index):
    change_terms(index, [], [an_entry(n, "工会") for n in range(1, 4)])
    assert len(index.search([WeightedTerm("words", "工会", 1.0)], 10**12)) == 3


def test_an_empty_index_or_question_finds_nothing(index):
    asked = [WeightedTerm("words", "工会", 1.0)]
    assert index.search(asked, 5) == []
    assert (index.size, index.frequency("words", "工会")) == (0, 0)
    change_terms(index, [], [an_entry(1, "工会")])
    assert index.search([], 5) == []
    assert index.search([WeightedTerm("words", "驿站", 1.0)], 5) == []


def test_a_removed_document_is_neither_found_nor_counted(index):
    change_terms(index, [], [an_entry(n, "工会", document=n // 2) for n in range(2, 12)])
    change_terms(index, [2, 99], [])
    found = {number for number, _ in index.search([WeightedTerm("words", "工会", 1.0)], 99)}
    assert found == set(range(2, 12)) - {4, 5}
    assert index.size == 8
    assert index.frequency("words", "工会") == 8


def test_a_document_put_in_again_replaces_itself(index):
    change_terms(index, [], [an_entry(1, "工会", document=7), an_entry(2, "驿站", document=7)])
    change_terms(index, [7], [an_entry(3, "驿站", document=7)])
    assert index.search([WeightedTerm("words", "工会", 1.0)], 9) == []
    assert [n for n, _ in index.search([WeightedTerm("words", "驿站", 1.0)], 9)] == [3]
    assert index.size == 1


def test_frequent_terms_are_estimated_while_removed_passages_linger(index, monkeypatch):
    monkeypatch.setattr("qa.term_frequencies._COUNTED", 10)
    change_terms(index, [], [an_entry(n, "工会", *["驿站"] * (n % 10 == 0)) for n in range(1, 101)])
    change_terms(index, range(1, 41), [])
    assert index.frequency("words", "驿站") == 6  # exact
    assert index.frequency("words", "工会") == pytest.approx(60, abs=1)


def test_long_numbers_and_large_ids_are_kept(index):
    change_terms(index, [], [TermEntry(2**53 + 1, 2**53 + 3, joined(["工会"], [], [], []))])
    assert [n for n, _ in index.search([WeightedTerm("words", "工会", 1.0)], 9)] == [2**53 + 1]
    change_terms(index, [2**53 + 3], [])
    assert index.size == 0


def test_terms_are_the_folded_words_and_pairs_of_what_is_shown():
    cut = cutter("jieba")
    made = TermMaker(cut).terms("縣級ＡＢ", title="總工會", heading="一、")
    assert made.words.split() == cut.words("县级ab")
    assert made.bigrams.split() == bigrams("县级ab") == ["县级", "ab"]
    assert made.title.split() == cut.words(fold("總工會"))
    assert made.heading.split() == cut.words("一、")


def test_a_failed_update_changes_nothing(index):
    change_terms(index, [], [an_entry(1, "工会")])

    def entries():
        yield an_entry(2, "驿站")
        raise RuntimeError("midway")

    with pytest.raises(RuntimeError, match="midway"):
        change_terms(index, [1], entries())
    assert index.size == 1
    change_terms(index, [], [an_entry(3, "工会")])
    assert [n for n, _ in index.search([WeightedTerm("words", "工会", 1.0)], 9)] == [1, 3]
    assert index.frequency("words", "驿站") == 0


def test_opening_to_search_touches_nothing_on_disk(tmp_path):
    folder = tmp_path / "terms"
    opened = TermIndex.open(folder, "words-1")
    assert (opened.generation, opened.size) == (0, 0)
    assert not folder.exists()


def filled(folder):
    index = TermIndex.open_for_writing(folder, "words-1")
    change_terms(index, [], [an_entry(n, "工会", "驿站") for n in range(1, 30)])
    change_terms(index, [3], [])
    index.complete(8)
    return index


def test_what_is_complete_is_open_again_with_its_generation(tmp_path):
    filled(tmp_path)
    again = TermIndex.open(tmp_path, "words-1")
    assert (again.generation, again.size) == (8, 28)


def test_other_words_see_an_empty_index_but_delete_nothing(tmp_path):
    filled(tmp_path)
    other = TermIndex.open(tmp_path, "words-2")
    assert (other.generation, other.size) == (0, 0)
    assert TermIndex.open(tmp_path, "words-1").size == 28
    TermIndex.open_for_writing(tmp_path, "words-2")  # a writer makes it anew
    assert TermIndex.open(tmp_path, "words-1").size == 0


def test_stamp_changes_whenever_the_index_is_completed(tmp_path):
    assert TermIndex.stamp(tmp_path) is None
    index = filled(tmp_path)
    first = TermIndex.stamp(tmp_path)
    index.complete(8)
    assert TermIndex.stamp(tmp_path) not in (None, first)


DAMAGES = {
    "gone": Path.unlink,
    "emptied": lambda file: put_in_place(file, b""),
    "cut in half": lambda file: put_in_place(file, file.read_bytes()[: file.stat().st_size // 2]),
    "overwritten": lambda file: put_in_place(file, bytes(i * 37 % 256 for i in range(999))),
}
ENDINGS = ("fast", "fieldnorm", "idx", "pos", "store", "term", "del", "meta.json", "state.json")


@pytest.fixture(scope="module")
def sound(tmp_path_factory):
    folder = tmp_path_factory.mktemp("terms") / "sound"
    filled(folder)
    return folder


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("ending", ENDINGS)
def test_a_damaged_file_gives_an_empty_index(tmp_path, sound, ending, damage):
    folder = tmp_path / "terms"
    shutil.copytree(sound, folder)
    assert TermIndex.open(folder, "words-1").size == 28
    victims = [file for file in folder.iterdir() if file.name.endswith(ending)]
    assert victims
    for file in victims:
        DAMAGES[damage](file)
    index = TermIndex.open(folder, "words-1")
    assert (index.generation, index.size) == (0, 0)


def test_a_damaged_index_is_made_anew_for_writing(tmp_path):
    filled(tmp_path)
    for file in tmp_path.glob("*.term"):
        put_in_place(file, b"")
    index = TermIndex.open_for_writing(tmp_path, "words-1")
    change_terms(index, [], [an_entry(99, "工会")])
    index.complete(1)
    assert TermIndex.open(tmp_path, "words-1").size == 1


@pytest.mark.parametrize(
    "content", ["", "[]", "{}", "7", '{"fingerprint": 3}', '{"generation": 5}']
)
def test_an_odd_state_file_means_that_nothing_is_known_to_be_in(tmp_path, content):
    filled(tmp_path)
    (tmp_path / "state.json").write_text(content, encoding="utf-8")
    assert TermIndex.open(tmp_path, "words-1").generation == 0


def test_the_state_file_is_replaced_in_one_step(tmp_path):
    filled(tmp_path)
    state = json.loads((tmp_path / "state.json").read_text(encoding="utf-8"))
    assert state == {"fingerprint": f"{terms.TERMS_VERSION}-words-1", "generation": 8, "part": ""}
    assert not (tmp_path / "state.draft").exists()


def test_documents_holding_a_term_in_any_passage_are_named(index):
    change_terms(
        index,
        [],
        [
            an_entry(1, "福建", document=7),
            an_entry(2, "驿站", document=7),
            an_entry(3, "驿站", document=8),
            an_entry(4, "福建", document=9),
        ],
    )
    asked = ["驿站", "没有", "福建"]
    assert index.documents_holding("words", asked, {7, 8, 10}) == {
        7: {"驿站", "福建"},
        8: {"驿站"},
        10: set(),
    }
    assert index.documents_holding("words", ["没有"], {7}) == {7: set()}
    assert index.documents_holding("words", [], {7}) == {7: set()}
    assert index.documents_holding("words", ["福建"], set()) == {}
    change_terms(index, [7], [])
    assert index.documents_holding("words", ["福建"], {7, 9}) == {7: set(), 9: {"福建"}}


def test_more_terms_than_one_search_tells_apart_are_told_apart(index):
    words = [f"词{n}" for n in range(50)]
    change_terms(
        index, [], [an_entry(n + 1, *words[n :: n + 1], document=n // 2 + 1) for n in range(12)]
    )
    expected = {
        number: {word for n in (2 * number - 2, 2 * number - 1) for word in words[n :: n + 1]}
        for number in range(1, 7)
    }
    assert index.documents_holding("words", words, range(1, 7)) == expected


def test_files_that_a_writer_deletes_while_the_index_is_opened_are_looked_for_anew(
    index, tmp_path, monkeypatch
):
    change_terms(index, [], [an_entry(1, "工会")])
    index.complete(1)
    search, tries = TermIndex.search, []

    def interrupted(*values):
        tries.append(values)
        if len(tries) == 1:
            raise ValueError("FileDoesNotExist")
        return search(*values)

    monkeypatch.setattr(TermIndex, "search", interrupted)
    again = TermIndex.open(tmp_path / "terms", "words-1")
    assert (again.generation, again.size) == (1, 1)


@pytest.mark.parametrize("panics", [True, False])
def test_damage_that_is_met_later_is_told_and_disowned(index, tmp_path, monkeypatch, panics):
    change_terms(index, [], [an_entry(1, "工会")])
    index.complete(1)

    class PanicException(BaseException):
        pass

    def broken(*_):
        raise (PanicException if panics else ValueError)("index out of bounds\nin a file")

    monkeypatch.setattr(index, "_query", broken)
    with pytest.raises(IndexDamaged, match="out of bounds") as caught:
        index.search([WeightedTerm("words", "工会", 1.0)], 3)
    assert "\n" not in str(caught.value)
    assert index.disowned().generation == 0
    assert TermIndex.open(tmp_path / "terms", "words-1").generation == 0
