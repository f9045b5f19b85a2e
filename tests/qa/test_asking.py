"""From a question to an answer, on documents made for it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from embeddings.words import cutter, fold
from qa import Document, Library
from qa.asking import Found, answer
from qa.choosing import Quoter, quote_weights
from qa.question import parse
from qa.ranking import SIGNALS, Evidence
from qa.records import Answer
from qa.store import Candidate
from qa.weighing import Rarity
from tests.fakes import FakeEncoder

STATIONS = (
    "工会驿站简报\n\n"
    "青禾县总工会去年建成工会驿站46个，其中24小时自助驿站12个。\n\n"
    "驿站管理员由共建单位职工兼任，每月补贴200元。"
)
CAMP = (
    "疗休养通知\n\n"
    "今年的疗休养地点有三处：\n1. 云顶山疗养院；\n2. 碧泉中心；\n3. 白鹭湾休养所。\n请按时报名。"
)

NOTICE = (
    "2024年青禾县工会驿站每天八点开门，晚上八点关门，由县总工会统一管理，"
    "户外劳动者凭有效证件进入，全年不休息。"
)
QUESTION = "青禾县工会驿站每天几点开门"


def named(name: str, text: str, date: str | None = None) -> Document:
    return Document.from_text(text, path=name, title="驿站通知", date=date)


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Library]:
    with Library.open(tmp_path / "empty", FakeEncoder()) as opened:
        opened.add([named("书屋", "职工书屋每月新到图书三百册，周末照常开放。")])
        yield opened


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.open(tmp_path / "library", FakeEncoder()) as opened:
        opened.add(
            [
                Document.from_text(
                    STATIONS, path="stations", title="工会驿站简报", date="2024-01-05"
                ),
                Document.from_text(CAMP, path="camp", title="疗休养通知"),
            ]
        )
        yield opened


def test_the_quote_stands_word_for_word_at_its_coordinates(library: Library) -> None:
    answer = library.ask("青禾县建成工会驿站多少个")
    assert answer.found
    [first, *_] = answer.citations
    assert answer.quote == "青禾县总工会去年建成工会驿站46个，其中24小时自助驿站12个。"
    assert first.document.text[first.quote_start : first.quote_end] == answer.quote
    assert (first.number, first.document.path, first.passage.ordinal) == (1, "stations", 2)
    assert answer.confidence == first.score == max(one.score for one in answer.citations)


def test_a_list_that_is_asked_for_is_quoted_whole(library: Library) -> None:
    quote = library.ask("今年的疗休养地点有哪些").citations[0].quote
    assert quote.splitlines()[-1] == "3. 白鹭湾休养所。"


def test_what_the_documents_do_not_say_is_not_found_but_shown_as_closest(library: Library) -> None:
    answer = library.ask("石桥区法院工资仲裁员驿站电话号码")
    assert not answer.found
    assert (answer.quote, answer.citations) == ("", ())
    assert answer.closest
    assert answer.confidence == answer.closest[0].score < 0.4


@pytest.mark.parametrize("text", ["", " \n", "？！", "你好", "🙂🙂", "怎么安装Python"])
def test_nothing_named_nothing_found(library: Library, text: str) -> None:
    assert library.ask(text) == Answer(text, found=False, confidence=0.0)
    assert library.search(text) == []


def test_a_number_that_is_all_of_a_title_is_no_name(empty: Library) -> None:
    slips = "工单登记在纸上，由班长处理后签字归档。工单没有处理完的，第二天再派。"
    rounds = "三号楼电梯异响，工单12由李海处理。\n\n门禁卡失灵，工单13由陈静处理。"
    empty.add(
        [
            Document.from_text(slips, path="12.txt", title="12"),
            Document.from_text(rounds, path="rounds", title="车间巡检记录"),
        ]
    )
    assert empty.ask("工单12处理了吗").citations[0].document.path == "rounds"


def test_a_year_that_is_all_of_a_title_says_when(empty: Library) -> None:
    told = "建成工会驿站三十八家，比上一年多五家。"
    years = ["2022", "2023"]
    empty.add([Document.from_text(told, path=year, title=year) for year in years])
    first = [empty.ask(f"{year}年建成工会驿站多少家").citations[0] for year in years]
    assert [one.document.path for one in first] == years


def test_at_most_k_citations_numbered_from_one(library: Library) -> None:
    assert len(library.ask("工会驿站", k=1).citations) <= 1
    numbers = [one.number for one in library.ask("工会驿站", k=3).citations]
    assert numbers == list(range(1, len(numbers) + 1))


def test_hits_are_best_first_with_every_signal(library: Library) -> None:
    hits = library.search("驿站管理员补贴")
    assert hits[0].document.path == "stations"
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert all(0 < hit.score < 1 for hit in hits)
    assert tuple(hits[0].signals) == SIGNALS


def test_the_same_question_gives_the_same_answer(library: Library) -> None:
    assert library.ask("驿站补贴多少钱") == library.ask("驿站补贴多少钱")


def test_the_same_words_in_two_documents_are_one_citation_with_a_copy(empty: Library) -> None:
    empty.add([named("甲", NOTICE), named("乙", f"转发如下。\n{NOTICE}")])
    answer = empty.ask(QUESTION)
    [first] = answer.citations
    [copy] = first.copies
    assert {first.document.path, copy.document.path} == {"甲", "乙"}
    assert copy.document.text[copy.passage.start : copy.passage.end] == copy.passage.text
    assert "每天八点开门" in first.quote and first.quote in copy.passage.text
    assert [one.document.path for one in first.places] == [first.document.path, copy.document.path]


def test_a_copy_names_the_paragraph_in_which_it_says_the_quoted_words(empty: Library) -> None:
    words = (
        "图书室每天九点开门，读者凭证件可以借书五册。\n"
        "图书室每周一闭馆一天，用来整理书架和登记新书。"
    )
    empty.add([named("甲", words), named("乙", "转发通知，请各单位照此办理。\n" + words)])
    answer = empty.ask("图书室每周一做什么")
    [citation] = answer.citations
    for place in citation.places:
        lines = [line for line in place.document.text.split("\n") if line.strip()]
        assert answer.quote.split("\n")[0] in lines[place.paragraph - 1]
    assert len(citation.copies) == 1
    assert citation.copies[0].paragraph != citation.paragraph


def test_a_copy_is_cited_itself_when_the_other_is_gone(empty: Library) -> None:
    empty.add([named("甲", NOTICE), named("乙", f"转发如下。\n{NOTICE}")])
    [first] = empty.ask(QUESTION).citations
    [left] = empty.ask(QUESTION, without=[first.document.path]).citations
    assert (left.document.path, left.copies) == (first.copies[0].document.path, ())
    empty.remove([first.document.path])
    [left] = empty.ask(QUESTION).citations
    assert (left.document.path, left.copies) == (first.copies[0].document.path, ())


@pytest.mark.parametrize(
    ("said", "other", "question"),
    [
        ("每天八点", "每天九点", QUESTION),
        ("青禾县", "松涛县", "工会驿站每天几点开门"),
        ("2024年", "2023年", QUESTION),
    ],
)
def test_what_differs_by_figure_place_or_year_is_cited_beside(
    empty: Library, said: str, other: str, question: str
) -> None:
    empty.add([named("甲", NOTICE), named("乙", NOTICE.replace(said, other, 1))])
    cited = empty.ask(question).citations
    assert {one.document.path for one in cited} == {"甲", "乙"}
    assert not any(one.copies for one in cited)


def test_copies_leave_the_other_citations_their_room(empty: Library) -> None:
    empty.add([named(f"甲{number}", NOTICE) for number in range(4)])
    empty.add(named("乙", NOTICE.replace("八点开门", "九点开门")))
    first, second = sorted(empty.ask(QUESTION, k=2).citations, key=lambda one: len(one.copies))
    assert (first.document.path, len(first.copies)) == ("乙", 0)
    assert sorted(one.document.path for one in second.places) == ["甲0", "甲1", "甲2", "甲3"]


def test_what_came_closest_is_folded_too(empty: Library) -> None:
    empty.add([named("甲", NOTICE), named("乙", NOTICE)])
    answer = empty.ask("石桥区法院工资仲裁员驿站电话号码")
    assert not answer.found
    first, *others = answer.closest
    assert {one.document.path for one in first.places} == {"甲", "乙"}
    assert not {one.document.path for one in others} & {"甲", "乙"}


def test_a_copy_takes_the_place_of_a_document_removed_meanwhile(empty: Library) -> None:
    empty.add([named("甲", NOTICE), named("乙", NOTICE)])
    documents = {one.path: one for one in empty.documents()}
    found = [
        Found(
            Candidate(passage, "驿站通知", None, np.zeros(1, np.float32)),
            Evidence({}, 0.9),
            Quoter(parse(QUESTION, cutter()), Rarity({}, {}, frozenset()), quote_weights()),
            fold(passage.shown),
        )
        for passage in (empty.passages(documents[path])[0] for path in "甲乙")
    ]
    gone = found[0].candidate.passage.document_id
    answered = answer(
        QUESTION, found, lambda one: None if one == gone else documents["乙"], k=3, threshold=0.5
    )
    [first] = answered.citations
    assert (first.number, first.document.path, first.copies) == (1, "乙", ())
    assert answered.quote == first.quote != ""
    none = answer(QUESTION, found, lambda one: None, k=3, threshold=0.5)
    assert (none.found, none.citations, none.closest) == (False, (), ())


def test_the_sample_documents_have_no_copies(sample_library: Library) -> None:
    for question in (
        "县级工会提升年的目标是什么",
        "提升年专项资金一共多少钱",
        "法律援助案件有多少件",
    ):
        answered = sample_library.ask(question)
        assert not any(one.copies for one in answered.citations + answered.closest)


@pytest.mark.parametrize("office", ["主席", "书记", "主任", "会长", "局长"])
def test_a_deputy_is_no_certain_answer_to_who_asks_for_the_chief(
    empty: Library, office: str
) -> None:
    text = f"长安镇总工会副{office}林秋月出席会议并讲话。会议审议了工作报告，部署了全年任务。"
    empty.add([named("a", text)])
    chief, deputy = (empty.ask(f"长安镇工会{one}{office}是谁") for one in ("", "副"))
    assert chief.confidence < 0.8 < 0.9 < deputy.confidence
    for one in (chief, deputy):
        for cited in (*one.citations, *one.closest):
            assert cited.quote in text or cited.document.path != "a"
    assert f"副{office}林秋月" in deputy.quote
    empty.add([named("b", f"长安镇总工会{office}郑文远主持会议。")])
    assert "郑文远" in empty.ask(f"长安镇工会{office}是谁").quote


def test_a_chief_is_no_certain_answer_to_who_asks_for_the_deputy(empty: Library) -> None:
    text = "长安镇总工会主席林秋月出席会议并讲话。会议审议了工作报告。"
    empty.add([Document.from_text("望湖镇总工会副主席苗青看望职工。", path="b", title="看望")])
    empty.add([Document.from_text(text, path="a", title="会议")])
    chief, deputy = (empty.ask(f"长安镇总工会{one}主席是谁") for one in ("", "副"))
    assert deputy.confidence < 0.75 < 0.9 < chief.confidence


def test_an_office_of_another_body_is_no_certain_answer(empty: Library) -> None:
    plan = (
        "市总工会领导班子成员联系各县：\n| 领导 | 职务 | 联系县 |\n| --- | --- | --- |\n"
        "| 许文娟 | 副主席 | 枫林县、望湖区 |"
    )
    title = "云岭市总工会实施方案"
    empty.add([Document.from_text(plan, path="方案", title=title, date="2024-03-15")])
    empty.add([named("会", "枫林县召开职工大会，云岭市总工会副主席许文娟出席并讲话。")])
    of_county, of_city = (empty.ask(f"{one}总工会副主席是谁") for one in ("枫林县", "云岭市"))
    assert of_county.confidence < 0.5 < of_city.confidence
    assert "许文娟" in of_city.quote
    empty.add([named("选", "枫林县总工会召开会议，苗青当选为副主席，任期五年。")])
    assert "苗青" in empty.ask("枫林县总工会副主席是谁").quote


def test_a_deputy_whom_the_question_names_is_found(empty: Library) -> None:
    empty.add([named("a", "长安镇总工会副主席林秋月出席会议，联系柳河村。")])
    answer = empty.ask("林秋月联系哪个村的工会主席")
    assert "林秋月" in answer.quote
