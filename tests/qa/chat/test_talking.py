"""What the chat replies, line by line, without a terminal."""

from __future__ import annotations

import shutil
from dataclasses import replace

import pytest
from rich.text import Text

from qa.chat.commands import NAMES, Command, aliases, parse
from qa.chat.completing import completions
from qa.chat.conversation import REMEMBERED, Conversation
from qa.chat.talking import Reply, Talk, help_rows
from qa.library import Library
from qa.messages import Messages
from qa.records import Answer, Document, Verdict

GOAL = "县级工会提升年的目标是什么"
NOWHERE = "云岭市有几座机场"


@pytest.fixture
def library(sample_library, tmp_path, encoder):
    folder = tmp_path / "library"
    shutil.copytree(sample_library.folder, folder)
    with Library.open(folder, encoder) as library:
        yield library


class Asked:
    """A library that remembers what it was asked with."""

    def __init__(self, library, added=""):
        self.library, self.added, self.calls = library, added, []

    def __call__(self, question, history):
        self.calls.append((question, tuple(one.question for one in history)))
        answer = self.library.ask(question)
        if self.added and history:
            return replace(answer, understood=f"{self.added}{question}", added=self.added)
        return answer


@pytest.fixture
def asked(library):
    return Asked(library)


@pytest.fixture
def talk(library, asked):
    return Talk(library, Conversation(asked), Messages("zh"))


def said(talk, line):
    return talk.reply(line).text.plain


# Lines


@pytest.mark.parametrize(
    ("line", "command"),
    [
        (":sources", Command("sources")),
        ("：来源", Command("sources")),
        (": 来源 ", Command("sources")),
        (":S", Command("sources")),
        (":context 2", Command("context", "2")),
        (":context2", Command("context", "2")),
        ("：上下文2 3", Command("context", "2 3")),
        ("：打开1", Command("open", "1")),
        (":feedback 会员卡要三天", Command("feedback", "会员卡要三天")),
        (":feedback对", Command("feedback", "对")),
        ("：反馈对", Command("feedback", "对")),
        ("：退出", Command("quit")),
        ("quit", Command("quit")),
        ("EXIT", Command("quit")),
        (":nosuch 3", Command("", "nosuch")),
        ("：没有这个", Command("", "没有这个")),
        (":", Command("", "")),
        ("几点开门", None),
        ("开放时间：几点", None),
        ("退出工会怎么办", None),
        ("", None),
    ],
)
def test_a_line_is_a_command_or_a_question(line, command):
    assert parse(line) == command


def test_every_command_has_a_chinese_name_of_its_own_and_a_line_of_help():
    names = [alias for name in NAMES for alias in aliases(name) if alias not in NAMES]
    assert len([name for name in names if not name.isascii()]) >= len(NAMES)
    for name in NAMES:
        for alias in (name, *aliases(name)):
            assert parse(f"：{alias}").name == name
    rows = help_rows(Messages("zh"))
    assert [row[0].split()[0] for row in rows] == [f":{name}" for name in NAMES]
    assert dict(help_rows(Messages("en")))[":quit"] == "leave"


@pytest.mark.parametrize(
    ("before", "found"),
    [
        (":so", [(":sources", 3)]),
        ("：来", [("：来源", 2)]),
        (":feedback r", [("right", 1)]),
        (":sources r", []),
        ("请问困难职工", [("困难职工帮扶资金管理办法", 4)]),
        ("困難職工", [("困难职工帮扶资金管理办法", 4)]),
        ("会员", [("会员服务问答", 2), ("云岭市会员手册", 2)]),
        ("会", []),
        ("没有这样的", []),
        ("", []),
    ],
)
def test_what_the_tab_key_gives(before, found):
    titles = ["云岭市会员手册", "困难职工帮扶资金管理办法", "会员服务问答", "会员服务问答"]
    assert completions(before, titles) == found


# Questions


