"""Answers as messages: nothing Telegram would refuse, and what a clerk wants to see first."""

from __future__ import annotations

import random
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.bot.markup import around, clipped, joined, lines, packed, plain, units, without_marks
from qa.bot.pieces import answer_texts, reading_text, shown_range, sources_texts
from qa.messages import Messages
from qa.records import Answer, Citation, Copy, Document, Passage
from tests.telegram.entities import MOST_ENTITIES, parse_html, utf16_length

ZH, EN = Messages("zh"), Messages("en")
TEXT = (
    "第一条 驿站每天开放。\n\n（一）冬季八点开门；\n广告（二）夏季七点开门。\n"
    "第二条 节假日照常开放。"
)


def document(text=TEXT, **values):
    return Document.from_text(text, path="手册.md", title=values.pop("title", "驿站手册"), **values)


def passage(text=TEXT, *, noise=(), start=0, heading="管理 › 开放", number=7):
    return Passage(number, 1, 3, heading, start, start + len(text), text, tuple(noise))


def citation(quote, *, number=1, text=TEXT, noise=(), copies=(), before="", **values):
    at = text.index(quote) + len(before)
    return Citation(
        number,
        document(before + text, **values),
        passage(text, noise=noise, start=len(before)),
        at,
        at + len(quote),
        0.9,
        copies=copies,
    )


def answer(*citations, **values):
    return Answer("几点开门", True, 0.9, citations[0].quote, tuple(citations), **values)


def sendable(text):
    """Parse a message as strictly as Telegram does, and check what it counts."""
    parsed = parse_html(text)
    assert parsed.text.strip()
    assert utf16_length(parsed.text) <= 4096
    assert len(parsed.entities) <= MOST_ENTITIES
    text.encode()  # what is half a character cannot be sent
    quotes = [one for one in parsed.entities if one.type == "blockquote"]
    for one, following in pairwise(quotes):
        assert following.offset >= one.offset + one.length, "a quotation inside another"
    assert all(one.argument == "expandable" for one in quotes)
    return parsed


def marked(parsed, kind):
    raw = parsed.text.encode("utf-16-le")
    return [
        raw[2 * one.offset : 2 * (one.offset + one.length)].decode("utf-16-le")
        for one in parsed.entities
        if one.type == kind
    ]


def test_the_quote_comes_first_and_is_bold_in_its_passage():
    [text] = answer_texts(answer(citation("（一）冬季八点开门；", date="2024-04-08")), ZH)
    parsed = sendable(text)
    assert parsed.text.split("\n") == [
        "（一）冬季八点开门； [1]",
        "",
        "[1] 驿站手册 2024-04-08",
        "管理 › 开放 · 第 4 段",
        "第一条 驿站每天开放。",
        "（一）冬季八点开门；",
        "广告（二）夏季七点开门。",
        "第二条 节假日照常开放。",
    ]
    assert marked(parsed, "b") == ["[1] 驿站手册", "（一）冬季八点开门；"]
    [quotation] = marked(parsed, "blockquote")
    assert quotation.startswith("第一条") and quotation.endswith("照常开放。")


def test_a_quote_with_noise_inside_is_shown_without_it_in_its_place():
    quote = "八点开门；\n广告（二）夏季"
    noise = [(TEXT.index("广告"), TEXT.index("广告") + 2), (0, 3)][::-1]
    one = citation(quote, noise=noise, before="前言。\n")
    start, end = shown_range(one)
    assert one.passage.shown[start:end] == one.quote == "八点开门；\n（二）夏季"
    parsed = sendable(answer_texts(answer(one), ZH)[0])
    assert "广告" not in parsed.text and "第一条" not in parsed.text
    assert marked(parsed, "b")[-1] == "八点开门；\n（二）夏季"


def at_address(one, address):
    return replace(one, document=replace(one.document, address=address))


def test_the_title_opens_the_address_of_its_page():
    address = 'https://www.yunling.example/a?x=1&y="2"'
    one = at_address(citation("（一）冬季八点开门；"), address)
    [text] = answer_texts(answer(one), ZH)
    parsed = sendable(text)
    [link] = [one for one in parsed.entities if one.type == "a"]
    assert marked(parsed, "a") == ["驿站手册"]
    assert link.argument == address
    assert "[1] 驿站手册" in parsed.text and address not in parsed.text
    assert reading_text(one, ZH).startswith(
        '<a href="https://www.yunling.example/a?x=1&amp;y=&quot;2&quot;"><b>驿站手册</b></a>'
    )


