"""The picture of a conversation in the pages is what the bot sends."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from tests.telegram.picture import Bubble, bubble, conversation, draw

PAGES = Path(__file__).parents[2] / "docs"


def shown(one: Bubble) -> list[str]:
    return ["".join(part.text for part in line.stretches) for line in one.lines]


def test_the_picture_is_what_the_bot_sends(tmp_path):
    drawn = (PAGES / "telegram.svg").read_text(encoding="utf-8")
    assert conversation(tmp_path) == drawn, "draw it again: see tests/telegram/picture.py"
    assert "](telegram.svg)" in (PAGES / "telegram.md").read_text(encoding="utf-8")


def test_long_lines_are_broken_and_a_long_quotation_is_folded():
    one = bubble("甲" * 60 + "\n<blockquote expandable>" + "乙" * 300 + "</blockquote>")
    lines = shown(one)
    assert lines[:2] == ["甲" * 27, "甲" * 27]
    assert lines[-1] == "⌄"
    assert [line.quoted for line in one.lines] == [False] * 3 + [True] * 5


@pytest.mark.parametrize("text", ["a &lt;b&gt; &amp; c", "😀<b>粗</b><i>斜</i>", "", "\n\n"])
def test_any_message_makes_a_picture_that_is_xml(text):
    root = ET.fromstring(draw([bubble(text, [["👍 好", "<b>"]]), bubble("问", mine=True)]))  # noqa: S314
    words = "".join(root.itertext())
    assert "<b>" in words and "问" in words
