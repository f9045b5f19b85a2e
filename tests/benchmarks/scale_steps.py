"""The steps of `scale.py` that have a process of their own.

    python tests/benchmarks/scale_steps.py STEP LIBRARY [FILE]

Each prints one line of JSON. `questions` makes questions of the library's own sentences and writes
them with their answers to FILE; `passages` writes the passages as they are encoded; `open` opens
the library and asks once; `ask` asks a quarter of the questions of FILE one after another, searches
for another, asks the third from eight threads and the last with a profile (no question twice: what
was read for it stays in memory for a while); `cold` asks the first quarter in a new process, which
has asked nothing before; `change` adds and removes a document, with another
process looking on (`look`).
"""

from __future__ import annotations

import json
import random
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

_BEGAN = time.perf_counter()  # before what is imported below, which a new process must wait for

from qa import Library  # noqa: E402
from qa.made_questions import made_questions  # noqa: E402
from qa.metrics import percentile  # noqa: E402
from qa.question_files import comparable  # noqa: E402
from tests.benchmarks.scale_profile import shares  # noqa: E402
from tests.benchmarks.scale_watch import resident  # noqa: E402

SEED, QUESTIONS, PARTS, WARMING, ASKERS, TIMES = 8, 1_200, 4, 30, 8, 5
PROFILED = 100
_WAIT_S = 120.0  # for a change to be seen, at most
_POLL_S = 0.01

Values = dict[str, Any]
Pair = tuple[str, str]  # a question, the sentence that answers it


def questions(folder: Path, file: Path) -> Values:
    """Write questions with the sentences that answer them, in a shuffled order."""
    with Library.open(folder, create=False) as library:
        made = list(made_questions(library, QUESTIONS))
    random.Random(SEED).shuffle(made)
    lines = [
        json.dumps({"question": one.question, "answer": one.evidence[0].text}, ensure_ascii=False)
        for one in made
    ]
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return {"questions": len(made)}


def passages(folder: Path, file: Path) -> Values:
    """Write the passages, with their titles and headings in front as the library has them."""
    written = 0
    with Library.open(folder, create=False) as library, file.open("w", encoding="utf-8") as out:
        for document in library.documents():
            for one in library.passages(document):
                head = f"{document.title} {one.heading}".strip()
                out.write(json.dumps({"head": head, "text": one.shown}, ensure_ascii=False) + "\n")
                written += 1
    return {"passages": written}


def open_once(folder: Path, _: Path) -> Values:
    """Time a new process: its imports, opening, the first question and the next."""
    imported = time.perf_counter() - _BEGAN
    began = time.perf_counter()
    with Library.open(folder, create=False) as library:
        opened = time.perf_counter() - began
        memory = resident()
        first = _milliseconds(library.ask, "什么时候举行？")
        second = _milliseconds(library.ask, "主要负责什么工作")
    return {
        "import_s": imported,
        "open_s": opened,
        "first_ms": first,
        "second_ms": second,
        "memory": memory,
    }


def ask(folder: Path, file: Path) -> Values:
    """Time asking and searching by one, and asking by eight; say what stood in first place."""
    asked, searched, together, profiled = parts(read_questions(file))
    with Library.open(folder, create=False) as library:
        state = library.status()
        for question, _ in together[:WARMING]:
            library.ask(question)
        times, first = [], []
        began, cpu = time.perf_counter(), time.process_time()
        for question, answer in asked:
            at = time.perf_counter()
            got = library.ask(question)
            times.append((time.perf_counter() - at) * 1_000)
            cited = next(iter(got.citations or got.closest), None)
            first.append(cited is not None and holds(cited.passage.shown, answer))
        one = _figures(times, began, cpu) | resident()
        began, cpu = time.perf_counter(), time.process_time()
        found = [_milliseconds(library.search, question) for question, _ in searched]
        search = _figures(found, began, cpu)
        began, cpu = time.perf_counter(), time.process_time()
        with ThreadPoolExecutor(ASKERS) as pool:
            times = list(pool.map(lambda pair: _milliseconds(library.ask, pair[0]), together))
        eight = _figures(times, began, cpu) | resident()
        modules = shares(library, [question for question, _ in profiled[:PROFILED]])
    return {
        "passages": state.passages,
        "documents": state.documents,
        "disk_mb": round(state.disk_bytes / 1e6),
        "cutter": state.cutter,
        "recall": state.vector_recall,
        "in_file": state.vectors_in_file,
        "one": one,
        "search": search,
        "eight": eight,
        "modules": modules,
        "first": "".join("01"[right] for right in first),
    }


