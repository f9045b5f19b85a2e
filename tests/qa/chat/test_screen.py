"""The chat as a person meets it: keys typed on a pseudo-terminal, the screen read; and in pipes."""

from __future__ import annotations

import json
import re
import shutil
import signal
import stat
import subprocess

import pytest
from click.testing import CliRunner
from rich.cells import cell_len

from qa.cli import cli
from qa.errors import LibraryLocked
from qa.library import Library
from qa.records import Document, Verdict
from tests.fakes import FakeEncoder
from tests.qa.chat.screens import (
    BACKSPACE,
    CTRL_C,
    CTRL_D,
    LEFT,
    TAB,
    UP,
    Terminal,
    command,
    environment,
)

GOAL = "县级工会提升年的目标是什么"
COLOUR = re.compile(rb"\x1b\[(?:\d+;)*(?:3[0-8]|9[0-7])[0-9;]*m")


@pytest.fixture
def folder(sample_library, tmp_path):
    copy = tmp_path / "library"
    shutil.copytree(sample_library.folder, copy)
    return copy


def test_a_conversation_at_80_columns(folder, tmp_path, encoder):
    with Terminal(folder, tmp_path, columns=80, PAGER="cat") as terminal:
        terminal.see("14 份文档、148 个段落")
        terminal.at_prompt()
        terminal.enter("你好")
        terminal.see("想查什么，直接输入问题就行。")
        terminal.at_prompt()
        terminal.type(UP)
        terminal.at_prompt("你好")
        terminal.type(CTRL_C + "县级工会提升年的目的是什么")
        terminal.at_prompt("县级工会提升年的目的是什么")
        terminal.type(LEFT * 3 + BACKSPACE + "标")  # one wide character for another
        terminal.at_prompt(GOAL)
        terminal.type("\r")
        terminal.see("把握")
        terminal.at_prompt()
        assert COLOUR.search(terminal.written)
        assert max(map(cell_len, terminal.lines)) <= 80
        terminal.enter(":sources")
        terminal.see("到2025年2月底")
        terminal.at_prompt()
        terminal.enter("：反馈 对")
        terminal.see("已记下：答对了。")
        terminal.enter(":open 1")
        terminal.see("云工发〔2024〕6号", times=2)
        terminal.at_prompt()
        terminal.enter(":nosuch")
        terminal.see("没有 :nosuch 这个命令")
        terminal.enter(":new")
        terminal.see("换了话题")
        terminal.enter("qishou zhijia zai nali")
        terminal.see("您是不是想问：骑手之家在哪里")
        terminal.at_prompt()
        terminal.enter("")  # yes
        terminal.see("望湖区骑手之家报道.txt · 第")
        terminal.at_prompt()
        # Another process adds a document; the chat sees it.
        with Library.open(folder, encoder) as library:
            library.add(Document.from_text("阅览室周一闭馆。", path="阅览室.txt"))
        terminal.enter("：新话题")
        terminal.see("换了话题", times=2)
        terminal.enter("阅览室哪天闭馆")
        terminal.see("阅览室.txt · 第 1 段")
        terminal.at_prompt()
        terminal.type(CTRL_D)
        assert terminal.end() == 0
    with Library.open(folder, encoder) as library:
        assert [one.verdict for one in library.feedback()] == [Verdict.RIGHT]
    history = tmp_path / ".local" / "state" / "cited-qa" / "chat-history"
    assert stat.S_IMODE(history.stat().st_mode) == 0o600
    assert f"+{GOAL}\n" in history.read_text(encoding="utf-8")


