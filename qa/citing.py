"""Which of the passages that answer are cited, in which order, and what is only counted as a copy.

Pure functions.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from math import log

from embeddings.words import fold
from qa.copies import folded, holds, place_in
from qa.records import Copy, Document, Passage

# In log odds of the score. Measured on 600 questions written for 157 documents, with three
# citations: at 0.25 they come from 0.2 documents more and hold the answer as often within 0.6 of a
# hundred; at 1.0 they lose it for up to 4 of a hundred.
_EQUAL = 0.25
_SURE = 1e-9


@dataclass(frozen=True, slots=True)
class Answering:
    """What counts when citations are chosen from the passages that answer.

    Attributes:
        score: Probability, 0 to 1, that the passage answers.
        text: The passage, folded.
        document: The number of its document.
    """

    score: float
    text: str
    document: int


@dataclass(frozen=True, slots=True)
class Chosen:
    """A passage to cite.

    Attributes:
        place: Its place among the passages given.
        copies: Places of the near-copies of it that hold the same quote, best first.
    """

    place: int
    copies: tuple[int, ...] = ()


def chosen(passages: Sequence[Answering], k: int, quote: Callable[[int], str]) -> list[Chosen]:
    """Choose at most `k` passages to cite, in the order of citing; [] for none given.

    The first stays the first. A near-copy of a cited passage is not cited but counted with it. Of
    passages that answer about equally well, those of documents not yet cited come first, so that
    an answer that differs by place or year shows both; a clearly better passage always goes before
    a worse one. So a score may be larger than the one before it, within 0.25 in log odds.

    Args:
        passages: Best first, only those that answer.
        k: At least 1.
        quote: Gives the folded words that would be quoted from the passage at a place. Asked only
            of passages that seem to have copies.
    """
    waiting = sorted(_with_copies(passages, range(len(passages)), quote), key=lambda one: one.place)
    cited: list[Chosen] = []
    while waiting and len(cited) < k:
        documents = {passages[one.place].document for one in cited}
        least = _odds(passages[waiting[0].place].score) - _EQUAL
        new = (
            one
            for one in waiting
            if passages[one.place].document not in documents
            and _odds(passages[one.place].score) >= least
        )
        following = next(new, waiting[0])
        waiting.remove(following)
        cited.append(following)
    return cited


def standing(document: Document, passage: Passage, words: str) -> Copy:
    """Give where words stand that a person typed; where the passage begins if they are not in it.

    They may be written otherwise than there: in the other script, with other punctuation.
    """
    at = place_in(fold(passage.shown), fold(words))
    return Copy(document, passage, passage.placed(at, at + 1)[0] if at >= 0 else -1)


def _with_copies(
    passages: Sequence[Answering], places: Sequence[int], quote: Callable[[int], str]
) -> Iterator[Chosen]:
    """Give each passage at `places` that is no copy of a better one, with its copies."""
    left: list[int] = []
    for group in folded([passages[place].text for place in places]):
        first, *alike = (places[member] for member in group)
        if not alike:
            yield Chosen(first)
            continue
        words = quote(first)
        copies = tuple(place for place in alike if holds(passages[place].text, words))
        yield Chosen(first, copies)
        # Cut so that the quote is not in them: they may say something else, and all the same.
        left += (place for place in alike if place not in copies)
    if left:
        yield from _with_copies(passages, left, quote)


def _odds(score: float) -> float:
    kept = min(max(score, _SURE), 1 - _SURE)
    return log(kept / (1 - kept))
