"""The figures of a question file, against figures worked out by hand."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from qa.config import Config
from qa.measure import Outcome, Quoted, measure, measure_search
from qa.opening import passing_library
from qa.question_files import EvidenceText, MeasuredQuestion, checked, read_questions
from qa.records import Answer, Citation, Copy, Document, Hit, Passage
from tests.fakes import FakeEncoder

TEXT = "这是一句引文。后面的段落。"


class Scripted:
    """A library that finds what it is told to.

    A question is `confidence` and the documents in order; it is found from 0.5. Documents left out
    are not among them, and what is left has half the confidence.
    """

    def documents(self):
        return (document(name) for name in "abcdefgh")

    def ask(self, question, k=3, history=(), *, without=()):
        hits = [hit for hit in self.search(question, k) if hit.document.path not in without]
        confidence = hits[0].score / (2 if without else 1) if hits else 0.0
        cited = tuple(
            Citation(n, hit.document, hit.passage, 0, 7, confidence)
            for n, hit in enumerate(hits, start=1)
        )
        if confidence < 0.5:
            return Answer(question, False, confidence, closest=cited)
        return Answer(question, True, confidence, cited[0].quote, cited)

    def search(self, query, k=10):
        confidence, *names = query.split()
        return [
            Hit(Passage(n, n, n, "", 0, len(TEXT), TEXT), document(name), float(confidence) / n,
                {"cosine": 1 / n})
            for n, name in enumerate(names, start=1)
        ][:k] if confidence[0].isdigit() else []  # fmt: skip


def document(name):
    return Document("", f"d/{name}", name, TEXT, "")


def asked(question, *names, text="的 段落。", answers=()):
    evidence = tuple(EvidenceText(name, text) for name in names)
    return MeasuredQuestion(question, question, "", evidence, 1, answers)


QUESTIONS = [
    asked("0.9 a b c", "a"),  # first, answered
    asked("0.8 a b c", "b"),  # second, answered from elsewhere
    asked("0.2 a b c d e", "e", "d"),  # fourth, refused
    asked("0.6 " + "x " * 10 + "a", "a"),  # eleventh: not among ten
    asked("0.4 c", "c"),  # first, refused
    asked("0.7 h"),  # not answerable, answered
    asked("0.1 h"),
    asked("0.4 h"),
]


def test_figures_are_those_worked_out_by_hand():
    told = []
    got = measure(Scripted(), QUESTIONS, lambda done, total: told.append((done, total)))
    assert (got.answerable, got.unanswerable, got.without_evidence) == (5, 3, 0)
    order = got.ranking
    assert (order.recall_at_1, order.recall_at_3, order.recall_at_5) == (2 / 5, 3 / 5, 4 / 5)
    assert order.mrr_at_10 == pytest.approx((1 + 1 / 2 + 1 / 4 + 0 + 1) / 5)
    assert (got.answered, got.answered_rightly, got.answered_wrongly) == (3 / 5, 1 / 5, 2 / 5)
    assert (got.refused, got.false_answers) == (pytest.approx(2 / 3), pytest.approx(1 / 3))
    # 0.9 and 0.4 were right; 0.7, 0.1 and 0.4 are unanswerable: four pairs won, one tie.
    assert got.auroc == pytest.approx((3 + 1.5) / 6)
    assert [one.questions for one in got.calibration] == [0, 1, 1, 0, 2, 0, 1, 1, 1, 1]
    assert [one.right for one in got.calibration][4:] == [0.5, None, 0.0, 0.0, 0.0, 1.0]
    assert got.calibration_error == pytest.approx(
        (0.1 + 0.2 + 2 * abs(0.4 - 0.5) + 0.6 + 0.7 + 0.8 + 0.1) / 8
    )
    assert 0 <= order.median_ms <= order.p99_ms
    assert told == [(n, 8) for n in range(1, 9)]


def test_what_went_wrong_can_be_looked_at():
    got = measure(Scripted(), QUESTIONS)
    assert [one.question for one in got.misses] == QUESTIONS[1:4]
    assert [one.place for one in got.misses] == [2, 4, 0]
    second, fourth, eleventh = got.misses
    assert (second.first.path, second.first.place) == ("d/a", 1)
    assert (second.evidence.path, second.evidence.place) == ("d/b", 2)
    assert (second.first.signals, second.evidence.signals) == ({"cosine": 1.0}, {"cosine": 0.5})
    assert (fourth.evidence.path, fourth.evidence.paragraph) == ("d/d", 4)
    assert eleventh.evidence.place == 11
    assert [one.question for one in got.answered_falsely] == [QUESTIONS[5]]
    assert got.answered_falsely[0].quote == "这是一句引文。"
    assert [one.question for one in got.refused_wrongly] == [QUESTIONS[2], QUESTIONS[4]]


def test_a_copy_with_the_evidence_makes_a_citation_right():
    class Folding(Scripted):
        """Cites the first and counts the second as its copy."""

        def ask(self, question, k=3, history=(), *, without=()):
            answer = super().ask(question, k)
            cited = answer.citations
            copies = tuple(Copy(one.document, one.passage) for one in cited[1:2])
            return replace(answer, citations=tuple(replace(one, copies=copies) for one in cited))

    questions = [asked("0.8 a b c", "b"), asked("0.8 a b c", "c")]
    got = measure(Folding(), questions)
    assert [(one.right, one.place) for one in got.outcomes] == [(True, 1), (False, 3)]
    assert (got.answered_rightly, got.answered_wrongly) == (1 / 2, 1 / 2)
    # The quote is compared with the evidence that stands in the copy's document.
    assert [one.quoted for one in got.outcomes] == [Quoted(7, False), None]


def test_evidence_past_the_hundredth_and_nothing_at_all_are_told_apart():
    far, nothing = asked("0.3 " + "x " * 100 + "a", "a"), asked("nothing", "a")
    for question, hits in ((far, 101), (nothing, 0)):
        [miss] = measure(Scripted(), [question]).misses
        assert (miss.place, miss.evidence) == (0, None)
        assert (miss.first is not None) == bool(hits)


def test_questions_asked_again_without_their_evidence_are_unanswerable():
    told = []
    got = measure(Scripted(), QUESTIONS, lambda *step: told.append(step), without_evidence=True)
    plain = measure(Scripted(), QUESTIONS)
    assert (got.answerable, got.unanswerable, got.without_evidence) == (5, 3, 5)
    # Left: b of the first at 0.45 / 2, a of the second at 0.4, a at 0.1, x at 0.3, nothing at 0.
    again = [one for one in got.outcomes if one.without_evidence]
    assert [one.confidence for one in again] == pytest.approx([0.225, 0.4, 0.1, 0.3, 0.0])
    assert not any(one.found or one.right or one.answerable for one in again)
    assert got.refused == 7 / 8
    assert got.auroc == pytest.approx((7 + 1 + 5 + 2 * 0.5) / 16)
    assert sum(one.questions for one in got.calibration) == 13
    same = ("recall_at_1", "recall_at_3", "recall_at_5", "mrr_at_10")
    assert all(getattr(got.ranking, name) == getattr(plain.ranking, name) for name in same)
    assert (got.answered, got.misses[0].question) == (plain.answered, plain.misses[0].question)
    assert told == [(n, 13) for n in range(1, 14)]


@pytest.mark.parametrize(
    ("text", "answers", "quoted"),
    [
        ("一句", (), Quoted(7, True)),  # the evidence in the quote
        ("這是一句引文，後面", (), Quoted(7, True)),  # the quote in the evidence, in other script
        ("后面的段落", (), Quoted(7, False)),
        ("", ("引 文",), Quoted(7, True)),
        ("", ("没有", "引文。"), Quoted(7, True)),
        ("", ("这是一句引文后面",), Quoted(7, False)),  # an answer must stand in it whole
        ("这是一句引文后面", ("后面",), Quoted(7, False)),  # an answer known: inside is not enough
        ("一句引文", ("后面",), Quoted(7, True)),
        ("", (), None),  # nothing to compare with
    ],
)
def test_quotes_are_compared_with_answers_and_evidence(text, answers, quoted):
    got = measure(Scripted(), [asked("0.9 a", "a", text=text, answers=answers)])
    assert got.outcomes[0].quoted == quoted
    assert got.quotes == (quoted is not None)
    assert got.quotes_with_answer == (None if quoted is None else float(quoted.holds_answer))
    assert got.quote_chars == (None if quoted is None else 7)


def test_only_quotes_from_evidence_are_compared():
    questions = [asked("0.9 a b", "b", text="引文"), asked("0.3 a", "a", text="引文")]
    assert measure(Scripted(), questions).quotes == 0


def test_a_passage_of_the_right_document_without_the_words_is_no_hit():
    wrong_words = MeasuredQuestion("1", "0.9 a", "", (EvidenceText("a", "别的词"),), 1)
    any_words = MeasuredQuestion("2", "0.9 a", "", (EvidenceText("d/a", ""),), 2)
    other = MeasuredQuestion("3", "0.9 a", "", (EvidenceText("b", ""),), 3)
    got = measure(Scripted(), [wrong_words, any_words, other])
    assert got.ranking.recall_at_1 == pytest.approx(1 / 3)


def test_no_questions_give_no_figures():
    got = measure(Scripted(), [], without_evidence=True)
    assert (got.answerable, got.unanswerable, got.without_evidence, got.quotes) == (0, 0, 0, 0)
    rates = (got.ranking.recall_at_1, got.ranking.median_ms, got.answered, got.refused, got.auroc)
    assert set(rates) == {None}
    assert got.calibration_error is None


def test_another_search_is_measured_by_the_same_rule():
    got = measure_search(Scripted().search, QUESTIONS)
    ours = measure(Scripted(), QUESTIONS).ranking
    assert (got.recall_at_1, got.recall_at_5, got.mrr_at_10) == (
        ours.recall_at_1, ours.recall_at_5, ours.mrr_at_10,
    )  # fmt: skip
    assert 0 <= got.median_ms <= got.p99_ms


def test_a_set_of_passages_is_measured_in_a_library_of_its_own(tmp_path):
    passages = ["职工服务中心设在柏岭路。", "驿站的开放时间是八点到二十点。", "会员卡补办要三天。"]
    lines = [json.dumps({"id": f"p{n}", "title": f"第{n}段", "text": t})
             for n, t in enumerate(passages)]  # fmt: skip
    (tmp_path / "set.passages.jsonl").write_text("\n".join(lines), encoding="utf-8")
    questions = ["职工服务中心设在什么路", "驿站的开放时间", "会员卡补办要几天"]
    answers = ["柏岭路", "二十点", "五天"]
    lines = [json.dumps({"question": q, "passage_id": f"p{n}", "answer": answers[n]})
             for n, q in enumerate(questions)]  # fmt: skip
    (tmp_path / "set.jsonl").write_text("\n".join(lines), encoding="utf-8")
    read = read_questions(tmp_path / "set.jsonl")
    with passing_library(Config(), FakeEncoder()) as library:
        folder = library.folder
        library.add(read.documents)
        got = measure(library, checked(read, library).questions, without_evidence=True)
    assert (got.answerable, got.ranking.recall_at_1) == (3, 1.0)
    assert got.without_evidence == 3
    left = {one.question.id: one for one in got.outcomes if one.without_evidence}
    for one in got.outcomes[:3]:
        assert one.confidence > left[one.question.id].confidence
        assert one.quoted is None or one.quoted.holds_answer == (one.question.id != "3")
    assert not Path(folder).exists()


def test_the_sample_questions_are_answered_better_than_by_chance(sample_library, sample_questions):
    got = measure(sample_library, read_questions(sample_questions).questions[::4])
    assert got.ranking.recall_at_1 > 0.5
    assert got.ranking.recall_at_5 >= got.ranking.recall_at_3 >= got.ranking.recall_at_1
    assert got.auroc > 0.5
    assert all(isinstance(one, Outcome) for one in got.misses)
