"""Calibrating a library: what is asked, what counts as right, and what is kept."""

from __future__ import annotations

import pytest

from qa.calibrating import Asking, ask_all, calibrate, effect
from qa.calibration import Calibration
from qa.errors import CalibrationError
from qa.keeping import State, shipped
from qa.library import Library
from qa.question_files import EvidenceText, MeasuredQuestion, checked, read_questions
from qa.records import Document
from tests.fakes import FakeEncoder

HOURS = "工会驿站的开放时间是八点到二十点。"


def asked(question, *evidence):
    return MeasuredQuestion(question, question, "", tuple(EvidenceText(*e) for e in evidence), 1)


@pytest.fixture
def library(tmp_path):
    with Library.open(tmp_path / "library", FakeEncoder()) as made:
        made.add(
            [
                Document.from_text(HOURS, path="甲.txt", title="驿站"),
                Document.from_text(f"转发：{HOURS}请互相告知。", path="乙.txt", title="转发"),
                Document.from_text("职工书屋的开放时间请看门口的通知。", path="丙.txt"),
            ]
        )
        yield made


def test_a_question_is_asked_as_it_is_and_without_all_that_hold_its_answer(library):
    question = asked("工会驿站的开放时间", ("甲.txt", HOURS))
    as_it_is, left_out = ask_all(library, [question])
    assert as_it_is == Asking(library.ask(question.question).confidence, True, False)
    alone = library.ask(question.question, without=["甲.txt", "乙.txt"])
    assert alone.closest[0].document.path == "丙.txt"
    assert left_out == Asking(alone.confidence, False, True)


def test_a_first_passage_without_the_evidence_is_not_right(library):
    [as_it_is, _] = ask_all(library, [asked("工会驿站的开放时间", ("丙.txt", "门口的通知"))])
    assert not as_it_is.right


def test_copies_of_the_first_count_as_it_and_are_left_out_with_it(tmp_path):
    with Library.open(tmp_path / "copies", FakeEncoder()) as library:
        for name in "甲乙丙丁戊己庚":  # more than are looked for one by one
            library.add(Document.from_text(HOURS, path=name, title="驿站"))
        library.add(Document.from_text("职工书屋的开放时间请看门口的通知。", path="书屋"))
        for name in "甲庚":
            as_it_is, left_out = ask_all(library, [asked("工会驿站的开放时间", (name, HOURS))])
            assert as_it_is.right
            assert left_out.confidence < as_it_is.confidence


def test_without_evidence_it_is_asked_once(library):
    [one] = ask_all(library, [asked("书屋藏书多少册")])
    assert (one.right, one.unanswerable) == (False, True)


def test_where_leaving_out_leaves_nothing_the_question_is_not_counted(tmp_path):
    with Library.open(tmp_path / "one", FakeEncoder()) as library:
        library.add(Document.from_text(HOURS, path="甲.txt"))
        [only] = ask_all(library, [asked("工会驿站的开放时间", ("甲.txt", HOURS))])
        assert not only.unanswerable


def test_progress_is_told_after_each_question(library):
    told = []
    list(ask_all(library, [asked("书屋")] * 3, lambda *counts: told.append(counts)))
    assert told == [(1, 3), (2, 3), (3, 3)]


def test_an_effect_is_counted():
    askings = [
        Asking(0.9, True, False), Asking(0.2, False, False),
        Asking(0.6, False, True), Asking(0.1, False, True), Asking(0.0, False, True),
    ]  # fmt: skip
    got = effect(Calibration(1.0, 0.0, 0.5, 0.05, 5, made=False), askings)
    assert (got.threshold, got.answered, got.false_answers) == (0.5, 1 / 2, 1 / 3)
    assert effect(shipped(), []).answered == 0.0


@pytest.fixture(scope="module")
def sample_copy(tmp_path_factory, sample):
    """A library of the sample documents: each test calibrates it anew."""
    with Library.open(tmp_path_factory.mktemp("sample") / "library", FakeEncoder()) as library:
        library.add(sample)
        yield library


@pytest.fixture
def uncalibrated(sample_copy):
    sample_copy.set_calibration(None)
    return sample_copy


@pytest.fixture(scope="module")
def questions(sample_copy, sample_questions):
    return checked(read_questions(sample_questions), sample_copy).questions[::2]


@pytest.mark.parametrize("rate", [0.05, 0.2])
def test_the_wanted_share_of_false_answers_is_kept_to(uncalibrated, questions, rate):
    got = calibrate(uncalibrated, questions, false_answers=rate)
    assert rate - 2 / got.unanswerable < got.after.false_answers <= rate
    assert got.before.threshold == shipped().threshold
    assert got.answerable == sum(bool(one.evidence) for one in questions)
    assert got.calibration.questions == len(questions) and not got.calibration.made
    assert uncalibrated.calibration == got.calibration
    assert uncalibrated.status().calibration == State.OWN
    # What `ask` says from now on is what was promised.
    silent = [one for one in questions if not one.evidence]
    for one in silent[:10]:
        answer = uncalibrated.ask(one.question)
        assert answer.found is (answer.confidence >= got.calibration.threshold)


def test_calibrating_again_starts_from_uncalibrated_confidences(uncalibrated, questions):
    some = questions[::2]
    before = list(ask_all(uncalibrated, some))
    got = calibrate(uncalibrated, some, false_answers=0.2)
    assert list(ask_all(uncalibrated, some)) == before
    # A stricter rate answers less.
    strict = calibrate(uncalibrated, some, false_answers=0.02)
    assert strict.before == got.after
    assert strict.calibration.threshold > got.calibration.threshold
    assert strict.after.answered <= got.after.answered
    again = calibrate(uncalibrated, some, false_answers=0.2)
    assert again.calibration == got.calibration


def test_without_questions_they_are_made(uncalibrated):
    got = calibrate(uncalibrated)
    assert got.calibration.made
    assert got.calibration.questions > 60
    assert got.after.false_answers <= 0.05 < got.after.answered


def test_too_few_questions_change_nothing(library):
    with pytest.raises(CalibrationError, match=r"^2 questions without an answer are too few"):
        calibrate(library, [asked("书屋藏书多少册"), asked("谁是馆长")])
    assert library.status().calibration == State.SHIPPED
    with pytest.raises(CalibrationError, match="too few"):
        calibrate(library)


@pytest.mark.parametrize("share", [0.0, 1.0, 2.0, -1.0, float("nan")])
def test_a_share_of_false_answers_lies_between_nothing_and_all(library, share):
    with pytest.raises(CalibrationError, match="more than 0 and less than 1"):
        calibrate(library, None, false_answers=share)
