"""HTML: the main text as lines, whatever the page is like."""

from __future__ import annotations

import logging

import pytest
from lxml import html

from qa.reading.blocks import lines_of
from qa.reading.html import declared_charset, read_html

SENTENCE = "各级工会要聚焦主责主业，推动工会工作高质量发展。"

NOTICE = """<!DOCTYPE html><html><head><meta charset="utf-8">
<meta name="ArticleTitle" content="关于开展提升年行动的通知">
<meta name="PubDate" content="2024-04-01 09:52">
<title>关于开展提升年行动的通知_通知公告_临江市总工会</title>
<script>var secret = "脚本里的字";</script><style>p{content:"样式里的字"}</style></head><body>
<div class="logo"><h1>临江市总工会</h1></div>
<ul class="nav"><li><a href="/">首页</a></li><li><a href="/t">通知公告</a></li></ul>
<div class="crumb">您现在的位置：<a href="/">首页</a> &gt; <a>通知公告</a></div>
<div class="content"><h2>关于开展提升年行动的通知</h2>
<div class="TRS"><p>各县（市、区）总工会：</p><p>　　现就开展提升年行动，<b>通知</b>如下。</p>
<h3>一、总体目标</h3><p>到2025年底，全市12个县级工会
全部完成达标建设。</p><h3>二、主要任务</h3>
<ul><li>配齐专职干部。</li><li>建成工人文化宫</li></ul>
<table><tr><th>县区</th><th>经费（万元）</th></tr><tr><td>东山县</td><td>80</td></tr></table>
<ol><li><p>提高认识。</p></li><li><p>压实责任。</p></li></ol>
<p style="text-align:right">临江市总工会</p><p>2024年3月28日</p></div></div>
<div class="related"><h4>相关阅读</h4><ul><li><a href=1>市总工会召开全委会</a></li></ul></div>
<div class="footer">主办单位：临江市总工会 赣ICP备12345号 技术支持：<a href=x>某公司</a>
</div></body></html>"""


def test_a_notice() -> None:
    content = read_html(NOTICE)
    assert content.title == "关于开展提升年行动的通知"
    assert content.date == "2024-04-01"
    assert content.text.split("\n") == [
        "## 关于开展提升年行动的通知",
        "",
        "各县（市、区）总工会：",
        "现就开展提升年行动，通知如下。",
        "",
        "### 一、总体目标",
        "",
        "到2025年底，全市12个县级工会全部完成达标建设。",
        "",
        "### 二、主要任务",
        "",
        "- 配齐专职干部。",
        "- 建成工人文化宫",
        "| 县区 | 经费（万元） |",
        "| 东山县 | 80 |",
        "1. 提高认识。",
        "2. 压实责任。",
        "临江市总工会",
        "2024年3月28日",
    ]


def test_a_page_laid_out_by_a_table() -> None:
    content = read_html(
        "<title>市总工会召开全委会 - 临江新闻网</title><table><tr><td><a href=/>首页</a>|"
        "<a href=/a>要闻</a></td></tr><tr><td><center><b>市总工会召开全委会</b></center>"
        "<center>2024-03-29 来源：临江日报</center><p>3月28日，市总工会召开全委会。<br>"
        "会议听取了报告，共12项。</p><p>会议指出，去年新发展会员1.2万人，"
        "帮扶困难职工3400人次。</p><p>会议要求，抓好落实。（记者 王小明）</p></td>"
        "<td><ul><li><a href=1>春耕备耕</a><li><a href=2>文旅回暖</a></ul></td></tr></table>"
        "<div>Copyright © 临江新闻网 版权所有</div>"
    )
    assert (content.title, content.date) == ("市总工会召开全委会", "2024-03-29")
    lines = content.text.split("\n")
    assert lines[-4:] == [
        "3月28日，市总工会召开全委会。",
        "会议听取了报告，共12项。",
        "会议指出，去年新发展会员1.2万人，帮扶困难职工3400人次。",
        "会议要求，抓好落实。（记者 王小明）",
    ]
    assert "春耕备耕" not in content.text


def test_an_article_that_waits_for_a_script_to_be_shown() -> None:
    content = read_html(
        '<meta property="og:title" content="提升年｜东山县这样干"><title></title>'
        "<h1>提升年｜东山县这样干</h1><em>东山工会 2024-04-02 18:30</em>"
        '<div style="visibility: hidden; opacity: 0"><section>'
        "<p>4月1日，东山县召开推进会。</p>"
        "<section><span>会议提出，年内新建职工之家12家，</span><span>投入80万元。</span>"
        "</section></section><p>配备专职干部15名</p><p>共同努力。</p></div>"
        "<p><a>阅读</a> <a>赞</a></p>"
    )
    assert (content.title, content.date) == ("提升年｜东山县这样干", "2024-04-02")
    assert content.text.split("\n")[-4:] == [
        "4月1日，东山县召开推进会。",
        "会议提出，年内新建职工之家12家，投入80万元。",
        "配备专职干部15名",
        "共同努力。",
    ]


