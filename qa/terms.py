"""Which passages hold the question's terms: words and character pairs, over tantivy (BM25).

The index is derived from the store. Beside it stands a small state file that says up to which
generation it is complete; what happened since is put in again, which is harmless when it was there
already. The state file also names the part of the folder that the index is in, so that one made
anew takes the place of another in one step, while others search.
"""

from __future__ import annotations

import shutil
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

from embeddings.replacing import make_folder
from qa.errors import IndexDamaged
from qa.term_files import is_damage, readable, told
from qa.term_frequencies import Frequencies
from qa.term_making import TermEntry
from qa.term_state import STATE_FILE, Stamp, State, stamp
from qa.term_writing import EVERY, FIELDS, TermWriting, schema

if TYPE_CHECKING:
    import tantivy

TERMS_VERSION = "2"
"""Rises with every change to the fields below."""

HOLDING_LIMIT = 5_000
"""Passages looked at to say which documents hold which terms; those that hold most come first."""
_AT_ONCE = 22  # terms told apart in one score, which has 24 bits

_PAIR = 2  # characters
_LEAST_PAIRS, _PAIRS_IN_ALL = 100, 2_000
_TRIES = 3  # of opening: a writer may be deleting the files of before at that moment
_HEAP_BYTES = 256_000_000  # taken only as it is filled
_THREADS = 1  # which makes few files, and keeps up with a dozen cores that read and cut


@dataclass(frozen=True, slots=True)
class WeightedTerm:
    """One term of a question: where it is looked for, and how much it weighs (more than 0)."""

    field: str
    term: str
    weight: float


