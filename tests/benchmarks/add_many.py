"""How fast a folder is added, and how much memory all processes of it take.

    python tests/benchmarks/add_many.py FOLDER [--alone] [--library DIR]

Adds the folder to a new library in a process of its own. Prints passages, seconds of processor time
here and in other processes, passages per second of it, and the largest memory of all processes
together (what they share counted once). `--alone` adds in one process, whatever the size.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from qa import sharing
from qa.library import Library

_EVERY_S = 0.2


def main() -> None:
    """Add the folder and print what it took."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--alone", action="store_true")
    parser.add_argument("--library", type=Path, help="a folder that stays")
    parser.add_argument("--into", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.into:
        add(given.folder, given.into, alone=given.alone)
        return
    with tempfile.TemporaryDirectory() as passing:
        library = given.library or Path(passing) / "library"
        command = [sys.executable, __file__, str(given.folder), "--into", str(library)]
        process = subprocess.Popen(
            command + ["--alone"] * given.alone, stdout=subprocess.PIPE, text=True
        )
        peak = largest(process.pid, lambda: process.poll() is None)
        out, _ = process.communicate()
        if process.returncode == 0:
            sys.stdout.write(f"{json.dumps(json.loads(out) | {'peak_mb': peak >> 20})}\n")


def add(folder: Path, into: Path, *, alone: bool) -> None:
    """Add in this process and print what it took as JSON."""
    if alone:
        sharing.ALONE_BYTES = 1 << 62
    with Library.open(into) as library:
        started = time.perf_counter()
        report = library.add(folder)
        wall = time.perf_counter() - started
    own, others = (
        (used := resource.getrusage(who)).ru_utime + used.ru_stime
        for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    result = {
        "documents": len(report.added),
        "failed": len(report.failed),
        "passages": report.passages,
        "cpu_s": round(own, 1),
        "cpu_others_s": round(others, 1),
        "wall_s": round(wall, 1),
        "passages_per_cpu_s": round(report.passages / (own + others)),
        "disk_mb": sum(f.stat().st_size for f in into.rglob("*") if f.is_file()) >> 20,
    }
    sys.stdout.write(json.dumps(result))


def largest(pid: int, running: Callable[[], bool]) -> int:
    """Give the largest memory (bytes) of a process and all below it, looking again and again."""
    most = 0
    while running():
        most = max(most, sum(map(_memory, _family(pid))))
        time.sleep(_EVERY_S)
    return most


def _family(pid: int) -> list[int]:
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        threads = os.listdir(f"/proc/{pid}/task")  # noqa: PTH208
        children += [
            child
            for thread in threads
            if thread != str(pid)
            for child in Path(f"/proc/{pid}/task/{thread}/children").read_text().split()
        ]
    except OSError:
        return []
    return [pid, *(one for child in children for one in _family(int(child)))]


def _memory(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) << 10 for line in lines if line.startswith("Pss:"))


if __name__ == "__main__":
    main()
