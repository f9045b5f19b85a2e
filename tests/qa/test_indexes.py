"""Both indexes hold exactly what the store holds, whoever wrote it and whatever was interrupted."""

from __future__ import annotations

import errno
import shutil
from itertools import count
from pathlib import Path

import numpy as np
import pytest

from embeddings.words import cutter
from qa import bringing_up
from qa import indexes as module
from qa.errors import Fault, LibraryDamaged
from qa.indexes import Indexes
from qa.records import Document, Passage
from qa.store import Store
from qa.term_state import State
from qa.terms import TermIndex, TermWriting, WeightedTerm
from tests.fakes import FakeEncoder, delete_folder, put_in_place

ENCODER, WORDS = FakeEncoder(), cutter()
NUMBER = count(1)


class Place:
    """A folder with a store, and as many Indexes over it as a test wants."""

    def __init__(self, folder):
        self.folder = folder
        self.store = Store.open(folder / "library.db")

    def indexes(self):
        return Indexes(self.folder, self.store, WORDS, ENCODER.dimensions, ENCODER.fingerprint)

    def indexes_refreshed(self):
        made = self.indexes()
        made.refresh()
        return made

    def put(self, *texts):
        """Write one document with these passages; give its id."""
        path, at, passages = f"{next(NUMBER)}", 0, []
        for ordinal, text in enumerate(texts, start=1):
            passages.append(Passage(0, 0, ordinal, "", at, at + len(text), text))
            at += len(text) + 1
        document = Document.from_text("\n".join(texts), path=path, title="通知")
        with self.store.writing() as writing:
            return writing.put(document, passages, ENCODER.encode_passages(texts))

    def remove(self, number):
        with self.store.writing() as writing:
            writing.remove(number)

    def held(self):
        """What the store holds: passage id to text."""
        return {p.id: p.text for key in self.store.document_keys() for p in
                self.store.passages_of(key.document_id)}  # fmt: skip


@pytest.fixture
def place(tmp_path):
    made = Place(tmp_path)
    yield made
    made.store.close()


def refuse():
    raise PermissionError


def named(indexes, word):
    """Ids that the term index alone gives for a word."""
    asked = [WeightedTerm("words", word, 1.0)]
    return set(indexes.candidates(asked, np.zeros(ENCODER.dimensions, dtype=np.float32)))


def meant(indexes, text):
    """Ids that the vector index alone gives, best first."""
    return indexes.candidates([], ENCODER.encode_queries([text])[0])


def assert_in_step(place, indexes):
    held = place.held()
    in_file, in_memory, excluded = indexes.vector_sizes
    assert indexes.terms.size == len(held)
    assert in_file + in_memory - excluded == len(held)
    for number, text in held.items():
        assert number in named(indexes, WORDS.words(text)[0])
        assert text == held[meant(indexes, text)[0]]
    assert not indexes.behind


def test_an_empty_store_has_no_candidates(place):
    indexes = place.indexes()
    indexes.catch_up()
    assert (named(indexes, "工会"), meant(indexes, "工会")) == (set(), [])
    assert_in_step(place, indexes)


def test_what_is_written_is_found_by_words_and_by_meaning(place):
    place.put("工会驿站开放", "骑手之家揭牌")
    indexes = place.indexes()
    indexes.catch_up()
    assert_in_step(place, indexes)
    assert named(indexes, "驿站") == {1}
    assert meant(indexes, "骑手之家")[0] == 2


def test_candidates_come_once_each(place):
    place.put("工会驿站开放")
    indexes = place.indexes()
    indexes.catch_up()
    asked = [WeightedTerm("words", "驿站", 1.0), WeightedTerm("bigrams", "驿站", 1.0)]
    assert indexes.candidates(asked, ENCODER.encode_queries(["工会驿站"])[0]) == [1]


def test_a_removed_document_is_gone_at_once_and_after_opening_again(place):
    first, second = place.put("工会驿站"), place.put("骑手之家", "工会讲座")
    indexes = place.indexes()
    indexes.catch_up()
    place.remove(first)
    indexes.catch_up()
    assert_in_step(place, indexes)
    assert 1 not in meant(indexes, "工会驿站")
    place.remove(second)
    indexes.catch_up()
    assert_in_step(place, indexes)
    again = place.indexes()
    again.refresh()
    assert_in_step(place, again)


