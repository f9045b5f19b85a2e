"""Each person is spoken to in their own language and script."""

from __future__ import annotations

from string import Formatter

import pytest

from qa.bot.desk import words_for
from qa.bot.settings import BotSettings
from qa.messages import Messages, table


@pytest.mark.parametrize(
    ("code", "forced", "language"),
    [
        (None, "", "zh"),
        ("", "", "zh"),
        ("zh", "", "zh"),
        ("zh-hans", "", "zh"),
        ("zh-CN", "", "zh"),
        ("zh-Hant", "", "zh_hant"),
        ("zh_TW", "", "zh_hant"),
        ("zh-hk", "", "zh_hant"),
        ("zh-hant-mo", "", "zh_hant"),
        ("en", "", "en"),
        ("en-GB", "", "en"),
        ("fr", "", "en"),
        ("zha", "", "en"),
        ("fr", "zh", "zh"),
        ("zh-hant", "zh", "zh_hant"),
        ("zh-hant", "en", "en"),
        (None, "en", "en"),
        ("en", "zh_hant", "zh_hant"),
    ],
)
def test_which_language(code, forced, language):
    assert words_for(code, BotSettings(token="1:a", language=forced)).language == language  # noqa: S106


def test_own_words_are_in_traditional_script_and_nothing_else_changes():
    traditional, simplified = Messages("zh_hant"), Messages("zh")
    assert traditional("removed", path="旧的/通知.txt") == "已移除 旧的/通知.txt"
    assert traditional("nothing_to_add").startswith("沒有可加入的檔案")
    assert traditional.say("notes.txt: the file is empty") == "notes.txt：檔案是空的"
    assert traditional.say("会议.txt: cannot be read: Permission denied").startswith("会议.txt")
    assert simplified.say("notes.txt: the file is empty") == "notes.txt：文件是空的"


def test_every_sentence_takes_the_same_values_in_traditional_script():
    def names(text):
        return sorted(
            (name, spec) for _, name, spec, _ in Formatter().parse(text) if name is not None
        )

    for key, text in table("zh").items():
        assert names(table("zh_hant")[key]) == names(text), key
        assert table("zh_hant")[key].isascii() == text.isascii()
