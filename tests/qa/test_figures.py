"""What was measured, as text and as JSON: in both languages, and narrow enough."""

from __future__ import annotations

import json

import pytest
from rich.cells import cell_len

from qa import figures as shown
from qa.measure import Figures, Outcome, Quoted, Standing
from qa.messages import Messages
from qa.metrics import Ranking
from qa.question_files import EvidenceText, LineProblem, MeasuredQuestion

ZH, EN = Messages("zh"), Messages("en")
SIGNALS = {f"signal_{n}": n / 10 for n in range(10)}


def outcome(number, *, answerable=True, **values):
    texts = (EvidenceText("a.txt", "词"),) if answerable else ()
    question = MeasuredQuestion(f"q{number}", "补办会员卡要几天？", "when", texts, number)
    found = values.pop("found", True)
    usual = {
        "without_evidence": False, "confidence": 0.9, "quote": "三天。\n" if found else "",
        "right": False, "milliseconds": 8.25,
    }  # fmt: skip
    return Outcome(question=question, found=found, **{**usual, **values})


FIRST = Standing(1, "b.txt", 3, 0.8, {**SIGNALS, "cosine": -0.25})
EVIDENCE = Standing(2, "a.txt", 1, 0.7, SIGNALS)
OUTCOMES = [
    outcome(1, right=True, place=1, quoted=Quoted(12, True)),
    outcome(2, place=2, first=FIRST, evidence=EVIDENCE, confidence=0.8),
    outcome(3, place=0, first=FIRST, found=False, confidence=0.2),
    outcome(4, place=0, found=False, confidence=0.0),
    outcome(5, answerable=False, confidence=0.45),
    outcome(1, without_evidence=True, confidence=0.55),
    outcome(2, without_evidence=True, confidence=0.1, found=False),
]
FIGURES = Figures.of(OUTCOMES)
BM25 = Ranking(0.25, 0.5, 0.5, 0.375, 0.06, 123.4)


def test_the_table_reads_from_top_to_bottom():
    assert shown.figures_text(FIGURES, ZH, BM25).split("\n") == [
        "5 题：4 题有答案，1 题没有",
        "2 道有答案的题去掉依据所在的文档再问一遍，算没有答案的",
        "                      qa      bm25",
        "R@1                25.0%     25.0%",
        "R@3                50.0%     50.0%",
        "R@5                50.0%     50.0%",
        "MRR@10             0.375     0.375",
        "一问耗时（中位）     8.2 ms   0.06 ms",
        "一问耗时（99%）      8.2 ms  123.4 ms",
        "有答案的答出       50.0%",
        "  引自依据         25.0%",
        "  引自别处         25.0%",
        "  把握不大          0.0%",
        "摘句含有答案      100.0%",
        "摘句平均字数        12.0",
        "没有答案的拒答     33.3%",
        "没有答案的误答     66.7%",
        "  把握不大         33.3%",
        "把握的 AUROC       1.000",
        "把握的校准误差     0.314",
        "",
        "   把握  题数  平均把握  实际答对",
        "0.0–0.1     1      0.00      0.00",
        "0.1–0.2     1      0.10      0.00",
        "0.2–0.3     1      0.20      0.00",
        "0.4–0.5     1      0.45      0.00",
        "0.5–0.6     1      0.55      0.00",
        "0.8–0.9     1      0.80      0.00",
        "0.9–1.0     1      0.90      1.00",
    ]


@pytest.mark.parametrize("words", [ZH, EN])
def test_no_line_is_wider_than_eighty_columns(words):
    text = shown.figures_text(FIGURES, words, BM25) + shown.explained_text(FIGURES, words)
    assert [line for line in text.split("\n") if cell_len(line) > 80] == []


def test_without_a_baseline_there_is_one_column_without_a_name():
    lines = shown.figures_text(FIGURES, EN).split("\n")
    assert lines[2].split() == ["R@1", "25.0%"]
    assert lines[6] == "one question (median)      8.2 ms"


