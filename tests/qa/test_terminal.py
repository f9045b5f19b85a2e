"""What a person sees on a terminal and a program reads from a pipe, of real processes."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import signal
import struct
import subprocess
import sys
import termios
from contextlib import nullcontext
from pathlib import Path

import pytest
from rich.cells import cell_len
from rich.progress import Progress

from qa.config import Config
from qa.messages import Messages
from qa.telling import Following
from qa.terminal import Bar, Face, Rate, What

ROOT = Path(__file__).resolve().parents[2]
LOADER = """
import logging
from qa.terminal import _face
_face(None, False, True)
logging.getLogger("faiss.loader").info("Could not load library with AVX512 support")
logging.getLogger("qa").info("of our own")
"""
QUESTION = "县级工会提升年的目标是什么"
COLOUR = re.compile(r"\x1b\[(?:\d+;)*(?:3[0-8]|9[0-7])[0-9;]*m")
CONTROL = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
# The real program with an encoder that costs nothing, so that these tests need no model.
PROGRAM = """
import sys
sys.path.append(sys.argv.pop(1))
import qa.library
from tests.fakes import FakeEncoder
qa.library.load_encoder = lambda name: FakeEncoder()
from qa.cli import main
main()
"""


def command(*arguments):
    return [sys.executable, "-c", PROGRAM, str(ROOT), *map(str, arguments)]


def environment(**more):
    kept = {name: value for name, value in os.environ.items() if not name.startswith("QA_")}
    for name in ("NO_COLOR", "FORCE_COLOR", "COLUMNS", "LINES"):
        kept.pop(name, None)
    return {**kept, "QA_LANGUAGE": "zh", "TERM": "xterm-256color", **more}


def on_terminal(*arguments, columns=80, look=None, **more):
    """Run with a pseudo-terminal of that width; give exit code and all that was written to it.

    `look` is given what was written so far, again and again.
    """
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    process = subprocess.Popen(
        command(*arguments), stdin=theirs, stdout=theirs, stderr=theirs, env=environment(**more)
    )
    os.close(theirs)
    written = b""
    while True:
        try:
            block = os.read(ours, 65_536)
        except OSError:  # Linux's way to say that the other end is closed
            break
        if not block:
            break
        written += block
        if look:
            look(written.decode("utf-8", errors="replace"))
    os.close(ours)
    return process.wait(), written.decode("utf-8").replace("\r\n", "\n")


@pytest.fixture(scope="module")
def folder(sample_library):
    return sample_library.folder


def test_adding_shows_a_bar_that_goes_away(tmp_path, sample):
    code, written = on_terminal("add", sample, "--library", tmp_path / "library")
    assert code == 0
    assert re.search(r"加入文档.*━.*\d+/14", CONTROL.sub("", written))
    last = CONTROL.sub("", written.rstrip("\n").split("\n")[-1]).strip()
    assert re.fullmatch(r"新增 14，更新 0，未变 0，移除 0；共 14 份文档、\d+ 个段落", last)
    assert written.count("\x1b[?25l") == written.count("\x1b[?25h")  # the cursor comes back


@pytest.mark.parametrize(("each_s", "rate"), [(0.02, "每秒 50"), (0.4, "每秒 2.5"), (0, "")])
def test_the_rate_is_what_is_done_in_a_second(each_s, rate):
    now = [0.0]
    bar = Progress(get_time=lambda: now[0])
    task = bar.add_task("", total=100)
    for done in range(1, 20):
        now[0] += each_s
        bar.update(task, completed=done)
    assert Rate(Messages("zh")).render(bar.tasks[0]).plain == rate


def test_the_bar_shows_how_far_the_file_is_that_is_being_written(monkeypatch):
    now = [100.0]
    monkeypatch.setattr("qa.terminal.time.monotonic", lambda: now[0])
    progress = Progress(get_time=lambda: now[0])
    told = Bar(progress, progress.add_task("加入文档", total=None), Messages("zh"))
    assert isinstance(told, Following)
    shown = []
    for done in (0.25, 0.26, 0.5):  # the second comes too soon after the first
        told.within(2 + done, 4)
        shown.append((progress.tasks[0].completed, progress.tasks[0].description))
        now[0] += 0.05 if done == 0.25 else 5
    assert [one for one, _ in shown] == [2.25, 2.25, 2.5]
    assert shown[2][1] == "加入文档（当前文件 50%）"
    assert progress.tasks[0].total == 4
    told(3, 4)
    assert (progress.tasks[0].completed, progress.tasks[0].description) == (3, "加入文档")
    told.within(3.999, 4)
    now[0] += 0.001
    told(4, 4)
    assert progress.tasks[0].finished


def test_the_bar_names_the_file_that_is_read_for_more_than_a_moment(monkeypatch):
    now = [100.0]
    monkeypatch.setattr("qa.terminal.time.monotonic", lambda: now[0])
    progress = Progress(get_time=lambda: now[0])
    told = Bar(progress, progress.add_task("加入文档", total=None), Messages("zh"))
    shown = []

    def look(after_s):
        now[0] += after_s
        shown.append(What(Messages("zh")).render(progress.tasks[0]).plain)

    look(5)
    told.begin("通知/2024/大\x1b[2J\n文件.txt")
    look(0.9)
    look(0.2)
    told.begin("第二份很长很长很长很长很长很长很长很长的文件.txt")
    look(0.5)
    look(0.6)
    told.within(0.5, 4)
    look(9)
    told(1, 4)
    look(9)
    assert shown == [
        "加入文档",
        "加入文档",
        "加入文档（正在读 大 [2J 文件.txt）",
        "加入文档",
        "加入文档（正在读 第二份很长很长很长很长很长…）",
        "加入文档（当前文件 50%）",
        "加入文档",
    ]


# The same program, whose cleaning waits for somebody to have seen what it shows.
WAITING = PROGRAM.replace(
    "from qa.cli",
    """
