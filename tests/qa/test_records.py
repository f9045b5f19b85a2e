"""Ranges of shown text map to the characters they stand for; quotes are what stands there."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from qa.records import AddReport, Citation, Copy, Document, Hit, Passage, without


@st.composite
def noisy(draw):
    """A text, ranges of noise in it (in order, apart), and the characters that are left."""
    marks = draw(st.lists(st.booleans(), min_size=1, max_size=40))
    text = "".join(chr(0x4E00 + place) for place in range(len(marks)))  # each character once
    ranges, start = [], None
    for place, is_noise in enumerate([*marks, False]):
        if is_noise and start is None:
            start = place
        elif not is_noise and start is not None:
            ranges.append((start, place))
            start = None
    kept = "".join(c for c, is_noise in zip(text, marks, strict=True) if not is_noise)
    return text, tuple(ranges), kept


def passage_of(text, noise=(), *, start=0):
    return Passage(1, 1, 1, "", start, start + len(text), text, noise)


@given(noisy())
def test_shown_is_the_text_less_its_noise(case):
    text, noise, kept = case
    assert passage_of(text, noise).shown == kept == without(text, noise)


@given(noisy(), st.data(), st.integers(0, 50))
def test_placed_spans_exactly_the_shown_range(case, data, offset):
    text, noise, kept = case
    start = data.draw(st.integers(0, len(kept)))
    end = data.draw(st.integers(start, len(kept)))
    passage = passage_of(text, noise, start=offset)
    first, last = passage.placed(start, end)
    document = " " * offset + text
    if start == end:
        assert first == last == offset
    else:
        assert document[first] == kept[start]  # begins and ends with what is shown, not with noise
        assert document[last - 1] == kept[end - 1]
        assert "".join(c for c in document[first:last] if c in kept) == kept[start:end]


@given(noisy(), st.data(), st.integers(0, 50))
def test_a_quote_is_the_shown_text_of_its_range(case, data, offset):
    text, noise, kept = case
    start = data.draw(st.integers(0, len(kept)))
    end = data.draw(st.integers(start, len(kept)))
    passage = passage_of(text, noise, start=offset)
    document = Document("", "a", "a", " " * offset + text + "后文", "0" * 64)
    citation = Citation(1, document, passage, *passage.placed(start, end), score=1.0)
    assert citation.quote == kept[start:end]


@given(noisy(), st.data())
def test_any_cut_through_noise_quotes_only_what_is_shown(case, data):
    text, noise, kept = case
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    document = Document("", "a", "a", text, "0" * 64)
    quote = Citation(1, document, passage_of(text, noise), start, end, score=1.0).quote
    assert quote == "".join(c for c in text[start:end] if c in kept)


@pytest.mark.parametrize(
    ("offset", "page"), [(0, 1), (9, 1), (10, 2), (11, 2), (24, 2), (25, 3), (999, 3)]
)
def test_pages_are_counted_from_one_by_where_they_start(offset, page):
    document = Document("", "a", "a", "字" * 30, "0" * 64, page_starts=(0, 10, 25))
    assert document.page_at(offset) == page


LINES = st.lists(st.sampled_from(["甲", "乙。", "", " ", "\u3000", "丙 丁", "\t戊"]), max_size=12)


@given(LINES, st.data())
def test_a_reader_who_counts_the_lines_finds_what_is_quoted(lines, data):
    text = "\n".join(lines)
    seen = [at for at, char in enumerate(text) if char.strip()]
    assume(seen)
    start = data.draw(st.sampled_from(seen))
    at = data.draw(st.sampled_from([one for one in seen if one >= start]))

    def counted(offset):
        return sum(bool(line.strip()) for line in text[: offset + 1].split("\n"))

    passage = Passage(0, 0, counted(start), "", start, len(text), text[start:])
    document = Document("", "a", "甲", text, "0")
    cited = Citation(1, document, passage, at, at + 1, 0.5)
    paragraphs = [line for line in text.split("\n") if line.strip()]
    assert text[at] in paragraphs[cited.paragraph - 1]
    assert cited.paragraph == counted(at) == cited.places[0].paragraph
    assert Copy(document, passage).paragraph == passage.ordinal


def test_text_before_the_first_page_start_is_on_page_one():
    assert Document("", "a", "a", "字", "0" * 64, page_starts=(5,)).page_at(0) == 1


def test_without_pages_there_is_no_page():
    document = Document.from_text("工会", path="a")
    passage = passage_of("工会")
    assert document.page_at(0) is None
    assert Hit(passage, document, 1.0).page is None
    assert Citation(1, document, passage, 0, 2, 1.0).page is None


def test_page_of_a_citation_is_that_of_the_quote_and_of_a_hit_that_of_the_passage():
    document = Document("", "a", "a", "字" * 30, "0" * 64, page_starts=(0, 10, 20))
    passage = passage_of("字" * 20, start=5)
    assert Hit(passage, document, 1.0).page == 1
    assert Citation(1, document, passage, 21, 23, 1.0).page == 3


@pytest.mark.parametrize(
    ("given", "stored"),
    [("一\r\n二\r三\n四", "一\n二\n三\n四"), ("e\u0301tude", "étude"), ("", ""), (" \t", " \t")],
)
def test_text_given_directly_is_normalised(given, stored):
    assert Document.from_text(given, path="a").text == stored


def test_digest_follows_text_title_and_date_and_nothing_else():
    one = Document.from_text("工会", path="a", title="题", date="2024")
    assert one.digest == Document.from_text("工会", path="b", title="题", date="2024").digest
    others = [
        Document.from_text("工会。", path="a", title="题", date="2024"),
        Document.from_text("工会", path="a", title="题目", date="2024"),
        Document.from_text("工会", path="a", title="题", date="2025"),
        Document.from_text("工会", path="a", title="题"),
        Document.from_text("工会", path="a"),
    ]
    assert len({one.digest, *(other.digest for other in others)}) == 6
    assert len(one.digest) == 64


def test_records_cannot_be_changed():
    passage = passage_of("工会")
    with pytest.raises(dataclasses.FrozenInstanceError):
        passage.text = "改"
    with pytest.raises(TypeError):
        Hit(passage, Document.from_text("a", path="a"), 1.0).signals["new"] = 1.0


@pytest.mark.parametrize("field", ["added", "updated", "removed"])
def test_a_report_with_news_says_that_the_library_changed(field):
    assert AddReport(**{field: ("a",)}).changed
    assert not AddReport(unchanged=("a",)).changed


@pytest.mark.parametrize("date", ["2024", "2024-04", "2024-04-01", None])
def test_a_date_may_be_a_day_a_month_or_a_year(date):
    assert Document.from_text("正文", path="a", date=date).date == date


@pytest.mark.parametrize("date", ["", "now", "2024年4月", "2024-13", "2024-4-1", "2024-01-32"])
def test_another_date_is_refused(date):
    with pytest.raises(ValueError, match="2024-04-01"):
        Document.from_text("正文", path="a", date=date)


@pytest.mark.parametrize(
    "address", ["www.yunling.example", "ftp://a.b", "javascript:1", "https:///a"]
)
def test_an_address_is_one_of_the_web(address):
    with pytest.raises(ValueError, match="address"):
        Document.from_text("甲", path="a", address=address)


def test_the_address_is_kept_and_counts_as_content():
    known = Document.from_text("甲", path="a", address="https://www.yunling.example/1")
    assert known.address == "https://www.yunling.example/1"
    assert known.digest != Document.from_text("甲", path="a").digest


@pytest.mark.parametrize("path", ["", "  "])
def test_a_document_has_a_name(path):
    with pytest.raises(ValueError, match="name"):
        Document.from_text("正文", path=path)
