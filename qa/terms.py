"""Which passages hold the question's terms: words and character pairs, over tantivy (BM25).

The index is derived from the store. Beside it stands a small state file that says up to which
generation it is complete; what happened since is put in again, which is harmless when it was there
already.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar

from embeddings.replacing import make_folder, put_in_place
from embeddings.words import Cutter, bigrams, fold
from qa.errors import IndexDamaged

if TYPE_CHECKING:
    import tantivy

TERMS_VERSION = "2"
"""Rises with every change to the fields below."""

FIELDS = ("words", "bigrams", "title", "heading")
"""What is searched: the passage's words, its character pairs, its title's and headings' words."""

_STATE = "state.json"
_LOCK = ".tantivy-meta.lock"
_TANTIVYS_OWN = ("meta.json", ".managed.json")
_EVERY = "every"  # a field with one term that stands in every passage
_COUNTED = 5_000  # passages of a term that are counted one by one: 0.1 ms
HOLDING_LIMIT = 1_000
"""Passages looked at to say which documents hold a term."""

_PAIR = 2  # characters
_TRIES = 3  # of opening: a writer may be deleting the files of before at that moment
_HEAP_BYTES = 64_000_000
_WRITERS = 2  # threads; more only make smaller segments on an ordinary machine

Stamp = tuple[int, int]
P = ParamSpec("P")
Given = TypeVar("Given")


@dataclass(frozen=True, slots=True)
class TermEntry:
    """One passage as terms, each field a list of terms with repetitions."""

    passage_id: int
    document_id: int
    words: Sequence[str]
    bigrams: Sequence[str]
    title: Sequence[str]
    heading: Sequence[str]


@dataclass(frozen=True, slots=True)
class WeightedTerm:
    """One term of a question: where it is looked for, and how much it weighs (more than 0)."""

    field: str
    term: str
    weight: float


def entry(
    cutter: Cutter, *, passage_id: int, document_id: int, shown: str, title: str, heading: str
) -> TermEntry:
    """Cut one passage into the terms it is found by; `shown` is its text without noise."""
    text = fold(shown)
    return TermEntry(
        passage_id,
        document_id,
        cutter.words(text),
        bigrams(text),
        cutter.words(fold(title)),
        cutter.words(fold(heading)),
    )


def _told(
    method: Callable[Concatenate[TermIndex, P], Given],
) -> Callable[Concatenate[TermIndex, P], Given]:
    """Let a method that reads the files raise IndexDamaged where they are damaged."""

    @wraps(method)
    def telling(self: TermIndex, /, *values: P.args, **named: P.kwargs) -> Given:
        try:
            return method(self, *values, **named)
        except BaseException as error:  # a panic is no Exception
            if not _is_damage(error):
                raise
            what = str(error).split("\n", maxsplit=1)[0]
            message = f"{self.folder} is damaged ({what}): delete it, it is made again"
            raise IndexDamaged(message, self.folder) from error

    return telling


def _is_damage(error: BaseException) -> bool:
    # tantivy trusts its files: what does not fit together makes it panic, which PyO3 hands on as
    # an exception that has a name and no module to import it from.
    return isinstance(error, ValueError | OSError) or type(error).__name__ == "PanicException"


