"""Full disks, read-only folders, lost and damaged files: one clear error, and nothing is lost."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from types import SimpleNamespace

import pytest

from qa.errors import Fault, LibraryDamaged, LibraryError, LibraryNotFound
from qa.library import Library
from qa.records import Document
from qa.term_writing import TermWriting
from tests.fakes import FakeEncoder, delete_folder, put_in_place

ROOT = Path(__file__).parents[2]
NOTICE = "枫林县总工会建成工会驿站{}家，全年开放，为户外劳动者提供热饭和饮水。"
ROOT_ONLY = pytest.mark.skipif(os.geteuid() != 0, reason="needs to be root to mount or change user")


def notice(name, text=None):
    return Document.from_text(text or NOTICE.format(name), path=f"{name}")


def assert_sound(library):
    held = sum(len(library.passages(document)) for document in library.documents())
    status = library.status()
    assert status.passages == status.terms == status.vectors == held
    assert library.verify().problems == ()


@pytest.fixture
def tmp_path():
    """A folder that any user may enter; pytest's own stands in one that only its user may."""
    with TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


@pytest.fixture
def filled(tmp_path, encoder, monkeypatch):
    """A library folder with a term index and a vector file."""
    monkeypatch.setattr("qa.indexes.TAIL_LIMIT", 2)
    with Library.open(tmp_path / "library", encoder) as library:
        library.add([notice(n) for n in range(6)])
        assert library.status().vectors_in_file == 6
    return tmp_path / "library"


