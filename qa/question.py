"""A question taken apart: its content words, its character pairs, and what kind of thing it asks.

Interrogatives (什么, 多少家, 是谁) and function words say what kind of answer is wanted, not what
it is about: they choose the kind and are then left out, or they would be the rarest words of all.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby
from math import log

from embeddings.words import Cutter, bigrams, fold
from qa.announcing import without_announcement
from qa.courtesies import is_small_talk, without_courtesy
from qa.terms import WeightedTerm


class Kind(StrEnum):
    """What a question asks for."""

    WHO = "who"
    WHEN = "when"
    WHERE = "where"
    NUMBER = "number"
    LIST = "list"
    HOW = "how"
    WHY = "why"
    YESNO = "yesno"
    WHAT = "what"


@dataclass(frozen=True, slots=True)
class Question:
    """A question taken apart.

    Attributes:
        text: As asked, less greetings and what leads over to it; at most LONGEST characters.
        kind: What it asks for.
        content: The folded question without interrogatives and function words.
        words: Its content words, each once, in order; the longer and the shorter ones inside them.
        pairs: The character pairs of its content, each once, in order.
        focus: The content words beside its interrogative, which say what of a thing is asked for
            (办公电话 in 总工会办公电话是多少): two before it and one behind it, in order.
    """

    text: str
    kind: Kind
    content: str
    words: tuple[str, ...]
    pairs: tuple[str, ...]
    focus: tuple[str, ...] = ()

    @property
    def characters(self) -> tuple[str, ...]:
        """Its Han characters, each once, in order."""
        return tuple(dict.fromkeys(_HAN.findall(self.content)))

    @property
    def numbers(self) -> tuple[str, ...]:
        """The numbers it names in digits, in order."""
        return tuple(_NUMBER.findall(self.content))

    @property
    def empty(self) -> bool:
        """Whether nothing is left to look for (punctuation, a greeting, only 什么)."""
        return not self.words


LONGEST = 1_000
"""Characters of a question that are looked at; what people ask is shorter."""

_UNITS = "家个名位人项次场条件种类座所间张份元万亿年月天日小时分钟岁期届倍辆台套只届批支队门"
_KINDS: tuple[tuple[Kind, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(pattern))
    for kind, pattern in (
        (Kind.WHY, r"为什么|为何(?!\W*$)|为啥|何故|什么原因|原因是"),
        (Kind.WHEN, r"[什啥]么?时候|什么时间|何时|哪一?[天年月日]|几[月号日点年]|多久|多长时间"),
        (Kind.LIST, rf"哪些|哪几[{_UNITS}]?|哪[二两三四五六七八九十]+[{_UNITS}]"),
        (Kind.NUMBER, rf"多少|百分之几|几[{_UNITS}]|多大|多高|多远|多长|占比|比例是"),
        (Kind.WHO, r"谁|哪[一]?位|哪一位|(?<!任)何人|什么人|哪个人"),
        (
            Kind.WHERE,
            r"哪里|哪儿|在哪|在那[里儿](?=\W*$)|啥地方|何地|何处|什么地方|什么地点|哪个地方",
        ),
        (Kind.HOW, r"怎么|怎样|如何|咋"),
        (Kind.YESNO, r"吗|是否|能不能|可不可以|有没有|是不是|会不会"),
    )
)
_ASKING = re.compile(
    r"请问|想问一?下|问一?下|麻烦|告诉我|我想(?:知道|了解)|"
    r"(?:的?定义|分别)为何|的?定义是什么|是?如何定义的?|的?(?:是什么|什么)意思|是?指什么|指的是什么|所称之?|"
    r"叫什么名字|叫什么|名字叫|叫啥|是啥|(?:主要)?(?:包括|包含|分为|有)(?:了)?(?:哪些|什么)|"
    rf"为什么|为何|为啥|什么时候|啥时候|什么时间|什么地方|什么样的?|什么人|什么|啥|哪[一]?[天年月日个位些里儿]|"
    r"(?<![小好饼骨树才])[吃喝玩干](?:什么|啥)(?!时|地|人|样)|在那[里儿](?=\W*$)|"
    rf"几[月号日点]|哪几[{_UNITS}]?|哪[{_UNITS}]?|何时|何地|何处|(?<!任)何人|"
    rf"(?:一共|总共|共|占|达到?|最多|最少|大约|大概)?(?:有|是|为|能|要|花|用|了)?(?:多少|几(?!乎))(?:(?!人口)[{_UNITS}月号点]|钱)?|"
    r"百分之几|多久|多长时间|多[大高远长]|怎么样?|怎样|如何|咋样?|"
    r"分别是?谁|是谁|由谁|谁|是否|能不能|可不可以|可以|有没有|是不是|会不会|吗|呢|吧|啊|呀|么|了没"
)
_GAP = re.compile(
    r"多少|几(?!乎)|什么|啥|谁|哪|(?<!任)何|怎么|如何|怎样|为什么|吗|是否|多久|多长|能不能|可不可以"
)
_HAN = re.compile(r"[一-鿿]")
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_FUNCTION_WORDS_TEXT = """
的 了 是 在 和 与 及 或 有 被 把 对 将 从 到 为 于 以 等 也 都 就 还 又 而 之 其 这 那 该 此
这个 那个 这些 那些 一个 一下 我 你 您 他 她 它 我们 你们 他们 需要 应该 应当 要 能 会 让 给
请 做 叫 上 下 中 里 内 时 时候 进行 关于 以及 其中 得 地 着 过 吗 呢 吧 啊
"""
_FUNCTION_WORDS = frozenset(_FUNCTION_WORDS_TEXT.split())
# Content only beside other content: 今年怎么样 and 具体怎么做 name nothing to look for.
_VAGUE_TEXT = """
办 搞 说 讲 写 看 情况 要求 内容 具体 问题 事 事情 东西 还有 其他 另外
今年 去年 明年 现在 目前 最近 今天 明天 昨天
"""
_VAGUE = frozenset(_VAGUE_TEXT.split())


def parse(text: str, cutter: Cutter) -> Question:
    """Take a question apart; one without content (or small talk) gives an empty Question."""
    text = text[:LONGEST].encode("utf-8", "ignore").decode("utf-8")  # no halves of characters
    text = without_announcement(without_courtesy(text))
    folded = "" if is_small_talk(text) else fold(text)
    asked = without_asking(folded)
    runs = _content_runs(cutter.plain, asked)
    if all(word in _VAGUE for run in runs for word in cutter.plain(run)):
        runs = []
    content = " ".join(runs)
    words = (word for run in runs for word in cutter.words(run))
    return Question(
        text=text,
        kind=_kind(folded),
        content=content,
        words=_once(word for word in words if word not in _FUNCTION_WORDS),
        pairs=_once(pair for run in runs for pair in bigrams(run)),
        focus=_focus(folded, content, cutter.plain),
    )


def kept(text: str, cutter: Cutter) -> list[tuple[int, int]]:
    """Give the ranges of the content words of a question, in order, as `parse` would keep them."""
    folded = fold(text[:LONGEST])
    asked = without_asking(folded)
    return [
        (start, end)
        for start, end in word_places(asked, cutter)
        if asked[start:end] not in _FUNCTION_WORDS and asked[start:end] not in _VAGUE
    ]


def without_asking(folded: str) -> str:
    """Give a folded question with blanks in place of its interrogatives, of the same length."""
    return _ASKING.sub(lambda match: " " * len(match[0]), folded)


def word_places(folded: str, cutter: Cutter) -> list[tuple[int, int]]:
    """Give where the words of a folded text stand, in order, not overlapping."""
    at, found = 0, []
    for word in cutter.plain(folded):
        start = folded.index(word, at)
        at = start + len(word)
        found.append((start, at))
    return found


def idf(frequency: int, total: int) -> float:
    """Give the weight of a term that stands in `frequency` of `total` passages; rare is large.

    Robertson and Zaragoza (2009), with Lucene's 1 + inside the logarithm: never below 0.
    """
    return log(1 + (total - frequency + 0.5) / (frequency + 0.5))


def weighted_terms(
    question: Question,
    weights: Mapping[str, float],
    limit: int,
    frequency: Callable[[str, str], int],
) -> list[WeightedTerm]:
    """Give what to look for in which field, in the order of the question.

    Args:
        question: Taken apart.
        weights: Weight of each field; fields weighing 0 are left out.
        limit: Terms in a field at most; those that come first in the question stay.
        frequency: In how many passages a term stands in a field; unknown terms only cost time.
    """
    terms = []
    for field, weight in weights.items():
        values = question.pairs if field == "bigrams" else question.words
        held = [value for value in values if frequency(field, value)][:limit]
        terms += [WeightedTerm(field, value, weight) for value in held if weight > 0]
    return terms


def _focus(folded: str, content: str, cut: Callable[[str], list[str]]) -> tuple[str, ...]:
    gap = _GAP.search(folded)
    if gap is None:
        return ()
    before, behind = (
        [word for word in cut(part) if word.strip() and word in content]
        for part in (folded[: gap.start()], folded[gap.end() :])
    )
    return (*before[-2:], *behind[:1])


def _kind(folded: str) -> Kind:
    return next((kind for kind, pattern in _KINDS if pattern.search(folded)), Kind.WHAT)


def _content_runs(cut: Callable[[str], list[str]], text: str) -> list[str]:
    """Give the stretches of words that are not function words, in order.

    Words that stand side by side in the text are joined, so that pairs across them are kept.
    """
    runs: list[str] = []
    for piece in re.split(r"[^\w.\-/%]+", text):
        words = cut(piece)
        for is_content, group in groupby(words, key=lambda word: word not in _FUNCTION_WORDS):
            if is_content:
                runs.append("".join(group))
    return runs


def _once(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(values))
