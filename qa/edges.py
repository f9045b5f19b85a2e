"""What a library keeps of the edges of its documents (`qa.repeating`), by folder.

The tables `edge` and `unsettled` are derived: what is missing in them is made again. A document
that is removed takes its row of `edge` with it and leaves its folder in `unsettled`.
"""

from __future__ import annotations

import json
from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from qa.records import Range
from qa.repeating import Edges
from qa.store import Key, Store
from qa.storing import Writing


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept of one document.

    Attributes:
        document_id: Whose.
        edges: Its lines.
        marked: Of each of these lines, first those of the head, a byte: 1 where it repeats.
        noise: The ranges of its text that are noise for that.
    """

    document_id: int
    edges: Edges
    marked: bytes
    noise: tuple[Range, ...] = ()


def folder_of(key: Key) -> str:
    """Give the folder in which a document is; empty for one given as text."""
    return key.location.rpartition("/")[0] if key.source else ""


def unread(store: Store) -> list[Key]:
    """Give the documents of which nothing is kept yet, without their digests."""
    sql = (
        "SELECT id, source, path FROM document WHERE NOT EXISTS"
        " (SELECT 1 FROM edge WHERE document_id = document.id) ORDER BY id"
    )
    return [Key(number, source, path, "") for number, source, path in store.rows(sql)]


def unsettled(store: Store) -> list[str]:
    """Give the folders in which something was added or removed since they were settled."""
    return [row[0] for row in store.rows("SELECT folder FROM unsettled ORDER BY folder")]


def in_folder(store: Store, folder: str) -> Iterator[Kept]:
    """Give what is kept of the documents of a folder that have edges, in the order of their ids.

    Without their ranges, which `noise_of` gives: to read them takes longer than all the rest.
    """
    sql = (
        "SELECT document_id, lines, marked FROM edge"
        " WHERE folder = ? AND length(lines) > 0 ORDER BY document_id"
    )
    for number, lines, marked in store.rows(sql, (folder,)):
        yield Kept(number, _unpacked(lines), marked)


def noise_of(store: Store, document_id: int) -> tuple[Range, ...]:
    """Give the ranges of a document that are noise because its folder repeats them."""
    sql = "SELECT noise FROM edge WHERE document_id = ?"
    return next((_ranges(row[0]) for row in store.rows(sql, (document_id,))), ())


def noise_at(store: Store, source: str, path: str) -> tuple[Range, ...]:
    """Give the same of the document with this key."""
    sql = (
        "SELECT noise FROM edge JOIN document ON document.id = document_id"
        " WHERE source = ? AND path = ?"
    )
    return next((_ranges(row[0]) for row in store.rows(sql, (source, path))), ())


def keep(writing: Writing, folder: str, kept: Iterable[Kept]) -> None:
    """Keep the edges of documents of a folder, in place of what was kept of them."""
    writing.run(
        "INSERT INTO edge VALUES (?, ?, ?, ?, ?) ON CONFLICT (document_id) DO UPDATE"
        " SET lines = excluded.lines, marked = excluded.marked, noise = excluded.noise",
        (
            (one.document_id, folder, _packed(one.edges), one.marked, json.dumps(one.noise))
            for one in kept
        ),
    )


def unsettle(writing: Writing, folder: str) -> None:
    """Note that the lines of a folder have changed."""
    writing.run("INSERT OR IGNORE INTO unsettled VALUES (?)", [(folder,)])


def settled(writing: Writing, folder: str) -> None:
    """Note that nothing is left to do in a folder."""
    writing.run("DELETE FROM unsettled WHERE folder = ?", [(folder,)])


def _packed(edges: Edges) -> bytes:
    """Give edges as 64-bit numbers: how many lines the head has, and the lines; none as b""."""
    lines = (*edges.head, *edges.tail)
    return array("q", (len(edges.head), *lines)).tobytes() if lines else b""


def _unpacked(data: bytes) -> Edges:
    numbers = array("q", data)
    if not numbers:
        return Edges()
    head = 1 + numbers[0]
    return Edges(tuple(numbers[1:head]), tuple(numbers[head:]))


def _ranges(noise: str) -> tuple[Range, ...]:
    return tuple((start, end) for start, end in json.loads(noise))
