"""The times that a text names, found fast enough for every passage that a search finds.

Pure functions over folded text (`embeddings.words.fold`). A stretch of time is given by its first
and its last day, both included.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from qa.records import Range

Span = tuple[date, date]
"""First and last day, both included."""

_REPUBLIC = 1911  # 民国元年 is 1912
_PLANS = 1956  # the tenth plan (十五) began in 2001, and each lasts five years
_YEARS = range(1000, 2100)
_DECADE = 10
DECEMBER = 12
_SHIFTS = {"今": 0, "本": 0, "去": -1, "上": -1, "前": -2, "明": 1, "来": 1, "下": 1}
NUMERALS = "零一二三四五六七八九"
_DIGITS = str.maketrans("〇○元两" + NUMERALS, "0012" + "0123456789")

_MONTH = r"1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九]"
_DAY = r"[12]\d|3[01]|0?[1-9]|[二三]?十[一二三四五六七八九]?|[一二三四五六七八九]"
_PART = (
    r"(?P<half>[上下])半年|第?(?P<quarter>[一二三四1-4])季度"
    rf"|(?<![\d.第])(?P<month>{_MONTH})\s?月(?!龄|租|薪|供|嫂|饼|亮|经)"
    rf"(?:份?的?\s?(?P<day>{_DAY})\s?[日号])?"
)
# Lengths of time and editions of laws are left out: 2000年历史, 2018年修正.
_YEAR = (
    r"(?:(?<![\d.])(?:(?P<from>(?:19|20)\d\d)年?[-—–~至到]+)?(?P<year>(?:1\d|20)\d\d)"
    rf"|(?P<han>[一二][〇○{NUMERALS}]{{3}})"
    rf"|民国(?P<republic>\d{{1,3}}|元|[〇○{NUMERALS}十百]{{1,7}})"
    # 112年度 and 112年3月 are years of the Republic; 112年 alone may be a length of time.
    r"|(?<![\d.])(?P<island>[89]\d|1[0-3]\d)(?=年(?:度|\d{1,2}月)))"
    r"\s?年(?!多|以上|(?:的|悠久)?历史|修[正订])(?:度|(?P<decade>代)(?![表理码办售价号销]))?"
)
# 目前年均, 说明年龄, 基本年金 and the like hold the characters of a relative year by chance.
# What is compared (比上年增长) is not told of that year, and 下一年 in a rule is any year.
_RELATIVE = (
    r"(?P<relative>今年|(?<!过)去年|(?<![基日])本年|(?<![以晚比较])上一?年|(?<![目以之\d])前年"
    r"|(?<![说证])明年|(?<![以近])来年|下一年(?=度|的?(?:工作|计划|安排|重点|目标|打算)))"
    r"(?!龄|均|会|检|金|假|夜|薪)度?"
)
_PLAN = (
    r"(?<![二三四五六七八九十第])十(?P<plan>[一二三四五六七八])五"
    r"(?![一二三四五六七八九十百千万个年月日天岁章条])"
)
_DATE = r"(?<![\d.])(?P<iso>(?:19|20)\d\d(?P<mark>[-/.])\d{1,2}(?P=mark)\d{1,2})(?!\d)"
_NAMED = re.compile(f"{_DATE}|{_YEAR}|{_RELATIVE}|{_PLAN}|{_PART}")
# Where _NAMED can begin. A pattern that begins with one class is searched for ten times as fast.
_BEGINS = re.compile(
    rf"[0-9今去本上前明来下十第民{NUMERALS}](?<![0-9.][0-9])(?=[0-9年月季半国十〇○{NUMERALS}]|\s月)"
)


@dataclass(frozen=True, slots=True)
class Mention:
    """A time that a text names.

    Attributes:
        place: Where it stands in the text.
        span: Its first and last day.
        relative: Whether it counts from the year given with the text.
        inherited: Whether it is a month or half without a year of its own.
    """

    place: Range
    span: Span
    relative: bool = False
    inherited: bool = False

    @property
    def monthly(self) -> bool:
        """Whether it lies in one month."""
        return self.span[0].month == self.span[1].month


def mentions(text: str, year: int | None) -> Iterator[Mention]:
    """Give the times that folded `text` names, in order.

    A year and the month or half that follows it are one. Relative years count from `year`, and
    are left out when it is None.
    """
    pending: Mention | None = None
    carried = year  # the year of a month without one
    for match in _matches(text):
        months = _months_of(match)
        if months is None:
            if pending is not None:
                yield pending
            pending = _year_of(match, year)
            carried = carried if pending is None else pending.span[0].year
            continue
        if pending is not None and text[pending.place[1] : match.start()].strip() in ("", "的"):
            place = pending.place[0], match.end()
            span = part_of_year(pending.span[1].year, months, match["day"])
            yield Mention(place, span, pending.relative)
        else:
            if pending is not None:
                yield pending
            if carried is not None:
                span = part_of_year(carried, months, match["day"])
                yield Mention(match.span(), span, relative=True, inherited=True)
        pending = None
    if pending is not None:
        yield pending


def _matches(text: str) -> Iterator[re.Match[str]]:
    """Give the matches of _NAMED, in order."""
    begin = _BEGINS.search(text)
    while begin is not None:
        match = _NAMED.match(text, begin.start())
        if match is not None:
            yield match
        begin = _BEGINS.search(text, begin.end() if match is None else match.end())


def _year_of(match: re.Match[str], year: int | None) -> Mention | None:
    """Give the years, or the day, that a match of _NAMED without a part of a year means."""
    if match["relative"]:
        now = None if year is None else year + _SHIFTS[match["relative"][0]]
        return None if now is None else Mention(match.span(), whole_years(now, now), relative=True)
    if match["iso"]:
        year, month, day = (int(part) for part in match["iso"].split(match["mark"]))
        if not 1 <= month <= DECEMBER:
            return None
        return Mention(match.span(), part_of_year(year, (month, month), str(day)))
    if match["plan"]:
        first = _PLANS + 5 * (9 + read_number(match["plan"]))
        return Mention(match.span(), whole_years(first, first + 4))
    if match["republic"] or match["island"]:
        last = _REPUBLIC + read_number(match["republic"] or match["island"])
    else:
        last = read_number(match["year"] or match["han"])
    first = int(match["from"] or last)
    if match["decade"]:
        last += _DECADE - 1
    if not (first in _YEARS and last in _YEARS and first <= last):
        return None
    return Mention(match.span(), whole_years(first, last))


def _months_of(match: re.Match[str]) -> tuple[int, int] | None:
    """Give the first and last month of a part of a year; None for a whole year."""
    if match["half"]:
        return (1, 6) if match["half"] == "上" else (7, 12)
    if match["quarter"]:
        last = 3 * read_number(match["quarter"])
        return last - 2, last
    if match["month"]:
        return read_number(match["month"]), read_number(match["month"])
    return None


def whole_years(first: int, last: int) -> Span:
    """Give the days from the first of one year to the last of another."""
    return date(first, 1, 1), date(last, DECEMBER, 31)


def part_of_year(year: int, months: tuple[int, int], day: str | None) -> Span:
    """Give these months of a year, or that day; a day the calendar lacks gives its month."""
    first, last = months
    length = monthrange(year, last)[1]
    if day and read_number(day) <= length:
        return date(year, first, read_number(day)), date(year, first, read_number(day))
    return date(year, first, 1), date(year, last, length)


def read_number(text: str) -> int:
    """Read 12, 十二, 一一二, 一百一十二 or 二〇二三."""
    hundreds, _, rest = text.rpartition("百")
    tens, ten, ones = rest.rpartition("十")
    if not ten:
        return 100 * int((hundreds or "0").translate(_DIGITS)) + int(ones.translate(_DIGITS) or 0)
    high = 100 * int((hundreds or "0").translate(_DIGITS))
    # In 一百一十二 and 三十一 the tens are spoken; in 十二 they are not.
    middle = 10 * int((tens.strip("零〇") or "一").translate(_DIGITS))
    return high + middle + int((ones or "0").translate(_DIGITS))