def test_a_reader_sees_what_another_wrote_without_opening_again(place):
    reader, writer = place.indexes(), place.indexes()
    reader.refresh()
    number = place.put("工会驿站")
    writer.catch_up()
    reader.refresh()
    assert_in_step(place, reader)
    place.remove(number)
    place.put("骑手之家")
    writer.catch_up()
    reader.refresh()
    assert_in_step(place, reader)


def test_a_reader_that_looked_between_store_and_term_index_looks_again(place):
    reader, writer = place.indexes(), place.indexes()
    writer.catch_up()
    place.put("工会驿站")
    reader.refresh()  # the store has it, the term index not yet
    assert reader.behind
    assert (named(reader, "驿站"), meant(reader, "工会驿站")) == (set(), [1])
    writer.catch_up()
    reader.refresh()
    assert_in_step(place, reader)


def refusing(monkeypatch):
    """Let no term index be opened, as when a writer deletes its files at every try."""

    def gone(folder, state):
        raise FileNotFoundError(folder)

    monkeypatch.setattr(TermIndex, "_opened", gone)


def test_a_term_index_that_could_not_be_opened_is_opened_by_the_next_look(place, monkeypatch):
    reader, writer = place.indexes_refreshed(), place.indexes()
    place.put("工会驿站")
    writer.catch_up()
    with monkeypatch.context() as short:
        refusing(short)
        reader.refresh()
        assert reader.behind
    reader.refresh()  # nothing was written since
    assert_in_step(place, reader)


def test_a_term_index_that_another_has_made_anew_is_not_taken_for_the_damaged_one(place):
    reader, writer = place.indexes_refreshed(), place.indexes()
    place.put("工会驿站")
    writer.catch_up()
    reader.doubt_terms()  # the one that it has open, which was there before
    reader.refresh()
    assert_in_step(place, reader)
    assert not place.indexes_refreshed().behind


def test_a_damaged_term_index_that_may_only_be_read_is_not_opened_again(place, monkeypatch):
    place.put("工会驿站")
    place.indexes().catch_up()
    reader = place.indexes_refreshed()
    monkeypatch.setattr(Path, "unlink", lambda *_, **__: refuse())
    reader.doubt_terms()
    monkeypatch.setattr(TermIndex, "open", None)
    reader.refresh()
    assert reader.behind
    assert reader.terms.size == 0


def test_a_removal_in_the_middle_of_a_refresh_is_seen_by_the_next(place, monkeypatch):
    number = place.put("工会驿站")
    place.put("骑手之家")
    indexes = place.indexes()
    look = place.store.removed_since

    def look_too_early(generation):
        found = look(generation)
        if not found:
            place.remove(number)
        return found

    with monkeypatch.context() as patched:
        patched.setattr(place.store, "removed_since", look_too_early)
        indexes.refresh()
    indexes.catch_up()
    assert_in_step(place, indexes)
    assert 1 not in meant(indexes, "工会驿站")


def test_refreshing_when_nothing_was_written_opens_nothing(place, monkeypatch):
    place.put("工会驿站")
    indexes = place.indexes()
    indexes.catch_up()
    monkeypatch.setattr(TermIndex, "open", None)
    monkeypatch.setattr(module.VectorIndex, "append", None)
    indexes.refresh()
    assert_in_step(place, indexes)


@pytest.mark.parametrize("extra", [0, 3])
def test_the_file_is_written_when_the_tail_passes_the_limit(place, monkeypatch, extra):
    monkeypatch.setattr(module, "TAIL_LIMIT", 4)
    reader, writer = place.indexes(), place.indexes()
    reader.refresh()
    numbers = [place.put(f"工会驿站{n}号", f"第{n}次讲座") for n in range(5)]
    writer.catch_up()
    assert writer.vector_sizes == (10, 0, 0)
    reader.refresh()
    assert reader.vector_sizes == (10, 0, 0)
    place.remove(numbers[1])
    for n in range(extra):
        place.put(f"骑手之家{n}号")
    writer.catch_up()
    reader.refresh()
    for indexes in (writer, reader, place.indexes()):
        indexes.refresh()
        assert_in_step(place, indexes)


