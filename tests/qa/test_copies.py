"""Near-copies fold; passages that differ in what was asked for do not."""

from __future__ import annotations

import pytest

from embeddings.words import fold
from qa.copies import folded, holds, place_in
from tests.quick import is_quick

BODY = (
    "第十二条 各级工会应当为户外劳动者提供歇脚、饮水、避暑、取暖等服务，所需经费列入年度预算。"
    "青禾县建成38家工会驿站，2023年底前全部投入使用，占全县总数的6.5%。"
    "县总工会每季度公布一次开放情况，接受职工监督。"
)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("青禾县", "松涛县"),
        ("38家", "41家"),
        ("38家", "三十八家"),
        ("2023年", "2024年"),
        ("6.5%", "65%"),
        ("应当", "不应当"),
        ("县总工会", "市总工会"),
    ],
)
def test_one_other_word_keeps_passages_apart(before: str, after: str) -> None:
    assert folded([BODY, BODY.replace(before, after)]) == [[0], [1]]


@pytest.mark.parametrize(
    "copy",
    [
        BODY.replace("第十二条", "第三条"),
        "（四）" + BODY.removeprefix("第十二条"),
        BODY.replace("，", ", ").replace("公布一次", "公布了一次"),
        BODY.replace("。", "。\n"),
        "特此通知如下。" + BODY,
        BODY + "特此通知。",
        BODY[:-20],
        BODY[20:] + "未按规定公布的，由上级工会责令改正。",
        "市总工会办公室印发。" + BODY[:-25],
    ],
)
def test_the_same_text_cut_or_laid_out_otherwise_is_a_copy(copy: str) -> None:
    assert folded([BODY, fold(copy)]) == [[0, 1]]
    assert folded([fold(copy), BODY]) == [[0, 1]]


@pytest.mark.parametrize(
    "day",
    [
        "2024年3月9日",
        "2024-3-9",
        "（二〇二四年三月九日）",
        "发布时间：2024/03/09 10:20",
        "2024年3月9日印发",
    ],
)
def test_a_copy_may_be_of_another_day(day: str) -> None:
    one, other = f"{BODY}\n县总工会\n2024年3月5日", fold(f"{BODY}\n县总工会\n{day}")
    assert folded([one, other]) == [[0, 1]]
    assert folded([other, one]) == [[0, 1]]


def test_but_a_day_that_is_said_or_quoted_keeps_them_apart() -> None:
    meeting = f"会议定于2024年3月5日召开。{BODY}"
    assert folded([meeting, meeting.replace("5日", "9日")]) == [[0], [1]]
    one, other = f"{BODY}\n2024年3月5日", f"{BODY}\n2024年3月9日"
    assert holds(other, "接受职工监督")
    assert not holds(other, "2024年3月5日")
    assert holds(one, "2024年3月5日")


def test_two_lone_dates_are_no_copies() -> None:
    assert folded(["2024年3月5日", "2024年3月9日"]) == [[0], [1]]


def test_other_words_on_the_same_side_of_what_is_shared_are_no_copy() -> None:
    assert folded([f"青禾县汇报。{BODY}", f"松涛县汇报。{BODY}"]) == [[0], [1]]
    assert folded([f"{BODY}共38家。", f"{BODY}共41家。"]) == [[0], [1]]


def test_sharing_less_than_most_is_no_copy() -> None:
    half = len(BODY) // 2
    other = "职工持有效证件即可进入，不收取任何费用，设施损坏的由管理单位负责修复并登记。" * 3
    assert folded([BODY, BODY[half:] + other[:half]]) == [[0], [1]]


def test_a_long_name_at_two_borders_is_no_copy() -> None:
    name = "各省、自治区、直辖市和计划单列市总工会，新疆生产建设兵团总工会"
    end, beginning = f"2023年7月4日。分送：{name}", f"{name}可以参照本办法制定实施细则。"
    assert folded([end, beginning]) == [[0], [1]]


def test_short_texts_are_compared_whole() -> None:
    assert folded(["特此通知。", f"{BODY}特此通知。", "特此通知"]) == [[0, 2], [1]]


def test_groups_keep_the_order_given() -> None:
    other = BODY.replace("38", "41")
    assert folded([other, BODY, other, BODY, "另一段"]) == [[0, 2], [1, 3], [4]]
    assert folded([]) == []
    assert folded(["", ""]) == [[0, 1]]


def test_the_shared_text_is_found_after_a_false_start() -> None:
    start = "工会驿站建设工作领导小组"
    shared = start + BODY
    assert folded([start + "会议。" + shared[:-40], shared]) == [[0, 1]]


def test_a_quote_is_found_whatever_its_marks() -> None:
    assert holds("三、全市建成了38家，覆盖各县。", "全市建成38家、覆盖各县")
    assert not holds("全市建成41家", "全市建成38家")


def test_twenty_passages_take_a_few_milliseconds() -> None:
    texts = [(BODY.replace("38", str(n)) * 3)[:300] for n in range(20)]
    assert len(folded(texts)) == 20
    assert is_quick(lambda: folded(texts), 0.02)


@pytest.mark.parametrize(
    ("text", "quote", "at"),
    [
        ("一、全市建成了38家工会驿站。", "全市建成38家", 2),
        ("第三条 每站配药箱。\n（二）周一闭馆，周二开放。", "周一闭馆", 14),
        ("第三条 每站配药箱。\n（二）周一闭馆，周二开放。", "药箱。\n(一)周一", 7),
        ("每站配药箱。", "周一闭馆", -1),
        ("每站配药箱。", "", 0),
        ("", "", -1),
    ],
)
def test_where_a_copy_says_the_quoted_words(text, quote, at):
    assert place_in(fold(text), fold(quote)) == at
