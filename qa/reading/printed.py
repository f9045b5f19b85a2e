"""Printed lines to paragraphs: a PDF knows where characters stand, not what belongs together."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from qa.page_lines import PAGE_NUMBER
from qa.reading.plain import tidy_line


@dataclass(frozen=True, slots=True)
class Printed:
    """A line as it stands on a page.

    Attributes:
        text: Its characters, not blank at the ends.
        page: Of the document, from 0.
        left: Where it begins, in points from the left edge of the page.
        right: Where it ends.
        height: Where its feet stand: 0 at the bottom of the page, 1 at the top.
        gap: How far below the line before it stands, in its own sizes; 0 for a page's first.
        size: Of its characters, in points.
    """

    text: str
    page: int
    left: float
    right: float
    height: float
    gap: float
    size: float


_EDGE = 0.1  # of a page's height, where headers and footers stand
_NEAR = 2  # pages: left and right pages may have headers of their own
_SAME_COLUMN = 0.12  # of the width of all that is printed
_SHORT_OF_FULL = 2.5  # characters by which a full line may end before the margin
_INDENT = 1.2  # characters by which a paragraph's first line is set in
_WIDE_GAP = 2.3  # lines of one paragraph stand less far apart, in sizes
_OTHER_SIZE = 1.12
_LINE_CHARS = 10  # of a column whose margins can be told from its longest lines
_COLUMN_SHARE = 0.36  # of a page's width that a column of two takes at least
_WORD_SIZE = 0.55  # of a Latin letter, in sizes
_CELLS = re.compile(r"(?<=[\u4e00-\u9fff\d）)%％]) (?=[\u4e00-\u9fff\d（(])")
_ENDS = "。！？；：!?;:.”」』）)"
_FIRST = re.compile(
    r"第\s*[一二三四五六七八九十百零〇\d]+\s*[章节節条條编編]|[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十\d]{1,3}[）)]"
    r"|\d{1,2}[.、．]\s*\D|[-•●○◆■▪·]\s*\S|[①-⑳]"
)
_LEADER = re.compile(r"(?:[.·…．]\s?){4,}\s*\d{1,4}$")
_WESTERN = re.compile(r"[A-Za-z0-9,.;:!?)%]\Z")


def without_edges(lines: Sequence[Printed]) -> list[Printed]:
    """Leave out headers, footers and page numbers: what pages close by repeat at their edges."""
    keys = [_edge_key(line) for line in lines]
    pages: dict[str, list[int]] = defaultdict(list)
    for line, key in zip(lines, keys, strict=True):
        if key and (not pages[key] or pages[key][-1] != line.page):
            pages[key].append(line.page)
    return [
        line
        for line, key in zip(lines, keys, strict=True)
        if not key or not (PAGE_NUMBER.fullmatch(line.text) or _is_repeated(pages[key], line.page))
    ]


def _edge_key(line: Printed) -> str:
    """Give what a line at the edge of a page repeats on others; empty for lines within."""
    if _EDGE < line.height < 1 - _EDGE:
        return ""
    return re.sub(r"\s", "", re.sub(r"\d+", "0", line.text))


def _is_repeated(pages: Sequence[int], page: int) -> bool:
    first, stop = (bisect_left(pages, near) for near in (page - _NEAR, page + _NEAR + 1))
    return stop - first > 1


def paragraphs(lines: Sequence[Printed], pages: int) -> tuple[str, tuple[int, ...]]:
    """Join lines into paragraphs, also across pages.

    Returns:
        The text, a line for a paragraph, and where each of the `pages` begins in it. A page on
        which nothing is printed begins where the next one does.
    """
    margins = _margins(lines)
    parts: list[str] = []
    starts: list[int] = []
    at = 0
    for before, line in zip([None, *lines], lines, strict=False):
        text = tidy_line(line.text)
        if not text:
            continue
        joint = _joint(before, line, margins) if before is not None else ""
        if unicodedata.combining(text[0]):
            joint = "\n"  # as one line the two would no longer be NFC
        joint = joint if parts else ""
        starts += [at + len(joint)] * (line.page + 1 - len(starts))
        parts += [joint, text]
        at += len(joint) + len(text)
    starts += [at] * (pages - len(starts))
    return "".join(parts), tuple(starts)


def _margins(lines: Sequence[Printed]) -> dict[int, list[tuple[float, float]]]:
    """Give, for every page, the left and right ends of its lines, the longest first."""
    ends: dict[int, list[tuple[float, float]]] = defaultdict(list)
    for line in lines:
        ends[line.page].append((line.left, line.right))
    return {page: sorted(found, key=lambda one: one[0] - one[1]) for page, found in ends.items()}


def _column(line: Printed, margins: dict[int, list[tuple[float, float]]]) -> tuple[float, float]:
    """Give the left and right margin of the column that a line stands in."""
    here = margins[line.page]
    width = max(right for _, right in here) - min(left for left, _ in here)
    near = [one for one in here if abs(one[0] - line.left) <= _SAME_COLUMN * width + 2 * line.size]
    return min(left for left, _ in near), max(right for _, right in near)


def _joint(before: Printed, line: Printed, margins: dict[int, list[tuple[float, float]]]) -> str:
    """Give what stands between two lines: a line end, a blank between words, or nothing."""
    glue = " " if _WESTERN.search(before.text) and line.text[0].isascii() else ""
    bigger = max(before.size, line.size) / max(min(before.size, line.size), 0.1)
    if bigger > _OTHER_SIZE or (line.gap > _WIDE_GAP and before.page == line.page):
        return "\n"
    own_left = _column(line, margins)[0]
    if not _is_full(before, line, margins):
        return "\n"
    ended = before.text[-1] in _ENDS
    if ended and (line.left > own_left + _INDENT * line.size or _FIRST.match(line.text)):
        return "\n"
    return glue


def _is_full(before: Printed, line: Printed, margins: dict[int, list[tuple[float, float]]]) -> bool:
    """Whether a line goes on to the right margin: the first word of the next had no room."""
    if len(_CELLS.findall(before.text)) > 1 or _LEADER.search(before.text[-60:]):
        return False  # a row of a table, a line of the contents
    left, right = _column(before, margins)
    here = margins[before.page]
    width = max(end for _, end in here) - min(start for start, _ in here)
    if right - left < max(_LINE_CHARS * before.size, _COLUMN_SHARE * width):
        return False  # nothing but short lines: a table, a list
    word = len(re.split(r"[\s-]", line.text, maxsplit=1)[0]) if line.text[0].isascii() else 0
    room = max(_SHORT_OF_FULL, _WORD_SIZE * (word + 1)) * before.size
    return before.right >= right - room


def words_of(lines: Iterable[Printed]) -> int:
    """Count the characters that are letters or digits."""
    return sum(char.isalnum() for line in lines for char in line.text)