def test_rates_that_nothing_was_measured_for_are_no_numbers():
    figures = Figures.of(OUTCOMES[:1])
    rows = dict(
        row.rsplit("  ", 1) for row in shown.figures_text(figures, EN).split("\n\n")[0].split("\n")
        if "  " in row
    )  # fmt: skip
    values = {name.strip(): value.strip() for name, value in rows.items()}
    assert values["R@1"] == "100.0%"
    assert values["MRR@10"] == "1.000"
    assert values["unanswerable refused"] == "—"
    assert values["AUROC of confidence"] == "—"
    assert shown.figures_text(figures, EN).split("\n")[0] == "1 question: 1 answerable, 0 not"


def test_misses_false_answers_and_refusals_are_explained():
    said = shown.explained_text(FIGURES, EN).split("\n")
    at = said.index("not first: q2 补办会员卡要几天？")
    assert said[at + 1 : at + 8] == [
        "    place 1: b.txt paragraph 3  score 0.80",
        "    evidence, place 2: a.txt paragraph 1  score 0.70",
        "    signals (of place 1, of the evidence):",
        "        signal_0  0.00  0.00  signal_1  0.10  0.10  signal_2  0.20  0.20",
        "        signal_3  0.30  0.30  signal_4  0.40  0.40  signal_5  0.50  0.50",
        "        signal_6  0.60  0.60  signal_7  0.70  0.70  signal_8  0.80  0.80",
        "        signal_9  0.90  0.90  cosine   -0.25     —",
    ]
    assert said[said.index("not first: q3 补办会员卡要几天？") + 2] == (
        "    the evidence is not among the first 100"
    )
    assert said[said.index("not first: q4 补办会员卡要几天？") + 1] == "    nothing was found"
    at = said.index("answered, unanswerable: q5 补办会员卡要几天？  confidence 45%")
    assert said[at + 1] == "    三天。"
    assert "answered without its evidence: q1 补办会员卡要几天？  confidence 55%" in said
    assert [line for line in said if line.startswith("not answered")] == [
        "not answered, answerable: q3 补办会员卡要几天？  confidence 20%",
        "not answered, answerable: q4 补办会员卡要几天？  confidence 0%",
    ]


def test_when_all_is_right_there_is_nothing_to_explain():
    assert shown.explained_text(Figures.of(OUTCOMES[:1]), ZH) == ""


def test_json_holds_every_figure():
    problems = (LineProblem(7, "not JSON"),)
    got = json.loads(json.dumps(shown.figures_json(FIGURES, problems, BM25, explain=True)))
    assert (got["answerable"], got["unanswerable"], got["without_evidence"]) == (4, 1, 2)
    assert (got["recall_at_1"], got["quotes"], got["quotes_with_answer"]) == (0.25, 1, 1.0)
    assert got["against"]["bm25"]["p99_ms"] == 123.4
    assert (got["answered_unsurely"], got["false_answers_unsure"]) == (0.0, 1 / 3)
    assert got["calibration"][9] == {
        "low": 0.9, "high": 1.0, "questions": 1, "confidence": 0.9, "right": 1.0,
    }  # fmt: skip
    assert got["problems"] == [{"line": 7, "reason": "not JSON"}]
    assert got["misses"] == ["q2", "q3", "q4"]
    second, third, fourth = got["explained"]["misses"]
    assert (second["line"], second["kind"], second["place"]) == (2, "when", 2)
    assert second["first"]["signals"]["cosine"] == -0.25
    assert second["evidence"]["path"] == "a.txt"
    assert (third["place"], third["evidence"], fourth["first"]) == (None, None, None)
    false = got["explained"]["false_answers"]
    assert [(one["id"], one["without_evidence"], one["confidence"]) for one in false] == [
        ("q5", False, 0.45), ("q1", True, 0.55),
    ]  # fmt: skip
    assert [one["id"] for one in got["explained"]["refusals"]] == ["q3", "q4"]


def test_json_says_the_same_things_without_explanations_and_baseline():
    short, long = shown.figures_json(FIGURES), shown.figures_json(FIGURES, explain=True)
    assert short["against"] == {}
    assert long.pop("explained")
    assert short == long


def test_a_confidence_is_never_a_hundred_per_cent():
    sure = Figures.of([outcome(6, answerable=False, confidence=0.999)])
    assert shown.explained_text(sure, EN).splitlines()[1].endswith("confidence 99%")
