"""Questions by message: who is answered, with what, and what is said instead."""

from __future__ import annotations

import asyncio
import random

import pytest
from telegram import Update

from qa.bot.shelf import Busy
from qa.bot.state import StateFailed
from qa.messages import table
from tests.telegram.faults import BLOCKED
from tests.telegram.talk import ASKER, NOON, OTHER, talk, understanding
from tests.telegram.test_pieces import wild
from tests.telegram.updates import BOT, GROUP, group_chat

MEDICINE = "药箱里有几种物品"
QUOTE = "药箱内备有创可贴、碘伏、纱布、烫伤膏、藿香正气口服液、风油精和体温计7种物品"
NAME = f"@{BOT['username']}"


@pytest.fixture
def bot(tmp_path, filled):
    with talk(tmp_path, filled) as one:
        yield one


def in_group(bot, text, user_id=ASKER, **fields):
    return bot.receive(bot.updates.in_group(text, user_id, **fields))


# in private


def test_text_is_answered_with_quote_source_and_buttons(bot):
    call = bot.ask(MEDICINE)
    first, _, source, place, *_ = call.text.split("\n")
    assert first.startswith(QUOTE) and first.endswith("。 [1]")
    assert source == "[1] 云岭市工会驿站管理员手册 2024-04-08"
    assert place == "2 基本配置 › 2.2 药箱 · 第 13 段"
    assert [one["text"] for one in call.buttons()] == ["↑ 上文", "下文 ↓", "👍 答对了", "👎 不对"]
    assert "reply_parameters" not in call.params
    shown = bot.state.shown_in(ASKER, call.result["message_id"])
    assert (shown.question, shown.found, shown.user_id, shown.at) == (MEDICINE, True, ASKER, NOON)
    assert bot.library.passage(shown.passages[0])[0].title == "云岭市工会驿站管理员手册"


def test_each_of_several_questions_is_answered_by_a_message_of_its_own(bot):
    first, second = bot.receive(bot.updates.text(f"{MEDICINE}？\n1. 手册几时施行？"))
    assert first.text.startswith(f"问题 1：{MEDICINE}？\n\n{QUOTE}")
    assert second.text.startswith("问题 2：手册几时施行？\n\n")
    assert "👍 答对了" in [one["text"] for one in first.buttons()]
    (_, one, _, before), (_, two, _, after) = bot.shelf.asked
    assert (one, two) == (f"{MEDICINE}？", "手册几时施行？")
    assert (before, after) == ((), ())  # both are whole
    assert bot.state.shown_in(ASKER, second.result["message_id"]).question == "手册几时施行？"


def test_one_of_several_questions_goes_on_with_those_before_it(bot):
    bot.receive(bot.updates.text(f"{MEDICINE}？那谁来补充呢？"))
    (*_, before), (*_, after) = bot.shelf.asked
    assert before == ()
    assert [answer.question for answer in after] == [f"{MEDICINE}？"]


def test_of_many_questions_a_few_are_answered(bot):
    *answers, last = bot.receive(
        bot.updates.text("\n".join(f"第{number}条说什么" for number in range(1, 8)))
    )
    assert len(answers) == len(bot.shelf.asked) == 5
    assert last.text == "一次只答前 5 个问题，还有 2 个没有答：请另外再问"


def test_each_of_several_questions_counts(tmp_path, filled):
    with talk(tmp_path, filled, user_per_minute=2) as bot:
        *answers, last = bot.receive(bot.updates.text("甲是什么\n乙是什么\n丙是什么"))
        assert len(answers) == len(bot.shelf.asked) == 2
        assert last.text == table("zh")["bot_too_fast"]


def test_nothing_found_is_one_sentence_with_what_came_closest_behind_a_button(bot):
    call = bot.ask("火星上有几家驿站")
    assert call.text == "文档里没有找到答案。"
    assert call.buttons()[0]["text"] == "看看最接近的段落"


def test_an_empty_library_has_nothing_to_show(tmp_path):
    with talk(tmp_path) as bot:
        assert bot.ask(MEDICINE).text == "文档里没有找到答案。"


def test_everyone_is_answered_in_their_language(bot):
    spoken = {"zh-hans": "zh", "zh-TW": "zh_hant", "de": "en", None: "zh"}
    for code, language in spoken.items():
        [call] = bot.receive(bot.updates.text("火星上有几家驿站", language=code))
        assert call.text == table(language)["not_found"]


def test_a_question_that_is_none_is_answered_with_a_sentence(bot):
    assert bot.say("/ask") == table("zh")["bot_question_empty"]
    assert bot.say("问" * 501).startswith("问题太长了")
    assert bot.shelf.asked == []
    bot.say("问" * 500)
    assert len(bot.shelf.asked) == 1


