"""Both readings are asked, and the documents decide; the library says what it added."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from embeddings.words import cutter
from qa import Document, Library
from qa.calibration import logit
from qa.dialogue import Reading
from qa.keeping import shipped
from qa.records import Answer
from qa.understanding import (
    Comparison,
    _is_nobody,
    compared,
    goes_on,
    own_words,
    stands_alone,
    understood,
)
from tests.fakes import FakeEncoder

CUTTER = cutter()
CONGRESS = "枫林县总工会第九次代表大会是什么时候开的"


@pytest.fixture(scope="module")
def union(tmp_path_factory):
    """Two congresses that differ by their titles only, and a page of questions and answers."""
    with Library.open(tmp_path_factory.mktemp("union") / "library", FakeEncoder()) as library:
        library.add([congress("枫林县", "郑立群", "苗青"), congress("青禾县", "卓明远", "唐素琴")])
        library.add([Document.from_text(FAQ, path="问答.txt", title="会员服务常见问答")])
        yield library


FAQ = (
    "问：会员卡丢了怎么补办？\n答：到农商银行网点补卡，一般需要7天。\n\n"
    "问：轮椅可以借多久？\n答：凭会员卡免费借用，借期3个月，收押金300元。\n"
)


def congress(county, chair, vice):
    text = (
        f"5月21日至22日，大会在{county}文化中心召开，应到代表186名。\n\n"
        f"会议选举{chair}为主席，选举{vice}为副主席。\n\n"
        f"大会确定了一号提案，由副主席{vice}领办。\n"
    )
    return Document.from_text(text, path=f"{county}.txt", title=f"{county}总工会代表大会闭幕")


class Searches:
    """A search that finds nothing and keeps what it was asked."""

    def __init__(self):
        self.asked = []

    def __call__(self, text, glance):
        self.asked.append((text, glance))
        return []


def test_without_a_history_there_is_one_search_and_nothing_else():
    search = Searches()
    assert understood("他是谁", (), CUTTER, search) == (Reading("他是谁"), [])
    assert search.asked == [("他是谁", False)]


def test_a_leaning_question_is_asked_as_typed_only_where_its_reading_finds_nothing():
    search = Searches()
    understood("望湖区呢", ("石桥区总工会主席是谁",), CUTTER, search)
    assert search.asked == [("望湖区总工会主席是谁", False), ("望湖区呢", False)]


@pytest.mark.parametrize("question", ["轮椅借多久", "那个轮椅可以借多久", "轮椅呢"])
def test_a_conversation_about_nothing_in_the_documents_changes_no_answer(union, question):
    opened = union.ask("火星上有几家驿站")
    history = [opened, union.ask("那儿有没有氧气", history=[opened])]
    got, alone = union.ask(question, history=history), union.ask(question)
    assert (got.found, got.quote, got.understood) == (alone.found, alone.quote, "")


def test_a_question_of_many_words_is_asked_as_typed_only():
    search = Searches()
    question = "困难职工医疗救助资金怎么申请"
    assert understood(question, (CONGRESS,), CUTTER, search)[0] == Reading(question)
    assert search.asked == [(question, False)]


def test_an_open_question_is_asked_both_ways_as_typed_at_a_glance(union):
    asked = []

    def search(text, glance):
        asked.append((text, glance))
        return union._answering._found(text, 3, (), shipped(), glance=glance)

    understood("谁当选了主席", (CONGRESS,), CUTTER, search)
    [(completed, in_full), (typed, glanced)] = asked
    assert (in_full, typed, glanced) == (False, "谁当选了主席", True)
    assert completed.endswith("谁当选了主席")
    assert completed != typed


def test_the_history_says_which_of_two_like_documents_is_meant(union):
    for county, chair in (("枫林县", "郑立群"), ("青禾县", "卓明远")):
        opened = union.ask(f"{county}总工会代表大会什么时候召开的")
        got = union.ask("谁当选了主席", history=[opened])
        assert got.citations[0].document.path == f"{county}.txt"
        assert chair in got.quote
        assert got.question == "谁当选了主席"
        assert got.understood == f"{got.added} 谁当选了主席"
        assert county in got.added
        again = union.ask("提案由谁领办", history=[opened, got])
        assert again.citations[0].document.path == f"{county}.txt"


def test_another_place_takes_the_place_of_the_first(union):
    opened = union.ask("枫林县总工会谁当选了主席")
    got = union.ask("青禾县呢", history=[opened])
    assert got.understood == "青禾县总工会谁当选了主席"
    assert "卓明远" in got.quote


def test_a_change_of_topic_is_answered_as_typed(union):
    opened = union.ask("枫林县总工会代表大会什么时候召开的")
    alone = union.ask("会员卡丢了怎么补办")
    got = union.ask("会员卡丢了怎么补办", history=[opened])
    assert got == alone
    assert (got.understood, got.added) == ("", "")


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    """A table of who is on duty, and a page of questions and answers."""
    rows = [("马东", "6123", "周三"), ("高远", "6124", "周四"), ("李海燕", "6125", "周五")]
    table = "\n".join(f"姓名：{name}；分机：{call}；值班日：{day}" for name, call, day in rows)
    with Library.open(tmp_path_factory.mktemp("office") / "library", FakeEncoder()) as library:
        library.add([Document.from_text(table, path="值班表.csv", title="值班表")])
        library.add([Document.from_text(FAQ, path="问答.txt", title="会员服务常见问答")])
        yield library


@pytest.mark.parametrize("name", ["马东", "高远", "李海燕"])
@pytest.mark.parametrize("before", ["会员卡丢了怎么补办", "轮椅可以借多久", "李海燕哪天值班"])
def test_what_is_asked_of_a_person_is_answered_of_that_person(office, name, before):
    answer = office.ask(f"{name}呢", history=[office.ask(before)])
    assert answer.quote.startswith(f"姓名：{name}；")


def test_of_a_person_whom_no_document_names_nothing_is_answered(office):
    answer = office.ask("刘玉兰呢", history=[office.ask("会员卡丢了怎么补办")])
    assert (answer.found, answer.understood) == (False, "")


@pytest.mark.parametrize("name", ["马东", "于海", "任丽娟", "温如春", "白雪梅"])
def test_a_name_that_no_document_holds_is_not_answered_of_another(union, name):
    opened = union.ask("枫林县总工会谁当选了主席")
    answer = union.ask(f"{name}呢", history=[opened])
    assert (answer.found, answer.understood) == (False, "")


@pytest.mark.parametrize("thing", ["青禾县", "苗青", "副主席", "高兴", "方圆"])
def test_a_thing_or_a_name_that_the_documents_hold_goes_on(union, thing):
    opened = union.ask("枫林县总工会谁当选了主席")
    assert union.ask(f"{thing}呢", history=[opened]).understood


def test_a_refused_name_is_whom_the_next_question_means(union):
    history = [union.ask("枫林县总工会谁当选了主席")]
    for question in ("副主席呢", "马东呢", "她是谁"):
        history.append(union.ask(question, history=history))
    assert [one.found for one in history[2:]] == [False, False]
    assert "马东" not in union.ask("苗青呢", history=history[:3]).added
    assert "马东" not in union.ask("苗青呢", history=history).added


@pytest.mark.parametrize(
    ("name", "text", "nobody"),
    [
        ("高兴", "大家高兴而来。", False),
        ("方圆", "方圆十里只有一家。", False),
        ("马东", "会上马东同志作了发言。", True),
        ("马东", "会费按月交。", True),
        ("", "会费按月交。", False),
    ],
)
def test_what_the_documents_hold_as_a_thing_is_no_person(name, text, nobody):
    assert _is_nobody(name, [SimpleNamespace(text=text)]) is nobody


def test_asking_again_without_a_history_undoes_it(union):
    opened = union.ask("青禾县总工会代表大会什么时候召开的")
    assert union.ask("提案谁领办", history=[opened]).understood
    undone = union.ask("提案谁领办")
    assert (undone.question, undone.understood, undone.added) == ("提案谁领办", "", "")


def test_a_history_may_be_bare_questions(union):
    history = ["枫林县总工会代表大会什么时候召开的", "谁当选了主席"]
    assert "苗青" in union.ask("副主席呢", history=history).quote


def test_a_refused_history_and_small_talk_do_no_harm(union):
    refused = union.ask("游泳馆几点开门")
    assert not refused.found
    question = "轮椅可以借多久"
    assert union.ask(question, history=[refused, "谢谢", "好的"]).citations == (
        union.ask(question).citations
    )
    assert not union.ask("谢谢", history=[union.ask(question)]).found


def test_a_pointer_to_what_no_document_holds_is_left_as_typed(union):
    foreign = union.ask("游泳馆几点开门")
    got = union.ask("那里一号提案由谁领办", history=[foreign])
    assert got == union.ask("那里一号提案由谁领办")


def test_documents_left_out_stay_out(union):
    opened = union.ask("枫林县总工会代表大会什么时候召开的")
    got = union.ask("谁当选了主席", history=[opened], without={"枫林县.txt"})
    cited = got.citations or got.closest
    assert all(one.document.path != "枫林县.txt" for one in cited)


def test_an_empty_library_finds_nothing_for_any_reading(tmp_path):
    with Library.open(tmp_path / "library", FakeEncoder()) as library:
        got = library.ask("副主席呢", history=["谁当选了主席"])
    assert isinstance(got, Answer)
    assert (got.found, got.confidence) == (False, 0.0)


def test_names_and_definitions_count_as_words():
    assert own_words("鲁春梅是谁", CUTTER) == own_words("主席是谁", CUTTER) + 2
    assert own_words("什么是代表", CUTTER) > own_words("代表是谁", CUTTER)
    assert own_words("DECnet是什么", CUTTER) > own_words("代表是谁", CUTTER)


def comparison(**values):
    return Comparison(**{"gain": 0.0, "left": 0.0, "words": 2, "characters": 4, **values})


def test_what_decides():
    assert goes_on(comparison(gain=3.0))
    assert not goes_on(comparison(gain=-4.0))
    assert not goes_on(comparison(gain=3.0, left=2.0))
    assert not goes_on(comparison(gain=3.0, words=6))
    assert not goes_on(comparison(gain=3.0, characters=9))
    assert goes_on(comparison(gain=100.0)) == goes_on(comparison(gain=4.0))


def test_a_question_that_says_enough_stands_alone():
    assert stands_alone("困难职工医疗救助资金怎么申请", CUTTER)
    assert not stands_alone("谁当选了主席", CUTTER)
    assert not stands_alone("什么时候", CUTTER)


def found(score, held=()):
    quoter = SimpleNamespace(rarity={"会费": 3.0, "缴纳": 1.0})
    return [
        SimpleNamespace(evidence=SimpleNamespace(score=score), document=set(held), quoter=quoter)
    ]


def test_what_would_be_given_up_is_what_only_the_other_document_holds():
    typed, other = found(0.8, {"会费", "缴纳"}), found(0.5, {"缴纳"})
    got = compared(typed, other, "会费缴纳", cutter=CUTTER)
    assert (got.words, got.characters) == (2, 4)
    assert got.left == pytest.approx(0.75 * 2 * 0.8)
    assert got.gain == pytest.approx(logit(0.5) - logit(0.8))
    assert compared(typed, found(0.5, {"会费", "缴纳"}), "会费缴纳", cutter=CUTTER).left == 0
    assert compared([], other, "会费缴纳", cutter=CUTTER).left == 0
