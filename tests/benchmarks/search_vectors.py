"""Write a large vector file, and time searches in it.

    python tests/benchmarks/search_vectors.py 300000

The vectors are made: 256 numbers each, around 3,000 centres, seeded.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from embeddings.vector_files import file_kind, write_main
from embeddings.vectors import VectorIndex
from qa.metrics import percentile

DIMENSIONS, CENTRES, BLOCK, ASKED, WANTED = 256, 3_000, 8_192, 300, 30


def main() -> None:
    """Print kind, size, recall and seconds of writing, and milliseconds of a search."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("vectors", type=int)
    count = parser.parse_args().vectors
    with tempfile.TemporaryDirectory() as place:
        file = Path(place) / "made.faiss"
        began = perf_counter()
        write_main(file, lambda: made(count), DIMENSIONS)
        print(f"written in {perf_counter() - began:.0f} s, {file.stat().st_size / 1e6:.0f} MB")
        print(file_kind(file, count))
        index = VectorIndex.open(file, DIMENSIONS)
        [(_, first), *_] = made(min(count, ASKED))
        times = [_milliseconds(index, row) for row in first]
        print(
            f"a search: median {percentile(times, 50):.2f} ms, 99 % {percentile(times, 99):.2f} ms"
        )


def made(count: int) -> Iterator[tuple[NDArray[np.int64], NDArray[np.float32]]]:
    """Give ids and vectors of length 1 in blocks, the same every time."""
    centres = np.random.default_rng(0).normal(size=(CENTRES, DIMENSIONS))
    for number, at in enumerate(range(0, count, BLOCK)):
        chance = np.random.default_rng([1, number])
        size = min(BLOCK, count - at)
        rows = centres[chance.integers(0, CENTRES, size)] + chance.normal(size=(size, DIMENSIONS))
        rows /= np.linalg.norm(rows, axis=1, keepdims=True)
        yield np.arange(at + 1, at + size + 1, dtype=np.int64), rows.astype(np.float32)


def _milliseconds(index: VectorIndex, row: NDArray[np.float32]) -> float:
    began = perf_counter()
    index.search(row, WANTED)
    return (perf_counter() - began) * 1_000


if __name__ == "__main__":
    main()
