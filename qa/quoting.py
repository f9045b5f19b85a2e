"""What of a text may be quoted: statements, whole lists, clauses, never half a quotation."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise

from qa.records import Range
from qa.sentences import sentences

LONGEST = 120
"""Characters of a quote, about: a list that was asked for, or a clause that runs on, is longer."""

_LEADS_ON = re.compile(r"[?？:：][”’」』*_\s]*$")
_LEAD_IN = re.compile(r"[：:]\s*\n")
_TITLED = re.compile(
    r"[^\n。！？；：，!?;:,]{2,20}\n\s*(?=(?:1[)）.．、]|[(（][一1][)）]|一、|①|[-*•·●]\s))"
)
_LINE = re.compile(r"[^\n]*\S[^\n]*")
_ITEM = re.compile(
    r"\s*(?:[(（]?[一二三四五六七八九十\d]{1,3}[)）.．、]|[①-⑳]|[-*•·●]\s|\||[一二三四五六七八九十]是)"
)
_ITEM_ENDS = ("；", ";", "、")
_CLAUSE = re.compile(r"[^,，;；。\n]*[,，;；。\n]?[”’」』)）]*")
_PAIRS = {"“": "”", "‘": "’", "「": "」", "『": "』", "《": "》", "(": ")", "（": "）"}
_NUMERALS = "一二三四五六七八九十"
_COUNTING = re.compile(
    rf"(?:^|(?<=[\s,，;；:：。、]))(?:(?P<is>[{_NUMERALS}])[是要]|第(?P<th>[{_NUMERALS}])[,，、]|"
    rf"[(（](?P<in>[{_NUMERALS}]|[1-9])[)）]|(?P<dot>[1-9])[.、．](?!\d)|(?P<ring>[①-⑩]))"
)
_BLANKS = re.compile(r"\s*")


@lru_cache(maxsize=1_024)  # passages come back in the next questions of a conversation
def statements(text: str) -> tuple[Range, ...]:
    """Give the sentences of `text`, each question or lead-in joined with what follows it.

    >>> statements("问：目标是什么？答：建成一百家。")
    ((0, 16),)
    """
    joined: list[Range] = []
    for start, end in sentences(text):
        if joined and _LEADS_ON.search(text[joined[-1][0] : joined[-1][1]]):
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return tuple(joined)


def paragraph_around(text: str, statement: Range) -> str:
    """Give the lines of `text` that a statement stands in."""
    start = text.rfind("\n", 0, statement[0]) + 1
    end = text.find("\n", statement[1])
    return text[start : end if end >= 0 else len(text)]


def whole_list(text: str, quoted: Range) -> Range:
    r"""Give a range with all of the list that it begins; one that begins none as it is.

    A list is the items or table rows behind a lead-in or a title, or what is counted (一是…；二是…)
    within a line.

    >>> whole_list("材料：\n1. 申请表\n2. 证件\n请携带。", (0, 10))
    (0, 16)
    """
    start, end = quoted
    lead_in = _LEAD_IN.search(text, start, _behind_blanks(text, end))
    lead_in = lead_in or _TITLED.match(text, start, end)
    if not lead_in:
        return start, _counted_end(text, quoted)
    numbered, goes_on = None, False
    for line in _LINE.finditer(text, lead_in.end()):
        shown = line[0].rstrip()
        is_item = bool(_ITEM.match(shown))
        numbered = is_item if numbered is None else numbered
        ended = shown.endswith(_ITEM_ENDS)
        # Lines without a number are items as long as the one before breaks off.
        if not is_item and (numbered or not (goes_on or ended)):
            break
        end, goes_on = max(end, line.start() + len(shown)), ended
    return start, end


def pieces(text: str, statement: Range) -> tuple[Range, ...]:
    """Give the clauses of a statement that is too long to be quoted whole, else the statement.

    A quotation or bracket is cut only when it is longer than LONGEST itself.
    """
    start, end = statement
    if end - start <= LONGEST:
        return (statement,)
    held = [(a, b) for a, b in _pairs(text, start, end) if b - a <= LONGEST]
    ends = {
        match.end()
        for match in _CLAUSE.finditer(text, start, end)
        if not any(a < match.end() <= b for a, b in held)
    }
    borders = sorted({start, *ends, end})
    return tuple(_stripped(text, left, right) for left, right in pairwise(borders))


def balanced(text: str, quoted: Range) -> Range:
    """Give a range that halves no quotation or bracket: with all of it, or what is inside or out.

    >>> text = "会议提出“坚持服务。坚持创新。"  + "坚持" * 60 + "”。"
    >>> start, end = balanced(text, (0, 10))
    >>> text[start:end]
    '坚持服务。'
    """
    start, end = quoted
    pairs = list(_pairs(text, 0, len(text)))
    halved = _halved(pairs, start, end)
    while halved:
        first, last = halved[0]
        if max(end, last + 1) - min(start, first) <= LONGEST:
            start, end = min(start, first), max(end, last + 1)
        else:
            mark = first if start <= first < end else last
            sides = _stripped(text, start, mark), _stripped(text, mark + 1, end)
            start, end = max(sides, key=lambda side: side[1] - side[0])
        halved = _halved(pairs, start, end)
    return (start, end) if any(char.isalnum() for char in text[start:end]) else quoted


def _counted_end(text: str, quoted: Range) -> int:
    """Give where what is counted from a first mark on in a range ends, in the same line."""
    start, end = quoted
    stop = text.find("\n", start)
    stop = stop if stop >= 0 else len(text)
    begins = _behind_blanks(text, end)
    family, reached, last = "", 0, end
    for mark in _COUNTING.finditer(text, start, stop):
        number = _number(mark)
        if not family and number == 1 and mark.start() <= begins:
            family, reached = str(mark.lastgroup), 1
        elif mark.lastgroup == family and number == reached + 1:
            reached, last = number, mark.start()
    if reached <= 1:
        return end
    return max(end, next((b for a, b in statements(text) if a <= last < b), end))


def _number(mark: re.Match[str]) -> int:
    sign = mark[str(mark.lastgroup)]
    if sign in _NUMERALS:
        return _NUMERALS.index(sign) + 1
    return int(sign) if sign.isascii() else ord(sign) - ord("①") + 1


def _pairs(text: str, start: int, end: int) -> Iterator[Range]:
    """Give where each quotation or bracket opens and closes, inner ones first; lone marks none."""
    opened: list[int] = []
    for at in range(start, end):
        if text[at] in _PAIRS:
            opened.append(at)
        elif text[at] in _CLOSING:
            # Marks left open inside one that closes were no pairs.
            partner = next((n for n in reversed(opened) if _PAIRS[text[n]] == text[at]), None)
            if partner is not None:
                del opened[opened.index(partner) :]
                yield partner, at


def _halved(pairs: list[Range], start: int, end: int) -> list[Range]:
    return [(a, b) for a, b in pairs if (start <= a < end) != (start <= b < end)]


def _behind_blanks(text: str, at: int) -> int:
    found = _BLANKS.match(text, at)
    return found.end() if found else at


def _stripped(text: str, start: int, end: int) -> Range:
    part = text[start:end]
    return start + len(part) - len(part.lstrip()), start + len(part.rstrip())


_CLOSING = frozenset(_PAIRS.values())