def test_traditional_with_quotation_list_and_code() -> None:
    content = read_html(
        '<html lang="zh-Hant"><head><title>勞保條例修正｜勞動部全球資訊網</title>'
        '<script type="application/ld+json">{"datePublished": "2023-11-05T08:00:00+08:00"}</script>'
        "</head><body><nav><a href=#>回首頁</a></nav><main><h1>勞保條例修正</h1>"
        "<p>自<strong>113年1月1日</strong>施行，上限為45,800元。</p><h2>負擔</h2>"
        "<dl><dt>雇主</dt><dd>負擔七成保險費。</dd></dl><blockquote>「保障勞工。」</blockquote>"
        "<pre>甲 = 乙\n  丙</pre></main><footer>隱私權政策。</footer></body></html>"
    )
    assert (content.title, content.date) == ("勞保條例修正", "2023-11-05")
    assert content.text.split("\n") == [
        "# 勞保條例修正",
        "",
        "自113年1月1日施行，上限為45,800元。",
        "",
        "## 負擔",
        "",
        "雇主：負擔七成保險費。",
        "「保障勞工。」",
        "甲 = 乙",
        "  丙",
    ]


@pytest.mark.parametrize(
    ("page", "lines"),
    [
        (
            "<dl><dt>开放时间</dt><dd>周二</dd><dt>休息日：</dt><dd>周一</dd></dl>",
            ["开放时间：周二", "休息日：周一"],
        ),
        ("<dl><dt>甲</dt><dt>乙</dt><dd><p>一</p><p>二</p></dd></dl>", ["甲", "乙：一", "二"]),
        (
            "<h2>标题</h2><dl><dt></dt><dd>值</dd><dt>丙</dt><dd></dd></dl>丁",
            ["## 标题", "值", "丙", "丁"],
        ),
    ],
)
def test_a_term_stands_on_one_line_with_what_it_means(page: str, lines: list[str]) -> None:
    assert lines_of(html.fromstring(f"<div>{page}</div>")) == lines


@pytest.mark.parametrize(
    ("page", "lines"),
    [
        (SENTENCE, [SENTENCE]),
        (f"<p>{SENTENCE}", [SENTENCE]),
        (f"<html>{SENTENCE}</html>", [SENTENCE]),
        (
            "一 < 二 & 三 &gt; 二，工会&nbsp;会员&#8220;引号&#8221;。",
            ["一 < 二 & 三 > 二，工会 会员“引号”。"],
        ),
        (
            "<p>问：甲？</p>答：乙。<p>问：丙？<p>答：丁。",
            ["问：甲？", "答：乙。", "问：丙？", "答：丁。"],
        ),
        ("<p>甲<b>乙<i>丙</p><li>丁<table><td>戊<td>己。", ["甲乙丙", "- 丁", "戊", "己。"]),
        (f"<!-- 注释。 --><p>{SENTENCE}<!-- 二。 --></p>", [SENTENCE]),
        (
            f'<?xml version="1.0" encoding="gbk"?><html xmlns="x"><p>{SENTENCE}<br/>二</p></html>',
            [SENTENCE, "二"],
        ),
        (
            f'<div style="display: none">包養網。</div><p hidden>隐。</p><p>{SENTENCE}</p>',
            [SENTENCE],
        ),
        (
            "<ol><li>甲。<ol><li>乙。</li></ol></li><li></li><li>丙。</li></ol>",
            ["1. 甲。", "1. 乙。", "3. 丙。"],
        ),
        ("<table><tr><td></td><td>只一格。</td></tr></table>", ["只一格。"]),
        ("<h1></h1><p>甲。</p>", ["甲。"]),
        ("<p>中文 English 123，工会。</p>", ["中文 English 123，工会。"]),
    ],
)
def test_fragments_and_malformed_pages(page: str, lines: list[str]) -> None:
    assert read_html(page).text.split("\n") == lines


@pytest.mark.parametrize(
    "page",
    [
        "",
        " ",
        "<html></html>",
        "<!DOCTYPE html>",
        "<script>甲。</script>",
        "<!-- 甲 -->",
        "<p></p>",
    ],
)
def test_pages_without_text(page: str) -> None:
    assert read_html(page).text == ""


@pytest.mark.parametrize("tag", ["div", "b", "ul><li", "table><tr><td", "blockquote"])
@pytest.mark.parametrize("depth", [300, 20_000])
def test_no_nesting_is_too_deep(tag: str, depth: int) -> None:
    assert SENTENCE in read_html(f"<{tag}>" * depth + SENTENCE).text


