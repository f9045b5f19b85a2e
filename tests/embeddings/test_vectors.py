"""The index finds what plain multiplication finds, whatever is in its file, tail and exclusions."""

from __future__ import annotations

import threading
from pathlib import Path

import faiss
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from embeddings import vector_files, vectors
from embeddings.errors import FileDamaged, VectorMismatch
from embeddings.vector_files import extend_main, file_kind, fits, read_back, write_main
from embeddings.vectors import VectorIndex, check_shape

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
    write_main(file, lambda: [(ids[:in_file], rows[:in_file])], DIMENSIONS)
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
    write_main(file, lambda: [(ids, rows)], DIMENSIONS)
    index = VectorIndex.open(file, DIMENSIONS)
    index.exclude([1, 2, 3, 99, 2**62])
    assert index.excluded_size == 0
    agree(index.search(rows[0], 9), nearest(ids, rows, rows[0], 9))


def test_exclusions_add_up(file):
    rows, ids = unit_rows(9), np.arange(1, 10, dtype=np.int64)
    write_main(file, lambda: [(ids[:6], rows[:6])], DIMENSIONS)
    index = VectorIndex.open(file, DIMENSIONS)
    index.append(ids[6:], rows[6:])
    for number in (1, 8, 2, 9):
        index.exclude([number])
    agree(index.search(rows[0], 9), nearest(ids, rows, rows[0], 9, {1, 2, 8, 9}))
    assert index.excluded_size == 4


def test_everything_excluded_finds_nothing(file):
    rows, ids = unit_rows(4), np.arange(1, 5, dtype=np.int64)
    write_main(file, lambda: [(ids[:2], rows[:2])], DIMENSIONS)
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
    write_main(file, lambda: [(np.array([4, 9], dtype=np.int64), unit_rows(2))], DIMENSIONS)
    index = VectorIndex.open(file, DIMENSIONS)
    assert index.last_id == 9
    index.append(np.array([12], dtype=np.int64), unit_rows(1))
    assert index.last_id == 12


def test_a_rewritten_or_deleted_file_makes_the_index_stale_but_usable(file):
    rows, ids = unit_rows(6), np.arange(1, 7, dtype=np.int64)
    index = VectorIndex.open(file, DIMENSIONS)
    assert not index.stale
    write_main(file, lambda: [(ids[:3], rows[:3])], DIMENSIONS)
    assert index.stale
    index = VectorIndex.open(file, DIMENSIONS)
    write_main(file, lambda: [(ids, rows)], DIMENSIONS)
    assert index.stale
    agree(index.search(rows[0], 9), nearest(ids[:3], rows[:3], rows[0], 9))
    file.unlink()
    assert index.stale
    agree(index.search(rows[0], 9), nearest(ids[:3], rows[:3], rows[0], 9))


def test_writing_nothing_removes_the_file(file):
    write_main(file, lambda: [(np.array([1], dtype=np.int64), unit_rows(1))], DIMENSIONS)
    assert write_main(file, lambda: [], DIMENSIONS) == 0
    assert list(file.parent.iterdir()) == []


def test_blocks_are_written_one_after_the_other(file):
    rows, ids = unit_rows(10), np.arange(1, 11, dtype=np.int64)
    count = write_main(
        file, lambda: [(ids[at : at + 3], rows[at : at + 3]) for at in (0, 3, 6, 9)], 12
    )
    assert count == 10
    agree(VectorIndex.open(file, 12).search(rows[7], 10), nearest(ids, rows, rows[7], 10))


def test_a_failed_write_keeps_the_old_file_and_leaves_no_draft(file, monkeypatch):
    rows, ids = unit_rows(3), np.arange(1, 4, dtype=np.int64)
    write_main(file, lambda: [(ids, rows)], DIMENSIONS)
    before = file.read_bytes()

    def fail(index, writer):
        raise RuntimeError("write error: No space left on device")

    monkeypatch.setattr(faiss, "write_index", fail)
    with pytest.raises(OSError, match="No space left"):
        write_main(file, lambda: [(ids[:1], rows[:1])], DIMENSIONS)
    with pytest.raises(VectorMismatch):
        write_main(file, lambda: [(ids, rows[:, :5])], DIMENSIONS)
    assert file.read_bytes() == before
    assert [one.name for one in file.parent.iterdir()] == [file.name]


@pytest.mark.parametrize("older", [False, True])
def test_above_the_limit_vectors_are_compressed_and_still_found(file, monkeypatch, older):
    monkeypatch.setattr(vector_files, "FLAT_LIMIT", 500)
    if older:  # than lists
        monkeypatch.setattr(vector_files, "_kind", lambda count: "SQ8")
    rows, ids = unit_rows(600), np.arange(1, 601, dtype=np.int64)
    write_main(file, lambda: [(ids, rows)], DIMENSIONS)
    assert file.stat().st_size < rows.nbytes
    index = VectorIndex.open(file, DIMENSIONS)
    index.exclude([5])
    found = index.search(rows[41], 10)
    assert found[0][0] == 42
    assert found[0][1] == pytest.approx(1.0, abs=0.02)
    expected = {number for number, _ in nearest(ids, rows, rows[41], 10)}
    assert len(expected & {number for number, _ in found}) >= 9
    assert 5 not in {number for number, _ in index.search(rows[4], 600)}


@pytest.fixture
def large(file, monkeypatch):
    """A file whose vectors are sorted into lists, as a very large one's are."""
    monkeypatch.setattr(vector_files, "FLAT_LIMIT", 500)
    monkeypatch.setattr(vectors, "PROBED_VECTORS", 0)
    rows, ids = unit_rows(4000, dimensions=16), np.arange(10, 40_010, 10, dtype=np.int64)
    blocks = [(ids[at : at + 700], rows[at : at + 700]) for at in range(0, 4000, 700)]
    write_main(file, lambda: blocks, 16)
    return rows, ids


def test_a_large_file_is_sorted_into_lists_and_still_finds(file, large):
    rows, ids = large
    index = VectorIndex.open(file, 16)
    assert index.main_size == 4000
    shares = []
    for at in range(0, 4000, 100):
        expected = {number for number, _ in nearest(ids, rows, rows[at], 10)}
        found = index.search(rows[at], 10)
        assert found[0][0] == ids[at]
        assert [cosine for _, cosine in found] == sorted((c for _, c in found), reverse=True)
        shares.append(len(expected & {number for number, _ in found}) / 10)
    assert sum(shares) / len(shares) > 0.9


def test_a_large_file_is_said_what_it_is_and_how_well_it_finds(file, large):
    known = file_kind(file, 4000)
    assert known.kind == "IVF252,SQ8"
    assert 0.8 < known.recall < 1.0
    assert file_kind(file, 3999) is None  # of another file
    vector_files.write_main(file, lambda: [], 16)
    assert file_kind(file, 4000) is None
    assert list(file.parent.iterdir()) == []


def test_recall_is_what_plain_multiplication_says(file, large, monkeypatch):
    rows, ids = large
    monkeypatch.setattr(vectors, "PROBED_LISTS", 252)  # all lists: only the 8 bits lose
    write_main(file, lambda: [(ids, rows)], 16)
    assert file_kind(file, 4000).recall > 0.97
    monkeypatch.setattr(vectors, "PROBED_LISTS", 1)
    write_main(file, lambda: [(ids, rows)], 16)
    assert file_kind(file, 4000).recall < 0.5


def test_of_short_lists_more_are_searched():
    assert vectors.probed(4000, 1_000_000) == 64
    assert vectors.probed(1265, 100_000) == 202  # of 79 vectors each
    assert vectors.probed(30, 1_000) == 30
    assert vectors.probed(0, 0) == 0


def test_a_small_file_is_exact(file):
    write_main(file, lambda: [(np.array([1], dtype=np.int64), unit_rows(1))], DIMENSIONS)
    assert file_kind(file, 1) == vector_files.FileKind("Flat", 1, 1.0)


def test_what_is_removed_from_a_large_file_is_not_found(file, large):
    rows, ids = large
    index = VectorIndex.open(file, 16)
    index.exclude([int(ids[7])])
    assert int(ids[7]) not in {number for number, _ in index.search(rows[7], 50)}
    index.append(np.array([50_000], dtype=np.int64), rows[7:8])
    assert index.search(rows[7], 1)[0][0] == 50_000


def test_the_vectors_that_lists_are_made_from_come_from_all_over(file):
    ids = np.arange(1, 200_001, dtype=np.int64)
    rows = np.zeros((200_000, 1), dtype=np.float32)
    rows[:, 0] = ids
    blocks = [(ids[at : at + 999], rows[at : at + 999]) for at in range(0, 200_000, 999)]
    sample, count = vector_files._sampled(lambda: blocks, 1)
    assert count == 200_000
    assert 40 * 4 * 447 <= len(sample) <= 2 * 40 * 4 * 448
    assert abs(float(sample.mean()) - 100_000) < 2_000
    assert len(set(np.diff(sample[:, 0]).tolist())) == 1  # evenly


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
    write_main(file, lambda: [(ids, rows)], DIMENSIONS)
    file.write_bytes(damage(file.read_bytes()))
    index = VectorIndex.open(file, DIMENSIONS)
    assert (index.main_size, index.last_id) == (0, 0)
    index.append(ids, rows)
    agree(index.search(rows[1], 5), nearest(ids, rows, rows[1], 5))


def test_a_file_of_other_dimensions_or_kind_counts_as_none(file):
    write_main(file, lambda: [(np.array([1], dtype=np.int64), unit_rows(1, dimensions=7))], 7)
    assert VectorIndex.open(file, DIMENSIONS).main_size == 0
    flat = faiss.IndexFlatIP(DIMENSIONS)
    flat.add(unit_rows(3))
    faiss.write_index(flat, str(file))
    assert VectorIndex.open(file, DIMENSIONS).main_size == 0


def test_threads_search_while_one_appends_and_excludes(file):
    rows, ids = unit_rows(400), np.arange(1, 401, dtype=np.int64)
    write_main(file, lambda: [(ids[:100], rows[:100])], DIMENSIONS)
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


@pytest.mark.parametrize("flat", [1000, 100])
def test_an_extended_file_finds_as_one_written_at_once(file, monkeypatch, flat):
    monkeypatch.setattr(vector_files, "FLAT_LIMIT", flat)
    rows, ids = unit_rows(900), np.arange(5, 905, dtype=np.int64)
    write_main(file, lambda: [(ids[:500], rows[:500])], DIMENSIONS)
    before = file_kind(file, 500)
    added = extend_main(
        file, lambda: [(ids[500:600], rows[500:600]), (ids[600:], rows[600:])], DIMENSIONS
    )
    assert added == 900
    now = file_kind(file, 900)
    assert (now.kind, now.recall, now.vectors) == (before.kind, before.recall, 900)
    index = VectorIndex.open(file, DIMENSIONS)
    assert (index.main_size, index.main_last_id) == (900, 904)
    for at in range(0, 900, 50):
        assert index.search(rows[at], 1)[0][0] == ids[at]
    held, vectors = read_back(file)
    assert held.tolist() == ids.tolist()
    assert np.allclose(vectors(np.array([3, 899])), rows[[3, 899]], atol=0.05)


def test_extending_with_nothing_changes_nothing(file):
    rows, ids = unit_rows(5), np.arange(1, 6, dtype=np.int64)
    write_main(file, lambda: [(ids, rows)], DIMENSIONS)
    assert extend_main(file, list, DIMENSIONS) == 5
    agree(VectorIndex.open(file, DIMENSIONS).search(rows[0], 9), nearest(ids, rows, rows[0], 9))


def test_what_cannot_be_extended_says_so_and_stays(file):
    rows, ids = unit_rows(5), np.arange(1, 6, dtype=np.int64)
    with pytest.raises(FileDamaged, match="cannot be read"):
        extend_main(file, lambda: [(ids, rows)], DIMENSIONS)
    write_main(file, lambda: [(ids, rows)], DIMENSIONS)
    before = file.read_bytes()
    with pytest.raises(VectorMismatch):
        extend_main(file, lambda: [(ids, rows[:, :4])], DIMENSIONS)
    assert file.read_bytes() == before
    file.write_bytes(before[: len(before) // 2])
    with pytest.raises(FileDamaged, match="cannot be read"):
        read_back(file)


def test_a_file_fits_as_long_as_its_kind_is_that_of_the_number(file, monkeypatch):
    monkeypatch.setattr(vector_files, "FLAT_LIMIT", 100)
    rows, ids = unit_rows(400), np.arange(1, 401, dtype=np.int64)

    def written(count):
        write_main(file, lambda: [(ids[:count], rows[:count])], DIMENSIONS)

    assert not fits(file, 0, 50)
    written(50)
    assert fits(file, 50, 100)
    assert not fits(file, 50, 101)
    written(400)
    assert fits(file, 400, 800)
    assert not fits(file, 400, 801)
    assert fits(file, 400, 1600, stale=4)
    assert not fits(file, 400, 480, stale=1.1)
    file.with_suffix(".json").unlink()  # nothing is known of it
    assert not fits(file, 400, 400)
    monkeypatch.setattr(vector_files, "_kind", lambda count: "SQ8")
    written(400)
    monkeypatch.undo()
    monkeypatch.setattr(vector_files, "FLAT_LIMIT", 100)
    assert file_kind(file, 400).kind == "SQ8"
    assert not fits(file, 400, 400)  # of a kind that is not written any more


def test_exclusions_of_the_tail_cost_no_places_among_the_found():
    rows = unit_rows(300)
    index = VectorIndex.open(Path("none"), DIMENSIONS)
    index.append(np.arange(1, 301, dtype=np.int64), rows)
    gone = np.arange(1, 300, dtype=np.int64)
    index.exclude(gone)
    assert [number for number, _ in index.search(rows[0], 5)] == [300]
    assert index.excluded_size == 299
