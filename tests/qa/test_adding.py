"""A plan names every file once and only what is really gone; a change is told by key and digest."""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
from pathlib import Path

import pytest

from qa import adding
from qa.adding import Change, as_sources, changes, named, plan
from qa.errors import SourceNotFound
from qa.reading import Reader
from qa.records import Document, Skipped
from qa.store import Key
from tests import office

NO_TEXT = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8


@pytest.fixture
def files(tmp_path):
    """A folder with three texts, one of them deeper."""
    folder = tmp_path / "docs"
    (folder / "子").mkdir(parents=True)
    for name in ("a.txt", "b.md", "子/c.txt"):
        (folder / name).write_text(f"{name}的内容。\n", encoding="utf-8")
    return folder


def key(file, number=1, *, root=None, digest=None):
    root = root or file.parent
    digest = digest or hashlib.sha256(file.read_bytes()).hexdigest()
    return Key(number, root.as_posix(), file.relative_to(root).as_posix(), digest)


def keys_of(folder):
    files = sorted(one for one in folder.rglob("*") if one.is_file())
    return [key(file, number, root=folder) for number, file in enumerate(files, start=1)]


def worked(sources, keys):
    """Work a plan off; give the changes and the report."""
    todo = plan(as_sources(sources), keys)
    done = adding.Progress(skipped=list(todo.skipped))
    return [one for one in changes(todo, keys, done) if one is not None], done.report()


def paths(found):
    return [one.task.path for one in found]


@pytest.mark.parametrize("one", ["a.txt", Path("a.txt"), Document.from_text("a", path="a")])
def test_one_source_is_a_list_of_one(one):
    assert as_sources(one) == [one]
    assert as_sources(iter([one, one])) == [one, one]


def test_a_new_folder_is_all_new(files):
    found, report = worked(files, [])
    assert paths(found) == ["a.txt", "b.md", "子/c.txt"]
    assert all(isinstance(one, Change) and one.replaces is None for one in found)
    assert {one.document.source for one in found} == {files.as_posix()}
    assert found[2].document.text.strip() == "子/c.txt的内容。"
    assert report.unchanged == report.removed == ()


def test_unchanged_files_are_not_read_as_documents(files, monkeypatch):
    monkeypatch.setattr(Reader, "read", None)
    found, report = worked(files, keys_of(files))
    assert found == []
    assert report.unchanged == ("a.txt", "b.md", "子/c.txt")


def test_a_changed_file_replaces_its_own_older_version(files):
    keys = keys_of(files)
    (files / "b.md").write_text("新的内容。", encoding="utf-8")
    [change], report = worked(files, keys)
    assert (change.task.path, change.replaces) == ("b.md", keys[1])
    assert report.unchanged == ("a.txt", "子/c.txt")


def test_one_file_changes_while_another_takes_its_old_text(files):
    keys = keys_of(files)
    old = (files / "a.txt").read_bytes()
    (files / "a.txt").write_text("全新。", encoding="utf-8")
    (files / "b.md").write_bytes(old)
    (files / "d.txt").write_bytes(old)
    found, _ = worked(files, keys)
    assert [(one.task.path, one.replaces) for one in found] == [
        ("a.txt", keys[0]),
        ("b.md", keys[1]),
        ("d.txt", None),
    ]
    assert [one.document.text.strip() for one in found] == ["全新。", *["a.txt的内容。"] * 2]


def test_files_that_are_gone_from_an_added_folder_are_gone(files):
    (files / "子" / "d.txt").write_text("丁。", encoding="utf-8")
    keys = keys_of(files)
    (files / "子" / "c.txt").unlink()
    assert plan([files], keys).gone == (keys[2],)
    assert plan([files / "子"], keys).gone == (keys[2],)
    assert plan([files / "a.txt"], keys).gone == ()  # only what stood below what is added
    shutil.rmtree(files / "子")
    assert plan([files], keys).gone == (keys[2], keys[3])


