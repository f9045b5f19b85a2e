"""The truth of a library: one SQLite file, and how it is read; `qa.edges` keeps its own there.

Every write transaction raises the generation by one; documents and removals carry the generation
that made them, so that an index which knows how far it got can ask what happened since.
"""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from weakref import WeakSet

import numpy as np
from numpy.typing import NDArray

from qa.connecting import Connection, connect
from qa.errors import LibraryOutdated
from qa.faults import database_fault
from qa.records import Document, Feedback, Passage, Verdict
from qa.schema import FORMAT, bring_up, keep_wal, reclaim
from qa.storing import NAMED, Writing

_BATCH = 500  # SQLite takes at most 32,766 values in one statement; this many ids at a time do

Vectors = NDArray[np.float32]
Row = tuple[Any, ...]  # what SQLite gives; the schema above says what is in it


@dataclass(frozen=True, slots=True)
class Key:
    """What identifies a stored document, and what tells whether it changed."""

    document_id: int
    source: str
    path: str
    digest: str
    encoding_named: bool = False

    @property
    def location(self) -> str:
        """Where its file is, absolute; the bare path for a document given as text."""
        return f"{self.source.rstrip('/')}/{self.path}" if self.source else self.path


@dataclass(frozen=True, slots=True)
class Candidate:
    """A passage with what ranking needs of its document, the document's text left on disk."""

    passage: Passage
    title: str
    date: str | None
    vector: Vectors
    path: str = ""


@dataclass(frozen=True, slots=True)
class Removal:
    """A document that is gone: its passages had the ids first…last (both 0 when it had none)."""

    document_id: int
    first_passage: int
    last_passage: int


