"""Titles and dates: right, or none."""

import re
import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.reading import dates
from qa.reading.dates import date_of_text, is_date, parse_date
from qa.reading.titles import clean_title, title_of_page, title_of_text

BODY = "\n各级工会要聚焦主责主业，推动工会工作高质量发展，把各项任务落到实处，让职工群众满意。\n"


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("县级工会提升年行动方案" + BODY, "县级工会提升年行动方案"),
        ("\n\n\u3000縣級工會提升年行動方案  " + BODY, "縣級工會提升年行動方案"),
        ("首页 > 新闻中心 > 正文\n市总工会召开全委会" + BODY, "市总工会召开全委会"),
        ("您的位置:\n首页\n>\n工会要闻\n市总工会召开全委会" + BODY, "市总工会召开全委会"),
        (
            "欢迎访问临江市总工会网站!\n今天是: 星期一\n快捷搜索: 汽车\n市总工会召开全委会" + BODY,
            "市总工会召开全委会",
        ),
        ("2024-04-01 09:52\n市总工会召开全委会" + BODY, "市总工会召开全委会"),
        ("来源：工人日报\n作者：王小明\n市总工会召开全委会" + BODY, "市总工会召开全委会"),
        (
            "临江市总工会文件\n临工发〔2024〕5号\n关于开展技能竞赛的通知" + BODY,
            "关于开展技能竞赛的通知",
        ),
        (
            "工作总结 工作计划 心得体会 思想汇报 申请书\n在年会上的讲话(2023年)" + BODY,
            "在年会上的讲话(2023年)",
        ),
        (
            "政府工作报告\n——2024年3月5日在第十四届全国人民代表大会上" + BODY,
            "政府工作报告——2024年3月5日在第十四届全国人民代表大会上",
        ),
        ("中华人民共和国无障碍环境建设法" + BODY, "中华人民共和国无障碍环境建设法"),
        ("关于启用会员二维码登录系统的通知" + BODY, "关于启用会员二维码登录系统的通知"),
        ("工会新闻宣传工作会议召开" + BODY, "工会新闻宣传工作会议召开"),
        (
            "改寫的標題甲乙丙\n原題目:筑牢堡壘 服務職工(主題)\n——江西“縣級工會”行動(副題)" + BODY,
            "筑牢堡壘 服務職工——江西“縣級工會”行動",
        ),
        ("筑牢剛強碉堡&#3一包養網2;買通最后一公里" + BODY, "筑牢剛強碉堡 買通最后一公里"),
        (
            "工会要闻建德市总工会召开十届六次全委\n8日,建德市总工会召开十届六次全委(扩大)会议。"
            + BODY,
            "建德市总工会召开十届六次全委(扩大)会议",
        ),
        ("会员服务常见问答\n问：怎么入会？\n答：填表。", "会员服务常见问答"),
        ("市总工会召开全委会_工会要闻_临江新闻网" + BODY, "市总工会召开全委会"),
        ("How to join the union\nAsk your office.", "How to join the union"),
        ("工会驿站开门啦🎉" + BODY, "工会驿站开门啦🎉"),
        ("# 绿豆" + BODY, "绿豆"),
        ("## 工会讲堂：怎样听懂职工的话" + BODY, "工会讲堂：怎样听懂职工的话"),
        ("工会讲堂：怎样听懂职工的话\n活动地点：文化宫三楼" + BODY, "工会讲堂：怎样听懂职工的话"),
        ("人社部门：稳岗有了新办法\n来源：临江日报" + BODY, "人社部门：稳岗有了新办法"),
        ("服务对象：谁该先受益" + BODY, "服务对象：谁该先受益"),
    ],
)
def test_the_first_line_that_reads_like_a_title(text: str, title: str) -> None:
    assert title_of_text(text) == title


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   \n\n",
        BODY,
        "同志们:\n今天我们开会。",
        "各县（市、区）总工会：" + BODY,
        "第一章 总则\n第一条 为了规范工会工作，制定本办法。",
        "一、总体目标" + BODY,
        "（一）目标" + BODY,
        "1. 目标与任务" + BODY,
        "问：工会会员证怎么办理？\n答：到单位登记。",
        "2024年3月5日",
        "〔十五届〕第25号" + BODY,
        "！！！——……",
        "字" * 10_000,
        "好的",
        "https://example.org/a/b" + BODY,
        "办理地点：办理地点：临江市文化路5号二楼3号窗口\n事项类型：公共服务",
        "辦公地址：臨江市文化路5號" + BODY,
        "咨询电话：0619-1234567\n我们在一楼等你",
        "办公时间：周一至周五" + BODY,
        "事项类型：公共服务\n服务对象：全市职工\n实施部门：市总工会",
        "> 半分钟读懂\n> 入会只要一张表。\n## 怎么入会" + BODY,
        "## 一、总则" + BODY,
        "## 简介" + BODY,
    ],
)
def test_no_title_where_none_stands(text: str) -> None:
    assert title_of_text(text) is None


