"""What speaks for a stretch as the answer."""

from __future__ import annotations

import pytest

from embeddings.words import cutter, fold
from qa.clues import CLUES, Asked, clues
from qa.question import parse
from qa.quoting import statements
from qa.weighing import Rarity


def rows(question: str, text: str, context: str = "") -> list[dict[str, float]]:
    """Give the clues of each statement by name, all words being equally rare."""
    asked = parse(question, cutter())
    rarity = Rarity(dict.fromkeys(asked.words, 1.0), dict.fromkeys(asked.pairs, 1.0))
    found = clues(Asked.of(asked, rarity), fold(text), fold(context), statements(fold(text)))
    return [dict(zip(CLUES, row, strict=True)) for row in found]


def test_words_are_counted_apart_from_those_the_title_gives() -> None:
    [bare] = rows("驿站补贴", "驿站有补贴。")
    [titled] = rows("驿站补贴", "驿站有补贴。", "驿站")
    assert (bare["words"], bare["given"]) == (1.0, 0.0)
    assert titled["words"] + titled["given"] == pytest.approx(1.0)
    assert titled["given"] > 0


def test_a_word_that_all_sentences_hold_is_shared_among_them() -> None:
    alone, _ = rows("驿站", "驿站开门。大家欢迎。")
    shared, _ = rows("驿站", "驿站开门。驿站关门。")
    assert (alone["own"], shared["own"]) == (1.0, 0.5)


def test_what_the_sentence_before_holds_counts_for_the_next() -> None:
    first, second = rows("驿站补贴", "驿站补贴已发。每人两百元。")
    assert (first["words_before"], second["words_before"]) == (0.0, 1.0)
    assert second["pairs_before"] == first["pairs"] > second["pairs"]


def test_the_paragraph_counts_for_each_of_its_sentences() -> None:
    one, two, three = rows("驿站", "驿站开门。欢迎光临。\n疗养院也开门。")
    assert (one["paragraph"], two["paragraph"], three["paragraph"]) == (1.0, 1.0, 0.0)


@pytest.mark.parametrize(
    ("question", "holds", "lacks"),
    [
        ("驿站有多少个", "驿站共46个。", "驿站很多。"),
        ("驿站何时开放", "驿站5月1日开放。", "驿站已开放。"),
        ("驿站谁管理", "驿站由沈怀远管理。", "驿站管理好。"),
        ("驿站在哪里", "驿站位于东门。", "驿站很大。"),
        ("驿站为什么关门", "驿站因装修关门。", "驿站关门。"),
    ],
)
def test_the_kind_of_thing_asked_for(question: str, holds: str, lacks: str) -> None:
    assert [row["fresh"] for row in rows(question, holds + lacks)] == [1.0, 0.0]


def test_a_thing_that_the_question_names_is_not_fresh() -> None:
    assert rows("2023年建成多少", "2023年建成。")[0]["fresh"] == 0.0


def test_a_deputy_is_not_whom_the_question_asks_for() -> None:
    text = "郑立群任主席。副主席许文娟讲话。"
    assert [row["words"] for row in rows("主席是谁", text)] == [1.0, 0.0]
    assert [row["near"] > 0 for row in rows("主席是谁", text)] == [True, False]
    chair, deputy = rows("副主席是谁", text)
    assert deputy["words"] > chair["words"]


def test_nearer_to_the_words_is_better_and_the_unit_counts() -> None:
    near, far = rows("补贴多少元", "补贴200元。补贴按每月实际出勤的天数核算后发放200元。")
    assert near["near"] > far["near"] > 0
    yuan, people = rows("补贴多少元", "补贴200元。补贴200人。")
    assert (yuan["unit"], people["unit"]) == (1.0, 0.0)
    assert yuan["near"] > people["near"]


def test_money_and_shares_have_their_own_units() -> None:
    assert rows("补贴多少钱", "补贴3万。")[0]["unit"] == 1.0
    assert rows("增长率是多少", "增长5％。")[0]["unit"] == 1.0


def test_what_stands_beside_the_interrogative() -> None:
    first, second = rows("他担任什么职务", "他担任副主席。这个职务重要。")
    assert first["left"] == 0.6
    assert first["right"] < second["right"]
    assert rows("驿站补贴", "驿站补贴已发。")[0]["left"] == 0.0


def test_every_clue_lies_between_0_and_1() -> None:
    for row in rows("2023年驿站有多少个?", "驿站46个。\n驿站驿站2023年,驿站99.5%。"):
        assert all(0.0 <= value <= 1.0 for value in row.values())
    assert rows("驿站", "") == []


def test_what_the_title_gives_counts_less_where_the_text_holds_more() -> None:
    named, asked = rows("驿站补贴", "驿站开门。补贴已发。", "驿站")
    assert named["own"] < asked["own"]
    assert named["pairs"] < asked["pairs"]


def test_what_the_title_gives_counts_in_full_where_nothing_else_is_held() -> None:
    bare, titled = (rows("驿站补贴", "驿站开门。", title)[0]["own"] for title in ("", "驿站"))
    assert bare == titled > 0


def test_what_must_be_held_is_told_without_an_interrogative() -> None:
    found = rows("驿站电话", "驿站电话已开通。0533-2786612。")
    assert [row["kind"] for row in found] == [0.0, 1.0]
    assert [row["fresh"] for row in found] == [0.0, 0.0]
