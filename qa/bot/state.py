"""What the bot itself must remember, in a database of its own beside the library.

Updates received, answers shown (their buttons outlive a restart), which library a chat uses, how
much each person asked today. Nothing of it is the library's; deleting the file loses only that.
"""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from qa.errors import ConfigError, QAError

_SCHEMA = """
CREATE TABLE IF NOT EXISTS fact (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS received (
    id INTEGER PRIMARY KEY, body TEXT NOT NULL, at REAL NOT NULL, stage INTEGER NOT NULL
);
CREATE INDEX IF NOT EXISTS received_stage ON received (stage);
CREATE TABLE IF NOT EXISTS shown (
    id INTEGER PRIMARY KEY AUTOINCREMENT, chat INTEGER NOT NULL, person INTEGER NOT NULL,
    message INTEGER NOT NULL, at REAL NOT NULL, body TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS shown_message ON shown (chat, message);
CREATE INDEX IF NOT EXISTS shown_turn ON shown (chat, person, at);
CREATE TABLE IF NOT EXISTS forgotten (
    chat INTEGER, person INTEGER, id INTEGER NOT NULL, PRIMARY KEY (chat, person)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS binding (chat INTEGER PRIMARY KEY, library TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS used (
    day TEXT, person INTEGER, count INTEGER NOT NULL, PRIMARY KEY (day, person)
) WITHOUT ROWID;
"""
_RECEIVED, _BEGUN, _DONE = range(3)
_BUSY_S = 10.0


class StateFailed(QAError):
    """The bot's database cannot be written (a full disk, say)."""


@dataclass(frozen=True, slots=True)
class Shown:
    """An answer as it was shown; `number` and `message_id` are 0 before they are known.

    Attributes:
        number: What its buttons carry; never given to another one.
        chat_id: Where it was shown.
        user_id: Who asked.
        message_id: The message its buttons stand under.
        library: Name of the library that answered.
        at: When, in seconds since 1970.
        question: As it was asked.
        understood: As it was answered, where a follow-up was made whole; else empty.
        found: Whether it was answered.
        quote: The quote; empty when not found.
        passages: Ids of the passages cited, or that came closest, in order.
        quotes: Where each one's best sentence stands in its document's text.
        added: What a follow-up was given to be whole (`Answer.added`); else empty.
    """

    number: int
    chat_id: int
    user_id: int
    message_id: int
    library: str
    at: float
    question: str
    understood: str
    found: bool
    quote: str
    passages: tuple[int, ...]
    quotes: tuple[tuple[int, int], ...]
    added: str = ""


