"""Which files below a path are to be read, and which are not and why."""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from types import MappingProxyType

from qa.errors import SourceNotFound
from qa.reading.archives import Archive
from qa.reading.plain import Unreadable
from qa.records import Skipped


@dataclass(frozen=True, slots=True)
class Survey:
    """What stands below one path.

    Attributes:
        root: The folder, absolute and free of links; of a single file, the folder it is in.
        paths: The files to read, as paths below `root` with `/`, in order; those in a zip file as
            if it were a folder. A zip file that cannot be opened, or is empty, stands there itself.
        skipped: What is left out, as paths below `root`, in order: hidden entries (one line each
            for all that is in them), links, other formats.
        unopened: Folders that could not be looked into, in the same way; "" is `root` itself.
    """

    root: Path
    paths: tuple[str, ...]
    skipped: tuple[Skipped, ...]
    unopened: tuple[Skipped, ...] = ()

    @property
    def files(self) -> tuple[Path, ...]:
        """The files to read, absolute, in the order of `paths`."""
        return tuple(self.root / path for path in self.paths)


TEXT = frozenset({".txt", ".text", ".log"})
MARKDOWN = frozenset({".md", ".markdown"})
HTML = frozenset({".html", ".htm", ".xhtml"})
DELIMITED = frozenset({".csv", ".tsv"})
SHEETS = frozenset({".xlsx", ".xlsm"})
DOCUMENTS = SHEETS | frozenset({".docx", ".eml", ".epub", ".odt", ".pdf", ".pptx"})
"""Formats that are no text by themselves."""
ARCHIVES = frozenset({".zip"})
_READ = TEXT | MARKDOWN | HTML | DELIMITED | DOCUMENTS | ARCHIVES

_NOT_YET = "not read; save it as .docx, .xlsx, .pdf or .txt with the program that made it"
_OLD_WORD = "an old format; open it in Word or WPS and save it as .docx"
_OLD_EXCEL = "an old format; open it in Excel or WPS and save it as .xlsx"
_OLD_SLIDES = "an old format; open it in PowerPoint or WPS and save it as .pptx"
_PICTURE = "a picture; text in it is not read"
_MEDIA = "sound or video; not text"
_ARCHIVE = "an archive; unpack it and add the folder"
_REASONS: Mapping[str, str] = MappingProxyType(
    dict.fromkeys(
        (".ods", ".odp", ".ofd", ".mht", ".mhtml", ".caj", ".chm", ".mobi", ".azw3", ".msg"),
        _NOT_YET,
    )
    | dict.fromkeys((".doc", ".dot", ".wps", ".wpt", ".rtf"), _OLD_WORD)
    | dict.fromkeys((".xls", ".et", ".xlsb"), _OLD_EXCEL)
    | dict.fromkeys((".ppt", ".pps", ".dps"), _OLD_SLIDES)
    | dict.fromkeys((".jpg", ".jpeg", ".png", ".gif", ".bmp", ".webp", ".tif", ".tiff"), _PICTURE)
    | dict.fromkeys((".mp3", ".wav", ".m4a", ".mp4", ".avi", ".mov", ".mkv"), _MEDIA)
    | dict.fromkeys((".rar", ".7z", ".tar", ".gz", ".tgz", ".xz", ".bz2"), _ARCHIVE)
)
# 会议纪要2024.3 and 关于1.2版本的说明 have a dot, but no format.
_FORMAT = re.compile(r"\.(?=[A-Za-z0-9]*[A-Za-z])[A-Za-z0-9_~+-]{1,10}")


def format_of(path: str) -> str:
    """Give the ending that tells the format of a path with `/`, in lower case; "" without one."""
    name = path.rpartition("/")[2]
    at = name.rfind(".", 1)  # .profile is a name, not a format
    ending = name[at:] if at > 0 else ""
    return ending.lower() if _FORMAT.fullmatch(ending) else ""


def is_table(path: str) -> bool:
    """Say whether the lines of a document at this path are rows, each for itself."""
    return format_of(path) in SHEETS | DELIMITED


def unsupported(path: str) -> str | None:
    """Say in one line why files of this name are not read and what to do; None when they are."""
    ending = format_of(path)
    if not ending or ending in _READ:
        return None
    return f"{ending}: " + _REASONS.get(ending, "format not known; if it is text, name it .txt")


def existing(path: Path) -> Path:
    """Give where a path leads, absolute and without links.

    Raises:
        SourceNotFound: there is nothing.
    """
    try:
        return path.resolve(strict=True)
    except (OSError, ValueError, RuntimeError) as error:
        raise SourceNotFound(f"{path}: {why_missing(path)}", str(path)) from error


