from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from embeddings.words import fold
from qa.cleaning import find_noise
from qa.outline import label_of
from qa.records import Document, without
from qa.splitting import (
    AIM_CHARS,
    LIMIT_CHARS,
    ROW_CHARS,
    SPLITTING,
    split,
)
from tests.quick import is_quick

SHARED = Path(__file__).resolve().parents[3] / "shared"
PROSE = "全市各级工会要把服务职工作为根本任务，深入基层一线听取意见。"


def passages(text: str, title: str = "题", noise=()):
    return split(Document.from_text(text, path="a", title=title), noise)


def shown(text: str, title: str = "题", noise=()) -> list[str]:
    return [passage.shown for passage in passages(text, title, noise)]


# Headings


@pytest.mark.parametrize(
    ("text", "heading"),
    [
        ("# 手册\n## 一、配置\n" + PROSE, "手册 › 一、配置"),
        ("一、对象\n（一）条件\n" + PROSE, "一、对象 › （一）条件"),
        ("第一章 总则\n第二节 范围\n" + PROSE, "第一章 总则 › 第二节 范围"),
        ("第一部分 回顾\n一、建会\n" + PROSE, "第一部分 回顾 › 一、建会"),
        (PROSE * 2 + "\n政治引領加倍剛強無力\n" + PROSE, "政治引領加倍剛強無力"),
        ("1. 目标\n" + PROSE + "\n2. 措施\n" + PROSE, "2. 措施"),
        ("1认定工匠。\n" + PROSE + "\n2提升素质。\n" + PROSE, "2提升素质"),
        ("一、对象\n" + PROSE + "\n二、标准\n" + PROSE, "二、标准"),
        ("会议议程\n徐建华作重要讲话\n" + PROSE, "会议议程 › 徐建华作重要讲话"),
    ],
)
def test_heading_paths(text, heading):
    assert passages(text)[-1].heading == heading


@pytest.mark.parametrize(
    "line",
    [
        "3月29日上午在赣州召开",
        "他指出",
        "时间：9月1日",
        "云岭市总工会\n2024年3月15日",
        "1. 张三\n2. 李四\n3. 王五",
        "床前明月光，\n疑是地上霜。\n举头望明月，",
        "通讯员 陈丽娟 记者 王晓颖",
        "- 一级驿站",
        "附件：報名表、申請表各一份",
        "事项 | 同意 | 反对\n（一）续聘物业公司 | 702 | 168\n（二）停车管理办法 | 655 | 214",
        "名称｜地址｜电话",
    ],
)
def test_lines_that_are_no_headings_are_text(line):
    text = PROSE + "\n" + line + "\n" + PROSE

    found = passages(text)

    assert {passage.heading for passage in found} == {""}
    assert line.split("\n")[-1] in "\n".join(passage.text for passage in found)


def test_a_wrapped_line_is_no_heading():
    wrapped = PROSE[:-1] + "，提高交通运输系统的抗\n灾能力和服务水平\n" + PROSE
    assert [passage.heading for passage in passages(wrapped)] == [""]


def test_title_line_is_no_passage_and_no_heading():
    found = passages("通知（2024年）\n\n" + PROSE, title="通知(2024年)")
    assert [(passage.heading, passage.text) for passage in found] == [("", PROSE)]


def test_only_a_title_or_headings_is_one_passage():
    assert shown("关于放假的通知", title="关于放假的通知") == ["关于放假的通知"]
    assert shown("# 甲\n## 乙") == ["# 甲\n## 乙"]
    assert [(p.heading, p.text) for p in passages("# 甲\n## 乙\n## 丙")] == [("甲", "## 乙\n## 丙")]


def test_headings_without_text_are_not_lost():
    text = "会议安排如下：\n一、开幕\n二、报告\n三、闭幕"
    assert shown(text) == [text]


def test_no_passage_is_a_lone_heading():
    text = f"# 手册\n\n## 图解\n\n### 代码\n\n## 说明\n\n{PROSE}"
    assert [(p.heading, p.text) for p in passages(text)] == [("手册 › 说明", PROSE)]


