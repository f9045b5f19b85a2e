"""Passages as the terms they are found by: cutting them needs no index."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from embeddings.words import Cutter, bigrams, fold

_NAMES = 256  # titles and headings whose words are kept


@dataclass(frozen=True, slots=True)
class Terms:
    """One passage as terms: each field holds them one after the other, with blanks between."""

    words: str
    bigrams: str
    title: str
    heading: str


@dataclass(frozen=True, slots=True)
class TermEntry:
    """The terms of a passage that has its number."""

    passage_id: int
    document_id: int
    terms: Terms


class TermMaker:
    """Cuts passages into the terms they are found by."""

    def __init__(self, cutter: Cutter) -> None:
        self._cutter = cutter
        # Neighbouring passages have the same title, and often the same heading.
        self._named = lru_cache(_NAMES)(self._words)

    def terms(self, shown: str, *, title: str, heading: str) -> Terms:
        """Cut one passage; `shown` is its text without noise."""
        text = fold(shown)
        words = " ".join(self._cutter.words(text))
        return Terms(words, " ".join(bigrams(text)), self._named(title), self._named(heading))

    def _words(self, text: str) -> str:
        return " ".join(self._cutter.words(fold(text)))
