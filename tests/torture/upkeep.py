"""Real processes killed at their upkeep: `python -m tests.torture.upkeep PLACE --kills 40`.

What is killed are the verbs themselves (`qa optimize`, with and without `--anew`, `qa rebuild`, the
healing that a question brings about, `qa backup`, `qa restore`), with all their processes, at
instants spread over the time that each takes unharmed, while a thread here asks and asks. After
each kill the library is opened, compared with what it must hold, and looked through deeply. `many`
in the name of a kind: however little there is to cut, other processes do it.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
import traceback
from collections import Counter
from pathlib import Path

from qa.backups import restore
from qa.errors import BackupError, LibraryError
from qa.library import Library
from tests.torture.comparing import text_faults
from tests.torture.texts import LARGE, SMALL, named, question_of
from tests.torture.writer import given

ROOT = Path(__file__).parents[2]
DOCUMENTS, CHANGED = 12, 4
KINDS = (
    "optimize", "anew", "rebuild", "heal", "backup", "restore", "two_rebuilds",
    "many_anew", "many_rebuild", "many_heal",
)  # fmt: skip
_QA = "from qa.cli import main; main()"
_MANY = f"""
from qa import bringing_up, sharing
sharing.ALONE_BYTES, sharing._BUNDLE_BYTES, sharing.cores = 0, 9_000, lambda: 2
bringing_up.COMMIT_PASSAGES = 40
{_QA}
"""

Process = subprocess.Popen[bytes]


class Upkeep:
    """One library, and what is killed over it."""

    def __init__(self, place: Path, seed: int) -> None:
        self.place = place
        self.library = place / "library"
        self.dice = random.Random(seed)
        self.version = 1
        self.held = {f"f99d{n}": 1 for n in range(DOCUMENTS)}
        self.outcomes: Counter[str] = Counter()
        self.faults: list[str] = []
        self.took_s: dict[str, float] = {}
        self.asked = 0
        with Library.open(self.library) as library:
            library.add([given(name, 1, LARGE) for name in self.held])
            library.backup(place / "whole.backup")

    def run(self, kinds: list[str], kills: int) -> None:
        """Kill every kind of upkeep in turn, as often as that comes to."""
        for kind in kinds:
            self._once(kind, None)
        for number in range(kills):
            kind = kinds[number % len(kinds)]
            # What comes before the first change, the start of Python above all, is a third.
            self._once(kind, self.took_s[kind] * self.dice.uniform(0.25, 1.05))

    def _once(self, kind: str, killed_after_s: float | None) -> None:
        name = f"{kind} killed after {killed_after_s or 0:.2f} s"
        try:
            self._prepare(kind)
            # Whoever asks heals as well, and would have done it before the other has begun.
            asking = None if kind == "many_heal" else _Asking(self.library)
            began = time.monotonic()
            program = _MANY if kind.startswith("many_") else _QA
            verbs = self._commands(kind.removeprefix("many_"))
            processes = [_started(program, *verb) for verb in verbs]
            for process in processes if killed_after_s is not None else ():
                _wait(process, began + killed_after_s)
            if killed_after_s is not None:
                outcome = _killed(self.dice.choice(processes))
            for process in processes:
                process.wait()
            codes = sorted(process.returncode for process in processes)
            if killed_after_s is None:
                self.took_s[kind], outcome = time.monotonic() - began, f"ended with {codes}"
            asking = asking or _Asking(self.library)
            self.asked += asking.end(self.faults, name)
            if asking.empty:
                self.faults.append(f"{name}: nothing was found, {asking.empty} times")
            self.outcomes[f"{kind}: {outcome}"] += 1
            self._compare(kind, name)
        except Exception:
            self.faults.append(f"{name}: {traceback.format_exc()[-900:]}")

    def _prepare(self, kind: str) -> None:
        """Give the upkeep something to do."""
        self.version += 1
        with Library.open(self.library) as library:
            changed = self.dice.sample(sorted(self.held), CHANGED)
            library.add([given(name, self.version, SMALL) for name in changed[1:]])
            library.add([given(changed[0], self.version, LARGE)])
        self.held.update(dict.fromkeys(changed, self.version))
        if kind.endswith("heal"):
            shutil.rmtree(self.library / self.dice.choice(["terms", "vectors"]), ignore_errors=True)
            for file in (self.library / "terms").glob("*.idx"):
                file.write_bytes(bytes(file.stat().st_size))
        shutil.rmtree(self.place / "restored", ignore_errors=True)
        (self.place / "one.backup").unlink(missing_ok=True)

    def _commands(self, kind: str) -> list[list[str]]:
        here = ["--library", str(self.library)]
        rebuild = ["rebuild", *here]
        return {
            "optimize": [["optimize", *here]],
            "anew": [["optimize", "--anew", *here]],
            "rebuild": [rebuild],
            "two_rebuilds": [rebuild, rebuild],
            "heal": [["search", "枫林 驿站", *here]],
            "backup": [["backup", str(self.place / "one.backup"), *here]],
            "restore": [
                [
                    "restore",
                    str(self.place / "whole.backup"),
                    "--library",
                    str(self.place / "restored"),
                ]
            ],
        }[kind]

    def _compare(self, kind: str, name: str) -> None:
        """Look for what is lost, half or stale; then the same is done to its end."""
        self._same(self.library, self.held, name)
        if kind == "restore":
            self._restored(name)
        elif kind == "backup":
            self._backed_up(name)

    def _same(self, folder: Path, held: dict[str, int], name: str) -> None:
        with Library.open(folder, create=False) as library:
            faults = text_faults(library)
            there = dict(named(one.text) for one in library.documents())
            if there != held:
                faults.append(f"holds {there}, not {held}")
            for one in self.dice.sample(sorted(held), 5):
                count = LARGE if held[one] == 1 else SMALL
                hits = library.search(question_of(one, held[one], count), k=3)
                if one not in {named(hit.passage.text)[0] for hit in hits}:
                    faults.append(f"{one} is not found")
            faults += library.verify(deep=True).indexes
        self.faults += [f"{name}: {fault}" for fault in faults]

    def _restored(self, name: str) -> None:
        folder = self.place / "restored"
        if (folder / "library.db").exists():
            self.outcomes["restore: there afterwards"] += 1
        else:
            self.outcomes["restore: not there afterwards"] += 1
            restore(self.place / "whole.backup", folder)
        self._same(folder, {f"f99d{n}": 1 for n in range(DOCUMENTS)}, name)
        left = [file.name for file in folder.iterdir() if "part" in file.name]
        self.faults += [f"{name}: left {left}"] if left else []

    def _backed_up(self, name: str) -> None:
        file, again = self.place / "one.backup", self.place / "again"
        whole = file.exists()
        self.outcomes[f"backup: {'there' if whole else 'not there'} afterwards"] += 1
        if not whole:
            with Library.open(self.library) as library:
                library.backup(file)
        shutil.rmtree(again, ignore_errors=True)
        restore(file, again)
        self._same(again, self.held, f"{name}, restored")
        left = [one.name for one in self.place.iterdir() if one.name.startswith("one.")]
        self.faults += [f"{name}: left {left}"] if len(left) > 1 else []


class _Asking:
    """Asks in a thread until told to end; whatever is raised is a fault."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._done = threading.Event()
        self._asked = 0
        self.empty = 0
        self._failed: list[str] = []
        self._thread = threading.Thread(target=self._ask)
        self._thread.start()

    def end(self, faults: list[str], name: str) -> int:
        self._done.set()
        self._thread.join()
        faults += [f"{name}: asking: {one}" for one in self._failed]
        return self._asked

    def _ask(self) -> None:
        try:
            with Library.open(self._folder, create=False) as library:
                while not self._done.is_set():
                    if not library.search("枫林 驿站 开放", k=3):
                        self.empty += 1
                    self._asked += 1
                    self._done.wait(0.05)
        except (LibraryError, BackupError, ValueError, OSError):
            self._failed.append(traceback.format_exc()[-600:])


