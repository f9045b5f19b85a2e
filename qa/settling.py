"""After an `add`, `remove` or rebuild: what the files of a folder repeat is noise, or no more.

What is noise in a document so follows from the files that its folder holds in the end, never from
the order in which they came. Only documents in which it changes are made anew, and of these only
the passages that now say something else are encoded.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

import numpy as np

from embeddings.encoder import Encoder
from embeddings.vectors import check_shape
from qa import edges
from qa.cleaning import REPEATED, Cleaning, find_noise
from qa.edges import Kept
from qa.pieces import in_context
from qa.reading.files import HTML, MARKDOWN, TEXT, format_of
from qa.records import Document, Passage
from qa.repeating import FEWEST, PAGE_CHARS, SHARE, Edges, edges_of, frequent, repeated
from qa.splitting import split
from qa.store import Key, Store, Vectors

_PAGES = TEXT | MARKDOWN | HTML | {""}
_BATCH = 500  # documents whose lines are looked at, or counted, at once
_BATCH_CHARS = 200_000  # of text made anew in one transaction


@dataclass(frozen=True, slots=True)
class _Lines:
    """The lines that most files of a folder begin with, and those that they end with, as hashes."""

    head: Collection[int] = ()
    tail: Collection[int] = ()

    def marks(self, of: Edges) -> bytes:
        """Give a byte for each line of a document's edges, 1 where it is one of these."""
        return bytes([one in self.head for one in of.head] + [one in self.tail for one in of.tail])


@dataclass(frozen=True, slots=True)
class _Change:
    """A document to make anew, and what is kept of it then."""

    document_id: int
    document: Document
    kept: Kept


def settle(store: Store, encoder: Encoder, cleaning: Cleaning) -> None:
    """Bring the noise of all documents up to what their folders hold now (write lock held).

    What is cut off is finished by the next call. With nothing added or removed since the last call
    it costs two look-ups.

    Raises:
        LibraryDamaged: the database cannot be written.
    """
    _look(store, edges.unread(store))
    for folder in edges.unsettled(store):
        lines = _Lines() if REPEATED in cleaning.off else _repeated_lines(store, folder)
        _bring_up(store, folder, lines, encoder=encoder, cleaning=cleaning)
        with store.writing(news=False) as writing:
            edges.settled(writing, folder)


def _look(store: Store, keys: Sequence[Key]) -> None:
    """Keep the edges of documents that came since."""
    for at in range(0, len(keys), _BATCH):
        found: dict[str, list[Kept]] = {}
        for key in keys[at : at + _BATCH]:
            lines = _edges(store, key)
            kept = Kept(key.document_id, lines, _Lines().marks(lines))
            found.setdefault(edges.folder_of(key), []).append(kept)
        with store.writing(news=False) as writing:
            for folder, kept_there in found.items():
                edges.keep(writing, folder, kept_there)
                edges.unsettle(writing, folder)


def _edges(store: Store, key: Key) -> Edges:
    """Give the edges of a document that may be a page of a site; of any other it has none."""
    if not key.source or format_of(key.path) not in _PAGES:
        return Edges()
    document = store.document(key.document_id)
    text = "" if document is None else document.text
    return edges_of(text) if len(text) <= PAGE_CHARS else Edges()


def _repeated_lines(store: Store, folder: str) -> _Lines:
    """Give the lines that most pages of a folder have, if behind them the pages differ.

    Counted in two passes, so that memory holds neither all pages nor all lines: what most pages
    have, most pages of one of the batches have too.
    """
    count, may_head, may_tail = 0, set[int](), set[int]()
    pages = edges.in_folder(store, folder)
    while batch := list(islice(pages, _BATCH)):
        count += len(batch)
        may_head |= frequent((one.edges.head for one in batch), len(batch), SHARE)
        may_tail |= frequent((one.edges.tail for one in batch), len(batch), SHARE)
    if count < FEWEST or not (may_head or may_tail):
        return _Lines()
    heads, tails = Counter[int](), Counter[int]()
    for one in edges.in_folder(store, folder):
        heads.update(may_head.intersection(one.edges.head))
        tails.update(may_tail.intersection(one.edges.tail))
    least = max(FEWEST, SHARE * count)
    head = {line for line, times in heads.items() if times >= least}
    tail = {line for line, times in tails.items() if times >= least}
    kept = [one.edges for one in edges.in_folder(store, folder)] if head or tail else []
    return _Lines(
        head if _differ((one.head for one in kept), head) else (),
        tail if _differ((one.tail for one in kept), tail) else (),
    )


