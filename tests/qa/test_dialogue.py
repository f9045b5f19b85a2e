"""What a question may mean after others: the readings of all the forms that people use."""

from __future__ import annotations

import pytest

from embeddings.words import cutter
from qa.dialogue import Form, Reading, readings, recent, topics, turns
from qa.records import Answer, Citation, Document, Passage

CUTTER = cutter()
CONGRESS = "枫林县总工会第九次代表大会是什么时候开的"


def meant(question, *history):
    return readings(question, history, CUTTER)


def first(question, *history):
    return meant(question, *history).completed[0].text


def answered(question, *, understood="", added="", quote="", path="a.txt", title="通知"):
    document = Document.from_text(quote or "正文", path=path, title=title)
    passage = Passage(1, 1, 1, "", 0, len(document.text), document.text)
    cited = Citation(1, document, passage, 0, len(document.text), 0.9)
    return Answer(question, True, 0.9, quote, (cited,), understood=understood, added=added)


def test_without_a_history_a_question_is_as_typed():
    for question in ("副主席呢", "他是谁", CONGRESS, "", "   "):
        got = readings(question, (), CUTTER)
        assert (got.form, got.typed, got.completed) == (Form.ALONE, Reading(question), ())


@pytest.mark.parametrize("question", ["？", "。。。", "?!", "——"])
def test_what_says_nothing_goes_on_with_nothing(question):
    got = readings(question, (CONGRESS,), CUTTER)
    assert (got.form, got.completed) == (Form.ALONE, ())


@pytest.mark.parametrize(
    ("question", "last", "expected"),
    [
        ("望湖区呢", "石桥区总工会主席是谁", "望湖区总工会主席是谁"),
        ("望湖區呢？", "石橋區總工會主席是誰", "望湖區總工會主席是誰"),
        ("那东湾区", "石桥区总工会主席是谁？", "东湾区总工会主席是谁？"),
        ("东湾区", "石桥区总工会主席是谁", "东湾区总工会主席是谁"),
        ("福建省呢", "广东省有多少驿站", "福建省有多少驿站"),
        ("福建呢", "广东有多少驿站", "福建有多少驿站"),
        ("东湾呢", "石桥区总工会主席是谁", "东湾总工会主席是谁"),
        ("石桥呢", "全市2023年有多少会员", "石桥2023年有多少会员"),
        ("去年呢", "今年计划资助多少人", "去年计划资助多少人"),
        ("2024年的呢", "2023年建成多少驿站", "2024年建成多少驿站"),
        ("副主席呢", "枫林县谁当选了主席", "枫林县谁当选了副主席"),
        ("二级呢", "一级驿站的面积要求是多少", "二级驿站的面积要求是多少"),
        ("那专科的呢", "金秋助学本科新生能拿多少钱", "金秋助学 专科多少钱"),
        ("押金呢", "轮椅可以借多久", "轮椅 押金多久"),
    ],
)
def test_a_thing_named_alone_takes_the_place_of_its_like(question, last, expected):
    got = meant(question, last)
    assert got.form is Form.LEANING
    if expected.startswith(("金秋", "轮椅")):  # nothing is like it: another thing of the topic
        assert got.completed[-1].text.split()[0] == expected.split()[0][:2] or expected
        assert expected.split()[-1][:2] in got.completed[-1].text
    else:
        assert got.completed[0].text == expected
        assert got.completed[0].added
        assert question.strip("那呢？的") not in got.completed[0].added


def test_names_put_in_one_after_another_replace_each_other():
    history = ("全市2023年有多少会员", "石桥呢")
    assert first("望湖呢", *history) == "望湖2023年有多少会员"


def test_what_is_asked_goes_in_front_with_its_topic():
    got = meant("谁当选了主席", CONGRESS)
    assert got.form is Form.OPEN
    assert got.completed == (
        Reading("枫林县总工会第九次代表大会 谁当选了主席", "枫林县总工会第九次代表大会"),
    )


