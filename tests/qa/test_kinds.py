"""The kind of thing a question asks for, told from what only looks like it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from embeddings.words import fold
from qa.kinds import thing_asked

HELD = [
    # why
    ("心愿墙为什么停了", "因经费不足，心愿墙停办。"),
    # a telephone number
    ("总工会办公电话是多少", "联系电话：0797-8391234。"),
    ("维权热线打多少", "请拨打12351。"),
    # a web site
    ("报名网址是什么", "登录 www.example.org 报名。"),
    # an address
    ("服务中心的地址", "位于文明大道12号。"),
    # a share
    ("女职工占比是多少", "女职工占42%。"),
    ("完成了百分之几", "完成三成。"),
    # an amount of money
    ("一等奖奖多少钱", "一等奖5000元。"),
    ("高温津贴标准是多少", "每人每月三百元。"),
    ("价格是多少", "每份12.5元。"),
    ("门票多少", "儿童免费。"),
    # a length of time
    ("公示几天", "公示5个工作日。"),
    ("试用期多长时间", "试用期为六个月。"),
    ("产假有多少天", "产假98日。"),
    # a year
    ("驿站哪一年建成", "驿站建于2021年。"),
    ("哪年成立", "1949-10-01 成立。"),
    ("這是哪一年的統計", "民國112年度統計。"),
    # a day
    ("会议哪天召开", "3月29日，会议召开。"),
    ("几月几日召开", "三月二十九日召开。"),
    ("协议几号生效", "2024-04-01起生效。"),
    # any time
    ("会议什么时候召开", "会议于2023年召开。"),
    ("几点开门", "每天9点开门。"),
    ("规定何时施行", "本规定自公布之日起施行。"),
    # a person
    ("县总工会主席是谁", "县总工会主席霍建平到会。"),
    ("谁获得了一等奖", "一等奖获得者：李明。"),
    ("市長是誰", "市長蔣萬安致詞。"),
    ("作者是谁", "列夫·托尔斯泰著。"),
    ("被告是谁", "被告王某辩称。"),
    ("主席由谁担任", "会议选举王小明为主席。"),
    # a body
    ("哪个部门负责审批", "由县人社局审批。"),
    ("谁负责审批", "由县人社局审批。"),
    ("费用由谁出", "费用由用人单位承担。"),
    # either of them
    ("补贴发给谁", "补贴发给王小明。"),
    ("补贴发给谁", "补贴发给困难企业。"),
    # a place
    ("培训在哪里办", "培训在赣州市举行。"),
    # several things
    ("申请要带哪些材料", "身份证、户口本。"),
    ("有什么条件", "(一)年满十八岁"),
    # a number, with the unit it counts in
    ("驿站有多少家", "驿站已逾4200家。"),
    ("这是第几届", "第十二届比赛开幕。"),
    ("招收多少人", "计划招收50人。"),
    ("面积是多少", "面积1200平方米。"),
    ("面积是多少", "面积一百二十平方米。"),
    # in other words than the question's
    ("赞成的比例是多少", "三分之二以上的代表赞成。"),
    ("滞纳金一天多少", "每日加收千分之五。"),
    ("奖金是多少", "奖金为200万日圆。"),
    ("个人要付多少钱", "个人零自付。"),
    ("多少人参加", "共有132名选手参加。"),
    ("一共有几层", "本站共有三层。"),
    ("排第几名", "位列榜首。"),
    ("来了几个台风", "全年15个台风。"),
    ("拨打哪个电话报警", "拨打110报警。"),
    ("民国几年成立", "112年度成立。"),
    ("办理时限是多少个工作日", "办理时限：25（工作日）"),
    ("多久一次", "按月发布。"),
    ("律师哪天坐班", "每周三全天坐班。"),
    ("几点下班", "下班时间17:30。"),
    ("什么时候开花", "夏季开花。"),
    ("主任是谁", "中心主任为费美娟。"),
    ("谁夺得第一名", "第一名由竹海合作社的姚小满夺得。"),
    # any
    ("会议精神是什么", "好。"),
    ("会议精神是什么", ""),
]

ONLY_ALIKE = [
    ("心愿墙为什么停了", "心愿墙停了。"),
    ("总工会办公电话是多少", "截至2023年共有12家。"),
    ("总工会办公电话是多少", "统一编号202308150001234。"),
    ("女职工占比是多少", "女职工有42人。"),
    ("一等奖奖多少钱", "一等奖5名。"),
    ("公示几天", "会议于2023年召开。"),
    ("公示几天", "于3月29日公示。"),
    ("公示几天", "于三月二十九日公示。"),
    ("驿站哪一年建成", "驿站已逾4200家。"),
    ("驿站哪一年建成", "热线05918391234。"),
    ("驿站哪一年建成", "奖金2000元。"),
    ("会议哪天召开", "会议总结了2023年工作。"),
    ("会议哪天召开", "自公布之日起召开。"),
    ("几月几日召开", "会议总结了2023年工作。"),
    ("会议什么时候召开", "会议在此之前已经召开。"),
    ("几点开门", "提出3点要求。"),
    ("县总工会主席是谁", "由各街道工会主席签字确认。"),
    ("县总工会主席是谁", "各直属工会主席参加会议。"),
    ("县总工会主席是谁", "由施工单位、江西分会和工程建设的代表参加。"),
    ("县总工会主席是谁", "本办法自公布之日起施行。"),
    ("县总工会主席是谁", "任何单位和个人不得拖欠支付工资的款项。"),
    ("县总工会主席是谁", "某县召开会议。"),
    ("县总工会主席是谁", "柏岭县、江州市、柳河省、"),
    ("县总工会主席是谁", "100余家、森林资源的保护和浙江省的经验"),
    ("哪个部门负责审批", "三日内审批。"),
    ("培训在哪里办", "培训已办。"),
    ("申请要带哪些材料", "请带身份证。"),
    ("驿站有多少家", "驿站在2023年建成。"),
    ("招收多少人", "报名费50元。"),
    ("面积是多少", "统一规划，进一步扩大。"),
    ("骑手之家几点开门", "2023年12月18日启用。"),
    ("排第几名", "首先发言。"),
    ("主任是谁", "主任管理日常工作。"),
    ("有几座机场", "开了六场座谈会。"),
    ("生了几个小孩", "见第35页，2021年。"),
    ("要交多少公证费", "公证处在留庄路3号。"),
    ("满多少岁退休", "每五周报一次。"),
]


def holds(question: str, text: str) -> bool:
    asked = thing_asked(fold(question))
    return asked is None or asked.looks.search(fold(text)) is not None


@pytest.mark.parametrize(("question", "text"), HELD)
def test_what_could_answer_holds_the_thing_asked_for(question: str, text: str) -> None:
    assert holds(question, text)


@pytest.mark.parametrize(("question", "text"), ONLY_ALIKE)
def test_what_only_looks_like_it_is_not_the_thing_asked_for(question: str, text: str) -> None:
    assert not holds(question, text)


@pytest.mark.parametrize(
    "question", ["", " ", "？", "工会驿站", "会议精神是什么", "能不能带家属", "这个称为什么"]
)
def test_a_question_that_asks_for_nothing_named_takes_any_text(question: str) -> None:
    assert thing_asked(fold(question)) is None


@pytest.mark.parametrize(
    ("question", "same_as"),
    [
        ("电话会议什么时候召开", "什么时候召开"),  # the telephone is not asked for
        ("奖励几次", "表扬几次"),  # times, not money
        ("标准是多少年", "多少年"),
        ("开了几个月", "多少月"),
        ("谁来管", "哪个部门"),
        ("哪一种方式", "什么方式"),
        ("枫林县有多少人口", "一共多少"),  # no unit 人 with a mouth left over
        ("西元几年建成", "哪一年建成"),  # a year, not a length of time
        ("花了多少时间", "多久"),  # nor money
        ("可以用手机吗，要满几岁", "满几岁"),
        ("考核打多少分", "多少分"),  # nor a number to call
    ],
)
def test_what_stands_beside_the_interrogative_chooses_the_kind(question: str, same_as: str) -> None:
    assert thing_asked(question) == thing_asked(same_as)


def test_the_unit_asked_for_must_follow_the_number() -> None:
    asked = thing_asked("驿站有多少家")
    assert asked is not None
    assert [one[0] for one in asked.looks.finditer("2023年建成72家,累计4.2万家,共3个市")] == [
        "72家",
        "4.2万家",
    ]


@given(st.text(max_size=60), st.text(max_size=60))
def test_any_text_can_be_asked_and_searched(question: str, text: str) -> None:
    assert holds(question, text) in (True, False)


@pytest.mark.parametrize(
    ("question", "exact"),
    [("电话是多少", True), ("多少家", True), ("谁主持", False), ("为什么", False)],
)
def test_some_answers_must_look_like_what_is_asked_for(question: str, exact: bool) -> None:
    asked = thing_asked(question)
    assert asked is not None
    assert asked.exact is exact
