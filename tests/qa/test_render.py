"""Answers, results and reports as text and as JSON: pure functions, compared by value."""

from __future__ import annotations

import dataclasses
import json
from dataclasses import replace

import pytest
from rich.cells import cell_len

from qa import render, reports
from qa.calibrating import Calibrated, Effect
from qa.calibration import Calibration
from qa.doctor import Check
from qa.messages import Messages
from qa.records import AddReport, Answer, Citation, Copy, Document, Hit, Passage, Skipped, Status
from qa.wrapping import wrap

ZH, EN = Messages("zh"), Messages("en")
TEXT = "标题一行\n县级包养网工会提升年的目标是建成一百家。\n第二句话。"
DOCUMENT = Document("/docs", "plan/方案.md", "提升年方案", TEXT, "0" * 64, "2024-04-01")
# The passage is the document less its first line; 包养网 inside is noise.
PASSAGE = Passage(7, 3, 2, "一、目标", 5, len(TEXT), TEXT[5:], ((2, 5),))
CITATION = Citation(1, DOCUMENT, PASSAGE, 5, 25, 0.93456, {"cosine": 0.5, "words": 1.0})
FOUND = Answer("目标是什么", True, 0.93456, CITATION.quote, (CITATION,))
NOT_FOUND = Answer("天气", False, 0.0712, closest=(CITATION,))


def styled(text, style):
    return "".join(text.plain[s.start : s.end] for s in text.spans if str(s.style) == style)


def test_json_of_an_answer_is_the_documented_one():
    assert render.answer_json(FOUND) == {
        "question": "目标是什么",
        "found": True,
        "confidence": 0.9346,
        "quote": "县级工会提升年的目标是建成一百家。",
        "citations": [
            {
                "number": 1, "id": 7, "path": "plan/方案.md", "title": "提升年方案",
                "date": "2024-04-01", "address": "", "heading": "一、目标", "paragraph": 2,
                "page": None,
                "start": 5, "end": 31, "text": "县级工会提升年的目标是建成一百家。\n第二句话。",
                "noise": [[2, 5]], "quote_start": 5, "quote_end": 25, "score": 0.9346,
                    "copies": [],
            }
        ],
    }  # fmt: skip
    assert json.loads(json.dumps(render.answer_json(FOUND))) == render.answer_json(FOUND)


def test_json_of_no_answer_says_what_came_closest():
    got = render.answer_json(NOT_FOUND)
    assert (got["found"], got["quote"], got["citations"]) == (False, "", [])
    assert [one["id"] for one in got["closest"]] == [7]


def test_an_answer_as_text():
    assert render.answer_text(FOUND, ZH).plain == (
        "县级工会提升年的目标是建成一百家。  [1]  把握 93%\n"
        "\n"
        "[1] 提升年方案  2024-04-01\n"
        "    plan/方案.md · 一、目标 · 第 2 段 · 字符 5–31 · 编号 7\n"
        "    县级工会提升年的目标是建成一百家。\n"
        "    第二句话。"
    )


def test_an_answer_in_english_keeps_the_quote_as_it_is():
    lines = render.answer_text(FOUND, EN).plain.split("\n")
    assert lines[0] == "县级工会提升年的目标是建成一百家。  [1]  confidence 93%"
    assert lines[3] == "    plan/方案.md · 一、目标 · paragraph 2 · characters 5–31 · id 7"


def test_no_answer_as_text_names_what_came_closest_and_nothing_else():
    assert render.answer_text(NOT_FOUND, ZH).plain.startswith(
        "文档里没有找到答案。\n\n最接近的段落（不算答案）：\n\n[1] 提升年方案"
    )
    nothing = Answer("？", False, 0.0)
    assert render.answer_text(nothing, ZH).plain == "文档里没有找到答案。"


