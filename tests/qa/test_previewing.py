"""A preview says what an add then does, and writes nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest

from qa.errors import LibraryNotFound
from qa.library import Library
from qa.previewing import preview


@pytest.fixture
def docs(tmp_path):
    folder = tmp_path / "docs"
    folder.mkdir()
    for name in ("甲", "乙", "丙"):
        (folder / f"{name}.txt").write_text(f"{name}的内容。", encoding="utf-8")
    return folder


def test_a_preview_is_what_add_does(tmp_path, docs, encoder):
    place = tmp_path / "library"
    seen = []
    first = preview(place, docs, lambda done, total: seen.append((done, total)))
    assert not place.exists()
    assert seen == [(1, 3), (2, 3), (3, 3)]
    with Library.open(place, encoder) as library:
        assert replace(library.add(docs), passages=0) == first
    # One file takes over another's old text, one moves, one breaks.
    old = (docs / "甲.txt").read_bytes()
    (docs / "甲.txt").write_text("全新。", encoding="utf-8")
    (docs / "乙.txt").write_bytes(old)
    (docs / "丙.txt").rename(docs / "丁.txt")
    (docs / "戊.txt").write_bytes(b"\0\1")
    second = preview(place, docs)
    assert second.updated == ("乙.txt", "甲.txt")
    assert (second.added, second.removed) == (("丁.txt",), ("丙.txt",))
    assert [one.path for one in second.failed] == ["戊.txt"]
    with Library.open(place, encoder) as library:
        assert library.status().documents == 3
        assert replace(library.add(docs), passages=0) == second
        texts = {one.path: one.text for one in library.documents()}
    assert texts == {"乙.txt": "甲的内容。", "甲.txt": "全新。", "丁.txt": "丙的内容。"}


def test_a_folder_of_other_things_is_no_library(docs, tmp_path):
    with pytest.raises(LibraryNotFound):
        preview(docs, tmp_path)
