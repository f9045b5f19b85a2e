"""How strongly a passage answers a question: named signals, one fitted score, one probability.

Pure functions. Every signal lies between 0 and 1 (cosines between -1 and 1) and is larger for
better passages, so that a weight can be read as what the signal is worth.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from math import exp

from qa.question import Kind, Question
from qa.quoting import paragraph_around, statements
from qa.records import Range

MATCHING = (
    "word_bm25",
    "pair_bm25",
    "coverage",
    "pair_coverage",
    "title",
    "document",
    "rarest",
    "cosine",
)
"""Signals of the whole passage, cheap enough for every candidate."""

READING = ("sentence", "kind")
"""Signals that need its sentences, for the best candidates only."""

SIGNALS = MATCHING + READING

_K1, _B = 1.2, 0.5  # Robertson's term saturation and length normalisation
_USUAL_CHARS = 260  # passages are cut at about this length
_MISFIT = 0.7  # what a sentence is worth that lacks the kind of thing asked for


@dataclass(frozen=True, slots=True)
class Weights:
    """What was fitted: the worth of each signal, and what comes with them.

    Attributes:
        signals: Weight of each of SIGNALS.
        bias: Added to their weighted sum.
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
class Matter:
    """What is weighed of one passage.

    Attributes:
        text: Its shown text, folded.
        context: Its document's title and its headings, folded.
        cosine: Between the question's and its vector.
        document: Those of the question's words that stand anywhere in its document.
    """

    text: str
    context: str
    cosine: float
    document: Set[str] = frozenset()


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


class Judge:
    """Weighs passages for one question; `kind` is what that asks for."""

    def __init__(self, question: Question, rarity: Rarity, fitted: Weights) -> None:
        self._words = _Terms(rarity.words)
        self._pairs = _Terms(rarity.pairs)
        self.kind = question.kind
        self._fits = _expected(question.kind, question.unit)
        self._fitted = fitted

    def rank(self, matters: Sequence[Matter], limit: int) -> list[tuple[int, Evidence]]:
        """Give the places in `matters` of the best passages and what speaks for each, best first.

        Passages that hold nothing the question names are left out, whatever their vectors say.
        Equal scores keep the order given. Only the best `limit` by MATCHING are read closely.
        """
        matching = [(place, self.matching(matter)) for place, matter in enumerate(matters)]
        named = [(place, values) for place, values in matching if values["pair_coverage"] > 0]
        named.sort(key=lambda one: -self._sum(one[1]))
        close = [(place, self.evidence(matters[place], values)) for place, values in named[:limit]]
        return sorted(close, key=lambda one: -one[1].score)

    def matching(self, matter: Matter) -> dict[str, float]:
        """Compute the signals of MATCHING."""
        words, pairs = self._words, self._pairs
        in_context = words.held(matter.context)
        held = words.held(matter.text) | in_context
        return {
            "word_bm25": words.bm25(matter.text),
            "pair_bm25": pairs.bm25(matter.text),
            "coverage": words.share(held),
            "pair_coverage": pairs.share(pairs.held(matter.text) | pairs.held(matter.context)),
            "title": words.share(in_context),
            "document": words.share(held | matter.document),
            "rarest": 1.0 - words.heaviest_outside(held | matter.document),
            "cosine": matter.cosine,
        }

    def evidence(self, matter: Matter, matching: Mapping[str, float]) -> Evidence:
        """Add the signals of READING, and the score: the logistic function of the weighted sum."""
        place, strength, fits = self._best_sentence(matter)
        values = {**matching, "sentence": strength, "kind": fits}
        return Evidence(values, 1 / (1 + exp(-self._fitted.bias - self._sum(values))), place)

    def worth(self, text: str) -> float:
        """Say how much of the question folded `text` holds, 0 to 1."""
        return self._share(text, set())

    def _sum(self, values: Mapping[str, float]) -> float:
        return sum(self._fitted.signals[name] * value for name, value in values.items())

    def _best_sentence(self, matter: Matter) -> tuple[Range, float, float]:
        """Give the best sentence, how much of the question it holds, and whether its kind fits.

        Half counts what its paragraph holds: who or where it is about often stands only there.
        """
        best, best_strength, best_fits, best_order = (0, 0), 0.0, 0.0, -1.0
        given = self._words.held(matter.context)
        for start, end in statements(matter.text):
            sentence = matter.text[start:end]
            paragraph = paragraph_around(matter.text, (start, end))
            strength = (self._share(sentence, given) + self._share(paragraph, given)) / 2
            fits = 1.0 if self._fits is None or self._fits(sentence) else 0.0
            order = strength * (1.0 if fits else _MISFIT)
            if order > best_order:
                best, best_strength, best_fits, best_order = (start, end), strength, fits, order
        return best, best_strength, best_fits

    def _share(self, text: str, given: set[str]) -> float:
        in_words = self._words.share(self._words.held(text) | given)
        return (in_words + self._pairs.share(self._pairs.held(text))) / 2


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


_DIGITS = r"[0-9零〇一二三四五六七八九十百千万亿两半%％.,\-~]+"
_HAN_DIGITS = "一二三四五六七八九十〇零"
_DAY = re.compile(rf"(?:\d{{1,2}}|[{_HAN_DIGITS}]{{1,3}})[日号]")
_DATE = re.compile(
    rf"(?:\d{{1,4}}|[{_HAN_DIGITS}]{{1,4}})(?:年|月|日|号|个?(?:天|小时|分钟|工作日|学时))|\d{{1,2}}[:：]\d{{2}}|"
    r"[上下]午|晚上|年[底初]|月[底初]|每[年月周天日]"
)
_PLACE = re.compile(r"[省市县区州镇乡村街路号楼馆厅室站院校园厂店中心]|地址|地点|位于|在")
_ROLES = r"主席|书记|主任|局长|院长|教授|部长|代表|记者|委员|校长|经理|组长|理事长|会长|馆长|站长"
# Folded; those that mostly begin other words (常务, 任职, 高度) are left out.
_SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙朱胡郭何林罗郑梁谢宋唐许邓韩冯曹彭曾肖田董潘袁蔡蒋余杜叶程魏苏吕丁沈姚卢姜崔"
    "钟谭汪范廖贾夏付邹孟熊秦邱尹薛闫段雷侯陶黎贺顾郝龚邵钱严覃戴莫孔汤靳霍卓穆倪施樊祝骆傅栾鲁魏殷俞柳庄"
)
_NAME = rf"[{_SURNAMES}][一-龥]{{1,2}}"
_PERSON = re.compile(
    rf"{_NAME}(?:同志|先生|女士|教授|{_ROLES}|等|说|介绍|主持|宣读|作|当选|出席|任|、|，|,)|"
    rf"(?:{_ROLES}|由|选举|[:：、]|记者)\s*{_NAME}"
)
_LISTED = re.compile(r"[、；;]|[一二三四]是|包括|分别|以及|和")
_REASON = re.compile(r"因|由于|为了|为|所以|致|源于|故")


@cache
def _expected(kind: Kind, unit: str) -> Callable[[str], object] | None:
    """Give a test whether folded text holds the kind of thing asked for; None when any text may."""
    if kind is Kind.NUMBER:
        return re.compile(rf"{_DIGITS}(?:多|余|几)?{unit}" if unit else _DIGITS).search
    if kind is Kind.WHEN and unit:
        return _DAY.search
    return {
        Kind.WHEN: _DATE.search,
        Kind.WHERE: _PLACE.search,
        Kind.WHO: _PERSON.search,
        Kind.LIST: _LISTED.search,
        Kind.WHY: _REASON.search,
    }.get(kind)