def test_copies_are_counted_and_named_below_the_place():
    other = Document("", "乙.txt", "转发提升年方案", TEXT, "1", "2024-05")
    paged = Document("", "丙.pdf", "汇编", TEXT, "2", page_starts=(0, 4))
    copies = (Copy(other, PASSAGE), Copy(paged, replace(PASSAGE, id=8, ordinal=9)))
    cited = replace(CITATION, copies=copies)
    text = render.citation_text(cited, ZH)
    line = "    另有 2 处内容相同：乙.txt · 第 2 段；丙.pdf · 第 9 段"
    assert text.plain.split("\n")[1:4] == [
        "    plan/方案.md · 一、目标 · 第 2 段 · 字符 5–31 · 编号 7",
        line,
        "    县级工会提升年的目标是建成一百家。",
    ]
    assert line.strip() in styled(text, "dim")
    one = replace(cited, copies=copies[:1])
    assert (
        "the same in 1 other place: 乙.txt · paragraph 2\n" in render.citation_text(one, EN).plain
    )
    assert "the same in 2 other places: " in render.citation_text(cited, EN).plain
    assert render.citation_json(cited)["copies"] == [
        {"id": 7, "path": "乙.txt", "title": "转发提升年方案", "date": "2024-05",
         "address": "", "paragraph": 2, "page": None, "start": 5, "end": 31},
        {"id": 8, "path": "丙.pdf", "title": "汇编", "date": None,
         "address": "", "paragraph": 9, "page": 2, "start": 5, "end": 31},
    ]  # fmt: skip


def test_the_quote_is_marked_inside_the_passage_and_the_rest_is_plain():
    text = render.citation_text(CITATION, ZH)
    assert styled(text, "bold green") == "县级工会提升年的目标是建成一百家。"
    assert "第二句话" not in styled(text, "dim") + styled(text, "bold")
    assert str(text.style) == ""


def test_the_quote_stays_marked_when_lines_are_broken():
    text = wrap(render.citation_text(CITATION, ZH), 24)
    assert "    县级工会提升年的目标\n    是建成一百家。\n" in text.plain
    assert styled(text, "bold green") == "县级工会提升年的目标是建成一百家。"
    assert all(cell_len(line) <= 24 for line in text.plain.split("\n"))


def test_noise_is_left_out_or_struck_through():
    assert render.passage_text(PASSAGE).plain == "县级工会提升年的目标是建成一百家。\n第二句话。"
    struck = render.passage_text(PASSAGE, with_noise=True)
    assert struck.plain == PASSAGE.text
    assert styled(struck, "dim strike") == "包养网"


@pytest.mark.parametrize(
    ("noise", "shown"),
    [((), "甲乙丙"), (((0, 1),), "乙丙"), (((2, 3),), "甲乙"), (((0, 1), (2, 3)), "乙"),
     (((0, 3),), "")],
)  # fmt: skip
def test_noise_anywhere_in_a_passage(noise, shown):
    passage = Passage(1, 1, 1, "", 0, 3, "甲乙丙", noise)
    assert render.passage_text(passage).plain == shown == passage.shown
    assert render.passage_text(passage, with_noise=True).plain == "甲乙丙"


def test_explaining_shows_the_signals():
    assert (
        "    cosine=0.50  words=1.00\n" in render.answer_text(FOUND, ZH, explain=True).plain + "\n"
    )


def test_search_results_as_text_and_json():
    hit = Hit(PASSAGE, DOCUMENT, 0.8123, {"cosine": 0.51234})
    text = render.hits_text([hit, hit], ZH).plain
    one = (
        "提升年方案  2024-04-01  得分 0.81\n"
        "    plan/方案.md · 一、目标 · 第 2 段 · 字符 5–31 · 编号 7\n"
        "    县级工会提升年的目标是建成一百家。\n"
        "    第二句话。"
    )
    assert text == f"{one}\n\n{one}"
    assert render.hits_text([], ZH).plain == "没有找到相关段落。"
    assert render.hit_json(hit)["score"] == 0.8123
    assert render.hit_json(hit)["signals"] == {"cosine": 0.5123}


