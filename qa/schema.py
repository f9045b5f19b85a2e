"""The tables of a library's SQLite file, and how an older file is brought up to them."""

from __future__ import annotations

import sqlite3
import time

FORMAT = 3
"""Version of the tables below, kept in SQLite's user_version."""

_TABLES = """
CREATE TABLE setting (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE document (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    source TEXT NOT NULL, path TEXT NOT NULL, title TEXT NOT NULL, date TEXT,
    digest TEXT NOT NULL, encoding TEXT NOT NULL, page_starts TEXT NOT NULL,
    text TEXT NOT NULL, generation INTEGER NOT NULL,
    UNIQUE (source, path)
);
CREATE INDEX document_generation ON document (generation);
CREATE TABLE passage (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    document_id INTEGER NOT NULL REFERENCES document (id) ON DELETE CASCADE,
    ordinal INTEGER NOT NULL, heading TEXT NOT NULL,
    start INTEGER NOT NULL, "end" INTEGER NOT NULL,
    text TEXT NOT NULL, noise TEXT NOT NULL, vector BLOB NOT NULL
);
CREATE INDEX passage_document ON passage (document_id);
CREATE TABLE removal (
    document_id INTEGER PRIMARY KEY, first_passage INTEGER, last_passage INTEGER,
    generation INTEGER NOT NULL
);
"""
_FEEDBACK = """
CREATE TABLE feedback (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    key TEXT NOT NULL UNIQUE, question TEXT NOT NULL, verdict TEXT NOT NULL,
    path TEXT NOT NULL, words TEXT NOT NULL, at TEXT NOT NULL, comment TEXT NOT NULL
);
"""
_SITES = """
ALTER TABLE document ADD COLUMN address TEXT NOT NULL DEFAULT '';
CREATE TABLE edge (
    document_id INTEGER PRIMARY KEY REFERENCES document (id) ON DELETE CASCADE,
    folder TEXT NOT NULL, lines BLOB NOT NULL, marked BLOB NOT NULL, noise TEXT NOT NULL
);
CREATE INDEX edge_folder ON edge (folder);
CREATE TABLE unsettled (folder TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TRIGGER edge_gone AFTER DELETE ON edge
    BEGIN INSERT OR IGNORE INTO unsettled VALUES (OLD.folder); END;
"""
# What each format added: a library of an earlier one is brought up step by step when it is opened.
_STEPS = (_TABLES, _FEEDBACK, _SITES)

PATIENCE_S = 5.0
"""How long to wait for another process before saying that the file is in use."""


def keep_wal(connection: sqlite3.Connection) -> None:
    """See that the write-ahead log is on, which lets others read while one writes.

    SQLite does not wait (its busy timeout is of no effect here) when two switch at once: one of
    them is told at once that the file is locked, to break what could be a deadlock.
    """
    until = time.monotonic() + PATIENCE_S
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                raise
            time.sleep(0.01)


def bring_up(connection: sqlite3.Connection) -> None:
    """Make the tables that a file of an earlier format, or an empty one, lacks: all or none.

    Raises:
        sqlite3.Error: it cannot be written, or another process held it for PATIENCE_S.
    """
    keep_wal(connection)
    connection.execute("BEGIN IMMEDIATE")
    try:
        # Read here: another process may have done it since.
        [version] = connection.execute("PRAGMA user_version").fetchone()
        for step in _STEPS[version:]:
            for statement in step.split(";\n"):
                connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {FORMAT}")
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
