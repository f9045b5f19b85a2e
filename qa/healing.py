"""Indexes that lag behind or are damaged, mended by whoever asks."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TypeVar

from qa.errors import Fault, IndexDamaged, LibraryDamaged
from qa.folder import Folder
from qa.indexes import Indexes

_logger = logging.getLogger(__name__)

Found = TypeVar("Found")


def heal(folder: Folder, indexes: Indexes) -> None:
    """Bring the indexes up to the store, unless a writer is at work, which will do it.

    Raises:
        LibraryDamaged: they cannot be brought up for another reason than the disk's.
    """
    with folder.writing_if_free() as free:
        if not free:
            return
        try:
            indexes.catch_up()
        except LibraryDamaged as error:
            if error.fault is Fault.DAMAGED:
                raise
            _logger.warning("searching without what was added last: %s", error)


def asked(find: Callable[[], Found], refresh: Callable[[], None], indexes: Indexes) -> Found:
    """Give what `find` finds; where the term index turns out to be damaged, it is made anew first.

    Opening it does not read all of it, so that damage may show only when a question comes upon it.
    While a writer is at work it cannot be made anew: then vectors alone find.

    Args:
        find: Asks the indexes.
        refresh: Sees what is written, and heals what lags behind.
        indexes: The library's.

    Raises:
        IndexDamaged: what was made anew is damaged as well.
    """
    refresh()
    try:
        return find()
    except IndexDamaged as error:
        _logger.warning("the term index is made anew: %s", error)
        indexes.doubt_terms()
        refresh()
        return find()