@pytest.mark.parametrize("address", ["", "javascript:alert(1)", "ftp://a.b/c", "https://a.b/\nc"])
def test_what_is_no_address_of_the_web_is_no_link(address):
    [text] = answer_texts(answer(at_address(citation("（一）冬季八点开门；"), address)), ZH)
    assert "href" not in text
    assert "<b>[1]" in text


def test_page_copies_and_how_it_was_understood_are_said():
    paged = Document("", "报告.pdf", "报告", TEXT, "0" * 64, page_starts=(0, 12))
    one = citation("第二条 节假日照常开放。")
    copies = tuple(Copy(document(title=f"转发{number}"), passage()) for number in range(5))
    source = Citation(1, paged, one.passage, one.quote_start, one.quote_end, 0.9, copies=copies)
    text = sendable(answer_texts(answer(source, understood="驿站几点开门"), ZH)[0]).text
    assert "按“驿站几点开门”回答" in text
    assert "管理 › 开放 · 第 2 页 · 第 6 段" in text
    assert "另有 5 处内容相同：转发0 · 第 3 段；转发1 · 第 3 段；转发2 · 第 3 段…" in text
    text = sendable(answer_texts(answer(source), EN)[0]).text
    assert "page 2" in text and "Answered as" not in text


def test_only_the_first_sources_are_shown_and_the_rest_on_demand():
    cited = [citation("第二条 节假日照常开放。", number=number) for number in range(1, 6)]
    text = sendable(answer_texts(answer(*cited), ZH)[0]).text
    assert "[3] 驿站手册" in text and "[4]" not in text
    [more] = sources_texts(cited[3:], ZH, title="其他来源：")
    assert sendable(more).text.startswith("其他来源：\n\n[4] 驿站手册\n")


def test_an_unsure_answer_says_so_below_the_quote():
    cited = citation("第二条 节假日照常开放。")
    [text] = answer_texts(replace(answer(cited), confidence=0.3), ZH)
    lines = sendable(text).text.split("\n")
    assert lines[0].endswith("[1]")
    assert lines[1] == "把握不大：这些话不一定回答了问题，请看出处。"
    assert "把握不大" not in answer_texts(answer(cited), ZH)[0]


def test_nothing_found_is_one_sentence():
    near = citation("第二条 节假日照常开放。")
    assert answer_texts(Answer("火星", False, 0.1, closest=(near,)), ZH) == ["文档里没有找到答案。"]


def test_three_sources_of_the_longest_kind_are_one_message_with_their_quotes_whole():
    long = "序言。" * 200 + "要找的句子在这里。" + "后文。" * 200
    cited = [
        citation("要找的句子在这里。", number=number, text=long, title="长" * 500)
        for number in (1, 2, 3)
    ]
    [text] = answer_texts(answer(*cited, understood="问" * 900), ZH)
    parsed = sendable(text)
    assert marked(parsed, "b").count("要找的句子在这里。") == 3
    assert all("…" in one and "要找的句子在这里。" in one for one in marked(parsed, "blockquote"))


def test_a_passage_to_read_is_one_message_whatever_its_length():
    text = "序言。" * 2000 + "工会。" * 1000 + "后文。" * 2000
    one = citation("工会。" * 1000, text=text)
    parsed = sendable(reading_text(one, ZH))
    assert parsed.text.startswith("驿站手册\n管理 › 开放 · 第 3 段\n\n…")
    parsed = sendable(reading_text(citation("第二条 节假日照常开放。"), ZH))
    assert marked(parsed, "b") == ["驿站手册", "第二条 节假日照常开放。"]


@pytest.mark.parametrize(
    ("limit", "shortened"),
    [
        (100, ("甲乙丙。丁戊", "己庚", "辛壬。癸子丑")),
        (8, ("…丁戊", "己庚", "辛壬…")),
        (4, ("…", "己庚", "…")),
        (2, ("", "己庚", "")),
        (1, ("", "…", "")),
    ],
)
def test_a_passage_is_shortened_around_its_quote(limit, shortened):
    found = around("甲乙丙。丁戊己庚辛壬。癸子丑", (6, 8), limit)
    if limit == 2:
        assert found[1] == "己庚"  # beside it nothing but the sign that something was cut
        assert {found[0], found[2]} <= {"", "…"}
    elif limit == 1:
        assert found[1] == "…"
    else:
        assert found == shortened