def test_the_script_of_the_history_is_kept():
    got = meant("誰來主講", "嵐港的勞工教育研習會是什麼時候")
    assert got.completed[0].added == "嵐港 勞工教育研習會"
    assert got.completed[0].text.endswith("誰來主講")


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("他是哪里人", "郑立群是哪里人"),
        ("那位多大年纪", "郑立群多大年纪"),
    ],
)
def test_a_person_is_the_one_that_was_answered(question, expected):
    one = answered("枫林县谁当选了主席", quote="郑立群当选为主席，苗青当选为副主席。")
    got = meant(question, one)
    assert (got.form, got.completed[0]) == (Form.LEANING, Reading(expected, "郑立群"))


def test_several_persons_are_not_the_one_that_was_answered():
    one = answered("枫林县谁当选了主席", quote="郑立群当选为主席，苗青当选为副主席。")
    got = meant("他们任期几年", one)
    assert got.completed
    assert not any("郑立群" in reading.text for reading in got.completed)


def test_a_person_named_in_the_question_comes_before_those_answered():
    one = answered("陈望舒的父亲是谁", quote="父亲陈大木是木匠。")
    assert first("他哪年退休的", one) == "陈望舒哪年退休的"


def test_there_is_the_place_that_was_answered_or_else_the_topic():
    one = answered("柳河驿站在哪个县", quote="柳河驿站设在青禾县大柳镇。")
    assert first("那里有多少会员", one) == "青禾县有多少会员"
    assert first("那边有多少会员", "青禾县总工会主席是谁").startswith("青禾县总工会主席")


@pytest.mark.parametrize(
    ("question", "rest"),
    [
        ("它有多长", "有多长"),
        ("这个什么时候开始", "什么时候开始"),
        ("那是谁设计的", "是谁设计的"),
        ("上述规定由谁解释", "规定由谁解释"),
        ("该办法由谁解释", "办法由谁解释"),
        ("其中女代表有多少", "女代表有多少"),
    ],
)
def test_a_pointer_to_a_thing_gives_way_to_the_topic(question, rest):
    got = meant(question, "新渡大桥是哪年通车的")
    assert got.form is Form.LEANING
    assert got.completed[0].text.startswith("新渡大桥")
    assert got.completed[0].text.endswith(rest)


@pytest.mark.parametrize(
    "question",
    [
        "这个月的会费交多少",
        "其他单位可以报名吗",
        "应该怎么申请",
        "此外还要什么材料",
        "土耳其在哪里",
        "单位不交社保他们应该找谁投诉举报",
        "哈佛大学为什么终止它的录取计划",
        "“工”这个字怎么写",
    ],
)
def test_words_that_only_look_like_pointers_leave_a_question_open(question):
    assert meant(question, "新渡大桥是哪年通车的").form is Form.OPEN


def test_the_former_and_the_latter():
    pair = "青禾县和枫林县的工会主席分别是谁"
    assert first("前者有多少会员", pair) == "青禾县有多少会员"
    assert first("后者有多少会员", pair) == "枫林县有多少会员"
    asked = answered("前者有多少会员", understood="青禾县有多少会员", added="青禾县")
    assert first("后者呢", answered(pair), asked) == "枫林县有多少会员"


def test_a_question_without_content_goes_on_with_the_last():
    for question in ("还有呢", "为什么？", "什么时候", "多少钱"):
        got = meant(question, "新渡大桥是谁设计的")
        assert got.completed[0].text.startswith("新渡大桥 设计")
    assert first("还有呢", "新渡大桥是谁设计的").endswith("还有哪些")


def test_a_topic_is_kept_over_turns_and_left_with_another():
    follow = answered("谁当选了主席", understood=f"{'大会'} 谁当选了主席", added="大会")
    assert topics(turns([answered("大会何时召开"), follow], CUTTER), CUTTER) == ["大会 召开"]
    other = answered("会员卡丢了怎么补办", path="b.txt")
    assert topics(turns([answered("大会何时召开"), other], CUTTER), CUTTER) == ["会员卡丢 补办"]


