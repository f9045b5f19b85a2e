from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.sentences import clauses, sentences
from tests.quick import is_quick


def cut(text: str) -> list[str]:
    return [text[start:end] for start, end in sentences(text)]


def cut_finer(text: str) -> list[str]:
    return [text[start:end] for start, end in clauses(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("工会开会。职工参加！谁来主持？", ["工会开会。", "职工参加！", "谁来主持？"]),
        ("半角也行.工会开会!来了?好", ["半角也行.", "工会开会!", "来了?", "好"]),
        ("總工會開會。職工參加。", ["總工會開會。", "職工參加。"]),
        ("第一行\n第二行", ["第一行", "第二行"]),
        ("没有标点的一行", ["没有标点的一行"]),
        ("真的？！好。。。", ["真的？！", "好。。。"]),
        ("好👍。走🚶‍♀️！", ["好👍。", "走🚶‍♀️！"]),
        ("", []),
        ("  \n　\n", []),
    ],
)
def test_ends_at_stops_and_lines(text, expected):
    assert cut(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("他说：“我们好。”大家笑了。", ["他说：“我们好。”", "大家笑了。"]),
        ("这叫“好”。那叫“坏”。", ["这叫“好”。", "那叫“坏”。"]),
        ("主席說：「開會。」大家來了。", ["主席說：「開會。」", "大家來了。"]),
        ("“第一句。第二句。”", ["“第一句。第二句。”"]),
        ("“真好。”老李说。“我还来。”", ["“真好。”老李说。", "“我还来。”"]),
        ("“坚持。”的口号很响。好", ["“坚持。”的口号很响。", "好"]),
        ("“来吗？”，他问。好", ["“来吗？”，他问。", "好"]),
        ("以“奋斗！”为口号。好", ["以“奋斗！”为口号。", "好"]),
        ("《怎么办？》一书出版。好", ["《怎么办？》一书出版。", "好"]),
        ("公告（详见附件。）请查收。好", ["公告（详见附件。）请查收。", "好"]),
        ('他说"好了。"走了', ['他说"好了。"', "走了"]),
        ("（注：略。）正文。", ["（注：略。）", "正文。"]),
    ],
)
def test_quotes_and_brackets_stay_whole(text, expected):
    assert cut(text) == expected


def test_long_quote_is_cut_inside():
    quote = "“" + "我们要把服务职工作为根本任务。" * 12 + "”"

    assert len(cut(quote)) == 12
    assert cut(quote)[-1].endswith("。”")


@pytest.mark.parametrize(
    "text",
    [
        "增长12.5%",
        "版本1.2.3发布",
        "见https://a.example/b.c?x=1&y=2页",
        "use e.g. this one",
        "Dr. Li came",
        "1. 加强管理",
        "一. 指导思想",
        "经费.5万元",
        "等等……的情况",
    ],
)
def test_points_that_end_nothing(text):
    assert cut(text) == [text]


def test_latin_sentences():
    assert cut("We met. They left. OK") == ["We met.", "They left.", "OK"]
    assert cut("中English123混排。Next one.") == ["中English123混排。", "Next one."]


def test_ellipsis_ends_a_sentence_unless_it_runs_on():
    assert cut("真的……今天开会") == ["真的……", "今天开会"]
    assert cut("苹果……，都有") == ["苹果……，都有"]


def test_clauses_end_at_semicolons_too():
    assert cut("一是建会；二是维权;三是服务。") == ["一是建会；二是维权;三是服务。"]
    assert cut_finer("一是建会；二是维权;三是服务。") == ["一是建会；", "二是维权;", "三是服务。"]
    assert cut_finer("空格&nbsp;实体") == ["空格&nbsp;实体"]


TEXTS = st.text(alphabet="工会a1 .。！？!?;；…“”「」《》（）()\"'’，,、\n　😀说的", max_size=80)


@given(TEXTS)
def test_every_character_that_is_not_blank_is_in_one_sentence(text):
    for ranges in (sentences(text), clauses(text)):
        assert all(start < end for start, end in ranges)
        assert all(one[1] <= other[0] for one, other in pairwise(ranges))
        kept = "".join(text[start:end] for start, end in ranges)
        assert "".join(kept.split()) == "".join(text.split())
        assert all(text[start:end] == text[start:end].strip() for start, end in ranges)
        assert not any("\n" in text[start:end] for start, end in ranges)


@given(TEXTS)
def test_clauses_lie_within_sentences(text):
    whole = sentences(text)
    assert all(any(a <= start and end <= b for a, b in whole) for start, end in clauses(text))


@pytest.mark.parametrize(
    "piece", ["工", "工会，", "工会。", "“", "“工。", '"。', ".", "。”的", "（", "a.”", "一."]
)
def test_a_line_of_100000_characters_takes_no_time(piece):
    text = (piece * 100_000)[:100_000]
    assert is_quick(lambda: clauses(text), 1)
