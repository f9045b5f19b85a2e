"""Seams: line ends that stand in mid-sentence because a text was broken at a fixed width.

Mail, old editors and copies of printed pages break lines so. Whether a text was broken is told from
all of it: no line is longer than the width, and lines that break off are about as long as that. A
text that was not has no seams, so that titles, lists, tables and poems stay as they are. The number
of a page may stand where a line is broken, also with the words that head or close each page.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from itertools import islice, pairwise, zip_longest
from typing import NamedTuple

from qa.page_lines import PAGE_NUMBER, of_pages, page_line
from qa.records import Range

_NARROWEST = 18  # characters; lines of poems and lists are shorter
_WIDEST = 120
_LONGER = 0.02  # of the lines may stick out: an address has no room in any width
_SLACK = 2  # characters that a full line may lack, where no mark may begin the next line
_INDENT = 2  # characters that a paragraph's first line lacks where its blanks were lost
_FEWEST = 2  # of seams, and of paragraphs with seams that hold the end of a sentence
_LONG_RUN = 3  # seams of one paragraph, which then is proof enough
_MOST_SHORT = 0.3  # of the lines that break off may be no full lines
_LEAST_ENDED = 0.6  # of the paragraphs with seams hold the end of a sentence; titles hold none
_WORD_CHARS = 16
_HAN_SHARE = 0.5
_SHORT_CHARS = 8_000

_EDGE_LINES = 3  # at most, between two pages
_EDGE_CHARS = 40

_DIGITS = re.compile(r"\d+")
_ENDED = re.compile(r"(?:[。！？；：!?;:…]|\.)[”’」』）)\"']*$")
_CLOSING = "，。、；：！？）〕】》〉」』”’"
_SENTENCE = re.compile(r"[。！？；]|[：:]$")
_GOES_ON = re.compile(r"\d{0,8}(?:[年月日号时元万亿%％]|\.\d)")
_COUNTED = re.compile(r"[年月日号时元万亿%％个名人家次项条件份章节页届期天岁倍多余以至到]")
_PAIRS = (("（", "）"), ("《", "》"), ("“", "”"))
_COMMAS = "，。、；）》”"
_INNER = re.compile(r"[，。；：,;]")
_BEGINS = re.compile(
    r"第\s*[一二三四五六七八九十百零〇\d]+\s*[编編章节節条條](?=\s|$)|[一二三四五六七八九十]{1,3}[、．.]"
    r"|[（(][一二三四五六七八九十\d]{1,3}[）)]|\d{1,2}(?:[、．)）]|\.(?!\d))|[①-⑳•●○◆■▪>#|]|[-*+]\s"
    r"|附\s*件|[问問答]\s*[：:]|[一二三四五六七八九十]是"
)
_CELLS = re.compile(
    r"\t|\S[ 　]{2,}\S|[\u4e00-\u9fff] [\u4e00-\u9fff].*[\u4e00-\u9fff] [\u4e00-\u9fff]|\|"
)
_NAMED = re.compile(
    r"(?:通知|通告|公告|通报|意见|办法|方案|报告|规定|细则|规则|条例|决定|要点|纪要|总结|计划|讲话|函)$"
)
_NUMBER_OR_LABEL = re.compile(r"[-—–一\s\d]+$|[\u4e00-\u9fff]{2,5}[：:]\S")
_SIGNED = re.compile(
    r"[（(]?[\u4e00-\u9fff]{2,24}(?:局|司|厅|部|委|委员会|办公室|政府|总工会|中心|法院|检察院|公司|代章)[)）]?"
    r"|.{0,6}\d{4}年\d{1,2}月\d{1,2}日|[\u4e00-\u9fff]{2,8}\s+[\u4e00-\u9fff]{1,4}"
)
_HEAD_LINES = 4  # among which a title may stand
_LATIN = re.compile(r"[A-Za-z0-9.,%/:_-]*")


class _Row(NamedTuple):  # made for every line, and a tuple is made in a quarter of the time
    """A line that is not blank: where its characters stand, and how it is set in."""

    start: int
    end: int
    shown: str
    indent: int
    goes_before: bool  # whether the next line is right below, or a page further


def seams(text: str) -> tuple[Range, ...]:
    r"""Give the ranges between the two halves of each broken line, in order: its end and blanks.

    A text that was not broken at a fixed width gives (). Nothing but blanks is in a range, save the
    number of a page where one ends there (`is_seam`). Between two Latin words there is no seam, for
    the blank between them would be lost.

    >>> line = "工会会员应当按月缴纳会费，会费标准为工资的千分之五"
    >>> text = f"{line}\n，从下月起算。\n{line}\n，逾期补缴。"
    >>> [text[start:end] for start, end in seams(text)]
    ['\n', '\n']
    """
    # Of a short text they are asked for twice: for its title, and to clean it.
    return _seams_of_short(text) if len(text) <= _SHORT_CHARS else _seams_of(text)


def _seams_of(text: str) -> tuple[Range, ...]:
    longest = sorted((len(line) for line in text.split("\n") if line), reverse=True)
    # Most texts end here; their paragraphs are longer than any width, or all their lines are short.
    if not longest or not _NARROWEST <= longest[int(_LONGER * len(longest))] <= 2 * _WIDEST:
        return ()
    rows = list(_rows(text))
    for measure in (len, _columns):
        found = _seams(rows, measure)
        if found:
            return tuple((rows[at].end, rows[at + 1].start) for at in found)
    return ()


_seams_of_short = lru_cache(maxsize=1)(_seams_of)


def is_seam(between: str) -> bool:
    r"""Say whether what stands between two pieces of a text may be one of its seams.

    >>> is_seam("\n　"), is_seam("\n- 12 -\n"), is_seam("\n打印\n")
    (True, True, False)
    """
    if between.isspace():
        return True
    if not (between[:1] == "\n" and "\n" in between[1:]):
        return False
    lines = list(filter(None, map(str.strip, between.split("\n"))))
    if len(lines) > _EDGE_LINES or max(map(len, lines)) > _EDGE_CHARS:
        return False
    return any(PAGE_NUMBER.fullmatch(line) or page_line(line) for line in lines)


def _rows(text: str) -> Iterator[_Row]:
    lines = list(_lines(text))
    numbers = _page_numbers([line.strip() for _, line in lines])
    lines = [line for at, line in enumerate(lines) if at not in numbers]
    for (begin, line), following in zip_longest(lines, lines[1:]):
        shown = line.strip()
        indent = len(line) - len(line.lstrip()) if shown is not line else 0
        near = following is not None and _is_near(text, begin + len(line), following[0])
        yield _Row(begin + indent, begin + indent + len(shown), shown, indent, near)


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """Give the lines that are not blank, and where they begin."""
    begin = 0
    for line in text.split("\n"):
        if line and not line.isspace():
            yield begin, line
        begin += len(line) + 1


def _is_near(text: str, end: int, start: int) -> bool:
    """Say whether the line that begins at `start` is right below another's end, or a page on."""
    if start == end + 1:
        return True
    between = text[end:start]
    return bool(between.strip()) and is_seam(between)


