"""What earlier questions gave to a later one, as a person reads it."""

from __future__ import annotations

from collections.abc import Sequence

from qa.records import Answer

_LONGEST = 40  # characters of a run that is shown whole
_BETWEEN = " · "
_GAP = "…"


def retold(answer: Answer, earlier: Sequence[str]) -> str:
    """Give a question as it was understood, as a person reads it; empty when taken as typed.

    What the history added stands before what was typed, both as somebody typed them.
    """
    rest = answer.understood.removeprefix(f"{answer.added} ")
    if not answer.added or rest == answer.understood:
        return answer.understood
    return f"{readable(answer.added, earlier)}{_BETWEEN}{rest}"


def readable(added: str, earlier: Sequence[str]) -> str:
    """Give what was added to a question as it was typed before, not as words torn from it.

    Args:
        added: Words with blanks between them, as `qa.records.Answer.added` has them.
        earlier: The questions before, as typed, oldest first.

    Returns:
        Runs of the earlier questions, each from its first to its last word that was added. Words
        that stand in none of them, or too far apart, stay words. Nothing added gives nothing.

    >>> readable("会员卡丢 补办", ["会员卡丢了怎么补办？"])
    '会员卡丢了怎么补办'
    """
    words, shown = added.split(), []
    while words:
        count, run = max(
            (_run(words, question) for question in reversed(earlier)),
            key=lambda one: one[0],
            default=(0, ""),
        )
        if count:
            shown.append(run)
        else:
            shown.append(words[0])
        words = words[max(count, 1) :]
    return _BETWEEN.join(dict.fromkeys(shown))


def _run(words: Sequence[str], question: str) -> tuple[int, str]:
    """Give how many of the first words a question holds in order, and the run of them."""
    places: list[int] = []
    end = 0
    for word in words:
        at = question.find(word, end)
        if at < 0:
            break
        places.append(at)
        end = at + len(word)
    if not places:
        return 0, ""
    run = question[places[0] : end]
    return len(places), run if len(run) <= _LONGEST else _GAP.join(words[: len(places)])