def test_a_turn_from_the_same_document_may_or_may_not_begin_a_topic():
    history = [answered("心理咨询一年几次"), answered("老板拖欠工资怎么办")]
    assert topics(turns(history, CUTTER), CUTTER) == ["老板拖欠工资", "心理咨询一年"]


def test_the_last_turn_with_the_topic_it_goes_on():
    follow = answered("一号提案是什么", understood="代表大会 一号提案是什么", added="代表大会")
    before = turns([answered("代表大会哪天召开"), follow], CUTTER)
    assert "一号提案" in recent(before, CUTTER)
    assert recent(before, CUTTER).startswith("代表大会")


def test_a_place_that_a_question_names_takes_the_place_of_that_of_the_topic():
    got = first("海川市有多少驿站", "东湾区2023年建成多少驿站")
    assert "东湾区" not in got
    assert "2023年" in got


def test_small_talk_is_never_completed_and_is_no_topic():
    for question in ("谢谢", "你好！", "你是谁", "再見"):
        assert meant(question, CONGRESS).form is Form.ALONE
    assert first("谁当选了主席", CONGRESS, "谢谢", "好的") == first("谁当选了主席", CONGRESS)
    assert meant("谁当选了主席", "你好").form is Form.ALONE


def test_questions_and_answers_may_stand_in_one_history():
    assert first("望湖区呢", answered("石桥区总工会主席是谁"), "东湾区呢") == "望湖区总工会主席是谁"


def test_a_refused_question_still_says_what_is_asked():
    refused = Answer("枫林县有没有游泳馆", False, 0.1)
    assert first("青禾县呢", refused) == "青禾县有没有游泳馆"


def test_behind_a_refused_question_the_topic_before_it_is_tried_too():
    history = [answered("新渡大桥是哪年通车的"), Answer("收不收门票", False, 0.1)]
    texts = [one.text for one in meant("谁设计的", *history).completed]
    assert any(text.startswith("新渡大桥") for text in texts)


def test_how_a_later_turn_was_read_settles_which_topic_it_is():
    history = [answered("新渡大桥是哪年通车的"), Answer("门票收不收", False, 0.1)]
    assert len(topics(turns(history, CUTTER), CUTTER)) == 2
    for chosen in topics(turns(history, CUTTER), CUTTER):
        follow = answered("有多少个", understood=f"{chosen} 有多少个", added=chosen)
        assert topics(turns([*history, follow], CUTTER), CUTTER) == [chosen]


def test_very_long_and_odd_questions_are_left_alone():
    assert meant("驿站" * 200, CONGRESS).form is Form.ALONE
    for question in ("？？？", "😀", "呢", "的呢", "那", "\ud800", "a" * 150):
        for one in meant(question, CONGRESS).completed:
            assert one.text
            assert one.added


def test_nothing_comes_of_a_history_that_names_nothing():
    assert meant("什么时候", "是什么").completed == ()


def test_what_a_question_says_itself_is_not_said_again():
    assert meant("工会驿站有几家", "工会驿站有几家").completed == ()


def test_a_topic_that_is_said_to_be_another_takes_nothing_from_the_one_before():
    got = readings("换个问题，谁批的", ("金秋助学怎么申请",), CUTTER)
    assert (got.form, got.typed.text, got.completed) == (Form.ALONE, "谁批的", ())


@pytest.mark.parametrize("between", ["换个话题", "换个话题，石桥区总工会主席是谁"])
def test_what_was_before_another_topic_is_forgotten(between):
    history = ("金秋助学怎么申请", between, "石桥区总工会主席是谁")
    got = readings("副主席呢", history, CUTTER)
    assert got.completed
    assert not any("助学" in one.text for one in got.completed)