@pytest.mark.parametrize(
    ("declared", "headings", "title"),
    [
        ("市总工会召开全委会_新闻中心_临江网", [], "市总工会召开全委会"),
        ("市总工会召开全委会 - 临江市总工会", [], "市总工会召开全委会"),
        ("市总工会召开全委会-临江市总工会", [], "市总工会召开全委会"),
        ("市总工会召开全委会｜勞動部全球資訊網", [], "市总工会召开全委会"),
        ("2024-2025年工作计划-临江市总工会", [], "2024-2025年工作计划"),
        ("县级工会提升年 - 工作方案", [], "县级工会提升年 - 工作方案"),
        ("一碗热汤——青禾县总工会", [], "一碗热汤——青禾县总工会"),
        ("市总工会召开全委会 图文 - 某网", ["市总工会召开全委会"], "市总工会召开全委会"),
        ("市总工会召开全委会 - 临江市总工会", ["临江市总工会"], "市总工会召开全委会"),
        ("临江市总工会", ["临江市总工会", "市总工会召开全委会"], "市总工会召开全委会"),
        ("文章内容", ["市总工会召开全委会"], "市总工会召开全委会"),
        ("临江市总工会", [], None),
        ("", [], None),
        (None, ["首页"], None),
        ("放假公告", [], "放假公告"),
    ],
)
def test_the_title_of_a_page(declared: str | None, headings: list[str], title: str | None) -> None:
    assert title_of_page(declared, headings) == title