def test_keys_at_40_columns_without_colour(folder, tmp_path):
    state = tmp_path / "state"
    with Terminal(
        folder, tmp_path, "--no-history", columns=40, NO_COLOR="1", XDG_STATE_HOME=str(state)
    ) as terminal:
        terminal.at_prompt()
        terminal.type("困難職工" + TAB)
        terminal.see("qa> 云岭市工会困难职工帮扶资金管理办法（试行）")
        terminal.type(CTRL_C)  # clears the line
        terminal.at_prompt()
        terminal.type(":so" + TAB)
        terminal.at_prompt(":sources")
        terminal.type("\r")
        terminal.see("还没有问过：先输入一个问题")
        terminal.enter(GOAL)
        terminal.see("把握")
        terminal.at_prompt()
        terminal.enter(":help")
        terminal.see("冒号全角、半角都行")
        terminal.at_prompt()
        assert max(map(cell_len, terminal.lines)) <= 40
        assert not COLOUR.search(terminal.written)
        # No line begins with what closes, wide characters are whole.
        assert not [line for line in terminal.lines if line.lstrip()[:1] in set("，。；）")]
        assert "县级工会提升年的目标是：用一年时间" in terminal.run_on
        terminal.type(CTRL_C)  # on an empty line
        assert terminal.end() == 0
    assert "错误" not in terminal.text
    assert "Traceback" not in terminal.text
    assert not state.exists()


def test_ctrl_c_stops_an_answer_and_the_chat_goes_on(folder, tmp_path):
    with Terminal(folder, tmp_path) as terminal:
        terminal.at_prompt()
        terminal.enter("慢车工会在哪里")
        terminal.see("正在查找…")
        terminal.process.sendintr()
        terminal.see("已中断")
        terminal.at_prompt()
        assert "正在查找…" not in terminal.text  # it was taken away again
        terminal.enter(GOAL)
        terminal.see("把握")
        terminal.at_prompt()
        (tmp_path / "gate").touch()
        terminal.type(CTRL_D)
        assert terminal.end() == 0


def test_a_dumb_terminal_gets_plain_lines(folder, tmp_path):
    with Terminal(folder, tmp_path, columns=40, TERM="dumb") as terminal:
        terminal.at_prompt()
        terminal.process.send(f"{GOAL}\n".encode())
        terminal.see("把握")
        terminal.at_prompt()
        terminal.process.send(b":open 1\n")
        terminal.see("编号")
        terminal.at_prompt()
        terminal.process.sendintr()
        terminal.see("再按一次 Ctrl-C 离开。")
        terminal.process.sendintr()
        assert terminal.end() == 0
        assert b"\x1b" not in terminal.written
        assert max(map(cell_len, terminal.lines)) <= 40


@pytest.mark.parametrize("kind", ["dumb", "", "unknown"])
def test_a_terminal_of_which_nothing_is_known_gets_plain_lines_too(folder, tmp_path, kind):
    with Terminal(folder, tmp_path, columns=40, TERM=kind, PAGER="less") as terminal:
        for line, seen in (
            (GOAL, "把握"),
            (":sources", "编号"),
            (":context 2", "（二）队伍提升"),
            (":open 1", "（二）队伍提升"),
            ("   ", "qa>"),
            ("\x1b[A\x1b[200~骑手\x07之家\x1b[201~在哪里", "望湖区骑手之家报道.txt · 第"),
            ("县" * 1_300, "没有找到"),  # as much as a terminal takes in one line
        ):
            terminal.at_prompt()
            before = terminal.run_on.count("".join(seen.split()))
            terminal.process.send(f"{line}\n".encode())
            terminal.see(seen, times=before + 1)
        terminal.at_prompt()
        terminal.type(CTRL_D)
        assert terminal.end() == 0
        assert "错误" not in terminal.text
        assert b"\x1b" not in terminal.written
        assert max(map(cell_len, terminal.lines)) <= 40


def test_a_very_long_line_is_a_question_like_any_other(folder, tmp_path):
    done = piped(folder, tmp_path, ("县" * 10_000 + "\n   \n" + GOAL).encode())
    assert (done.returncode, done.stderr) == (0, b"")
    assert "县级工会提升年的目标是：" in done.stdout.decode()


# Pipes


@pytest.mark.parametrize(
    ("verb", "closed"),
    [
        (("chat",), "<&-"),
        (("chat",), ">&- 2>&-"),
        (("ask", GOAL), ">&-"),
        (("ask", GOAL), "<&- >&- 2>&-"),
    ],
)
def test_closed_streams_end_it_quietly(folder, tmp_path, closed, verb):
    [python, flag, program, root, *_] = command("chat")
    words = [python, flag, program, root, *verb, "--library", str(folder)]
    done = subprocess.run(
        ["sh", "-c", f'"$@" {closed}', "sh", *words], input=b"", capture_output=True, check=False,
        env=environment(tmp_path),
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, b"")


