"""What long work tells of itself while it goes on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, runtime_checkable

Progress = Callable[[int, int], None]
"""Takes how many are done, and how many there are."""


@runtime_checkable
class Following(Protocol):
    """Progress that is told of the one under way, too: which it is, and how far a long one is."""

    def __call__(self, done: int, total: int) -> None:
        """Take how many sources are done, and how many there are."""
        ...

    def begin(self, path: str) -> None:
        """Take which one is read now; a large one takes a while before anything else is told."""
        ...

    def within(self, done: float, total: int) -> None:
        """Take how many are done with the share that is written of the one under way."""
        ...


def begin(progress: Progress | None, path: str) -> None:
    """Tell which source is read now, if progress takes that."""
    if isinstance(progress, Following):
        progress.begin(path)