class TermIndex:
    """BM25 over the four fields, in a folder of its own.

    Searching is safe from several threads; one process writes at a time (the library sees to it).
    """

    def __init__(self, folder: Path, index: tantivy.Index, made_with: str, generation: int) -> None:
        self.folder = folder
        self._index = index
        self._made_with = made_with
        self._generation = generation
        self._searcher = index.searcher()

    @classmethod
    def open(cls, folder: Path, fingerprint: str) -> TermIndex:
        """Open the folder's index for searching; nothing on disk is touched.

        When it is missing, damaged or otherwise made, an empty one of generation 0 is given.

        Args:
            folder: Where it is.
            fingerprint: What the terms are cut with.
        """
        import tantivy

        made_with = _made_with(fingerprint)
        for _ in range(_TRIES):
            state = _state(folder)
            if state.fingerprint != made_with or not tantivy.Index.exists(str(folder)):
                break
            try:
                with _readable(folder) as place:
                    index = tantivy.Index(_schema(), path=str(place))
                    opened = cls(folder, index, made_with, state.generation)
                    opened.search([WeightedTerm(field, _EVERY, 1.0) for field in FIELDS], 1)
                return opened  # all its files were looked into
            except BaseException as error:  # a panic is no Exception
                if not isinstance(error, IndexDamaged) and not _is_damage(error):
                    raise
                # Damaged: it is made again from the store.
        return cls(folder, tantivy.Index(_schema()), made_with, 0)

    @classmethod
    def open_for_writing(cls, folder: Path, fingerprint: str) -> TermIndex:
        """Open the folder's index; one that `open` would give as empty is made anew on disk."""
        index = cls.open(folder, fingerprint)
        return index if index.generation else index.emptied()

    def emptied(self) -> TermIndex:
        """Delete everything and give an empty index in the same folder."""
        import tantivy

        shutil.rmtree(self.folder, ignore_errors=True)
        if self.folder.is_file():
            self.folder.unlink()
        make_folder(self.folder)
        index = tantivy.Index(_schema(), path=str(self.folder))
        made = TermIndex(self.folder, index, self._made_with, 0)
        made.complete(0)
        return made

    @staticmethod
    def stamp(folder: Path) -> Stamp | None:
        """Give something that differs whenever an index in the folder was completed anew."""
        try:
            status = (folder / _STATE).stat()
        except OSError:
            return None
        return status.st_ino, status.st_mtime_ns

    @property
    def generation(self) -> int:
        """The store's generation up to which this index is complete; 0 when it is empty."""
        return self._generation

    def complete(self, generation: int, fingerprint: str | None = None) -> None:
        """Record that everything up to `generation` is in.

        Args:
            generation: The store's.
            fingerprint: What the terms are cut with by now, where that is something else than
                before.
        """
        self._made_with = _made_with(fingerprint) if fingerprint else self._made_with
        state = json.dumps({"fingerprint": self._made_with, "generation": generation})
        draft = self.folder / "state.draft"
        draft.write_text(state, encoding="utf-8")
        # Tantivy makes these for its own user alone; who may read the rest may read them.
        for name in _TANTIVYS_OWN:
            with suppress(OSError):  # another user's, or not there yet
                (self.folder / name).chmod(draft.stat().st_mode)
        put_in_place(draft, self.folder / _STATE)
        self._generation = generation

    def disowned(self) -> TermIndex:
        """Delete the state of a damaged index, so that it is made anew; give an empty one."""
        with suppress(OSError):  # one who may only read leaves that to others
            (self.folder / _STATE).unlink(missing_ok=True)
        import tantivy

        return TermIndex(self.folder, tantivy.Index(_schema()), self._made_with, 0)

    def update(self, removed: Iterable[int], entries: Iterable[TermEntry]) -> None:
        """Take documents out, put passages in, and make both visible together.

        Args:
            removed: Ids of documents whose passages go; unknown ids are ignored.
            entries: The passages to put in.
        """
        import tantivy

        writer = self._index.writer(_HEAP_BYTES, _WRITERS)
        try:
            for document_id in removed:
                writer.delete_documents_by_term("document_id", document_id)
            for one in entries:
                document = tantivy.Document()
                document.add_integer("passage_id", one.passage_id)
                document.add_integer("document_id", one.document_id)
                for field in FIELDS:
                    document.add_text(field, " ".join(getattr(one, field)))
                document.add_text(_EVERY, _EVERY)
                writer.add_document(document)
            writer.commit()
        except BaseException as error:
            with suppress(ValueError):  # a writer that died of it cannot be rolled back either
                writer.rollback()
            if isinstance(error, Exception) or not _is_damage(error):
                raise
            raise ValueError(str(error)) from error
        finally:
            writer.wait_merging_threads()
        self._index.reload()
        self._searcher = self._index.searcher()

    @property
    def size(self) -> int:
        """How many passages are in the index."""
        return self._searcher.num_docs

    @_told
    def frequency(self, field: str, term: str) -> int:
        """Give the number of passages whose `field` holds `term`.

        Of a very frequent term it is an estimate while removed passages are still in the files.
        """
        searcher = self._searcher
        held = searcher.doc_freq(field, term)
        if not held:
            return 0
        size = self.size
        everything = searcher.doc_freq(_EVERY, _EVERY)  # removed ones among them, as in `held`
        if everything == size:
            return held
        if held > _COUNTED:
            return round(held * size / everything)
        found: Any = searcher.search(self._query(field, term), limit=1, count=True)
        return int(found.count)  # not in its type stub

    @_told
    def search(
        self, terms: Sequence[WeightedTerm], k: int, without: Collection[int] = ()
    ) -> list[tuple[int, float]]:
        """Give up to `k` (passage id, weighted BM25), best first; no terms or no match give [].

        Passages of the documents with the ids `without` are left out.
        """
        import tantivy

        if not terms or k <= 0 or not self.size:
            return []
        parts = [
            (
                tantivy.Occur.Should,
                tantivy.Query.boost_query(self._query(one.field, one.term), one.weight),
            )
            for one in terms
        ]
        if without:
            hidden = tantivy.Query.term_set_query(
                self._index.schema, "document_id", sorted(without)
            )
            parts.append((tantivy.Occur.MustNot, hidden))
        searcher = self._searcher
        query, limit = tantivy.Query.boolean_query(parts), min(k, self.size)
        found = searcher.search(query, limit=limit, count=False).hits
        ids = searcher.fast_field_values("passage_id", [address for _, address in found])
        pairs = [
            (int(number), float(score))
            for number, (score, _) in zip(ids, found, strict=True)
            if number is not None
        ]
        return sorted(pairs, key=lambda pair: (-pair[1], pair[0]))

    @_told
    def documents_holding(self, field: str, term: str, document_ids: Collection[int]) -> set[int]:
        """Give those of the documents that hold `term` in `field` of any of their passages.

        At most the first HOLDING_LIMIT passages that do are looked at.
        """
        import tantivy

        if not document_ids or not self._searcher.doc_freq(field, term):
            return set()
        among = tantivy.Query.term_set_query(
            self._index.schema, "document_id", sorted(document_ids)
        )
        both = tantivy.Query.boolean_query(
            [(tantivy.Occur.Must, self._query(field, term)), (tantivy.Occur.Must, among)]
        )
        found = self._searcher.search(both, limit=HOLDING_LIMIT, count=False).hits
        ids = self._searcher.fast_field_values("document_id", [place for _, place in found])
        return {int(number) for number in ids if number is not None}

    @_told
    def pairs_beginning(self, character: str, most: int) -> list[str]:
        """Give the character pairs that begin with one, the most frequent first.

        Pairs of removed passages may be among them.
        """
        found = self._searcher.terms_with_prefix("bigrams", character, limit=most + 1)
        return [term for term, _ in found if len(term) == _PAIR][:most]

    @_told
    def together(self, field: str, terms: Sequence[str]) -> int:
        """Give how many passages hold all the terms in `field`; no terms give 0."""
        import tantivy

        if not terms:
            return 0
        query = tantivy.Query.boolean_query(
            [(tantivy.Occur.Must, self._query(field, term)) for term in terms]
        )
        found: Any = self._searcher.search(query, limit=1, count=True)
        return int(found.count)  # not in its type stub

    def _query(self, field: str, term: str) -> tantivy.Query:
        import tantivy

        return tantivy.Query.term_query(self._index.schema, field, term, index_option="freq")


