"""`qa doctor --bot`: each thing a bot needs is tried, and what is wrong is one line."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from qa.bot.examining import examine_bot
from qa.bot.settings import BotSettings
from qa.bot.state import State
from qa.config import Config
from qa.messages import Messages
from qa.reports import check_text
from tests.telegram.faults import BAD_GATEWAY, GARBAGE, UNAUTHORIZED, flood, hang, reset
from tests.telegram.server import Server
from tests.telegram.updates import TOKEN

pytestmark = pytest.mark.network

ALL = [
    "bot_check_token", "bot_check_polls", "bot_check_webhook", "bot_check_privacy",
    "bot_check_inline", "bot_check_clock", "bot_check_access", "bot_check_library",
    "bot_check_state", "bot_check_disk",
]  # fmt: skip


@pytest.fixture
def server():
    with Server() as one:
        yield one


@pytest.fixture(autouse=True)
def fake_encoder(monkeypatch, encoder):
    monkeypatch.setattr("qa.library.load_encoder", lambda name: encoder)


@pytest.fixture
def settings(server, sample_library, tmp_path):
    return BotSettings(
        TOKEN,
        sample_library.folder,
        base_url=server.base_url,
        file_url=server.file_url,
        allowed=frozenset("*"),
        state=tmp_path / "telegram.db",
        documents=tmp_path / "documents",
    )


def examine(settings):
    return {one.name: one for one in examine_bot(settings, Config(), Messages("zh"))}


def lines(checks, language="zh"):
    return [check_text(one, Messages(language)).plain for one in checks.values()]


def test_all_is_well(server, settings):
    checks = examine(settings)
    assert list(checks) == ALL
    assert [one.name for one in checks.values() if one.passed is not True] == []
    assert "[正常] 机器人的令牌有效，Telegram 连得上  @cited_qa_bot" in lines(checks)
    assert all(line.isascii() for line in lines(checks, "en"))
    json.dumps([dict(one.values) for one in checks.values()])


def test_a_bot_that_runs_is_not_disturbed(server, settings):
    state = State.open(settings.state)
    try:
        checks = examine(settings)
    finally:
        state.close()
    assert (checks["bot_check_state"].passed, checks["bot_check_state"].detail) == (
        True,
        "bot_runs",
    )
    assert {one.method for one in server.tried} == {"getMe", "getWebhookInfo"}


@pytest.mark.parametrize(
    ("fault", "detail"),
    [
        (UNAUTHORIZED, "bot_token_refused"),
        (BAD_GATEWAY, "bot_unreachable"),
        (GARBAGE, "bot_unreachable"),
        (flood(None), "bot_unreachable"),
        (flood(3), "bot_unreachable"),
        (reset(accepted=False), "bot_unreachable"),
        (hang(accepted=False), "bot_no_answer"),
    ],
)
@pytest.mark.parametrize("method", ["getMe", "getWebhookInfo"])
def test_what_telegram_answers_wrongly_is_one_line(
    server, settings, method, fault, detail, monkeypatch, capfd
):
    monkeypatch.setattr("qa.bot.examining._WAIT_S", 0.2)
    server.fail(method, fault)
    checks = examine(settings)
    name = {"getMe": "bot_check_token", "getWebhookInfo": "bot_check_polls"}[method]
    assert (checks[name].passed, checks[name].detail) == (False, detail)
    assert not any("\n" in line or TOKEN in line for line in lines(checks))
    assert capfd.readouterr() == ("", "")
    others = [one for one in checks.values() if one.name != name]
    assert all(one.passed for one in others)


def test_no_telegram_at_all(settings):
    nowhere = "http://127.0.0.1:9/bot"
    checks = examine(replace(settings, base_url=nowhere))
    for name in ("bot_check_token", "bot_check_polls"):
        assert (checks[name].passed, checks[name].detail) == (False, "bot_unreachable")
    assert not any(TOKEN in line for line in lines(checks))
    assert checks["bot_check_library"].passed


def test_a_proxy_is_used_by_both_pools_and_its_password_not_shown(settings):
    checks = examine(replace(settings, proxy="http://someone:word@127.0.0.1:9"))
    assert checks["bot_check_token"].passed is checks["bot_check_polls"].passed is False
    assert not any("word" in line for line in lines(checks))


def test_a_webhook_that_is_set_while_the_bot_is_to_poll(server, settings):
    server.telegram.webhook = {"url": "https://bot.example/geheim", "secret_token": ""}
    check = examine(settings)["bot_check_webhook"]
    assert (check.passed, check.detail) == (False, "bot_webhook_set")
    assert dict(check.values) == {"host": "bot.example"}  # its path may be a secret
    hooked = replace(settings, webhook_url="https://bot.example/geheim")
    assert examine(hooked)["bot_check_webhook"].passed is True
    other = replace(settings, webhook_url="https://bot.example/other")
    assert examine(other)["bot_check_webhook"].passed is None


@pytest.mark.parametrize(
    ("skew_s", "detail"), [(-3600, "bot_clock_fast"), (120, "bot_clock_slow"), (20, "")]
)
def test_the_clock(server, settings, skew_s, detail):
    server.skew_s = skew_s
    check = examine(settings)["bot_check_clock"]
    assert (check.passed, check.detail) == (not detail, detail)
    if detail:
        assert abs(check.values["seconds"] - abs(skew_s)) <= 2


@pytest.mark.parametrize(
    ("change", "name", "passed"),
    [
        ({"can_read_all_group_messages": True}, "bot_check_privacy", False),
        ({"can_join_groups": False}, "bot_check_privacy", None),
        ({"supports_inline_queries": False}, "bot_check_inline", None),
    ],
)
def test_the_bot_s_rights(server, settings, change, name, passed):
    server.telegram.bot |= change
    assert examine(settings)[name].passed is passed


def test_this_machine(settings, tmp_path, encoder, monkeypatch):
    from qa.library import Library

    Library.open(tmp_path / "empty", encoder).close()
    (tmp_path / "file").write_text("no folder", encoding="utf-8")
    broken = replace(
        settings,
        library=tmp_path / "nowhere",
        libraries={"empty": tmp_path / "empty"},
        state=tmp_path / "file" / "telegram.db",
        allowed=frozenset(),
    )
    monkeypatch.setattr("qa.bot.examining._FREE_MB", 10**12)
    checks = examine_bot(broken, Config(), Messages("zh"))
    failed = [(one.name, one.detail) for one in checks if one.passed is False]
    assert failed == [
        ("bot_check_access", "bot_nobody_allowed"),
        ("bot_check_library", "bot_shelf_closed"),
        ("bot_check_library", "bot_shelf_empty"),
        ("bot_check_state", "bot_folder_closed"),
        ("bot_check_disk", "bot_disk_free"),
    ]
    assert not (tmp_path / "nowhere").exists()


def test_a_database_that_is_none(settings):
    settings.state.write_text("no database " * 100, encoding="utf-8")
    check = examine(settings)["bot_check_state"]
    assert (check.passed, check.detail) == (False, "bot_state_closed")


def test_nothing_is_made(settings, tmp_path):
    examine(replace(settings, state=tmp_path / "new" / "telegram.db"))
    assert list(tmp_path.iterdir()) == []


def test_without_the_extra_the_verb_says_what_to_install(monkeypatch):
    from click.testing import CliRunner

    from qa.cli import cli

    monkeypatch.setenv("QA_LANGUAGE", "en")
    monkeypatch.setattr("qa.verbs.running.find_spec", lambda name: None)
    got = CliRunner().invoke(cli, ["doctor", "--bot"])
    assert (got.exit_code, got.stdout) == (1, "")
    assert 'pip install "cited-qa[telegram]"' in got.stderr
    assert got.stderr.count("\n") == 1


def test_the_verb_says_what_is_wrong_and_ends_with_1(server, sample_library, monkeypatch):
    from click.testing import CliRunner

    from qa.cli import cli

    monkeypatch.setenv("QA_LANGUAGE", "zh")
    monkeypatch.setenv("QA_TELEGRAM_TOKEN", TOKEN)
    monkeypatch.setenv("QA_TELEGRAM_BASE_URL", server.base_url)
    arguments = ["doctor", "--bot", "--library", str(sample_library.folder)]
    got = CliRunner().invoke(cli, arguments)
    assert got.exit_code == 1
    assert "[有误] 有人可以提问" in got.stdout
    assert got.stderr == "错误：1 项检查未通过：照上面的说明处理，再运行一次 qa doctor --bot\n"
    monkeypatch.setenv("QA_TELEGRAM_ALLOWED", "*")
    got = CliRunner().invoke(cli, [*arguments, "--json"])
    assert (got.exit_code, [one["passed"] for one in json.loads(got.stdout)]) == (0, [True] * 10)
    monkeypatch.delenv("QA_TELEGRAM_TOKEN")
    got = CliRunner().invoke(cli, arguments)
    assert (got.exit_code, got.stdout) == (1, "")
    assert got.stderr.count("\n") == 1


def test_settings_that_would_keep_the_bot_from_starting_are_told(settings, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "qa.toml").write_text('rules_off = ["nonesuch"]\n', encoding="utf-8")
    told = examine(settings)["bot_check_library"]
    assert told.passed is False
    assert "nonesuch" in str(told.values["reason"])
