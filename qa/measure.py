"""How well a library answers: question files in, rates and milliseconds out."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from time import perf_counter

from embeddings.words import fold
from qa.errors import QuestionFileError
from qa.library import Library
from qa.records import Hit

_DEPTH = 10
_NOT_LETTERS = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class EvidenceText:
    """Words that must stand in a returned passage of the document of this file name."""

    doc: str
    text: str


@dataclass(frozen=True, slots=True)
class MeasuredQuestion:
    """One line of a question file; no evidence means the documents do not answer it."""

    id: str
    question: str
    kind: str
    evidence: tuple[EvidenceText, ...]


@dataclass(frozen=True, slots=True)
class LineProblem:
    """A line of a question file that was left out (line from 1), and why."""

    line: int
    reason: str


@dataclass(frozen=True, slots=True)
class Figures:
    """What was measured. Rates are 0 to 1, and 0 where there was nothing to measure.

    Attributes:
        answerable: Questions that have evidence.
        unanswerable: Questions that have none.
        recall_at_1: Answerable questions with an evidence passage in first place.
        recall_at_3: The same for the first three.
        recall_at_5: The same for the first five.
        mrr_at_10: Mean of one over the place of the first evidence passage, 0 past the tenth.
        answered: Answerable questions for which `ask` says found.
        refused: Unanswerable questions for which `ask` says not found.
        median_ms: Median time of `ask`.
        p99_ms: 99th percentile of it.
        misses: Answerable questions whose first passage is not evidence.
    """

    answerable: int
    unanswerable: int
    recall_at_1: float
    recall_at_3: float
    recall_at_5: float
    mrr_at_10: float
    answered: float
    refused: float
    median_ms: float
    p99_ms: float
    misses: tuple[MeasuredQuestion, ...]


@dataclass(frozen=True, slots=True)
class _Result:
    question: MeasuredQuestion
    place: int  # of the first evidence passage, from 1; 0 when it is not among the first ten
    found: bool
    milliseconds: float


def read_questions(
    file: str | Path,
) -> tuple[tuple[MeasuredQuestion, ...], tuple[LineProblem, ...]]:
    """Read a question file; lines that cannot be used are reported and left out.

    Raises:
        QuestionFileError: the file cannot be read, or no line of it can be used.
    """
    try:
        lines = Path(file).read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise QuestionFileError(f"{file} cannot be read ({error}): give a UTF-8 file") from error
    questions: list[MeasuredQuestion] = []
    problems: list[LineProblem] = []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            questions.append(_question(json.loads(line), number))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            problems.append(LineProblem(number, f"not a question: {error!r}"))
    if not questions:
        raise QuestionFileError(
            f"{file} holds no question: each line is JSON with id, question and evidence"
        )
    return tuple(questions), tuple(problems)


def measure(
    library: Library,
    questions: Sequence[MeasuredQuestion],
    progress: Callable[[int, int], None] | None = None,
) -> Figures:
    """Ask every question and compare what comes back with its evidence."""
    library.ask("预热")  # loads the dictionary: not part of any question's time
    results = []
    for number, question in enumerate(questions, start=1):
        results.append(_ask(library, question))
        if progress:
            progress(number, len(questions))
    places = [one.place for one in results if one.question.evidence]
    refusals = [not one.found for one in results if not one.question.evidence]
    times = sorted(one.milliseconds for one in results)
    return Figures(
        answerable=len(places),
        unanswerable=len(refusals),
        recall_at_1=_mean([place == 1 for place in places]),
        recall_at_3=_mean([0 < place <= 3 for place in places]),  # noqa: PLR2004
        recall_at_5=_mean([0 < place <= 5 for place in places]),  # noqa: PLR2004
        mrr_at_10=_mean([1 / place if place else 0.0 for place in places]),
        answered=_mean([one.found for one in results if one.question.evidence]),
        refused=_mean(refusals),
        median_ms=times[len(times) // 2] if times else 0.0,
        p99_ms=times[min(len(times) - 1, len(times) * 99 // 100)] if times else 0.0,
        misses=tuple(one.question for one in results if one.question.evidence and one.place != 1),
    )


def comparable(text: str) -> str:
    """Give text as evidence is compared: folded, without blanks and punctuation.

    >>> comparable("「晉陞」 五力。")
    '晋升五力'
    """
    return _NOT_LETTERS.sub("", fold(text))


def _ask(library: Library, question: MeasuredQuestion) -> _Result:
    began = perf_counter()
    answer = library.ask(question.question)
    taken = (perf_counter() - began) * 1_000
    hits = library.search(question.question, _DEPTH)
    place = next((n for n, hit in enumerate(hits, start=1) if _holds(hit, question)), 0)
    return _Result(question, place, answer.found, taken)


def _holds(hit: Hit, question: MeasuredQuestion) -> bool:
    name, shown = PurePosixPath(hit.document.path).name, comparable(hit.passage.shown)
    return any(one.doc == name and comparable(one.text) in shown for one in question.evidence)


def _question(line: dict[str, object], number: int) -> MeasuredQuestion:
    evidence = line["evidence"]
    if not isinstance(evidence, list):
        raise TypeError("evidence is not a list")
    question = line["question"]
    if not isinstance(question, str) or not question.strip():
        raise ValueError("question is empty")
    return MeasuredQuestion(
        id=str(line.get("id", number)),
        question=question,
        kind=str(line.get("kind", "")),
        evidence=tuple(EvidenceText(str(one["doc"]), str(one["text"])) for one in evidence),
    )


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0
