"""Evidence: what each signal says, and the order that comes of it."""

from __future__ import annotations

import json
from math import exp
from pathlib import Path

import pytest

import qa.ranking
from embeddings.words import cutter, fold
from qa.question import Question, parse
from qa.ranking import MATCHING, READING, SIGNALS, Evidence, Judge, Matter, Rarity, Weights, weights

CUT = cutter()
PLAIN = Weights(dict.fromkeys(SIGNALS, 1.0), -4.0, 0.5, {})


def judge(text: str, fitted: Weights = PLAIN, **rarity: float) -> Judge:
    question = parse(text, CUT)
    return Judge(question, flat(question, **rarity), fitted)


def flat(question: Question, **rarity: float) -> Rarity:
    """Every term weighs 1, but those named."""
    return Rarity(
        {word: rarity.get(word, 1.0) for word in question.words},
        {pair: rarity.get(pair, 1.0) for pair in question.pairs},
    )


def matter(text: str, title: str = "", cosine: float = 0.0) -> Matter:
    return Matter(fold(text), fold(title), cosine)


def read(asked: Judge, one: Matter) -> Evidence:
    return asked.evidence(one, asked.matching(one))


def test_the_shipped_weights_name_every_signal_and_no_other() -> None:
    fitted = weights()
    assert tuple(fitted.signals) == SIGNALS == MATCHING + READING
    assert 0 < fitted.threshold < 1
    file = Path(qa.ranking.__file__).with_name("weights.json")
    assert json.loads(file.read_text(encoding="utf-8"))["bias"] == fitted.bias


def test_coverage_is_the_weight_of_the_words_that_stand_there() -> None:
    asked = judge("赣州驿站", 赣州=3.0, 驿站=1.0)
    assert asked.matching(matter("驿站很多"))["coverage"] == pytest.approx(0.25)
    assert asked.matching(matter("驿站很多", "赣州简报"))["coverage"] == pytest.approx(1.0)
    assert asked.matching(matter("天气很好"))["coverage"] == 0.0


def test_the_title_counts_apart() -> None:
    assert judge("赣州驿站").matching(matter("驿站", "赣州简报"))["title"] == pytest.approx(0.5)


def test_rarest_falls_with_the_heaviest_word_that_is_missing() -> None:
    asked = judge("赣州驿站", 赣州=4.0, 驿站=1.0)
    assert asked.matching(matter("赣州"))["rarest"] == pytest.approx(0.75)
    assert asked.matching(matter("驿站"))["rarest"] == pytest.approx(0.0)
    assert asked.matching(matter("赣州驿站"))["rarest"] == pytest.approx(1.0)


def test_bm25_is_its_formula_over_the_length_of_the_passage() -> None:
    text = "驿站" + "。" * 258 + "驿站"
    norm = 1.2 * (1 - 0.5 + 0.5 * len(text) / 260)
    assert judge("驿站").matching(matter(text))["word_bm25"] == pytest.approx(2 / (2 + norm))


def test_a_traditional_passage_answers_a_simplified_question() -> None:
    assert judge("工会驿站").matching(matter("工會驛站"))["coverage"] == 1.0


def test_the_best_sentence_holds_the_kind_of_thing_asked_for() -> None:
    text = "全市的工会驿站办得好。全市工会驿站有72家。"
    evidence = read(judge("全市有多少家工会驿站"), matter(text))
    start, end = evidence.sentence
    assert text[start:end] == "全市工会驿站有72家。"
    assert evidence.signals["kind"] == 1.0


def test_the_paragraph_says_whom_a_sentence_is_about() -> None:
    text = "甲县总工会：主席王一。建成驿站27个。\n乙县总工会：主席李二。建成驿站33个。"
    start, end = read(judge("乙县建成驿站多少个"), matter(text)).sentence
    assert text[start:end] == "建成驿站33个。"


def test_the_score_is_the_logistic_function_of_the_weighted_sum() -> None:
    evidence = read(judge("驿站"), matter("驿站有72家。", cosine=0.5))
    total = sum(evidence.signals.values()) - 4.0
    assert evidence.score == pytest.approx(1 / (1 + exp(-total)))


def test_a_passage_that_holds_nothing_named_is_no_evidence_however_near_its_vector() -> None:
    assert judge("驿站").rank([matter("天气晴朗。", cosine=1.0)], 10) == []


def test_passages_come_best_first_and_equal_ones_as_given() -> None:
    passages = [matter("驿站。"), matter("赣州驿站。"), matter("驿站。"), matter("别的。")]
    assert [place for place, _ in judge("赣州驿站").rank(passages, 10)] == [1, 0, 2]


def test_only_the_best_few_are_read_closely() -> None:
    passages = [matter("驿站。"), matter("赣州驿站。"), matter("驿站。")]
    assert [place for place, _ in judge("赣州驿站").rank(passages, 1)] == [1]
    assert judge("驿站").rank([], 5) == []


def test_worth_lies_between_nothing_and_all_of_the_question() -> None:
    asked = judge("赣州驿站")
    assert asked.worth("天气") == 0.0
    assert asked.worth("赣州驿站") == pytest.approx(1.0)


def test_what_stands_elsewhere_in_the_document_counts_apart() -> None:
    asked = judge("福建司机", 福建=3.0, 司机=1.0)
    alone = asked.matching(Matter("司机之家200个。", "", 0.0))
    inside = asked.matching(Matter("司机之家200个。", "", 0.0, frozenset({"福建"})))
    assert (alone["document"], inside["document"]) == (0.25, 1.0)
    assert alone["coverage"] == inside["coverage"] == 0.25
    assert inside["rarest"] > alone["rarest"]


@pytest.mark.parametrize(
    ("asked", "text", "kind"),
    [
        ("县总工会主席是谁", "县总工会主席霍建平到会。", 1.0),
        ("县总工会主席是谁", "由各街道工会主席签字确认。", 0.0),
        ("县总工会主席是谁", "各直属工会主席参加会议。", 0.0),
        ("会议哪天召开", "3月29日，会议召开。", 1.0),
        ("会议哪天召开", "会议总结了2023年工作。", 0.0),
        ("会议什么时候召开", "会议在此之前已经召开。", 0.0),
        ("驿站有多少家", "驿站已逾4200家。", 1.0),
        ("驿站有多少家", "驿站在2023年建成。", 0.0),
    ],
)
def test_the_kind_asked_for_is_told_from_what_only_looks_like_it(asked, text, kind) -> None:
    assert read(judge(asked), matter(text)).signals["kind"] == kind
