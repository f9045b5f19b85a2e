"""Feedback as question files."""

from __future__ import annotations

import json

from click.testing import CliRunner

from qa.cli import cli
from qa.feedback_files import question_lines
from qa.library import Library
from qa.question_files import read_questions
from qa.records import Document, Feedback, Verdict

AT = "2024-04-01T08:30:00Z"
RIGHT = Feedback("1:a", "几点开放", Verdict.RIGHT, "开放.txt", "九点开放", AT)
WRONG = Feedback("2:a", "几点关门", Verdict.WRONG, "", "", AT)
NOWHERE = Feedback("3:a", "谁是馆长", Verdict.UNANSWERABLE, "", "", AT)
CORRECTED = Feedback("4:a", "几点关门", Verdict.CORRECTED, "开放.txt", "五点关门", AT)


def test_what_is_right_is_known_makes_a_line():
    lines, left_out = question_lines([RIGHT, WRONG, NOWHERE, CORRECTED])
    read = [json.loads(line) for line in lines]
    assert [one["id"] for one in read] == ["1:a", "3:a", "4:a"]
    assert read[0]["evidence"] == [{"doc": "开放.txt", "text": "九点开放"}]
    assert read[1]["evidence"] == []
    assert left_out == 1


def test_the_same_said_by_two_is_one_line():
    again = Feedback("9:b", RIGHT.question, Verdict.RIGHT, RIGHT.path, RIGHT.words, AT)
    lines, _ = question_lines([RIGHT, again])
    assert len(lines) == 1


def test_no_feedback_is_no_lines():
    assert question_lines([]) == ([], 0)


def test_the_verb_prints_a_file_that_is_read_again(tmp_path):
    folder = tmp_path / "library"
    with Library.open(folder) as library:
        library.add([Document.from_text("阅览室九点开放。", path="开放.txt")])
        library.give_feedback(RIGHT)
        library.give_feedback(WRONG)
        library.give_feedback(NOWHERE)
    result = CliRunner().invoke(cli, ["feedback", "--library", str(folder)], prog_name="qa")
    assert result.exit_code == 0
    assert "1" in result.stderr
    file = tmp_path / "questions.jsonl"
    file.write_text(result.stdout, encoding="utf-8")
    read = read_questions(file)
    assert [one.question for one in read.questions] == ["几点开放", "谁是馆长"]
    assert read.problems == ()
