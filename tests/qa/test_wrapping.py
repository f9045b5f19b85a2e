"""Lines for a terminal: never too wide, nothing lost, no line that begins with a full stop."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.text import Text

from qa.wrapping import breaks, may_break, unbroken, wrap

TEXTS = st.text("工会驿站建成，。“”（）《》abc 123.%、…🙂\t", max_size=60)


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("", 10, [""]),
        ("工会", 10, ["工会"]),
        ("县级工会提升年的目标", 10, ["县级工会提", "升年的目标"]),
        ("全市新建工会驿站。", 16, ["全市新建工会驿", "站。"]),
        ("他说：“工会来了”", 10, ["他说：“工", "会来了”"]),
        ("全面印发《方案》", 10, ["全面印发", "《方案》"]),
        ("共有 1280 名会员", 10, ["共有 1280", "名会员"]),
        ("建筑面积1200平方米", 10, ["建筑面积", "1200平方米"]),
        ("abcdefghijklmnop", 10, ["abcdefghij", "klmnop"]),
        ("one two three four", 10, ["one two", "three four"]),
        ("  1. 建会率达到92%，新增八千人", 14, ["  1. 建会率达", "  到92%，新增", "  八千人"]),
        ("甲\n\n乙", 10, ["甲", "", "乙"]),
    ],
)
def test_lines_break_where_a_reader_expects(text, width, lines):
    assert wrap(Text(text), width).plain.split("\n") == lines


@given(TEXTS, st.integers(12, 40))
def test_no_line_is_too_wide_and_nothing_but_blanks_is_lost(text, width):
    wrapped = wrap(Text(text), width).plain
    assert "".join(wrapped.split()) == "".join(text.split())
    assert all(cell_len(line) <= width for line in wrapped.split("\n"))


@given(TEXTS.map(lambda text: text.replace(" ", "")), st.integers(12, 40))
def test_lines_break_only_where_they_may_unless_a_word_is_too_long(text, width):
    offsets = [0, *breaks(text, width)]
    for start, at in pairwise(offsets):
        possible = [i for i in range(start + 1, at + 1) if may_break(text, i)]
        assert may_break(text, at) or not possible


def test_styles_stay_on_their_characters():
    text = Text("县级工会").append("提升年的目标", "bold").append("是什么")
    wrapped = wrap(text, 10)
    bold = [wrapped.plain[span.start : span.end] for span in wrapped.spans if span.style == "bold"]
    assert "".join(bold).replace("\n", "") == "提升年的目标"


def test_a_name_cannot_turn_the_direction_of_what_is_shown():
    assert unbroken("通知\u202etxt.exe") == "通知 txt.exe"
