"""A document becomes pieces: passages with their own terms and vectors, in reading order."""

from __future__ import annotations

import pickle

import numpy as np
import pytest

from embeddings.errors import VectorMismatch
from embeddings.words import cutter, fold
from qa import pieces as module
from qa.cleaning import find_noise
from qa.pieces import pieces, with_vectors
from qa.records import Document
from qa.term_making import TermMaker
from tests.fakes import FakeEncoder

ENCODER = FakeEncoder()
MAKER = TermMaker(cutter())
LONG = "县总工会为户外劳动者提供热饭和饮水，全年开放，共有驿站一百家。\n" * 30


def test_every_passage_has_its_own_terms_and_vector(monkeypatch):
    monkeypatch.setattr(module, "PIECE_PASSAGES", 2)
    document = Document.from_text(LONG, path="a", title="驿站")
    bare = list(pieces(document, MAKER))
    made = with_vectors([(document.title, one) for one in bare], ENCODER)
    assert [len(one.passages) for one in made[:-1]] == [2] * (len(made) - 1)
    assert len(made) > 1
    passages = [passage for one in made for passage in one.passages]
    assert passages == sorted(passages, key=lambda passage: passage.start)
    for one in made:
        for passage, terms, vector in zip(one.passages, one.terms, one.vectors, strict=True):
            text = f"{document.title} {passage.heading}\n{passage.shown}"
            assert np.array_equal(vector, ENCODER.encode_passages([text])[0].astype(np.float16))
            assert document.text[passage.start : passage.end] == passage.text
            assert terms == MAKER.terms(passage.shown, title="驿站", heading=passage.heading)


@pytest.mark.parametrize("text", ["", " \n"])
def test_a_blank_document_has_no_pieces(text):
    assert list(pieces(Document.from_text(text, path="a"), MAKER)) == []


def test_a_text_that_is_folded_already_is_cut_into_the_same_terms():
    lines = [
        LONG,
        "破釜沈舟的答覆：總工會ＡＢＣ。\u3000毛坏",
        "。".join(["意志消沈" * 30] * 9),
        "答覆" * 600,
    ]
    document = Document.from_text("\n".join(lines), path="a", title="驛站")
    folded = list(pieces(document, MAKER, [(3, 9)], folded=fold(document.text)))
    assert [one.terms for one in folded] == [one.terms for one in pieces(document, MAKER, [(3, 9)])]
    assert any("总工会" in terms.words for one in folded for terms in one.terms)


def test_there_are_no_vectors_before_they_are_encoded():
    [one] = pieces(Document.from_text("骑手之家已经揭牌。", path="a"), MAKER)
    assert one.vectors is None
    assert one.passages


def test_noise_is_neither_shown_nor_encoded_nor_cut():
    seen = []

    class Listening(FakeEncoder):
        def encode_passages(self, texts):
            seen.extend(texts)
            return super().encode_passages(texts)

    text = "首页 > 新闻中心 > 正文\n骑手之家已经揭牌，全年开放。\n【打印】【关闭】分享到\n"
    document = Document.from_text(text, path="a", title="简报")
    [bare] = pieces(document, MAKER, find_noise(document.text))
    [one] = with_vectors([(document.title, bare)], Listening())
    assert not any("打印" in text or "首页" in text for text in seen)
    assert not any("打印" in terms.words or "首页" in terms.words for terms in one.terms)
    assert any("骑手之家" in passage.shown for passage in one.passages)


@pytest.mark.parametrize("cut", [lambda v: v[:, :3], lambda v: v[:-1], lambda v: v[0]])
def test_vectors_of_another_shape_than_promised_are_refused(cut):
    class Breaking(FakeEncoder):
        def encode_passages(self, texts):
            return cut(super().encode_passages(texts))

    titled = [("", one) for one in pieces(Document.from_text(LONG, path="a"), MAKER)]
    with pytest.raises(VectorMismatch):
        with_vectors(titled, Breaking())


def test_pieces_of_several_documents_are_encoded_together():
    calls = []

    class Listening(FakeEncoder):
        def encode_passages(self, texts):
            calls.append(list(texts))
            return super().encode_passages(texts)

    one, other = (Document.from_text(text, path="a") for text in (LONG, "工会开会。"))
    titled = [("甲", piece) for piece in pieces(one, MAKER)]
    titled += [("乙", piece) for piece in pieces(other, MAKER)]
    ready = with_vectors(titled, Listening())
    assert len(calls) == 1
    assert calls[0][-1].startswith("乙 ")
    assert [len(piece.vectors) for piece in ready] == [len(p.passages) for _, p in titled]
    again = [(title, piece) for (title, _), piece in zip(titled, ready, strict=True)]
    assert with_vectors(again, Listening()) == ready
    assert len(calls) == 1
    assert with_vectors([], Listening()) == []


def test_a_piece_comes_whole_through_a_pipe():
    document = Document.from_text(LONG + "【打印】【关闭】分享到\n", path="a", title="驿站")
    bare = list(pieces(document, MAKER, find_noise(document.text)))
    for one in (*bare, *with_vectors([("驿站", piece) for piece in bare], ENCODER)):
        again = pickle.loads(pickle.dumps(one, pickle.HIGHEST_PROTOCOL))  # noqa: S301 - our own
        assert (again.passages, again.terms) == (one.passages, one.terms)
        assert type(again.passages[0]) is type(one.passages[0])
        assert np.array_equal(again.vectors, one.vectors)
