"""The calibration a library keeps: for whom it holds, and what it outlives."""

from __future__ import annotations

from dataclasses import replace

import pytest

from qa.calibration import Calibration
from qa.keeping import State, fitted_for, shipped
from qa.library import Library
from qa.ranking import weights
from qa.records import Document
from qa.store import Store
from tests.fakes import FakeEncoder, FakeReranker

OWN = Calibration(0.8, -0.5, 0.61, 0.05, 40, made=False)


@pytest.fixture
def folder(tmp_path):
    with Library.open(tmp_path / "library", FakeEncoder()) as library:
        library.add(Document.from_text("工会驿站的开放时间是八点到二十点。", path="甲"))
        library.set_calibration(OWN)
    return tmp_path / "library"


def test_a_new_library_has_what_ships(tmp_path):
    with Library.open(tmp_path / "new", FakeEncoder()) as library:
        assert library.calibration == shipped()
        assert library.calibration.threshold == weights().threshold
        assert library.status().calibration == State.SHIPPED


def test_it_is_kept_with_the_library(folder):
    with Library.open(folder, FakeEncoder()) as library:
        assert library.calibration == OWN
        assert (library.status().calibration, library.status().threshold) == (State.OWN, 0.61)


def test_one_fitted_to_made_questions_is_told_apart(folder):
    with Library.open(folder, FakeEncoder()) as library:
        library.set_calibration(replace(OWN, made=True))
        assert library.status().calibration == State.MADE


def test_adding_removing_and_rebuilding_leave_it(folder):
    with Library.open(folder, FakeEncoder()) as library:
        library.add(Document.from_text("职工书屋九点开门。", path="乙"))
        library.remove("甲")
        assert library.calibration == OWN
    Library.rebuild(folder, FakeEncoder())
    with Library.open(folder, FakeEncoder()) as library:
        assert library.calibration == OWN


def test_reset_brings_back_what_ships(folder):
    with Library.open(folder, FakeEncoder()) as library:
        library.set_calibration(None)
        assert (library.calibration, library.status().calibration) == (shipped(), State.SHIPPED)


def test_another_encoder_does_not_use_it_until_the_old_one_is_back(folder):
    Library.rebuild(folder, FakeEncoder("other"))
    with Library.open(folder, FakeEncoder("other")) as library:
        assert (library.calibration, library.status().calibration) == (shipped(), State.OUTDATED)
    Library.rebuild(folder, FakeEncoder())
    with Library.open(folder, FakeEncoder()) as library:
        assert library.calibration == OWN


def test_a_reranker_has_its_own(folder):
    with Library.open(folder, FakeEncoder(), reranker=FakeReranker({})) as library:
        assert library.status().calibration == State.OUTDATED
    with Library.open(folder, FakeEncoder()) as library:
        assert library.status().calibration == State.OWN


def test_the_fingerprint_follows_all_that_confidences_depend_on(monkeypatch):
    seen = {
        fitted_for(FakeEncoder(), None),
        fitted_for(FakeEncoder("other"), None),
        fitted_for(FakeEncoder(), FakeReranker({})),
        fitted_for(FakeEncoder(), FakeReranker({}, "2")),
    }
    monkeypatch.setattr("qa.keeping._weights_digest", lambda: "other weights")
    seen.add(fitted_for(FakeEncoder(), None))
    assert len(seen) == 5


def test_what_another_process_keeps_is_seen_at_the_next_question(folder):
    with Library.open(folder, FakeEncoder()) as one, Library.open(folder, FakeEncoder()) as other:
        assert one.calibration == OWN
        other.set_calibration(None)
        assert one.calibration == shipped()
        assert one.ask("工会驿站").confidence == other.ask("工会驿站").confidence


@pytest.mark.parametrize("kept", ["{broken", "[]", '"text"', "null", '{"slope": 1.0}'])
def test_one_that_is_damaged_is_not_used_and_stops_nothing(folder, kept):
    with Store.open(folder / "library.db").writing() as writing:
        writing.set("calibration", kept)
    with Library.open(folder, FakeEncoder()) as library:
        assert (library.calibration, library.status().calibration) == (shipped(), State.OUTDATED)
        assert library.ask("工会驿站的开放时间").citations
        library.set_calibration(OWN)
        assert library.calibration == OWN
