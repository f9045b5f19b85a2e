"""Messages on their way: topics, replies, refusals, and typing."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager

import pytest
from telegram import Bot, InaccessibleMessage, InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.error import BadRequest, NetworkError

from qa.bot.sending import Place, reply, send, typing
from tests.telegram.faults import BAD_GATEWAY, BLOCKED, refused
from tests.telegram.recording import Recording
from tests.telegram.updates import GROUP, TOKEN, Updates

PRIVATE = Place(11, 5, None, private=True)
TOPIC = Place(GROUP, 5, 7, private=False, replies=True)
KEYBOARD = InlineKeyboardMarkup([[InlineKeyboardButton("好", callback_data="ask:right:1:0:0")]])
BROKEN = refused("Bad Request: can't parse entities: unsupported start tag")


def run(scenario):
    """Run a scenario, which takes the bot and its recording request."""

    @asynccontextmanager
    async def started():
        recording = Recording()
        async with Bot(TOKEN, request=recording, get_updates_request=Recording()) as bot:
            yield bot, recording

    async def whole():
        async with started() as (bot, recording):
            return await asyncio.wait_for(scenario(bot, recording), 60)

    return asyncio.run(whole())


def test_several_texts_have_one_keyboard_under_the_last_and_one_reply_at_the_first():
    async def scenario(bot, recording):
        last = await send(bot, TOPIC, ["甲", "<b>乙</b>"], keyboard=KEYBOARD)
        first, second = recording.calls("sendMessage")
        assert last.message_id == second.result["message_id"]
        assert (first.buttons(), second.buttons()[0]["text"]) == ([], "好")
        assert first.params["reply_parameters"]["message_id"] == 5
        assert "reply_parameters" not in second.params
        assert {first.params["message_thread_id"], second.params["message_thread_id"]} == {7}
        assert first.params["link_preview_options"]["is_disabled"] is True
        assert second.text == "乙"

    run(scenario)


def test_html_that_is_refused_is_sent_again_as_it_reads():
    async def scenario(bot, recording):
        recording.fail("sendMessage", BROKEN)
        await send(bot, PRIVATE, ["<b>2 &lt; 3</b>"], keyboard=KEYBOARD)
        [call] = recording.calls("sendMessage")
        assert call.params["text"] == "2 < 3" and "parse_mode" not in call.params
        assert call.buttons()

    run(scenario)


@pytest.mark.parametrize(
    "fault",
    [
        BLOCKED,
        refused("Bad Request: chat not found"),
        refused("Bad Request: not enough rights to send text messages to the chat"),
        refused("Bad Request: TOPIC_CLOSED"),
        refused("Forbidden: bot was kicked from the supergroup chat", 403),
    ],
)
def test_a_chat_that_is_closed_to_the_bot_is_left_quietly(fault):
    async def scenario(bot, recording):
        recording.fail("sendMessage", fault)
        assert await send(bot, PRIVATE, ["甲", "乙"]) is None
        assert len([name for name, _ in recording.tried if name == "sendMessage"]) == 1

    run(scenario)


@pytest.mark.parametrize(
    ("fault", "error"),
    [(BAD_GATEWAY, NetworkError), (refused("Bad Request: message is too long"), BadRequest)],
)
def test_other_faults_are_not_hidden(fault, error):
    async def scenario(bot, recording):
        recording.fail("sendMessage", fault)
        with pytest.raises(error):
            await send(bot, PRIVATE, ["甲"])

    run(scenario)


def test_a_place_is_that_of_the_message_in_its_topic():
    async def scenario(bot, recording):
        updates = Updates()
        in_topic = Update.de_json(updates.in_group("甲", thread=7), bot).message
        assert Place.of(in_topic) == Place(
            GROUP, in_topic.message_id, 7, private=False, replies=True
        )
        alone = Update.de_json(updates.text("甲"), bot).message
        assert Place.of(alone) == Place(11, alone.message_id, None, private=True)
        assert Place.of(alone).reply is None
        assert Place.of(alone, replies=True).reply.message_id == alone.message_id
        old = InaccessibleMessage(in_topic.chat, 3)
        assert Place.of(old) == Place(GROUP, 3, None, private=False, replies=True)
        assert (await reply(alone, ["乙"])).text == "乙"

    run(scenario)


def test_typing_goes_on_in_private_and_is_shown_once_in_a_group():
    async def scenario(bot, recording):
        async with typing(bot, PRIVATE, after_s=0, every_s=0):
            while len(recording.calls("sendChatAction")) < 3:
                await asyncio.sleep(0)
        count = len(recording.tried)
        await asyncio.sleep(0)
        assert len(recording.tried) == count  # it has ended
        async with typing(bot, TOPIC, after_s=0, every_s=0):
            while len(recording.calls("sendChatAction", chat_id=GROUP)) < 1:
                await asyncio.sleep(0)
            for _ in range(20):
                await asyncio.sleep(0)
        [call] = recording.calls("sendChatAction", chat_id=GROUP)
        assert call.params["message_thread_id"] == 7

    run(scenario)


def test_typing_is_not_shown_for_what_is_quick_and_its_faults_do_no_harm():
    async def scenario(bot, recording):
        async with typing(bot, PRIVATE):
            pass
        recording.fail("sendChatAction", BAD_GATEWAY)
        async with typing(bot, PRIVATE, after_s=0, every_s=0):
            while not recording.calls("sendChatAction"):
                await asyncio.sleep(0)
        with pytest.raises(ZeroDivisionError):
            async with typing(bot, PRIVATE):
                raise ZeroDivisionError

    run(scenario)