def _page_numbers(said: Sequence[str]) -> frozenset[int]:
    """Give the places of the lines between others that number pages; they rise, or none does.

    A bare number before what may be counted is one of the sentence, unless the pages are numbered
    one by one.
    """
    found = [at for at in range(1, len(said) - 1) if PAGE_NUMBER.fullmatch(said[at])]
    values = [int(_DIGITS.findall(said[at])[0]) for at in found]
    steps = {after - before for before, after in pairwise(values)}
    if any(step <= 0 for step in steps):
        found = []
    numbers = frozenset(
        at
        for at in found
        if steps == {1} or not (said[at].isdecimal() and _COUNTED.match(said[at + 1]))
    )
    worded = ((at, *one) for at, line in enumerate(said) if (one := page_line(line)) and one[0])
    return numbers | of_pages(worded, _FEWEST) | _beside(said, numbers)


def _beside(said: Sequence[str], numbers: frozenset[int]) -> frozenset[int]:
    """Give the places of the lines that stand beside numbers of pages, each time the same."""
    near = {at + step for at in numbers for step in (-1, 1)} - numbers
    often = Counter(said[at] for at in near if len(said[at]) <= _EDGE_CHARS)
    return frozenset(
        at for at in near if often[said[at]] >= _FEWEST and not _ENDED.search(said[at])
    )


class _Widths(dict[str, int]):
    """How many Latin letters wide a character is, filled as characters are met."""

    def __missing__(self, one: str) -> int:
        self[one] = 1 + (unicodedata.east_asian_width(one) in "WFA")
        return self[one]


_WIDTHS = _Widths()


def _columns(shown: str) -> int:
    """Give how many Chinese characters wide a line is; two Latin letters are as wide as one."""
    return (sum(map(_WIDTHS.__getitem__, shown)) + 1) // 2


