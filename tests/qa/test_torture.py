"""The short form of the torture; `python tests/benchmarks/torture.py` is the long one.

What is asserted does not depend on the instants at which chance strikes. Seeds are printed.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from qa.errors import LibraryLocked
from qa.library import Library
from tests.fakes import FakeEncoder
from tests.torture.comparing import index_faults, text_faults
from tests.torture.harming import flipped, zeroed
from tests.torture.killing import Plan, Torture
from tests.torture.running import ROOT, damage_files, fill_disk
from tests.torture.texts import LARGE, SMALL, named, question_of
from tests.torture.writer import given

SEED = 20240401
POSIX = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks into /proc")


@pytest.fixture
def tmp_path():
    """A folder in memory, where there is one: a kill takes nothing that a process has written."""
    memory = Path("/dev/shm")  # noqa: S108
    with TemporaryDirectory(dir=memory if os.access(memory, os.W_OK) else None) as place:
        yield Path(place)


@POSIX
def test_a_killed_writer_loses_nothing_it_reported_and_disturbs_no_reader(tmp_path):
    plan = Plan(
        tmp_path, SEED, kills=8, readers=(("ask", "list"),), longest_s=0.5, large=12,
        modes=("group", "main"), unhurried=False,
    )  # fmt: skip
    print(f"seed {SEED}")
    result = Torture(plan).run()
    assert result.faults == []
    assert sum(result.kills[mode] for mode in set(plan.modes)) == 8
    assert result.questions > 0


@pytest.mark.skipif(os.geteuid() != 0, reason="needs to be root to mount a small disk")
def test_a_full_disk_is_told_at_every_stage_and_loses_nothing(tmp_path):
    found = fill_disk(tmp_path / "disk", "24m", "--free-kb", "0", "900")
    if "skipped" in found:
        pytest.skip(str(found["skipped"]))
    assert found["faults"] == []
    assert {"add: full in the database", "rebuild: full in the database"} <= set(found["outcomes"])
    assert {"heal: told beside the answer", "heal: worked"} <= set(found["outcomes"])
    assert {"restore: full in the new library", "restore: worked"} <= set(found["outcomes"])


def test_damaged_files_are_mended_or_told_in_one_line(tmp_path):
    # Every 41st of all pairs of a file and a harm; the long form tries them all.
    found = damage_files(tmp_path / "files", "--every", "41")
    assert found["faults"] == []
    assert found["tried"] > 3


@pytest.mark.parametrize("harm", [zeroed, flipped])
def test_damage_that_only_a_question_meets_is_mended_by_it(tmp_path, harm):
    with Library.open(tmp_path, FakeEncoder()) as library:
        library.add([given(f"f99d{n}", 1, SMALL) for n in range(6)])
    for file in (tmp_path / "terms").glob("*.idx"):
        harm(file)
    with Library.open(tmp_path, FakeEncoder()) as library:
        for number in range(6):
            hits = library.search(question_of(f"f99d{number}", 1, SMALL), k=1)
            assert named(hits[0].passage.text) == (f"f99d{number}", 1)
        assert index_faults(library) == []


REBUILDING = """
import sys
from qa.library import Library
from tests.fakes import FakeEncoder
def wait(done, total):
    if done == 1:
        print("inside", flush=True)
        sys.stdin.readline()
Library.rebuild(sys.argv[1], FakeEncoder(), progress=wait)
print("rebuilt", flush=True)
"""


def test_while_one_rebuilds_others_ask_and_back_up_and_a_second_writer_is_told(
    tmp_path, monkeypatch
):
    monkeypatch.setattr("qa.folder.LOCK_WAIT_S", 0.1)
    folder = tmp_path / "library"
    with Library.open(folder, FakeEncoder()) as library:
        library.add([given(f"f99d{n}", 1, SMALL) for n in range(6)])
        rebuilding = subprocess.Popen(
            [sys.executable, "-c", REBUILDING, str(folder)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)},
        )  # fmt: skip
        assert rebuilding.stdout.readline() == "inside\n"
        for write in (
            lambda: library.add(given("f99d9", 1, SMALL)),
            lambda: library.remove("f99d0.txt"),
            lambda: Library.rebuild(folder, FakeEncoder()),
            lambda: library.set_calibration(None),
        ):
            with pytest.raises(LibraryLocked) as caught:
                write()
            assert "\n" not in str(caught.value)
        assert library.backup(tmp_path / "one.backup") > 0
        assert len(library.search("f99d3v1p1o3", k=9)) > 0
        assert index_faults(library) == []
        rebuilding.communicate("go\n", timeout=120)
        assert rebuilding.returncode == 0
        assert text_faults(library) == index_faults(library) == []
        assert library.status().documents == 6


def test_what_is_always_there_is_always_listed_with_all_its_passages(tmp_path):
    """A document brought up to date meanwhile is listed as it was or as it is, never left out."""
    names = [f"f99d{n}" for n in range(8)]
    faults, done = [], threading.Event()
    with Library.open(tmp_path, FakeEncoder()) as library:
        library.add([given(name, 1, SMALL) for name in names])

        def read():
            while not done.is_set():
                listed = sorted(named(one.text)[0] for one in library.documents())
                faults.extend([] if listed == names else [listed])
                document = next(library.documents())
                faults.extend([] if library.passages(document) else [document.path])

        threads = [threading.Thread(target=read) for _ in range(2)]
        for thread in threads:
            thread.start()
        try:
            for version in range(2, 7):
                library.add([given(name, version, SMALL) for name in names])
        finally:
            done.set()
            for thread in threads:
                thread.join()
    assert faults == []


def test_large_documents_fill_several_batches(tmp_path):
    """Otherwise the kills would never come between two of them."""
    seen = []
    with Library.open(tmp_path, FakeEncoder()) as library:
        before = library.status().generation
        library.add(
            [given(f"f99d{n}", 1, LARGE) for n in range(12)], lambda done, _: seen.append(done)
        )
        assert library.status().generation - before > 1
    assert seen[-1] == 12
