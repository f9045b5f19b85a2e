"""In how many passages a term stands, of an index from which some were removed."""

from __future__ import annotations

from collections.abc import Callable

Count = Callable[[str, str], int]

_COUNTED = 5_000  # passages of a term that are counted one by one: 0.1 ms
_LARGE, _COUNTED_IN_LARGE = 100_000, 20  # so many terms are asked for that it would add up
_REMEMBERED = 20_000  # terms; one question asks for the same several times


class Frequencies:
    """Numbers of passages by field and term, as one state of the index has them.

    Args:
        held: Counts passages in the files, removed ones among them; costs little.
        counted: Counts those that are left, one by one.
        size: How many passages are left in all.
        everything: How many are in the files.
    """

    def __init__(self, held: Count, counted: Count, *, size: int, everything: int) -> None:
        self._held = held
        self._counted = counted
        self._size = size
        self._everything = everything
        self._exact = _COUNTED if size < _LARGE else _COUNTED_IN_LARGE
        self._known: dict[tuple[str, str], int] = {}

    def of(self, field: str, term: str) -> int:
        """Give the number of passages whose `field` holds `term`, as `TermIndex.frequency` says."""
        known = self._known.get((field, term))
        if known is None:
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            known = self._known[field, term] = self._find(field, term)
        return known

    def _find(self, field: str, term: str) -> int:
        held = self._held(field, term)
        if not held or self._everything == self._size:
            return held
        if held > self._exact:
            return round(held * self._size / self._everything)
        return self._counted(field, term)
