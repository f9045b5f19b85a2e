"""What speaks for a stretch of a passage as the words that answer: named clues, each 0 to 1.

Ranking asks which passage answers; here the passage is known, and its sentences compete. What all
of them hold tells nothing then, and what stands beside the gap that the question leaves (担任…,
…平方公里) tells most.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from math import exp

from embeddings.words import fold
from qa.bodies import of_body
from qa.kinds import thing_asked
from qa.names import of_chiefs
from qa.question import Kind, Question
from qa.quoting import paragraph_around
from qa.records import Range
from qa.things import things
from qa.weighing import Rarity, Terms

CLUES = (
    "words",
    "given",
    "pairs",
    "own",
    "words_before",
    "pairs_before",
    "paragraph",
    "fresh",
    "kind",
    "near",
    "unit",
    "left",
    "right",
)
"""Names of the clues, in the order in which they are given:

words: rare question words in the stretch that title and headings do not give already
given: those that they do give
pairs: character pairs of the question in it
own: question words, each shared with the other stretches that hold it
words_before, pairs_before: what the stretch right before holds and this one does not
paragraph: question words in the lines it stands in
fresh: it holds the kind of thing asked for, and not one that the question itself names
kind: it holds what an answer must hold, told by all words of the question (图书馆电话)
near: a thing as for `fresh` close to a rare question word
unit: such a thing with the unit asked for (多少家)
left, right: what stands left and right of the interrogative in the question stands in it too

Where a passage holds words of the question that title and headings do not give, or what an answer
must hold, the words that they do give name what the whole is about, and count GIVEN_WORTH.
"""

GIVEN_WORTH = 0.2
"""What a word that title or headings give counts beside one that only the text holds."""

_NEIGHBOURS = 5  # characters on either side of the interrogative
_FADING_CHARS = 10.0  # a thing this far from the nearest word counts a third
_WITHOUT_UNIT = 0.4  # what nearness is worth where a unit is asked for and missing
_UNIT_CHARS = 2  # a unit follows its number at most so far

_GAP = re.compile(
    r"(?:哪|什么|甚么|啥|谁|何[时地处人年月日]|为何|如何|怎|多少|百分之几|几|多[大高远长久])[^\W\d_]?"
)
_COUNTED = re.compile(r"(?:多少|几)(?P<unit>[^\W\d_])")
_MONEY = "元万亿"
_PERCENT = "%"


@dataclass(frozen=True, slots=True)
class Asked:
    """What is looked for in the stretches of a passage.

    Attributes:
        text: The question, folded.
        words: Its words and how rare each is.
        pairs: Its character pairs and how rare each is.
        left: Letters and digits left of its interrogative; empty when it has none.
        right: Those right of it.
        thing: What the kind of thing asked for looks like; None when it may be anything.
        looks: What an answer must hold, told by all its words; None when that is not certain.
        unit: Characters of which one must follow a number; empty when none is named.
    """

    text: str
    words: Mapping[str, float]
    pairs: Mapping[str, float]
    left: str
    right: str
    thing: re.Pattern[str] | None
    looks: re.Pattern[str] | None
    unit: str

    @classmethod
    def of(cls, question: Question, rarity: Rarity) -> Asked:
        """Take what is looked for from a question and how rare its terms are."""
        text = fold(question.text)
        gap = _GAP.search(text)
        thing = thing_asked(text)
        left, right = (text[: gap.start()], text[gap.end() :]) if gap else ("", "")
        return cls(
            text=text,
            words=rarity.words,
            pairs=rarity.pairs,
            left=_bare(left)[-_NEIGHBOURS:],
            right=_bare(right)[:_NEIGHBOURS],
            thing=things(question.kind),
            looks=thing.looks if thing and thing.exact else None,
            unit=_unit(text) if question.kind is Kind.NUMBER else "",
        )


@dataclass(frozen=True, slots=True)
class _Held:
    """The question's terms in a stretch."""

    words: frozenset[str]
    pairs: frozenset[str]


