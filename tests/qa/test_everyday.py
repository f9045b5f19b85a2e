"""The everyday words that ship with the package: a sound list, and what it does to questions."""

from __future__ import annotations

import subprocess
import sys
from importlib.resources import files

import pytest

from embeddings.words import fold
from qa import reports
from qa.doctor import examine
from qa.everyday import everyday
from qa.library import Library
from qa.messages import Messages
from qa.question import without_asking
from qa.records import Document
from qa.synonyms import Synonyms
from tests.quick import is_quick

LINES = [
    (number, line)
    for number, line in enumerate(
        files("qa").joinpath("everyday.txt").read_text(encoding="utf-8").splitlines(), start=1
    )
    if line and not line.startswith("#")
]
OPPOSITES = """
收入 支出; 男 女; 男职工 女职工; 男性 女性; 上午 下午; 早上 晚上; 开 关; 开门 关门; 开馆 闭馆;
上班 下班; 入职 离职; 入会 退会; 入学 毕业; 入学 退学; 入院 出院; 住院 出院; 结婚 离婚; 出生 死亡;
借书 还书; 借用 归还; 迟到 早退; 买 卖; 申请 取消; 批准 驳回; 升职 降职; 夏季 冬季; 春季 秋季;
夏天 冬天; 父母 子女; 丈夫 妻子; 老公 老婆; 首班 末班; 租客 房东; 承租人 出租人; 遗失 领取;
丢失 补办; 缴费 退费; 缴纳 退还; 奖励 处罚; 表彰 处分; 允许 禁止; 准予 不得; 招聘 解聘;
白班 夜班; 医生 护士; 老人 儿童; 城镇 农村; 盈利 亏损; 合格 不合格; 最高 最低; 提前 推迟;
工作日 周末
"""
ON_PURPOSE = {("允许", "禁止"), ("准予", "不得")}
"""What forbids a thing answers whether it is allowed: looked for one way only."""

