"""Questions that come upon a damaged index, or are overtaken by a writer: they are asked again."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TypeVar

from qa.errors import IndexDamaged
from qa.indexes import Indexes

_logger = logging.getLogger(__name__)

_OVERTAKEN = 4  # times at most: someone may be writing without pause

Found = TypeVar("Found")


def asked(find: Callable[[], Found], refresh: Callable[[], None], indexes: Indexes) -> Found:
    """Give what `find` finds; where the term index turns out to be damaged, it is made anew first.

    Opening it does not read all of it, so that damage may show only when a question comes upon it.
    While a writer is at work it cannot be made anew: then vectors alone find.

    What was found may be gone by the time that its document is read: a rebuild, say, takes all out
    and puts it in again. Then it is looked for again.

    Args:
        find: Asks the indexes.
        refresh: Sees what is written, and heals what lags behind.
        indexes: The library's.

    Raises:
        IndexDamaged: what was made anew is damaged as well.
    """
    for _ in range(_OVERTAKEN):
        before = indexes.store.generation
        refresh()
        found = _found(find, refresh, indexes)
        if indexes.store.generation == before or not indexes.store.removed_since(before):
            break
    return found


def _found(find: Callable[[], Found], refresh: Callable[[], None], indexes: Indexes) -> Found:
    try:
        return find()
    except IndexDamaged as error:
        _logger.warning("the term index is made anew: %s", error)
        indexes.doubt_terms()
        refresh()
        return find()
