"""A backup: one file that holds all of a library that cannot be made again.

It is the library's database without its indexes, written from one moment of it and made compact.
The indexes are made anew when the restored library is first opened.
"""

from __future__ import annotations

import errno
import os
import shutil
from contextlib import suppress
from pathlib import Path

from embeddings.replacing import put_in_place
from qa.errors import BackupError, Fault, LibraryDamaged, LibraryError, LibraryNotFound
from qa.faults import is_full, reason
from qa.folder import Folder
from qa.store import Store

_PART = ".part"


def write_backup(store: Store, file: Path) -> int:
    """Write a backup, also while others ask and add; it holds what was committed when it began.

    Returns:
        Its bytes.

    Raises:
        BackupError: the file is there already, or cannot be written.
        LibraryDamaged: the library cannot be read.
    """
    if file.is_dir():
        raise BackupError(f"{file} is a folder: name a file in it", file)
    if file.exists():
        raise BackupError(f"{file} is there already: name a new file, or delete it", file)
    part = file.with_name(file.name + _PART)
    try:
        for left in _left(part):  # of a backup that was cut off
            left.unlink(missing_ok=True)
        part.touch()  # says here what is wrong with the place, if anything
        part.unlink()
        store.copy_to(part)
        put_in_place(part, file)
        return file.stat().st_size
    except OSError as error:
        raise _unwritable(file) if is_full(error) else _unusable(file, error) from error
    except LibraryDamaged as error:  # SQLite names the library, whatever disk it means
        if error.fault is Fault.DISK_FULL:
            raise _unwritable(file) from error
        raise
    finally:
        with suppress(OSError):  # what is wrong with the place was said
            for left in _left(part):
                left.unlink()


def restore(file: Path, folder: Path) -> None:
    """Make a library of a backup, in a folder that holds none.

    Raises:
        BackupError: the file cannot be read, or is no backup of a library, or the disk is full.
        LibraryError: the folder holds a library or other things, or cannot be written; in any case
            it is left as it was.
    """
    place = Folder(folder)
    if place.file.exists():
        raise LibraryNotFound(
            f"{folder} holds a library already: restore into a new folder", place.path
        )
    if not file.is_file():
        raise BackupError(f"{file}: no such file; check the path", file)
    part = place.file.with_name(place.file.name + _PART)
    _clean_up(part, keep=file)
    place.check(create=True)
    new = not place.path.exists()
    place.make()
    try:
        shutil.copyfile(file, part)
        _prove(file, part)
        put_in_place(part, place.file)
    except OSError as error:
        raise _unwritable(place.path) if is_full(error) else _unusable(file, error) from error
    finally:
        for left in _left(part):
            left.unlink()
        if new and not place.file.exists():
            place.path.rmdir()


def _left(part: Path) -> list[Path]:
    """Give what making `part` may leave: SQLite puts files beside its own."""
    names = [part.name + ending for ending in ("", "-journal", "-wal", "-shm")]
    return [file for name in names if (file := part.with_name(name)).exists()]


def _clean_up(part: Path, *, keep: Path) -> None:
    """Delete what a restore left that was killed, where nothing else is in the folder."""
    left = _left(part)
    with suppress(OSError):  # what is wrong with the folder is said later
        if len(left) == len(list(part.parent.iterdir())) and keep.resolve().parent != part.parent:
            for one in left:
                one.unlink()


def _prove(file: Path, copy: Path) -> None:
    """Open the copy as a library of this version, and have SQLite read through all of it."""
    if not copy.stat().st_size:
        raise BackupError(f"{file} is no backup of a library: name another file", file)
    try:
        store = Store.open(copy)
        try:
            damage = store.damage()
        finally:
            store.close()
    except LibraryError as error:
        if isinstance(error, LibraryDamaged) and error.fault is Fault.DISK_FULL:
            raise _unwritable(copy.parent) from error  # SQLite writes beside it to read it
        raise BackupError(f"{file} is no backup of a library: name another file", file) from error
    if damage:
        raise BackupError(f"{file} is damaged ({damage}): use another backup", file)


def _unusable(file: Path, error: OSError) -> BackupError:
    why = reason(error, file.parent)
    return BackupError(f"{file} cannot be used ({why}): check the path and the disk", file)


def _unwritable(file: Path) -> BackupError:
    why = os.strerror(errno.ENOSPC)
    return BackupError(f"{file} cannot be written ({why}): free some space and try again", file)
