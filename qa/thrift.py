"""What a question looks for in a large library: less than it names, and nearly the same is found.

A search costs as much as the passages that its terms stand in, all together. Most of them are those
of a few frequent terms, which hardly tell one passage from another.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from qa.terms import WeightedTerm

LARGE = 200_000
"""Passages from which it is worth while."""

_MOST = 300_000  # passages of all terms together
_LEAST = 6  # terms of each field that are looked for whatever they cost

Frequency = Callable[[str, str], int]


def spared(
    terms: Sequence[WeightedTerm], weights: Mapping[str, float], frequency: Frequency
) -> list[WeightedTerm]:
    """Give what to look for in place of all the terms, in the order given.

    Args:
        terms: What a question names.
        weights: Weight of each field.
        frequency: In how many passages a term stands in a field.
    """
    return affordable(without_twins(terms, weights), frequency, _MOST, least=_LEAST)


def without_twins(
    terms: Sequence[WeightedTerm], weights: Mapping[str, float]
) -> list[WeightedTerm]:
    """Leave out words that are character pairs as well: the pair weighs what both did.

    Where the word stands the pair does.

    Args:
        terms: What is looked for.
        weights: Weight of each field.
    """
    pairs = {one.term for one in terms if one.field == "bigrams"}
    twins = {one.term for one in terms if one.field == "words" and one.term in pairs}
    return [
        replace(one, weight=one.weight * (1 + weights["words"] / weights["bigrams"]))
        if one.field == "bigrams" and one.term in twins
        else one
        for one in terms
        if one.field != "words" or one.term not in twins
    ]


def affordable(
    terms: Sequence[WeightedTerm], frequency: Frequency, most: int, *, least: int
) -> list[WeightedTerm]:
    """Give the rarest of the terms, in the order given.

    Args:
        terms: What is looked for.
        frequency: In how many passages a term stands in a field.
        most: In so many passages do those that stay stand, each counted for itself.
        least: So many of each field stay in any case.
    """
    counts = [frequency(one.field, one.term) for one in terms]
    kept: set[int] = set()
    fields: Counter[str] = Counter()
    whole = 0
    for place in sorted(range(len(terms)), key=counts.__getitem__):
        whole += counts[place]
        field = terms[place].field
        if whole <= most or fields[field] < least:
            kept.add(place)
            fields[field] += 1
    return [one for place, one in enumerate(terms) if place in kept]
