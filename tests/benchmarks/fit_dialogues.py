"""Fit the weights that say whether an open question goes on with what was asked before.

    python tests/benchmarks/fit_dialogues.py [--shown 20]

They are constants of `qa/understanding.py`; this prints what they should be. Only the
conversations marked `"part": "fit"` are read, of the sample documents, of the small town, and of
the hospital and the college. What is learned is which of two readings serves better: the worth of
an example is by how much further up its evidence stands with the history than without. More
questions that begin a topic are made by asking the first questions of the conversations, and the
questions about the sample documents, after the turns of another conversation. Turns before a
question are answered as their marks say, not as the weights at hand would.

Logistic regression, L2, by Newton's method, each example by its worth; what is lost with the
history counts CAUTION times. Printed too is what the fit gets wrong of conversations left out of
it, a tenth of them at a time.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from qa import Answer, Library
from qa.asking import Found
from qa.calibration import Calibration
from qa.config import Config
from qa.dialogue import Form, readings
from qa.measuring_dialogues import SHOWN
from qa.opening import passing_library
from qa.question_files import (
    MeasuredDialogue,
    MeasuredQuestion,
    MeasuredTurn,
    QuestionFile,
    comparable,
    read_questions,
)
from qa.understanding import SURE, Comparison, compared

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "docs" / "sample-dialogues.jsonl"
SAMPLE_QUESTIONS = ROOT / "docs" / "sample-questions.jsonl"
WRITTEN = ROOT / "tests" / "benchmarks" / "written"
TOWN, COLLEGE = WRITTEN / "town-dialogues.jsonl", WRITTEN / "college-dialogues.jsonl"

WORTH = (0.0, 1.0, 0.85, 0.75)  # of evidence at no place, the first, the second, the third
FALSE = 0.7  # what an answer costs where there is none
SPURIOUS = 0.15  # what it costs to add to a question that needs nothing
CAUTION = 1.1
MADE = 0.7  # what a made example counts
BEFORE_FIRST, BEFORE_QUESTION = 3, 1  # conversations before a first turn, before a question
MOST_GAIN, MOST_WORDS, MOST_CHARACTERS = 4.0, 6, 12
HOLDING = 1.0
STEPS, FOLDS, SEED = 60, 10, 1


@dataclass(frozen=True, slots=True)
class Example:
    """One open question after some turns.

    Attributes:
        talk: The conversation that it is of.
        question: As typed.
        added: What the history would add.
        worth: By how much it is better answered with the history; below 0 when worse.
        counts: How much the example counts.
        comparison: What the documents say.
    """

    talk: str
    question: str
    added: str
    worth: float
    counts: float
    comparison: Comparison

    @property
    def row(self) -> tuple[float, ...]:
        """What is weighed: 1, gain, left, words, characters."""
        one = self.comparison
        gain = min(max(one.gain, -MOST_GAIN), MOST_GAIN)
        words, characters = min(one.words, MOST_WORDS), min(one.characters, MOST_CHARACTERS)
        return 1.0, gain, one.left, float(words), float(characters)


def main() -> None:
    """Print the weights and what they get wrong."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--shown", type=int, default=0, help="errors shown")
    shown = parser.parse_args().shown
    sample = read_questions(SAMPLE_QUESTIONS)
    examples = [*_of(SAMPLE, sample), *_of(TOWN, None), *_of(COLLEGE, None)]
    weights = _fitted(examples)
    names = ("bias", "gain", "left", "word", "character")
    print("  ".join(f"{n} {w:.3f}" for n, w in zip(names, weights, strict=True)))
    wrong = [
        one
        for one, chance in zip(examples, _left_out(examples), strict=True)
        if (chance > 0) != (one.worth > 0) and abs(one.worth) > SPURIOUS
    ]
    missed = sum(one.worth > 0 for one in wrong)
    print(f"{len(examples)} questions, {sum(one.worth > 0 for one in examples)} go on; left out, "
          f"{missed} of them missed, {len(wrong) - missed} others taken for them")  # fmt: skip
    for one in sorted(wrong, key=lambda one: -abs(one.worth))[:shown]:
        print(f"    {one.worth:+.2f} {one.question} + {one.added} {one.comparison}")


