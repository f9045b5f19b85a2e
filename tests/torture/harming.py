"""What a failing disk, or a person, does to a file: on a copy that no process has open.

A folder of files is harmed file by file, or is gone, or becomes a file.
"""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable
from functools import wraps
from pathlib import Path

Harm = Callable[[Path], None]


def _each(harm: Harm) -> Harm:
    @wraps(harm)
    def harming(place: Path) -> None:
        for file in sorted(place.iterdir()) if place.is_dir() else [place]:
            if file.is_file():
                harm(file)

    return harming


@_each
def truncated(file: Path) -> None:
    """Lose the second half."""
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


@_each
def shortened(file: Path) -> None:
    """Lose the last bytes."""
    file.write_bytes(file.read_bytes()[:-7])


@_each
def emptied(file: Path) -> None:
    """Lose everything but the name."""
    file.write_bytes(b"")


@_each
def zeroed(file: Path) -> None:
    """Keep the length and nothing else."""
    file.write_bytes(bytes(file.stat().st_size))


@_each
def flipped(file: Path) -> None:
    """Change some bits at the beginning and the end, where a file says how it is to be read."""
    data = bytearray(file.read_bytes())
    dice = random.Random(file.suffix)
    for place in (*range(0, min(64, len(data)), 5), *range(max(0, len(data) - 64), len(data), 5)):
        data[place] ^= 1 << dice.randrange(8)
    file.write_bytes(data)


@_each
def garbage(file: Path) -> None:
    """Hold other bytes, of the same length or a few thousand."""
    file.write_bytes(random.Random(7).randbytes(max(4_000, file.stat().st_size)))


def deleted(place: Path) -> None:
    """Be gone."""
    if place.is_dir():
        shutil.rmtree(place)
    else:
        place.unlink(missing_ok=True)


def swapped(place: Path) -> None:
    """Be a folder with something in it instead of a file, or a file instead of a folder."""
    was_folder = place.is_dir()
    deleted(place)
    if was_folder:
        place.write_text("else", encoding="utf-8")
    else:
        place.mkdir()
        (place / "something").write_text("else", encoding="utf-8")


def foreign(other: Path) -> Harm:
    """Give the harm of holding what another library's file holds."""

    def foreign(file: Path) -> None:
        shutil.copyfile(other, file)

    return foreign


HARMS: tuple[Harm, ...] = (
    truncated, shortened, emptied, zeroed, flipped, garbage, deleted, swapped,
)  # fmt: skip
