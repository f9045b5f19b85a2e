"""Questions taken apart."""

from __future__ import annotations

from math import log

import pytest
from hypothesis import given
from hypothesis import strategies as st

from embeddings.words import cutter
from qa.question import LONGEST, Kind, idf, parse, weighted_terms

CUT = cutter()


@pytest.mark.parametrize(
    ("text", "kind", "content"),
    [
        ("县级工会提升年的目标是什么", Kind.WHAT, "县级工会提升年 目标"),
        ("福建省总工会的新主席是谁?", Kind.WHO, "福建省总工会 新主席"),
        ("會議是哪一天召開的？", Kind.WHEN, "会议 召开"),
        ("协议几号生效", Kind.WHEN, "协议 生效"),
        ("江西全省有多少家工会驿站", Kind.NUMBER, "江西全省 工会驿站"),
        ("一等奖奖多少钱？", Kind.NUMBER, "一等奖奖"),
        ("申请要带哪些材料", Kind.LIST, "申请 带 材料"),
        ("服务中心在哪里", Kind.WHERE, "服务中心"),
        ("心愿墙为什么停了？", Kind.WHY, "心愿墙 停"),
        ("网上职工之家怎么建设", Kind.HOW, "网上职工 家 建设"),
        ("能不能带家属", Kind.YESNO, "带家属"),
        ("ＧＰＴ－４ 有什么功能", Kind.WHAT, "gpt-4 功能"),
    ],
)
def test_what_is_asked_and_what_it_is_about(text: str, kind: Kind, content: str) -> None:
    question = parse(text, CUT)
    assert (question.kind, question.content) == (kind, content)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "？？？",
        "……！",
        "你好",
        "您好！",
        "谢谢啦",
        "好的，知道了",
        "你是谁",
        "你能做什么？",
        "早上好呀",
        "哈哈哈",
        "再見",
        "hello",
        "是什么",
        "🙂",
    ],
)
def test_small_talk_and_empty_words_ask_for_nothing(text: str) -> None:
    assert parse(text, CUT).empty


def test_a_question_that_begins_politely_is_still_one() -> None:
    assert parse("你好，请问驿站几点开门", CUT).words[-1] == "开门"


def test_script_and_width_do_not_matter() -> None:
    one, other = parse("縣級工會２０２４年目標", CUT), parse("县级工会2024年目标", CUT)
    assert (one.words, one.pairs) == (other.words, other.pairs)


def test_pairs_stay_inside_a_run_of_content() -> None:
    assert parse("工会的目标", CUT).pairs == ("工会", "目标")


@given(st.text(max_size=80))
def test_any_text_can_be_asked(text: str) -> None:
    question = parse(text, CUT)
    assert all(word and " " not in word for word in question.words + question.pairs)
    assert len(set(question.words)) == len(question.words)


def test_a_very_long_question_is_looked_at_up_to_a_limit() -> None:
    question = parse("工会驿站" * 2_000, CUT)
    assert len(question.text) == LONGEST
    assert set(question.words) == {"工会", "驿站"}


def test_rare_terms_weigh_more_and_none_less_than_nothing() -> None:
    assert idf(0, 100) > idf(1, 100) > idf(50, 100) > idf(100, 100) > 0
    assert idf(3, 10) == pytest.approx(log(1 + 7.5 / 3.5))


def test_only_terms_that_a_field_holds_are_looked_for() -> None:
    question = parse("赣州工会驿站", CUT)
    held = {("words", "工会"), ("bigrams", "驿站"), ("title", "赣州")}
    terms = weighted_terms(
        question,
        {"words": 1.0, "bigrams": 0.5, "title": 0.0},
        10,
        lambda field, term: (field, term) in held,
    )
    assert [(one.field, one.term, one.weight) for one in terms] == [
        ("words", "工会", 1.0),
        ("bigrams", "驿站", 0.5),
    ]


def test_a_field_gets_at_most_the_limit_of_terms() -> None:
    question = parse("赣州市总工会职工技能竞赛品牌", CUT)
    terms = weighted_terms(question, {"words": 1.0}, 3, lambda field, term: True)
    assert [one.term for one in terms] == list(question.words[:3])


def test_what_to_eat_is_asked_and_names_no_food() -> None:
    assert "吃" not in parse("午饭吃什么", CUT).words
    assert "小吃" in parse("小吃什么时候有", CUT).words
    assert "吃" in parse("这药吃什么时候停", CUT).words
    assert parse("12351是干什么的", CUT).words == ("12351",)


def test_where_is_often_mistyped() -> None:
    asked, mistyped = parse("骑手之家在哪里", CUT), parse("骑手之家在那里？", CUT)
    assert (mistyped.kind, mistyped.words) == (Kind.WHERE, asked.words)
    assert parse("在那里办卡要多少钱", CUT).kind is Kind.NUMBER


@pytest.mark.parametrize(
    "text", ["今年怎么样", "具体怎么做", "有什么要求", "这个怎么办", "今天吃啥"]
)
def test_vague_words_alone_name_nothing_to_look_for(text: str) -> None:
    assert parse(text, CUT).empty


def test_a_population_is_not_a_number_of_people_with_a_mouth_left_over() -> None:
    question = parse("枫林县有多少人口", CUT)
    assert (question.kind, question.content) == (Kind.NUMBER, "枫林县 人口")


def test_halves_of_characters_are_left_out() -> None:
    assert parse("\ud800工会", CUT).text == "工会"


@pytest.mark.parametrize(
    ("text", "focus"),
    [
        ("总工会办公电话是多少", ("办公", "电话")),
        ("2023年全市建成多少家工会驿站", ("全市", "建成", "工会")),
        ("谁负责审批", ("负责",)),
        ("什么是职工之家", ("职工",)),
        ("會議是哪一天召開的？", ("会议", "召开")),
        ("任何单位能不能申请补贴", ("任何", "单位", "申请")),  # 任何 asks for nothing
        ("几乎全部驿站什么时候开门", ("全部", "驿站", "开门")),
        ("工会驿站", ()),
        ("", ()),
        ("是什么", ()),
    ],
)
def test_the_focus_is_what_stands_beside_the_interrogative(text: str, focus: tuple) -> None:
    assert parse(text, CUT).focus == focus


@given(st.text(max_size=80))
def test_the_focus_is_part_of_what_is_asked_about(text: str) -> None:
    question = parse(text, CUT)
    assert len(question.focus) <= 3
    assert all(word in question.content for word in question.focus)


@pytest.mark.parametrize(
    ("text", "characters"),
    [
        ("驛站的驿站", "驿站"),
        ("GPT-4的补贴是什么", "补贴"),
        ("2024", ""),
        ("多少", ""),
    ],
)
def test_its_characters_are_those_of_its_content_each_once(text: str, characters: str) -> None:
    assert parse(text, CUT).characters == tuple(characters)


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("2023年涨了12.5%吗", ("2023", "12.5")),
        ("第１２条规定什么", ("12",)),
        ("2024-04-01召开的会议", ("2024", "04", "01")),
        ("第十二条规定什么", ()),
        ("多少钱", ()),
    ],
)
def test_its_numbers_are_those_written_in_digits(text: str, numbers: tuple[str, ...]) -> None:
    assert parse(text, CUT).numbers == numbers


@pytest.mark.parametrize(
    ("text", "content"),
    [("任何人都可以申请补贴吗", "任何人 申请补贴"), ("几乎所有驿站", "几乎所有驿站")],
)
def test_words_that_hold_an_interrogative_by_chance_are_content(text: str, content: str) -> None:
    assert parse(text, CUT).content == content