# What stays together


def test_question_and_answer_stay_together():
    pair = "问：会费交多少？\n答：" + PROSE * 3
    other = "问：卡丢了怎么办？\n答：" + PROSE * 3
    assert shown(pair + "\n\n" + other) == [pair, other]


def test_articles_stay_whole_and_apart():
    first = "第一条 下列职工可以申请：\n（一）会员；\n（二）困难职工。\n" + PROSE * 3
    second = "第二条 " + PROSE * 4
    third = "第三條 " + PROSE * 4
    assert shown("\n".join((first, second, third))) == [first, second, third]


def test_tiny_article_joins_the_next():
    text = "第一条 为了规范管理。\n第二条 本办法适用于全市。"
    assert shown(text) == [text]


def test_long_article_is_cut_and_its_rest_names_it():
    text = "第五条 " + PROSE * 24 + "\n" + PROSE * 12
    found = passages(text)
    assert len(found) > 2
    assert [passage.heading for passage in found] == ["", *["第五条"] * (len(found) - 1)]


def test_list_stays_with_its_lead_in():
    items = "\n".join(f"{n}. {PROSE}" for n in range(1, 6))
    text = PROSE * 6 + "\n应当提交下列材料：\n" + items
    assert shown(text)[-1] == "应当提交下列材料：\n" + items


def test_rest_of_a_long_numbered_paragraph_names_it():
    found = passages("二是把握要义，突出服务。" + PROSE * 20)
    assert [passage.heading for passage in found] == ["", "二是把握要义，突出服务"]


def test_short_paragraphs_join_up_to_the_aim():
    rows = [PROSE * 4] * 6
    sizes = [len(text) for text in shown("\n".join(rows))]
    assert sizes == [241, 241, 241] and all(size <= AIM_CHARS for size in sizes)


def test_table_rows_stay_whole():
    row = "| " + " | ".join(["沈怀远，联系青禾县"] * 50) + " |"
    assert LIMIT_CHARS < len(row) < ROW_CHARS
    assert row in shown("| 姓名 | 县 |\n| --- | --- |\n" + row)[-1]


def test_the_title_below_its_name_is_the_value_of_a_fact():
    text = "制度名称\n考勤制度\n制度编号\nKQ-01\n" + PROSE
    assert shown(text, title="考勤制度") == [text]


@pytest.mark.parametrize("rule", ["|---|---|---|\n", ""])
def test_a_table_that_is_cut_names_its_columns_again(rule):
    rows = [f"| 第{n}纺织厂工会委员会 | 0873-218{n:04} | 望湖路{n}号 |" for n in range(30)]
    text = "| 单位 | 座机 | 住址 |\n" + rule + "\n".join(rows) + "\n" + PROSE * 5
    found = passages(text)
    assert len(found) > 3
    assert [one.heading for one in found] == ["", *["单位 | 座机 | 住址"] * (len(found) - 2), ""]


# Long text


def test_long_paragraph_is_cut_evenly_at_sentence_ends():
    found = shown(PROSE * 13)
    assert all(text.endswith("。") for text in found)
    assert max(map(len, found)) - min(map(len, found)) <= len(PROSE)


def test_text_without_stops_is_cut_at_pauses_and_then_anywhere():
    pauses = shown("工会服务职工，" * 1500)
    assert all(text.endswith("，") and len(text) <= LIMIT_CHARS for text in pauses)
    bare = shown("工" * 10_000)
    assert sum(map(len, bare)) == 10_000 and max(map(len, bare)) <= LIMIT_CHARS


def test_hard_cut_breaks_no_word_and_no_emoji():
    words = shown("工" * 340 + "internationalization" + "会" * 340)
    assert any("internationalization" in text for text in words)
    family = "👩‍👩‍👧"
    assert all(len(text) % len(family) == 0 for text in shown(f"工{family[1:]}" * 300))


def test_quote_stays_whole_at_a_cut():
    quote = "他说：“" + PROSE * 2 + "”"
    found = shown((quote + PROSE) * 8)
    assert all(text.count("“") == text.count("”") for text in found)


