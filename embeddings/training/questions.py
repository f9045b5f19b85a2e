"""Questions made from sentences: blank what could be asked for and ask for it.

Everything is drawn from the random generator passed in, so the same seed gives the same questions.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from random import Random

Words = list[tuple[str, str]]
"""A sentence as words with jieba's part-of-speech tags."""

_ASK = {
    "person": ("谁", "哪位", "哪个人", "什么人"),
    "place": ("哪里", "哪儿", "什么地方", "哪个地方", "何地", "哪个国家", "哪个城市"),
    "body": ("什么机构", "哪个机构", "哪个组织", "哪家公司", "哪个部门", "什么单位"),
    "time": ("什么时候", "何时", "哪一年", "哪年", "什么时间", "几月几日"),
    "number": ("多少", "几", "多少个", "多大", "多长", "几个"),
    "thing": ("什么", "哪个", "哪些", "哪种", "什么样的", "何种"),
}
_ENDINGS = (
    "是什么",
    "有哪些",
    "如何",
    "怎么样",
    "为什么",
    "怎么办",
    "是什么意思",
    "怎么规定",
    "是怎样的",
    "有什么",
    "叫什么",
    "多少",
)
_CAUSES = frozenset(("因为", "由于", "因此", "所以", "因而", "导致", "使得", "为了", "以便"))
_REASONS = ("为什么", "为何", "什么原因", "为什么会", "有什么目的")
_TIME_WORDS = frozenset("年月日时分秒") | {
    "世纪",
    "年代",
    "小时",
    "分钟",
    "星期",
    "年底",
    "年初",
    "月份",
}
_FUNCTION_TAGS = frozenset(("u", "p", "c", "d", "y", "f", "r", "e", "o"))
_CONTENT_TAGS = frozenset(("n", "v", "a", "i", "j", "l", "e", "t", "s"))
_NO_WORD = re.compile(r"[\W_]+")
_SHORTEST = 4
_FEWEST = 2

# Of every hundred: 62 blanked, 8 open or for reasons, 18 fragments, 12 lists of keywords.
_BLANKED, _WHY, _FRAGMENT = 0.62, 0.70, 0.88
# How a blanked question is put together: 50 keep the order, 20 ask at the end, 15 are turned round.
_IN_PLACE, _AT_THE_END, _TURNED = 0.5, 0.7, 0.85
_TITLED = 0.25
_SWAPPED = 0.3
_HALF = 0.5


@dataclass(frozen=True, slots=True)
class _Span:
    """Words `start`…`end` (half-open) that one question word can stand for."""

    start: int
    end: int
    kind: str


def make_question(words: Words, title: str, rng: Random) -> str:
    """Make something a person might ask or type whose answer stands in the sentence `words`.

    `title` may be put in front. A sentence with fewer than four words gives "".

    >>> make_question([("温家宝", "nr"), ("访问", "v"), ("了", "u"), ("越南", "ns")], "", Random(1))
    '谁访问了越南'
    """
    words = [(word, tag) for word, tag in words if not _NO_WORD.fullmatch(word)]
    if len(words) < _SHORTEST:
        return ""
    draw = rng.random()
    if draw < _BLANKED:
        question = _blanked(words, rng)
    elif draw < _WHY:
        question = _why(words, rng)
    elif draw < _FRAGMENT:
        question = _fragment(words, rng)
    else:
        question = _keywords(words, rng)
    if title and question and rng.random() < _TITLED:
        question = rng.choice((title, title + "的", title + " ")) + question
    return question


def _blanked(words: Words, rng: Random) -> str:
    spans = _spans(words)
    if not spans:
        return _fragment(words, rng)
    # Names, numbers and dates are what people ask for; common nouns only fill up.
    span = rng.choices(spans, [1.0 if span.kind == "thing" else 3.0 for span in spans])[0]
    ask = rng.choice(_ASK[span.kind])
    reach = rng.randint(3, 12)
    left = _thinned(words[max(0, span.start - reach) : span.start], rng)
    right = _thinned(words[span.end : span.end + rng.randint(3, 12)], rng)
    form = rng.random()
    if form < _IN_PLACE:
        return left + ask + right
    if form < _AT_THE_END:
        return f"{left}{right}{rng.choice(('是', '', '在', '的是'))}{ask}"
    if form < _TURNED:
        return f"{right}{rng.choice(('是', '的', ''))}{left}{ask}"
    return ask + right if len(right) > len(left) else left + ask


def _spans(words: Words) -> list[_Span]:
    """Find what can be blanked: runs of number and time words, names, nouns of two characters."""
    spans: list[_Span] = []
    place = 0
    while place < len(words):
        word, tag = words[place]
        end = place + 1
        if tag in {"m", "t", "mq"} or word.isdigit():
            while end < len(words) and (
                words[end][1] in {"m", "t", "mq", "q"}
                or words[end][0].isdigit()
                or words[end][0] in _TIME_WORDS
            ):
                end += 1
            timed = any(w in _TIME_WORDS or t == "t" for w, t in words[place:end])
            spans.append(_Span(place, end, "time" if timed else "number"))
        elif kind := _kind(word, tag):
            while end < len(words) and tag[:2] in {"nr", "ns"} and words[end][1][:2] == tag[:2]:
                end += 1
            spans.append(_Span(place, end, kind))
        place = end
    return spans


def _kind(word: str, tag: str) -> str:
    if tag.startswith("nr"):
        return "person"
    if tag.startswith("ns"):
        return "place"
    if tag.startswith("nt"):
        return "body"
    return "thing" if tag[:1] in {"n", "e"} and len(word) > 1 else ""


def _thinned(words: Words, rng: Random) -> str:
    """Join `words`, leaving some out: function words often, others seldom."""
    loss = rng.choice((0.0, 0.0, 0.1, 0.2, 0.35))
    return "".join(
        word
        for word, tag in words
        if rng.random() >= (min(0.6, 2.5 * loss) if tag[:1] in _FUNCTION_TAGS else loss)
    )


def _why(words: Words, rng: Random) -> str:
    """Ask for the reason, or end a part of the sentence as an open question."""
    causes = [place for place, (word, _) in enumerate(words) if word in _CAUSES]
    if causes:
        place = causes[0]
        rest = words[place + 1 :] if place < len(words) // 2 else words[:place]
        reason = rng.choice(_REASONS)
        said = _thinned(rest[: rng.randint(5, 14)], rng)
        return reason + said if rng.random() < _HALF else said + reason
    start = rng.randrange(max(1, len(words) - 3))
    return _thinned(words[start : start + rng.randint(2, 8)], rng) + rng.choice(_ENDINGS)


def _fragment(words: Words, rng: Random) -> str:
    start = rng.randrange(max(1, len(words) - 4))
    part = words[start : start + rng.randint(4, 16)]
    if rng.random() < _SWAPPED:
        middle = rng.randrange(len(part))
        part = part[middle:] + part[:middle]
    return _thinned(part, rng)


def _keywords(words: Words, rng: Random) -> str:
    content = [word for word, tag in words if tag[:1] in _CONTENT_TAGS and len(word) > 1]
    if len(content) < _FEWEST:
        return _fragment(words, rng)
    chosen = sorted(rng.sample(range(len(content)), min(len(content), rng.randint(2, 6))))
    return " ".join(content[place] for place in chosen)
