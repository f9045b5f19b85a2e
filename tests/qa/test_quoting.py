"""Which words are quoted."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from qa.quoting import LONGEST, narrow, paragraph_around, statements, whole_list


def texts(text: str) -> list[str]:
    return [text[start:end] for start, end in statements(text)]


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
    [lead, *_] = statements(text)
    start, end = whole_list(text, lead)
    assert text[start:end].splitlines()[-1] == "（三）证明。"
    assert whole_list(text, (end + 1, len(text))) == (end + 1, len(text))


def test_a_short_statement_stays_whole() -> None:
    assert narrow("目标是建成一百家。", (0, 9), lambda text: 0.0) == (0, 9)


LONG = "，".join(f"第{n}项工作由市总工会牵头各县区配合年底前完成" for n in range(12)) + "。"


def test_a_long_statement_is_cut_to_the_clauses_that_answer() -> None:
    start, end = narrow(LONG, (0, len(LONG)), lambda text: float("第7项" in text))
    assert "第7项" in LONG[start:end]
    assert end - start <= LONGEST
    assert start == 0 or LONG[start - 1] == "，"
    assert LONG[end - 1] in "，。"


def test_a_quotation_is_never_halved() -> None:
    inside = "，".join(["坚持以职工为中心不断提高服务水平"] * 10)
    text = f"会议提出“{inside}”，要求各级工会落实，" + "抓好工作，" * 20 + "。"
    for wanted in ("会议提出", "要求各级"):
        start, end = narrow(text, (0, len(text)), lambda part, w=wanted: float(w in part))
        assert text[start:end].count("“") == text[start:end].count("”")


@given(st.text(alphabet="工会，；。“”（）《》a1", max_size=400))
def test_what_is_quoted_is_a_stretch_of_the_statement(text: str) -> None:
    start, end = narrow(text, (0, len(text)), len)
    assert 0 <= start <= end <= len(text)
    assert (start < end) == bool(text)


def test_one_clause_that_runs_on_is_kept_whole() -> None:
    text = "工" * 300
    assert narrow(text, (0, 300), lambda part: 1.0) == (0, 300)


def test_the_paragraph_of_a_statement_is_its_line() -> None:
    text = "甲县：一个。\n乙县：两个。丙。\n丁"
    assert paragraph_around(text, (7, 13)) == "乙县：两个。丙。"
    assert paragraph_around(text, (17, 18)) == "丁"
