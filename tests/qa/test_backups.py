"""A backup holds all that cannot be made again, and a library comes of it."""

from __future__ import annotations

import errno
import json
import os
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from click.testing import CliRunner

from qa.backups import restore
from qa.cli import cli
from qa.errors import BackupError, LibraryNotFound
from qa.faults import database_fault
from qa.library import Library
from qa.records import Document, Feedback, Verdict
from qa.store import Store
from tests.fakes import FakeEncoder

SAID = Feedback("1:a", "几点开放", Verdict.RIGHT, "0", "九点开放", "2024-04-01T08:30:00Z")


def notice(number):
    return Document.from_text(
        f"第{number}号阅览室九点开放。", path=str(number), title=f"通知{number}"
    )


@pytest.fixture
def encoder():
    return FakeEncoder()


@pytest.fixture
def filled(tmp_path, encoder):
    with Library.open(tmp_path / "library", encoder) as library:
        library.add([notice(number) for number in range(5)])
        library.remove("3")
        library.give_feedback(SAID)
    return tmp_path / "library"


def test_what_was_backed_up_comes_back(filled, encoder, tmp_path):
    with Library.open(filled, encoder) as library:
        size = library.backup(tmp_path / "one.backup")
        before = [one.path for one in library.documents()]
        ids = [one.id for document in library.documents() for one in library.passages(document)]
    assert size == (tmp_path / "one.backup").stat().st_size > 0
    restore(tmp_path / "one.backup", tmp_path / "again")
    with Library.open(tmp_path / "again", encoder, create=False) as library:
        assert [one.path for one in library.documents()] == before
        kept = [one.id for document in library.documents() for one in library.passages(document)]
        assert kept == ids
        assert library.feedback() == [SAID]
        assert len(library.search("阅览室", k=9)) == 4
        library.add(notice(9))  # and it goes on as before
        assert len(library.search("阅览室", k=9)) == 5
    assert sorted(one.name for one in (tmp_path / "again").iterdir() if one.name != "vectors") == [
        "library.db", "terms", "write.lock",
    ]  # fmt: skip


# What format 3 brought; a library of format 2 is one without.
_UNDO = """
DROP TRIGGER edge_gone;
DROP TABLE edge;
DROP TABLE unsettled;
ALTER TABLE document DROP COLUMN address;
PRAGMA user_version = 2;
"""


@pytest.mark.parametrize("older", [False, True])
def test_addresses_and_what_a_folder_repeats_come_back(tmp_path, encoder, older):
    (tmp_path / "site").mkdir()
    for number in range(6):
        body = f"第{number}号阅览室九点开放，周一闭馆，凭会员卡可以借书{number}册。"
        source = f"原文链接：https://yunling.example/{number}.html"
        lines = ["首页", "机构概况", "工会要闻", f"第{number}号通知", body, source]
        (tmp_path / "site" / f"{number}.txt").write_text("\n".join(lines), encoding="utf-8")
    with Library.open(tmp_path / "library", encoder) as library:
        library.add(tmp_path / "site")
        before = list(library.documents())
        library.backup(tmp_path / "one.backup")
    if older:
        with sqlite3.connect(tmp_path / "one.backup") as backup:
            backup.executescript(_UNDO)
        backup.close()
    restore(tmp_path / "one.backup", tmp_path / "again")
    with Library.open(tmp_path / "again", encoder, create=False) as library:
        found = list(library.documents())
        addresses = ["" if older else one.address for one in before]
        assert [one.address for one in found] == addresses
        assert [one.text for one in found] == [one.text for one in before]
        assert library.repeated(found[0]) == (() if older else ((0, 2), (3, 7), (8, 12)))
        library.add(tmp_path / "site")  # changes nothing but what format 3 brought
        assert all(library.repeated(one) for one in library.documents())
    assert [one.address for one in before][5] == "https://yunling.example/5.html"


