"""When a document says it was published. A wrong guess is worse than none."""

from __future__ import annotations

import datetime
import re
import unicodedata
from collections.abc import Iterable, Iterator
from itertools import islice

from qa.reading.plain import head_lines, tail_lines

_FIRST_YEAR, _LAST_YEAR = 1900, 2099
_REPUBLIC = 1911  # 民國元年 is 1912
_DIGITS = str.maketrans("〇○零一二三四五六七八九", "000123456789")

_DATE = (
    r"(?:(?P<y1>(?:19|20)\d\d)(?P<s>[-/.])(?P<m1>\d{1,2})(?:(?P=s)(?P<d1>\d{1,2}))?(?![\d.])"
    r"|(?P<y2>(?:19|20)\d\d|[〇○零一二三四五六七八九]{4}|(?:中華)?民國\s*\d{1,3})\s*年"
    r"\s*(?P<m2>\d{1,2}|[一二三四五六七八九十]{1,2})\s*月"
    r"(?:\s*(?P<d2>\d{1,2}|[一二三四五六七八九十]{1,3})\s*[日号號])?)"
)
_CLOCK = r"(?:[T\s,]*(?:星期[一二三四五六日天])?\s*\d{1,2}[:时點点]\d{1,2}(?::\d{1,2})?\S{0,9})?"
_STARTS = re.compile(_DATE)
_COMPACT = re.compile(r"(?P<y1>(?:19|20)\d\d)(?P<m1>[01]\d)(?P<d1>[0-3]\d)(?!\d)")
_WHEN = r"(?:日期|时间|時間)"
_THEN = r"\s*:?\s*\|?\s*"  # between a name and its date, on a line or in the cells of a row
_PUBLISHED = re.compile(
    rf"(?<!\w)(?:(?:信息|文章)?(?:发布|發布|發佈|发表|發表|公布|公佈|刊登|刊发|刊發){_WHEN}|公[开開]日期(?!.{{0,24}}[至到])"
    r"|发布于|發布於|發佈於|发表于|發表於|刊登于|Published(?: on)?|Date published|Posted(?: on)?)"
    rf"{_THEN}[\[(【]?\s*{_DATE}",
    re.IGNORECASE,
)
# 成文日期 and its like say when it was signed, which only stands in for when it was published.
_SIGNED = re.compile(rf"(?<!\w)(?:成文|印发|印發|发文|發文|签发|簽發){_WHEN}{_THEN}{_DATE}")
_PLAIN_LABEL = re.compile(rf"{_WHEN}\s*:\s*{_DATE}{_CLOCK}", re.IGNORECASE)
# Beside a date on one line these show that the date is the page's own, not an event's.
_COMPANION = re.compile(r"(?:来源|來源|作者|编辑|編輯|浏览|瀏覽|点击|點擊|阅读|閱讀|字体|字號)")
_EVENT = re.compile(
    r"(?:\d+[.、]|[一二三四五六七八九十]+、)?\s*(?:地\s*[点點址]|参加|參加|主[题題]|对象)"
)
_ALONE = re.compile(rf"[(\[]?{_DATE}{_CLOCK}[)\]]?")
# Whoever issued it, and when, on one line; and when and where a speech was made.
_OFFICE = (
    r"(?:[编編]|室|工[会會]|委[员員][会會]|[协協][会會]|局|部|府|[办辦]|院|[厅廳]|[处處]|司|社)"
)
_ISSUER = re.compile(rf"\S{{0,30}}{_OFFICE}\s+{_DATE}{_CLOCK}$")
_SPOKEN = re.compile(rf"(?:[—―-]{{1,2}}|\()\s*{_DATE}\s*在.{{2,40}}(?:上|[会會][议議])\)?$")
_AT_END = re.compile(rf"(?:^|{_OFFICE}\s*){_DATE}$")
_ISSUED = re.compile(rf"(?:^|\s){_DATE}\s*(?:印发|印發|发布|發布)$")
_DATELINE = re.compile(rf"^\S{{0,12}}(?:社|网|報|报|讯|訊)\S{{0,12}}?{_DATE}\s*[电電]")
_LONGEST_LABEL_LINE = 120
_SEEN_CHARS = 2 * _LONGEST_LABEL_LINE
_WEAK_LINES = 15
# Of a line as it is written: without any of these it holds no date, even once it is made even.
_MAY = re.compile(
    r"[\d年\uf98e²³¹¼-¾⁰-₉⅐-↉①-⒛⓪㉈-㏿\U0001f100-\U0001f10a]"
    r"(?:(?<!\d)|[^\w\s，。、；：）％%])"  # after a figure what may part it from the month's
)


