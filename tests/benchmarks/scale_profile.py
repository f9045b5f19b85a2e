"""Which modules the time of a question goes to."""

from __future__ import annotations

import cProfile
import pstats
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from qa import Library

_ROOT = Path(__file__).resolve().parents[2]
_OURS = ("qa", "embeddings")


def shares(library: Library, questions: Sequence[str]) -> dict[str, float]:
    """Give the share of the time of asking that each module takes, largest first.

    What libraries and built-in functions take counts for the module that called them.
    """
    profile = cProfile.Profile()
    profile.enable()
    for question in questions:
        library.ask(question)
    profile.disable()
    table: dict[Any, Any] = pstats.Stats(profile).stats  # type: ignore[attr-defined]
    taken: Counter[str] = Counter()
    for function, (_, _, own, _, callers) in table.items():
        module = _module(function[0])
        if module:
            taken[module] += own
            continue
        for caller, (_, _, part, _) in callers.items():
            taken[_module(caller[0]) or "other"] += part
    whole = sum(taken.values())
    return {name: round(time / whole, 4) for name, time in taken.most_common()}


def _module(file: str) -> str:
    """Give the module of a file of ours, such as `qa.ranking`; "" for any other."""
    path = Path(file)
    if not path.is_relative_to(_ROOT):
        return ""
    parts = path.relative_to(_ROOT).with_suffix("").parts
    return ".".join(parts) if parts[0] in _OURS else ""
