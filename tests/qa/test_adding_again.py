"""Files whose bytes are what they were are read again only when that is asked for."""

from __future__ import annotations

from dataclasses import replace

import pytest

from qa.library import Library
from qa.previewing import preview
from qa.reading import documents


@pytest.fixture
def docs(tmp_path):
    folder = tmp_path / "docs"
    folder.mkdir()
    (folder / "甲.txt").write_text("考勤管理办法\n职工每天打卡两次。", encoding="utf-8")
    (folder / "乙.txt").write_text("食堂管理办法\n食堂七点开门。", encoding="utf-8")
    (folder / "丙.txt").write_text("会议管理办法\n会议不超过一小时。", encoding="gb18030")
    return folder


@pytest.fixture
def library(tmp_path, encoder, docs, monkeypatch):
    """Give a library that an older version made, which took other titles."""
    with Library.open(tmp_path / "library", encoder) as opened, monkeypatch.context() as older:
        older.setattr(documents, "title_of_text", lambda text: text.split()[0].replace("考勤", ""))
        opened.add(docs)
        opened.add(docs / "丙.txt", encoding="gb18030")
        older.undo()
        yield opened


def held(library):
    return {one.path: (one.title, one.encoding_named) for one in library.documents()}


def test_what_reads_otherwise_now_is_updated_and_all_else_stays(library, docs):
    assert held(library)["甲.txt"] == ("管理办法", False)
    ids = {one.path: library.passages(one)[0].id for one in library.documents()}
    assert library.add(docs).unchanged == ("丙.txt", "乙.txt", "甲.txt")
    foreseen = preview(library.folder, docs, again=True)
    report = library.add(docs, again=True)
    assert replace(report, passages=0) == foreseen
    assert report.updated == ("甲.txt",)
    assert sorted(report.unchanged) == ["丙.txt", "乙.txt"]
    assert held(library)["甲.txt"] == ("考勤管理办法", False)
    assert held(library)["丙.txt"] == ("会议管理办法", True)
    now = {one.path: library.passages(one)[0].id for one in library.documents()}
    assert [path for path in ids if now[path] != ids[path]] == ["甲.txt"]
    assert library.add(docs, again=True).updated == ()


def test_a_file_that_is_named_decides_its_encoding_anew(library, docs):
    assert library.add(docs / "丙.txt", again=True).updated == ("丙.txt",)
    assert held(library)["丙.txt"] == ("会议管理办法", False)