def test_a_long_list_keeps_its_numbers() -> None:
    lines = read_html("<ol>" + "<li>甲乙丙。</li>" * 2_000 + "</ol>").text.split("\n")
    assert (len(lines), lines[0], lines[-1]) == (2_000, "1. 甲乙丙。", "2000. 甲乙丙。")


def test_a_table_larger_than_any_article() -> None:
    row = "<tr><td>{}</td><td>东山县</td><td>" + SENTENCE + "</td></tr>"
    text = read_html("<table>" + "".join(row.format(n) for n in range(10_000)) + "</table>").text
    assert text.split("\n")[-1] == f"| 9999 | 东山县 | {SENTENCE} |"


def test_no_sentence_of_the_body_is_lost() -> None:
    paragraphs = [f"第{n}项工作由东山县总工会负责，经费{n}万元。" for n in range(200)]
    text = read_html("<div><p>" + "</p><div>".join(paragraphs) + "</div>").text
    assert all(paragraph in text for paragraph in paragraphs)


def test_a_page_of_links_only_gives_all_that_is_seen() -> None:
    content = read_html("<title>东山县总工会</title><ul><li><a href=1>召开全委会</a> 3月</ul>")
    assert (content.title, content.text) == ("东山县总工会", "- 召开全委会 3月")


@pytest.mark.parametrize(
    ("head", "charset"),
    [
        (b'<meta charset="gb2312">', "gb2312"),
        (b"<META http-equiv=Content-Type content='text/html; charset=Big5'>", "Big5"),
        (b'<?xml version="1.0" encoding="GBK"?>', "GBK"),
        (b"<p>charset=gbk</p>", None),
        (b"", None),
        (b"<meta charset=" + b"x" * 10_000, "x" * 40),
    ],
)
def test_the_declared_charset(head: bytes, charset: str | None) -> None:
    assert declared_charset(head) == charset


def test_nothing_is_logged_for_an_ordinary_page(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        read_html(NOTICE)
    assert caplog.records == []


@pytest.mark.parametrize(
    ("page", "lines"),
    [
        ("<title>驿站</title><article><p>第一段。</p><p>第二段。</p></article>", 2),
        ("<title>驿站</title><section>第一段。</section><div>第二段。</div><p>第三段。", 3),
        ("<title>驿站</title><main>第一段。<p>第二段。</p></main>第三段。", 3),
        ("<!DOCTYPE html><html><meta charset=utf-8><title>驿站</title><main>第一段。</main>", 1),
        ("<head><title>驿站</title><article>第一段。</article></head><body>第二段。</body>", 2),
    ],
)
def test_a_page_that_does_not_say_where_its_body_begins_loses_nothing(page, lines):
    content = read_html(page)
    assert content.title == "驿站"
    assert content.text.split() == ["第一段。", "第二段。", "第三段。"][:lines]


def test_what_belongs_to_a_head_is_not_shown():
    head = "<title>驿站</title><style>p{}</style><script>var 一;</script>"
    assert read_html(f"{head}<section>第一段。</section>").text == "第一段。"


FACTS = (
    "<table><tr><td>索引号</td><td>GZ-2024</td><td>公开日期</td><td>2024-03-01</td></tr>"
    "<tr><td>标题</td><td>关于新建驿站的通知</td><td>文号</td><td>临工发〔2024〕3号</td></tr></table>"
)
LISTED = "<p>公开日期：2024-03-01</p><p>索引号 GZ-2024</p><p>关于新建驿站的通知</p>"


@pytest.mark.parametrize(
    "head",
    [
        "",
        "<title>政府信息公开目录</title>",
        "<title>政府信息公开目录_临江市人民政府</title><h1>政府信息公开</h1>",
        "<h3>政府信息公开目录</h3>",
        "<title>政府信息公开</title><h2>政府信息公开</h2>",
    ],
)
@pytest.mark.parametrize("facts", [FACTS, LISTED])
def test_what_all_is_listed_in_is_not_the_title_of_one(head, facts):
    body = "<p>为了让户外劳动者有地方歇脚，各街道设立了驿站，全年开放，提供饮水和热饭。</p>" * 3
    content = read_html(head + facts + body)
    assert (content.title, content.date) == ("关于新建驿站的通知", "2024-03-01")


@pytest.mark.parametrize(
    ("page", "title"),
    [
        ("<title>政府信息公开</title><h1>新建驿站的通知</h1><p>一。</p>", "新建驿站的通知"),
        ("<title>政府信息公开目录</title><p>机构职能</p><p>领导分工</p>", "政府信息公开目录"),
        ("<h3>政府信息公开目录</h3><p>机构职能</p>", "政府信息公开目录"),
    ],
)
def test_a_catalogue_is_the_title_where_nothing_else_is(page, title):
    assert read_html(page).title == title