@contextmanager
def _readable(folder: Path) -> Iterator[Path]:
    """Give a folder from which tantivy can open the index in `folder`.

    It makes a lock file even for reading: where that may not be, another folder stands in, with
    links to the files. Once they are open, the links are not needed any more.
    """
    lock = folder / _LOCK
    if os.access(folder, os.W_OK) and (not lock.exists() or os.access(lock, os.W_OK)):
        yield folder
        return
    with TemporaryDirectory(prefix="cited-qa-") as place:
        for file in folder.iterdir():
            if not file.name.endswith(".lock"):
                (Path(place) / file.name).symlink_to(file)
        yield Path(place)


def _schema() -> tantivy.Schema:
    import tantivy

    builder = tantivy.SchemaBuilder()
    # Signed: tantivy 0.27 deletes nothing, and says nothing, for a term of an unsigned field.
    builder.add_integer_field("passage_id", stored=False, indexed=True, fast=True)
    builder.add_integer_field("document_id", stored=False, indexed=True, fast=True)
    for field in FIELDS:
        builder.add_text_field(
            field, stored=False, tokenizer_name="whitespace", index_option="freq"
        )
    builder.add_text_field(_EVERY, stored=False, tokenizer_name="raw", index_option="basic")
    return builder.build()


def _made_with(fingerprint: str) -> str:
    return f"{TERMS_VERSION}-{fingerprint}"


@dataclass(frozen=True, slots=True)
class _State:
    fingerprint: str = ""
    generation: int = 0


def _state(folder: Path) -> _State:
    try:
        return _State(**json.loads((folder / _STATE).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):  # missing or damaged: nothing is known to be in
        return _State()
