"""The bot's settings: from the environment and from qa.toml, checked, secrets kept secret."""

from __future__ import annotations

from pathlib import Path

import pytest

from qa.bot.settings import NAMES, BotSettings, load_settings
from qa.config import Config
from qa.errors import ConfigError
from qa.reasons import in_chinese

TOKEN = "123456:AAH-secret_part"  # noqa: S105
SECRET = "webhook-secret"  # noqa: S105
# Every setting but the secrets: in the environment, in the table, and what both must give.
GIVEN = {
    "libraries": ("事务=/srv/a, hr=/srv/b", {"事务": "/srv/a", "hr": "/srv/b"},
                  {"事务": Path("/srv/a"), "hr": Path("/srv/b")}),
    "language": ("en", "en", "en"),
    "base_url": ("http://127.0.0.1:8081/", "http://127.0.0.1:8081", "http://127.0.0.1:8081/bot"),
    "file_url": ("http://127.0.0.1:8082/file/bot", "http://127.0.0.1:8082/file",
                 "http://127.0.0.1:8082/file/bot"),
    "proxy": ("socks5://127.0.0.1:1080", "socks5://127.0.0.1:1080", "socks5://127.0.0.1:1080"),
    "webhook_listen": ("::1", "::1", "::1"),
    "webhook_path": ("updates/", "/updates", "/updates"),
    "allowed": ("12，-100 ; 0013", [12, "-100", 13], frozenset({"12", "-100", "13"})),
    "admins": ("12", 12, frozenset({"12"})),
    "user_per_minute": ("0", 0, 0),
    "per_minute": ("7", 7, 7),
    "daily_quota": ("8", 8, 8),
    "topic_minutes": ("0", 0, 0),
    "poll_timeout_s": ("50", 50, 50),
    "deaf_after_s": ("1", 1, 1),
    "webhook_port": ("65535", 65535, 65535),
    "workers": ("64", 64, 64),
    "waiting": ("0", 0, 0),
    "originals": ("yes", True, True),
    "log_questions": ("TRUE", True, True),
    "state": ("/var/bot.db", "/var/bot.db", Path("/var/bot.db")),
    "documents": ("/srv/sent", "/srv/sent", Path("/srv/sent")),
}  # fmt: skip
WEBHOOK = {
    "QA_TELEGRAM_WEBHOOK_URL": "https://bot.example/in",
    "QA_TELEGRAM_WEBHOOK_SECRET": SECRET,
}


def loaded(folder: Path, environment: dict[str, str], toml: str = "") -> BotSettings:
    if toml:
        (folder / "qa.toml").write_text(toml, encoding="utf-8")
    given = {"QA_TELEGRAM_TOKEN": TOKEN, **environment}
    return load_settings(Config(library=str(folder / "library")), environment=given, folder=folder)


def refusal(folder: Path, environment: dict[str, str], toml: str = "") -> str:
    with pytest.raises(ConfigError) as caught:
        loaded(folder, environment, toml)
    said = str(caught.value)
    assert "\n" not in said
    assert in_chinese(said) != said, "it has no Chinese"
    assert TOKEN.partition(":")[2] not in said
    return said


def test_with_nothing_but_a_token(tmp_path):
    settings = loaded(tmp_path, {})
    assert settings == BotSettings(
        token=TOKEN,
        library=tmp_path / "library",
        state=tmp_path / "library" / "telegram.db",
        documents=tmp_path / "library-documents",
    )
    assert settings.allowed == frozenset()
    assert settings.bot_id == 123456
    assert settings.base_url == "https://api.telegram.org/bot"
    assert settings.folders == {"": tmp_path / "library"}
    assert not settings.originals


def test_every_setting_is_tried_here():
    others = {"token_file", "webhook_secret_file", "webhook_url"}
    assert set(GIVEN) | others == set(NAMES)


@pytest.mark.parametrize("name", GIVEN)
@pytest.mark.parametrize("way", ["environment", "table"])
def test_each_can_be_set_either_way(tmp_path, name, way):
    in_environment, in_table, wanted = GIVEN[name]
    webhook = WEBHOOK if name.startswith("webhook") else {}
    if way == "environment":
        settings = loaded(tmp_path, {**webhook, f"QA_TELEGRAM_{name.upper()}": in_environment})
    else:
        settings = loaded(tmp_path, webhook, f"[telegram]\n{name} = {toml_of(in_table)}\n")
    assert getattr(settings, name) == wanted


def toml_of(value) -> str:
    match value:
        case bool():
            return str(value).lower()
        case str():
            return f'"{value}"'
        case list():
            return f"[{', '.join(map(toml_of, value))}]"
        case dict():
            return "{" + ", ".join(f'"{k}" = {toml_of(v)}' for k, v in value.items()) + "}"
    return str(value)


