"""How well a library answers: question files in, rates, calibration and milliseconds out."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from time import perf_counter

from qa.library import Library
from qa.metrics import DEPTH, Bin, Ranking, auroc, calibration, calibration_error, mean
from qa.question_files import (
    MeasuredQuestion,
    answering_words,
    cited_evidence,
    holds_answer,
    is_evidence,
    paths_by_name,
)
from qa.records import EVEN, Document, Hit
from qa.telling import Progress

DEEP = 100
"""How far the evidence of a question is looked for that is not among the first ten."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A passage in the order of one question.

    Attributes:
        place: From 1.
        path: The path of its document.
        paragraph: The paragraph it begins in.
        score: Its probability.
        signals: What the score was made of.
    """

    place: int
    path: str
    paragraph: int
    score: float
    signals: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Quoted:
    """A quote from an evidence passage: its characters, and whether the answer is among them."""

    chars: int
    holds_answer: bool


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one question.

    Attributes:
        question: What was asked.
        without_evidence: Whether the documents with its evidence were left out.
        found: What `ask` said.
        confidence: What it said of that.
        quote: What it quoted; empty when not found.
        right: Whether its first citation, or else the closest passage, or a copy of it is evidence.
        milliseconds: What `ask` took.
        place: Of the first evidence passage, from 1; 0 when it is not among the first ten.
        quoted: How the quote compares; None when it is not from evidence, or there are no words
            to compare it with.
        first: The first passage, if the evidence did not come first.
        evidence: The first evidence passage then; None when it is not among the first DEEP.
    """

    question: MeasuredQuestion
    without_evidence: bool
    found: bool
    confidence: float
    quote: str
    right: bool
    milliseconds: float
    place: int = 0
    quoted: Quoted | None = None
    first: Standing | None = None
    evidence: Standing | None = None

    @property
    def answerable(self) -> bool:
        """Whether the documents that were asked answer it."""
        return bool(self.question.evidence) and not self.without_evidence

    @property
    def unsure(self) -> bool:
        """Whether the answer was said to be unsure."""
        return self.found and self.confidence < EVEN


@dataclass(frozen=True, slots=True)
class Figures:
    """What was measured. Rates are 0 to 1, and None where there was nothing to measure.

    Attributes:
        answerable: Questions that have evidence.
        unanswerable: Questions that have none.
        without_evidence: Answerable questions asked again with their documents left out; they
            count as unanswerable ones in all rates below.
        ranking: Order and milliseconds; these of questions asked of all documents.
        answered: Answerable questions for which `ask` says found.
        answered_rightly: Those of them whose first citation is evidence, of all answerable ones.
        answered_wrongly: The others.
        answered_unsurely: Those of either kind that were said to be unsure, of all answerable ones.
        quotes: Questions answered rightly that say in words what the quote should hold.
        quotes_with_answer: The share of those whose quote does.
        quote_chars: Mean characters of those quotes.
        refused: Unanswerable questions for which `ask` says not found.
        false_answers: The others.
        false_answers_unsure: Those of them that were said to be unsure, of all unanswerable ones.
        auroc: Probability that a right answerable question (its first passage is evidence, found
            or not) has more confidence than an unanswerable one; ties count half.
        calibration_error: Expected calibration error over the bins below.
        calibration: All questions by confidence; unanswerable ones are never right.
        outcomes: Every question, in the order asked.
    """

    answerable: int
    unanswerable: int
    without_evidence: int
    ranking: Ranking
    answered: float | None
    answered_rightly: float | None
    answered_wrongly: float | None
    answered_unsurely: float | None
    quotes: int
    quotes_with_answer: float | None
    quote_chars: float | None
    refused: float | None
    false_answers: float | None
    false_answers_unsure: float | None
    auroc: float | None
    calibration_error: float | None
    calibration: tuple[Bin, ...]
    outcomes: tuple[Outcome, ...]

    @classmethod
    def of(cls, outcomes: Sequence[Outcome]) -> Figures:
        """Sum up what became of questions."""
        there = [one for one in outcomes if one.answerable]
        not_there = [one for one in outcomes if not one.answerable]
        again = sum(one.without_evidence for one in not_there)
        quoted = [one.quoted for one in there if one.quoted]
        bins = calibration([(one.confidence, one.right) for one in outcomes])
        times = [one.milliseconds for one in outcomes if not one.without_evidence]
        sure = [one.confidence for one in there if one.right]
        return cls(
            answerable=len(there),
            unanswerable=len(not_there) - again,
            without_evidence=again,
            ranking=Ranking.of([one.place for one in there], times),
            answered=mean([one.found for one in there]),
            answered_rightly=mean([one.found and one.right for one in there]),
            answered_wrongly=mean([one.found and not one.right for one in there]),
            answered_unsurely=mean([one.unsure for one in there]),
            quotes=len(quoted),
            quotes_with_answer=mean([one.holds_answer for one in quoted]),
            quote_chars=mean([one.chars for one in quoted]),
            refused=mean([not one.found for one in not_there]),
            false_answers=mean([one.found for one in not_there]),
            false_answers_unsure=mean([one.unsure for one in not_there]),
            auroc=auroc(sure, [one.confidence for one in not_there]),
            calibration_error=calibration_error(bins),
            calibration=bins,
            outcomes=tuple(outcomes),
        )

    @property
    def misses(self) -> tuple[Outcome, ...]:
        """Answerable questions whose first passage is not evidence."""
        return tuple(one for one in self.outcomes if one.answerable and one.place != 1)

    @property
    def answered_falsely(self) -> tuple[Outcome, ...]:
        """Unanswerable questions for which `ask` says found."""
        return tuple(one for one in self.outcomes if not one.answerable and one.found)

    @property
    def refused_wrongly(self) -> tuple[Outcome, ...]:
        """Answerable questions for which `ask` says not found."""
        return tuple(one for one in self.outcomes if one.answerable and not one.found)


