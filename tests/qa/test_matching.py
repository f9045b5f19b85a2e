"""What a passage as a whole holds of a question."""

from __future__ import annotations

from datetime import date
from math import log

import pytest

from embeddings.words import cutter, fold
from qa.matching import MATCHING, Matcher
from qa.question import Question, idf, parse
from qa.weighing import Matter, Rarity

TODAY = date(2026, 5, 20)


def flat(question: Question, **rarity: float) -> Rarity:
    """Every term weighs 1, but those named."""
    return Rarity(
        {word: rarity.get(word, 1.0) for word in question.words},
        {pair: rarity.get(pair, 1.0) for pair in question.pairs},
    )


def matcher(text: str, *matters: Matter, **rarity: float) -> Matcher:
    question = parse(text, cutter())
    return Matcher(question, flat(question, **rarity), matters, TODAY)


def matter(text: str, title: str = "", heading: str = "", day: str | None = None) -> Matter:
    return Matter(fold(text), fold(title), fold(heading), date=day)


def signals(text: str, one: Matter, **rarity: float) -> dict[str, float]:
    return matcher(text, one, **rarity).signals(one)


def of_all(name: str, text: str, *matters: Matter) -> list[float]:
    """Give one signal of each of the candidates of a question."""
    asked = matcher(text, *matters)
    return [asked.signals(one)[name] for one in matters]


def test_every_signal_is_given_in_the_order_of_their_names() -> None:
    assert tuple(signals("赣州驿站", matter("驿站"))) == MATCHING


def test_coverage_is_the_weight_of_the_words_that_stand_there() -> None:
    rarity = {"赣州": 3.0, "驿站": 1.0}
    assert signals("赣州驿站", matter("驿站很多"), **rarity)["coverage"] == pytest.approx(0.25)
    assert signals("赣州驿站", matter("驿站很多", "赣州简报"), **rarity)["coverage"] == 1.0
    assert signals("赣州驿站", matter("驿站很多", "", "赣州"), **rarity)["coverage"] == 1.0
    assert signals("赣州驿站", matter("天气很好"), **rarity)["coverage"] == 0.0


def test_pairs_are_counted_in_text_and_context_alike() -> None:
    assert signals("赣州驿站", matter("驿站"))["pair_coverage"] == pytest.approx(1 / 3)
    assert signals("赣州驿站", matter("驿站", "赣州"))["pair_coverage"] == pytest.approx(2 / 3)


def test_bm25_is_of_the_text_alone() -> None:
    assert signals("驿站", matter("驿站", "驿站"))["word_bm25"] == pytest.approx(
        1 / (1 + 1.2 * (0.5 + 0.5 * 2 / 260))
    )
    assert signals("驿站", matter("别的", "驿站"))["pair_bm25"] == 0.0


def test_the_title_counts_apart_and_headings_with_it() -> None:
    assert signals("赣州驿站", matter("驿站", "赣州简报"))["title"] == pytest.approx(0.5)
    assert signals("赣州驿站", matter("驿站", "", "赣州简报"))["title"] == pytest.approx(0.5)
    assert signals("赣州驿站", matter("赣州驿站"))["title"] == 0.0


def test_a_synonym_that_shares_a_character_counts_for_it() -> None:
    near, far = matter("费用很高"), matter("天气很好")
    values = of_all("characters", "经费", near, far)
    common = idf(0, 2) + idf(1, 2)  # 经 stands in neither, 费 in one
    assert values == [pytest.approx(idf(1, 2) / common), 0.0]


def test_a_character_that_every_candidate_holds_tells_less() -> None:
    first, second, third = matter("工费"), matter("工"), matter("工会")
    by_rare, by_common, _ = of_all("characters", "工费", first, second, third)
    assert by_rare == 1.0
    assert by_common < 0.5


def test_a_traditional_passage_answers_a_simplified_question() -> None:
    assert signals("工会驿站", matter("工會驛站"))["coverage"] == 1.0


