"""The other side that the bot's tests stand on: it answers as Telegram does, and refuses as it."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager

import pytest
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.error import BadRequest, Forbidden, NetworkError, RetryAfter, TimedOut

from tests.telegram.entities import CannotParse, parse_html, utf16_length
from tests.telegram.faults import BAD_GATEWAY, BLOCKED, GARBAGE, flood, hang, reset
from tests.telegram.recording import Recording
from tests.telegram.updates import BOT, GROUP, TOKEN, Updates


def run(scenario):
    """Run a scenario, which takes the bot and its recording request."""

    @asynccontextmanager
    async def started():
        recording = Recording()
        async with Bot(TOKEN, request=recording, get_updates_request=recording) as bot:
            yield bot, recording

    async def whole():
        async with started() as (bot, recording):
            return await scenario(bot, recording)

    return asyncio.run(whole())


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("", ""),
        ("甲 &lt;乙&gt; &amp; &quot;丙&quot;", '甲 <乙> & "丙"'),
        ("&#20135;&#x5047;", "产假"),
        ("&nbsp;&apos;&#0;&", "&nbsp;&apos;&#0;&"),
        ("<b>甲<i>乙</i></b>", "甲乙"),
        ("<blockquote expandable>甲</blockquote>", "甲"),
        ('<a href="https://a.b/?x=1&amp;y=2">甲</a>', "甲"),
        ("<B>甲</>", "甲"),
    ],
)
def test_html_that_telegram_takes(source, shown):
    assert parse_html(source).text == shown


@pytest.mark.parametrize(
    ("source", "complaint"),
    [
        ("2 < 3", 'unsupported start tag "" at byte offset 2'),
        ("2 <3", "unclosed start tag at byte offset 2"),
        ("第<p>一</p>", 'unsupported start tag "p" at byte offset 3'),
        ("<br/>", 'unsupported start tag "br/" at byte offset 0'),
        ("<b>甲", 'can\'t find end tag corresponding to start tag "b"'),
        ("甲</b>", "unexpected end tag at byte offset 3"),
        ("<b><i>甲</b></i>", 'unmatched end tag at byte offset 9, expected "</i>", found "</b>"'),
        ("<b>甲</b", "unclosed end tag at byte offset 6"),
        ("<b", "unclosed start tag at byte offset 0"),
        ('<a href="x', "unclosed start tag at byte offset 0"),
        ("<span>甲</span>", 'tag "span" must have class "tg-spoiler" at byte offset 0'),
    ],
)
def test_html_that_telegram_refuses(source, complaint):
    with pytest.raises(CannotParse) as refusal:
        parse_html(source)
    assert str(refusal.value) == complaint


def test_entities_count_utf16_units():
    parsed = parse_html("👩‍⚖️𠮷<b>产假</b>")
    (bold,) = parsed.entities
    assert (bold.type, bold.length) == ("b", 2)
    units = parsed.text.encode("utf-16-le")
    assert units[2 * bold.offset : 2 * (bold.offset + bold.length)].decode("utf-16-le") == "产假"
    assert utf16_length("👩𠮷产") == 5


def test_a_message_is_answered_with_what_stands_in_the_chat():
    async def scenario(bot, recording):
        keys = InlineKeyboardMarkup([[InlineKeyboardButton("上下文", callback_data="c:1")]])
        sent = await bot.send_message(11, "[1] <b>98</b> 天", parse_mode="HTML", reply_markup=keys)
        assert (sent.text, sent.from_user.username) == ("[1] 98 天", BOT["username"])
        assert sent.entities[0].offset == 4
        edited = await bot.edit_message_text("改", chat_id=11, message_id=sent.message_id)
        assert (edited.text, edited.message_id) == ("改", sent.message_id)
        with pytest.raises(BadRequest, match=r"(?i)message is not modified"):
            await bot.edit_message_text("改", chat_id=11, message_id=sent.message_id)
        assert recording.texts(11) == ["[1] 98 天"]
        assert [one.method for one in recording.calls(chat_id=11)] == [
            "sendMessage", "editMessageText",
        ]  # fmt: skip
        assert recording.calls("sendMessage")[0].buttons()[0]["callback_data"] == "c:1"

    run(scenario)


@pytest.mark.parametrize(
    ("text", "mode", "complaint"),
    [
        ("产" * 4097, None, "message is too long"),
        ("&lt;" * 4097, "HTML", "message is too long"),
        ("𠮷" * 2049, None, "message is too long"),
        ("<b></b> ", "HTML", "text is empty"),
        ("2 < 3", "HTML", "can't parse entities"),
        ("<b>甲</b>" * 101, "HTML", "more than 100 entities"),
    ],
)
def test_a_text_that_telegram_refuses(text, mode, complaint):
    async def scenario(bot, recording):
        with pytest.raises(BadRequest, match=f"(?i){complaint}"):
            await bot.send_message(11, text, parse_mode=mode)
        assert (recording.calls("sendMessage"), len(recording.refused)) == ([], 1)

    run(scenario)


def test_the_longest_text_is_taken():
    async def scenario(bot, recording):
        sent = await bot.send_message(11, "&lt;" * 4096, parse_mode="HTML")
        assert sent.text == "<" * 4096

    run(scenario)


@pytest.mark.parametrize("data", ["问" * 22, "x" * 65])
def test_callback_data_is_counted_in_bytes(data):
    async def scenario(bot, recording):
        keys = InlineKeyboardMarkup([[InlineKeyboardButton("👍", callback_data=data)]])
        with pytest.raises(BadRequest, match=r"(?i)button_data_invalid"):
            await bot.send_message(11, "甲", reply_markup=keys)

    run(scenario)


def test_a_press_is_answered_once():
    async def scenario(bot, recording):
        updates = Updates()
        sent = await bot.send_message(11, "甲")
        press = Update.de_json(updates.press("c:1", sent.to_dict()), bot)
        await press.callback_query.answer()
        with pytest.raises(BadRequest, match=r"(?i)query is too old"):
            await press.callback_query.answer()
        with pytest.raises(BadRequest, match=r"(?i)message_too_long"):
            await bot.answer_callback_query("other", "长" * 201)

    run(scenario)


def test_files_are_fetched_up_to_twenty_megabytes():
    async def scenario(bot, recording):
        updates = Updates()
        update = updates.document("通知.txt", "甲".encode(), caption="请收下")
        file_id = update["message"]["document"]["file_id"]
        recording.keep_file(file_id, "甲".encode())
        document = Update.de_json(update, bot).message.document
        file = await document.get_file()
        assert bytes(await file.download_as_bytearray()) == "甲".encode()
        recording.keep_file("large", b"", size=20 * 1024 * 1024 + 1)
        with pytest.raises(BadRequest, match=r"(?i)file is too big"):
            await bot.get_file("large")

    run(scenario)


def test_a_file_is_sent_with_its_name():
    async def scenario(bot, recording):
        await bot.send_document(11, "甲".encode(), filename="通知.txt", caption="原件")
        (call,) = recording.calls("sendDocument")
        assert call.files["document"] == ("通知.txt", "甲".encode())
        assert call.result["document"]["file_name"] == "通知.txt"

    run(scenario)


def test_inline_results_are_checked():
    from telegram import InlineQueryResultArticle as Article
    from telegram import InputTextMessageContent as Content

    async def scenario(bot, recording):
        same = [Article("1", "甲", Content("甲")), Article("1", "乙", Content("乙"))]
        with pytest.raises(BadRequest, match=r"(?i)result_id_duplicate"):
            await bot.answer_inline_query("7", same)
        await bot.answer_inline_query("7", same[:1])
        with pytest.raises(BadRequest, match=r"(?i)query is too old"):
            await bot.answer_inline_query("7", same[:1])

    run(scenario)


@pytest.mark.parametrize(
    ("fault", "error", "accepted"),
    [
        (flood(3), RetryAfter, 0),
        (flood(None), NetworkError, 0),
        (BAD_GATEWAY, NetworkError, 0),
        (BLOCKED, Forbidden, 0),
        (GARBAGE, Exception, 0),
        (reset(accepted=False), NetworkError, 0),
        (reset(accepted=True), NetworkError, 1),
        (hang(accepted=False), TimedOut, 0),
        (hang(accepted=True), TimedOut, 1),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
def test_faults_come_when_they_are_asked_for(fault, error, accepted):
    async def scenario(bot, recording):
        recording.fail("sendMessage", fault)
        with pytest.raises(error):
            await bot.send_message(11, "甲")
        assert len(recording.texts()) == accepted
        await bot.send_message(11, "乙")
        assert recording.texts()[-1] == "乙"

    run(scenario)


def test_updates_are_what_python_telegram_bot_reads():
    async def scenario(bot, recording):
        updates = Updates()
        question = Update.de_json(updates.text("/ask 产假多少天？"), bot)
        assert question.message.entities[0].type == "bot_command"
        assert question.effective_user.language_code == "zh-hans"
        mention = Update.de_json(updates.in_group("👩 @cited_qa_bot 产假多少天？", thread=7), bot)
        (entity,) = mention.message.parse_entities(["mention"])
        assert mention.message.parse_entity(entity) == "@cited_qa_bot"
        assert (mention.effective_chat.id, mention.message.message_thread_id) == (GROUP, 7)
        answer = await bot.send_message(11, "98 天")
        reply = Update.de_json(updates.reply("那陪产假呢？", answer.to_dict()), bot)
        assert reply.message.reply_to_message.from_user.id == bot.id
        assert len({one["message"]["media_group_id"] for one in updates.album(
            [("a.txt", b"1"), ("b.txt", b"2")])}) == 1  # fmt: skip
        assert Update.de_json(updates.inline("产假"), bot).inline_query.query == "产假"
        assert Update.de_json(updates.chosen("1", "产假"), bot).chosen_inline_result
        assert Update.de_json(updates.member("kicked"), bot).my_chat_member
        assert Update.de_json(updates.edited(updates.text("甲"), "乙"), bot).edited_message

    run(scenario)


def test_a_reply_in_a_topic_stays_there():
    async def scenario(bot, recording):
        question = Update.de_json(Updates().in_group("/ask 产假", thread=7), bot)
        await question.message.reply_text("98 天", do_quote=True)
        (call,) = recording.calls("sendMessage")
        assert call.params["message_thread_id"] == 7
        assert call.params["reply_parameters"]["message_id"] == question.message.message_id

    run(scenario)


def test_a_stranger_s_chat_is_unknown_to_a_telegram_that_does_not_trust():
    async def scenario():
        from tests.telegram.methods import Telegram

        recording = Recording(Telegram(trusting=False))
        async with Bot(TOKEN, request=recording, get_updates_request=recording) as bot:
            with pytest.raises(BadRequest, match=r"(?i)chat not found"):
                await bot.send_message(11, "甲")
            recording.telegram.witness(Updates().text("/start", 11))
            await bot.send_message(11, "甲")

    asyncio.run(scenario())
