"""Whether what a library quotes still stands in the source it was read from."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

from qa.errors import LibraryDamaged, ReadingError
from qa.reading import Reader
from qa.records import Document, Passage, Problem, VerifyReport
from qa.store import Key, Store
from qa.telling import Progress, begin


def verify(store: Store, progress: Progress | None = None, *, deep: bool = False) -> VerifyReport:
    """Compare every document of a library with its passages and its source file.

    Args:
        store: The library's.
        progress: Called with documents done and documents in all.
        deep: Whether all of the database is looked through, its indexes too.

    Raises:
        LibraryDamaged: the database itself is not sound.
    """
    keys = store.document_keys()
    found: list[Problem] = []
    total = 0
    with Reader() as reader:
        for number, key in enumerate(keys, start=1):
            begin(progress, key.path)
            document = store.document(key.document_id)
            if document is not None:
                passages = store.passages_of(key.document_id)
                total += len(passages)
                found += problems(key, document, passages, reader=reader)
            if progress:
                progress(number, len(keys))
    damage = store.damage(deep=deep)
    if damage:
        raise LibraryDamaged(
            f"{store.file} is damaged ({damage}): restore a copy", store.file.parent
        )
    return VerifyReport(len(keys), total, tuple(found))


def problems(
    key: Key, document: Document, passages: Sequence[Passage], *, reader: Reader
) -> list[Problem]:
    """Compare a document's passages with its stored text, and that with its source file.

    A document given as text has no file; only its passages are compared.

    Returns:
        What is wrong, [] when nothing is: the file is gone or cannot be read, or a passage does not
        stand at its place any more.
    """
    found = _misplaced(document, passages, "does not stand where the library says")
    if not key.source:
        return found
    file = Path(key.location)
    try:
        data = reader.bytes_of(file)
        if hashlib.sha256(data).hexdigest() == document.digest:
            return found
        current = reader.read(data, file=file, root=Path(key.source)).document
    except FileNotFoundError:
        return [*found, Problem(key.path, None, "the file is gone")]
    except OSError as error:
        return [*found, Problem(key.path, None, f"cannot be read: {error.strerror}")]
    except ReadingError as error:
        return [*found, Problem(key.path, None, error.reason)]
    moved = _misplaced(current, passages, "is no longer there: the file has changed")
    return [*found, *moved]


def _misplaced(document: Document, passages: Sequence[Passage], reason: str) -> list[Problem]:
    return [
        Problem(document.path, passage.id, f"paragraph {passage.ordinal} {reason}")
        for passage in passages
        if document.text[passage.start : passage.end] != passage.text
    ]
