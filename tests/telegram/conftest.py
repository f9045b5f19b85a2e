"""What the bot's tests have: nothing is collected where python-telegram-bot is not installed."""

from __future__ import annotations

from importlib.util import find_spec

import pytest

if find_spec("telegram") is None:
    collect_ignore_glob = ["test_*.py"]


@pytest.fixture(autouse=True)
def today_s_durations(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have python-telegram-bot give durations as such: asking for seconds is deprecated there."""
    monkeypatch.setenv("PTB_TIMEDELTA", "true")
