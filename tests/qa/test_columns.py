"""Tables typed with bars or tabs: which line names the columns, and how rows read."""

from __future__ import annotations

import pytest

from embeddings.words import fold
from qa.columns import cells_of, label, named, names_above
from qa.layout import layout_of, lines_of
from qa.outline import Line

FLEET = (
    "| 车队 | 值班员 | 手机 |\n| 东城车队 | 赵青 | 13900010001 |\n| 西城车队 | 钱白 | 13900010002 |"
)
TABBED = FLEET.replace(" | ", "\t").replace("| ", "").replace(" |", "")


def heads(text: str, names: str = "") -> list[str]:
    """Give, for each line, the first column's name where a row has one; else its own first cell."""
    lines = lines_of(text)
    found = names_above(lines, names)
    return [
        f"{cells_of(found[at])[0]}:{cells_of(line.shown)[0]}" if at in found else ""
        for at, line in enumerate(lines)
    ]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (FLEET, ["", "车队:东城车队", "车队:西城车队"]),
        (
            FLEET.replace(" | ", "\t").replace("| ", "").replace(" |", ""),
            ["", "车队:东城车队", "车队:西城车队"],
        ),
        ("楼层 | 开放时间\n一楼 | 8:00\n二楼 | 9:00", ["", "楼层:一楼", "楼层:二楼"]),
        ("单位    电话\n医务室  6620011\n食堂    6620022", ["", "单位:医务室", "单位:食堂"]),
        ("姓名｜部门\n何平｜宣教部", ["", "姓名:何平"]),
        ("| 甲 | 乙 |\n|:-|-:|\n| 丙 | 丁 |", ["", "甲:丙"]),
        ("| **单位** | 1-6月 |\n|---|---|\n| 一厂 | 3 |", ["", "单位:一厂"]),
        ("|  | 周一 | 周二 |\n| 早班 | 2人 | 3人 |\n| 晚班 | 1人 | 2人 |", ["", ":早班", ":晚班"]),
        ("序号 | 2023年\n一 | 12\n二 | 13\n", ["", "序号:一", "序号:二"]),
    ],
)
def test_the_line_that_names_the_columns(text: str, found: list[str]) -> None:
    assert heads(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "| 名称 | 职工之家 |\n| 电话 | 0871-6001122 |\n| 人数 | 12 |",
        "姓名 | 赵青 | 性别 | 男\n单位 | 一厂 | 电话 | 6001122",
        "| 东城 | 3 |\n| 西城 | 4 |\n| 南城 | 5 |",
        "| 车队 | 值班员 |",
        "工会 | 服务\n一句话没有表格。\n工会 | 服务",
        "周一 | 闭馆\n周二 | 10:00\n周三 | 10:00",
        "甲 | 乙 | 丙\n丁 | 戊 | 己",
        "| 单位 | 单位 |\n| 一厂 | 3 |\n| 二厂 | 4 |",
    ],
)
def test_what_is_no_line_of_names(text: str) -> None:
    assert not any(heads(text))


def test_the_names_of_a_table_that_was_cut() -> None:
    rows = "| 南城车队 | 孙红 | 13900010003 |\n| 北城车队 | 周蓝 | 13900010004 |"
    assert heads(rows, "车队 | 值班员 | 手机") == ["车队:南城车队", "车队:北城车队"]
    assert heads(rows, "车队 | 手机") == ["", ""]


def test_columns_as_a_heading_and_before_values() -> None:
    assert label("|" + "很长的列名很长的列名 |" * 20).count("|") == 5
    assert named("|  | 周一 |", "| 早班 | 2人 |") == "早班；周一：2人"
    assert cells_of("没有表格") == ["没有表格"]


def test_rows_read_with_their_names_and_keep_their_places() -> None:
    text = fold(f"值班如下。\n\n{FLEET}\n请按时到岗。")
    table = layout_of(text)
    shown = [text[a:b] for a, b in table.whole]
    assert shown == [fold(line) for line in FLEET.split("\n")]
    assert [text[a:b] for a, b in table.names] == shown[:1]
    read = [table.text[table.place(a) : table.place(b)] for a, b in table.whole]
    assert read[0] == shown[0]
    assert read[2] == fold("车队：西城车队；值班员：钱白；手机：13900010002").replace(
        ":", "："
    ).replace(";", "；")
    end = text.index("请")
    assert table.text[table.place(end) :] == text[end:]
    assert table.place(0) == 0


def test_a_line_knows_how_many_signs_stand_above_it() -> None:
    assert [line.before for line in lines_of("甲\n---\n\n乙")] == [0, 4]
    assert lines_of(" \n") == [] and isinstance(lines_of("甲")[0], Line)
