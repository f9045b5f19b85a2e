"""Passages that are stored, cut into terms again: what other processes are given, and give back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, fields
from itertools import starmap
from operator import attrgetter

from embeddings.words import fold_all
from qa.pieces import PIECE_PASSAGES
from qa.store import Store
from qa.term_making import TermMaker, Terms

_CHAR_BYTES = 3


@dataclass(frozen=True, slots=True)
class Stored:
    """Passages of one document, as many as go into one piece.

    Attributes:
        document_id: Whose.
        title: The document's.
        ids: Of each passage.
        texts: Of each passage its heading, and what is shown of it.
        last: Whether none of the document's follow.
        size: About how many bytes they have.
    """

    document_id: int
    title: str
    ids: tuple[int, ...]
    texts: tuple[tuple[str, str], ...]
    last: bool
    size: int


@dataclass(frozen=True, slots=True)
class Cut:
    """The terms of each passage of a `Stored`."""

    terms: tuple[Terms, ...]

    def __reduce__(self) -> tuple[Callable[..., Cut], tuple[object, ...]]:
        """Say how it goes to another process: as rows, as `qa.pieces.Piece` does."""
        return _of_rows, (list(map(_ROW, self.terms)),)


_ROW = attrgetter(*(one.name for one in fields(Terms)))


def _of_rows(rows: list[tuple[str, ...]]) -> Cut:
    return Cut(tuple(starmap(Terms, rows)))


def stored(store: Store, document_ids: Iterable[int]) -> Iterator[Stored]:
    """Give what the store holds of documents, in their order; each gives one at least."""
    for document_id in document_ids:
        title = store.title(document_id)
        passages = store.passages_of(document_id)
        ends = max(len(passages), 1)
        for at in range(0, ends, PIECE_PASSAGES):
            part = passages[at : at + PIECE_PASSAGES]
            texts = tuple((one.heading, one.shown) for one in part)
            yield Stored(
                document_id,
                title,
                tuple(one.id for one in part),
                texts,
                last=at + PIECE_PASSAGES >= ends,
                size=_CHAR_BYTES * sum(len(shown) for _, shown in texts),
            )


def cut_again(one: Stored, maker: TermMaker) -> Cut:
    """Cut passages into the terms they are found by."""
    headings, shown = ([text[at] for text in one.texts] for at in (0, 1))
    return Cut(tuple(maker.terms_of_all(fold_all(shown), headings, title=one.title)))
