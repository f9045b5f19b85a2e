"""What the tab key completes: commands, and titles of documents."""

from __future__ import annotations

from collections.abc import Sequence

from embeddings.words import fold, fold_all
from qa.chat.commands import NAMES, aliases, said

MOST = 30
"""Completions shown at most."""

_SHORTEST = 2  # characters of a title that must be typed
_LONGEST = 30  # characters before the cursor that may belong to one
_JUDGEMENTS = ("chat_said_right", "chat_said_wrong", "chat_said_none")


def completions(before: str, titles: Sequence[str]) -> list[tuple[str, int]]:
    """Give what may stand in place of the end of the text before the cursor.

    Args:
        before: The text before the cursor.
        titles: Of the library's documents.

    Returns:
        Texts, each with how many characters before the cursor it takes the place of; [] for none.
        Of titles, those come first that begin with what was typed.
    """
    if before.lstrip()[:1] in {":", "："}:
        return _of_commands(before.lstrip())
    return _of_titles(before, titles)[:MOST]


def _of_commands(before: str) -> list[tuple[str, int]]:
    colon, typed = before[0], before[1:]
    name, blank, argument = typed.partition(" ")
    if blank:
        judging = name in ("feedback", *aliases("feedback"))
        words = dict.fromkeys(word for key in _JUDGEMENTS for word in said(key) if judging)
        return [(word, len(argument)) for word in words if word.startswith(argument)]
    names = [*NAMES, *(other for one in NAMES for other in aliases(one) if other not in NAMES)]
    return [(f"{colon}{one}", len(before)) for one in names if one.startswith(typed.lower())]


def _of_titles(before: str, titles: Sequence[str]) -> list[tuple[str, int]]:
    folded, typed = fold_all(titles), fold(before[-_LONGEST:])
    for length in range(len(typed), _SHORTEST - 1, -1):
        end = typed[-length:]
        if end != end.strip():
            continue
        held = [
            (not text.startswith(end), title)
            for text, title in zip(folded, titles, strict=True)
            if end in text
        ]
        if held:
            ordered = sorted(held, key=lambda one: one[0])
            return [(title, length) for title in dict.fromkeys(title for _, title in ordered)]
    return []
