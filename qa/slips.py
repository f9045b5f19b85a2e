"""Slips of the keys: which question was probably meant, by what stands in the library.

A slip makes neighbours of two characters that are none in any document. Characters are put in
their place that are: those that sound alike, those that follow in the documents, one more, one
less. The term index knows all pairs, so that names are found that stand in no dictionary, and
nothing is made for it beforehand. A question is only ever suggested.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Protocol

from embeddings.words import fold
from qa.pinyin import readings, sounds

_REACH = 3  # characters to either side that a correction must fit
_SHORTEST = 3  # characters of a stretch that must stand together in a passage
_SHORTEST_ALIKE = 2  # the same where the sound is right
_OPEN = 5  # characters tried where nothing follows to hold them to
_FOLLOWING = 400  # pairs looked at that begin with one character
_MOST = 8  # corrections that are looked for in passages
_LONGEST = 60  # characters of a question; slips in longer ones are not looked for

# Words of asking stand beside anything: they part stretches, and are none themselves.
_STRETCH = re.compile(
    r"(?:(?!什么|怎么|怎样|如何|哪里|哪儿|哪些|哪个|哪|多少|多久|几[点天个]|是谁|谁|为何|请问|[吗呢吧了])"
    r"[一-鿿])+"
)
_FIXED = frozenset("在是有和与")  # they stand beside anything too
# Words of one character. Nobody types one where something quite different was meant, or leaves
# one out of a name; only another that sounds like it is put in its place.
_WORDS = _FIXED | frozenset(
    "没不未别去来到部个只张条次年月日天人上下里外前后也都还就又再才很太最要想能会让给把被对从向为用"
    "做说看吃喝买卖走坐住写读问我你他她它这那"
)

# From the likeliest.
_SAME_SOUND, _DOUBLED, _LIKE_SOUND, _MISSING, _SWAPPED, _EXTRA, _OTHER = range(7)


class Vocabulary(Protocol):
    """What the documents hold; all of it folded."""

    def frequency(self, field: str, term: str) -> int:
        """Give in how many passages a term of a field stands."""
        ...

    def known(self, field: str, terms: Iterable[str]) -> set[str]:
        """Give those of the terms that stand in any passage, as `frequency` counts."""
        ...

    def pairs_beginning(self, character: str, most: int) -> list[str]:
        """Give the most frequent pairs of characters that begin with one."""
        ...

    def together(self, field: str, terms: Sequence[str]) -> int:
        """Give how many passages hold all the terms."""
        ...


@dataclass(frozen=True, slots=True)
class Correction:
    """A question that may have been meant.

    Attributes:
        question: All of it.
        name: The folded stretch that was put right and stands in the documents; empty where all of
            the question was read anew.
    """

    question: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class _Edit:
    """Characters `start` to `end` of a stretch replaced by others; how likely that is."""

    start: int
    end: int
    new: str
    kind: int


def corrections(text: str, vocabulary: Vocabulary, *, most: int = 2) -> list[Correction]:
    """Give the questions that may have been meant, the likeliest first; [] for no slip.

    Args:
        text: The question as typed.
        vocabulary: What the documents hold.
        most: How many at most.
    """

    def frequency(pair: str) -> int:
        return vocabulary.frequency("bigrams", pair)

    typed = readings(
        text, frequency, word=lambda word: vocabulary.frequency("words", word), most=most
    )
    if typed or len(text) > _LONGEST:
        return [Correction(one) for one in typed]
    ranked: list[tuple[tuple[int, int, int], Correction]] = []
    for stretch in _STRETCH.finditer(fold(text)):
        for worth, edit, name in _mended(stretch[0], vocabulary):
            start, end = stretch.start() + edit.start, stretch.start() + edit.end
            ranked.append((worth, Correction(text[:start] + edit.new + text[end:], name)))
    ordered = dict.fromkeys(one for _, one in sorted(ranked, key=lambda pair: pair[0]))
    return list(ordered)[:most]


def _mended(stretch: str, vocabulary: Vocabulary) -> list[tuple[tuple[int, int, int], _Edit, str]]:
    """Give the edits that make a stretch one of the documents, with a key to sort them by."""
    pairs = _Pairs(vocabulary)
    before = pairs.unknown(stretch)
    if not before:
        return []
    fitting: list[tuple[int, int, _Edit, str]] = []
    tried: set[tuple[int, int, str]] = set()
    for edit in _edits(stretch, pairs):
        key = (edit.start, edit.end, edit.new)
        if key in tried:
            continue
        tried.add(key)
        mended = stretch[: edit.start] + edit.new + stretch[edit.end :]
        # With a character less there is a pair less, which is no gain.
        gain = before - pairs.unknown(mended) - (edit.kind == _EXTRA)
        name = pairs.stretch_around(mended, edit.start, max(len(edit.new), 1))
        shortest = _SHORTEST_ALIKE if edit.kind == _SAME_SOUND else _SHORTEST
        if gain > 0 and len(name) >= shortest:
            fitting.append((-gain, edit.kind, edit, name))
    fitting.sort(key=lambda one: one[:2])
    found = []
    for worse, kind, edit, name in fitting[:_MOST]:
        together = vocabulary.together("bigrams", [a + b for a, b in pairwise(name)])
        if together:
            found.append(((worse, kind, -together), edit, name))
    return found


class _Pairs:
    """Which characters stand side by side in the documents."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._known: dict[str, bool] = {}

    def known(self, pair: str) -> bool:
        """Say whether two characters stand side by side anywhere."""
        known = self._known.get(pair)
        if known is None:
            known = self._known[pair] = self._vocabulary.frequency("bigrams", pair) > 0
        return known

    def look_up(self, pairs: Iterable[str]) -> None:
        """Find out at once which of many pairs are known: one by one takes three times as long."""
        new = {pair for pair in pairs if pair not in self._known}
        if new:
            held = self._vocabulary.known("bigrams", new)
            self._known.update((pair, pair in held) for pair in new)

    def fits(self, left: str, one: str, right: str) -> int:
        """Give on how many sides a character is a neighbour in the documents; an end counts."""
        return sum(not (a and b) or self.known(a + b) for a, b in ((left, one), (one, right)))

    def fits_both(self, left: str, one: str, right: str) -> bool:
        """Say whether a character is a neighbour on both sides; the second is often not asked."""
        return (not left or self.known(left + one)) and (not right or self.known(one + right))

    def following(self, character: str) -> list[str]:
        """Give the characters that stand behind one most often."""
        pairs = self._vocabulary.pairs_beginning(character, _FOLLOWING)
        self._known.update(dict.fromkeys(pairs, True))
        return [pair[1] for pair in pairs]

    def unknown(self, stretch: str) -> int:
        """Count the neighbours that are none in any document."""
        return sum(not self.known(a + b) for a, b in pairwise(stretch))

    def stretch_around(self, stretch: str, at: int, length: int) -> str:
        """Give the characters around a place that are neighbours in the documents, that included.

        Empty when the place itself does not hold together.
        """
        start, end = max(at, 0), min(at + length, len(stretch))
        if start >= end:
            return ""
        if any(not self.known(a + b) for a, b in pairwise(stretch[start:end])):
            return ""
        for _ in range(_REACH):
            if start > 0 and self.known(stretch[start - 1 : start + 1]):
                start -= 1
        for _ in range(_REACH):
            if end < len(stretch) and self.known(stretch[end - 1 : end + 1]):
                end += 1
        return stretch[start:end]


