"""The parts of the torture that need a process or a disk of their own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).parents[2]


def damage_files(place: Path, *more: str) -> dict[str, object]:
    """Damage every file of a library in every way; `place` is made."""
    place.mkdir()
    return _outcome("damaged", [str(place), *more])


def fill_disk(place: Path, size: str, *more: str) -> dict[str, object]:
    """Fill a small disk mounted at `place`, which is made.

    Returns:
        Outcomes and faults; only `skipped` and no faults where nothing may be mounted.
    """
    place.mkdir()
    mounting = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(place)]
    if subprocess.run(mounting, capture_output=True, check=False).returncode:
        return {"skipped": "may not mount a small disk here", "faults": []}
    try:
        return _outcome("disks", [str(place), *more])
    finally:
        subprocess.run(["umount", "-l", str(place)], check=True)


def kill_upkeep(place: Path, seed: int, *more: str) -> dict[str, object]:
    """Kill `qa optimize`, `rebuild`, `backup`, `restore` and healing; `place` is made."""
    place.mkdir()
    return _outcome("upkeep", [str(place), "--seed", str(seed), *more])


def _outcome(what: str, arguments: Sequence[str]) -> dict[str, object]:
    done = subprocess.run(
        [sys.executable, "-m", f"tests.torture.{what}", *arguments],
        capture_output=True, text=True, check=False, cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), "RUST_BACKTRACE": "0"},
    )  # fmt: skip
    if done.returncode:
        return {"faults": [f"{what} ended with {done.returncode}: {done.stderr[-2_000:]}"]}
    found: dict[str, object] = json.loads(done.stdout)
    return found
