"""All passages, vectors and terms of a library made anew, from the texts that it stores."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

from qa.adding import Task
from qa.errors import ReadingError
from qa.feeding import Feed
from qa.filling import Means, pieces_of
from qa.indexes import Indexes
from qa.making import Making
from qa.pieces import with_vectors
from qa.reading import Reading
from qa.records import Document
from qa.settling import settle
from qa.sharing import shared
from qa.store import Key, Store
from qa.storing import Writing
from qa.telling import Following, Progress, begin
from qa.work import Failed, Item, Job
from qa.writing import put_piece

_logger = logging.getLogger(__name__)

_CHAR_BYTES = 3


def remake(
    store: Store,
    indexes: Indexes,
    making: Making,
    *,
    means: Means,
    progress: Progress | None = None,
) -> None:
    """Clean, split, cut, encode and index all documents anew, and record with what (lock held).

    What the store holds becomes true together; until the indexes are as far, those of before serve.

    Args:
        store: Where the texts are.
        indexes: Of the same.
        making: What is recorded.
        means: What to make passages, terms and vectors with.
        progress: Called with documents done and documents in all; may be `Following`.

    Raises:
        ReadingError: a document broke down every process that was given it; nothing has changed.
    """
    with indexes.feeding(anew=True) as feed:
        with store.writing() as writing:
            _write_anew(store, writing, feed, means=means, progress=progress)
            making.record(writing)
            feed.write_out(writing)  # between the two commits little is found: it must be short
        feed.settle(writing.generation)
    settle(store, means.encoder, means.cleaning)
    indexes.clear_vectors()
    indexes.catch_up()


def _write_anew(
    store: Store, writing: Writing, feed: Feed, *, means: Means, progress: Progress | None
) -> None:
    """Write all documents in place of themselves; many are made ready in other processes."""
    keys = store.document_keys()
    with ExitStack() as stack:
        items = shared(_jobs(store, keys), means.recipe, means.words, stack)
        for number, key in enumerate(keys, start=1):
            begin(progress, key.path)
            document = _document(next(items), key)
            writing.remove(key.document_id)
            document_id = writing.put_document(document)
            for piece in pieces_of(Task(key.path, key.location), items):
                [ready] = with_vectors([(document.title, piece)], means.encoder)
                feed.put([], put_piece(writing, document_id, ready))
                share = piece.passages[-1].end / len(document.text)
                if share < 1 and isinstance(progress, Following):
                    progress.within(number - 1 + share, len(keys))
            if progress:
                progress(number, len(keys))


def _document(item: Item, key: Key) -> Document:
    if isinstance(item, Failed):
        raise ReadingError(Path(key.location), item.reason)
    if not isinstance(item, Reading):
        raise AssertionError("a text that is given is always read")
    for note in item.notes:
        _logger.warning("%s: %s", key.path, note)
    return item.document


def _jobs(store: Store, keys: list[Key]) -> Iterator[Job]:
    for key in keys:
        document = store.document(key.document_id)
        if document is None:
            raise AssertionError("nobody else writes meanwhile")
        task = Task(key.path, key.location, document=document)
        yield Job(task, None, _CHAR_BYTES * len(document.text))