def test_the_environment_wins_and_an_empty_value_is_none(tmp_path):
    toml = '[telegram]\nworkers = 2\nwaiting = 3\nproxy = ""\n'
    settings = loaded(tmp_path, {"QA_TELEGRAM_WORKERS": "5", "QA_TELEGRAM_WAITING": " "}, toml)
    assert (settings.workers, settings.waiting, settings.proxy) == (5, 3, "")


def test_files_follow_the_bot_api_that_was_set(tmp_path):
    settings = loaded(tmp_path, {"QA_TELEGRAM_BASE_URL": "https://api.example/bot"})
    assert settings.base_url == "https://api.example/bot"
    assert settings.file_url == "https://api.example/file/bot"


@pytest.mark.parametrize(
    ("environment", "toml", "said"),
    [
        ({"QA_TELEGRAM_WORKER": "1"}, "", "QA_TELEGRAM_WORKER is not a setting"),
        ({}, "[telegram]\nworker = 1", "[telegram] in qa.toml sets worker"),
        ({}, f'[telegram]\ntoken = "{TOKEN}"', "qa.toml holds token, which is secret"),
        ({}, '[telegram]\nwebhook_secret = "x"', "qa.toml holds webhook_secret"),
        ({}, 'telegram = "x"', "must be a table"),
        ({"QA_TELEGRAM_WORKERS": "0"}, "", "QA_TELEGRAM_WORKERS is 0: give a whole number from 1"),
        ({"QA_TELEGRAM_WORKERS": "65"}, "", "from 1 to 64"),
        ({"QA_TELEGRAM_WORKERS": "２"}, "", "from 1 to 64"),
        ({"QA_TELEGRAM_POLL_TIMEOUT_S": "51"}, "", "from 0 to 50"),
        ({"QA_TELEGRAM_DEAF_AFTER_S": "0"}, "", "from 1 to 3600"),
        ({"QA_TELEGRAM_DAILY_QUOTA": "-1"}, "", "from 0 to 1000000"),
        ({}, "[telegram]\nworkers = true", "workers in [telegram] is True"),
        ({}, "[telegram]\nworkers = 1.5", "from 1 to 64"),
        ({}, "[telegram]\noriginals = 1", "give true or false"),
        ({"QA_TELEGRAM_ORIGINALS": "maybe"}, "", "give true or false"),
        ({"QA_TELEGRAM_ALLOWED": "@someone"}, "", "give the ids that /id shows"),
        ({"QA_TELEGRAM_ADMINS": "*"}, "", "give the ids that /id shows"),
        ({}, "[telegram]\nadmins = [true]", "give the ids that /id shows"),
        ({"QA_TELEGRAM_PROXY": "127.0.0.1:1080"}, "", "begins with http://"),
        ({"QA_TELEGRAM_PROXY": "http://h:port"}, "", "begins with http://"),
        ({"QA_TELEGRAM_BASE_URL": "ftp://a"}, "", "begins with http://"),
        ({"QA_TELEGRAM_LIBRARIES": "hr"}, "", "give names with their folders"),
        ({"QA_TELEGRAM_LIBRARIES": "=/srv"}, "", "give names with their folders"),
        ({}, '[telegram.libraries]\n"a/b" = "/srv"', "give names with their folders"),
        ({}, "[telegram]\nstate = 3", "write it in quotes"),
        ({"QA_TELEGRAM_LANGUAGE": "fr"}, "", "give zh, zh_hant or en"),
        ({"QA_LANGUAGE": "fr"}, "", "QA_LANGUAGE is fr"),
        ({"QA_TELEGRAM_TOKEN": ""}, "", "there is no bot token"),
        ({"QA_TELEGRAM_TOKEN": "AAH-secret_part"}, "", "the bot token is not like 123456:ABC"),
        ({"QA_TELEGRAM_WEBHOOK_URL": "http://a.example/in"}, "", "begins with https://"),
        ({"QA_TELEGRAM_WEBHOOK_URL": "https://a.example/in"}, "", "a webhook needs"),
        ({**WEBHOOK, "QA_TELEGRAM_WEBHOOK_SECRET": "with blank"}, "", "a webhook needs"),
        ({**WEBHOOK, "QA_TELEGRAM_WEBHOOK_PATH": "healthz"}, "", "webhook_path is /healthz"),
    ],
)
def test_what_is_wrong_is_named_with_what_to_do(tmp_path, environment, toml, said):
    assert said in refusal(tmp_path, environment, toml)


def test_an_address_that_cannot_be_used_is_shown_without_its_secrets(tmp_path):
    said = refusal(tmp_path, {"QA_TELEGRAM_BASE_URL": "api.example/bot"})
    assert "QA_TELEGRAM_BASE_URL is api.example/bot: " in said
    assert "QA_TELEGRAM_BASE_URL 的值 api.example/bot 不能用" in in_chinese(said)
    said = refusal(tmp_path, {"QA_TELEGRAM_BASE_URL": f"api.example/bot{TOKEN}"})
    assert "is api.example/bot…: " in said
    said = refusal(tmp_path, {"QA_TELEGRAM_BASE_URL": "ftp://me:word@api.example"})
    assert "is ftp://…api.example: " in said


