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
from qa.records import Citation, Document, Passage

_NOT_LETTERS = re.compile(r"[\W_]+")
_FIELDS = frozenset(
    {"id", "question", "kind", "tags", "evidence", "answer", "answers", "passage_id"}
    | {"passage_ids", "answerable", "turns", "part"}
)
_TURN_FIELDS = frozenset({"question", "evidence", "change"})


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
    """One line of a question file; no evidence means the documents do not answer it.

    Attributes:
        id: Its own, or the number of its line.
        question: What is asked.
        kind: For the reader's own use; may be empty.
        evidence: Any of these makes a passage right.
        line: Number of its line, from 1.
        answers: The words that answer, any of which a quote should hold; often empty.
    """

    id: str
    question: str
    kind: str
    evidence: tuple[EvidenceText, ...]
    line: int
    answers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MeasuredTurn:
    """A question of a conversation.

    Attributes:
        question: What is asked; its id is that of the conversation and its number, from 1. No
            evidence means that it is asked for those after it and not measured.
        change: Whether it begins another topic; the first turn does not count as one.
    """

    question: MeasuredQuestion
    change: bool


@dataclass(frozen=True, slots=True)
class MeasuredDialogue:
    """One line of a question file that is a conversation.

    Attributes:
        id: Its own, or the number of its line.
        turns: Its questions, in order; at least one.
        part: Which part of the file it belongs to (`fit`, `held`); may be empty.
        line: Number of its line, from 1.
    """

    id: str
    turns: tuple[MeasuredTurn, ...]
    part: str
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
        dialogues: Its conversations, in order.
    """

    questions: tuple[MeasuredQuestion, ...]
    problems: tuple[LineProblem, ...]
    documents: tuple[Document, ...] = ()
    dialogues: tuple[MeasuredDialogue, ...] = ()

    def part(self, name: str) -> QuestionFile:
        """Give only its conversations of one part, and no questions; an empty name: all of it."""
        if not name:
            return self
        chosen = tuple(one for one in self.dialogues if one.part == name)
        return replace(self, questions=(), dialogues=chosen)


def read_questions(file: str | Path) -> QuestionFile:
    """Read a question file, and the passages beside it; lines that cannot be used are reported.

    Raises:
        QuestionFileError: a file cannot be read, or no line of it can be used.
    """
    path = Path(file)
    if path.is_dir():
        raise QuestionFileError(f"{file} is a folder: give a UTF-8 file")
    passages = path.with_name(f"{path.stem}.passages.jsonl")
    documents = tuple(_documents(passages)) if passages.exists() else ()
    questions: list[MeasuredQuestion] = []
    dialogues: list[MeasuredDialogue] = []
    problems: list[LineProblem] = []
    for number, line in _lines(path):
        try:
            values = _object(line)
            if "turns" in values and "question" not in values:
                dialogues.append(_dialogue(values, number))
            else:
                questions.append(_question(values, number))
        except ValueError as error:
            problems.append(LineProblem(number, str(error)))
            continue
        # Most likely a slip of the pen; what else stands on the line is used.
        unknown = [name for name in values if name not in _FIELDS]
        problems += [LineProblem(number, f"no field is called {name}") for name in unknown]
    if not questions and not dialogues:
        why = f"line {problems[0].line}: {problems[0].reason}" if problems else "it is empty"
        raise QuestionFileError(f"{file} holds no question, {why}")
    return QuestionFile(tuple(questions), tuple(problems), documents, tuple(dialogues))


def checked(file: QuestionFile, library: Library) -> QuestionFile:
    """Leave out the evidence that stands nowhere in its document, and say so.

    A question that loses all of its evidence is left out with it; a turn of a conversation is then
    asked and not measured. Evidence that stands in the document, but in no passage of it, is named
    too and stays: not finding that is the library's fault.
    """
    texts, problems = _texts(file, library), list(file.problems)
    questions, dialogues = [], []
    for one in file.questions:
        rest = _standing(one, texts, problems)
        if rest.evidence or not one.evidence:
            questions.append(rest)
    for talk in file.dialogues:
        turns = (
            replace(turn, question=_standing(turn.question, texts, problems)) for turn in talk.turns
        )
        dialogues.append(replace(talk, turns=tuple(turns)))
    problems.sort(key=lambda problem: problem.line)
    return replace(
        file, questions=tuple(questions), problems=tuple(problems), dialogues=tuple(dialogues)
    )


def _standing(
    question: MeasuredQuestion, texts: _Texts, problems: list[LineProblem]
) -> MeasuredQuestion:
    """Give a question without evidence that stands nowhere; what is wrong goes to `problems`."""
    reasons = [_problem(one, texts) for one in question.evidence]
    problems += [LineProblem(question.line, reason) for reason in reasons if reason is not None]
    rest = tuple(one for one in question.evidence if any(_in(one, texts)))
    return replace(question, evidence=rest)


def comparable(text: str) -> str:
    """Give text as evidence is compared: folded, without blanks and punctuation.

    >>> comparable("「晉陞」 五力。")
    '晋升五力'
    """
    return _NOT_LETTERS.sub("", fold(text))


def is_evidence(question: MeasuredQuestion, document: Document, passage: Passage) -> bool:
    """Say whether a passage holds evidence of a question."""
    names, shown = named(document), comparable(passage.shown)
    return any(one.doc in names and comparable(one.text) in shown for one in question.evidence)


def cited_evidence(question: MeasuredQuestion, citation: Citation) -> Document | None:
    """Give the document in which a citation, or else a copy of it, is evidence; None for neither.

    A copy says the same words, so that whoever reads the citation has read the evidence.
    """
    for one in citation.places:
        if is_evidence(question, one.document, one.passage):
            return one.document
    return None


def answering_words(question: MeasuredQuestion, document: Document) -> list[str]:
    """Give the words, as `comparable` gives them, that say a quote from a document is right.

    Those are the question's answers and its evidence in this document; [] when it names neither,
    only passages.
    """
    names = named(document)
    texts = [*question.answers, *(one.text for one in question.evidence if one.doc in names)]
    return [words for words in map(comparable, texts) if words]


def holds_answer(question: MeasuredQuestion, document: Document, quote: str) -> bool:
    """Say whether a quote from a document holds an answer or the evidence of a question.

    Where the question gives no answer, its evidence may be far longer than what answers; a quote
    that stands inside it is then right too.
    """
    said, wanted = comparable(quote), answering_words(question, document)
    if any(words in said for words in wanted):
        return True
    return bool(said) and not question.answers and any(said in words for words in wanted)


def named(document: Document) -> tuple[str, str]:
    """Give the two names that evidence may call a document by: its path and its file name."""
    return document.path, PurePosixPath(document.path).name


def paths_by_name(library: Library) -> dict[str, set[str]]:
    """Give the paths of all documents, by the names that evidence may call them by."""
    paths: dict[str, set[str]] = {}
    for document in library.documents():
        for name in named(document):
            paths.setdefault(name, set()).add(document.path)
    return paths


@dataclass(frozen=True, slots=True)
class _Text:
    """What can be compared of a document: what its passages show, and all of it."""

    shown: str
    whole: str


_Texts = dict[str, list[_Text]]


def _texts(file: QuestionFile, library: Library) -> _Texts:
    """Give the texts of the documents that evidence names, by those names."""
    turns = [turn.question for one in file.dialogues for turn in one.turns]
    asked = {evidence.doc for one in (*file.questions, *turns) for evidence in one.evidence}
    texts: _Texts = {}
    for document in library.documents():
        for name in asked.intersection(named(document)):
            # Noise inside a sentence is not part of what is found, so that neither holds all.
            shown = "".join(passage.shown for passage in library.passages(document))
            text = _Text(comparable(shown), comparable(document.text))
            texts.setdefault(name, []).append(text)
    return texts


def _in(evidence: EvidenceText, texts: _Texts) -> tuple[bool, bool]:
    """Say whether evidence stands in the passages of its document, and whether in its text."""
    words, named_so = comparable(evidence.text), texts.get(evidence.doc, [])
    return any(words in one.shown for one in named_so), any(words in one.whole for one in named_so)


def _problem(evidence: EvidenceText, texts: _Texts) -> str | None:
    in_passages, in_text = _in(evidence, texts)
    if in_passages:
        return None
    if in_text:
        return (
            f"this evidence stands in no passage of {evidence.doc}, only in a heading or in "
            f"what was taken for noise: {evidence.text}"
        )
    if evidence.doc not in texts:
        return f"no document {evidence.doc} in the library"
    return f"this evidence does not stand in {evidence.doc}: {evidence.text}"


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
            title = str(values.get("title") or "") or None
            document = Document.from_text(text, path=name, title=title)
        except (ValueError, KeyError) as error:
            raise QuestionFileError(
                f"{path} line {number} is not a passage: it takes id, text and perhaps title"
            ) from error
        yield document


def _object(line: str) -> dict[str, Any]:
    try:
        values = json.loads(line)
    except ValueError as error:
        raise ValueError("not JSON") from error
    if not isinstance(values, dict):
        raise ValueError("not a JSON object")
    return values


def _question(values: dict[str, Any], number: int) -> MeasuredQuestion:
    question = values.get("question")
    if not isinstance(question, str) or not question.strip():
        raise ValueError("question is missing or empty")
    return MeasuredQuestion(
        id=str(values.get("id", number)),
        question=question,
        kind=str(values.get("kind", "")),
        evidence=tuple(_evidence(values)),
        line=number,
        answers=_answers(values),
    )


def _dialogue(values: dict[str, Any], number: int) -> MeasuredDialogue:
    turns, name = values["turns"], str(values.get("id", number))
    if not isinstance(turns, list) or not turns:
        raise ValueError("turns must be a list of questions, at least one")
    if not all(isinstance(one, dict) and one.keys() <= _TURN_FIELDS for one in turns):
        raise ValueError("each turn takes question, evidence and perhaps change")
    return MeasuredDialogue(
        id=name,
        turns=tuple(
            MeasuredTurn(
                _question({"evidence": [], **one, "id": f"{name}.{place}"}, number),
                change=bool(one.get("change")) and place > 1,
            )
            for place, one in enumerate(turns, start=1)
        ),
        part=str(values.get("part", "")),
        line=number,
    )


def _answers(values: dict[str, Any]) -> tuple[str, ...]:
    texts = values.get("answers") or [values.get("answer") or ""]
    if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
        raise ValueError("answer must be a text, answers a list of texts")
    return tuple(text for text in texts if comparable(text))


def _evidence(values: dict[str, Any]) -> Iterable[EvidenceText]:
    """Give the evidence of either kind of line."""
    if values.get("evidence") and values.get("answerable") is False:
        raise ValueError("answerable is false, yet there is evidence")
    if "evidence" in values:
        try:
            given = [EvidenceText(str(one["doc"]), str(one["text"])) for one in values["evidence"]]
        except (KeyError, TypeError) as error:
            raise ValueError("evidence must be a list of {doc, text}") from error
        for one in given:
            if one.text and not comparable(one.text):  # which would stand in every passage
                raise ValueError(f"evidence without a letter or digit: {one.text}")
        return given
    if values.get("answerable") is False:
        return []
    passages = values.get("passage_ids") or [values.get("passage_id")]
    if not isinstance(passages, list) or None in passages:
        raise ValueError("neither evidence nor passage_id")
    return [EvidenceText(str(one), "") for one in passages]
