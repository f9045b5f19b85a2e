"""The baseline, against BM25 written out plainly."""

from __future__ import annotations

from math import log

import pytest

from embeddings.words import cutter, fold
from qa.baseline import Bm25
from qa.library import Library
from qa.records import Document
from tests.fakes import FakeEncoder

TEXTS = {
    "a": "职工服务中心设在柏岭路，职工可以在这里咨询。",
    "b": "驿站的开放时间是八点到二十点。",
    "c": "會員卡補辦要三天。",
    "d": "驿站的开放时间是八点到二十点。",
}


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    folder = tmp_path_factory.mktemp("baseline") / "library"
    with Library.open(folder, FakeEncoder()) as opened:
        opened.add([Document.from_text(text, path=path) for path, text in TEXTS.items()])
        yield opened


def bm25(query, name, cut):
    """Compute the formula of Robertson and Zaragoza, term by term."""
    words = {n: cut.plain(fold(f"{n}\n{text}")) for n, text in TEXTS.items()}
    mean = sum(map(len, words.values())) / len(words)
    total = 0.0
    for term in cut.plain(fold(query)):
        n = sum(term in text for text in words.values())
        f = words[name].count(term)
        idf = log(1 + (len(words) - n + 0.5) / (n + 0.5))
        total += idf * f * 2.5 / (f + 1.5 * (1 - 0.75 + 0.75 * len(words[name]) / mean))
    return total


@pytest.mark.parametrize(
    "query", ["职工服务中心在哪里", "驿站 驿站 时间", "会员卡補辦", "b 的时间"]
)
def test_scores_are_those_of_the_formula_best_first(library, query):
    cut = cutter()
    hits = Bm25.of(library, cut).search(query)
    expected = {name: bm25(query, name, cut) for name in TEXTS}
    expected = {name: score for name, score in expected.items() if score > 0}
    assert hits
    assert {hit.document.path: hit.score for hit in hits} == pytest.approx(expected)
    assert [hit.score for hit in hits] == sorted(expected.values(), reverse=True)
    assert all(hit.passage.text in TEXTS[hit.document.path] for hit in hits)


def test_titles_are_read_and_equal_scores_keep_their_order(library):
    found = Bm25.of(library, cutter())
    assert [hit.document.path for hit in found.search("c")] == ["c"]
    assert [hit.document.path for hit in found.search("二十点")] == ["b", "d"]
    assert [hit.document.path for hit in found.search("二十点", 1)] == ["b"]


@pytest.mark.parametrize("query", ["", "，。", "火星移民计划", "emoji 🎉"])
def test_nothing_in_common_finds_nothing(library, query):
    assert Bm25.of(library, cutter()).search(query) == []


def test_an_empty_library_finds_nothing(tmp_path):
    with Library.open(tmp_path / "library", FakeEncoder()) as empty:
        assert Bm25.of(empty, cutter()).search("职工") == []


def test_documents_are_counted_while_they_are_read(library):
    told = []
    Bm25.of(library, cutter(), lambda done, total: told.append((done, total)))
    assert told == [(n, 4) for n in range(1, 5)]
