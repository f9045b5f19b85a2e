"""Other processes make the same of documents as this one does, whatever happens to them."""

from __future__ import annotations

import os
import re
import signal
import sqlite3
import subprocess
import sys
import time
from itertools import chain
from pathlib import Path

import pytest

from embeddings.words import cutter
from qa import crew as module
from qa.adding import Task
from qa.cleaning import Cleaning
from qa.crew import Crew
from qa.library import Library
from qa.reading import Reading
from qa.records import Document
from qa.work import Bench, Failed, Job, Recipe

ROOT = Path(__file__).parents[2]
RECIPE = Recipe(cutter().name, ())
TEXT = "枫林县总工会建成工会驿站{}家，全年开放，为户外劳动者提供热饭和饮水。\n"
# A worker that comes to its end, or to none, when it meets documents of certain names.
BROKEN = """
import json, os, signal, sys, time
sys.path[:] = json.loads(sys.argv[1])
from qa import work
done = work.Bench.items
def items(self, job):
    for item in done(self, job):
        if item is not None:
            yield item
        if job.task.path == 'killing':
            os.kill(os.getpid(), signal.SIGKILL)
        if job.task.path == 'ending':
            os._exit(3)
        if job.task.path == 'hanging':
            time.sleep(600)
        if job.task.path.startswith('once') and not os.path.exists(job.task.path[4:]):
            open(job.task.path[4:], 'w').close()
            os.kill(os.getpid(), signal.SIGKILL)
    yield None
work.Bench.items = items
work.serve()
"""


def jobs(*paths):
    documents = [Document.from_text(TEXT.format(path), path=str(path)) for path in paths]
    return [Job(Task(one.path, one.path, document=one)) for one in documents]


def worked(bundles, *, workers=1, **limits):
    """The items of each job, as a crew gives them."""
    with (
        Bench(RECIPE, cutter()) as bench,
        Crew(RECIPE, bench, workers=workers, **limits) as crew,
    ):
        return told_apart(crew.items(bundles))


def told_apart(items):
    found = [[]]
    for item in items:
        if item is None:
            found.append([])
        else:
            found[-1].append(item)
    assert found.pop() == []
    return found


def alone(bundles):
    with Bench(RECIPE, cutter()) as bench:
        return told_apart(chain.from_iterable(map(bench.items, chain.from_iterable(bundles))))


@pytest.fixture
def broken(monkeypatch):
    monkeypatch.setattr(module, "_START", BROKEN)


def test_a_crew_gives_what_a_bench_gives_in_the_same_order():
    bundles = [jobs(*range(n, n + 3)) for n in range(0, 30, 3)]
    assert worked(bundles, workers=2) == alone(bundles)


def test_nothing_to_do_is_done_at_once():
    assert worked([]) == []


def test_a_crew_may_be_left_amid_its_work():
    with Bench(RECIPE, cutter()) as bench, Crew(RECIPE, bench, workers=2) as crew:
        items = crew.items([jobs(n) for n in range(200)])
        assert isinstance(next(items), Reading)
    assert all(process._process is None for process in crew._processes)


def test_a_document_that_kills_its_worker_is_reported_and_the_others_are_not(broken):
    bundles = [jobs(1, "killing", 2), jobs(3)]
    one, killing, *others = worked(bundles)
    assert [one, *others] == alone([jobs(1, 2), jobs(3)])
    [failed] = killing
    assert "SIGKILL" in failed.reason


def test_a_worker_killed_once_loses_nothing(broken, tmp_path):
    bundles = [jobs(1, f"once{tmp_path / 'seen'}", 2), jobs(3)]
    assert worked(bundles) == alone(bundles)


def test_a_document_that_takes_for_ever_is_reported(broken):
    [[*_, failed]] = worked([jobs("hanging")], allowed_s=2.0)
    assert isinstance(failed, Failed)
    assert re.fullmatch(r"reading took longer than 2 s and was stopped; split it", failed.reason)


def test_where_no_other_process_works_this_one_does_all(monkeypatch):
    monkeypatch.setattr(module, "_START", "raise SystemExit(1)")
    assert worked([jobs(1, 2), jobs(3)]) == alone([jobs(1, 2), jobs(3)])


# The whole of an `add`


@pytest.fixture
def folder(tmp_path, sample):
    """The sample documents with what is special about some files."""
    place = tmp_path / "docs"
    place.mkdir()
    for file in sorted(sample.rglob("*")):
        if file.is_file():
            (place / file.name).write_bytes(file.read_bytes())
    for number in range(40):
        (place / f"{number:02}.txt").write_text(TEXT.format(number) * 9, encoding="utf-8")
    (place / "gbk.txt").write_bytes(TEXT.encode("gbk"))
    (place / "坏.pdf").write_bytes(b"%PDF-1.4 nothing")
    (place / "空.txt").write_text("", encoding="utf-8")
    return place


