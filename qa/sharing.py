"""Jobs shared out: few are done in this process, many by others beside it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from itertools import chain

from embeddings.words import WordCutter
from qa.crew import Crew, cores
from qa.work import Bench, Item, Recipe, Work

ALONE_BYTES = 4_000_000
"""Sources up to this size in all are read here: other processes take about a second to start."""

_MOST_WORKERS = 8  # more than this process can write for
_BUNDLE_BYTES, _BUNDLE_JOBS = 200_000, 64


def shared(
    jobs: Iterable[Work], recipe: Recipe, words: WordCutter, stack: ExitStack
) -> Iterator[Item]:
    """Give the items of all jobs in order, each job taken when it is due.

    The first ALONE_BYTES of them are taken at once, to see whether there are more.

    Args:
        jobs: What to do.
        recipe: What to do it with.
        words: What cuts words here, as the recipe names it.
        stack: What that needs is closed with it.
    """
    bench = stack.enter_context(Bench(recipe, words))
    workers = min(cores(), _MOST_WORKERS)
    rest, first, size = iter(jobs), list[Work](), 0
    while workers > 1 and size <= ALONE_BYTES and (job := next(rest, None)) is not None:
        first.append(job)
        size += job.size
    todo = chain(first, rest)
    if size <= ALONE_BYTES:
        return chain.from_iterable(map(bench.items, todo))
    crew = stack.enter_context(Crew(recipe, bench, workers=workers))
    return crew.items(_bundles(todo))


def _bundles(jobs: Iterable[Work]) -> Iterator[list[Work]]:
    """Give the jobs in portions: a message for each small file would take longer than the file."""
    bundle: list[Work] = []
    size = 0
    for job in jobs:
        if bundle and (size + job.size > _BUNDLE_BYTES or len(bundle) == _BUNDLE_JOBS):
            yield bundle
            bundle, size = [], 0
        bundle.append(job)
        size += job.size
    if bundle:
        yield bundle