def _differ(pages: Iterator[Sequence[int]], lines: Collection[int]) -> bool:
    """Say whether enough pages go on differently behind the lines: copies and versions do not."""
    first = (next((line for line in page if line not in lines), None) for page in pages)
    different: set[int] = set()
    for line in first:
        if line is not None:
            different.add(line)
        if len(different) >= FEWEST:
            return True
    return False


def _bring_up(
    store: Store, folder: str, lines: _Lines, *, encoder: Encoder, cleaning: Cleaning
) -> None:
    """Make those documents of a folder anew in which other lines are noise now."""
    changed = [
        one.document_id
        for one in edges.in_folder(store, folder)
        if lines.marks(one.edges) != one.marked
    ]
    batch: list[_Change] = []
    chars = 0
    same: list[Kept] = []
    for number in changed:
        document = store.document(number)
        if document is None:
            continue
        kept = _kept(number, document, lines)
        if kept.noise == edges.noise_of(store, number):
            same.append(kept)
            continue
        batch.append(_Change(number, document, kept))
        chars += len(document.text)
        if chars > _BATCH_CHARS:
            _write(store, folder, batch, encoder=encoder, cleaning=cleaning)
            batch, chars = [], 0
    _write(store, folder, batch, encoder=encoder, cleaning=cleaning)
    if same:
        with store.writing(news=False) as writing:
            edges.keep(writing, folder, same)


def _kept(number: int, document: Document, lines: _Lines) -> Kept:
    """Give what is to be kept of a document whose folder repeats these lines."""
    own = edges_of(document.text)
    marks = lines.marks(own)
    marked = [mark > 0 for mark in marks]
    at = len(own.head)
    noise = repeated(document.text, document.title, marked[:at], marked[at:]) if any(marks) else []
    return Kept(number, own, marks, tuple(noise))


def _write(
    store: Store, folder: str, batch: Sequence[_Change], *, encoder: Encoder, cleaning: Cleaning
) -> None:
    """Write a batch in place of what the store holds of it, all or nothing; [] does nothing."""
    if not batch:
        return
    passages = [
        split(one.document, find_noise(one.document.text, cleaning, one.kept.noise))
        for one in batch
    ]
    rows = _vectors(store, batch, passages, encoder)
    with store.writing() as writing:
        for change, own, vectors in zip(batch, passages, rows, strict=True):
            writing.remove(change.document_id)
            number = writing.put(change.document, own, vectors)
            edges.keep(writing, folder, [replace(change.kept, document_id=number)])


def _vectors(
    store: Store, batch: Sequence[_Change], passages: Sequence[Sequence[Passage]], encoder: Encoder
) -> list[Vectors]:
    """Give the vectors of each document's new passages; those that say the same keep theirs."""
    known: dict[str, Vectors] = {}
    for change in batch:
        ids = [one.id for one in store.passages_of(change.document_id)]
        for one in store.candidates(ids):
            known[in_context(one.title, one.passage)] = one.vector
    texts = [
        [in_context(change.document.title, passage) for passage in own]
        for change, own in zip(batch, passages, strict=True)
    ]
    new = list(dict.fromkeys(text for own in texts for text in own if text not in known))
    if new:
        made = encoder.encode_passages(new)
        check_shape(made, len(new), encoder.dimensions)
        known |= dict(zip(new, made, strict=True))
    empty = np.empty((0, encoder.dimensions), dtype=np.float32)
    return [np.stack([known[text] for text in own]) if own else empty for own in texts]
