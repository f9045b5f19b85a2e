"""One writes, any number read: threads, processes, and processes that die."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from qa.errors import LibraryLocked
from qa.library import Library
from qa.records import Document
from tests.fakes import FakeEncoder

ROOT = Path(__file__).parents[2]
PATIENCE_S = 120  # for whoever must wait for another, on a machine that is busy
NOTICE = "枫林县总工会建成工会驿站{}家，全年开放，为户外劳动者提供热饭和饮水。"


def notice(name, text=None):
    return Document.from_text(text or NOTICE.format(name), path=f"{name}")


def assert_sound(library):
    held = 0
    for document in library.documents():
        for passage in library.passages(document):
            held += 1
            assert document.text[passage.start : passage.end] == passage.text
    status = library.status()
    assert status.passages == status.terms == status.vectors == held
    assert library.verify().problems == ()


def running(code, *arguments):
    """Start a Python process that has Library, FakeEncoder and notice at hand."""
    head = (
        "import sys\n"
        f"sys.path[:0] = [{str(ROOT)!r}]\n"
        "from qa import folder\n"
        f"folder.LOCK_WAIT_S = {PATIENCE_S}\n"
        "from qa.library import Library\n"
        "from tests.fakes import FakeEncoder\n"
        "from tests.qa.test_library_sharing import notice\n"
    )
    return subprocess.Popen(
        [sys.executable, "-c", head + code, *map(str, arguments)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def finish(process):
    out, _ = process.communicate(timeout=PATIENCE_S)
    assert process.returncode == 0, out
    return out


# Threads


def test_threads_search_while_one_adds_and_removes(tmp_path):
    """What was there all the time is always found; what is found is always whole."""
    faults, done = [], threading.Event()
    with Library.open(tmp_path, FakeEncoder()) as library:
        library.add([notice(f"常在{n}", f"心理热线第{n}号全年开通。") for n in range(5)])

        def search():
            try:
                while not done.is_set():
                    hits = library.search("心理热线全年开通", k=50)
                    steady = {h.document.path for h in hits if h.document.path.startswith("常在")}
                    assert len(steady) == 5
                    for hit in library.search("工会驿站", k=50):
                        passage = hit.passage
                        assert hit.document.text[passage.start : passage.end] == passage.text
                    library.ask("心理热线")
                    library.status()
            except BaseException as error:
                faults.append(error)

        threads = [threading.Thread(target=search) for _ in range(4)]
        for thread in threads:
            thread.start()
        for turn in range(5):
            library.add([notice(f"变{turn}-{n}") for n in range(4)])
            library.remove([f"变{turn}-1", f"变{turn}-2"])
        done.set()
        for thread in threads:
            thread.join()
        assert faults == []
        assert library.status().documents == 5 + 10
        assert_sound(library)


def test_threads_that_refresh_at_once_do_not_collide(tmp_path):
    with (
        Library.open(tmp_path, FakeEncoder()) as writer,
        Library.open(tmp_path, FakeEncoder()) as reader,
    ):
        for turn in range(6):
            writer.add([notice(f"{turn}-{n}") for n in range(5)])
            found, barrier = [], threading.Barrier(6)

            def search(found=found, barrier=barrier):
                barrier.wait()
                try:
                    found.append(len(reader.search("工会驿站", k=99)))
                except BaseException as error:
                    found.append(error)

            threads = [threading.Thread(target=search) for _ in range(6)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            # One thread looks at what is new; the others need not wait for it.
            assert set(found) <= {5 * turn, 5 * (turn + 1)}
            assert len(reader.search("工会驿站", k=99)) == 5 * (turn + 1)


def test_two_threads_that_add_wait_for_each_other(tmp_path, monkeypatch):
    monkeypatch.setattr("qa.folder.LOCK_WAIT_S", PATIENCE_S)
    faults = []
    with Library.open(tmp_path, FakeEncoder()) as library:

        def add(number):
            try:
                library.add([notice(f"{number}-{n}") for n in range(3)])
            except BaseException as error:
                faults.append(error)

        threads = [threading.Thread(target=add, args=(number,)) for number in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert faults == []
        assert library.status().documents == 12
        assert_sound(library)


def test_searching_from_the_progress_of_an_add_is_allowed(tmp_path):
    counts = []
    with Library.open(tmp_path, FakeEncoder()) as library:
        library.add([notice(n) for n in range(3)])
        library.add([notice("新")], lambda *_: counts.append(len(library.search("工会驿站"))))
        assert counts == [4]  # it is told when it is written
        assert len(library.search("工会驿站")) == 4


# Processes


def test_a_second_writer_waits_then_says_that_the_library_is_locked(tmp_path, monkeypatch):
    with Library.open(tmp_path, FakeEncoder()) as library:
        library.add(notice("甲"))
        other = running(
            "library = Library.open(sys.argv[1], FakeEncoder())\n"
            "def hold(done, total):\n"
            "    print('holding', flush=True)\n"
            "    sys.stdin.readline()\n"
            "library.add(notice('乙'), hold)\n",
            tmp_path,
        )
        assert other.stdout.readline() == "holding\n"
        monkeypatch.setattr("qa.folder.LOCK_WAIT_S", 0.1)
        began = time.monotonic()
        for write in (lambda: library.add(notice("丙")), lambda: library.remove("甲")):
            with pytest.raises(LibraryLocked, match="try again") as caught:
                write()
        with pytest.raises(LibraryLocked):
            Library.rebuild(tmp_path, FakeEncoder())
        assert 0.3 <= time.monotonic() - began < 4
        assert caught.value.folder == tmp_path
        assert len(library.search("工会驿站")) == 2  # reading goes on, of what is told as done
        with Library.open(tmp_path, FakeEncoder()) as third:  # and opening
            assert len(third.search("工会驿站")) == 2
        monkeypatch.setattr("qa.folder.LOCK_WAIT_S", PATIENCE_S)
        other.stdin.write("go\n")
        finish(other)
        assert library.add(notice("丙")).added == ("丙",)
        assert {hit.document.path for hit in library.search("工会驿站")} == {"甲", "乙", "丙"}
        assert_sound(library)


def test_a_reader_sees_what_another_process_commits_without_opening_again(tmp_path):
    with Library.open(tmp_path, FakeEncoder()) as library:
        library.add([notice("甲"), notice("乙")])
        finish(
            running(
                "with Library.open(sys.argv[1], FakeEncoder()) as library:\n"
                "    library.remove('甲')\n"
                "    library.add([notice('丙'), notice('乙', '骑手之家已经揭牌。')])\n",
                tmp_path,
            )
        )
        assert {hit.document.path for hit in library.search("工会驿站")} == {"丙"}
        assert library.search("骑手之家揭牌", k=1)[0].document.path == "乙"
        assert_sound(library)


def test_processes_that_open_a_new_library_at_once_make_one(tmp_path):
    folder = tmp_path / "library"
    starts = [
        running(
            "print('ready', flush=True); sys.stdin.readline()\n"
            "with Library.open(sys.argv[1], FakeEncoder()) as library:\n"
            "    library.add(notice(sys.argv[2]))\n",
            folder,
            name,
        )
        for name in "甲乙"
    ]
    for process in starts:
        assert process.stdout.readline() == "ready\n"
    for process in starts:
        process.stdin.write("go\n")
        process.stdin.flush()
    for process in starts:
        finish(process)
    with Library.open(folder, FakeEncoder()) as library:
        assert sorted(one.path for one in library.documents()) == ["乙", "甲"]
        assert_sound(library)


ADDING = """
from qa import writing, indexes
writing.BATCH_CHARS = 200
indexes._BATCH_DOCUMENTS = 3
indexes.TAIL_LIMIT = 10
folder = sys.argv[1]
class Reporting(list):
    def append(self, path):
        super().append(path)
        print(path, flush=True)  # `add` reports what is committed
