"""How strongly a passage answers a question: named signals, one fitted score, one probability.

Pure functions. Every signal lies between 0 and 1 (cosines between -1 and 1) and is larger for
better passages, so that a weight can be read as what the signal is worth.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from math import exp

from embeddings.words import fold
from qa.question import Kind, Question
from qa.quoting import statements
from qa.records import Range

SIGNALS = (
    "word_bm25",
    "pair_bm25",
    "coverage",
    "pair_coverage",
    "title",
    "rarest",
    "sentence",
    "run",
    "kind",
    "cosine",
)
"""The signals, in the order of the weights file."""

_K1, _B = 1.2, 0.5  # Robertson's term saturation and length normalisation
_USUAL_CHARS = 260  # passages are cut at about this length


@dataclass(frozen=True, slots=True)
class Weights:
    """What was fitted: the worth of each signal, and what comes with them.

    Attributes:
        signals: Weight of each of SIGNALS.
        bias: Added to their sum.
        threshold: Probability from which a question counts as answered.
        fields: Weight of each field of the term index when candidates are gathered.
    """

    signals: Mapping[str, float]
    bias: float
    threshold: float
    fields: Mapping[str, float]


@cache
def weights() -> Weights:
    """Read the weights that ship with the package (`qa/weights.json`)."""
    return Weights(**json.loads(files("qa").joinpath("weights.json").read_text(encoding="utf-8")))


@dataclass(frozen=True, slots=True)
class Rarity:
    """How rare the question's terms are in this library: term to inverse document frequency."""

    words: Mapping[str, float]
    pairs: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for one passage.

    Attributes:
        signals: Each of SIGNALS by name.
        score: Probability, 0 to 1, that the passage answers the question.
        sentence: Its best sentence, as a range of the shown text; (0, 0) when it has none.
    """

    signals: Mapping[str, float]
    score: float
    sentence: Range


def weigh(
    question: Question,
    rarity: Rarity,
    *,
    shown: str,
    title: str,
    heading: str,
    cosine: float,
) -> Evidence:
    """Say how strongly a passage answers.

    Args:
        question: Taken apart; an empty one gives score 0.
        rarity: Of its words and pairs.
        shown: The passage's text without noise.
        title: Of its document.
        heading: Above it.
        cosine: Between the question's and the passage's vectors.
    """
    text, context = fold(shown), f"{fold(title)}\n{fold(heading)}"
    values, sentence = signals(question, rarity, text=text, context=context, cosine=cosine)
    return Evidence(values, probability(values, weights()), sentence)


def signals(
    question: Question, rarity: Rarity, *, text: str, context: str, cosine: float
) -> tuple[dict[str, float], Range]:
    """Compute every signal and the best sentence; `context` is title and heading; all is folded."""
    if question.empty:
        return dict.fromkeys(SIGNALS, 0.0), (0, 0)
    words = _Terms(rarity.words)
    pairs = _Terms(rarity.pairs)
    in_text, in_context = words.held(text), words.held(context)
    place, strength, fits = _best_sentence(question, words, pairs, text, context)
    values = {
        "word_bm25": words.bm25(text),
        "pair_bm25": pairs.bm25(text),
        "coverage": words.share(in_text | in_context),
        "pair_coverage": pairs.share(pairs.held(text) | pairs.held(context)),
        "title": words.share(in_context),
        "rarest": 1.0 - words.heaviest_outside(in_text | in_context),
        "sentence": strength,
        "run": _longest_run(question.content, text),
        "kind": fits,
        "cosine": cosine,
    }
    return values, place


def probability(values: Mapping[str, float], fitted: Weights) -> float:
    """Give the logistic function of the weighted sum of the signals."""
    if not any(value for name, value in values.items() if name != "cosine"):
        return (
            0.0  # nothing the question names stands there: not evidence, whatever the vectors say
        )
    total = fitted.bias + sum(fitted.signals[name] * values[name] for name in SIGNALS)
    return 1 / (1 + exp(-total))


class _Terms:
    """Weighted terms, counted in folded text by plain substring search.

    The weights are fixed for a question, so counting costs a few C calls for each passage; nothing
    is cut at question time.
    """

    def __init__(self, weight: Mapping[str, float]) -> None:
        self._weight = weight
        self._total = sum(weight.values()) or 1.0

    def held(self, text: str) -> set[str]:
        return {term for term in self._weight if term in text}

    def share(self, held: set[str]) -> float:
        return sum(self._weight[term] for term in held) / self._total

    def heaviest_outside(self, held: set[str]) -> float:
        return max((w for t, w in self._weight.items() if t not in held), default=0.0) / max(
            self._weight.values(), default=1.0
        )

    def bm25(self, text: str) -> float:
        """BM25 as a share of what a passage full of every term would get."""
        norm = _K1 * (1 - _B + _B * len(text) / _USUAL_CHARS)
        gained = 0.0
        for term, weight in self._weight.items():
            count = text.count(term)
            if count:
                gained += weight * count / (count + norm)
        return gained / self._total


def _best_sentence(
    question: Question, words: _Terms, pairs: _Terms, text: str, context: str
) -> tuple[Range, float, float]:
    """Give the best sentence, how much of the question it holds, and whether its kind fits."""
    test = _expected(question.kind, question.unit)
    best, best_strength, best_fits, best_order = (0, 0), 0.0, 0.0, -1.0
    given = words.held(context)
    for start, end in statements(text):
        sentence = text[start:end]
        strength = 0.5 * words.share(words.held(sentence) | given) + 0.5 * pairs.share(
            pairs.held(sentence)
        )
        fits = 1.0 if test is None else float(bool(test(sentence)))
        order = strength * (1.0 if fits else 0.7)
        if order > best_order + 1e-9:
            best, best_strength, best_fits, best_order = (start, end), strength, fits, order
    return best, best_strength, best_fits


def _longest_run(content: str, text: str) -> float:
    """Give the longest stretch of the question's content that stands in the text, as a share."""
    longest, length = 0, len(content)
    for start in range(length):
        while start + longest < length and content[start : start + longest + 1] in text:
            longest += 1
    return longest / length if length else 0.0