# Coordinates


def test_ordinal_counts_all_lines_that_are_not_blank():
    text = "首页 > 新闻\n\n \n" + PROSE * 8 + "\n\n" + PROSE * 8
    noise = ((0, 7),)
    assert [passage.ordinal for passage in passages(text, noise=noise)] == [2, 3]


def test_noise_is_counted_from_the_start_of_the_passage():
    text = "  广告县网级工会开会。\n广告\n职工参加。广告"
    noise = ((2, 4), (5, 6), (13, 15), (21, 23))
    (passage,) = passages(text, noise=noise)
    assert passage.text == "县网级工会开会。\n广告\n职工参加。"
    assert passage.shown == "县级工会开会。\n\n职工参加。"
    assert passage.noise == ((1, 2), (9, 11))


@pytest.mark.parametrize("text", ["", " \n　\n", "-----\n***", "。\n，"])
def test_nothing_to_find_is_no_passage(text):
    assert passages(text) == ()


def test_splitting_names_its_parameters():
    assert f"aim={AIM_CHARS}" in SPLITTING and f"limit={LIMIT_CHARS}" in SPLITTING


LINES = st.one_of(
    st.sampled_from(
        [
            "",
            "  ",
            "# 手册",
            "## 一、配置",
            "### 空",
            "一、对象",
            "二、标准",
            "（一）条件",
            "1. 甲",
            "2. 乙；",
            "第一章 总则",
            "第一条 内容。",
            "第二条",
            "问：何时？",
            "答：明天。",
            "如下：",
            "| a | b |",
            "---",
            "政治引领更加有力",
            "他指出",
            "题",
            PROSE,
            PROSE * 9,
            PROSE * 30,
            "无" * 700,
            "word " * 200,
            "😀👩‍👩‍👧" * 200,
            "附件：名单",
        ]
    ),
    st.text(alphabet="工会a1 .。！？;；“”（）\t|#-，", max_size=60),
)


@st.composite
def documents_with_noise(draw):
    text = "\n".join(draw(st.lists(LINES, max_size=14)))
    marks = sorted(draw(st.sets(st.integers(0, max(1, len(text))), max_size=10)))
    noise = tuple(
        (start, end) for start, end in zip(marks[::2], marks[1::2], strict=False) if start < end
    )
    return Document.from_text(text, path="a", title="题"), tuple(
        (start, min(end, len(text))) for start, end in noise if start < len(text)
    )


@given(documents_with_noise())
def test_laws_of_passages(given_document):
    document, noise = given_document
    found = split(document, noise)
    place = 0
    for passage in found:
        assert place <= passage.start < passage.end
        place = passage.end
        assert document.text[passage.start : passage.end] == passage.text
        assert passage.shown == passage.shown.strip()
        assert any(char.isalnum() for char in passage.shown)
        assert len(passage.shown) <= ROW_CHARS + 1
        assert not passage.text[0].isspace() and not passage.text[-1].isspace()
        end = 0
        for start, stop in passage.noise:
            assert end <= start < stop <= len(passage.text)
            end = stop
        before = document.text[: passage.start].split("\n")
        rows = [line for line in before[:-1] if line.strip()]
        assert passage.ordinal == len(rows) + 1


@given(documents_with_noise())
def test_every_letter_outside_noise_and_headings_is_in_one_passage(given_document):
    document, noise = given_document
    found = split(document, noise)
    covered = bytearray(len(document.text))
    for start, end in (*noise, *((p.start, p.end) for p in found)):
        covered[start:end] = b"\1" * (end - start)
    labels = {label for passage in found for label in passage.heading.split(" › ")}
    offset = 0
    for line in document.text.split("\n"):
        inside = tuple(
            (max(a - offset, 0), min(b - offset, len(line)))
            for a, b in noise
            if a < offset + len(line) and b > offset
        )
        seen = without(line, inside).strip()
        lost = any(char.isalnum() and not covered[offset + at] for at, char in enumerate(line))
        if lost:
            # A heading of a passage, the title, or a Markdown heading with nothing under it.
            bare = "".join(char for char in fold(seen) if char.isalnum())
            assert label_of(seen) in labels or bare == "题" or seen.startswith("#")
        offset += len(line) + 1