class Store:
    """Documents, passages and vectors in one SQLite file.

    Reading is safe from several threads (each has its own connection) and processes. Writing is
    for one at a time; SQLite itself enforces that.
    """

    def __init__(self, file: Path) -> None:
        self.file = file
        self._local = threading.local()
        self._opened: WeakSet[Connection] = WeakSet()
        self._opening = threading.Lock()

    @classmethod
    def open(cls, file: Path) -> Store:
        """Open the file, making it when it is missing or empty.

        Raises:
            LibraryOutdated: another version of this package made it.
            LibraryDamaged: it is not a database, or cannot be read or written.
        """
        store = cls(file)
        with store._explained():
            store._prepare()
        return store

    def close(self) -> None:
        """Close the connections of all threads; using the store afterwards opens them anew."""
        with self._opening:
            for connection in list(self._opened):
                connection.close()
            self._opened.clear()
            self._local = threading.local()

    @property
    def read_only(self) -> bool:
        """Whether this process may only read the file."""
        return self._connection.read_only

    # Reading

    @property
    def generation(self) -> int:
        """How many write transactions there have been."""
        return int(self.setting("generation") or 0)

    def setting(self, name: str) -> str | None:
        """Give a recorded setting of the library's making; None when it was never set."""
        row = self._one("SELECT value FROM setting WHERE name = ?", (name,))
        return None if row is None else str(row[0])

    def counts(self) -> tuple[int, int]:
        """Give the numbers of documents and of passages."""
        [row] = self._all("SELECT (SELECT COUNT(*) FROM document), (SELECT COUNT(*) FROM passage)")
        return row[0], row[1]

    @property
    def last_passage(self) -> int:
        """The largest id of a passage that is there; 0 when there is none."""
        [row] = self._all("SELECT COALESCE(MAX(id), 0) FROM passage")
        return int(row[0])

    def document_keys(self) -> list[Key]:
        """Give the keys of all documents, in the order they were added."""
        rows = self._all("SELECT id, source, path, digest, encoding FROM document ORDER BY id")
        return [Key(*(*row[:-1], row[-1].endswith(NAMED))) for row in rows]

    def documents(self) -> Iterator[Document]:
        """Give all documents, one at a time, in order of source and path."""
        # By key: an id is gone once its document is brought up to date.
        for key in self._all("SELECT source, path FROM document ORDER BY source, path"):
            document = self._document("source = ? AND path = ?", key)
            if document is not None:
                yield document

    def document(self, document_id: int) -> Document | None:
        """Give one document; None when it is not there (any more)."""
        return self._document("id = ?", (document_id,))

    def _document(self, where: str, values: Sequence[object]) -> Document | None:
        row = self._one(f"SELECT {_DOCUMENT} FROM document WHERE {where}", values)  # noqa: S608
        if row is None:
            return None
        *fields, encoding, starts, address = row
        named, encoding = encoding.endswith(NAMED), encoding.removesuffix(NAMED)
        return Document(*(*fields, encoding, tuple(json.loads(starts)), address, named))

    def title(self, document_id: int) -> str:
        """Give a document's title; empty when it is not there."""
        rows = self._all("SELECT title FROM document WHERE id = ?", (document_id,))
        return str(rows[0][0]) if rows else ""

    def titles(self) -> list[str]:
        """Give the titles of all documents, in the order they were added."""
        return [str(row[0]) for row in self._all("SELECT title FROM document ORDER BY id")]

    def passages_of(self, document_id: int) -> list[Passage]:
        """Give a document's passages in reading order; [] when it is not there."""
        sql = f"SELECT {_PASSAGE} FROM passage WHERE document_id = ? ORDER BY start"  # noqa: S608
        return [_passage(row) for row in self._all(sql, (document_id,))]

    def passages_at(self, source: str, path: str) -> list[Passage]:
        """Give the passages of the document with this key, all of one version, as above."""
        one = "(SELECT id FROM document WHERE source = ? AND path = ?)"
        sql = f"SELECT {_PASSAGE} FROM passage WHERE document_id = {one} ORDER BY start"  # noqa: S608
        return [_passage(row) for row in self._all(sql, (source, path))]

    def candidates(self, passage_ids: Sequence[int]) -> list[Candidate]:
        """Give these passages, in the order asked; ids that are not there (any more) are left out.

        Vectors are float32 (dimensions,).
        """
        rows: list[tuple[Any, ...]] = []
        possible = [number for number in passage_ids if abs(number) < 2**63]
        for at in range(0, len(possible), _BATCH):
            part = tuple(possible[at : at + _BATCH])
            marks = ",".join("?" * len(part))
            sql = (
                f"SELECT {_PASSAGE}, vector, title, date, path FROM passage"  # noqa: S608
                f" JOIN document ON document.id = document_id WHERE passage.id IN ({marks})"
            )
            rows += self._all(sql, part)
        found = {}
        vectors = _vectors([row[_PASSAGE_FIELDS] for row in rows])
        for row, vector in zip(rows, vectors, strict=True):
            passage, (title, date, path) = _passage(row), row[_PASSAGE_FIELDS + 1 :]
            found[passage.id] = Candidate(passage, title, date, vector, path)
        return [found[i] for i in passage_ids if i in found]

    def changed_since(self, generation: int) -> list[int]:
        """Give the ids of documents written after `generation`, oldest first."""
        sql = "SELECT id FROM document WHERE generation > ? ORDER BY +id"  # `+`: by that index
        return [row[0] for row in self._all(sql, (generation,))]

    def removed_since(self, generation: int) -> list[Removal]:
        """Give the documents removed after `generation`, oldest first."""
        sql = (
            "SELECT document_id, first_passage, last_passage FROM removal"
            " WHERE generation > ? ORDER BY document_id"
        )
        return [Removal(*row) for row in self._all(sql, (generation,))]

    def vectors_after(
        self, passage_id: int, *, block: int = 8192
    ) -> Iterator[tuple[NDArray[np.int64], Vectors]]:
        """Give ids int64 (n,) and vectors float32 (n, dimensions) with larger ids, in blocks."""
        last = passage_id
        while True:
            sql = "SELECT id, vector FROM passage WHERE id > ? ORDER BY id LIMIT ?"
            rows = self._all(sql, (last, block))
            if not rows:
                return
            last = rows[-1][0]
            ids = np.array([row[0] for row in rows], dtype=np.int64)
            yield ids, _vectors([row[1] for row in rows])

    def feedback(self) -> list[Feedback]:
        """Give all that was said of answers, oldest first."""
        sql = (
            "SELECT key, question, verdict, path, words, at, comment FROM feedback ORDER BY number"
        )
        return [
            Feedback(key, question, Verdict(verdict), *rest)
            for key, question, verdict, *rest in self._all(sql)
        ]

    def rows(self, sql: str, values: Sequence[object] = ()) -> Iterator[Row]:
        """Give what a statement about tables that another module keeps here finds, one by one."""
        with self._explained():
            yield from self._connection.execute(sql, values)

    def copy_to(self, file: Path) -> None:
        """Write all that is committed now to a new file, compact, while others read and write."""
        self._all("VACUUM INTO ?", (str(file),))

    def damage(self, *, deep: bool = False) -> str | None:
        """Give SQLite's own account of what is wrong with the file; None when it is sound."""
        row = self._one(f"PRAGMA {'integrity' if deep else 'quick'}_check(1)")
        return None if row is None or row[0] == "ok" else " ".join(str(row[0]).split())

    # Writing

    @contextmanager
    def writing(self, *, news: bool = True) -> Iterator[Writing]:
        """Open a transaction; leaving without an exception commits it, otherwise nothing happened.

        Without `news`, for what no index holds any of, the generation stays.

        Raises:
            LibraryDamaged: SQLite could not write (a full disk, no permission, damage).
        """
        with self._explained():
            connection = self._connection
            connection.execute("BEGIN IMMEDIATE")
            try:
                generation = self.generation + 1
                writing = Writing(connection, generation)
                yield writing
                if news:
                    writing.set("generation", str(generation))
                connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise

    def reclaim(self) -> int:
        """Give back to the disk what removals have left free (`qa.schema.reclaim`)."""
        with self._explained():
            return reclaim(self._connection)

    def put_feedback(self, feedback: Feedback) -> None:
        """Keep what was said of an answer, in place of an earlier one of the same key.

        Raises:
            LibraryDamaged: SQLite could not write (a full disk, no permission, busy for long).
        """
        # No new generation: no index holds any of it.
        self._all(
            "INSERT OR REPLACE INTO feedback"
            " (key, question, verdict, path, words, at, comment) VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                feedback.key, feedback.question, feedback.verdict.value, feedback.path,
                feedback.words, feedback.at, feedback.comment,
            ),
        )  # fmt: skip

    def _prepare(self) -> None:
        """Make the tables in a new file; refuse one that another version (or program) made."""
        # In one statement: another process may be making it.
        sql = "SELECT user_version, (SELECT COUNT(*) FROM sqlite_master) FROM pragma_user_version"
        [(version, tables)] = self._all(sql)
        if 0 < version < FORMAT and self.read_only:
            raise LibraryOutdated(
                f"{self.file} has the older library format {version} and may only be read: "
                "have someone who may write there open it once, as with `qa status`",
                self.file.parent,
            )
        if (version, tables) == (0, 0) or 0 < version < FORMAT:
            bring_up(self._connection)
        elif version == FORMAT:
            if not self.read_only:
                keep_wal(self._connection)  # a file copied by SQLite's own means lacks it
        else:
            raise LibraryOutdated(
                f"{self.file} has library format {version}, this version reads {FORMAT}: "
                "make a new library and add the documents again",
                self.file.parent,
            )

    @property
    def _connection(self) -> Connection:
        connection: Connection | None = getattr(self._local, "connection", None)
        if connection is None or connection.stale:
            connection = connect(self.file)
            self._local.connection = connection
            with self._opening:
                self._opened.add(connection)
        return connection

    def _one(self, sql: str, values: Sequence[object] = ()) -> Row | None:
        return next(iter(self._all(sql, values)), None)

    def _all(self, sql: str, values: Sequence[object] = ()) -> list[Row]:
        with self._explained():
            rows = (connection := self._connection).execute(sql, values).fetchall()
        # Another process may have written beneath a connection without locks: then read again.
        return self._all(sql, values) if connection.stale else rows

    @contextmanager
    def _explained(self) -> Iterator[None]:
        """Turn SQLite's exceptions into one that says what to do."""
        try:
            yield
        except (sqlite3.Error, UnicodeDecodeError) as error:  # its own words may be damaged too
            raise database_fault(self.file, error) from error


_DOCUMENT = "source, path, title, text, digest, date, encoding, page_starts, address"
_PASSAGE = 'passage.id, document_id, ordinal, heading, start, "end", passage.text, noise'
_PASSAGE_FIELDS = 8
_NO_NOISE = "[]"


def _passage(row: Row) -> Passage:
    *fields, noise = row[:_PASSAGE_FIELDS]
    ranges = () if noise == _NO_NOISE else json.loads(noise)  # most have none
    return Passage(*(*fields, tuple((start, end) for start, end in ranges)))


def _vectors(blobs: Sequence[bytes]) -> Vectors:
    """Give what is stored of vectors of the same length as float32 (n, dimensions)."""
    flat = np.frombuffer(b"".join(blobs), dtype=np.float16)
    return flat.astype(np.float32).reshape(len(blobs), -1 if blobs else 0)