def held(library):
    """All rows of all tables, as they stand in the file."""
    connection = sqlite3.connect(Path(library) / "library.db")
    try:
        return {
            table: connection.execute(f"SELECT * FROM {table} ORDER BY 1").fetchall()  # noqa: S608
            for table in ("document", "passage", "removal")
        }
    finally:
        connection.close()


def added(place, folder, **given):
    """Add, change and add again; give all that came of it."""
    cleaning = Cleaning.of(["饮水"], ["related"])
    with Library.open(place, words=["枫林县总"], cleaning=cleaning) as library:
        reports = [library.add(folder, **given)]
        (folder / "07.txt").write_text("工会驿站迁到了新的地方。", encoding="utf-8")
        (folder / "08.txt").unlink()
        reports.append(library.add([folder, Document.from_text("骑手之家揭牌。", path="信")]))
        found = [
            [(hit.passage, hit.score) for hit in library.search(query)]
            for query in ("工会驿站", "骑手之家", "枫林县总", "提升年的目标")
        ]
        status = library.status()
    (folder / "07.txt").write_text(TEXT.format(7) * 9, encoding="utf-8")
    (folder / "08.txt").write_text(TEXT.format(8) * 9, encoding="utf-8")
    return reports, found, (status.terms, status.vectors, status.generation), held(place)


def test_a_library_is_the_same_with_and_without_other_processes(tmp_path, folder, monkeypatch):
    monkeypatch.setattr("qa.sharing.cores", lambda: 2)
    monkeypatch.setattr("qa.sharing._BUNDLE_BYTES", 2_000)
    monkeypatch.setattr("qa.writing.BATCH_CHARS", 5_000)
    by_itself = added(tmp_path / "one", folder)
    monkeypatch.setattr("qa.sharing.ALONE_BYTES", 0)
    assert added(tmp_path / "two", folder) == by_itself
    reports, found, *_ = by_itself
    assert {one.path for one in reports[0].failed} == {"坏.pdf", "空.txt"}
    assert reports[1].updated == ("07.txt",)
    assert all(found)


ADDING = """
import sys
sys.path[:0] = [sys.argv[1]]
from qa import sharing, writing
sharing.ALONE_BYTES, sharing.cores = 0, lambda: 2
sharing._BUNDLE_BYTES, writing.BATCH_CHARS = 1, 1_000
from qa.library import Library
with Library.open(sys.argv[2]) as library:
    def told(done, total):
        print(done, flush=True)
        if done > 100:
            sys.stdin.read()  # it does not come to its end before it is killed
    library.add(sys.argv[3], told)
"""


def state_and_parent(pid):
    """Of a process, as Linux tells; (None, None) when it has ended, also while it is asked."""
    try:
        state, parent = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[:2]
    except (FileNotFoundError, ProcessLookupError):
        return None, None
    return state, int(parent)


def children(pid):
    every = [int(one.name) for one in Path("/proc").iterdir() if one.name.isdigit()]
    return [one for one in every if state_and_parent(one)[1] == pid]


def is_running(pid):
    return state_and_parent(pid)[0] not in (None, "Z")


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="asks Linux for processes")
@pytest.mark.parametrize("ending", [signal.SIGKILL, signal.SIGINT])
def test_workers_end_with_whoever_started_them_and_all_that_was_told_is_there(tmp_path, ending):
    folder, place = tmp_path / "docs", tmp_path / "library"
    folder.mkdir()
    for number in range(250):
        (folder / f"{number:03}.txt").write_text(TEXT.format(number) * 20, encoding="utf-8")
    command = [sys.executable, "-c", ADDING, str(ROOT), str(place), str(folder)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        told = [int(process.stdout.readline()) for _ in range(5)]
        workers = children(process.pid)
        assert len(workers) == 2
        process.send_signal(ending)
        process.stdin.close()  # a signal just before it begins to read waits for that
        told += [int(line) for line in process.stdout if line.endswith("\n")]
    until = time.monotonic() + 120
    while any(map(is_running, workers)) and time.monotonic() < until:
        time.sleep(0.05)
    assert not any(map(is_running, workers))
    with Library.open(place) as library:
        status = library.status()
        assert told[-1] <= status.documents < 250
        assert status.passages == status.terms == status.vectors
        report = library.add(folder)
        assert (len(report.unchanged), len(report.added)) == (
            status.documents,
            250 - status.documents,
        )
        assert library.status().documents == 250


def test_a_crew_gives_up_no_core_it_may_use():
    assert 1 <= module.cores() <= (os.cpu_count() or 1)
