"""Files that take the place of others, so that a power cut leaves the old or the new one whole.

A new name stands on the disk only when its folder has been written too. Without that, a rename
that was reported can be gone after a power cut, or have come before the bytes it names.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path


def put_in_place(draft: Path, file: Path) -> None:
    """Give a finished file its name, in place of whatever stands there; both are on disk then.

    Args:
        draft: The new file, in the same folder; its bytes are written out first.
        file: What it is to be called. A folder that stands there instead goes.

    Raises:
        OSError: it cannot be written; `file` is as it was.
    """
    descriptor = os.open(draft, os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    if file.is_dir() and not file.is_symlink():
        shutil.rmtree(file)
    draft.replace(file)
    sync_folder(file.parent)


def sync_folder(folder: Path) -> None:
    """See that the names in a folder are on disk; where the system cannot, nothing happens."""
    if os.name == "nt":  # folders cannot be opened there
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def make_folder(folder: Path) -> None:
    """Make a folder with those above it that are missing; their names are on disk then.

    Raises:
        OSError: it cannot be made.
    """
    missing = [one for one in (folder, *folder.parents) if not one.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    for one in reversed(missing):
        sync_folder(one.parent)