_DIGITS = r"[0-9零〇一二三四五六七八九十百千万亿两半%％.,\-~]+"
_DATE = re.compile(
    r"\d{1,4}[年月日号]|[一二三四五六七八九十〇]{1,4}[年月日]|\d{1,2}[:：]\d{2}|[上下]午|前|底|期间|以内|起"
)
_PLACE = re.compile(r"[省市县区州镇乡村街路号楼馆厅室站院校园厂店中心]|地址|地点|位于|在")
_ROLES = r"主席|书记|主任|局长|院长|教授|部长|代表|记者|委员|校长|经理|组长"
_PERSON = re.compile(
    rf"[一-龥]{{2,4}}(?:同志|{_ROLES}|主持|任|等|说|介绍|宣读|作|当选|出席)|"
    rf"(?:{_ROLES}|由|[:：、])[一-龥]{{2,3}}"
)
_LISTED = re.compile(r"[、；;]|[一二三四]是|包括|分别|以及|和")
_REASON = re.compile(r"因|由于|为了|为|所以|致|源于|故")


@cache
def _expected(kind: Kind, unit: str) -> Callable[[str], object] | None:
    """Give a test whether folded text holds the kind of thing asked for; None when any text may."""
    if kind is Kind.NUMBER:
        return re.compile(rf"{_DIGITS}(?:多|余|几)?{unit}" if unit else _DIGITS).search
    return {
        Kind.WHEN: _DATE.search,
        Kind.WHERE: _PLACE.search,
        Kind.WHO: _PERSON.search,
        Kind.LIST: _LISTED.search,
        Kind.WHY: _REASON.search,
    }.get(kind)
