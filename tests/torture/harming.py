"""What a failing disk, or a person, does to a file: on a copy that no process has open."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

Harm = Callable[[Path], None]


def truncated(file: Path) -> None:
    """Lose the second half."""
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


def shortened(file: Path) -> None:
    """Lose the last bytes."""
    file.write_bytes(file.read_bytes()[:-7])


def emptied(file: Path) -> None:
    """Lose everything but the name."""
    file.write_bytes(b"")


def zeroed(file: Path) -> None:
    """Keep the length and nothing else."""
    file.write_bytes(bytes(file.stat().st_size))


def flipped(file: Path) -> None:
    """Change some bits, the same in every run."""
    data = bytearray(file.read_bytes())
    dice = random.Random(file.suffix)
    for _ in range(max(1, len(data) // 200)):
        if data:
            data[dice.randrange(len(data))] ^= 1 << dice.randrange(8)
    file.write_bytes(data)


def garbage(file: Path) -> None:
    """Hold other bytes, of the same length or a few thousand."""
    file.write_bytes(random.Random(7).randbytes(max(4_000, file.stat().st_size)))


def deleted(file: Path) -> None:
    """Be gone."""
    file.unlink()


def folder_instead(file: Path) -> None:
    """Be a folder with something in it."""
    file.unlink()
    file.mkdir()
    (file / "something").write_text("else", encoding="utf-8")


HARMS: tuple[Harm, ...] = (
    truncated, shortened, emptied, zeroed, flipped, garbage, deleted, folder_instead,
)  # fmt: skip
