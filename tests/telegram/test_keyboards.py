"""Buttons: short enough, readable again, and forged ones recognised."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.bot.keyboards import (
    Press,
    Verb,
    answer_keyboard,
    correction_keyboard,
    reading_keyboard,
    sources_keyboard,
)
from qa.messages import Messages
from qa.records import Answer
from tests.telegram.test_pieces import citation

ZH = Messages("zh")
CITED = tuple(citation("第二条 节假日照常开放。", number=number) for number in range(1, 6))


def labels(keyboard):
    return [[button.text for button in row] for row in keyboard.inline_keyboard]


def presses(keyboard):
    return [Press.of(button.callback_data) for row in keyboard.inline_keyboard for button in row]


@given(
    st.sampled_from(Verb),
    st.integers(0, 10**15 - 1),
    st.integers(0, 999),
    st.integers(-999_999, 999_999),
)
def test_what_is_pressed_is_what_was_offered_in_64_bytes(verb, shown, source, step):
    press = Press(verb, shown, source, step)
    assert Press.of(press.data) == press
    assert len(press.data.encode()) <= 64


@pytest.mark.parametrize(
    "data",
    [None, "", "ask:", "ask:read:1", "ask:kill:1:0:0", "ask:read:-1:0:0", "ask:read:1:0:0\n",
     "ask:read:１:0:0", "ask:read:9999999999999999:0:0", "ask:read:1:0:0:0", "doc:1",
     "ask:read:1:0:" + "9" * 60],
)  # fmt: skip
def test_what_was_not_offered_here_is_no_press(data):
    assert Press.of(data) is None


@given(st.text(max_size=64))
def test_any_text_is_a_press_or_none(data):
    press = Press.of(data)
    assert press is None or Press.of(press.data) == press


def test_an_answer_offers_context_sources_the_original_and_a_verdict():
    answer = Answer("问", True, 0.9, "答", CITED[:2])
    keyboard = answer_keyboard(12, answer, ZH, originals=True)
    assert labels(keyboard) == [
        ["↑ 上文", "下文 ↓", "原文件"],
        ["[2]"],
        ["👍 答对了", "👎 不对"],
    ]
    assert presses(keyboard)[:4] == [
        Press(Verb.READ, 12, 0, -1),
        Press(Verb.READ, 12, 0, 1),
        Press(Verb.FILE, 12),
        Press(Verb.READ, 12, 1),
    ]
    assert labels(answer_keyboard(12, answer, ZH, originals=False))[0] == ["↑ 上文", "下文 ↓"]


def test_more_sources_are_offered_where_there_are_more():
    answer = Answer("问", True, 0.9, "答", CITED)
    assert labels(answer_keyboard(12, answer, ZH, originals=False))[1] == ["[2]", "[3]", "更多来源"]
    assert labels(sources_keyboard(12, [3, 4], 5, ZH)) == [["[4]", "[5]"]]
    assert labels(sources_keyboard(12, [3, 4, 5], 9, ZH)) == [["[4]", "[5]", "[6]", "更多来源"]]


def test_what_was_understood_or_suggested_can_be_pressed():
    answer = Answer("问", True, 0.9, "答", CITED[:1], understood="驿站问", suggestion="驿" * 80)
    said = labels(answer_keyboard(1, answer, ZH, originals=False))
    assert said[-1] == ["不是这个意思"]
    assert said[-2][0].startswith("想问：驿驿") and said[-2][0].endswith("…")


def test_nothing_found_offers_what_came_closest():
    answer = Answer("问", False, 0.1, closest=CITED[:3])
    assert labels(answer_keyboard(1, answer, ZH, originals=True)) == [
        ["看看最接近的段落"],
        ["文档里其实有"],
    ]
    assert labels(answer_keyboard(1, Answer("问", False, 0), ZH, originals=True)) == [
        ["文档里其实有"]
    ]


def test_reading_on_turns_the_same_message():
    keyboard = reading_keyboard(Press(Verb.READ, 5, 2, -3), ZH, originals=True)
    assert presses(keyboard) == [
        Press(Verb.TURN, 5, 2, -4),
        Press(Verb.TURN, 5, 2, -2),
        Press(Verb.FILE, 5, 2),
    ]


def test_a_correction_names_the_sources_or_says_there_is_none():
    assert labels(correction_keyboard(5, 2, ZH)) == [["[1]", "[2]"], ["文档里没有答案"]]
    assert labels(correction_keyboard(5, 0, ZH)) == [["文档里没有答案"]]
    assert len(presses(correction_keyboard(5, 50, ZH))) == 9
