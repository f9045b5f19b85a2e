"""What a person says of an answer, as feedback to keep."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from qa.chat.commands import said
from qa.citing import standing
from qa.question_files import comparable
from qa.records import Answer, Citation, Document, Feedback, Passage, Verdict

Place = tuple[Document, Passage]

_SHORTEST = 2  # characters of words that tell anything


@dataclass(frozen=True, slots=True)
class Judgement:
    """A verdict on an answer, and what it rests on.

    Attributes:
        verdict: What was said.
        path: The document whose words answer; empty where there is none.
        words: Those words; empty where there are none.
        comment: What was typed, where it is not found in any document.
        number: Of the citation that holds the words; 0 where none was named.
        paragraph: Where the words stand that were typed; 0 where none were.
    """

    verdict: Verdict
    path: str = ""
    words: str = ""
    comment: str = ""
    number: int = 0
    paragraph: int = 0

    def feedback(self, answer: Answer, *, key: str, at: str) -> Feedback:
        """Give what the library keeps; `at` is the time in UTC, `2024-04-01T08:30:00Z`."""
        return Feedback(
            key, answer.as_understood, self.verdict, self.path, self.words, at, self.comment
        )


def judge(text: str, answer: Answer, places: Iterable[Place]) -> Judgement | None:
    """Give what a person means by right, wrong, none, the number of a source, or words.

    Args:
        text: As typed.
        answer: What it is said of.
        places: Where words that were typed may stand, the likeliest first.

    Returns:
        The judgement; None when it is not understood: nothing typed, or no such number.
    """
    text = text.strip()
    if text.isdecimal():
        number = int(text)
        known = 0 < number <= len(answer.sources)
        return _sourced(answer.sources[number - 1], answer) if known else None
    if text.lower() in said("chat_said_right"):
        if answer.found:
            return _sourced(answer.sources[0], answer)
        return Judgement(Verdict.UNANSWERABLE)  # it was right to refuse it
    if text.lower() in said("chat_said_wrong"):
        return Judgement(Verdict.WRONG)
    if text.lower() in said("chat_said_none"):
        return Judgement(Verdict.UNANSWERABLE)
    return _worded(text, places) if len(comparable(text)) >= _SHORTEST else None


def _sourced(citation: Citation, answer: Answer) -> Judgement:
    right = answer.found and citation.number == 1
    return Judgement(
        Verdict.RIGHT if right else Verdict.CORRECTED,
        citation.document.path,
        citation.quote,
        number=citation.number,
    )


def _worded(text: str, places: Iterable[Place]) -> Judgement:
    wanted = comparable(text)
    for document, passage in places:
        if wanted in comparable(passage.shown):
            paragraph = standing(document, passage, text).paragraph
            return Judgement(Verdict.CORRECTED, document.path, text, paragraph=paragraph)
    return Judgement(Verdict.WRONG, comment=text)
