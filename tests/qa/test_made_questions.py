"""Questions made from documents: what is asked for, and that the answer is not given away."""

from __future__ import annotations

import pytest

from embeddings.words import cutter
from qa.library import Library
from qa.made_questions import made_questions, make_question
from qa.question import Kind, parse
from qa.records import Document, Passage
from tests.fakes import FakeEncoder


def passage(text):
    return Passage(1, 1, 1, "", 0, len(text), text)


@pytest.mark.parametrize(
    ("sentence", "answer", "kind"),
    [
        ("市总工会从本级经费中安排专项资金260万元支持提升年工作。", "260万元", Kind.NUMBER),
        ("县总工会职工服务中心于2024年5月21日正式挂牌启用。", "2024年5月21日", Kind.WHEN),
        ("全县工会工作推进会议由县总工会主席沈怀远主持召开。", "沈怀远", Kind.WHO),
        ("枫林县职工技能大赛决赛在县文化中心举行并当场颁奖。", "县文化中心", Kind.WHERE),
        ("申请助学金需要携带身份证、户口簿、录取通知书到窗口办理。", "户口簿", Kind.LIST),
        ("受到表彰的班组获得全国总工会“工人先锋号”荣誉称号。", "工人先锋号", Kind.WHAT),
        ("縣總工會安排專項資金260萬元和43人支持提升年工作。", "43人", Kind.NUMBER),
    ],
)
def test_what_stands_there_is_asked_for_and_not_told(sentence, answer, kind):
    question, evidence = make_question(passage(sentence))
    assert evidence == sentence
    assert answer not in question
    assert parse(question, cutter()).kind is kind
    rest = {character for character in question if character.isalnum()}
    assert len(rest & set(sentence)) >= 4  # it is still about the sentence


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "。。。",
        "260万元",
        "本条例自公布之日起施行。",
        "🙂" * 30,
        "字" * 10_000 + "260万元",
    ],
)
def test_what_cannot_be_asked_about_gives_none(text):
    assert make_question(passage(text)) is None


def test_noise_is_not_asked_about():
    text = "办理补贴澳门5000元彩金的窗口设在市民中心二楼服务大厅，共有12个。"
    hidden = Passage(1, 1, 1, "", 0, len(text), text, ((4, 13),))
    question, evidence = make_question(hidden)
    assert "5000" not in evidence and "彩金" not in question


@pytest.fixture
def library(tmp_path):
    with Library.open(tmp_path / "library", FakeEncoder()) as made:
        for n, town in enumerate(["柏岭", "松涛", "龙塘", "青禾"]):
            text = f"# 工作情况\n\n全年工会驿站服务户外劳动者{n + 3}.5万人次，接待量比上年增加。"
            made.add(Document.from_text(text, path=f"{n}.md", title=f"{town}县总工会工作报告"))
        yield made


def test_the_same_library_gives_the_same_questions(library):
    first = made_questions(library)
    assert first == made_questions(library)
    assert {one.kind for one in first} == {"made"}
    assert len({one.id for one in first}) == len(first)


def test_documents_that_resemble_each_other_are_told_apart_by_their_titles(library):
    towns = ("柏岭", "松涛", "龙塘", "青禾")
    named = [one for one in made_questions(library) if any(t in one.question for t in towns)]
    assert named
    for one in named:
        [evidence] = one.evidence
        assert towns[int(evidence.doc[0])] in one.question


def test_the_evidence_stands_in_its_document(library):
    texts = {one.path: one.text for one in library.documents()}
    for one in made_questions(library):
        [evidence] = one.evidence
        assert evidence.text in texts[evidence.doc]


def test_no_more_than_asked_for_and_spread_over_the_library(sample_library):
    everything = made_questions(sample_library)
    some = made_questions(sample_library, 20)
    assert 15 <= len(some) <= 20 < len(everything)
    assert len({one.evidence[0].doc for one in some}) >= 8
    assert set(some) <= set(everything)


def test_an_empty_library_gives_none(tmp_path):
    with Library.open(tmp_path / "empty", FakeEncoder()) as empty:
        assert made_questions(empty) == ()
