"""A document cut into passages with their terms and vectors, a piece at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from embeddings.encoder import Encoder
from embeddings.vectors import check_shape
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
    document: Document,
    maker: TermMaker,
    encoder: Encoder | None,
    *,
    noise: Sequence[Range] = (),
) -> Iterator[Piece]:
    """Give a document's passages in pieces; a blank one gives none.

    Without an encoder the pieces have no vectors.

    Raises:
        VectorMismatch: the encoder gives vectors of another shape than it says.
    """
    title = document.title
    for part in parts(document, noise):
        terms = tuple(maker.terms(one.shown, title=title, heading=one.heading) for one in part)
        texts = [in_context(title, one) for one in part]
        yield Piece(part, terms, None if encoder is None else encoded(texts, encoder))
