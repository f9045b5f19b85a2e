"""Run a command and say what it and all its processes cost."""

from __future__ import annotations

import math
import os
import signal
import subprocess
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile

_SHORTEST_S = 0.1  # between two looks at memory
_SHARE = 20  # looking takes at most one in so many seconds: it holds up who is looked at


@dataclass(frozen=True, slots=True)
class Cost:
    """What a command took.

    Attributes:
        wall_s: Seconds.
        cpu_s: Seconds of all its processes, user and system.
        peak_mb: Most memory of all of them at one time: each page of memory or of a mapped file
            counts once, however many of them share it (PSS).
        private_mb: Most of that at one time without mapped files.
        processes: Most at one time.
        code: How it ended; None when it was stopped at its time limit.
        out: The lines it printed.
    """

    wall_s: float
    cpu_s: float
    peak_mb: float
    private_mb: float
    processes: int
    code: int | None
    out: tuple[str, ...]


def watched(
    command: Sequence[str | Path],
    *,
    limit_s: float | None = None,
    env: dict[str, str] | None = None,
) -> Cost:
    """Run a command to its end, or to its limit; what it says of errors goes to ours."""
    with TemporaryFile("w+", encoding="utf-8") as said:
        began = time.monotonic()
        process = subprocess.Popen(
            [str(part) for part in command], stdout=said, env=env, start_new_session=True
        )
        watch = _Watch(process.pid, began + limit_s if limit_s else math.inf)
        watch.start()
        try:
            _, state, used = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(state)
        finally:
            if process.returncode is None:  # we are interrupted, so they are
                os.killpg(process.pid, signal.SIGKILL)
            wall = time.monotonic() - began
            watch.ended.set()
            watch.join()
        said.seek(0)
        return Cost(
            wall_s=round(wall, 3),
            cpu_s=round(used.ru_utime + used.ru_stime, 3),
            peak_mb=round(watch.peak_mb),
            private_mb=round(watch.private_mb),
            processes=watch.processes,
            code=None if watch.stopped else process.returncode,
            out=tuple(said.read().splitlines()),
        )


class _Watch(threading.Thread):
    """Looks at a process and all below it until they end, and kills them at a time."""

    def __init__(self, pid: int, until: float) -> None:
        super().__init__(daemon=True)
        self._pid, self._until = pid, until
        self.ended = threading.Event()
        self.stopped = False
        self.peak_mb = self.private_mb = 0.0
        self.processes = 0

    def run(self) -> None:
        pause = 0.0
        while not self.ended.wait(pause):
            began = time.monotonic()
            whole, private, processes = _memory(self._pid)
            self.peak_mb = max(self.peak_mb, whole)
            self.private_mb = max(self.private_mb, private)
            self.processes = max(self.processes, processes)
            if began > self._until and not self.stopped:
                self.stopped = True
                os.killpg(self._pid, signal.SIGKILL)
            pause = max(_SHORTEST_S, (time.monotonic() - began) * _SHARE)


def resident() -> dict[str, int]:
    """Give the memory this process has now in MB: its own (private), and mapped files."""
    own = mapped = 0
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("RssAnon:"):
            own = int(line.split()[1])
        elif line.startswith("RssFile:"):
            mapped = int(line.split()[1])
    return {"private_mb": own >> 10, "mapped_mb": mapped >> 10}


def _memory(pid: int) -> tuple[float, float, int]:
    """Give MB of a process and all below it, those without mapped files, and how many they are."""
    whole = private = 0
    family = _family(pid)
    for one in family:
        try:
            lines = Path(f"/proc/{one}/smaps_rollup").read_text().splitlines()
        except OSError:  # it has just ended
            continue
        for line in lines:
            if line.startswith("Pss:"):
                whole += int(line.split()[1])
            elif line.startswith("Pss_Anon:"):
                private += int(line.split()[1])
    return whole / 1024, private / 1024, len(family)


def _family(pid: int) -> list[int]:
    found, new = [], [pid]
    while new:
        one = new.pop()
        found.append(one)
        for task in Path(f"/proc/{one}/task").glob("*/children"):
            try:
                new += map(int, task.read_text().split())
            except OSError:
                continue
    return found
