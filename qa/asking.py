"""From a question to evidence, and from evidence to hits and an answer."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from embeddings.encoder import Encoder
from embeddings.words import Cutter, fold, fold_all
from qa.indexes import Indexes
from qa.question import Kind, Question, idf, parse, weighted_terms
from qa.quoting import narrow, whole_list
from qa.ranking import Evidence, Judge, Matter, Rarity, weights
from qa.records import Answer, Citation, Document, Hit, Passage
from qa.store import Candidate, Store
from qa.terms import TermIndex

_TERMS = 40  # looked for in each field; what comes later in a very long question is left out
_CLOSELY = 20  # candidates whose sentences are read

Documents = Callable[[int], Document | None]


@dataclass(frozen=True, slots=True)
class Found:
    """A candidate, what speaks for it, and who judged it."""

    candidate: Candidate
    evidence: Evidence
    judge: Judge


def in_context(title: str, passage: Passage) -> str:
    """Give the text that is encoded for a passage: most questions name what only its title says."""
    return f"{title} {passage.heading}\n{passage.shown}"


def find(
    text: str, k: int, *, cutter: Cutter, encoder: Encoder, indexes: Indexes, store: Store
) -> list[Found]:
    """Give the passages that speak to a question, best first; nothing named, nothing found.

    At least the first `k` are in their right order, if there are so many.
    """
    question = parse(text, cutter)
    if question.empty:
        return []
    [vector] = encoder.encode_queries([question.text])
    fitted, terms = weights(), indexes.terms
    wanted = weighted_terms(
        question, fitted.fields, _TERMS, lambda field, term: terms.frequency(field, term) > 0
    )
    candidates = store.candidates(indexes.candidates(wanted, vector))
    judge = Judge(question, _rarity(question, terms), fitted)
    held = _held_by_documents(question, terms, candidates)
    texts = fold_all([one.passage.shown for one in candidates])
    contexts = fold_all([f"{one.title}\n{one.passage.heading}" for one in candidates])
    matters = [
        Matter(text, context, float(one.vector @ vector), held[one.passage.document_id])
        for one, text, context in zip(candidates, texts, contexts, strict=True)
    ]
    ranked = judge.rank(matters, max(k, _CLOSELY))
    return [Found(candidates[place], evidence, judge) for place, evidence in ranked]


def hits(found: Sequence[Found], documents: Documents) -> list[Hit]:
    """Give what was found as hits, in the same order; documents removed meanwhile are left out."""
    return [
        Hit(one.candidate.passage, document, one.evidence.score, one.evidence.signals)
        for one, document in _with_documents(found, documents)
    ]


def answer(text: str, found: Sequence[Found], documents: Documents, *, k: int) -> Answer:
    """Make an answer of what was found: this is the one place that decides about not found."""
    threshold = weights().threshold
    confidence = found[0].evidence.score if found else 0.0
    answering = [one for one in found[:k] if one.evidence.score >= threshold]
    cited = tuple(
        _citation(number, one, document)
        for number, (one, document) in enumerate(
            _with_documents(answering or found[:k], documents), start=1
        )
    )
    if not answering or not cited:
        return Answer(text, found=False, confidence=confidence, closest=cited)
    return Answer(text, found=True, confidence=confidence, quote=cited[0].quote, citations=cited)


def _citation(number: int, one: Found, document: Document) -> Citation:
    passage = one.candidate.passage
    text, best = fold(passage.shown), one.evidence.sentence
    whole = whole_list(text, best) if one.judge.kind is Kind.LIST else best
    # A list is quoted to its end, however long; anything else is cut to what answers.
    start, end = passage.placed(*(whole if whole != best else narrow(text, best, one.judge.worth)))
    return Citation(number, document, passage, start, end, one.evidence.score, one.evidence.signals)


def _held_by_documents(
    question: Question, terms: TermIndex, candidates: Sequence[Candidate]
) -> dict[int, set[str]]:
    """Give, for each candidate's document, the question's words that stand anywhere in it."""
    held: dict[int, set[str]] = {one.passage.document_id: set() for one in candidates}
    for word in question.words[:_TERMS]:
        for number in terms.documents_holding("words", word, held):
            held[number].add(word)
    return held


def _rarity(question: Question, terms: TermIndex) -> Rarity:
    total = terms.size
    return Rarity(
        {word: idf(terms.frequency("words", word), total) for word in question.words},
        {pair: idf(terms.frequency("bigrams", pair), total) for pair in question.pairs},
    )


def _with_documents(
    found: Sequence[Found], documents: Documents
) -> Iterator[tuple[Found, Document]]:
    loaded: dict[int, Document | None] = {}
    for one in found:
        number = one.candidate.passage.document_id
        if number not in loaded:
            loaded[number] = documents(number)
        document = loaded[number]
        if document is not None:
            yield one, document
