"""Files whose bytes are what they were cost one hash; the others are followed, whatever they hide.

Every text here has the same length, and every file keeps the times it had: only bytes tell.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa import filling, sharing
from qa.adding import plan, stands
from qa.library import Library
from qa.previewing import preview
from qa.reading import digests
from qa.reading.digests import digest_of
from qa.store import Key
from qa.work import Bench
from tests.fakes import FakeEncoder

NAMES = ["甲.txt", "乙.txt", "子/甲.txt", "子/丙 丁.md", "😀.txt"]
TEXTS = ["工会驿站全年开放。", "骑手之家已经揭牌。", "困难职工可以申请。", "法律援助不收费用。"]
FILES = dict(zip(NAMES, TEXTS * 2, strict=False))
WHEN = (1_700_000_000_000_000_000, 1_700_000_000_000_000_000)

folders = st.dictionaries(st.sampled_from(NAMES), st.sampled_from(TEXTS), min_size=1)


def put(folder: Path, files: dict[str, str]) -> None:
    """Make a folder hold these files and no others, all of one size and one time.

    Of a folder that is empty nothing is removed, so there is none.
    """
    for file in folder.rglob("*"):
        if file.is_file() and file.relative_to(folder).as_posix() not in files:
            file.unlink()
    if not any(name.startswith("子/") for name in files) and (folder / "子").exists():
        (folder / "子").rmdir()
    for name, text in files.items():
        file = folder / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(text, encoding="utf-8")
        os.utime(file, ns=WHEN)


@settings(max_examples=8, deadline=None)
@given(st.lists(folders, min_size=2, max_size=4))
def test_whatever_moves_between_files_of_one_size_and_time_is_followed(states):
    with tempfile.TemporaryDirectory() as passing:
        folder = Path(passing).resolve() / "资料"
        folder.mkdir()
        before: dict[str, str] = {}
        with Library.open(Path(passing) / "library", FakeEncoder()) as library:
            for files in states:
                put(folder, files)
                foreseen = preview(Path(passing) / "library", folder)
                report = library.add(folder)
                both = before.keys() & files.keys()
                assert set(report.added) == files.keys() - before.keys()
                assert set(report.removed) == before.keys() - files.keys()
                assert set(report.updated) == {one for one in both if before[one] != files[one]}
                assert set(report.unchanged) == {one for one in both if before[one] == files[one]}
                assert foreseen.unchanged == report.unchanged
                assert sorted(foreseen.updated) == sorted(report.updated)
                held = {one.path: one.text.strip() for one in library.documents()}
                assert held == files
                before = files


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "资料").mkdir()
    put(tmp_path / "资料", FILES)
    return tmp_path / "资料"


def test_nothing_is_read_and_nobody_is_asked_where_nothing_changed(
    tmp_path, folder, encoder, monkeypatch
):
    with Library.open(tmp_path / "library", encoder) as library:
        library.add(folder)

        def refuse(*_, **__):
            raise AssertionError("an unchanged file costs one hash")

        monkeypatch.setattr(sharing, "ALONE_BYTES", 0)
        monkeypatch.setattr(sharing, "Crew", refuse)
        monkeypatch.setattr(Bench, "items", refuse)
        told = []
        report = library.add(folder, lambda done, total: told.append((done, total)))
    assert len(report.unchanged) == len(NAMES)
    assert told == [(number, len(NAMES)) for number in range(1, len(NAMES) + 1)]


def test_progress_counts_the_unchanged_before_the_rest(tmp_path, folder, encoder):
    with Library.open(tmp_path / "library", encoder) as library:
        library.add(folder)
        put(
            folder,
            {**FILES, "甲.txt": "改了。", "0.txt": "新。"},
        )
        told = []
        report = library.add(folder, lambda done, total: told.append((done, total)))
    assert (report.added, report.updated) == (("0.txt",), ("甲.txt",))
    assert told == [(number, 6) for number in range(1, 7)]


def test_what_stands_in_an_archive_is_known_by_its_bytes_too(tmp_path, encoder):
    file = tmp_path / "包.zip"

    def pack(*texts):
        with zipfile.ZipFile(file, "w") as archive:
            for number, text in enumerate(texts):
                archive.writestr(f"{number}.txt", text)

    pack(*TEXTS)
    with Library.open(tmp_path / "library", encoder) as library:
        assert len(library.add(file).added) == len(TEXTS)
        assert len(library.add(file).unchanged) == len(TEXTS)
        pack(TEXTS[1], TEXTS[0], *TEXTS[2:])
        report = library.add(file)
    assert report.updated == ("包.zip/0.txt", "包.zip/1.txt")
    assert report.unchanged == ("包.zip/2.txt", "包.zip/3.txt")


def test_a_file_that_goes_between_the_hash_and_the_reading_is_reported(
    tmp_path, folder, encoder, monkeypatch
):
    with Library.open(tmp_path / "library", encoder) as library:
        library.add(folder)
        put(folder, {**FILES, "甲.txt": "改了。"})
        real = filling.shared

        def gone(*given):
            (folder / "甲.txt").unlink()
            return real(*given)

        monkeypatch.setattr(filling, "shared", gone)
        report = library.add(folder)
        assert [one.path for one in report.failed] == ["甲.txt"]
        assert {one.path for one in library.documents()} == set(NAMES)


def test_an_encoding_that_is_named_has_text_read_again_though_its_bytes_are_the_same(folder):
    [task] = plan([folder / "甲.txt"], []).tasks
    key = Key(1, task.root, task.path, digest_of(task.location) or "")
    assert stands(task, key)
    assert not stands(task, key, encoding="gb18030")
    assert not stands(task, None)


def test_a_digest_is_of_all_bytes_and_of_no_more_than_is_read(tmp_path, monkeypatch):
    file = tmp_path / "大.txt"
    file.write_bytes(b"a" * 200_001)
    assert digest_of(str(file)) == hashlib.sha256(b"a" * 200_001).hexdigest()
    monkeypatch.setattr(digests, "MOST_FILE_BYTES", 200_001)
    assert digest_of(str(file)) is not None
    monkeypatch.setattr(digests, "MOST_FILE_BYTES", 200_000)
    assert digest_of(str(file)) is None


def test_what_is_no_file_has_no_digest(tmp_path):
    (tmp_path / "a.zip").write_bytes(b"")
    for path in (tmp_path, tmp_path / "没有", tmp_path / "a.zip" / "内.txt"):
        assert digest_of(str(path)) is None
