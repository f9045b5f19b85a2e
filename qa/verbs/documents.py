"""Verbs about what the library holds: add, list, remove, status, verify, rebuild, doctor."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from qa import render
from qa.config import user_words
from qa.doctor import Check, examine
from qa.help import Argument, Option, Verb
from qa.library import Library
from qa.reading import existing
from qa.records import AddReport
from qa.terminal import Face, verb
from qa.verbs.running import require_extra

_PATHS = click.argument(
    "paths", nargs=-1, required=True, cls=Argument, type=click.Path(), metavar="metavar_paths"
)
_SKIPPED_SHOWN = 10


@click.command("add", cls=Verb, example="qa add docs/ 通知.txt")
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


@click.command("list", cls=Verb, example="qa list --json")
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


@click.command("remove", cls=Verb, example="qa remove docs/旧通知.txt")
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


@click.command("status", cls=Verb, example="qa status")
@verb
def status(face: Face) -> None:
    """Show what the library holds."""
    with face.library() as library:
        now = library.status()
    if face.as_json:
        face.show_json(render.status_json(now))
        return
    face.show(render.status_text(now, face.words))


@click.command("verify", cls=Verb, example="qa verify")
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


@click.command("rebuild", cls=Verb, example="qa rebuild")
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


@click.command("doctor", cls=Verb, example="qa doctor")
@click.option("--bot", "of_bot", cls=Option, is_flag=True, help="help_option_of_bot")
@verb
def doctor(face: Face, of_bot: bool) -> None:
    """Prove the library sound, or the bot ready to run."""
    if of_bot:
        _doctor_of_bot(face)
        return
    with face.library() as library:
        checks = examine(library)
    broken = _show_checks(face, checks)
    if "doctor_database" in broken:
        face.fail("doctor_restore", folder=library.folder)
    if broken:
        face.fail("doctor_failed", count=len(broken))


def _doctor_of_bot(face: Face) -> None:
    require_extra(face)
    from qa.bot.examining import examine_bot  # only this needs python-telegram-bot
    from qa.bot.settings import load_settings

    checks = examine_bot(load_settings(face.config), face.config, face.words)
    if broken := _show_checks(face, checks):
        face.fail("bot_checks_failed", count=len(broken))


def _show_checks(face: Face, checks: Sequence[Check]) -> list[str]:
    """Show checks; give the names of those that failed."""
    if face.as_json:
        face.show_json([render.check_json(one) for one in checks])
    for one in () if face.as_json else checks:
        face.show(render.check_text(one, face.words))
    return [one.name for one in checks if one.passed is False]
