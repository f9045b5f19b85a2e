"""A file is on disk before it gets its name, and the name before anyone is told."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from embeddings.replacing import make_folder, put_in_place, sync_folder

LINUX = pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="looks into /proc")


@pytest.fixture
def synced(monkeypatch):
    """What is written out, by name, with what the folder holds at that moment."""
    seen, real = [], os.fsync

    def recording(descriptor):
        path = Path(f"/proc/self/fd/{descriptor}").readlink()
        seen.append((path.name, sorted(one.name for one in path.parent.iterdir())))
        real(descriptor)

    monkeypatch.setattr(os, "fsync", recording)
    return seen


@LINUX
def test_the_bytes_come_first_then_the_name(tmp_path, synced):
    folder = tmp_path / "one"
    folder.mkdir()
    (folder / "draft").write_text("new")
    (folder / "file").write_text("old")
    put_in_place(folder / "draft", folder / "file")
    assert synced == [("draft", ["draft", "file"]), ("one", ["one"])]
    assert (folder / "file").read_text() == "new"
    assert [one.name for one in folder.iterdir()] == ["file"]


def test_a_folder_that_stands_in_its_place_goes(tmp_path):
    (tmp_path / "draft").write_text("new")
    (tmp_path / "file").mkdir()
    (tmp_path / "file" / "something").write_text("else")
    put_in_place(tmp_path / "draft", tmp_path / "file")
    assert (tmp_path / "file").read_text() == "new"


def test_without_a_draft_the_file_stays(tmp_path):
    (tmp_path / "file").write_text("old")
    with pytest.raises(FileNotFoundError):
        put_in_place(tmp_path / "draft", tmp_path / "file")
    assert (tmp_path / "file").read_text() == "old"


@LINUX
def test_every_folder_that_was_made_is_written_in_the_one_above_it(tmp_path, synced):
    make_folder(tmp_path / "a" / "b")
    assert [name for name, _ in synced] == [tmp_path.name, "a"]
    make_folder(tmp_path / "a" / "b")
    assert len(synced) == 2
    sync_folder(tmp_path / "a")
    assert len(synced) == 3


def test_a_file_where_a_folder_should_be_stays(tmp_path):
    (tmp_path / "a").write_text("mine")
    with pytest.raises(OSError, match="a"):
        make_folder(tmp_path / "a")
    assert (tmp_path / "a").read_text() == "mine"
