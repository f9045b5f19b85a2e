"""A long line in pieces of about the same length, cut where a reader would pause."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterator

from qa.records import Range
from qa.sentences import clauses, sentences

_LETTER = re.compile(r"[^\W_]")  # what str.isalnum is true of
_PAUSE = re.compile(r"[，,、：:；;\s]+")
_NEAREST, _FARTHEST = 0.55, 1.4  # shares of the ideal piece between which a cut is looked for
_WORD_CHARS = 30  # a hard cut moves back at most this far not to break a Latin word


def says_something(text: str) -> bool:
    """Say whether a text holds a letter or a digit."""
    return _LETTER.search(text) is not None


def even(shown: str, aim: int, limit: int) -> Iterator[Range]:
    """Give a long line as ranges of about the same length, cut at the best ends at hand.

    None is longer than `limit` characters save where nothing can be cut; about `aim` are wanted.

    >>> [end - start for start, end in even("好。" * 400, 350, 450)]
    [266, 266, 268]
    """
    ends = _Ends(shown)
    at = 0
    while at < len(shown):
        left = len(shown) - at
        ideal = left / -(-left // aim)
        cut = len(shown) if left <= aim else _cut(ends, at, ideal, limit)
        piece = shown[at:cut]
        start = at + len(piece) - len(piece.lstrip())
        end = at + len(piece.rstrip())
        if says_something(piece):
            yield start, end
        at = cut


class _Ends:
    """Where a line may be cut, the best kind of ends first, each looked for only when needed."""

    def __init__(self, shown: str) -> None:
        self.shown = shown
        self._found: list[list[int]] = []

    def __iter__(self) -> Iterator[list[int]]:
        for number, find in enumerate((_sentence_ends, _clause_ends, _pause_ends)):
            if number == len(self._found):
                self._found.append(find(self.shown))
            yield self._found[number]


def _sentence_ends(shown: str) -> list[int]:
    return [end for _, end in sentences(shown)]


def _clause_ends(shown: str) -> list[int]:
    return [end for _, end in clauses(shown)]


def _pause_ends(shown: str) -> list[int]:
    return [found.end() for found in _PAUSE.finditer(shown)]


def _cut(levels: _Ends, at: int, ideal: float, limit: int) -> int:
    """Give the end nearest to `ideal` characters from `at`, of the best kind there is."""
    goal = at + ideal
    low, high = at + ideal * _NEAREST, at + min(limit, ideal * _FARTHEST)
    for ends in levels:
        near = bisect_left(ends, goal)
        fit = [end for end in ends[max(0, near - 1) : near + 1] if low <= end <= high]
        if fit:
            return min(fit, key=lambda end: abs(end - goal))
    return _hard(levels.shown, round(goal))


def _hard(shown: str, at: int) -> int:
    """Give a place near `at` that breaks no Latin word, number or joined character."""
    back = at
    while back > at - _WORD_CHARS and _latin(shown[back - 1]) and _latin(shown[back]):
        back -= 1
    at = back if back > at - _WORD_CHARS else at
    while at < len(shown) and (_joins(shown[at]) or shown[at - 1] == "\u200d"):
        at += 1
    return at


def _latin(char: str) -> bool:
    return char.isascii() and char.isalnum()


def _joins(char: str) -> bool:
    """Say whether a character belongs to the one before it: accents, emoji joiners and tones."""
    return (
        unicodedata.category(char) in ("Mn", "Me", "Mc")
        or char == "\u200d"
        or "\U0001f3fb" <= char <= "\U0001f3ff"
    )
