"""Reading what is trained on, cut into passages, without copies of what is measured.

A data folder holds `train/text/NAME.jsonl.xz` (`{"title", "text"}`), `train/qa/NAME.jsonl` with
`NAME.passages.jsonl` (questions and their passages, or pairs `{"a", "b"}`) and `eval/` (see
`evaluation.py`).
"""

from __future__ import annotations

import json
import lzma
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from embeddings.words import fold

PASSAGE_CHARS = 260
"""Passages are filled with whole sentences up to about this many characters."""

_SENTENCE = re.compile(r"[^。！？；!?\n]*[。！？；!?\n]+[”」』）)]*|[^。！？；!?\n]+")
_NOT_WORD = re.compile(r"[\W_]+")
# A run of 16 characters looked up at every eighth place finds every common run of 24 or more.
_RUN_CHARS = 16
_RUN_STEP = 8


@dataclass(frozen=True, slots=True)
class Text:
    """One document of a corpus; `title` may be empty."""

    corpus: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Question:
    """A question (or a title) with the document that answers it."""

    corpus: str
    question: str
    title: str
    text: str
    answer: str = ""


def read_texts(data: Path) -> Iterator[Text]:
    """Give every document of `data`/train/text, corpus after corpus in the order of their names."""
    for path in sorted((data / "train" / "text").glob("*.jsonl.xz")):
        corpus = path.name.removesuffix(".jsonl.xz")
        with lzma.open(path, "rt", encoding="utf-8") as lines:
            for line in lines:
                row = json.loads(line)
                yield Text(corpus, row.get("title") or "", row["text"])


def read_questions(data: Path) -> Iterator[Question]:
    """Give every question of `data`/train/qa with its whole passage."""
    for path in sorted((data / "train" / "qa").glob("*.jsonl")):
        if path.name.endswith(".passages.jsonl"):
            continue
        passages = {row["id"]: row for row in read_rows(path.with_suffix(".passages.jsonl"))}
        for row in read_rows(path):
            if "a" in row:
                yield Question(path.stem, row["a"], "", row["b"])
                continue
            passage = passages[row["passage_id"]]
            title = passage.get("title") or ""
            answer = row.get("answer") or ""
            yield Question(path.stem, row["question"], title, passage["text"], answer)


def read_rows(path: Path) -> list[dict[str, Any]]:
    """Give the objects of a file of JSON lines; a file that does not exist gives []."""
    if not path.exists():
        return []
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]


def sentences(text: str) -> list[str]:
    """Cut `text` at sentence ends, which stay with their sentence; nothing is lost.

    >>> sentences("一。二！")
    ['一。', '二！']
    """
    return _SENTENCE.findall(text)


def passages(text: str, *, size: int = PASSAGE_CHARS) -> list[str]:
    """Cut `text` into passages of whole sentences with about `size` characters.

    A sentence longer than `size` is cut hard. Passages of spaces are left out; "" gives [].
    """
    found: list[str] = []
    filled = ""
    for sentence in sentences(text):
        for start in range(0, len(sentence), size):
            part = sentence[start : start + size]
            if filled and len(filled) + len(part) > size:
                found.append(filled)
                filled = ""
            filled += part
    found.append(filled)
    return [passage.strip() for passage in found if passage.strip()]


def joined(title: str, passage: str) -> str:
    """Put the title in front of a passage, as the library does before encoding."""
    return f"{title}\n{passage}" if title else passage


class Copies:
    """Recognises passages that share a run of 24 characters with texts that are measured on.

    Spaces, punctuation, case, width and script do not count.
    """

    def __init__(self, texts: Iterable[str]) -> None:
        self._runs: set[str] = set()
        for text in texts:
            plain = _plain(text)
            last = max(1, len(plain) - _RUN_CHARS + 1)
            self._runs.update(plain[i : i + _RUN_CHARS] for i in range(last))

    @classmethod
    def of_measured(cls, data: Path) -> Copies:
        """Know every passage and question below `data`/eval and every text below `data`/corpus."""
        texts: list[str] = []
        for path in sorted((data / "eval").glob("*.jsonl")):
            for row in read_rows(path):
                texts.append(row.get("text") or row.get("question") or "")
        texts += [
            path.read_text(encoding="utf-8", errors="ignore")
            for path in sorted((data / "corpus").glob("*.txt"))
        ]
        return cls(texts)

    def __contains__(self, text: str) -> bool:
        plain = _plain(text)
        if len(plain) < _RUN_CHARS:
            return plain in self._runs
        starts = range(0, len(plain) - _RUN_CHARS + 1, _RUN_STEP)
        return any(plain[i : i + _RUN_CHARS] in self._runs for i in starts)


def _plain(text: str) -> str:
    return _NOT_WORD.sub("", fold(text))