@pytest.mark.parametrize("text", ["？", "<i>", "</b> …", "😀", "/ask ？"])
def test_signs_alone_are_no_question_of_the_topic_before(bot, text):
    bot.ask(MEDICINE)
    assert bot.say(text) == table("zh")["bot_question_empty"]
    assert len(bot.shelf.asked) == 1


@pytest.mark.skipif("courtesy_thanks" not in table("zh"), reason="the words of small talk")
def test_a_politeness_is_returned(bot):
    assert bot.say("谢谢") == table("zh")["courtesy_thanks"]
    assert bot.shelf.asked == []


def test_who_wants_another_topic_is_asked_for_it(bot):
    bot.ask(MEDICINE)
    assert bot.say("换个话题吧") == table("zh")["courtesy_new_topic"]
    bot.ask(MEDICINE)
    assert [history for *_, history in bot.shelf.asked] == [(), ()]


def test_a_command_with_a_question_is_a_question(bot):
    assert bot.say(f"/ask {MEDICINE}").startswith(QUOTE)
    assert bot.say(f"/ask\n{MEDICINE}").startswith(QUOTE)


def test_pictures_are_asked_by_their_caption_and_otherwise_not(bot):
    photo = [{"file_id": "p", "file_unique_id": "p", "width": 1, "height": 1}]
    [call] = bot.receive(bot.updates.message(ASKER, photo=photo, caption=MEDICINE))
    assert call.text.startswith(QUOTE)
    [call] = bot.receive(bot.updates.message(ASKER, photo=photo))
    assert call.text == "请用文字提问。"
    assert bot.receive(bot.updates.document("通知.txt", b"x", caption=MEDICINE)) == []


def test_an_unknown_command_gets_a_hint_in_private_only(bot):
    assert bot.say("/nonsense") == table("zh")["bot_unknown_command"]
    assert in_group(bot, "/nonsense") == []


def test_an_edited_question_is_not_answered_again(bot):
    asked = bot.updates.text("火星")
    bot.receive(asked)
    assert bot.receive(bot.updates.edited(asked, MEDICINE)) == []
    assert bot.receive(bot.updates.edited(asked, f"/ask {MEDICINE}")) == []


def test_what_was_sent_from_an_inline_result_is_not_a_question(bot):
    assert bot.receive(bot.updates.text(MEDICINE, via_bot=BOT)) == []


# in groups


ADDRESSED = (
    f"/ask {MEDICINE}",
    f"/ask{NAME} {MEDICINE}",
    f"/ASK{NAME.upper()} {MEDICINE}",
    f"{NAME} {MEDICINE}",
    f"{NAME.upper()}，{MEDICINE}",
    f"😀 {MEDICINE} {NAME}",
    f"{MEDICINE} {NAME} ？",
)
NOT_ADDRESSED = (
    MEDICINE,
    f"@someone_else {MEDICINE}",
    f"a{NAME} {MEDICINE}",
    "/ask@other_bot 药箱",
    "/other",
)


def test_a_group_asks_by_command_or_name(bot):
    for text in ADDRESSED:
        update = bot.updates.in_group(text)
        [call] = bot.receive(update)
        assert call.text.startswith(QUOTE)
        replies = call.params["reply_parameters"]
        assert replies["message_id"] == update["message"]["message_id"]
        assert replies["allow_sending_without_reply"] is True
        asked = bot.shelf.asked[-1][1]
        assert "cited_qa_bot" not in asked.lower() and "/" not in asked


def test_other_talk_in_a_group_is_left_alone(bot):
    for text in NOT_ADDRESSED:
        assert in_group(bot, text) == []
    assert bot.shelf.asked == []


def test_a_name_without_text_that_links_to_the_bot_counts(bot):
    mention = {"type": "text_mention", "offset": 0, "length": 2, "user": BOT}
    [call] = in_group(bot, f"问答 {MEDICINE}", entities=[mention])
    assert call.text.startswith(QUOTE) and bot.shelf.asked[0][1] == MEDICINE


def test_a_reply_to_the_bot_is_a_question_and_a_reply_to_others_is_not(bot):
    [first] = in_group(bot, f"/ask {MEDICINE}")
    [call] = bot.receive(bot.updates.reply("饮水机滤芯多久更换一次", first.result))
    assert "每六个月更换一次" in call.text
    someone = bot.updates.in_group("大家好")["message"]
    assert bot.receive(bot.updates.reply(MEDICINE, someone)) == []


def test_the_name_alone_asks_what_it_replies_to(bot):
    someone = bot.updates.in_group(MEDICINE, OTHER)["message"]
    for text in (NAME, "/ask", f"/ask{NAME}"):
        [call] = bot.receive(bot.updates.reply(text, someone))
        assert call.text.startswith(QUOTE)
    assert in_group(bot, NAME)[0].text == table("zh")["bot_question_empty"]


