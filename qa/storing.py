"""One write transaction of a library's database: documents and passages in, documents out."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qa.records import Document, Passage

NAMED = " named"
"""Behind the encoding of a document whose user named it."""

Vectors = NDArray[np.floating[Any]]

# What was given last, also to a passage that is gone: an id is never used again.
_LAST_PASSAGE = "SELECT COALESCE(MAX(seq), 0) FROM sqlite_sequence WHERE name = 'passage'"


class Writing:
    """One open write transaction; everything in it becomes true together."""

    def __init__(self, connection: sqlite3.Connection, generation: int) -> None:
        self._connection = connection
        self.generation = generation

    def set(self, name: str, value: str) -> None:
        """Record a setting."""
        self._connection.execute(
            "INSERT INTO setting VALUES (?, ?)"
            " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            (name, value),
        )

    def put(self, document: Document, passages: Sequence[Passage], vectors: Vectors) -> int:
        """Write a new document with its passages, as `put_document` and `put_passages` do."""
        number = self.put_document(document)
        self.put_passages(number, passages, vectors)
        return number

    def put_document(self, document: Document) -> int:
        """Write a new document, which is not in the store under the same source and path.

        Returns:
            Its id.
        """
        cursor = self._connection.execute(
            "INSERT INTO document"
            " (source, path, title, date, digest, encoding, page_starts, text, generation, address)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                document.source, document.path, document.title, document.date, document.digest,
                document.encoding + NAMED * document.encoding_named,
                json.dumps(document.page_starts), document.text, self.generation,
                document.address,
            ),
        )  # fmt: skip
        return cursor.lastrowid or 0

    def put_passages(
        self, document_id: int, passages: Sequence[Passage], vectors: Vectors
    ) -> range:
        """Write passages of a document that was put in this transaction, after those before.

        Args:
            document_id: What `put_document` gave.
            passages: In reading order; their own ids are ignored, new ones are given.
            vectors: float32 or float16 (len(passages), dimensions).

        Returns:
            Their ids.
        """
        [last] = self._connection.execute(_LAST_PASSAGE).fetchone()
        ids = range(last + 1, last + 1 + len(passages))
        halves = vectors.astype(np.float16, copy=False)
        self._connection.executemany(
            "INSERT INTO passage"
            ' (id, document_id, ordinal, heading, start, "end", text, noise, vector)'
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                (number, document_id, p.ordinal, p.heading, p.start, p.end, p.text,
                 json.dumps(p.noise), half.tobytes())
                for number, p, half in zip(ids, passages, halves, strict=True)
            ),
        )  # fmt: skip
        return ids

    def run(self, sql: str, rows: Iterable[Sequence[object]]) -> None:
        """Run a statement about tables that another module keeps here, once for each row."""
        self._connection.executemany(sql, rows)

    def remove(self, document_id: int) -> None:
        """Remove a document and its passages; an id that is not there does nothing."""
        first, last = self._connection.execute(
            "SELECT COALESCE(MIN(id), 0), COALESCE(MAX(id), 0) FROM passage WHERE document_id = ?",
            (document_id,),
        ).fetchone()
        gone = self._connection.execute("DELETE FROM document WHERE id = ?", (document_id,))
        if gone.rowcount:
            self._connection.execute(
                "INSERT INTO removal VALUES (?, ?, ?, ?)",
                (document_id, first, last, self.generation),
            )
