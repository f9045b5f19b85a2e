"""A process that asks a library without pause: `python -m tests.torture.reader …`.

Threads of three kinds share one `Library`. At the end of its input it prints what it saw, as JSON.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import threading
import time
import traceback
from dataclasses import dataclass, field
from pathlib import Path

from qa.library import Library
from qa.records import Document, Hit
from tests.torture.comparing import uncovered
from tests.torture.texts import faults_of, marker, named, question_of
from tests.torture.truth import Truth
from tests.torture.writer import encoder_of

PATIENCE_S = 20.0
"""How long something may stay unfound before it counts as lost; how late it came is reported."""

REOPENED = 40  # questions


@dataclass
class Seen:
    """What one process saw."""

    questions: int = 0
    faults: list[str] = field(default_factory=list)
    late_s: list[tuple[float, str]] = field(default_factory=list)
    commits_s: list[float] = field(default_factory=list)


class Reader:
    """Asks, and compares what it is given with the log before and after."""

    def __init__(self, place: Path, seed: int, encoder: str, seen: Seen) -> None:
        self.place = place
        self.encoder = encoder_of(encoder)
        self.dice = random.Random(seed)
        self.seen = seen
        self.truth = Truth(place / "log")
        self.library = Library.open(place / "library", self.encoder)

    def ask(self) -> None:
        """Ask for a document that is there for certain: it must be found, in its last version."""
        self.truth.read()
        held = sorted(self.truth.certain().items())
        if not held:
            return
        name, state = self.dice.choice(held)
        began, question, during = time.monotonic(), question_of(name, *state), self.truth.what
        while True:
            asked = time.monotonic()
            hits = self.library.search(question, k=12)
            self.seen.questions += 1
            moved = self.truth.read()
            self._check(hits, moved)
            texts = [hit.passage.text for hit in hits]
            if name in moved or any(marker(name, state[0]) + "p" in text for text in texts):
                break
            if time.monotonic() - began > PATIENCE_S:
                self.seen.faults.append(f"{marker(name, state[0])} is not found")
                break
        # Until the question that found it was asked: how long that took is another matter.
        if name not in moved and asked > began + 0.01:
            self.seen.late_s.append((round(asked - began, 3), during or "nothing"))
        self._look_closely(question, hits)

    def list_all(self) -> None:
        """See that every document that is there for certain is listed, and is whole."""
        self.truth.read()
        held = self.truth.certain()
        listed = list(self.library.documents())
        moved = self.truth.read()
        self.library.status()
        lacking = held.keys() - {Path(one.path).stem for one in listed} - moved
        self.seen.faults += [f"{name} is not listed" for name in sorted(lacking)]
        self.seen.faults += [fault for one in listed for fault in faults_of(one)]

    def watch(self) -> None:
        """Measure how long after its commit a document is found that is just being added."""
        self.truth.read()
        coming = [(n, s) for n, s in self.truth.doubtful.items() if s and n not in self.truth.held]
        if not coming:
            return
        name, state = self.dice.choice(coming)
        folder = name.split("d")[0]
        source = "" if folder == "f99" else str((self.place / "texts" / folder).resolve())
        one = Document.from_text("", path=f"{name}.txt")
        key = Document(source, one.path, "", "", "")
        if not self.library.passages(key):
            return
        began = time.monotonic()
        question = question_of(name, *state)
        while (asked := time.monotonic()) - began < PATIENCE_S:
            hits = self.library.search(question, k=12)
            self.seen.questions += 1
            if any(marker(name, state[0]) + "p" in hit.passage.text for hit in hits):
                self.seen.commits_s.append(asked - began)
                return
            self.truth.read()
            if name not in self.truth.doubtful:
                return  # removed again, or the writer was killed

    def reopen(self) -> None:
        """Close the library and open it again, as a new process would."""
        self.library.close()
        self.library = Library.open(self.place / "library", self.encoder)

    def _check(self, hits: list[Hit], moved: set[str]) -> None:
        for hit in hits:
            passage, document = hit.passage, hit.document
            if document.text[passage.start : passage.end] != passage.text:
                self.seen.faults.append(f"{document.path}: a passage that is not its own")
            self.seen.faults += faults_of(document)
            name, version = named(document.text)
            versions = {state and state[0] for state in self.truth.may_be(name)}
            if name not in moved and version not in versions:
                self.seen.faults.append(f"{marker(name, version)} is found, {versions} should be")

    def _look_closely(self, question: str, hits: list[Hit]) -> None:
        if hits and self.dice.random() < 0.3:
            answer = self.library.ask(question)
            if answer.found and answer.quote not in answer.citations[0].document.text:
                self.seen.faults.append(f"{answer.quote} does not stand in its document")
        if hits and self.dice.random() < 0.3:
            document = hits[0].document
            name, moved = named(document.text)[0], self.truth.read()
            passages = self.library.passages(document)
            moved |= self.truth.read()
            if name not in moved and uncovered(document, passages):
                self.seen.faults.append(f"{document.path}: {len(passages)} passages are not all")


def run(reader: Reader, stop: threading.Event, *, kind: str) -> None:
    """Do one kind of thing until `stop`; whatever is raised is a fault."""
    turn = 0
    while not stop.is_set():
        turn += 1
        try:
            if kind == "watch":
                reader.watch()
                stop.wait(0.01)
            elif kind == "list":
                reader.list_all()
                stop.wait(0.1)
            else:
                reader.ask()
                if turn % REOPENED == 0:
                    reader.reopen()
        except Exception:
            reader.seen.faults.append(traceback.format_exc())
            stop.wait(0.5)


def main() -> None:
    """Read until the input ends."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("place", type=Path)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--encoder", default="fake")
    parser.add_argument("kinds", nargs="+", choices=["ask", "list", "watch"])
    asked = parser.parse_args()
    stop, seen = threading.Event(), Seen()
    threads = []
    for number, kind in enumerate(asked.kinds):
        reader = Reader(asked.place, asked.seed + number, asked.encoder, seen)
        threads.append(threading.Thread(target=run, args=(reader, stop), kwargs={"kind": kind}))
    for thread in threads:
        thread.start()
    print("ready", flush=True)
    sys.stdin.read()
    stop.set()
    for thread in threads:
        thread.join()
    print(json.dumps(vars(seen), ensure_ascii=False))


if __name__ == "__main__":
    main()
