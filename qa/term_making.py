"""Passages as the terms they are found by: cutting them needs no index."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from embeddings.pairs import bigrams_joined
from embeddings.words import WordCutter, fold, fold_all


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

    def __init__(self, cutter: WordCutter) -> None:
        self._cutter = cutter

    def terms(self, shown: str, *, title: str, heading: str) -> Terms:
        """Cut one passage; `shown` is its text without noise."""
        return self.terms_of_all([fold(shown)], [heading], title=title)[0]

    def terms_of_all(
        self, folded: Sequence[str], headings: Sequence[str], *, title: str
    ) -> list[Terms]:
        """Cut passages of one document, which takes less time together than one by one.

        Args:
            folded: What is shown of each, folded.
            headings: Of each, as it is.
            title: The document's.
        """
        # Neighbouring passages often have the same heading.
        names = list(dict.fromkeys([title, *headings]))
        words = self._cutter.joined([*fold_all(names), *folded])
        named = dict(zip(names, words, strict=False))
        pairs = bigrams_joined(folded)
        return [
            Terms(word, pair, named[title], named[heading])
            for word, pair, heading in zip(words[len(names) :], pairs, headings, strict=True)
        ]
