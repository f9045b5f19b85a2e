"""What `measure` found, as a table and as JSON. Pure: no printing, no reading."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict

from rich.cells import cell_len

from qa.measure import DEEP, Figures, Outcome, Standing
from qa.messages import Messages
from qa.metrics import Bin, Ranking
from qa.question_files import LineProblem
from qa.render import Json, one_line, percent
from qa.reports import columns

_COLUMNS = 80  # what tables are laid out for
_INDENT = "    "
_GAP = 2
_NOTHING = f"{'—':>6}"
_VALUE = 10  # columns of a value with its unit


def figures_json(
    figures: Figures,
    problems: Sequence[LineProblem] = (),
    against: Ranking | None = None,
    *,
    explain: bool = False,
) -> Json:
    """Give what was measured; `misses` as ids, everything about them with `explain`."""
    found: Json = {
        "answerable": figures.answerable,
        "unanswerable": figures.unanswerable,
        "without_evidence": figures.without_evidence,
        **asdict(figures.ranking),
        "answered": figures.answered,
        "answered_rightly": figures.answered_rightly,
        "answered_wrongly": figures.answered_wrongly,
        "answered_unsurely": figures.answered_unsurely,
        "quotes": figures.quotes,
        "quotes_with_answer": figures.quotes_with_answer,
        "quote_chars": figures.quote_chars,
        "refused": figures.refused,
        "false_answers": figures.false_answers,
        "false_answers_unsure": figures.false_answers_unsure,
        "auroc": figures.auroc,
        "calibration_error": figures.calibration_error,
        "calibration": [asdict(one) for one in figures.calibration],
        "against": {"bm25": asdict(against)} if against else {},
        "misses": [one.question.id for one in figures.misses],
        "problems": [asdict(one) for one in problems],
    }
    if explain:
        found["explained"] = {
            "misses": [_miss_json(one) for one in figures.misses],
            "false_answers": [_answer_json(one) for one in figures.answered_falsely],
            "refusals": [_answer_json(one) for one in figures.refused_wrongly],
        }
    return found


def figures_text(figures: Figures, words: Messages, against: Ranking | None = None) -> str:
    """Give what was measured as a table, with a second column for what it is measured against."""
    head = words(
        "measured",
        questions=figures.answerable + figures.unanswerable,
        answerable=figures.answerable,
        unanswerable=figures.unanswerable,
    )
    lines = [head]
    if figures.without_evidence:
        lines.append(words("asked_again", count=figures.without_evidence))
    names = [("", f"{'qa':>6}", f"{'bm25':>6}")] if against else []
    ours = _ranking_rows(figures.ranking, words)
    others = _ranking_rows(against, words) if against else [(name, "") for name, _ in ours]
    rows = [
        *names,
        *((name, own, other) for (name, own), (_, other) in zip(ours, others, strict=True)),
        *((name, value, "") for name, value in _answer_rows(figures, words)),
    ]
    table = columns([(name, f"{own:<{_VALUE}}{other}".rstrip()) for name, own, other in rows])
    return "\n".join([*lines, table, "", calibration_text(figures.calibration, words)])


def calibration_text(bins: Sequence[Bin], words: Messages) -> str:
    """Give the calibration table; bins without questions are left out."""
    names = [words(key) for key in ("bin_confidence", "bin_questions", "bin_mean", "bin_right")]
    rows = [
        (f"{one.low:.1f}–{one.high:.1f}", str(one.questions), _share(one.confidence),
         _share(one.right))
        for one in bins if one.questions
    ]  # fmt: skip
    widths = [max(map(cell_len, column)) for column in zip(names, *rows, strict=True)]
    return "\n".join(
        (" " * _GAP).join(
            " " * (width - cell_len(cell)) + cell for cell, width in zip(row, widths, strict=True)
        )
        for row in (names, *rows)
    )


def explained_text(figures: Figures, words: Messages) -> str:
    """Give the misses with their signals, then false answers, then refusals of answerable ones."""
    blocks = [
        *(_miss_lines(one, words) for one in figures.misses),
        *(_false_answer_lines(one, words) for one in figures.answered_falsely),
        *([_named("refusal", one, words)] for one in figures.refused_wrongly),
    ]
    return "\n".join(line for block in blocks for line in ["", *block])


def _ranking_rows(ranking: Ranking, words: Messages) -> list[tuple[str, str]]:
    return [
        ("R@1", _rate(ranking.recall_at_1)),
        ("R@3", _rate(ranking.recall_at_3)),
        ("R@5", _rate(ranking.recall_at_5)),
        ("MRR@10", _number(ranking.mrr_at_10, 3)),
        (words("median_ms"), _milliseconds(ranking.median_ms)),
        (words("p99_ms"), _milliseconds(ranking.p99_ms)),
    ]


def _answer_rows(figures: Figures, words: Messages) -> list[tuple[str, str]]:
    inside = " " * _GAP
    return [
        (words("answered"), _rate(figures.answered)),
        (inside + words("answered_rightly"), _rate(figures.answered_rightly)),
        (inside + words("answered_wrongly"), _rate(figures.answered_wrongly)),
        (inside + words("measured_unsure"), _rate(figures.answered_unsurely)),
        (words("quotes_with_answer"), _rate(figures.quotes_with_answer)),
        (words("quote_chars"), _number(figures.quote_chars, 1)),
        (words("refused"), _rate(figures.refused)),
        (words("false_answers"), _rate(figures.false_answers)),
        (inside + words("measured_unsure"), _rate(figures.false_answers_unsure)),
        (words("auroc"), _number(figures.auroc, 3)),
        (words("calibration_error"), _number(figures.calibration_error, 3)),
    ]


def _rate(share: float | None) -> str:
    return _NOTHING if share is None else f"{share:>6.1%}"


def _number(value: float | None, digits: int) -> str:
    return _NOTHING if value is None else f"{value:>6.{digits}f}"


def _milliseconds(value: float | None) -> str:
    if value is None:
        return _NOTHING
    return f"{value:>6.1f} ms" if value >= 1 else f"{value:>6.2f} ms"


def _share(value: float | None) -> str:
    return "—" if value is None else f"{value:.2f}"


def _named(key: str, one: Outcome, words: Messages) -> str:
    asked, share = one.question, percent(one.confidence)
    return words(key, id=asked.id, question=asked.question, percent=share)


def _miss_lines(one: Outcome, words: Messages) -> Iterator[str]:
    yield words("miss", id=one.question.id, question=one.question.question)
    if one.first is None:
        yield _INDENT + words("miss_nothing")
        return
    yield _INDENT + _standing_line("miss_first", one.first, words)
    if one.evidence is None:
        yield _INDENT + words("miss_nowhere", depth=DEEP)
        return
    yield _INDENT + _standing_line("miss_evidence", one.evidence, words)
    yield _INDENT + words("miss_signals")
    yield from _signal_lines(one.first.signals, one.evidence.signals)


def _standing_line(key: str, one: Standing, words: Messages) -> str:
    return words(key, place=one.place, path=one.path, paragraph=one.paragraph, score=one.score)


def _signal_lines(first: Mapping[str, float], other: Mapping[str, float]) -> Iterator[str]:
    """Give two sets of signals beside each other, as many to a line as there is room for."""
    names = list(dict.fromkeys((*first, *other)))
    width = max(map(len, names), default=0)
    cells = [f"{name:<{width}} {_signal(first, name)} {_signal(other, name)}" for name in names]
    room = max(1, (_COLUMNS - 2 * len(_INDENT)) // (max(map(len, cells), default=0) + _GAP))
    for at in range(0, len(cells), room):
        yield 2 * _INDENT + (" " * _GAP).join(cells[at : at + room])


def _signal(signals: Mapping[str, float], name: str) -> str:
    return f"{signals[name]:>5.2f}" if name in signals else f"{'—':>5}"


def _false_answer_lines(one: Outcome, words: Messages) -> list[str]:
    key = "false_answer_again" if one.without_evidence else "false_answer"
    return [_named(key, one, words), _INDENT + one_line(one.quote)]


def _miss_json(one: Outcome) -> Json:
    return {
        **_question_json(one),
        "place": one.evidence.place if one.evidence else None,
        "first": _standing_json(one.first),
        "evidence": _standing_json(one.evidence),
    }


def _standing_json(one: Standing | None) -> Json | None:
    if one is None:
        return None
    signals = {name: round(value, 4) for name, value in one.signals.items()}
    return {
        "place": one.place,
        "path": one.path,
        "paragraph": one.paragraph,
        "score": round(one.score, 4),
        "signals": signals,
    }


def _answer_json(one: Outcome) -> Json:
    return {
        **_question_json(one),
        "without_evidence": one.without_evidence,
        "confidence": round(one.confidence, 4),
        "quote": one.quote,
        "right": one.right,
    }


def _question_json(one: Outcome) -> Json:
    return {
        "id": one.question.id,
        "line": one.question.line,
        "question": one.question.question,
        "kind": one.question.kind,
    }
