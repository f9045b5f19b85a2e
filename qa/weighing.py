"""What is weighed: the terms of a question by how rare they are, and the passages they stand in."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]

_K1, _B = 1.2, 0.5  # Robertson's term saturation and length normalisation
_BETWEEN = 2  # characters that a short form leaves out at one place, at most
_USUAL_CHARS = 260  # passages are cut at about this length

OWN_WORTH = 1.0
"""What a synonym that the user gave counts of the word it stands for: they know it is the same."""

EVERYDAY_WORTH = 0.85
"""The same of one of the everyday words, which are not so sure."""


@dataclass(frozen=True, slots=True)
class Rarity:
    """How rare the question's terms are in this library: term to inverse document frequency.

    Attributes:
        words: Of its words.
        pairs: Of its character pairs.
        unknown: Those of its words that stand nowhere in the library.
    """

    words: Mapping[str, float]
    pairs: Mapping[str, float]
    unknown: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Matter:
    """What is weighed of one passage.

    Attributes:
        text: Its shown text, folded.
        title: Its document's title, folded.
        heading: Its headings, folded.
        cosine: Between the question's and its vector.
        date: Its document's, `2024-04-01` or the beginning of it; None when it is not known.
        document: Those of the question's words that stand anywhere in its document.
        meant: The same with the question's words in place of their synonyms; None where it holds
            none of those.
        synonyms: Which those are: the question's word, and what stands for it.
        worth: What these count of the words they stand for, the least of them.
        masked: Whether something was taken out of `text`, which the passage says
            (`qa.names.of_chiefs`).
    """

    text: str
    title: str = ""
    heading: str = ""
    cosine: float = 0.0
    date: str | None = None
    document: Set[str] = frozenset()
    meant: Matter | None = None
    synonyms: tuple[tuple[str, str], ...] = ()
    worth: float = OWN_WORTH
    masked: bool = False

    def in_document(self, held: Set[str]) -> Matter:
        """Give the same with what stands in its document."""
        # Not `replace`, which takes five times as long: there are dozens in a question.
        return Matter(
            self.text, self.title, self.heading, self.cosine, self.date,
            held, self.meant, self.synonyms, self.worth, self.masked,
        )  # fmt: skip

    @property
    def context(self) -> str:
        """What stands above the text: title and headings."""
        return f"{self.title}\n{self.heading}"


def blended(own: Sequence[float], meant: Sequence[float], worth: float) -> list[float]:
    """Give values between what a text is worth as it stands and with synonyms as the words meant.

    The synonyms' share of the gain is `worth`, whichever the value: every signal keeps its scale
    and its meaning.
    """
    return [a + worth * (b - a) for a, b in zip(own, meant, strict=True)]


EDGES = ("0123456789", "abcdefghijklmnopqrstuvwxyz")
"""What goes on in both directions: a term that begins or ends with one of these stands only where
no more of its kind follow. b333 does not stand in b33315, nor ai in email; ml does in 10ml."""


@lru_cache(maxsize=1 << 10)
def edge(character: str) -> int:
    """Give which of EDGES a folded character is of, from 1; 0 of none."""
    return next((n for n, some in enumerate(EDGES, start=1) if character in some), 0)


def count(term: str, text: str) -> int:
    """Count where a term stands in a text, not overlapping itself.

    >>> count("b333", "b33315 b333号"), count("工会", "县总工会工会驿站")
    (1, 2)
    """
    found = text.count(term)
    if found and _bordered(term):
        return sum(1 for _ in _whole(term).finditer(text))
    return found


class Terms:
    """Weighted terms, counted in folded text as `count` does.

    The weights are fixed for a question, so counting costs a few C calls for each passage; nothing
    is cut at question time.

    Args:
        weight: Of each term.
        abbreviations: Those of the terms that may be short for something longer: they are held
            where their characters stand close together in their order (职代会 in 职工代表大会).
    """

    def __init__(self, weight: Mapping[str, float], abbreviations: Set[str] = frozenset()) -> None:
        self.weight = weight
        self.abbreviations = {term: _spread(term) for term in weight if term in abbreviations}
        self._total = sum(weight.values()) or 1.0
        self._weights = np.array([*weight.values()], dtype=np.float64)

    def held(self, text: str) -> frozenset[str]:
        """Give the terms that stand in a text."""
        found = [
            term
            for term in self.weight
            if term in text and (not _bordered(term) or _whole(term).search(text))
        ]
        if self.abbreviations:
            found += [term for term, short in self.abbreviations.items() if short.search(text)]
        return frozenset(found)

    def share(self, held: Set[str], among: Mapping[str, int] | None = None) -> float:
        """Give the weight of these terms as a share of that of all, 0 to 1; 0 without terms.

        With `among`, the weight of each is divided by its number there first.
        """
        # In the order of the question: sums of floats depend on theirs, and sets have none.
        found = (
            weight / among[term] if among else weight
            for term, weight in self.weight.items()
            if term in held
        )
        return sum(found) / self._total

    def share_in(self, *texts: str) -> float:
        """Give the share of the terms that stand in any of the texts."""
        return self.share(self.held("\n".join(texts)))

    def shares(self, held: NDArray[np.bool_]) -> Values:
        """Give, of several texts, the share of each: `held` (texts, terms) says what each holds."""
        return self._summed(np.where(held, self._weights, 0.0))

    def bm25s(self, counts: NDArray[np.int64], lengths: Sequence[int]) -> Values:
        """Give `bm25` of several texts.

        Args:
            counts: How often each holds each term, (texts, terms).
            lengths: Characters of each.
        """
        norm = _K1 * (1 - _B + _B * np.array(lengths, dtype=np.float64) / _USUAL_CHARS)
        return self._summed(self._weights * counts / (counts + norm[:, None]))

    def _summed(self, gained: NDArray[np.float64]) -> Values:
        # One after another, as `share` adds: what is equal stays equal.
        if not gained.shape[1]:
            return np.zeros(len(gained))
        summed: Values = np.add.accumulate(gained, axis=1)[:, -1] / self._total
        return summed

    def bm25(self, text: str) -> float:
        """Give BM25 as a share of what a passage full of every term would get.

        Robertson and Zaragoza (2009) with k1 = 1.2, b = 0.5.
        """
        norm = _K1 * (1 - _B + _B * len(text) / _USUAL_CHARS)
        gained = 0.0
        for term, weight in self.weight.items():
            times = count(term, text)
            if times:
                gained += weight * times / (times + norm)
        return gained / self._total


@lru_cache(maxsize=1 << 10)
def _bordered(term: str) -> bool:
    return bool(edge(term[0]) or edge(term[-1]))


@lru_cache(maxsize=1 << 10)
def _whole(term: str) -> re.Pattern[str]:
    before, after = (("", *EDGES)[edge(one)] for one in (term[0], term[-1]))
    begins = f"(?<![{before}])" if before else ""
    ends = f"(?![{after}])" if after else ""
    return re.compile(begins + re.escape(term) + ends)


def _spread(term: str) -> re.Pattern[str]:
    between = rf"[^\W\d_]{{0,{_BETWEEN}}}"
    return re.compile(between.join(map(re.escape, term)))
