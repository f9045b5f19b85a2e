"""The user's own words that a library is cut with, and the documents that a change of them touches.

The store says which words the library is to be cut with, and which it was cut with before; the term
index says by a digest which of the two it holds. So a change needs no rebuild: only documents that
hold an added or a removed word are cut again.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable, Iterator, Mapping

from embeddings.words import WordCutter, cutter, fold
from qa.store import Store

_logger = logging.getLogger(__name__)

_NOW, _BEFORE = "dictionary", "dictionary_before"
_FEW = 100  # words that are looked for one by one; of more, those whose beginning stands there


class Dictionary:
    """The word list of one library, as its store has it.

    Attributes:
        wanted: Words that this process would have and may not be able to write; None for none.
    """

    def __init__(self, store: Store, plain: WordCutter) -> None:
        self.wanted: tuple[str, ...] | None = None
        self._store = store
        self._plain = plain
        self._read = (-1, plain, plain)  # generation, now, before

    @property
    def now(self) -> WordCutter:
        """What cuts with the words that are recorded."""
        return self._latest()[1]

    @property
    def before(self) -> WordCutter:
        """What cuts with those that were recorded before."""
        return self._latest()[2]

    def fitting(self) -> Iterator[WordCutter]:
        """Give what the term index may have been cut by, the likeliest first."""
        yield from self._latest()[1:]
        if self.wanted is not None:  # an older library records a digest only
            yield self._with(self.wanted)

    def knows(self, cut: WordCutter) -> bool:
        """Say whether something cuts with the words recorded now, or with those before."""
        return cut.fingerprint in (self.now.fingerprint, self.before.fingerprint)

    def is_recorded(self, words: Iterable[str]) -> bool:
        """Say whether the library is to be cut with just these words; order does not count."""
        return self._with(words).user_words == self.now.user_words

    def record(self, words: Iterable[str]) -> None:
        """Have the library cut with these words from now on (write lock held)."""
        before, now = self.now.user_words, self._with(words).user_words
        with self._store.writing() as writing:
            writing.set(_BEFORE, json.dumps(before, ensure_ascii=False))
            writing.set(_NOW, json.dumps(now, ensure_ascii=False))

    def touched(self) -> list[int]:
        """Give the ids of documents that hold a word which was added or removed last.

        Words are looked for as they are cut: in the folded title, headings and shown text.
        """
        changed = set(self.now.user_words) ^ set(self.before.user_words)
        heads: dict[str, list[str]] = {}
        for word in changed:
            heads.setdefault(word[:2], []).append(word)
        if not heads:
            return []
        found = [
            key.document_id
            for key in self._store.document_keys()
            if any(_holds(text, heads) for text in self._texts(key.document_id))
        ]
        _logger.info(
            "own words changed by %d: %d documents are cut again", len(changed), len(found)
        )
        return found

    def _texts(self, document_id: int) -> Iterator[str]:
        yield fold(self._store.title(document_id))
        for passage in self._store.passages_of(document_id):
            yield fold(passage.heading)
            yield fold(passage.shown)

    def _latest(self) -> tuple[int, WordCutter, WordCutter]:
        generation = self._store.generation
        if self._read[0] != generation:
            # One assignment: another thread sees the old three or the new three.
            self._read = (generation, self._recorded(_NOW), self._recorded(_BEFORE))
        return self._read

    def _recorded(self, name: str) -> WordCutter:
        value = self._store.setting(name)
        return self._plain if value is None else self._with(json.loads(value))

    def _with(self, words: Iterable[str]) -> WordCutter:
        return cutter(self._plain.name, words)


def _holds(text: str, heads: Mapping[str, list[str]]) -> bool:
    """Say whether a text holds one of the words, which are given by their first two characters."""
    if len(heads) <= _FEW:
        return any(word in text for words in heads.values() for word in words)
    begun = heads.keys() & {*text, *map(str.__add__, text, text[1:])}
    return any(word in text for head in begun for word in heads[head])
