"""What earlier questions gave to a later one, as a person reads it."""

from __future__ import annotations

import pytest

from qa.records import Answer
from qa.retelling import readable, retold

CARD = "会员卡丢了怎么补办？"


@pytest.mark.parametrize(
    ("added", "earlier", "shown"),
    [
        ("会员卡丢 补办", [CARD], "会员卡丢了怎么补办"),
        ("会员卡丢 补办 手续费", [CARD, "手续费怎么收"], "会员卡丢了怎么补办 · 手续费"),
        ("骑手之家", ["骑手之家在哪里", "谁建的"], "骑手之家"),
        ("郑立群", ["谁当选了主席"], "郑立群"),  # from an answer
        ("嵐港 勞工教育研習會", ["嵐港的勞工教育研習會何時舉行"], "嵐港的勞工教育研習會"),
        ("会员卡 补办", ["骑手之家在哪里"], "会员卡 · 补办"),
        ("甲区 乙", ["甲区" + "很" * 60 + "乙"], "甲区…乙"),
        ("会员卡", [], "会员卡"),
        ("", [CARD], ""),
    ],
)
def test_runs_of_what_was_typed(added, earlier, shown):
    assert readable(added, earlier) == shown


def test_the_newest_of_equal_questions_is_shown():
    earlier = ["会员卡怎么补办", "会员卡在哪里补办"]
    assert readable("会员卡 补办", earlier) == "会员卡在哪里补办"


def test_a_whole_question_is_retold():
    answer = Answer(
        "手续费怎么收", True, 0.9, understood="会员卡丢 补办 手续费怎么收", added="会员卡丢 补办"
    )
    assert retold(answer, [CARD]) == "会员卡丢了怎么补办 · 手续费怎么收"


def test_what_was_put_in_between_stays_as_it_is():
    answer = Answer("他是谁", True, 0.9, understood="郑立群是谁", added="郑立群")
    assert retold(answer, [CARD]) == "郑立群是谁"
    assert retold(Answer("谁", True, 0.9), [CARD]) == ""
