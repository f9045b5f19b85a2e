"""Rows of cells as lines: what stands above the names of the columns, and what below."""

from __future__ import annotations

import io

import docx
import openpyxl
import pytest

from qa.reading.delimited import read_delimited
from qa.reading.sheets import read_sheets
from qa.reading.tables import named_rows, table_lines
from qa.reading.word import read_word
from tests import office

TITLE = "云岭市帮扶资金安排表"
NAMES = ("县区", "资金", "用途")
ROWS = (("云岭县", "30万元", "驿站"), ("柏岭县", "9万元", "培训"))
LINES = [TITLE, "县区：云岭县；资金：30万元；用途：驿站", "县区：柏岭县；资金：9万元；用途：培训"]


@pytest.mark.parametrize("title", [(TITLE,) * 3, (TITLE, "", ""), (TITLE,), (TITLE, TITLE, "")])
def test_a_title_over_all_columns_names_none(title):
    rows = [title, NAMES, *ROWS]
    assert list(named_rows(rows)) == LINES
    assert table_lines(rows) == LINES


def test_a_title_that_is_merged_in_a_sheet():
    book = openpyxl.load_workbook(
        io.BytesIO(office.sheets({"Sheet1": [[TITLE], [*NAMES], *map(list, ROWS)]}))
    )
    book.active.merge_cells("A1:C1")
    content = read_sheets(office.saved(book))
    assert content.text.split("\n") == LINES
    assert content.title == TITLE


def test_a_title_that_is_repeated_in_csv():
    text = "\n".join(",".join(row) for row in [(TITLE,) * 3, NAMES, *ROWS])
    assert read_delimited(text).text.split("\n") == LINES


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("单位,金额,金额\n云岭县,20,30", ["单位：云岭县；金额：20；金额：30"]),
        (
            "姓名,电话,姓名,电话\n王芳,8801,李海,8802\n周明,8803,陈静,8804",
            [
                "姓名：王芳；电话：8801；姓名：李海；电话：8802",
                "姓名：周明；电话：8803；姓名：陈静；电话：8804",
            ],
        ),
        ("物品,数量,数量\n雨伞,3,4", ["物品：雨伞；数量：3；数量：4"]),
        (
            "年度,经费,经费\n2023,3,4\n2024,5,-",
            ["年度：2023；经费：3；经费：4", "年度：2024；经费：5；经费：-"],
        ),
        ("雨伞,黑,黑\n帽子,蓝,3\n手套,-,白", ["雨伞；黑；黑", "帽子；蓝；3", "手套；-；白"]),
        ("是,否,否\n否,是,是", ["是；否；否", "否；是；是"]),
        ("年度,计划,计划\n年度,金额,人数\n2023,3,4", ["年度：2023；计划/金额：3；计划/人数：4"]),
    ],
)
def test_a_column_name_that_stands_twice_in_csv(text, lines):
    assert read_delimited(text).text.split("\n") == lines


def test_a_title_that_is_merged_in_word():
    made = docx.Document()
    table = made.add_table(rows=0, cols=3)
    for row in [(TITLE, "", ""), NAMES, *ROWS]:
        for cell, value in zip(table.add_row().cells, row, strict=True):
            cell.text = value
    table.cell(0, 0).merge(table.cell(0, 2))
    assert read_word(office.saved(made)).text.split("\n") == LINES


def test_a_title_over_two_columns_that_name_each_other():
    rows = [("基本情况", "基本情况"), ("名称", "职工之家"), ("地址", "文化路5号")]
    assert table_lines(rows) == ["基本情况", "名称：职工之家", "地址：文化路5号"]


def test_the_first_row_of_values_is_no_second_row_of_names():
    rows = [("县区", "项目", "项目"), ("云岭县", "驿站", "培训"), ("柏岭县", "食堂", "培训")]
    lines = ["县区：云岭县；项目：驿站；项目：培训", "县区：柏岭县；项目：食堂；项目：培训"]
    assert list(named_rows(rows)) == lines
    assert table_lines(rows) == lines


def test_names_of_two_levels_below_a_title():
    rows = [
        (TITLE,) * 4,
        ("单位", "经费", "经费", "备注"),
        ("", "上年", "本年", "备注"),
        ("云岭县", "20", "30", "已拨"),
    ]
    assert list(named_rows(rows)) == [
        TITLE,
        "单位：云岭县；经费/上年：20；经费/本年：30；备注：已拨",
    ]


@pytest.mark.parametrize("merged", [True, False])
@pytest.mark.parametrize(
    ("rows", "lines"),
    [
        ([("数量", "数量"), ("3", "4"), ("5", "6")], ["数量：3；数量：4", "数量：5；数量：6"]),
        ([("会费金额", "会费金额"), ("3", "4")], ["会费金额：3；会费金额：4"]),
        (
            [("姓名", "姓名"), ("赵青", "钱白"), ("孙红", "周蓝")],
            ["姓名：赵青；姓名：钱白", "姓名：孙红；姓名：周蓝"],
        ),
        ([("", "数量", "数量"), ("雨伞", "3", "4")], ["雨伞；数量：3；数量：4"]),
        ([("经费", "经费"), ("上年", "本年"), ("20", "30")], ["经费", "上年：20；本年：30"]),
    ],
)
def test_columns_of_which_all_have_the_same_name(rows, lines, merged):
    assert list(named_rows(rows, merged=merged)) == lines


def test_a_title_over_all_columns_is_no_name_though_columns_are_named_so():
    rows = [("差旅费标准", "差旅费标准"), ("城市", "住宿"), ("云岭", "甲类")]
    assert list(named_rows(rows)) == ["差旅费标准", "城市：云岭；住宿：甲类"]
    assert table_lines([("数量", "数量"), ("3", "4"), ("5", "6")])[0] == "数量：3；数量：4"


def test_rows_of_one_value_and_nothing_else_stay_lines():
    assert table_lines([("甲", "甲"), ("乙", "")]) == ["甲：甲", "乙"]
    assert list(named_rows([("甲", "甲"), ("乙", "")])) == ["甲", "乙"]


def test_equal_figures_in_a_row_keep_their_names():
    names, zeros = ("数量", "金额"), ("0", "0")
    assert list(named_rows([names, ("1", "2"), zeros])) == ["数量：1；金额：2", "数量：0；金额：0"]
    same = ("是", "是")  # in a sheet a merged cell, in a file of commas two values
    assert list(named_rows([names, ("1", "2"), same]))[1] == "是"
    assert list(named_rows([names, ("1", "2"), same], merged=False))[1] == "数量：是；金额：是"


def test_a_file_of_commas_loses_no_equal_values():
    text = read_delimited("姓名,到会,表决\n王小工,是,是\n李小会,是,否\n是,是,是\n").text
    assert text.split("\n")[-1] == "姓名：是；到会：是；表决：是"
