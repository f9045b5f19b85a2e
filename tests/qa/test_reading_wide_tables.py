"""Tables as people save them: nothing is lost, and values keep the names of their columns."""

from __future__ import annotations

import openpyxl
import pytest

from qa.reading.delimited import read_delimited
from qa.reading.sheets import read_sheets
from tests import office

ROWS = "单位,金额,电话\n云岭县,20,110\n柏岭县,30,112\n松涛县,40,113"
NAMED = [
    "单位：云岭县；金额：20；电话：110",
    "单位：柏岭县；金额：30；电话：112",
    "单位：松涛县；金额：40；电话：113",
]


def lines(text, **more):
    return read_delimited(text, **more).text.split("\n")


@pytest.mark.parametrize("sign", [",", ";", "\t", "|", "，"])
def test_whatever_parts_the_values(sign):
    assert lines(ROWS.replace(",", sign)) == NAMED


def test_commas_between_figures_of_values_that_semicolons_part():
    text = "单位;金额;备注\n云岭县;20,5;甲,乙\n柏岭县;30,1;丙,丁"
    assert lines(text)[0] == "单位：云岭县；金额：20,5；备注：甲,乙"


def test_excel_says_what_parts_the_values():
    content = read_delimited("sep=;\n单位;金额\n云岭县;20,1\n柏岭县;30,1")
    assert content.text.split("\n")[0] == "单位：云岭县；金额：20,1"
    assert content.title is None


def test_rows_wider_than_the_names_keep_all_they_hold():
    text = ROWS.replace("30,112", "30,112,备用电话,113,周末,114,节日,115")
    found = lines(text)
    assert found[0] == NAMED[0]
    assert found[1] == f"{NAMED[1]}；备用电话；113；周末；114；节日；115"
    assert found[2] == NAMED[2]


def test_rows_narrower_than_the_names_and_empty_values():
    assert lines(ROWS.replace("柏岭县,30,112", "柏岭县,30").replace("40", "")) == [
        NAMED[0],
        "单位：柏岭县；金额：30",
        "单位：松涛县；电话：113",
    ]


@pytest.mark.parametrize(
    "above",
    [
        ["2024年驿站经费表"],
        ["2024年驿站经费表,,", "单位：万元,,"],
        ["2024年驿站经费表", "填报单位：云岭市总工会,,2024年3月5日"],
        ["2024年驿站经费表", "", "填报人：王某,审核人：李某"],
    ],
)
def test_rows_above_the_names_stay_and_name_nothing(above):
    content = read_delimited("\n".join([*above, ROWS]))
    found = content.text.split("\n")
    assert found[-3:] == NAMED
    assert content.title == "2024年驿站经费表"
    for row in above:
        assert all(cell in content.text for cell in row.split(","))


def test_names_of_two_lines_as_merged_cells_come_out_in_csv():
    text = "县区,资金,,人数,\n,市级,县级,干部,职工\n云岭县,20,10,3,40\n柏岭县,21,11,4,41"
    assert lines(text) == [
        "县区：云岭县；资金/市级：20；资金/县级：10；人数/干部：3；人数/职工：40",
        "县区：柏岭县；资金/市级：21；资金/县级：11；人数/干部：4；人数/职工：41",
    ]


def test_a_first_row_with_a_gap_is_not_two_lines_of_names():
    text = "单位,,电话\n云岭县,甲,110\n柏岭县,乙,112"
    assert lines(text)[0] == "单位：云岭县；甲；电话：110"


@pytest.mark.parametrize("years", [("2022", "2023"), ("2022年", "2023年"), ("1月", "2月份")])
def test_years_and_months_name_columns(years):
    text = f"单位,{','.join(years)}\n云岭县,18,20\n柏岭县,28,30"
    assert lines(text)[0] == f"单位：云岭县；{years[0]}：18；{years[1]}：20"


def test_years_that_are_values_name_nothing():
    text = "云岭县,2022年\n柏岭县,2023年\n松涛县,2021年"
    assert lines(text) == ["云岭县；2022年", "柏岭县；2023年", "松涛县；2021年"]


def test_a_value_of_two_lines_stays_two_words():
    assert (
        lines('单位,说明\n云岭县,"第一行\n第二行"\n柏岭县,甲')[0]
        == "单位：云岭县；说明：第一行 第二行"
    )


def test_a_sheet_with_a_title_merged_cells_and_names_of_two_lines():
    book = openpyxl.Workbook()
    for row in (
        ["2024年驿站经费安排表", None, None, None, None],
        ["填报单位：云岭市总工会", None, None, None, None],
        ["县区", "资金", None, "人数", None],
        [None, "市级", "县级", "干部", "职工"],
        ["云岭县", 20, 10, 3, 40],
        [None, 22, 12, 5, 42],
        ["合计", 42, 22, 8, 82],
    ):
        book.active.append(row)
    for span in ("A1:E1", "A2:E2", "A3:A4", "B3:C3", "D3:E3", "A5:A6"):
        book.active.merge_cells(span)
    content = read_sheets(office.saved(book))
    assert content.title == "2024年驿站经费安排表"
    assert content.text.split("\n") == [
        "2024年驿站经费安排表",
        "填报单位：云岭市总工会",
        "县区：云岭县；资金/市级：20；资金/县级：10；人数/干部：3；人数/职工：40",
        "县区：云岭县；资金/市级：22；资金/县级：12；人数/干部：5；人数/职工：42",
        "县区：合计；资金/市级：42；资金/县级：22；人数/干部：8；人数/职工：82",
    ]


@pytest.mark.parametrize("sign", [",", ";", "\t"])
def test_no_value_is_ever_lost(sign):
    rows = [[f"格{row}之{at}" for at in range(row % 7 + 1)] for row in range(40)]
    text = "\n".join(sign.join(row) for row in rows)
    found = read_delimited(text, tabs=sign == "\t").text
    for row in rows:
        assert all(cell in found for cell in row)
