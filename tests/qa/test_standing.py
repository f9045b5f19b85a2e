"""Terms found in many texts at once: the same as looked for one by one."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from qa.standing import Standing, TermFinder
from qa.weighing import Terms, count

LETTERS = "工会驿站哈a1。𠀀\n"
TEXT = st.text(LETTERS, max_size=30)
TEXTS = st.lists(TEXT, max_size=6)
TERM = st.text(LETTERS.replace("\n", ""), min_size=1, max_size=4)
TERMS = st.lists(TERM, max_size=8, unique=True)


@given(TERMS, TEXTS)
def test_counts_are_those_of_each_text(terms: list[str], texts: list[str]) -> None:
    counts = TermFinder(terms).counts(texts)
    assert counts.shape == (len(texts), len(terms))
    assert counts.tolist() == [[count(term, text) for term in terms] for text in texts]


def test_a_term_is_found_inside_itself_too() -> None:
    found = TermFinder(["哈哈", "会"]).find(["哈哈哈", "工会"])
    places = zip(found.terms.tolist(), found.starts.tolist(), found.ends.tolist(), strict=True)
    assert sorted(places) == [(0, 0, 2), (0, 1, 3), (1, 5, 6)]


@given(TERMS, TERMS, TEXTS)
def test_words_pairs_and_characters_stand_where_they_are(
    words: list[str], pairs: list[str], texts: list[str]
) -> None:
    characters = ("工", "会")
    terms = Terms(dict.fromkeys(words, 1.0), frozenset(words[:2]))
    standing = Standing(terms, pairs, characters)
    for asked in (texts, [*texts, *texts[:1], "工会"]):  # the second time most are known
        stand = standing.of(asked)
        assert stand.words.tolist() == [[count(one, text) for one in words] for text in asked]
        assert stand.pairs.tolist() == [[count(one, text) for one in pairs] for text in asked]
        assert stand.characters.tolist() == [[count(one, t) for one in characters] for t in asked]
        held = [[one in terms.held(text) for one in words] for text in asked]
        assert stand.held.tolist() == held


def test_an_abbreviation_is_held_where_it_is_spelt_out() -> None:
    standing = Standing(Terms({"职代会": 1.0}, {"职代会"}), ["职代"], ["职"])
    stand = standing.of(["职工代表大会", "代表职工大会", "职代会"])
    assert stand.held.tolist() == [[True], [False], [True]]
    assert stand.words.tolist() == [[0], [0], [1]]


def _stands(term: str, said: list[str], at: int) -> bool:
    """Say whether a term stands in a sentence or the next; what is around them is looked at too."""
    passage = "".join(said)
    begin, end = len("".join(said[:at])), len("".join(said[: at + 2]))
    places = (n for n in range(begin, end - len(term) + 1) if passage.startswith(term, n))
    around = (passage[max(0, n - 1) : n + len(term) + 1] for n in places)
    return any(count(term, one) for one in around)


@given(TERMS, st.lists(st.lists(TEXT.filter(bool), min_size=1, max_size=4), max_size=4))
def test_a_window_is_a_sentence_and_the_next_of_its_passage(
    words: list[str], spoken: list[list[str]]
) -> None:
    terms = Terms(dict.fromkeys(words, 1.0))
    there = Standing(terms, words, ["工"]).in_windows(spoken)
    windows = ["".join(said[place : place + 2]) for said in spoken for place, _ in enumerate(said)]
    held = [
        [_stands(one, said, at) for one in words] for said in spoken for at, _ in enumerate(said)
    ]
    assert there.held.tolist() == held
    assert (there.pairs > 0).tolist() == held
    assert (there.characters > 0).tolist() == [["工" in window] for window in windows]


def test_a_passage_without_sentences_holds_nothing() -> None:
    standing = Standing(Terms({"工会": 1.0}), ["工会"], ["工"])
    there = standing.in_windows([["工会。"], [""], ["驿站", "工会"]])
    assert there.held.tolist() == [[True], [False], [True], [True]]
    assert standing.in_windows([]).held.shape == (0, 1)


def test_a_code_is_not_held_by_a_longer_one() -> None:
    terms = Terms({"b333": 1.0, "12": 1.0, "ai": 1.0, "ml": 1.0, "5": 1.0})
    texts = [
        "b33315号",
        "编号1201，共3120",
        "email",
        "10ml",
        "5mg",
        "b333号",
        "第12条",
        "wai",
        "ai4",
    ]
    stand = Standing(terms, [*terms.weight], ()).of(texts)
    held = [{"ml"}, {"5"}, {"b333"}, {"12"}, set(), {"ai"}]
    assert [terms.held(text) for text in texts] == [set(), set(), set(), *held]
    assert stand.held.tolist() == [[one in terms.held(t) for one in terms.weight] for t in texts]
    assert stand.pairs.tolist() == [[count(one, t) for one in terms.weight] for t in texts]


def test_only_whole_ones_are_counted() -> None:
    text = "b333、b3331、ab333，b333；b333"
    assert TermFinder(["b333"]).counts([text, "", "b333"]).tolist() == [[3], [0], [1]]
    assert TermFinder(["1哈1"]).counts(["1哈1哈1", "11哈1"]).tolist() == [[1], [0]]
