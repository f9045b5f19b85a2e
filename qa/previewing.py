"""What an `add` would do, without doing it: every source is read, nothing is written."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import ExitStack, closing
from pathlib import Path

from qa import adding
from qa.adding import Source
from qa.cleaning import AS_IT_IS, Cleaning, clean
from qa.folder import Folder
from qa.records import AddReport, Skipped
from qa.store import Store
from qa.telling import Progress, begin


def preview(
    library: str | Path,
    sources: Source | Iterable[Source],
    progress: Progress | None = None,
    *,
    encoding: str | None = None,
    cleaning: Cleaning = AS_IT_IS,
    again: bool = False,
) -> AddReport:
    """Give the report that `Library.add` would give now, save for the number of passages (0).

    A library that is missing is taken for an empty one, and not made.

    Args:
        library: Its folder.
        sources: A path, a Document, or several of either.
        progress: Called with sources done and sources in all.
        encoding: What text is decoded as, whatever its bytes look like.
        cleaning: What else is noise; patterns that would not be applied are noted.
        again: Whether unchanged files are read, too.

    Raises:
        LibraryNotFound: the folder holds other things.
        LibraryDamaged: the database cannot be read.
        SourceNotFound: there is nothing at any of the paths.
    """
    folder = Folder(Path(library))
    folder.check(create=True)
    with ExitStack() as stack:
        store = None
        if folder.file.exists():
            store = stack.enter_context(closing(Store.open(folder.file)))
        keys = store.document_keys() if store else []
        todo = adding.plan(adding.as_sources(sources), keys, exclude=[folder.path], again=again)
        done = adding.Progress(failed=list(todo.failed), skipped=list(todo.skipped))
        done.removed += [key.path for key in todo.gone]
        found = adding.changes(todo, keys, done, encoding=encoding)
        for number, task in enumerate(todo.tasks, start=1):
            begin(progress, task.path)
            change = next(found)
            if change is not None and store and adding.stays(change, store.document):
                done.unchanged.append(change.task.path)
            elif change is not None:
                (done.updated if change.replaces else done.added).append(change.task.path)
                notes = clean(change.document.text, cleaning).notes
                done.notes += [Skipped(change.task.path, note) for note in notes]
            if progress:
                progress(number, len(todo.tasks))
    return done.report()
