"""Places, times, persons and the subject of a question."""

from __future__ import annotations

import pytest

from embeddings.words import cutter
from qa.pointers import Pointing, pointer
from qa.subjects import begins_with_name, content, persons, places_in, subject, times_in


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("石桥区总工会主席是谁", ["石桥区"]),
        ("县级工会提升年谁挂点枫林县", ["枫林县"]),
        ("嵐港市總工會", ["嵐港市"]),
        ("福建和广东省", ["福建", "广东省"]),
        ("全市有几个社区、园区和小区", []),
        ("各县、本市的超市在哪个区", []),
        ("", []),
    ],
)
def test_places(text, places):
    assert places_in(text) == places


@pytest.mark.parametrize(
    ("text", "times"),
    [
        ("2023年建成多少", ["2023年"]),
        ("去年和上半年", ["去年", "上半年"]),
        ("第二季度", ["第二季度"]),
        ("上一届呢", ["上一届"]),
        ("一年几次", []),
    ],
)
def test_times(text, times):
    assert times_in(text) == times


def test_persons():
    assert persons("郑立群当选为主席，苗青、陶建业当选为副主席")[0] == "郑立群"
    assert persons("由副主席陶建业领办") == ["陶建业"]
    assert persons("新渡大桥哪年通车") == []


@pytest.mark.parametrize(
    ("question", "about"),
    [
        ("枫林县总工会第九次代表大会是什么时候开的", "枫林县总工会第九次代表大会"),
        ("今年职工疗休养有多少名额", "职工疗休养"),
        ("骑手彭海涛当了什么", "骑手彭海涛"),
        ("什么时候", ""),
        ("", ""),
    ],
)
def test_subject(question, about):
    assert subject(question, cutter()) == about


@pytest.mark.parametrize(
    ("question", "named"),
    [("魏舒史称什么", True), ("王爱爱有什么美誉", True), ("钱从哪来", False), ("程序是什么", False),
     ("石桥区分到多少", False), ("余额多少", False), ("", False)],
)  # fmt: skip
def test_a_name_at_the_beginning(question, named):
    assert begins_with_name(question, cutter()) == named


def test_content_keeps_the_script():
    assert "".join(content("嵐港市總工會的理事長是誰", cutter())) == "嵐港市總工會理事長"


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("他们在哪里", Pointing.PERSON),
        ("那里有几个", Pointing.PLACE),
        ("当地有几个", Pointing.PLACE),
        ("后者呢", Pointing.CHOICE),
        ("这些是什么", Pointing.THING),
        ("当时有几个", Pointing.TIME),
        ("那年有几个", Pointing.TIME),
        ("应当地方负责", None),
        ("其他人呢", None),
        ("这个月呢", None),
    ],
)
def test_pointers(question, kind):
    found = pointer(question)
    assert (found.kind if found else None) == kind
