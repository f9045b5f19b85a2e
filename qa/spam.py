"""Advertising words injected into the sentences of a page.

Such pages were broken into: words of one family (包养网, 甜心花园 …) stand inside other words. A
word of the family alone proves nothing, for documents about the matter use it too. What proves it
is that taking it out makes a word whole, the document's own or one of the dictionary; only in a
document proved so are the words of the family marked.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from operator import add

from embeddings.words import WordCutter, cutter
from qa.records import Range

_NET = "单次|vip|推荐|评价|比较|心得|站长|站|app|ptt|ppt|dcard|车马费"
_TAILS = (
    f"网(?:{_NET})|网(?!络|红|友|民|店|警|吧|约)|甜心网|行情|情妇|故事|感情|条件|价格(?:ptt)?|意思|软体|平台|管道|站长|经验|"
    "合约|金额|俱乐部|留言板|一个月(?:价钱)?|女人|妹|app|ptt|dcard"
)
_FAMILY = re.compile(
    rf"(?:台湾|台北|女大生)?包养(?P<tail>{_TAILS})?"
    r"|甜心(?:花园|宝贝(?:包养网)?|聊天室|网)|asugardating|sugar ?(?:daddy|baby|dating)"
)
_FIRST_WORDS = ("包养", "甜心", "asugardating", "sugar")  # of any of the family
_LONE = "包养"
_ENTITY_BEFORE = re.compile(r"&#?[0-9a-z]{0,6}一?$")
_ENTITY_AFTER = re.compile(r"[0-9a-z]{0,6};")
_ENTITY_CHARS = 10

_PROOFS = 2
_PROOF_SHARE = 0.25
_SURE_PAIRS = 3  # a single word of the family needs its healed pair this often elsewhere
_FEW_SPANS = 100
_AT_ONCE_CHARS = 1 << 20
_NEAR_CHARS = 4  # what the dictionary is shown on each side of a place


def find_spam(folded: str) -> tuple[Range, ...]:
    """Give the ranges of advertising words in a folded text, in order; most texts have none.

    >>> find_spam("县级工包养网会服务职工,县包养网级工会")
    ((3, 6), (13, 16))
    """
    if not any(word in folded for word in _FIRST_WORDS):
        return ()
    found = list(_FAMILY.finditer(folded))
    if not found:
        return ()
    pairs = _Pairs(folded, [match.span() for match in found])
    chosen: list[Range] = []
    proofs = sure = alone = 0
    for match in found:
        span, healed = _best_span(folded, match, pairs)
        chosen.append(_with_entity(folded, span))
        proofs += bool(healed)
        sure += healed >= _SURE_PAIRS and match.group() != _LONE
        alone += _is_whole_line(folded, span) and match.group() != _LONE
    infected = (
        (proofs >= _PROOFS and proofs >= _PROOF_SHARE * len(found))
        or (proofs > 0 and alone > 0)
        or alone >= _PROOFS
        or (len(found) == 1 and sure > 0)
    )
    return tuple(chosen) if infected else ()


def pairs_of(folded: str, spans: Sequence[Range]) -> Counter[str]:
    """Count the pairs of letters that stand in `folded` outside `spans`, which are in order."""
    pairs: Counter[str] = Counter()
    for kept in _outside(folded, spans):
        for at in range(0, len(kept) - 1, _AT_ONCE_CHARS):
            part = kept[at : at + _AT_ONCE_CHARS + 1]
            pairs.update(map(add, part, part[1:]))
    for pair in [pair for pair in pairs if not pair.isalnum()]:
        del pairs[pair]
    return pairs


def _outside(folded: str, spans: Sequence[Range]) -> Iterator[str]:
    """Give what stands between `spans`, which are in order."""
    at = 0
    for start, end in (*spans, (len(folded), len(folded))):
        yield folded[at:start]
        at = end


class _Pairs:
    """How often pairs of letters stand outside spans: a few looked for, or all of them counted."""

    def __init__(self, folded: str, spans: Sequence[Range]) -> None:
        self._folded = folded
        self._spans = spans
        self._known: dict[str, int] = {}
        # Counting every pair of 70 million characters takes half a minute, finding one 0.1 s.
        few = len(spans) <= _FEW_SPANS and len(folded) > _AT_ONCE_CHARS
        self._all = None if few else pairs_of(folded, spans)

    def __getitem__(self, pair: str) -> int:
        if self._all is not None:
            return self._all[pair]
        if len(pair) < 2 or not pair.isalnum():  # noqa: PLR2004 - at either end of the text
            return 0
        if pair not in self._known:
            stands = re.compile(f"(?={re.escape(pair)})") if pair[:1] == pair[1:] else None
            self._known[pair] = sum(
                len(stands.findall(kept)) if stands else kept.count(pair)
                for kept in _outside(self._folded, self._spans)
            )
        return self._known[pair]


def _best_span(folded: str, match: re.Match[str], pairs: _Pairs) -> tuple[Range, int]:
    """Give what to take out, longest first, and how often the pair it heals stands elsewhere.

    A word of the dictionary counts as one such pair.
    """
    start, end = match.span()
    ends = [end]
    if match["tail"]:
        ends += [match.start("tail") + 1] if match["tail"].startswith("网") else []
        ends.append(match.start("tail"))
    for stop in ends:
        healed = pairs[folded[max(0, start - 1) : start] + folded[stop : stop + 1]]
        if healed:
            return (start, stop), healed
    return (start, end), int(_is_inside_word(folded, start, end))


def _is_inside_word(folded: str, start: int, stop: int) -> bool:
    """Say whether a word of the dictionary is whole once [start, stop) is taken out."""
    left = folded[max(0, start - _NEAR_CHARS) : start]
    right = folded[stop : stop + _NEAR_CHARS]
    if not (left[-1:].isalpha() and right[:1].isalpha()) or left[-1:].isascii():
        return False
    if left.endswith(_LONE) or right.startswith(_LONE):
        return False
    return _is_word_at(re.split(r"\W", left)[-1], re.split(r"\W", right)[0])


@lru_cache(maxsize=4096)
def _is_word_at(left: str, right: str) -> bool:
    """Say whether a word of the dictionary reaches over the place where the two meet."""
    at = 0
    for word in _dictionary().plain(left + right):
        if at < len(left) < at + len(word):
            return True
        at += len(word)
    return False


@cache
def _dictionary() -> WordCutter:
    return cutter()


def _with_entity(folded: str, span: Range) -> Range:
    """Take in the character reference that the word broke in two: `&#3包养网2;`."""
    start, end = span
    before = _ENTITY_BEFORE.search(folded, max(0, start - _ENTITY_CHARS), start)
    after = _ENTITY_AFTER.match(folded, end)
    return (before.start(), after.end()) if before and after else span


def _is_whole_line(folded: str, span: Range) -> bool:
    begin = folded.rfind("\n", 0, span[0]) + 1
    stop = folded.find("\n", span[1])
    return folded[begin : None if stop < 0 else stop].strip() == folded[slice(*span)]
