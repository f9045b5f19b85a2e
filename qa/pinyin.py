"""Chinese typed by its sound: which characters a syllable may be, and what a line of pinyin says.

The sounds are pypinyin's. What a line says is decided by the pairs of characters that stand in the
library: of all readings, the one whose neighbours are neighbours there.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache, partial
from importlib.util import find_spec, module_from_spec, spec_from_file_location
from math import log10
from pathlib import Path

from embeddings.words import fold

Frequency = Callable[[str], int]
"""In how many passages two neighbouring characters stand."""

_LONGEST_SYLLABLE = 6  # zhuang
_LEAST_LETTERS = 4
_MOST_LETTERS = 120
_BEAM = 150  # readings that are followed up at each letter,
_MARGIN = 3.0  # and by how much they may be worse than the best
_LEVEL_1 = 3755  # of GB 2312's characters, the first so many are the more common ones
_RARE = 0.2  # cost of another one
_SPOKEN = 2  # ways to say a character; the third are those of names and old books
_SECOND = 0.7  # cost of the second
_UNKNOWN = -1.5  # of a pair that stands nowhere
_ASKED = (0.2, 1.3)  # what each character of a word of asking is worth: of one, of several
_AS_IT_IS = 4.0  # cost of a Latin word of the documents: sun is 孙 or 笋 rather than the newspaper
_SYLLABLE = 0.4  # cost of each, or more and shorter ones would hold more pairs
_APART = 0.75  # cost of each part of what was typed as one syllable
_JOINT = -0.3  # the same beside a word of asking, which may stand beside anything
_HAN = re.compile(r"[一-鿿]")
_LATIN = re.compile(r"[a-z]+")
# What people type sloppily; the key is what both are taken for.
_ALIKE = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("ng", "n"))
_ASKING_TEXT = """
shenme 什么 shishenme 是什么 zenme 怎么 zenmeban 怎么办 zenyang 怎样 ruhe 如何
duoshao 多少 duoshaoqian 多少钱 shiduoshao 是多少 youduoshao 有多少 duojiu 多久
jidian 几点 jitian 几天 jige 几个 jisui 几岁 nali 哪里 zainali 在哪里 naxie 哪些 nage 哪个
shui 谁 shishui 是谁 shenmeshihou 什么时候 weishenme 为什么 youmeiyou 有没有 shibushi 是不是
ma 吗 ne 呢 de 的 le 了 shi 是 you 有 zai 在 he 和 keyi 可以 neng 能 yao 要 xuyao 需要
"""
_ASKING: Mapping[str, str] = dict(zip(*[iter(_ASKING_TEXT.split())] * 2, strict=True))
_LONGEST_ASKING = max(map(len, _ASKING))


@dataclass(frozen=True, slots=True)
class Sounds:
    """The sounds of the characters in common use, tones left out.

    Attributes:
        characters: Of each syllable its characters, each with what it costs to take it for that.
        syllables: Of each character its syllables, the usual one first.
    """

    characters: Mapping[str, Sequence[tuple[str, float]]]
    syllables: Mapping[str, tuple[str, ...]]

    def alike(self, character: str) -> Iterator[tuple[str, bool]]:
        """Give characters that sound the same, then those nearly so; and which of the two it is."""
        seen = {character}
        spoken = self.syllables.get(character, ())
        near = [other for one in spoken for other in (one, *_nearly(one))]
        for exact, syllables in ((True, spoken[:1]), (False, near)):
            for syllable in syllables:
                for one, cost in self.characters.get(syllable, ()):
                    if one not in seen and (not exact or cost < _SECOND):
                        seen.add(one)
                        yield one, exact


@cache
def sounds() -> Sounds:
    """Give the sounds of the 6,763 characters of GB 2312, which are those in common use."""
    said = _dictionary()
    characters: dict[str, list[tuple[str, float]]] = {}
    syllables: dict[str, tuple[str, ...]] = {}
    for place, one in enumerate(_common()):
        spoken = dict.fromkeys(map(_plain, said.get(ord(one), "").split(",")))
        syllables[one] = tuple(filter(None, spoken))[:_SPOKEN]
        for number, syllable in enumerate(syllables[one]):
            cost = _SECOND * number + (_RARE if place >= _LEVEL_1 else 0.0)
            characters.setdefault(syllable, []).append((one, cost))
    return Sounds(characters, syllables)


def _dictionary() -> Mapping[int, str]:
    """Give pypinyin's dictionary of characters: by code point, how each is said, parted by commas.

    Its module is loaded alone: all of the package takes 0.2 s, most of it for dictionaries of
    phrases, and the first question that is not found would wait for that.
    """
    package = find_spec("pypinyin")
    file = Path((package and package.origin) or "").with_name("pinyin_dict.py")
    alone = spec_from_file_location("pypinyin_characters", file)
    if alone is None or alone.loader is None:
        raise ModuleNotFoundError("pypinyin is missing: install cited-qa anew")
    module = module_from_spec(alone)
    alone.loader.exec_module(module)
    said: Mapping[int, str] = module.pinyin_dict
    return said


@dataclass(frozen=True, slots=True)
class _Line:
    """What was typed, in small letters without tones and without what parts syllables.

    Attributes:
        text: Letters, Chinese characters and the rest.
        words: For every place inside a Latin word as it was typed, where that begins and ends.
    """

    text: str
    words: Mapping[int, tuple[int, int]]


@dataclass(frozen=True, slots=True)
class _Reading:
    """What has been read up to a place."""

    worth: float
    said: str
    asks: bool  # whether it ends in a word of asking, which may stand beside anything


@dataclass(frozen=True, slots=True)
class _Step:
    """What may come next: where it ends, what it says, what that costs."""

    end: int
    said: str
    cost: float
    asks: bool = False


def readings(text: str, frequency: Frequency, *, word: Frequency, most: int = 3) -> list[str]:
    """Give what a line of pinyin may say, the likeliest first.

    Tones, as marks or numbers, blanks and apostrophes do not matter; Chinese characters in between
    stay. A line without pinyin, or with Latin words that are neither pinyin nor known, gives [].

    Args:
        text: As typed.
        frequency: Of a pair of characters.
        word: In how many passages a Latin word stands.
        most: How many readings at most.
    """
    line = _letters(text)
    if not _LEAST_LETTERS <= len(line.words) <= _MOST_LETTERS:
        return []
    joined = cache(partial(_joined, frequency))
    # At every place, for each last character (all that matters for what follows) the best reading.
    reached: list[dict[str, _Reading]] = [{} for _ in range(len(line.text) + 1)]
    reached[0][""] = _Reading(0.0, "", True)
    for at in range(len(line.text)):
        best = _best(reached[at])
        for step in _steps(line, at, word) if best else ():
            into, first, last = reached[step.end], step.said[0], step.said[-1]
            earned = (_ASKED[len(step.said) > 1] * len(step.said) if step.asks else 0) - step.cost
            for one in best:
                worth = one.worth + earned + joined(one.said[-1:] + first, one.asks or step.asks)
                if last not in into or worth > into[last].worth:
                    into[last] = _Reading(worth, one.said + step.said, step.asks)
    ends = sorted(reached[-1].values(), key=lambda one: -one.worth)
    return [one.said for one in ends[:most] if one.said != line.text]


def _best(readings: Mapping[str, _Reading]) -> list[_Reading]:
    ordered = sorted(readings.values(), key=lambda one: -one.worth)[:_BEAM]
    return [one for one in ordered if one.worth >= ordered[0].worth - _MARGIN]


def _steps(line: _Line, at: int, word: Frequency) -> Iterator[_Step]:
    text = line.text
    if at not in line.words:
        yield _Step(at + 1, text[at], 0.0, asks=not _HAN.match(text[at]))
        return
    begin, end = line.words[at]
    table = sounds().characters
    apart = _APART if text[begin:end] in table else 0.0  # what was typed as one syllable is two
    for to in range(at + 1, min(at + _LONGEST_SYLLABLE, end) + 1):
        cost = _SYLLABLE if (at, to) == (begin, end) else _SYLLABLE + apart
        for one, own in table.get(text[at:to], ()):
            yield _Step(to, one, cost + own)
    for to in range(at + 2, min(at + _LONGEST_ASKING, len(text)) + 1):
        said = _ASKING.get(text[at:to])
        across = to > end and (at > begin or line.words.get(to - 1, (0, 0))[1] != to)
        if said and not across:  # hen e is not he ne
            yield _Step(to, said, 0.0, asks=True)
    if at == begin and end > at + 1 and word(text[at:end]):
        yield _Step(end, text[at:end], _AS_IT_IS, asks=True)


def _joined(frequency: Frequency, pair: str, free: bool) -> float:
    """Give what it is worth that two characters stand side by side."""
    count = frequency(pair) if len(pair) > 1 and _HAN.match(pair[0]) else 0
    if count:
        return 1 + log10(count)
    return _JOINT if free else _UNKNOWN


def _letters(text: str) -> _Line:
    plain = "".join(one if _HAN.match(one) else _plain(one) for one in fold(text))
    plain = re.sub(r"(?<=[a-z])(?:[1-5](?!\d)|['’·-](?=[a-z]))", " ", plain)
    line, words = "", {}
    for part in re.findall(r"[a-z]+|[^\sa-z]+", plain.strip(" ?？。.!！,，")):
        if _LATIN.match(part):
            here = (len(line), len(line) + len(part))
            words.update(dict.fromkeys(range(*here), here))
        line += part
    return _Line(line, words)


@lru_cache(maxsize=1 << 12)  # 6,763 characters are said in 1,300 ways
def _plain(syllable: str) -> str:
    """Give a syllable without its tone; ü is v, as on keyboards.

    >>> _plain("lǜ")
    'lv'
    """
    parted = unicodedata.normalize("NFD", syllable).replace("u\u0308", "v")
    return "".join(one for one in parted if not unicodedata.combining(one))


def _nearly(syllable: str) -> list[str]:
    """Give the other syllables that people take for this one."""
    others = []
    for long, short in _ALIKE:
        if long == "ng":
            swapped = syllable[:-1] if syllable.endswith("ng") else f"{syllable}g"
            others += [swapped] if syllable.endswith(("n", "ng")) else []
        elif syllable.startswith(long):
            others.append(short + syllable[len(long) :])
        elif syllable.startswith(short):
            others.append(long + syllable[len(short) :])
    return others


def _common() -> str:
    """Give the characters of GB 2312, by its rows 16 to 87."""
    rows = (bytes((0xA0 + row, 0xA0 + cell)) for row in range(16, 88) for cell in range(1, 95))
    return b"".join(rows).decode("gb2312", "ignore")