def test_old_removals_do_not_write_the_file_again_and_again(place, monkeypatch):
    monkeypatch.setattr(module, "TAIL_LIMIT", 4)
    for n in range(12):
        place.remove(place.put(f"工会驿站{n}号"))
    place.put(*(f"讲座{n}" for n in range(6)))
    indexes = place.indexes()
    indexes.catch_up()
    assert indexes.vector_sizes == (6, 0, 0)
    [file] = (place.folder / "vectors").iterdir()
    before = file.stat()
    place.put("骑手之家")
    indexes = place.indexes()
    indexes.catch_up()
    assert indexes.vector_sizes == (6, 1, 0)
    assert file.stat().st_mtime_ns == before.st_mtime_ns


def test_what_is_new_is_put_behind_what_the_file_holds(place, monkeypatch):
    monkeypatch.setattr(module, "TAIL_LIMIT", 4)
    place.put(*(f"讲座{n}" for n in range(6)))
    indexes = place.indexes()
    indexes.catch_up()
    with monkeypatch.context() as patched:
        patched.setattr(module, "write_main", None)  # nothing is sorted anew
        gone = place.put("工会驿站", "骑手之家")
        place.put(*(f"培训{n}" for n in range(5)))
        indexes.catch_up()
        assert indexes.vector_sizes == (13, 0, 0)
        place.remove(gone)
        indexes.catch_up()
        place.put(*(f"竞赛{n}" for n in range(4)))
        indexes.catch_up()
        assert indexes.vector_sizes == (17, 0, 2)  # what is gone stays in it and is never found
    assert_in_step(place, indexes)
    assert_in_step(place, place.indexes_refreshed())


def test_however_large_the_file_few_stay_in_memory(place, monkeypatch):
    monkeypatch.setattr(module, "TAIL_LIMIT", 1)
    monkeypatch.setattr(module, "TAIL_MOST", 3)
    place.put(*(f"工会驿站{n}号" for n in range(40)))
    indexes = place.indexes()
    indexes.catch_up()
    place.put("工会驿站", "骑手之家", "职工书屋")
    indexes.catch_up()
    assert indexes.vector_sizes == (40, 3, 0)
    place.put("心理热线")
    indexes.catch_up()
    assert indexes.vector_sizes == (44, 0, 0)
    assert meant(indexes, "心理热线")[0] == 44


def test_when_most_of_the_file_is_gone_it_is_written_anew(place, monkeypatch):
    monkeypatch.setattr(module, "TAIL_LIMIT", 4)
    numbers = [place.put(f"工会驿站{n}号") for n in range(10)]
    indexes = place.indexes()
    indexes.catch_up()
    for number in numbers[:7]:
        place.remove(number)
    indexes.catch_up()
    assert indexes.vector_sizes == (3, 0, 0)
    for number in numbers[7:]:
        place.remove(number)
    place.put(*(f"讲座{n}" for n in range(3)))
    indexes.catch_up()
    assert_in_step(place, indexes)


