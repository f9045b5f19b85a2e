"""A folder has one writer at a time, and is taken for a library only where one is or may be."""

from __future__ import annotations

import os
import threading

import pytest

from qa.errors import LibraryLocked, LibraryNotFound
from qa.folder import Folder


def elsewhere(work):
    """Run in a thread of its own; give what came of it."""
    results = []

    def run():
        try:
            results.append(work())
        except Exception as error:
            results.append(type(error))

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    return results[0]


def write(folder):
    with folder.writing():
        return "written"


def write_if_free(folder):
    with folder.writing_if_free() as free:
        return free


def test_one_writes_at_a_time(tmp_path, monkeypatch):
    monkeypatch.setattr("qa.folder.LOCK_WAIT_S", 0.05)
    folder = Folder(tmp_path)
    with folder.writing():
        for other in (folder, Folder(tmp_path)):
            assert elsewhere(lambda other=other: write(other)) is LibraryLocked
            assert elsewhere(lambda other=other: write_if_free(other)) is False
        assert write(folder) == "written"  # the writer itself may go deeper
        assert elsewhere(lambda: write_if_free(folder)) is False  # and is then still writing
    assert elsewhere(lambda: write(folder)) == "written"
    assert elsewhere(lambda: write_if_free(folder)) is True


def test_the_lock_is_given_back_when_writing_fails(tmp_path):
    folder = Folder(tmp_path)
    for way in (folder.writing, folder.writing_if_free):
        with pytest.raises(RuntimeError), way():
            raise RuntimeError
        assert elsewhere(lambda: write_if_free(folder)) is True


def test_a_writer_waits_for_the_one_before(tmp_path, monkeypatch):
    monkeypatch.setattr("qa.folder.LOCK_WAIT_S", 120)
    folder, held, results = Folder(tmp_path), threading.Event(), []

    def hold():
        with folder.writing():
            held.set()
            results.append("first")

    thread = threading.Thread(target=hold)
    thread.start()
    assert held.wait(60)
    with folder.writing():
        results.append("second")
    thread.join()
    assert results == ["first", "second"]


@pytest.mark.parametrize("create", [True, False])
def test_a_folder_with_a_database_is_a_library(tmp_path, create):
    (tmp_path / "library.db").touch()
    (tmp_path / "other").touch()
    Folder(tmp_path).check(create=create)


def test_nothing_is_a_library_only_when_one_may_be_made(tmp_path):
    for place in (tmp_path, tmp_path / "a" / "b"):
        Folder(place).check(create=True)
        with pytest.raises(LibraryNotFound):
            Folder(place).check(create=False)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["x.txt", ".hidden", "library.db-wal"])
def test_other_things_are_no_library(tmp_path, name):
    (tmp_path / name).touch()
    for create in (True, False):
        with pytest.raises(LibraryNotFound) as caught:
            Folder(tmp_path).check(create=create)
        assert caught.value.folder == tmp_path


def test_a_folder_is_made_with_all_above_it(tmp_path):
    Folder(tmp_path / "一" / "二").make()
    assert (tmp_path / "一" / "二").is_dir()
    (tmp_path / "file").touch()
    with pytest.raises(LibraryNotFound, match="cannot make"):
        Folder(tmp_path / "file" / "x").make()


def test_disk_bytes_are_those_of_all_files(tmp_path):
    (tmp_path / "a").write_bytes(b"x" * 1_000)
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "c").write_bytes(b"x" * 500)
    folders = (tmp_path / "b").stat().st_size
    assert Folder(tmp_path).disk_bytes() in (1_500, 1_500 + folders)
    assert Folder(tmp_path / "nothing").disk_bytes() == 0


def test_disk_bytes_of_a_folder_that_goes_while_it_is_looked_at(tmp_path, monkeypatch):
    (tmp_path / "a").write_bytes(b"x" * 1_000)
    (tmp_path / "b").mkdir()
    looking = os.scandir

    def gone(path):
        if str(path).endswith("b"):
            raise FileNotFoundError(path)
        return looking(path)

    monkeypatch.setattr(os, "scandir", gone)
    assert Folder(tmp_path).disk_bytes() == 1_000