def test_clean_title() -> None:
    assert clean_title(" [**县级**工会](http://a)  `提升`年 ") == "县级工会 提升年"
    assert clean_title("# 绿豆") == "绿豆"
    assert clean_title("#1 会议室") == "#1 会议室"
    assert clean_title("包養條款的修法") == "包養條款的修法"


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("2024-04-01", "2024-04-01"),
        ("2024-4-1 09:52:50", "2024-04-01"),
        ("2024/04/01", "2024-04-01"),
        ("2024.4.1", "2024-04-01"),
        ("20240401", "2024-04-01"),
        ("2024-04-01T08:00:00+08:00", "2024-04-01"),
        ("２０２４年４月１日", "2024-04-01"),
        ("二〇二四年三月五日", "2024-03-05"),
        ("二○二三年十二月三十一日", "2023-12-31"),
        ("一九九八年十月二十日", "1998-10-20"),
        ("中華民國113年5月1日", "2024-05-01"),
        ("2024年4月", "2024-04"),
        ("2024-04", "2024-04"),
        ("2024-02-30", None),
        ("2023-02-29", None),
        ("2024-13-01", None),
        ("2024年", None),
        ("3月5日", None),
        ("1.2.3", None),
        ("", None),
        ("昨天", None),
    ],
)
def test_dates(text: str, date: str | None) -> None:
    assert parse_date(text) == date


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("标题\n发布日期:2024-04-01 09:52:50 来源: 市总工会" + BODY, "2024-04-01"),
        ("标题\n发布时间：2024年4月1日" + BODY, "2024-04-01"),
        ("標題\n發布日期：中華民國113年4月1日" + BODY, "2024-04-01"),
        ("标题\n时间:2023-09-27 16:20:02 来源:网友投稿" + BODY, "2023-09-27"),
        ("标题\n2024-04-01 09:52" + BODY, "2024-04-01"),
        ("标题\n（2024年4月1日）" + BODY, "2024-04-01"),
        ("标题\n来源：临江日报 2024-03-29 作者：王小明" + BODY, "2024-03-29"),
        ("标题\n市总工会办公室编        2023年12月28日" + BODY, "2023-12-28"),
        ("报告\n——2024年2月28日在市总工会六届四次全委会议上" + BODY, "2024-02-28"),
        ("标题\n新华社北京2024年3月5日电 记者王明" + BODY, "2024-03-05"),
        ("标题" + BODY + "临江市总工会\n二〇二四年三月五日", "2024-03-05"),
        ("标题" + BODY + "临江市总工会  2024年3月5日\n", "2024-03-05"),
        ("标题" + BODY + "临江市总工会办公室 2024年3月6日印发", "2024-03-06"),
        ("成文日期：2024-03-01\n发布日期：2024-03-09" + BODY, "2024-03-09"),
        ("成文日期：2024-03-01\n标题" + BODY, "2024-03-01"),
        ("标题\n| 成文日期 | 2024年3月1日 |" + BODY, "2024-03-01"),
        ("标题\n| 索引号 | 1 | 发布日期： | 2024-03-09 |" + BODY, "2024-03-09"),
        ("标题\n公开日期：2024-03-01" + BODY, "2024-03-01"),
        # Not when it was published:
        ("标题\n公开日期：2024年3月1日至2024年3月7日" + BODY, None),
        ("标题\n中工网福州2月28日电" + BODY, None),
        ("标题\n时间：2024年4月10日上午9点\n地点：文化宫" + BODY, None),
        ("标题\n活动时间：2024年4月10日" + BODY, None),
        ("标题\n会议于2024年4月10日召开，各级工会负责人参加了会议，会期一天。" + BODY, None),
        ("标题\n（2023年5月12日六届二次会议通过，自2023年7月1日起施行）" + BODY, None),
        ("市总工会召开全委会 2024-03-01\n劳模疗休养 2024-03-02", None),
        ("标题\n发布日期:2024-02-31" + BODY, None),
        ("标题" + BODY, None),
        ("", None),
    ],
)
def test_when_a_text_says_it_was_published(text: str, date: str | None) -> None:
    assert date_of_text(text) == date


def test_is_date() -> None:
    assert is_date(" （2024年4月1日 星期一 09:30） ")
    assert not is_date("2024年4月1日的会议")


def test_a_character_that_becomes_part_of_a_date_is_seen_before_it_does():
    for code in range(sys.maxunicode + 1):
        even = unicodedata.normalize("NFKC", chr(code))
        if re.search(r"[0-9年]", even) and not re.match(r"\d", chr(code)):
            assert dates._MAY.search(chr(code)), hex(code)
        if re.search(r"[-/.]", even):
            assert dates._MAY.search(f"1{chr(code)}"), hex(code)


_OF_DATES = st.sampled_from(
    [
        *("发布日期：", "来源 ", "印发", "2024", "年", "3月5日", "/", "-1", "．", "⑳", "㋂", "…"),
        *("二〇二四年三月", "民國113年3月", "（", "在大会上", "市总工会 ", "新华社", "电", "。"),
        "各级工会" * 8,
    ]
)


@given(st.lists(st.lists(_OF_DATES, max_size=8).map("".join), max_size=40))
def test_lines_left_out_beforehand_hold_no_date(lines):
    text, may = "\n".join(lines), dates._MAY
    found = date_of_text(text)
    try:
        dates._MAY = re.compile("")
        assert date_of_text(text) == found
    finally:
        dates._MAY = may
