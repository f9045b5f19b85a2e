"""Where a question's words have synonyms, and how a text reads with the words in their place."""

from __future__ import annotations

from dataclasses import replace

import pytest

from embeddings.words import cutter, fold
from qa.alternatives import with_synonyms
from qa.synonyms import Synonyms
from qa.term_making import TermEntry, TermMaker
from qa.terms import TermIndex, WeightedTerm
from qa.weighing import EVERYDAY_WORTH, OWN_WORTH
from tests.fakes import change_terms

CUTTER = cutter()
MAKER = TermMaker(CUTTER)
TEXTS = (
    "职工按月缴纳工会经费。",
    "特困职工可以申请补贴，经费从工会列支。",
    "工会驿站配有微波炉。",
    "本市设有自动体外除颤器（AED）十台。",
)


@pytest.fixture(scope="module")
def terms(tmp_path_factory):
    index = TermIndex.open_for_writing(tmp_path_factory.mktemp("terms"), CUTTER.fingerprint)
    change_terms(
        index,
        [],
        [
            TermEntry(n, n, MAKER.terms(text, title="骑手之家", heading=""))
            for n, text in enumerate(TEXTS, start=1)
        ],
    )
    return index


def alternatives(question, lines, terms):
    return with_synonyms(question, Synonyms.of(lines), cutter=CUTTER, terms=terms)[1]


def found(question, lines, terms):
    return [(one.word, one.other) for one in alternatives(question, lines, terms)]


@pytest.mark.parametrize(
    ("question", "text", "read"),
    [
        ("谁是一把手", "校长郑文远、副校长林秋月", "一把手郑文远、副校长林秋月"),
        ("学校头头是谁", "校长郑文远", "头头郑文远"),
        ("一把手要负什么责任", "校长郑文远", "校长郑文远"),  # asks for no person
    ],
)
def test_a_chief_is_what_the_office_is_called(question, text, read, tmp_path):
    index = TermIndex.open_for_writing(tmp_path, CUTTER.fingerprint)
    change_terms(index, [], [TermEntry(1, 1, MAKER.terms(text, title="", heading=""))])
    assert alternatives(question, [], index).meant(text).text == read


@pytest.mark.parametrize(
    ("question", "read"), [("负责人是谁", "副校长林秋月"), ("副负责人是谁", "副负责人林秋月")]
)
def test_a_deputy_is_read_only_where_one_is_asked_for(question, read, tmp_path):
    index = TermIndex.open_for_writing(tmp_path, CUTTER.fingerprint)
    change_terms(index, [], [TermEntry(1, 1, MAKER.terms("副校长林秋月", title="", heading=""))])
    assert alternatives(question, ["负责人 => 校长"], index).meant("副校长林秋月").text == read


@pytest.mark.parametrize(
    ("question", "lines", "expected"),
    [
        ("会费交多少", ["会费, 工会经费"], [("会费", "工会经费")]),
        ("會費交多少", ["会费, 工會經費"], [("会费", "工会经费")]),
        ("工会费用交多少", ["会费, 工会经费"], []),  # 会费 is in no word of it
        ("ＡＥＤ在哪", ["AED, 自动体外除颤器"], [("aed", "自动体外除颤器")]),
        ("aedx在哪", ["AED, 自动体外除颤器"], []),
        ("驿站配了什么", ["配了什么, 微波炉"], []),  # interrogatives name nothing
        ("歇脚点有什么", ["歇脚点, 工会驿站, 茶水亭"], [("歇脚点", "工会驿站")]),  # 茶水亭 nowhere
        ("外卖小哥之家", ["外卖小哥, 骑手"], [("外卖小哥", "骑手")]),  # stands in titles only
        ("特困户钱怎么领", ["钱, 经费", "特困户 => 特困职工"],
         [("特困户", "特困职工"), ("钱", "经费")]),
        ("特困职工的经费", ["特困户 => 特困职工"], []),
        ("歇脚点", [], []),
    ],
)  # fmt: skip
def test_which_synonyms_a_question_has(question, lines, expected, terms):
    assert found(question, lines, terms) == expected


