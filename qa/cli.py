"""The command line: each verb parses, calls one method of the library, and renders."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import click
from click.shell_completion import get_completion_class
from rich.text import Text

from embeddings.words import cutter
from qa import figures, render, terminal
from qa.baseline import Bm25
from qa.calibrating import calibrate
from qa.config import user_words
from qa.doctor import examine
from qa.help import Argument, Option, Verbs, share
from qa.library import Library
from qa.measure import measure, measure_search, passing_library
from qa.metrics import Ranking
from qa.question_files import LineProblem, MeasuredQuestion, checked, read_questions
from qa.reading import existing
from qa.records import AddReport, Document
from qa.terminal import Face, common, verb

_PATHS = click.argument(
    "paths", nargs=-1, required=True, cls=Argument, type=click.Path(), metavar="metavar_paths"
)
_EXPLAIN = click.option("--explain", cls=Option, is_flag=True, help="help_option_explain")
_MISSES = click.option("--explain", cls=Option, is_flag=True, help="help_option_misses")
_SKIPPED_SHOWN = 10
_SHELLS = ("bash", "zsh", "fish")


def _k(default: int) -> Callable[[Callable[..., None]], Callable[..., None]]:
    return click.option(
        "-k", cls=Option, type=click.IntRange(1, 100), default=default, metavar="N",
        help="help_option_k",
    )  # fmt: skip


@click.group(cls=Verbs, context_settings={"help_option_names": ["-h", "--help"]})
@common
@click.version_option(
    package_name="cited-qa", message="qa %(version)s", cls=Option, help="help_option_version"
)
def cli(**_: object) -> None:
    """Answer questions from documents (the help shown is in `qa/messages.py`)."""


@cli.command(example="qa add docs/ 通知.txt")
@_PATHS
@verb
def add(face: Face, paths: tuple[str, ...]) -> None:
    """Add files and folders."""
    for path in paths:
        existing(Path(path))  # a path that is missing is refused before a library is made for it
    with face.library(create=True) as library:
        with face.progress("adding") as progress:
            report = library.add(paths, progress)
        now = library.status()
    if face.as_json:
        face.show_json(render.report_json(report))
    _show_left_out(face, report)
    if not (report.changed or report.unchanged or report.failed):
        face.fail("nothing_to_add")
    if not face.as_json:
        face.show(render.report_text(report, now, face.words))
    if report.failed:
        face.fail("some_failed", count=len(report.failed))


def _show_left_out(face: Face, report: AddReport) -> None:
    shown = report.skipped if face.verbose else report.skipped[:_SKIPPED_SHOWN]
    for one in shown:
        face.note("skipped", path=one.path, reason=face.words.say(one.reason))
    if len(shown) < len(report.skipped):
        face.note("more_skipped", count=len(report.skipped) - len(shown))
    for one in report.failed:
        face.note("failed", path=one.path, reason=face.words.say(one.reason))


@cli.command(example="qa ask 县级工会提升年的目标是什么")
@click.argument("question", nargs=-1, required=True, cls=Argument, metavar="metavar_question")
@_k(3)
@_EXPLAIN
@verb
def ask(face: Face, question: tuple[str, ...], k: int, explain: bool) -> None:
    """Answer one question."""
    text = _text(question)
    if not text:
        face.fail("question_empty")
    with face.library() as library:
        answer = library.ask(text, k)
        if not (answer.found or answer.closest):
            _refuse_empty(face, library)
    if face.as_json:
        face.show_json(render.answer_json(answer, explain=explain))
    else:
        face.show(render.answer_text(answer, face.words, explain=explain))


@cli.command(example="qa search 工会驿站 -k 5")
@click.argument("query", nargs=-1, required=True, cls=Argument, metavar="metavar_query")
@_k(10)
@_EXPLAIN
@verb
def search(face: Face, query: tuple[str, ...], k: int, explain: bool) -> None:
    """List passages."""
    text = _text(query)
    if not text:
        face.fail("query_empty")
    with face.library() as library:
        hits = library.search(text, k)
        if not hits:
            _refuse_empty(face, library)
    if face.as_json:
        face.show_json([render.hit_json(hit) for hit in hits])
    else:
        face.show(render.hits_text(hits, face.words, explain=explain))


def _text(words: tuple[str, ...]) -> str:
    """Join what a person typed; bytes that are no text, which a shell may pass on, become `?`."""
    return " ".join(words).strip().encode("utf-8", "replace").decode("utf-8")


def _refuse_empty(face: Face, library: Library) -> None:
    if not library.status().documents:
        face.fail("library_empty")


@cli.command(name="list", example="qa list --json")
@verb
def list_documents(face: Face) -> None:
    """List documents."""
    with face.library() as library:
        documents = list(library.documents())
    if face.as_json:
        face.show_json([render.document_json(one) for one in documents])
    elif not documents:
        face.note("library_empty")
    elif face.output.is_terminal:
        face.show(render.documents_text(documents, face.words))
    else:
        face.show("\n".join(map(render.document_line, documents)))


@cli.command(example="qa show 12 --context 1")
@click.argument("passage_id", type=int, cls=Argument, metavar="metavar_passage")
@click.option(
    "--context", cls=Option, type=click.IntRange(0, 50), default=0, metavar="N",
    help="help_option_context",
)  # fmt: skip
@click.option("--noise", cls=Option, is_flag=True, help="help_option_noise")
@verb
def show(face: Face, passage_id: int, context: int, noise: bool) -> None:
    """Show a passage."""
    with face.library() as library:
        document, passage = library.passage(passage_id)
        around = library.passages(document)
    at = next(i for i, one in enumerate(around) if one.id == passage.id)
    shown = around[max(0, at - context) : at + context + 1]
    if face.as_json:
        face.show_json([render.passage_json(document, one) for one in shown])
        return
    face.show(Text(document.title, "bold"))
    for one in shown:
        page = document.page_at(one.start)
        face.show(Text("\n").append(render.place_line(document, one, page, face.words), "dim"))
        face.show(render.passage_text(one, with_noise=noise))
        hidden = len(one.text) - len(one.shown)
        if hidden and not noise:
            face.note("noise_left_out", count=hidden)


@cli.command(example="qa remove docs/旧通知.txt")
@_PATHS
@verb
def remove(face: Face, paths: tuple[str, ...]) -> None:
    """Take documents out."""
    with face.library() as library:
        removed = library.remove(paths)
    if face.as_json:
        face.show_json({"removed": list(removed)})
    for path in () if face.as_json else removed:
        face.show(face.words("removed", path=path))


@cli.command(example="qa status")
@verb
def status(face: Face) -> None:
    """Show what the library holds."""
    with face.library() as library:
        now = library.status()
    if face.as_json:
        face.show_json(render.status_json(now))
        return
    face.show(render.status_text(now, face.words))


@cli.command(example="qa verify")
@verb
def verify(face: Face) -> None:
    """Check every quote against its source."""
    with face.library() as library, face.progress("verifying") as progress:
        report = library.verify(progress)
    if face.as_json:
        face.show_json(render.verify_json(report))
    for one in () if face.as_json else report.problems:
        face.show(face.words.say(f"{one.path}: {one.reason}"))
    values = {
        "documents": report.documents,
        "passages": report.passages,
        "problems": len(report.problems),
    }
    if report.problems:
        face.fail("problems", **values)
    if not face.as_json:
        face.show(face.words("verified", **values))


@cli.command(example="qa rebuild")
@verb
def rebuild(face: Face) -> None:
    """Make passages, vectors and indexes anew."""
    config = face.config
    with face.progress("rebuilding") as progress:
        now = Library.rebuild(
            config.library, config.encoder, words=user_words(config), progress=progress
        )
    if face.as_json:
        face.show_json(render.status_json(now))
    else:
        face.show(face.words("rebuilt", documents=now.documents, passages=now.passages))


@cli.command(example="qa doctor")
@verb
def doctor(face: Face) -> None:
    """Prove the library sound."""
    with face.library() as library:
        checks = examine(library)
    if face.as_json:
        face.show_json([render.check_json(one) for one in checks])
    for one in () if face.as_json else checks:
        face.show(render.check_text(one, face.words))
    broken = [one.name for one in checks if one.passed is False]
    if "doctor_database" in broken:
        face.fail("doctor_restore", folder=library.folder)
    if broken:
        face.fail("doctor_failed", count=len(broken))


@cli.command(name="measure", example="qa measure questions.jsonl")
@click.argument("file", cls=Argument, type=click.Path(), metavar="metavar_file")
@click.option("--without-evidence", cls=Option, is_flag=True, help="help_option_without_evidence")
@click.option("--against", cls=Option, type=click.Choice(["bm25"]), help="help_option_against")
@_MISSES
@verb
def measure_file(
    face: Face, file: str, without_evidence: bool, against: str | None, explain: bool
) -> None:
    """Measure on a question file."""
    questions = read_questions(file)
    with _measured_library(face, questions.documents) as library:
        questions = checked(questions, library)
        with face.progress("measuring") as progress:
            got = measure(library, questions.questions, progress, without_evidence=without_evidence)
        other = _baseline(face, library, questions.questions) if against else None
    _show_problems(face, questions.problems)
    if face.as_json:
        face.show_json(figures.figures_json(got, questions.problems, other, explain=explain))
        return
    face.show(figures.figures_text(got, face.words, other))
    if explain:
        face.show(figures.explained_text(got, face.words))


def _show_problems(face: Face, problems: Sequence[LineProblem]) -> None:
    shown = problems if face.verbose else problems[:_SKIPPED_SHOWN]
    for one in shown:
        face.note("line_problem", line=one.line, reason=face.words.say(one.reason))
    if len(shown) < len(problems):
        face.note("more_problems", count=len(problems) - len(shown))


def _baseline(face: Face, library: Library, questions: Sequence[MeasuredQuestion]) -> Ranking:
    cut = cutter(user_words=user_words(face.config))
    with face.progress("preparing_baseline") as progress:
        bm25 = Bm25.of(library, cut, progress)
    return measure_search(bm25.search, questions)


@contextmanager
def _measured_library(face: Face, documents: Sequence[Document]) -> Iterator[Library]:
    """Open the library that is measured: the person's own, or one of a set's own passages."""
    if not documents:
        with face.library() as library:
            _refuse_empty(face, library)
            yield library
        return
    config = face.config
    with passing_library(
        config.encoder, words=user_words(config), reranker=config.reranker
    ) as library:
        with face.progress("preparing") as progress:
            library.add(documents, progress)
        yield library


@cli.command(name="calibrate", example="qa calibrate questions.jsonl --false-answers 5%")
@click.argument(
    "file", cls=Argument, type=click.Path(), required=False, metavar="metavar_file_or_none"
)
@click.option(
    "--false-answers", cls=Option, callback=share, default="5%", metavar="SHARE",
    help="help_option_false_answers",
)  # fmt: skip
@click.option("--reset", cls=Option, is_flag=True, help="help_option_reset")
@verb
def calibrate_library(face: Face, file: str | None, false_answers: float, reset: bool) -> None:
    """Fit confidence and threshold to this library."""
    if reset and file:
        raise click.UsageError(face.words("reset_alone"))
    with face.library() as library:
        if reset:
            library.set_calibration(None)
            _show_reset(face, library)
            return
        _refuse_empty(face, library)
        questions = _questions_of(face, file, library) if file else None
        with face.progress("calibrating") as progress:
            found = calibrate(library, questions, false_answers=false_answers, progress=progress)
    if face.as_json:
        face.show_json(render.calibrated_json(found))
    else:
        face.show(render.calibrated_text(found, face.words))


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


@cli.command(example='eval "$(qa completion bash)"')
@click.argument("shell", cls=Argument, type=click.Choice(_SHELLS), metavar="metavar_shell")
def completion(shell: str) -> None:
    """Print a completion script."""
    make = get_completion_class(shell)
    if make is None:
        raise AssertionError(f"click completes {', '.join(_SHELLS)}")
    click.echo(make(cli, {}, "qa", "_QA_COMPLETE").source())


def main() -> None:
    """Run the command line; this is what `qa` calls."""
    terminal.run(cli)
