"""A document cut into passages with their terms and vectors, a piece at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from itertools import islice, starmap
from operator import attrgetter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from embeddings.encoder import Encoder
from embeddings.vectors import check_shape
from embeddings.words import fold_all, may_be_parted
from qa.records import Document, Passage, Range
from qa.splitting import passages
from qa.term_making import TermMaker, Terms

PIECE_PASSAGES = 512
"""Passages in one piece: some 2 MB with their terms and vectors."""

Halves = NDArray[np.float16]


@dataclass(frozen=True, slots=True)
class Piece:
    """Neighbouring passages of one document.

    Attributes:
        passages: In reading order, with id 0.
        terms: Of each passage.
        vectors: float16 (len(passages), dimensions), as they are stored; None: not encoded yet.
    """

    passages: tuple[Passage, ...]
    terms: tuple[Terms, ...]
    vectors: Halves | None

    def __reduce__(self) -> tuple[Callable[..., Piece], tuple[object, ...]]:
        """Say how it goes to another process: as rows, in half the time of the records' own way."""
        rows = list(map(_PASSAGE, self.passages)), list(map(_TERMS, self.terms))
        return _of_rows, (*rows, self.vectors)


_PASSAGE, _TERMS = (attrgetter(*(one.name for one in fields(of))) for of in (Passage, Terms))


def _of_rows(
    passages: list[tuple[Any, ...]], terms: list[tuple[str, ...]], vectors: Halves | None
) -> Piece:
    return Piece(tuple(starmap(Passage, passages)), tuple(starmap(Terms, terms)), vectors)


def in_context(title: str, passage: Passage) -> str:
    """Give the text that is encoded for a passage: most questions name what only its title says."""
    return f"{title} {passage.heading}\n{passage.shown}"


def encoded(texts: Sequence[str], encoder: Encoder) -> Halves:
    """Give the vectors of texts as they are stored, float16 (len(texts), dimensions).

    Raises:
        VectorMismatch: the encoder gives vectors of another shape than it says.
    """
    vectors = encoder.encode_passages(texts)
    check_shape(vectors, len(texts), encoder.dimensions)
    return vectors.astype(np.float16)


def parts(document: Document, noise: Sequence[Range] = ()) -> Iterator[tuple[Passage, ...]]:
    """Split a document whose noise is known; give its passages, PIECE_PASSAGES at a time."""
    found = passages(document, noise)
    while part := tuple(islice(found, PIECE_PASSAGES)):
        yield part


def pieces(
    document: Document, maker: TermMaker, noise: Sequence[Range] = (), *, folded: str = ""
) -> Iterator[Piece]:
    """Give a document's passages in pieces without vectors; a blank one gives none.

    Args:
        document: What is cut.
        maker: Makes the terms.
        noise: Of its text, as `qa.cleaning` finds it.
        folded: Its text folded, where that is at hand: then it is not done again.
    """
    for part in parts(document, noise):
        shown = _folded(document.text, folded, part) if folded else _anew(part)
        terms = maker.terms_of_all(shown, [one.heading for one in part], title=document.title)
        yield Piece(part, tuple(terms), None)


def _anew(part: Sequence[Passage]) -> list[str]:
    return fold_all([one.shown for one in part])


def _folded(text: str, folded: str, part: Sequence[Passage]) -> list[str]:
    """Give what is shown of passages, folded; most of them stand in the folded text as they are."""
    whole = [
        not one.noise and may_be_parted(text, one.start) and may_be_parted(text, one.end)
        for one in part
    ]
    others = iter(_anew([one for one, is_whole in zip(part, whole, strict=True) if not is_whole]))
    return [
        folded[one.start : one.end] if is_whole else next(others)
        for one, is_whole in zip(part, whole, strict=True)
    ]


def with_vectors(titled: Sequence[tuple[str, Piece]], encoder: Encoder) -> list[Piece]:
    """Give pieces with vectors, which are made all at once: that takes less time.

    Args:
        titled: Each with the title of its document; those that have vectors keep them.
        encoder: What makes them.

    Raises:
        VectorMismatch: the encoder gives vectors of another shape than it says.
    """
    bare = [(title, piece) for title, piece in titled if piece.vectors is None]
    texts = [in_context(title, one) for title, piece in bare for one in piece.passages]
    ends = np.cumsum([len(piece.passages) for _, piece in bare])
    rows = iter(np.split(encoded(texts, encoder), ends[:-1]) if bare else ())
    return [
        replace(piece, vectors=next(rows)) if piece.vectors is None else piece
        for _, piece in titled
    ]
