"""What the sentences of a passage say to a question: signals for the best candidates only."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from embeddings.encoder import Encoder
from embeddings.words import fold
from qa.kinds import thing_asked
from qa.matching import Matcher
from qa.question import Question
from qa.quoting import statements
from qa.weighing import Matter, blended

READING = (
    "window",
    "window_characters",
    "thing",
    "thing_anywhere",
    "exact_thing",
    "nearness",
    "sentence_cosine",
    "context_cosine",
)
"""Names of the signals. A window is a sentence with the next one.

window: mean of the shares of the question's words and of its pairs that the best window holds; of
the words, what title and headings hold counts too
window_characters: share of its characters that the best window, title or headings hold
thing, thing_anywhere: whether the best window, and the passage, hold the kind of thing asked for
exact_thing: whether the passage holds it, where an answer must (a number, a day); 1 otherwise
nearness: how near in that window such a thing stands to what is asked of (主席是谁)
sentence_cosine, context_cosine: of the question's vector and that of the nearest sentence, and of
title and headings
"""

_FADING_CHARS = 8.0


@dataclass(frozen=True, slots=True)
class _Window:
    text: str
    words: float
    characters: float


class Reader:
    """Reads the best candidates of one question.

    Args:
        question: Taken apart.
        matcher: Of the same question.
        encoder: For sentences, which are many: a fast one, whichever made the library's vectors.
    """

    def __init__(self, question: Question, matcher: Matcher, encoder: Encoder) -> None:
        self._question = question
        self._matcher = matcher
        self._encoder = encoder
        self._thing = thing_asked(fold(question.text))
        self._weighed: dict[tuple[str, frozenset[str], frozenset[str]], _Window] = {}

    def signals(self, matters: Sequence[Matter]) -> list[dict[str, float]]:
        """Compute the signals of READING for each of the passages; [] for none."""
        found = self._signals(matters)
        meant = {place: one.meant for place, one in enumerate(matters) if one.meant}
        if meant:  # only passages that hold a synonym are read twice
            again = self._signals([*meant.values()])
            for place, values in zip(meant, again, strict=True):
                both = blended([*found[place].values()], [*values.values()], matters[place].worth)
                found[place] = dict(zip(values, both, strict=True))
        return found

    def _signals(self, matters: Sequence[Matter]) -> list[dict[str, float]]:
        spoken = [[one.text[a:b] for a, b in statements(one.text)] or [""] for one in matters]
        cosines = self._cosines([*([one.context] for one in matters), *spoken])
        contexts, sentences = cosines[: len(matters)], cosines[len(matters) :]
        return [
            {
                **self._windowed(matter, said),
                "sentence_cosine": in_sentence,
                "context_cosine": in_context,
            }
            for matter, said, in_sentence, in_context in zip(
                matters, spoken, sentences, contexts, strict=True
            )
        ]

    def _windowed(self, matter: Matter, sentences: Sequence[str]) -> dict[str, float]:
        words = self._matcher.words.held(matter.context)
        characters = self._matcher.characters.held(matter.context)
        windows = [
            self._window(first + second, words, characters)
            for first, second in pairwise([*sentences, ""])
        ]
        best = max(windows, key=lambda one: one.words + one.characters)
        anywhere = self._holds(matter.text)
        return {
            "window": max(one.words for one in windows),
            "window_characters": max(one.characters for one in windows),
            "thing": self._holds(best.text),
            "thing_anywhere": anywhere,
            "exact_thing": anywhere if self._thing and self._thing.exact else 1.0,
            "nearness": self._nearness(best.text),
        }

    def _window(self, text: str, words: frozenset[str], characters: frozenset[str]) -> _Window:
        """Weigh a window; the words and characters given are those that stand above it."""
        key = text, words, characters
        window = self._weighed.get(key)
        if window is None:  # most are the same when a passage is read with synonyms
            of = self._matcher
            window = self._weighed[key] = _Window(
                text,
                (of.words.share(of.words.held(text) | words) + of.pairs.share_in(text)) / 2,
                of.characters.share(of.characters.held(text) | characters),
            )
        return window

    def _holds(self, text: str) -> float:
        return 1.0 if self._thing is None or self._thing.looks.search(text) else 0.0

    def _nearness(self, text: str) -> float:
        if self._thing is None:
            return 1.0
        things = [match.start() for match in self._thing.looks.finditer(text)]
        words = [word for word in self._question.focus or self._question.words if word in text]
        marks = words or [one for word in self._question.focus for one in word if one in text]
        asked = [place for mark in marks for place in _places(mark, text)]
        if not things or not asked:
            return 0.0
        return 1 / (1 + min(abs(a - b) for a in things for b in asked) / _FADING_CHARS)

    def _cosines(self, groups: Sequence[Sequence[str]]) -> list[float]:
        """Give the highest cosine of the question with the texts of each group."""
        different = list(dict.fromkeys(text for group in groups for text in group))
        if not different:
            return []
        [asked] = self._encoder.encode_queries([self._question.text])
        cosine = dict(zip(different, self._encoder.encode_passages(different) @ asked, strict=True))
        return [max(float(cosine[text]) for text in group) for group in groups]


def _places(mark: str, text: str) -> list[int]:
    return [match.start() for match in re.finditer(re.escape(mark), text)]
