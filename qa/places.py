"""Which words of a question name a place, by a list of places and by their endings.

A passage about another place answers nothing, however alike it is; and a place that stands nowhere
in the library is no word that documents say otherwise.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from importlib.resources import files

_ENDINGS = "省市县州镇乡村区"
_SHORTEST = 3  # 枫林县; shorter words that end so are ordinary ones: 全市, 社区


def places(words: Iterable[str]) -> tuple[str, ...]:
    """Give those folded words that name a place, in order; 北京市 only as 北京.

    >>> places(["海川市", "海川", "驿站", "开发区", "广东", "广东省"])
    ('海川市', '广东')
    """
    known, ordinary = _lists()
    return tuple(
        word
        for word in words
        if word in known
        or (
            len(word) >= _SHORTEST
            and word[-1] in _ENDINGS
            and word not in ordinary
            and word[:-1] not in known  # which is among the words itself
        )
    )


def known_places() -> frozenset[str]:
    """Give the places of the list, without their endings."""
    return _lists()[0]


@cache
def _lists() -> tuple[frozenset[str], frozenset[str]]:
    """Read `qa/places.txt`: known places, and words that only end like one (lines with a dash)."""
    known: list[str] = []
    ordinary: list[str] = []
    for line in files("qa").joinpath("places.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("-"):
            ordinary += line[1:].split()
        elif not line.startswith("#"):
            known += line.split()
    return frozenset(known), frozenset(ordinary)
