"""How well a calibration on made questions keeps its promise for the questions people ask.

    python tests/benchmarks/calibrate_on_made.py FILE.jsonl… [--documents FOLDER] [--rate 0.05]

Each file is a set with `NAME.passages.jsonl` beside it, or asks about the documents in FOLDER. Its
questions are asked as they are and with their documents left out; a calibration fitted to questions
made from the documents, which has not seen them, is then applied. Prints one line for each file and
calibration: share of the answerable askings answered, of the unanswerable ones, of those people
wrote as unanswerable, and the calibration error (ten bins).
"""

from __future__ import annotations

import argparse
import random
from pathlib import Path

import numpy as np

from qa.calibrating import Asking, ask_all, effect
from qa.calibration import Calibration, fit
from qa.config import Config
from qa.keeping import shipped
from qa.library import Library
from qa.made_questions import made_questions
from qa.opening import passing_library
from qa.question_files import MeasuredQuestion, QuestionFile, checked, read_questions

QUESTIONS = 400  # of each file


def main() -> None:
    """Measure every file and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("files", type=Path, nargs="+")
    parser.add_argument("--documents", type=Path)
    parser.add_argument("--rate", type=float, default=0.05)
    given = parser.parse_args()
    print("set                    fitted to  threshold  answered  false  written  error")
    for file in given.files:
        with passing_library(Config()) as library:
            read = read_questions(file)
            library.add(list(read.documents) or given.documents)
            report(file.stem, library, checked(read, library), given.rate)


def report(name: str, library: Library, file: QuestionFile, rate: float) -> None:
    """Print what each calibration does to a file's questions."""
    questions = list(file.questions)
    random.Random(3).shuffle(questions)
    real = asked(library, questions[:QUESTIONS])
    written = asked(library, [one for one in questions[:QUESTIONS] if not one.evidence])
    calibrations = {
        "shipped": shipped(),
        "made": fitted(asked(library, made_questions(library)), rate),
        "themselves": fitted(real, rate),
    }
    for kind, calibration in calibrations.items():
        did = effect(calibration, real)
        own = f"{effect(calibration, written).false_answers:7.1%}" if written else "      —"
        print(
            f"{name:22} {kind:10} {calibration.threshold:9.2f} {did.answered:9.1%}"
            f" {did.false_answers:6.1%}  {own} {error(calibration, real):6.3f}",
            flush=True,
        )


def asked(library: Library, questions: list[MeasuredQuestion]) -> list[Asking]:
    """Ask all questions."""
    return list(ask_all(library, questions))


def fitted(askings: list[Asking], rate: float) -> Calibration:
    """Fit a calibration to askings."""
    return fit(
        [one.confidence for one in askings],
        [one.right for one in askings],
        [one.unanswerable for one in askings],
        rate,
    )


def error(calibration: Calibration, askings: list[Asking]) -> float:
    """Give the expected calibration error over ten bins of equal width."""
    said = np.array([calibration.apply(one.confidence) for one in askings])
    right = np.array([one.right for one in askings])
    place = np.minimum((said * 10).astype(int), 9)
    return float(
        sum(
            abs(said[place == b].mean() - right[place == b].mean()) * (place == b).mean()
            for b in range(10)
            if (place == b).any()
        )
    )


if __name__ == "__main__":
    main()
