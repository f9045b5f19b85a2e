"""Vectors that are kept are those that would be made."""

from __future__ import annotations

import gc
import threading
import weakref

import numpy as np

from embeddings.encoder import load_encoder
from embeddings.remembering import Remembered, RememberingEncoder
from tests.fakes import FakeEncoder


class Counting(FakeEncoder):
    """An encoder that keeps what it was asked to encode."""

    def __init__(self):
        super().__init__()
        self.asked = []

    def encode_passages(self, texts):
        self.asked.extend(texts)
        return super().encode_passages(texts)


def test_the_same_vectors_and_each_text_once():
    encoder, plain = Counting(), FakeEncoder()
    kept = RememberingEncoder(encoder, Remembered())
    for texts in (["甲一", "乙二", "甲一"], ["乙二", "丙三"], []):
        assert np.array_equal(kept.encode_passages(texts), plain.encode_passages(texts))
    assert encoder.asked == ["甲一", "乙二", "丙三"]
    assert np.array_equal(kept.encode_queries(["甲一"]), plain.encode_queries(["甲一"]))
    same = (kept.name, kept.dimensions, kept.fingerprint)
    assert same == (plain.name, plain.dimensions, plain.fingerprint)


def test_no_more_is_kept_than_told_the_last_ones():
    encoder = Counting()
    kept = RememberingEncoder(encoder, Remembered(2))
    kept.encode_passages(["甲一", "乙二", "丙三"])
    kept.encode_passages(["丙三", "乙二"])
    assert encoder.asked == ["甲一", "乙二", "丙三"]
    kept.encode_passages(["甲一"])
    assert encoder.asked[3:] == ["甲一"]


def test_threads_get_the_right_rows():
    kept, plain = RememberingEncoder(FakeEncoder(), Remembered(3)), FakeEncoder()
    wrong = []

    def ask(number):
        for step in range(40):
            texts = [f"第{(number + step + n) % 7}句" for n in range(4)]
            if not np.array_equal(kept.encode_passages(texts), plain.encode_passages(texts)):
                wrong.append(texts)

    threads = [threading.Thread(target=ask, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_an_encoder_that_nobody_needs_is_freed_at_once():
    encoder = load_encoder("builtin")
    encoder.remembering.encode_passages(["县总工会"])
    freed = weakref.ref(encoder)
    gc.disable()
    try:
        del encoder
        assert freed() is None
    finally:
        gc.enable()