def test_what_stands_elsewhere_in_the_document_counts_apart() -> None:
    alone = Matter("司机之家200个。")
    inside = Matter("司机之家200个。", document=frozenset({"福建"}))
    rarity = {"福建": 3.0, "司机": 1.0}
    one, other = (signals("福建司机", each, **rarity) for each in (alone, inside))
    assert (one["document"], other["document"]) == (0.25, 1.0)
    assert one["coverage"] == other["coverage"] == 0.25


def test_the_cosine_is_handed_through() -> None:
    assert signals("驿站", Matter("驿站", cosine=-0.25))["cosine"] == -0.25


# names


def test_another_ones_name_in_the_question_speaks_against_a_document() -> None:
    own = matter("最低工资2420元。", "北京市最低工资")
    other = matter("最低工资2100元。", "河南省最低工资")
    third = matter("河南和北京的最低工资。", "通报")
    named, unnamed, both = of_all("names", "北京最低工资多少", own, other, third)
    assert named == 1.0
    # 北京 stands in one of three titles
    assert unnamed == pytest.approx(1 - log(1 + 2.5 / 1.5) / log(4))
    assert both == 1.0  # in the text is as good as in the title


def test_a_word_of_no_title_is_no_name() -> None:
    assert of_all("names", "驿站补贴", matter("驿站", "甲"), matter("别的", "乙")) == [1.0, 1.0]


def test_the_rarest_name_that_is_missing_counts() -> None:
    rare = matter("工会", "北京工会")
    common = matter("工会", "河南工会")
    lost = matter("别的", "河南通报")
    names = of_all("names", "北京工会", rare, common, lost)
    assert names[0] > names[1] >= names[2] >= 0.0


# numbers


@pytest.mark.parametrize(
    ("question", "text", "share"),
    [
        ("第12条和第30条", "第12条", 0.5),
        ("第12条和第30条", "第30条、第12条", 1.0),
        ("第12条", "2012年", 0.0),
        ("第12条", "第123条", 0.0),
        ("涨了12.5%吗", "上涨12.5%", 1.0),
        ("涨了12.5%吗", "上涨1235元", 0.0),
        ("第１２条", "第１２条", 1.0),
        ("驿站补贴", "别的", 1.0),
    ],
)
def test_numbers_are_held_whole(question: str, text: str, share: float) -> None:
    assert signals(question, matter(text))["numbers"] == pytest.approx(share)


def test_numbers_in_title_or_headings_are_held_too() -> None:
    assert signals("2023年第12条", matter("正文", "2023年通知", "第12条"))["numbers"] == 1.0


# time


def test_the_time_asked_for_is_told_from_others() -> None:
    values = of_all(
        "time",
        "2023年建成多少家驿站",
        matter("2023年建成72家。"),
        matter("2022年建成60家。"),
        matter("建成72家。", day="2023-12-01"),
        matter("建成60家。", day="2022-12-01"),
        matter("建成50家。"),
    )
    assert values == [1.0, -1.0, 0.5, -0.5, 0.0]


def test_the_headings_name_a_time_too() -> None:
    [value] = of_all("time", "2023年建成多少家", matter("建成72家。", "", "2023年工作"))
    assert value == 1.0


def test_a_question_of_no_time_leaves_it_at_nothing() -> None:
    assert of_all("time", "建成多少家", matter("2023年建成72家。")) == [0.0]
    assert matcher("建成多少家").period is None


def test_this_year_is_that_of_the_newest_document_in_a_library_of_finished_years() -> None:
    values = of_all(
        "time",
        "今年建成多少家",
        matter("建成72家。", day="2024-03-01"),
        matter("建成60家。", day="2023-03-01"),
        matter("建成50家。"),
    )
    assert values == [0.5, -0.5, 0.0]


def test_this_year_is_this_one_where_the_library_has_documents_of_it() -> None:
    values = of_all(
        "time",
        "今年建成多少家",
        matter("建成72家。", day="2026-01-15"),
        matter("建成60家。", day="2024-03-01"),
    )
    assert values == [0.5, -0.5]