def cold(folder: Path, file: Path) -> Values:
    """Time the first questions of a process, one after another."""
    asked, *_ = parts(read_questions(file))
    with Library.open(folder, create=False) as library:
        began, cpu = time.perf_counter(), time.process_time()
        times = [_milliseconds(library.ask, question) for question, _ in asked]
        return _figures(times, began, cpu)


def change(folder: Path, _: Path) -> Values:
    """Time adding one document, and removing it, until it is found, and no longer, everywhere."""
    command = [sys.executable, __file__, "look", str(folder)]
    seen: dict[str, list[float]] = {"add": [], "added": [], "remove": [], "removed": []}
    with (
        TemporaryDirectory() as passing,
        Library.open(folder, create=False) as library,
        subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
        ) as other,
    ):
        library.ask("什么时候举行？")
        assert other.stdin and other.stdout
        other.stdout.readline()
        for number in range(TIMES):
            word = f"qzx{number}vk"
            file = Path(passing) / f"{word}.txt"
            file.write_text(
                f"关于 {word} 的通知\n\n{word} 于今日启用，请各处知悉。\n", encoding="utf-8"
            )
            for verb, there, do in (("add", 1, library.add), ("remove", 0, library.remove)):
                other.stdin.write(f"{word} {there}\n")
                began = time.monotonic()
                do(file)
                _wait(library, word, bool(there))
                seen[verb].append(time.monotonic() - began)
                told = float(other.stdout.readline())
                seen["added" if there else "removed"].append(told - began)
        other.stdin.close()
    return {
        name: {"median_s": percentile(some, 50), "most_s": max(some)} for name, some in seen.items()
    }


def look(folder: Path, _: Path) -> None:
    """Look for words until they are there, or gone, and say when that was seen."""
    with Library.open(folder, create=False) as library:
        library.ask("什么时候举行？")
        print("ready", flush=True)
        for line in sys.stdin:
            word, there = line.split()
            print(_wait(library, word, there == "1"), flush=True)


def read_questions(file: Path) -> list[Pair]:
    """Give questions and the sentences that answer them."""
    lines = map(json.loads, file.read_text(encoding="utf-8").splitlines())
    return [(one["question"], one["answer"]) for one in lines]


def parts(questions: Sequence[Pair]) -> list[Sequence[Pair]]:
    """Give quarters of the questions."""
    size = len(questions) // PARTS
    return [questions[at : at + size] for at in range(0, size * PARTS, size)]


def holds(text: str, answer: str) -> bool:
    """Say whether a passage holds the sentence that answers, whichever document it is of."""
    return comparable(answer) in comparable(text)


def _wait(library: Library, word: str, there: bool) -> float:
    """Give the time when a word is seen to be there, or gone; far later when it never is."""
    until = time.monotonic() + _WAIT_S
    while (now := time.monotonic()) < until:
        hits = library.search(word, 1)
        if any(word in hit.passage.text for hit in hits) is there:
            return time.monotonic()
        time.sleep(_POLL_S)
    return now


def _milliseconds(do: Callable[[str], object], question: str) -> float:
    began = time.perf_counter()
    do(question)
    return (time.perf_counter() - began) * 1_000


def _figures(times: Sequence[float], began: float, cpu: float) -> Values:
    """Sum up milliseconds, and what the process took since it began with them."""
    return {
        "median_ms": percentile(times, 50),
        "p99_ms": percentile(times, 99),
        "cpu_ms": (time.process_time() - cpu) / len(times) * 1_000,
        "asked": len(times),
        "a_second": len(times) / (time.perf_counter() - began),
    }


STEPS: dict[str, Callable[[Path, Path], Values | None]] = {
    "questions": questions,
    "passages": passages,
    "open": open_once,
    "ask": ask,
    "cold": cold,
    "change": change,
    "look": look,
}

if __name__ == "__main__":
    got = STEPS[sys.argv[1]](Path(sys.argv[2]), Path(sys.argv[-1]))
    if got is not None:
        print(json.dumps(got, ensure_ascii=False))
