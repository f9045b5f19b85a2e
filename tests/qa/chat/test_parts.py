"""The history file, the pager, and waiting for work."""

from __future__ import annotations

import signal
import stat
import sys
import threading
import time
from pathlib import Path

import pytest
from prompt_toolkit.application import create_app_session
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output import DummyOutput

from qa.chat.editing import line_reader
from qa.chat.history import history_file, prepare
from qa.chat.paging import page, pager
from qa.chat.waiting import Waiting


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_where_the_history_is(monkeypatch, tmp_path):
    assert history_file({"XDG_STATE_HOME": "/var/state"}) == Path(
        "/var/state/cited-qa/chat-history"
    )
    monkeypatch.setenv("HOME", str(tmp_path))
    usual = tmp_path / ".local" / "state" / "cited-qa" / "chat-history"
    assert history_file({}) == usual
    assert history_file({"XDG_STATE_HOME": "relative"}) == usual  # XDG: such a path is ignored


def test_nobody_else_can_read_the_history(tmp_path):
    file = tmp_path / "state" / "cited-qa" / "chat-history"
    prepare(file)
    assert (mode(file), mode(file.parent)) == (0o600, 0o700)
    file.write_text("\n# today\n+秘密\n", encoding="utf-8")
    file.chmod(0o644)
    prepare(file)
    assert mode(file) == 0o600
    assert "秘密" in file.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "keys",
    [
        "\x1b[200~骑手\x1b[31m之家\x07\r\n在哪里\x1b[201~\r",  # pasted
        "骑手之\x11\x1b\x11\x07家 在哪里\r",  # Ctrl-Q puts in what the next key would do
    ],
)
def test_what_a_paste_brings_along_is_not_kept(tmp_path, keys):
    file = tmp_path / "chat-history"
    with create_pipe_input() as keyboard, create_app_session(keyboard, DummyOutput()):
        keyboard.send_text(keys)
        line_reader("问：", tuple, file)()
    assert file.read_text(encoding="utf-8").splitlines()[-1] == "+骑手之家 在哪里"


def test_what_is_pasted_is_one_line_without_signs_that_nobody_sees():
    with create_pipe_input() as keyboard, create_app_session(keyboard, DummyOutput()):
        keyboard.send_text("在\x1b[200~骑手\x1b[31m之家\x07\r\n哪里\x1b[201~\r")
        assert line_reader("问：", tuple, None)() == "在骑手之家 哪里"


def test_questions_that_are_pasted_stay_questions():
    with create_pipe_input() as keyboard, create_app_session(keyboard, DummyOutput()):
        keyboard.send_text("\x1b[200~骑手之家在哪里\r\n几点开门\n\x1b[201~\r")
        assert line_reader("问：", tuple, None)() == "骑手之家在哪里？ 几点开门？"


def test_the_history_does_not_grow_for_ever(tmp_path):
    file = tmp_path / "chat-history"
    file.write_text("".join(f"\n# day\n+第{n}问\n" for n in range(30_000)), encoding="utf-8")
    prepare(file)
    kept = file.read_text(encoding="utf-8")
    assert len(kept.encode()) <= 200_000
    assert kept.startswith("# day\n+第")
    assert kept.endswith("+第29999问\n")


def test_the_pager_is_the_persons_own():
    assert pager({"PAGER": f"{sys.executable} -u"}) == (sys.executable, "-u")
    assert pager({"PAGER": "no-such-program"}) == ()
    assert pager({"PAGER": "'"}) == pager({})


def test_the_pager_gets_the_whole_text(tmp_path):
    copy = tmp_path / "copy"
    program = f"import sys; open({str(copy)!r}, 'wb').write(sys.stdin.buffer.read())"
    text = "第一行\n" * 100_000
    page(text, (sys.executable, "-c", program), line=3)
    assert copy.read_text(encoding="utf-8") == text


def test_less_begins_at_the_place(tmp_path):
    said = tmp_path / "said"
    less = tmp_path / "less"
    less.write_text(f'#!/bin/sh\necho "$@" > {said}\n')
    less.chmod(0o755)
    page("text", (str(less),), line=40)
    assert said.read_text() == "-R +37\n"


def test_quick_work_is_not_talked_of():
    notes: list[str] = []
    waiting = Waiting(notes.append, patience_s=60)
    assert waiting(lambda: 3, "searching") == 3
    with pytest.raises(TimeoutError):
        waiting(lambda: (_ for _ in ()).throw(TimeoutError()), "searching")
    waiting.close()
    assert notes == []


def test_slow_work_is_said_once_and_taken_back():
    said = threading.Event()
    notes: list[str] = []

    def note(message: str) -> None:
        notes.append(message)
        said.set()

    waiting = Waiting(note, patience_s=0.01)
    assert waiting(lambda: said.wait(60), "searching")
    waiting.close()
    assert notes == ["searching", ""]


def test_ctrl_c_stops_waiting_and_the_next_question_is_answered():
    gate, begun = threading.Event(), threading.Event()
    waiting = Waiting(lambda _: None, patience_s=0.01)

    def slow() -> None:
        begun.set()
        gate.wait(60)

    def press() -> None:
        begun.wait(60)
        signal.raise_signal(signal.SIGINT)

    presser = threading.Thread(target=press)
    presser.start()
    start = time.perf_counter()
    with pytest.raises(KeyboardInterrupt):
        waiting(slow, "searching")
    presser.join()
    assert waiting(lambda: "next", "searching") == "next"
    assert time.perf_counter() - start < 40
    gate.set()
    waiting.close()
