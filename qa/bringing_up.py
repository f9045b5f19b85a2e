"""A term index brought up to the store: what it lacks is cut again from the stored passages."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import ExitStack

from embeddings.words import WordCutter
from qa.recutting import Cut, Stored, cut_again, stored
from qa.sharing import shared
from qa.store import Store
from qa.telling import Progress
from qa.term_making import TermEntry, TermMaker
from qa.terms import TermIndex
from qa.work import Recipe

COMMIT_PASSAGES = 10_000
"""After so many what was put is committed: at most so many are cut again after a kill."""


def bring_up(
    terms: TermIndex,
    store: Store,
    words: WordCutter,
    *,
    touched: Collection[int] | None = None,
    progress: Progress | None = None,
) -> None:
    """Put into a term index what the store has more, and take out what is gone (write lock held).

    Much is cut by several processes; the index is the same whoever cut it. What is put while words
    stay as they are is noted on the way, so that a run that is cut off is gone on with.

    Args:
        terms: The index, which is `complete` afterwards.
        store: What it is derived from.
        words: What cuts.
        touched: Ids of documents to cut again because the words were others before; None: they are
            the same.
        progress: Called with documents done and documents to do.

    Raises:
        ValueError, OSError: the index cannot be written.
    """
    generation, since, reached = store.generation, terms.generation, terms.reached
    changed = [one for one in store.changed_since(since) if one > reached]
    if touched and since:
        changed = sorted({*changed, *touched})
    gone = [one.document_id for one in store.removed_since(since)]
    with terms.writing() as writing, ExitStack() as stack:
        # Documents half put in by a run that was cut off come out first.
        for document_id in (*gone, *changed):
            writing.remove(document_id)
        passages = number = 0
        for part, entries in _entries(store, changed, words, stack):
            for one in entries:
                writing.put(one)
            passages += len(entries)
            if not part.last:
                continue
            number += 1
            if passages >= COMMIT_PASSAGES:
                writing.commit()
                passages = 0
                if touched is None:
                    terms.reach(part.document_id, words.fingerprint)
            if progress:
                progress(number, len(changed))
        writing.commit()
    terms.complete(generation, words.fingerprint)


def _entries(
    store: Store, document_ids: Iterable[int], words: WordCutter, stack: ExitStack
) -> Iterator[tuple[Stored, Sequence[TermEntry]]]:
    """Give the passages of documents as terms, in order."""
    under_way: deque[Stored] = deque()

    def jobs() -> Iterator[Stored]:
        for job in stored(store, document_ids):
            under_way.append(job)
            yield job

    recipe, maker, cut = Recipe(words.name, words.user_words), TermMaker(words), None
    for item in shared(jobs(), recipe, words, stack):
        if isinstance(item, Cut):
            cut = item
        elif item is None:
            part = under_way.popleft()
            # None where processes broke down over it, and what is stored has to be found.
            terms = (cut or cut_again(part, maker)).terms
            entries = zip(part.ids, terms, strict=True)
            yield part, [TermEntry(number, part.document_id, its) for number, its in entries]
            cut = None