def _seams(rows: Sequence[_Row], measure: Callable[[str], int]) -> list[int]:
    """Give the numbers of the lines that go on in the next, if lines were broken by `measure`."""
    place = int(_LONGER * len(rows))  # of the width, among the lengths from the longest on
    long = (row for row in rows if row.indent + len(row.shown) > _WIDEST)
    wider = (row for row in long if row.indent + measure(row.shown) > _WIDEST)
    if next(islice(wider, place, None), None):
        return []
    lengths = [row.indent + min(measure(row.shown), 2 * _WIDEST) for row in rows]
    width = sorted(lengths, reverse=True)[place] if lengths else 0
    if not _NARROWEST <= width <= _WIDEST:
        return []
    # Most texts end here: no line that is about as long as the width breaks off.
    least = width - _SLACK - _WORD_CHARS - _INDENT
    nearly_full = (at for at in range(len(rows) - 1) if least <= lengths[at] <= width + 1)
    if not any(_may_go_on(rows, at) for at in nearly_full):
        return []
    found: list[int] = []
    short = 0
    for at in range(len(rows) - 1):
        next_full = lengths[at + 1] >= width - _SLACK
        if not _may_go_on(rows, at) or (not next_full and _SIGNED.fullmatch(rows[at + 1].shown)):
            continue
        indented = 0 if found[-1:] == [at - 1] else _INDENT
        if lengths[at] > width + 1 or width - lengths[at] > _room(rows, at) + indented:
            short += bool(_INNER.search(rows[at].shown))
        elif found[-1:] == [at - 1] or not _is_headline(rows, at, next_full=next_full):
            found.append(at)
    return found if _is_proof(rows, found, short) else []


def _is_headline(rows: Sequence[_Row], at: int, *, next_full: bool) -> bool:
    """Say whether a full line at the head of the text may be a whole title above a paragraph.

    What is left of a broken title is short and ends no sentence.
    """
    line, following = rows[at].shown, rows[at + 1].shown
    if rows[at].indent > rows[at + 1].indent:
        return False  # as paragraphs begin
    if at >= _HEAD_LINES or _INNER.search(line) or _BEGINS.match(line):
        return False
    return following[0] not in _CLOSING and (next_full or bool(_ENDED.search(following)))


def _may_go_on(rows: Sequence[_Row], at: int) -> bool:
    """Say whether a line breaks off, by its words, and the next one may be the rest of it."""
    line, following = rows[at], rows[at + 1]
    if not line.goes_before or following.indent > line.indent:
        return False
    if _CELLS.search(line.shown) or _CELLS.search(following.shown):
        return False
    if following.shown[0] in _CLOSING:
        return True
    if _ENDED.search(line.shown) or _BEGINS.match(following.shown):
        return False
    if _NUMBER_OR_LABEL.match(following.shown):
        return False
    last, first = line.shown[-1], following.shown[0]
    if last.isascii() and first.isascii() and not (last.isdigit() and first.isdigit()):
        return False
    named = at < _HEAD_LINES and _NAMED.search(line.shown)
    return not (named and not _INNER.search(line.shown))


def _room(rows: Sequence[_Row], at: int) -> int:
    """Give how many characters a full line may lack: the next line's first word had no room."""
    word = _LATIN.match(rows[at + 1].shown)
    length = len(word[0]) if word and not rows[at].shown[-1].isdigit() else 0
    return _SLACK + min(length, _WORD_CHARS)


def _is_proof(rows: Sequence[_Row], found: Sequence[int], short: int) -> bool:
    """Say whether the text was broken: its full lines go on, and sentences end behind them.

    `short` counts the lines that break off too, with a comma in them, and are not full. One seam
    is enough where it tears what belongs together.
    """
    torn = any(_is_torn(rows[at].shown, rows[at + 1].shown) for at in found)
    if len(found) + torn < _FEWEST or short > _MOST_SHORT * (short + len(found)):
        return False
    runs = _runs(found)
    ended = sum(
        any(_SENTENCE.search(row.shown) for row in rows[first : stop + 1]) for first, stop in runs
    )
    longest = max(stop - first for first, stop in runs)
    letters = "".join(rows[at].shown for at in found)
    han = sum("\u4e00" <= one <= "\u9fff" for one in letters)
    enough = ended + torn >= _FEWEST or (ended > 0 and longest >= _LONG_RUN)
    return enough and ended >= _LEAST_ENDED * len(runs) and han >= _HAN_SHARE * len(letters)


def _is_torn(line: str, following: str) -> bool:
    """Say whether a line end stands in a number, in brackets or before a comma."""
    if line[-1].isdigit() and _GOES_ON.match(following):
        return True
    inside = (
        line.rfind(opening) > line.rfind(closing) and closing in following.partition(opening)[0]
        for opening, closing in _PAIRS
    )
    return following[0] in _COMMAS or any(inside)


def _runs(found: Sequence[int]) -> list[Range]:
    """Give the first and last line of every paragraph with seams."""
    runs: list[Range] = []
    for at in found:
        if runs and runs[-1][1] == at:
            runs[-1] = (runs[-1][0], at + 1)
        else:
            runs.append((at, at + 1))
    return runs
