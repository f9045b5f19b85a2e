"""What the sentences of a passage say to a question: signals for the best candidates only."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

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


class Reader:
    """Reads the best candidates of one question.

    Args:
        question: Taken apart.
        matcher: Of the same question.
        encoder: For sentences, which are many: a fast one, whichever made the library's vectors.
        asked: The question's vector by that encoder, float32 (dimensions,), where it is known.
    """

    def __init__(
        self,
        question: Question,
        matcher: Matcher,
        encoder: Encoder,
        asked: NDArray[np.float32] | None = None,
    ) -> None:
        self._question = question
        self._matcher = matcher
        self._encoder = encoder
        self._asked = asked
        self._thing = thing_asked(fold(question.text))

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
        windowed = self._windowed(matters, spoken)
        return [
            {**window, "sentence_cosine": in_sentence, "context_cosine": in_context}
            for window, in_sentence, in_context in zip(windowed, sentences, contexts, strict=True)
        ]

    def _windowed(
        self, matters: Sequence[Matter], spoken: Sequence[Sequence[str]]
    ) -> Iterator[dict[str, float]]:
        of, standing = self._matcher, self._matcher.standing
        windows = standing.in_windows(spoken)
        above = standing.of([one.context for one in matters])
        passages = np.repeat(np.arange(len(matters)), [len(one) for one in spoken])
        words = of.words.shares(windows.held | above.held[passages])
        words = (words + of.pairs.shares(windows.pairs > 0)) / 2
        characters = of.characters.shares(
            (windows.characters > 0) | (above.characters[passages] > 0)
        )
        begin = 0
        for matter, said in zip(matters, spoken, strict=True):
            here = slice(begin, begin + len(said))
            begin = here.stop
            best = int((words[here] + characters[here]).argmax())
            yield {
                "window": float(words[here].max()),
                "window_characters": float(characters[here].max()),
                **self._things(matter.text, "".join(said[best : best + 2])),
            }

    def _things(self, text: str, window: str) -> dict[str, float]:
        anywhere = self._holds(text)
        return {
            "thing": self._holds(window),
            "thing_anywhere": anywhere,
            "exact_thing": anywhere if self._thing and self._thing.exact else 1.0,
            "nearness": self._nearness(window),
        }

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
        if self._asked is None:
            [self._asked] = self._encoder.encode_queries([self._question.text])
        cosines = (self._encoder.encode_passages(different) @ self._asked).tolist()
        cosine = dict(zip(different, cosines, strict=True))
        return [max(cosine[text] for text in group) for group in groups]


def _places(mark: str, text: str) -> list[int]:
    found, at = [], text.find(mark)
    while at >= 0:
        found.append(at)
        at = text.find(mark, at + len(mark))
    return found
