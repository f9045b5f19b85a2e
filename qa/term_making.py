"""Passages as the terms they are found by: cutting them needs no index."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from embeddings.pairs import bigrams_joined
from embeddings.words import WordCutter, fold_all


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
        return self.terms_of_all([(shown, heading)], title=title)[0]

    def terms_of_all(self, passages: Sequence[tuple[str, str]], *, title: str) -> list[Terms]:
        """Cut passages of one document, each what is shown of it and its heading.

        All at once takes less time than one by one. No passages give [].
        """
        # Neighbouring passages often have the same heading.
        names = list(dict.fromkeys([title, *(heading for _, heading in passages)]))
        folded = fold_all([*names, *(shown for shown, _ in passages)])
        words = self._cutter.joined(folded)
        named = dict(zip(names, words, strict=False))
        pairs = bigrams_joined(folded[len(names) :])
        return [
            Terms(word, pair, named[title], named[heading])
            for word, pair, (_, heading) in zip(words[len(names) :], pairs, passages, strict=True)
        ]
