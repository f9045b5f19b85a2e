"""A library that may only be read: asked all the same, also while one with more rights writes."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys

import pytest

from qa.connecting import connect, may_write
from qa.library import Library
from tests.fakes import delete_folder
from tests.qa.test_library_disk import ROOT, filled, notice, tmp_path  # noqa: F401 - fixtures

ROOT_ONLY = pytest.mark.skipif(os.geteuid() != 0, reason="needs to be root to become another user")

# In the child: `warm` loads what only root may load here, then the rights are given away.
HEAD = f"""
import os, sys
sys.path[:0] = [{str(ROOT)!r}]
from qa.errors import LibraryDamaged
from qa.library import Library
from tests.fakes import FakeEncoder
from tests.qa.test_library_disk import notice

def found(library):
    return len(library.search('工会驿站', k=99))

def refused(write):
    try:
        write()
    except LibraryDamaged as error:
        return error.fault.value

with Library.open(sys.argv[2], FakeEncoder()) as warm:
    # All that is loaded late is loaded now: later this user may not even read where it lies.
    warm.add([notice('新'), notice('旧')])
    found(warm)
    warm.remove('旧')
    found(warm)
os.setgid(65534)
os.setuid(65534)
"""


def child(code, *arguments):
    """Start Python code as a user without rights; talk to it by lines."""
    return subprocess.Popen(
        [sys.executable, "-c", HEAD + code, *map(str, arguments)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def closed_to_writing(folder):
    for place in (folder, *folder.rglob("*")):
        place.chmod(0o555 if place.is_dir() else 0o444)


def said(process, line=""):
    """Give the line that the child says next, after having been told one."""
    process.stdin.write(line + "\n")
    process.stdin.flush()
    answer = process.stdout.readline().strip()
    assert answer, process.communicate()[1]
    return answer


ASKED = """
with Library.open(sys.argv[1], FakeEncoder()) as library:
    status = library.status()
    print(found(library), status.terms, status.passages, len(list(library.documents())),
          len(library.verify().problems), library.damage(),
          refused(lambda: library.add(notice('新'))), refused(lambda: library.remove('1')),
          refused(lambda: library.set_calibration(None)))
print(refused(lambda: Library.rebuild(sys.argv[1], FakeEncoder())))
"""


@ROOT_ONLY
def test_all_that_only_reads_works_and_nothing_is_left(filled):  # noqa: F811
    closed_to_writing(filled)
    before = sorted(filled.rglob("*"))
    process = child(ASKED, filled, filled.parent / "warm")
    said_all, errors = process.communicate(timeout=180)
    assert said_all.split() == [
        *["6", "6", "6", "6", "0", "None", "no_access", "no_access", "no_access"],
        "no_access",
    ]
    assert sorted(filled.rglob("*")) == before
    assert errors == ""


@ROOT_ONLY
def test_without_its_term_index_it_is_asked_and_says_that_less_is_found(filled):  # noqa: F811
    delete_folder(filled / "terms")
    closed_to_writing(filled)
    code = "with Library.open(sys.argv[1], FakeEncoder()) as library:\n    print(found(library))"
    said_all, errors = child(code, filled, filled.parent / "warm").communicate(timeout=180)
    assert said_all.split() == ["6"]
    assert "has no term index" in errors
    assert "Traceback" not in errors


FOLLOWING = """
with Library.open(sys.argv[1], FakeEncoder()) as library:
    for line in sys.stdin:
        titles = sorted(library.titles())
        print(found(library), library.status().terms, len(titles), flush=True)
"""


@ROOT_ONLY
def test_what_another_writes_meanwhile_is_seen(filled, encoder):  # noqa: F811
    closed_to_writing(filled)
    process = child(FOLLOWING, filled, filled.parent / "warm")
    try:
        assert said(process) == "6 6 6"
        with Library.open(filled, encoder) as library:  # as root, to whom all is open
            library.add(notice("七"))
            assert said(process) == "7 7 7"  # its log is there
            library.add([notice("八"), notice("九")])
            assert said(process) == "9 9 9"
        assert said(process) == "9 9 9"  # and gone again
        with Library.open(filled, encoder) as library:
            library.remove("八")
        assert said(process) == "8 8 8"
    finally:
        process.kill()
        process.communicate()


@ROOT_ONLY
def test_an_older_format_says_that_it_cannot_be_brought_up(filled):  # noqa: F811
    connection = sqlite3.connect(filled / "library.db")
    connection.execute("DROP TABLE feedback")
    connection.execute("PRAGMA user_version = 1")
    connection.close()
    closed_to_writing(filled)
    code = "Library.open(sys.argv[1], FakeEncoder())"
    _, errors = child(code, filled, filled.parent / "warm").communicate(timeout=180)
    assert "LibraryOutdated: " in errors
    assert "library format 1 and may only be read: have someone who may write there" in errors


def test_a_connection_without_locks_notices_every_change(tmp_path, monkeypatch):  # noqa: F811
    file = tmp_path / "库 #1?.db"  # signs that mean something in an address
    writer = sqlite3.connect(file)
    writer.execute("CREATE TABLE t (x)")
    writer.commit()
    assert may_write(file)
    monkeypatch.setattr("qa.connecting.may_write", lambda file: False)
    reader = connect(file)
    assert reader.read_only
    assert reader.execute("SELECT COUNT(*) FROM t").fetchone() == (0,)
    assert not reader.stale
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        reader.execute("INSERT INTO t VALUES (1)")
    writer.execute("INSERT INTO t VALUES (1)")
    writer.commit()
    assert reader.stale
    reader.close()
    again = connect(file)
    assert again.execute("SELECT COUNT(*) FROM t").fetchone() == (1,)
    writer.execute("PRAGMA journal_mode = WAL")
    writer.execute("INSERT INTO t VALUES (2)")
    writer.commit()
    assert again.stale
    again.close()
    logged = connect(file)
    assert logged.execute("SELECT COUNT(*) FROM t").fetchone() == (2,)
    assert not logged.stale
    logged.close()
    writer.close()


def test_a_library_that_may_be_written_is_opened_as_ever(tmp_path, encoder):  # noqa: F811
    with Library.open(tmp_path / "library", encoder) as library:
        library.add(notice("一"))
        assert len(library.search("工会驿站")) == 1
        assert not connect(tmp_path / "library" / "library.db").read_only
