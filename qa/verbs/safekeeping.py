"""Verbs that keep a library safe and in shape: backup, restore, optimize."""

from __future__ import annotations

from pathlib import Path

import click

from qa import reports
from qa.backups import restore
from qa.help import Argument, Option, Verb
from qa.terminal import Face, verb

_FILE = click.argument(
    "file", cls=Argument, type=click.Path(readable=False), metavar="metavar_file"
)


@click.command("backup", cls=Verb, example="qa backup 2024-06-30.qabackup")
@_FILE
@verb
def backup(face: Face, file: str) -> None:
    """Write the library to one file."""
    with face.library() as library:
        size = library.backup(file)
    if face.as_json:
        face.show_json({"file": file, "bytes": size})
    else:
        face.show(face.words("backed_up", file=file, size=reports.readable_bytes(size)))


@click.command("restore", cls=Verb, example="qa restore 2024-06-30.qabackup --library library")
@_FILE
@verb
def restore_library(face: Face, file: str) -> None:
    """Make a library of a backup."""
    restore(Path(file), Path(face.config.library))
    with face.library() as library:
        now = library.status()
    if face.as_json:
        face.show_json(reports.status_json(now))
    else:
        face.show(face.words("restored", documents=now.documents, passages=now.passages))


@click.command("optimize", cls=Verb, example="qa optimize")
@click.option("--anew", cls=Option, is_flag=True, help="help_option_anew")
@verb
def optimize(face: Face, anew: bool) -> None:
    """Bring the indexes into shape, give free space back."""
    with face.library() as library, face.progress("optimizing") as progress:
        done = face.in_turn(lambda: library.optimize(progress, anew=anew))
    if face.as_json:
        face.show_json(reports.optimized_json(done))
    else:
        face.show(reports.optimized_text(done, face.words))
