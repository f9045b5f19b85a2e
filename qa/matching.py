"""How much of a question stands in a passage as a whole: signals cheap enough for every candidate.

Pure functions. Signals lie between 0 and 1, `time` and `cosine` between -1 and 1; larger is better.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from math import log

from embeddings.words import fold
from qa.named_times import part_of_year, whole_years
from qa.places import places
from qa.question import Question, idf
from qa.times import Period, agreement, asked_period, newness
from qa.weighing import Matter, Rarity, Terms, blended

MATCHING = (
    "word_bm25",
    "pair_bm25",
    "coverage",
    "pair_coverage",
    "characters",
    "title",
    "names",
    "places",
    "document",
    "numbers",
    "time",
    "cosine",
)
"""Names of the signals.

word_bm25, pair_bm25: BM25 of its words and of its character pairs
coverage, pair_coverage: share of its words and pairs, by rarity, that the passage or its title or
headings hold
characters: the same of single Han characters: a synonym often shares one (经费, 费用)
title: share of its words that title and headings hold
names: what stands in titles of other candidates, but not in this passage or its title, is missing
places: share of the places it names that stand in the passage, above it or in its document
document: share of its words that stand anywhere in the document
numbers: share of its numbers that passage, title or headings hold
time: how well the passage agrees with the time asked for
cosine: of the vectors
"""

_YEAR_CHARS = 4
_NEWEST, _OLDER = 0.5, -0.5  # what `time` says where only the newest is asked for


class Matcher:
    """Gives the signals of the candidates of one question.

    How rare a character is, and which words name documents, is told by the candidates themselves.
    """

    def __init__(
        self, question: Question, rarity: Rarity, matters: Sequence[Matter], today: date
    ) -> None:
        matters = [one.meant or one for one in matters]
        self.words = Terms(rarity.words, rarity.unknown)
        self.pairs = Terms(rarity.pairs)
        self.characters = Terms(_characters(question, matters))
        self._naming = _naming(question, matters)
        self._most = log(1 + len({one.title for one in matters})) or 1.0
        self._places = places(question.words)
        # 12 is not held by 2012.
        self._numbers = [re.compile(rf"(?<!\d){re.escape(one)}(?!\d)") for one in question.numbers]
        dates = [one.date for one in matters if one.date]
        self.period = asked_period(fold(question.text), _counted_from(today, dates))
        self._newest = max((newness(one.date, one.title) for one in matters), default="")

    def signals(self, matter: Matter) -> dict[str, float]:
        """Compute the signals of MATCHING for one of the candidates.

        Where it holds synonyms, each adds a signal of its own that only names it.
        """
        own = self._signals(matter)
        if matter.meant is None:
            return own
        both = blended([*own.values()], [*self._signals(matter.meant).values()], matter.worth)
        used = {f"synonym {word}→{other}": matter.worth for word, other in matter.synonyms}
        return {**dict(zip(own, both, strict=True)), **used}

    def _signals(self, matter: Matter) -> dict[str, float]:
        words, pairs, context = self.words, self.pairs, matter.context
        in_context = words.held(context)
        held = words.held(matter.text) | in_context
        return {
            "word_bm25": words.bm25(matter.text),
            "pair_bm25": pairs.bm25(matter.text),
            "coverage": words.share(held),
            "pair_coverage": pairs.share_in(matter.text, context),
            "characters": self.characters.share_in(matter.text, context),
            "title": words.share(in_context),
            "names": 1.0 - self._unnamed(matter),
            "places": self._placed(matter),
            "document": words.share(held | matter.document),
            "numbers": self._numbered(matter),
            "time": self._timely(matter, self.period),
            "cosine": matter.cosine,
        }

    def _unnamed(self, matter: Matter) -> float:
        missing = (
            weight
            for word, weight in self._naming.items()
            if word not in matter.title and word not in matter.text
        )
        return max(missing, default=0.0) / self._most

    def _placed(self, matter: Matter) -> float:
        if not self._places:
            return 1.0
        text = f"{matter.text}\n{matter.context}"
        held = [one in text or one in matter.document for one in self._places]
        return sum(held) / len(held)

    def _numbered(self, matter: Matter) -> float:
        if not self._numbers:
            return 1.0
        held = [one.search(matter.text) or one.search(matter.context) for one in self._numbers]
        return sum(map(bool, held)) / len(held)

    def _timely(self, matter: Matter, period: Period | None) -> float:
        if period is None:
            return 0.0
        if not period.latest:
            text = f"{matter.heading}\n{matter.text}"
            return agreement(period, text, matter.date, matter.title)
        known = newness(matter.date, matter.title)
        if not known:
            return 0.0
        return _NEWEST if known[:_YEAR_CHARS] == self._newest[:_YEAR_CHARS] else _OLDER


def _characters(question: Question, matters: Sequence[Matter]) -> dict[str, float]:
    texts = [f"{one.text}\n{one.context}" for one in matters]
    return {
        character: idf(sum(character in text for text in texts), len(texts))
        for character in question.characters
    }


def _naming(question: Question, matters: Sequence[Matter]) -> dict[str, float]:
    """Give the words that stand in titles of the candidates, and how few titles they stand in."""
    titles = {one.title for one in matters}
    counts = {word: sum(word in title for title in titles) for word in question.words}
    return {word: idf(count, len(titles)) for word, count in counts.items() if count}


def _counted_from(today: date, dates: Sequence[str]) -> date:
    """Give the day that 今年 counts from: of documents of finished years it means their last.

    That is the date of the newest, or the last day of the year or month that is known of it.
    """
    newest = max(dates, default="")
    if not newest or int(newest[:_YEAR_CHARS]) >= today.year:
        return today
    year, month, day = (*newest.split("-"), "", "")[:3]
    if not month:
        return whole_years(int(year), int(year))[1]
    return part_of_year(int(year), (int(month), int(month)), day or None)[1]