def clues(
    asked: Asked, text: str, context: str, stretches: Sequence[Range]
) -> list[tuple[float, ...]]:
    """Give the CLUES of each stretch of a folded text, in order; no stretches give [].

    Args:
        asked: What is looked for.
        text: The passage's shown text, folded.
        context: Its document's title and its headings, folded.
        stretches: Ranges of `text` that compete, in order.
    """
    text = of_body(asked.text, of_chiefs(asked.text, text), context)
    given = Terms(asked.words).held(context)
    asked = _discounted(asked, text, context)
    words, pairs = Terms(asked.words), Terms(asked.pairs)
    held = [_Held(words.held(text[a:b]), pairs.held(text[a:b])) for a, b in stretches]
    holders = {word: sum(word in one.words for one in held) for word in asked.words}
    in_paragraph = cache(lambda paragraph: words.share(words.held(paragraph)))
    rows: list[tuple[float, ...]] = []
    before = _Held(frozenset(), frozenset())
    for stretch, here in zip(stretches, held, strict=True):
        part = text[slice(*stretch)]
        rows.append(
            (
                words.share(here.words - given),
                words.share(here.words & given),
                pairs.share(here.pairs),
                words.share(here.words, holders),
                words.share(before.words - here.words - given),
                pairs.share(before.pairs - here.pairs),
                in_paragraph(paragraph_around(text, stretch)),
                *_thing_clues(asked, part, here.words),
                _overlap(asked.left, part, from_end=True),
                _overlap(asked.right, part, from_end=False),
            )
        )
        before = here
    return rows


def _discounted(asked: Asked, text: str, context: str) -> Asked:
    """Give what is asked with GIVEN_WORTH for what the context gives.

    Where the text holds neither another word of the question nor what an answer must hold, nothing
    is discounted. A lone character names nothing (县 in 县级工会).
    """
    more = any(word in text and word not in context for word in asked.words)
    if not more and not (asked.looks and asked.looks.search(text)):
        return asked
    words, pairs = (
        {
            term: weight * (GIVEN_WORTH if len(term) > 1 and term in context else 1)
            for term, weight in one.items()
        }
        for one in (asked.words, asked.pairs)
    )
    return replace(asked, words=words, pairs=pairs)


def _thing_clues(asked: Asked, part: str, held: frozenset[str]) -> tuple[float, ...]:
    """Give `fresh`, `kind`, `near` and `unit` of a stretch that holds these question words."""
    looks = asked.looks.finditer(part) if asked.looks else ()
    kind = float(any(one[0].strip() not in asked.text for one in looks))
    fresh = near = unit = 0.0
    found = [] if asked.thing is None else list(asked.thing.finditer(part))
    new = [one for one in found if one[0].strip() not in asked.text]
    places = _places(asked.words, held, part) if new else []
    for one in new:
        fresh = 1.0
        counted = bool(asked.unit) and any(
            sign in part[one.start() : one.end() + _UNIT_CHARS] for sign in asked.unit
        )
        unit = max(unit, float(counted))
        worth = 1.0 if counted or not asked.unit else _WITHOUT_UNIT
        for start, end, rare in places:
            distance = max(start - one.end(), one.start() - end, 0)
            near = max(near, worth * rare * exp(-distance / _FADING_CHARS))
    return fresh, kind, near, unit


def _places(
    words: Mapping[str, float], held: frozenset[str], part: str
) -> list[tuple[int, int, float]]:
    """Give where words stand in a stretch, and how rare each is beside the rarest, 0 to 1."""
    rarest = max(words.values(), default=0.0) or 1.0
    places = []
    for word in held:
        at = part.find(word) if len(word) > 1 or word.isdigit() else -1
        while at >= 0:
            places.append((at, at + len(word), words[word] / rarest))
            at = part.find(word, at + 1)
    return places


def _overlap(beside: str, part: str, *, from_end: bool) -> float:
    """Say how much of what stands beside the gap stands in a stretch, counted from the gap."""
    for count in range(len(beside), 0, -1):
        if (beside[-count:] if from_end else beside[:count]) in part:
            return count / _NEIGHBOURS
    return 0.0


def _unit(text: str) -> str:
    """Give the characters that may follow the number a folded question asks for.

    >>> _unit("补贴多少钱"), _unit("一共有几家驿站"), _unit("增长率是多少")
    ('元万亿', '家', '%')
    """
    counted = _COUNTED.search(text)
    unit = counted["unit"] if counted else ""
    if unit == "钱" or (counted and re.search(r"工资|价", text)):
        return _MONEY
    if re.search(r"百分|占比|比例", text) or (not unit and "率" in text):
        return _PERCENT
    return unit


def _bare(text: str) -> str:
    return re.sub(r"\W", "", text)
