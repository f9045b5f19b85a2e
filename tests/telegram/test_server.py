"""The Bot API server for tests, tried with python-telegram-bot's own Bot."""

from __future__ import annotations

import asyncio
import urllib.request
from urllib.error import HTTPError

import pytest
from telegram import Bot
from telegram.error import BadRequest, Conflict, Forbidden, InvalidToken, NetworkError, TimedOut
from telegram.request import HTTPXRequest

from tests.telegram.faults import (
    BAD_GATEWAY,
    BLOCKED,
    CONFLICT,
    GARBAGE,
    UNAUTHORIZED,
    flood,
    hang,
    reset,
)
from tests.telegram.server import Server
from tests.telegram.updates import BOT, TOKEN, Updates

pytestmark = pytest.mark.network

SECRET = "spoken-only-by-telegram"  # noqa: S105


@pytest.fixture
def server():
    with Server() as one:
        yield one


def run(server, scenario, token=TOKEN):
    async def whole():
        patience = dict.fromkeys(("read_timeout", "connect_timeout", "pool_timeout"), 60.0)
        polling, request = (HTTPXRequest(4, **patience) for _ in "12")
        async with Bot(
            token,
            base_url=server.base_url,
            base_file_url=server.file_url,
            request=request,
            get_updates_request=polling,
        ) as bot:
            return await scenario(bot)

    return asyncio.run(whole())


def numbers(updates):
    return [one.update_id for one in updates]


def test_updates_stay_until_they_are_acknowledged(server):
    updates = Updates(first_update=100)
    server.push(*(updates.text(text) for text in "甲乙丙"))

    async def scenario(bot):
        assert numbers(await bot.get_updates(timeout=0)) == [100, 101, 102]
        assert numbers(await bot.get_updates(timeout=0)) == [100, 101, 102]
        assert numbers(await bot.get_updates(offset=101, limit=1, timeout=0)) == [101]
        assert numbers(await bot.get_updates(offset=0, timeout=0)) == [101, 102]
        assert numbers(await bot.get_updates(offset=-1, timeout=0)) == [102]
        assert await bot.get_updates(offset=103, timeout=0) == ()

    run(server, scenario)
    assert server.unacknowledged() == []


def test_a_poll_waits_for_news(server):
    async def scenario(bot):
        poll = asyncio.create_task(bot.get_updates(timeout=20))
        await asyncio.to_thread(server.wait_for, lambda: server.polls() == 1)
        await asyncio.to_thread(server.push, Updates().text("甲"))
        (update,) = await poll
        assert update.message.text == "甲"

    run(server, scenario)


def test_a_second_poller_ends_the_first(server):
    async def scenario(bot):
        first = asyncio.create_task(bot.get_updates(timeout=20))
        await asyncio.to_thread(server.wait_for, lambda: server.polls() == 1)
        second = asyncio.create_task(bot.get_updates(timeout=20))
        with pytest.raises(Conflict):
            await first
        await asyncio.to_thread(server.push, Updates().text("甲"))
        assert len(await second) == 1

    run(server, scenario)


def test_only_updates_that_are_allowed_come(server):
    updates = Updates()

    async def scenario(bot):
        await bot.get_updates(timeout=0, allowed_updates=["message"])
        await asyncio.to_thread(server.push, updates.inline("甲"), updates.text("乙"))
        (update,) = await bot.get_updates(timeout=0)
        assert update.message.text == "乙"

    run(server, scenario)


def test_a_poll_while_a_webhook_is_set_is_a_conflict(server):
    async def scenario(bot):
        with pytest.raises(BadRequest, match=r"(?i)https"):
            await bot.set_webhook("http://bot.example/")
        await bot.set_webhook("https://bot.example/", secret_token=SECRET)
        server.webhook_to = "http://127.0.0.1:9/"
        with pytest.raises(Conflict, match="webhook is active"):
            await bot.get_updates(timeout=0)
        assert (await bot.get_webhook_info()).url == "https://bot.example/"
        await bot.delete_webhook()
        assert await bot.get_updates(timeout=0) == ()

    run(server, scenario)


