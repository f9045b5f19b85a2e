"""A small disk filled up while a library on it is written: `python -m tests.torture.disks …`.

Before each step a ballast leaves so many bytes free, so that the disk is full now in SQLite's
write-ahead log, now in the term index, now in the vector file.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import shutil
import traceback
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from qa import indexes
from qa.backups import restore
from qa.calibration import Calibration
from qa.errors import BackupError, Fault, LibraryDamaged
from qa.library import Library
from tests.fakes import FakeEncoder, delete_folder
from tests.torture.comparing import index_faults, text_faults
from tests.torture.texts import SMALL, marker, named, question_of
from tests.torture.writer import given

FREE_KB = (0, 8, 30, 60, 100, 160, 250, 400, 600, 900, 1_300, 2_000, 3_000, 5_000)
STEADY, ADDED, PARAGRAPHS = 20, 8, 60
DIMENSIONS = 1_024  # so that the vectors weigh more than the terms


Step = Callable[[Library], dict[str, int | None]]


class Told(logging.Handler):
    """Keeps what the product logs for the person at the keyboard."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep one."""
        self.lines.append(record.getMessage())


class Disk:
    """A library on a disk that is full now and then."""

    def __init__(self, place: Path) -> None:
        if hasattr(indexes, "TAIL_LIMIT"):
            indexes.TAIL_LIMIT = 40  # so that there is a vector file
        self.place = place
        self.encoder = FakeEncoder(dimensions=DIMENSIONS)
        self.library = place / "library"
        self.outcomes: Counter[str] = Counter()
        self.faults: list[str] = []
        self.told = Told()
        logging.getLogger("qa").addHandler(self.told)
        self.versions = 1
        self.held = {f"f99d{n}": 1 for n in range(STEADY)}
        with Library.open(self.library, self.encoder) as library:
            library.add([given(name, 1, SMALL) for name in self.held])
            library.backup(place / "whole.backup")

    def try_all(self, free_kb: tuple[int, ...]) -> None:
        """Try every step with every amount of free space."""
        for free in free_kb:
            for step in self._steps():
                name = f"{step.__name__} with {free} kB free"
                try:
                    self._try(step, name, free * 1_000)
                except Exception:
                    self.faults.append(f"{name}: {traceback.format_exc()[-900:]}")

    def _steps(self) -> list[Step]:
        writing = [self.add, self.remove, self.rebuild, self.optimize]
        return [*writing, self.heal, self.backup, self.restore, self.set]

    def add(self, library: Library) -> dict[str, int | None]:
        """Update and add documents of some length."""
        library.add([given(n, self.versions, PARAGRAPHS) for n in self._next()])
        return dict.fromkeys(self._next(), self.versions)

    def remove(self, library: Library) -> dict[str, int | None]:
        """Take those out again."""
        there = [n for n in self._next() if n in self.held]
        if there:
            library.remove([f"{name}.txt" for name in there])
        return dict.fromkeys(there)

    def rebuild(self, library: Library) -> dict[str, int | None]:
        """Make all anew."""
        Library.rebuild(self.library, self.encoder)
        return {}

    def optimize(self, library: Library) -> dict[str, int | None]:
        """Make both indexes anew."""
        library.optimize(anew=True)
        return {}

    def backup(self, library: Library) -> dict[str, int | None]:
        """Write a backup onto the same disk."""
        file = self.place / "one.backup"
        try:
            library.backup(file)
        finally:
            file.unlink(missing_ok=True)
        return {}

    def set(self, library: Library) -> dict[str, int | None]:
        """Keep a calibration."""
        library.set_calibration(Calibration(1.0, 0.0, 0.3, 0.05, 20, made=True))
        return {}

    def heal(self, library: Library) -> dict[str, int | None]:
        """Ask a library that has lost its indexes: it makes them anew, or says that it cannot."""
        hits = library.search(question_of("f99d0", 1, SMALL), k=5)
        if not hits:
            raise AssertionError("nothing is found, not even by vectors")
        if library._indexes.behind:
            self._one_line("heal", self.told.lines, "No space left on device")
        return {}

    def restore(self, library: Library) -> dict[str, int | None]:
        """Make a library of a backup: a whole one, or none."""
        again = self.place / "again"
        try:
            restore(self.place / "whole.backup", again)
        except (LibraryDamaged, BackupError):
            if again.exists():
                raise AssertionError(f"left {list(again.iterdir())}") from None
            raise
        with suppress(LibraryDamaged), Library.open(again, self.encoder) as made:
            self._ask(made, "restored")
        return {}

    def _next(self) -> list[str]:
        return [f"f99d{n}" for n in range(STEADY - 2, STEADY - 2 + ADDED)]

    def _try(self, step: Step, name: str, free: int) -> None:
        self.versions += 1
        doubtful = set(self._next()) if step in (self.add, self.remove) else set()
        with Library.open(self.library, self.encoder) as library:
            if step == self.heal:
                for place in (self.library / "terms", library._indexes.vector_file):
                    delete_folder(place) if place.is_dir() else place.unlink(missing_ok=True)
            self._leave(free)
            self.told.lines.clear()
            try:
                for path, version in step(library).items():
                    self._take(path, version)
                doubtful = set()
                told = step == self.heal and library._indexes.behind
                done = "told beside the answer" if told else "worked"
                self.outcomes[f"{step.__name__}: {done}"] += 1
            except (LibraryDamaged, BackupError) as error:
                self._explained(name, error)
                stage = _stage(str(error), behind=library._indexes.behind)
                self.outcomes[f"{step.__name__}: {stage}"] += 1
            self._ask(library, name)
        try:  # opening works on a full disk, or says what is wrong
            with Library.open(self.library, self.encoder) as library:
                self._ask(library, name)
        except LibraryDamaged as error:
            self._explained(f"{name}, opened", error)
            self.outcomes["open: told"] += 1
        (self.place / "ballast").unlink()
        self._compare(name, doubtful)
        self._compare_restored(name)

    def _compare_restored(self, name: str) -> None:
        again = self.place / "again"
        if again.exists():
            with Library.open(again, self.encoder, create=False) as library:
                faults = text_faults(library) + index_faults(library)
                there = dict(named(one.text) for one in library.documents())
            if there != {f"f99d{n}": 1 for n in range(STEADY)}:
                faults.append(f"{len(there)} documents restored")
            self.faults += [f"{name}, restored: {fault}" for fault in faults]
            shutil.rmtree(again)

    def _take(self, path: str, version: int | None) -> None:
        if version is None:
            self.held.pop(path, None)
        else:
            self.held[path] = version

    def _ask(self, library: Library, name: str) -> None:
        hits = library.search(question_of("f99d0", 1, SMALL), k=5)
        if not any(marker("f99d0", 1) + "p" in hit.passage.text for hit in hits):
            self.outcomes["asked: not found while the disk was full"] += 1

    def _explained(self, name: str, error: Exception) -> None:
        self._one_line(name, [str(error)], "free some space")
        if isinstance(error, LibraryDamaged) and error.fault is not Fault.DISK_FULL:
            self.faults.append(f"{name}: {error.fault}: {error}")

    def _one_line(self, name: str, lines: list[str], saying: str) -> None:
        """Take it for a fault if that is not one line, or does not say this."""
        [line] = lines or [""]
        if "\n" in line or len(line) > 400 or saying not in line:
            self.faults.append(f"{name}: not one line with {saying!r}: {line!r}")

    def _compare(self, name: str, doubtful: set[str]) -> None:
        with Library.open(self.library, self.encoder) as library:
            faults = text_faults(library) + index_faults(library)
            there = dict(named(one.text) for one in library.documents())
            for one in {*there, *self.held} - doubtful:
                if there.get(one) != self.held.get(one):
                    faults.append(f"{one} is {there.get(one)}, not {self.held.get(one)}")
            for one in doubtful:
                if there.get(one) not in (None, self.held.get(one), self.versions):
                    faults.append(f"{one} is {there.get(one)}")
            library.add(given("f99d99", self.versions, SMALL))  # and it goes on
        self.held = {**there, "f99d99": self.versions}
        self.faults += [f"{name}: {fault}" for fault in faults]

    def _leave(self, free: int) -> None:
        status = os.statvfs(self.place)
        size = max(0, status.f_bavail * status.f_frsize - free)
        with (self.place / "ballast").open("wb") as file:
            os.posix_fallocate(file.fileno(), 0, max(size, 1))


def _stage(message: str, *, behind: bool) -> str:
    if "/again" in message:
        return "full in the new library"
    if "library.db" in message:
        return "full in the database"
    if ".backup" in message:
        return "full in the backup"
    return "full in the term index" if behind else "full in the vector file"


def main() -> None:
    """Print outcomes and faults as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("place", type=Path, help="an empty folder that is a small disk of its own")
    parser.add_argument("--free-kb", nargs="+", type=int, default=list(FREE_KB))
    asked = parser.parse_args()
    disk = Disk(asked.place)
    disk.try_all(tuple(asked.free_kb))
    print(json.dumps({"outcomes": disk.outcomes, "faults": disk.faults}, ensure_ascii=False))


if __name__ == "__main__":
    main()
