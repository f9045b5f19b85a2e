"""An encoding that the user named is recorded, and undone by adding the file itself without it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from qa.library import Library
from qa.previewing import preview

TEXT = "县级工会驿站全年开放，为户外劳动者提供热饭和饮水。"


@pytest.fixture
def docs(tmp_path):
    folder = tmp_path / "docs"
    folder.mkdir()
    (folder / "甲.txt").write_text(TEXT, encoding="gb18030")
    (folder / "乙.txt").write_text("另一份。", encoding="utf-8")
    return folder


@pytest.fixture
def library(tmp_path, encoder):
    with Library.open(tmp_path / "library", encoder) as opened:
        yield opened


def held(library, path="甲.txt"):
    [document] = [one for one in library.documents() if one.path == path]
    return document.encoding, document.encoding_named, document.text == TEXT


def test_a_wrong_encoding_is_undone_by_adding_the_file_again(library, docs):
    library.add(docs / "甲.txt", encoding="shift_jisx0213")
    assert held(library) == ("shift-jisx0213", True, False)
    foreseen = preview(library.folder, docs / "甲.txt")
    assert foreseen.updated == ("甲.txt",)
    report = library.add(docs / "甲.txt")
    assert replace(report, passages=0) == foreseen
    assert held(library) == ("gb18030", False, True)
    assert library.add(docs / "甲.txt").unchanged == ("甲.txt",)
    assert preview(library.folder, docs / "甲.txt").unchanged == ("甲.txt",)


def test_below_its_folder_a_named_encoding_is_kept(library, docs):
    library.add(docs / "甲.txt", encoding="gb18030")
    for sources in (docs, [docs]):
        assert "甲.txt" in preview(library.folder, sources).unchanged
        library.add(sources)
        assert held(library) == ("gb18030", True, True)
    assert library.add([docs, docs / "甲.txt"]).updated == ("甲.txt",)  # in either order
    assert held(library) == ("gb18030", False, True)


def test_a_changed_file_is_decided_anew_wherever_it_is_met(library, docs):
    library.add(docs / "甲.txt", encoding="shift_jisx0213")
    (docs / "甲.txt").write_text(TEXT, encoding="utf-8")
    assert "甲.txt" in library.add(docs).updated
    assert held(library) == ("utf-8", False, True)


def test_a_format_that_has_no_encoding_records_none(library, docs):
    (docs / "信.eml").write_bytes(b"Subject: a\n\nhello there")
    library.add(docs / "信.eml", encoding="gb18030")
    assert held(library, "信.eml") == ("", False, False)
    assert library.add(docs / "信.eml").unchanged == ("信.eml",)


def test_a_rebuild_keeps_what_was_named(library, docs, encoder):
    library.add(docs / "甲.txt", encoding="gb18030")
    Library.rebuild(library.folder, encoder)
    assert held(library) == ("gb18030", True, True)


@pytest.mark.parametrize("name", ["big5", "utf_16"])
def test_a_file_not_in_the_encoding_named_is_refused_by_that_name(tmp_path, library, name):
    (tmp_path / "丙.txt").write_bytes("县级工会。".encode("gb18030") + b"\xff\xfe\xd8")

    report = library.add(tmp_path / "丙.txt", encoding=name)

    assert report.failed[0].reason.startswith(f"not {name}: byte ")