from qa.adding import Progress
made = Progress.__init__
def reporting(self, **given):
    made(self, **given)
    self.added, self.updated = Reporting(), Reporting()
Progress.__init__ = reporting
with Library.open(folder, FakeEncoder()) as library:
    library.add(notice('先'))  # loads what is loaded once
    print('-', flush=True)
    for turn in range(1_000):
        library.add([notice(f'{turn}-{n}') for n in range(9)])
        library.remove(f'{turn}-0')
        print(f'-{turn}-0', flush=True)
"""


def reported(lines):
    """What the process that died said was in, less what it said was out."""
    held = {line for line in lines if not line.startswith("-")}
    return held - {line[1:] for line in lines if line.startswith("-")}


def test_a_killed_process_leaves_a_sound_library_with_all_that_it_reported(tmp_path):
    dice = random.Random(20240401)
    for number in range(4):
        folder = tmp_path / f"{number}"
        process = running(ADDING, folder)
        assert [process.stdout.readline() for _ in range(2)] == ["先\n", "-\n"]
        time.sleep(dice.uniform(0, 0.5))
        os.kill(process.pid, signal.SIGKILL)
        out, _ = process.communicate(timeout=PATIENCE_S)
        # The last line may be cut off, and a removal may have come just before its line.
        lines = ["先", *(out.splitlines() if out.endswith("\n") else out.splitlines()[:-1])]
        with Library.open(folder, FakeEncoder()) as library:
            assert_sound(library)
            held = {one.path for one in library.documents()}
            missing = reported(lines) - held
            assert all(path.endswith("-0") for path in missing)
            assert len(missing) <= 1
            if held:
                assert library.search("工会驿站")
            library.add(notice("新", "骑手之家已经揭牌。"))
            assert library.search("骑手之家", k=1)[0].document.path == "新"
            assert_sound(library)


CRASHES = {
    "store written, term index not": "qa.indexes.Indexes.catch_up",
    "term index written, not marked complete": "qa.terms.TermIndex.complete",
    "term index complete, vector file not written": "qa.indexes.extend_main",
}


@pytest.mark.parametrize("moment", CRASHES)
def test_a_crash_at_any_moment_of_an_add_is_healed_by_opening(tmp_path, monkeypatch, moment):
    monkeypatch.setattr("qa.indexes.TAIL_LIMIT", 2)
    with Library.open(tmp_path, FakeEncoder()) as library:
        library.add([notice(n) for n in range(3)])

        def crash(*_):
            raise KeyboardInterrupt

        with monkeypatch.context() as patched:
            patched.setattr(CRASHES[moment], crash)
            with pytest.raises(KeyboardInterrupt):
                library.add([notice(n) for n in range(2, 9)] + [notice(0, "骑手之家已经揭牌。")])
        with Library.open(tmp_path, FakeEncoder()) as again:
            assert {h.document.path for h in again.search("骑手之家揭牌", k=1)} == {"0"}
            assert len(again.search("工会驿站", k=99)) >= 8
            assert_sound(again)
        assert_sound(library)


def test_a_crash_in_the_same_process_is_healed_by_the_next_question(tmp_path, monkeypatch):
    with Library.open(tmp_path, FakeEncoder()) as library:
        library.add(notice("甲"))

        def crash(*_):
            raise KeyboardInterrupt

        with monkeypatch.context() as patched:
            patched.setattr("qa.indexes.Indexes.catch_up", crash)
            with pytest.raises(KeyboardInterrupt):
                library.add(notice("乙", "骑手之家已经揭牌。"))
        assert library.search("骑手之家", k=1)[0].document.path == "乙"
        assert_sound(library)
