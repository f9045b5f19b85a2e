"""Figures of conversations against figures worked out by hand, as table and as JSON."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from rich.cells import cell_len

from qa.dialogue_figures import dialogues_explained, dialogues_json, dialogues_text
from qa.measuring_dialogues import TurnKind, measure_dialogues
from qa.messages import Messages
from qa.question_files import (
    EvidenceText,
    LineProblem,
    MeasuredDialogue,
    MeasuredQuestion,
    MeasuredTurn,
    checked,
    read_questions,
)
from qa.records import Answer, Citation, Document, Passage

ZH, EN = Messages("zh"), Messages("en")


class Scripted:
    """A library that cites the documents that a question names, in order.

    `a|b` cites a when it is asked alone, and b after others, when it is understood as `b`. A minus
    in front of the names: not found.
    """

    def __init__(self):
        self.asked = []

    def ask(self, question, k=3, history=()):
        self.asked.append((question, len(history)))
        alone, _, after = question.partition("|")
        changed = bool(history and after)
        names = after if changed else alone
        found = not names.startswith("-")
        cited = tuple(
            Citation(n, document(name), passage(name), 0, 1, 0.5)
            for n, name in enumerate(names.strip("-"), start=1)
            if name.isascii()
        )
        return Answer(
            question, found, 0.5, citations=cited if found else (),
            closest=() if found else cited,
            understood=after if changed else "", added="x" if changed else "",
        )  # fmt: skip


def document(name):
    return Document.from_text(f"文{name}", path=name)


def passage(name):
    return Passage(ord(name), ord(name), 1, "", 0, 2, f"文{name}")


def turn(question, evidence="", *, change=False):
    texts = tuple(EvidenceText(name, "") for name in evidence)
    return MeasuredTurn(MeasuredQuestion(f"t-{question}", question, "", texts, 1), change)


TALK = MeasuredDialogue(
    "t",
    (
        turn("a", "a"),
        turn("b|cab", "a"),  # with the history second, without not at all
        turn("a|b", "a"),  # lost by it
        turn("cba|-abc", "a"),  # third and found; first and not found
        turn("a", "a", change=True),  # the same
        turn("a|ba", "a", change=True),  # worse
        turn("ba|a", "a", change=True),  # better
        turn("-a|b", "", change=True),  # nothing to find, yet found after the others
        turn("-a|-b", "", change=True),  # nothing found either way
    ),
    "",
    1,
)


def test_every_turn_is_asked_alone_and_after_the_real_answers():
    library = Scripted()
    measure_dialogues(library, [TALK])
    asked = library.asked[1:]
    assert asked[:2] == [("a", 0), ("b|cab", 0)]  # before the first turn there is nothing
    assert asked[1:4] == [("b|cab", 0), ("b|cab", 1), ("cab", 0)]
    assert [count for question, count in asked if question == "-a|b"] == [0, 7]


def test_the_figures_are_right():
    told = []
    got = measure_dialogues(Scripted(), [TALK, TALK], lambda *step: told.append(step))
    assert told == [(1, 2), (2, 2)]
    got = measure_dialogues(Scripted(), [TALK])
    after, alone = got.rates(TurnKind.FOLLOW_UP), got.rates(TurnKind.FOLLOW_UP, alone=True)
    assert (after.turns, after.top_three, after.first, after.found) == (3, 2 / 3, 1 / 3, 2 / 3)
    assert (alone.turns, alone.top_three, alone.first, alone.found) == (3, 2 / 3, 1 / 3, 1.0)
    assert [one.question.question for one in got.lost] == ["a|b"]
    assert [one.question.question for one in got.contaminated] == ["a|ba", "-a|b"]
    assert got.clean == pytest.approx(3 / 5)
    assert got.rates(TurnKind.FIRST).top_three == 1.0
    assert len(got.median_ms) == 3


def test_turns_without_evidence_count_for_nothing_but_as_history():
    talk = replace(TALK, turns=(turn("a"), turn("b")))
    got = measure_dialogues(Scripted(), [talk])
    assert got.rates(TurnKind.FOLLOW_UP).turns == 0
    assert (got.rates(TurnKind.FOLLOW_UP).top_three, got.clean) == (None, None)
    assert measure_dialogues(Scripted(), []).median_ms is None


@pytest.mark.parametrize("words", [ZH, EN])
def test_the_table_fits_and_says_what_went_wrong(words):
    got = measure_dialogues(Scripted(), [TALK])
    table = dialogues_text(got, words)
    assert all(cell_len(line) <= 80 for line in table.split("\n"))
    for share in ("66.7%", "33.3%", "60.0%"):
        assert share in table
    told = dialogues_explained(got, words)
    assert "t-a|b" in told
    assert "-a|b" in told
    empty = dialogues_text(measure_dialogues(Scripted(), []), words)
    assert "—" in empty


def test_the_json_holds_the_same():
    found = json.loads(json.dumps(dialogues_json(measure_dialogues(Scripted(), [TALK]))))
    assert (found["dialogues"], found["turns"], found["changes"]) == (1, 9, 5)
    assert found["follow_up"]["in_dialogue"]["top_three"] == 2 / 3
    assert found["follow_up"]["alone"]["turns"] == 3
    assert found["not_contaminated"] == 0.6
    assert found["lost"] == [{"id": "t-a|b", "line": 1, "question": "a|b", "understood": "b"}]
    assert {"median_ms", "median_ms_alone", "median_overhead_ms"} <= found.keys()


def test_a_line_of_turns_is_read(tmp_path):
    lines = [
        {"id": "d1", "part": "held", "turns": [
            {"question": "谁是主席", "evidence": [{"doc": "a", "text": "甲"}], "change": True},
            {"question": "副主席呢", "evidence": []}, {"question": "谢谢"}]},
        {"turns": [{"question": "会费多少", "evidence": []}]},
        {"turns": []}, {"turns": [3]}, {"turns": [{"question": "", "evidence": []}]},
        {"turns": [{"question": "甲", "answer": "乙"}]}, {"question": "甲", "evidence": []},
    ]  # fmt: skip
    file = tmp_path / "q.jsonl"
    file.write_text("\n".join(json.dumps(one, ensure_ascii=False) for one in lines), "utf-8")
    read = read_questions(file)
    first, second = read.dialogues
    assert (first.id, first.part, first.line, second.id) == ("d1", "held", 1, "2")
    assert [one.question.id for one in first.turns] == ["d1.1", "d1.2", "d1.3"]
    assert [one.change for one in first.turns] == [False, False, False]  # the first is none
    assert [one.question for one in read.questions] == ["甲"]
    assert read.problems == (
        LineProblem(3, "turns must be a list of questions, at least one"),
        LineProblem(4, "each turn takes question, evidence and perhaps change"),
        LineProblem(5, "question is missing or empty"),
        LineProblem(6, "each turn takes question, evidence and perhaps change"),
    )
    assert [one.id for one in read.part("held").dialogues] == ["d1"]
    assert read.part("held").questions == ()
    assert read.part("") is read


def test_evidence_of_turns_is_checked_and_the_turn_stays(tmp_path, sample_library):
    turns = [
        {
            "question": "一",
            "evidence": [{"doc": "困难职工帮扶资金管理办法.md", "text": "没有这句"}],
        },
        {
            "question": "二",
            "evidence": [{"doc": "困难职工帮扶资金管理办法.md", "text": "专款专用"}],
        },
    ]
    file = tmp_path / "q.jsonl"
    file.write_text(json.dumps({"turns": turns}, ensure_ascii=False), "utf-8")
    got = checked(read_questions(file), sample_library)
    assert [len(one.question.evidence) for one in got.dialogues[0].turns] == [0, 1]
    assert [one.line for one in got.problems] == [1]


def test_the_sample_conversations_are_sound(sample_library):
    file = checked(read_questions(DOCS / "sample-dialogues.jsonl"), sample_library)
    assert file.problems == ()
    assert len(file.dialogues) >= 48
    assert all(2 <= len(one.turns) <= 6 for one in file.dialogues)
    assert {one.part for one in file.dialogues} == {"fit", "held"}
    changed = [one for one in file.dialogues if any(turn.change for turn in one.turns)]
    assert len(changed) * 3 >= len(file.dialogues)


def test_a_follow_up_does_better_in_its_conversation(sample_library):
    file = checked(read_questions(DOCS / "sample-dialogues.jsonl"), sample_library)
    got = measure_dialogues(sample_library, file.part("fit").dialogues[::4])
    after, alone = got.rates(TurnKind.FOLLOW_UP), got.rates(TurnKind.FOLLOW_UP, alone=True)
    assert after.top_three >= 0.8
    assert after.top_three > alone.top_three
    assert got.clean >= 0.8


DOCS = Path(__file__).parents[2] / "docs"
