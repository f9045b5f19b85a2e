"""Which time a question asks about, and which passages agree with it."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from embeddings.words import fold
from qa.times import Period, agreement, asked_period, newness, periods_in
from tests.quick import is_quick

TODAY = date(2024, 5, 20)


def asked(question: str) -> Period:
    period = asked_period(fold(question), TODAY)
    assert period is not None
    return period


@pytest.mark.parametrize(
    ("question", "first", "last"),
    [
        ("2023年建成多少家", "2023-01-01", "2023-12-31"),
        ("2023年度的目标", "2023-01-01", "2023-12-31"),
        ("2023年上半年", "2023-01-01", "2023-06-30"),
        ("2023年的下半年", "2023-07-01", "2023-12-31"),
        ("2023年第三季度", "2023-07-01", "2023-09-30"),
        ("2024年2月开了什么会", "2024-02-01", "2024-02-29"),
        ("2023年3月5日的会", "2023-03-05", "2023-03-05"),
        ("2023年2月30日的会", "2023-02-01", "2023-02-28"),
        ("2023-03-05的通知", "2023-03-05", "2023-03-05"),
        ("二〇二三年三月", "2023-03-01", "2023-03-31"),
        ("二〇二三年十二月三十一日", "2023-12-31", "2023-12-31"),
        ("23年的目标", "2023-01-01", "2023-12-31"),
        ("08年奥运会", "2008-01-01", "2008-12-31"),
        ("参加08年奥运会的人", "2008-01-01", "2008-12-31"),
        ("1950年代的电影", "1950-01-01", "1959-12-31"),
        ("1994年代表哪国参赛", "1994-01-01", "1994-12-31"),
        ("2023 年 3 月 5 日的会", "2023-03-05", "2023-03-05"),
        ("民國112年", "2023-01-01", "2023-12-31"),
        ("民國一百一十二年", "2023-01-01", "2023-12-31"),
        ("民国元年", "1912-01-01", "1912-12-31"),
        ("112年度的預算", "2023-01-01", "2023-12-31"),
        ("“十四五”时期的目标", "2021-01-01", "2025-12-31"),
        ("十一五期间", "2006-01-01", "2010-12-31"),
        ("2021到2023年", "2021-01-01", "2023-12-31"),
        ("2021年至2023年", "2021-01-01", "2023-12-31"),
        ("2021年和2022年各多少", "2021-01-01", "2022-12-31"),
        ("2026广东政府工作报告", "2026-01-01", "2026-12-31"),
        ("今年的目标", "2024-01-01", "2024-12-31"),
        ("去年上半年", "2023-01-01", "2023-06-30"),
        ("前年", "2022-01-01", "2022-12-31"),
        ("明年3月", "2025-03-01", "2025-03-31"),
        ("上半年完成多少", "2024-01-01", "2024-06-30"),
        ("本月", "2024-05-01", "2024-05-31"),
        ("上个月开了什么会", "2024-04-01", "2024-04-30"),
        ("近三年的数字", "2021-01-01", "2024-05-20"),
        ("2019年以来", "2019-01-01", "9999-12-31"),
        # The first that is named outright counts.
        ("今年说2023年建成多少", "2023-01-01", "2023-12-31"),
        ("2018年报告说延长到2030年", "2018-01-01", "2018-12-31"),
    ],
)
def test_the_time_asked_about(question: str, first: str, last: str) -> None:
    period = asked(question)
    assert (period.first.isoformat(), period.last.isoformat()) == (first, last)
    assert not period.latest


@pytest.mark.parametrize(
    "question",
    [
        "2023号文件说什么",
        "10年工龄有几天年假",
        "20年社保能领多少",
        "满1年怎么办",
        "三年以上",
        "每年一次",
        "12个月",
        "奖金2000元",
        "全年多少",
        "5年内还清",
        "有2000年历史的城市",
        "12月1日起施行的是哪部",
        "说明年龄要求",
        "以上年度",
        "基本年金",
        "二十四五岁",
        "离我最近的驿站",
        "最近的地铁站在哪",
        "2018年修正的劳动法",
        "哪一年成立的",
        "首次出现在哪里",
        "",
    ],
)
def test_what_names_no_time(question: str) -> None:
    assert asked_period(fold(question), TODAY) is None


@pytest.mark.parametrize(
    "question", ["最近有什么通知", "目前的标准", "最新政策", "新规什么时候施行"]
)
def test_the_newest_is_asked_for(question: str) -> None:
    period = asked(question)
    assert period.latest
    assert agreement(period, "2023年", "2023", "") == 0


def test_the_words_and_where_they_count_from() -> None:
    question = fold("縣級工會2021年和2022年建成多少家")
    period = asked_period(question, TODAY)
    assert period is not None
    assert [question[start:end] for start, end in period.places] == ["2021年", "2022年"]
    assert not period.relative
    assert (asked("去年").shift, asked("去年").relative) == (-1, True)
    assert asked("去年上半年").places == ((0, 5),)


def test_january_follows_december() -> None:
    period = asked_period("上个月", date(2024, 1, 3))
    assert period is not None
    assert period.first == date(2023, 12, 1)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2023年建成38家，2024年3月建成41家", ["2023-01-01", "2024-03-01"]),
        ("去年建成38家，今年上半年41家", ["2022-01-01", "2023-01-01"]),
        ("2022年3月动工，9月完工", ["2022-03-01"]),
        ("目前年均增长说明年龄结构12个月", []),
        ("根据2018年修正的工会法", []),
    ],
)
def test_times_in_a_passage(text: str, expected: list[str]) -> None:
    assert [first.isoformat() for first, _ in periods_in(text, 2023)] == expected


def test_a_month_alone_belongs_to_the_year_named_last() -> None:
    months = periods_in("2022年3月动工，9月完工", 2023, months=True)
    assert [first.isoformat() for first, _ in months] == ["2022-03-01", "2022-09-01"]


def test_relative_years_need_the_document_s() -> None:
    assert periods_in("去年建成38家") == []


@pytest.mark.parametrize(
    ("text", "document_date", "title", "expected"),
    [
        ("2023年建成38家", None, "", 1.0),
        ("2023年5月建成38家", "2019", "2019年总结", 1.0),
        ("去年建成38家", "2024-01-10", "", 1.0),
        ("今年建成38家", None, "2023年工作报告", 1.0),
        ("建成38家", "2025", "2023年工作总结", 1.0),
        ("建成38家", None, "京工发〔2023〕5号", 1.0),
        ("建成38家", "2023-04", "", 0.5),
        ("2022年建成38家", None, "2023年工作报告", 0.5),
        ("十四五期间建成38家", None, "", 0.5),
        ("自2019年以来建成38家", None, "", 0.5),
        ("2022年建成38家", "2023-04-01", "", 0.0),
        ("建成38家", None, "", 0.0),
        ("建成38家", "2024-01-10", "", 0.0),
        ("建成38家", None, "工会法(2018修正)", 0.0),
        ("建成38家", "2020-01-10", "", -0.5),
        ("建成38家", "2023-01-10", "2022年工作总结", -1.0),
        ("2022年建成38家", None, "", -1.0),
        ("今年建成38家", "2024-01-10", "", -1.0),
        # Not of another year: what is compared with one, and any year of a rule.
        ("建成38家，比上年增加5家", None, "2023年工作总结", 1.0),
        ("扣减该单位下一年名额", None, "2023年疗休养通知", 1.0),
        ("下一年度工作计划：建成38家", None, "2023年工作总结", 0.5),
    ],
)
def test_agreement_with_a_year(
    text: str, document_date: str | None, title: str, expected: float
) -> None:
    assert agreement(asked("2023年"), text, document_date, title) == expected


@pytest.mark.parametrize(
    ("text", "document_date", "expected"),
    [
        ("2023年3月召开", None, 1.0),
        ("3月召开", "2023-08", 1.0),
        ("2023年召开", None, 0.5),
        ("召开", "2023-03-09", 0.5),
        ("召开", "2023", 0.0),
        ("2023年4月召开", None, -1.0),
        ("召开", "2023-05", -0.5),
    ],
)
def test_agreement_with_a_month(text: str, document_date: str | None, expected: float) -> None:
    assert agreement(asked("2023年3月"), text, document_date, "") == expected


def test_this_year_in_a_document_without_a_year_counts_half() -> None:
    assert agreement(asked("今年的目标"), "今年目标是三百家", None, "") == 0.5
    assert agreement(asked("今年的目标"), "去年建成三百家", None, "") == 0.0
    assert agreement(asked("2024年的目标"), "今年目标是三百家", None, "") == 0.0


def test_the_newer_has_the_larger_key() -> None:
    keys = [
        newness(None),
        newness(None, "2021年总结"),
        newness("2022"),
        newness("2022-03", "2030年远景"),
        newness("2022-03-05"),
        newness("2023-01-01"),
    ]
    assert keys == sorted(keys)
    assert len(set(keys)) == len(keys)


@given(st.text(alphabet="0123456789年月日第一二十五〇民国今去上半季度百元-.起 ", max_size=40))
def test_no_text_is_too_odd(text: str) -> None:
    period = asked_period(fold(text), TODAY)
    for first, last in periods_in(text, 2023, months=True):
        assert first <= last
    if period is not None:
        assert period.first <= period.last
        assert all(0 <= start < end <= len(text) for start, end in period.places)
        assert -1 <= agreement(period, text, "2023-02", text) <= 1


def test_a_hundred_passages_take_a_few_milliseconds() -> None:
    text = ("2023年，全市建成工会驿站38家，比上年增加6.5%；第三季度新增12家，覆盖各县区。" * 8)[
        :300
    ]
    period = asked("2023年上半年")

    def look() -> None:
        for number in range(100):
            agreement(period, f"{number}{text}", "2023-04-01", "2023年工作报告")

    assert is_quick(look, 0.05)
