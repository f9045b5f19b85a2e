"""Time whole questions in growing libraries of question sets.

    taskset -c 0 python tests/benchmarks/time_questions.py FILE.jsonl [MORE.jsonl …]

Each FILE.jsonl has its passages beside it (`NAME.passages.jsonl`). The questions of the first are
asked, once its own passages are in, and again as those of each further one are added. `taskset`
holds it to one core; without it the tokenizer takes all.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from time import perf_counter

from qa import Library
from qa.config import Config
from qa.metrics import percentile
from qa.opening import passing_library
from qa.question_files import read_questions

QUESTIONS, WARMING = 400, 30


def main() -> None:
    """Print passages, and the median and 99th percentile of milliseconds."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("files", type=Path, nargs="+", metavar="FILE.jsonl")
    sets = [read_questions(file) for file in parser.parse_args().files]
    asked = [one.question for one in sets[0].questions[:QUESTIONS]]
    with passing_library(Config()) as library:
        for one in sets:
            library.add(one.documents)
            for question in asked[:WARMING]:
                library.ask(question)
            times = [_milliseconds(library, question) for question in asked]
            print(
                f"{library.status().passages} passages: median {percentile(times, 50):.1f} ms, "
                f"99 % {percentile(times, 99):.1f} ms",
                flush=True,
            )


def _milliseconds(library: Library, question: str) -> float:
    began = perf_counter()
    library.ask(question)
    return (perf_counter() - began) * 1_000


if __name__ == "__main__":
    main()
