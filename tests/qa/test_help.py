"""Help pages and usage errors: in the reader's language, and aligned for wide characters."""

from __future__ import annotations

import re

import click
import pytest
from click.testing import CliRunner
from rich.cells import cell_len

from qa.cli import cli
from qa.help import usage_error

HAN = re.compile(r"[\u4e00-\u9fff]")
ENGLISH = re.compile(r"\b(Usage|Options|Commands|Show|Example|default)\b")
PAGES = [(), *((name,) for name in cli.commands)]


def page(monkeypatch, language, *verb, columns=80):
    monkeypatch.setenv("QA_LANGUAGE", language)
    monkeypatch.setenv("COLUMNS", str(columns))
    result = CliRunner().invoke(cli, [*verb, "--help"], prog_name="qa")
    assert result.exit_code == 0
    return result.output


@pytest.fixture(autouse=True)
def elsewhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize("verb", PAGES)
def test_a_page_is_in_one_language(monkeypatch, verb):
    chinese, english = (page(monkeypatch, language, *verb) for language in ("zh", "en"))
    assert not ENGLISH.search(chinese)
    prose = [line for line in english.split("\n") if "Example:" not in line]
    assert not HAN.search("\n".join(prose))


@pytest.mark.parametrize("columns", [40, 80])
@pytest.mark.parametrize("verb", PAGES)
def test_no_line_is_wider_than_the_terminal(monkeypatch, verb, columns):
    for language in ("zh", "en"):
        lines = page(monkeypatch, language, *verb, columns=columns).split("\n")
        assert [line for line in lines if cell_len(line.rstrip()) > columns] == []


def test_a_page_reads_from_top_to_bottom(monkeypatch):
    assert page(monkeypatch, "zh", "ask").split("\n") == [
        "用法：qa ask [选项] 问题…",
        "",
        "  提一个问题，得到原文摘句和出处。",
        "  例：qa ask 县级工会提升年的目标是什么",
        "",
        "选项：",
        "  -k N           最多几条 [默认：3]  [1<=x<=100]",
        "  --explain      显示得分由哪些信号组成",
        "  --library DIR  资料库文件夹 [默认：QA_LIBRARY，否则 ./library]",
        "  --json         以 JSON 输出结果",
        "  -v             多说一些：日志，以及出错时的调用栈",
        "  -h, --help     显示帮助并退出",
        "",
    ]


def test_the_first_page_names_every_verb_with_what_it_does(monkeypatch):
    chinese = page(monkeypatch, "zh")
    for name in cli.commands:
        assert re.search(rf"^  {name} +{HAN.pattern}", chinese, re.M), name


def test_the_file_of_settings_decides_about_the_language_too(monkeypatch, tmp_path):
    monkeypatch.delenv("QA_LANGUAGE", raising=False)
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    (tmp_path / "qa.toml").write_text("language = 'en'", encoding="utf-8")
    assert CliRunner().invoke(cli, ["--help"], prog_name="qa").output.startswith("Usage: qa ")


def test_a_broken_file_of_settings_does_not_keep_help_away(monkeypatch, tmp_path):
    monkeypatch.setenv("QA_LANGUAGE", "en")
    (tmp_path / "qa.toml").write_text("x =", encoding="utf-8")
    assert page(monkeypatch, "en").startswith("Usage: qa ")


@pytest.mark.parametrize(
    ("line", "chinese", "english"),
    [
        (["frob"], "没有 'frob' 这个命令。", "No such command 'frob'."),
        (["serch", "x"], "没有 'serch' 这个命令。是想用 'search' 吗？",
         "No such command 'serch'. Did you mean 'search'?"),
        (["ask"], "缺少参数 '问题…'。", "Missing argument 'QUESTION…'."),
        (["ask", "-k", "0", "x"], "'-k' 的值不对：0 不在范围 1<=x<=100 内。",
         "Invalid value for '-k': 0 is not in the range 1<=x<=100."),
        (["show", "abc"], "'编号' 的值不对：'abc' 不是整数。",
         "Invalid value for 'ID': 'abc' is not a valid integer."),
        (["show", "1", "2"], "多出了参数：2", "Got unexpected extra argument (2)"),
        (["list", "--colour"], "没有 '--colour' 这个选项。", "No such option '--colour'."),
        (["ask", "x", "--library"], "选项 '--library' 后面要有一个值。",
         "Option '--library' requires an argument."),
        (["completion", "tcsh"],
         "'bash|zsh|fish' 的值不对：'tcsh' 不是 'bash', 'zsh', 'fish' 之一。",
         "Invalid value for 'bash|zsh|fish': 'tcsh' is not one of 'bash', 'zsh', 'fish'."),
    ],
)  # fmt: skip
def test_a_wrong_command_line_is_told_in_two_lines(monkeypatch, line, chinese, english):
    for language, start, said in (("zh", "错误：", chinese), ("en", "error: ", english)):
        monkeypatch.setenv("QA_LANGUAGE", language)
        with pytest.raises(click.UsageError) as raised:
            cli.main(line, prog_name="qa", standalone_mode=False)
        first, second = usage_error(raised.value).split("\n")
        assert first == start + said
        assert re.fullmatch(r"(详见|see) qa( \w+)? --help", second)
        assert raised.value.exit_code == 2
