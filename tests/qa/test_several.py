"""Several questions in one text are told apart; a question with what belongs to it is one."""

from __future__ import annotations

import pytest

from qa.several import MOST, Questions, as_one_line, questions_in, takes_up


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("年假有几天\n会费怎么交\n主席是谁", ["年假有几天", "会费怎么交", "主席是谁"]),
        (
            "年假有几天？会费怎么交？主席是谁？",
            ["年假有几天？", "会费怎么交？", "主席是谁？"],
        ),
        ("年假有几天?\r\n\r\n  会费怎么交?", ["年假有几天?", "会费怎么交?"]),
        ("主席是谁？副主席呢？", ["主席是谁？", "副主席呢？"]),
        ("主席是谁\n副主席呢\n", ["主席是谁", "副主席呢"]),
        ("主席是谁？副主席？", ["主席是谁？", "副主席？"]),
        ("會費怎麼交？主席是誰？", ["會費怎麼交？", "主席是誰？"]),
        ("1、年假有几天？2、会费怎么交？", ["年假有几天？", "会费怎么交？"]),
        ("（一）年假有几天\n（二）会费怎么交", ["年假有几天", "会费怎么交"]),
        ("Q1: 年假有几天\nQ2: 会费怎么交", ["年假有几天", "会费怎么交"]),
        ("- 年假有几天\n- 会费怎么交", ["年假有几天", "会费怎么交"]),
        ("2.5万元怎么算？3.5万元怎么算？", ["2.5万元怎么算？", "3.5万元怎么算？"]),
        ("我去年入职。年假有几天？会费怎么交？", ["我去年入职。年假有几天？", "会费怎么交？"]),
        ("我在驿站上班\n年假有几天\n会费怎么交", ["我在驿站上班 年假有几天", "会费怎么交"]),
        (
            "年假有几天？会费怎么交？我是新来的员工。",
            ["年假有几天？", "会费怎么交？我是新来的员工。"],
        ),
        ("你好！年假有几天？会费怎么交？谢谢！", ["年假有几天？", "会费怎么交？"]),
        ("年假有10天，对吗？会费怎么交？", ["年假有10天，对吗？", "会费怎么交？"]),
        ("主席是谁？换个话题。会费怎么交？", ["主席是谁？", "换个话题。会费怎么交？"]),
        ("What is it? Who is he?", ["What is it?", "Who is he?"]),
        ("😀年假有几天？会费怎么交？", ["😀年假有几天？", "会费怎么交？"]),
    ],
)
def test_several_questions_are_told_apart(text, asked):
    found = questions_in(text)
    assert list(found.asked) == asked
    assert (found.left, found.several) == (0, True)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "年假有几天",
        "年假有几天？？",
        "我去年入职。年假有几天？",
        "我去年入职\n年假有几天？",
        "我不知道怎么申请。需要什么材料？",
        "年假有几天，会费怎么交？",
        "年假有10天？对吗？",
        "会员卡丢了？怎么办？",
        "会员卡丢了？在哪里补？",
        "你好，在吗？年假有几天？",
        "你好？\n年假有几天？",
        "驿站是八点开门？还是九点？",
        "驿站几点开门？还是不开？",
        "县级工会提升年的\n目标是什么？",
        "我想了解一下县级工会提升年有哪些\n具体的目标和要求？",
        "《谁动了我的奶酪？》的作者是谁？",
        "他问：“谁去？什么时候去？”这句话出自哪里？",
        "你是谁？你能做什么？",
        "驿站\n会员卡\n疗休养",
        "年假有几天？谢谢！",
        "工会经费怎么用？" * 200,  # no list of questions, but a text
    ],
)
def test_one_question_stays_as_it_was_typed(text):
    assert questions_in(text) == Questions((text,))
    assert as_one_line(text) is None


def test_only_a_few_are_answered_and_the_others_counted():
    text = "\n".join(f"第{number}条说什么" for number in range(1, MOST + 4))
    found = questions_in(text)
    assert found.asked == tuple(text.split("\n")[:MOST])
    assert found.left == 3


@pytest.mark.parametrize("text", ["主席是谁\n副主席呢", "1. 年假有几天\n2. 会费怎么交？谢谢"])
def test_the_line_that_they_make_holds_the_same_questions(text):
    line = as_one_line(text)
    assert line is not None
    assert "\n" not in line
    again = [one.rstrip("？") for one in questions_in(line).asked]
    assert again == [one.rstrip("？") for one in questions_in(text).asked]


@pytest.mark.parametrize(
    "question", ["副主席呢？", "他是哪里人", "那会费呢", "还有别的吗？", "副主席？"]
)
def test_what_points_back_goes_on_with_the_questions_before(question):
    assert takes_up(question)


@pytest.mark.parametrize("question", ["馆长是谁？", "会费怎么交", "天气怎么样？", "教师可以借几本"])
def test_a_whole_question_is_asked_alone(question):
    assert not takes_up(question)