import os, pathlib, time
import qa.work
real = qa.work.clean
def clean(*given):
    while not pathlib.Path(os.environ["SEEN"]).exists():
        time.sleep(0.01)
    return real(*given)
qa.work.clean = clean
from qa.cli""",
)


@pytest.mark.parametrize(
    ("language", "says"), [("zh", "加入文档（正在读 大.txt）"), ("en", "(reading 大.txt)")]
)
def test_a_large_file_is_named_while_it_is_read_and_cleaned(tmp_path, monkeypatch, language, says):
    monkeypatch.setattr("tests.qa.test_terminal.PROGRAM", WAITING)
    file, seen = tmp_path / "大.txt", tmp_path / "seen"
    file.write_text("枫林县总工会今天开会。", encoding="utf-8")

    def look(written):
        if says in CONTROL.sub("", written):
            seen.touch()

    given = ("add", file, "--library", tmp_path / "library")
    code, written = on_terminal(*given, look=look, QA_LANGUAGE=language, SEEN=str(seen))
    assert (code, seen.exists()) == (0, True)
    assert "1" in CONTROL.sub("", written.rstrip("\n").split("\n")[-1])


def test_what_goes_on_for_a_moment_only_shows_no_bar(monkeypatch):
    now = [100.0]
    monkeypatch.setattr("qa.terminal.time.monotonic", lambda: now[0])
    face, shown = Face(Config(language="zh"), as_json=False, verbose=False), []
    bar = nullcontext(lambda *given: shown.append(given))
    monkeypatch.setattr(face, "progress", lambda key: bar)
    with face.progress_if_long("healing") as progress:
        for done in range(1, 6):
            progress(done, 5)
            now[0] += 0.4
    assert shown == [(4, 5), (5, 5)]


def test_the_slow_growth_of_one_file_is_no_rate():
    now = [0.0]
    bar = Progress(get_time=lambda: now[0])
    task = bar.add_task("", total=1)
    for done in range(1, 20):
        now[0] += 1
        bar.update(task, completed=done / 100)
    assert Rate(Messages("zh")).render(bar.tasks[0]).plain == ""
    assert 60 < bar.tasks[0].time_remaining < 90


@pytest.mark.parametrize("columns", [40, 80])
def test_an_answer_has_colour_and_fits_the_terminal(folder, columns):
    code, written = on_terminal("ask", QUESTION, "-k", 1, "--library", folder, columns=columns)
    assert code == 0
    assert COLOUR.search(written)
    lines = CONTROL.sub("", written).rstrip("\n").split("\n")
    assert [line for line in lines if cell_len(line) > columns] == []
    quote, passage = "".join(lines).replace(" ", "").split("[1]", 2)[::2]
    assert "县级工会提升年的目标是" in quote
    # Once as the answer, once marked inside the passage.
    marked = "".join(re.findall(r"\x1b\[1;32m(.*?)\x1b\[0m", written, re.S))
    assert CONTROL.sub("", marked).count("县级工会提升年的目标是") == 2
    assert "到2025年2月底" in passage
    assert "到2025年2月底" not in marked


def test_no_color_is_respected(folder):
    code, written = on_terminal("ask", QUESTION, "--library", folder, NO_COLOR="1")
    assert code == 0
    assert not COLOUR.search(written)


def test_an_error_is_red_on_a_terminal(tmp_path):
    code, written = on_terminal("status", "--library", tmp_path / "none")
    assert code == 1
    assert "\x1b[1;31m错误：" in written


def test_json_on_a_terminal_is_bare(folder):
    code, written = on_terminal("ask", QUESTION, "--library", folder, "--json")
    assert code == 0
    assert written.startswith("{\n")
    assert "\x1b" not in written


def test_a_pipe_gets_whole_lines_and_no_colour(folder):
    done = subprocess.run(
        command("ask", QUESTION, "--library", folder), env=environment(COLUMNS="40"),
        capture_output=True, check=True,
    )  # fmt: skip
    out = done.stdout.decode("utf-8")
    assert "\x1b" not in out
    assert re.match(r"县级工会提升年的目标是：.*“娘家人”。  \[1\]  把握 \d+%\n", out)
    assert done.stderr == b""


def test_a_reader_that_has_seen_enough_is_no_error(folder):
    process = subprocess.Popen(
        command("list", "--library", folder), env=environment(), stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )  # fmt: skip
    process.stdout.close()
    assert process.stderr.read() == b""
    process.stderr.close()
    assert process.wait() == 0


def test_ctrl_c_while_modules_load_is_quiet():
    program = (
        "import os, signal, importlib, qa.__main__ as start\n"
        "start.import_module = lambda name: os.kill(os.getpid(), signal.SIGINT)\n"
        "start.main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], env=environment(), capture_output=True, check=False
    )
    assert (done.returncode, done.stderr) == (-signal.SIGINT, b"")


def test_verbose_leaves_out_what_the_loader_of_faiss_tries():
    done = subprocess.run(
        [sys.executable, "-c", LOADER],
        capture_output=True,
        text=True,
        check=True,
        env=environment(PYTHONPATH=str(ROOT)),
    )
    assert "of our own" in done.stderr
    assert "AVX512" not in done.stderr
