"""Documents are written in batches, long ones piece by piece; the term index is fed on the way."""

from __future__ import annotations

from pathlib import Path

import pytest

from embeddings.words import cutter
from qa import feeding, writing
from qa.adding import Change, Progress, Task
from qa.errors import ReadingError
from qa.feeding import Feed
from qa.pieces import pieces
from qa.records import Document
from qa.store import Store
from qa.term_making import TermMaker
from qa.terms import TermIndex, TermWriting, WeightedTerm
from qa.writing import Writer
from tests.fakes import FakeEncoder

ENCODER = FakeEncoder()
MAKER = TermMaker(cutter())
TEXT = "枫林县总工会建成工会驿站{}家，全年开放，为户外劳动者提供热饭和饮水。\n"


class Place:
    """A store with a term index, and what writes to them."""

    def __init__(self, folder):
        self.store = Store.open(folder / "library.db")
        self.folder = folder / "terms"
        self.done = Progress()

    def terms(self):
        return TermIndex.open_for_writing(self.folder, "1")

    def writer(self, feed):
        return Writer(self.store, feed, ENCODER, self.done)

    def paths(self):
        return [key.path for key in self.store.document_keys()]

    def found(self):
        return sorted(n for n, _ in self.terms().search([WeightedTerm("words", "驿站", 1.0)], 999))

    def passages(self):
        return [
            passage.id
            for key in self.store.document_keys()
            for passage in self.store.passages_of(key.document_id)
        ]


@pytest.fixture
def place(tmp_path, monkeypatch):
    monkeypatch.setattr("qa.pieces.PIECE_PASSAGES", 2)
    made = Place(tmp_path)
    yield made
    made.store.close()


def change(path, text, replaces=None):
    document = Document.from_text(text, path=path)
    return Change(Task(path, path, document=document), document, replaces)


def made(one):
    return pieces(one.document, MAKER)


LONG = change("长", TEXT.format("许多") * 60)
SHORT = [change(f"{n}", TEXT.format(n)) for n in range(3)]


def broken(one):
    """Some pieces, and then none: what made them has broken down."""
    yield next(made(one))
    raise ReadingError(Path(one.task.path), "broken down")


@pytest.mark.parametrize("whole_chars", [1_000_000, 1_000])
def test_a_long_document_is_written_as_a_short_one_is(place, monkeypatch, whole_chars):
    monkeypatch.setattr(writing, "WHOLE_CHARS", whole_chars)
    with Feed(place.terms()) as feed:
        writer = place.writer(feed)
        for one in (SHORT[0], LONG, SHORT[1]):
            writer.write(one, made(one), ("a note",))
        writer.flush()
    assert place.paths() == place.done.added == ["0", "长", "1"]
    assert [note.path for note in place.done.notes] == ["0", "长", "1"]
    assert place.found() == place.passages() == list(range(1, place.done.passages + 1))
    assert place.terms().generation == place.store.generation
    [document_id] = [k.document_id for k in place.store.document_keys() if k.path == "长"]
    passages = place.store.passages_of(document_id)
    vectors = {one.passage.id: one.vector for one in place.store.candidates(place.passages())}
    for passage in passages:
        text = f"长 {passage.heading}\n{passage.shown}"
        assert vectors[passage.id] == pytest.approx(ENCODER.encode_passages([text])[0], abs=1e-3)


@pytest.mark.parametrize("whole_chars", [1_000_000, 1_000])
def test_of_a_document_that_breaks_off_nothing_is_written(place, monkeypatch, whole_chars):
    monkeypatch.setattr(writing, "WHOLE_CHARS", whole_chars)
    with Feed(place.terms()) as feed:
        writer = place.writer(feed)
        writer.write(SHORT[0], made(SHORT[0]))
        writer.write(LONG, broken(LONG))
        writer.write(SHORT[1], made(SHORT[1]))
        writer.flush()
    assert place.paths() == place.done.added == ["0", "1"]
    assert [(one.path, one.reason) for one in place.done.failed] == [("长", "broken down")]
    assert place.found() == place.passages()
    assert place.terms().generation == place.store.generation


def test_a_document_takes_the_place_of_the_one_before(place, monkeypatch):
    monkeypatch.setattr(writing, "WHOLE_CHARS", 1_000)
    with Feed(place.terms()) as feed:
        writer = place.writer(feed)
        writer.write(LONG, made(LONG))
        [old] = place.store.document_keys()
        newer = change("长", TEXT.format("九") * 40, old)
        writer.write(newer, made(newer))
    assert place.done.updated == ["长"]
    assert place.found() == place.passages()


def test_how_far_a_long_document_is_written_is_told(place, monkeypatch):
    monkeypatch.setattr(writing, "WHOLE_CHARS", 1_000)
    monkeypatch.setattr("qa.pieces.PIECE_PASSAGES", 1)
    shares = []
    with Feed(place.terms()) as feed:
        writer = Writer(place.store, feed, ENCODER, place.done, within=shares.append)
        writer.write(SHORT[0], made(SHORT[0]))
        writer.write(LONG, made(LONG))
    assert len(shares) > 3
    assert shares == sorted(set(shares))
    assert 0 < shares[0] < 0.5 < shares[-1] <= 1


def test_nothing_is_told_before_it_is_written(place):
    with Feed(place.terms()) as feed:
        writer = place.writer(feed)
        writer.write(SHORT[0], made(SHORT[0]))
        assert (place.paths(), place.done.added, writer.idle) == ([], [], False)
        writer.flush()
        assert (place.paths(), place.done.added, writer.idle) == (["0"], ["0"], True)


def test_after_an_interruption_the_index_holds_what_the_store_holds(place):
    def interrupted():
        with Feed(place.terms()) as feed:
            writer = place.writer(feed)
            writer.write(SHORT[0], made(SHORT[0]))
            writer.flush()
            writer.write(SHORT[1], made(SHORT[1]))
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert place.found() == place.passages() == [1]
    assert place.terms().generation == place.store.generation


def test_the_index_is_committed_on_the_way(place, monkeypatch):
    monkeypatch.setattr(feeding, "CHECKPOINT_PASSAGES", 1)
    with Feed(place.terms()) as feed:
        writer = place.writer(feed)
        writer.write(SHORT[0], made(SHORT[0]))
        writer.flush()
        assert TermIndex.open(place.folder, "1").generation == place.store.generation


def test_an_index_that_cannot_be_written_stops_nothing(place, monkeypatch):
    def full(self):
        raise ValueError("No space left on device (os error 28)")

    with monkeypatch.context() as patched, Feed(place.terms()) as feed:
        patched.setattr(TermWriting, "commit", full)
        patched.setattr(feeding, "CHECKPOINT_PASSAGES", 1)
        writer = place.writer(feed)
        for one in SHORT:
            writer.write(one, made(one))
            writer.flush()
    assert place.paths() == ["0", "1", "2"]
    assert place.terms().generation == 0
    assert place.found() == []


def test_without_an_index_the_store_is_written_all_the_same(place):
    with Feed(None) as feed:
        writer = place.writer(feed)
        writer.write(SHORT[0], made(SHORT[0]))
        writer.flush()
        writer.remove(place.store.document_keys())
    assert (place.done.added, place.done.removed) == (["0"], ["0"])
