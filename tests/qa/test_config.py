"""Settings: the last of defaults, file, environment and flags wins."""

from __future__ import annotations

import pytest

from qa.config import Config, language, load, telegram_table
from qa.errors import ConfigError


def settings(tmp_path, *, file="", environment=None, **flags):
    if file:
        (tmp_path / "qa.toml").write_text(file, encoding="utf-8")
    return load(flags, environment=environment or {}, folder=tmp_path)


def test_defaults(tmp_path):
    assert settings(tmp_path) == Config("library", "builtin", "zh", "")


@pytest.mark.parametrize(
    ("file", "environment", "flag", "expected"),
    [
        ("", {}, None, "library"),
        ("library = 'toml'", {}, None, "toml"),
        ("library = 'toml'", {"QA_LIBRARY": "environment"}, None, "environment"),
        ("library = 'toml'", {"QA_LIBRARY": "environment"}, "flag", "flag"),
        ("library = 'toml'", {"QA_LIBRARY": ""}, None, "toml"),
        ("library = 'toml'", {}, "flag", "flag"),
        ("", {"QA_LIBRARY": "environment"}, None, "environment"),
    ],
)
def test_the_last_one_that_says_wins(tmp_path, file, environment, flag, expected):
    got = settings(tmp_path, file=file, environment=environment, library=flag)
    assert got.library == expected


def test_every_setting_can_come_from_the_file_and_from_the_environment(tmp_path):
    names = {"library": "a", "encoder": "b", "language": "en", "dictionary": "d"}
    names |= {"reranker": "r", "synonyms": "s"}
    file = "\n".join(f"{name} = '{value}'" for name, value in names.items())
    environment = {f"QA_{name.upper()}": value for name, value in names.items()}
    expected = Config("a", "b", "en", "d", "r", "s")
    assert settings(tmp_path, environment=environment) == expected
    assert settings(tmp_path, file=file) == expected


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({}, "zh"),
        ({"LANG": "en_US.UTF-8"}, "en"),
        ({"LANG": "zh_TW.UTF-8"}, "zh"),
        ({"LANG": "de_DE.UTF-8"}, "zh"),
        ({"LANG": "C.UTF-8"}, "zh"),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "en_GB.UTF-8"}, "en"),
        ({"LANG": "en_US.UTF-8", "QA_LANGUAGE": "zh"}, "zh"),
        ({"LANG": "zh_CN", "QA_LANGUAGE": "EN"}, "en"),
        ({"QA_LANGUAGE": "en-US"}, "en"),
    ],
)
def test_the_language_of_the_environment(tmp_path, environment, expected):
    assert language(environment) == expected
    assert settings(tmp_path, environment=environment).language == expected


def test_the_file_decides_about_language_before_the_system_does(tmp_path):
    got = settings(tmp_path, file="language = 'zh_CN'", environment={"LANG": "en_US.UTF-8"})
    assert got.language == "zh"


@pytest.mark.parametrize(
    ("file", "message"),
    [
        ("colour = 'red'", "sets colour, which is not a setting: use library, encoder, "),
        ("Spam = ['x']", "everyday, spam, rules_off, [telegram]"),
        ("library = 3", "library must be a text in quotes"),
        ("library = ", "cannot be read ("),
        ("language = 'fr'", "language is fr: set QA_LANGUAGE or language in qa.toml to zh or en"),
    ],
)
def test_a_file_that_cannot_be_used_is_named(tmp_path, file, message):
    with pytest.raises(ConfigError) as raised:
        settings(tmp_path, file=file)
    assert message in str(raised.value)
    assert "\n" not in str(raised.value)


def test_a_file_in_another_encoding_is_named(tmp_path):
    (tmp_path / "qa.toml").write_bytes("library = '资料'".encode("gbk"))
    with pytest.raises(ConfigError, match=r"cannot be read \(it is not UTF-8\)"):
        settings(tmp_path)


def test_a_folder_in_place_of_the_file_is_named(tmp_path):
    (tmp_path / "qa.toml").mkdir()
    with pytest.raises(ConfigError, match=r"cannot be read \(Is a directory\)"):
        settings(tmp_path)


def test_there_are_few_settings():
    assert len(Config.__slots__) <= 15


def test_the_telegram_table_is_left_to_the_bot(tmp_path):
    (tmp_path / "qa.toml").write_text('library = "a"\n[telegram]\nworkers = 2\n', encoding="utf-8")
    assert load({}, environment={}, folder=tmp_path).library == "a"
    assert telegram_table(tmp_path) == {"workers": 2}
    assert telegram_table(tmp_path / "elsewhere") == {}


def test_a_telegram_setting_that_is_no_table_is_told(tmp_path):
    (tmp_path / "qa.toml").write_text("telegram = 2\n", encoding="utf-8")
    with pytest.raises(ConfigError, match=r"\[telegram\]"):
        telegram_table(tmp_path)


def test_the_history_of_the_chat_is_on_unless_told(tmp_path):
    assert load({}, environment={}, folder=tmp_path).history == "on"
    assert load({}, environment={"QA_HISTORY": "off"}, folder=tmp_path).history == "off"
    with pytest.raises(ConfigError, match="set QA_HISTORY or history in"):
        load({}, environment={"QA_HISTORY": "never"}, folder=tmp_path)


def test_the_everyday_words_hold_unless_told(tmp_path):
    assert load({}, environment={}, folder=tmp_path).everyday == "on"
    assert load({}, environment={"QA_EVERYDAY": "off"}, folder=tmp_path).everyday == "off"
    with pytest.raises(ConfigError, match="set QA_EVERYDAY or everyday in"):
        load({}, environment={"QA_EVERYDAY": "never"}, folder=tmp_path)
