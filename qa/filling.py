"""One `add`, from its sources to its report: few in this process, many with the help of others."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from embeddings.encoder import Encoder
from embeddings.words import WordCutter
from qa import telling
from qa.adding import Change, Plan, Progress, Task, stands
from qa.cleaning import AS_IT_IS, Cleaning
from qa.errors import ReadingError
from qa.feeding import Feed
from qa.pieces import Piece
from qa.reading import Reading
from qa.records import AddReport, Skipped
from qa.sharing import shared
from qa.store import Key, Store
from qa.telling import Following
from qa.work import Failed, Item, Job, Recipe
from qa.writing import Writer

_PACKED_BYTES = 20_000  # taken for the size of what stands in an archive
_CHAR_BYTES = 3
_NEARLY = 0.999  # of a document that is not reported yet


@dataclass(frozen=True, slots=True)
class Means:
    """What documents are made ready with.

    Attributes:
        words: Cuts them.
        encoder: Makes their vectors.
        loaded_by: What another process may load the same encoder by; empty when it should not.
        cleaning: What else is noise in them, and what is not.
        encoding: What text is decoded as; None: as its bytes say.
    """

    words: WordCutter
    encoder: Encoder
    loaded_by: str = ""
    cleaning: Cleaning = AS_IT_IS
    encoding: str | None = None

    @property
    def recipe(self) -> Recipe:
        """The same in words that another process understands."""
        return Recipe(
            self.words.name,
            self.words.user_words,
            self.loaded_by,
            self.encoder.fingerprint,
            self.cleaning,
            self.encoding,
        )


def fill(
    todo: Plan, store: Store, feed: Feed, means: Means, progress: telling.Progress | None = None
) -> AddReport:
    """Bring a library up to date with the sources of a plan.

    Documents are written in the order of the plan, and the same is written whoever made it ready.

    Args:
        todo: The plan, made of what the store holds.
        store: Where to.
        feed: Of the term index.
        means: What to make documents ready with.
        progress: Called with sources done and sources in all, once for each when it is written; one
            that is `Following` is told of long documents as they are written.
    """
    done = Progress(failed=list(todo.failed), skipped=list(todo.skipped))
    told = _Told(progress, len(todo.tasks))
    writer = Writer(store, feed, means.encoder, done, within=told.within)
    writer.remove(todo.gone)
    tasks = _to_read(todo, means.encoding, done, told)
    jobs = [_job(task, todo.known.get(task.location)) for task in tasks]
    with ExitStack() as stack:
        items = shared(jobs, means.recipe, means.words, stack)
        for number, task in enumerate(tasks, start=told.number + 1):
            told.begin(number, task)
            _settle(task, todo.known.get(task.location), items, writer, done)
            if number == len(todo.tasks):
                writer.flush()
            if writer.idle:
                told.done(number)
    return done.report()


class _Told:
    """Tells how many sources are done, once for each, and of the one under way.

    Attributes:
        number: How many it has told of.
    """

    def __init__(self, progress: telling.Progress | None, total: int) -> None:
        self._progress = progress
        self._total = total
        self._before = 0  # how many come before the one under way
        self.number = 0

    def begin(self, number: int, task: Task) -> None:
        """Tell that the source of this number is looked at now."""
        self._before = number - 1
        telling.begin(self._progress, task.path)

    def done(self, number: int) -> None:
        """Tell that so many are done."""
        while self.number < number:
            self.number += 1
            if self._progress:
                self._progress(self.number, self._total)

    def within(self, share: float) -> None:
        """Tell that this share of one is written; those before it are."""
        self.done(self._before)
        if isinstance(self._progress, Following):
            self._progress.within(self._before + min(share, _NEARLY), self._total)


def _to_read(todo: Plan, encoding: str | None, done: Progress, told: _Told) -> list[Task]:
    """Give the tasks to read, and enter the others: what stands as it did costs one hash here.

    To tell another process of it, or only to start one, would take longer.
    """
    changed: list[Task] = []
    for task in todo.tasks:
        if not stands(task, todo.known.get(task.location), encoding=encoding):
            changed.append(task)
            continue
        done.unchanged.append(task.path)
        told.done(len(done.unchanged))
    return changed


def _settle(
    task: Task, old: Key | None, items: Iterator[Item], writer: Writer, done: Progress
) -> None:
    """Take the items of one job, and have written what is to be written."""
    first = next(items)
    if isinstance(first, Reading):
        writer.write(Change(task, first.document, old), pieces_of(task, items), first.notes)
    elif isinstance(first, Failed):
        done.failed.append(Skipped(task.path, first.reason))
        next(items)
    else:
        done.unchanged.append(task.path)


def pieces_of(task: Task, items: Iterator[Item]) -> Iterator[Piece]:
    """Give the pieces of the document that was read last.

    Raises:
        ReadingError: what should have given more of them has broken down.
    """
    for item in items:
        if isinstance(item, Failed):
            next(items)
            raise ReadingError(Path(task.location), item.reason)
        if not isinstance(item, Piece):
            return
        yield item


def _job(task: Task, old: Key | None) -> Job:
    return Job(task, old.digest if old else None, _size(task))


def _size(task: Task) -> int:
    """Give about how many bytes a source has."""
    if task.document is not None:
        return _CHAR_BYTES * len(task.document.text)
    if task.file is None:
        raise AssertionError("a task has a file, or a document")
    try:
        return task.file.stat().st_size
    except OSError:  # it stands in an archive, or is gone: reading says so
        return _PACKED_BYTES
