"""A library compared with itself: its texts, its passages, and what its indexes hold of them."""

from __future__ import annotations

from collections.abc import Sequence

from qa.library import Library
from qa.records import Document, Passage
from qa.terms import WeightedTerm
from tests.torture.texts import faults_of

_ALL = 1_000_000_000
_NEAR_ENOUGH = 0.98  # vectors are kept as 16-bit floats, and as 8-bit numbers in large files


def text_faults(library: Library) -> list[str]:
    """Say what is half or changed: every document is one whole version, its passages all of it."""
    found = []
    for document in library.documents():
        found += faults_of(document)
        passages = library.passages(document)
        for one in passages:
            if document.text[one.start : one.end] != one.text:
                found.append(f"{document.path}: passage {one.id} does not stand at its place")
        if uncovered(document, passages):
            found.append(f"{document.path}: not all of it is in its {len(passages)} passages")
    return found


def uncovered(document: Document, passages: Sequence[Passage]) -> str:
    """Give what of a document stands in none of the passages."""
    ends = [0, *(one.end for one in passages)]
    starts = [*(one.start for one in passages), len(document.text)]
    return "".join(document.text[a:b] for a, b in zip(ends, starts, strict=True)).strip()


def index_faults(library: Library) -> list[str]:
    """Compare both indexes with the store, passage by passage.

    Each index must hold the ids that the store holds, each once; a passage's own words must find
    it in the term index, and its own vector must find it among the vectors.
    """
    library.search("a")  # sees what was written last, as any question does
    store, terms, vectors = library._store, library._indexes.terms, library._indexes._vectors
    ids = {one.id for key in store.document_keys() for one in store.passages_of(key.document_id)}
    found = []
    by_terms = [n for n, _ in terms.search([WeightedTerm("every", "every", 1.0)], _ALL)]
    if sorted(by_terms) != sorted(ids):
        found.append(f"terms: {_differing(by_terms, ids)}")
    for block, rows in store.vectors_after(0):
        for number, row in zip(block.tolist(), rows, strict=True):
            near = dict(vectors.search(row, 5))
            if number in ids and near.get(number, max(near.values(), default=0)) < _NEAR_ENOUGH:
                found.append(f"vectors: passage {number} is not near its own vector: {near}")
    held = library.status().vectors
    if held != len(ids):
        found.append(f"vectors: {held} for {len(ids)} passages")
    return found + _unfound(library, ids)


def _unfound(library: Library, ids: set[int]) -> list[str]:
    found = []
    for candidate in library._store.candidates(sorted(ids)):
        passage = candidate.passage
        word = passage.text.split("，", maxsplit=1)[0]  # only one paragraph has it
        if not word.startswith("f") or not word.isalnum():
            continue  # the second part of a paragraph that was too long for one passage
        by_word = [
            n for n, _ in library._indexes.terms.search([WeightedTerm("words", word, 1.0)], 9)
        ]
        if passage.id not in by_word or not set(by_word) <= ids:
            found.append(f"terms: {word} finds {by_word}, not {passage.id}")
    return found


def _differing(held: list[int], ids: set[int]) -> str:
    lacking, more = sorted(ids - set(held)), sorted(set(held) - ids)
    twice = len(held) - len(set(held))
    return f"{len(lacking)} lacking {lacking[:3]}, {len(more)} too many {more[:3]}, {twice} twice"