def piped(folder, home, text, *options, **more):
    return subprocess.run(
        command("chat", "--library", folder, *options), input=text, env=environment(home, **more),
        capture_output=True, check=False,
    )  # fmt: skip


def test_a_pipe_is_answered_line_by_line_without_decoration(folder, tmp_path):
    lines = ["\ufeff你好", "", GOAL, "：没有这个", ":new", "云岭市有几座机场", ":sources", "谢谢"]
    done = piped(folder, tmp_path, "\r\n".join(lines).encode())
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"\x1b" not in done.stdout
    answers = done.stdout.decode().rstrip("\n").split("\n\n")
    assert answers[0] == "你好。想查什么，直接输入问题就行。"
    assert answers[1].startswith("县级工会提升年的目标是：")
    assert answers[2] == "没有 :没有这个 这个命令：输入“：帮助”列出全部命令"
    assert answers[3].startswith("换了话题")
    assert answers[4].startswith("文档里没有找到答案。\n")
    assert answers[5].startswith("[1] ")
    assert answers[-1] == "不客气。还有要查的，接着问就行。"
    assert not (tmp_path / ".local").exists()  # nobody typed this


@pytest.fixture
def in_process(folder, monkeypatch):
    monkeypatch.setenv("QA_LANGUAGE", "zh")
    monkeypatch.setattr("qa.library.load_encoder", lambda name: FakeEncoder())

    def run(text, *options):
        return CliRunner().invoke(cli, ["chat", "--library", str(folder), *options], input=text)

    return run


def test_without_a_library_it_says_what_to_do(in_process, folder):
    shutil.rmtree(folder)
    done = in_process("你好\n")
    assert done.exit_code == 1
    assert "不是资料库：用 qa add 路径" in done.stderr


def test_bytes_that_are_no_text_and_no_input_at_all(in_process):
    broken = in_process(b"\xff\xfe\n" + GOAL.encode())
    assert broken.exit_code == 0
    assert "县级工会提升年的目标是：" in broken.stdout
    nothing = in_process(b"")
    assert (nothing.exit_code, nothing.output) == (0, "")


def test_programs_get_one_line_of_json_for_each_question(in_process):
    done = in_process(f"{GOAL}\n你好\n", "--json", "-k", "1")
    first, second = map(json.loads, done.stdout.splitlines())
    assert (first["question"], first["found"], len(first["citations"])) == (GOAL, True, 1)
    assert (second["question"], second["found"], second["citations"]) == ("你好", False, [])


def test_what_goes_wrong_inside_is_one_line_and_the_chat_goes_on(in_process, monkeypatch):
    ask = Library.ask

    def fails(self, question, *args, **kwargs):
        if "坏" in question:
            raise LibraryLocked("lib is busy", self.folder)
        return ask(self, question, *args, **kwargs)

    monkeypatch.setattr(Library, "ask", fails)
    done = in_process(f"坏的\n{GOAL}\n")
    assert done.exit_code == 0
    first, second = done.stdout.split("\n\n")
    assert first == "lib is busy"
    assert second.startswith("县级工会提升年的目标是：")
    assert json.loads(in_process("坏的\n", "--json").stdout)["error"] == "lib is busy"


def test_a_reader_that_has_seen_enough_ends_it_quietly(folder, tmp_path):
    process = subprocess.Popen(
        command("chat", "--library", folder), env=environment(tmp_path), stdin=subprocess.PIPE,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    process.stdout.close()
    _, said = process.communicate("你好\n谢谢\n".encode() * 2)
    assert (process.returncode, said) == (0, b"")


def test_ctrl_c_in_a_pipe_is_what_the_shell_expects(folder, tmp_path):
    process = subprocess.Popen(
        command("chat", "--library", folder), env=environment(tmp_path), stdin=subprocess.PIPE,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    process.stdin.write("你好\n".encode())
    process.stdin.flush()
    assert process.stdout.readline().decode().startswith("你好")
    process.send_signal(signal.SIGINT)
    _, said = process.communicate()
    assert (process.returncode, said.decode()) == (130, "已中断\n")
