"""Which words of a passage are quoted.

Whole sentences where they are short enough, whole clauses where not, never half a quotation.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from qa.records import Range
from qa.sentences import sentences

LONGEST = 120
"""Characters of a quote, about: a clause or a quotation that runs on is kept whole."""

_LEADS_ON = re.compile(r"[?？:：][”’」』\s]*$")
_LEAD_IN = re.compile(r"[：:]\s*\n")
_LINE = re.compile(r"[^\n]*\S[^\n]*")
_ITEM = re.compile(
    r"\s*(?:[(（]?[一二三四五六七八九十\d]{1,3}[)）.．、]|[①-⑳]|[-*•·●]\s|[一二三四五六七八九十]是)"
)
_CLAUSE = re.compile(r"[^,，;；]*[,，;；]?[”’」』)）]*")
_PAIRS = {"“": "”", "‘": "’", "「": "」", "『": "』", "《": "》", "(": ")", "（": "）"}


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


def whole_list(text: str, statement: Range) -> Range:
    r"""Give a lead-in with all the list items that follow it; any other statement as it is.

    >>> whole_list("材料：\n1. 申请表\n2. 证件\n请携带。", (0, 10))
    (0, 16)
    """
    start, end = statement
    if not _LEAD_IN.search(text[start:end]):
        return statement
    for line in _LINE.finditer(text, end):
        if not _ITEM.match(line[0]):
            break
        end = line.end()
    return start, end


def narrow(text: str, statement: Range, worth: Callable[[str], float]) -> Range:
    """Give the whole clauses of a statement that are worth most within LONGEST characters.

    Args:
        text: The text it is a range of.
        statement: A range of `text`; one that is short enough is given back as it is.
        worth: How much of the question a string holds; more is better.
    """
    start, end = statement
    if end - start <= LONGEST:
        return statement
    borders = _clause_borders(text, statement)
    best, best_worth = statement, -1.0
    for first, left in enumerate(borders[:-1]):
        for right in borders[first + 1 :]:
            if right - left > LONGEST and right != borders[first + 1]:
                break
            gained = worth(text[left:right]) + (right - left) / (1_000 * LONGEST)
            if gained > best_worth:
                best, best_worth = (left, right), gained
    return best


def _clause_borders(text: str, statement: Range) -> list[int]:
    """Give the offsets at which a statement may be cut: between clauses, outside quotations."""
    start, end = statement
    borders, open_marks = [start], []
    for match in _CLAUSE.finditer(text, start, end):
        for character in match[0]:
            if character in _PAIRS:
                open_marks.append(_PAIRS[character])
            elif open_marks and character == open_marks[-1]:
                open_marks.pop()
        if match.end() > borders[-1] and not open_marks:
            borders.append(match.end())
    if borders[-1] != end:
        borders.append(end)
    return borders
