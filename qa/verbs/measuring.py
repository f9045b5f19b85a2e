"""Verbs of question files: measure, calibrate, feedback."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import click

from embeddings.words import cutter
from qa import figures, reports
from qa.baseline import Bm25
from qa.calibrating import calibrate
from qa.dialogue_figures import dialogues_explained, dialogues_json, dialogues_text
from qa.feedback_files import question_lines
from qa.help import Argument, Option, Verb, share
from qa.keeping import State
from qa.library import Library
from qa.measure import Figures, measure, measure_search
from qa.measuring_dialogues import DialogueFigures, measure_dialogues
from qa.metrics import Ranking
from qa.opening import passing_library
from qa.question_files import LineProblem, MeasuredQuestion, checked, read_questions
from qa.records import Document
from qa.terminal import Face, verb

_MISSES = click.option("--explain", cls=Option, is_flag=True, help="help_option_misses")
_PROBLEMS_SHOWN = 10


@click.command("measure", cls=Verb, example="qa measure questions.jsonl")
@click.argument("file", cls=Argument, type=click.Path(readable=False), metavar="metavar_file")
@click.option("--without-evidence", cls=Option, is_flag=True, help="help_option_without_evidence")
@click.option("--against", cls=Option, type=click.Choice(["bm25"]), help="help_option_against")
@click.option("--part", cls=Option, default="", metavar="NAME", help="help_option_part")
@_MISSES
@verb
def measure_file(
    face: Face, file: str, without_evidence: bool, against: str | None, part: str, explain: bool
) -> None:
    """Measure on a question file."""
    questions = read_questions(file).part(part)
    if part and not questions.dialogues:
        face.fail("no_part", file=file, part=part)
    with _measured_library(face, questions.documents) as library:
        questions = checked(questions, library)
        got = other = talked = None
        if questions.questions:
            with face.progress("measuring") as progress:
                got = measure(
                    library, questions.questions, progress, without_evidence=without_evidence
                )
            other = _baseline(face, library, questions.questions) if against else None
        if questions.dialogues:
            with face.progress("measuring_dialogues") as progress:
                talked = measure_dialogues(library, questions.dialogues, progress)
    _show_problems(face, questions.problems)
    got = got or Figures.of([])
    if face.as_json:
        found = figures.figures_json(got, questions.problems, other, explain=explain)
        face.show_json({**found, **({"dialogues": dialogues_json(talked)} if talked else {})})
        return
    if got.outcomes or not talked:
        _show_figures(face, got, other, explain=explain)
    if talked:
        _show_dialogues(face, talked, explain=explain)


def _show_figures(face: Face, got: Figures, other: Ranking | None, *, explain: bool) -> None:
    face.show(figures.figures_text(got, face.words, other))
    if explain:
        face.show(figures.explained_text(got, face.words))


def _show_dialogues(face: Face, talked: DialogueFigures, *, explain: bool) -> None:
    face.show(dialogues_text(talked, face.words))
    if explain:
        face.show(dialogues_explained(talked, face.words))


def _show_problems(face: Face, problems: Sequence[LineProblem]) -> None:
    shown = problems if face.verbose else problems[:_PROBLEMS_SHOWN]
    for one in shown:
        face.note("line_problem", line=one.line, reason=face.words.say(one.reason))
    if len(shown) < len(problems):
        face.note("more_problems", count=len(problems) - len(shown))


def _baseline(face: Face, library: Library, questions: Sequence[MeasuredQuestion]) -> Ranking:
    cut = cutter(user_words=library.words)
    with face.progress("preparing_baseline") as progress:
        bm25 = Bm25.of(library, cut, progress)
    return measure_search(bm25.search, questions)


@contextmanager
def _measured_library(face: Face, documents: Sequence[Document]) -> Iterator[Library]:
    """Open the library that is measured: the person's own, or one of a set's own passages."""
    if not documents:
        with face.library() as library:
            face.refuse_empty(library)
            yield library
        return
    with passing_library(face.config) as library:
        with face.progress("preparing") as progress:
            library.add(documents, progress)
        yield library


@click.command("calibrate", cls=Verb, example="qa calibrate questions.jsonl --false-answers 5%")
@click.argument(
    "file",
    cls=Argument,
    type=click.Path(readable=False),
    required=False,
    metavar="metavar_file_or_none",
)
@click.option(
    "--false-answers", cls=Option, callback=share, default="5%", metavar="SHARE",
    help="help_option_false_answers",
)  # fmt: skip
@click.option("--reset", cls=Option, is_flag=True, help="help_option_reset")
@click.option("--force", cls=Option, is_flag=True, help="help_option_force")
@verb
def calibrate_library(
    face: Face, file: str | None, false_answers: float, reset: bool, force: bool
) -> None:
    """Fit confidence and threshold to this library."""
    if reset and file:
        raise click.UsageError(face.words("reset_alone"))
    with face.library() as library:
        if reset:
            library.set_calibration(None)
            _show_reset(face, library)
            return
        face.refuse_empty(library)
        if not (file or force) and library.status().calibration == State.OWN:
            face.fail("calibrate_keeps")
        questions = _questions_of(face, file, library) if file else None
        with face.progress("calibrating") as progress:
            found = calibrate(library, questions, false_answers=false_answers, progress=progress)
    if face.as_json:
        face.show_json(reports.calibrated_json(found))
    else:
        face.show(reports.calibrated_text(found, face.words))


def _questions_of(face: Face, file: str, library: Library) -> tuple[MeasuredQuestion, ...]:
    questions = read_questions(file)
    if questions.documents:
        face.fail("calibrate_set", file=file)
    questions = checked(questions, library)
    _show_problems(face, questions.problems)
    return questions.questions


def _show_reset(face: Face, library: Library) -> None:
    threshold = library.calibration.threshold
    if face.as_json:
        face.show_json({"threshold": threshold})
    else:
        face.show(face.words("calibration_reset", threshold=threshold))


@click.command("feedback", cls=Verb, example="qa feedback > questions.jsonl")
@verb
def feedback_lines(face: Face) -> None:
    """Print what people said of answers as a question file."""
    with face.library() as library:
        lines, left_out = question_lines(library.feedback())
    for line in lines:
        click.echo(line)
    if left_out:
        face.note("feedback_left_out", count=left_out)
    if not lines:
        face.note("feedback_none")