def _edits(stretch: str, pairs: _Pairs) -> Iterator[_Edit]:
    """Give what may have been meant at each place where neighbours are none."""
    for at, one in enumerate(stretch):
        left, right = stretch[at - 1 : at] if at else "", stretch[at + 1 : at + 2]
        bad_left = bool(left) and not pairs.known(left + one)
        bad_right = bool(right) and not pairs.known(one + right)
        if one in _FIXED or not (bad_left or bad_right):
            continue
        alike = _looked_up(sounds().alike(one), left, right, pairs)
        for other, exact in alike:
            if pairs.fits(left, other, right) if exact else pairs.fits_both(left, other, right):
                yield _Edit(at, at + 1, other, _SAME_SOUND if exact else _LIKE_SOUND)
        following = pairs.following(left) if bad_left else []
        beside = (one,) if one in _WORDS else (one, right)
        pairs.look_up(other + b for b in beside if b for other in following)
        for other in following if right else following[:_OPEN]:
            if one not in _WORDS and pairs.fits_both(left, other, right):
                yield _Edit(at, at + 1, other, _OTHER)
        for other in following:
            if other not in _WORDS and pairs.known(other + one):
                yield _Edit(at, at, other, _MISSING)
        needless = one == left or one not in _WORDS
        if left and right and needless and pairs.known(left + right):
            yield _Edit(at, at + 1, "", _DOUBLED if one in (left, right) else _EXTRA)
        elif one == left and not right:
            yield _Edit(at, at + 1, "", _DOUBLED)
        if right:
            yield _Edit(at, at + 2, right + one, _SWAPPED)


def _looked_up(
    alike: Iterable[tuple[str, bool]], left: str, right: str, pairs: _Pairs
) -> list[tuple[str, bool]]:
    """Give the same again, once it is known which of them are neighbours of what stands beside."""
    found = list(alike)
    if left:
        pairs.look_up(left + other for other, _ in found)
    if right:
        fitting = [
            other for other, exact in found if exact or not left or pairs.known(left + other)
        ]
        pairs.look_up(other + right for other in fitting)
    return found
