"""Which passages are cited, and which only counted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from qa.citing import Answering, Chosen, chosen

FACT = "青禾县建成38家工会驿站，全部对户外劳动者开放，由县总工会统一管理。"
MORE = "驿站配备饮水机、微波炉和急救箱，职工持有效证件进入，不收取任何费用。"
QUOTED_WHOLE: Mapping[int, str] = MappingProxyType({})


def passage(score: float, text: str, document: int = 1) -> Answering:
    return Answering(score, text, document)


def cited(
    found: Sequence[Answering], k: int, quotes: Mapping[int, str] = QUOTED_WHOLE
) -> list[Chosen]:
    """Choose of passages that are quoted whole, but for `quotes` by their places."""
    return chosen(found, k, lambda place: quotes.get(place, found[place].text))


def test_copies_are_counted_and_leave_room_for_others() -> None:
    found = [passage(0.9, FACT), passage(0.9, FACT, 2), passage(0.8, MORE, 3)]
    assert cited(found, 3) == [Chosen(0, (1,)), Chosen(2)]
    assert cited(found, 1) == [Chosen(0, (1,))]


def test_a_copy_cut_before_the_quote_is_cited_on_its_own() -> None:
    whole = FACT + MORE
    found = [passage(0.9, whole), passage(0.8, whole[15:], 2)]
    assert cited(found, 3, {0: "青禾县建成38家"}) == [Chosen(0), Chosen(1)]


def test_copies_cut_before_the_quote_fold_with_each_other() -> None:
    whole = FACT + MORE
    found = [passage(0.9, whole), passage(0.8, whole[15:], 2), passage(0.8, whole[15:], 3)]
    assert cited(found, 3, {0: "青禾县建成38家"}) == [Chosen(0), Chosen(1, (2,))]


def test_quotes_are_only_asked_for_where_there_may_be_copies() -> None:
    found = [passage(0.9, MORE), passage(0.8, FACT), passage(0.8, FACT, 2), passage(0.7, "丙" * 30)]
    asked = []

    def quote(place: int) -> str:
        asked.append(place)
        return found[place].text

    chosen(found, 3, quote)
    assert asked == [1]


def test_another_year_or_place_is_cited_beside_the_first() -> None:
    other = FACT.replace("青禾", "松涛").replace("38", "41")
    assert cited([passage(0.9, FACT), passage(0.89, other, 2)], 3) == [Chosen(0), Chosen(1)]


def test_of_equals_another_document_goes_first() -> None:
    found = [passage(0.9, "甲" * 30), passage(0.81, "乙" * 30), passage(0.8, "丙" * 30, 2)]
    assert [one.place for one in cited(found, 2)] == [0, 2]
    assert [one.place for one in cited(found, 3)] == [0, 2, 1]


def test_a_clearly_better_passage_of_the_same_document_goes_first() -> None:
    found = [passage(0.9, "甲" * 30), passage(0.88, "乙" * 30), passage(0.6, "丙" * 30, 2)]
    assert [one.place for one in cited(found, 2)] == [0, 1]


def test_certain_scores_and_no_passages() -> None:
    assert cited([], 3) == []
    assert cited([passage(1.0, "甲"), passage(0.0, "乙")], 3) == [Chosen(0), Chosen(1)]
