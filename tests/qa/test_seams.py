"""Texts broken at a fixed width read as if they were not; all others stay as they are."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa import seams as module
from qa.cleaning import Cleaning, clean, find_noise
from qa.library import Library
from qa.reading.titles import title_of_text
from qa.records import Document, without
from qa.seams import seams
from qa.splitting import split

SAMPLE = Path(__file__).resolve().parents[2] / "docs" / "sample"
TITLE = "云岭市总工会关于做好2024年高温慰问工作的通知"
PARAGRAPHS = [
    TITLE,
    "各县（区）总工会：",
    "为做好今年高温天气下一线职工的慰问工作，现将有关事项通知如下。",
    "一、慰问时间为2024年6月20日至9月10日，各县（区）总工会应当在7月15日前完成第一轮慰问，并把慰问人数和金额报市总工会汇总。",
    "二、慰问标准为每人不超过一百五十元，以防暑药品、饮料和毛巾等实物发放，不得发放现金，违反规定的由市总工会收回经费并通报。",
    "三、经费由市总工会承担六成，县（区）总工会承担四成，9月30日前结算完毕。",
]


def broken(paragraphs, width, *, indent=""):
    whole = [indent + one for one in paragraphs]
    return "\n".join(one[at : at + width] for one in whole for at in range(0, len(one), width))


def passages(text):
    return split(Document.from_text(text, path="a.txt", title=TITLE), find_noise(text))


@pytest.mark.parametrize("width", [20, 24, 30, 34, 36, 38, 40])
@pytest.mark.parametrize("indent", ["", "　　"])
def test_a_broken_text_reads_as_if_it_were_whole(width, indent):
    text = broken(PARAGRAPHS, width, indent=indent)
    seen = without(text, find_noise(text)).replace("　", "")
    for paragraph in PARAGRAPHS[3:]:
        assert paragraph in seen
    found = passages(text)
    assert [one.heading for one in found] == [""] * len(found)
    assert all(text[one.start : one.end] == one.text for one in found)
    assert title_of_text(text) == TITLE


def test_a_line_with_latin_words_breaks_before_it_is_full():
    line = "工会网站改用新的系统以后，会员可以从自己的手机上登录"
    text = f"{line}\nhttps://a.example.cn，查看会费。\n{line}后\n查看补助的发放情况，也可以报名。"
    assert [text[start - 2 : end + 2] for start, end in seams(text)] == ["登录\nht", "录后\n查看"]


@pytest.mark.parametrize(
    ("width", "tears"),
    [(38, True), (27, True), (26, False)],
    ids=["a number", "a bracket", "nothing"],
)
def test_one_line_end_is_enough_where_it_tears_something(width, tears):
    paragraph = PARAGRAPHS[3][: 2 * width - 9] + "。"
    text = f"{PARAGRAPHS[1]}\n{paragraph[:width]}\n{paragraph[width:]}\n请照此办理。"
    assert (paragraph in without(text, seams(text))) == tears


def test_between_two_latin_words_the_line_end_stays():
    line = "会员可以从自己的手机上登录工会网站，网站的名称叫做 Union"
    text = f"{line}\nHome，下载。\n" + "\n".join(broken([PARAGRAPHS[3]], 34).split("\n"))
    assert "UnionHome" not in without(text, seams(text))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "工会",
        "关于开展困难职工帮扶工作的若干意见\n关于开展职工技能竞赛活动的实施方案\n关于加强基层工会组织建设的通知要点\n关于做好会员实名登记管理的工作方案",
        "一、提高站位，加强领导，把帮扶工作抓实抓细\n各级工会要把帮扶工作摆在重要位置，主要负责人亲自过问，分管负责人具体抓。\n二、摸清底数，精准施策，把困难职工找准找全\n对困难职工逐户走访，一户一档，按月更新，做到不漏一户、不错一人，年底前完成。",
        "锄禾日当午，汗滴禾下土。谁知盘中餐，\n粒粒皆辛苦。\n\n春眠不觉晓，处处闻啼鸟。",
        "| 姓名 | 单位 |\n| 甲 | 一厂 |\n| 乙 | 二厂 |",
        "\n".join(PARAGRAPHS),
    ],
)
def test_texts_that_were_not_broken_have_no_seams(text):
    assert seams(text) == ()


@pytest.mark.parametrize("name", sorted(one.name for one in SAMPLE.iterdir()))
def test_the_samples_have_no_seams(name):
    assert seams((SAMPLE / name).read_bytes().decode("utf-8", "replace")) == ()


def test_a_signature_and_a_page_number_stay_lines_of_their_own():
    text = broken([*PARAGRAPHS, PARAGRAPHS[3][:60]], 30)
    text += "\n-2-\n云岭市总工会\n2024年6月18日"
    assert without(text, seams(text)).endswith("\n-2-\n云岭市总工会\n2024年6月18日")


def numbered(numbers, width=30, blank=""):
    """Give a broken text with such a line, and blanks, in each of its two longest paragraphs."""
    lines = []
    for paragraph, number in zip(PARAGRAPHS[3:5], numbers, strict=True):
        first, *others = broken([paragraph], width).split("\n")
        lines += [first, f"{number}{blank}", *others]
    return "\n".join([broken(PARAGRAPHS[:3], width), *lines, broken(PARAGRAPHS[5:], width)])


@pytest.mark.parametrize("blank", ["", "\n", "\n　"])
@pytest.mark.parametrize("numbers", [("12", "13"), ("- 3 -", "- 5 -"), ("第1页", "第2页 共3页")])
def test_the_number_of_a_page_does_not_part_a_sentence(numbers, blank):
    text = numbered(numbers, blank=blank)
    seen = without(text, find_noise(text))
    for paragraph in PARAGRAPHS[3:5]:
        assert paragraph in seen
        assert any(paragraph in one.shown for one in passages(text))
    assert all(text[one.start : one.end] == one.text for one in passages(text))


def test_a_number_that_is_counted_with_stays():
    first, *others = broken([PARAGRAPHS[3]], 30).split("\n")
    text = "\n".join([broken(PARAGRAPHS[2:5], 30), first, "38", f"家{others[0][1:]}", *others[1:]])
    assert "\n38\n家" in without(text, find_noise(text))


def test_numbers_that_do_not_rise_are_of_no_pages():
    text = numbered(("13", "12"))
    assert "\n13\n" in without(text, find_noise(text))


def test_a_number_between_whole_sentences_stays_as_it_is():
    text = "\n".join([broken(PARAGRAPHS, 30), "12", broken(PARAGRAPHS[3:], 30)])
    assert "\n12\n" in without(text, find_noise(text))


def test_a_whole_title_is_not_joined_with_the_paragraph_below():
    title = "一线职工高温慰问行动今天启动"
    text = "\n".join([title + "全市都来关心", *broken(PARAGRAPHS[2:], 20).split("\n")])
    assert title_of_text(text) == title + "全市都来关心"


def test_the_rule_can_be_turned_off():
    text = broken(PARAGRAPHS, 30)
    assert {mark.rule for mark in clean(text).marks} == {"line end"}
    assert find_noise(text, Cleaning.of([], ["line end"])) == ()


@pytest.mark.parametrize("width", [20, 38])
def test_the_quote_is_whole_and_its_place_is_verbatim(tmp_path, width):
    (tmp_path / "通知.txt").write_text(broken(PARAGRAPHS, width), encoding="utf-8")
    with Library.open(tmp_path / "library") as library:
        library.add(tmp_path / "通知.txt")
        citation = library.ask("慰问时间是什么时候？").citations[0]
    assert citation.quote.startswith("一、慰问时间为2024年6月20日至9月10日")
    assert "7月15日前" in citation.quote
    assert "\n" not in citation.quote.split("。")[0]
    verbatim = citation.document.text[citation.quote_start : citation.quote_end]
    assert verbatim.replace("\n", "") == citation.quote.replace("\n", "")
    assert "\n" in verbatim


@pytest.mark.parametrize(
    "edges",
    [
        ("第 3 页 共 12 页", "第 4 页 共 12 页"),
        ("云岭市总工会文件 — 3 —", "云岭市总工会文件 — 4 —"),
        ("云岭市总工会工作报告  5", "云岭市总工会工作报告  7"),
        ("云岭市总工会文件 — 3 —", "— 4 — 云岭市总工会文件"),
        ("云岭市总工会 共 12 页 第 3 页", "云岭市总工会 共 12 页 第 4 页"),
        ("- 3 -\n云岭市总工会文件", "- 4 -\n云岭市总工会文件"),
        ("云岭市总工会文件\n3", "云岭市总工会文件\n4"),
    ],
)
def test_what_heads_or_closes_each_page_does_not_part_a_sentence(edges):
    text = numbered(edges)
    seen = without(text, find_noise(text))
    for paragraph in PARAGRAPHS[3:5]:
        assert paragraph in seen
        assert any(paragraph in one.shown for one in passages(text))
    assert all(text[one.start : one.end] == one.text for one in passages(text))


@pytest.mark.parametrize(
    "lines",
    [
        ("1. 发放防暑药品", "2. 发放饮料毛巾"),
        ("慰问职工人数 38", "慰问职工人数 35"),
        ("一线职工人数 38", "困难职工人数 42"),
        ("云岭市总工会", "云岭市总工会"),
    ],
)
def test_lines_of_content_between_the_halves_stay(lines):
    text = numbered(lines)
    seen = without(text, find_noise(text))
    assert all(line in seen for line in lines)


def test_the_edges_of_pages_are_noise_between_whole_sentences_too():
    page = "\n".join(f"第{n}项工作由各县（区）总工会负责落实，年底前完成。" for n in range(1, 7))
    pages = [f"{page}\n云岭市总工会工作报告  {n}\n" for n in range(1, 5)]
    assert {mark.rule for mark in clean("".join(pages)).marks} == {"page"}
    assert "工作报告" not in without("".join(pages), find_noise("".join(pages)))
    assert find_noise("".join(pages), Cleaning.of([], ["page"])) == ()
    assert find_noise("".join(pages[:2])) == ()
    headed = "".join(f"{page}\n— {n} —\n云岭市总工会文件\n" for n in range(1, 5))
    assert without(headed, find_noise(headed)).split() == page.split() * 4
    jumping = "".join(f"{page}\n参加培训的职工人数  {n}\n" for n in (12, 35, 60))
    assert find_noise(jumping) == ()
    listed = page + "\n" + "\n".join(f"先进集体推荐名单 {n}" for n in range(1, 5))
    assert find_noise(listed) == ()


_PARTS = [
    *("工会会员应当按月缴纳会费", "，会费标准为工资", "的千分之五。"),
    *("（含", "）", "2024", "年", "AB", "　", "一、"),
]


def every_line_looked_at(rows, measure):
    """Tell the seams as `_seams` does, without leaving any line out beforehand."""
    lengths = [row.indent + measure(row.shown) for row in rows]
    width = sorted(lengths, reverse=True)[int(module._LONGER * len(rows))] if rows else 0
    found, short = [], 0
    for at in range(len(rows) - 1):
        full = lengths[at + 1] >= width - module._SLACK
        signed = not full and module._SIGNED.fullmatch(rows[at + 1].shown)
        if not module._may_go_on(rows, at) or signed:
            continue
        lacks = module._room(rows, at) + (0 if found[-1:] == [at - 1] else module._INDENT)
        if not width - lacks <= lengths[at] <= width + 1:
            short += bool(module._INNER.search(rows[at].shown))
        elif found[-1:] == [at - 1] or not module._is_headline(rows, at, next_full=full):
            found.append(at)
    fits = module._NARROWEST <= width <= module._WIDEST
    return found if fits and module._is_proof(rows, found, short) else []


@given(
    st.lists(st.lists(st.sampled_from(_PARTS), max_size=14).map("".join), max_size=60),
    st.one_of(st.none(), st.integers(16, 124)),
)
def test_lines_left_out_beforehand_would_have_been_no_seams(paragraphs, width):
    text = broken(paragraphs, width) if width else "\n".join(paragraphs)
    rows = list(module._rows(text))
    for measure in (len, module._columns):
        assert module._seams(rows, measure) == every_line_looked_at(rows, measure)
