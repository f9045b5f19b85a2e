"""A reranker and a calibration in a library: what changes, and what does not."""

from __future__ import annotations

import math
import sys

import pytest

from qa.calibration import Calibration
from qa.library import Library
from qa.records import Document
from tests.fakes import FakeEncoder, FakeReranker

QUESTION = "工会驿站的开放时间"
TEXTS = {
    "甲": "工会驿站的开放时间是八点到二十点。",
    "乙": "工会驿站有饮水机，开放时间请看门口。",
    "丙": "职工书屋的开放时间是九点。",
}


def opened(folder, reranker=None):
    library = Library.open(folder / "library", FakeEncoder(), reranker=reranker)
    library.add([Document.from_text(text, path=name) for name, text in TEXTS.items()])
    return library


def logit(p):
    return math.log(p / (1 - p))


def test_the_logits_of_both_are_added_and_decide_the_order(tmp_path):
    with opened(tmp_path) as library:
        own = {hit.document.path: hit for hit in library.search(QUESTION)}
    judged = {"甲": 0.2, "乙": 0.9, "丙": 0.5}
    reranker = FakeReranker({text: judged[name] for name, text in TEXTS.items()})
    with opened(tmp_path, reranker) as library:
        hits = library.search(QUESTION)
        answer = library.ask(QUESTION)
    for hit in hits:
        name = hit.document.path
        assert hit.signals["reranker"] == pytest.approx(judged[name])
        assert logit(hit.score) == pytest.approx(
            logit(own[name].score) + logit(judged[name]), abs=1e-5
        )
        assert {k: v for k, v in hit.signals.items() if k != "reranker"} == own[name].signals
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert hits[0].document.path == "乙"
    assert answer.confidence == pytest.approx(hits[0].score)
    assert reranker.asked == [QUESTION, QUESTION]


def test_a_reranker_without_doubt_is_bounded(tmp_path):
    with opened(tmp_path) as library:
        own = {hit.document.path: hit.score for hit in library.search(QUESTION)}
    with opened(tmp_path, FakeReranker(dict.fromkeys(TEXTS.values(), 1.0))) as library:
        for hit in library.search(QUESTION):
            assert logit(hit.score) == pytest.approx(logit(own[hit.document.path]) + logit(0.99))
            assert hit.signals["reranker"] == 1.0


def test_it_sees_the_best_twelve_with_title_and_heading(tmp_path):
    reranker = FakeReranker({})
    with Library.open(tmp_path / "library", FakeEncoder(), reranker=reranker) as library:
        library.add(
            [
                Document.from_text(f"工会驿站第{n}号。", path=f"{n}", title="驿站名单")
                for n in range(40)
            ]
        )
        library.search("工会驿站", 5)
        [seen] = reranker.seen
        assert len(seen) == 12
        assert all(text.startswith("驿站名单") and "工会驿站第" in text for text in seen)
        assert library.search("你好") == []
        assert len(reranker.seen) == 1  # nothing found, nothing asked
        assert library.status().reranker == "fake-reranker"


def test_without_one_nothing_is_loaded(tmp_path):
    with opened(tmp_path) as library:
        assert "reranker" not in library.search(QUESTION)[0].signals
        assert library.status().reranker == ""
    assert "torch" not in sys.modules or "sentence_transformers" in sys.modules


def test_a_calibration_changes_scores_and_not_their_order(tmp_path):
    with opened(tmp_path) as library:
        before = library.search(QUESTION)
        library.set_calibration(Calibration(0.5, -1.0, 0.6, 0.05, 40, made=True))
        after = library.search(QUESTION)
        assert [hit.passage.id for hit in after] == [hit.passage.id for hit in before]
        for one, other in zip(before, after, strict=True):
            assert logit(other.score) == pytest.approx(0.5 * logit(one.score) - 1.0)
            assert other.signals == one.signals
        assert library.ask(QUESTION).confidence == pytest.approx(after[0].score)
        assert library.ask(QUESTION, calibrated=False).confidence == pytest.approx(before[0].score)


@pytest.mark.parametrize(("threshold", "found"), [(0.0, True), (1.0, False)])
def test_the_calibrated_threshold_decides(tmp_path, threshold, found):
    with opened(tmp_path) as library:
        library.set_calibration(Calibration(1.0, 0.0, threshold, 0.05, 40, made=True))
        answer = library.ask(QUESTION)
        assert answer.found is found
        assert bool(answer.citations) is found
        assert bool(answer.closest) is not found