def test_a_proxy_with_a_password_is_never_shown(tmp_path):
    proxy = "http://me:pass-word@proxy.example:99999999"
    assert "pass-word" not in refusal(tmp_path, {"QA_TELEGRAM_PROXY": proxy})
    for hostless in (
        "http://me:pass-word",
        "me:pass-word",
        "socks5://me:99pass-word/",
        "http:/a:pass-word",
    ):
        assert "pass-word" not in refusal(tmp_path, {"QA_TELEGRAM_PROXY": hostless}), hostless
    assert "ftp://host:8080" in refusal(tmp_path, {"QA_TELEGRAM_PROXY": "ftp://host:8080"})
    bare = {"QA_TELEGRAM_PROXY": "me:pass/pass-word@proxy.example"}
    assert "QA_TELEGRAM_PROXY is …proxy.example: " in refusal(tmp_path, bare)
    settings = loaded(
        tmp_path, {"QA_TELEGRAM_PROXY": proxy.replace(":99999999", ":8080"), **WEBHOOK}
    )
    assert settings.proxy.endswith(":8080")
    for secret in ("pass-word", TOKEN, SECRET):
        assert secret not in repr(settings)


def test_the_token_from_files(tmp_path):
    file = tmp_path / "token"
    file.write_text(f"\n {TOKEN} \r\n", encoding="utf-8")
    none = {"QA_TELEGRAM_TOKEN": ""}
    assert loaded(tmp_path, {**none, "QA_TELEGRAM_TOKEN_FILE": str(file)}).token == TOKEN
    assert loaded(tmp_path, none, f'[telegram]\ntoken_file = "{file}"').token == TOKEN
    (tmp_path / "qa.toml").unlink()
    credentials = tmp_path / "credentials"
    credentials.mkdir()
    file.rename(credentials / "telegram-token")
    assert loaded(tmp_path, {**none, "CREDENTIALS_DIRECTORY": str(credentials)}).token == TOKEN


def test_a_token_file_that_is_missing_is_named(tmp_path):
    said = refusal(tmp_path, {"QA_TELEGRAM_TOKEN": "", "QA_TELEGRAM_TOKEN_FILE": "/nowhere/token"})
    assert "/nowhere/token" in said


def test_the_webhook_takes_its_path_from_its_address(tmp_path):
    settings = loaded(tmp_path, WEBHOOK)
    assert (settings.webhook_url, settings.webhook_path) == ("https://bot.example/in", "/in")
    assert settings.webhook_secret == SECRET
    local = {**WEBHOOK, "QA_TELEGRAM_BASE_URL": "http://127.0.0.1:8081",
             "QA_TELEGRAM_WEBHOOK_URL": "http://127.0.0.1:8443"}  # fmt: skip
    assert loaded(tmp_path, local).webhook_path == "/"


@pytest.mark.parametrize(
    ("given", "language"),
    [("zh_CN", "zh"), ("EN-us", "en"), ("zh-Hant", "zh_hant"), ("zh", "zh")],
)
def test_the_language_that_is_forced(tmp_path, given, language):
    assert loaded(tmp_path, {"QA_LANGUAGE": given}).language == language
    assert (
        loaded(tmp_path, {"QA_LANGUAGE": "en", "QA_TELEGRAM_LANGUAGE": given}).language == language
    )


def test_every_setting_is_described_with_its_default():
    page = Path(__file__).parents[2] / "docs" / "command-line.md"
    section = page.read_text(encoding="utf-8").partition("## `qa bot`")[2].partition("\n## ")[0]
    rows = [line.split("|")[1:3] for line in section.splitlines() if line.startswith("| `")]
    described = {name.strip("` "): default for names, default in rows for name in names.split(",")}
    assert set(described) == set(NAMES)
    for name, default in described.items():
        if default.strip().isdecimal():
            assert int(default) == getattr(BotSettings(token=TOKEN), name), name


def test_everybody_is_a_word_of_its_own(tmp_path):
    assert loaded(tmp_path, {"QA_TELEGRAM_ALLOWED": "*, 12"}).allowed == frozenset({"*"})
    assert loaded(tmp_path, {"QA_TELEGRAM_ALLOWED": " , "}).allowed == frozenset()


def test_files_of_each_library_have_a_folder_of_their_own(tmp_path):
    settings = loaded(tmp_path, {"QA_TELEGRAM_LIBRARIES": "hr=/srv/hr"})
    assert settings.folders == {"": tmp_path / "library", "hr": Path("/srv/hr")}
    assert settings.documents_of("hr") == settings.documents_of("") / "hr"
