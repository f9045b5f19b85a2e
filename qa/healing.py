"""Indexes that turn out to be damaged, made anew by whoever asks."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TypeVar

from qa.errors import IndexDamaged
from qa.indexes import Indexes

_logger = logging.getLogger(__name__)

Found = TypeVar("Found")


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
