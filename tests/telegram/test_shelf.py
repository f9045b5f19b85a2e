"""Libraries by name, and threads that keep out of each other's way."""

from __future__ import annotations

import asyncio
import threading
from contextlib import suppress

import pytest

from qa.bot.shelf import Busy, Shelf
from qa.config import Config
from qa.errors import LibraryNotFound
from qa.library import Library
from qa.records import Document
from tests.fakes import FakeEncoder


@pytest.fixture
def libraries(tmp_path):
    made = {}
    for name, words in (("", "食堂十一点半开门。"), ("人事", "年休假是五天。")):
        made[name] = Library.open(tmp_path / f"library{name}", FakeEncoder())
        made[name].add(Document.from_text(words, path="a.txt"))
    yield made
    for library in made.values():
        library.close()


@pytest.fixture
def shelf(libraries):
    one = Shelf(libraries, workers=2, waiting=1)
    yield one
    one.close()


class Gate:
    """Work that waits in its thread until it is let go."""

    def __init__(self) -> None:
        self.inside = threading.Semaphore(0)
        self.open = threading.Event()

    def __call__(self, value: object = None) -> object:
        self.inside.release()
        assert self.open.wait(60)
        return value


def test_each_name_is_its_own_library_and_a_lost_name_the_default_one(shelf):
    assert shelf.names == ("", "人事")

    async def go():
        return [
            [hit.passage.text for hit in (await shelf.ask(name, "年休假几天")).closest]
            or (await shelf.ask(name, "年休假几天")).quote
            for name in ("人事", "")
        ]

    first, second = asyncio.run(go())
    assert "年休假是五天" in str(first)
    assert "年休假" not in str(second)
    assert shelf.library("gone") is shelf.library("")


def test_more_questions_than_may_wait_are_turned_away_until_one_is_done(shelf, monkeypatch):
    gate = Gate()
    monkeypatch.setattr(shelf.library(""), "ask", lambda question, k, history: gate(question))

    async def go():
        tasks = [asyncio.create_task(shelf.ask("", str(number))) for number in range(3)]
        await asyncio.sleep(0)
        assert shelf.waiting == 3  # two at work, one waiting
        with pytest.raises(Busy):
            await asyncio.wait_for(shelf.ask("", "one too many"), 60)
        gate.open.set()
        assert await asyncio.gather(*tasks) == ["0", "1", "2"]
        assert await shelf.ask("", "again") == "again"

    asyncio.run(go())


def test_short_readings_and_changes_do_not_wait_for_questions(shelf, monkeypatch):
    gate = Gate()
    monkeypatch.setattr(shelf.library(""), "ask", lambda *_: gate())

    async def go():
        tasks = [asyncio.create_task(shelf.ask("", "x")) for _ in range(3)]
        await asyncio.sleep(0)
        status = await asyncio.wait_for(shelf.run(shelf.library("").status), 60)
        assert status.documents == 1
        report = await asyncio.wait_for(
            shelf.write(shelf.library("").add, Document.from_text("新通知。", path="b.txt")), 60
        )
        assert report.added == ("b.txt",)
        gate.open.set()
        await asyncio.gather(*tasks)

    asyncio.run(go())


def test_changes_are_made_one_at_a_time_in_order(shelf):
    at_once, most, order = [], [], []

    def change(number):
        at_once.append(number)
        most.append(len(at_once))
        order.append(number)
        at_once.remove(number)

    async def go():
        await asyncio.gather(*(shelf.write(change, number) for number in range(2)))
        await asyncio.gather(*(shelf.write(change, number) for number in range(2, 4)))

    asyncio.run(go())
    assert (max(most), order) == (1, [0, 1, 2, 3])


def test_an_asker_that_gave_up_still_counts_while_its_thread_works(shelf, monkeypatch):
    gate = Gate()
    monkeypatch.setattr(shelf.library(""), "ask", lambda *_: gate())

    async def go():
        task = asyncio.create_task(shelf.ask("", "x"))
        await asyncio.to_thread(gate.inside.acquire)
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        assert shelf.waiting == 1
        gate.open.set()

    asyncio.run(go())


def test_errors_reach_the_asker_and_make_room_again(shelf):
    def broken():
        raise KeyError("x")

    async def go():
        for _ in range(5):
            with pytest.raises(KeyError):
                await shelf.run(broken)

    asyncio.run(go())


def test_closing_says_whether_a_thread_is_still_at_work(libraries):
    gate = Gate()
    shelf = Shelf(libraries, workers=1, waiting=1)

    async def go():
        task = asyncio.create_task(shelf.write(gate))
        await asyncio.to_thread(gate.inside.acquire)
        assert not shelf.close()
        gate.open.set()
        await task

    asyncio.run(go())
    idle = Shelf(libraries, workers=1, waiting=1)
    assert idle.close()


@pytest.fixture
def folders(tmp_path):
    with Library.open(tmp_path / "one") as library:
        library.add(Document.from_text("食堂十一点半开门。", path="a.txt"))
    return {"": tmp_path / "one", "missing": tmp_path / "none"}


def test_libraries_are_opened_with_the_words_and_synonyms_of_the_settings(folders, tmp_path):
    (tmp_path / "words.txt").write_text("食堂开饭\n", encoding="utf-8")
    (tmp_path / "syn.txt").write_text("食堂, 饭堂\n", encoding="utf-8")
    config = Config(dictionary=str(tmp_path / "words.txt"), synonyms=str(tmp_path / "syn.txt"))
    shelf = Shelf.open({"": folders[""]}, config, workers=1, waiting=1)
    assert shelf.library("").words == ("食堂开饭",)
    assert asyncio.run(shelf.ask("", "饭堂几点开门")).found
    assert shelf.close()


def test_a_missing_library_is_refused_by_name_and_none_is_made(folders, tmp_path):
    with pytest.raises(LibraryNotFound, match="none holds no library"):
        Shelf.open(folders, Config(), workers=1, waiting=1)
    assert not (tmp_path / "none").exists()
    shelf = Shelf.open({"": folders[""]}, Config(), workers=1, waiting=1)
    assert asyncio.run(shelf.ask("", "食堂几点开门")).found
    assert shelf.close()
