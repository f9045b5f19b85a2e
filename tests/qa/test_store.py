"""What is written is what is read; a transaction happens as a whole or not at all."""

from __future__ import annotations

import gc
import sqlite3
import threading
from pathlib import Path

import numpy as np
import pytest

from qa.errors import Fault, LibraryDamaged, LibraryOutdated
from qa.records import Document, Feedback, Passage, Verdict
from qa.schema import _STEPS, _TABLES, FORMAT
from qa.store import Store

TEXT = "第一段。\n\n第二段，有😀和𠮷。"


def a_document(path="a.txt", *, source="/根", text=TEXT, digest="d" * 64):
    address = "https://www.yunling.example/1.html"
    return Document(source, path, "标题", text, digest, "2024-04-01", "gb18030", (0, 5), address)


def some_passages():
    return (
        Passage(0, 0, 1, "", 0, 4, TEXT[0:4]),
        Passage(0, 0, 2, "一 › 二", 6, len(TEXT), TEXT[6:], ((1, 2), (4, 6))),
    )


def rows(count, *, seed=0):
    made = np.random.default_rng(seed).normal(size=(count, 8)).astype(np.float32)
    return made / np.linalg.norm(made, axis=1, keepdims=True)


def put(store, path="a.txt", **changes):
    with store.writing() as writing:
        return writing.put(a_document(path, **changes), some_passages(), rows(2))


@pytest.fixture
def store(tmp_path):
    opened = Store.open(tmp_path / "library.db")
    yield opened
    opened.close()


def test_what_is_written_is_read_again(store):
    number = put(store)
    again = Store.open(store.file)
    assert again.document(number) == a_document()
    first, second = again.passages_of(number)
    assert [first.document_id, second.document_id] == [number, number]
    for stored, given in zip((first, second), some_passages(), strict=True):
        assert stored.id > 0
        assert (stored.ordinal, stored.heading, stored.start, stored.end) == (
            given.ordinal, given.heading, given.start, given.end,
        )  # fmt: skip
        assert (stored.text, stored.noise) == (given.text, given.noise)
    assert again.counts() == (1, 2)
    assert again.title(number) == "标题"
    assert [key.document_id for key in again.document_keys()] == [number]
    again.close()


def test_vectors_come_back_within_a_thousandth(store):
    vectors = rows(2, seed=5)
    with store.writing() as writing:
        number = writing.put(a_document(), some_passages(), vectors)
    ids = [passage.id for passage in store.passages_of(number)]
    candidates = store.candidates(ids)
    for candidate, vector in zip(candidates, vectors, strict=True):
        assert candidate.vector.dtype == np.float32
        assert np.abs(candidate.vector - vector).max() < 1e-3
        assert (candidate.title, candidate.date) == ("标题", "2024-04-01")
    [(found, block)] = store.vectors_after(0)
    assert found.tolist() == ids
    assert block.dtype == np.float32
    assert np.abs(block - vectors).max() < 1e-3


def test_vectors_come_in_blocks_of_rising_ids(store):
    for name in "abcde":
        put(store, name)
    blocks = list(store.vectors_after(3, block=3))
    assert [ids.tolist() for ids, _ in blocks] == [[4, 5, 6], [7, 8, 9], [10]]
    assert list(store.vectors_after(10)) == []


def test_candidates_come_in_the_order_asked_without_those_that_are_gone(store):
    put(store)
    put(store, "b")
    asked = [4, 99, 1, 3, 2**63, -(2**63), 10**30, 2]
    assert [one.passage.id for one in store.candidates(asked)] == [4, 1, 3, 2]
    assert store.candidates([]) == []
    many = [*range(5, 40_000), 1]  # more than SQLite takes in one statement
    assert [one.passage.id for one in store.candidates(many)] == [1]


