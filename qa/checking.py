"""Whether what a library quotes still stands in the source it was read from."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

from qa.errors import ReadingError
from qa.reading import read_document
from qa.records import Document, Passage, Problem
from qa.store import Key


def problems(key: Key, document: Document, passages: Sequence[Passage]) -> list[Problem]:
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
        data = file.read_bytes()
        if hashlib.sha256(data).hexdigest() == document.digest:
            return found
        current = read_document(data, file=file, root=Path(key.source))
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
