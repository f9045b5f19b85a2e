"""What the sentences of a passage say to a question."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from embeddings.words import cutter, fold
from qa.matching import Matcher
from qa.question import idf, parse
from qa.reading_closely import READING, Reader
from qa.weighing import Matter, Rarity
from tests.fakes import FakeEncoder

ENCODER = FakeEncoder()


class CountingEncoder(FakeEncoder):
    """Remembers the passages it was asked to encode."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []

    def encode_passages(self, texts):
        self.seen += texts
        return super().encode_passages(texts)


def reader(text: str, matters: list[Matter], encoder: FakeEncoder = ENCODER) -> Reader:
    question = parse(text, cutter())
    rarity = Rarity(dict.fromkeys(question.words, 1.0), dict.fromkeys(question.pairs, 1.0))
    return Reader(question, Matcher(question, rarity, matters, date(2026, 5, 20)), encoder)


def matter(text: str, title: str = "", heading: str = "") -> Matter:
    return Matter(fold(text), fold(title), fold(heading))


def read(text: str, one: Matter) -> dict[str, float]:
    [values] = reader(text, [one]).signals([one])
    return values


def test_every_signal_is_given_in_the_order_of_their_names() -> None:
    assert tuple(read("驿站", matter("驿站。"))) == READING


def test_words_side_by_side_are_worth_more_than_the_same_words_far_apart() -> None:
    together = read("赣州驿站", matter("赣州驿站。天气很好。工作顺利。"))
    apart = read("赣州驿站", matter("赣州。天气很好。工作顺利。驿站。"))
    assert together["window"] == together["window_characters"] == 1.0
    assert apart["window"] < 1.0
    assert apart["window_characters"] == pytest.approx(0.5)


def test_a_window_is_a_sentence_with_the_next_one() -> None:
    # words 赣州 and 驿站; pairs 赣州, 州驿, 驿站
    neighbours = read("赣州驿站", matter("赣州。驿站。"))
    assert neighbours["window"] == pytest.approx((1 + 2 / 3) / 2)
    assert neighbours["window_characters"] == 1.0


def test_what_the_title_says_need_not_be_said_again() -> None:
    bare, titled = (read("赣州驿站", matter("驿站。", title)) for title in ("", "赣州简报"))
    assert bare["window"] == pytest.approx((1 / 2 + 1 / 3) / 2)
    assert titled["window"] == pytest.approx((1 + 1 / 3) / 2)  # but pairs are of the sentences
    held, missing = idf(1, 1), idf(0, 1)
    assert bare["window_characters"] == pytest.approx(held / (held + missing))
    assert titled["window_characters"] == 1.0


def test_the_thing_is_looked_for_where_the_words_stand() -> None:
    beside = read("驿站有多少家", matter("驿站有72家。天气很好。工作顺利。"))
    elsewhere = read("驿站有多少家", matter("驿站很好。天气不错。银行有72家。"))
    nowhere = read("驿站有多少家", matter("驿站很好。"))
    assert (beside["thing"], beside["thing_anywhere"]) == (1.0, 1.0)
    assert (elsewhere["thing"], elsewhere["thing_anywhere"]) == (0.0, 1.0)
    assert (nowhere["thing"], nowhere["thing_anywhere"]) == (0.0, 0.0)


def test_the_next_sentence_may_hold_the_thing() -> None:
    assert read("驿站有多少家", matter("全市驿站如下。共72家。"))["thing"] == 1.0


def test_where_anything_may_answer_the_thing_is_there() -> None:
    values = read("会议精神是什么", matter("别的。"))
    assert (values["thing"], values["thing_anywhere"], values["nearness"]) == (1.0, 1.0, 1.0)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("驿站72家。", 1 / (1 + 2 / 8)),
        ("72家驿站。", 1 / (1 + 3 / 8)),
        ("驿站" + "很好" * 7 + "有72家。", 1 / (1 + 17 / 8)),
        ("驿站很好。", 0.0),
        ("银行72家。", 0.0),
    ],
)
def test_nearness_falls_with_the_characters_between_thing_and_word(text, value) -> None:
    assert read("驿站多少家", matter(text))["nearness"] == pytest.approx(value)


def test_nearness_is_to_what_stands_beside_the_interrogative() -> None:
    values = read("驿站补贴标准多少元", matter("驿站200元,补贴很好。"))
    assert values["nearness"] == pytest.approx(1 / (1 + 5 / 8))  # from 补贴, not from 驿站


def test_without_an_interrogative_of_its_own_nearness_is_to_any_word() -> None:
    assert read("驿站电话", matter("驿站12351。"))["nearness"] == pytest.approx(1 / (1 + 2 / 8))


def test_a_shared_character_of_what_is_asked_about_is_near_enough() -> None:
    values = read("办公经费是多少元", matter("所需费用为5000元。"))
    assert 0.0 < values["nearness"] < 1.0


def test_cosines_are_those_of_the_nearest_sentence_and_of_the_context() -> None:
    one = matter("赣州驿站开门。天气很好。", "工会驿站", "补贴")
    values = read("赣州驿站", one)
    [asked] = ENCODER.encode_queries(["赣州驿站"])
    spoken = ENCODER.encode_passages(["赣州驿站开门。", "天气很好。"]) @ asked
    assert values["sentence_cosine"] == pytest.approx(float(max(spoken)))
    [context] = ENCODER.encode_passages([one.context])
    assert values["context_cosine"] == pytest.approx(float(np.dot(context, asked)))


def test_the_same_sentence_is_encoded_once() -> None:
    encoder = CountingEncoder()
    both = [matter("驿站开门。欢迎光临。", "简报"), matter("驿站开门。", "简报")]
    reader("驿站", both, encoder).signals(both)
    assert sorted(encoder.seen) == sorted(["驿站开门。", "欢迎光临。", both[0].context])


def test_each_passage_has_its_own_signals_in_the_order_given() -> None:
    passages = [matter("别的。"), matter("赣州驿站72家。"), matter("驿站。")]
    asked = reader("赣州驿站多少家", passages)
    several = asked.signals(passages)
    assert several == [asked.signals([one])[0] for one in passages]
    assert max(several, key=lambda one: one["window"]) is several[1]


def test_of_no_passages_nothing_is_read() -> None:
    encoder = CountingEncoder()
    assert reader("驿站", [], encoder).signals([]) == []
    assert encoder.seen == []


@pytest.mark.parametrize("text", ["", " ", "\n\n"])
def test_a_passage_without_sentences_says_nothing(text: str) -> None:
    assert read("驿站有多少家", matter(text)) == dict.fromkeys(READING, 0.0)


def test_a_question_without_words_is_not_near_anything() -> None:
    values = read("？", matter("驿站72家。"))
    assert values["window"] == values["window_characters"] == values["sentence_cosine"] == 0.0


@given(st.text(max_size=120), st.text(max_size=40))
def test_any_passage_can_be_read(text: str, question: str) -> None:
    values = read(question, matter(text, question))
    assert all(-1.001 <= value <= 1.001 for value in values.values())
