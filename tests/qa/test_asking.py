"""From a question to an answer, on documents made for it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from qa import Document, Library
from qa.records import Answer
from tests.fakes import FakeEncoder

STATIONS = (
    "工会驿站简报\n\n"
    "青禾县总工会去年建成工会驿站46个，其中24小时自助驿站12个。\n\n"
    "驿站管理员由共建单位职工兼任，每月补贴200元。"
)
CAMP = (
    "疗休养通知\n\n"
    "今年的疗休养地点有三处：\n1. 云顶山疗养院；\n2. 碧泉中心；\n3. 白鹭湾休养所。\n请按时报名。"
)


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.open(tmp_path / "library", FakeEncoder()) as opened:
        opened.add(
            [
                Document.from_text(
                    STATIONS, path="stations", title="工会驿站简报", date="2024-01-05"
                ),
                Document.from_text(CAMP, path="camp", title="疗休养通知"),
            ]
        )
        yield opened


def test_the_quote_stands_word_for_word_at_its_coordinates(library: Library) -> None:
    answer = library.ask("青禾县建成工会驿站多少个")
    assert answer.found
    [first, *_] = answer.citations
    assert answer.quote == "青禾县总工会去年建成工会驿站46个，其中24小时自助驿站12个。"
    assert first.document.text[first.quote_start : first.quote_end] == answer.quote
    assert (first.number, first.document.path, first.passage.ordinal) == (1, "stations", 2)
    assert answer.confidence == first.score == max(one.score for one in answer.citations)


def test_a_list_that_is_asked_for_is_quoted_whole(library: Library) -> None:
    quote = library.ask("今年的疗休养地点有哪些").citations[0].quote
    assert quote.splitlines()[-1] == "3. 白鹭湾休养所。"


def test_what_the_documents_do_not_say_is_not_found_but_shown_as_closest(library: Library) -> None:
    answer = library.ask("石桥区法院工资仲裁员驿站电话号码")
    assert not answer.found
    assert (answer.quote, answer.citations) == ("", ())
    assert answer.closest
    assert answer.confidence == answer.closest[0].score < 0.4


@pytest.mark.parametrize("text", ["", " \n", "？！", "你好", "🙂🙂", "怎么安装Python"])
def test_nothing_named_nothing_found(library: Library, text: str) -> None:
    assert library.ask(text) == Answer(text, found=False, confidence=0.0)
    assert library.search(text) == []


def test_at_most_k_citations_numbered_from_one(library: Library) -> None:
    assert len(library.ask("工会驿站", k=1).citations) <= 1
    numbers = [one.number for one in library.ask("工会驿站", k=3).citations]
    assert numbers == list(range(1, len(numbers) + 1))


def test_hits_are_best_first_with_every_signal(library: Library) -> None:
    hits = library.search("驿站管理员补贴")
    assert hits[0].document.path == "stations"
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert all(0 < hit.score < 1 for hit in hits)
    assert set(hits[0].signals) >= {"coverage", "cosine", "sentence"}


def test_the_same_question_gives_the_same_answer(library: Library) -> None:
    assert library.ask("驿站补贴多少钱") == library.ask("驿站补贴多少钱")
