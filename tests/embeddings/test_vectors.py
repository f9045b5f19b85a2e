"""The index finds what plain multiplication finds, whatever is in its file, tail and exclusions."""

from __future__ import annotations

import threading

import faiss
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from embeddings import vectors
from embeddings.errors import VectorMismatch
from embeddings.vectors import VectorIndex, check_shape, write_main

DIMENSIONS = 12


def unit_rows(count, *, seed=0, dimensions=DIMENSIONS):
    rows = np.random.default_rng(seed).normal(size=(count, dimensions)).astype(np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def nearest(ids, rows, vector, k, gone=()):
    """What a search must give, by plain multiplication."""
    pairs = [
        (int(i), float(c)) for i, c in zip(ids, rows @ vector, strict=True) if int(i) not in gone
    ]
    return sorted(pairs, key=lambda pair: (-pair[1], pair[0]))[:k]


def agree(found, expected):
    assert [number for number, _ in found] == [number for number, _ in expected]
    assert np.allclose([c for _, c in found], [c for _, c in expected], atol=1e-5)


@pytest.fixture
def file(tmp_path):
    return tmp_path / "向量" / "索引.faiss"  # FAISS's own files do not take such names everywhere


@settings(max_examples=60)
@given(
    in_file=st.integers(0, 40),
    in_memory=st.integers(0, 40),
    step=st.integers(1, 5),
    k=st.integers(-1, 100),
    gone=st.sets(st.integers(-3, 420), max_size=50),
    seed=st.integers(0, 9),
)
def test_search_gives_what_plain_multiplication_gives(
    tmp_path_factory, in_file, in_memory, step, k, gone, seed
):
    file = tmp_path_factory.mktemp("vectors") / "a.faiss"
    rows = unit_rows(in_file + in_memory, seed=seed)
    ids = np.arange(1, len(rows) + 1, dtype=np.int64) * step
    write_main(file, [(ids[:in_file], rows[:in_file])], DIMENSIONS)
    index = VectorIndex.open(file, DIMENSIONS)
    index.append(ids[in_file:], rows[in_file:])
    index.exclude(gone)
    question = unit_rows(1, seed=seed + 100)[0]
    agree(index.search(question, k), nearest(ids, rows, question, max(k, 0), gone))
    held = gone & set(ids.tolist())
    assert (index.main_size, index.tail_size) == (in_file, in_memory)
    assert index.excluded_size == len(held)


def test_excluding_ids_that_are_not_held_changes_nothing(file):
    rows, ids = unit_rows(5), np.arange(10, 15, dtype=np.int64)
    write_main(file, [(ids, rows)], DIMENSIONS)
    index = VectorIndex.open(file, DIMENSIONS)
    index.exclude([1, 2, 3, 99, 2**62])
    assert index.excluded_size == 0
    agree(index.search(rows[0], 9), nearest(ids, rows, rows[0], 9))


def test_exclusions_add_up(file):
    rows, ids = unit_rows(9), np.arange(1, 10, dtype=np.int64)
    write_main(file, [(ids[:6], rows[:6])], DIMENSIONS)
    index = VectorIndex.open(file, DIMENSIONS)
    index.append(ids[6:], rows[6:])
    for number in (1, 8, 2, 9):
        index.exclude([number])
    agree(index.search(rows[0], 9), nearest(ids, rows, rows[0], 9, {1, 2, 8, 9}))
    assert index.excluded_size == 4


def test_everything_excluded_finds_nothing(file):
    rows, ids = unit_rows(4), np.arange(1, 5, dtype=np.int64)
    write_main(file, [(ids[:2], rows[:2])], DIMENSIONS)
    index = VectorIndex.open(file, DIMENSIONS)
    index.append(ids[2:], rows[2:])
    index.exclude(ids.tolist())
    assert index.search(rows[0], 10) == []


def test_an_empty_index_finds_nothing(file):
    assert VectorIndex.open(file, DIMENSIONS).search(unit_rows(1)[0], 5) == []


def test_a_zero_vector_finds_nothing(file):
    index = VectorIndex.open(file, DIMENSIONS)
    index.append(np.array([1], dtype=np.int64), unit_rows(1))
    assert index.search(np.zeros(DIMENSIONS, dtype=np.float32), 5) == []


def test_equal_cosines_come_by_id(file):
    row = unit_rows(1)
    index = VectorIndex.open(file, DIMENSIONS)
    for number in (3, 7, 9):
        index.append(np.array([number], dtype=np.int64), row)
    assert [number for number, _ in index.search(row[0], 3)] == [3, 7, 9]


def test_wrong_shapes_are_refused_with_both_shapes(file):
    index = VectorIndex.open(file, DIMENSIONS)
    with pytest.raises(VectorMismatch, match=r"\(1, 12\).*\(1, 7\)"):
        index.search(np.ones(7, dtype=np.float32), 3)
    with pytest.raises(VectorMismatch, match=r"\(2, 12\).*\(3, 12\)"):
        index.append(np.array([1, 2], dtype=np.int64), unit_rows(3))
    with pytest.raises(VectorMismatch):
        check_shape(np.zeros((0,), dtype=np.float32), 0, 3)


@pytest.mark.parametrize("ids", [[5, 5], [6, 5], [2, 9], [3, 4]])
def test_ids_that_do_not_rise_are_refused(file, ids):
    index = VectorIndex.open(file, DIMENSIONS)
    index.append(np.array([1, 3], dtype=np.int64), unit_rows(2))
    with pytest.raises(VectorMismatch, match="rise"):
        index.append(np.array(ids, dtype=np.int64), unit_rows(2))
    assert index.last_id == 3


def test_last_id_is_the_largest_of_file_and_tail(file):
    index = VectorIndex.open(file, DIMENSIONS)
    assert index.last_id == 0
    write_main(file, [(np.array([4, 9], dtype=np.int64), unit_rows(2))], DIMENSIONS)
    index = VectorIndex.open(file, DIMENSIONS)
    assert index.last_id == 9
    index.append(np.array([12], dtype=np.int64), unit_rows(1))
    assert index.last_id == 12


def test_a_rewritten_or_deleted_file_makes_the_index_stale_but_usable(file):
    rows, ids = unit_rows(6), np.arange(1, 7, dtype=np.int64)
    index = VectorIndex.open(file, DIMENSIONS)
    assert not index.stale
    write_main(file, [(ids[:3], rows[:3])], DIMENSIONS)
    assert index.stale
    index = VectorIndex.open(file, DIMENSIONS)
    write_main(file, [(ids, rows)], DIMENSIONS)
    assert index.stale
    agree(index.search(rows[0], 9), nearest(ids[:3], rows[:3], rows[0], 9))
    file.unlink()
    assert index.stale
    agree(index.search(rows[0], 9), nearest(ids[:3], rows[:3], rows[0], 9))


def test_writing_nothing_removes_the_file(file):
    write_main(file, [(np.array([1], dtype=np.int64), unit_rows(1))], DIMENSIONS)
    assert write_main(file, [], DIMENSIONS) == 0
    assert list(file.parent.iterdir()) == []


def test_blocks_are_written_one_after_the_other(file):
    rows, ids = unit_rows(10), np.arange(1, 11, dtype=np.int64)
    count = write_main(file, [(ids[at : at + 3], rows[at : at + 3]) for at in (0, 3, 6, 9)], 12)
    assert count == 10
    agree(VectorIndex.open(file, 12).search(rows[7], 10), nearest(ids, rows, rows[7], 10))


def test_a_failed_write_keeps_the_old_file_and_leaves_no_draft(file, monkeypatch):
    rows, ids = unit_rows(3), np.arange(1, 4, dtype=np.int64)
    write_main(file, [(ids, rows)], DIMENSIONS)
    before = file.read_bytes()

    def fail(index, writer):
        raise RuntimeError("write error: No space left on device")

    monkeypatch.setattr(faiss, "write_index", fail)
    with pytest.raises(OSError, match="No space left"):
        write_main(file, [(ids[:1], rows[:1])], DIMENSIONS)
    with pytest.raises(VectorMismatch):
        write_main(file, [(ids, rows[:, :5])], DIMENSIONS)
    assert file.read_bytes() == before
    assert [one.name for one in file.parent.iterdir()] == [file.name]


def test_above_the_limit_vectors_are_compressed_and_still_found(file, monkeypatch):
    monkeypatch.setattr(vectors, "FLAT_LIMIT", 500)
    rows, ids = unit_rows(600), np.arange(1, 601, dtype=np.int64)
    write_main(file, [(ids, rows)], DIMENSIONS)
    assert file.stat().st_size < rows.nbytes
    index = VectorIndex.open(file, DIMENSIONS)
    index.exclude([5])
    found = index.search(rows[41], 10)
    assert found[0][0] == 42
    assert found[0][1] == pytest.approx(1.0, abs=0.02)
    expected = {number for number, _ in nearest(ids, rows, rows[41], 10)}
    assert len(expected & {number for number, _ in found}) >= 9
    assert 5 not in {number for number, _ in index.search(rows[4], 600)}


def damages():
    noise = np.random.default_rng(1).integers(0, 256, 20_000, dtype=np.uint8).tobytes()
    yield "empty", lambda data: b""
    yield "text", lambda data: b"not an index" * 99
    yield "noise", lambda data: noise
    for kept in (4, 20, 60, 200, 5_000):
        yield f"first {kept}", lambda data, kept=kept: data[:kept]
    for lost in (7, 8, 100, 2_400):
        yield f"lost {lost}", lambda data, lost=lost: data[:-lost]
    yield "head overwritten", lambda data: noise[:100] + data[100:]
    yield "ids overwritten", lambda data: data[:-2_400] + noise[:2_400]


@pytest.mark.parametrize(("name", "damage"), list(damages()))
def test_a_damaged_file_counts_as_none(file, name, damage):
    rows, ids = unit_rows(300, seed=3), np.arange(1, 301, dtype=np.int64)
    write_main(file, [(ids, rows)], DIMENSIONS)
    file.write_bytes(damage(file.read_bytes()))
    index = VectorIndex.open(file, DIMENSIONS)
    assert (index.main_size, index.last_id) == (0, 0)
    index.append(ids, rows)
    agree(index.search(rows[1], 5), nearest(ids, rows, rows[1], 5))


def test_a_file_of_other_dimensions_or_kind_counts_as_none(file):
    write_main(file, [(np.array([1], dtype=np.int64), unit_rows(1, dimensions=7))], 7)
    assert VectorIndex.open(file, DIMENSIONS).main_size == 0
    flat = faiss.IndexFlatIP(DIMENSIONS)
    flat.add(unit_rows(3))
    faiss.write_index(flat, str(file))
    assert VectorIndex.open(file, DIMENSIONS).main_size == 0


def test_threads_search_while_one_appends_and_excludes(file):
    rows, ids = unit_rows(400), np.arange(1, 401, dtype=np.int64)
    write_main(file, [(ids[:100], rows[:100])], DIMENSIONS)
    index = VectorIndex.open(file, DIMENSIONS)
    faults, done = [], threading.Event()

    def search():
        try:
            while not done.is_set():
                found = index.search(rows[0], 5)
                assert found[0] == (1, pytest.approx(1.0, abs=1e-5))
                assert len({number for number, _ in found}) == 5
        except BaseException as error:
            faults.append(error)

    threads = [threading.Thread(target=search) for _ in range(4)]
    for thread in threads:
        thread.start()
    for at in range(100, 400, 3):
        index.append(ids[at : at + 3], rows[at : at + 3])
        index.exclude([at - 50])
    done.set()
    for thread in threads:
        thread.join()
    assert faults == []
    agree(index.search(rows[399], 5), nearest(ids, rows, rows[399], 5, set(range(50, 350, 3))))
