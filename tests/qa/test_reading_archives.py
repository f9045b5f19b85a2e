"""Zip files: names that read right, limits, and no path that leads anywhere else."""

from __future__ import annotations

import io
import stat
import zipfile

import pytest

from qa.reading import archives, survey
from qa.reading.archives import Archive, enclosing
from qa.reading.plain import Unreadable
from tests import office


@pytest.fixture
def packed(tmp_path):
    """Write a zip file of these members; give its path."""

    def pack(members, *, encoding=""):
        file = tmp_path / "档案.ZIP"
        file.write_bytes(office.zipped(members, encoding=encoding))
        return file

    return pack


def listed(file):
    found = survey(file)
    paths = [one.relative_to(found.root / file.name).as_posix() for one in found.files]
    return paths, {one.path.removeprefix(f"{file.name}/"): one.reason for one in found.skipped}


@pytest.mark.parametrize(
    ("names", "encoding"),
    [
        (["县级工会/提升年方案.txt", "说明.txt"], "gbk"),
        (["縣級工會/提升年方案.txt", "說明.txt"], "big5"),
        (["县级工会/提升年方案.txt", "a.txt"], "utf-8"),
        (["县级工会/😀 方案.txt"], ""),
    ],
)
def test_names_are_read_in_the_encoding_they_are_in(packed, names, encoding):
    file = packed({name: name.encode() for name in names}, encoding=encoding)
    assert listed(file) == (sorted(names), {})
    with Archive.open(file) as archive:
        assert [archive.read(name).decode() for name in names] == names


def test_paths_that_lead_out_and_links_are_not_read(tmp_path):
    file = tmp_path / "a.zip"
    with zipfile.ZipFile(file, "w") as archive:
        for name in ("../外.txt", "/etc/x.txt", "C:/x.txt", "甲/../../x.txt", "好.txt"):
            archive.writestr(name, "x")
        link = zipfile.ZipInfo("链.txt")
        link.create_system = 3
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
    paths, skipped = listed(file)
    assert paths == ["好.txt"]
    assert len(skipped) == 5
    assert skipped.pop("链.txt").startswith("a link")
    assert all("leads out" in reason for reason in skipped.values())


def test_what_is_left_out_is_named(packed):
    file = packed(
        {"甲.txt": b"a", "乙.doc": b"b", "内.zip": b"c", "~$甲.docx": b"d", ".x/a": b"e",
         ".x/b": b"f", "__MACOSX/甲": b"g"}
    )  # fmt: skip
    paths, skipped = listed(file)
    assert paths == ["甲.txt"]
    assert set(skipped) == {"乙.doc", "内.zip", "~$甲.docx", ".x", "__MACOSX"}


def test_two_members_of_one_name_are_both_kept(tmp_path):
    file = tmp_path / "a.zip"
    with zipfile.ZipFile(file, "w") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("甲.txt", "一")
        archive.writestr("甲.txt", "二")
    with Archive.open(file) as opened:
        names = [name for name, _ in opened.names()]
        assert [opened.read(name).decode() for name in names] == ["一", "二"]


def test_limits(packed, monkeypatch):
    file = packed({"零.txt": bytes(20 << 20), "甲.txt": b"a"})
    with Archive.open(file) as archive:
        with pytest.raises(Unreadable, match="unpacks to 20 MB"):
            archive.read("零.txt")
        assert archive.read("甲.txt") == b"a"
        with pytest.raises(FileNotFoundError):
            archive.read("没有.txt")
    monkeypatch.setattr(archives, "MOST_MEMBERS", 1)
    with pytest.raises(Unreadable, match="more than 1 files"):
        Archive.open(file)
    monkeypatch.setattr(archives, "MOST_MEMBERS", 2)
    monkeypatch.setattr(archives, "MOST_BYTES", 20 << 20)
    with pytest.raises(Unreadable, match="unpacks to 20 MB"):
        Archive.open(file)


def test_a_directory_that_lies_of_its_size(tmp_path):
    data = bytearray(office.zipped({"甲.txt": b"a" * 100}))
    at = data.rfind(b"PK\x05\x06")
    data[at + 12 : at + 16] = (9 << 20).to_bytes(4, "little")
    file = tmp_path / "a.zip"
    file.write_bytes(data)
    with pytest.raises(Unreadable, match="more than 10000 files"):
        Archive.open(file)


def test_damage_within_is_told(tmp_path):
    data = office.zipped({"甲.txt": "工会经费每季度公示一次。".encode() * 20})
    at = data.index(b".txt") + 10
    file = tmp_path / "a.zip"
    file.write_bytes(data[:at] + b"\xff\xff\xff" + data[at + 3 :])
    with Archive.open(file) as archive, pytest.raises(Unreadable, match="damaged in its archive"):
        archive.read("甲.txt")


def test_an_encrypted_member_is_told(tmp_path):
    data = bytearray(office.zipped({"甲.txt": b"abc"}))
    for sign, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(sign) + place] |= 1
    file = tmp_path / "a.zip"
    file.write_bytes(data)
    with Archive.open(file) as archive, pytest.raises(Unreadable, match="encrypted"):
        archive.read("甲.txt")


def test_the_archive_around_a_path(packed, tmp_path):
    file = packed({"a/b.txt": b""})
    assert enclosing(file / "a" / "b.txt") == file
    assert enclosing(file) is None
    assert enclosing(tmp_path / "没有.zip" / "a.txt") is None
    (tmp_path / "夹.zip").mkdir()
    assert enclosing(tmp_path / "夹.zip" / "a.txt") is None


def test_a_folder_named_like_an_archive_is_a_folder(tmp_path):
    folder = tmp_path / "夹.zip"
    folder.mkdir()
    (folder / "a.txt").write_text("工会", encoding="utf-8")
    assert survey(tmp_path).files == (folder.resolve() / "a.txt",)


def test_comments_behind_the_directory(tmp_path):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("甲.txt", "一")
        archive.comment = b"comment " * 100
    file = tmp_path / "a.zip"
    file.write_bytes(out.getvalue())
    assert listed(file)[0] == ["甲.txt"]


def test_an_entry_without_a_name_is_damage(tmp_path):
    file = tmp_path / "a.zip"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("Q", "x")
    file.write_bytes(file.read_bytes().replace(b"Q", b"\0"))  # where reading stops a name
    with pytest.raises(Unreadable, match="damaged"):
        Archive.open(file)
