"""What a question is about: its places, times, persons, and the words that are no question word."""

from __future__ import annotations

import re
from functools import cache

from embeddings.words import Cutter, fold
from qa.names import LONE_NAME, NAME, ROLES
from qa.places import known_places
from qa.question import kept

_PLACE = re.compile(
    r"[一-龥]{2}(?:(?<![园社小城校景灾地山辖片街库市业住])区|(?<![城超股都门上全本各])市|(?<![各全本])县|"
    r"(?<![乡城集小])镇|(?<![民])乡|(?<![农乡])村|省)"
)
_NO_PLACE = re.compile(r"[的在是哪个这那和与各全本某到去了把给对从第几有]")
_FIRST_NAME = re.compile(NAME)
_LONE = re.compile(r"(?:那么?)?(?P<name>[一-龥]{2,3})呢")
_NAME_REACH = 12
_NO_NAME = re.compile(r"[谁县市区省镇乡村州的是在了何哪个们这那有和与会工]")
_TIME = re.compile(
    r"(?:\d{4}|[一二三四五六七八九〇零]{4}|\d{2,3}(?=年度?))年度?|[今去明前后]年|[上下本]半年|[上下本这那]个?(?:月|季度|周|星期)|"
    r"第?[一二三四]季度|\d{1,2}月(?:份)?|[上下本这]一?[届次期批]|第[一二三四五六七八九十\d]+[届次期批]"
)
_PEOPLE = re.compile(
    rf"(?P<a>{NAME})(?=同志|先生|女士|教授|{ROLES}|等|说|介绍|主持|宣读|作|当选|出席|任|担任|、|，|,|。|\)|的|在|于"
    rf"|\s|以|和|与|是|获|写|当|组|$)|(?:{ROLES}|由|选举|[:：、“「]|记者|名|员|师|手|是|的)\s*(?P<b>{NAME})"
)
# Verbs of one character, which the dictionary's words leave over.
_VERBS = frozenset(
    "去来当改收设建開开办辦评评查给给發发用拿做干搞算交叫讲講写寫买買招罚罰批管领領应應涉获獲占佔得需属屬"
)


def places_in(text: str) -> list[str]:
    """Give the places that a text names, in order, in its own script; [] when it names none.

    >>> places_in("望湖區的驿站比枫林县多吗")
    ['望湖區', '枫林县']
    """
    folded = fold(text)
    found = {
        match.start(): match.end()
        for match in _PLACE.finditer(folded)
        if not _NO_PLACE.search(match[0])
    }
    for match in _known().finditer(folded):
        if not any(start <= match.start() < end for start, end in found.items()):
            end = match.end() + (folded[match.end() : match.end() + 1] in set("省市县区州"))
            found[match.start()] = end
    return [text[start:end] for start, end in sorted(found.items())]


def times_in(text: str) -> list[str]:
    """Give the times that a text names, in order.

    >>> times_in("2023年和去年")
    ['2023年', '去年']
    """
    return [text[match.start() : match.end()] for match in _TIME.finditer(fold(text))]


def persons(text: str) -> list[str]:
    """Give what look like names of persons, in order; crude."""
    found = []
    for match in _PEOPLE.finditer(fold(text)):
        start, end = match.span("a" if match["a"] else "b")
        if not _NO_NAME.search(match[0], start - match.start(), end - match.start()):
            found.append(text[start:end])
    return found


def lone_name(question: str) -> str:
    """Give the short name that is all of a question, folded; empty where it is not.

    >>> lone_name("马东呢？"), lone_name("马上呢"), lone_name("马东是谁")
    ('马东', '', '')
    """
    asked = _LONE.fullmatch(fold(question).strip(" ?。!,"))
    return asked["name"] if asked and LONE_NAME.fullmatch(asked["name"]) else ""


def begins_with_name(question: str, cutter: Cutter) -> bool:
    """Say whether the first word of a question looks like a name of a person (魏舒史称什么).

    A word of two or three characters by its surname; a place is none.
    """
    folded = fold(question)
    first = next(iter(cutter.plain(folded[:_NAME_REACH])), "")
    places = places_in(question)
    return bool(_FIRST_NAME.fullmatch(first)) and not (places and question.startswith(places[0]))


def content(question: str, cutter: Cutter) -> list[str]:
    """Give the content words of a question in its own script, in order."""
    return [question[start:end] for start, end in kept(question, cutter)]


def subject(question: str, cutter: Cutter) -> str:
    """Give the words of a question that say what it is about, without what it asks of that."""
    runs: list[list[int]] = []
    for start, end in kept(question, cutter):
        if fold(question[start:end]) in _VERBS:
            continue
        if runs and runs[-1][1] == start:
            runs[-1][1] = end
        else:
            runs.append([start, end])
    return " ".join(question[a:b] for a, b in runs if b - a > 1)


@cache
def _known() -> re.Pattern[str]:
    names = sorted(known_places(), key=len, reverse=True)
    return re.compile("|".join(map(re.escape, names)))
