"""Question files: what can be used is used, and every other line is named with its reason."""

from __future__ import annotations

import json

import pytest

from qa.errors import QuestionFileError
from qa.library import Library
from qa.question_files import (
    EvidenceText,
    LineProblem,
    MeasuredQuestion,
    checked,
    comparable,
    read_questions,
)
from qa.records import Document
from tests.fakes import FakeEncoder


def written(tmp_path, *lines, name="questions.jsonl"):
    file = tmp_path / name
    texts = [line if isinstance(line, str) else json.dumps(line) for line in lines]
    file.write_text("\n".join(texts), encoding="utf-8")
    return file


def test_questions_with_evidence_and_without(tmp_path):
    file = written(
        tmp_path,
        {"id": "a", "question": "目标？", "kind": "what",
         "evidence": [{"doc": "a.txt", "text": "一百家"}]},
        "",
        {"question": "天气？", "evidence": []},
    )  # fmt: skip
    read = read_questions(file)
    assert read.questions == (
        MeasuredQuestion("a", "目标？", "what", (EvidenceText("a.txt", "一百家"),), 1),
        MeasuredQuestion("3", "天气？", "", (), 3),
    )
    assert (read.problems, read.documents) == ((), ())


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("{", "not JSON"),
        ("[]", "not a JSON object"),
        ('"question"', "not a JSON object"),
        ({"question": " ", "evidence": []}, "question is missing or empty"),
        ({"question": 3, "evidence": []}, "question is missing or empty"),
        ({"evidence": []}, "question is missing or empty"),
        ({"question": "q"}, "neither evidence nor passage_id"),
        ({"question": "q", "evidence": [{"doc": "a"}]}, "evidence must be a list of {doc, text}"),
        ({"question": "q", "evidence": [{"doc": "a", "text": "。"}]},
         "evidence without a letter or digit: 。"),
        ({"question": "q", "evidence": ["a"]}, "evidence must be a list of {doc, text}"),
        ({"question": "q", "evidence": 3}, "evidence must be a list of {doc, text}"),
        ({"question": "q", "evidence": [], "answer": 3},
         "answer must be a text, answers a list of texts"),
        ({"question": "q", "evidence": [], "answers": "三"},
         "answer must be a text, answers a list of texts"),
    ],
)  # fmt: skip
def test_a_line_that_cannot_be_used_is_named_and_the_rest_is_read(tmp_path, line, reason):
    file = written(
        tmp_path, {"question": "甲", "evidence": []}, line, {"question": "乙", "evidence": []}
    )
    read = read_questions(file)
    assert [one.question for one in read.questions] == ["甲", "乙"]
    assert read.problems == (LineProblem(2, reason),)


def test_a_field_that_is_not_known_is_named_and_the_question_is_used(tmp_path):
    known = {"id": "a", "question": "甲", "kind": "", "tags": [], "evidence": [], "answer": "一",
             "answers": [], "passage_id": "", "passage_ids": [], "answerable": True,
             "turns": []}  # fmt: skip
    read = read_questions(written(tmp_path, known, {**known, "anwser": "", "知": 1}))
    assert [one.question for one in read.questions] == ["甲", "甲"]
    assert read.problems == (
        LineProblem(2, "no field is called anwser"), LineProblem(2, "no field is called 知"),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("given", "answers"),
    [({}, ()), ({"answer": ""}, ()), ({"answer": None}, ()), ({"answer": "。"}, ()),
     ({"answer": "三天"}, ("三天",)), ({"answers": ["三天", "", "3天"]}, ("三天", "3天")),
     ({"answers": [], "answer": "三天"}, ("三天",))],
)  # fmt: skip
def test_answers_are_one_or_several(tmp_path, given, answers):
    [question] = read_questions(
        written(tmp_path, {"question": "几天", "evidence": [], **given})
    ).questions
    assert question.answers == answers


@pytest.mark.parametrize("lines", [(), ("", " "), ("not json",)])
def test_a_file_without_a_question_is_refused(tmp_path, lines):
    with pytest.raises(QuestionFileError, match="holds no question"):
        read_questions(written(tmp_path, *lines))


def test_a_file_that_cannot_be_read_is_refused(tmp_path):
    with pytest.raises(QuestionFileError, match="No such file or directory"):
        read_questions(tmp_path / "none.jsonl")
    with pytest.raises(QuestionFileError, match="is a folder"):
        read_questions(tmp_path)
    (tmp_path / "gbk.jsonl").write_bytes("问题".encode("gbk"))
    with pytest.raises(QuestionFileError, match="it is not UTF-8"):
        read_questions(tmp_path / "gbk.jsonl")