def test_what_is_not_there_is_none_or_empty(store):
    assert store.document(1) is None
    assert store.passages_at("", "a") == []
    assert store.title(1) == ""
    assert store.passages_of(1) == []
    assert store.setting("name") is None
    assert (store.counts(), store.generation) == ((0, 0), 0)
    assert list(store.documents()) == []
    assert list(store.vectors_after(0)) == []


def test_every_transaction_raises_the_generation_by_one(store):
    first = put(store)
    second = put(store, "b")
    assert store.generation == 2
    with store.writing() as writing:
        writing.remove(first)
        third = writing.put(a_document("c"), some_passages(), rows(2))
    assert store.generation == 3
    assert store.changed_since(0) == [second, third]
    assert store.changed_since(1) == [second, third]
    assert store.changed_since(2) == [third]
    assert store.changed_since(3) == []
    assert [(one.document_id, list(one.passage_ids)) for one in store.removed_since(2)] == [
        (first, [1, 2])
    ]
    assert store.removed_since(3) == []


def test_a_failed_transaction_leaves_nothing(store):
    put(store)
    with pytest.raises(RuntimeError, match="midway"), store.writing() as writing:
        writing.remove(1)
        writing.put(a_document("b"), some_passages(), rows(2))
        writing.set("name", "value")
        raise RuntimeError("midway")
    assert store.counts() == (1, 2)
    assert (store.setting("name"), store.generation, store.removed_since(0)) == (None, 1, [])
    put(store, "c")  # and the store can be written again
    assert store.counts() == (2, 4)


def test_the_same_key_cannot_be_stored_twice(store):
    put(store)
    with pytest.raises(LibraryDamaged, match="UNIQUE"):
        put(store)
    put(store, source="/别处")
    assert store.counts() == (2, 4)


def test_ids_are_never_used_again(store):
    used_documents, used_passages = set(), set()
    for turn in range(4):
        number = put(store, f"{turn}")
        ids = {passage.id for passage in store.passages_of(number)}
        assert number not in used_documents
        assert not ids & used_passages
        used_documents.add(number)
        used_passages |= ids
        with store.writing() as writing:
            writing.remove(number)
    assert store.counts() == (0, 0)


def test_removing_what_is_not_there_does_nothing(store):
    with store.writing() as writing:
        writing.remove(7)
    assert store.removed_since(0) == []


def test_a_document_without_passages_is_kept_and_removed(store):
    with store.writing() as writing:
        number = writing.put(a_document(), (), rows(0))
    assert store.counts() == (1, 0)
    with store.writing() as writing:
        writing.remove(number)
    assert store.counts() == (0, 0)
    assert not any(id_ > 0 for one in store.removed_since(0) for id_ in one.passage_ids)


def test_documents_come_in_order_of_source_and_path(store):
    for source, path in (("/b", "a"), ("/a", "z"), ("/a", "b"), ("", "x")):
        put(store, path, source=source)
    found = [(one.source, one.path) for one in store.documents()]
    assert found == [("", "x"), ("/a", "b"), ("/a", "z"), ("/b", "a")]


@pytest.mark.parametrize(
    ("source", "path", "location"),
    [("/a/b", "c/d", "/a/b/c/d"), ("/", "c", "/c"), ("/a/", "c", "/a/c"), ("", "n/1", "n/1")],
)
def test_location_joins_source_and_path(store, source, path, location):
    put(store, path, source=source)
    [key] = store.document_keys()
    assert key.location == location
    assert key.digest == "d" * 64


@pytest.mark.parametrize("version", [FORMAT + 1, 99, -1])
def test_another_format_is_outdated(tmp_path, version):
    file = tmp_path / "library.db"
    Store.open(file).close()
    with sqlite3.connect(file) as connection:
        connection.execute(f"PRAGMA user_version = {version}")
    connection.close()
    with pytest.raises(LibraryOutdated, match=f"format {version}") as caught:
        Store.open(file)
    assert caught.value.folder == tmp_path