def _of(path: Path, more: QuestionFile | None) -> list[Example]:
    file = read_questions(path)
    chosen = random.Random(SEED)
    with passing_library(Config()) as library:
        library.add(file.documents or [ROOT / "docs" / "sample"])
        library.ask("预热")
        talks = [(one, _answers(library, one)) for one in file.part("fit").dialogues]
        found = [
            _example(library, one.id, turn, answers[:place])
            for one, answers in talks
            for place, turn in enumerate(one.turns)
            if place
        ]
        for one, _ in talks:
            others = [answers for other, answers in talks if other is not one]
            for before in chosen.sample(others, BEFORE_FIRST):
                first = MeasuredTurn(one.turns[0].question, change=True)
                found.append(_example(library, one.id, first, _some(before, chosen), counts=MADE))
        for question in more.questions if more else ():
            docs = {one.doc for one in question.evidence}
            for _, answers in chosen.sample(talks, BEFORE_QUESTION):
                before, turn = _some(answers, chosen), MeasuredTurn(question, change=True)
                if docs.isdisjoint(_cited(before)):
                    found.append(_example(library, question.id, turn, before, counts=MADE))
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
    library: Library,
    talk: str,
    turn: MeasuredTurn,
    before: Sequence[Answer],
    *,
    counts: float = 1.0,
) -> Example | None:
    meant = readings(turn.question.question, before, library._indexes.cutter)
    if meant.form is not Form.OPEN or not meant.completed:
        return None
    typed = _search(library, meant.typed.text)
    best, found = max(
        ((one, _search(library, one.text)) for one in meant.completed),
        key=lambda pair: pair[1][0].evidence.score if pair[1] else 0.0,
    )
    worth = _worth(found, turn.question) - _worth(typed, turn.question)
    worth -= SPURIOUS if turn.change else 0.0
    comparison = compared(typed, found, meant.typed.text, cutter=library._indexes.cutter)
    return Example(talk, meant.typed.text, best.added, worth, counts, comparison)


def _worth(found: Sequence[Found], question: MeasuredQuestion) -> float:
    """Give what it is worth to a person that this is found."""
    if not question.evidence:
        return -FALSE if found and found[0].evidence.score >= SURE else 0.0
    texts = [comparable(one.candidate.passage.text) for one in found[:SHOWN]]
    places = [
        place
        for place, text in enumerate(texts, start=1)
        if any(comparable(one.text) in text for one in question.evidence)
    ]
    return WORTH[places[0] if places else 0]


def _search(library: Library, text: str) -> list[Found]:
    plain = Calibration(1.0, 0.0, 0.5, 0.0, 0, made=False)
    return library._answering._found(text, 3, (), plain)


def _fitted(examples: Sequence[Example]) -> np.ndarray:
    rows = np.array([one.row for one in examples])
    middle, spread = rows.mean(axis=0), rows.std(axis=0)
    middle[0], spread[0] = 0.0, 1.0
    rows = (rows - middle) / spread
    worth = np.array([one.worth * one.counts for one in examples])
    goes_on = (worth > 0).astype(float)
    weight = np.where(goes_on == 1, worth, -CAUTION * worth)
    holding = np.array([0.0, *[HOLDING] * (rows.shape[1] - 1)])
    found = np.zeros(rows.shape[1])
    for _ in range(STEPS):
        chance = 1 / (1 + np.exp(-rows @ found))
        slope = rows.T @ (weight * (chance - goes_on)) + holding * found
        curve = (rows.T * (weight * chance * (1 - chance))) @ rows
        found -= np.linalg.solve(curve + np.diag(holding + 1e-6), slope)
    found /= spread
    found[0] -= found[1:] @ middle[1:]
    return found


def _left_out(examples: Sequence[Example]) -> np.ndarray:
    """Give the log-odds of each example by a fit without its conversation."""
    talks = sorted({one.talk for one in examples})
    random.Random(SEED).shuffle(talks)
    fold = {talk: place % FOLDS for place, talk in enumerate(talks)}
    odds = np.zeros(len(examples))
    for left in range(FOLDS):
        weights = _fitted([one for one in examples if fold[one.talk] != left])
        for place, one in enumerate(examples):
            if fold[one.talk] == left:
                odds[place] = weights @ np.array(one.row)
    return odds


if __name__ == "__main__":
    main()
