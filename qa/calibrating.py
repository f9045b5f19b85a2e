"""Fitting "found or not" to one library: questions in, a calibration and what it changes out."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

from qa.calibration import FEWEST, Calibration, fit
from qa.errors import CalibrationError
from qa.library import Library
from qa.made_questions import made_questions
from qa.question_files import MeasuredQuestion, cited_evidence, comparable, paths_by_name
from qa.records import Answer, Citation, Passage
from qa.telling import Progress

_COPIES = 5  # of an answer that are looked for before a question is given up
_TELLING = 6  # letters of evidence from which on they are no chance in another document


@dataclass(frozen=True, slots=True)
class Asking:
    """One question as it was asked.

    Attributes:
        confidence: Of the answer, uncalibrated.
        right: Whether the first passage, or a copy of it, held the evidence.
        unanswerable: Whether no document that was searched held the answer.
    """

    confidence: float
    right: bool
    unanswerable: bool


@dataclass(frozen=True, slots=True)
class Effect:
    """What a calibration does to the questions asked. Shares are 0 to 1.

    Attributes:
        threshold: Confidence from which a question counts as answered.
        answered: Share of the answerable askings that are answered; 0 when there was none.
        false_answers: Share of the unanswerable askings that are answered.
    """

    threshold: float
    answered: float
    false_answers: float


@dataclass(frozen=True, slots=True)
class Calibrated:
    """What `calibrate` found.

    Attributes:
        calibration: The new one, in force already.
        answerable: Askings whose answer stood in the library.
        unanswerable: Askings whose answer did not, or was left out.
        before: What the calibration in force before did to the same questions.
        after: What the new one does.
    """

    calibration: Calibration
    answerable: int
    unanswerable: int
    before: Effect
    after: Effect


def calibrate(
    library: Library,
    questions: Sequence[MeasuredQuestion] | None = None,
    *,
    false_answers: float = 0.05,
    progress: Progress | None = None,
) -> Calibrated:
    """Fit confidence and threshold to a library, and keep them in it.

    Args:
        library: Its documents are asked.
        questions: With their evidence, or without where the documents do not answer; None makes
            questions from the documents themselves.
        false_answers: The share of unanswerable questions that may be answered nevertheless, more
            than 0 and less than 1.
        progress: Called with questions asked and questions in all.

    Raises:
        CalibrationError: there are too few questions that the documents do not answer, or
            `false_answers` is no such share.
        LibraryLocked: another process is writing.
    """
    if not 0 < false_answers < 1:
        raise CalibrationError(
            f"{false_answers} is no share of false answers: give more than 0 and less than 1"
        )
    asked = made_questions(library) if questions is None else questions
    askings = list(ask_all(library, asked, progress))
    silent = sum(one.unanswerable for one in askings)
    if silent < FEWEST:
        raise CalibrationError(
            f"{silent} questions without an answer are too few to calibrate with, "
            f"at least {FEWEST} are needed: add documents or questions"
        )
    found = fit(
        [one.confidence for one in askings],
        [one.right for one in askings],
        [one.unanswerable for one in askings],
        false_answers,
        made=questions is None,
    )
    found = replace(found, questions=len(asked))
    before = effect(library.calibration, askings)
    library.set_calibration(found)
    return Calibrated(found, len(askings) - silent, silent, before, effect(found, askings))


def ask_all(
    library: Library,
    questions: Sequence[MeasuredQuestion],
    progress: Progress | None = None,
) -> Iterator[Asking]:
    """Ask every question as it is, and those that have evidence without its documents as well.

    What people write down is what the documents answer, while what is to be refused is rare in any
    file. A question whose documents are left out is a question of the same kind, in the same words,
    about the same things, whose answer is certainly not there: as many of these as of the others,
    at no cost to anyone.
    """
    paths = paths_by_name(library)
    total = len(set().union(*paths.values()))
    for number, question in enumerate(questions, start=1):
        answer = library.ask(question.question, 1, calibrated=False)
        if question.evidence:
            yield Asking(answer.confidence, _is_right(answer, question), unanswerable=False)
            known = {path for one in question.evidence for path in paths.get(one.doc, ())}
            left = _without_evidence(library, question, known, total)
            if left is not None:
                yield Asking(left.confidence, right=False, unanswerable=True)
        else:
            yield Asking(answer.confidence, right=False, unanswerable=True)
        if progress:
            progress(number, len(questions))


def effect(calibration: Calibration, askings: Sequence[Asking]) -> Effect:
    """Say what a calibration does to askings."""
    answered: dict[bool, list[bool]] = {False: [], True: []}
    for one in askings:
        answered[one.unanswerable].append(calibration.answers(one.confidence))
    return Effect(calibration.threshold, _share(answered[False]), _share(answered[True]))


def _without_evidence(
    library: Library, question: MeasuredQuestion, without: set[str], total: int
) -> Answer | None:
    """Ask without the documents that answer; None when there is no telling which those are.

    Copies and quotations of the evidence in other documents are left out with it. `total` is how
    many paths there are.
    """
    texts = [comparable(one.text) for one in question.evidence]
    telling = [text for text in texts if len(text) >= _TELLING]
    for _ in range(_COPIES):
        if len(without) >= total:
            return None  # an empty library refuses everything, which says nothing about this one
        answer = library.ask(question.question, 1, without=without, calibrated=False)
        first = _first(answer)
        seen = first.places if first else ()
        holding = {one.document.path for one in seen if _holds_any(one.passage, telling)}
        if not holding:
            return answer
        without |= holding
    return None


def _is_right(answer: Answer, question: MeasuredQuestion) -> bool:
    first = _first(answer)
    return first is not None and cited_evidence(question, first) is not None


def _first(answer: Answer) -> Citation | None:
    return next(iter(answer.sources), None)


def _holds_any(passage: Passage, texts: Collection[str]) -> bool:
    shown = comparable(passage.shown)
    return any(text in shown for text in texts)


def _share(values: Sequence[bool]) -> float:
    return sum(values) / len(values) if values else 0.0