def parse_date(value: str) -> str | None:
    """Give the date that `value` begins with, as `2024-04-01` or `2024-04`; None without one.

    >>> parse_date("二〇二四年三月五日")
    '2024-03-05'
    """
    value = unicodedata.normalize("NFKC", value).strip().strip("\"'")
    match = _STARTS.match(value) or _COMPACT.match(value)
    return _iso(match) if match else None


def is_date(line: str) -> bool:
    """Whether a line holds a date, perhaps with the time of day, and nothing else."""
    return _ALONE.fullmatch(unicodedata.normalize("NFKC", line).strip()) is not None


def date_of_text(text: str) -> str | None:
    """Give the date a text says it was published on; None when it does not say so plainly.

    Labels such as 发布日期 come first, then a date on a line of its own under the title, a
    dateline with a year (新华社北京2024年3月5日电), and the signature at the end.
    """
    # A long line is body: how it begins tells that, and making all of it even takes its time.
    head = [line[:_SEEN_CHARS] for line in head_lines(text)]
    tail = [line[:_SEEN_CHARS] for line in tail_lines(text)]
    return next(_dates(head, tail), None)


def _dates(head: list[str], tail: list[str]) -> Iterator[str]:
    """Give the dates found, the most certain kind first."""
    dated_head, dated_tail = (list(map(_even, filter(_MAY.search, one))) for one in (head, tail))
    short_head, short_tail = (list(filter(_is_short, one)) for one in (dated_head, dated_tail))
    yield from _searched(_PUBLISHED, [*short_head, *short_tail])
    yield from _under_the_title(head)
    yield from _searched(_DATELINE, dated_head)
    yield from _searched(_SIGNED, [*short_head, *short_tail])
    if any(map(_SPOKEN.search, short_head)):
        first = islice(filter(_is_short, map(_even, head)), _WEAK_LINES)
        yield from _searched(_SPOKEN, first)
    yield from _searched(_AT_END, reversed(short_tail))
    yield from _searched(_ISSUED, reversed(short_tail))


def _even(line: str) -> str:
    return unicodedata.normalize("NFKC", line)


def _is_short(line: str) -> bool:
    return len(line) <= _LONGEST_LABEL_LINE


def _searched(pattern: re.Pattern[str], lines: Iterable[str]) -> Iterator[str]:
    """Give the date of every line that the pattern is found in."""
    for line in lines:
        match = pattern.search(line)
        found = _iso(match) if match else None
        if found:
            yield found


def _under_the_title(head: list[str]) -> Iterator[str]:
    """Give the dates of the lines between title and body: alone, or beside 来源 and the like."""
    for raw, following in zip(head[:_WEAK_LINES], [*head[1:], ""], strict=False):
        line = _even(raw)
        if not _is_short(line) or line.endswith("。"):
            return  # the body has begun
        if not _MAY.search(raw):
            continue
        match = _ALONE.fullmatch(line) or _PLAIN_LABEL.match(line) or _ISSUER.fullmatch(line)
        if match is None and _COMPANION.search(line):
            match = _STARTS.search(line)
        if match is None or _EVENT.match(_even(following)):
            continue
        found = _iso(match)
        if found:
            yield found


def _iso(match: re.Match[str]) -> str | None:
    """Give what matched as an ISO date; None for a day the calendar does not have."""
    parts = match.groupdict()
    year = _year(parts["y1"] or parts["y2"])
    month = _number(parts["m1"] or parts["m2"])
    day_text = parts["d1"] or parts.get("d2")
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        return None
    try:
        day = datetime.date(year, month, _number(day_text) if day_text else 1)
    except ValueError:
        return None
    return day.isoformat() if day_text else f"{day:%Y-%m}"


def _year(text: str) -> int:
    """Read 2024, 二〇二四 or 民國113."""
    republic = re.search(r"民國\s*(\d+)", text)
    return int(republic[1]) + _REPUBLIC if republic else int(text.translate(_DIGITS))


def _number(text: str) -> int:
    """Read 12 or 十二, up to 99.

    >>> _number("三十一")
    31
    """
    if "十" not in text:
        return int(text.translate(_DIGITS))
    tens, _, ones = text.partition("十")
    return 10 * int((tens or "一").translate(_DIGITS)) + int((ones or "0").translate(_DIGITS))
