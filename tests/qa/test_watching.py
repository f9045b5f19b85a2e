"""Changes below folders are told once all of them are there; the library's own do not count."""

from __future__ import annotations

from threading import Event

from qa.watching import changes


def test_changes_are_told_after_a_first_look(tmp_path):
    docs, library = tmp_path / "docs", tmp_path / "library"
    docs.mkdir()
    library.mkdir()
    stop = Event()
    told = changes([docs, library], ignore=library, stop=stop)
    assert next(told) == frozenset()
    (library / "library.db").write_text("x", encoding="utf-8")
    draft = tmp_path / "draft"
    draft.write_text("工会", encoding="utf-8")
    draft.rename(docs / "甲 乙.txt")  # there at once: no machine is too slow between two changes
    assert next(told) == frozenset({docs / "甲 乙.txt"})
    stop.set()
    assert list(told) == []
