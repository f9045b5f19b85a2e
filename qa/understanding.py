"""Which reading of a follow-up question is right: the one that the documents answer better."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from embeddings.words import Cutter, fold
from qa.asking import Found
from qa.calibration import logit
from qa.dialogue import Form, Reading, readings
from qa.question import parse
from qa.records import Answer
from qa.subjects import begins_with_name, persons
from qa.weighing import Terms

Search = Callable[[str, bool], list[Found]]
"""Gives what speaks to a question, best first; at a glance, only the first is to be relied on."""

MANY_WORDS = 4
"""An open question of so many words says by itself what it is about."""

_NAME_WORTH = 2
_NAMING = re.compile(r"[a-z]{2}|[“「『《]|什么是|什么叫|是什么意思|的?定义|所称")


@dataclass(frozen=True, slots=True)
class Comparison:
    """What tells whether an open question goes on with what was asked before.

    Attributes:
        gain: By how much the log-odds of the best passage are better with the history.
        loss: Share of the question's own words, by rarity, that the best passage holds as typed
            and the one with the history does not.
        words: How many words the question has, as `own_words` counts.
        missing: Share of its words that the best passage with the history does not hold.
        about: Share of what the history added that the best passage with it holds.
        same: Whether the best passage is the same.
        nothing: Whether nothing is found as typed.
    """

    gain: float
    loss: float
    words: int
    missing: float
    about: float = 1.0
    same: bool = False
    nothing: bool = False


# Fitted by tests/benchmarks/fit_dialogues.py to the dialogues marked "fit": the log-odds that a
# question goes on with what was asked before.
_BIAS, _GAIN, _LOSS, _WORD, _MISSING = 7.00, 0.22, -1.43, -2.15, -1.55
_MOST_GAIN = 4.0
_TOPIC_HELD = 0.2
_SURE = 0.26  # the probability from which an answer counts as found, where nothing is calibrated
_MUCH, _LITTLE, _FAR_LESS = 0.5, 1.0, -1.2


def understood(
    question: str, history: Sequence[str | Answer], cutter: Cutter, search: Search
) -> tuple[Reading, list[Found]]:
    """Give how a question is best understood after its history, and what was found for that.

    Without a history nothing is done but to search. A question that leans on what was before is
    searched as completed, and as typed only where that finds nothing about it; an open one both
    ways, as typed at a glance, unless it has many words.
    """
    meant = readings(question, history, cutter)
    question = meant.typed.text
    words = own_words(question, cutter) if meant.form is Form.OPEN else 0
    if not meant.completed or words >= MANY_WORDS:
        return meant.typed, search(question, False)
    other, completed = _best(meant.completed, search)
    if meant.form is Form.LEANING:
        if completed and _about(other.added, completed, cutter) < _TOPIC_HELD:
            return meant.typed, search(question, False)
        if _score(completed) < _SURE and _score(again := search(question, False)) >= _SURE:
            return meant.typed, again
        return other, completed
    as_typed = search(question, True)
    going_on = compared(as_typed, completed, question, added=other.added, cutter=cutter)
    # What finds nothing with the history, or far less than without, is left as it was typed.
    far_less = _score(as_typed) >= _SURE and going_on.gain < _FAR_LESS
    if _score(completed) >= _SURE and not far_less and goes_on(going_on):
        return other, completed
    return meant.typed, search(question, False) if as_typed else as_typed


def own_words(question: str, cutter: Cutter) -> int:
    """Count the words of a question; one that names or defines something has more."""
    named = (
        bool(persons(question))
        or begins_with_name(question, cutter)
        or bool(_NAMING.search(fold(question)))
    )
    return len(parse(question, cutter).words) + (_NAME_WORTH if named else 0)


def compared(
    as_typed: Sequence[Found],
    completed: Sequence[Found],
    question: str,
    *,
    added: str,
    cutter: Cutter,
) -> Comparison:
    """Compare what was found for a question as typed and with its history, each best first.

    Args:
        as_typed: For the question as typed.
        completed: For its reading with the history.
        question: As typed.
        added: What the history added to it.
        cutter: Cuts words.
    """
    rarity = as_typed[0].quoter.rarity if as_typed else {}
    own = dict.fromkeys(parse(question, cutter).words, 1.0)
    first, other = _first(as_typed), _first(completed)
    return Comparison(
        gain=logit(_score(completed)) - logit(_score(as_typed)),
        loss=_held(rarity, as_typed) - _held(rarity, completed),
        words=own_words(question, cutter),
        missing=1 - _held(own, completed) if own else 0.0,
        about=_about(added, completed, cutter),
        same=first is not None and first == other,
        nothing=not as_typed,
    )


def goes_on(one: Comparison) -> bool:
    """Say whether a question goes on with what was asked before."""
    clear = decided(one)
    return log_odds(one) > 0 if clear is None else clear


def decided(one: Comparison) -> bool | None:
    """Say so where no weighing is needed; None where it is."""
    if one.same and one.gain < 0:
        return False  # the history only makes the same passage less sure
    if one.about < _TOPIC_HELD:
        return False  # what it found is not about the topic either
    if one.loss > _MUCH and one.gain < _LITTLE:
        return False  # what answers its own words is left for what is hardly surer
    if one.nothing and one.words > 1:
        return False  # its words stand nowhere: 怎么养多肉植物
    return None


def log_odds(one: Comparison) -> float:
    """Give the log-odds that a question goes on, of what the documents say to it."""
    gain = min(max(one.gain, -_MOST_GAIN), _MOST_GAIN)
    return _BIAS + _GAIN * gain + _LOSS * one.loss + _WORD * one.words + _MISSING * one.missing


def _best(several: Sequence[Reading], search: Search) -> tuple[Reading, list[Found]]:
    """Give the reading that finds the best passage; of equal ones the first."""
    first, *others = several
    best, found, glanced = first, search(first.text, False), False
    for one in others:
        again = search(one.text, True)
        if _score(again) > _score(found):
            best, found, glanced = one, again, True
    return best, search(best.text, False) if glanced else found


def _about(added: str, found: Sequence[Found], cutter: Cutter) -> float:
    """Give the share of what the history added that the best passage holds; 1 of no words."""
    words = dict.fromkeys(parse(added, cutter).words, 1.0)
    return _held(words, found) if words else 1.0


def _score(found: Sequence[Found]) -> float:
    return found[0].evidence.score if found else 0.0


def _first(found: Sequence[Found]) -> int | None:
    return found[0].candidate.passage.id if found else None


def _held(weight: Mapping[str, float], found: Sequence[Found]) -> float:
    if not found or not weight:
        return 0.0
    best = found[0].candidate
    texts = fold(best.passage.shown), fold(best.title), fold(best.passage.heading)
    return Terms(weight).share_in(*texts)
