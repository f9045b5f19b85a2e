"""The same notice in eight files, each laid out its own way, is one answer that lists them all."""

from __future__ import annotations

import textwrap

import opencc
import pytest

from qa.library import Library
from qa.records import Document
from tests.fakes import FakeEncoder
from tests.pdfs import Line, pdf

TITLE = "关于元旦期间工会驿站开放安排的通知"
PARAGRAPHS = [
    "各街道总工会、各驿站管理单位：",
    "元旦期间全市工会驿站照常开放，开放时间为每天上午8点到晚上9点，由所在社区安排专人值守。"
    "遇到大雪或者低温蓝色以上预警，关门时间延长到晚上11点，驿站应当提前备足热水和姜茶。",
    "驿站里的微波炉、充电柜和急救药箱在节前一周检查完毕，损坏的由管理单位在3个工作日内更换。"
    "更换费用在驿站运行经费中列支，不得向户外劳动者收取任何费用。",
]
SIGNED = ["临江市总工会", "2024年12月20日"]
QUESTION = "元旦期间工会驿站几点开放"


def files():
    lines = [TITLE, *PARAGRAPHS, *SIGNED]
    yield "原文.txt", "\n".join(lines).encode()
    above = ["首页 > 要闻 > 正文", TITLE, "发布时间：2024-12-23 来源：临江日报"]
    site = [*above, *PARAGRAPHS, *SIGNED]
    foot = ["责任编辑：王某", "上一篇：没有了", "版权所有：临江新闻网"]
    yield "转载.txt", "\n\n".join([*site, *foot]).encode()
    yield "改日期.txt", "\n".join([*lines[:-1], "2024年12月24日"]).encode()
    wrapped = [part for line in lines for part in textwrap.wrap(line, 36)]
    yield "折行.txt", "\n".join(wrapped).encode()
    yield "繁體.txt", opencc.OpenCC("s2tw").convert("\n".join(lines)).encode("big5")
    body = "".join(f"<p>{one}</p>" for one in [*PARAGRAPHS, *SIGNED])
    menu = "<nav><a href='/'>首页</a><a href='/n'>要闻</a></nav>"
    page = f"<title>{TITLE}</title>{menu}<article><h1>{TITLE}</h1>{body}</article>"
    yield "网页.html", page.encode("gb18030")
    drawn = [Line(one, 90 + 22 * at) for at, one in enumerate(wrapped)]
    sheet = [Line("临江市总工会文件", 40), *drawn, Line("— 1 —", 800, 280)]
    yield "印本.pdf", pdf([sheet])
    yield "表.md", f"# {TITLE}\n\n".encode() + "\n\n".join(PARAGRAPHS + SIGNED).encode()


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    folder = tmp_path_factory.mktemp("copies") / "资料"
    folder.mkdir()
    for name, data in files():
        (folder / name).write_bytes(data)
    with Library.open(folder.parent / "library") as opened:
        report = opened.add(folder)
        assert (len(report.added), report.failed) == (8, ())
        yield opened


def places(citation):
    return sorted(one.document.path for one in citation.places)


def test_one_citation_lists_every_place(library):
    answer = library.ask(QUESTION, k=3)
    assert answer.found
    assert "8点" in answer.quote
    assert places(answer.citations[0]) == sorted(name for name, _ in files())
    assert not any("8点" in one.passage.text for one in answer.citations[1:])
    for one in answer.citations[0].places:
        assert one.quote_start >= 0


def test_a_notice_of_another_year_is_not_one_of_them(library, tmp_path):
    changed = "\n".join([TITLE, *PARAGRAPHS]).replace("晚上9点", "晚上10点")
    (tmp_path / "去年.txt").write_text(changed, encoding="utf-8")
    library.add(tmp_path / "去年.txt")
    try:
        listed = [places(one) for one in library.ask(QUESTION, k=3).citations]
    finally:
        library.remove(tmp_path / "去年.txt")
    assert ["去年.txt"] in listed
    assert sorted(name for name, _ in files()) in listed


def test_their_order_does_not_depend_on_when_each_was_added(tmp_path):
    text = "\n".join(PARAGRAPHS)
    copies = [Document.from_text(text, path=path, title=TITLE) for path in "丙甲丁乙"]
    for number, order in enumerate((copies, copies[::-1])):
        with Library.open(tmp_path / f"library{number}", FakeEncoder()) as opened:
            for one in order:
                opened.add([one])
            [citation] = opened.ask(QUESTION).citations
            found = [one.document.path for one in citation.places]
        assert found == sorted("丙甲丁乙")