@pytest.mark.parametrize("left", [(), (".directory",), ("Thumbs.db", "Desktop.ini")])
def test_of_a_folder_that_is_empty_nothing_is_gone(files, left):
    """It looks like a share that is not mounted, with folders below it or without."""
    (files / "子" / "孙").mkdir()
    (files / "子" / "孙" / "d.txt").write_text("丁。", encoding="utf-8")
    keys = keys_of(files)
    shutil.rmtree(files / "子" / "孙")
    (files / "子" / "c.txt").unlink()
    for name in left:
        (files / "子" / name).touch()
    for source in (files, files / "子"):
        todo = plan([source], keys)
        assert todo.gone == ()
        [one] = todo.failed
        assert one.path == (files / "子").as_posix()
        assert "(2) are kept" in one.reason
    (files / "a.txt").unlink()
    assert plan([files], keys).gone == (keys[0],)  # as ever beside it


@pytest.mark.parametrize("left", ["合影.jpg", "缓存.db", "thumbs.db.bak"])
def test_a_folder_in_which_somebody_left_a_file_is_not_empty(files, left):
    keys = keys_of(files)
    (files / "子" / "c.txt").unlink()
    (files / "子" / left).touch()
    assert plan([files], keys).gone == (keys[2],)


def test_of_an_empty_folder_that_held_nothing_nothing_is_said(files):
    (files / "空").mkdir()
    assert plan([files], keys_of(files)).failed == ()


def test_what_stood_in_an_archive_that_is_deleted_is_kept_where_nothing_else_is(tmp_path):
    folder = tmp_path / "share"
    folder.mkdir()
    inside = Key(1, folder.as_posix(), "a.zip/b.txt", "0")
    assert plan([folder], [inside]).gone == ()
    (folder / "c.txt").write_text("丙。", encoding="utf-8")
    assert plan([folder], [inside]).gone == (inside,)


def test_a_moved_file_is_gone_there_and_new_here(files):
    keys = keys_of(files)
    (files / "a.txt").rename(files / "子" / "z.txt")
    todo = plan([files], keys)
    assert todo.gone == (keys[0],)
    found, _ = worked(files, keys)
    assert paths(found) == ["子/z.txt"]


@pytest.mark.parametrize("instead", ["folder", "link", "hidden"])
def test_what_became_a_folder_a_link_or_hidden_is_gone(files, tmp_path, instead):
    keys = keys_of(files)
    victim = files / "a.txt"
    if instead == "hidden":
        victim.rename(files / ".a.txt")
    else:
        victim.unlink()
    if instead == "folder":
        victim.mkdir()
    elif instead == "link":
        (tmp_path / "outside.txt").write_text("外面。", encoding="utf-8")
        victim.symlink_to(tmp_path / "outside.txt")
    assert plan([files], keys).gone == (keys[0],)


def test_a_folder_of_a_similar_name_is_another_folder(files, tmp_path):
    other = tmp_path / "docs2"
    other.mkdir()
    (other / "x.txt").write_text("x。", encoding="utf-8")
    keys = [key(other / "x.txt", 9)]
    (other / "x.txt").unlink()
    assert plan([files], keys).gone == ()


def test_a_file_that_cannot_be_looked_at_is_not_gone(files, monkeypatch):
    keys = keys_of(files)
    (files / "a.txt").unlink()

    def refuse(self):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "is_file", refuse)
    assert [one.path for one in plan([files], keys).gone] == []


def test_documents_given_as_text_are_never_gone(files):
    keys = [Key(1, "", f"{files.as_posix()}/x", "0")]
    assert plan([files], keys).gone == ()


def test_a_file_named_twice_is_looked_at_once(files, monkeypatch):
    monkeypatch.chdir(files)
    todo = plan([files, files / "a.txt", files / "子" / ".." / "a.txt", Path("a.txt")], [])
    assert [one.path for one in todo.tasks] == ["a.txt", "b.md", "子/c.txt"]


def test_a_file_added_by_itself_is_the_one_of_its_folder(files):
    keys = keys_of(files)
    found, report = worked(files / "子" / "c.txt", keys)
    assert (found, report.unchanged) == ([], ("c.txt",))
    (files / "子" / "c.txt").write_text("改了。", encoding="utf-8")
    [change], _ = worked(files / "子" / "c.txt", keys)
    assert change.replaces == keys[2]


