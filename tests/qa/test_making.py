"""Documents become passages with their own vectors; what they were made with is compared."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from embeddings.errors import VectorMismatch
from qa.errors import LibraryOutdated
from qa.making import Making, is_recorded, make
from qa.records import Document
from qa.store import Store
from tests.fakes import FakeEncoder

ENCODER = FakeEncoder()
LONG = "县总工会为户外劳动者提供热饭和饮水，全年开放，共有驿站一百家。\n" * 30


@pytest.fixture
def store(tmp_path):
    opened = Store.open(tmp_path / "library.db")
    yield opened
    opened.close()


def record(store, making):
    with store.writing() as writing:
        making.record(writing)


def test_each_document_gets_its_own_passages_and_vectors():
    documents = [
        Document.from_text(text, path=f"{n}", title=f"标题{n}")
        for n, text in enumerate(["骑手之家已经揭牌。", "", LONG, " \n", "职工书屋开放。"])
    ]
    made = make(documents, ENCODER)
    assert [one.document for one in made] == documents
    assert [len(one.passages) > 1 for one in made] == [False, False, True, False, False]
    for one in made:
        assert one.vectors.shape == (len(one.passages), ENCODER.dimensions)
        for passage, vector in zip(one.passages, one.vectors, strict=True):
            text = f"{one.document.title} {passage.heading}\n{passage.shown}"
            assert np.array_equal(vector, ENCODER.encode_passages([text])[0])
            assert one.document.text[passage.start : passage.end] == passage.text


def test_making_several_at_once_is_making_each():
    documents = [Document.from_text(LONG[: 40 * n], path=f"{n}") for n in range(5)]
    together = make(documents, ENCODER)
    for document, one in zip(documents, together, strict=True):
        [alone] = make([document], ENCODER)
        assert alone.passages == one.passages
        assert np.array_equal(alone.vectors, one.vectors)


def test_making_nothing_gives_nothing():
    assert make([], ENCODER) == []


def test_noise_is_neither_shown_nor_encoded():
    seen = []

    class Listening(FakeEncoder):
        def encode_passages(self, texts):
            seen.extend(texts)
            return super().encode_passages(texts)

    text = "首页 > 新闻中心 > 正文\n骑手之家已经揭牌，全年开放。\n【打印】【关闭】分享到\n"
    [made] = make([Document.from_text(text, path="a", title="简报")], Listening())
    assert not any("打印" in one or "首页" in one for one in seen)
    assert any("骑手之家" in passage.shown for passage in made.passages)


@pytest.mark.parametrize("cut", [lambda v: v[:, :3], lambda v: v[:-1], lambda v: v[0]])
def test_vectors_of_another_shape_than_promised_are_refused(cut):
    class Breaking(FakeEncoder):
        def encode_passages(self, texts):
            return cut(super().encode_passages(texts))

    with pytest.raises(VectorMismatch):
        make([Document.from_text(LONG, path="a")], Breaking())


def test_what_was_recorded_agrees_with_itself(store, tmp_path):
    making = Making.of(ENCODER)
    assert not is_recorded(store)
    record(store, making)
    assert is_recorded(store)
    making.check(store, tmp_path)


@pytest.mark.parametrize(
    ("other", "says"),
    [
        (Making.of(FakeEncoder("other")), "encoder fake, this is other"),
        (Making.of(FakeEncoder(dimensions=32)), "another version of the encoder fake"),
        (replace(Making.of(ENCODER), words="0"), "words 1, this is 0"),
    ],
)
def test_a_difference_is_named_with_the_remedy(store, tmp_path, other, says):
    record(store, Making.of(ENCODER))
    with pytest.raises(LibraryOutdated, match="qa rebuild") as caught:
        other.check(store, tmp_path)
    assert says in str(caught.value)
    assert caught.value.folder == tmp_path


def test_a_making_recorded_anew_replaces_the_old(store, tmp_path):
    record(store, Making.of(ENCODER))
    newer = Making.of(FakeEncoder("other", 32))
    record(store, newer)
    newer.check(store, tmp_path)
