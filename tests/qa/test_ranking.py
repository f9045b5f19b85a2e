"""The order of passages, and the probability that the first of them answers."""

from __future__ import annotations

import json
import random
from datetime import date
from math import exp
from pathlib import Path

import pytest

import qa.ranking
from embeddings.words import cutter, fold
from qa.matching import MATCHING, Matcher
from qa.question import parse
from qa.ranking import ASKING, ORDER, SIGNALS, Evidence, Judge, Weights, weights
from qa.reading_closely import READING, Reader
from qa.weighing import Matter, Rarity
from tests.fakes import FakeEncoder

PLAIN = Weights(dict.fromkeys(ORDER, 1.0), dict.fromkeys(SIGNALS, 1.0), -4.0, 0.5, {})
TODAY = date(2026, 5, 20)


class Reading(Reader):
    """Remembers what it was given to read."""

    def signals(self, matters):
        self.read = list(matters)
        return super().signals(matters)


def rank(
    text: str,
    matters: list[Matter],
    limit: int = 10,
    fitted: Weights = PLAIN,
    unknown: frozenset[str] = frozenset(),
) -> list[tuple[int, Evidence]]:
    question = parse(text, cutter())
    rarity = Rarity(dict.fromkeys(question.words, 1.0), dict.fromkeys(question.pairs, 1.0), unknown)
    matcher = Matcher(question, rarity, matters, TODAY)
    reader = Reader(question, matcher, FakeEncoder())
    return Judge(question, matcher, reader, fitted).rank(matters, limit)


def places(text: str, matters: list[Matter], limit: int = 10, fitted: Weights = PLAIN) -> list[int]:
    return [place for place, _ in rank(text, matters, limit, fitted)]


def matter(text: str, title: str = "", cosine: float = 0.0, day: str | None = None) -> Matter:
    return Matter(fold(text), fold(title), cosine=cosine, date=day)


# weights


def test_the_shipped_weights_name_every_signal_and_no_other() -> None:
    fitted = weights()
    assert ORDER == MATCHING + READING
    assert SIGNALS == ORDER + ASKING
    assert tuple(fitted.order) == ORDER
    assert tuple(fitted.probability) == SIGNALS
    assert 0 < fitted.threshold < 1
    assert set(fitted.fields) == {"words", "bigrams", "title", "heading"}
    file = Path(qa.ranking.__file__).with_name("weights.json")
    assert json.loads(file.read_text(encoding="utf-8"))["bias"] == fitted.bias


def test_in_the_shipped_order_no_signal_speaks_against_a_passage() -> None:
    assert all(weight >= 0 for weight in weights().order.values())


# order


def test_passages_come_best_first_and_equal_ones_as_given() -> None:
    passages = [matter("驿站。"), matter("赣州驿站。"), matter("驿站。"), matter("别的。")]
    assert places("赣州驿站", passages) == [1, 0, 2]


def test_of_equal_ones_the_newer_is_first_and_those_of_no_date_last() -> None:
    days = [None, "2022-03-01", "2023", "2023-07-01", "2022-03-01"]
    assert places("驿站", [matter("驿站。", day=day) for day in days]) == [3, 2, 1, 4, 0]


def test_the_year_of_the_title_stands_in_for_a_date_nobody_knows() -> None:
    passages = [matter("驿站。", "2021年简报"), matter("驿站。", "2023年简报")]
    assert places("驿站", passages) == [1, 0]


def test_an_old_passage_that_says_more_comes_before_a_new_one() -> None:
    passages = [matter("驿站。", day="2024"), matter("赣州驿站。", day="2001")]
    assert places("赣州驿站", passages) == [1, 0]


def test_the_order_is_that_of_its_own_weights() -> None:
    passages = [matter("驿站。", cosine=0.9), matter("赣州驿站。", cosine=0.1)]
    probability = dict.fromkeys(SIGNALS, 1.0)
    by_cosine = Weights({"cosine": 1.0}, probability, -4.0, 0.5, {})
    by_words = Weights({"coverage": 1.0}, probability, -4.0, 0.5, {})
    assert places("赣州驿站", passages, fitted=by_cosine) == [0, 1]
    assert places("赣州驿站", passages, fitted=by_words) == [1, 0]


def test_what_differs_in_the_third_digit_is_equal() -> None:
    by_cosine = Weights({"cosine": 1.0}, {}, 0.0, 0.5, {})
    near = [matter("驿站。", cosine=0.501), matter("驿站。", cosine=0.499, day="2024")]
    far = [matter("驿站。", cosine=0.52), matter("驿站。", cosine=0.499, day="2024")]
    assert places("驿站", near, fitted=by_cosine) == [1, 0]
    assert places("驿站", far, fitted=by_cosine) == [0, 1]