def measure(
    library: Library,
    questions: Sequence[MeasuredQuestion],
    progress: Progress | None = None,
    *,
    without_evidence: bool = False,
) -> Figures:
    """Ask every question and compare what comes back with its evidence.

    Args:
        library: What is asked.
        questions: Whose evidence stands in the library (`qa.question_files.checked`).
        progress: Called with questions done and questions in all.
        without_evidence: Whether answerable questions are asked again with the documents of
            their evidence left out.
    """
    library.ask("预热")  # loads the dictionary: not part of any question's time
    left_out = _left_out(library, questions) if without_evidence else []
    asked = [partial(_asked, library, one) for one in questions]
    asked += [partial(_asked_without, library, one, paths) for one, paths in left_out]
    outcomes: list[Outcome] = []
    for ask in asked:
        outcomes.append(ask())
        if progress:
            progress(len(outcomes), len(asked))
    return Figures.of(outcomes)


def measure_search(
    search: Callable[[str, int], Sequence[Hit]], questions: Sequence[MeasuredQuestion]
) -> Ranking:
    """Give the order and the milliseconds of another search over the same passages."""
    search("预热", DEPTH)
    places, times = [], []
    for question in questions:
        began = perf_counter()
        hits = search(question.question, DEPTH)
        times.append((perf_counter() - began) * 1_000)
        if question.evidence:
            standing = _evidence_among(hits, question)
            places.append(standing.place if standing else 0)
    return Ranking.of(places, times)


def _asked(library: Library, question: MeasuredQuestion) -> Outcome:
    began = perf_counter()
    answer = library.ask(question.question)
    taken = (perf_counter() - began) * 1_000
    cited = next(iter(answer.sources), None)
    source = cited_evidence(question, cited) if cited else None
    right = source is not None
    # The search is the same work as the answer: its order is only wanted where that was not right.
    hits = library.search(question.question, DEPTH) if question.evidence and not right else []
    standing = _evidence_among(hits, question)
    place = 1 if right else standing.place if standing else 0
    if hits and not place:
        standing = _evidence_among(library.search(question.question, DEEP), question)
    return Outcome(
        question=question,
        without_evidence=False,
        found=answer.found,
        confidence=answer.confidence,
        quote=answer.quote,
        right=right,
        milliseconds=taken,
        place=place,
        quoted=_quoted(question, source, answer.quote) if source and answer.found else None,
        first=_standing(1, hits[0]) if hits else None,
        evidence=standing,
    )


def _asked_without(library: Library, question: MeasuredQuestion, paths: Collection[str]) -> Outcome:
    began = perf_counter()
    answer = library.ask(question.question, without=paths)
    taken = (perf_counter() - began) * 1_000
    return Outcome(
        question=question,
        without_evidence=True,
        found=answer.found,
        confidence=answer.confidence,
        quote=answer.quote,
        right=False,
        milliseconds=taken,
    )


def _left_out(
    library: Library, questions: Sequence[MeasuredQuestion]
) -> list[tuple[MeasuredQuestion, set[str]]]:
    """Give each answerable question with the paths of the documents that hold its evidence."""
    paths = paths_by_name(library)
    return [
        (question, {path for one in question.evidence for path in paths.get(one.doc, ())})
        for question in questions
        if question.evidence
    ]


def _quoted(question: MeasuredQuestion, source: Document, quote: str) -> Quoted | None:
    if not answering_words(question, source):
        return None
    return Quoted(len(quote), holds_answer(question, source, quote))


def _evidence_among(hits: Sequence[Hit], question: MeasuredQuestion) -> Standing | None:
    for place, hit in enumerate(hits, start=1):
        if is_evidence(question, hit.document, hit.passage):
            return _standing(place, hit)
    return None


def _standing(place: int, hit: Hit) -> Standing:
    return Standing(place, hit.document.path, hit.passage.ordinal, hit.score, hit.signals)
