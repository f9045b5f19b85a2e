"""What a library holds and what it was made with, as `qa status` shows it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Status:
    """What a library holds and what it was made with.

    Attributes:
        folder: Where it is.
        documents: How many.
        passages: How many.
        disk_bytes: What all of it takes on disk.
        encoder: Name of what makes the vectors.
        dimensions: Numbers in a vector.
        cutter: What cuts words here: `jieba` or `rjieba`.
        splitting: Version and parameters of the cutting into passages.
        generation: How many write transactions there have been.
        terms: Passages in the term index.
        vectors_in_file: Vectors in the file on disk, removed ones among them.
        vectors_in_memory: Vectors newer than that file.
        vectors: Vectors that are searched: those of the file and of memory, less removed ones.
        reranker: Name of what scores the best candidates again; empty without one.
        threshold: Confidence from which a question counts as answered.
        calibration: Whose that is: `shipped`, `own` (fitted to a question file), `made` (fitted to
            questions made from the documents), or `outdated` (the library has its own, but of
            another encoder, reranker or version; what ships is used).
        vector_recall: How many of the ten nearest vectors the file finds, 0 to 1, compared with an
            exact search when it was written; 1 of a small one, None when it is not known.
    """

    folder: str
    documents: int
    passages: int
    disk_bytes: int
    encoder: str
    dimensions: int
    cutter: str
    splitting: str
    generation: int
    terms: int
    vectors_in_file: int
    vectors_in_memory: int
    vectors: int
    reranker: str
    threshold: float
    calibration: str
    vector_recall: float | None = None