def test_the_database_of_another_program_is_not_written_to(tmp_path):
    file = tmp_path / "library.db"
    with sqlite3.connect(file) as connection:
        connection.execute("CREATE TABLE books (title)")
    connection.close()
    before = file.read_bytes()
    with pytest.raises(LibraryOutdated):
        Store.open(file)
    assert file.read_bytes() == before


@pytest.mark.parametrize("content", [b"not a database at all" * 100, bytes(range(256)) * 20])
def test_garbage_is_damage_with_advice(tmp_path, content):
    file = tmp_path / "library.db"
    file.write_bytes(content)
    with pytest.raises(LibraryDamaged, match="restore a copy") as caught:
        Store.open(file)
    assert caught.value.fault is Fault.DAMAGED
    assert file.read_bytes() == content


def test_damage_inside_the_file_is_told(tmp_path):
    file = tmp_path / "library.db"
    store = Store.open(file)
    for number in range(50):
        put(store, f"{number}", text=TEXT * 50)
    assert store.damage() is None
    store.close()
    data = bytearray(file.read_bytes())
    data[8192:40_960] = bytes(32_768)
    file.write_bytes(data)
    store = Store.open(file)
    try:
        found = store.damage()
    except LibraryDamaged as error:  # the damage may be where SQLite looks first
        found = str(error)
    assert found
    store.close()


def test_an_empty_file_is_a_new_store(tmp_path):
    (tmp_path / "library.db").touch()
    assert Store.open(tmp_path / "library.db").counts() == (0, 0)


def test_a_missing_folder_has_no_access(tmp_path):
    with pytest.raises(LibraryDamaged, match="folder exists") as caught:
        Store.open(tmp_path / "missing" / "library.db")
    assert caught.value.fault is Fault.NO_ACCESS


def test_a_second_writer_is_told_that_the_store_is_busy(store, monkeypatch):
    monkeypatch.setattr("qa.connecting._PRAGMAS", ("busy_timeout = 20",))
    other = Store.open(store.file)
    with store.writing() as writing:
        writing.set("name", "one")
        with pytest.raises(LibraryDamaged, match="try again") as caught, other.writing():
            pass
        assert other.setting("name") is None  # reading goes on meanwhile
    assert caught.value.fault is Fault.BUSY
    assert other.setting("name") == "one"
    other.close()


def test_another_thread_reads_what_was_committed(store):
    put(store)
    counts = []
    thread = threading.Thread(target=lambda: counts.append(store.counts()))
    thread.start()
    thread.join()
    assert counts == [(1, 2)]


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="counts files through /proc")
def test_threads_that_end_give_their_files_back(store):
    put(store)
    before = len(list(Path("/proc/self/fd").iterdir()))
    for _ in range(300):
        thread = threading.Thread(target=store.counts)
        thread.start()
        thread.join()
    gc.collect()
    # SQLite keeps some files for the next connection: it must not be one for every thread.
    assert len(list(Path("/proc/self/fd").iterdir())) < before + 150


def test_a_closed_store_can_be_closed_again_and_opens_anew(store):
    put(store)
    store.close()
    store.close()
    assert store.counts() == (1, 2)


