"""Long work tells which source it reads before it reads it."""

from __future__ import annotations

import pytest

from qa import sharing
from qa.library import Library
from qa.previewing import preview
from qa.records import Document
from qa.telling import Following, begin
from tests.fakes import FakeEncoder


class Told:
    """Progress that keeps what it is told."""

    def __init__(self):
        self.told = []

    def __call__(self, done, total):
        self.told.append((done, total))

    def begin(self, path):
        self.told.append(path)

    def within(self, done, total):
        raise AssertionError("none of these is long")


NAMES = ["甲.txt", "乙.txt", "丙.txt"]
EACH = ["丙.txt", (1, 3), "乙.txt", (2, 3), "甲.txt", (3, 3)]


@pytest.fixture
def folder(tmp_path):
    place = tmp_path / "docs"
    place.mkdir()
    for name in NAMES:
        (place / name).write_text(f"枫林县总工会发布了通知{name[0]}。", encoding="utf-8")
    return place


@pytest.mark.parametrize("alone", [True, False])
def test_adding_names_each_file_before_it_is_read(tmp_path, folder, monkeypatch, alone):
    monkeypatch.setattr("qa.writing.BATCH_CHARS", 1)
    if not alone:
        monkeypatch.setattr(sharing, "ALONE_BYTES", 0)
        monkeypatch.setattr(sharing, "cores", lambda: 2)
    told = Told()
    with Library.open(tmp_path / "library", FakeEncoder()) as library:
        library.add(folder, told)
        assert told.told == EACH
        (folder / "乙.txt").write_text("改了。", encoding="utf-8")
        again = Told()
        library.add([folder, Document.from_text("新。", path="新")], again)
    assert again.told == [(1, 4), (2, 4), "乙.txt", (3, 4), "新", (4, 4)]


def test_looking_verifying_and_rebuilding_name_them_too(tmp_path, folder):
    looking, verifying, rebuilding = Told(), Told(), Told()
    preview(tmp_path / "library", folder, looking)
    with Library.open(tmp_path / "library", FakeEncoder()) as library:
        library.add(folder)
        library.verify(verifying)
    Library.rebuild(tmp_path / "library", FakeEncoder(), progress=rebuilding)
    assert looking.told == verifying.told == rebuilding.told == EACH


def test_opening_a_library_that_lost_its_index_tells_how_far_it_is(tmp_path, folder):
    with Library.open(tmp_path / "library", FakeEncoder()) as library:
        library.add(folder)
    for file in (tmp_path / "library" / "terms").iterdir():
        file.unlink()
    told = Told()
    for _ in range(2):  # the second time there is nothing to do
        Library.open(tmp_path / "library", FakeEncoder(), progress=told).close()
    assert told.told == [(1, 3), (2, 3), (3, 3)]


def test_a_plain_function_is_told_numbers_only():
    calls = []
    begin(lambda *given: calls.append(given), "甲.txt")
    begin(None, "甲.txt")
    assert calls == []
    assert isinstance(Told(), Following)