@pytest.mark.parametrize("family", ["👨‍👩‍👧‍👦", "👍🏽", "e\u0301", "❤\ufe0f"])
def test_a_cut_never_parts_what_is_one_sign(family):
    text = family * 50
    for limit in range(2, 60):
        kept = clipped(text, limit).removesuffix("…")
        assert units(kept) < limit
        assert kept == family * (len(kept) // len(family)) or len(kept) < len(family)


def test_lines_stay_lines_and_blank_ones_go():
    assert lines("一、\r\n\r\n  二、 \n \u3000\n三、") == "一、\n  二、\n三、"


def test_many_marks_are_spread_over_messages():
    blocks = [joined((plain("x"),), "\n")] * 3
    assert packed(blocks) == ["x\n\nx\n\nx"]
    assert packed([plain("长" * 4000), plain("短" * 200)]) == ["长" * 4000, "短" * 200]
    assert packed([]) == [] and packed([plain("")]) == []


WILD = [
    "<b>", "</blockquote>", "&amp;", "&", "<", ">", '"', "'", "&nbsp;", "😀", "👩‍🚒", "𠮷",
    "\u200f", "\u202e", "\u200b", "\ufeff", "\x00", "\x1b", "\ud800", "\udc00", "\n", "\r\n",
    "\n\n\n", "\t", "\u3000", " ", "工会驿站", "。", "第三条", "a", "e\u0301", "\u2028",
    "<a href='tg://user?id=1'>",
]  # fmt: skip


def wild(chance, most):
    return "".join(chance.choice(WILD) for _ in range(chance.randrange(most)))


def wild_citation(chance, number):
    most = chance.choices([5, 50, 200, 2_500], [8, 8, 3, 1])[0]
    text = wild(chance, most) or "字"
    start, end = sorted(chance.randrange(len(text) + 1) for _ in range(2))
    edges = sorted(chance.randrange(len(text) + 1) for _ in range(2 * chance.randrange(4)))
    noise = [one for one in zip(edges[::2], edges[1::2], strict=True) if one[0] < one[1]]
    of = document("前\n" + text, title=wild(chance, chance.choice([10, 300])) or "题")
    held = passage(text, noise=noise, start=2, heading=wild(chance, 100))
    copies = (Copy(of, held),) * chance.randrange(6)
    return Citation(number, of, held, start + 2, end + 2, 0.5, copies=copies)


def test_a_thousand_wild_answers_are_all_sendable():
    chance = random.Random(20240408)
    for _ in range(1000):
        cited = tuple(wild_citation(chance, number) for number in (1, 2, 3))
        words = chance.choice([ZH, EN])
        said = Answer(
            wild(chance, 9), True, 0.9, cited[0].quote, cited, understood=wild(chance, 300)
        )
        texts = [
            *answer_texts(said, words),
            *sources_texts(cited, words, title="其他来源："),
            reading_text(cited[0], words),
        ]
        for text in texts:
            assert sendable(text).text == without_marks(text)


@given(st.text("甲乙丙，\n", min_size=1, max_size=40), st.data())
def test_the_quote_is_found_again_in_what_is_shown_whatever_is_left_out(text, data):
    edges = sorted(data.draw(st.sets(st.integers(0, len(text)), max_size=8)))
    noise = list(zip(edges[::2], edges[1::2], strict=False))
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    of, held = document(f"前{text}后"), passage(text, noise=noise, start=1)
    one = Citation(1, of, held, start + 1, end + 1, 0.9)
    assert held.shown[slice(*shown_range(one))] == one.quote


@given(st.text(max_size=300), st.integers(0, 300), st.integers(0, 300), st.integers(2, 200))
def test_around_keeps_to_its_limit_and_adds_nothing_but_the_sign_of_a_cut(text, one, two, limit):
    start, end = sorted((min(one, len(text)), min(two, len(text))))
    before, kept, after = around(text, (start, end), limit)
    assert units(before + kept + after) <= limit + 2
    assert before.removeprefix("…") == "" or text[:start].endswith(before.removeprefix("…"))
    assert text[start:end].startswith(kept.removesuffix("…"))
    assert after.removesuffix("…") == "" or text[end:].startswith(after.removesuffix("…"))


@given(st.text(max_size=200))
def test_any_text_can_be_sent_and_reads_as_it_was(text):
    parsed = parse_html(plain(text).html)
    assert len(parsed.text) == len(text)
    assert parsed.text == without_marks(plain(text).html)
    assert plain(text).units == utf16_length(parsed.text)
