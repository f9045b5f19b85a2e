"""Near-copies among the passages found, folded into one.

Two passages are copies when what they share, from end to end, is the same words: one holds the
other, or the end of one is most of the other's beginning, as when the same text was cut at other
borders. Nothing may differ inside but punctuation, spaces, the particles 的 and 了, the numbers
that items and articles carry at a line's beginning, and lines that are a date: the same notice is
often sent out again on another day. Whether that day was asked for, `holds` tells by the quote. A
likeness of shingles says less: passages of two laws or of two years' reports share nine tenths of
them and differ in the one name or number that was asked for.

Pure functions over folded text (`embeddings.words.fold`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

SHARED = 0.7
"""Share of the shorter passage that two must have in common."""

_SHORT = 20  # characters; shorter ones (目录, 特此通知) stand in many texts and are compared whole
_PHRASE = 60  # characters; less may be one long name that two passages begin and end with
_NUMERALS = r"\d〇零一二三四五六七八九十百"
_NUMBERED = re.compile(
    rf"^\s*(?:第[{_NUMERALS}]+[条章节项](?:之[一二三四五])?"
    rf"|[(（][{_NUMERALS}]{{1,3}}[)）]|[{_NUMERALS}]{{1,3}}(?:、|[.．](?!\d)))",
    re.MULTILINE,
)
_DAY = rf"[ \t]*[{_NUMERALS}]{{1,3}}[ \t]*"
_DATED = re.compile(
    r"^[ \t]*(?:(?:发布|印发|成文|更新|签发)?(?:日期|时间)[ \t]*:)?[ \t]*[(]?"
    rf"(?:[{_NUMERALS}]{{4}}[ \t]*年{_DAY}月{_DAY}日|\d{{4}}([-/.])\d{{1,2}}\1\d{{1,2}})"
    r"(?:[ \t]+\d{1,2}:\d{2}(?::\d{2})?)?[)]?[ \t]*(?:印发|发布)?[ \t]*$",
    re.MULTILINE,
)
# A point or colon between digits is part of a number: 6.5% is not 65%.
_UNSAID = re.compile(r"[^\w.:/%‰]|(?<!\d)[.:/]|[.:/](?!\d)|[_的了]")


def folded(texts: Sequence[str]) -> list[list[int]]:
    """Give the places in `texts` in groups: the first of its kind, then its near-copies.

    Groups stand in the order of their first members, and members in the order given; a passage
    without copies is a group of its own; [] for no texts. Every member is a copy of the first.
    Whether it also holds a certain sentence of the first is for `holds` to say.

    >>> folded(["全市建成38家工会驿站。", "全市建成41家工会驿站。", "全市建成了38家工会驿站"])
    [[0, 2], [1]]
    """
    groups: list[list[int]] = []
    said = [_undated(text) for text in texts]
    for place, text in enumerate(said):
        group = next((one for one in groups if _alike(said[one[0]], text)), None)
        if group is None:
            groups.append([place])
        else:
            group.append(place)
    return groups


def holds(text: str, quote: str) -> bool:
    """Whether folded `text` holds the words of folded `quote`, apart from what copies may lack.

    >>> holds("一、全市建成了38家工会驿站。", "全市建成38家")
    True
    """
    return _said(quote) in _said(text)


def place_in(text: str, quote: str) -> int:
    """Give where in folded `text` the words of folded `quote` begin; -1 where it lacks them.

    >>> place_in("一、全市建成了38家工会驿站。", "全市建成38家")
    2
    """
    at = _said(text).find(_said(quote))
    if at < 0:
        return -1
    unnumbered = _kept(_NUMBERED, text, range(len(text)))
    shorter = "".join(map(text.__getitem__, unnumbered))
    said = _kept(_UNSAID, shorter, unnumbered)
    return said[at] if at < len(said) else -1


def _said(text: str) -> str:
    """Give what must be the same in copies."""
    return _UNSAID.sub("", _NUMBERED.sub("", text))


@lru_cache(maxsize=64)  # of one question, which asks for the same twice
def _undated(text: str) -> str:
    """Give what is said without lines that are a date; all of it where little else is said."""
    rest = _said(_DATED.sub("", text))
    return rest if len(rest) >= _SHORT else _said(text)


def _kept(unsaid: re.Pattern[str], text: str, places: Sequence[int]) -> list[int]:
    """Give those of the places, one for each character, whose character a pattern leaves."""
    kept: list[int] = []
    at = 0
    for found in unsaid.finditer(text):
        kept += places[at : found.start()]
        at = found.end()
    return [*kept, *places[at:]]


def _alike(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    if len(short) < _SHORT:
        return short == long
    if short in long:
        return True
    least = max(_PHRASE, int(SHARED * len(short)))
    return _runs_on(short, long, least) or _runs_on(long, short, least)


def _runs_on(before: str, after: str, least: int) -> bool:
    """Whether the end of `before` is the beginning of `after`, for `least` characters or more."""
    at = before.find(after[:least])
    while at >= 0:
        if after.startswith(before[at:]):
            return True
        at = before.find(after[:least], at + 1)
    return False
