"""Which reading of a follow-up question is right: the one that the documents answer better."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from embeddings.words import Cutter, fold
from qa.asking import Found
from qa.calibration import logit
from qa.dialogue import Form, Reading, readings
from qa.names import ROLES
from qa.question import parse
from qa.records import Answer
from qa.subjects import begins_with_name, lone_name, persons, subject
from qa.weighing import Terms

Search = Callable[[str, bool], list[Found]]
"""Gives what speaks to a question, best first; at a glance, only the first is to be relied on."""

SURE = 0.26
"""The probability from which an answer counts as found, where nothing is calibrated."""

_NAME_WORTH = 2
_NAMING = re.compile(r"[a-z]{2}|[“「『《]|什么是|什么叫|是什么意思|的?定义|所称")


@dataclass(frozen=True, slots=True)
class Comparison:
    """What tells whether an open question goes on with what was asked before.

    Attributes:
        gain: By how much the log-odds of the best passage are better with the history.
        left: How many of the question's words, by rarity, stand in the document of the best
            passage as typed and not in that of the one with the history, times the score as typed:
            an answer to what the question itself says that would be given up.
        words: How many words the question has, as `own_words` counts.
        characters: How many characters its content has.
    """

    gain: float
    left: float
    words: int
    characters: int


# Fitted by tests/benchmarks/fit_dialogues.py to the dialogues marked "fit": the log-odds that a
# question is better read with what was asked before.
_BIAS, _GAIN, _LEFT, _WORD, _CHARACTER = 2.23, 0.27, -0.61, -0.40, -0.37
_MOST_GAIN, _MOST_LEFT = 4.0, 4
_TOPIC_HELD, _TOPIC_HELD_UNSURE = 0.2, 0.6


def understood(
    question: str, history: Sequence[str | Answer], cutter: Cutter, search: Search
) -> tuple[Reading, list[Found]]:
    """Give how a question is best understood after its history, and what was found for that.

    Without a history nothing is done but to search. A question that leans on what was before is
    searched as completed, and as typed where that finds hardly anything; an open one both ways, as
    typed at a glance, unless it says so much that it stands alone. What finds nothing about the
    topic is left as typed, and so is a person (马东呢) whom what is found does not name.
    """
    meant = readings(question, history, cutter)
    question = meant.typed.text
    if not meant.completed or (meant.form is Form.OPEN and stands_alone(question, cutter)):
        return meant.typed, search(question, False)
    other, completed = _best(meant.completed, search)
    wanted = _TOPIC_HELD if _score(completed) >= SURE else _TOPIC_HELD_UNSURE
    if not completed or _held(other.added, completed, cutter) < wanted:
        return meant.typed, search(question, False)
    if meant.form is Form.LEANING:
        alone = lone_name(question)
        silent = not _held(question, completed, cutter) or _lacks(alone, completed)
        if silent or _score(completed) < SURE:
            again = search(question, False)
            person = silent and (
                _is_person(subject(question, cutter), again) or _is_nobody(alone, again)
            )
            if person or _score(completed) < min(SURE, _score(again)):
                return meant.typed, again
        return other, completed
    as_typed = search(question, True)
    if goes_on(compared(as_typed, completed, question, cutter=cutter)):
        return other, completed
    return meant.typed, search(question, False) if as_typed else as_typed


def stands_alone(question: str, cutter: Cutter) -> bool:
    """Say whether a question says so much that no evidence could make it one of a topic before."""
    said = compared((), (), question, cutter=cutter)
    return not goes_on(replace(said, gain=_MOST_GAIN))


def own_words(question: str, cutter: Cutter) -> int:
    """Count the words of a question; one that names or defines something has more."""
    named = (
        bool(persons(question))
        or begins_with_name(question, cutter)
        or bool(_NAMING.search(fold(question)))
    )
    return len(parse(question, cutter).words) + (_NAME_WORTH if named else 0)


def compared(
    as_typed: Sequence[Found], completed: Sequence[Found], question: str, *, cutter: Cutter
) -> Comparison:
    """Compare what was found for a question as typed and with its history, each best first.

    Args:
        as_typed: For the question as typed.
        completed: For its reading with the history.
        question: As typed.
        cutter: Cuts words.
    """
    own = Terms(as_typed[0].quoter.rarity if as_typed else {})
    held, still = (
        own.share(found[0].document) if found else 0.0 for found in (as_typed, completed)
    )
    words = own_words(question, cutter)
    return Comparison(
        gain=logit(_score(completed)) - logit(_score(as_typed)),
        left=max(0.0, held - still) * min(words, _MOST_LEFT) * _score(as_typed),
        words=words,
        characters=len("".join(parse(question, cutter).content.split())),
    )


def goes_on(one: Comparison) -> bool:
    """Say whether a question goes on with what was asked before."""
    return log_odds(one) > 0


def log_odds(one: Comparison) -> float:
    """Give the log-odds that a question goes on, of what it says and what the documents say."""
    gain = min(max(one.gain, -_MOST_GAIN), _MOST_GAIN)
    said = _WORD * one.words + _CHARACTER * one.characters
    return _BIAS + _GAIN * gain + _LEFT * one.left + said


def _best(several: Sequence[Reading], search: Search) -> tuple[Reading, list[Found]]:
    """Give the reading that finds the best passage; of equal ones the first."""
    first, *others = several
    best, found, glanced = first, search(first.text, False), False
    for one in others:
        again = search(one.text, True)
        if _score(again) > _score(found):
            best, found, glanced = one, again, True
    return best, search(best.text, False) if glanced else found


def _is_person(name: str, found: Sequence[Found]) -> bool:
    """Say whether a word names a person: by its surname, or by what a table calls the person.

    What does not name that person is no answer then, whatever was spoken of before.
    """
    if persons(f"{name} "):
        return True
    shown = fold(found[0].candidate.passage.shown) if found and name else ""
    return bool(re.search(rf"(?:姓名|[人员者长]):\s*{re.escape(fold(name))}(?:;|$)", shown, re.M))


def _lacks(name: str, found: Sequence[Found]) -> bool:
    """Say whether the best passage, its title and headings hold no such name, as such or meant."""
    if not name or any(word.startswith("synonym ") for word in found[0].evidence.signals):
        return False
    best = found[0].candidate
    return name not in fold(f"{best.passage.shown}\n{best.title}\n{best.passage.heading}")


def _is_nobody(name: str, found: Sequence[Found]) -> bool:
    """Say whether a name stands in nothing that was found, or there as that of a person."""
    if not name:
        return False
    texts = [one.text for one in found]
    named = re.compile(
        rf"(?:{ROLES}|记者|由){name}|{name}(?:同志|先生|女士|当选|出席|担任|{ROLES})"
    )
    return not any(name in text for text in texts) or any(map(named.search, texts))


def _held(text: str, found: Sequence[Found], cutter: Cutter) -> float:
    """Give the share of the words of a text that the best passage holds; 1 of no words."""
    words = dict.fromkeys(parse(text, cutter).words, 1.0)
    if not words:
        return 1.0
    best = found[0].candidate
    texts = fold(best.passage.shown), fold(best.title), fold(best.passage.heading)
    return Terms(words).share_in(*texts)


def _score(found: Sequence[Found]) -> float:
    return found[0].evidence.score if found else 0.0
