"""What stands by itself in a passage: facts, fields, rows of sheets, signatures."""

from __future__ import annotations

import pytest

from qa.layout import layout_of


def parts(text: str, which: str) -> list[str]:
    return [text[a:b] for a, b in sorted(getattr(layout_of(text), which))]


def test_a_name_and_the_value_below_it_are_one() -> None:
    text = "会议地点\n五楼会议室\n主持人\n万国栋\n请准时到会。"
    assert parts(text, "whole") == ["会议地点\n五楼会议室", "主持人\n万国栋"]
    assert parts(text, "apart") == parts(text, "whole")


@pytest.mark.parametrize(
    "text",
    [
        "姓名\n电话\n部门\n赵青",
        "申请材料\n1. 申请表\n办理流程\n一、申请",
        "各单位要高度重视。\n会议地点\n三楼",
        "",
    ],
)
def test_what_is_no_fact(text: str) -> None:
    assert layout_of(text).whole == ()


def test_fields_and_prices_stand_apart_where_they_have_company() -> None:
    fields = ["办理地点：一楼大厅", "- 主持：柯主席", "（一）一般困难：1000元", "卤鸡腿 6元"]
    assert parts("\n".join([*fields, "请携带证件。"]), "apart") == fields
    assert (
        parts("会议强调：要抓好落实。各单位要行动。\n办理地点：一楼大厅\n请带证件。", "apart") == []
    )


def test_the_row_of_a_sheet_is_whole_whatever_stops_are_in_it() -> None:
    row = "情形：酒后上岗；处理：立即停工。停工期间不计工资。；依据：第15条"
    assert parts(row, "whole") == [row]
    assert parts("会议提出：要学习；要行动。", "whole") == []
    assert parts(row.replace("15", "1" * 120), "whole") == []


def test_a_signature_stands_apart() -> None:
    text = "3. 身体不适者请告知领队。\n女职工委员会\n2024年4月2日"
    assert parts(text, "apart") == ["女职工委员会", "2024年4月2日"]
    assert parts("2024年4月2日\n活动开始。\n甲。\n乙。\n丙。", "apart") == []


def test_columns_parted_by_blanks() -> None:
    text = "单位名称    联系人    电话\n医务室      石医生    66011\n食堂        何师傅    66022"
    assert layout_of(text).text.endswith("\n单位名称：食堂；联系人：何师傅；电话：66022")
    assert len(layout_of("王　明到会。\n李　强到会。").apart) == 0
