"""Everyday words that ship with the package: what people say for what organisations write.

They are synonyms like those of a user (`qa.synonyms`), in `qa/everyday.txt`, and come after them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from importlib.resources import files

from qa.synonyms import Synonyms

_FILE = "everyday.txt"


@cache
def everyday() -> Synonyms:
    """Read the everyday words; the first call takes some 20 milliseconds."""
    text = files("qa").joinpath(_FILE).read_text(encoding="utf-8")
    return Synonyms.of(text.splitlines(), _FILE)


def with_everyday(own: Callable[[], Synonyms]) -> Callable[[], Synonyms]:
    """Give what gives the user's synonyms with the everyday words behind them."""
    return lambda: replace(own(), everyday=everyday())
