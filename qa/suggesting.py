"""Whether another question is worth suggesting: it must find what the one asked did not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from embeddings.words import fold
from qa.records import Answer, Citation
from qa.slips import Correction, Vocabulary, corrections

_BETTER = 0.15  # by which the confidence must rise


def with_suggestion(answer: Answer, vocabulary: Vocabulary, ask: Callable[[str], Answer]) -> Answer:
    """Give an answer that was not found with the question that may have been meant, if one is.

    Args:
        answer: Of the question as it was understood; one that was found is given as it is.
        vocabulary: What the documents hold.
        ask: Answers another question.
    """
    if answer.found:
        return answer
    for one in corrections(answer.as_understood, vocabulary):
        other = ask(one.question)
        better = other.confidence >= answer.confidence + _BETTER
        if other.found and better and _stands(one, other.citations[0]):
            return replace(answer, suggestion=one.question)
    return answer


def _stands(correction: Correction, citation: Citation) -> bool:
    """Say whether the name that was put right stands in what was found, its title or headings."""
    passage = citation.passage
    return correction.name in fold(f"{citation.document.title}\n{passage.heading}\n{passage.shown}")
