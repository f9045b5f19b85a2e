"""A writer killed again and again while others ask, and what is found after each kill."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from qa.backups import restore
from qa.library import Library
from tests.torture.comparing import index_faults, text_faults
from tests.torture.texts import SMALL, named, text_of
from tests.torture.truth import Log, Truth
from tests.torture.writer import FOLDERS, encoder_of

ROOT = Path(__file__).parents[2]
STEPS = ("fsync", "fdatasync", "rename", "renameat", "unlink", "ftruncate")
"""The calls after which a disk is in another state; `step` kills at one of them."""

TIMES = (1, 2, 3, 4, 5, 7, 9, 12, 16, 21)
"""Which time a thread makes the call. (The first ones are made while the library is opened.)"""

WAIT_S = 120.0
STRACE_S = 8.0  # how much longer everything takes under strace
HEALING_S = 10.0
SURVIVAL_S = 5.0  # what the processes of a killed writer get to end


Process = subprocess.Popen[str]


@dataclass(frozen=True, slots=True)
class Plan:
    """How long and how hard.

    Attributes:
        place: An empty folder.
        seed: Everything that is left to chance follows from it, except for instants.
        kills: How often the writer is killed.
        readers: What the threads of each reading process do.
        modes: How it is killed: `group` (all its processes), `main` (the first only), `step`
            (at a chosen call, where strace is there).
        longest_s: At most how long it works before it is killed.
        large: Documents of the largest additions.
        encoder: As `Library.open` takes it, or `fake`.
        unhurried: Whether every backup is restored and compared.
        minutes: After which it stops before all kills are done.
    """

    place: Path
    seed: int
    kills: int
    readers: tuple[tuple[str, ...], ...] = (("ask", "ask", "watch"), ("ask", "list"))
    modes: tuple[str, ...] = ("group", "main", "step")
    longest_s: float = 2.0
    large: int = 24
    encoder: str = "fake"
    unhurried: bool = True
    minutes: float = 600.0


@dataclass
class Result:
    """What came of it; sound when `faults` is empty."""

    seed: int
    kills: Counter[str] = field(default_factory=Counter)
    killed_in: Counter[str] = field(default_factory=Counter)
    operations: int = 0
    in_doubt: Counter[str] = field(default_factory=Counter)
    healing_s: list[float] = field(default_factory=list)
    opening_s: list[float] = field(default_factory=list)
    questions: int = 0
    late_s: list[tuple[float, str]] = field(default_factory=list)
    commits_s: list[float] = field(default_factory=list)
    backups: int = 0
    documents: int = 0
    passages: int = 0
    faults: list[str] = field(default_factory=list)


class Torture:
    """One library, one writer at a time, and its readers."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.dice = random.Random(plan.seed)
        self.result = Result(plan.seed)
        self.log = Log(plan.place / "log")
        self.truth = Truth(plan.place / "log")
        self.encoder = encoder_of(plan.encoder)
        self.library = plan.place / "library"
        self.readers: list[Process] = []
        self.nurse: Process | None = None
        self._large = ("--large", str(plan.large))

    def run(self) -> Result:
        """Kill so often, and compare after each time."""
        until = time.monotonic() + self.plan.minutes * 60
        try:
            self._begin()
            for number in range(self.plan.kills):
                if time.monotonic() > until:
                    break
                mode = self.plan.modes[number % len(self.plan.modes)]
                self._kill_one(number, mode)
                self._settle(f"kill {number} ({mode})")
            self._end()
        finally:
            self.close()
        return self.result

    def _begin(self) -> None:
        names = {f"f0d{number}": (1, SMALL) for number in range(12)}
        self.log.begin("first", names)
        folder = self.plan.place / "texts" / "f0"
        folder.mkdir(parents=True)
        for name, state in names.items():
            (folder / f"{name}.txt").write_text(text_of(name, *state), encoding="utf-8")
        with Library.open(self.library, self.encoder) as library:
            library.add(folder)
        self.log.done("first")
        for number, kinds in enumerate(self.plan.readers):
            seed = str(self.plan.seed * 100 + number * 10)
            self.readers.append(self._start("reader", *kinds, "--seed", seed))
        for reader in self.readers:
            _wait_until_ready(reader)

    def _kill_one(self, number: int, mode: str) -> None:
        seed = self.plan.seed * 1_000 + number
        before: list[str] = []
        if mode == "step":
            call, times = self.dice.choice(STEPS), self.dice.choice(TIMES)
            before = [
                "strace", "-f", "-qq", "-o", "/dev/null", "-e", f"trace={call}",
                "-e", f"inject={call}:signal=SIGKILL:when={times}",
            ]  # fmt: skip
        self.result.kills[mode] += 1
        if mode == "step":
            process = self._start("writer", *self._large, "--seed", str(seed), before=before)
            with suppress(subprocess.TimeoutExpired):
                process.wait(self.plan.longest_s + STRACE_S)
                self.result.kills["at the call"] += 1
            _kill_session(process.pid)
            process.wait(WAIT_S)
            _close(process)
            return
        session = self._ask_nurse(str(seed))
        if self._ask_nurse() == "ready":
            time.sleep(self.dice.uniform(0, self.plan.longest_s))
        if mode == "main":
            with suppress(ProcessLookupError):
                os.kill(int(session), signal.SIGKILL)
        else:
            _kill_session(int(session))
        while self._ask_nurse() != "ended":
            pass
        if left := _survivors(int(session)):
            self.result.faults.append(f"kill {number}: {left} outlived the writer")
            _kill_session(int(session))

    def _ask_nurse(self, line: str = "") -> str:
        if self.nurse is None:
            self.nurse = self._start("writer", *self._large)
        assert self.nurse.stdin is not None and self.nurse.stdout is not None
        if line:
            self.nurse.stdin.write(f"{line}\n")
            self.nurse.stdin.flush()
        said = self.nurse.stdout.readline()
        if not said:
            raise AssertionError("the process that starts the writers ended")
        return said.strip()

    def _settle(self, when: str) -> None:
        """Open the library, compare all of it, and put the files as they are in the library."""
        self.truth.read()
        for line in _tail(self.plan.place / "log"):
            if line["at"] == "failed":
                self.result.faults.append(f"{when}: the writer ended with {line['message']}")
        self.result.killed_in[_what(self.plan.place / "log")] += 1
        began = time.monotonic()
        with Library.open(self.library, self.encoder, create=False) as library:
            self.result.opening_s.append(time.monotonic() - began)
            faults = index_faults(library)
            while faults and time.monotonic() - began < HEALING_S:  # a reader may be healing it
                time.sleep(0.05)
                faults = index_faults(library)
            self.result.healing_s.append(time.monotonic() - began)
            found: dict[str, tuple[int, int]] = {}
            for document in library.documents():
                name, version = named(document.text)
                count = int(document.text.split("，", maxsplit=1)[0].rpartition("o")[2])
                faults += [f"{name} is there twice"] if name in found else []
                found[name] = (version, count)
            faults += text_faults(library)
            self.result.passages = library.status().passages
            if damage := library.damage():
                faults.append(damage)
        faults += self._lost(found)
        self.result.faults += [f"{when}: {fault}" for fault in faults]
        self.result.documents = len(found)
        self._restore_files(found)
        self._try_backups(when)  # before the log is settled, which says what they must hold
        self.log.settled({name: found.get(name) for name in self.truth.doubtful})

    def _lost(self, found: dict[str, tuple[int, int]]) -> list[str]:
        """Compare what is there with what may be, and count how doubts came out."""
        faults = []
        for name in {*self.truth.names(), *found}:
            allowed = self.truth.may_be(name)
            if found.get(name) not in allowed:
                faults.append(f"{name} is {found.get(name)}, it should be one of {allowed}")
        for name, state in self.truth.doubtful.items():
            self.result.in_doubt["after" if found.get(name) == state else "before"] += 1
        return faults

    def _restore_files(self, found: dict[str, tuple[int, int]]) -> None:
        for name in self.truth.doubtful:
            folder = self.plan.place / "texts" / name.split("d")[0]
            file, state = folder / f"{name}.txt", found.get(name)
            if state is None:
                file.unlink(missing_ok=True)
            elif folder.name in {f"f{number}" for number in range(FOLDERS + 1)}:
                folder.mkdir(exist_ok=True)
                file.write_text(text_of(name, *state), encoding="utf-8")

    def _try_backups(self, when: str) -> None:
        """Make a library of each backup that was reported: it holds what was there at the time."""
        held = {
            Path(line["backup"]): line["holds"]
            for line in _tail(self.plan.place / "log")
            if "backup" in line
        }
        for file in self.plan.place.glob("*.backup*"):
            if self.plan.unhurried and file in held:
                again = self.plan.place / "again"
                restore(file, again)
                with Library.open(again, self.encoder, create=False) as library:
                    faults = text_faults(library) + index_faults(library)
                    there = {named(one.text)[0]: named(one.text)[1] for one in library.documents()}
                wanted = {name: state[0] for name, state in held[file].items()}
                if there != wanted:
                    faults.append(f"the backup holds {len(there)}, not {len(wanted)}")
                self.result.faults += [f"{when}, backup: {fault}" for fault in faults]
                self.result.backups += 1
                shutil.rmtree(again)
            file.unlink()

    def close(self) -> None:
        """End whatever still runs."""
        for process in (*self.readers, *([self.nurse] if self.nurse else [])):
            _kill_session(process.pid)
            process.wait(WAIT_S)
            _close(process)

    def _end(self) -> None:
        for reader in self.readers:
            code = reader.poll()
            if code is not None:
                self.result.faults.append(f"a reader ended with {code}")
                continue
            out, _ = reader.communicate(timeout=WAIT_S * 2)
            seen = json.loads(out)
            self.result.questions += seen["questions"]
            self.result.faults += seen["faults"]
            self.result.late_s += seen["late_s"]
            self.result.commits_s += seen["commits_s"]
        self.result.operations = self.truth.operations

    def _start(self, what: str, *more: str, before: list[str] | None = None) -> Process:
        command = [sys.executable, "-m", f"tests.torture.{what}", str(self.plan.place)]
        with (self.plan.place / f"{what}.errors").open("a") as errors:
            return subprocess.Popen(
                [*(before or []), *command, *more, "--encoder", self.plan.encoder],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors, text=True,
                cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, start_new_session=True,
            )  # fmt: skip