def test_of_equal_ones_without_dates_the_one_that_holds_more_as_a_whole_is_first() -> None:
    by_cosine = Weights({"cosine": 1.0}, {}, 0.0, 0.5, {})
    near = [matter("驿站。", cosine=0.501), matter("驿站。", cosine=0.503)]
    assert places("驿站", near, fitted=by_cosine) == [1, 0]


def test_a_passage_that_holds_nothing_named_is_no_evidence_however_near_its_vector() -> None:
    assert rank("驿站", [matter("天气晴朗。", cosine=1.0)]) == []
    assert places("驿站", [matter("天气晴朗。", cosine=1.0), matter("驿站。")]) == [1]


def test_what_its_title_names_is_named() -> None:
    assert places("驿站", [matter("每天九点开门。", "驿站")]) == [0]


def test_only_the_best_few_are_read_closely_and_given() -> None:
    passages = [matter("驿站。"), matter("赣州驿站。"), matter("驿站。")]
    question = parse("赣州驿站", cutter())
    rarity = Rarity(dict.fromkeys(question.words, 1.0), dict.fromkeys(question.pairs, 1.0))
    matcher = Matcher(question, rarity, passages, TODAY)
    reader = Reading(question, matcher, FakeEncoder())
    judge = Judge(question, matcher, reader, PLAIN)
    assert [place for place, _ in judge.rank(passages, 2)] == [1, 0]
    assert reader.read == [passages[1], passages[0]]


def test_what_stands_in_documents_need_be_known_of_contenders_alone() -> None:
    question = parse("赣州驿站每天几点开门", cutter())
    rarity = Rarity(dict.fromkeys(question.words, 1.0), dict.fromkeys(question.pairs, 1.0))
    chance = random.Random(8)
    texts = ["驿站。", "赣州驿站。", "每天开门。", "驿站每天开门。", "赣州的天气。", "什么也没有。"]
    for limit in (1, 3, 8, 30):
        bare = [matter(chance.choice(texts), cosine=chance.random() / 4) for _ in range(30)]
        whole = [
            one.in_document({word for word in question.words if chance.random() < 0.4})
            for one in bare
        ]
        matcher = Matcher(question, rarity, bare, TODAY)
        judge = Judge(question, matcher, Reader(question, matcher, FakeEncoder()), PLAIN)
        few = judge.contenders(bare, limit)
        assert few == sorted(few)
        assert limit > 3 or len(few) < len(bare)
        ranked = judge.rank([whole[place] for place in few], limit)
        assert [(few[place], one) for place, one in ranked] == judge.rank(whole, limit)


def test_nobody_contends_where_nothing_is_named() -> None:
    question = parse("驿站", cutter())
    matcher = Matcher(question, Rarity({"驿站": 1.0}, {"驿站": 1.0}), [], TODAY)
    judge = Judge(question, matcher, Reader(question, matcher, FakeEncoder()), PLAIN)
    assert judge.contenders([], 3) == []
    assert judge.contenders([matter("天气晴朗。", cosine=1.0)], 3) == []


@pytest.mark.parametrize("text", ["驿站", "？", ""])
def test_without_candidates_there_is_nothing_to_rank(text: str) -> None:
    assert rank(text, []) == []


def test_a_question_without_words_finds_nothing() -> None:
    assert rank("？", [matter("驿站。"), matter("")]) == []


def test_with_no_room_nothing_is_given() -> None:
    assert rank("驿站", [matter("驿站。")], limit=0) == []


def test_nothing_depends_on_the_order_of_a_set() -> None:
    text = "赣州驿站补贴标准和申请条件"
    words = dict.fromkeys(parse(text, cutter()).words)
    one, other = (
        rank(text, [Matter("驿站。", document=order.keys())], 10, weights())
        for order in (words, dict.fromkeys(reversed(words)))
    )
    assert one == other


# probability


def test_every_signal_is_given() -> None:
    [(_, evidence)] = rank("驿站", [matter("驿站。")])
    assert tuple(evidence.signals) == SIGNALS


def test_the_score_is_the_logistic_function_of_the_weighted_sum() -> None:
    probability = {name: 0.1 * place for place, name in enumerate(SIGNALS)}
    fitted = Weights(PLAIN.order, probability, -7.0, 0.5, {})
    [(_, evidence)] = rank("2023年驿站多少家", [matter("驿站有72家。", cosine=0.5)], 10, fitted)
    total = sum(probability[name] * evidence.signals[name] for name in SIGNALS) - 7.0
    assert evidence.score == pytest.approx(1 / (1 + exp(-total)))