def test_a_picture_s_caption_with_the_name_asks(bot):
    photo = [{"file_id": "p", "file_unique_id": "p", "width": 1, "height": 1}]
    fields = {"photo": photo, "caption": f"{MEDICINE} {NAME}"}
    [call] = bot.receive(bot.updates.message(ASKER, group_chat(), **fields))
    assert call.text.startswith(QUOTE)
    fields["caption"] = MEDICINE
    assert bot.receive(bot.updates.message(ASKER, group_chat(), **fields)) == []


def test_a_topic_is_answered_in_the_topic_and_its_opening_is_no_answer_of_the_bot(bot):
    [call] = in_group(bot, f"/ask {MEDICINE}", thread=7)
    assert call.params["message_thread_id"] == 7
    opening = {
        "message_id": 7,
        "from": BOT,
        "chat": {**group_chat(), "is_forum": True},
        "date": 0,
        "forum_topic_created": {"name": "驿站", "icon_color": 0},
    }
    assert in_group(bot, MEDICINE, thread=7, reply_to_message=opening) == []


def test_an_administrator_in_the_name_of_the_group_may_ask_and_a_channel_may_not(bot):
    as_group = bot.updates.in_group(f"/ask {MEDICINE}", 1087968824, sender_chat=group_chat())
    as_group["message"]["from"]["is_bot"] = True
    assert bot.receive(as_group)[0].text.startswith(QUOTE)
    assert bot.state.turns(GROUP, GROUP, 0.0)[0].question == MEDICINE
    channel = {"id": -1009, "type": "channel", "title": "频道"}
    as_channel = bot.updates.in_group(f"/ask {MEDICINE}", 136817688, sender_chat=channel)
    assert bot.receive(as_channel) == []
    post = bot.updates.message(ASKER, channel, text=f"/ask {MEDICINE}")
    post["channel_post"] = post.pop("message")
    assert bot.receive(post) == []
    robot = bot.updates.in_group(f"/ask {MEDICINE}")
    robot["message"]["from"]["is_bot"] = True
    assert bot.receive(robot) == []


# follow-ups


def test_a_follow_up_has_the_turns_of_this_chat_and_person_and_says_how_it_was_understood(bot):
    bot.ask(MEDICINE)
    bot.ask("滤芯呢", OTHER)
    bot.shelf.script = understanding("工会驿站饮水机")
    call = bot.ask("滤芯多久更换一次")
    history = bot.shelf.asked[-1][3]
    assert [one.question for one in history] == [MEDICINE]
    assert history[0].quote.startswith(QUOTE)
    assert history[0].citations[0].document.title == "云岭市工会驿站管理员手册"
    assert "按“工会驿站饮水机滤芯多久更换一次”回答" in call.text
    assert call.buttons()[-1]["text"] == "不是这个意思"
    bot.ask("多少钱")
    turn = bot.shelf.asked[-1][3][-1]
    assert (turn.question, turn.added) == ("滤芯多久更换一次", "工会驿站饮水机")
    assert turn.as_understood == "工会驿站饮水机滤芯多久更换一次"


def test_what_was_added_is_shown_in_the_words_of_the_earlier_question(bot):
    bot.ask("会员卡丢了怎么补办")
    bot.shelf.script = understanding("会员卡丢 补办 ")
    call = bot.ask("手续费怎么收")
    assert "按“会员卡丢了怎么补办 · 手续费怎么收”回答" in call.text
    [_, turn] = bot.state.turns(ASKER, ASKER, 0.0)
    assert turn.understood == "会员卡丢 补办 手续费怎么收"  # what was looked for is kept


def test_control_characters_are_no_part_of_a_question(bot):
    bot.ask("\x1b[200~骑手\x00之家\u200b在哪里\x1b[201~")
    assert bot.shelf.asked[-1][1] == "骑手之家在哪里"


def test_a_topic_ends_after_its_minutes_and_at_once_when_told(bot):
    bot.ask(MEDICINE)
    bot.clock[0] += 14 * 60
    bot.ask("甲")
    assert [one.question for one in bot.shelf.asked[-1][3]] == [MEDICINE]
    bot.clock[0] += 14 * 60
    bot.ask("乙")
    assert [one.question for one in bot.shelf.asked[-1][3]] == ["甲"]
    bot.state.forget(ASKER, ASKER)
    bot.ask("丙")
    assert bot.shelf.asked[-1][3] == ()


def test_without_topic_minutes_every_question_stands_alone(tmp_path, filled):
    with talk(tmp_path, filled, topic_minutes=0) as bot:
        bot.ask(MEDICINE)
        bot.ask("乙")
        assert bot.shelf.asked[-1][3] == ()


