"""From a question to evidence, and from evidence to hits and an answer."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from time import sleep

import numpy as np
from numpy.typing import NDArray

from embeddings.encoder import Encoder
from embeddings.words import Cutter, fold, fold_all
from qa.alternatives import Alternatives, with_synonyms
from qa.bodies import of_body
from qa.choosing import Quoter, quote_weights
from qa.citing import Answering, chosen
from qa.copies import place_in
from qa.indexes import Indexes
from qa.matching import Matcher
from qa.names import of_chiefs
from qa.places import places
from qa.question import Question, idf, weighted_terms
from qa.ranking import Evidence, Judge, weights
from qa.reading_closely import Reader
from qa.records import Answer, Citation, Copy, Document, Hit, Range
from qa.store import Candidate, Store
from qa.synonyms import Synonyms
from qa.terms import TermIndex
from qa.thrift import LARGE, spared
from qa.times import newness
from qa.weighing import Matter, Rarity

_TERMS = 40  # looked for in each field; what comes later in a very long question is left out
# Candidates whose sentences are read. Of 1,314 questions none had its first passage from behind the
# tenth by what costs less, and 1 in 110 of the first three came from behind the twelfth.
_CLOSELY = 12
_GLANCED = 6  # of them where only the first is wanted
_CITABLE = 10  # passages among which citations are chosen, unless more are asked for
_PAUSES_S = (0.0, 0.02, 0.05, 0.1, 0.2, 0.4, 0.8)  # a rebuild of a million passages ends in that
_UNKNOWN = 0.3  # of a word that stands nowhere: people often have another for it
_NO_SYNONYMS = Synonyms()

Documents = Callable[[int], Document | None]


@dataclass(frozen=True, slots=True)
class Found:
    """A candidate, what speaks for it, and what chooses the words to quote from it.

    Attributes:
        candidate: The passage.
        evidence: What speaks for it.
        quoter: Chooses the words to quote.
        text: The passage, folded.
        document: Those of the question's words that stand anywhere in its document.
    """

    candidate: Candidate
    evidence: Evidence
    quoter: Quoter
    text: str
    document: Set[str] = frozenset()

    @property
    def quoted(self) -> Range:
        """The range of `passage.shown` that would be quoted; worked out at every call."""
        return self.quoter.quote(self.candidate.passage, self.candidate.title, folded=self.text)


def find(
    text: str,
    k: int,
    *,
    cutter: Cutter,
    encoder: Encoder,
    reader: Encoder,
    indexes: Indexes,
    store: Store,
    without: Collection[int] = (),
    glance: bool = False,
    synonyms: Synonyms = _NO_SYNONYMS,
) -> list[Found]:
    """Give the passages that speak to a question, best first; nothing named, nothing found.

    At least the first `k` are in their right order, if there are so many. Documents with the ids
    `without` are left out. `encoder` is the library's, `reader` a fast one for sentences. With
    `glance` far fewer passages are looked at, enough for the first and its score in a third of
    the time. The user's synonym of a word counts as the word, an everyday one a
    little less.
    """
    terms = indexes.terms
    question, others = with_synonyms(text, synonyms, cutter=cutter, terms=terms)
    if question.empty:
        return []
    [vector] = encoder.encode_queries([question.text])
    fitted, terms = weights(), indexes.terms
    wanted = weighted_terms(question, fitted.fields, _TERMS, terms.frequency)
    wanted += others.wanted(fitted.fields)
    if terms.size >= LARGE:
        wanted = spared(wanted, fitted.fields, terms.frequency)
    candidates = _candidates(
        lambda: indexes.candidates(wanted, vector, without, few=glance), indexes, store
    )
    matters = _matters(candidates, vector, others, asked=fold(question.text))
    rarity = _rarity(question, terms, others)
    matcher = Matcher(question, rarity, matters, date.today())
    asked = vector if reader.fingerprint == encoder.fingerprint else None
    judge = Judge(question, matcher, Reader(question, matcher, reader, asked), fitted)
    limit = _GLANCED if glance else max(k, _CLOSELY)
    contenders = judge.contenders(matters, limit)
    candidates = [candidates[place] for place in contenders]
    documents = _documents(question, terms, candidates, others)
    matters = _with_documents([matters[place] for place in contenders], documents, others)
    ranked = judge.rank(matters, limit)
    quoter = Quoter(question, rarity, quote_weights(), others)
    return [
        _found(candidates[place], matters[place], evidence, quoter) for place, evidence in ranked
    ]


def _found(candidate: Candidate, matter: Matter, evidence: Evidence, quoter: Quoter) -> Found:
    # The words are wanted as they stand: copies share them.
    text = fold(candidate.passage.shown) if matter.masked else matter.text
    return Found(candidate, evidence, quoter, text, matter.document)


def _candidates(
    named: Callable[[], Sequence[int]], indexes: Indexes, store: Store
) -> list[Candidate]:
    """Give the passages that the indexes name, ordered by where they stand.

    So copies of a text, which nothing else tells apart, come out the same in every library.

    A rebuild gives all passages new ids, in the store a moment before the indexes: where not one of
    those named is there, the indexes are looked at again, until they are as far as the store.
    """
    for pause in _PAUSES_S:
        numbers = named()
        found = store.candidates(numbers)
        if found or not numbers:
            break
        sleep(pause)
        indexes.refresh()
    found.sort(key=lambda one: (one.path, one.passage.start))
    return [one if _names(one.title) else replace(one, title="") for one in found]


def _matters(
    candidates: Sequence[Candidate],
    vector: NDArray[np.float32],
    others: Alternatives,
    *,
    asked: str,
) -> list[Matter]:
    """Give what is weighed of passages, but for what stands in their documents."""
    shown = fold_all([one.passage.shown for one in candidates])
    titles = fold_all([one.title for one in candidates])
    headings = fold_all([one.passage.heading for one in candidates])
    texts = [
        of_body(asked, of_chiefs(asked, text), f"{title}\n{heading}")
        for text, title, heading in zip(shown, titles, headings, strict=True)
    ]
    cosines = (np.array([one.vector for one in candidates]) @ vector).tolist() if candidates else []
    matters = [
        Matter(
            texts[place],
            titles[place],
            headings[place],
            cosines[place],
            one.date,
            masked=texts[place] != shown[place],
        )
        for place, one in enumerate(candidates)
    ]
    if not others.stand_in("\n".join((*texts, *titles, *headings))):
        return matters
    return [_with_synonyms(one, others) for one in matters]


def _with_synonyms(matter: Matter, others: Alternatives) -> Matter:
    """Give what is weighed of a passage, with how it reads when synonyms are the words meant."""
    parts = [others.meant(one) for one in (matter.text, matter.title, matter.heading)]
    used = dict.fromkeys(pair for one in parts for pair in one.used)
    if not used:
        return matter
    text, title, heading = (one.text for one in parts)
    meant = replace(matter, text=text, title=title, heading=heading)
    return replace(matter, meant=meant, synonyms=tuple(used), worth=others.worth(used))


def _documents(
    question: Question, terms: TermIndex, candidates: Sequence[Candidate], others: Alternatives
) -> list[tuple[Set[str], Set[str]]]:
    """Give which of the question's words stand in each passage's document, and which by synonyms.

    In the order of the passages.
    """
    numbers = [one.passage.document_id for one in candidates]
    words = question.words[:_TERMS]
    synonyms = [word for one in others for word in one.words]
    there = terms.documents_holding("words", [*dict.fromkeys((*words, *synonyms))], {*numbers})
    meant = _meant_by_documents(question, others, there)
    held = {number: some.intersection(words) for number, some in there.items()}
    return [(held[number], meant[number]) for number in numbers]


def _with_documents(
    matters: Sequence[Matter], documents: Sequence[tuple[Set[str], Set[str]]], others: Alternatives
) -> list[Matter]:
    """Give what is weighed of passages, with what stands in their documents (`_documents`)."""
    found = []
    for matter, (held, by_synonyms) in zip(matters, documents, strict=True):
        one = matter.in_document(held)
        if matter.meant is not None or not by_synonyms <= held:
            worth = matter.worth if matter.meant else others.worth(())
            meant = (matter.meant or one).in_document(held | by_synonyms)
            one = replace(one, meant=meant, worth=worth)
        found.append(one)
    return found


def hits(found: Sequence[Found], documents: Documents) -> list[Hit]:
    """Give what was found as hits, in the same order; documents removed meanwhile are left out."""
    documents = cache(documents)
    return [
        Hit(one.candidate.passage, document, one.evidence.score, one.evidence.signals)
        for one in found
        if (document := documents(one.candidate.passage.document_id)) is not None
    ]


def answer(
    text: str, found: Sequence[Found], documents: Documents, *, k: int, threshold: float
) -> Answer:
    """Make an answer of what was found: this is the one place that decides about not found.

    At most `k` are cited, or shown as closest, chosen as `qa.citing.chosen` says.
    """
    documents = cache(documents)
    confidence = found[0].evidence.score if found else 0.0
    near = found[: max(k, _CITABLE)]
    answering = [one for one in near if one.evidence.score >= threshold]
    cited = _citations(answering or near, documents, k)
    if not answering or not cited:
        return Answer(text, found=False, confidence=confidence, closest=cited)
    return Answer(text, found=True, confidence=confidence, quote=cited[0].quote, citations=cited)


def _citations(found: Sequence[Found], documents: Documents, k: int) -> tuple[Citation, ...]:
    """Cite at most `k` of what was found; documents removed meanwhile are left out."""
    passages = [one.candidate.passage for one in found]
    texts = [one.text for one in found]
    answering = [
        Answering(one.evidence.score, text, passage.document_id)
        for one, text, passage in zip(found, texts, passages, strict=True)
    ]
    quoted = cache(lambda place: found[place].quoted)  # a third of a millisecond each
    cited: list[Citation] = []
    for one in chosen(answering, k, lambda place: texts[place][slice(*quoted(place))]):
        there = [
            (place, Copy(document, passages[place]))
            for place in (one.place, *one.copies)
            if (document := documents(passages[place].document_id)) is not None
        ]
        if there:
            [(place, source), *others] = there
            words = texts[place][slice(*quoted(place))]
            copies = tuple(_with_place(copy, texts[other], words) for other, copy in others)
            number = len(cited) + 1
            cited.append(_citation(number, found[place].evidence, source, quoted(place), copies))
    return tuple(cited)


def _with_place(copy: Copy, text: str, words: str) -> Copy:
    """Give a copy that knows where in it, whose folded text is given, the quoted words begin."""
    at = place_in(text, words)
    return copy if at < 0 else replace(copy, quote_start=copy.passage.placed(at, at + 1)[0])


def _citation(
    number: int, evidence: Evidence, source: Copy, quoted: Range, copies: tuple[Copy, ...]
) -> Citation:
    document, passage = source.document, source.passage
    start, end = passage.placed(*quoted)
    score, signals = evidence.score, evidence.signals
    return Citation(number, document, passage, start, end, score, signals, copies)


def _meant_by_documents(
    question: Question, others: Alternatives, there: Mapping[int, Set[str]]
) -> dict[int, set[str]]:
    """Give, for each document, the question's words for which a synonym stands in it.

    A synonym of several words stands where all of them do; `there` are the words that stand there.
    """
    meant: dict[int, set[str]] = {number: set() for number in there}
    for number, held in there.items():
        for one in others:
            if one.words and held >= {*one.words}:
                meant[number].update(word for word in question.words if word in one.word)
    return meant


def _rarity(question: Question, terms: TermIndex, others: Alternatives) -> Rarity:
    """Say how rare the terms are; a word and its synonyms are as common as the commonest of them.

    That is how Lucene's SynonymQuery counts too.
    """
    total, named = terms.size, places(question.words)
    words = {
        word: max(terms.frequency("words", word), others.frequency(word)) for word in question.words
    }
    pairs = {
        pair: max(terms.frequency("bigrams", pair), others.frequency(pair))
        for pair in question.pairs
    }
    return Rarity(
        {
            word: idf(count, total) * (1.0 if count or word in named else _UNKNOWN)
            for word, count in words.items()
        },
        {pair: idf(count, total) for pair, count in pairs.items()},
        frozenset(word for word, count in words.items() if not count),
    )


def _names(title: str) -> bool:
    """Say whether a title names anything: 12 is the twelfth file of a folder; 2024 is a year."""
    return any(map(str.isalpha, title)) or bool(newness(None, title))
