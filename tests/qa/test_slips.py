"""Slips of the keys: what was probably meant, by what stands in the documents."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from embeddings.words import bigrams, cutter, fold
from qa.library import Library
from qa.pinyin import readings, sounds
from qa.records import Answer, Citation, Document, Passage
from qa.slips import corrections
from qa.suggesting import with_suggestion
from qa.term_making import TermEntry, TermMaker
from qa.terms import TermIndex
from tests.fakes import change_terms
from tests.quick import is_quick

PASSAGES = (
    "云岭市工会驿站管理员手册",
    "工会驿站的开放时间是早上八点到晚上八点",
    "望湖区骑手之家揭牌，骑手在这里休息",
    "县级工会提升年的目标是建好组织",
    "困难职工帮扶资金管理办法",
    "会员卡丢了怎么补办：带身份证到银行网点补卡",
    "金秋助学活动的对象是困难职工子女",
    "枫林县职工技能大赛在九月举行，职工踊跃报名",
    "柏岭县职工服务中心的电话",
    "骑手蒋小川在留言簿上写道",
    "驿站配备AED和急救箱",
    "兩岸勞工論壇在嵐港市舉行",
)


class Held:
    """What passages hold, counted plainly."""

    def __init__(self, passages=PASSAGES):
        self.passages = [fold(one) for one in passages]
        self.pairs = [set(bigrams(one)) for one in self.passages]
        self.words = [set(cutter().words(one)) for one in self.passages]
        self.calls = 0

    def _field(self, field):
        return {"bigrams": self.pairs, "words": self.words}[field]

    def frequency(self, field, term):
        self.calls += 1
        return sum(term in one for one in self._field(field))

    def known(self, field, terms):
        return {term for term in terms if self.frequency(field, term)}

    def pairs_beginning(self, character, most):
        counted = Counter(
            pair for one in self.pairs for pair in one if len(pair) == 2 and pair[0] == character
        )
        return [pair for pair, _ in counted.most_common(most)]

    def together(self, field, terms):
        return sum(all(term in one for term in terms) for one in self._field(field))


@pytest.fixture(scope="module")
def held():
    return Held()


def first(text, held):
    found = corrections(text, held)
    return found[0].question if found else ""


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        # one that sounds the same
        ("工会驿占几点开门", "工会驿站几点开门"),
        ("公会驿站几点开门", "工会驿站几点开门"),
        ("骑首之家在哪里", "骑手之家在哪里"),
        ("骑手之佳在哪里", "骑手之家在哪里"),
        ("县级工会提生年的目标", "县级工会提升年的目标"),
        ("困难职工帮扶资今", "困难职工帮扶资金"),
        ("蒋小传写了什么", "蒋小川写了什么"),
        ("会源卡丢了怎么办", "会员卡丢了怎么办"),
        ("工會驛占幾點開門", "工會驛站幾點開門"),
        ("柏领县的电话", "柏岭县的电话"),
        # one that sounds nearly the same
        ("金秋组学的对象", "金秋助学的对象"),
        ("职工技能大晒什么时候举行", "职工技能大赛什么时候举行"),
        ("枫宁县职工技能大赛", "枫林县职工技能大赛"),
        # one that looks like it, or another slip of the hand
        ("工会骅站几点开门", "工会驿站几点开门"),
        ("云岭市工会驿站管埋员", "云岭市工会驿站管理员"),
        ("困难织工帮扶资金", "困难职工帮扶资金"),
        # one too many, one too few, two the wrong way round
        ("骑手之之家在哪里", "骑手之家在哪里"),
        ("工会会驿站几点开门", "工会驿站几点开门"),
        ("骑手家在哪里", "骑手之家在哪里"),
        ("金助学的对象", "金秋助学的对象"),
        ("会卡员丢了", "会员卡丢了"),
        ("骑手之家家", "骑手之家"),
    ],
)
def test_one_wrong_character(held, typed, meant):
    assert first(typed, held) == meant


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("gonghui yizhan", "工会驿站"),
        ("gonghuiyizhan", "工会驿站"),
        ("Gong Hui Yi Zhan", "工会驿站"),
        ("gong1 hui4 yi4 zhan4", "工会驿站"),
        ("gong1hui4yi4zhan4", "工会驿站"),
        ("gōnghuì yìzhàn", "工会驿站"),
        ("ｇｏｎｇｈｕｉ　ｙｉｚｈａｎ", "工会驿站"),
        ("gonghui yizhan?", "工会驿站"),
        ("qishou zhi jia zai nali", "骑手之家在哪里"),
        ("qishouzhijia zainali", "骑手之家在哪里"),
        ("xianji gonghui tishengnian de mubiao shi shenme", "县级工会提升年的目标是什么"),
        ("huiyuanka diu le zenme buban", "会员卡丢了怎么补办"),
        ("jinqiu zhuxue de duixiang", "金秋助学的对象"),
        ("kunnan zhigong bangfu zijin", "困难职工帮扶资金"),
        ("骑手zhijia在哪里", "骑手之家在哪里"),
        ("gonghui驿站", "工会驿站"),
        ("yizhan peibei aed ma", "驿站配备aed吗"),
        ("bailing xian zhigong fuwu zhongxin", "柏岭县职工服务中心"),
    ],
)
def test_pinyin(held, typed, meant):
    assert first(typed, held) == meant


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "？", "工会驿站", "骑手之家在哪里", "县级工会提升年的目标是什么",
        "云岭市有几座机场", "怎么安装操作系统", "月饼能报销吗", "量子纠缠", "1234", "2024年",
        "hello world", "what is this", "where can people rest", "https://example.org/a",
        "aed", "x", "abcdefg", "工会" * 40, "驿", "兩岸勞工論壇", "😀😀",
    ],
)  # fmt: skip
def test_what_needs_no_correction_gets_none(held, text):
    assert corrections(text, held) == []


def test_a_correction_names_what_stands_in_the_documents(held):
    [correction, *_] = corrections("望湖区骑首之家在哪里", held)
    assert correction.name in fold("".join(PASSAGES))
    assert "骑手" in correction.name


def test_only_what_is_wrong_is_changed(held):
    question = "請問，工会驿占（東門）ＡＢＣ几点开门？"
    assert first(question, held) == question.replace("占", "站")


def test_no_more_than_asked_for(held):
    assert len(corrections("骑手之佳在哪里", held, most=1)) == 1


def test_a_long_text_is_not_looked_into(held):
    assert corrections("工会驿占" + "很" * 100, held) == []
    assert corrections("gonghui" * 40, held) == []


@given(st.text(max_size=40))
def test_any_text_may_be_typed(text):
    for one in corrections(text, Held(PASSAGES[:3])):
        assert one.question


@given(st.text(alphabet="abcdefghinouzxy '12", max_size=40))
def test_any_letters_may_be_typed(text):
    def frequency(term):
        return 0

    for said in readings(text, frequency, word=frequency):
        assert said


def test_sounds_of_characters():
    assert sounds().syllables["驿"] == ("yi",)
    assert set(sounds().syllables["长"]) == {"zhang", "chang"}
    assert sounds().syllables["绿"][0] == "lv"
    same = [one for one, exact in sounds().alike("站") if exact]
    nearly = [one for one, exact in sounds().alike("站") if not exact]
    assert {"占", "战", "展"} <= set(same)
    assert {"赞", "张"} <= set(nearly)
    assert "站" not in same + nearly
    assert list(sounds().alike("𠮷")) == []


# What the term index knows


@pytest.fixture(scope="module")
def terms(tmp_path_factory):
    index = TermIndex.open_for_writing(tmp_path_factory.mktemp("terms") / "t", "1")
    maker = TermMaker(cutter())
    entries = [
        TermEntry(n, n, maker.terms(text, title="", heading=""))
        for n, text in enumerate(PASSAGES, start=1)
    ]
    change_terms(index, [], entries)
    return index


@pytest.mark.parametrize("character", ["工", "职", "驿", "无", "a", ""])
def test_pairs_are_those_that_stand_in_the_passages(terms, held, character):
    found = terms.pairs_beginning(character, 1000) if character else []
    assert sorted(found) == sorted(held.pairs_beginning(character, 1000) if character else [])
    if found:
        counts = [held.frequency("bigrams", pair) for pair in found]
        assert counts == sorted(counts, reverse=True)
        assert terms.pairs_beginning(character, 1) == found[:1]


@pytest.mark.parametrize(
    "text", ["工会驿站", "困难职工", "骑手职工", "没有这个", "职工服务中心", "工"]
)
def test_passages_that_hold_all_pairs(terms, held, text):
    pairs = [a + b for a, b in pairwise(text)]
    expected = held.together("bigrams", pairs) if pairs else 0
    assert terms.together("bigrams", pairs) == expected


def test_the_term_index_gives_the_same_corrections(terms, held):
    for typed in ("工会驿占几点开门", "骑手家在哪里", "gonghui yizhan", "云岭市有几座机场"):
        assert corrections(typed, terms) == corrections(typed, held)


# Whether it is suggested


def answered(question, *, found, confidence, text="望湖区骑手之家揭牌"):
    document = Document.from_text(text, path="a")
    passage = Passage(1, 1, 1, "", 0, len(text), text)
    citations = (Citation(1, document, passage, 0, len(text), confidence),)
    if found:
        return Answer(question, True, confidence, text, citations)
    return Answer(question, False, confidence, closest=citations)


def suggested(first_answer, other):
    """Give what is suggested, and what was asked for that."""
    asked = []

    def ask(question):
        asked.append(question)
        return other(question)

    return with_suggestion(first_answer, Held(), ask, cutter=cutter()), asked


def test_what_finds_clearly_more_is_suggested():
    missed = answered("骑首之家在哪里", found=False, confidence=0.1)
    answer, asked = suggested(missed, lambda q: answered(q, found=True, confidence=0.8))
    assert answer.suggestion == "骑手之家在哪里"
    assert asked == ["骑手之家在哪里"]
    assert (answer.question, answer.found, answer.closest) == (
        missed.question,
        False,
        missed.closest,
    )


def test_what_was_found_costs_nothing():
    found = answered("骑首之家在哪里", found=True, confidence=0.5)
    answer, asked = suggested(found, lambda q: answered(q, found=True, confidence=0.9))
    assert answer is found
    assert asked == []


@pytest.mark.parametrize(
    "other",
    [
        lambda q: answered(q, found=False, confidence=0.9),
        lambda q: answered(q, found=True, confidence=0.2),  # hardly better than before
        lambda q: answered(q, found=True, confidence=0.9, text="别处说的是别的"),
    ],
)
def test_what_does_not_find_the_name_is_not_suggested(other):
    missed = answered("骑首之家在哪里", found=False, confidence=0.1)
    assert suggested(missed, other)[0].suggestion == ""


def test_characters_that_only_stand_side_by_side_are_no_name():
    held = Held(("遇雨雪天和气温过高时停止配送", "县委书记宋开明到会祝贺"))

    def ask(question):
        return answered(question, found=True, confidence=0.9, text="".join(held.passages))

    for typed in ("雪天气温", "宋开明天来"):
        missed = answered(typed, found=False, confidence=0.1)
        assert with_suggestion(missed, held, ask, cutter=cutter()).suggestion == ""


def test_what_is_strange_to_the_library_must_be_found_with_confidence():
    missed = answered("望湖区骑首之家有恐龙化石吗", found=False, confidence=0.0)
    barely, _ = suggested(missed, lambda q: answered(q, found=True, confidence=0.3))
    surely, _ = suggested(missed, lambda q: answered(q, found=True, confidence=0.6))
    assert barely.suggestion == ""
    assert surely.suggestion == "望湖区骑手之家有恐龙化石吗"


def test_a_long_name_that_is_often_met_needs_no_more():
    held = Held((*PASSAGES, "骑手之家八点开门"))
    missed = answered("骑手之加有恐龙化石吗", found=False, confidence=0.0)

    def ask(question):
        return answered(question, found=True, confidence=0.3)

    suggestion = with_suggestion(missed, held, ask, cutter=cutter()).suggestion
    assert suggestion == "骑手之家有恐龙化石吗"


@pytest.mark.parametrize(
    "question",
    [
        "今天天气怎么样", "明天会下雨吗", "手机没电了", "周末去哪玩", "王者荣耀怎么上分",
        "快递到哪了", "再見", "推荐一部电影", "jintian tianqi zenmeyang", "我饿了", "今天星期六",
    ],
)  # fmt: skip
def test_small_talk_gets_no_suggestion(sample_library, question):
    assert sample_library.ask(question).suggestion == ""


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("工会骅站配备什么", "工会驿站配备什么"),
        ("驿站管埋员的职责", "驿站管理员的职责"),
        ("huiyuanka diu le zenmeban", "会员卡丢了怎么办"),
        ("liaoxiuyang biaozhun", "疗休养标准"),
    ],
)
def test_slips_in_the_sample_get_theirs(sample_library, typed, meant):
    assert sample_library.ask(typed).suggestion == meant


def test_the_question_as_understood_is_corrected():

    missed = replace(
        answered("在哪里", found=False, confidence=0.1),
        understood="骑首之家在哪里",
        added="骑首之家",
    )
    answer, _ = suggested(missed, lambda q: answered(q, found=True, confidence=0.8))
    assert answer.suggestion == "骑手之家在哪里"


# In a library


@pytest.fixture(scope="module")
def library(tmp_path_factory, encoder):
    with Library.open(tmp_path_factory.mktemp("slips") / "library", encoder) as library:
        library.add(
            Document.from_text(text, path=f"{n}", title="") for n, text in enumerate(PASSAGES)
        )
        yield library


def test_a_library_suggests_and_never_answers_by_itself(library):
    answer = library.ask("gonghui yizhan de kaifang shijian")
    assert answer.suggestion == "工会驿站的开放时间"
    assert not answer.found
    assert answer.quote == ""
    assert library.ask(answer.suggestion).found
    assert library.ask(answer.suggestion).suggestion == ""


def test_a_name_that_came_later_is_known_at_once(library):
    assert library.ask("biheyuan de kaifang shijian").suggestion == ""
    library.add(Document.from_text("碧荷园的开放时间是全天。", path="new"))
    assert library.ask("biheyuan de kaifang shijian").suggestion == "碧荷园的开放时间"
    library.remove("new")
    assert library.ask("biheyuan de kaifang shijian").suggestion == ""


def test_measuring_is_not_asked_back(library):
    assert library.ask("gonghui yizhan de kaifang shijian", calibrated=False).suggestion == ""


def test_it_takes_few_milliseconds(sample_library):
    vocabulary = sample_library._indexes.terms
    questions = ("县级工会提生年的目标", "qishou zhi jia zai nali", "云岭市有几座机场")
    for one in questions:
        corrections(one, vocabulary)  # loads the sounds
    for one in questions:  # some 10 ms on an idle machine
        assert is_quick(lambda one=one: corrections(one, vocabulary), 0.1)