@pytest.mark.parametrize(
    ("newest", "first", "last"),
    [
        ("2024", date(2022, 1, 1), date(2024, 12, 31)),
        ("2024-04", date(2022, 1, 1), date(2024, 4, 30)),
        ("2024-02", date(2022, 1, 1), date(2024, 2, 29)),
        ("2024-04-01", date(2022, 1, 1), date(2024, 4, 1)),
        ("2024-12-31", date(2022, 1, 1), date(2024, 12, 31)),
        ("2024-02-30", date(2022, 1, 1), date(2024, 2, 29)),  # not in the calendar
        ("2026", date(2024, 1, 1), TODAY),
        ("2031-01-01", date(2024, 1, 1), TODAY),
        (None, date(2024, 1, 1), TODAY),
    ],
)
def test_years_are_counted_from_the_end_of_what_is_known_of_the_newest_date(
    newest: str | None, first: date, last: date
) -> None:
    older = "1999-12-31" if newest else None
    period = matcher("近两年建成多少家", matter("甲", day=older), matter("乙", day=newest)).period
    assert period is not None
    assert (period.first, period.last) == (first, last)


@pytest.mark.parametrize(
    ("newest", "first", "last"),
    [
        ("2024-03-31", date(2024, 2, 1), date(2024, 2, 29)),
        ("2024-01-31", date(2023, 12, 1), date(2023, 12, 31)),
        ("2024-05", date(2024, 4, 1), date(2024, 4, 30)),
        ("2024", date(2024, 11, 1), date(2024, 11, 30)),
    ],
)
def test_the_month_before_the_end_of_one_is_the_month_before(
    newest: str, first: date, last: date
) -> None:
    period = matcher("上个月建成多少家", matter("甲", day=newest)).period
    assert period is not None
    assert (period.first, period.last) == (first, last)


def test_where_only_the_newest_is_asked_for_documents_of_the_newest_year_come_before() -> None:
    values = of_all(
        "time",
        "最近建成多少家",
        matter("甲", day="2024-01-05"),
        matter("乙", day="2024"),
        matter("丙", "2024年通报"),
        matter("丁", day="2023-12-31"),
        matter("戊"),
    )
    assert values == [0.5, 0.5, 0.5, -0.5, 0.0]


# nothing


def test_a_question_without_words_finds_nothing_in_anything() -> None:
    values = signals("？", matter("驿站"))
    assert values == {**dict.fromkeys(MATCHING, 0.0), "names": 1.0, "places": 1.0, "numbers": 1.0}


def test_an_empty_passage_holds_nothing() -> None:
    values = signals("2023年赣州驿站", Matter(""))
    assert values == {**dict.fromkeys(MATCHING, 0.0), "names": 1.0}


def test_there_may_be_no_candidates() -> None:
    asked = matcher("今年赣州驿站多少家")
    assert asked.period is not None
    assert asked.period.first == date(2026, 1, 1)


def test_more_of_the_question_never_lowers_a_share() -> None:
    some, all_of_it = matter("赣州开门"), matter("赣州驿站补贴开门")
    less, more = (signals("赣州驿站补贴", one) for one in (some, all_of_it))
    for name in ("coverage", "pair_coverage", "characters", "document"):
        assert less[name] < more[name] == pytest.approx(1.0)


def test_places_asked_for_must_stand_in_the_passage_its_title_or_its_document() -> None:
    asked = "广东省有多少名骑手入会"
    assert signals(asked, matter("骑手1.2万人入会。"))["places"] == 0.0
    assert signals(asked, matter("骑手1.2万人入会。", "广东简报"))["places"] == 1.0
    assert signals(asked, matter("广东骑手1.2万人入会。"))["places"] == 1.0
    assert signals("骑手有多少人入会", matter("骑手1.2万人入会。"))["places"] == 1.0