def _started(program: str, *arguments: str) -> Process:
    return subprocess.Popen(
        [sys.executable, "-c", program, *arguments],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=ROOT, start_new_session=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip


def _wait(process: Process, until: float) -> None:
    try:
        process.wait(max(0.0, until - time.monotonic()))
    except subprocess.TimeoutExpired:
        return


def _killed(process: Process) -> str:
    if process.poll() is not None:
        return f"had ended with {process.returncode}"
    os.killpg(process.pid, signal.SIGKILL)
    return "killed"


def run(place: Path, *, kills: int, seed: int, kinds: list[str]) -> dict[str, object]:
    """Kill so often; give outcomes and faults."""
    upkeep = Upkeep(place, seed)
    upkeep.run(kinds, kills)
    return {
        "kills": kills,
        "outcomes": dict(upkeep.outcomes.most_common()),
        "unharmed_s": {kind: round(took, 1) for kind, took in upkeep.took_s.items()},
        "questions_meanwhile": upkeep.asked,
        "faults": upkeep.faults,
    }


def main() -> None:
    """Print outcomes and faults as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("place", type=Path)
    parser.add_argument("--kills", type=int, default=70)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kinds", nargs="+", default=list(KINDS), choices=KINDS)
    asked = parser.parse_args()
    found = run(asked.place, kills=asked.kills, seed=asked.seed, kinds=asked.kinds)
    print(json.dumps(found, ensure_ascii=False))


if __name__ == "__main__":
    main()
