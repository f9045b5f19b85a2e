"""The user's words change without a rebuild: only what holds them is cut again, vectors stay."""

from __future__ import annotations

import json
import logging
import os

import pytest
from filelock import FileLock

from embeddings.words import cutter
from qa import work
from qa.library import Library
from qa.records import Document
from qa.store import Store
from qa.terms import TermIndex
from tests.fakes import FakeEncoder

# 虔能杯 and 骑手小站 are in no dictionary; the last holds one in its title alone.
TEXTS = {
    "甲": "枫林县举办虔能杯竞赛。",
    "乙": "楓林縣的虔能盃改期。",
    "丙": "工会驿站全年开放。",
    "丁": "区里新开了骑手小站。",
    "戊": "活动照常举行。",
}
TITLES = {"戊": "虔能杯通知"}


def documents():
    return [
        Document.from_text(text, path=name, title=TITLES.get(name)) for name, text in TEXTS.items()
    ]


@pytest.fixture
def folder(tmp_path, encoder):
    with Library.open(tmp_path / "library", encoder) as library:
        library.add(documents())
    return tmp_path / "library"


@pytest.fixture
def cut(monkeypatch):
    """The ids of documents that are cut, as they are."""
    found = []
    real = work.cut_again

    def noting(one, maker):
        found.append(one.document_id)
        return real(one, maker)

    monkeypatch.setattr(work, "cut_again", noting)
    return found


def frequencies(folder, words, *terms):
    index = TermIndex.open(folder / "terms", cutter(user_words=words).fingerprint)
    return [index.frequency("words", term) + index.frequency("title", term) for term in terms]


def names(folder, ids):
    store = Store.open(folder / "library.db")
    try:
        return "".join(key.path for key in store.document_keys() if key.document_id in ids)
    finally:
        store.close()


def vectors(folder):
    store = Store.open(folder / "library.db")
    try:
        return [(ids.tolist(), rows.tobytes()) for ids, rows in store.vectors_after(0)]
    finally:
        store.close()


def same_as_made_anew(folder, words, tmp_path, encoder):
    """Every term of the library is as in one that was made with these words at once."""
    with Library.open(tmp_path / "anew", encoder, words=words) as library:
        library.add(documents())
    terms = {term for text in (*TEXTS.values(), *TITLES.values()) for term in
             (*cutter().words(text), *cutter(user_words=words).words(text))}  # fmt: skip
    assert frequencies(folder, words, *sorted(terms)) == frequencies(
        tmp_path / "anew", words, *sorted(terms)
    )


def test_a_new_word_recuts_just_what_holds_it(folder, encoder, cut, tmp_path):
    before = vectors(folder)
    with Library.open(folder, encoder, words=["虔能杯"]) as library:
        assert library.words == ("虔能杯",)
        assert names(folder, cut) == "甲乙戊"  # in either script, and in a title
        assert library.verify().problems == ()
    assert vectors(folder) == before
    assert frequencies(folder, ["虔能杯"], "虔能杯") == [3]
    same_as_made_anew(folder, ["虔能杯"], tmp_path, encoder)


def test_words_are_found_whatever_their_script_and_width(folder, encoder, cut):
    with Library.open(folder, encoder, words=["騎手小站"]) as library:
        assert names(folder, cut) == "丁"
        assert library.words == ("骑手小站",)


def test_a_word_taken_out_recuts_what_holds_it_and_the_others_stay(folder, encoder, cut, tmp_path):
    Library.open(folder, encoder, words=["虔能杯", "骑手小站"]).close()
    cut.clear()
    Library.open(folder, encoder, words=["虔能杯"]).close()
    assert names(folder, cut) == "丁"
    same_as_made_anew(folder, ["虔能杯"], tmp_path, encoder)
    Library.open(folder, encoder, words=[]).close()
    assert frequencies(folder, [], "虔能杯") == [0]


def test_a_word_that_stands_nowhere_and_the_same_words_again_cut_nothing(folder, encoder, cut):
    Library.open(folder, encoder, words=["无人驿马"]).close()
    stamp = TermIndex.stamp(folder / "terms")
    with Library.open(folder, encoder, words=["无人驿马", "無人驛馬 "]) as library:
        assert library.search("工会驿站")
    assert cut == []
    assert TermIndex.stamp(folder / "terms") == stamp


def test_without_words_the_library_keeps_its_own(folder, encoder):
    Library.open(folder, encoder, words=["虔能杯"]).close()
    with Library.open(folder, encoder) as library:
        assert library.words == ("虔能杯",)
        library.add(Document.from_text("又一届虔能杯。", path="己"))
    assert frequencies(folder, ["虔能杯"], "虔能杯") == [4]


def test_a_changed_file_takes_effect_at_the_next_question(folder, encoder, tmp_path, cut):
    file = tmp_path / "words.txt"
    file.write_text("虔能杯", encoding="utf-8")
    with Library.open(folder, encoder, words=file) as library:
        assert library.words == ("虔能杯",)
        cut.clear()
        file.write_text("虔能杯\n骑手小站\n", encoding="utf-8")
        os.utime(file, (1, 1))
        assert library.search("骑手小站")
        assert library.words == ("虔能杯", "骑手小站")
        assert names(folder, cut) == "丁"


