"""What is only polite, and what is a question all the same."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from embeddings.words import cutter
from qa.courtesies import KINDS, courtesy, is_small_talk, without_courtesy
from qa.messages import table
from qa.question import parse
from tests.quick import is_quick

POLITE = {
    "greeting": """
        你好|您好|你好！|您好呀～|你 好|大家好|各位好|在吗|在吗？？|你在吗|有人吗|有人在吗|早上好|
        上午好|下午好|晚上好|早安|早|哈喽|哈罗|嗨|嘿嘿嘿|喂|喂喂|hi|Hi!|ＨＩ|Hello|hello there|
        hey|Good morning|how are you?|妳好|您好啊，在嗎|早上好呀！|哈囉|你好😀|。你好。|试试|
        測試一下|你好你好|嗨，你好|nihao
    """,
    "thanks": """
        谢谢|谢谢！|謝謝|谢谢您|谢谢你的帮助|非常感谢|多谢|太感谢了|感谢您的解答|辛苦了|您辛苦了|
        好的收到|好的|好的，谢谢|收到|知道了|明白了，        谢谢|懂了|嗯嗯|嗯，好的|行|了解了|
        thanks|Thank you!|thank you so much|thx|OK|ok, thanks|Okay.|got it|太好了|真棒|好的好的|
        谢谢啦|不客气|你好，谢谢
    """,
    "new_topic": """
        换个话题|换个问题吧|我们换个话题吧|说点别的|聊点别的吧|不说这个了|我想问个问题|換個話題|新话题|
        重新开始|new topic
    """,
    "farewell": """
        再见|再見！|拜拜|拜拜啦|晚安|回头见|下次见|没有问题了|没事了，再见|谢谢，再见|bye|Goodbye|
        bye bye|see you|good night|好的，就这样|没了
    """,
    "who": """
        你是谁|你是谁？|您是哪位|妳是誰|你叫什么|你叫什么名字|请问你是谁呀|你好，你是谁|
        你是机器人吗|你是真人吗|你是人工智能吗|你是AI吗|介绍一下你自己|自我介绍一下|你是谁开发的|
        你是什么|你的名字|怎么称呼您|who are you|What's your name?|are you human|你是ChatGPT吗
    """,
    "what_can": """
        你能做什么|你能做什么？|您可以做什么|你会什么|你会干啥|你能帮我做什么|你有什么功能|
        有哪些功能|怎么用|怎么使用|這個怎麼用|你怎么用|如何使用|帮助|幫助|帮帮我|help|Help me|
        what can you do?|how does this work|我能问什么|可以问哪些问题|你能回答什么问题|
        你好，你能做什么|how do I use this|你可以回答哪些问题|您好，我是新来的，请问你能做什么
    """,
}
QUESTIONS = """
你好，县级工会提升年的目标是什么|您好 请问会员卡怎么补办|你好医院在哪里|你好大妈是谁|
早上好几家驿站开门|早上几点开门|晚上有人值班吗|有人吗驿站晚上|会员卡怎么用|怎么用会员卡|
专项资金怎么使用|如何使用帮扶资金|帮助困难职工的办法|帮助对象有哪些|困难职工帮助|
谢谢参与的奖品是什么|感谢信怎么写|致谢名单|再见面会什么时候开|再会员|行|业工会有哪些|
好的做法有哪些|好的经验|知道答案的有几人|明白纸是什么|收到多少份申请|收到申请后几日办结|
了解情况的方式|清楚界定的范围|辛苦费标准|你们单位的主席是谁|主席是谁|主席叫什么名字|他叫什么|
谁是主席|骑手之家能做什么|工会能做什么|工会有什么功能|驿站有哪些功能|驿站能提供什么|
我能申请什么补助|我能领多少钱|可以带什么材料|hi-tech企业工会|hello kitty展览|ok镜报销吗|OK手势|
bye law是什么|helpdesk电话|help desk phone|who is the chairman|what can members apply for|
how do I apply|thanksgiving|test report|测试结果|测试赛时间|试试看能报几次|再见谁|88元标准|
886万元|请自我介绍写什么|你是谁的员工|你的名字写在哪|好久不见效怎么办|那副主席呢|还有呢|为什么|
目标|工会|驿站|金秋助学|县级工会提升年|在岗职工|在不在编|多少|？|。。。|123|的|哈哈|呵呵呵|
讲个笑话|啊
"""


def listed(text):
    return [one.strip() for one in text.replace("\n", "").split("|") if one.strip()]


SAID = [(text, kind) for kind, texts in POLITE.items() for text in listed(texts)]
ASKED = [text for text in listed(QUESTIONS) if text != "行"]


def test_there_are_many_of_each():
    assert len(SAID) >= 60
    assert len(ASKED) >= 60


@pytest.mark.parametrize(("text", "kind"), SAID)
def test_what_is_only_polite(text, kind):
    assert courtesy(text) == kind
    assert parse(text, cutter()).empty
    assert without_courtesy(text) == text


@pytest.mark.parametrize("text", ASKED)
def test_what_is_a_question(text):
    assert courtesy(text) is None


@pytest.mark.parametrize("text", ["", "  ", "\n", "？！"])
def test_nothing_is_no_courtesy(text):
    assert courtesy(text) is None
    assert without_courtesy(text) == text


@pytest.mark.parametrize("text", ["哈哈", "呵呵呵", "啊", "讲个笑话", "你好"])
def test_small_talk_leaves_nothing_to_look_for(text):
    assert is_small_talk(text)
    assert parse(text, cutter()).empty


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("你好，县级工会提升年的目标是什么", "县级工会提升年的目标是什么"),
        ("您好！请问会员卡怎么补办？", "请问会员卡怎么补办？"),
        ("你好请问会员卡怎么补办？", "请问会员卡怎么补办？"),
        ("您好 请问会员卡怎么补办", "请问会员卡怎么补办"),
        ("妳好，請問會員卡怎麼補辦？謝謝！", "請問會員卡怎麼補辦？"),
        ("在吗？在的话问一下，驿站几点开门", "在的话问一下，驿站几点开门"),
        ("Hi, 驿站几点开门", "驿站几点开门"),
        ("hello 驿站几点开门 thanks", "驿站几点开门"),
        ("好的，那副主席呢", "那副主席呢"),
        ("嗯，那副主席呢？", "那副主席呢？"),
        ("谢谢。再问一下，副主席是谁？", "再问一下，副主席是谁？"),
        ("驿站几点开门，谢谢", "驿站几点开门"),
        ("驿站几点开门？辛苦了！", "驿站几点开门？"),
        ("早上好，早上几点开门", "早上几点开门"),
        # These stay whole.
        ("你好医院在哪里", "你好医院在哪里"),
        ("好的做法有哪些", "好的做法有哪些"),
        ("早上好几家驿站开门", "早上好几家驿站开门"),
        ("感谢信怎么写", "感谢信怎么写"),
        ("怎么说谢谢", "怎么说谢谢"),
        ("hi-tech企业工会", "hi-tech企业工会"),
        ("行 业 工 会", "行 业 工 会"),
        ("《你好，李焕英》什么时候放映", "《你好，李焕英》什么时候放映"),
    ],
)
def test_the_polite_frame_comes_off(text, question):
    assert without_courtesy(text) == question


def test_a_question_finds_the_same_with_and_without_its_frame():
    framed = parse("你好，县级工会提升年的目标是什么？谢谢！", cutter())
    assert framed == parse("县级工会提升年的目标是什么？", cutter())


@given(st.text(max_size=60))
def test_any_text_can_be_asked_about(text):
    assert courtesy(text) in {None, *KINDS}
    assert without_courtesy(text) in text


@pytest.mark.parametrize("text", ["嗯", "好的", "你好", "hi", "谢谢你，", "好的，", "88"])
def test_a_long_row_of_courtesies_takes_no_time(text):
    row = text * 500 + "主席"
    assert courtesy(row) is None
    assert is_quick(lambda: (courtesy(row), without_courtesy(row)), 0.5)


def test_every_kind_has_its_words():
    for kind in KINDS:
        assert f"courtesy_{kind}" in table("zh")
