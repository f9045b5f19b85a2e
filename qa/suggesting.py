"""Whether another question is worth suggesting: it must find what the one asked did not."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import pairwise

from embeddings.words import Cutter, fold
from qa.courtesies import is_small_talk
from qa.question import kept
from qa.records import Answer
from qa.slips import Vocabulary, corrections

_BETTER = 0.15  # by which the confidence must rise
_STRANGE = 0.5  # confidence needed where other words of the question stand in no document
_TOGETHER = 2  # passages that hold a name which is no word of the index
_NAME = 3  # characters of such a name


def with_suggestion(
    answer: Answer, vocabulary: Vocabulary, ask: Callable[[str], Answer], *, cutter: Cutter
) -> Answer:
    """Give an answer that was not found with the question that may have been meant, if one is.

    Characters that only happen to stand side by side in a document (天和气 of 雨雪天和气温) are no
    name: what was put right must be a word there. A question with other words that no document
    holds is hardly about the library, and must be found with more confidence, unless the name is
    long and often met.

    Args:
        answer: Of the question as it was understood; one that was found, or of small talk, is given
            as it is.
        vocabulary: What the documents hold.
        ask: Answers another question.
        cutter: Cuts words as those of the vocabulary were cut.
    """
    if answer.found or is_small_talk(answer.as_understood):
        return answer
    typed = _words(answer.as_understood, cutter)
    for one in corrections(answer.as_understood, vocabulary):
        words = _words(one.question, cutter)
        put_right = [word for word in words if word not in typed]
        named = bool(one.name) and _are_names([one.name], vocabulary)
        if not named and not (put_right and _are_names(put_right, vocabulary)):
            continue
        others = [word for word in words if not (named and one.name in word)]
        well_known = named and len(one.name) > _NAME
        strange = not well_known and _strange(others, vocabulary)
        least = max(answer.confidence + _BETTER, _STRANGE if strange else 0.0)
        other = ask(one.question)
        if other.found and other.confidence >= least and _stands(one.name, put_right, other):
            return replace(answer, suggestion=one.question)
    return answer


def _words(question: str, cutter: Cutter) -> list[str]:
    """Give the content words of a question that are longer than a character, folded."""
    folded = fold(question)
    return [folded[start:end] for start, end in kept(question, cutter) if end - start > 1]


def _are_names(words: Sequence[str], vocabulary: Vocabulary) -> bool:
    """Say whether all are words of the documents, or names that are not cut alike everywhere."""
    return all(
        vocabulary.frequency("words", one)
        or (len(one) >= _NAME and _passages(one, vocabulary) >= _TOGETHER)
        for one in words
    )


def _strange(words: Sequence[str], vocabulary: Vocabulary) -> bool:
    """Say whether one of the words stands in no document, cut as it may be."""
    return not all(
        vocabulary.frequency("words", one) or _passages(one, vocabulary) for one in words
    )


def _passages(run: str, vocabulary: Vocabulary) -> int:
    return vocabulary.together("bigrams", [a + b for a, b in pairwise(run)])


def _stands(name: str, words: Sequence[str], answer: Answer) -> bool:
    """Say whether what was put right stands in what was found, its title or headings.

    The name does, or else the words of it that are long enough to be names.
    """
    [citation, *_] = answer.citations
    passage = citation.passage
    text = fold(f"{citation.document.title}\n{passage.heading}\n{passage.shown}")
    return name in text or (bool(words) and all(len(one) >= _NAME and one in text for one in words))