class State:
    """The bot's database. All methods may be called from any thread; each is one transaction.

    Those that write raise StateFailed where that cannot be done.
    """

    def __init__(self, file: Path, connection: sqlite3.Connection, lock: FileLock) -> None:
        self.file = file
        self._connection = connection
        self._lock = lock
        self._turn = threading.Lock()
        self._closed = False

    @classmethod
    def open(cls, file: Path) -> State:
        """Open the database; it is made where there is none.

        Raises:
            ConfigError: it cannot be made or read, or another bot has it open.
        """
        lock = FileLock(file.with_name(f"{file.name}.lock"))
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            lock.acquire(timeout=0)
        except Timeout as error:
            raise ConfigError(
                f"{file} is in use by another bot: stop it, or give this one its own by state"
            ) from error
        except OSError as error:
            raise ConfigError(f"{file} cannot be used ({error.strerror}): correct it") from error
        try:
            connection = sqlite3.connect(
                file, timeout=_BUSY_S, isolation_level=None, check_same_thread=False
            )
            try:
                # FULL: what Telegram was told we have must survive a power cut.
                connection.executescript("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;")
                connection.executescript(_SCHEMA)
            except BaseException:
                connection.close()
                raise
        except sqlite3.Error as error:
            lock.release()
            raise ConfigError(f"{file} cannot be used ({error}): correct it") from error
        return cls(file, connection, lock)

    def close(self) -> None:
        """Close the file; calling it again does nothing."""
        with self._turn:
            if not self._closed:
                self._closed = True
                self._connection.close()
                self._lock.release()

    def belong(self, bot_id: int) -> None:
        """Forget what was received and shown by another bot: its numbers mean nothing here."""
        with self._writing() as database:
            row = database.execute("SELECT value FROM fact WHERE name = 'bot'").fetchone()
            if row and row[0] != str(bot_id):
                for table in ("received", "shown", "forgotten"):
                    database.execute(f"DELETE FROM {table}")  # noqa: S608 - names of our own
            database.execute("INSERT OR REPLACE INTO fact VALUES ('bot', ?)", (str(bot_id),))

    # updates

    def receive(self, update_id: int, body: str, at: float) -> bool:
        """Keep an update; say whether it is new."""
        with self._writing() as database:
            done = database.execute(
                "INSERT OR IGNORE INTO received VALUES (?, ?, ?, ?)",
                (update_id, body, at, _RECEIVED),
            )
            return done.rowcount == 1

    def begin(self, update_id: int) -> None:
        """Note that an answer to it is on its way: from now on it is not answered again."""
        self._move(update_id, _RECEIVED, _BEGUN)

    def withdraw(self, update_id: int) -> None:
        """Take `begin` back: nothing has left this machine after all."""
        self._move(update_id, _BEGUN, _RECEIVED)

    def finish(self, update_id: int) -> None:
        """Note that it is dealt with, and drop its text."""
        with self._writing() as database:
            database.execute(
                "UPDATE received SET stage = ?, body = '' WHERE id = ?", (_DONE, update_id)
            )

    def waiting(self) -> list[tuple[int, str, float]]:
        """Give id, text and time of each update that was received and not begun, by id."""
        with self._turn:
            return self._connection.execute(
                "SELECT id, body, at FROM received WHERE stage = ? ORDER BY id", (_RECEIVED,)
            ).fetchall()

    def interrupted(self) -> list[int]:
        """Give the updates that were begun and never finished, by id."""
        with self._turn:
            rows = self._connection.execute(
                "SELECT id FROM received WHERE stage = ? ORDER BY id", (_BEGUN,)
            )
            return [number for (number,) in rows]

    def prune(self, received_before: float, shown_before: float) -> None:
        """Drop updates that are dealt with and answers shown, of before those times."""
        with self._writing() as database:
            database.execute(
                "DELETE FROM received WHERE stage = ? AND at < ?", (_DONE, received_before)
            )
            database.execute("DELETE FROM shown WHERE at < ?", (shown_before,))
            database.execute("DELETE FROM used WHERE day < date('now', '-7 days')")

    # answers shown

    def show(self, shown: Shown) -> int:
        """Keep an answer; give its number."""
        body = json.dumps(
            [shown.library, shown.question, shown.understood, shown.found, shown.quote,
             shown.passages, shown.quotes, shown.added],
            ensure_ascii=False,
        )  # fmt: skip
        with self._writing() as database:
            done = database.execute(
                "INSERT INTO shown (chat, person, message, at, body) VALUES (?, ?, ?, ?, ?)",
                (shown.chat_id, shown.user_id, shown.message_id, shown.at, body),
            )
            return int(done.lastrowid or 0)

    def shown(self, number: int) -> Shown | None:
        """Give an answer by its number; None when there is none (any more)."""
        return next(iter(self._shown("id = ?", number)), None)

    def place(self, number: int, message_id: int) -> None:
        """Note under which message an answer's buttons stand."""
        with self._writing() as database:
            database.execute("UPDATE shown SET message = ? WHERE id = ?", (message_id, number))

    def shown_in(self, chat_id: int, message_id: int) -> Shown | None:
        """Give the answer whose buttons stand under a message; None when there is none."""
        if not message_id:
            return None
        found = self._shown("chat = ? AND message = ? ORDER BY id DESC", chat_id, message_id)
        return next(iter(found), None)

    def turns(self, chat_id: int, user_id: int, since: float) -> list[Shown]:
        """Give what a person was answered in a chat since then and since `forget`, oldest first."""
        return self._shown(
            "chat = ?1 AND person = ?2 AND at >= ?3 AND id > coalesce("
            "(SELECT id FROM forgotten WHERE chat = ?1 AND person = ?2), 0) ORDER BY id",
            chat_id,
            user_id,
            since,
        )

    def forget(self, chat_id: int, user_id: int) -> None:
        """Begin a new topic; buttons of older answers still work."""
        with self._writing() as database:
            database.execute(
                "INSERT OR REPLACE INTO forgotten SELECT ?, ?, coalesce(max(id), 0) FROM shown",
                (chat_id, user_id),
            )

    # bindings and use

    def bind(self, chat_id: int, library: str) -> None:
        """Let a chat use the library of this name from now on."""
        with self._writing() as database:
            database.execute("INSERT OR REPLACE INTO binding VALUES (?, ?)", (chat_id, library))

    def bound(self, chat_id: int) -> str:
        """Give the name of the library that a chat uses; "" for the default one."""
        with self._turn:
            row = self._connection.execute(
                "SELECT library FROM binding WHERE chat = ?", (chat_id,)
            ).fetchone()
        return str(row[0]) if row else ""

    def use(self, user_id: int, day: str) -> int:
        """Count a question of a person on a day, `2024-04-01`; give how many it makes."""
        with self._writing() as database:
            row = database.execute(
                "INSERT INTO used VALUES (?, ?, 1) "
                "ON CONFLICT (day, person) DO UPDATE SET count = count + 1 RETURNING count",
                (day, user_id),
            ).fetchone()
            return int(row[0])

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        with self._turn:
            try:
                self._connection.execute("BEGIN IMMEDIATE")
                yield self._connection
                self._connection.execute("COMMIT")
            except sqlite3.Error as error:
                self._undo()
                raise StateFailed(f"{self.file} cannot be written: {error}") from error
            except BaseException:
                self._undo()
                raise

    def _undo(self) -> None:
        try:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
        except sqlite3.Error:  # closed, or so broken that the next start undoes it
            return

    def _move(self, update_id: int, before: int, after: int) -> None:
        with self._writing() as database:
            database.execute(
                "UPDATE received SET stage = ? WHERE id = ? AND stage = ?",
                (after, update_id, before),
            )

    def _shown(self, where: str, *values: float) -> list[Shown]:
        with self._turn:
            rows = self._connection.execute(
                f"SELECT id, chat, person, message, at, body FROM shown WHERE {where}",  # noqa: S608
                values,
            ).fetchall()
        return [_read(row) for row in rows]


def _read(row: tuple[int, int, int, int, float, str]) -> Shown:
    number, chat, person, message, at, body = row
    library, question, understood, found, quote, passages, quotes, added = json.loads(body)
    return Shown(
        number, chat, person, message, library, at, question, understood, found, quote,
        tuple(passages), tuple((start, end) for start, end in quotes), added,
    )  # fmt: skip
