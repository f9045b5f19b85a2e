"""Writing documents to the store, and taking them out: each batch in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from qa.adding import Change, Progress
from qa.making import Made
from qa.records import Document, Skipped
from qa.store import Key, Store


def write(
    store: Store,
    batch: Sequence[Change],
    done: Progress,
    make: Callable[[Sequence[Document]], list[Made]],
) -> None:
    """Write a batch, all of it or nothing, and then note it in the report; [] does nothing.

    Args:
        store: Where to.
        batch: What is new or has changed.
        done: The report.
        make: Gives documents with their passages and vectors.
    """
    if not batch:
        return
    made = make([change.document for change in batch])
    with store.writing() as writing:
        for change, one in zip(batch, made, strict=True):
            if change.replaces is not None:
                writing.remove(change.replaces.document_id)
            writing.put(one.document, one.passages, one.vectors)
    for change, one in zip(batch, made, strict=True):
        (done.updated if change.replaces else done.added).append(change.task.path)
        done.passages += len(one.passages)
        done.notes += [Skipped(change.task.path, note) for note in one.notes]


def remove(store: Store, keys: Iterable[Key]) -> None:
    """Take documents out, all of them or none; none does nothing."""
    numbers = [key.document_id for key in keys]
    if numbers:
        with store.writing() as writing:
            for number in numbers:
                writing.remove(number)
