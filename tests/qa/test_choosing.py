"""Which words of a passage are quoted."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from embeddings.words import cutter
from qa.choosing import Quoter, quotable, quote_weights, stretches
from qa.clues import CLUES
from qa.question import parse
from qa.quoting import LONGEST
from qa.records import Citation, Document, Passage, without
from qa.weighing import Rarity


def quoter(question: str) -> Quoter:
    """Make one for a library in which all words are equally rare."""
    asked = parse(question, cutter())
    rarity = Rarity(dict.fromkeys(asked.words, 1.0), dict.fromkeys(asked.pairs, 1.0))
    return Quoter(asked, rarity, quote_weights())


def quote(question: str, text: str, *, title: str = "通知", heading: str = "") -> str:
    passage = Passage(0, 0, 1, heading, 0, len(text), text)
    start, end = quoter(question).quote(passage, title)
    return text[start:end]


STATION = (
    "青禾县总工会位于青禾大道18号。全年举办技能竞赛6场。建成工会驿站46个，"
    "其中24小时自助驿站12个，全部接入地图导航。在档困难职工178户，由县总工会结对帮扶。"
)


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("青禾县建成多少个工会驿站", "46个"),
        ("青禾县总工会在哪里", "青禾大道18号"),
        ("青禾县有多少户困难职工", "178户"),
        ("青禾县办了几场技能竞赛", "6场"),
    ],
)
def test_the_sentence_that_answers_is_quoted(question: str, answer: str) -> None:
    found = quote(question, STATION, title="青禾县总工会简报")
    assert answer in found
    assert found != STATION


def test_what_stands_beside_the_gap_tells_the_sentence() -> None:
    text = "范明远出席县总工会会议并讲话。范明远担任县总工会副主席。范明远看望县总工会职工。"
    assert quote("范明远担任什么", text) == "范明远担任县总工会副主席。"


def test_the_kind_of_thing_asked_for_tells_the_sentence() -> None:
    text = "协议由双方协商后生效并公布全文备查。协议自4月1日起生效并公布全文备查。"
    assert "4月1日" in quote("协议什么时候生效", text)


def test_a_number_that_the_question_names_is_not_its_answer() -> None:
    text = "第六届大赛今年9月在县城举行并颁奖。共有来自各单位的132名选手参加大赛。"
    assert "132名" in quote("第6届大赛有多少名选手参加", text.replace("第六届", "第6届"))


def test_the_row_of_a_table_is_quoted_alone() -> None:
    text = (
        "| 领导 | 联系县区和所负责的产业 |\n| --- | --- |\n| 沈怀远 | 青禾县及全市的建筑行业 |\n"
        "| 罗敬之 | 柏岭县、石桥区及物流行业 |"
    )
    assert quote("柏岭县由谁联系", text).strip().splitlines()[-1].startswith("| 罗敬之")


FLEETS = (
    ("车队", "值班员", "手机"),
    ("东城车队", "赵青", "13900010001"),
    ("西城车队", "钱白", "13900010002"),
    ("南城车队", "孙红", "13900010003"),
    ("北城车队", "周蓝", "13900010004"),
)


@pytest.mark.parametrize("drawn", ["| {} | {} | {} |", "{} | {} | {}", "{}\t{}\t{}"])
@pytest.mark.parametrize(
    ("question", "number"),
    [("西城车队的值班员是谁", 2), ("南城车队的值班员手机是多少", 3), ("北城车队手机是多少", 4)],
)
def test_the_row_asked_for_is_quoted_and_not_the_names_with_the_first(
    question: str, number: int, drawn: str
) -> None:
    lines = [drawn.format(*row) for row in FLEETS]
    assert quote(question, "\n".join(lines), title="值班安排") == lines[number]


def test_rows_that_speak_to_the_question_alike_are_quoted_together() -> None:
    text = "| 日期 | 值班员 |\n| 7月1日 | 赵青 |\n| 7月2日 | 钱白 |\n| 7月2日 | 孙红 |"
    assert quote("7月2日的值班员是谁", text) == "| 7月2日 | 钱白 |\n| 7月2日 | 孙红 |"


CANTEEN = "牛肉面 12元\n卤鸡腿 6元\n小米粥 2元\n午餐供应时间 11:20-13:00"
MINUTES = "会议地点\n五楼会议室\n主持人\n万国栋\n记录人\n苏小敏\n一、余江汇报消防检查情况。"
SERVICE = (
    "办理地点：一楼大厅3号窗口\n办理时间：工作日9:00—11:30\n申请材料\n1. 申请表；\n2. 身份证；\n"
    "3. 医疗费发票。\n办理流程\n申请 → 初审 → 公示五天 → 发放\n救助标准\n（一）一般困难：1000元"
)
FAQ = "**问：账户怎么办？**\n答：可以销户。"
CLOSURES = "周一\t闭馆整理\n周二\t10:00-18:00\n周三\t10:00-18:00\n每人可借5本。"


@pytest.mark.parametrize(
    ("question", "text", "answer"),
    [
        ("卤鸡腿几元", CANTEEN, "卤鸡腿 6元"),
        ("会议是谁主持的", MINUTES, "主持人\n万国栋"),
        ("会议在哪里开", MINUTES, "会议地点\n五楼会议室"),
        ("在哪里办理", SERVICE, "办理地点：一楼大厅3号窗口"),
        ("要交哪些材料", SERVICE, "申请材料\n1. 申请表；\n2. 身份证；\n3. 医疗费发票。"),
        ("要公示几天", SERVICE, "申请 → 初审 → 公示五天 → 发放"),
        ("周一开门吗", CLOSURES, "周一\t闭馆整理"),
        (
            "账户怎么办",
            "**问：账户怎么办？**\n答：可以销户。",
            "**问：账户怎么办？**\n答：可以销户。",
        ),
    ],
)
def test_a_line_that_is_about_something_else_is_not_quoted_along(
    question: str, text: str, answer: str
) -> None:
    assert quote(question, text) == answer


def test_a_row_in_the_middle_of_a_table_is_read_by_the_names_in_its_heading() -> None:
    rows = "| 一厂 | 18 | 22 |\n| 二厂 | 19 | 23 |\n| 三厂 | 20 | 24 |"
    assert quote("二厂有多少会员", rows, heading="单位 | 会员 | 职工") == rows.split("\n")[1]


def test_a_row_with_two_sentences_is_quoted_whole() -> None:
    text = (
        "| 情形 | 处理 |\n| 迟到 | 扣1分。一月内满三次的，通报批评。 |\n"
        "| 早退 | 扣2分。一月内满两次的，约谈本人。 |"
    )
    assert quote("早退怎么处理", text) == text.split("\n")[2]


def test_a_question_in_the_text_is_quoted_with_its_answer() -> None:
    text = "问：会员卡丢了怎么补办？答：带身份证到服务中心补办。\n问：收费吗？答：全部免费。"
    assert quote("会员卡丢了怎么办", text) == "问：会员卡丢了怎么补办？答：带身份证到服务中心补办。"


def test_a_list_that_is_asked_for_is_quoted_whole_however_long() -> None:
    items = "\n".join(f"（{n}）{'职工工作报告材料' * 4}；" for n in "一二三四五六")
    text = f"申报先进集体应当提交下列材料：\n{items}\n截止时间另行通知。"
    found = quote("申报先进集体要提交哪些材料", text)
    assert found == text.removesuffix("\n截止时间另行通知。")
    assert len(found) > LONGEST


def test_another_question_takes_a_list_only_as_far_as_it_fits() -> None:
    items = "\n".join(f"（{n}）{'职工工作报告材料' * 4}；" for n in "一二三四五六")
    text = f"申报先进集体应当提交下列材料：\n{items}"
    assert len(quote("先进集体怎么申报", text)) <= LONGEST
    short = "申报先进集体的步骤如下：\n1. 填表；\n2. 盖章；\n3. 上报。\n其余照旧。"
    assert quote("先进集体怎么申报", short).endswith("3. 上报。")


def test_what_is_counted_over_sentences_is_a_list_too() -> None:
    counted = "一是建强组织，配齐干部队伍。二是建好阵地。三是办好实事。"
    text = f"提升年有三项重点任务。{counted}会议还表彰了先进。"
    assert quote("提升年有哪些重点任务", text).endswith("三是办好实事。")


def test_a_heading_is_not_quoted_but_a_labelled_line_is() -> None:
    text = (
        "一、疗休养地点\n今年安排在云顶山和碧泉两处，由各单位自行选择并报市总工会备案后统一组织。"
    )
    assert quote("疗休养地点在哪里", text).startswith("今年安排在云顶山")
    notice = "职工歌咏比赛\n时间：5月1日上午9点\n地点：市工人文化宫"
    assert "5月1日" in quote("职工歌咏比赛什么时间", notice)


def test_a_heading_that_a_paragraph_begins_with_is_not_quoted() -> None:
    text = "（三）法律援助更有力度。全年办理法律援助案件386件。会议要求继续加强宣传引导工作。"
    assert quote("法律援助案件有多少件", text) == "全年办理法律援助案件386件。"


def test_when_all_is_headings_one_is_quoted() -> None:
    assert quote("组织保障", "一、组织保障") == "一、组织保障"


def test_lines_that_break_off_belong_together() -> None:
    text = "增强政治意识、\n坚定制度自信、\n做到两个维护。\n全年工作平稳。"
    [first, _] = quotable(text, "")
    assert text[slice(*first.place)] == "增强政治意识、\n坚定制度自信、\n做到两个维护。"


def test_the_sign_of_a_list_is_left_out() -> None:
    text = "- 1917年酒厂成立，主要生产清酒。\n- 1952年酒厂试制绍兴酒成功并上市销售。"
    assert quote("绍兴酒哪年上市", text, title="酒厂").startswith(("1917", "1952"))


def test_words_in_the_same_paragraph_tell_which_number_is_meant() -> None:
    text = (
        "枫林县总工会：现有基层工会396家。\n建成工会驿站38个，其中自助驿站8个。".replace("\n", "")
        + "\n南渡县总工会：现有基层工会291家。建成工会驿站33个，其中自助驿站6个。"
    )
    assert "33个" in quote("南渡县有多少个工会驿站", text)
    assert "38个" in quote("枫林县有多少个工会驿站", text)


def test_of_a_long_sentence_clauses_are_quoted() -> None:
    text = (
        "，".join(f"第{n}项工作由市总工会第{n}办公室牵头各县区配合完成" for n in range(10, 22))
        + "。"
    )
    found = quote("第17项工作由哪个办公室牵头", text)
    assert "第17办公室" in found
    assert len(found) <= LONGEST
    assert found[-1] in "，。"


def test_one_or_two_sentences_and_short_ones_between() -> None:
    text = (
        "市总工会召开全体委员会议。主席讲话。会议审议通过全年工作报告。会议选举产生新一届领导班子。"
    )
    pieces = quotable(text, "")
    together = {text[pieces[a].place[0] : pieces[b].place[1]] for a, b in stretches(pieces)}
    assert text[: text.index("会议选举")] in together
    assert text not in together


def test_chances_add_up_to_one_and_follow_the_clues() -> None:
    one = quoter("驿站有多少个")
    rows = [tuple(float(n == k) for n in range(len(CLUES))) for k in range(3)]
    assert sum(one.chances(rows)) == pytest.approx(1)
    by_weight = [quote_weights().clues[name] for name in CLUES[:3]]
    chances = one.chances(rows)
    assert sorted(range(3), key=by_weight.__getitem__) == sorted(range(3), key=chances.__getitem__)
    assert one.chances([]) == []


def test_a_higher_price_makes_shorter_quotes() -> None:
    asked = parse("青禾县总工会的工作", cutter())
    rarity = Rarity(dict.fromkeys(asked.words, 1.0), dict.fromkeys(asked.pairs, 1.0))
    passage = Passage(0, 0, 1, "", 0, len(STATION), STATION)
    spans = [
        Quoter(asked, rarity, replace(quote_weights(), price=price)).quote(passage, "简报")
        for price in (0.0, 9.0)
    ]
    long, short = [end - start for start, end in spans]
    assert short < long <= LONGEST


SPOKEN = st.text(alphabet="驿站有46个，；。？：“”「」（）《》\n一二是 a-|#", max_size=300)


@given(SPOKEN, st.data())
@example("驿站“有。46", None)
def test_a_quote_spans_its_coordinates_whatever_is_left_out(text: str, data: object) -> None:
    cuts = (
        (2, 5)
        if not isinstance(data, st.DataObject)
        else sorted(data.draw(st.tuples(*[st.integers(0, len(text))] * 2)))
    )
    noise = ((cuts[0], cuts[1]),) if cuts[0] < cuts[1] <= len(text) else ()
    document = Document.from_text(f"前言。{text}后记。", path="a")
    passage = Passage(0, 0, 1, "", 3, 3 + len(text), text, noise)
    start, end = quoter("驿站有多少个").quote(passage, "标题")
    assert 0 <= start <= end <= len(passage.shown)
    assert (start < end) == any(map(str.isalnum, passage.shown))
    first, last = passage.placed(start, end)
    citation = Citation(1, document, passage, first, last, 0.5)
    assert citation.quote == passage.shown[start:end]
    inside = tuple((max(a + 3, first) - first, min(b + 3, last) - first) for a, b in noise)
    within = tuple((a, b) for a, b in inside if a < b)
    assert without(document.text[first:last], within) == citation.quote


LIBRARY = (
    "松桥区图书馆位于滨河东路66号，馆长是何立新。\n开放时间为周二至周日9:00至17:30。\n"
    "服务热线：0533-2786612。\n借书证工本费15元。"
)


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("图书馆电话", "2786612"),
        ("松桥区图书馆的服务热线是多少", "2786612"),
        ("松桥区图书馆的开放时间是什么", "9:00"),
        ("松桥区图书馆借书证工本费多少钱", "15元"),
        ("松桥区图书馆馆长是谁", "何立新"),
        ("松桥区图书馆在哪里", "滨河东路66号"),
    ],
)
def test_words_that_name_the_document_do_not_choose_the_sentence(
    question: str, answer: str
) -> None:
    assert answer in quote(question, LIBRARY, title="松桥区图书馆借阅须知")


def test_a_definition_is_quoted_though_the_title_names_what_is_defined() -> None:
    text = "本办法自发布之日起施行。积分制管理是指以分数记录职工表现的做法。各单位每年公布一次。"
    assert "是指以分数" in quote("积分制管理是什么", text, title="积分制管理办法")


def test_a_list_below_a_named_subject_is_quoted_whole() -> None:
    text = "石塘卫生站设在石塘街12号。\n办理预约需要带：\n1. 身份证\n2. 社保卡"
    found = quote("石塘卫生站办理预约需要带哪些东西", text, title="石塘卫生站简介")
    assert all(one in found for one in ("身份证", "社保卡"))