def present(paths: Sequence[str]) -> list[str]:
    """Give those of the paths at which there is something, in order.

    Raises:
        SourceNotFound: there are paths, and nothing at any of them; it names the first.
    """
    there: list[str] = []
    errors: list[SourceNotFound] = []
    for path in paths:
        try:
            existing(Path(path))
        except SourceNotFound as error:
            errors.append(error)
        else:
            there.append(path)
    if errors and not there:
        raise errors[0]
    return there


def why_missing(path: Path) -> str:
    """Say why there is nothing at a path where there is nothing."""
    if _is_link(path):
        return "a link that leads nowhere or in a circle; add the file itself"
    return "no such file or folder; check the path"


def _is_link(path: Path) -> bool:
    try:
        return path.is_symlink()
    except (OSError, ValueError):
        return False


def survey(path: Path, *, exclude: Collection[Path] = ()) -> Survey:
    """List what is to be read at `path`, a file or a folder with all below it.

    Links below it are not followed, neither to files nor to folders, so that no circle of them and
    no way out of the folder exists. `path` itself may be one, or lead through some: whoever names
    it means what stands there, and its files are those of the place it leads to.
    Folders in `exclude` are passed over without a word. A file named directly is taken even when
    its name is hidden.

    Raises:
        SourceNotFound: there is nothing at `path`.
    """
    start = existing(path)
    if not start.is_dir():
        reason = unsupported(start.name) if start.is_file() else "not a regular file"
        return _surveyed(start.parent, [(start.name, reason)])
    passed = {folder.resolve().as_posix() for folder in exclude}
    unopened: list[Skipped] = []
    found = _surveyed(start, _walk(start, passed, unopened))
    return replace(found, unopened=tuple(sorted(unopened, key=lambda one: one.path)))


# Strings all through: a folder may hold a hundred thousand files, and a Path of each, its parents
# and its place below another take longer than reading the file.
def _surveyed(start: Path, entries: Iterable[tuple[str, str | None]]) -> Survey:
    """Sort what was found below `start`, the members of archives among it."""
    opened = chain.from_iterable(_opened(start, path, reason) for path, reason in entries)
    found = sorted(opened, key=lambda entry: entry[0].split("/"))
    return Survey(
        root=start,
        paths=tuple(path for path, reason in found if reason is None),
        skipped=tuple(
            Skipped(_shown(Path(path).as_posix()), reason)
            for path, reason in found
            if reason is not None
        ),
    )


def _walk(
    root: Path, passed: Collection[str], unopened: list[Skipped]
) -> Iterator[tuple[str, str | None]]:
    """Give every file below `root`, with the reason to skip it or None, in no order.

    Folders that cannot be opened are put into `unopened`.
    """
    base = root.as_posix().rstrip("/") + "/"
    folders = [""]  # each with / at its end, save the first
    while folders:
        folder = folders.pop()
        try:
            with os.scandir(base + folder) as entries:
                listed = list(entries)
        except OSError as error:
            why = f"folder cannot be opened: {error.strerror}"
            unopened.append(Skipped(folder.rstrip("/"), why))
            continue
        for entry in listed:
            here = folder + entry.name
            reason = _reason(entry)
            if reason is None and entry.is_dir(follow_symlinks=False):
                if base + here not in passed:
                    folders.append(f"{here}/")
            else:
                yield here, reason


def _opened(start: Path, path: str, reason: str | None) -> Iterator[tuple[str, str | None]]:
    """Give a file, or what is in it if it is an archive that can be opened."""
    if reason is not None or format_of(path) not in ARCHIVES:
        yield path, reason
        return
    try:
        with Archive.open(start / path) as archive:
            if archive.empty:
                yield path, None  # reading it says so
            for member, why in list(archive.names()):
                name = member.rpartition("/")[2]
                why = why or _unwanted(name) or _nested(name)
                yield f"{path}/{member.lstrip('/')}", why
    except Unreadable:
        yield path, None  # reading it says why


def _reason(entry: os.DirEntry[str]) -> str | None:
    """Say why an entry is not read, or not entered; None when it is."""
    if entry.is_symlink():
        return "a link; links are not followed, add what it points to"
    if entry.name.startswith("."):
        return "hidden; add it by its own path if it is wanted"
    if entry.name != _shown(entry.name):
        return "its name is not valid UTF-8; rename it"
    if entry.is_dir(follow_symlinks=False):
        return None
    if not entry.is_file(follow_symlinks=False):
        return "not a regular file"
    return _unwanted(entry.name)


def _nested(name: str) -> str | None:
    """Say why a member of an archive that is one itself is not opened; None for others."""
    inner = format_of(name) in ARCHIVES
    return "an archive within an archive; unpack it and add the folder" if inner else None


def _unwanted(name: str) -> str | None:
    """Say why a file of this name is not read; None when it is."""
    if name.startswith("~$"):
        return "left by an office program while a document is open"
    return unsupported(name)


def _shown(name: str) -> str:
    r"""Give a file name as text that can be stored, bytes that are not UTF-8 as \x…."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")
