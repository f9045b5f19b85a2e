"""What people say of answers, as frozen records; they are given out by `qa.records` too."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """What a person says of an answer."""

    RIGHT = "right"  # the words given answer the question
    CORRECTED = "corrected"  # the answer was wrong; other words, which are given, answer it
    UNANSWERABLE = "unanswerable"  # the documents do not answer it
    WRONG = "wrong"  # the answer was wrong; what is right was not said


@dataclass(frozen=True, slots=True)
class Feedback:
    """What one person said of one answer.

    Attributes:
        key: Who said it of what; a later one with the same key takes its place.
        question: As it was answered (`Answer.as_understood`).
        verdict: What was said.
        path: The document whose words answer, where the verdict is right or corrected; else empty.
        words: Those words, verbatim; else empty.
        at: When, in UTC: `2024-04-01T08:30:00Z`.
        comment: What the person wrote beside it; may be empty.
    """

    key: str
    question: str
    verdict: Verdict
    path: str
    words: str
    at: str
    comment: str = ""
