"""A library's folder on disk: whether one may be there, who writes to it, and how large it is."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

from embeddings.replacing import make_folder
from qa.errors import LibraryDamaged, LibraryLocked, LibraryNotFound
from qa.faults import file_fault

LOCK_WAIT_S = 5.0
"""How long a second writer waits for the first."""

_FILE = "library.db"
_LOCK = "write.lock"
_TERMS = "terms"


class Folder:
    """The folder of one library; `path` is absolute, `file` is the database in it."""

    def __init__(self, path: Path) -> None:
        self.path = path.absolute()  # threads open it later, wherever the process is by then
        self.file = self.path / _FILE
        self._lock = FileLock(self.path / _LOCK)

    def make(self) -> None:
        """Make the folder where it is missing.

        Raises:
            LibraryNotFound: it cannot be made.
        """
        try:
            make_folder(self.path)
        except OSError as error:
            message = f"cannot make {self.path}: {error.strerror}"
            raise LibraryNotFound(message, self.path) from error

    def check(self, *, create: bool) -> None:
        """Look whether there is a library, or one may be made.

        Raises:
            LibraryNotFound: there is none and `create` is false, or the folder holds other things.
            LibraryDamaged: the database holds nothing at all, though there are indexes of it.
        """
        folder = self.path
        try:
            if self.file.exists():
                self._check_emptied()
                return
            free = not folder.exists() or (folder.is_dir() and not any(folder.iterdir()))
        except OSError as error:
            raise LibraryNotFound(f"{folder} cannot be opened: {error.strerror}", folder) from error
        if self.file.exists():  # another process has made it since
            return
        if not free:
            raise LibraryNotFound(
                f"{folder} holds other things and no library: name a new or an empty folder", folder
            )
        if not create:
            raise LibraryNotFound(
                f"{folder} holds no library: make one with `qa add PATH --library {folder}`", folder
            )

    def _check_emptied(self) -> None:
        # A disk that failed or a copy that broke off can leave 0 bytes, which SQLite takes for new.
        if self.file.stat().st_size == 0 and (self.path / _TERMS).exists():
            raise LibraryDamaged(f"{self.file} is empty: restore a copy of it", self.path)

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Be the only writer, of all processes and threads; wait for another a little.

        Raises:
            LibraryLocked: another was still writing after LOCK_WAIT_S.
            LibraryDamaged: the folder may not be written (`fault` says so).
        """
        try:
            self._lock.acquire(timeout=LOCK_WAIT_S)
        except Timeout as error:
            raise LibraryLocked(
                f"{self.path} is being written to by another process: try again when it is done",
                self.path,
            ) from error
        except OSError as error:
            raise file_fault(self.path, error) from error
        try:
            yield
        finally:
            self._lock.release()

    @contextmanager
    def writing_if_free(self) -> Iterator[bool]:
        """Be the only writer if that is possible at once; gives whether it was."""
        try:
            self._lock.acquire(timeout=0)
        except OSError:  # Timeout is one; the others say that the folder may only be read
            yield False
            return
        try:
            yield True
        finally:
            self._lock.release()

    def disk_bytes(self) -> int:
        """Give what all its files take."""
        total = 0
        # Not by rglob: a writer may delete a folder, or replace a file, while it is looked at.
        for place, _, names in os.walk(self.path):
            for name in names:
                with suppress(OSError):
                    total += os.stat(f"{place}/{name}").st_size  # noqa: PTH116 - a Path for each is dear
        return total
