"""What has been asked and answered since the topic began."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from uuid import uuid4

from qa.records import Answer

REMEMBERED = 10
"""Answers, the newest, that a further question is read with."""

Ask = Callable[[str, Sequence[Answer]], Answer]


class Conversation:
    """The answers of one topic, oldest first.

    Attributes:
        key: Names the newest answer, for feedback; empty before the first.
        last: The newest answer, also when the topic has changed since; None before the first.
    """

    def __init__(self, ask: Ask) -> None:
        self.key = ""
        self.last: Answer | None = None
        self._ask = ask
        self._turns: list[Answer] = []

    @property
    def earlier(self) -> list[str]:
        """The questions of the topic before the newest, as typed, oldest first."""
        return [one.question for one in self._turns[:-1]]

    def ask(self, question: str) -> Answer:
        """Answer a question as one that follows the earlier ones."""
        return self._add(self._ask(question, self._turns[-REMEMBERED:]))

    def undo(self) -> Answer | None:
        """Ask the newest question again as it was typed; None when nothing had been added to it.

        The new answer takes the place of the old one.
        """
        if self.last is None or not (self.last.added or self.last.understood):
            return None
        return self._instead(self._ask(self.last.question, ()))

    def accept(self) -> Answer | None:
        """Ask the question that was suggested; None when none was.

        Its answer takes the place of the one that suggested it.
        """
        if self.last is None or not self.last.suggestion:
            return None
        before = self._turns[:-1]
        return self._instead(self._ask(self.last.suggestion, before[-REMEMBERED:]))

    def forget(self) -> None:
        """Begin another topic: what was asked before is no longer read into questions."""
        self._turns.clear()

    def _instead(self, answer: Answer) -> Answer:
        del self._turns[-1:]
        return self._add(answer)

    def _add(self, answer: Answer) -> Answer:
        self._turns.append(answer)
        self.last, self.key = answer, f"chat-{uuid4().hex}"
        return answer