class TermIndex:
    """BM25 over the four fields, in a folder of its own.

    Searching is safe from several threads; one process writes at a time (the library sees to it).
    """

    def __init__(self, folder: Path, index: tantivy.Index, state: State) -> None:
        self.folder = folder
        self._index = index
        self._state = state
        self._look()

    @classmethod
    def open(cls, folder: Path, fingerprint: str) -> TermIndex:
        """Open the folder's index for searching; nothing on disk is touched.

        When it is missing, damaged or otherwise made, an empty one of generation 0 is given.

        Args:
            folder: Where it is.
            fingerprint: What the terms are cut with.
        """
        import tantivy

        made_with, state = _made_with(fingerprint), State.read(folder)
        tries = 0
        while state.fingerprint == made_with and tries < _TRIES:
            try:
                return cls._opened(folder, state)
            except BaseException as error:  # a panic is no Exception
                if not isinstance(error, IndexDamaged) and not is_damage(error):
                    raise
                before, state = state, State.read(folder)
                # Damaged: it is made again from the store. Or another has taken its place.
                tries = tries + 1 if state == before else 0
        return cls(folder, tantivy.Index(schema()), State(made_with))

    @classmethod
    def _opened(cls, folder: Path, state: State) -> TermIndex:
        import tantivy

        if not tantivy.Index.exists(str(folder / state.part)):
            raise FileNotFoundError(folder / state.part)
        with readable(folder / state.part) as place:
            opened = cls(folder, tantivy.Index(schema(), path=str(place)), state)
            # All its files are looked into.
            opened.search([WeightedTerm(field, EVERY, 1.0) for field in FIELDS], 1)
        return opened

    @classmethod
    def open_for_writing(cls, folder: Path, fingerprint: str) -> TermIndex:
        """Open the folder's index; one that `open` would give as empty is made anew on disk."""
        index = cls.open(folder, fingerprint)
        if not index.generation and not index.reached:
            return index.emptied()
        index.sweep()
        return index

    def emptied(self) -> TermIndex:
        """Delete everything and give an empty index in the same folder."""
        shutil.rmtree(self.folder, ignore_errors=True)
        if self.folder.is_file():
            self.folder.unlink()
        made = self._made("")
        made.complete(0)
        return made

    def aside(self, fingerprint: str | None = None) -> TermIndex:
        """Give an empty index beside this one, which takes its place when it is `complete`.

        Its terms are to be cut with what has this fingerprint; None: with what these are.
        """
        used = {one.name for one in self.folder.iterdir()}
        made = self._made(next(name for n in count(1) if (name := f"part{n}") not in used))
        if fingerprint is not None:
            made._state = replace(made._state, fingerprint=_made_with(fingerprint))
        return made

    def _made(self, part: str) -> TermIndex:
        import tantivy

        place = self.folder / part
        make_folder(place)
        index = tantivy.Index(schema(), path=str(place))
        return TermIndex(self.folder, index, State(self._state.fingerprint, 0, part))

    def sweep(self) -> None:
        """Delete what other indexes have left in the folder; this one is complete."""
        for one in self.folder.iterdir():
            if one.is_dir() and one.name != self._state.part:
                shutil.rmtree(one, ignore_errors=True)
            elif self._state.part and one.is_file() and one.name != STATE_FILE:
                one.unlink(missing_ok=True)

    @staticmethod
    def stamp(folder: Path) -> Stamp | None:
        """Give something that differs whenever an index in the folder was completed anew."""
        return stamp(folder)

    @property
    def generation(self) -> int:
        """The store's generation up to which this index is complete; 0 when it is empty."""
        return self._state.generation

    def complete(self, generation: int, fingerprint: str | None = None) -> None:
        """Record that everything up to `generation` is in.

        Args:
            generation: The store's.
            fingerprint: What the terms are cut with by now, where that is something else than
                before.
        """
        made_with = _made_with(fingerprint) if fingerprint else self._state.fingerprint
        self._state = State(made_with, generation, self._state.part)
        self._state.write(self.folder)

    @property
    def reached(self) -> int:
        """The id up to which documents that came since are in as well."""
        return self._state.reached

    def reach(self, document_id: int, fingerprint: str) -> None:
        """Record that documents up to this one are in, cut with that; not of one that is aside."""
        if State.read(self.folder).part == self._state.part:
            made_with = _made_with(fingerprint)
            self._state = replace(self._state, reached=document_id, fingerprint=made_with)
            self._state.write(self.folder)

    def announce(self, generation: int) -> str:
        """Say that this one is complete once the store keeps the word that is given."""
        return replace(self._state, generation=generation).announce(self.folder)

    def disowned(self) -> TermIndex:
        """Delete the state of a damaged index, so that it is made anew; give an empty one."""
        with suppress(OSError):  # one who may only read leaves that to others
            (self.folder / STATE_FILE).unlink(missing_ok=True)
        import tantivy

        return TermIndex(self.folder, tantivy.Index(schema()), State(self._state.fingerprint))

    @contextmanager
    def writing(self) -> Iterator[TermWriting]:
        """Open the index for a run of changes; what is committed stays, and is seen at the end."""
        writer = self._index.writer(_HEAP_BYTES, _THREADS)
        try:
            yield TermWriting(writer)
        except BaseException as error:
            with suppress(ValueError):  # a writer that died of it cannot be rolled back either
                writer.rollback()
            if isinstance(error, Exception) or not is_damage(error):
                raise
            raise ValueError(str(error)) from error
        finally:
            writer.wait_merging_threads()
        self._index.reload()
        self._look()

    def merge(self) -> None:
        """Join parts of it where that is due, which writing leaves for later."""
        while True:
            before = self.segments
            writer = self._index.writer(_HEAP_BYTES, _THREADS)
            writer.commit()
            writer.wait_merging_threads()
            self._index.reload()
            self._look()
            if self.segments >= before:
                break
        self.complete(self.generation)  # so that readers take it up

    def _look(self) -> None:
        self._searcher = self._index.searcher()
        self._size = self._searcher.num_docs
        self._everything = self._searcher.doc_freq(EVERY, EVERY)
        held, counted = self._searcher.doc_freq, self._counted
        self._frequencies = Frequencies(held, counted, size=self._size, everything=self._everything)

    @property
    def size(self) -> int:
        """How many passages are in the index."""
        return self._size

    @property
    def removed_size(self) -> int:
        """How many removed passages are still in its files."""
        return int(self._everything - self._size)

    @property
    def segments(self) -> int:
        """How many parts it is in: each costs every question a little."""
        return self._searcher.num_segments

    @told
    def frequency(self, field: str, term: str) -> int:
        """Give the number of passages whose `field` holds `term`.

        Of a frequent term it is an estimate while removed passages are still in the files; in a
        large index, of any but the rarest.
        """
        return self._frequencies.of(field, term)

    @told
    def known(self, field: str, terms: Iterable[str]) -> set[str]:
        """Give those of the terms that stand in any passage, as `frequency` counts."""
        count = self._frequencies.of
        return {term for term in terms if count(field, term)}

    @told
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

    @told
    def documents_holding(
        self, field: str, terms: Sequence[str], document_ids: Collection[int]
    ) -> dict[int, set[str]]:
        """Give, for each of the documents, those of the terms that any of its passages holds.

        At most HOLDING_LIMIT passages of the documents are looked at.
        """
        held: dict[int, set[str]] = {number: set() for number in document_ids}
        known = [term for term in terms if self._searcher.doc_freq(field, term)]
        for at in range(0, len(known) if held else 0, _AT_ONCE):
            some = known[at : at + _AT_ONCE]
            for number, score in self._marked(field, some, "document_id", sorted(held)):
                held[number].update(term for bit, term in enumerate(some, 1) if score >> bit & 1)
        return held

    def finds(self, one: TermEntry) -> bool:
        """Whether a passage is found by each of the terms that it should be found by."""
        for field in FIELDS:
            terms = sorted(set(getattr(one.terms, field).split()))
            for at in range(0, len(terms), _AT_ONCE):
                some = terms[at : at + _AT_ONCE]
                marks = dict(self._marked(field, some, "passage_id", [one.passage_id]))
                if marks.get(one.passage_id) != (2 << len(some)) - 1:
                    return False
        return True

    def between(self, first: int, last: int) -> list[int]:
        """Give the ids from `first` to `last` of the passages in the index, in order."""
        import tantivy

        whole = tantivy.FieldType.Integer
        query = tantivy.Query.range_query(self._index.schema, "passage_id", whole, first, last)
        found = self._searcher.search(
            query, limit=max(min(self._size, 2 * (last - first + 1)), 1), count=False
        ).hits
        ids = self._searcher.fast_field_values("passage_id", [place for _, place in found])
        return sorted(int(number) for number in ids if number is not None)

    def _marked(
        self, field: str, terms: Sequence[str], by: str, ids: list[int]
    ) -> Iterator[tuple[int, int]]:
        """Give the ids with scores in which the nth bit says that the nth term is there.

        One search for all the terms: going through the documents anew for each of them took most
        of the time of a question in a large library.
        """
        import tantivy

        scored, schema = tantivy.Query.const_score_query, self._index.schema
        # A term each: one query for a set of them takes three times as long.
        any_of = tantivy.Query.boolean_query(
            [(tantivy.Occur.Should, tantivy.Query.term_query(schema, by, one)) for one in ids]
        )
        parts = [(tantivy.Occur.Must, scored(any_of, 1.0))]
        parts += [
            (tantivy.Occur.Should, scored(self._query(field, term), float(1 << bit)))
            for bit, term in enumerate(terms, 1)
        ]
        query = tantivy.Query.boolean_query(parts)
        found = self._searcher.search(query, limit=HOLDING_LIMIT, count=False).hits
        numbers = self._searcher.fast_field_values(by, [place for _, place in found])
        marks: dict[int, int] = {}
        for number, (score, _) in zip(numbers, found, strict=True):
            if number is not None:
                marks[int(number)] = marks.get(int(number), 0) | int(score)
        yield from marks.items()

    @told
    def pairs_beginning(self, character: str, most: int) -> list[str]:
        """Give the character pairs that begin with one, the most frequent first.

        Pairs of removed passages may be among them. From an index in many parts, which takes longer
        to say what it knows of each, fewer than `most` are given.
        """
        most = min(most, max(_LEAST_PAIRS, _PAIRS_IN_ALL // max(self.segments, 1)))
        found = self._searcher.terms_with_prefix("bigrams", character, limit=most + 1)
        return [term for term, _ in found if len(term) == _PAIR][:most]

    @told
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

    def _counted(self, field: str, term: str) -> int:
        found: Any = self._searcher.search(self._query(field, term), limit=1, count=True)
        return int(found.count)  # not in its type stub

    def _query(self, field: str, term: str) -> tantivy.Query:
        import tantivy

        return tantivy.Query.term_query(self._index.schema, field, term, index_option="freq")


def _made_with(fingerprint: str) -> str:
    return f"{TERMS_VERSION}-{fingerprint}"