def test_a_document_that_is_gone_leaves_its_turn_without_a_source(bot):
    bot.ask(MEDICINE)
    bot.library.remove("工会驿站管理员手册.md")
    bot.ask("乙")
    [turn] = bot.shelf.asked[-1][3]
    assert turn.question == MEDICINE and turn.citations == ()


# limits and faults


def test_strangers_and_hasty_people_get_one_sentence(tmp_path, filled):
    settings = {"allowed": frozenset({str(ASKER)}), "user_per_minute": 1}
    with talk(tmp_path, filled, **settings) as bot:
        assert bot.say("/ask", OTHER) == table("zh")["bot_stranger"]
        assert bot.say(MEDICINE, OTHER) == table("zh")["bot_stranger"]
        bot.say("/ask")  # no question, so it does not count
        bot.say(MEDICINE)
        assert bot.say(MEDICINE) == table("zh")["bot_too_fast"]
        assert len(bot.shelf.asked) == 1
        assert bot.desk.counters.summary().refused == 3


def test_when_too_many_wait_it_is_said(bot):
    def busy(*_):
        raise Busy

    bot.shelf.script = busy
    assert bot.say(MEDICINE) == table("zh")["bot_busy"]
    assert bot.desk.counters.summary().questions == 0


def test_a_person_who_has_blocked_the_bot_is_no_error(bot):
    bot.recording.fail("sendMessage", BLOCKED)
    assert bot.receive(bot.updates.text(MEDICINE)) == []


def test_an_answer_that_arrived_is_not_spoilt_by_a_note_that_failed(bot, monkeypatch):
    def full(*_):
        raise StateFailed("the disk is full")

    monkeypatch.setattr(bot.state, "place", full)
    call = bot.ask(MEDICINE)
    _, [read] = bot.press(call, "下文 ↓")
    assert read.method == "sendMessage"


def test_a_chat_asks_the_library_it_is_bound_to(tmp_path, filled):
    with talk(tmp_path, filled, names=("枫林",)) as bot:
        bot.state.bind(ASKER, "枫林")
        assert bot.ask(MEDICINE).text == "文档里没有找到答案。"
        assert bot.shelf.asked[0][0] == "枫林"
        assert bot.state.turns(ASKER, ASKER, 0.0)[0].library == "枫林"


def test_a_chat_bound_to_a_library_that_is_gone_asks_the_default_one(bot):
    bot.state.bind(ASKER, "枫林")
    call = bot.ask(MEDICINE)
    assert call.text.startswith(QUOTE) and bot.shelf.asked[0][0] == ""
    _, [read] = bot.press(call, "下文 ↓")
    assert read.method == "sendMessage"


def test_the_text_of_questions_is_logged_only_when_asked_for(tmp_path, filled, caplog):
    caplog.set_level("DEBUG", "qa")
    with talk(tmp_path / "a", filled) as bot:
        bot.ask(MEDICINE)
        assert MEDICINE not in caplog.text
    with talk(tmp_path / "b", filled, log_questions=True) as bot:
        bot.ask(MEDICINE)
        assert MEDICINE in caplog.text


def test_typing_is_shown_when_an_answer_takes_its_time(bot):
    async def slowly():
        bot.shelf.gate = asyncio.Event()
        update = Update.de_json(bot.updates.text(MEDICINE), bot.application.bot)
        task = asyncio.create_task(bot.application.process_update(update))
        while not bot.recording.calls("sendChatAction"):
            await asyncio.sleep(0.01)
        assert bot.recording.texts() == []
        bot.shelf.gate.set()
        await task

    bot.runner.run(asyncio.wait_for(slowly(), 60))
    _, typing, answer = bot.recording.calls()
    assert (typing.method, typing.params["action"]) == ("sendChatAction", "typing")
    assert answer.text.startswith(QUOTE)


def test_whatever_is_asked_and_whatever_stands_in_the_documents_can_be_sent(tmp_path):
    chance = random.Random(7)
    with talk(tmp_path, user_per_minute=0, per_minute=0, daily_quota=0) as bot:
        from qa.records import Document

        texts = [f"工会{wild(chance, 400)}驿站{wild(chance, 30)}" for _ in range(40)]
        bot.library.add(
            [
                Document.from_text(
                    text.encode("utf-8", "ignore").decode(), path=f"{number}", title="<b>&\n题"
                )
                for number, text in enumerate(texts)
            ]
        )
        for _ in range(60):
            asked = wild(chance, 60).encode("utf-8", "ignore").decode()
            calls = bot.receive(bot.updates.text(f"工会驿站{asked}"))
            assert calls  # nothing was refused: `receive` looks
