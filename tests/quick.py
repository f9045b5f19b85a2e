"""How long something takes by itself, on a machine that may be doing much else."""

from __future__ import annotations

import time
from collections.abc import Callable

_TRIES = 3


def processor_s(work: Callable[[], object], *, enough_s: float = 0.0) -> float:
    """Give the seconds of processor time that some work takes in this thread, the least of three.

    A clock on the wall also counts what others do meanwhile, and a neighbour on the same core makes
    everything some times slower. Once it took no more than `enough_s` it is not done again.
    """
    least = float("inf")
    for _ in range(_TRIES):
        began = time.thread_time()
        work()
        least = min(least, time.thread_time() - began)
        if least <= enough_s:
            break
    return least


def is_quick(work: Callable[[], object], limit_s: float) -> bool:
    """Tell whether some work takes less processor time than that."""
    return processor_s(work, enough_s=limit_s) < limit_s
