"""How well a library answers: question files in, rates and milliseconds out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from embeddings.encoder import Encoder
from qa.library import Library
from qa.question_files import MeasuredQuestion, comparable, named
from qa.records import Hit

_DEPTH = 10


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


@contextmanager
def passing_library(encoder: str | Encoder, *, words: Iterable[str] = ()) -> Iterator[Library]:
    """Make an empty library that is gone afterwards."""
    with (
        TemporaryDirectory(prefix="qa-measure-") as folder,
        Library.open(Path(folder) / "library", encoder, words=words) as library,
    ):
        yield library


def _ask(library: Library, question: MeasuredQuestion) -> _Result:
    began = perf_counter()
    answer = library.ask(question.question)
    taken = (perf_counter() - began) * 1_000
    hits = library.search(question.question, _DEPTH)
    place = next((n for n, hit in enumerate(hits, start=1) if _holds(hit, question)), 0)
    return _Result(question, place, answer.found, taken)


def _holds(hit: Hit, question: MeasuredQuestion) -> bool:
    names, shown = named(hit.document), comparable(hit.passage.shown)
    return any(one.doc in names and comparable(one.text) in shown for one in question.evidence)


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0
