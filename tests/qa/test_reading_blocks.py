"""Element trees as lines: tables inside tables, and how long a large page takes."""

from __future__ import annotations

from functools import partial

import pytest
from lxml import html

from qa.reading.blocks import lines_of
from tests.quick import is_quick, processor_s


def page(body):
    parser = html.HTMLParser(huge_tree=True, encoding="utf-8")
    return html.fromstring(f"<html><body>{body}</body></html>".encode(), parser=parser)


def nested_tables(number):
    """Tables that each stand in a cell of the one before."""
    opened = "".join(f"<table><tr><td>第{n}层</td><td>说明{n}" for n in range(number))
    return page(opened + "</td></tr></table>" * number)


def nested_rows(number):
    """Rows that each stand in a cell of the one before, as where nothing is closed."""
    opened = "".join(f"<tr><td>第{n}层</td><td><div>说明{n}" for n in range(number))
    return page(f"<table>{opened}</table>")


def rows(number):
    made = "".join(f"<tr><td>第{n}行</td><td>说明{n}</td></tr>" for n in range(number))
    return page(f"<table>{made}</table>")


def test_tables_inside_tables_lay_out_the_page_and_the_innermost_holds_values():
    assert lines_of(nested_tables(3)) == ["第0层", "说明0", "第1层", "说明1", "| 第2层 | 说明2 |"]
    assert lines_of(nested_rows(3)) == ["第0层", "说明0", "第1层", "说明1", "| 第2层 | 说明2 |"]


def test_rows_of_values_are_lines():
    assert lines_of(rows(20_000))[-1] == "| 第19999行 | 说明19999 |"


def written(tree, times):
    for _ in range(times):
        lines_of(tree)


@pytest.mark.parametrize(
    ("made", "number", "times"),
    [(nested_tables, 150, 10), (nested_rows, 8, 100), (rows, 2_500, 2)],
)
def test_four_times_as_large_takes_about_four_times_as_long(made, number, times):
    small, large = (partial(written, made(size), times) for size in (number, 4 * number))
    assert is_quick(large, 8 * processor_s(small))  # 16 times, were it quadratic
