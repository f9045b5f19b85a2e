"""How much of a question stands in a passage as a whole: signals cheap enough for every candidate.

Pure functions. Signals lie between 0 and 1, `time` and `cosine` between -1 and 1; larger is better.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from math import log

import numpy as np

from embeddings.words import fold
from qa.named_times import part_of_year, whole_years
from qa.places import places
from qa.question import Question, idf
from qa.standing import Held, Standing
from qa.times import Period, agreement, asked_period, newness
from qa.weighing import Matter, Rarity, Terms, Values

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

TOLD_BY_DOCUMENTS = ("places", "document")
"""Those that are the larger the more stands in the passage's document; 1 at most."""

_YEAR_CHARS = 4
_NEWEST, _OLDER = 0.5, -0.5  # what `time` says where only the newest is asked for


class Matcher:
    """Gives the signals of the candidates of one question.

    How rare a character is, and which words name documents, is told by the candidates themselves.
    """

    def __init__(
        self, question: Question, rarity: Rarity, matters: Sequence[Matter], today: date
    ) -> None:
        plain = [one for one in matters if one.meant is not None]
        matters = [one.meant or one for one in matters]
        self.words = Terms(rarity.words, rarity.unknown)
        self.pairs = Terms(rarity.pairs)
        self.standing = Standing(self.words, [*rarity.pairs], question.characters)
        # All that is asked for below and by `rows`, in one go.
        self.standing.of(
            [part for one in [*matters, *plain] for part in (one.text, one.context, one.title)]
        )
        self.characters = Terms(self._rarity_of_characters(question, matters))
        self._naming = self._rarity_of_names(question, matters)
        self._most = log(1 + len({one.title for one in matters})) or 1.0
        self._names = [*rarity.words]
        self._places = [self._names.index(one) for one in places(question.words)]
        # 12 is not held by 2012.
        self._numbers = [re.compile(rf"(?<!\d){re.escape(one)}(?!\d)") for one in question.numbers]
        dates = [one.date for one in matters if one.date]
        self.period = asked_period(fold(question.text), _counted_from(today, dates))
        latest = self.period is not None and self.period.latest
        self._newest = max((newness(one.date, one.title) for one in matters if latest), default="")

    def signals(self, matter: Matter) -> dict[str, float]:
        """Compute the signals of MATCHING for one of the candidates, as `rows` does for all."""
        return self.named(matter, self.rows([matter])[0])

    def named(self, matter: Matter, row: Values) -> dict[str, float]:
        """Give a row of `rows` by name; each synonym adds a signal that only names it."""
        used = {f"synonym {word}→{other}": matter.worth for word, other in matter.synonyms}
        return {**dict(zip(MATCHING, row.tolist(), strict=True)), **used}

    def rows(self, matters: Sequence[Matter]) -> Values:
        """Compute the signals of MATCHING for candidates: float64 (n, signals).

        Where one holds synonyms, they lie between what it is worth as it stands and as it is meant.
        """
        found = self._rows(matters)
        places = [place for place, one in enumerate(matters) if one.meant is not None]
        if places:
            meant = self._rows([one.meant for one in matters if one.meant is not None])
            worth = np.array([[matters[place].worth] for place in places])
            found[places] += worth * (meant - found[places])
        return found

    def _rows(self, matters: Sequence[Matter]) -> Values:
        texts, contexts = [one.text for one in matters], [one.context for one in matters]
        in_text, in_context = self.standing.of(texts), self.standing.of(contexts)
        in_title = self.standing.of([one.title for one in matters])
        in_document = self._in_documents(matters)
        held = in_text.held | in_context.held
        plain = (in_text.words > 0) | (in_context.words > 0)
        lengths = [len(one) for one in texts]
        columns = (
            self.words.bm25s(in_text.words, lengths),
            self.pairs.bm25s(in_text.pairs, lengths),
            self.words.shares(held),
            self.pairs.shares((in_text.pairs > 0) | (in_context.pairs > 0)),
            self.characters.shares((in_text.characters > 0) | (in_context.characters > 0)),
            self.words.shares(in_context.held),
            1.0 - self._unnamed((in_title.words > 0) | (in_text.words > 0)),
            self._placed(plain | in_document),
            self.words.shares(held | in_document),
            [self._numbered(one) for one in matters] if self._numbers else np.ones(len(matters)),
            [self._timely(one, self.period) for one in matters],
            [one.cosine for one in matters],
        )
        return np.column_stack(columns) if matters else np.empty((0, len(MATCHING)))

    def _in_documents(self, matters: Sequence[Matter]) -> Held:
        names = self._names
        held = [[name in one.document for name in names] for one in matters]
        return np.array(held, dtype=np.bool_).reshape(len(matters), len(names))

    def _unnamed(self, named: Held) -> Values:
        """Give how rare the rarest name is that each lacks; `named`, (n, words), is what it has."""
        missing = np.where(named, 0.0, self._naming)
        unnamed: Values = missing.max(axis=1, initial=0.0) / self._most
        return unnamed

    def _placed(self, held: Held) -> Values:
        if not self._places:
            return np.ones(len(held))
        placed: Values = held[:, self._places].sum(axis=1) / len(self._places)
        return placed

    def _numbered(self, matter: Matter) -> float:
        held = [one.search(matter.text) or one.search(matter.context) for one in self._numbers]
        return sum(map(bool, held)) / len(held)

    def _rarity_of_characters(
        self, question: Question, matters: Sequence[Matter]
    ) -> dict[str, float]:
        in_text = self.standing.of([one.text for one in matters]).characters
        in_context = self.standing.of([one.context for one in matters]).characters
        holding = ((in_text > 0) | (in_context > 0)).sum(axis=0).tolist()
        weights = (idf(count, len(matters)) for count in holding)
        return dict(zip(question.characters, weights, strict=True))

    def _rarity_of_names(self, question: Question, matters: Sequence[Matter]) -> Values:
        """Give how few titles of the candidates each word stands in; 0 where it stands in none."""
        titles = [*dict.fromkeys(one.title for one in matters)]
        holding = (self.standing.of(titles).words > 0).sum(axis=0).tolist()
        return np.array([idf(count, len(titles)) if count else 0.0 for count in holding])

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