def test_the_longest_word_counts(terms):
    lines = ["歇脚, 补贴", "歇脚点, 工会驿站"]
    assert found("歇脚点在哪", lines, terms) == [("歇脚点", "工会驿站")]


def test_a_longer_word_hides_none_where_the_library_holds_none_of_its_synonyms(terms):
    lines = ["困难户补助 => 扶贫款", "困难户 => 特困职工", "补助 => 补贴", "户补助 => 微波炉"]
    expected = [("困难户", "特困职工"), ("补助", "补贴")]
    assert found("困难户补助多少", lines, terms) == expected
    held = ["困难户补助 => 扶贫款, 补贴", *lines[1:]]
    assert found("困难户补助多少", held, terms) == [("困难户补助", "补贴")]


def test_a_synonym_that_is_cut_in_pieces_is_looked_for_by_pieces_and_pairs(terms):
    got = alternatives("会费交多少", ["会费, 工会经费"], terms)
    assert got.wanted({"words": 2.0, "bigrams": 1.0, "title": 0.0}) == [
        WeightedTerm("words", "工会", 2.0),
        WeightedTerm("words", "经费", 2.0),
        WeightedTerm("bigrams", "工会", 1.0),
        WeightedTerm("bigrams", "会经", 1.0),
        WeightedTerm("bigrams", "经费", 1.0),
    ]
    assert got.frequency("会费") == 1
    assert got.frequency("多少") == 0


def test_an_everyday_synonym_counts_a_little_less_than_one_of_the_users(terms):
    everyday = Synonyms.of(["会费, 工会经费", "歇脚点, 工会驿站"])
    both = replace(Synonyms.of(["会费, 工会经费"]), everyday=everyday)

    _, got = with_synonyms("歇脚点收会费吗", both, cutter=CUTTER, terms=terms)

    assert {one.word: one.worth for one in got} == {"会费": OWN_WORTH, "歇脚点": EVERYDAY_WORTH}
    assert got.worth([("会费", "工会经费")]) == OWN_WORTH
    assert got.worth([("会费", "工会经费"), ("歇脚点", "工会驿站")]) == EVERYDAY_WORTH
    assert got.worth([]) == EVERYDAY_WORTH < OWN_WORTH


def test_a_text_is_read_with_the_words_that_are_meant(terms):
    got = alternatives("会费交多少", ["会费, 工会经费, 经费"], terms)
    text = fold("會費即工會經費，經費專用。")
    meant = got.meant(text)
    assert meant.text == "会费即会费,会费专用。"
    assert meant.used == (("会费", "工会经费"), ("会费", "经费"))
    places = {sign: (text.index(sign), meant.text.index(sign)) for sign in "即,专。"}
    assert all(meant.place(before) == after for before, after in places.values())
    assert meant.place(text.index("工")) == meant.place(text.index("工") + 2) == 3
    assert meant.place(len(text)) == len(meant.text)


def test_what_else_the_question_names_stays(terms):
    got = alternatives("职工的歇脚点", ["歇脚点, 职工驿站, 工会驿站"], terms)
    assert got.meant("职工驿站").text == "职工驿站"  # stands nowhere in the library
    got = alternatives("工会的歇脚点", ["歇脚点, 工会驿站"], terms)
    assert got.meant("工会驿站十个").text == "歇脚点工会驿站十个"


def test_latin_synonyms_are_whole_words(terms):
    got = alternatives("救命机在哪", ["救命机, AED"], terms)
    assert got.meant("aed在大厅，aeda不在").text == "救命机在大厅，aeda不在"


def test_without_synonyms_a_text_stays_the_same_object(terms):
    text = "会费"
    assert alternatives("会费", [], terms).meant(text).text is text
    assert alternatives("会费", [], terms).meant(text).place(1) == 1


def test_a_word_with_synonyms_is_cut_as_the_user_has_it(terms):
    plain, _ = with_synonyms("看娃班收几岁的", Synonyms(), cutter=CUTTER, terms=terms)
    assert plain.words == ("看娃班收",)
    synonyms = Synonyms.of(["看娃班, 工会驿站"])
    parted, _ = with_synonyms("看娃班收几岁的", synonyms, cutter=CUTTER, terms=terms)
    assert "".join(parted.words) == "看娃班收"
    assert len(parted.words) > 1
