"""A file that hangs or kills its reader is one reported failure; the next file is read."""

from __future__ import annotations

import json
import sys

import pytest

from qa.reading.isolation import Isolated
from qa.reading.plain import Unreadable
from tests import office
from tests.office import SENTENCE

# Stands in for a library that a file breaks: what the file holds is done in the reader's process.
BROKEN = """
import os, signal, time
def read_mail(data):
    exec(data.decode())
"""


@pytest.fixture
def broken(tmp_path, monkeypatch):
    """The other process finds this instead of the reader of mail."""
    (tmp_path / "sitecustomize.py").write_text(
        f"import sys, types\nmodule = types.ModuleType('qa.reading.mail')\n"
        f"exec({BROKEN!r}, module.__dict__)\nsys.modules['qa.reading.mail'] = module\n",
        encoding="utf-8",
    )
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))


def test_another_process_reads_the_same_and_stays():
    with Isolated() as isolated:
        for _ in range(2):
            content = isolated.read(office.opendocument(), ".odt")
            assert SENTENCE in content.text
        with pytest.raises(Unreadable, match=r"not \.docx"):
            isolated.read(b"no zip", ".docx")
        assert isolated.read(office.word(), ".docx").title


@pytest.mark.parametrize(
    ("doing", "reason"),
    [
        ("os.kill(os.getpid(), signal.SIGSEGV)", "SIGSEGV"),
        ("os._exit(3)", "code 3"),
        ("x = bytearray(3 << 30)", "too large"),
        ("1 / 0", "ZeroDivisionError"),
        ("def f(): f()\nglobals()['f'] = f\nf()", "too deep"),
        ("print('x' * 100); raise ImportError(name='olefile')", "needs olefile"),
    ],
)
def test_what_breaks_a_reader_is_told_and_the_next_file_is_read(broken, doing, reason):
    with Isolated() as isolated:
        with pytest.raises(Unreadable, match=reason):
            isolated.read(doing.encode(), ".eml")
        assert SENTENCE in isolated.read(office.opendocument(), ".odt").text


def test_what_takes_for_ever_is_told_and_the_next_file_is_read(broken, monkeypatch):
    with Isolated(timeout_s=1.5) as isolated:
        with pytest.raises(Unreadable, match="took longer than 2 s"):
            isolated.read(b"while True: pass", ".eml")
        monkeypatch.setattr(isolated, "_timeout_s", 120.0)  # for a machine that is busy
        assert SENTENCE in isolated.read(office.opendocument(), ".odt").text


def test_the_process_ends_with_its_reader():
    isolated = Isolated()
    isolated.read(office.opendocument(), ".odt")
    process = isolated._process
    isolated.close()
    assert process is not None
    assert process.poll() is not None
    isolated.close()


def test_the_modules_of_this_process_are_those_of_the_other(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("PYTHONPATH", raising=False)
    assert json.dumps(sys.path)
    with Isolated() as isolated:
        assert SENTENCE in isolated.read(office.opendocument(), ".odt").text
