"""What is looked for in a large library."""

from __future__ import annotations

from qa.terms import WeightedTerm
from qa.thrift import affordable, spared, without_twins

WEIGHTS = {"words": 1.0, "bigrams": 0.5, "title": 0.4}


def _terms(*named: str) -> list[WeightedTerm]:
    fields = ((one, *one.split(":")) for one in named)
    return [WeightedTerm(field, term, WEIGHTS[field]) for _, field, term in fields]


def _names(terms: list[WeightedTerm]) -> list[str]:
    return [f"{one.field}:{one.term}" for one in terms]


def test_a_word_that_is_a_pair_is_looked_for_once_with_the_weight_of_both() -> None:
    found = without_twins(
        _terms("words:工会", "words:总工会", "bigrams:总工", "bigrams:工会", "title:工会"), WEIGHTS
    )
    assert [(one.field, one.term, one.weight) for one in found] == [
        ("words", "总工会", 1.0),
        ("bigrams", "总工", 0.5),
        ("bigrams", "工会", 1.5),
        ("title", "工会", 0.4),
    ]


def test_what_a_synonym_counts_less_it_counts_less_as_a_pair_too() -> None:
    terms = [WeightedTerm("words", "经费", 0.8), WeightedTerm("bigrams", "经费", 0.4)]
    assert without_twins(terms, WEIGHTS) == [WeightedTerm("bigrams", "经费", 0.4 * 3)]


def test_frequent_terms_are_left_out_where_they_cost_too_much() -> None:
    counts = {"甲": 50, "乙": 3, "丙": 40, "丁": 4}
    terms = _terms("words:甲", "words:乙", "words:丙", "words:丁")
    some = affordable(terms, lambda _, term: counts[term], 47, least=0)
    assert _names(some) == ["words:乙", "words:丙", "words:丁"]
    assert affordable(terms, lambda _, term: counts[term], 97, least=0) == terms


def test_the_rarest_of_each_field_stay_whatever_they_cost() -> None:
    counts = {"甲": 50, "乙": 30, "丙": 40, "丁": 4}
    terms = _terms("words:甲", "words:乙", "title:丙", "words:丁")
    some = affordable(terms, lambda _, term: counts[term], 0, least=1)
    assert _names(some) == ["title:丙", "words:丁"]


def test_a_question_of_few_terms_keeps_all_of_them() -> None:
    terms = _terms("words:总工会", "bigrams:总工", "bigrams:工会")
    assert spared(terms, WEIGHTS, lambda field, term: 900_000) == terms
    assert spared([], WEIGHTS, lambda field, term: 0) == []
