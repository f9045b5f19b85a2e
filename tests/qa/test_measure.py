"""The figures of a question file, against figures worked out by hand."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from qa.measure import measure, passing_library
from qa.question_files import EvidenceText, MeasuredQuestion, checked, read_questions
from qa.records import Answer, Document, Hit, Passage
from tests.fakes import FakeEncoder


class Scripted:
    """A library that finds what it is told to: the question names the documents, in order."""

    def ask(self, question, k=3, history=()):
        return Answer(question, found="有" in question, confidence=0.5)

    def search(self, query, k=10):
        names = query.removeprefix("有").split()
        return [
            Hit(
                Passage(n, n, 1, "", 0, 4, f"{name}的段落"),
                Document("", f"d/{name}", "", "", ""),
                1.0,
            )
            for n, name in enumerate(names, start=1)
        ][:k]


def asked(question, *names):
    evidence = tuple(EvidenceText(name, "的 段落。") for name in names)
    return MeasuredQuestion(question, question, "", evidence, 1)


def test_figures_are_those_worked_out_by_hand():
    questions = [
        asked("有a b c", "a"),  # first
        asked("有a b c", "b"),  # second
        asked("a b c d e", "e", "d"),  # fourth
        asked("有" + "x " * 10 + "a", "a"),  # eleventh: not among ten
        asked("有z"),  # not answerable, answered
        asked("z"),
        asked("y"),
    ]
    told = []
    got = measure(Scripted(), questions, lambda done, total: told.append((done, total)))
    assert (got.answerable, got.unanswerable) == (4, 3)
    assert (got.recall_at_1, got.recall_at_3, got.recall_at_5) == (1 / 4, 2 / 4, 3 / 4)
    assert got.mrr_at_10 == pytest.approx((1 + 1 / 2 + 1 / 4 + 0) / 4)
    assert got.answered == 3 / 4
    assert got.refused == pytest.approx(2 / 3)
    assert [one.question for one in got.misses] == [q.question for q in questions[1:4]]
    assert 0 <= got.median_ms <= got.p99_ms
    assert told == [(n, 7) for n in range(1, 8)]


def test_a_passage_of_the_right_document_without_the_words_is_no_hit():
    wrong_words = MeasuredQuestion("1", "有a", "", (EvidenceText("a", "别的词"),), 1)
    any_words = MeasuredQuestion("2", "有a", "", (EvidenceText("d/a", ""),), 2)
    other = MeasuredQuestion("3", "有a", "", (EvidenceText("b", ""),), 3)
    assert measure(Scripted(), [wrong_words, any_words, other]).recall_at_1 == pytest.approx(1 / 3)


def test_no_questions_give_noughts():
    got = measure(Scripted(), [])
    assert (got.answerable, got.recall_at_1, got.refused, got.median_ms) == (0, 0.0, 0.0, 0.0)


def test_a_set_of_passages_is_measured_in_a_library_of_its_own(tmp_path):
    passages = ["职工服务中心设在柏岭路。", "驿站的开放时间是八点到二十点。", "会员卡补办要三天。"]
    lines = [json.dumps({"id": f"p{n}", "title": f"第{n}段", "text": t})
             for n, t in enumerate(passages)]  # fmt: skip
    (tmp_path / "set.passages.jsonl").write_text("\n".join(lines), encoding="utf-8")
    questions = ["职工服务中心设在什么路", "驿站的开放时间", "会员卡补办要几天"]
    lines = [json.dumps({"question": q, "passage_id": f"p{n}"}) for n, q in enumerate(questions)]
    (tmp_path / "set.jsonl").write_text("\n".join(lines), encoding="utf-8")
    read = read_questions(tmp_path / "set.jsonl")
    with passing_library(FakeEncoder()) as library:
        folder = library.folder
        library.add(read.documents)
        got = measure(library, checked(read, library).questions)
    assert (got.answerable, got.recall_at_1) == (3, 1.0)
    assert not Path(folder).exists()


def test_the_sample_questions_are_answered_better_than_by_chance(sample_library, sample_questions):
    got = measure(sample_library, read_questions(sample_questions).questions[::4])
    assert got.recall_at_1 > 0.5
    assert got.recall_at_5 >= got.recall_at_3 >= got.recall_at_1
