"""What `measure` found of conversations, as a table and as JSON. Pure: no printing, no reading."""

from __future__ import annotations

from dataclasses import asdict

from rich.cells import cell_len

from qa.measuring_dialogues import DialogueFigures, Rates, TurnKind, TurnOutcome
from qa.messages import Messages
from qa.render import Json
from qa.reports import columns

_WIDTH = 14
_INDENT = "    "


def dialogues_json(figures: DialogueFigures) -> Json:
    """Give what was measured, each kind of turn in conversation and alone."""
    times = figures.median_ms
    return {
        "dialogues": figures.dialogues,
        "turns": len(figures.outcomes),
        **{
            kind.value: {
                "in_dialogue": asdict(figures.rates(kind)),
                "alone": asdict(figures.rates(kind, alone=True)),
            }
            for kind in TurnKind
        },
        "changes": len(figures.of(TurnKind.CHANGE)),
        "not_contaminated": figures.clean,
        "median_ms": None if times is None else times[0],
        "median_ms_alone": None if times is None else times[1],
        "median_overhead_ms": None if times is None else times[2],
        "lost": [_turn_json(one) for one in figures.lost],
        "contaminated": [_turn_json(one) for one in figures.contaminated],
    }


def dialogues_text(figures: DialogueFigures, words: Messages) -> str:
    """Give what was measured as one table, each turn in conversation beside the same turn alone."""
    head = words("dialogues_measured", dialogues=figures.dialogues, turns=len(figures.outcomes))
    after, _, alone = words("dialogues_columns").partition("|")
    rows = [("", after, alone), *_turn_rows(figures, words), *_time_rows(figures, words)]
    return "\n".join([head, columns([(name, _beside(one, two)) for name, one, two in rows])])


def dialogues_explained(figures: DialogueFigures, words: Messages) -> str:
    """Give the follow-ups that found no evidence, then the topic changes that were spoiled."""
    blocks = [
        *(_turn_lines("dialogue_lost", one, words) for one in figures.lost),
        *(_turn_lines("dialogue_contaminated", one, words) for one in figures.contaminated),
    ]
    return "\n".join(line for block in blocks for line in ["", *block])


def _turn_rows(figures: DialogueFigures, words: Messages) -> list[tuple[str, str, str]]:
    first, follow, change = (
        (figures.rates(kind), figures.rates(kind, alone=True))
        for kind in (TurnKind.FIRST, TurnKind.FOLLOW_UP, TurnKind.CHANGE)
    )
    after, alone = follow
    return [
        _rates_row("dialogue_first", first, words),
        _rates_row("dialogue_follow_ups", follow, words),
        (words("dialogue_follow_ups_first"), _rate(after.first), _rate(alone.first)),
        (words("dialogue_follow_ups_found"), _rate(after.found), _rate(alone.found)),
        _rates_row("dialogue_changes", change, words),
        (words("dialogue_clean"), _rate(figures.clean), ""),
    ]


def _rates_row(key: str, pair: tuple[Rates, Rates], words: Messages) -> tuple[str, str, str]:
    return words(key, count=pair[0].turns), _rate(pair[0].top_three), _rate(pair[1].top_three)


def _time_rows(figures: DialogueFigures, words: Messages) -> list[tuple[str, str, str]]:
    times = figures.median_ms
    if times is None:
        return []
    return [
        (words("median_ms"), f"{times[0]:.1f} ms", f"{times[1]:.1f} ms"),
        (words("dialogue_overhead"), f"{times[2]:.1f} ms", ""),
    ]


def _beside(one: str, two: str) -> str:
    return f"{one}{' ' * (_WIDTH - cell_len(one))}{two}".rstrip()


def _rate(share: float | None) -> str:
    return "—" if share is None else f"{share:.1%}"


def _turn_lines(key: str, one: TurnOutcome, words: Messages) -> list[str]:
    lines = [words(key, id=one.question.id, question=one.question.question)]
    if one.understood:
        lines.append(_INDENT + words("dialogue_understood", understood=one.understood))
    return lines


def _turn_json(one: TurnOutcome) -> Json:
    question = one.question
    return {
        "id": question.id,
        "line": question.line,
        "question": question.question,
        "understood": one.understood,
    }
