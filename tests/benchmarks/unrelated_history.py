"""Ask every question of a file with and without an unrelated conversation in front of it.

    python tests/benchmarks/unrelated_history.py FILE.jsonl [MORE.jsonl …] [--library DIR]

Two conversations are tried: `foreign`, three questions about nothing in the documents, and
`others`, two questions of the same file about other documents with their real answers. A first
question should lose nothing to either: the table says for how many the first passage and whether
it is found are the same, how many were understood as typed, how many lost and won an evidence
passage in first place, and the median milliseconds that the history cost.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import perf_counter

from embeddings.words import fold
from qa import Answer, Library
from qa.config import Config
from qa.opening import passing_library
from qa.pointers import pointer
from qa.question_files import (
    MeasuredQuestion,
    QuestionFile,
    checked,
    cited_evidence,
    read_questions,
)

FOREIGN = ("游泳馆几点开门？", "门票多少钱", "那儿有没有教练")
STRIDES = (7, 31)  # the conversation before a question: those so many lines further on


@dataclass(frozen=True, slots=True)
class Compared:
    """One question asked twice.

    Attributes:
        same_passage: Whether the first passage is the same.
        same_found: Whether both answers are found, or neither is.
        as_typed: Whether nothing was added to it.
        lost: Whether evidence came first without the history only.
        won: Whether it did with the history only.
        cost_ms: What the history cost.
        points: Whether the question points to something (它, 这个计划): behind others nobody could
            know that it is a first one.
    """

    same_passage: bool
    same_found: bool
    as_typed: bool
    lost: bool
    won: bool
    cost_ms: float
    points: bool


def main() -> None:
    """Print one line for each file and kind of history."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("files", type=Path, nargs="+", metavar="FILE.jsonl")
    parser.add_argument("--library", type=Path, help="asked where no passages stand beside a file")
    parser.add_argument("--shown", type=int, default=0, help="questions shown that differ")
    parser.add_argument("--every", type=int, default=1, help="ask every so manieth question")
    given = parser.parse_args()
    for path in given.files:
        file = read_questions(path)
        with _library(file, given.library) as library:
            questions = checked(file, library).questions
            library.ask("预热")
            for kind in ("foreign", "others"):
                asked = list(_asked(library, questions, kind, given.every, given.shown))
                print(f"{path.stem:24} {kind:8} {_line(asked)}", flush=True)


@contextmanager
def _library(file: QuestionFile, folder: Path | None) -> Iterator[Library]:
    if file.documents:
        with passing_library(Config()) as library:
            library.add(file.documents)
            yield library
        return
    with Library.open(folder or "library", create=False) as library:
        yield library


def _asked(
    library: Library, questions: Sequence[MeasuredQuestion], kind: str, every: int, shown: int
) -> Iterator[Compared]:
    foreign = _conversation(library, FOREIGN)
    for place in range(0, len(questions), every):
        question = questions[place]
        history = foreign if kind == "foreign" else _others(library, questions, place)
        began = perf_counter()
        alone = library.ask(question.question)
        between = perf_counter()
        after = library.ask(question.question, history=history)
        cost = perf_counter() - between - (between - began)
        one = Compared(
            _first(alone) == _first(after),
            alone.found == after.found,
            not after.added,
            _right(question, alone) and not _right(question, after),
            _right(question, after) and not _right(question, alone),
            cost * 1_000,
            pointer(fold(question.question)) is not None,
        )
        if shown > 0 and not (one.same_passage and one.same_found):
            print(f"    {question.question} → {after.understood} {one}")
            shown -= 1
        yield one


def _conversation(library: Library, questions: Sequence[str]) -> list[Answer]:
    history: list[Answer] = []
    for question in questions:
        history.append(library.ask(question, history=history))
    return history


def _others(library: Library, questions: Sequence[MeasuredQuestion], place: int) -> list[Answer]:
    """Give the answers to two questions that are about none of the documents of this one."""
    mine = {one.doc for one in questions[place].evidence}
    found = []
    for stride in STRIDES:
        for step in range(len(questions)):
            other = questions[(place + stride + step) % len(questions)]
            if other.question != questions[place].question and mine.isdisjoint(
                one.doc for one in other.evidence
            ):
                found.append(other.question)
                break
    return _conversation(library, found)


def _first(answer: Answer) -> int | None:
    return next((one.passage.id for one in answer.citations or answer.closest), None)


def _right(question: MeasuredQuestion, answer: Answer) -> bool:
    cited = next(iter(answer.citations or answer.closest), None)
    return cited is not None and cited_evidence(question, cited) is not None


def _line(asked: Sequence[Compared]) -> str:
    share = {
        "same passage": sum(one.same_passage for one in asked) / len(asked),
        "same found": sum(one.same_found for one in asked) / len(asked),
        "as typed": sum(one.as_typed for one in asked) / len(asked),
    }
    rates = "  ".join(f"{name} {value:.1%}" for name, value in share.items())
    differ = [one for one in asked if not (one.same_passage and one.same_found)]
    points = sum(one.points for one in differ)
    lost, won = sum(one.lost for one in asked), sum(one.won for one in asked)
    cost = median(one.cost_ms for one in asked)
    return (
        f"{len(asked)} questions  {rates}  lost {lost}  won {won}  {cost:.1f} ms  "
        f"({points} of the {len(differ)} that differ point to something)"
    )


if __name__ == "__main__":
    main()
