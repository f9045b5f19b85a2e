"""Proof that a library is sound: each check tries the thing itself, on the library's own words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby, islice
from math import log
from types import MappingProxyType

import numpy as np

from embeddings.words import WordCutter, cutter, fold
from qa.library import Library
from qa.pieces import in_context
from qa.question import parse
from qa.records import Hit, Passage

_DOCUMENTS = 40  # whose words are candidates, spread over the library
_TERMS = 3  # tried for each kind
_DEPTH = 10
_IDS_SHOWN = 5
_COMPARED = 20  # vectors computed anew
_TOLERANCE = 0.02  # of a cosine; stored vectors are 16-bit
_SHORTEST_NAME, _LONGEST_NAME = 2, 4
# Never part of a name worth trying: particles, numbers, measure words.
_PLAIN = frozenset(
    "的了是在和与及或有被把对将从到为于以等也都就不还又而之其这那该此并按由至向各每某且无很更最上下中里内外前后"
    "一二三四五六七八九十百千万亿两第零〇几年月日时分秒元个名家人次项位岁期届场条件号"
)
# One Traditional writing each of some of the most frequent simplified characters.
_TRADITIONAL = str.maketrans(
    "会职业务员县区级动项时单开关发国学办实标节议组织劳为责产经济证资质训练测题",
    "會職業務員縣區級動項時單開關發國學辦實標節議組織勞為責產經濟證資質訓練測題",
)
_HAN = re.compile("[\u4e00-\u9fff]+")
_NO_VALUES: Mapping[str, object] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Check:
    """One thing tried.

    Attributes:
        name: Key of its words in `qa/messages`.
        passed: Whether it went well; None when there was nothing to try it on.
        detail: Key of the words that say what was tried or what is wrong; may be empty.
        values: What those words are filled in with.
    """

    name: str
    passed: bool | None
    detail: str = ""
    values: Mapping[str, object] = field(default_factory=lambda: _NO_VALUES)


@dataclass(frozen=True, slots=True)
class Term:
    """Words to search for, and how a passage that must come back writes them."""

    query: str
    written: str


@dataclass(frozen=True, slots=True)
class _Tried:
    """One search: whether it brought back what it had to (None: cannot be said), and its hits."""

    term: Term
    found: bool | None
    hits: Sequence[Hit]


@dataclass(slots=True)
class _Survey:
    """What one walk over the library gathers."""

    passages: int = 0
    misplaced: list[int] = field(default_factory=list)
    sample: list[list[Passage]] = field(default_factory=list)  # by document


def examine(library: Library) -> tuple[Check, ...]:
    """Try every part of a library; an empty one has nothing to find, which is not a fault."""
    damage = library.damage()
    seen = _walk(library)
    cut = cutter()
    words, names = _words(seen.sample, cut), _names(seen.sample, cut)
    kinds = {
        "doctor_word": [one for one in words if len(one.query) == 2],  # noqa: PLR2004
        "doctor_name": names,
        "doctor_traditional": list(_in_traditional(words)),
        "doctor_simplified": [one for one in words if one.written != one.query],
    }
    tried = {
        name: [_search(library, one) for one in _askable(terms, cut)]
        for name, terms in kinds.items()
    }
    hits = [(one.term.query, hit) for searches in tried.values() for one in searches
            for hit in one.hits[:2]]  # fmt: skip
    return (
        Check("doctor_database", damage is None, "damage" if damage else "", {"damage": damage}),
        _encoder(library, hits[:_COMPARED]),
        _indexes(library, seen),
        _quotes(seen),
        *(_finds(name, searches) for name, searches in tried.items()),
        *_own(library),
    )


def _walk(library: Library) -> _Survey:
    seen = _Survey()
    step = max(1, library.status().documents // _DOCUMENTS)
    for number, document in enumerate(library.documents()):
        passages = library.passages(document)
        seen.passages += len(passages)
        seen.misplaced += [
            one.id for one in passages if document.text[one.start : one.end] != one.text
        ]
        if number % step == 0:
            seen.sample.append(passages)
    return seen


def _encoder(library: Library, hits: Sequence[tuple[str, Hit]]) -> Check:
    """Compute what some searches found anew: a stored vector must be what the encoder gives."""
    encoder = library.encoder
    queries = encoder.encode_queries([query for query, _ in hits])
    passages = encoder.encode_passages([in_context(h.document.title, h.passage) for _, h in hits])
    cosines = np.einsum("ij,ij->i", queries, passages)
    wrong = [
        hit.passage.id
        for (_, hit), cosine in zip(hits, cosines, strict=True)
        if abs(hit.signals.get("cosine", cosine) - cosine) > _TOLERANCE
    ]
    if wrong:
        return Check("doctor_encoder", False, "vectors_differ", {"ids": wrong[:_IDS_SHOWN]})
    compared = len({hit.passage.id for _, hit in hits})
    values = {"name": encoder.name, "count": compared}
    return Check("doctor_encoder", True if hits else None, "vectors_agree", values)


def _indexes(library: Library, seen: _Survey) -> Check:
    now = library.status()
    if seen.passages != now.passages:
        orphans = {"count": now.passages - seen.passages}
        return Check("doctor_indexes", False, "orphans", orphans)
    agree = now.terms == now.passages == now.vectors
    values = {"passages": now.passages, "terms": now.terms, "vectors": now.vectors}
    return Check("doctor_indexes", agree, "counts", values)


def _quotes(seen: _Survey) -> Check:
    if not seen.misplaced:
        return Check("doctor_quotes", True if seen.passages else None)
    values = {"count": len(seen.misplaced), "ids": seen.misplaced[:_IDS_SHOWN]}
    return Check("doctor_quotes", False, "misplaced", values)


def _own(library: Library) -> Iterator[Check]:
    """Say how many words and synonyms are in force, the user's and the package's, if any."""
    values = {"words": len(library.words), "lines": library.synonyms.lines}
    if library.words_wait:
        yield Check("doctor_own", None, "own_waiting")
    elif any(values.values()):
        yield Check("doctor_own", True, "own_counts", values)
    shipped = library.synonyms.everyday
    if shipped is not None:
        yield Check("doctor_everyday", True, "everyday_counts", {"lines": shipped.lines})


def _finds(name: str, searches: Sequence[_Tried]) -> Check:
    lost = [one.term.query for one in searches if one.found is False]
    if lost:
        return Check(name, False, "not_returned", {"terms": lost})
    found = [one.term.query for one in searches if one.found]
    if not found:
        return Check(name, None, "nothing_to_try")
    return Check(name, True, "tried", {"terms": found})


def _search(library: Library, term: Term) -> _Tried:
    hits = library.search(term.query, _DEPTH)
    if any(term.written in hit.passage.shown for hit in hits):
        return _Tried(term, True, hits)
    wanted = fold(term.query)
    crowded = len(hits) == _DEPTH and all(wanted in fold(hit.passage.shown) for hit in hits)
    return _Tried(term, None if crowded else False, hits)


def _words(sample: Sequence[Sequence[Passage]], cut: WordCutter) -> list[Term]:
    """Give words that mark out some document of the sample, the most telling first."""
    counts = [Counter(_cut_words(passages, cut)) for passages in sample]
    holding = Counter(term for one in counts for term in one)
    best = [
        sorted(one, key=lambda term: -one[term] * log((len(counts) + 1) / holding[term]))
        for one in counts
    ]
    # The best of every document, then the second best of every document, and so on.
    rounds = max(map(len, best), default=0)
    ranked = (terms[at] for at in range(rounds) for terms in best if at < len(terms))
    return list(dict.fromkeys(ranked))


def _cut_words(passages: Iterable[Passage], cut: WordCutter) -> Iterator[Term]:
    for passage in passages:
        folded = fold(passage.shown)
        for start, end in _han_runs(folded):
            at = start
            for word in cut.plain(folded[start:end]):
                written = passage.shown[at : at + len(word)]
                at += len(word)
                if len(word) > 1:
                    yield Term(word, written)


def _names(sample: Sequence[Sequence[Passage]], cut: WordCutter) -> list[Term]:
    """Give names that the dictionary cuts into single characters, the rarest characters first."""
    texts = [passage.shown for passages in sample for passage in passages]
    characters = Counter("".join(map(fold, texts)))
    found: set[Term] = set()
    for shown in texts:
        folded = fold(shown)
        for start, end in _han_runs(folded):
            for at, length in _loose(cut.plain(folded[start:end])):
                name = slice(start + at, start + at + length)
                found.add(Term(folded[name], shown[name]))
    return sorted(found, key=lambda one: (max(characters[c] for c in one.query), one.query))


def _loose(words: Iterable[str]) -> Iterator[tuple[int, int]]:
    """Give the place and length of every run of 2 to 4 single characters that could be a name."""
    at = 0
    for single, group in groupby(words, key=lambda word: len(word) == 1 and word not in _PLAIN):
        run = "".join(group)
        if single and _SHORTEST_NAME <= len(run) <= _LONGEST_NAME:
            yield at, len(run)
        at += len(run)


def _in_traditional(terms: Iterable[Term]) -> Iterator[Term]:
    for one in terms:
        query = one.query.translate(_TRADITIONAL)
        if one.written == one.query != query and fold(query) == one.query:
            yield Term(query, one.written)


def _askable(terms: Iterable[Term], cut: WordCutter) -> Iterator[Term]:
    """Give the first terms that a question asks for whole: no 什么 in them, no particle."""
    whole = (one for one in terms if parse(one.query, cut).content == fold(one.query))
    return islice(whole, _TERMS)


def _han_runs(text: str) -> Iterator[tuple[int, int]]:
    return (match.span() for match in _HAN.finditer(text))
