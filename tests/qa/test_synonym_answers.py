"""Synonyms at work: the sample documents asked in words that they do not hold."""

from __future__ import annotations

import os

import pytest

from qa import render
from qa.library import Library
from qa.measure import measure
from qa.question_files import checked, read_questions
from qa.records import Document
from qa.weighing import OWN_WORTH
from tests.conftest import ROOT

SYNONYMS = ROOT / "docs" / "sample-synonyms.txt"
QUESTIONS = ROOT / "docs" / "sample-colloquial.jsonl"


@pytest.fixture(scope="module")
def folder(tmp_path_factory, sample):
    folder = tmp_path_factory.mktemp("synonyms") / "library"
    with Library.open(folder) as library:
        library.add(sample)
    return folder


@pytest.fixture(scope="module")
def plain(folder):
    with Library.open(folder, everyday=False) as library:
        yield library


@pytest.fixture(scope="module")
def helped(folder):
    with Library.open(folder, synonyms=SYNONYMS, everyday=False) as library:
        yield library


def test_questions_in_everyday_words_are_found_far_more_often(plain, helped):
    file = checked(read_questions(QUESTIONS), plain)
    assert (file.problems, len(file.questions)) == ((), 28)
    before, after = (measure(one, file.questions) for one in (plain, helped))
    assert after.ranking.recall_at_1 > max(0.5, 2 * before.ranking.recall_at_1)
    assert after.ranking.recall_at_3 > max(0.85, 2 * before.ranking.recall_at_3)
    assert after.answered_rightly > 2 * before.answered_rightly


@pytest.mark.parametrize(
    ("question", "quoted"),
    [
        ("石桥区有多少个歇脚点", "石桥区共有工会驿站72个"),
        ("石橋區有多少個歇腳點", "石桥区共有工会驿站72个"),
        ("救命机放在哪种站里", "一级驿站应当配备自动体外除颤器"),
        ("跳槽怎么转会员关系", "由新单位工会在实名制系统中点击“转入”"),
        ("相亲会成了几对", "牵手成功167对"),
    ],
)
def test_the_sentence_with_the_synonym_is_the_one_quoted(helped, question, quoted):
    answer = helped.ask(question)
    cited = (answer.citations or answer.closest)[:2]
    assert any(quoted in one.quote for one in cited)


def test_what_was_used_is_named_among_the_signals(helped, plain):
    hit = helped.search("看娃班收几岁的", 1)[0]
    assert hit.signals["synonym 看娃班→托管班"] == OWN_WORTH
    assert "synonym 看娃班→托管班=1.00" in render.signals_line(hit.signals)
    assert render.hit_json(hit)["signals"]["synonym 看娃班→托管班"] == OWN_WORTH
    assert not any(name.startswith("synonym") for name in plain.search("托管班")[0].signals)


def test_a_synonym_of_the_users_counts_as_the_word(helped, plain):
    [own] = plain.search("换单位怎么转会员关系", 1)
    [other] = helped.search("跳槽怎么转会员关系", 1)
    [unknown] = plain.search("跳槽怎么转会员关系", 1)
    assert own.passage == other.passage
    assert own.score > other.score > unknown.score
    assert own.signals["coverage"] == 1.0
    assert other.signals["coverage"] == 1.0


def test_the_quote_is_the_sentence_with_the_synonym(tmp_path, encoder):
    named = "骑手在七号窗口扫码以后领取一张黄色的出入卡。"
    text = f"环卫工人在三号窗口登记后领取一张蓝色的出入卡。{named}访客在门口领取一张白色的纸条。"
    others = ("区里的绿道修好了。", "阅览室周一闭馆。")
    quotes = []
    for lines in ([], ["外卖小哥 => 骑手"]):
        with Library.open(tmp_path / "library", encoder, synonyms=lines, everyday=False) as library:
            library.add([Document.from_text(one, path=one[:2]) for one in (text, *others)])
            answer = library.ask("外卖小哥在几号窗口领卡")
            quotes.append((answer.citations or answer.closest)[0].quote)
    assert quotes[0] != named
    assert quotes[1] == named


def test_an_arrow_does_not_look_back(folder):
    with Library.open(folder, everyday=False, synonyms=["急救箱 => 药箱"]) as library:
        assert any(n.startswith("synonym") for n in library.search("急救箱里有什么")[0].signals)
        assert not any(n.startswith("synonym") for n in library.search("药箱里有什么")[0].signals)


def test_questions_without_a_synonym_are_answered_just_as_without_any(helped, plain):
    for question in ("会费交多少", "补卡要多久", "你好", ""):
        assert helped.ask(question) == plain.ask(question)


def test_synonyms_that_stand_nowhere_change_nothing(folder, plain):
    with Library.open(
        folder, everyday=False, synonyms=["会费, 月例钱", "补卡 => 重制卡片"]
    ) as library:
        for question in ("会费交多少", "补卡要多久"):
            assert library.ask(question) == plain.ask(question)


def test_a_changed_file_takes_effect_at_the_next_question(folder, tmp_path):
    file = tmp_path / "syn.txt"
    file.write_text("歇脚点, 凉亭\n", encoding="utf-8")
    with Library.open(folder, synonyms=file, everyday=False) as library:
        generation = library.status().generation
        assert library.search("石桥区有多少个歇脚点", 1)[0].signals["coverage"] < 0.75
        file.write_text("歇脚点, 凉亭, 工会驿站\n", encoding="utf-8")
        os.utime(file, (1, 1))
        assert library.search("石桥区有多少个歇脚点", 1)[0].signals["coverage"] > 0.8
        assert library.synonyms.lines == 1
        file.write_text("歇脚点\n", encoding="utf-8")  # broken: what it said before holds
        os.utime(file, (2, 2))
        assert library.search("石桥区有多少个歇脚点", 1)[0].signals["coverage"] > 0.8
        assert library.status().generation == generation
