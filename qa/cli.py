"""The command line: each verb parses, calls one method of the library, and renders."""

from __future__ import annotations

import sys
from collections.abc import Callable

import click
from click.shell_completion import get_completion_class
from rich.table import Table
from rich.text import Text

from qa import render
from qa.config import language, user_words
from qa.library import Library
from qa.messages import Messages
from qa.terminal import Face, Option, Verbs, verb

_PATHS = click.argument("paths", nargs=-1, required=True, metavar="PATH…")
_EXPLAIN = click.option("--explain", cls=Option, is_flag=True, help="help_option_explain")


def _k(default: int) -> Callable[[Callable[..., None]], Callable[..., None]]:
    return click.option(
        "-k", cls=Option, type=click.IntRange(1, 100), default=default, show_default=True,
        help="help_option_k",
    )  # fmt: skip


@click.group(cls=Verbs, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="cited-qa")
def cli() -> None:
    """Answer questions from documents (the help shown is in `qa/messages.py`)."""


@cli.command(example="qa add docs/ 通知.txt")
@_PATHS
@verb
def add(face: Face, paths: tuple[str, ...]) -> None:
    """Add files and folders."""
    with face.library(create=True) as library:
        with face.progress("adding") as progress:
            report = library.add(paths, progress)
        status = library.status()
    if face.as_json:
        face.show_json(render.report_json(report))
    for one in report.skipped:
        face.note("skipped", path=one.path, reason=one.reason)
    for one in report.failed:
        face.note("failed", path=one.path, reason=one.reason)
    if not (report.changed or report.unchanged or report.failed):
        face.fail(face.words("nothing_to_add"))
    if not face.as_json:
        face.show(
            face.words(
                "report",
                added=len(report.added),
                updated=len(report.updated),
                unchanged=len(report.unchanged),
                removed=len(report.removed),
                documents=status.documents,
                passages=status.passages,
            )
        )
    if report.failed:
        face.fail(face.words("some_failed", count=len(report.failed)))


@cli.command(example="qa ask 县级工会提升年的目标是什么")
@click.argument("question", nargs=-1, required=True)
@_k(3)
@_EXPLAIN
@verb
def ask(face: Face, question: tuple[str, ...], k: int, explain: bool) -> None:
    """Answer one question."""
    text = " ".join(question).strip()
    if not text:
        face.fail(face.words("question_empty"))
    with face.library() as library:
        answer = library.ask(text, k)
        if not answer.closest and not answer.found and not library.status().documents:
            face.fail(face.words("library_empty"))
    if face.as_json:
        face.show_json(render.answer_json(answer))
    else:
        face.show(render.answer_text(answer, face.words, explain=explain))


@cli.command(example="qa search 工会驿站 -k 5")
@click.argument("query", nargs=-1, required=True)
@_k(10)
@_EXPLAIN
@verb
def search(face: Face, query: tuple[str, ...], k: int, explain: bool) -> None:
    """List passages."""
    with face.library() as library:
        hits = library.search(" ".join(query), k)
    if face.as_json:
        face.show_json([render.hit_json(hit) for hit in hits])
    elif not hits:
        face.show(face.words("nothing"))
    for hit in [] if face.as_json else hits:
        face.show(render.hit_text(hit, face.words, explain=explain))


@cli.command(name="list", example="qa list --json")
@verb
def list_documents(face: Face) -> None:
    """List documents."""
    with face.library() as library:
        documents = list(library.documents())
    if face.as_json:
        face.show_json([render.document_json(one) for one in documents])
        return
    if not face.output.is_terminal:
        for one in documents:
            click.echo("\t".join((one.date or "", str(len(one.text)), one.path, one.title)))
        return
    table = Table(box=None, pad_edge=False)
    for key in ("column_date", "column_characters", "column_path", "column_title"):
        table.add_column(face.words(key), overflow="fold")
    for one in documents:
        table.add_row(one.date or "", str(len(one.text)), one.path, one.title)
    face.output.print(table)


@cli.command(example="qa show 12 --context 1")
@click.argument("passage_id", type=int)
@click.option(
    "--context", cls=Option, type=click.IntRange(0, 50), default=0, help="help_option_context"
)
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
        face.show(Text(render.place_line(document, one, page, face.words), "dim"))
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
    for key, value in render.status_rows(now, face.words):
        face.show(f"{face.words(key)}: {value}")


@cli.command(example="qa verify")
@verb
def verify(face: Face) -> None:
    """Check every quote against its source."""
    with face.library() as library, face.progress("verifying") as progress:
        report = library.verify(progress)
    if face.as_json:
        face.show_json(render.verify_json(report))
    for one in () if face.as_json else report.problems:
        face.show(f"{one.path}: {one.reason}")
    values = {
        "documents": report.documents,
        "passages": report.passages,
        "problems": len(report.problems),
    }
    if report.problems:
        face.fail(face.words("problems", **values))
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
    """Prove the library alive."""
    from qa.doctor import examine

    with face.library() as library:
        checks = examine(library)
    if face.as_json:
        face.show_json([render.check_json(one) for one in checks])
    for one in () if face.as_json else checks:
        face.show(render.check_text(one, face.words))
    broken = sum(one.passed is False for one in checks)
    if broken:
        face.fail(face.words("doctor_failed", count=broken))


@cli.command(example="qa measure questions.jsonl")
@click.argument("file", type=click.Path(dir_okay=False))
@_EXPLAIN
@verb
def measure(face: Face, file: str, explain: bool) -> None:
    """Measure on a question file."""
    from qa.measure import measure as run
    from qa.measure import read_questions

    questions, problems = read_questions(file)
    for one in problems:
        face.note("line_problem", line=one.line, reason=one.reason)
    with face.library() as library, face.progress("measuring") as progress:
        figures = run(library, questions, progress)
    if face.as_json:
        face.show_json(render.figures_json(figures))
        return
    face.show(render.figures_text(figures, face.words))
    for miss in figures.misses if explain else ():
        face.show(face.words("miss", id=miss.id, question=miss.question))


@cli.command(example='eval "$(qa completion bash)"')
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(shell: str) -> None:
    """Print a completion script."""
    make = get_completion_class(shell)
    if make is None:
        raise click.UsageError(f"no completion for {shell}")
    click.echo(make(cli, {}, "qa", "_QA_COMPLETE").source())


def main() -> None:
    """Run the command line; this is what `qa` calls."""
    try:
        sys.exit(cli.main(prog_name="qa", standalone_mode=False) or 0)
    except click.exceptions.Exit as end:
        sys.exit(end.exit_code)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        click.echo(Messages(language())("interrupted"), err=True)
        sys.exit(130)
