"""What long work tells of itself while it goes on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, runtime_checkable

Progress = Callable[[int, int], None]
"""Takes how many are done, and how many there are."""


@runtime_checkable
class Following(Protocol):
    """Progress that is told how far a long document is, too."""

    def __call__(self, done: int, total: int) -> None:
        """Take how many sources are done, and how many there are."""
        ...

    def within(self, done: float, total: int) -> None:
        """Take the same, with the share that is written of the one under way."""
        ...