def test_two_with_other_words_do_not_undo_each_other_at_every_question(folder, encoder, cut):
    with (
        Library.open(folder, encoder, words=["虔能杯"]) as one,
        Library.open(folder, encoder, words=["骑手小站"]) as other,
    ):
        cut.clear()
        for _ in range(3):
            assert one.search("虔能杯竞赛")[0].document.path == "甲"
            assert other.search("骑手小站")[0].document.path == "丁"
        assert one.words == other.words == ("骑手小站",)
    assert cut == []


def test_while_another_writes_the_old_words_hold_and_then_the_new(folder, encoder, caplog):
    lock = FileLock(folder / "write.lock")  # another process would hold it so
    with lock, caplog.at_level(logging.INFO):
        library = Library.open(folder, encoder, words=["虔能杯"])
        assert (library.words, library.words_wait) == ((), True)
        assert "own words wait" in caplog.text
    with library:
        assert library.search("虔能杯")
        assert library.words == ("虔能杯",)
        assert not library.words_wait


def test_where_the_lock_cannot_be_had_the_library_answers_with_the_words_it_has(folder, encoder):
    (folder / "write.lock").unlink(missing_ok=True)
    (folder / "write.lock").mkdir()
    with Library.open(folder, encoder, words=["虔能杯"]) as library:
        assert (library.words, library.words_wait) == ((), True)
        assert library.search("虔能杯竞赛")[0].document.path == "甲"
        (folder / "write.lock").rmdir()
        assert library.search("虔能杯竞赛")[0].document.path == "甲"
        assert (library.words, library.words_wait) == (("虔能杯",), False)


def test_an_older_library_that_cannot_be_written_is_read_with_the_words_given(tmp_path, encoder):
    folder = tmp_path / "library"
    with Library.open(folder, encoder, words=["虔能杯"]) as library:
        library.add(documents())
    as_an_older_version_made_it(folder, ["虔能杯"])
    (folder / "write.lock").unlink(missing_ok=True)
    (folder / "write.lock").mkdir()
    with Library.open(folder, encoder, words=["虔能杯"]) as library:
        assert library.status().terms == 5
        assert library.words == ("虔能杯",)


def test_a_change_that_was_cut_off_is_finished_by_the_next_to_come(folder, encoder, monkeypatch):
    def broken(one, maker):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(work, "cut_again", broken)
        with pytest.raises(KeyboardInterrupt):
            Library.open(folder, encoder, words=["虔能杯"])
    assert TermIndex.open(folder / "terms", cutter().fingerprint).size == 5  # as it was
    with Library.open(folder, encoder) as library:
        assert library.words == ("虔能杯",)
    assert frequencies(folder, ["虔能杯"], "虔能杯") == [3]


def as_an_older_version_made_it(folder, words):
    """Record the digest of the words in place of themselves, as before."""
    digest = cutter(user_words=words).fingerprint
    store = Store.open(folder / "library.db")
    with store.writing() as writing:
        writing.set("words", digest)
        writing._connection.execute("DELETE FROM setting WHERE name LIKE 'dictionary%'")
    generation = store.generation
    store.close()
    state = folder / "terms" / "state.json"
    content = json.loads(state.read_text(encoding="utf-8"))
    state.write_text(json.dumps({**content, "generation": generation}), encoding="utf-8")


@pytest.mark.parametrize(("words", "recut"), [(["虔能杯"], ""), (["骑手小站"], "甲乙丙丁戊")])
def test_an_older_library_with_a_digest_only(tmp_path, encoder, cut, words, recut):
    folder = tmp_path / "library"
    with Library.open(folder, encoder, words=["虔能杯"]) as library:
        library.add(documents())
    as_an_older_version_made_it(folder, ["虔能杯"])
    cut.clear()
    with Library.open(folder, encoder, words=words) as library:
        assert names(folder, cut) == recut
        assert library.words == tuple(words)
        assert library.status().terms == 5
    same_as_made_anew(folder, words, tmp_path, encoder)


def test_a_backup_keeps_the_words(folder, encoder, tmp_path):
    from qa.backups import restore

    with Library.open(folder, encoder, words=["虔能杯"]) as library:
        library.backup(tmp_path / "b.qabackup")
    restore(tmp_path / "b.qabackup", tmp_path / "again")
    with Library.open(tmp_path / "again", FakeEncoder()) as library:
        assert library.words == ("虔能杯",)
        assert library.status().terms == 5


def test_of_many_words_just_those_that_stand_there_count(folder, encoder, cut):
    many = [f"{chr(0x4E00 + n)}{chr(0x5E00 + n)}{chr(0x6E00 + n)}" for n in range(300)]
    Library.open(folder, encoder, words=[*many, "骑手小站", "杯"]).close()
    assert names(folder, cut) == "甲乙丁戊"
