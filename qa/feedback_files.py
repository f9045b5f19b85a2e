"""What people said of answers, as a question file that `qa measure` and `qa calibrate` take."""

from __future__ import annotations

import json
from collections.abc import Iterable

from qa.records import Feedback, Verdict

_ASKABLE = (Verdict.RIGHT, Verdict.CORRECTED, Verdict.UNANSWERABLE)


def question_lines(feedback: Iterable[Feedback]) -> tuple[list[str], int]:
    """Give lines of JSON, one for each question whose right answer is known, and what is left out.

    Of several who asked the same and said the same, one line is kept.

    Returns:
        The lines, in the order given, and how many verdicts say only that an answer was wrong.
    """
    kept: dict[tuple[str, str, str], Feedback] = {}
    left_out = 0
    for one in feedback:
        if one.verdict in _ASKABLE:
            kept.setdefault((one.question, one.path, one.words), one)
        else:
            left_out += 1
    return [_line(one) for one in kept.values()], left_out


def _line(feedback: Feedback) -> str:
    answerable = feedback.verdict is not Verdict.UNANSWERABLE
    values = {
        "id": feedback.key,
        "question": feedback.question,
        "kind": feedback.verdict.value,
        "evidence": [{"doc": feedback.path, "text": feedback.words}] if answerable else [],
    }
    return json.dumps(values, ensure_ascii=False)
