"""Connections to a library's SQLite file, also where it may only be read.

SQLite's write-ahead log wants two files beside the database even for reading. Where this process
may not make them, there are two cases. Another process with more rights has the library open: then
they are there, and can be shared. Nobody has: then the file is read as one that nobody changes,
without any lock, and looked at again after every statement, since that can end at any time.
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import suppress
from pathlib import Path

from qa.schema import PATIENCE_S

# FULL: what a commit reported survives a power cut, at one fsync.
_PRAGMAS = (f"busy_timeout = {PATIENCE_S * 1000:.0f}", "foreign_keys = ON", "synchronous = FULL")

Seen = tuple[int, int, int]
"""What tells that a file was changed: its number, its size, and when."""


class Connection(sqlite3.Connection):
    """A connection that closes when its thread ends, and can be held weakly until then.

    Attributes:
        read_only: Whether the file may only be read.
    """

    read_only = False
    _unlocked: tuple[Path, Seen] | None = None

    def read_unlocked(self, file: Path, seen: Seen) -> None:
        """Note that it reads the file as it was when it was `seen`, whatever others do."""
        self._unlocked = file, seen

    @property
    def stale(self) -> bool:
        """Whether others have changed the file that this reads without a lock."""
        if self._unlocked is None:
            return False
        file, seen = self._unlocked
        return _logged(file) or _seen(file) != seen

    def __del__(self) -> None:
        with suppress(sqlite3.Error):  # it may never have been opened
            self.close()


def connect(file: Path) -> Connection:
    """Open the file, which is made where it is missing.

    Raises:
        sqlite3.Error: it cannot be opened.
    """
    if may_write(file):
        return _opened(str(file))
    seen = _seen(file)
    if _logged(file):
        connection = _opened(f"{file.as_uri()}?mode=ro")
    else:
        connection = _opened(f"{file.as_uri()}?mode=ro&immutable=1")
        connection.read_unlocked(file, seen)
    connection.read_only = True
    return connection


def may_write(file: Path) -> bool:
    """Say whether this process may write a database: the file, if it is there, and beside it."""
    if not os.access(file.parent, os.W_OK | os.X_OK):
        return False
    return not file.exists() or os.access(file, os.W_OK)


def _opened(name: str) -> Connection:
    # Each thread uses only its own; close() may come from another.
    connection = sqlite3.connect(
        name,
        isolation_level=None,
        check_same_thread=False,
        factory=Connection,
        uri=name.startswith("file:"),
    )
    for pragma in _PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")
    return connection


def _logged(file: Path) -> bool:
    """Say whether something stands in the write-ahead log, which a reader must see too."""
    try:
        return file.with_name(f"{file.name}-wal").stat().st_size > 0
    except OSError:
        return False


def _seen(file: Path) -> Seen:
    try:
        status = file.stat()
    except OSError:
        return 0, 0, 0
    return status.st_ino, status.st_size, status.st_mtime_ns
