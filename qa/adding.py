"""What an `add` or `remove` is to do: which documents are new, changed, the same, or gone.

Nothing is written here. Sources are looked at one by one, so that memory holds one file at a time.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from qa.errors import ReadingError, SourceNotFound
from qa.reading import Reader, Reading, existing, survey
from qa.reading.digests import digest_of
from qa.reading.files import DOCUMENTS, Survey, format_of, why_missing
from qa.records import AddReport, Document, Skipped
from qa.store import Key

Source = str | Path | Document

_HALF = re.compile("[\ud800-\udfff]")
_LEFT_BY_WINDOWS = frozenset(("thumbs.db", "desktop.ini"))


@dataclass(frozen=True, slots=True)
class Task:
    """One source to look at: a file below a root, or a document given directly."""

    path: str
    location: str
    root: str = ""
    document: Document | None = None
    anew: bool = False  # read also where its bytes are what they were

    @property
    def file(self) -> Path | None:
        """The file, absolute; None for a document given directly."""
        return Path(self.location) if self.document is None else None


@dataclass(frozen=True, slots=True)
class Change:
    """A document to write, in place of an older one where `replaces` names it."""

    task: Task
    document: Document
    replaces: Key | None


@dataclass(slots=True)
class Progress:
    """The report while it grows."""

    added: list[str] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    failed: list[Skipped] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    passages: int = 0
    notes: list[Skipped] = field(default_factory=list)

    def report(self) -> AddReport:
        """Give what has been done so far."""
        return AddReport(
            tuple(self.added),
            tuple(self.updated),
            tuple(self.unchanged),
            tuple(self.removed),
            tuple(self.failed),
            tuple(self.skipped),
            self.passages,
            tuple(self.notes),
        )


@dataclass(frozen=True, slots=True)
class Plan:
    """All sources to look at, in order, what is known to be gone, and what could not be seen."""

    tasks: tuple[Task, ...]
    gone: tuple[Key, ...]
    skipped: tuple[Skipped, ...]
    failed: tuple[Skipped, ...] = ()
    known: Mapping[str, Key] = field(default_factory=dict)  # of the tasks, by location


def as_sources(sources: Source | Iterable[Source]) -> list[Source]:
    """Give what `Library.add` was given as a list."""
    return [sources] if isinstance(sources, str | Path | Document) else list(sources)


def as_paths(paths: str | Path | Iterable[str | Path]) -> list[str | Path]:
    """Give what `Library.remove` was given as a list."""
    return [paths] if isinstance(paths, str | Path) else list(paths)


def plan(
    sources: Sequence[Source],
    keys: Sequence[Key],
    *,
    exclude: Collection[Path] = (),
    again: bool = False,
) -> Plan:
    """Find the files below the sources, and the documents whose files are gone from them.

    Of a folder that is there and empty nothing is taken for gone, nor of one that cannot be opened:
    it may be a share that is not mounted. Both have failed, as has a path at which nothing is.

    Args:
        sources: Files, folders and documents; a file met twice is looked at once.
        keys: What the library holds.
        exclude: Folders that are passed over, such as the library's own.
        again: Whether files are read whose bytes are what they were, too.

    Raises:
        SourceNotFound: there is nothing at any of the paths.
    """
    located = [(key.location, key) for key in keys]
    found = _Sources(located, again=again)
    errors: list[SourceNotFound] = []
    for source in sources:
        if isinstance(source, Document):
            task = Task(source.path, _location(source), document=source)
            found.tasks[task.location] = task
            continue
        try:
            found.look_below(Path(source), exclude)
        except SourceNotFound as error:
            errors.append(error)
            found.failed.append(Skipped(error.path, why_missing(Path(source))))
    if errors and len(errors) == len(sources):
        raise errors[0]
    gone, emptied = _without_emptied(found.gone())
    known = {location: key for location, key in located if location in found.tasks}
    failed = (*found.failed, *emptied)
    return Plan(tuple(found.tasks.values()), tuple(gone), tuple(found.skipped), failed, known)


class _Sources:
    """What has been found at sources so far, beside what the library holds, by location."""

    def __init__(self, located: Sequence[tuple[str, Key]], *, again: bool) -> None:
        self._again = again
        self._located = located
        self._named = {location for location, key in located if key.encoding_named}
        self._folders: list[str] = []  # that were looked through, with / at their ends
        self._closed: list[str] = []  # that could not be, likewise
        self.tasks: dict[str, Task] = {}
        self.skipped: list[Skipped] = []
        self.failed: list[Skipped] = []

    def look_below(self, source: Path, exclude: Collection[Path]) -> None:
        """Take in a file, or a folder with all below it; a zip file is followed like one.

        Raises:
            SourceNotFound: there is nothing.
        """
        surveyed = survey(source, exclude=exclude)
        start, base = existing(source).as_posix(), f"{surveyed.root.as_posix().rstrip('/')}/"
        self._folders.append(f"{start.rstrip('/')}/")
        self._closed += [f"{base}{one.path}".rstrip("/") + "/" for one in surveyed.unopened]
        self.failed += [replace(one, path=one.path or start) for one in surveyed.unopened]
        self.skipped += surveyed.skipped
        for task in _tasks(surveyed):
            # Who names a file wants it read; below a folder, an encoding once named is kept.
            if task.location == start if task.location in self._named else self._again:
                self.tasks[task.location] = replace(task, anew=True)
            else:
                self.tasks.setdefault(task.location, task)

    def gone(self) -> list[Key]:
        """Give the documents below what was looked through whose files are surely gone."""
        folders = tuple(self._folders)
        zips = (f"{one}/" for one in self.tasks if one.lower().endswith(".zip"))
        unopened = (*self._closed, *zips)
        return [
            key
            for location, key in self._located
            if key.source
            and location not in self.tasks
            and location.startswith(folders)
            and not location.startswith(unopened)
            and _is_gone(Path(location))
        ]


def _without_emptied(gone: Iterable[Key]) -> tuple[list[Key], list[Skipped]]:
    """Leave out documents whose files stood in a folder that is empty now; name those folders."""
    left: list[Key] = []
    emptied: dict[str, str] = {}
    kept = Counter[str]()
    for key in gone:
        folder = key.location.rpartition("/")[0]
        if folder not in emptied:
            emptied[folder] = _emptied(Path(folder))
        if emptied[folder]:
            kept[emptied[folder]] += 1
        else:
            left.append(key)
    return left, [
        Skipped(
            folder,
            f"empty now, and its documents in the library ({count}) are kept: "
            "see that it is mounted, or take them out with `qa remove`",
        )
        for folder, count in kept.items()
    ]


def _emptied(folder: Path) -> str:
    """Give a folder, or the nearest above that is there, if it is empty; otherwise nothing.

    Hidden files do not count, nor do those that Windows puts into folders: they are not read.
    """
    try:
        there = next(one for one in (folder, *folder.parents) if one.is_dir())
        empty = all(
            one.name.startswith(".") or one.name.casefold() in _LEFT_BY_WINDOWS
            for one in there.iterdir()
        )
    except (OSError, StopIteration):  # a disk of Windows that is not there has no folder at all
        return ""
    return there.as_posix() if empty else ""


def _tasks(surveyed: Survey) -> Iterator[Task]:
    """Give a task for every file to read."""
    root = surveyed.root.as_posix()
    base = f"{root.rstrip('/')}/"
    return (Task(path, base + path, root) for path in surveyed.paths)


def named(paths: Iterable[str | Path], keys: Sequence[Key]) -> list[Key]:
    """Give the documents that a person named: files, all of a folder, or paths as they are listed.

    Raises:
        SourceNotFound: a path names no document.
    """
    found: dict[int, Key] = {}
    for path in paths:
        asked = str(path)
        # Both as written and with links and .. resolved, as the library keeps its sources.
        places = [Path(one).as_posix() for one in (os.path.abspath(asked), os.path.realpath(asked))]  # noqa: PTH100
        matching = [key for key in keys if _names(asked, places if asked else (), key)]
        if not matching:
            raise SourceNotFound(
                f"nothing of {path} is in the library: see what is with `qa list`", str(path)
            )
        found.update((key.document_id, key) for key in matching)
    return list(found.values())


def changes(
    todo: Plan, keys: Sequence[Key], done: Progress, *, encoding: str | None = None
) -> Iterator[Change | None]:
    """Give, for every task, the change to write, or None when there is nothing to write.

    What is unchanged or cannot be read is entered into `done`. With `encoding`, text is decoded as
    that, and read again even where its bytes are the same.
    """
    known = {key.location: key for key in keys}
    with Reader() as reader:
        for task in todo.tasks:
            old = known.get(task.location)
            if stands(task, old, encoding=encoding):
                done.unchanged.append(task.path)
                yield None
                continue
            try:
                reading = look(task, old.digest if old else None, reader, encoding=encoding)
            except ReadingError as error:
                done.failed.append(Skipped(task.path, error.reason))
                yield None
                continue
            if reading is None:
                done.unchanged.append(task.path)
                yield None
            else:
                done.notes += [Skipped(task.path, note) for note in reading.notes]
                yield Change(task, reading.document, old)


def stands(task: Task, old: Key | None, *, encoding: str | None = None) -> bool:
    """Say whether a source is what the library holds already; what it is not `look` says.

    What stands in an archive is left to `look` too, which opens each archive once.
    """
    if old is None:
        return False
    if task.document is not None:
        return old.digest == task.document.digest
    if task.anew or (encoding is not None and format_of(task.path) not in DOCUMENTS):
        return False
    return old.digest == digest_of(task.location)


def look(
    task: Task, digest: str | None, reader: Reader, *, encoding: str | None = None
) -> Reading | None:
    """Read a source; None when its digest is what the library holds already.

    Raises:
        ReadingError: it cannot be read, or holds what cannot be stored.
    """
    if task.document is not None:
        return None if digest == task.document.digest else Reading(_storable(task.document))
    file = Path(task.location)
    try:
        data = reader.bytes_of(file)
    except OSError as error:
        raise ReadingError(file, f"cannot be read: {error.strerror or error}") from error
    same = digest is not None and digest == hashlib.sha256(data).hexdigest()
    if same and not task.anew and (encoding is None or format_of(file.name) in DOCUMENTS):
        return None
    reading = reader.read(data, file=file, root=Path(task.root), encoding=encoding)
    _storable(reading.document)
    return reading


def stays(change: Change, held: Callable[[int], Document | None]) -> bool:
    """Say whether a source that was read again gave what the library holds, by a document's id."""
    old = change.replaces
    return change.task.anew and old is not None and held(old.document_id) == change.document


def _location(document: Document) -> str:
    return Key(0, document.source, document.path, "").location


def _names(asked: str, places: Iterable[str], key: Key) -> bool:
    """Say whether what a person named, or a place that it is, is this document or its folder."""
    if asked == key.path or not key.source:
        return asked == key.path
    location = key.location
    return any(
        location == place or location.startswith(f"{place.rstrip('/')}/") for place in places
    )


def _is_gone(file: Path) -> bool:
    """Say whether no file stands there any more; one that cannot be looked at is not gone."""
    try:
        return file.is_symlink() or not file.is_file()
    except OSError:
        return False


def _storable(document: Document) -> Document:
    for value in (document.source, document.path, document.title, document.text):
        half = _HALF.search(value)  # looked for, not encoded: a text may have 200 MB
        if half:
            reason = f"holds half a character ({half[0]!r})"
            raise ReadingError(Path(document.path), reason)
    return document
