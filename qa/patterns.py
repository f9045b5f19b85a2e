"""The user's own patterns of what is noise, searched for within a limit of time.

Any pattern may be given, also one that tries more ways than anybody can wait for, and one that
finds everything. Neither is obeyed: the first is given up, the second left out where it would
hide a document, and a line says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from qa.errors import ConfigError
from qa.records import Range

_LIMIT_S = 0.5
_LIMIT_S_PER_CHAR = 2e-6  # a plain pattern takes 3e-9, one of many choices 2e-7
_MOST = 0.9


@dataclass(frozen=True, slots=True)
class Pattern:
    """A pattern as the user wrote it, and made ready by `regex`, which can be stopped."""

    written: str
    ready: Any


@dataclass(frozen=True, slots=True)
class Own:
    """What the user's patterns find in a text.

    Attributes:
        ranges: What is noise, by pattern and then by place; may overlap.
        notes: Which patterns were not applied, and why: one line each.
    """

    ranges: tuple[Range, ...] = ()
    notes: tuple[str, ...] = ()


def compiled(written: Iterable[str]) -> tuple[Pattern, ...]:
    """Make patterns ready.

    Raises:
        ConfigError: one is no regular expression.
    """
    return tuple(_compiled(one) for one in written)


def _compiled(written: str) -> Pattern:
    import regex  # takes 30 ms, and hardly anybody has patterns

    try:
        return Pattern(written, regex.compile(written, regex.IGNORECASE | regex.VERSION0))
    except (regex.error, ValueError, OverflowError, MemoryError, RecursionError) as error:
        raise ConfigError(
            f"spam {written!r} is no pattern ({error}): correct it, or write \\ before signs"
        ) from error


def find_own(
    forms: Sequence[str],
    patterns: Sequence[Pattern],
    known: Sequence[Range] = (),
    *,
    limit_s: float | None = None,
) -> Own:
    """Give what patterns find in a text, and which of them were not applied to it.

    Args:
        forms: The text as written and in other forms of the same length.
        patterns: Applied in this order.
        known: What is noise already: sorted ranges, apart from each other.
        limit_s: Seconds of computing for each pattern; None for what the length allows.
    """
    if not patterns or not forms:
        return Own()
    text = forms[0]
    limit_s = _LIMIT_S + _LIMIT_S_PER_CHAR * len(text) if limit_s is None else limit_s
    letters = _letters(text, [(0, len(text))])
    hidden = merged(known)
    seen = left = letters - _letters(text, hidden)
    found: list[Range] = []
    notes: list[str] = []
    for pattern in patterns:
        try:
            ranges = [one for form in forms for one in _spans(form, pattern, limit_s)]
        except TimeoutError:
            notes.append(
                f"the spam pattern {pattern.written!r} takes too long on it: not applied, "
                "write it simpler"
            )
            continue
        together = merged((*hidden, *ranges))
        shown = letters - _letters(text, together)
        if shown < left and shown < (1 - _MOST) * seen:
            notes.append(
                f"the spam pattern {pattern.written!r} would hide nearly all of it: not applied, "
                "write it narrower"
            )
            continue
        hidden, left = together, shown
        found += ranges
    return Own(tuple(dict.fromkeys(found)), tuple(notes))


def _spans(text: str, pattern: Pattern, limit_s: float) -> Iterator[Range]:
    """Give where a pattern stands, neighbours as one.

    Raises:
        TimeoutError: that took longer.
    """
    start = end = 0
    for match in pattern.ready.finditer(text, timeout=limit_s):
        if match.start() > end:
            if start < end:
                yield start, end
            start = match.start()
        end = match.end()
    if start < end:
        yield start, end


def _letters(text: str, ranges: Iterable[Range]) -> int:
    """Count the letters and digits in ranges."""
    return sum(sum(map(str.isalnum, text[start:end])) for start, end in ranges)


def merged(ranges: Iterable[Range]) -> tuple[Range, ...]:
    """Give ranges sorted, with those that touch or overlap made one; empty ones are left out.

    >>> merged([(4, 6), (0, 2), (2, 3)])
    ((0, 3), (4, 6))
    """
    found: list[Range] = []
    for start, end in sorted(ranges):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        elif start < end:
            found.append((start, end))
    return tuple(found)