def test_a_question_gets_its_quote_and_where_it_stands(talk):
    reply = talk.reply(GOAL)
    lines = reply.text.plain.split("\n")
    assert lines[0].startswith("县级工会提升年的目标是：")
    assert "把握" in lines[0]
    assert lines[1].startswith("[1] 云岭市总工会“县级工会提升年”实施方案")
    assert lines[2] == "    县级工会提升年实施方案.md · 第 6 段"
    assert reply.answer.found
    [quoted] = [span for span in reply.text.spans if "green" in str(span.style)]
    assert reply.text.plain[quoted.start : quoted.end] == reply.answer.quote


def test_several_questions_are_answered_one_after_the_other(talk, asked):
    first, second = talk.replies(f"{GOAL}？专项资金多少钱？")
    assert first.text.plain.startswith(f"问题 1：{GOAL}？\n县级工会提升年的目标是：")
    assert second.text.plain.startswith("问题 2：专项资金多少钱？\n")
    assert second.answer.question == "专项资金多少钱？"
    assert asked.calls == [(f"{GOAL}？", ()), ("专项资金多少钱？", ())]


def test_of_several_questions_those_that_go_on_are_asked_after_the_others(talk, asked):
    list(talk.replies(f"{GOAL}？主席是谁？副主席呢？"))
    assert asked.calls[1:] == [("主席是谁？", ()), ("副主席呢？", ("主席是谁？",))]


def test_a_single_question_and_a_command_are_one_reply(talk):
    assert list(talk.replies(GOAL)) == [talk.reply(GOAL)]
    assert [one.text.plain for one in talk.replies(":feedback 对吗？谁说的？")] != []
    assert [one.leaves for one in talk.replies(":quit")] == [True]


def test_of_many_questions_a_few_are_answered(talk, asked):
    *_, last = talk.replies("\n".join(f"第{number}条说什么" for number in range(1, 8)))
    assert last == Reply(Text("一次只答前 5 个问题，还有 2 个没有答：请另外再问"))
    assert len(asked.calls) == 5


def test_a_greeting_gets_a_word_back_and_is_no_turn(talk, asked):
    assert said(talk, "你好") == "你好。想查什么，直接输入问题就行。"
    assert talk.reply("谢谢！").answer == Answer("谢谢！", found=False, confidence=0.0)
    assert asked.calls == []


@pytest.mark.parametrize("said", [":new", "换个话题", "说点别的吧"])
def test_earlier_answers_go_with_a_question_until_another_topic(talk, asked, said):
    for line in (GOAL, "专项资金多少钱", said, "会员卡丢了怎么补办", "要几天"):
        talk.reply(line)
    assert asked.calls == [
        (GOAL, ()),
        ("专项资金多少钱", (GOAL,)),
        ("会员卡丢了怎么补办", ()),
        ("要几天", ("会员卡丢了怎么补办",)),
    ]


def test_only_the_newest_answers_are_remembered(library, asked):
    conversation = Conversation(asked)
    for number in range(REMEMBERED + 3):
        conversation.ask(f"第{number}问")
    question, history = asked.calls[-1]
    assert question == f"第{REMEMBERED + 2}问"
    assert history == tuple(f"第{number}问" for number in range(2, REMEMBERED + 2))


def test_what_was_added_is_said_and_undone(library):
    asked = Asked(library, added="望湖区")
    talk = Talk(library, Conversation(asked), Messages("zh"))
    talk.reply("骑手之家在哪里")
    assert said(talk, ":undo") == "刚才那一问就是照原样理解的"
    assert said(talk, "几点开门").startswith("按“望湖区”理解（：撤销 照原样再问）\n")
    assert not said(talk, "：撤销").startswith("按")
    assert asked.calls[-1] == ("几点开门", ())
    talk.reply("要预约吗")
    assert asked.calls[-1] == ("要预约吗", ("骑手之家在哪里", "几点开门"))


def test_a_suggestion_is_taken_with_enter_or_yes(library):
    questions = []

    def ask(question, history):
        questions.append((question, tuple(one.question for one in history)))
        suggestion = "工会驿站几点开门" if question == "工会驿占几点开门" else ""
        return Answer(question, found=False, confidence=0.0, suggestion=suggestion)

    for agree in ("", ":yes", "：是"):
        questions.clear()
        talk = Talk(library, Conversation(ask), Messages("zh"))
        shown = said(talk, "工会驿占几点开门")
        assert "您是不是想问：工会驿站几点开门" in shown
        talk.reply(agree)
        assert questions == [("工会驿占几点开门", ()), ("工会驿站几点开门", ())]
        assert said(talk, ":yes") == "没有可以改问的"
        assert said(talk, "") == ""


