"""Offices of another body are taken out of what is read, and nothing else is."""

from __future__ import annotations

import pytest

from qa.bodies import of_body

CITY = "云岭市总工会工作报告\n一、组织保障"
ASKED = "枫林县总工会副主席是谁"


def left(question: str, text: str, context: str = "") -> str:
    """Give what is read without the signs for what was taken out."""
    read = of_body(question, text, context)
    assert len(read) == len(text)
    return read.replace("□", "")


@pytest.mark.parametrize(
    ("text", "context", "read"),
    [
        # the sentence says whose it is
        ("云岭市总工会副主席许文娟出席。", "", "云岭市总工会出席。"),
        ("由云岭市总工会常务副主席罗敬之同志主持", "", "由云岭市总工会同志主持"),
        ("枫林县总工会副主席苗青出席。", CITY, "枫林县总工会副主席苗青出席。"),
        ("云岭市枫林县总工会副主席苗青", CITY, "云岭市枫林县总工会副主席苗青"),
        ("云岭市总工会来函,枫林县总工会副主席苗青", "", "云岭市总工会来函,枫林县总工会副主席苗青"),
        # the line, or what stands before in the passage
        ("枫林县总工会:会员4万人。副主席苗青。", CITY, "枫林县总工会:会员4万人。副主席苗青。"),
        ("青禾县总工会:会员5万人。副主席唐素琴。", "", "青禾县总工会:会员5万人。。"),
        (
            "枫林县总工会开会,云岭市总工会来函。\n苗青当选为副主席。",
            CITY,
            "枫林县总工会开会,云岭市总工会来函。\n苗青当选为副主席。",
        ),
        # what stands above
        ("| 许文娟 | 副主席 | 枫林县 |", CITY, "| 许文娟 |  | 枫林县 |"),
        ("| 苗青 | 副主席 |", "枫林县总工会分工", "| 苗青 | 副主席 |"),
        ("| 苗青 | 副主席 |", "会员手册", "| 苗青 | 副主席 |"),
        # no place
        ("大会产生县总工会副主席苗青", "", "大会产生县总工会副主席苗青"),
        ("全省工会副主席会议", "", "全省工会副主席会议"),
        ("", CITY, ""),
    ],
)
def test_an_office_of_another_place_is_taken_out(text, context, read):
    assert left(ASKED, text, context) == read


@pytest.mark.parametrize(
    "question",
    [
        "枫林县总工会在哪里",
        "副主席是谁",
        "枫林县有哪些驿站",
        "省总工会主席是谁",
        "九个县区工会主席几月份擂台述职",
        "",
    ],
)
def test_who_asks_for_no_office_of_a_place_reads_all(question):
    text = "云岭市总工会副主席许文娟出席。"
    assert of_body(question, text, CITY) == text


def test_a_name_that_the_question_says_is_kept():
    text = "云岭市总工会副主席许文娟出席。"
    assert left("许文娟是枫林县总工会副主席吗", text) == "云岭市总工会许文娟出席。"
