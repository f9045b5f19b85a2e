"""Which repeated lines are a site's, and above all which are not: whatever may answer stays."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.reading.titles import title_of_text
from qa.repeating import FEWEST, edges_of, frequent, repeated

BODY = "{n}月，县总工会为{n}0名职工办理了入会手续，并发放了会员卡。"
MENU = ["首页", "机构概况", "工会要闻", "书香云岭", "驿站地图", "联系我们"]


def noise(pages, number=0, title=""):
    """Give the lines that are noise in one of the pages of a folder, as most of them have them."""
    edges = [edges_of(page) for page in pages]
    head = frequent([one.head for one in edges], len(pages), 0.6)
    tail = frequent([one.tail for one in edges], len(pages), 0.6)
    text, own = pages[number], edges[number]
    ranges = repeated(
        text,
        title or title_of_text(text) or "甲",
        [line in head for line in own.head],
        [line in tail for line in own.tail],
    )
    return [text[start:end] for start, end in ranges]


def folder(*, head=(), tail=(), title="关于第{n}批职工入会的通知"):
    return [
        "\n".join([*head, *([title] if title else []), BODY, *tail]).format(n=n)
        for n in range(1, 7)
    ]


def test_a_menu_a_sidebar_and_a_footer_are_noise():
    head = ["　首页", "", "机构概况", "- 书香云岭", "驿站地图", "联系我们"]
    tail = [
        "相关链接",
        "劳模风采展播",
        "职工书屋联盟",
        "网站地图",
        "云岭市总工会",
        "滇ICP备05000001号",
    ]
    pages = folder(head=head, tail=tail)
    assert noise(pages) == [
        "首页", "机构概况", "- 书香云岭", "驿站地图",
        "相关链接", "劳模风采展播", "职工书屋联盟", "云岭市总工会",
    ]  # fmt: skip
    traditional = folder(head=["回首頁", "網站導覽", "機構簡介", "驛站地圖", "聯絡我們"])
    assert noise(traditional) == ["回首頁", "網站導覽", "機構簡介", "驛站地圖", "聯絡我們"]


# What stands in every file of many folders, at the beginning or the end, and may be asked for.
KEPT = {
    "law": folder(
        title="云岭市第{n}号条例",
        tail=["第五章 附则", "本办法自发布之日起施行", "本办法由市总工会解释"],
    ),
    "law that begins with its chapter": folder(
        title="", head=["第一章 总则", "第一节 目的", "目录"]
    ),
    "letterhead": folder(
        head=["云岭市总工会文件", "内部资料", "注意保存"], title="云工发〔2024〕{n}号"
    ),
    "minutes": folder(
        head=["主席办公会议纪要", "主持人：张兰", "出席：李梅 王刚", "记录：赵敏"],
        title="第{n}次会议",
    ),
    "form": folder(
        title="入会申请表（第{n}批）", tail=["姓名", "性别", "工作单位", "联系电话", "本人签名"]
    ),
    "contact": folder(
        tail=["报名方式", "线上报名", "联系人：王工", "联系电话：0871-65550000", "地址：文化路5号"]
    ),
    "signature": folder(tail=["特此通知", "云岭市总工会办公室", "云岭市总工会"]),
    "table": folder(tail=["单位 姓名 职务 金额", "| 单位 | 姓名 |", "单位\t姓名\t金额"]),
    "prices": folder(tail=["工本费十元", "补卡五元", "押金二十元", "免费"]),
    "amounts": folder(tail=["标准 800 元", "上限 2000 元", "每月 3 次"]),
    "sentences": folder(tail=["请各单位遵照执行。", "有事请找工会小组；", "本通知，长期有效"]),
    "questions": folder(
        title="第{n}问", head=["问：会员卡怎么补办？", "一、办理", "（二）补办", "1. 挂失"]
    ),
    "slogans": folder(head=["学习强会", "服务兴会", "改革活会", "团结奋进"], title="第{n}期"),
}


@pytest.mark.parametrize("kind", KEPT)
def test_what_may_answer_is_never_noise(kind):
    for number in range(6):
        assert noise(KEPT[kind], number) == []


WEB = ["相关链接", "网站地图", "版权声明", "滇ICP备05000001号"]


@pytest.mark.parametrize("kind", KEPT)
def test_nor_within_the_pages_of_a_site(kind):
    """The same folders, each page with a menu above and a footer below."""
    pages = ["\n".join([*MENU, page, *WEB]) for page in KEPT[kind]]
    for number, page in enumerate(KEPT[kind]):
        gone = noise(pages, number)
        assert {"首页", "机构概况", "工会要闻", "书香云岭"} <= set(gone)
        assert not set(gone) & {line.strip() for line in page.split("\n")}


def test_a_signature_above_the_links_of_a_page_stays():
    pages = folder(tail=["云岭市总工会办公室", "相关链接", "劳模风采展播", "网站地图", "版权声明"])
    assert noise(pages) == ["相关链接", "劳模风采展播"]


def test_a_banner_below_the_menu_stays_and_above_it_goes():
    pages = folder(head=["云岭工会在线", *MENU, "云岭市总工会"])
    gone = noise(pages, title="关于入会的通知")
    assert "云岭工会在线" in gone and "云岭市总工会" not in gone
    # Of text files, what stands first is sometimes taken for the title.
    assert noise(pages, title="云岭工会在线") == gone[1:]


def test_a_heading_above_a_telephone_number_stays_where_links_follow():
    tail = [
        "咨询渠道",
        "会员中心",
        "联系电话：0871-65550000",
        "相关链接",
        "劳模风采展播",
        "网站地图",
    ]
    assert noise(folder(tail=tail)) == ["相关链接", "劳模风采展播"]


def test_a_page_of_nothing_but_links_stays_as_it_is():
    pages = folder(head=MENU)
    pages[0] = "\n".join(MENU)
    assert noise(pages) == []
    assert noise(pages, 1) != []


def test_links_in_the_middle_of_a_text_stay():
    long = "\n".join(f"这是第{n}段，各页都不一样，写了许多别的事情。" for n in range(40))
    pages = [
        f"{n}\n{long.replace('段', str(n))}\n" + "\n".join(MENU) + f"\n{long}{n}。"
        for n in range(6)
    ]
    assert noise(pages) == []


@pytest.mark.parametrize("text", ["", "\n\n", " ", "一行", "\n一行\n"])
def test_short_texts_have_short_edges(text):
    lines = text.split()
    assert len(edges_of(text).head) == len(edges_of(text).tail) == len(lines)
    assert repeated(text, "甲", [True] * len(lines), [True] * len(lines)) == []


def test_edges_end_after_thirty_lines_and_at_a_long_one():
    edges = edges_of("\n".join(f"{n}" for n in range(100)))
    assert (len(edges.head), len(edges.tail)) == (30, 30)
    edges = edges_of("\n".join(["甲", "乙" * 300, "丙", "丁"]))
    assert (len(edges.head), len(edges.tail)) == (2, 3)


def test_what_most_have_is_counted_once_for_each():
    assert frequent([(1, 1, 2), (1, 3), (4,)], 3, 0.6) == {1}
    assert frequent([], 0, 0.6) == set()
    assert FEWEST == 5


LINE = st.sampled_from(
    [*MENU, *WEB, "甲", "正文一句，说了很多事情。", "", "　", "联系电话：1", "| 一 | 二 |"]
)


@given(st.lists(LINE, max_size=70), st.data())
def test_only_whole_repeated_lines_of_the_edges_are_noise(lines, data):
    text = "\n".join(lines)
    edges = edges_of(text)
    marks = [
        data.draw(st.lists(st.booleans(), min_size=len(side), max_size=len(side)))
        for side in (edges.head, edges.tail)
    ]
    found = repeated(text, "甲", *marks)
    seen = [line.strip() for line in lines if line.strip()]
    marked = {line for line, one in zip(seen, marks[0], strict=False) if one}
    marked |= {line for line, one in zip(reversed(seen), marks[1], strict=False) if one}
    assert found == sorted(set(found))
    for start, end in found:
        assert text[start:end] in marked
        assert text[start - 1 : start].strip() == text[end : end + 1].strip() == ""
    assert repeated(text, "甲", [False] * len(edges.head), [False] * len(edges.tail)) == []
