"""Where sentences end in Chinese text that may hold English, numbers and addresses.

`sentences` cuts at full stops, question and exclamation marks, ellipses and line ends; `clauses`
cuts at semicolons too. Both give half-open ranges in order, trimmed of blanks, that together hold
every character that is not blank. The time grows with the length of the text and nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from qa.records import Range

_CLOSING = "”’」』）)】》〉］]\"'"
_PAIRS = {"“": "”", "‘": "’", "「": "」", "『": "』", "《": "》", "〈": "〉", "（": "）", "(": ")"}
_OPENING_OF = {close: opening for opening, close in _PAIRS.items()}
_PAIRED = re.compile(f"[{re.escape(''.join((*_PAIRS, *_OPENING_OF)))}]")
_QUOTES = "“‘「『"
_TITLES = "《〈"

_HELD_CHARS = 120
"""A quote or bracket up to this long is not cut inside; a longer one reads as text of its own."""

_STOPS = r"[。！？｡!?]+|…+|\.{3,}|\."
_SENTENCE_MARK = re.compile(_STOPS)
_CLAUSE_MARK = re.compile(_STOPS + r"|[；;]")
_LINE = re.compile(r"[^\n\r\x0b\x0c\x85\u2028\u2029]+")

# After a mark: the sentence runs on when one of these follows.
_RUNS_ON = re.compile(r"\s*[，、；：,;:·]")
# After a mark and a closing quote: grammar or a short attribution ties the quote to what follows.
_TIED = re.compile(
    r"[的地等说說问問]|道[，。：,:]|[一-鿿]{1,8}?(?:说|說|问|問|道|表示|介绍|介紹)[道着著]?[。，：,:!！]"
)
_TIED_CALL = re.compile(r"[为為是之和与與及或这這那作成]")
_ABBREVIATION = re.compile(
    r"(?:^|[^A-Za-z])(?:[A-Za-z]|e\.g|i\.e|a\.m|p\.m|mr|mrs|ms|dr|prof|no|vs|fig|inc|ltd|co|st|vol|pp)$",
    re.IGNORECASE,
)
_ABBREVIATION_CHARS = 8
_LIST_MARK = re.compile(
    r"\W*(?:[0-9]{1,4}(?:\.[0-9]{1,3})*|[A-Za-z]|[一二三四五六七八九十百]{1,4})$"
)
_LIST_MARK_CHARS = 16
_ENTITY = re.compile(r"&#?\w{1,8}$")
_ENTITY_CHARS = 10


def sentences(text: str) -> tuple[Range, ...]:
    """Give the ranges of the sentences of `text`; blank text has none.

    Closing quotes and brackets belong to the sentence they close. A stop inside a short quote or
    bracket, in a number, an address or an abbreviation ends nothing, nor does one whose sentence
    runs on behind the closing quote.

    >>> text = "他说：“好。我去。”增长12.5%！"
    >>> [text[start:end] for start, end in sentences(text)]
    ['他说：“好。我去。”', '增长12.5%！']
    """
    return tuple(_cut(text, _SENTENCE_MARK))


def clauses(text: str) -> tuple[Range, ...]:
    """Give the ranges of `text` between sentence ends and semicolons; blank text has none.

    >>> text = "一是建会；二是维权。三是服务。"
    >>> [text[start:end] for start, end in clauses(text)]
    ['一是建会；', '二是维权。', '三是服务。']
    """
    return tuple(_cut(text, _CLAUSE_MARK))


def _cut(text: str, mark: re.Pattern[str]) -> Iterator[Range]:
    for line in _LINE.finditer(text):
        offset, content = line.start(), line.group()
        begin = 0
        for end in _ends(content, mark):
            yield from _trimmed(content, begin, end, offset)
            begin = end
        yield from _trimmed(content, begin, len(content), offset)


def _trimmed(line: str, begin: int, end: int, offset: int) -> Iterator[Range]:
    """Give the range without blanks at its edges, moved by `offset`; nothing for a blank one."""
    piece = line[begin:end]
    left = len(piece) - len(piece.lstrip())
    right = len(piece.rstrip())
    if left < right:
        yield (offset + begin + left, offset + begin + right)


def _ends(line: str, mark: re.Pattern[str]) -> Iterator[int]:
    """Give the offsets in one line at which a sentence ends, rising."""
    held = _held(line)
    hold = 0
    begin = 0
    for found in mark.finditer(line):
        at = found.start()
        if at < begin:
            continue
        while hold < len(held) and held[hold][1] <= at:
            hold += 1
        if hold < len(held) and held[hold][0] <= at:
            continue
        end = _closed(line, found.end(), begin)
        if _is_end(line, begin, at, found.end(), end):
            yield end
            begin = end


def _closed(line: str, end: int, begin: int) -> int:
    """Give the offset behind the closing marks (and repeated stops between them) from `end` on."""
    while end < len(line) and line[end] in _CLOSING + "。！？!?":
        # A straight quote closes only what this sentence opened.
        straight = line[end] in "\"'"
        if straight and line.count(line[end], max(begin, end - 4 * _HELD_CHARS), end) % 2 == 0:
            break
        end += 1
    return end


def _is_end(line: str, begin: int, at: int, stop: int, end: int) -> bool:
    """Say whether the mark at [at, stop), closed by quotes up to `end`, ends a sentence."""
    if end >= len(line):
        return True
    kind = line[at]
    if _RUNS_ON.match(line, end):
        return False
    quoted = end > stop and line[end - 1] in "”’」』\"'"
    if quoted and (_TIED.match(line, end) or (kind in "!?！？" and _TIED_CALL.match(line, end))):
        return False
    if kind == "…" or (stop - at > 1 and kind == "."):
        return line[end] not in "的地得等之了" and line[end] not in _CLOSING
    if kind == ".":
        return _is_full_stop(line, begin, at, end)
    if kind == ";":
        return not _ENTITY.search(line, max(begin, at - _ENTITY_CHARS), at)
    if kind in "!?":
        # `?page=2` in an address; `来了!2023年` is an end.
        return not (_ascii_word(line, at - 1) and _ascii_word(line, end))
    return True


def _is_full_stop(line: str, begin: int, at: int, end: int) -> bool:
    """Say whether the Latin point at `at` ends a sentence rather than a number or a name."""
    if (
        _LIST_MARK.match(line[begin : min(at, begin + _LIST_MARK_CHARS)])
        and at - begin < _LIST_MARK_CHARS
    ):
        return False
    if line[end].isspace():
        return not _ABBREVIATION.search(line, max(begin, at - _ABBREVIATION_CHARS), at)
    return at > 0 and not line[at - 1].isascii() and not line[end].isascii()


def _ascii_word(line: str, at: int) -> bool:
    return (
        0 <= at < len(line) and line[at].isascii() and (line[at].isalnum() or line[at] in "/=&#%")
    )


def _held(line: str) -> list[Range]:
    """Give the stretches inside short quotes and brackets in which a stop ends nothing, in order.

    The stop just before a closing quote is left out: there the sentence may end.
    """
    found: list[Range] = []
    stack: list[int] = []
    waiting = dict.fromkeys(_PAIRS, 0)
    for mark in _PAIRED.finditer(line):
        at, char = mark.start(), mark[0]
        if char in _PAIRS:
            stack.append(at)
            waiting[char] += 1
        elif waiting[_OPENING_OF[char]]:
            opened = stack.pop()
            waiting[line[opened]] -= 1
            while line[opened] != _OPENING_OF[char]:
                opened = stack.pop()
                waiting[line[opened]] -= 1
            if at - opened <= _HELD_CHARS:
                found.append((opened, _hold_end(line, opened, at)))
    return _outermost(found)


def _hold_end(line: str, opened: int, closed: int) -> int:
    """Give where the hold of a pair stops: at its last stop for text, at its end for a title."""
    if line[opened] in _TITLES:
        return closed
    starts = opened == 0 or line[opened - 1] in "。！？!?”」"
    if line[opened] not in _QUOTES and not starts:
        return closed
    while closed > opened and line[closed - 1] in "。！？!?…." + _CLOSING:
        closed -= 1
    return closed


def _outermost(ranges: list[Range]) -> list[Range]:
    """Merge ranges, which came in the order of their ends, into disjoint rising ones."""
    merged: list[Range] = []
    for start, end in sorted(ranges):
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged
