"""A term index is the same whoever cuts it: this process, or several beside it."""

from __future__ import annotations

import pytest

from qa import crew, sharing
from qa.library import Library
from qa.records import Document
from qa.recutting import stored
from qa.term_writing import TermWriting
from tests.fakes import FakeEncoder

TEXT = "枫林县总工会建成工会驿站{}家，全年开放，为户外劳动者提供热饭和饮水。\n"
# A worker that comes to its end over some passages, whatever it was asked before.
BROKEN = """
import json, os, signal, sys
sys.path[:] = json.loads(sys.argv[1])
from qa import work
done = work.Bench.items
def items(self, job):
    if job.title == '坏':
        os.kill(os.getpid(), signal.SIGKILL)
    yield from done(self, job)
work.Bench.items = items
work.serve()
"""


@pytest.fixture
def library(tmp_path):
    with Library.open(tmp_path / "library", FakeEncoder()) as opened:
        opened.add(
            [
                Document.from_text(
                    f"# 第{n}章\n\n" + TEXT.format(n) * 90, path=f"{n}", title="通知"
                )
                for n in range(30)
            ]
        )
        opened.add(Document.from_text(" \n ", path="空", title="空"))
        yield opened


@pytest.fixture
def many(monkeypatch):
    """Let everything be shared out to two processes."""
    monkeypatch.setattr(sharing, "ALONE_BYTES", 0)
    monkeypatch.setattr(sharing, "cores", lambda: 2)
    monkeypatch.setattr(sharing, "_BUNDLE_BYTES", 3_000)


@pytest.fixture
def put(monkeypatch):
    """All that is put into a term index, in order."""
    entries, real = [], TermWriting.put

    def noting(self, one):
        entries.append(one)
        real(self, one)

    monkeypatch.setattr(TermWriting, "put", noting)
    return entries


def anew(library, put):
    put.clear()
    told = []
    library.optimize(lambda done, total: told.append((done, total)), anew=True)
    assert library.verify(deep=True).indexes == ()
    return list(put), told


def test_made_anew_by_several_processes_it_is_the_same_in_the_same_order(library, put, request):
    by_itself, told = anew(library, put)
    request.getfixturevalue("many")
    assert anew(library, put) == (by_itself, told)
    assert [one.passage_id for one in by_itself] == sorted(one.passage_id for one in by_itself)
    assert len(by_itself) == library.status().passages > 30
    assert told == [(number, 31) for number in range(1, 32)]


def test_few_passages_start_no_other_process(library, put, monkeypatch):
    monkeypatch.setattr(sharing, "Crew", lambda *_, **__: pytest.fail("too few for that"))
    assert anew(library, put)


def test_a_lost_index_is_made_by_several_processes_when_the_library_is_opened(library, put, many):
    for file in (library.folder / "terms").iterdir():
        file.unlink()
    put.clear()
    with Library.open(library.folder, FakeEncoder()) as again:
        assert again.status().terms == again.status().passages == len(put)
        assert again.verify(deep=True).indexes == ()


def test_what_no_process_can_cut_is_cut_here(library, put, many, monkeypatch):
    library.add(Document.from_text(TEXT.format(99) * 90, path="坏", title="坏"))
    by_itself, _ = anew(library, put)
    monkeypatch.setattr(crew, "_START", BROKEN)
    assert anew(library, put)[0] == by_itself


def test_a_long_document_goes_in_parts(library, monkeypatch):
    monkeypatch.setattr("qa.recutting.PIECE_PASSAGES", 2)
    [key, *_] = library._store.document_keys()
    parts = list(stored(library._store, [key.document_id, 10**9]))
    passages = library._store.passages_of(key.document_id)
    assert [number for one in parts for number in one.ids] == [one.id for one in passages]
    assert [one.last for one in parts] == [False] * (len(parts) - 2) + [True, True]
    assert all(len(one.ids) == len(one.texts) <= 2 for one in parts)
    assert (parts[-1].ids, parts[-1].size) == ((), 0)  # of one that is not there