def test_no_score_is_more_than_the_one_before() -> None:
    # The order is by words, the probability by the cosine, which says the contrary.
    fitted = Weights({"coverage": 1.0}, {"cosine": 4.0}, -2.0, 0.5, {})
    passages = [matter("驿站。", cosine=0.9), matter("赣州驿站。", cosine=0.5)]
    (first, better), (second, other) = rank("赣州驿站", passages, 10, fitted)
    assert (first, second) == (1, 0)
    assert better.score == pytest.approx(0.5)
    assert other.score == better.score
    assert other.signals["cosine"] == 0.9


@pytest.mark.parametrize(
    ("text", "words", "timed"),
    [("赣州驿站", 2 / 12, 0.0), ("2023年驿站", 3 / 12, 1.0), ("最近驿站", 2 / 12, 1.0)],
)
def test_the_question_speaks_for_itself(text, words, timed) -> None:
    [(_, evidence)] = rank(text, [matter("驿站。")])
    assert evidence.signals["words"] == pytest.approx(words)
    assert evidence.signals["timed"] == timed


def test_the_lead_is_that_before_the_first_that_is_no_copy() -> None:
    text = "赣州市建成工会驿站72家，为户外劳动者提供热饭和饮水，全年开放，深受欢迎。" * 3
    alone = rank("赣州驿站", [matter(text)])[0][1].signals
    copied = rank("赣州驿站", [matter(text), matter(text)])[0][1].signals
    assert alone["lead"] == copied["lead"]
    before = rank("赣州驿站", [matter(text), matter("驿站。")])[0][1].signals
    beside = rank("赣州驿站", [matter(text), matter(text.replace("72", "41"))])[0][1].signals
    assert beside["lead"] < before["lead"] <= 1.0
    assert (before["others"], beside["others"]) == (pytest.approx(0.5), 1.0)


def test_many_words_are_as_good_as_twelve() -> None:
    text = "赣州市总工会职工技能竞赛品牌建设工作情况和困难职工帮扶资金管理办法实施细则"
    assert len(parse(text, cutter()).words) > 12
    [(_, evidence)] = rank(text, [matter("职工。")])
    assert evidence.signals["words"] == 1.0


# as shipped


def shipped(text: str, *matters: Matter) -> int:
    """Give the place of the passage that comes first with the weights that ship."""
    return rank(text, list(matters), 10, weights())[0][0]


def test_the_year_asked_for_comes_first() -> None:
    passages = [matter(f"{year}年建成工会驿站72家。") for year in (2022, 2023, 2024)]
    assert shipped("2023年建成多少家工会驿站", *passages) == 1


def test_the_document_of_the_year_asked_for_comes_first() -> None:
    passages = [
        matter("全年建成工会驿站72家。", f"{year}年工作总结", day=f"{year}-12-30")
        for year in (2022, 2023)
    ]
    assert shipped("2022年建成多少家工会驿站", *passages) == 0
    assert shipped("2023年建成多少家工会驿站", *passages) == 1


def test_this_year_and_lately_are_those_of_the_newest_document() -> None:
    passages = [
        matter("建成工会驿站72家。", day=day) for day in ("2022-04-01", "2024-04-01", "2023-04-01")
    ]
    assert shipped("今年建成多少家工会驿站", *passages) == 1
    assert shipped("去年建成多少家工会驿站", *passages) == 2
    assert shipped("最近建成多少家工会驿站", *passages) == 1


def test_the_document_of_the_place_asked_for_comes_first() -> None:
    passages = [
        matter("每人每月最低工资标准为2100元。", "河南省最低工资标准"),
        matter("每人每月最低工资标准为2420元。", "北京市最低工资标准"),
    ]
    assert shipped("北京最低工资标准是多少", *passages) == 1
    assert shipped("河南最低工资标准是多少", *passages) == 0


def test_the_number_asked_for_comes_first() -> None:
    passages = [matter(f"第{number}条 用人单位应当支付报酬。") for number in (12, 13, 3)]
    assert [shipped(f"第{number}条规定了什么报酬", *passages) for number in (12, 13, 3)] == [
        0,
        1,
        2,
    ]


def test_the_passage_with_the_thing_asked_for_comes_first() -> None:
    passages = [matter("工会驿站建设工作会议召开。"), matter("工会驿站共有72家。")]
    assert shipped("工会驿站有多少家", *passages) == 1
