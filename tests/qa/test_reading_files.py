"""Which files are read: never through a link, never silently left out."""

import os
import socket
from pathlib import Path

import pytest

from qa.errors import SourceNotFound
from qa.reading import survey
from qa.reading.files import format_of, unsupported


def _write(root: Path, *names: str) -> None:
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("工会", encoding="utf-8")


def _names(root: Path, files: tuple[Path, ...]) -> list[str]:
    return [file.relative_to(root).as_posix() for file in files]


def test_files_in_order_with_any_names(tmp_path: Path) -> None:
    names = [
        "通知/二 号.md",
        "a.txt",
        "b/页面.HTML",
        "b/c/😀.txt",
        "说明",
        "会议纪要2024.3",
        "b.text",
    ]
    _write(tmp_path, *names)
    found = survey(tmp_path)
    assert found.root == tmp_path.resolve()
    assert _names(found.root, found.files) == [
        "a.txt",
        "b/c/😀.txt",
        "b/页面.HTML",
        "b.text",
        "会议纪要2024.3",
        "说明",
        "通知/二 号.md",
    ]
    assert found.skipped == ()
    assert all(file.is_absolute() for file in found.files)
    assert survey(tmp_path) == found


def test_hidden_entries_are_named_once(tmp_path: Path) -> None:
    _write(tmp_path, ".git/a/b.txt", ".git/c.txt", "d/.隐藏.txt", "d/e.txt")
    found = survey(tmp_path)
    assert _names(found.root, found.files) == ["d/e.txt"]
    assert [entry.path for entry in found.skipped] == [".git", "d/.隐藏.txt"]
    assert all(entry.reason.startswith("hidden") for entry in found.skipped)


def test_links_are_never_followed(tmp_path: Path) -> None:
    _write(tmp_path, "outside/secret.txt", "root/a.txt", "root/sub/b.txt")
    root = tmp_path / "root"
    (root / "loop").symlink_to(root)
    (root / "sub" / "up").symlink_to("..")
    (root / "folder").symlink_to(tmp_path / "outside")
    (root / "file.txt").symlink_to(tmp_path / "outside" / "secret.txt")
    (root / "broken.txt").symlink_to(root / "nothing")
    found = survey(root)
    assert _names(found.root, found.files) == ["a.txt", "sub/b.txt"]
    assert [entry.path for entry in found.skipped] == [
        "broken.txt",
        "file.txt",
        "folder",
        "loop",
        "sub/up",
    ]
    assert {entry.reason.split(";")[0] for entry in found.skipped} == {"a link"}


def test_a_link_named_directly_is_what_it_points_to(tmp_path: Path) -> None:
    _write(tmp_path, "real/a.txt")
    (tmp_path / "folder").symlink_to(tmp_path / "real")
    (tmp_path / "file.txt").symlink_to(tmp_path / "real" / "a.txt")
    real = (tmp_path / "real").resolve()
    assert survey(tmp_path / "folder") == survey(real)
    assert survey(tmp_path / "file.txt").files == (real / "a.txt",)


def test_one_file(tmp_path: Path) -> None:
    _write(tmp_path, ".hidden.txt", "other.txt", "old.doc")
    found = survey(tmp_path / ".hidden.txt")
    assert (found.root, found.files) == (tmp_path.resolve(), (tmp_path.resolve() / ".hidden.txt",))
    refused = survey(tmp_path / "old.doc")
    assert refused.files == ()
    assert refused.skipped[0].path == "old.doc"
    assert "save it as" in refused.skipped[0].reason


def test_nothing_there(tmp_path: Path) -> None:
    for path in (tmp_path / "没有", Path("a\0b")):
        with pytest.raises(SourceNotFound) as caught:
            survey(path)
        assert caught.value.path == str(path)
    (tmp_path / "broken").symlink_to(tmp_path / "nothing")
    (tmp_path / "self").symlink_to(tmp_path / "self")
    for name in ("broken", "self"):
        with pytest.raises(SourceNotFound):
            survey(tmp_path / name)


def test_an_empty_folder(tmp_path: Path) -> None:
    found = survey(tmp_path)
    assert (found.files, found.skipped) == ((), ())


def test_excluded_folders_are_passed_over(tmp_path: Path) -> None:
    _write(tmp_path, "library/a.txt", "b.txt")
    found = survey(tmp_path, exclude=[tmp_path / "library"])
    assert _names(found.root, found.files) == ["b.txt"]
    assert found.skipped == ()


def test_other_formats_say_what_to_do(tmp_path: Path) -> None:
    _write(tmp_path, "a.ofd", "b.DOC", "c.jpg", "d.rar", "e.xyz", "~$f.txt")
    found = survey(tmp_path)
    assert found.files == ()
    reasons = {entry.path: entry.reason for entry in found.skipped}
    assert reasons["a.ofd"].startswith(".ofd: not read; save it as")
    assert reasons["b.DOC"] == ".doc: an old format; open it in Word or WPS and save it as .docx"
    assert "picture" in reasons["c.jpg"]
    assert "unpack" in reasons["d.rar"]
    assert "name it .txt" in reasons["e.xyz"]
    assert "office" in reasons["~$f.txt"]
    assert not any("\n" in reason for reason in reasons.values())


def test_what_is_no_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "s"))
        found = survey(tmp_path)
    assert found.files == ()
    assert [entry.reason for entry in found.skipped] == ["not a regular file"] * 2
    assert survey(tmp_path / "pipe.txt").skipped[0].reason == "not a regular file"


def test_a_name_that_is_not_utf8(tmp_path: Path) -> None:
    try:
        Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xb9\xa4\xbb\xe1.txt")).write_text("x")
    except OSError:
        pytest.skip("this file system refuses names that are not UTF-8")
    found = survey(tmp_path)
    assert found.files == ()
    assert found.skipped[0].path == r"\xb9\xa4\xbb\xe1.txt"
    found.skipped[0].path.encode("utf-8")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may open every folder")
def test_a_folder_that_cannot_be_opened(tmp_path: Path) -> None:
    _write(tmp_path, "a.txt", "closed/b.txt")
    (tmp_path / "closed").chmod(0)
    try:
        found = survey(tmp_path)
    finally:
        (tmp_path / "closed").chmod(0o700)
    assert _names(found.root, found.files) == ["a.txt"]
    assert (found.skipped, found.unopened[0].path) == ((), "closed")


@pytest.mark.parametrize(
    ("name", "ending"),
    [
        ("a.TXT", ".txt"),
        ("a", ""),
        (".bashrc", ""),
        ("纪要2024.3", ""),
        ("关于1.2版本的说明", ""),
        ("a.tar.gz", ".gz"),
    ],
)
def test_endings(name: str, ending: str) -> None:
    assert format_of(name) == ending


def test_supported_endings_have_no_reason() -> None:
    for ending in (".txt", ".text", ".log", ".md", ".markdown", ".html", ".htm", ".xhtml", ""):
        assert unsupported("文件" + ending) is None
