"""Changes below folders are told once all of them are there; the library's own do not count."""

from __future__ import annotations

from threading import Event

from qa.watching import changes, is_there


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


def test_a_folder_that_vanishes_is_followed_again_when_it_is_back(tmp_path):
    docs, other = tmp_path / "docs", tmp_path / "other"
    docs.mkdir()
    other.mkdir()
    stop = Event()
    told = changes([docs, other], ignore=tmp_path / "library", stop=stop)
    assert next(told) == frozenset()
    docs.rename(tmp_path / "away")
    assert next(told) == frozenset({docs})
    assert not is_there(docs)
    (tmp_path / "away").rename(docs)
    assert next(told) == frozenset({docs})
    (tmp_path / "draft").touch()
    (tmp_path / "draft").rename(docs / "甲.txt")
    assert next(told) == frozenset({docs / "甲.txt"})
    stop.set()
    assert list(told) == []


def test_what_is_not_there_yet_is_waited_for(tmp_path):
    docs, stop = tmp_path / "docs", Event()
    told = changes([docs], ignore=tmp_path / "library", stop=stop)
    assert next(told) == frozenset()
    docs.mkdir()
    assert next(told) == frozenset({docs})
    stop.set()
    assert list(told) == []


def test_a_file_that_another_takes_the_place_of_is_followed_on(tmp_path):
    file, stop = tmp_path / "甲.txt", Event()
    told = changes([file], ignore=tmp_path / "library", stop=stop)
    file.touch()
    assert next(told) == frozenset()
    for _ in range(2):  # as editors save
        (tmp_path / "draft").touch()
        (tmp_path / "draft").replace(file)
        assert file in next(told)
    stop.set()
    list(told)