def test_a_webhook_is_told_until_it_takes_the_update(server):
    seen = []

    async def hook(reader, writer):
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        seen.append(f"X-Telegram-Bot-Api-Secret-Token: {SECRET}" in head)
        status = "200 OK" if len(seen) > 1 else "503 Service Unavailable"
        writer.write(f"HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n".encode())
        writer.close()

    async def scenario(bot):
        listener = await asyncio.start_server(hook, "127.0.0.1", 0)
        server.webhook_to = f"http://127.0.0.1:{listener.sockets[0].getsockname()[1]}/hook"
        await bot.set_webhook("https://bot.example/hook", secret_token=SECRET)
        await asyncio.to_thread(server.push, Updates().text("甲"))
        await asyncio.to_thread(server.wait_for, lambda: not server.unacknowledged())
        listener.close()
        await listener.wait_closed()

    run(server, scenario)
    assert (seen, server.webhook_statuses) == ([True, True], [503, 200])


@pytest.mark.parametrize(
    ("fault", "error", "accepted"),
    [
        (flood(None), NetworkError, 0),
        (BAD_GATEWAY, NetworkError, 0),
        (BLOCKED, Forbidden, 0),
        (CONFLICT, Conflict, 0),
        (UNAUTHORIZED, InvalidToken, 0),
        (reset(accepted=False), NetworkError, 0),
        (reset(accepted=True), NetworkError, 1),
        (hang(accepted=False), TimedOut, 0),
        (hang(accepted=True), TimedOut, 1),
    ],
)
def test_faults(server, fault, error, accepted):
    server.push(Updates().text("甲", 11))
    server.fail("sendMessage", fault)

    patience_s = 0.1 if error is TimedOut else 60

    async def scenario(bot):
        with pytest.raises(error):
            await bot.send_message(11, "98 天", read_timeout=patience_s)
        # Who gives up early may do so before the server has come to it.
        await asyncio.to_thread(server.wait_for, lambda: server.sent(11) == 1)
        await asyncio.to_thread(server.wait_for, lambda: len(server.telegram.texts(11)) == accepted)
        await bot.send_message(11, "158 天")

    run(server, scenario)
    assert server.telegram.texts(11)[accepted:] == ["158 天"]
    assert server.sent(11) == 2


def test_garbage_is_not_an_answer(server, caplog):
    server.push(Updates().text("甲", 11))
    server.fail("getMe", GARBAGE)

    async def scenario(bot):
        pass

    with pytest.raises(Exception, match="Invalid server response"):
        run(server, scenario)


def test_another_token_is_refused(server):
    async def scenario(bot):
        pass

    with pytest.raises(InvalidToken):
        run(server, scenario, "1:another")


def test_who_never_wrote_and_who_blocked_the_bot_cannot_be_written_to(server):
    async def scenario(bot):
        with pytest.raises(BadRequest, match=r"(?i)chat not found"):
            await bot.send_message(11, "甲")
        await asyncio.to_thread(server.push, Updates().text("甲", 11))
        await bot.send_message(11, "甲")
        server.telegram.blocked.add(11)
        with pytest.raises(Forbidden):
            await bot.send_message(11, "乙")

    run(server, scenario)


def test_files_come_and_go(server):
    content = "第一条\r\n--边界\r\n".encode() * 1000
    update = Updates().document("通知 一.txt", content, 11)
    file_id = update["message"]["document"]["file_id"]
    server.telegram.keep_file(file_id, content)
    server.push(update)

    async def scenario(bot):
        fetched = await (await bot.get_file(file_id)).download_as_bytearray()
        assert bytes(fetched) == content
        sent = await bot.send_document(11, content, filename="原件：通知.txt", caption="[1]")
        assert (sent.document.file_name, sent.caption) == ("原件：通知.txt", "[1]")
        assert bytes(await (await sent.document.get_file()).download_as_bytearray()) == content
        with pytest.raises(BadRequest, match=r"(?i)non-empty"):
            await bot.send_document(11, b"", filename="空.txt")

    run(server, scenario)
    assert server.telegram.calls("sendDocument")[0].files["document"] == ("原件：通知.txt", content)


def test_the_server_tells_the_time_and_its_own_when_asked(server):
    server.skew_s = -3600
    with urllib.request.urlopen(f"{server.base_url}{TOKEN}/getMe") as answer:  # noqa: S310
        assert BOT["username"].encode() in answer.read()
        assert answer.headers["Date"].endswith("GMT")
    with pytest.raises(HTTPError, match="404"):
        urllib.request.urlopen(f"{server.base_url}{TOKEN}/noSuchMethod")  # noqa: S310
