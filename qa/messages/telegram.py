"""The words of the Telegram bot. Every key begins with `bot_`."""

from __future__ import annotations

from collections.abc import Mapping

CHINESE: Mapping[str, str] = {
    # running
}

ENGLISH: Mapping[str, str] = {
    # running
}
