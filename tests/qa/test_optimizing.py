"""Optimizing makes both indexes fit, gives space back, and never stands in a reader's way."""

from __future__ import annotations

import errno
import threading

import pytest

from embeddings.words import cutter
from qa.errors import Fault, LibraryDamaged, LibraryLocked
from qa.folder import Folder
from qa.indexes import Indexes
from qa.library import Library
from qa.records import Document
from qa.terms import TermIndex
from tests.fakes import FakeEncoder

WORDS = cutter()


def notice(number):
    return Document.from_text(f"工会驿站第{number}号今天开放。", path=f"{number}", title="通知")


@pytest.fixture
def library(tmp_path):
    with Library.open(tmp_path / "library", FakeEncoder()) as opened:
        opened.add([notice(n) for n in range(20)])
        yield opened


def parts(library):
    """The folders and files of the term index, less what tells how far it has come."""
    return {one.name for one in (library.folder / "terms").iterdir()} - {"state.json"}


def found(library):
    return {hit.document.path for hit in library.search("工会驿站开放", k=100)}


def test_vectors_in_memory_and_removed_ones_go_into_the_file(library):
    library.remove(["3", "4"])
    done = library.optimize()
    assert (done.vectors_written, done.vectors, done.vector_recall) == (True, 18, 1.0)
    now = library.status()
    assert (now.vectors_in_file, now.vectors_in_memory, now.vectors) == (18, 0, 18)
    assert found(library) == {str(n) for n in range(20)} - {"3", "4"}


def test_what_is_fit_already_is_left_alone(library):
    library.optimize()
    [file] = (library.folder / "vectors").iterdir()
    before = file.stat().st_mtime_ns
    done = library.optimize()
    assert (done.terms_written, done.vectors_written) == (False, False)
    assert file.stat().st_mtime_ns == before


def test_the_term_index_is_written_anew_where_much_of_it_was_removed(library):
    library.remove([str(n) for n in range(3)])
    assert not library.optimize().terms_written
    library.remove([str(n) for n in range(3, 10)])
    done = library.optimize()
    assert done.terms_written
    assert library._indexes.terms.removed_size == 0
    assert parts(library) == {"part1"}
    assert found(library) == {str(n) for n in range(10, 20)}


def test_anew_makes_both_again_and_adding_goes_on_in_the_new_place(library):
    for turn in range(1, 4):
        done = library.optimize(anew=True)
        assert (done.terms_written, done.vectors_written) == (True, True)
        library.add([notice(20 + turn)])
        assert found(library) == {str(n) for n in [*range(20), *range(21, 21 + turn)]}
    assert len(parts(library)) == 1
    with Library.open(library.folder, FakeEncoder()) as again:
        assert found(again) == found(library)


def test_parts_are_joined(library):
    for n in range(20, 32):
        library.add([notice(n)])
    before = library._indexes.terms.segments
    done = library.optimize()
    assert done.parts_before == before
    assert done.parts == library._indexes.terms.segments <= before
    assert len(found(library)) == 32


def test_a_reader_of_before_sees_it_through_and_takes_up_the_new_index(library):
    with Library.open(library.folder, FakeEncoder()) as reader:
        everything = found(reader)
        library.optimize(anew=True)
        library.add([notice(99)])
        assert found(reader) == {*everything, "99"}
        library.remove(["99"])
        assert found(reader) == everything


def test_readers_find_everything_at_every_moment_of_it(library):
    """Threads ask by two library objects while it is made anew again and again."""
    everything, failures, stop = found(library), [], threading.Event()
    asked = threading.Barrier(4)

    def ask(reader):
        asked.wait(60)
        while not stop.is_set():
            got = found(reader)
            if got != everything:
                failures.append(got)

    with Library.open(library.folder, FakeEncoder()) as reader:
        threads = [threading.Thread(target=ask, args=(one,)) for one in (library, reader, reader)]
        for thread in threads:
            thread.start()
        asked.wait(60)
        for _ in range(6):
            library.optimize(anew=True)
        stop.set()
        for thread in threads:
            thread.join()
    assert failures == []


@pytest.mark.parametrize("where", ["qa.terms.TermIndex.complete", "qa.indexes.write_main"])
def test_cut_off_anywhere_everything_is_found_and_the_rest_is_cleared_away(
    library, monkeypatch, where
):
    everything = found(library)

    def crash(*_, **__):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(where, crash)
        with pytest.raises(KeyboardInterrupt):
            library.optimize(anew=True)
    assert found(library) == everything
    with Library.open(library.folder, FakeEncoder()) as again:
        assert found(again) == everything
        again.add([notice(30)])
        assert len(parts(again) & {"part1", "part2", "meta.json"}) == 1
        assert found(again) == {*everything, "30"}


@pytest.mark.parametrize("where", ["qa.terms.TermWriting.commit", "qa.indexes.write_main"])
def test_a_full_disk_is_said_and_what_was_there_serves_on(library, monkeypatch, where):
    everything = found(library)

    def full(*_, **__):
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(where, full)
        with pytest.raises(LibraryDamaged) as caught:
            library.optimize(anew=True)
    assert caught.value.fault is Fault.DISK_FULL
    assert found(library) == everything
    assert library.optimize(anew=True).terms_written
    assert found(library) == everything


def test_free_space_is_given_back(library):
    library.add([Document.from_text("很长的通知。" * 30_000, path="long")])
    library.optimize()
    library.remove(["long"])
    done = library.optimize()
    assert done.reclaimed_bytes > 500_000
    assert library.optimize().reclaimed_bytes == 0
    assert len(found(library)) == 20


def test_one_who_writes_is_waited_for_a_little_and_then_named(library, monkeypatch):
    monkeypatch.setattr("qa.folder.LOCK_WAIT_S", 0.01)
    with Folder(library.folder).writing(), pytest.raises(LibraryLocked):
        library.optimize()


def test_a_reader_that_meets_the_moment_of_the_swap_opens_the_new_index(library, monkeypatch):
    """It read where the index is, and that was gone when it came to open it."""
    folder = library.folder / "terms"
    opened, calls = TermIndex._opened.__func__, []

    def late(cls, place, state):
        calls.append(state.part)
        if len(calls) == 1:
            library.optimize(anew=True)
        return opened(cls, place, state)

    monkeypatch.setattr(TermIndex, "_opened", classmethod(late))
    assert TermIndex.open(folder, WORDS.fingerprint).size == 20
    assert calls[0] == ""
    assert calls[-1] == "part1"


def test_a_large_vector_file_that_was_lost_is_made_again_by_asking(library, monkeypatch):
    monkeypatch.setattr("qa.indexes.TAIL_MOST", 4)
    library.optimize()
    [file] = (library.folder / "vectors").iterdir()
    file.unlink()
    with Library.open(library.folder, FakeEncoder()) as again:
        assert (again.status().vectors_in_file, again.status().vectors_in_memory) == (20, 0)
        assert isinstance(again._indexes, Indexes)
