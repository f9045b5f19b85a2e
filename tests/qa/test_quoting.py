"""What may be quoted."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.quoting import LONGEST, balanced, paragraph_around, pieces, statements, whole_list


def texts(text: str) -> list[str]:
    return [text[start:end] for start, end in statements(text)]


def listed(text: str, begin: str) -> str:
    """Give the whole list of the statement that begins so."""
    [statement] = [one for one in statements(text) if text.startswith(begin, one[0])]
    start, end = whole_list(text, statement)
    return text[start:end]


def test_a_question_is_joined_with_its_answer() -> None:
    assert texts("问：丢了怎么补？答：带身份证补。不收费。") == [
        "问：丢了怎么补？答：带身份证补。",
        "不收费。",
    ]


def test_a_lead_in_is_joined_with_what_follows() -> None:
    assert texts("目标是：\n建成一百家。\n其余照旧。") == ["目标是：\n建成一百家。", "其余照旧。"]


def test_a_last_lead_in_stands_alone() -> None:
    assert texts("好。附件：") == ["好。", "附件："]
    assert texts("") == []


def test_a_list_is_taken_to_its_last_item() -> None:
    text = "应当提交以下材料：\n（一）申请表；\n（二）身份证；\n（三）证明。\n材料一式两份。"
    assert listed(text, "应当").splitlines()[-1] == "（三）证明。"
    assert listed(text, "材料一式") == "材料一式两份。"


def test_an_item_of_several_sentences_belongs_to_its_list() -> None:
    text = "步骤如下：\n1. 填表。用黑笔。\n2. 交表。当面交。\n窗口在一楼。"
    assert listed(text, "步骤").splitlines()[-1] == "2. 交表。当面交。"


def test_items_without_numbers_are_a_list_while_their_lines_go_on() -> None:
    text = "需带：\n身份证；\n户口簿；\n两张照片。\n不收复印件。"
    assert listed(text, "需带") == "需带：\n身份证；\n户口簿；\n两张照片。"


def test_a_table_behind_a_lead_in_is_its_list() -> None:
    text = "分工如下：\n\n| 姓名 | 职务 |\n| --- | --- |\n| 甲 | 主席 |\n\n自即日起施行。"
    assert listed(text, "分工").endswith("| 甲 | 主席 |")


@pytest.mark.parametrize(
    "counted",
    [
        "一是建会。二是维权。三是服务。",
        "（1）建会。（2）维权。",
        "第一，建会。第二，维权。",
        "①建会。②维权。③服务。",
    ],
)
def test_what_is_counted_in_a_line_is_quoted_to_the_last(counted: str) -> None:
    text = f"重点做好以下工作。{counted}请各地落实。"
    assert listed(text, "重点") == f"重点做好以下工作。{counted}"


def test_counting_that_begins_elsewhere_or_stops_at_one_is_no_list() -> None:
    assert listed("要点。他说。一是建会。二是维权。", "要点") == "要点。"
    assert listed("要点。二是维权。三是服务。", "要点") == "要点。"
    assert listed("一是建会。其余照旧。", "一是") == "一是建会。"
    assert listed("增长1.5%。2.5万人参加。", "增长") == "增长1.5%。"


LONG = "，".join(f"第{n}项工作由市总工会牵头各县区配合年底前完成" for n in range(12)) + "。"


def test_a_long_statement_falls_into_its_clauses() -> None:
    assert pieces("目标是建成一百家。", (0, 9)) == ((0, 9),)
    clauses = [LONG[start:end] for start, end in pieces(LONG, (0, len(LONG)))]
    assert "".join(clauses) == LONG
    assert len(clauses) == 12


def test_a_short_quotation_is_not_cut_into_clauses() -> None:
    text = "会议提出“坚持服务，坚持创新”，" + "抓好工作，" * 30
    first, *_ = pieces(text, (0, len(text)))
    assert text[slice(*first)] == "会议提出“坚持服务，坚持创新”，"


def test_a_quotation_is_taken_whole_when_it_fits() -> None:
    text = "他说：“好。我去。你留下。”大家同意。"
    assert balanced(text, (0, 7)) == (0, 14)
    assert balanced(text, (14, 19)) == (14, 19)


def test_a_quotation_that_is_too_long_loses_its_mark_instead() -> None:
    text = "会上说：“" + "坚持以职工为中心。" * 20 + "”会议要求落实。"
    start, end = balanced(text, (0, 14))
    assert text[start:end] == "坚持以职工为中心。"
    start, end = balanced(text, (len(text) - 17, len(text)))
    assert text[start:end] in ("坚持以职工为中心。", "会议要求落实。")


def test_a_mark_without_its_partner_halves_nothing() -> None:
    text = "1）申请表；2）身份证。"
    assert balanced(text, (0, 6)) == (0, 6)


MARKED = st.text(alphabet="工会，；。“”「」（）《》：\n一是a1 ", max_size=300)


def is_halved(text: str, start: int, end: int) -> bool:
    """Say whether a range cuts a pair of marks, by plain counting of the innermost pairs."""
    opened: list[tuple[str, int]] = []
    partner = {"”": "“", "」": "「", "）": "（", "》": "《"}
    for at, char in enumerate(text):
        if char in partner.values():
            opened.append((char, at))
        elif char in partner and any(sign == partner[char] for sign, _ in opened):
            while opened[-1][0] != partner[char]:
                opened.pop()
            _, first = opened.pop()
            if (start <= first < end) != (start <= at < end):
                return True
    return False


@given(MARKED, st.data())
def test_nothing_is_halved_unless_nothing_would_be_left(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    left, right = balanced(text, (start, end))
    assert 0 <= left <= right <= len(text)
    assert (left, right) == (start, end) or not is_halved(text, left, right)


@given(MARKED)
def test_pieces_hold_all_of_a_statement_in_order(text: str) -> None:
    for statement in statements(text):
        parts = pieces(text, statement)
        assert [*parts] == sorted(parts)
        assert "".join("".join(text[a:b] for a, b in parts).split()) == "".join(
            text[slice(*statement)].split()
        )


@given(MARKED)
def test_a_list_keeps_what_it_was_made_of(text: str) -> None:
    for start, end in statements(text):
        first, last = whole_list(text, (start, end))
        assert first == start
        assert end <= last <= len(text)


def test_one_clause_that_runs_on_is_kept_whole() -> None:
    text = "工" * (LONGEST + 180)
    assert pieces(text, (0, 300)) == ((0, 300),)


def test_the_paragraph_of_a_statement_is_its_line() -> None:
    text = "甲县：一个。\n乙县：两个。丙。\n丁"
    assert paragraph_around(text, (7, 13)) == "乙县：两个。丙。"
    assert paragraph_around(text, (17, 18)) == "丁"
