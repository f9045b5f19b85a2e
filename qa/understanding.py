"""Which reading of a follow-up question is right: the one that the documents answer better."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from embeddings.words import Cutter, fold
from qa.asking import Found
from qa.calibration import logit
from qa.dialogue import Form, Reading, Readings, readings
from qa.question import parse
from qa.records import Answer
from qa.subjects import persons
from qa.weighing import Terms

Search = Callable[[str, bool], list[Found]]
"""Gives what speaks to a question, best first; at a glance, only the first of that is to be relied on.
"""


@dataclass(frozen=True, slots=True)
class Comparison:
    """What tells whether an open question means more than it says.

    Attributes:
        gain: By how much the log-odds of the best passage are better with the history.
        loss: Share of the question's own words, by rarity, that the best passage holds as asked
            and no longer holds with the history.
        words: How many words the question has.
    """

    gain: float
    loss: float
    words: int


# Fitted by tests/benchmarks/fit_dialogue.py to the dialogues marked "fit", none of those marked
# "held" among them: the log-odds that the question goes on with what was asked before.
_BIAS, _GAIN, _LOSS, _WORD = 3.64, 0.59, -1.84, -1.08
_MOST_GAIN = 4.0
_MOST_WORDS = 6
_FEW_WORDS = 3  # a question of so few goes on more often than not
_BEST = logit(0.97)  # more than this is hardly ever found


def understood(
    question: str, history: Sequence[str | Answer], cutter: Cutter, search: Search
) -> tuple[Reading, list[Found]]:
    """Give how a question is best understood after its history, and what was found for that.

    Without a history nothing is done but to search. A question that leans on what was before is
    searched as completed; an open one both ways, unless its own words say enough. The likelier
    reading is searched in full, the other at a glance: most questions cost a third more.
    """
    meant = readings(question, history, cutter)
    if not meant.completed:
        return meant.typed, search(question, False)
    if meant.form is Form.LEANING:
        return _best(meant.completed, search)
    words = own_words(question, cutter)
    if len(words) <= _FEW_WORDS:
        return _likely_going_on(meant, words, search)
    return _likely_typed(meant, words, search)


def _likely_going_on(
    meant: Readings, words: Sequence[str], search: Search
) -> tuple[Reading, list[Found]]:
    other, completed = _best(meant.completed, search)
    if goes_on(compared(search(meant.typed.text, True), completed, words)):
        return other, completed
    return meant.typed, search(meant.typed.text, False)


def _likely_typed(
    meant: Readings, words: Sequence[str], search: Search
) -> tuple[Reading, list[Found]]:
    as_typed = search(meant.typed.text, False)
    most = _BEST - logit(_score(as_typed))
    if goes_on(Comparison(most, 0.0, len(words))):  # there are scores that would decide so
        other, completed = _best(meant.completed, search, glance=True)
        if goes_on(compared(as_typed, completed, words)):
            return other, search(other.text, False)
    return meant.typed, as_typed


def own_words(question: str, cutter: Cutter) -> tuple[str, ...]:
    """Give the words of a question that count; a name of a person counts three times."""
    return (*parse(question, cutter).words, *(one for one in persons(question) for _ in "12"))


def compared(
    as_typed: Sequence[Found], completed: Sequence[Found], words: Sequence[str]
) -> Comparison:
    """Compare what was found for a question as typed and with its history.

    Args:
        as_typed: Best first.
        completed: Best first.
        words: Those of the question as typed.
    """
    gain = logit(_score(completed)) - logit(_score(as_typed))
    loss = _held(words, as_typed) - _held(words, completed)
    return Comparison(gain, loss, len(words))


def goes_on(one: Comparison) -> bool:
    """Say whether a question goes on with what was asked before."""
    gain = min(max(one.gain, -_MOST_GAIN), _MOST_GAIN)
    words = min(one.words, _MOST_WORDS)
    return _BIAS + _GAIN * gain + _LOSS * one.loss + _WORD * words > 0


def _best(
    several: Sequence[Reading], search: Search, *, glance: bool = False
) -> tuple[Reading, list[Found]]:
    """Give the reading that finds the best passage; of equal ones the first."""
    first, *others = several
    best, found, full = first, search(first.text, glance), True
    for one in others:
        again = search(one.text, True)
        if _score(again) > _score(found):
            best, found, full = one, again, False
    return best, found if full or glance else search(best.text, False)


def _score(found: Sequence[Found]) -> float:
    return found[0].evidence.score if found else 0.0


def _held(words: Sequence[str], found: Sequence[Found]) -> float:
    if not found:
        return 0.0
    best = found[0].candidate
    return Terms({word: 1.0 for word in words}).share_in(
        fold(best.passage.shown), fold(best.title), fold(best.passage.heading)
    )
