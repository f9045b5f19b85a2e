"""Verbs about what the library holds: add, list, remove, status, verify, rebuild, doctor."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import click

from qa import render, reports, watching
from qa.cleaning import clean
from qa.doctor import Check, examine
from qa.errors import Fault, LibraryDamaged, SourceNotFound
from qa.help import Argument, Option, Verb
from qa.library import Library
from qa.previewing import preview
from qa.reading import present
from qa.records import AddReport
from qa.terminal import Face, verb
from qa.verbs.running import require_extra
from qa.wrapping import unbroken

_PATHS = click.argument(
    "paths",
    nargs=-1,
    required=True,
    cls=Argument,
    type=click.Path(readable=False),
    metavar="metavar_paths",
)
_SKIPPED_SHOWN = 10


@click.command("add", cls=Verb, example="qa add docs/ 通知.txt")
@_PATHS
@click.option("--encoding", cls=Option, metavar="NAME", help="help_option_encoding")
@click.option("--dry-run", cls=Option, is_flag=True, help="help_option_dry_run")
@click.option("--again", cls=Option, is_flag=True, help="help_option_again")
@click.option("--watch", cls=Option, is_flag=True, help="help_option_watch")
@verb
def add(
    face: Face,
    paths: tuple[str, ...],
    *,
    encoding: str | None,
    dry_run: bool,
    again: bool,
    watch: bool,
) -> None:
    """Add files and folders."""
    present(paths)  # where nothing is, no library is made for it
    if encoding is not None and not _is_encoding(encoding):
        face.fail("encoding_unknown", name=encoding)
    if dry_run:
        with face.progress("looking") as progress:
            report = preview(
                face.config.library,
                paths,
                progress,
                encoding=encoding,
                cleaning=face.cleaning,
                again=again,
            )
        _show_report(face, report, reports.preview_text(report, face.words), "some_would_fail")
        return
    with face.library(create=True) as library:
        if watch:
            _follow(face, library, paths, encoding=encoding, again=again)
            return
        with face.progress("adding") as progress:
            report = face.in_turn(
                lambda: library.add(paths, progress, encoding=encoding, again=again)
            )
        _show_read(face, library, report)
        now = library.status()
    _show_report(face, report, reports.report_text(report, now, face.words), "some_failed")


def _is_encoding(name: str) -> bool:
    try:
        b"x".decode(name)
    except UnicodeDecodeError:
        return True  # one that takes more bytes for a character
    except LookupError:
        return False
    return True


def _show_report(face: Face, report: AddReport, text: str, failing: str) -> None:
    """Print what an add did, or would do, and end with what went wrong, by its key `failing`."""
    if face.as_json:
        face.show_json(reports.report_json(report))
    _show_left_out(face, report)
    if not (report.changed or report.unchanged or report.failed):
        face.fail("nothing_to_add")
    if not face.as_json:
        face.show(text)
    if report.failed:
        face.fail(failing, count=len(report.failed))


def _follow(
    face: Face, library: Library, paths: tuple[str, ...], *, encoding: str | None, again: bool
) -> None:
    """Add whenever something changes, until Ctrl-C."""
    followed = {path: Path(os.path.realpath(path)) for path in paths}
    told, away = AddReport(), list[str]()
    try:
        for changed in watching.changes([*followed.values()], ignore=library.folder):
            there = [path for path in paths if watching.is_there(followed[path])]
            away = _tell_away(face, [path for path in paths if path not in there], away)
            anew = again and not changed
            try:
                report = face.in_turn(partial(library.add, there, encoding=encoding, again=anew))
            except SourceNotFound:  # it vanished at this very moment, which is told next
                continue
            if not changed:
                face.note("watching")
            left_out = (report.failed, report.skipped) != (told.failed, told.skipped)
            if left_out:
                _show_left_out(face, report)
            if report.changed or left_out or not changed:
                face.show(reports.report_text(report, library.status(), face.words))
            told = report
    except KeyboardInterrupt:
        face.note("watched")


def _tell_away(face: Face, away: list[str], before: list[str]) -> list[str]:
    """Say what followed paths are not there any more, and what are back; give the former."""
    for key, those, others in (("watch_away", away, before), ("watch_back", before, away)):
        for path in those:
            if path not in others:
                face.note(key, path=unbroken(path))
    return away


def _show_read(face: Face, library: Library, report: AddReport) -> None:
    """Say with -v how every file was read, and how often each rule found noise in it."""
    new = set(report.added) | set(report.updated) if face.verbose else set()
    for document in library.documents() if new else ():
        if document.path in new:
            cleaned = clean(document.text, face.cleaning, library.repeated(document))
            rules = Counter(mark.rule for mark in cleaned.marks)
            face.note(
                "read_as",
                path=unbroken(document.path),
                encoding=document.encoding or face.words("no_encoding"),
                characters=len(document.text),
                noise=", ".join(f"{rule} {count}" for rule, count in sorted(rules.items())) or "0",
            )


def _show_left_out(face: Face, report: AddReport) -> None:
    shown = report.skipped if face.verbose else report.skipped[:_SKIPPED_SHOWN]
    for one in shown:
        face.note("skipped", path=unbroken(one.path), reason=face.words.say(one.reason))
    if len(shown) < len(report.skipped):
        face.note("more_skipped", count=len(report.skipped) - len(shown))
    for one in report.notes:
        face.note("noted", path=unbroken(one.path), reason=face.words.say(one.reason))
    for one in report.failed:
        face.note("failed", path=unbroken(one.path), reason=face.words.say(one.reason))


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
        removed = face.in_turn(lambda: library.remove(paths))
    if face.as_json:
        face.show_json({"removed": list(removed)})
    for path in () if face.as_json else removed:
        face.show(face.words("removed", path=unbroken(path)))


@click.command("status", cls=Verb, example="qa status")
@verb
def status(face: Face) -> None:
    """Show what the library holds."""
    config = face.config
    with face.library() as library:
        now, count, synonyms = library.status(), len(library.words), library.synonyms
    shipped = synonyms.everyday.lines if synonyms.everyday else 0
    own = reports.OwnFiles(config.dictionary, count, config.synonyms, synonyms.lines, shipped)
    if face.as_json:
        face.show_json(reports.status_json(now, own))
        return
    face.show(reports.status_text(now, face.words, own))


@click.command("verify", cls=Verb, example="qa verify --deep")
@click.option("--deep", cls=Option, is_flag=True, help="help_option_deep")
@verb
def verify(face: Face, deep: bool) -> None:
    """Check every quote against its source."""
    with face.library() as library, face.progress("verifying") as progress:
        try:
            report = library.verify(progress, deep=deep)
        except LibraryDamaged as error:
            if not deep or error.fault is not Fault.NO_ACCESS:
                raise
            face.fail("deep_no_access", folder=error.folder)
    if face.as_json:
        face.show_json(reports.verify_json(report))
    else:
        for line in reports.verify_lines(report, face.words):
            face.show(line)
    values = {
        "documents": report.documents,
        "passages": report.passages,
        "problems": len(report.problems),
    }
    if report.problems:
        face.fail("problems", **values)
    if report.indexes:
        face.fail("indexes_wrong", count=len(report.indexes))
    if not face.as_json:
        face.show(face.words("verified", **values))
    if deep and not face.as_json:
        face.show(face.words("verified_indexes"))


@click.command("rebuild", cls=Verb, example="qa rebuild")
@verb
def rebuild(face: Face) -> None:
    """Make passages, vectors and indexes anew."""
    config = face.config
    with face.progress("rebuilding") as progress:
        now = Library.rebuild(
            config.library,
            config.encoder,
            words=config.dictionary,
            cleaning=face.cleaning,
            progress=progress,
        )
    if face.as_json:
        face.show_json(reports.status_json(now))
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
        face.show_json([reports.check_json(one) for one in checks])
    for one in () if face.as_json else checks:
        face.show(reports.check_text(one, face.words))
    return [one.name for one in checks if one.passed is False]
