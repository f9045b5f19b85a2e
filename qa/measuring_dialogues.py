"""How well a library follows a conversation: each turn asked after those before it, and alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from statistics import median
from time import perf_counter

from qa.library import Library
from qa.metrics import mean
from qa.question_files import MeasuredDialogue, MeasuredQuestion, MeasuredTurn, cited_evidence
from qa.records import Answer
from qa.telling import Progress

SHOWN = 3
"""Citations of an answer that count, which is what a reader sees."""


class TurnKind(StrEnum):
    """What a turn is to those before it."""

    FIRST = "first"
    FOLLOW_UP = "follow_up"
    CHANGE = "change"


@dataclass(frozen=True, slots=True)
class Said:
    """What was said to one question.

    Attributes:
        found: Whether it was answered.
        place: Of the first citation, or else closest passage, that is evidence or has a copy that
            is, from 1; 0 when none of the first SHOWN is.
        first: The id of the first passage; None when nothing came near.
        milliseconds: What `ask` took.
    """

    found: bool
    place: int
    first: int | None
    milliseconds: float


@dataclass(frozen=True, slots=True)
class TurnOutcome:
    """What became of one turn.

    Attributes:
        question: What was asked.
        kind: What it is to those before it.
        understood: The question that was answered in the conversation; empty when it was that.
        after: What was said to it in its conversation.
        alone: What is said to it without.
        overhead_ms: By how much it took longer than the question as understood takes alone.
    """

    question: MeasuredQuestion
    kind: TurnKind
    understood: str
    after: Said
    alone: Said
    overhead_ms: float

    @property
    def contaminated(self) -> bool:
        """Whether the turns before changed what comes first, and not for the better."""
        if self.after.first == self.alone.first and self.after.found == self.alone.found:
            return False
        if not self.question.evidence:
            return self.after.found and not self.alone.found
        return not 0 < self.after.place <= (self.alone.place or SHOWN)


@dataclass(frozen=True, slots=True)
class Rates:
    """Turns of one kind. Shares are 0 to 1, and None where there are none.

    Attributes:
        turns: How many have evidence.
        top_three: The share with evidence among the first three.
        first: The share with evidence first.
        found: The share that was answered.
    """

    turns: int
    top_three: float | None
    first: float | None
    found: float | None

    @classmethod
    def of(cls, said: Sequence[Said]) -> Rates:
        """Sum up what was said to turns that have evidence."""
        return cls(
            turns=len(said),
            top_three=mean([one.place > 0 for one in said]),
            first=mean([one.place == 1 for one in said]),
            found=mean([one.found for one in said]),
        )


@dataclass(frozen=True, slots=True)
class DialogueFigures:
    """What was measured of conversations.

    Attributes:
        dialogues: How many.
        outcomes: Every turn, in the order asked.
    """

    dialogues: int
    outcomes: tuple[TurnOutcome, ...]

    def of(self, kind: TurnKind) -> tuple[TurnOutcome, ...]:
        """Give the turns of a kind."""
        return tuple(one for one in self.outcomes if one.kind is kind)

    def rates(self, kind: TurnKind, *, alone: bool = False) -> Rates:
        """Give the rates of a kind of turn, in conversation or asked alone."""
        there = [one for one in self.of(kind) if one.question.evidence]
        return Rates.of([one.alone if alone else one.after for one in there])

    @property
    def clean(self) -> float | None:
        """The share of topic changes that are not contaminated; None without any."""
        return mean([not one.contaminated for one in self.of(TurnKind.CHANGE)])

    @property
    def lost(self) -> tuple[TurnOutcome, ...]:
        """Follow-ups without evidence among the first three."""
        there = [one for one in self.of(TurnKind.FOLLOW_UP) if one.question.evidence]
        return tuple(one for one in there if not one.after.place)

    @property
    def contaminated(self) -> tuple[TurnOutcome, ...]:
        """Topic changes that the turns before them spoiled."""
        return tuple(one for one in self.of(TurnKind.CHANGE) if one.contaminated)

    @property
    def median_ms(self) -> tuple[float, float, float] | None:
        """Median milliseconds of later turns in conversation, alone, and the median overhead."""
        later = [one for one in self.outcomes if one.kind is not TurnKind.FIRST]
        if not later:
            return None
        return (
            median(one.after.milliseconds for one in later),
            median(one.alone.milliseconds for one in later),
            median(one.overhead_ms for one in later),
        )


def measure_dialogues(
    library: Library,
    dialogues: Sequence[MeasuredDialogue],
    progress: Progress | None = None,
) -> DialogueFigures:
    """Ask every turn after the real answers to those before it, and alone: the first one once.

    Args:
        library: What is asked.
        dialogues: Whose evidence stands in the library (`qa.question_files.checked`).
        progress: Called with conversations done and conversations in all.
    """
    library.ask("预热")  # loads the dictionary: not part of any question's time
    outcomes: list[TurnOutcome] = []
    for number, dialogue in enumerate(dialogues, start=1):
        history: list[Answer] = []
        for turn in dialogue.turns:
            outcomes.append(_asked(library, turn, history))
        if progress:
            progress(number, len(dialogues))
    return DialogueFigures(len(dialogues), tuple(outcomes))


def _asked(library: Library, turn: MeasuredTurn, history: list[Answer]) -> TurnOutcome:
    """Ask a turn, and put its answer behind the history."""
    question = turn.question
    before = tuple(history)
    answer, alone = _said(library, question, question.question, ())
    after = whole = alone  # as a first turn, which is asked once
    if before:
        answer, after = _said(library, question, question.question, before)
    if answer.understood:
        _, whole = _said(library, question, answer.understood, ())
    history.append(answer)
    kind = TurnKind.CHANGE if turn.change else TurnKind.FOLLOW_UP
    return TurnOutcome(
        question=question,
        kind=kind if before else TurnKind.FIRST,
        understood=answer.understood,
        after=after,
        alone=alone,
        overhead_ms=after.milliseconds - whole.milliseconds,
    )


def _said(
    library: Library, question: MeasuredQuestion, text: str, history: Sequence[Answer]
) -> tuple[Answer, Said]:
    began = perf_counter()
    answer = library.ask(text, SHOWN, history)
    taken = (perf_counter() - began) * 1_000
    shown = answer.sources[:SHOWN]
    places = (n for n, one in enumerate(shown, start=1) if cited_evidence(question, one))
    first = shown[0].passage.id if shown else None
    return answer, Said(answer.found, next(places, 0), first, taken)
