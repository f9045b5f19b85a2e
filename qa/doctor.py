"""Proof that a library is alive: each check tries the thing itself, on the library's own words."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice, pairwise

from embeddings.words import cutter, fold
from qa.library import Library
from qa.records import Document, Passage

_DOCUMENTS = 50  # looked into for words and names to try
_HAN_PAIR = re.compile(r"[一-鿿]{2}")


@dataclass(frozen=True, slots=True)
class Check:
    """One thing tried.

    Attributes:
        name: Key of its words in `qa/messages.py`.
        passed: Whether it went well; None when there was nothing to try it on.
        detail: What was tried, or what was wrong.
    """

    name: str
    passed: bool | None
    detail: str = ""


def examine(library: Library) -> tuple[Check, ...]:
    """Try every part of a library; an empty one has nothing to find, which is not a fault."""
    return (
        Check("doctor_database", library.damage() is None, library.damage() or ""),
        _encoder(library),
        _indexes(library),
        _quotes(library),
        _finds(library, "doctor_word", _word),
        _finds(library, "doctor_name", _unknown_name),
    )


def _encoder(library: Library) -> Check:
    encoder = library.encoder
    vectors = encoder.encode_queries(["工会"])
    fits = vectors.shape == (1, encoder.dimensions) and bool(vectors.any())
    return Check("doctor_encoder", fits, encoder.name)


def _indexes(library: Library) -> Check:
    now = library.status()
    agree = now.terms == now.passages and now.vectors == now.passages
    return Check("doctor_indexes", agree, f"{now.passages} = {now.terms} = {now.vectors}")


def _quotes(library: Library) -> Check:
    misplaced = [
        passage.id
        for document, passage in _passages(library)
        if document.text[passage.start : passage.end] != passage.text
    ]
    return Check("doctor_quotes", not misplaced, ", ".join(map(str, misplaced[:5])))


def _finds(library: Library, name: str, choose: Callable[[Passage], str | None]) -> Check:
    """Take a term from some passage and search for it: a passage that holds it must come back."""
    for _, passage in _passages(library):
        term = choose(passage)
        if term is None:
            continue
        hits = library.search(term, 10)
        held = any(fold(term) in fold(hit.passage.shown) for hit in hits)
        return Check(name, held, term)
    return Check(name, None)


def _word(passage: Passage) -> str | None:
    """Give a two-character word of the passage."""
    words = cutter().plain(fold(passage.shown))
    return next((word for word in words if _HAN_PAIR.fullmatch(word)), None)


def _unknown_name(passage: Passage) -> str | None:
    """Give two neighbouring characters that no word of the dictionary joins."""
    text = fold(passage.shown)
    words = cutter().plain(text)
    for left, right in pairwise(words):
        pair = left + right
        if _HAN_PAIR.fullmatch(pair) and pair in text and not _common(pair):
            return pair
    return None


def _common(pair: str) -> bool:
    return any(character in "的了是在和与及或有被把对将从到为于以等也都就不" for character in pair)


def _passages(library: Library) -> Iterator[tuple[Document, Passage]]:
    for document in islice(library.documents(), _DOCUMENTS):
        for passage in library.passages(document):
            yield document, passage
