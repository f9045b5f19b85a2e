"""Run a command and say what it and all its processes cost."""

from __future__ import annotations

import os
import signal
import subprocess
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
        most = [0.0, 0.0, 0]
        code: int | None = None
        stopped = False
        while True:
            looked = time.monotonic()
            most = [max(pair) for pair in zip(most, _memory(process.pid), strict=True)]
            done, state, used = os.wait4(process.pid, os.WNOHANG)
            if done:
                code = None if stopped else os.waitstatus_to_exitcode(state)
                process.returncode = os.waitstatus_to_exitcode(state)
                break
            if limit_s is not None and looked - began > limit_s and not stopped:
                os.killpg(process.pid, signal.SIGKILL)
                stopped = True
            time.sleep(max(_SHORTEST_S, (time.monotonic() - looked) * _SHARE))
        wall = time.monotonic() - began
        said.seek(0)
        return Cost(
            round(wall, 3),
            round(used.ru_utime + used.ru_stime, 3),
            round(most[0]),
            round(most[1]),
            int(most[2]),
            code,
            tuple(said.read().splitlines()),
        )


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