def damaged(folder, name):
    for file in (folder / name).iterdir():
        put_in_place(file, file.read_bytes()[: file.stat().st_size // 2])


@pytest.mark.parametrize("name", ["terms", "vectors"])
@pytest.mark.parametrize("how", [lambda folder, name: delete_folder(folder / name), damaged])
@pytest.mark.parametrize("opened", [True, False])
def test_lost_or_damaged_folders_are_made_again(place, monkeypatch, name, how, opened):
    monkeypatch.setattr(module, "TAIL_LIMIT", 2)
    place.put("工会驿站", "骑手之家", "职工书屋")
    indexes = place.indexes()
    indexes.catch_up()
    how(place.folder, name)
    if not opened:
        indexes = place.indexes()
    indexes.refresh()
    indexes.catch_up()
    assert_in_step(place, indexes)
    place.put("工会讲座")
    indexes.catch_up()
    assert_in_step(place, indexes)


def test_damage_that_opening_did_not_show_is_mended_by_the_next_writing(place, monkeypatch):
    place.put("工会驿站")
    indexes = place.indexes()
    indexes.catch_up()
    place.put("骑手之家")
    calls = []
    commit = TermWriting.commit

    def fail_once(self):
        calls.append(1)
        if len(calls) == 1:
            raise ValueError("Data corrupted: 'positions'")
        commit(self)

    monkeypatch.setattr(TermWriting, "commit", fail_once)
    indexes.catch_up()
    assert_in_step(place, indexes)


def test_a_run_cut_off_between_batches_is_finished_without_doubles(place, monkeypatch):
    monkeypatch.setattr(bringing_up, "COMMIT_PASSAGES", 2)
    place.indexes().catch_up()
    place.put("骑手之家")
    place.indexes().catch_up()  # complete up to here, so that it goes on and does not begin anew
    for n in range(7):
        place.put(f"工会驿站{n}号")
    indexes = place.indexes()

    def stop(done, total):
        assert total == 7
        if done == 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        indexes.catch_up(stop)
    assert indexes.behind
    assert named(place.indexes(), "驿站") == {2, 3, 4, 5}
    place.remove(3)
    again, told = place.indexes(), []
    again.catch_up(lambda done, total: told.append((done, total)))
    assert told == [(1, 3), (2, 3), (3, 3)]  # it goes on where the other was cut off
    assert_in_step(place, again)
    assert named(again, "驿站") == {2, 4, 5, 6, 7, 8}
    assert State.read(place.folder / "terms").reached == 0


def test_a_lost_index_that_is_cut_off_amid_its_making_is_gone_on_with(place, monkeypatch):
    monkeypatch.setattr(bringing_up, "COMMIT_PASSAGES", 2)
    for n in range(7):
        place.put(f"工会驿站{n}号")

    def stop(done, total):
        if done == 5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        place.indexes().catch_up(stop)
    again, told = place.indexes(), []
    assert again.behind
    place.remove(2)
    place.put("工会驿站新")
    again.catch_up(lambda done, total: told.append(total))
    assert told == [4] * 4
    assert_in_step(place, again)
    assert named(again, "驿站") == {1, 3, 4, 5, 6, 7, 8}


def test_one_that_stands_aside_is_never_taken_for_whole(place, monkeypatch):
    monkeypatch.setattr(bringing_up, "COMMIT_PASSAGES", 2)
    for n in range(7):
        place.put(f"工会驿站{n}号")
    indexes = place.indexes()
    indexes.catch_up()

    def stop(done, total):
        if done == 5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        indexes.optimize(stop, anew=True)
    again = place.indexes()
    assert not again.behind
    assert named(again, "驿站") == {1, 2, 3, 4, 5, 6, 7}


def test_an_older_copy_of_the_database_gets_indexes_of_its_own(place, monkeypatch):
    monkeypatch.setattr(module, "TAIL_LIMIT", 1)
    place.put("工会驿站", "骑手之家")
    place.indexes().catch_up()
    place.store.close()
    shutil.copy(place.folder / "library.db", place.folder / "copy.db")
    place.put("职工书屋", "工会讲座")
    place.indexes().catch_up()
    place.store.close()
    (place.folder / "copy.db").replace(place.folder / "library.db")
    indexes = place.indexes()
    assert indexes.behind
    indexes.catch_up()
    assert_in_step(place, indexes)
    place.put("心理热线", "技能竞赛", "法律援助")  # takes the ids that the lost ones had
    indexes.catch_up()
    assert_in_step(place, indexes)


def test_clear_leaves_nothing_on_disk_and_catch_up_makes_it_again(place, monkeypatch):
    monkeypatch.setattr(module, "TAIL_LIMIT", 1)
    place.put("工会驿站", "骑手之家")
    indexes = place.indexes()
    indexes.catch_up()
    indexes.clear()
    assert not (place.folder / "vectors").exists()
    assert TermIndex.open(place.folder / "terms", WORDS.fingerprint).size == 0
    indexes.catch_up()
    assert_in_step(place, indexes)


@pytest.mark.parametrize(
    ("error", "fault"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), Fault.DISK_FULL),
        (OSError(errno.EFBIG, "File too large"), Fault.DISK_FULL),
        (ValueError("An IO error occurred: 'x (os error 28)'"), Fault.DISK_FULL),
        (PermissionError(errno.EACCES, "Permission denied"), Fault.NO_ACCESS),
    ],
)
def test_what_the_disk_says_becomes_one_line_with_a_remedy(place, monkeypatch, error, fault):
    place.put("工会驿站")
    indexes = place.indexes()

    def fail(self):
        raise error

    with monkeypatch.context() as patched:
        patched.setattr(TermWriting, "commit", fail)
        with pytest.raises(LibraryDamaged) as caught:
            indexes.catch_up()
    assert caught.value.fault is fault
    assert caught.value.folder == place.folder
    assert "\n" not in str(caught.value)
    indexes.catch_up()
    assert_in_step(place, indexes)