def halved(file):
    put_in_place(file, file.read_bytes()[: file.stat().st_size // 2])


def overwritten(file):
    put_in_place(file, bytes(i * 37 % 256 for i in range(4_000)))


# The derived files


@pytest.mark.parametrize("damage", [Path.unlink, halved])
@pytest.mark.parametrize("where", ["terms", "vectors", "terms/state.json", "terms/meta.json"])
def test_lost_and_damaged_indexes_are_made_again_at_opening(filled, encoder, where, damage):
    place = filled / where
    for file in [place] if place.is_file() else list(place.iterdir()):
        damage(file)
    with Library.open(filled, encoder) as library:
        assert_sound(library)
        assert len(library.search("工会驿站", k=99)) == 6
        library.add(notice("新"))
        assert len(library.search("工会驿站", k=99)) == 7
        assert_sound(library)


def test_a_vector_file_that_lost_its_last_bytes_is_made_again_when_more_is_added(filled, encoder):
    [file] = (filled / "vectors").iterdir()
    put_in_place(file, file.read_bytes()[:-1])  # opening it does not read so far
    with Library.open(filled, encoder) as library:
        for number in range(10, 14):  # enough to be put into the file
            library.add(notice(number))
        assert library.status().vectors_in_file > 6
        assert len(library.search("工会驿站", k=99)) == 10
        assert_sound(library)


@pytest.mark.parametrize("where", ["terms", "vectors"])
def test_index_folders_may_be_deleted_even_while_the_library_is_open(filled, encoder, where):
    with Library.open(filled, encoder) as library:
        delete_folder(filled / where)
        assert len(library.search("工会驿站", k=99)) == 6
        library.add(notice("新"))
        assert len(library.search("工会驿站", k=99)) == 7
        assert_sound(library)


def test_the_database_alone_is_a_whole_library(filled, tmp_path, encoder):
    copy = tmp_path / "copy"
    copy.mkdir()
    shutil.copy(filled / "library.db", copy)
    with Library.open(copy, encoder, create=False) as library:
        assert_sound(library)
        assert len(library.search("工会驿站", k=99)) == 6


def test_an_older_copy_of_the_database_can_be_put_back(filled, tmp_path, encoder):
    shutil.copy(filled / "library.db", tmp_path / "copy.db")
    with Library.open(filled, encoder) as library:
        library.add([notice(f"后来{n}", f"心理热线第{n}号。") for n in range(4)])
    (tmp_path / "copy.db").replace(filled / "library.db")
    with Library.open(filled, encoder) as library:
        assert_sound(library)
        assert library.status().documents == 6
        library.add([notice(f"另外{n}", f"技能竞赛第{n}场。") for n in range(4)])
        assert_sound(library)
        assert "另外" in library.search("技能竞赛第1场", k=1)[0].document.path


# The database


@pytest.mark.parametrize("damage", [overwritten, lambda file: file.write_text("x" * 9_000)])
def test_garbage_in_the_database_is_told_and_left_as_it_is(filled, encoder, damage):
    damage(filled / "library.db")
    before = (filled / "library.db").read_bytes()
    with pytest.raises(LibraryDamaged, match="restore a copy") as caught:
        Library.open(filled, encoder)
    assert (caught.value.fault, caught.value.folder) == (Fault.DAMAGED, filled)
    assert "\n" not in str(caught.value)
    assert (filled / "library.db").read_bytes() == before


def test_damage_deep_in_the_database_is_told_by_verify(tmp_path, encoder):
    with Library.open(tmp_path, encoder) as library:
        library.add([notice(n, NOTICE.format(n) * 40) for n in range(40)])
        assert library.damage() is None
    file = tmp_path / "library.db"
    data = bytearray(file.read_bytes())
    data[len(data) // 2 : len(data) // 2 + 40_000] = bytes(40_000)
    file.write_bytes(data)
    with pytest.raises(LibraryDamaged), Library.open(tmp_path, encoder) as library:
        library.verify()


def test_what_sqlite_finds_damaged_is_told_in_one_line(tmp_path, encoder):
    with Library.open(tmp_path, encoder) as library:
        library.add([notice(n, NOTICE.format(n) * 40) for n in range(40)])
    file = tmp_path / "library.db"
    data = bytearray(file.read_bytes())
    data[36:40] = b"\xff\xff\x00\x00"  # how many pages are free: SQLite lists what is wrong
    file.write_bytes(data)
    with Library.open(tmp_path, encoder) as library:
        assert "\n" not in str(library.damage())
        with pytest.raises(LibraryDamaged) as caught:
            library.verify()
    assert "\n" not in str(caught.value)


# Disks


def in_process(code, *arguments, **more):
    """Run code in a Python of its own that has Library, FakeEncoder and notice at hand."""
    head = (
        f"import sys\nsys.path[:0] = [{str(ROOT)!r}]\n"
        "from pathlib import Path\n"
        "from qa.errors import *\n"
        "from qa.library import Library\n"
        "from tests.fakes import FakeEncoder, put_in_place\n"
        "from tests.qa.test_library_disk import notice\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", head + code, *map(str, arguments)],
        capture_output=True, text=True, timeout=180, check=False, **more,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


FILLING = """
import resource
library = Library.open(sys.argv[1], FakeEncoder())
library.add(notice('先', '骑手之家已经揭牌。'))
if len(sys.argv) > 2:
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]),) * 2)
added = 0
try:
    for turn in range(200):
        library.add([notice(f'{turn}-{n}', f'工会驿站{turn}之{n}。' * 60) for n in range(10)])
        added += 10
except LibraryDamaged as error:
    assert '\\n' not in str(error), error
    print(error.fault.value, added)
assert library.search('骑手之家', k=1)[0].document.path == '先'  # reading goes on
library.close()
again = Library.open(sys.argv[1], FakeEncoder())  # and so does opening
assert again.search('骑手之家', k=1)[0].document.path == '先'
"""


def assert_nothing_lost(folder, outcome):
    """Once there is room again everything reported is there, and more can be added."""
    fault, added = outcome
    assert fault == Fault.DISK_FULL.value
    with Library.open(folder, FakeEncoder()) as library:
        held = {one.path for one in library.documents()}
        expected = {f"{turn}-{n}" for turn in range(int(added) // 10) for n in range(10)}
        assert held >= expected | {"先"}
        assert len(held) <= len(expected) + 11  # the batch whose indexing failed is in, or not
        assert_sound(library)
        library.add(notice("后", "心理热线全年开通。"))
        assert library.search("心理热线", k=1)[0].document.path == "后"
        assert_sound(library)


@pytest.mark.parametrize(
    ("before", "said"),
    [
        ([], "the term index is missing, so much less is found: "),
        ([notice("先", "骑手之家已经揭牌。")], "searching without what was added last: "),
    ],
)
def test_a_term_index_that_could_not_be_written_is_told_without_its_own_words(
    tmp_path, monkeypatch, caplog, before, said
):
    def dies(_):
        raise ValueError("An index writer was killed.. A worker thread encountered an error")

    with Library.open(tmp_path / "library", FakeEncoder()) as library:
        library.add(before)
        monkeypatch.setattr(TermWriting, "commit", dies)
        monkeypatch.setattr("qa.faults.shutil.disk_usage", lambda _: SimpleNamespace(free=0))
        with pytest.raises(LibraryDamaged, match="free some space"):
            library.add(notice("后", "工会驿站开放。"))
        caplog.clear()
        assert library.search("工会驿站", k=1)[0].document.path == "后"
        assert library.search("工会驿站", k=1)[0].document.path == "后"

    assert caplog.text.count(said) == 1
    assert "(No space left on device): free some space and run the command again" in caplog.text
    assert "worker thread" not in caplog.text


@ROOT_ONLY
def test_a_full_disk_keeps_all_that_was_added(tmp_path):
    disk = tmp_path / "disk"
    disk.mkdir()
    mounting = ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(disk)]
    if subprocess.run(mounting, capture_output=True, check=False).returncode:
        pytest.skip("may not mount a small disk here")
    try:
        outcome = in_process(FILLING, disk / "library")
        subprocess.run(["mount", "-o", "remount,size=60m", str(disk)], check=True)
        assert_nothing_lost(disk / "library", outcome)
    finally:
        subprocess.run(["umount", "-l", str(disk)], check=True)


def test_a_limit_on_the_size_of_files_keeps_all_that_was_added(tmp_path):
    outcome = in_process(FILLING, tmp_path / "library", 300_000)
    assert_nothing_lost(tmp_path / "library", outcome)


@ROOT_ONLY
@pytest.mark.parametrize("lost", [None, "terms"])
def test_a_folder_written_by_another_user_can_be_searched_but_not_written(filled, encoder, lost):
    with Library.open(filled, encoder):  # its log is there while someone has it open
        if lost:
            delete_folder(filled / lost)
        code = """
import os
with Library.open(sys.argv[2], FakeEncoder()) as warm:  # loads what only root may load here
    warm.add(notice('新'))
    warm.search('工会驿站')
os.setgid(65534)
os.setuid(65534)
with Library.open(sys.argv[1], FakeEncoder()) as library:
    print(len(library.search('工会驿站', k=99)))
    for write in (lambda: library.add(notice('新')), lambda: library.remove('1')):
        try:
            write()
        except LibraryDamaged as error:
            print(error.fault.value)
"""
        warm = filled.parent / "warm"
        assert in_process(code, filled, warm) == ["6", "no_access", "no_access"]


@ROOT_ONLY
def test_a_folder_that_may_not_be_made_or_opened_is_told(tmp_path):
    (tmp_path / "closed").mkdir(mode=0o700)
    code = """
import os
os.setgid(65534)
os.setuid(65534)
for name in ('new', 'closed', 'closed/library'):
    try:
        Library.open(Path(sys.argv[1]) / name, FakeEncoder())
    except LibraryError as error:
        print(type(error).__name__)
"""
    assert in_process(code, tmp_path) == ["LibraryNotFound"] * 3


def test_a_library_below_a_file_is_told(tmp_path, encoder):
    (tmp_path / "file").touch()
    with pytest.raises(LibraryError) as caught:
        Library.open(tmp_path / "file" / "library", encoder)
    assert isinstance(caught.value, LibraryNotFound)


def test_a_database_of_no_bytes_beside_its_indexes_is_damage_and_stays_as_it_is(filled, encoder):
    (filled / "library.db").write_bytes(b"")
    with pytest.raises(LibraryDamaged, match="restore") as caught:
        Library.open(filled, encoder)
    assert caught.value.fault is Fault.DAMAGED
    assert (filled / "library.db").stat().st_size == 0
    assert (filled / "terms").exists()