# Commands


@pytest.mark.parametrize("line", [":sources", ":context 2", ":open", ":explain", ":feedback 对",
                                  ":undo", ":yes"])  # fmt: skip
def test_commands_about_an_answer_want_one_first(talk, line):
    assert said(talk, line) == "还没有问过：先输入一个问题"


def test_a_question_that_finds_nothing_has_no_sources(talk):
    talk.reply("？？")
    for line in (":sources", ":context", ":open 1", ":explain"):
        assert said(talk, line) == "刚才那一问什么也没有找到，没有可看的出处"


def test_unknown_commands_and_numbers_are_said_in_one_line(talk):
    assert said(talk, ":nosuch 3") == "没有 :nosuch 这个命令：输入“：帮助”列出全部命令"
    talk.reply(GOAL)
    for line in (":open 9", ":open 0", ":open x", ":open -1"):
        assert said(talk, line) == "给一个 1 到 3 的数，例如 :open 1"
    assert said(talk, ":context 51") == "给一个 1 到 50 的数，例如 :context 1"
    assert said(talk, ":context 1 9") == "给一个 1 到 3 的数，例如 :context 1"


def test_sources_are_the_passages_with_their_quotes_marked(talk):
    answer = talk.reply(GOAL).answer
    shown = talk.reply(":sources").text
    assert shown.plain.count("编号") == len(answer.citations) == 3
    assert "到2025年2月底" in shown.plain
    marked = [shown.plain[s.start : s.end] for s in shown.spans if "green" in str(s.style)]
    assert marked[0].strip() == answer.quote
    assert "编号" in said(talk, ":explain")
    assert "bm25" in said(talk, ":explain") or "=" in said(talk, ":explain")


def test_what_came_closest_has_sources_too(talk):
    answer = talk.reply(NOWHERE).answer
    assert not answer.found
    assert said(talk, ":sources").count("编号") == len(answer.closest) > 0


def test_context_are_the_passages_around(talk, library):
    citation = talk.reply(GOAL).answer.citations[0]
    passages = library.passages(citation.document)
    at = [one.id for one in passages].index(citation.passage.id)
    for around in (1, 2):
        shown = said(talk, f":context {around}")
        expected = [one.id for one in passages[max(0, at - around) : at + around + 1]]
        for one in passages:
            assert (f"编号 {one.id}\n" in shown) is (one.id in expected)


def test_open_is_the_whole_document_at_the_quote(talk):
    answer = talk.reply(GOAL).answer
    for number, citation in enumerate(answer.citations, start=1):
        reply = talk.reply(f":open {number}")
        whole = reply.opened.text.plain
        assert whole.endswith(citation.document.text)
        begins = whole.split("\n")[reply.opened.line - 1 :]
        assert "\n".join(begins).find(citation.quote[:10]) < len(begins[0])
        [span] = [s for s in reply.opened.text.spans if "green" in str(s.style)]
        start, end = citation.quote_start, citation.quote_end
        assert whole[span.start : span.end] == citation.document.text[start:end]
        assert f"编号 {citation.passage.id}\n" in reply.text.plain  # where there is no pager


def test_a_document_that_changed_meanwhile_cannot_be_opened_at_the_place(talk, library):
    from qa.errors import PassageNotFound

    talk.reply(GOAL)
    library.remove("县级工会提升年实施方案.md")
    with pytest.raises(PassageNotFound):
        talk.reply(":open 1")
    assert talk.reply(GOAL).answer is not None


def test_the_library_is_listed(talk):
    shown = said(talk, ":library")
    assert "14 份文档" in shown
    assert "困难职工帮扶资金管理办法" in shown


def test_an_empty_library_says_so_and_the_chat_goes_on(tmp_path, encoder):
    with Library.open(tmp_path / "new", encoder) as library:
        asked = Asked(library)
        talk = Talk(library, Conversation(asked), Messages("zh"))
        for _ in range(2):
            assert said(talk, GOAL) == "资料库是空的：先用 qa add 路径 加入文档"
        library.add(Document.from_text("县级工会提升年的目标是建好组织。", path="a"))
        assert talk.reply(GOAL).answer.quote == "县级工会提升年的目标是建好组织。"