def test_a_page_is_named_where_there_are_pages():
    paged = Document("", "a.pdf", "甲", TEXT, "0", page_starts=(0, 4, 30))
    line = render.place_line(Copy(paged, PASSAGE), ZH)
    assert line == "a.pdf · 一、目标 · 第 2 页 · 第 2 段 · 字符 5–31 · 编号 7"


def test_the_address_of_a_document_is_shown_with_its_citations():
    address = "https://www.yunling.example/12.html"
    known = replace(DOCUMENT, address=address)
    cited = replace(CITATION, document=known, copies=(Copy(known, PASSAGE),))
    lines = render.citation_text(cited, ZH).plain.split("\n")
    assert lines[2] == f"    {address}"
    assert address not in render.citation_text(CITATION, ZH).plain
    assert render.citation_json(cited)["address"] == address
    assert render.citation_json(cited)["copies"][0]["address"] == address
    assert render.document_json(known)["address"] == address
    assert render.hit_json(Hit(PASSAGE, known, 0.5))["address"] == address
    assert render.document_json(DOCUMENT)["address"] == ""


def test_page_and_paragraph_are_those_of_the_quote():
    paged = Document("", "a.pdf", "甲", TEXT, "0", page_starts=(0, 20))
    at = TEXT.index("第二句")
    other = Copy(DOCUMENT, PASSAGE, at)
    late = Citation(1, paged, PASSAGE, at, at + 5, 0.5, copies=(other,))
    assert "第 2 页 · 第 3 段" in render.citation_text(late, ZH).plain
    assert "方案.md · 第 3 段" in render.citation_text(late, ZH).plain
    got = render.citation_json(late)
    assert (got["page"], got["paragraph"], got["copies"][0]["paragraph"]) == (2, 3, 3)
    # A search result has no quote: there it is the passage that is named.
    assert render.hit_json(Hit(PASSAGE, paged, 0.5))["paragraph"] == 2


def test_documents_for_a_person_and_for_a_program():
    undated = Document.from_text("正文", path="甲.txt")
    assert render.documents_text([DOCUMENT, undated], ZH).plain == (
        "2024-04-01  提升年方案\n"
        f"            plan/方案.md · {len(TEXT)} 字\n"
        "            甲.txt\n"
        "            甲.txt · 2 字"
    )
    assert render.document_line(undated) == "\t2\t甲.txt\t甲.txt"
    assert render.document_json(DOCUMENT)["characters"] == len(TEXT)


def test_a_report_counts():
    report = AddReport(("a",), ("b", "c"), (), ("d",), (Skipped("e", "the file is empty"),))
    now = Status("lib", 3, 9, 0, "fake", 64, "jieba", "1", 1, 9, 9, 0, 9, "", 0.3, "shipped")
    assert reports.report_text(report, now, ZH) == (
        "新增 1，更新 2，未变 0，移除 1；共 3 份文档、9 个段落"
    )
    assert reports.report_text(report, now, EN) == (
        "1 added, 2 updated, 0 unchanged, 1 removed; 3 documents, 9 passages in all"
    )
    assert reports.report_json(report)["failed"] == ({"path": "e", "reason": "the file is empty"},)


def test_the_state_of_a_library_is_aligned_by_columns_of_the_terminal():
    now = Status("lib", 3, 9, 1536, "fake", 64, "jieba", "1", 1, 9, 4, 5, 9, "", 0.3, "shipped")
    rows = reports.status_text(now, ZH).split("\n")
    assert rows[0] == "资料库    lib"
    assert rows[3] == "占用磁盘  1.5 KB"
    assert rows[-2:] == ["索引      词项 9；向量 4（文件）+ 5（内存）", "阈值      0.30（出厂）"]
    outdated = replace(now, calibration="outdated", reranker="models/second")
    rows = reports.status_text(outdated, EN).split("\n")
    assert rows[-2].startswith("threshold  0.30 (as shipped; the library's own calibration is of")
    assert rows[-1] == "reranker   models/second"


