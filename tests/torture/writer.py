"""A process that writes to a library until it is killed: `python -m tests.torture.writer …`.

It keeps the log of `tests.torture.truth`. It uses only what every program can: the methods of
`Library`, and those of later versions where they are there.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
from collections.abc import Iterator
from pathlib import Path

from qa.calibration import Calibration
from qa.errors import LibraryError
from qa.library import Library
from qa.records import Document
from tests.fakes import FakeEncoder
from tests.torture.texts import LARGE, SMALL, text_of
from tests.torture.truth import Log, State, Truth

FOLDERS, DOCUMENTS = 6, 40
"""What comes and goes; folder 0 is added once and never touched."""

Changes = dict[str, State]


def encoder_of(name: str) -> str | FakeEncoder:
    """Give the encoder of an option: `fake` loads nothing."""
    return FakeEncoder() if name == "fake" else name


class Writer:
    """Does one thing after another, as chance has it."""

    def __init__(self, place: Path, seed: int, encoder: str, large: int) -> None:
        self.place = place
        self.texts = place / "texts"
        self.encoder = encoder_of(encoder)
        self.dice = random.Random(seed)
        self.large = large
        self.log = Log(place / "log")
        self.truth = Truth(place / "log")
        self.truth.read()
        self.number = 0
        # Above every version there was, so that none is ever used for another text.
        tried = [state[0] for states in self.truth.touched.values() for state in states if state]
        self.version = max(tried, default=0)

    def run(self, library: Library) -> Iterator[str]:
        """Do one thing at each turn, and say what it was."""
        kinds = [self.add, self.update, self.gone, self.remove, self.remove_folder, self.given]
        weights = [6, 5, 3, 3, 1, 4]
        others = [self.many, self.rebuild, self.backup, self.settings, self.optimize]
        while True:
            one = self.dice.choices([*kinds, *others], [*weights, 3, 1, 1, 1, 1])[0]
            one(library)
            yield one.__name__

    def add(self, library: Library) -> None:
        """Add new files of a folder."""
        folder = self.folder()
        self._write_files(library, "add", self._new(folder, self.dice.randint(1, 12), SMALL))

    def many(self, library: Library) -> None:
        """Add so many large files that they are written in several batches; then some go."""
        folder = self.folder()
        self._write_files(library, "many", self._new(folder, self.large, LARGE))
        gone = [name for name, state in self.truth.certain().items() if state[1] == LARGE]
        if len(gone) > 3 * self.large:
            self._write_files(library, "fewer", dict.fromkeys(gone))

    def update(self, library: Library) -> None:
        """Add files that have changed, and a new one."""
        folder = self.folder()
        changes = {name: self._next(SMALL) for name in self._some(folder)}
        self._write_files(library, "update", {**changes, **self._new(folder, 1, SMALL)})

    def gone(self, library: Library) -> None:
        """Add a folder from which files have gone."""
        self._write_files(library, "gone", dict.fromkeys(self._some(self.folder())))

    def remove(self, library: Library) -> None:
        """Take out some documents by their paths."""
        self._remove(library, self._some(self.folder()))

    def remove_folder(self, library: Library) -> None:
        """Take out all of a folder."""
        folder = self.texts / f"f{self.folder()}"
        names = [name for name in self.truth.certain() if name.split("d")[0] == folder.name]
        self._remove(library, names, str(folder))

    def given(self, library: Library) -> None:
        """Add documents that have no files; a later one takes an earlier one's place."""
        names = [f"f99d{self.dice.randint(0, 30)}" for _ in range(self.dice.randint(1, 8))]
        changes: Changes = {name: self._next(SMALL) for name in names}
        self.log.begin("given", changes)
        library.add([given(name, *state) for name, state in changes.items() if state])
        self._done("given")

    def rebuild(self, library: Library) -> None:
        """Make everything anew."""
        self.log.begin("rebuild", {})
        Library.rebuild(self.place / "library", self.encoder)
        self._done("rebuild")

    def backup(self, library: Library) -> None:
        """Write a backup, and say what it must hold."""
        self.number += 1
        file = self.place / f"{os.getpid()}-{self.number}.backup"
        self.log.begin("backup", {})
        library.backup(file)
        self.log.note(backup=str(file), holds=self.truth.certain())
        self._done("backup")

    def settings(self, library: Library) -> None:
        """Keep a calibration, or the shipped one again."""
        slope = self.dice.choice([None, 1.0, 1.5])
        kept = None if slope is None else Calibration(slope, 0.0, 0.3, 0.05, 20, made=True)
        self.log.begin("settings", {})
        library.set_calibration(kept)
        self._done("settings")

    def optimize(self, library: Library) -> None:
        """Merge what can be merged, where the library has a method for it."""
        merge = getattr(library, "optimize", None)
        if merge is not None:
            self.log.begin("optimize", {})
            merge()
            self._done("optimize")

    def folder(self) -> int:
        """Choose one of the folders that change."""
        return self.dice.randint(1, FOLDERS)

    def _write_files(self, library: Library, what: str, changes: Changes) -> None:
        self.log.begin(what, changes)
        folders = set()
        for name, state in changes.items():
            file = self.texts / name.split("d")[0] / f"{name}.txt"
            file.parent.mkdir(parents=True, exist_ok=True)
            (file.parent / "picture.png").touch()  # of an empty folder nothing is removed
            folders.add(file.parent)
            if state is None:
                file.unlink(missing_ok=True)
            else:
                file.write_text(text_of(name, *state), encoding="utf-8")
        if folders:
            report = library.add(sorted(folders))
            if report.failed:
                raise AssertionError(f"{what}: {report.failed}")
        self._done(what)

    def _remove(self, library: Library, names: list[str], asked: str | None = None) -> None:
        if not names:
            return
        self.log.begin("remove", dict.fromkeys(names))
        # Files first: one that stayed would come back with the next `add` of its folder.
        for name in names:
            (self.texts / name.split("d")[0] / f"{name}.txt").unlink(missing_ok=True)
        library.remove(asked or [f"{name}.txt" for name in names])
        self._done("remove")

    def _done(self, what: str) -> None:
        self.log.done(what)
        self.truth.read()

    def _some(self, folder: int) -> list[str]:
        held = sorted(n for n in self.truth.certain() if n.startswith(f"f{folder}d"))
        return self.dice.sample(held, min(len(held), self.dice.randint(1, 8)))

    def _new(self, folder: int, most: int, count: int) -> Changes:
        held = self.truth.certain()
        free = [n for i in range(DOCUMENTS) if (n := f"f{folder}d{i}") not in held]
        return {name: self._next(count) for name in free[:most]}

    def _next(self, count: int) -> tuple[int, int]:
        self.version += 1
        return self.version, count