def test_quit_leaves(talk):
    assert talk.reply("：退出").leaves
    assert not talk.reply(GOAL).leaves


# Feedback


def last(library):
    return library.feedback()[-1]


@pytest.mark.parametrize("line", [":feedback right", "：反馈 对", ":feedback 1", ":f 正确"])
def test_right_keeps_the_quote(talk, library, line):
    answer = talk.reply(GOAL).answer
    assert said(talk, line) == "已记下：答对了。"
    kept = last(library)
    assert (kept.question, kept.verdict, kept.path, kept.words) == (
        GOAL, Verdict.RIGHT, "县级工会提升年实施方案.md", answer.quote,
    )  # fmt: skip
    assert kept.at.endswith("Z")


def test_of_one_answer_the_last_verdict_counts(talk, library):
    talk.reply(GOAL)
    for line in (":feedback right", ":feedback wrong", ":feedback none"):
        talk.reply(line)
    assert [one.verdict for one in library.feedback()] == [Verdict.UNANSWERABLE]
    talk.reply(GOAL)
    talk.reply("：反馈 错")
    assert [one.verdict for one in library.feedback()] == [Verdict.UNANSWERABLE, Verdict.WRONG]


def test_another_source_may_be_the_right_one(talk, library):
    answer = talk.reply(GOAL).answer
    assert said(talk, ":feedback 2") == "已记下：答案在来源 [2]。"
    assert last(library).words == answer.citations[1].quote
    assert last(library).verdict is Verdict.CORRECTED
    assert said(talk, ":feedback 8").startswith("写 :feedback right")


def test_the_right_words_are_looked_for_in_the_documents(talk, library):
    talk.reply(GOAL)
    shown = said(talk, ":feedback 第一次补卡不收费， 第二次起收取10元工本費")
    assert shown == "已记下：答案在 会员服务常见问答.txt 第 16 段。"
    assert last(library).path == "会员服务常见问答.txt"
    assert said(talk, ":feedback 市里给每人发一辆车").startswith("已记下：答错了，连同这句话")
    kept = last(library)
    assert (kept.verdict, kept.comment) == (Verdict.WRONG, "市里给每人发一辆车")


def test_right_of_a_refusal_is_that_the_documents_do_not_say(talk, library):
    talk.reply(NOWHERE)
    assert said(talk, ":feedback 对") == "已记下：文档里没有答案。"
    assert (last(library).verdict, last(library).words) == (Verdict.UNANSWERABLE, "")
    assert said(talk, ":feedback 1") == "已记下：答案在来源 [1]。"
    assert last(library).verdict is Verdict.CORRECTED


def test_feedback_without_anything_says_how(talk):
    talk.reply(GOAL)
    assert said(talk, ":feedback").startswith("写 :feedback right")
    assert said(talk, ":feedback ！").startswith("写 :feedback right")


def test_feedback_is_of_the_question_as_it_was_understood(library):
    talk = Talk(library, Conversation(Asked(library, added="望湖区")), Messages("zh"))
    talk.reply("骑手之家在哪里")
    talk.reply("几点开门")
    talk.reply(":feedback wrong")
    assert last(library).question == "望湖区几点开门"


def test_control_characters_are_no_part_of_a_question(talk, asked):
    said(talk, "\x1b[A\x1b[200~县级工会提升年\x00的目标\x1b[201~是什么\x1b")
    assert asked.calls[-1][0] == GOAL
    assert talk.reply("\x1b[D \x07").answer is None


def test_what_was_added_is_shown_as_it_was_typed(library):
    asked = Asked(library, added="会员卡丢 补办")
    talk = Talk(library, Conversation(asked), Messages("zh"))
    said(talk, "会员卡丢了怎么补办？")
    assert "按“会员卡丢了怎么补办”理解" in said(talk, "手续费怎么收")
    assert "会员卡丢 补办" not in said(talk, "要带什么")
