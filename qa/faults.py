"""What the disk and SQLite say when something fails, as an error that says what to do."""

from __future__ import annotations

import errno
import os
import re
import shutil
import sqlite3
from pathlib import Path

from qa.errors import Fault, LibraryDamaged

_FULL = frozenset((errno.ENOSPC, errno.EDQUOT, errno.EFBIG))
_BARRED = frozenset((errno.EROFS, errno.EACCES, errno.EPERM))
_LITTLE_BYTES = 4_000_000  # less than a term index needs to be written
_SYSTEM_ERROR = re.compile(r"os error (\d+)")
_DEAD_WRITER = "writer was killed"
_REMEDIES = {
    Fault.DISK_FULL: "free some space and run the command again",
    Fault.NO_ACCESS: "check that the folder exists and may be written",
    Fault.BUSY: "try again in a moment",
    Fault.DAMAGED: "restore a copy, or delete the folder and add the files again",
}


def database_fault(file: Path, error: sqlite3.Error | UnicodeError) -> LibraryDamaged:
    """Say which of the few things that happen to a database file has happened, and what helps."""
    text = str(error)
    if isinstance(error, UnicodeError) or text.startswith("Could not decode"):
        text = "text in it is no UTF-8"  # what they say holds all of that text
    if "disk is full" in text or "disk I/O" in text:
        fault = Fault.DISK_FULL
    elif "readonly" in text or "unable to open" in text:
        fault = Fault.NO_ACCESS
    elif "locked" in text:
        fault = Fault.BUSY
    else:
        fault = Fault.DAMAGED
    message = f"{file} cannot be used ({text}): {_REMEDIES[fault]}"
    return LibraryDamaged(message, file.parent, fault)


def file_fault(folder: Path, error: Exception) -> LibraryDamaged:
    """Say the same of files beside the database that could not be written."""
    full = is_full(error) or (not _is_barred(error) and _little_left(folder))
    fault = Fault.DISK_FULL if full else Fault.NO_ACCESS
    message = f"{folder} cannot be written ({reason(error, folder)}): {_REMEDIES[fault]}"
    return LibraryDamaged(message, folder, fault)


def reason(error: BaseException, folder: Path) -> str:
    """Give in a few words why files in `folder` could not be written, without tantivy's own."""
    if isinstance(error, OSError):
        return error.strerror or str(error)
    number = _SYSTEM_ERROR.search(str(error))
    if number:
        return os.strerror(int(number[1]))
    if _little_left(folder):
        return os.strerror(errno.ENOSPC)
    return "its writer broke off" if _DEAD_WRITER in str(error) else str(error).partition("\n")[0]


def is_full(error: Exception) -> bool:
    """Say whether an error means that no more can be written to the disk."""
    # tantivy gives only the text of the system's error.
    return _says(error, _FULL)


def _is_barred(error: Exception) -> bool:
    """Say whether an error means that nothing may be written there, however much space is left."""
    return _says(error, _BARRED)


def _says(error: Exception, numbers: frozenset[int]) -> bool:
    return getattr(error, "errno", None) in numbers or any(
        f"os error {number}" in str(error) for number in numbers
    )


def _little_left(folder: Path) -> bool:
    # A worker thread of tantivy that finds the disk full says only that it was killed.
    try:
        return shutil.disk_usage(folder).free < _LITTLE_BYTES
    except OSError:
        return False