def test_a_backup_can_be_made_while_another_adds(filled, encoder, tmp_path):
    stop, added = threading.Event(), []

    def add():
        with Library.open(filled, encoder) as library:
            while not stop.is_set():
                library.add(notice(100 + len(added)))
                added.append(1)

    thread = threading.Thread(target=add)
    thread.start()
    try:
        with Library.open(filled, encoder) as library:
            for number in range(3):
                library.backup(tmp_path / f"{number}.backup")
    finally:
        stop.set()
        thread.join()
    for number in range(3):
        restore(tmp_path / f"{number}.backup", tmp_path / f"again{number}")
        with Library.open(tmp_path / f"again{number}", encoder) as library:
            documents = library.status().documents
            assert 4 <= documents <= 4 + len(added)
            assert len(library.search("阅览室", k=500)) == documents


def test_a_backup_never_takes_the_place_of_a_file(filled, encoder, tmp_path):
    (tmp_path / "one.backup").write_text("mine")
    with Library.open(filled, encoder) as library, pytest.raises(BackupError, match="new file"):
        library.backup(tmp_path / "one.backup")
    assert (tmp_path / "one.backup").read_text() == "mine"


def test_a_folder_is_no_place_to_write_a_backup_over(filled, encoder):
    with Library.open(filled, encoder) as library, pytest.raises(BackupError, match="in it"):
        library.backup(filled)


def test_a_backup_into_a_folder_that_is_not_there_is_told(filled, encoder, tmp_path):
    with Library.open(filled, encoder) as library, pytest.raises(BackupError, match="check"):
        library.backup(tmp_path / "nowhere" / "one.backup")


def other_program(file):
    with sqlite3.connect(file) as connection:
        connection.execute("CREATE TABLE books (title)")
    connection.close()


def damaged(file):
    file.write_bytes(b"not a database" * 999)


def cut_off(file):
    file.write_bytes(file.read_bytes()[:-8192])


def empty(file):
    file.write_bytes(b"")


@pytest.mark.parametrize("harm", [other_program, damaged, cut_off, empty])
def test_what_is_no_backup_is_refused_and_leaves_nothing(filled, encoder, tmp_path, harm):
    file = tmp_path / "one.backup"
    if harm is not other_program:
        with Library.open(filled, encoder) as library:
            library.backup(file)
    harm(file)
    with pytest.raises(BackupError, match=r"one\.backup"):
        restore(file, tmp_path / "again")
    assert not (tmp_path / "again").exists()


def test_a_library_is_never_overwritten(filled, encoder, tmp_path):
    with Library.open(filled, encoder) as library:
        library.backup(tmp_path / "one.backup")
        library.add(notice(9))
    with pytest.raises(LibraryNotFound, match="already"):
        restore(tmp_path / "one.backup", filled)
    with Library.open(filled, encoder) as library:
        assert library.status().documents == 5


def test_a_folder_of_other_things_is_not_restored_into(filled, encoder, tmp_path):
    with Library.open(filled, encoder) as library:
        library.backup(tmp_path / "one.backup")
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "a.jpg").write_bytes(b"x")
    with pytest.raises(LibraryNotFound, match="other things"):
        restore(tmp_path / "one.backup", tmp_path / "photos")
    assert [one.name for one in (tmp_path / "photos").iterdir()] == ["a.jpg"]


def test_a_backup_that_fails_leaves_nothing(filled, encoder, tmp_path, monkeypatch):
    def full(_store, part):
        part.with_name(part.name + "-journal").write_bytes(b"half")
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Store, "copy_to", full)
    place = tmp_path / "place"
    place.mkdir()
    with (
        Library.open(filled, encoder) as library,
        pytest.raises(BackupError, match="No space left"),
    ):
        library.backup(place / "b")

    assert list(place.iterdir()) == []


def full(*_):
    raise OSError(errno.ENOSPC, "No space left on device")


def full_for_sqlite(file):
    raise database_fault(file, sqlite3.OperationalError("database or disk is full"))