def test_the_librarys_own_folder_is_passed_over(files):
    (files / "library").mkdir()
    (files / "library" / "note.txt").write_text("不是文档。", encoding="utf-8")
    todo = plan([files], [], exclude=[files / "library"])
    assert [one.path for one in todo.tasks] == ["a.txt", "b.md", "子/c.txt"]
    assert todo.skipped == ()


def test_a_missing_path_is_reported_and_the_rest_is_looked_at(files):
    (files / "broken").symlink_to(files / "nothing")
    todo = plan([files / "nothing", files / "子", files / "broken"], keys_of(files))
    assert [one.path for one in todo.tasks] == ["c.txt"]
    assert todo.gone == ()
    assert todo.failed == (
        Skipped(str(files / "nothing"), "no such file or folder; check the path"),
        Skipped(
            str(files / "broken"),
            "a link that leads nowhere or in a circle; add the file itself",
        ),
    )


def test_where_every_path_is_missing_nothing_is_done(files):
    with pytest.raises(SourceNotFound) as caught:
        plan([files / "nothing", files / "more"], keys_of(files))
    assert caught.value.path == str(files / "nothing")


@pytest.mark.parametrize("closed", ["", "子"])
def test_of_a_folder_that_cannot_be_opened_nothing_is_gone(files, monkeypatch, closed):
    keys, scandir = keys_of(files), os.scandir
    (files / "子" / "c.txt").unlink()  # which nobody can see

    def failing(path):
        if Path(path) == files / closed:
            raise OSError(errno.EIO, "Input/output error")
        return scandir(path)

    monkeypatch.setattr("os.scandir", failing)
    todo = plan([files], keys)
    shown = closed or files.as_posix()
    assert todo.failed == (Skipped(shown, "folder cannot be opened: Input/output error"),)
    assert (todo.gone, todo.skipped) == ((), ())


@pytest.mark.parametrize("hidden", [{}, {"__MACOSX/甲.txt": b"x"}])
def test_of_a_zip_file_that_has_become_empty_nothing_is_gone(files, hidden):
    archive = files / "a.zip"
    archive.write_bytes(office.zipped({"甲.txt": "一".encode(), "子/乙.txt": "二".encode()}))
    keys = [*keys_of(files), Key(8, files.as_posix(), "a.zip/甲.txt", "0")]
    keys.append(Key(9, archive.as_posix(), "子/乙.txt", "0"))  # added by its own name
    archive.write_bytes(office.zipped(hidden))
    found, report = worked(files, keys)
    assert found == []
    assert report.removed == ()
    assert [one.path for one in report.failed] == ["a.zip"]
    assert report.failed[0].reason.startswith("empty; pack it anew")
    archive.write_bytes(office.zipped({"丙.txt": "三".encode()}))
    assert len(plan([files], keys).gone) == 2  # one that holds something has lost them


def test_a_file_that_cannot_be_read_is_reported_and_replaces_nothing(files):
    keys = keys_of(files)
    (files / "a.txt").write_bytes(NO_TEXT)
    (files / "b.md").unlink()
    todo = plan([files / "a.txt", files / "子"], keys)
    done = adding.Progress()
    assert [one for one in changes(todo, keys, done) if one] == []
    [failed] = done.report().failed
    assert failed.path == "a.txt"
    assert "\n" not in failed.reason
    assert done.report().unchanged == ("c.txt",)


def test_a_file_that_vanishes_meanwhile_is_reported(files):
    todo = plan([files], [])
    (files / "b.md").unlink()
    done = adding.Progress()
    found = [one for one in changes(todo, [], done) if one]
    assert paths(found) == ["a.txt", "子/c.txt"]
    assert [one.path for one in done.report().failed] == ["b.md"]


def test_documents_are_known_by_source_and_path_and_changed_by_digest():
    one = Document.from_text("工会", path="n-1", title="通知")
    keys = [Key(4, "", "n-1", one.digest)]
    assert worked([one], keys)[1].unchanged == ("n-1",)
    [change], _ = worked([Document.from_text("工会。", path="n-1", title="通知")], keys)
    assert change.replaces == keys[0]
    [change], _ = worked([Document.from_text("工会", path="n-2", title="通知")], keys)
    assert change.replaces is None


