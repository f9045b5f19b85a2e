"""Each way a disk fails has its own name and remedy."""

from __future__ import annotations

import errno
import sqlite3
from pathlib import Path

import pytest

from qa.errors import Fault
from qa.faults import database_fault, file_fault, is_full

FOLDER = Path("/somewhere/library")


@pytest.mark.parametrize(
    ("text", "fault", "remedy"),
    [
        ("database or disk is full", Fault.DISK_FULL, "free some space"),
        ("disk I/O error", Fault.DISK_FULL, "free some space"),
        ("attempt to write a readonly database", Fault.NO_ACCESS, "may be written"),
        ("unable to open database file", Fault.NO_ACCESS, "folder exists"),
        ("database is locked", Fault.BUSY, "try again"),
        ("database table is locked", Fault.BUSY, "try again"),
        ("database disk image is malformed", Fault.DAMAGED, "restore a copy"),
        ("file is not a database", Fault.DAMAGED, "restore a copy"),
    ],
)
def test_what_sqlite_says_is_named_and_helped(text, fault, remedy):
    error = database_fault(FOLDER / "library.db", sqlite3.OperationalError(text))
    assert (error.fault, error.folder) == (fault, FOLDER)
    assert text in str(error)
    assert remedy in str(error)


@pytest.mark.parametrize(
    "error",
    [
        UnicodeDecodeError("utf-8", b"\xf8", 0, 1, "invalid start byte"),
        sqlite3.OperationalError("Could not decode to UTF-8 column 'text' with text '工会\n驿站'"),
    ],
)
def test_text_that_cannot_be_decoded_is_damage_and_is_not_shown(error):
    said = database_fault(FOLDER / "library.db", error)
    assert said.fault is Fault.DAMAGED
    assert "工会" not in str(said)
    assert "\n" not in str(said)


@pytest.mark.parametrize(
    ("error", "full"),
    [
        (OSError(errno.ENOSPC, "x"), True),
        (OSError(errno.EDQUOT, "x"), True),
        (OSError(errno.EFBIG, "x"), True),
        (OSError(errno.EACCES, "x"), False),
        (ValueError("An IO error occurred: 'No space left on device (os error 28)'"), True),
        (ValueError("An IO error occurred: 'x (os error 2)'"), False),
        (OSError("no number"), False),
    ],
)
def test_a_full_disk_is_told_from_other_errors(error, full):
    assert is_full(error) is full
    fault = file_fault(FOLDER, error)
    assert fault.fault is (Fault.DISK_FULL if full else Fault.NO_ACCESS)
    assert str(FOLDER) in str(fault)


def test_a_writer_that_dies_on_a_disk_with_nothing_left_means_a_full_disk(tmp_path, monkeypatch):
    usage = type("Usage", (), {"free": 100_000})
    monkeypatch.setattr("qa.faults.shutil.disk_usage", lambda _: usage)
    full = file_fault(tmp_path, ValueError("An index writer was killed.. A worker thread panicked"))
    assert full.fault is Fault.DISK_FULL
    assert "(No space left on device): free some space and run the command again" in str(full)
    monkeypatch.setattr(usage, "free", 10**9)
    broken = file_fault(
        tmp_path, ValueError("An index writer was killed.. A worker thread panicked")
    )
    assert broken.fault is Fault.NO_ACCESS
    assert "worker thread" not in str(broken)


@pytest.mark.parametrize(
    "error",
    [
        OSError(errno.EROFS, "Read-only file system"),
        ValueError("An IO error occurred: 'Read-only file system (os error 30)'"),
    ],
)
def test_a_disk_that_may_not_be_written_is_not_called_full(tmp_path, monkeypatch, error):
    usage = type("Usage", (), {"free": 0})  # as of a CD
    monkeypatch.setattr("qa.faults.shutil.disk_usage", lambda _: usage)
    fault = file_fault(tmp_path, error)
    assert fault.fault is Fault.NO_ACCESS
    assert "Read-only file system" in str(fault)
