"""Question files: JSON lines, each a question and the words or the passage that answer it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Any

from embeddings.words import fold
from qa.errors import QuestionFileError
from qa.library import Library
from qa.records import Document

_NOT_LETTERS = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class EvidenceText:
    """Words that must stand in a returned passage of the document of this name.

    Attributes:
        doc: The document's path, or its file name.
        text: The words; empty when any passage of the document will do.
    """

    doc: str
    text: str


@dataclass(frozen=True, slots=True)
class MeasuredQuestion:
    """One line of a question file; no evidence means the documents do not answer it."""

    id: str
    question: str
    kind: str
    evidence: tuple[EvidenceText, ...]
    line: int


@dataclass(frozen=True, slots=True)
class LineProblem:
    """A line of a question file (from 1) that was left out in whole or in part, and why."""

    line: int
    reason: str


@dataclass(frozen=True, slots=True)
class QuestionFile:
    """What a question file holds.

    Attributes:
        questions: Its questions, in order.
        problems: What was left out, in order of lines.
        documents: The passages that the questions are about, where `NAME.passages.jsonl` stands
            beside `NAME.jsonl`; empty when they are about the documents of a library.
    """

    questions: tuple[MeasuredQuestion, ...]
    problems: tuple[LineProblem, ...]
    documents: tuple[Document, ...] = ()


def read_questions(file: str | Path) -> QuestionFile:
    """Read a question file, and the passages beside it; lines that cannot be used are reported.

    Raises:
        QuestionFileError: a file cannot be read, or no line of it can be used.
    """
    path = Path(file)
    passages = path.with_name(f"{path.stem}.passages.jsonl")
    documents = tuple(_documents(passages)) if passages.exists() else ()
    questions: list[MeasuredQuestion] = []
    problems: list[LineProblem] = []
    for number, line in _lines(path):
        try:
            questions.append(_question(line, number))
        except ValueError as error:
            problems.append(LineProblem(number, str(error)))
    if not questions:
        raise QuestionFileError(
            f"{file} holds no question: each line is JSON with id, question and evidence"
        )
    return QuestionFile(tuple(questions), tuple(problems), documents)


def checked(file: QuestionFile, library: Library) -> QuestionFile:
    """Leave out the evidence that no answer could hold: it stands nowhere in its document.

    A question that loses all of its evidence is left out with it.
    """
    texts = _texts(file, library)
    questions, problems = [], list(file.problems)
    for one in file.questions:
        wrong = {e: reason for e in one.evidence if (reason := _wrong(e, texts)) is not None}
        problems += [LineProblem(one.line, reason) for reason in wrong.values()]
        rest = tuple(evidence for evidence in one.evidence if evidence not in wrong)
        if rest or not one.evidence:
            questions.append(replace(one, evidence=rest))
    return QuestionFile(
        tuple(questions), tuple(sorted(problems, key=lambda p: p.line)), file.documents
    )


def comparable(text: str) -> str:
    """Give text as evidence is compared: folded, without blanks and punctuation.

    >>> comparable("「晉陞」 五力。")
    '晋升五力'
    """
    return _NOT_LETTERS.sub("", fold(text))


def named(document: Document) -> tuple[str, str]:
    """Give the two names that evidence may call a document by: its path and its file name."""
    return document.path, PurePosixPath(document.path).name


def _texts(file: QuestionFile, library: Library) -> dict[str, list[str]]:
    """Give what can be compared of the documents that evidence names, by those names."""
    asked = {evidence.doc for one in file.questions for evidence in one.evidence}
    texts: dict[str, list[str]] = {}
    for document in library.documents():
        for name in asked.intersection(named(document)):
            # As passages show it: noise inside a sentence is not part of what is found.
            shown = "".join(passage.shown for passage in library.passages(document))
            texts.setdefault(name, []).append(comparable(shown))
    return texts


def _wrong(evidence: EvidenceText, texts: dict[str, list[str]]) -> str | None:
    if evidence.doc not in texts:
        return f"no document {evidence.doc} in the library"
    words = comparable(evidence.text)
    if not any(words in text for text in texts[evidence.doc]):
        return f"this evidence does not stand in {evidence.doc}: {evidence.text}"
    return None


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    """Give the lines that are not blank with their numbers from 1."""
    try:
        lines = path.read_text(encoding="utf-8-sig").split("\n")
    except OSError as error:
        reason = error.strerror or str(error)
        raise QuestionFileError(f"{path} cannot be read ({reason}): give a UTF-8 file") from error
    except UnicodeDecodeError as error:
        raise QuestionFileError(
            f"{path} cannot be read (it is not UTF-8): give a UTF-8 file"
        ) from error
    return ((number, line) for number, line in enumerate(lines, start=1) if line.strip())


def _documents(path: Path) -> Iterator[Document]:
    """Give the passages of a set as documents, their ids as paths."""
    for number, line in _lines(path):
        try:
            values = _object(line)
            text, name = str(values["text"]), str(values["id"])
        except (ValueError, KeyError) as error:
            raise QuestionFileError(
                f"{path} line {number} is not a passage: it takes id, text and perhaps title"
            ) from error
        yield Document.from_text(text, path=name, title=str(values.get("title") or "") or None)


def _object(line: str) -> dict[str, Any]:
    try:
        values = json.loads(line)
    except ValueError as error:
        raise ValueError("not JSON") from error
    if not isinstance(values, dict):
        raise ValueError("not a JSON object")
    return values


def _question(line: str, number: int) -> MeasuredQuestion:
    values = _object(line)
    question = values.get("question")
    if not isinstance(question, str) or not question.strip():
        raise ValueError("question is missing or empty")
    return MeasuredQuestion(
        id=str(values.get("id", number)),
        question=question,
        kind=str(values.get("kind", "")),
        evidence=tuple(_evidence(values)),
        line=number,
    )


def _evidence(values: dict[str, Any]) -> Iterable[EvidenceText]:
    """Give the evidence of either kind of line."""
    if "evidence" in values:
        try:
            return [EvidenceText(str(one["doc"]), str(one["text"])) for one in values["evidence"]]
        except (KeyError, TypeError) as error:
            raise ValueError("evidence must be a list of {doc, text}") from error
    if values.get("answerable") is False:
        return []
    passages = values.get("passage_ids") or [values.get("passage_id")]
    if not isinstance(passages, list) or None in passages:
        raise ValueError("neither evidence nor passage_id")
    return [EvidenceText(str(one), "") for one in passages]
