"""What the bot's tests have: nothing is collected where python-telegram-bot is not installed."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import pytest

from qa.library import Library

if find_spec("telegram") is None:
    collect_ignore_glob = ["test_*.py"]

SAMPLE = Path(__file__).parents[2] / "docs" / "sample"
QUESTIONS = (
    "会员卡丢了怎么补办？",
    "县级工会提升年的目标是什么？",
    "县级工会提升年从什么时候搞到什么时候？",
)
NOBODY_KNOWS = "量子计算机怎么退火？"


@pytest.fixture(autouse=True)
def today_s_durations(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have python-telegram-bot give durations as such: asking for seconds is deprecated there."""
    monkeypatch.setenv("PTB_TIMEDELTA", "true")


@pytest.fixture(autouse=True)
def unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have nothing called slow that is so only because the machine is busy."""
    monkeypatch.setattr("qa.bot.intake._SLOW_S", 600.0)


@pytest.fixture(scope="session")
def made_library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library of the sample documents made with the shipped encoder; copy it to change it."""
    folder = tmp_path_factory.mktemp("made") / "library"
    with Library.open(folder) as library:
        library.add(SAMPLE)
    return folder


@pytest.fixture(scope="session")
def quoted(made_library: Path) -> dict[str, str]:
    """A piece of the quote that must stand in the answer to each of QUESTIONS."""
    with Library.open(made_library, create=False) as library:
        answers = [library.ask(question) for question in QUESTIONS]
        assert not library.ask(NOBODY_KNOWS).found
    assert all(one.found for one in answers)
    found = {one.question: one.quote.replace("\n", " ")[:12] for one in answers}
    assert len(set(found.values())) == len(QUESTIONS)
    return found


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory, sample: Path) -> Path:
    """The folder of a library of the sample documents, closed: tests open copies of it."""
    from qa.library import Library
    from tests.fakes import FakeEncoder

    folder = tmp_path_factory.mktemp("filled") / "library"
    with Library.open(folder, FakeEncoder()) as library:
        library.add(sample)
    return folder
