"""Lines that the pages of a copied print begin or end with: a number, or words beside one.

What stands on one line is told here; whether lines are of pages is told from all of them together:
the words stay the same and the numbers rise.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from itertools import pairwise

PAGE_NUMBER = re.compile(
    r"[-—–·.\s]*\d{1,4}[-—–·.\s]*|第\s*\d+\s*[页頁].{0,12}|\d+\s*/\s*\d+|page\s*\d+.{0,10}"
    r"|共\s*\d+\s*[页頁]\W*第\s*\d+\s*[页頁]",
    re.IGNORECASE,
)
"""What is nothing but the number of a page, on a line of its own."""

_LONGEST = 60
_FEWEST_LETTERS = 3  # of the words: 表 2 and 图 2 are of the text
_SIGNS = frozenset("页頁-—–―·")
_ALL = r"(?:\s*[/,，·]?\s*共\s*\d{1,4}\s*[页頁])?"
_MARKED = (
    rf"(?:第\s*\d{{1,4}}\s*[页頁]{_ALL}|共\s*\d{{1,4}}\s*[页頁][\s,，]*第\s*\d{{1,4}}\s*[页頁]"
    r"|[-—–―·]+\s*\d{1,4}\s*[-—–―·]+)"
)
_BARE = r"\d{1,4}(?:\s*/\s*\d{1,4})?"
_ALONE = re.compile(_MARKED)
_BEHIND = re.compile(rf"(?P<words>\S.{{0,50}}?)(?P<number>[\s|｜]*{_MARKED}|[\s|｜]+{_BARE})")
_BEFORE = re.compile(rf"(?P<number>{_MARKED}[\s|｜]*|{_BARE}[\s|｜]+)(?P<words>\S.{{0,50}})")
_ENDED = re.compile(r"[。！？；：，、!?;:,]")
_NUMBER = re.compile(r"(?:.*第)?\D*(\d+)")


def page_line(line: str) -> tuple[str, int] | None:
    """Give the words and the number of a line that may be at the edge of a page; None for others.

    >>> page_line("云岭市总工会文件 — 3 —"), page_line("第 3 页 共 12 页"), page_line("3. 范围")
    (('云岭市总工会文件', 3), ('', 3), None)
    """
    if len(line) > _LONGEST or not line:
        return None
    if not (line[-1] in _SIGNS or line[-1].isdecimal() or line[0] in _SIGNS or line[0].isdecimal()):
        return None
    if _ALONE.fullmatch(line):
        return "", _number(line)
    found = _BEHIND.fullmatch(line) or _BEFORE.fullmatch(line)
    words = "".join(found["words"].split()) if found else ""
    return (words, _number(found["number"])) if found and _may_head(words) else None


def of_pages(
    found: Iterable[tuple[int, str, int]], fewest: int, *, apart: int = 1, step: int = 9_999
) -> frozenset[int]:
    """Give the places of the lines that are at the edges of pages.

    Args:
        found: Place, words and number of each line that may be, in order.
        fewest: How many lines of the same words there must be. Their numbers rise.
        apart: How many lines further the next of them stands at least.
        step: By how much its number is larger at most; left and right pages may differ.
    """
    alike: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for at, words, number in found:
        alike[words].append((at, number))
    return frozenset(
        at
        for lines in alike.values()
        if len(lines) >= fewest
        and all(n < m <= n + step and b - a >= apart for (a, n), (b, m) in pairwise(lines))
        for at, _ in lines
    )


def _number(text: str) -> int:
    """Give the number of the page, not that of all pages."""
    found = _NUMBER.search(text)
    return int(found[1]) if found else 0


def _may_head(words: str) -> bool:
    return sum(map(str.isalpha, words)) >= _FEWEST_LETTERS and not _ENDED.search(words)