def given(name: str, version: int, count: int) -> Document:
    """Give a document as programs do, without a file."""
    return Document.from_text(text_of(name, version, count), path=f"{name}.txt")


def main() -> None:
    """Write until killed, or for so many turns; an error that says what to do ends it with 1."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("place", type=Path)
    parser.add_argument("--seed", type=int, help="without it they are read from the input")
    parser.add_argument("--encoder", default="fake")
    parser.add_argument("--large", type=int, default=12)
    parser.add_argument("--turns", type=int, default=1_000_000)
    asked = parser.parse_args()
    if asked.seed is None:
        nurse(asked)
    else:
        write(asked, asked.seed)


def write(asked: argparse.Namespace, seed: int) -> None:
    """Write until killed."""
    writer = Writer(asked.place, seed, asked.encoder, asked.large)
    try:
        with Library.open(asked.place / "library", writer.encoder) as library:
            print("ready", flush=True)
            turns = writer.run(library)
            for _ in range(asked.turns):
                next(turns)
    except LibraryError as error:
        writer.log.failed("", str(error))
        sys.exit(1)


def nurse(asked: argparse.Namespace) -> None:
    """For each seed in the input start a writer in a session of its own, and say its number.

    Everything has been imported by then, which takes longer than a writer lives.
    """
    for line in sys.stdin:
        number = os.fork()
        if not number:
            os.setsid()
            write(asked, int(line))
            os._exit(0)
        print(number, flush=True)
        os.waitpid(number, 0)
        print("ended", flush=True)


if __name__ == "__main__":
    main()
