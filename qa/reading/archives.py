"""Zip files: what is in them, under names that read right, and its bytes; nothing is unpacked."""

from __future__ import annotations

import lzma
import posixpath
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path

from qa.reading.encodings import decode
from qa.reading.plain import Unreadable, tidy_line

MOST_MEMBERS = 10_000
"""A zip file that holds more is not read."""

MOST_BYTES = 2 << 30
"""Nor one that unpacks to more, all in all."""

MOST_FILE_BYTES = 256 << 20
"""A larger file is not read, in a zip file or elsewhere."""

_HIDDEN = "hidden in its archive; unpack it if it is wanted"
_MOST_TIMES = 400  # unpacked against packed; text never comes near
_SMALL_BYTES = 16 << 20  # where that does no harm
_DIRECTORY_BYTES = 8 << 20
_UTF8_NAME, _ENCRYPTED = 0x800, 0x1
_END = b"PK\x05\x06"
_END_BYTES = 22 + (1 << 16)  # of the record at the end of a zip file, with the longest comment
_DRIVE = re.compile(r"[A-Za-z]:")
_PROBLEMS = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, OSError, EOFError, ValueError,
    NotImplementedError, OverflowError, IndexError,
)  # fmt: skip


def enclosing(file: Path) -> Path | None:
    """Give the zip file that a path leads into: a.zip of a.zip/通知.docx; None without one."""
    if ".zip/" not in file.as_posix().lower():
        return None
    parents = (one for one in file.parents if one.suffix.lower() == ".zip")
    return next((one for one in parents if one.is_file()), None)


class Archive:
    """A zip file that is open. Use it as a context manager, or call `close`."""

    def __init__(self, file: Path, archive: zipfile.ZipFile) -> None:
        self.file = file
        self._archive = archive
        infos = [one for one in archive.infolist() if not one.is_dir()]
        self._members = dict(zip(_names(infos), infos, strict=True))

    @classmethod
    def open(cls, file: Path) -> Archive:
        """Open a zip file.

        Raises:
            Unreadable: it is damaged, or holds more than is read.
        """
        try:
            _check_directory(file)
            archive = zipfile.ZipFile(file)
        except _PROBLEMS as error:
            raise Unreadable("damaged, or not a zip file; pack it anew") from error
        if not all(one.filename for one in archive.infolist()):  # only damage takes a name away
            archive.close()
            raise Unreadable("damaged, or not a zip file; pack it anew")
        opened = cls(file, archive)
        try:
            opened._check()
        except Unreadable:
            opened.close()
            raise
        return opened

    def names(self) -> Iterator[tuple[str, str | None]]:
        """Give the paths of the files in it, with the reason to leave one out or None."""
        hidden = set()
        for name, info in self._members.items():
            parts = name.split("/")
            if _leads_out(name):
                yield tidy_line(name) or "?", "its path leads out of the archive; not read"
            elif stat.S_ISLNK(info.external_attr >> 16):
                yield name, "a link; links are not followed, add what it points to"
            elif any(part.startswith(".") or part == "__MACOSX" for part in parts):
                at = next(n for n, part in enumerate(parts) if part[0] == "." or part == "__MACOSX")
                hidden.add("/".join(parts[: at + 1]))
            else:
                yield name, None
        for name in sorted(hidden):
            yield name, _HIDDEN

    @property
    def empty(self) -> bool:
        """Whether there is no file in it; hidden ones do not count."""
        return all(why == _HIDDEN for _, why in self.names())

    def read(self, name: str) -> bytes:
        """Give the bytes of one file in it.

        Raises:
            FileNotFoundError: there is none of this name.
            Unreadable: it is encrypted, damaged, or unpacks to far more than it should.
        """
        info = self._members.get(name)
        if info is None:
            raise FileNotFoundError(name)
        if info.flag_bits & _ENCRYPTED:
            raise Unreadable("encrypted; unpack the archive with its password and add the folder")
        most = max(_SMALL_BYTES, _MOST_TIMES * info.compress_size)
        if info.file_size > min(most, MOST_FILE_BYTES):
            raise Unreadable(f"unpacks to {info.file_size >> 20} MB, more than any text; not read")
        try:
            with self._archive.open(info) as stream:
                data = stream.read(info.file_size + 1)
        except (*_PROBLEMS, RuntimeError) as error:
            raise Unreadable("damaged in its archive; pack it anew") from error
        if len(data) != info.file_size:
            raise Unreadable("damaged in its archive; pack it anew")
        return data

    def close(self) -> None:
        """Close the file; calling it again does nothing."""
        self._archive.close()

    def __enter__(self) -> Archive:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _check(self) -> None:
        if len(self._members) > MOST_MEMBERS:
            raise Unreadable(f"holds more than {MOST_MEMBERS} files; unpack it and add the folder")
        total = sum(info.file_size for info in self._members.values())
        if total > MOST_BYTES:
            raise Unreadable(f"unpacks to {total >> 20} MB; unpack it and add the folder")


def _check_directory(file: Path) -> None:
    """Refuse a table of contents that would not fit into memory, before it is read."""
    with file.open("rb") as stream:
        stream.seek(0, 2)
        stream.seek(max(0, stream.tell() - _END_BYTES))
        end = stream.read()
    at = end.rfind(_END)
    if at < 0:
        raise zipfile.BadZipFile("no end")
    size = struct.unpack_from("<L", end, at + 12)[0]
    if _DIRECTORY_BYTES < size < 0xFFFFFFFF:  # noqa: PLR2004 - which says: see elsewhere
        raise Unreadable(f"holds more than {MOST_MEMBERS} files; unpack it and add the folder")


def _names(infos: Sequence[zipfile.ZipInfo]) -> list[str]:
    """Give the names of members as paths with `/`, all in the one encoding that fits.

    A zip file does not say in which encoding its names are, save for UTF-8.
    """
    raw = [
        name.orig_filename.encode("utf-8" if name.flag_bits & _UTF8_NAME else "cp437", "replace")
        for name in infos
    ]
    unmarked = b"\n".join(
        name for name, info in zip(raw, infos, strict=True) if not info.flag_bits & _UTF8_NAME
    )
    try:
        encoding = decode(unmarked).encoding
    except UnicodeDecodeError:
        encoding = "utf-8"
    found: dict[str, None] = {}
    for name, info in zip(raw, infos, strict=True):
        own = "utf-8" if info.flag_bits & _UTF8_NAME else encoding
        path = name.decode(own, "backslashreplace").replace("\\", "/").split("\0")[0]
        path = tidy_line(path.removeprefix("./"))
        while path in found:  # two of one name: both are kept
            stem, dot, ending = path.rpartition(".")
            path = f"{stem}~{dot}{ending}" if stem else f"{path}~"
        found[path] = None
    return list(found)


def _leads_out(name: str) -> bool:
    return (
        not name
        or name.startswith("/")
        or _DRIVE.match(name) is not None
        or ".." in name.split("/")
        or posixpath.normpath(name) != name
    )