@pytest.mark.parametrize(
    ("where", "raising"),
    [
        ("qa.backups.shutil.copyfile", full),
        ("qa.backups.Store.open", full_for_sqlite),
        ("qa.backups.put_in_place", full),
    ],
)
def test_a_restore_onto_a_full_disk_says_so_and_leaves_nothing(
    filled, encoder, tmp_path, monkeypatch, where, raising
):
    with Library.open(filled, encoder) as library:
        library.backup(tmp_path / "one.backup")
    again = tmp_path / "again"
    with monkeypatch.context() as short:
        short.setattr(where, raising)
        with pytest.raises(BackupError, match=r"again cannot be written \(No space left") as caught:
            restore(tmp_path / "one.backup", again)
    assert caught.value.file == again
    assert not again.exists()
    restore(tmp_path / "one.backup", again)  # with room it goes on
    with Library.open(again, encoder, create=False) as library:
        assert library.status().documents == 4


def test_a_backup_onto_a_full_disk_names_the_file_and_not_the_library(
    filled, encoder, tmp_path, monkeypatch
):
    monkeypatch.setattr(Store, "copy_to", lambda store, _: full_for_sqlite(store.file))
    with (
        Library.open(filled, encoder) as library,
        pytest.raises(BackupError, match=r"one\.backup cannot be written \(No space left"),
    ):
        library.backup(tmp_path / "one.backup")


def test_what_a_killed_restore_left_is_cleaned_up_by_the_next(filled, encoder, tmp_path):
    with Library.open(filled, encoder) as library:
        library.backup(tmp_path / "one.backup")
    code = (
        "import os, sys; from pathlib import Path; import qa.backups as b\n"
        "b._prove = lambda *_: os._exit(9)\n"  # killed when the copy is there
        "b.restore(Path(sys.argv[1]), Path(sys.argv[2]))"
    )
    again = tmp_path / "again"
    command = [sys.executable, "-c", code, str(tmp_path / "one.backup"), str(again)]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    killed = subprocess.run(command, check=False, env=environment)
    assert killed.returncode == 9
    assert [one.name for one in again.iterdir()] == ["library.db.part"]
    (again / "library.db.part-wal").write_bytes(b"")
    restore(tmp_path / "one.backup", again)
    assert [one.name for one in again.iterdir()] == ["library.db"]
    with Library.open(again, encoder) as library:
        assert library.status().documents == 4


def test_leavings_beside_other_things_and_the_backup_itself_are_not_touched(tmp_path):
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "library.db.part").write_bytes(b"x")
    with pytest.raises(LibraryNotFound, match="other things"):
        restore(folder / "library.db.part", folder)  # a backup of that name is no leaving
    (folder / "mine.txt").write_bytes(b"y")
    (tmp_path / "one.backup").write_bytes(b"z")
    with pytest.raises(LibraryNotFound, match="other things"):
        restore(tmp_path / "one.backup", folder)
    assert sorted(one.name for one in folder.iterdir()) == ["library.db.part", "mine.txt"]


def test_a_missing_file_is_told_before_a_folder_is_made(tmp_path):
    with pytest.raises(BackupError, match="no such file"):
        restore(tmp_path / "none", tmp_path / "again")
    assert not (tmp_path / "again").exists()


def test_the_verbs(tmp_path):
    run = CliRunner()

    def qa(*words):
        result = run.invoke(cli, words, prog_name="qa")
        assert result.exit_code == 0, result.output
        return result.stdout

    (tmp_path / "a.txt").write_text("阅览室九点开放。", encoding="utf-8")
    first, again = str(tmp_path / "library"), str(tmp_path / "again")
    qa("add", str(tmp_path / "a.txt"), "--library", first)
    file = str(tmp_path / "one.backup")
    assert json.loads(qa("backup", file, "--library", first, "--json"))["bytes"] > 0
    assert "1" in qa("restore", file, "--library", again)
    assert "九点" in qa("ask", "阅览室几点开放", "--library", again)
