"""The words of one question that have synonyms in a library, and texts read with these.

A synonym in a text is read as the question's own word in its place: whatever then counts the word
counts the synonym. So it does not matter whether the cutter knows either of the two.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from embeddings.words import Cutter, bigrams, fold
from qa.names import CHIEF, CHIEF_OFFICES
from qa.question import Kind, Question, parse, without_asking, word_places
from qa.synonyms import Synonyms
from qa.terms import TermIndex, WeightedTerm
from qa.weighing import EVERYDAY_WORTH, OWN_WORTH

_CERTAIN = 3
"""Characters of a word that is taken for one wherever it stands, however the text around is cut."""

_MOST = 24  # synonyms of one question that are looked for
_LATIN = re.compile(r"[a-z0-9]")


@dataclass(frozen=True, slots=True)
class Alternative:
    """What also stands for a word of the question.

    Attributes:
        word: As it stands in the question, folded.
        other: Its synonym, folded.
        pairs: The synonym's character pairs.
        words: The words it is cut into.
        frequency: How many passages hold it.
        worth: What it counts of the word: OWN_WORTH or EVERYDAY_WORTH.
    """

    word: str
    other: str
    pairs: tuple[str, ...]
    words: tuple[str, ...]
    frequency: int
    worth: float


@dataclass(frozen=True, slots=True)
class Meant:
    """A text with the question's words in place of their synonyms.

    Attributes:
        text: That text.
        used: Which those are, each once: the question's word, and what stood for it.
        edits: Where in the text before: start, end, and how long it is now, in order.
    """

    text: str
    used: tuple[tuple[str, str], ...] = ()
    edits: tuple[tuple[int, int, int], ...] = ()

    def place(self, offset: int) -> int:
        """Give where a character of the text before stands now."""
        moved = 0
        for start, end, length in self.edits:
            if offset < end:
                return min(offset, start) + moved
            moved += length - (end - start)
        return offset + moved


class Parted:
    """Cuts as another cutter does, but never across the words given: the user knows them.

    A guess of the cutter's may join such a word with what stands beside it (看娃班收).
    """

    def __init__(self, cutter: Cutter, words: Iterable[str]) -> None:
        self.name = cutter.name
        self.fingerprint = cutter.fingerprint
        self._cutter = cutter
        longest = sorted(words, key=len, reverse=True)
        self._border = re.compile(f"({'|'.join(map(re.escape, longest))})")

    def words(self, text: str) -> list[str]:
        """Cut folded `text` in search mode, as `embeddings.words.Cutter`."""
        return [word for part in self._border.split(text) for word in self._cutter.words(part)]

    def plain(self, text: str) -> list[str]:
        """Cut folded `text` into words that do not overlap, as `embeddings.words.Cutter`."""
        return [word for part in self._border.split(text) for word in self._cutter.plain(part)]


class Alternatives:
    """All of one question; none where the user gave no synonyms of its words.

    Args:
        found: Those that some passage or title of the library holds.
        words: The question's.
    """

    def __init__(self, found: Sequence[Alternative], words: Sequence[str]) -> None:
        self._found = tuple(found)
        self._instead = _instead(found, words)
        self._worth = {(one.word, one.other): one.worth for one in found}
        deputies = any("副" in word for word in words)
        self._pattern = _pattern([*self._instead], deputies=deputies) if self._instead else None
        self._read_otherwise = [one for one, (_, read) in self._instead.items() if read != one]

    def __iter__(self) -> Iterator[Alternative]:
        return iter(self._found)

    def frequency(self, term: str) -> int:
        """Give in how many passages the commonest synonym stands of a word that holds `term`."""
        return max((one.frequency for one in self._found if term in one.word), default=0)

    def worth(self, used: Iterable[tuple[str, str]]) -> float:
        """Give the least that any of these synonyms counts, of none the least that any here does.

        Args:
            used: As `Meant.used` names them.
        """
        return min([self._worth[one] for one in used] or self._worth.values(), default=OWN_WORTH)

    def wanted(self, fields: Mapping[str, float]) -> list[WeightedTerm]:
        """Give what to look for in which field, beside what the question names itself.

        Args:
            fields: Weight of each field; fields weighing 0 are left out.
        """
        return [
            WeightedTerm(field, term, weight * one.worth)
            for field, weight in fields.items()
            if weight > 0
            for one in self._found
            for term in (one.pairs if field == "bigrams" else one.words)
        ]

    def stand_in(self, text: str) -> bool:
        """Say whether a folded text may hold a synonym, wherever its words begin and end."""
        for one in self._read_otherwise:  # noqa: SIM110 - `any` takes twice the time
            if one in text:
                return True
        return False

    def meant(self, text: str) -> Meant:
        """Read a folded text with the question's words in place of their synonyms."""
        if self._pattern is None or not self.stand_in(text):
            return Meant(text)
        parts: list[str] = []
        edits: list[tuple[int, int, int]] = []
        used: dict[tuple[str, str], None] = {}
        at = 0
        for found in self._pattern.finditer(text):
            word, instead = self._instead[found[0]]
            if instead == found[0]:
                continue
            parts += [text[at : found.start()], instead]
            at = found.end()
            edits.append((found.start(), at, len(instead)))
            used[word, found[0]] = None
        return Meant("".join([*parts, text[at:]]), tuple(used), tuple(edits))