def test_a_set_with_passages_beside_it(tmp_path):
    written(tmp_path, {"id": "p-1", "title": "题", "text": "甲"}, {"id": "p-2", "text": "乙"},
            name="set.passages.jsonl")  # fmt: skip
    file = written(
        tmp_path,
        {"question": "一", "passage_id": "p-1", "answer": "甲"},
        {"question": "二", "passage_id": "p-1", "passage_ids": ["p-1", "p-2"]},
        {"question": "三", "passage_id": "p-2", "answerable": False},
        name="set.jsonl",
    )
    read = read_questions(file)
    assert [(one.path, one.title, one.text) for one in read.documents] == [
        ("p-1", "题", "甲"), ("p-2", "p-2", "乙"),
    ]  # fmt: skip
    assert [one.evidence for one in read.questions] == [
        (EvidenceText("p-1", ""),), (EvidenceText("p-1", ""), EvidenceText("p-2", "")), (),
    ]  # fmt: skip


@pytest.mark.parametrize("broken", [{"id": "p-2"}, {"id": "", "text": "乙"}, {"text": "乙"}])
def test_a_broken_passage_is_named(tmp_path, broken):
    written(tmp_path, {"id": "p-1", "text": "甲"}, broken, name="set.passages.jsonl")
    file = written(tmp_path, {"question": "一", "passage_id": "p-1"}, name="set.jsonl")
    with pytest.raises(QuestionFileError, match="line 2 is not a passage"):
        read_questions(file)


def test_evidence_that_no_answer_could_hold_is_left_out(tmp_path):
    with Library.open(tmp_path / "library", FakeEncoder()) as library:
        library.add([Document.from_text("县級工會，提升年。", path="plan/a.txt", title="甲")])
        file = written(
            tmp_path,
            {"question": "一", "evidence": [{"doc": "a.txt", "text": "县级工会提升"},
                                          {"doc": "a.txt", "text": "没有这句"}]},
            {"question": "二", "evidence": [{"doc": "b.txt", "text": "县级"}]},
            {"question": "三", "evidence": []},
            {"question": "四", "evidence": [{"doc": "plan/a.txt", "text": ""}]},
            "{",
        )  # fmt: skip
        got = checked(read_questions(file), library)
    assert [one.question for one in got.questions] == ["一", "三", "四"]
    assert got.questions[0].evidence == (EvidenceText("a.txt", "县级工会提升"),)
    assert got.problems == (
        LineProblem(1, "this evidence does not stand in a.txt: 没有这句"),
        LineProblem(2, "no document b.txt in the library"),
        LineProblem(5, "not JSON"),
    )


def test_evidence_that_no_passage_shows_is_named_and_its_question_is_measured(tmp_path):
    text = "# 总则甲乙丙\n\n会员卡补办要三天。\n\n第二段在这里。\n"
    document = Document.from_text(text, path="a.md", title="甲")
    with Library.open(tmp_path / "library", FakeEncoder()) as library:
        library.add([document])
        shown = "".join(passage.shown for passage in library.passages(document))
        hidden = "第二段会员卡"
        file = written(
            tmp_path,
            {"question": "一", "evidence": [{"doc": "a.md", "text": "会员卡补办要三天"}]},
            {"question": "二", "evidence": [{"doc": "a.md", "text": hidden}]},
            {"question": "三", "evidence": [{"doc": "a.md", "text": "总则甲乙丙"}]},
        )
        got = checked(read_questions(file), library)
    assert "总则甲乙丙" not in shown  # a heading is no part of a passage
    assert [one.question for one in got.questions] == ["一", "三"]
    assert got.problems == (
        LineProblem(2, f"this evidence does not stand in a.md: {hidden}"),
        LineProblem(3, "this evidence stands in no passage of a.md, only in a heading or in what "
                       "was taken for noise: 总则甲乙丙"),
    )  # fmt: skip


def test_the_sample_questions_are_all_usable(sample_library, sample_questions):
    read = checked(read_questions(sample_questions), sample_library)
    assert read.problems == ()
    assert sum(bool(one.evidence) for one in read.questions) >= 20
    assert sum(not one.evidence for one in read.questions) >= 20


@pytest.mark.parametrize(
    ("text", "same"),
    [("「晉陞」 五力。", "晋升五力"), ("ＡＢＣ　1,2", "abc12"), ("", ""), ("。、_", "")],
)
def test_comparison_ignores_script_blanks_and_punctuation(text, same):
    assert comparable(text) == same


def test_a_question_that_is_not_answerable_has_no_evidence(tmp_path):
    file = tmp_path / "questions.jsonl"
    rows = [
        {"question": "一", "evidence": [{"doc": "a.txt", "text": "甲"}], "answerable": False},
        {"question": "二", "evidence": []},
    ]
    file.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    found = read_questions(file)
    assert [one.question for one in found.questions] == ["二"]
    assert [one.line for one in found.problems] == [1]
