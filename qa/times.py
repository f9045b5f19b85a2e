"""Which time a question asks about, and how well a passage agrees with it.

Pure functions over folded text (`embeddings.words.fold`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from qa.named_times import (
    DECEMBER,
    Mention,
    Span,
    mentions,
    part_of_year,
    read_number,
    whole_years,
)
from qa.records import Range

NAMED, DATED, UNKNOWN, OTHERWISE_DATED, OTHER = 1.0, 0.5, 0.0, -0.5, -1.0
"""The steps of `agreement`, from its best to its worst."""

_SINCE = ("以来", "以后", "之后", "至今", "起")
_ONWARD = _SINCE[:-1]  # 2022年起… in a question is best answered by what names 2022
_LINKS = re.compile(r"的?|[-—–~至到和与跟、及比]|以及|相比")

# Years without 年. In a title most of them are: 2026广东省政府工作报告, 京政发〔2023〕5号.
_BARE_TEXT = r"(?P<bare>(?:19|20)\d\d)(?![\d年号元.%a-z家个名人万亿米克里天次份-]|修)"
_BARE = re.compile(rf"(?:^|(?<=[\s(〔\[])){_BARE_TEXT}")
_TITLE_BARE = re.compile(rf"(?<![\d.第a-z-]){_BARE_TEXT}")

# In a question only: 23年, 近三年, 上个月, 最近.
_SHORT = re.compile(
    r"(?:^|(?<=[^\w])|(?<!\d)(?=0))(?P<short>[0-29]\d)年(?!以|之|内|后|前|期|制|左右|的?工|党|教|社保|养老|缴"
    r"|经验|多|来|间|才|就|可|能|还|了|没|算|要|有|是|都)度?"
)
_RECENT = re.compile(
    r"(?:(?<![接附将最])近|最近|过去)(?P<count>\d{1,2}|[两二三四五六七八九十一])年(?!内?的?(?:工|经验))"
)
_MONTHS = re.compile(r"(?P<which>本|这个|(?<![以晚])上个?|下个?)月(?!亮|饼|球)(?:份)?")
_LATEST = re.compile(
    r"最近|近期|近来|目前|(?<![出重再呈涌浮发实体表])现[在今]|如今|当前|眼下|最新|新(?=版|规|修|政策|标准)"
)
_NEARBY = re.compile(r"离\w{0,8}最近|最近的\w{0,6}(?:站|院|店|馆|所|点|路|口|地方)")


@dataclass(frozen=True, slots=True)
class Period:
    """The time that a question asks about.

    Attributes:
        first: Its first day; `date.min` when only the newest is asked for.
        last: Its last day, included.
        places: Where the question says so, in order: ranges of the folded question.
        shift: For words that count from today, how many years from this one it begins (今年 0,
            去年 -1); None when the question names the time itself.
        latest: Whether no time but the newest is asked for: 最近, 目前, 最新.
    """

    first: date
    last: date
    places: tuple[Range, ...]
    shift: int | None = None
    latest: bool = False

    @property
    def relative(self) -> bool:
        """Whether the words count from today."""
        return self.shift is not None


def asked_period(question: str, today: date) -> Period | None:
    """Give the time that a folded question asks about; None when it names none.

    A time named outright comes before 今年 and its like, and both before 最近. Of several the
    first is taken, with those that are joined to it: 2021年和2022年 is both years.

    Args:
        question: Folded.
        today: What 今年 counts from. Documents of a finished year are asked with 今年 too: where a
            library has none of this year, the date of its newest document serves better.
    """
    # 上半年 alone is this year's; a month alone may be any year's.
    named = [one for one in mentions(question, today.year) if not (one.inherited and one.monthly)]
    found = [one for one in named if not one.relative]
    if not found:
        found = sorted([*named, *_of_questions(question, today)], key=lambda one: one.place)
    found = [one for one in found if not one.relative] or found
    if found:
        return _joined(question, found, today)
    if _NEARBY.search(question):
        return None
    latest = tuple(match.span() for match in _LATEST.finditer(question))
    return Period(date.min, today, latest, shift=0, latest=True) if latest else None


def periods_in(text: str, year: int | None = None, *, months: bool = False) -> list[Span]:
    """Give the times that folded `text` names, in order; [] when it names none.

    Args:
        text: Folded.
        year: The document's, which 今年 and 去年 count from; without it these are left out.
        months: Whether a month or half without a year counts, as one of the year named last.
    """
    return [
        (one.span[0], date.max) if text.startswith(_SINCE, one.place[1]) else one.span
        for one in mentions(text, year)
        if months or not one.inherited
    ]


def agreement(period: Period, text: str, document_date: str | None, title: str) -> float:
    """Say how well a passage agrees with the time asked for, -1 to 1.

    1 when the passage names that time, or its title does and the passage no other; 0.5 when its
    document is of that time, or when what is named only reaches into it (a plan of five years);
    0 when nothing is known, or the document is of the year after, which tells of the year before;
    -0.5 when the document is of another time; -1 when the passage or the title names another.
    Always 0 when only the newest is asked for: `newness` puts those in order.

    今年 and 去年 in the passage count from the document's year: that of its date, or else the only
    one in its title. In a document without either, the relative words of the question itself
    (今年 for 今年) count as half.

    Args:
        period: What the question asks about.
        text: Folded, best with its headings before it.
        document_date: `2024-04-01`, `2024-04` or `2024`; None when it is not known.
        title: The document's, folded.
    """
    if period.latest:
        return UNKNOWN
    titled = _title_spans(title)
    year = _document_year(document_date, titled)
    in_months = period.last.year == period.first.year and not _wholeyears(period)
    named = _best(period, periods_in(text, year, months=in_months))
    if named == NAMED:
        return NAMED
    if year is None and period.shift is not None:
        now = period.first.year - period.shift
        if _best(period, periods_in(text, now)) == NAMED:
            return DATED
    document = _best(period, titled)
    if document is None:
        document = _of_date(period, document_date)
    if named is None:
        return UNKNOWN if document is None else document
    if named == DATED:
        return DATED if document is None else (DATED + document) / 2
    return document - DATED if document is not None and document > UNKNOWN else OTHER


def newness(document_date: str | None, title: str = "") -> str:
    """Give a key that is larger for newer documents; the smallest when nothing is known.

    Args:
        document_date: `2024-04-01`, `2024-04` or `2024`; None when it is not known.
        title: Folded; the last year it names stands in for a missing date.
    """
    if document_date:
        return document_date
    spans = _title_spans(title)
    return f"{max(first for first, _ in spans).year:04}" if spans else ""


def _of_questions(question: str, today: date) -> list[Mention]:
    """Give the years and months that are named so in questions only."""
    found = []
    for match in _BARE.finditer(question):
        found.append(Mention(match.span(), whole_years(int(match["bare"]), int(match["bare"]))))
    for match in _SHORT.finditer(question):
        year = today.year - (today.year - int(match["short"]) + 5) % 100 + 5
        found.append(Mention(match.span(), whole_years(year, year)))
    for match in _RECENT.finditer(question):
        first = max(today.year - read_number(match["count"]), date.min.year)
        found.append(Mention(match.span(), (date(first, 1, 1), today), relative=True))
    for match in _MONTHS.finditer(question):
        shift = {"上": -1, "下": 1}.get(match["which"][0], 0)
        years, month = divmod(today.month - 1 + shift, DECEMBER)
        span = part_of_year(today.year + years, (month + 1, month + 1), None)
        found.append(Mention(match.span(), span, relative=True))
    return found


def _joined(question: str, found: list[Mention], today: date) -> Period:
    """Make a period of the first mention and of those that are joined to it."""
    kept = found[:1]
    for one in found[1:]:
        if not _LINKS.fullmatch(question[kept[-1].place[1] : one.place[0]].strip()):
            break
        kept.append(one)
    first = min(one.span[0] for one in kept)
    last = max(one.span[1] for one in kept)
    places = [one.place for one in kept]
    end = places[-1][1]
    since = next((word for word in _SINCE if question.startswith(word, end)), "")
    if since in _ONWARD:
        last, places[-1] = date.max, (places[-1][0], end + len(since))
    shift = first.year - today.year if kept[0].relative else None
    return Period(first, last, tuple(places), shift)


@lru_cache(maxsize=256)  # most passages found share their title with others
def _title_spans(title: str) -> tuple[Span, ...]:
    """Give the times that a title names, those without 年 among them."""
    bare = [
        whole_years(int(match["bare"]), int(match["bare"])) for match in _TITLE_BARE.finditer(title)
    ]
    return (*periods_in(title), *bare)


def _document_year(document_date: str | None, titled: Sequence[Span]) -> int | None:
    if document_date:
        return int(document_date[:4])
    years = {first.year for first, last in titled if first.year == last.year}
    return years.pop() if len(years) == 1 else None


def _best(period: Period, spans: Sequence[Span]) -> float | None:
    """Say how well the best of some times fits: NAMED inside, DATED reaching in, or OTHER."""
    best = None
    for first, last in spans:
        if period.first <= first and last <= period.last:
            return NAMED
        reaches = first <= period.last and period.first <= last
        best = DATED if reaches or best == DATED else OTHER
    return best


def _of_date(period: Period, document_date: str | None) -> float | None:
    if not document_date:
        return None
    year, _, rest = document_date.partition("-")
    month, _, day = rest.partition("-")
    if month:
        first, last = part_of_year(int(year), (int(month), int(month)), day or None)
    else:
        first, last = whole_years(int(year), int(year))
    if period.first <= first and last <= period.last:
        return DATED
    if first <= period.last and period.first <= last:
        return UNKNOWN
    return UNKNOWN if first.year == period.last.year + 1 else OTHERWISE_DATED


def _wholeyears(period: Period) -> bool:
    return (period.first.month, period.last.month) == (1, DECEMBER)
