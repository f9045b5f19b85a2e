"""What a library must hold: a log that the writer keeps, and what follows from it.

Each line is one JSON object, written whole with one system call, so that it stands whatever
becomes of the process. `begin` says what an operation is about to change, `done` that it was
reported. Between the two a document may be as before or as after; when the writer is killed in
between, `settled` says what was found afterwards.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterable, Mapping
from pathlib import Path

State = tuple[int, int] | None
"""Version and paragraphs of a document; None when it is not there."""


class Log:
    """Appends lines to the log."""

    def __init__(self, file: Path) -> None:
        self._opened = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)

    def begin(self, what: str, changes: Mapping[str, State]) -> None:
        """Say that documents are about to change."""
        self._write({"at": "begin", "what": what, "changes": changes})

    def done(self, what: str) -> None:
        """Say that the library has reported what was begun."""
        self._write({"at": "done", "what": what})

    def settled(self, states: Mapping[str, State]) -> None:
        """Say how the documents in doubt were found."""
        self._write({"at": "settled", "changes": states})

    def failed(self, what: str, message: str) -> None:
        """Say that what was begun ended with an error that the library explained."""
        self._write({"at": "failed", "what": what, "message": message})

    def note(self, **values: object) -> None:
        """Say anything else."""
        self._write({"at": "note", **values})

    def _write(self, line: dict[str, object]) -> None:
        text = json.dumps({**line, "pid": os.getpid(), "time": time.time()}) + "\n"
        os.write(self._opened, text.encode())


class Truth:
    """What the log says so far; `read` goes on where it stopped."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._place = 0
        self.held: dict[str, State] = {}
        self.doubtful: dict[str, State] = {}
        self.touched: dict[str, set[State]] = {}
        self.operations = 0
        self.what = ""

    def read(self) -> set[str]:
        """Take in what has been written since, whole lines only; give the names it is about."""
        with self._file.open("rb") as opened:
            opened.seek(self._place)
            data = opened.read()
        end = data.rfind(b"\n") + 1
        self._place += end
        named: set[str] = set(self.doubtful)
        for line in data[:end].splitlines():
            named |= self._take(json.loads(line))
        return named

    def may_be(self, name: str) -> set[State]:
        """Give the states that a document may be found in."""
        known = {self.held.get(name)}
        return known | {self.doubtful[name]} if name in self.doubtful else known

    def certain(self) -> dict[str, tuple[int, int]]:
        """Give the documents that must be there, in this version."""
        return {
            name: state
            for name, state in self.held.items()
            if state is not None and name not in self.doubtful
        }

    def names(self) -> Iterable[str]:
        """Give every name that was ever begun."""
        return self.held.keys() | self.doubtful.keys()

    def _take(self, line: dict[str, object]) -> set[str]:
        found = line.get("changes")
        self.what = str(line.get("what", self.what)) if line["at"] != "done" else ""
        changes = {
            name: None if state is None else (state[0], state[1])
            for name, state in (found.items() if isinstance(found, dict) else ())
        }
        for name, state in changes.items():
            self.touched.setdefault(name, set()).add(state)
        if line["at"] == "begin":
            self.doubtful = changes
        elif line["at"] == "done":
            self.held.update(self.doubtful)
            self.doubtful = {}
            self.operations += 1
        elif line["at"] == "settled":
            self.held.update(changes)
            self.doubtful = {}
        return set(changes)
