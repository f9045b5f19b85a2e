"""Texts as tokens, in half the time that a Unigram tokenizer takes by itself, and the same ones.

Such a tokenizer looks for the best way through a whole run of letters. But where no token of its
vocabulary holds two neighbouring characters one behind the other, every way is cut there, and what
stands on either side can be cut by itself. Such stretches are short (two characters in Chinese
text) and come again and again: the tokens of most are known from before.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from itertools import chain, pairwise
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from tokenizers import Tokenizer

KEPT = 100_000
"""So many stretches met last are kept with their tokens, and as many of before: 50 MB."""

_LONGEST = 12  # a longer one hardly comes again
_CODES = 0x110000
_SLOTS = 1 << 23  # for the pairs; two that share a slot make a stretch longer, never wrong
_SPREAD, _SHIFT = np.uint32(0x9E3779B1), np.uint32(9)
_NEW, _APART, _SOME, _TIED = range(4)  # a character: not met, in no token, in some, not to be cut
# Characters that no other one can make part of itself, as an accent does: Latin, Greek, Cyrillic,
# signs, Chinese and Japanese. What is left is looked at with its neighbours.
_ALONE = re.compile(
    "[\n -~\u00a1-\u00ac\u00ae-\u02ff\u0370-\u0482\u2010-\u2027\u2030-\u205e\u2070-\u20cf"
    "\u2100-\u2bff\u2e80-\u3029\u3030-\u3098\u309b-\ua4cf\uf900-\ufaff\ufe30-\ufe4f\uff01-\uff9d"
    "\U0001f300-\U0001f3fa\U0001f400-\U0001faff\U00020000-\U0003ffff]"
)
# What a tokenizer splits runs of letters at: one class of characters, as often as it comes.
_SPLITTER = re.compile(r"\[\^?[^]]*\]\+?")

_Numbers = NDArray[np.uint32]


class Tokens:
    """Gives the ids of texts' tokens; safe from several threads.

    Args:
        tokenizer: One that `may_be_cut`.
    """

    def __init__(self, tokenizer: Tokenizer) -> None:
        self._tokenizer = tokenizer
        self._known = _Known(tokenizer, {})
        self._state = np.zeros(_CODES, dtype=np.uint8)
        # A character as the normalizer writes it may be several: what it begins and ends with.
        self._first = np.zeros(_CODES, dtype=np.uint32)
        self._last = np.zeros(_CODES, dtype=np.uint32)
        codes = _codes("\n".join(tokenizer.get_vocab(with_added_tokens=False)))
        self._joined = np.zeros(_SLOTS, dtype=np.bool_)
        self._joined[_slots(codes[:-1], codes[1:])] = True
        self._used = np.zeros(_CODES, dtype=np.bool_)
        self._used[codes] = True

    def ids(self, texts: Sequence[str]) -> list[NDArray[np.int64]]:
        """Give the ids of each text's tokens, int64 (n,); a text without any gives n = 0."""
        if not texts:
            return []
        if len(self._known) > KEPT:
            self._known = _Known(self._tokenizer, dict(self._known))
        whole = "\n".join(texts)
        ends = np.cumsum([len(text) + 1 for text in texts])[:-1] - 1  # the line ends between them
        cuts = self._cuts(whole, ends)
        places = [0, *cuts.tolist(), len(whole)]
        stretches = [whole[a:b] for a, b in pairwise(places)]
        tokens = list(map(self._known.__getitem__, stretches))
        # A line end is a stretch without tokens, with which the next text begins.
        bounds = [0, *(np.searchsorted(cuts, ends) + 1).tolist(), len(tokens)]
        return [
            np.fromiter(chain.from_iterable(tokens[a:b]), dtype=np.int64)
            for a, b in pairwise(bounds)
        ]

    def _cuts(self, whole: str, between: NDArray[np.int64]) -> NDArray[np.int64]:
        """Give where a text is cut, rising; it is so at both sides of the characters `between`."""
        codes = _codes(whole)
        states = self._state[codes]
        if not states.all():
            self._meet(np.unique(codes[states == _NEW]))
            states = self._state[codes]
        joined = self._joined[_slots(self._last[codes[:-1]], self._first[codes[1:]])]
        joined &= np.minimum(states[:-1], states[1:]) == _SOME
        joined |= np.maximum(states[:-1], states[1:]) == _TIED
        joined[between[between < len(joined)]] = False
        joined[between[between > 0] - 1] = False
        return np.flatnonzero(~joined) + 1

    def _meet(self, codes: _Numbers) -> None:
        """Find out about characters that have not been met yet."""
        for code in codes.tolist():
            character = chr(code)
            normal = self._tokenizer.normalizer.normalize_str(character)
            state = _TIED
            if normal and _ALONE.fullmatch(character):
                self._first[code], self._last[code] = ord(normal[0]), ord(normal[-1])
                state = _SOME if self._used[_codes(normal)].any() else _APART
            self._state[code] = state


class _Known(dict[str, tuple[int, ...]]):
    """The ids of stretches' tokens, found as they are asked for, or known from `before`."""

    def __init__(self, tokenizer: Tokenizer, before: dict[str, tuple[int, ...]]) -> None:
        super().__init__()
        self._before = before
        self._tokenizer = tokenizer
        self._normalized, self._model = tokenizer.normalizer.normalize_str, tokenizer.model.tokenize

    def __missing__(self, stretch: str) -> tuple[int, ...]:
        found = self._before.get(stretch) or tuple(self._found(stretch))
        if len(stretch) <= _LONGEST:
            self[stretch] = found
        return found

    def _found(self, stretch: str) -> list[int]:
        if stretch.isalnum():  # nothing to split: by the model alone it takes half the time
            normal = self._normalized(stretch)
            if normal.isalnum():
                return [token.id for token in self._model(normal)]
        ids: list[int] = self._tokenizer.encode(stretch, add_special_tokens=False).ids
        return ids


def may_be_cut(tokenizer: Tokenizer) -> bool:
    """Say whether a tokenizer is one that `Tokens` can stand in for.

    It is Unigram, adds nothing of its own, and throws away what it splits runs of letters at.
    """
    if type(tokenizer.model).__name__ != "Unigram" or tokenizer.get_added_tokens_decoder():
        return False
    if type(tokenizer.normalizer).__name__ != "Precompiled" or tokenizer.pre_tokenizer is None:
        return False
    splitter = json.loads(tokenizer.pre_tokenizer.__getstate__())
    return bool(
        splitter["type"] == "Split"
        and splitter["behavior"] == "Removed"
        and not splitter["invert"]
        and _SPLITTER.fullmatch(splitter["pattern"].get("Regex", ""))
    )


def _codes(text: str) -> _Numbers:
    return np.frombuffer(text.encode("utf-32-le"), dtype=np.uint32)


def _slots(left: _Numbers, right: _Numbers) -> _Numbers:
    return (left * _SPREAD + right) * _SPREAD >> _SHIFT
