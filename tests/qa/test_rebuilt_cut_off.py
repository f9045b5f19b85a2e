"""A rebuild cut off between its two commits, the database's and the term index's, loses nothing."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from qa import work
from qa.library import Library
from qa.records import Document
from qa.term_state import State, take_announced
from tests.fakes import FakeEncoder

ROOT = Path(__file__).parents[2]
# A rebuild that is killed where it says, before or after what is done there.
KILLED = """
import importlib, os, signal, sys
sys.path[:0] = [sys.argv[1]]
from qa.library import Library
from tests.fakes import FakeEncoder
module, name, method = sys.argv[3].rsplit(".", 2)
of = getattr(importlib.import_module(module), name)
real = getattr(of, method)
def killed(self, *given):
    if sys.argv[4] == "after":
        real(self, *given)
    os.kill(os.getpid(), signal.SIGKILL)
setattr(of, method, killed)
Library.rebuild(sys.argv[2], FakeEncoder())
"""


def notice(number):
    return Document.from_text(f"工会驿站第{number}号今天开放。", path=f"{number}", title="通知")


@pytest.fixture
def folder(tmp_path):
    with Library.open(tmp_path / "library", FakeEncoder()) as library:
        library.add([notice(n) for n in range(8)])
    return tmp_path / "library"


@pytest.fixture
def cut(monkeypatch):
    """The ids of documents that are cut again."""
    found, real = [], work.cut_again

    def noting(one, maker):
        found.append(one.document_id)
        return real(one, maker)

    monkeypatch.setattr(work, "cut_again", noting)
    return found


def killed(folder, moment, when):
    command = [sys.executable, "-c", KILLED, str(ROOT), str(folder), moment, when]
    done = subprocess.run(command, capture_output=True, check=False)
    assert done.returncode == -signal.SIGKILL, done.stderr.decode()


def assert_whole(folder, ids):
    with Library.open(folder, FakeEncoder()) as library:
        assert {hit.document.path for hit in library.search("工会驿站", k=99)} == set("01234567")
        assert library.verify(deep=True).indexes == ()
        assert [one.document_id for one in library._store.document_keys()] == list(ids)
        library.add(notice(7))
    terms = folder / "terms"
    assert not (terms / "next.json").exists()
    assert sum(one.is_dir() for one in terms.iterdir()) <= 1


@pytest.mark.parametrize(
    ("moment", "when"),
    [
        ("qa.feeding.Feed.settle", "before"),  # the database has committed, nothing else is done
        ("qa.terms.TermIndex.complete", "before"),
        ("qa.terms.TermIndex.complete", "after"),
        ("qa.indexes.Indexes.clear_vectors", "before"),
    ],
)
def test_killed_between_the_two_commits_nothing_is_cut_again(folder, cut, moment, when):
    killed(folder, moment, when)
    assert_whole(folder, range(9, 17))
    assert cut == []


@pytest.mark.parametrize("when", ["before", "after"])
def test_killed_before_the_first_commit_all_is_as_it_was(folder, cut, when):
    killed(folder, "qa.feeding.Feed.write_out", when)
    assert (folder / "terms" / "next.json").exists() == (when == "after")
    assert_whole(folder, range(1, 9))
    assert cut == []


def test_what_was_announced_by_a_rebuild_that_never_was_is_not_believed(folder, cut):
    """The generation it was announced for is reached by something else."""
    killed(folder, "qa.feeding.Feed.write_out", "after")
    terms = folder / "terms"
    announced = json.loads((terms / "next.json").read_text(encoding="utf-8"))
    with Library.open(folder, FakeEncoder()) as library:
        with library._store.writing() as writing:
            writing.remove(3)
        assert library._store.generation == announced["generation"]
    assert State.read(terms).part != announced["part"]
    with Library.open(folder, FakeEncoder()) as library:
        assert "2" not in {hit.document.path for hit in library.search("工会驿站", k=99)}
        assert library.verify(deep=True).indexes == ()
    assert cut == []


def test_what_was_announced_and_is_damaged_is_made_anew(folder, cut):
    killed(folder, "qa.feeding.Feed.settle", "before")
    part = json.loads((folder / "terms" / "next.json").read_text(encoding="utf-8"))["part"]
    (folder / "terms" / part / "meta.json").write_bytes(b"{")
    assert_whole(folder, range(9, 17))
    assert sorted(cut) == list(range(9, 17))


def test_one_that_came_late_does_not_take_the_place_of_a_later_one(tmp_path):
    State("words-1", 9, "part2").write(tmp_path)
    word = State("words-1", 8, "part1").announce(tmp_path)
    take_announced(tmp_path, word)
    assert State.read(tmp_path) == State("words-1", 9, "part2")
    assert [one.name for one in tmp_path.iterdir()] == ["state.json"]


@pytest.mark.parametrize("content", ["", "[]", "{}", "7", '{"word": 3, "part": "x", "more": 1}'])
def test_a_damaged_announcement_is_forgotten(tmp_path, content):
    (tmp_path / "next.json").write_text(content, encoding="utf-8")
    take_announced(tmp_path, None)
    assert os.listdir(tmp_path) == []  # noqa: PTH208 - names only


def test_a_folder_in_its_place_is_cleared_away(folder):
    (folder / "terms" / "next.json" / "more").mkdir(parents=True)
    assert_whole(folder, range(1, 9))


@pytest.mark.parametrize("left", ["nothing", "a file"])
def test_where_the_index_has_no_folder_nothing_was_announced(folder, left):
    shutil.rmtree(folder / "terms")
    if left == "a file":
        (folder / "terms").write_text("else", encoding="utf-8")
    assert_whole(folder, range(1, 9))
