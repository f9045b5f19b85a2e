"""How often the quote holds the answer, and how long it is.

    python tests/benchmarks/measure_quotes.py [--gold] SET…

SET is a file of questions, `NAME.jsonl`, with the passages they are about beside it
(`NAME.passages.jsonl`: id, title?, text), or `FILE.jsonl=FOLDER` with a folder of documents.
Questions are {question, passage_id, answer} or {question, evidence: [{doc, text}], answer?}; where
there is no answer, the quote must hold the evidence text or be part of it.

Counted are the questions whose first citation is the right passage; with --gold the right passage
is quoted from whatever ranking says. Letters and digits are compared, folded.
"""

from __future__ import annotations

import argparse
import json
import random
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any

from embeddings.encoder import load_encoder
from embeddings.words import cutter
from qa import Document, Library
from qa.alternatives import NONE
from qa.asking import _rarity
from qa.choosing import Quoter, quote_weights
from qa.config import Config
from qa.opening import passing_library
from qa.question import Question, parse
from qa.question_files import comparable
from qa.records import Passage
from qa.weighing import Rarity

HARDLY = 1e-9


@dataclass(frozen=True)
class Case:
    """One question with a passage that answers it."""

    question: Question
    rarity: Rarity
    document: Document
    passage: Passage
    answers: tuple[str, ...]  # comparable
    either_way: bool  # the quote may also be part of the answer


@dataclass(frozen=True)
class QuestionSet:
    """Questions and the documents they are about."""

    name: str
    sources: list[Document] | Path
    rows: list[dict[str, Any]]


def question_set(given: str) -> QuestionSet:
    """Read what SET names."""
    name, _, folder = given.partition("=")
    rows = [row for row in _rows(Path(name)) if row.get("answer") or row.get("evidence")]
    if folder:
        return QuestionSet(Path(name).stem, Path(folder), rows)
    documents = [
        Document.from_text(one["text"], path=one["id"], title=one.get("title"))
        for one in _rows(Path(name.removesuffix(".jsonl") + ".passages.jsonl"))
    ]
    return QuestionSet(Path(name).stem, documents, rows)


def wanted(row: dict[str, Any]) -> tuple[list[dict[str, str]], tuple[str, ...]]:
    """Give where the answer of a row stands, and what it is, comparable."""
    evidence = row.get("evidence") or [{"doc": row["passage_id"], "text": row["answer"]}]
    texts = [row["answer"]] if row.get("answer") else [one["text"] for one in evidence]
    return evidence, tuple(filter(None, map(comparable, texts)))


def is_right(document: Document, passage: Passage, row: dict[str, Any]) -> bool:
    """Say whether a passage is one of those that answer."""
    evidence, answers = wanted(row)
    shown = comparable(passage.shown)
    return any(answer in shown for answer in answers) and any(
        document.path.endswith(one["doc"]) and comparable(one["text"]) in shown for one in evidence
    )


def holds(quote: str, answers: tuple[str, ...], *, either_way: bool) -> bool:
    """Say whether a quote holds the answer."""
    words = comparable(quote)
    return any(a in words or (either_way and words and words in a) for a in answers)


def cases(asked: QuestionSet, library: Library, limit: int) -> Iterator[Case]:
    """Give each question with each of its right passages."""
    cut = cutter()
    by_path = {one.path: (one, library.passages(one)) for one in library.documents()}
    for row in sampled(asked.rows, limit):
        evidence, answers = wanted(row)
        question = parse(row["question"], cut)
        rarity = _rarity(question, library._indexes.terms, NONE)
        for document, passages in by_path.values():
            if not any(document.path.endswith(one["doc"]) for one in evidence):
                continue
            for passage in passages:
                if is_right(document, passage, row):
                    either_way = not row.get("answer")
                    yield Case(question, rarity, document, passage, answers, either_way)


def sampled(rows: list[dict[str, Any]], limit: int) -> list[dict[str, Any]]:
    """Give at most `limit` rows, always the same."""
    return random.Random(7).sample(rows, limit) if len(rows) > limit else rows


def gold(asked: QuestionSet, library: Library, limit: int) -> Iterator[tuple[str, bool, str]]:
    """Quote from the right passages: kind, whether the answer is held, and the quote of each."""
    for case in cases(asked, library, limit):
        quoter = Quoter(case.question, case.rarity, quote_weights())
        start, end = quoter.quote(case.passage, case.document.title)
        quote = case.passage.shown[start:end]
        yield case.question.kind, holds(quote, case.answers, either_way=case.either_way), quote


def answered(asked: QuestionSet, library: Library, limit: int) -> Iterator[tuple[str, bool, str]]:
    """Ask, and judge the quotes of those whose first citation is right, as `gold` does."""
    cut = cutter()
    for row in sampled(asked.rows, limit):
        answer = library.ask(row["question"])
        if answer.found and is_right(
            answer.citations[0].document, answer.citations[0].passage, row
        ):
            right = holds(answer.quote, wanted(row)[1], either_way=not row.get("answer"))
            yield parse(row["question"], cut).kind, right, answer.quote


def main() -> None:
    """Measure every set and print a line for it."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("sets", nargs="+", metavar="SET")
    parser.add_argument("--gold", action="store_true", help="quote from the right passage")
    parser.add_argument("--limit", type=int, default=2_000, help="questions of each set")
    parser.add_argument("--misses", type=int, default=0, help="print so many misses of each set")
    given = parser.parse_args()
    encoder = load_encoder("builtin")
    print("set                     n  holds  characters  over 120  ms  by kind")
    for name in given.sets:
        asked = question_set(name)
        with passing_library(Config(), encoder) as library:
            library.add(asked.sources)
            began = perf_counter()
            results = list((gold if given.gold else answered)(asked, library, given.limit))
            spent_ms = 1000 * (perf_counter() - began) / max(1, len(results))
        print(_line(asked.name, results, spent_ms), flush=True)
        for kind, _, quote in [one for one in results if not one[1]][: given.misses]:
            print("   ", kind, repr(quote))


def _line(name: str, results: list[tuple[str, bool, str]], spent_ms: float) -> str:
    by_kind = defaultdict(list)
    for kind, right, _ in results:
        by_kind[str(kind)].append(right)
    n = len(results) or HARDLY
    held = sum(right for _, right, _ in results) / n
    lengths = [len(quote) for _, _, quote in results]
    kinds = " ".join(f"{k} {sum(v)}/{len(v)}" for k, v in sorted(by_kind.items()))
    return (
        f"{name:20s} {len(results):5d}  {held:5.3f}  {sum(lengths) / n:10.1f}  "
        f"{sum(length > 120 for length in lengths) / n:8.3f}  {spent_ms:.1f}  {kinds}"
    )


def _rows(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines() if line]


if __name__ == "__main__":
    main()