def test_two_stores_made_at_once_in_one_place_are_one(tmp_path):
    file, faults, barrier = tmp_path / "library.db", [], threading.Barrier(6)

    def make(number):
        try:
            barrier.wait()
            store = Store.open(file)
            put(store, f"{number}")
            store.close()
        except BaseException as error:
            faults.append(error)

    threads = [threading.Thread(target=make, args=(n,)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    assert Store.open(file).counts() == (6, 12)


def test_a_store_waits_for_another_to_finish_making_the_file(tmp_path, monkeypatch):
    # Two that turn on the write-ahead log at once: SQLite refuses one without waiting at all.
    monkeypatch.setattr("qa.connecting._PRAGMAS", ("busy_timeout = 0",))
    file = tmp_path / "library.db"
    other = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
    other.execute("BEGIN")
    other.execute("SELECT * FROM sqlite_master").fetchall()
    timer = threading.Timer(0.2, lambda: other.execute("COMMIT"))
    timer.start()
    store = Store.open(file)
    timer.join()
    other.close()
    assert store.counts() == (0, 0)
    store.close()


def test_a_file_that_stays_locked_is_busy(tmp_path, monkeypatch):
    monkeypatch.setattr("qa.connecting._PRAGMAS", ("busy_timeout = 0",))
    monkeypatch.setattr("qa.schema.PATIENCE_S", 0.05)
    file = tmp_path / "library.db"
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN")
    other.execute("SELECT * FROM sqlite_master").fetchall()
    with pytest.raises(LibraryDamaged, match="try again") as caught:
        Store.open(file)
    other.close()
    assert caught.value.fault is Fault.BUSY


def said(key="a", verdict=Verdict.RIGHT, **values):
    known = {
        "question": "几点开放",
        "path": "a.txt",
        "words": "九点开放",
        "at": "2024-04-01T08:30:00Z",
    }
    return Feedback(key, verdict=verdict, **(known | values))


def test_feedback_is_kept_in_order_and_the_later_of_one_key_counts(store):
    assert store.feedback() == []
    store.put_feedback(said("a"))
    store.put_feedback(said("b", Verdict.WRONG, path="", words="", comment="不是这个"))
    later = said("a", Verdict.UNANSWERABLE, path="", words="")
    store.put_feedback(later)
    assert [(one.key, one.verdict) for one in store.feedback()] == [
        ("b", Verdict.WRONG),
        ("a", Verdict.UNANSWERABLE),
    ]
    assert store.feedback()[1] == later
    assert store.feedback()[0].comment == "不是这个"


def test_feedback_does_not_send_the_indexes_to_work(store):
    put(store)
    before = store.generation
    store.put_feedback(said())
    assert store.generation == before


_OLD_DOCUMENT = (1, "/根", "a.txt", "标题", None, "d" * 64, "utf-8", "[0, 5]", TEXT, 1)
_OLD_PASSAGE = (1, 1, 1, "", 0, 4, TEXT[:4], "[[1, 2]]", rows(1).astype(np.float16).tobytes())


def made_with_format(version, file):
    with sqlite3.connect(file) as connection:
        for step in _STEPS[:version]:
            connection.executescript(step)
        connection.execute(f"PRAGMA user_version = {version}")
        connection.execute("INSERT INTO setting VALUES ('name', 'kept')")
        connection.execute(
            "INSERT INTO document VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", _OLD_DOCUMENT
        )
        connection.execute("INSERT INTO passage VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", _OLD_PASSAGE)
    connection.close()


@pytest.mark.parametrize("version", range(1, FORMAT))
def test_a_library_of_an_earlier_format_is_brought_up_and_keeps_what_it_held(tmp_path, version):
    file = tmp_path / "library.db"
    made_with_format(version, file)
    store = Store.open(file)
    assert store.setting("name") == "kept"
    assert store.document(1) == Document("/根", "a.txt", "标题", TEXT, "d" * 64, page_starts=(0, 5))
    assert [(one.text, one.noise) for one in store.passages_of(1)] == [(TEXT[:4], ((1, 2),))]
    store.put_feedback(said())
    number = put(store, "b.txt")
    store.close()
    again = Store.open(file)
    assert (again.setting("name"), len(again.feedback())) == ("kept", 1)
    assert again.document(number) == a_document("b.txt")
    again.close()


def test_bringing_up_happens_whole_or_not_at_all(tmp_path, monkeypatch):
    file = tmp_path / "library.db"
    made_with_format(1, file)
    monkeypatch.setattr(
        "qa.schema._STEPS", (_TABLES, "CREATE TABLE one (a);\nCREATE TABLE one (a)")
    )
    with pytest.raises(LibraryDamaged):
        Store.open(file)
    monkeypatch.undo()
    store = Store.open(file)
    assert store.setting("name") == "kept"
    assert store.feedback() == []
    store.close()