def _wait_until_ready(process: Process) -> bool:
    assert process.stdout is not None
    return process.stdout.readline() == "ready\n"


def _close(process: Process) -> None:
    for stream in (process.stdin, process.stdout):
        if stream is not None:
            stream.close()


def _members(session: int) -> list[int]:
    """Give the living processes of a session."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with suppress(OSError):
                state, *numbers = (entry / "stat").read_text().rpartition(")")[2].split()[:4]
                if int(numbers[2]) == session and state != "Z":
                    found.append(int(entry.name))
    return found


def _kill_session(session: int) -> None:
    for number in _members(session):
        with suppress(ProcessLookupError):
            os.kill(number, signal.SIGKILL)


def _survivors(session: int) -> list[int]:
    until = time.monotonic() + SURVIVAL_S
    while (left := _members(session)) and time.monotonic() < until:
        time.sleep(0.02)
    return left


def _tail(log: Path) -> list[dict[str, object]]:
    """Give the lines since the last time that things were settled."""
    lines = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
    last = max((n for n, line in enumerate(lines) if line["at"] == "settled"), default=-1)
    return lines[last + 1 :]


def _what(log: Path) -> str:
    """Say what was under way at the end."""
    lines = [line for line in _tail(log) if line["at"] in ("begin", "done")]
    last = lines[-1] if lines else {"at": "done"}
    return str(last["what"]) if last["at"] == "begin" else "nothing"
