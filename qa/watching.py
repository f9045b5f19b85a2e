"""When something changes below folders: told once for all that changes in one go."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from threading import Event

from qa.errors import ConfigError

_SETTLED_MS = 1600  # changes that follow each other this closely are told together
_QUIET_MS = 400  # without a change, after which those before are told
_READY_MS = 200  # after which watching has surely begun

Mark = tuple[int, int] | None
"""What tells a file or folder from another one at its place; None where there is none."""


def changes(
    paths: Iterable[Path], *, ignore: Path, stop: Event | None = None
) -> Iterator[frozenset[Path]]:
    """Give the paths that changed, once at the beginning (none yet) and after every change.

    The first one is given when watching has begun: what changed before is seen by looking then.
    One of `paths` itself is given when it vanishes and when it is back, or another at its place.

    Args:
        paths: Files and folders to follow; those that are not there are waited for.
        ignore: A folder below which changes do not count.
        stop: Ends the changes when set; Ctrl-C does too.

    Raises:
        ConfigError: what is needed for it is not installed.
        KeyboardInterrupt: Ctrl-C.
    """
    paths, stop = list(paths), stop or Event()
    marks, begun, replaced = _marks(paths), False, frozenset[Path]()
    while not stop.is_set():
        # The system tells nothing more of what vanished, also when it is back: watching has to
        # begin anew, and only then it is told, so that nothing is missed between.
        for changed in _until_replaced(marks, ignore, stop):
            if changed or replaced or not begun:
                yield changed | replaced
            begun, replaced = True, frozenset()
        now = _marks(paths)
        replaced |= {path for path in paths if now[path] != marks[path]}
        marks = now


def is_there(path: Path) -> bool:
    """Say whether there is anything at a path; what cannot be looked at is not there."""
    return _mark(path) is not None


def _until_replaced(
    marks: Mapping[Path, Mark], ignore: Path, stop: Event
) -> Iterator[frozenset[Path]]:
    """Give changes, and nothing now and then, until a path is not what its mark says."""
    there = [path for path, mark in marks.items() if mark]
    if not there:
        yield frozenset()
        while not stop.wait(_QUIET_MS / 1000) and _marks(marks) == marks:
            pass
        return
    try:
        for batch in _batches(there, ignore, stop):
            if _marks(marks) != marks:
                return
            yield batch
    except FileNotFoundError:  # it vanished at this very moment
        stop.wait(_QUIET_MS / 1000)


def _batches(paths: Iterable[Path], ignore: Path, stop: Event) -> Iterator[frozenset[Path]]:
    try:
        from watchfiles import watch
    except ImportError as error:
        raise ConfigError(
            'following folders needs watchfiles: pip install "cited-qa[files]"'
        ) from (error)
    for batch in watch(
        *paths,
        watch_filter=lambda _, path: not Path(path).is_relative_to(ignore),
        debounce=_SETTLED_MS,
        step=_QUIET_MS,
        stop_event=stop,
        rust_timeout=_READY_MS,
        yield_on_timeout=True,
        raise_interrupt=True,
    ):
        yield frozenset(Path(path) for _, path in batch)


def _marks(paths: Iterable[Path]) -> dict[Path, Mark]:
    return {path: _mark(path) for path in paths}


def _mark(path: Path) -> Mark:
    try:
        found = path.stat()
    except (OSError, ValueError):
        return None
    return found.st_dev, found.st_ino