def _standing(
    question: Question, synonyms: Synonyms, cutter: Cutter, held: Callable[[str], bool]
) -> list[str]:
    """Give the words of a question that have synonyms, each once, the longer before what is in it.

    A short one must begin and end where the cutter parts words: 会费 does not stand in 工会费用.
    Where no synonym of the longer is `held` by the library, what is in it counts: 丢了 in 证丢了.
    """
    if not any(one.others for one in synonyms.lists):
        return []
    asked = without_asking(fold(question.text))
    places = word_places(asked, cutter)
    starts, ends = {a for a, _ in places}, {b for _, b in places}
    found: dict[str, None] = {}
    at, longest = 0, max(one.longest for one in synonyms.lists)
    while at < len(asked):
        for end in range(min(len(asked), at + longest), at, -1):
            word = asked[at:end]
            whole = at in starts and end in ends
            certain = end - at >= _CERTAIN and not _LATIN.search(word)
            if (whole or certain) and word in synonyms and held(word):
                found[word] = None
                at = end - 1
                break
        at += 1
    return list(found)


def _looked_up(
    word: str, other: str, worth: float, *, cutter: Cutter, terms: TermIndex
) -> Alternative | None:
    """Give a synonym with where the library holds it; None where it holds it nowhere."""
    pairs, words = tuple(dict.fromkeys(bigrams(other))), tuple(dict.fromkeys(cutter.words(other)))
    if len(other) == 1:
        pairs = ()  # a lone character is in no pair
    holding = terms.together("bigrams", pairs) if pairs else terms.together("words", words)
    if not holding and not any(terms.together(field, words) for field in ("title", "heading")):
        return None
    return Alternative(word, other, pairs, words, holding, worth)


def _instead(found: Sequence[Alternative], words: Sequence[str]) -> dict[str, tuple[str, str]]:
    """Give what is read in place of each synonym, with the word it stands for.

    The question's own words stay as they are: a synonym inside one is none (经费 in 工会经费).
    """
    instead = {one.word: (one.word, one.word) for one in found}
    for one in found:
        if one.word in one.other:  # who holds that holds the word
            continue
        # What else the question names must not be lost with it: 职工 in 职工补贴.
        kept = one.other if any(word in one.other for word in words) else ""
        instead.setdefault(one.other, (one.word, one.word + kept))
    return instead


def _pattern(words: Sequence[str], *, deputies: bool) -> re.Pattern[str]:
    """Give what finds words in a text; those of a 副主席 only where `deputies` are asked for."""
    chief = "" if deputies else "(?<!副)"
    bordered = (
        f"{chief}{'(?<![a-z0-9])' if _LATIN.match(word) else ''}{re.escape(word)}"
        f"{'(?![a-z0-9])' if _LATIN.match(word[-1]) else ''}"
        for word in sorted(words, key=len, reverse=True)
    )
    return re.compile("|".join(bordered))


def _offices(question: Question) -> list[tuple[str, str]]:
    """Give what a 一把手 is called, to who asks who that is; [] otherwise."""
    chief = CHIEF.search(fold(question.text)) if question.kind is Kind.WHO else None
    return [(chief[0], office) for office in CHIEF_OFFICES] if chief else []


NONE = Alternatives((), ())
"""Of a question whose words have no synonyms here."""


def with_synonyms(
    text: str, synonyms: Synonyms, *, cutter: Cutter, terms: TermIndex
) -> tuple[Question, Alternatives]:
    """Take a question apart, and look up which synonyms of its words the library holds."""
    question = parse(text, cutter)

    @cache
    def looked_up(word: str, other: str) -> Alternative | None:
        own = other in synonyms.others.get(word, ())
        worth = OWN_WORTH if own else EVERYDAY_WORTH
        return _looked_up(word, other, worth, cutter=cutter, terms=terms)

    def held(word: str) -> bool:
        return any(looked_up(*pair) for pair in synonyms.pairs([word]))

    standing = _standing(question, synonyms, cutter, held)
    pairs = [*synonyms.pairs(standing), *_offices(question)]
    found = [one for pair in pairs if (one := looked_up(*pair))][:_MOST]
    if question.empty or not found:
        return question, NONE
    question = parse(text, Parted(cutter, {one.word for one in found}))
    return question, Alternatives(found, question.words)
