"""Writing documents to the store, each batch in one transaction, and taking them out."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from embeddings.encoder import Encoder
from qa.adding import Change, Progress, stays
from qa.errors import ReadingError
from qa.feeding import Feed
from qa.pieces import Piece, with_vectors
from qa.records import Skipped
from qa.store import Key, Store
from qa.storing import Writing
from qa.term_making import TermEntry

BATCH_CHARS = 200_000
"""So many characters of documents are written in one transaction: about a thousand passages."""

WHOLE_CHARS = 4_000_000
"""Of a longer document not all passages are held in memory before the first is written."""


@dataclass(frozen=True, slots=True)
class _Ready:
    change: Change
    notes: tuple[str, ...]
    pieces: list[Piece]


class Writer:
    """Writes documents in order, enters them into the report, and feeds the term index.

    First the store commits, then the report and the index are told: what is reported is on disk.
    """

    def __init__(
        self,
        store: Store,
        feed: Feed,
        encoder: Encoder,
        done: Progress | None = None,
        *,
        within: Callable[[float], None] | None = None,
    ) -> None:
        self._store = store
        self._feed = feed
        self._encoder = encoder  # for pieces that come without vectors
        self._done = done or Progress()
        self._within = within  # told the share of a long document that is written, 0 to 1
        self._batch: list[_Ready] = []
        self._chars = 0

    @property
    def idle(self) -> bool:
        """Whether all that was given is written."""
        return not self._batch

    def write(self, change: Change, pieces: Iterator[Piece], notes: tuple[str, ...] = ()) -> None:
        """Write a document, at once or with some that follow; `flush` writes what is left.

        Args:
            change: The document.
            pieces: Its passages. A ReadingError in giving them is entered into the report, and
                nothing of the document is written.
            notes: For the report.
        """
        chars = len(change.document.text)
        try:
            if stays(change, self._store.document):
                deque(pieces, maxlen=0)  # made ready, and not needed
                self._done.unchanged.append(change.task.path)
                return
            if chars > WHOLE_CHARS:
                self.flush()
                self._stream(_Ready(change, notes, []), pieces)
                return
            self._batch.append(_Ready(change, notes, list(pieces)))
        except ReadingError as error:
            self._done.failed.append(Skipped(change.task.path, error.reason))
            return
        self._chars += chars
        if self._chars > BATCH_CHARS:
            self.flush()

    def flush(self) -> None:
        """Write what is left, all of it or nothing."""
        batch, self._batch, self._chars = self._batch, [], 0
        if not batch:
            return
        self._encode(batch)
        entries: list[TermEntry] = []
        with self._store.writing() as writing:
            for one in batch:
                document_id = _begin(writing, one.change)
                for piece in one.pieces:
                    entries += put_piece(writing, document_id, piece)
        self._feed.put(_replaced(batch), entries)
        self._feed.settle(writing.generation)
        for one in batch:
            self._enter(one, sum(len(piece.passages) for piece in one.pieces))

    def remove(self, keys: Iterable[Key]) -> None:
        """Take documents out, all of them or none; none does nothing."""
        keys = list(keys)
        if keys:
            with self._store.writing() as writing:
                for key in keys:
                    writing.remove(key.document_id)
            self._feed.put([key.document_id for key in keys], [])
            self._feed.settle(writing.generation)
            self._done.removed += [key.path for key in keys]

    def _stream(self, one: _Ready, pieces: Iterator[Piece]) -> None:
        """Write one long document piece by piece; readers see it when it is whole."""
        self._feed.checkpoint()  # what is put from here may have to be taken back
        passages = 0
        try:
            with self._store.writing() as writing:
                document_id = _begin(writing, one.change)
                self._feed.put(_replaced([one]), [])
                for piece in pieces:
                    [ready] = with_vectors([(one.change.document.title, piece)], self._encoder)
                    self._feed.put([], put_piece(writing, document_id, ready))
                    passages += len(piece.passages)
                    if self._within:
                        self._within(piece.passages[-1].end / len(one.change.document.text))
        except BaseException:
            self._feed.take_back()
            raise
        self._feed.settle(writing.generation)
        self._enter(one, passages)

    def _enter(self, one: _Ready, passages: int) -> None:
        """Enter a document that is written into the report."""
        path = one.change.task.path
        (self._done.updated if one.change.replaces else self._done.added).append(path)
        self._done.notes += [Skipped(path, note) for note in one.notes]
        self._done.passages += passages

    def _encode(self, batch: Sequence[_Ready]) -> None:
        """Give vectors to the pieces of a batch that have none, which is faster all at once."""
        titled = [(one.change.document.title, piece) for one in batch for piece in one.pieces]
        ready = iter(with_vectors(titled, self._encoder))
        for one in batch:
            one.pieces[:] = islice(ready, len(one.pieces))


def _replaced(batch: Sequence[_Ready]) -> list[int]:
    return [one.change.replaces.document_id for one in batch if one.change.replaces is not None]


def _begin(writing: Writing, change: Change) -> int:
    """Write a document without its passages, in place of the one it replaces; give its id."""
    if change.replaces is not None:
        writing.remove(change.replaces.document_id)
    return writing.put_document(change.document)


def put_piece(writing: Writing, document_id: int, piece: Piece) -> list[TermEntry]:
    """Write a piece with vectors; give its passages for the term index."""
    if piece.vectors is None:
        raise AssertionError("pieces are encoded before they are written")
    ids = writing.put_passages(document_id, piece.passages, piece.vectors)
    return [
        TermEntry(number, document_id, terms)
        for number, terms in zip(ids, piece.terms, strict=True)
    ]