def test_of_documents_with_one_path_the_last_counts():
    given = [Document.from_text(text, path="n") for text in ("一", "二")]
    [change], _ = worked(given, [])
    assert change.document.text == "二"


@pytest.mark.parametrize("where", ["text", "title", "path"])
def test_half_a_character_is_reported_instead_of_stored(where):
    values = {"text": "工会", "title": "通知", "path": "n", where: "工\ud83d会"}
    found, report = worked([Document.from_text(**values)], [])
    assert found == []
    assert "half a character" in report.failed[0].reason


def test_progress_comes_once_for_every_task(files):
    keys = keys_of(files)
    (files / "a.txt").write_text("新。", encoding="utf-8")
    todo = plan([files], keys)
    assert len(list(changes(todo, keys, adding.Progress()))) == len(todo.tasks) == 3


def test_what_a_person_names_is_found_by_path_place_or_folder(files, monkeypatch):
    keys = [*keys_of(files), Key(9, "", "notice-1", "0")]
    monkeypatch.chdir(files.parent)
    for asked, numbers in [
        ("a.txt", [1]),  # as it is listed
        ("子/c.txt", [3]),
        ("notice-1", [9]),
        ("docs/a.txt", [1]),  # as it stands from here
        ("docs/子/../b.md", [2]),
        ("docs", [1, 2, 3]),
        ("docs/子/", [3]),
        (files / "b.md", [2]),
    ]:
        assert [one.document_id for one in named([asked], keys)] == numbers, asked
    assert [one.document_id for one in named(["docs", "a.txt"], keys)] == [1, 2, 3]


def test_a_folder_is_found_through_a_link_to_it(files, tmp_path):
    (tmp_path / "link").symlink_to(files)
    keys = keys_of(files)
    assert len(named([tmp_path / "link"], keys)) == 3
    assert [one.document_id for one in named([tmp_path / "link" / "b.md"], keys)] == [2]


@pytest.mark.parametrize("asked", ["", "docs/nothing", "doc", "txt", "A.TXT"])
def test_what_names_nothing_is_refused(files, monkeypatch, asked):
    monkeypatch.chdir(files.parent)
    with pytest.raises(SourceNotFound) as caught:
        named(["a.txt", asked], keys_of(files))
    assert caught.value.path == asked


def test_a_folder_named_like_a_file_is_a_folder(files):
    (files / "d.txt").mkdir()
    found, report = worked(files, [])
    assert paths(found) == ["a.txt", "b.md", "子/c.txt"]
    assert report.failed == ()


def test_a_link_that_is_named_is_followed_and_gives_the_file_itself(tmp_path, files):
    (tmp_path / "链接.txt").symlink_to(files / "a.txt")
    (tmp_path / "文件夹").symlink_to(files, target_is_directory=True)
    direct = plan([files], [])
    assert [task.location for task in plan([tmp_path / "文件夹"], []).tasks] == [
        task.location for task in direct.tasks
    ]
    both = plan([tmp_path / "链接.txt", files / "a.txt", tmp_path / "文件夹" / "a.txt"], [])
    assert [task.location for task in both.tasks] == [(files / "a.txt").resolve().as_posix()]


def test_links_inside_a_folder_are_not_followed_wherever_they_lead(tmp_path, files):
    before = [task.path for task in plan([files], []).tasks]
    (files / "自己").symlink_to(files, target_is_directory=True)
    (files / "子" / "上面").symlink_to("..", target_is_directory=True)
    (files / "圈").symlink_to("圈")
    (files / "断").symlink_to("没有这个文件")
    found = plan([files], [])
    assert [task.path for task in found.tasks] == before
    assert {one.path for one in found.skipped if one.reason.startswith("a link")} == {
        "自己", "子/上面", "圈", "断",
    }  # fmt: skip


@pytest.mark.parametrize("target", ["圈", "没有这个文件"])
def test_a_named_link_that_leads_nowhere_is_told(tmp_path, target):
    (tmp_path / "圈").symlink_to(target)
    with pytest.raises(SourceNotFound, match="a link that leads nowhere"):
        plan([tmp_path / "圈"], [])