TEXTS = (
    "饭卡遗失的，本人凭身份证到服务台挂失，补发工本费10元。",
    "电动自行车应当停放在东门车棚，充电时间不超过八小时。",
    "夫妻双方都是会员的，各自领取一份节日慰问品。",
    "女职工生育的，凭出生证明领取一次性补助800元。",
    "调薪每年四月进行一次，由人力资源部核定。",
    "阅览室开放时间为每天9:00至20:30，周一闭馆。",
    "湖面游船在大风天停航，乘船须穿救生衣。",
    "设备发生故障的，科室拨打8533报修。",
    "区里的绿道去年修好了，一共十二公里。",
    "有人倒地且没有呼吸的，取自动体外除颤器，开机后按照语音提示操作。",
    "凭会员卡在签约影院看电影享受优惠。",
    "非因本人意愿中断就业的人员，凭解除劳动合同证明申领失业保险金。",
    "未休年休假的，按照日工资收入的三倍支付年休假工资报酬。",
    "静脉输液由护理人员按照医嘱执行，滴速不得自行调节。",
    "供应商对成交结果有质疑的，七个工作日内以书面形式提出。",
    "取得跨年度票据的，于次年三月底之前办理，逾期不予报销。",
    "参保人员跨省异地就医，备案之后凭社会保障卡直接结算。",
    "哺乳时间每天一小时，生育多胞胎的每多一个婴儿增加一小时。",
    "对驳回决定提起上诉的，应当在十五日之内递交上诉状。",
)
ASKED = (
    ("饭卡掉了怎么办", 0),
    ("卡掉了咋办", 0),
    ("饭卡被偷了找谁", 0),
    ("电瓶车放哪儿", 1),
    ("两口子都能拿吗", 2),
    ("生娃给多少", 3),
    ("涨工资是几月", 4),
    ("机器坏了打哪个号", 7),
    ("AED怎么用", 9),
    ("有人晕倒了咋办", 9),
    ("会员卡有啥好处", 10),
    ("自己辞职能拿钱吗", 11),
    ("年假没休咋算", 12),
    ("挂水太慢，自己调行吗", 13),
    ("不服中标咋办", 14),
    ("去年的发票还能报吗", 15),
    ("在外地住院咋整", 16),
    ("生了双胞胎回家喂奶给多久", 17),
    ("不服判决有几天", 18),
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("everyday") / "library"
    with Library.open(folder) as library:
        library.add([Document.from_text(one, path=f"{n}.txt") for n, one in enumerate(TEXTS)])
    return folder


@pytest.fixture(scope="module")
def library(folder):
    with Library.open(folder) as library:
        yield library


@pytest.fixture(scope="module")
def plain(folder):
    with Library.open(folder, everyday=False) as library:
        yield library


def used(hit):
    return [name for name in hit.signals if name.startswith("synonym")]


def test_every_line_is_read_and_their_number_is_as_meant():
    assert everyday().lines == len(LINES)
    assert 350 <= len(LINES) <= 4000


def test_words_are_folded_already():
    for _, line in LINES:
        assert line == fold(line)


def test_no_pair_is_said_twice_and_no_word_stands_for_itself():
    said = {}
    for number, line in LINES:
        sides = [[one.strip() for one in side.split(",")] for side in line.split("=>")]
        assert all(word for side in sides for word in side), line
        asked, meant = sides[0], sides[-1]
        if len(sides) > 1:
            assert not set(asked) & set(meant), line
        assert len(set(asked)) == len(asked), line
        assert len(set(meant)) == len(meant), line
        for pair in [(a, b) for a in asked for b in meant if a != b]:
            assert pair not in said, f"{pair} in lines {said.get(pair)} and {number}"
            said[pair] = number


def test_no_word_is_taken_out_of_a_question_before_it_is_looked_for():
    assert not [word for word in everyday().others if without_asking(word) != word]


def test_what_only_holds_the_word_is_not_listed():
    """工会经费 is found by 经费 without a synonym."""
    for _, line in LINES:
        if "=>" not in line:
            continue
        asked, meant = ([one.strip() for one in side.split(",")] for side in line.split("=>"))
        for other in meant:
            assert not all(word in other for word in asked), (line, other)


def test_opposites_are_not_joined():
    others = everyday().others
    for pair in OPPOSITES.replace("\n", " ").split(";"):
        one, other = pair.split()
        if (one, other) in ON_PURPOSE:
            assert one not in others.get(other, ())
            continue
        assert other not in others.get(one, ()), pair
        assert one not in others.get(other, ()), pair
        both = [w for w, found in others.items() if one in found and other in found]
        assert not both, (pair, both)


def test_single_characters_are_few_and_look_one_way():
    others = everyday().others
    assert {word for word in others if len(word) == 1} <= set("丢坏交付领改买卖穷歇娃吵赔")
    assert not any(len(other) == 1 for found in others.values() for other in found if other != "娃")


def test_people_move_house_and_works_are_moved():
    assert "搬迁" not in everyday().others["搬家"]
    assert "搬迁" in everyday().others["公司搬家"]


@pytest.mark.parametrize(("question", "place"), ASKED)
def test_everyday_questions_find_what_is_written_formally(question, place, library, plain):
    [hit] = library.search(question, 1)
    assert hit.document.path == f"{place}.txt"
    assert used(hit)
    before = {one.document.path: one.score for one in plain.search(question, 10)}
    assert hit.score > before.get(hit.document.path, 0.0)


def test_it_is_off_where_it_is_turned_off(plain):
    assert plain.synonyms == Synonyms()
    for question, _ in ASKED:
        assert not any(used(hit) for hit in plain.search(question, 3))


def test_a_question_without_such_words_is_answered_as_without_them(library, plain):
    for question in ("绿道一共几公里", "停航", "你好", ""):
        assert library.ask(question) == plain.ask(question)


def test_the_users_synonyms_come_first():
    own = Synonyms.of(["电瓶车 => 老年代步车", "厂牌 => 工作证"])
    both = Synonyms(own.others, own.lines, own.longest, everyday())
    pairs = both.pairs(["电瓶车", "厂牌"])
    assert pairs[:2] == (("电瓶车", "老年代步车"), ("厂牌", "工作证"))
    assert ("电瓶车", "电动自行车") in pairs[2:]
    assert len(set(pairs)) == len(pairs)


def test_the_users_synonyms_are_looked_for_before_the_rest(folder, monkeypatch):
    monkeypatch.setattr("qa.alternatives._MOST", 1)
    with Library.open(folder, synonyms=["两口子 => 女职工"]) as library:
        hits = library.search("两口子", 9)
        assert {name for hit in hits for name in used(hit)} == {"synonym 两口子→女职工"}
        assert library.synonyms.lines == 1


def test_status_and_doctor_count_them(library, plain):
    words = Messages("en")
    count = everyday().lines
    status = library.status()
    with_them = reports.OwnFiles(everyday=count)
    assert f"{count} lines" in reports.status_text(status, words, with_them)
    assert reports.status_json(status, with_them)["everyday"] == count
    assert f"{count} lines" not in reports.status_text(status, words)
    checks = {one.name: one.values for one in examine(library)}
    assert checks["doctor_everyday"] == {"lines": count}
    assert "doctor_everyday" not in {one.name for one in examine(plain)}


def test_the_list_is_read_at_the_first_question_and_quickly():
    code = "import qa, sys; print('qa.everyday' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
    fold("總工會")  # the tables of OpenCC are loaded by any question
    assert is_quick(everyday.__wrapped__, 0.06)  # some 15 ms; slow machines may take longer
