"""Which terms of a question stand in which texts: found for all terms and all texts at once.

A question has some forty terms and is weighed against a hundred texts. Looked for one by one, as
`qa.weighing.Terms.held` does, they took most of the time of weighing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from qa.weighing import EDGES, Terms, count, edge

Counts = NDArray[np.int64]
Held = NDArray[np.bool_]

_FIRST = 1  # state of the tree of terms; 0 is none


@dataclass(frozen=True, slots=True)
class Occurrences:
    """Where terms stand in texts joined by line ends, in no telling order; all int64 (n,).

    Attributes:
        terms: Which, by its number.
        starts: Its first character.
        ends: One past its last.
    """

    terms: Counts
    starts: Counts
    ends: Counts


class TermFinder:
    """Finds terms in texts, overlapping ones too, by a tree of their characters.

    Args:
        terms: Each once, none empty, none with a line end in it.
    """

    def __init__(self, terms: Sequence[str]) -> None:
        self.terms = tuple(terms)
        self._overlapping = [n for n, term in enumerate(terms) if _overlaps_itself(term)]
        letters = {one: n for n, one in enumerate(dict.fromkeys("".join(terms)), start=1)}
        steps: dict[tuple[int, int], int] = {}
        ends: dict[int, int] = {}
        for number, term in enumerate(terms):
            state = _FIRST
            for one in term:
                state = steps.setdefault((state, letters[one]), len(steps) + _FIRST + 1)
            ends[state] = number
        # One more than the largest letter: what is beyond is read as it, and is none of them.
        self._letters = np.zeros(max(map(ord, letters), default=0) + 2, dtype=np.int64)
        self._letters[[ord(one) for one in letters]] = [*letters.values()]
        self._steps = np.zeros((len(steps) + _FIRST + 1, len(letters) + 1), dtype=np.int64)
        for (state, letter), following in steps.items():
            self._steps[state, letter] = following
        self._ends = np.full(len(self._steps), -1, dtype=np.int64)
        self._ends[[*ends]] = [*ends.values()]
        # What may not stand before and behind each term; 0 for anything may.
        edges = [(edge(one[0]), edge(one[-1])) for one in terms]
        self._edges = np.array(edges, dtype=np.int64).reshape(-1, 2)
        self._kinds = np.zeros(max(map(ord, "".join(EDGES))) + 2, dtype=np.int64)
        for some in EDGES:
            self._kinds[[*map(ord, some)]] = edge(some[0])

    def find(self, texts: Sequence[str]) -> Occurrences:
        """Give where the terms stand; a term in itself (哈哈 in 哈哈哈) at every place."""
        joined = "\n".join(["", *texts, ""]).encode("utf-32-le", "surrogatepass")
        codes = np.frombuffer(joined, dtype="<u4")[1:]  # the last is the one before the first
        read = self._letters.take(codes, mode="clip")
        starts = read.nonzero()[0]
        states = self._steps[_FIRST, read[starts]]
        found: list[tuple[Counts, Counts, int]] = []
        length = 1
        while True:
            going = states.nonzero()[0]
            starts, states = starts[going], states[going]
            if not len(starts):
                break
            terms = self._ends[states]
            ended = (terms >= 0).nonzero()[0]
            if len(ended):
                found.append((terms[ended], starts[ended], length))
            states = self._steps[states, read[starts + length]]
            length += 1
        none = np.empty(0, dtype=np.int64)
        all_found = Occurrences(
            np.concatenate([none, *(one for one, _, _ in found)]),
            np.concatenate([none, *(at for _, at, _ in found)]),
            np.concatenate([none, *(at + length for _, at, length in found)]),
        )
        return self._whole(all_found, codes)

    def _whole(self, found: Occurrences, codes: NDArray[np.uint32]) -> Occurrences:
        """Leave out what is part of a longer number or Latin word, as `qa.weighing.count` does."""
        if not self._edges.any():
            return found
        edges = self._edges[found.terms]
        before = self._kinds.take(codes[found.starts - 1], mode="clip")
        after = self._kinds.take(codes[found.ends], mode="clip")
        runs_on = (edges[:, 0] > 0) & (edges[:, 0] == before)
        runs_on |= (edges[:, 1] > 0) & (edges[:, 1] == after)
        kept = ~runs_on
        return Occurrences(found.terms[kept], found.starts[kept], found.ends[kept])

    def counts(self, texts: Sequence[str]) -> Counts:
        """Give how often each term stands in each text, as `qa.weighing.count`: (texts, terms)."""
        found = self.find(texts)
        begins = np.array([0, *accumulate(len(one) + 1 for one in texts)], dtype=np.int64)
        rows = np.searchsorted(begins, found.starts, side="right") - 1
        shape = len(texts), len(self.terms)
        counted = np.bincount(rows * shape[1] + found.terms, minlength=shape[0] * shape[1])
        counts: Counts = counted.reshape(shape)
        for number in self._overlapping:
            for row in (counts[:, number] > 1).nonzero()[0].tolist():
                counts[row, number] = count(self.terms[number], texts[row])
        return counts


@dataclass(frozen=True, slots=True)
class Stand:
    """What stands in each of some texts.

    Attributes:
        words: How often each word does, (texts, words).
        pairs: The same of character pairs.
        characters: The same of characters.
        held: Which words are held, abbreviations that are spelt out among them.
    """

    words: Counts
    pairs: Counts
    characters: Counts
    held: Held

    def of(self, rows: Sequence[int]) -> Stand:
        """Give that of some of the texts, in the order asked."""
        return Stand(self.words[rows], self.pairs[rows], self.characters[rows], self.held[rows])


class Standing:
    """Says what of a question stands in texts.

    Args:
        words: Its words, with their abbreviations.
        pairs: Its character pairs.
        characters: Its characters.
    """

    def __init__(self, words: Terms, pairs: Sequence[str], characters: Sequence[str]) -> None:
        spelt = "".join(words.abbreviations)
        numbers: dict[str, int] = {}
        for term in (*words.weight, *pairs, *characters, *spelt):
            numbers.setdefault(term, len(numbers))
        self._words = [numbers[one] for one in words.weight]
        self._pairs = [numbers[one] for one in pairs]
        self._characters = [numbers[one] for one in characters]
        places = {word: place for place, word in enumerate(words.weight)}
        self._short = [
            (places[one], [numbers[character] for character in one], looks)
            for one, looks in words.abbreviations.items()
        ]
        self._finder = TermFinder([*numbers])
        self._known: Mapping[str, int] = {}
        self._stand = self._counted([])

    def of(self, texts: Sequence[str]) -> Stand:
        """Give what stands in each text; what is asked again is not looked for again."""
        new = [one for one in dict.fromkeys(texts) if one not in self._known]
        if new:
            before, more = self._stand, self._counted(new)
            self._stand = Stand(
                np.concatenate([before.words, more.words]),
                np.concatenate([before.pairs, more.pairs]),
                np.concatenate([before.characters, more.characters]),
                np.concatenate([before.held, more.held]),
            )
            known = len(self._known)
            self._known = {**self._known, **{one: known + n for n, one in enumerate(new)}}
        return self._stand.of([self._known[one] for one in texts])

    def _counted(self, texts: Sequence[str]) -> Stand:
        return self._split(self._finder.counts(texts), texts)

    def in_windows(self, spoken: Sequence[Sequence[str]]) -> Stand:
        """Give what stands in each sentence joined with the next of its passage; counts are 0 or 1.

        Args:
            spoken: The sentences of each passage, at least one.

        Returns:
            A row for each sentence, in order.
        """
        texts = ["".join(one) for one in spoken]
        found = self._finder.find(texts)
        sizes = np.array([len(one) for some in spoken for one in some], dtype=np.int64)
        passages = np.repeat(np.arange(len(spoken)), [len(one) for one in spoken])
        starts = np.cumsum(sizes) - sizes + passages  # passages are a character apart
        ends = starts + sizes
        last = np.append(passages[1:] != passages[:-1], True)
        reach = np.where(last, ends, np.append(ends[1:], 0))
        there = np.zeros((len(sizes), len(self._finder.terms)), dtype=np.int64)
        within = np.searchsorted(starts, found.starts, side="right") - 1
        for back in (0, 1):
            window = within - back
            fits = (window >= 0) & (passages[window] == passages[within])
            fits &= found.ends <= reach[window]
            there[window[fits], found.terms[fits]] = 1
        windows = [a + b for some in spoken for a, b in zip(some, [*some[1:], ""], strict=True)]
        return self._split(there, windows)

    def _split(self, counts: Counts, texts: Sequence[str]) -> Stand:
        held = counts[:, self._words] > 0
        for place, characters, looks in self._short:
            # What is spelt out has all its characters: few texts are left to be looked through.
            likely = (counts[:, characters] > 0).all(axis=1) & ~held[:, place]
            for row in likely.nonzero()[0].tolist():
                held[row, place] = looks.search(texts[row]) is not None
        return Stand(
            counts[:, self._words], counts[:, self._pairs], counts[:, self._characters], held
        )


def _overlaps_itself(term: str) -> bool:
    return term[0] in term[1:] and any(term.endswith(term[:size]) for size in range(1, len(term)))