def test_a_calibration_shows_before_and_now_side_by_side():
    calibration = Calibration(1.2, -0.3, 0.42, 0.05, 9, made=True)
    found = Calibrated(calibration, 9, 8, Effect(0.3, 1.0, 0.25), Effect(0.42, 0.875, 0.0))
    assert reports.calibrated_text(found, ZH).split("\n") == [
        "由文档造出 9 题：有答案的问了 9 次，抽去答案的问了 8 次",
        "                    原来    现在",
        "阈值                0.30    0.42",
        "有答案的答出      100.0%   87.5%",
        "没有答案的误答     25.0%    0.0%",
    ]
    none = replace(found, answerable=0)
    assert reports.calibrated_text(none, EN).split("\n")[3].split() == [
        "answerable",
        "answered",
        "—",
        "—",
    ]
    given = reports.calibrated_json(found)
    assert given["calibration"]["threshold"] == 0.42
    assert given["before"] == {"threshold": 0.3, "answered": 1.0, "false_answers": 0.25}


@pytest.mark.parametrize(
    ("check", "line"),
    [
        (Check("doctor_word", True, "tried", {"terms": ["工会", "驿站"]}),
         "[正常] 找得到两字词  试了：工会、驿站"),
        (Check("doctor_quotes", False, "misplaced", {"count": 2, "ids": [3, 4]}),
         "[有误] 每个段落都在原文的位置上  2 个段落不在其位，编号 3、4"),
        (Check("doctor_name", None), "[未查] 找得到词典里没有的名称"),
    ],
)  # fmt: skip
def test_checks_as_lines(check, line):
    assert reports.check_text(check, ZH).plain == line


@pytest.mark.parametrize(
    ("count", "shown"),
    [(0, "0 B"), (1023, "1023 B"), (1024, "1.0 KB"), (5 << 20, "5.0 MB"), (3 << 40, "3.0 TB"),
     (5 << 50, "5120.0 TB")],
)  # fmt: skip
def test_sizes_are_readable(count, shown):
    assert reports.readable_bytes(count) == shown


def test_confidence_is_never_a_promise():
    sure = Answer("q", True, 1.0, CITATION.quote, (CITATION,))
    assert "把握 99%" in render.answer_text(sure, ZH).plain


@pytest.mark.parametrize(("confidence", "said"), [(0.49, True), (0.5, False)])
def test_an_answer_more_probably_wrong_than_right_says_so(confidence, said):
    doubtful = replace(FOUND, confidence=confidence)
    line = "把握不大：这些话不一定回答了问题，请看出处。"
    shown = render.answer_text(doubtful, ZH).plain.split("\n")
    assert (shown[1] == line) is said
    assert render.answer_json(doubtful).get("unsure", False) is said


def test_what_was_not_found_is_not_unsure():
    assert not NOT_FOUND.unsure and "unsure" not in render.answer_json(NOT_FOUND)


def test_json_names_the_signals_when_they_are_asked_for(sample_library):
    answer = sample_library.ask("县级工会提升年的目标是什么")
    [first, *_] = render.answer_json(answer, explain=True)["citations"]
    assert first["signals"]["coverage"] == round(answer.citations[0].signals["coverage"], 4)
    assert "signals" not in render.answer_json(answer)["citations"][0]


def test_a_document_is_one_line_whatever_its_name_holds():
    document = Document.from_text("正文", path="a\nb\tc.txt", title="标题\r\n二\u2028三")
    assert render.document_line(document).split("\t") == ["", "2", "a b c.txt", "标题  二 三"]


def test_the_recall_of_a_large_vector_file_is_shown():
    small = Status("lib", 3, 9, 0, "fake", 64, "jieba", "1", 1, 9, 9, 0, 9, "", 0.3, "shipped", 1.0)
    assert "recall" not in reports.status_text(small, EN)
    large = dataclasses.replace(small, vector_recall=0.9812)
    assert "vector recall  0.981" in reports.status_text(large, EN)
    assert reports.status_json(large)["vector_recall"] == 0.9812
