"""Words that lead over to a question, and those that say another topic begins."""

from __future__ import annotations

import pytest

from qa.announcing import begins_anew, without_announcement
from tests.quick import is_quick


@pytest.mark.parametrize(
    ("said", "rest", "anew"),
    [
        ("换个问题，会费交多少", "会费交多少", True),
        ("换个话题会费交多少", "会费交多少", True),
        ("換個話題 會費交多少", "會費交多少", True),
        ("好的，换个问题吧，会费交多少", "会费交多少", True),
        ("问个别的，开户行是哪家", "开户行是哪家", True),
        ("还有一个问题，谁批的", "谁批的", True),
        ("不说这个了，谁批的", "谁批的", True),
        ("对了，什么时候截止", "什么时候截止", False),
        ("另外问一下食堂几点开", "食堂几点开", False),
        ("顺便问下降温费多少", "降温费多少", False),
        ("再问一遍，什么时候", "什么时候", False),
        ("另外，开户行呢", "开户行呢", False),
    ],
)
def test_what_leads_over_is_taken_off(said, rest, anew):
    assert (without_announcement(said), begins_anew(said)) == (rest, anew)


QUESTIONS = """
换个会员卡要多少钱|换届选举什么时候|问题学生怎么办|另外呢|还有呢|咨询电话是多少|问一下开户行|对了|
换个话题|换个话题。|另外的驿站在哪|再就业补贴多少|下一个节目是什么
"""


@pytest.mark.parametrize("question", ["", *QUESTIONS.replace("\n", "").split("|")])
def test_words_of_a_question_stay(question):
    assert without_announcement(question) == question


def test_a_long_row_of_such_words_costs_one_pass():
    assert is_quick(lambda: without_announcement("那么好的我想再" * 20_000 + "换"), 0.5)
    assert is_quick(lambda: without_announcement("对了，" * 20_000), 0.5)