@pytest.mark.parametrize("piece", ["工", "工会，", "工会。", "“工。", "a", "一、", "工 ", "（"])
def test_a_line_of_100000_characters_takes_no_time(piece):
    document = Document.from_text((piece * 100_000)[:100_000], path="a")
    assert is_quick(lambda: split(document, find_noise(document.text)), 1)


def test_five_megabytes_take_seconds():
    document = Document.from_text(("一、目标\n" + PROSE * 6 + "\n") * 9000, path="a")
    assert is_quick(lambda: split(document, find_noise(document.text)), 15)


# The five real documents


def bare(text: str) -> str:
    return "".join(char for char in fold(text) if char.isalnum())


def corpus() -> list[Path]:
    return sorted((SHARED / "corpus").glob("*.txt")) if (SHARED / "corpus").is_dir() else []


@pytest.fixture(scope="module")
def split_corpus():
    files = corpus()
    if not files:
        pytest.skip("the shared corpus is not beside the checkout")
    found = {}
    for file in files:
        document = Document.from_text(file.read_text(encoding="utf-8"), path=file.name)
        found[file.name] = split(document, find_noise(document.text))
    return found


UNWANTED = [
    *(
        "包养",
        "甜心",
        "首页",
        "您现在的位置",
        "当前位置",
        "欢迎访问",
        "欢迎来到",
        "快捷搜索",
        "上一篇",
        "下一篇",
    ),
    *(
        "猜您喜欢",
        "猜你喜欢",
        "推荐访问",
        "网站简介",
        "广告合作",
        "版权声明",
        "转载请注明",
        "预览时标签",
    ),
    *(
        "小编为大家整理",
        "责任编辑",
        "网友投稿",
        "字体:",
        "妈妈",
        "泪水",
        "女孩",
        "女儿",
        "云隐山",
        "笑意",
        "&#",
    ),
]


@pytest.mark.shared
def test_real_documents_show_no_navigation_and_no_advertising(split_corpus):
    for found in split_corpus.values():
        text = fold("\n".join(passage.shown for passage in found))
        assert [word for word in UNWANTED if fold(word) in text] == []


@pytest.mark.shared
def test_real_documents_show_every_fact_in_one_passage(split_corpus):
    questions = [
        json.loads(line)
        for line in (SHARED / "eval" / "gonghui.jsonl").read_text(encoding="utf-8").splitlines()
    ]
    lost = [
        evidence["text"]
        for question in questions
        for evidence in question["evidence"]
        if not any(
            bare(evidence["text"]) in bare(passage.shown)
            for passage in split_corpus[evidence["doc"]]
        )
    ]
    assert lost == []


@pytest.mark.shared
@pytest.mark.parametrize(
    "sentence",
    [
        "往年9月“縣級工會加大力度年”專項任務展開以來",
        "音樂劇、古代京劇、歌曲、朗讀等情勢",
        "此中投進應用已達65個;鄉鎮街道和產業園區職工運動場合投進應用389個",
        "瑞金市“三師一室”維權辦事中間",
        "縣級工會是銜接處所工會和下層工會的“橋頭堡”",
        "江西省總工會做好頂層design,在縣級工會",
        "老李從飲水機里接了一杯熱水",
        "“累了能歇腳、渴了有水喝、沒電可充電、飯涼能加熱、應急有藥品,太便利了。”",
        "筑牢剛強碉堡買通辦事職工群眾",
    ],
)
def test_real_sentences_are_whole_again(split_corpus, sentence):
    (found,) = (found for name, found in split_corpus.items() if name.startswith("001"))
    assert any(sentence in passage.shown for passage in found)


@pytest.mark.shared
def test_real_headings_are_found(split_corpus):
    headings = {passage.heading for found in split_corpus.values() for passage in found}
    assert {"政治引領加倍剛強無力", "組織效能加倍健全完美"} <= headings
    assert "会议议程三 › 4落实服务职工民生实事项目" in headings
