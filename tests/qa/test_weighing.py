"""Terms weighed by how rare they are, and counted in passages."""

from __future__ import annotations

import pytest

from qa.weighing import Matter, Terms

TERMS = Terms({"驿站": 3.0, "补贴": 1.0})


def test_terms_are_held_wherever_they_stand() -> None:
    assert TERMS.held("工会驿站开门") == {"驿站"}
    assert TERMS.held("") == frozenset()


def test_a_share_is_of_the_weight_of_all() -> None:
    assert TERMS.share({"驿站"}) == pytest.approx(0.75)
    assert TERMS.share({"驿站", "补贴", "别的"}) == 1.0
    assert TERMS.share(frozenset()) == 0.0


def test_a_term_shared_among_several_counts_a_part() -> None:
    assert TERMS.share({"驿站", "补贴"}, {"驿站": 3, "补贴": 1}) == pytest.approx((1 + 1) / 4)


def test_a_share_in_several_texts_counts_each_term_once() -> None:
    assert TERMS.share_in("驿站和补贴", "驿站") == 1.0
    assert TERMS.share_in("驿站", "补贴") == 1.0
    assert TERMS.share_in("别的", "补贴") == pytest.approx(0.25)
    assert TERMS.share_in() == 0.0


def test_bm25_is_its_formula_over_the_length_of_the_passage() -> None:
    text = "驿站" + "。" * 258 + "驿站"
    norm = 1.2 * (1 - 0.5 + 0.5 * len(text) / 260)
    assert Terms({"驿站": 2.5}).bm25(text) == pytest.approx(2 / (2 + norm))
    assert TERMS.bm25(text) == pytest.approx(0.75 * 2 / (2 + norm))


def test_bm25_falls_with_length_and_rises_with_repetition_but_never_to_1() -> None:
    assert 0 < TERMS.bm25("驿站" + "。" * 500) < TERMS.bm25("驿站") < TERMS.bm25("驿站驿站") < 1
    assert TERMS.bm25("别的") == TERMS.bm25("") == 0.0


@pytest.mark.parametrize("weight", [{}, {"驿站": 0.0}])
def test_without_weight_there_is_nothing_to_share(weight: dict[str, float]) -> None:
    terms = Terms(weight)
    assert terms.share({"驿站"}) == terms.share_in("驿站") == terms.bm25("驿站") == 0.0


def test_sums_do_not_depend_on_the_order_of_a_set() -> None:
    weight = {"大": 1e16, **dict.fromkeys("甲乙丙丁", 1.0)}  # 1e16 + 1 is 1e16
    rising, falling = dict.fromkeys(weight).keys(), dict.fromkeys(reversed(weight)).keys()
    terms = Terms({**weight, "另": 3e16})
    assert sum(weight[one] for one in rising) != sum(weight[one] for one in falling)
    assert terms.share(rising) == terms.share(falling)


def test_the_context_of_a_passage_is_its_title_and_headings() -> None:
    assert Matter("正文", "通知", "第一章").context == "通知\n第一章"
    assert Matter("正文").context.strip() == ""
