"""Fit the weights that say whether an open question goes on with what was asked before.

    python tests/benchmarks/fit_dialogues.py [--shown 20]

They are constants of `qa/understanding.py`; this prints what they should be. Only the
conversations marked `"part": "fit"` are read, of the sample documents and of the small town: each
later turn goes on, or begins a topic. More questions that begin one are made by asking the first
questions of the conversations, and the questions about the sample documents, after the turns of
another conversation. Turns before a question are answered as their marks say, not as the weights
at hand would.

Logistic regression, L2, by Newton's method. A topic change that is read as a follow-up costs as
much as CAUTION follow-ups that are not.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from qa import Answer, Library
from qa.calibration import Calibration
from qa.dialogue import Form, readings
from qa.measure import passing_library
from qa.question_files import MeasuredDialogue, QuestionFile, read_questions
from qa.understanding import Comparison, compared, decided

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "docs" / "sample-dialogues.jsonl"
SAMPLE_QUESTIONS = ROOT / "docs" / "sample-questions.jsonl"
TOWN = ROOT / "tests" / "benchmarks" / "written" / "town-dialogues.jsonl"

CAUTION = 4.0
BEFORE_FIRST, BEFORE_QUESTION = 5, 2  # conversations before a first turn, before a question
MOST_GAIN, MOST_WORDS = 4.0, 6
STEPS, SEED = 100, 1


@dataclass(frozen=True, slots=True)
class Example:
    """One open question after some turns.

    Attributes:
        question: As typed.
        added: What the history would add.
        goes_on: Whether it should.
        comparison: What the documents say.
    """

    question: str
    added: str
    goes_on: bool
    comparison: Comparison

    @property
    def row(self) -> tuple[float, ...]:
        """What is weighed: 1, gain, loss, words, missing."""
        one = self.comparison
        gain = min(max(one.gain, -MOST_GAIN), MOST_GAIN)
        return 1.0, gain, one.loss, float(min(one.words, MOST_WORDS)), one.missing


def main() -> None:
    """Print the weights and what they get wrong."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--shown", type=int, default=0, help="errors shown")
    shown = parser.parse_args().shown
    examples = [*_of(SAMPLE, read_questions(SAMPLE_QUESTIONS)), *_of(TOWN, None)]
    open_ones = [one for one in examples if decided(one.comparison) is None]
    weights = _fitted(open_ones)
    names = ("bias", "gain", "loss", "word", "missing")
    print("  ".join(f"{n} {w:.2f}" for n, w in zip(names, weights, strict=True)))
    wrong = [one for one in open_ones if (np.dot(weights, one.row) > 0) != one.goes_on]
    missed = sum(one.goes_on for one in wrong)
    print(f"{len(examples)} questions, {len(open_ones)} weighed, "
          f"{sum(one.goes_on for one in open_ones)} go on; {missed} of them missed, "
          f"{len(wrong) - missed} others taken for them")  # fmt: skip
    for one in wrong[:shown]:
        kind = "goes on" if one.goes_on else "new"
        print(f"    {kind}: {one.question} + {one.added} {one.comparison}")


def _of(path: Path, more: QuestionFile | None) -> list[Example]:
    file = read_questions(path)
    chosen = random.Random(SEED)
    with passing_library("builtin") as library:
        library.add(file.documents or [ROOT / "docs" / "sample"])
        library.ask("预热")
        talks = [(one, _answers(library, one)) for one in file.part("fit").dialogues]
        found = [
            _example(library, turn.question.question, answers[:place], goes_on=not turn.change)
            for one, answers in talks
            for place, turn in enumerate(one.turns)
            if place
        ]
        for one, _ in talks:
            others = [answers for other, answers in talks if other is not one]
            for before in chosen.sample(others, BEFORE_FIRST):
                first = one.turns[0].question.question
                found.append(_example(library, first, _some(before, chosen), goes_on=False))
        for question in more.questions if more else ():
            docs = {one.doc for one in question.evidence}
            for _, answers in chosen.sample(talks, BEFORE_QUESTION):
                before = _some(answers, chosen)
                if docs.isdisjoint(_cited(before)):
                    found.append(_example(library, question.question, before, goes_on=False))
    return [one for one in found if one is not None]


def _answers(library: Library, dialogue: MeasuredDialogue) -> list[Answer]:
    """Give the answers to the turns, each read as its mark says."""
    answers: list[Answer] = []
    for turn in dialogue.turns:
        typed = turn.question.question
        meant = readings(typed, answers, library._indexes.cutter)
        reading = meant.typed if turn.change or not meant.completed else meant.completed[0]
        answer = library.ask(reading.text)
        understood = reading.text if reading.added else ""
        answers.append(replace(answer, question=typed, understood=understood, added=reading.added))
    return answers


def _some(answers: Sequence[Answer], chosen: random.Random) -> Sequence[Answer]:
    return answers[: chosen.randint(1, len(answers))]


def _cited(answers: Sequence[Answer]) -> Iterator[str]:
    for answer in answers:
        for one in (answer.citations or answer.closest)[:1]:
            yield Path(one.document.path).name


def _example(
    library: Library, question: str, before: Sequence[Answer], *, goes_on: bool
) -> Example | None:
    meant = readings(question, before, library._indexes.cutter)
    if meant.form is not Form.OPEN or not meant.completed:
        return None
    best, found = max(
        ((one, _search(library, one.text)) for one in meant.completed),
        key=lambda pair: pair[1][0].evidence.score if pair[1] else 0.0,
    )
    comparison = compared(
        _search(library, question),
        found,
        question,
        added=best.added,
        cutter=library._indexes.cutter,
    )
    return Example(question, best.added, goes_on, comparison)


def _search(library: Library, text: str):
    plain = Calibration(1.0, 0.0, 0.5, 0.0, 0, made=False)
    return library._answering._found(text, 3, (), plain)


def _fitted(examples: Sequence[Example]) -> np.ndarray:
    rows = np.array([one.row for one in examples])
    goes_on = np.array([one.goes_on for one in examples], dtype=float)
    worth = np.where(goes_on == 1, 1.0, CAUTION * goes_on.sum() / (1 - goes_on).sum())
    holding = np.array([0.0, *[1.0] * (rows.shape[1] - 1)])
    weights = np.zeros(rows.shape[1])
    for _ in range(STEPS):
        chance = 1 / (1 + np.exp(-rows @ weights))
        slope = rows.T @ (worth * (chance - goes_on)) + holding * weights
        curve = (rows.T * (worth * chance * (1 - chance))) @ rows + np.diag(holding + 1e-6)
        weights -= np.linalg.solve(curve, slope)
    return weights


if __name__ == "__main__":
    main()
