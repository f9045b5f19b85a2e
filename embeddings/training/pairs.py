"""Pairs of a question and its passage, as token ids in flat arrays on disk.

Made once, by every core; training reads the arrays as memory maps. Passages that share a topic get
the same group number, so that batches can hold them side by side as hard negatives.
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import chain
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from embeddings.training.corpora import (
    Copies,
    Question,
    Text,
    joined,
    passages,
    read_questions,
    read_texts,
    sentences,
)
from embeddings.training.questions import Words, make_question
from embeddings.words import bigrams, fold

# Questions made per passage. Statutes repeat themselves; encyclopaedic and official text is what
# questions are asked about; news is the largest corpus and gives breadth of names.
_PER_PASSAGE = {
    "crud_news": 4,
    "laws_cn": 2,
    "laws_tw": 2,
    "mlqa_zh_wiki": 12,
    "taiwan_md": 8,
    "gov_reports": 8,
    "policy_misc": 8,
    "gd_gov_matters": 3,
    "cmrc2018_train": 8,
    "drcd_dev": 8,
    "tw_labor_interp": 4,
}
_PER_PASSAGE_ELSE = 4
_REAL_TIMES = 16
_SIZES = (160, 220, 260, 260, 320)
_TITLE_SHARE = 0.75
# Some questions get another passage than the whole one: half of these lack the asked sentence, the
# others are a crop around it.
_VARIANT_SHARE = 0.35
_LEFT_OUT_SHARE = 0.5
_CROPPABLE = 3
# Later passages of a document seldom answer to its title alone.
_TITLE_PASSAGES = 2
_WORD_LOSS = 0.15
_WORK_UNIT = 64


@dataclass(slots=True)
class Ragged:
    """Rows of token ids, one after the other; row i is flat[start[i] : start[i + 1]]."""

    flat: NDArray[np.int32]
    start: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.start) - 1

    @classmethod
    def of(cls, rows: Sequence[Sequence[int]]) -> Ragged:
        """Put `rows` one after the other."""
        lengths = np.array([0, *(len(row) for row in rows)], dtype=np.int64)
        flat = np.fromiter(
            (i for row in rows for i in row), dtype=np.int32, count=int(lengths.sum())
        )
        return cls(flat, lengths.cumsum())

    @classmethod
    def joined(cls, parts: Sequence[Ragged]) -> Ragged:
        """Put the rows of all `parts` one after the other."""
        lengths = np.concatenate([np.zeros(1, np.int64), *(np.diff(part.start) for part in parts)])
        return cls(np.concatenate([part.flat for part in parts]), lengths.cumsum())

    def rows(self, places: NDArray[Any]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Give the ids of the rows at `places`, and where each row begins in them."""
        lengths = self.start[places + 1] - self.start[places]
        begins = np.concatenate([np.zeros(1, np.int64), lengths.cumsum()])
        within = np.arange(begins[-1]) - np.repeat(begins[:-1], lengths)
        ids = self.flat[np.repeat(self.start[places], lengths) + within]
        return ids.astype(np.int64), begins[:-1]


@dataclass(slots=True)
class Pairs:
    """Pair i: row i of `queries`, row `target[i]` of `passages`; `base` numbers uncut passages.

    Pairs with the same base must not meet in a batch: the one's passage answers the other.
    """

    queries: Ragged
    passages: Ragged
    target: NDArray[np.int32]
    base: NDArray[np.int32]

    def save(self, folder: Path) -> None:
        """Write every array as a file of its own."""
        folder.mkdir(parents=True, exist_ok=True)
        for name, array in self._arrays().items():
            np.save(folder / f"{name}.npy", array)

    @classmethod
    def load(cls, folder: Path) -> Pairs:
        """Map the arrays of `save` into memory."""

        def mapped(name: str) -> NDArray[Any]:
            array: NDArray[Any] = np.load(folder / f"{name}.npy", mmap_mode="r")
            return array

        return cls(
            Ragged(mapped("queries"), mapped("queries_start")),
            Ragged(mapped("passages"), mapped("passages_start")),
            mapped("target"),
            mapped("base"),
        )

    def _arrays(self) -> dict[str, NDArray[Any]]:
        return {
            "queries": self.queries.flat,
            "queries_start": self.queries.start,
            "passages": self.passages.flat,
            "passages_start": self.passages.start,
            "target": self.target,
            "base": self.base,
        }


@dataclass(slots=True)
class _Drawn:
    """What one piece of work collects; targets and bases count from 0 within it."""

    queries: list[str] = field(default_factory=list)
    passages: list[str] = field(default_factory=list)
    target: list[int] = field(default_factory=list)
    base: list[int] = field(default_factory=list)
    bases: int = 0

    def add(self, question: str, passage: int) -> None:
        self.queries.append(question)
        self.target.append(passage)
        self.base.append(self.bases)


def make_pairs(data: Path, tokenizer_file: Path, *, seed: int, workers: int) -> Iterator[Pairs]:
    """Make the pairs of all texts and questions below `data`, in portions, always the same ones."""
    units = enumerate(_units(read_texts(data), read_questions(data)))
    jobs = ((data, tokenizer_file, seed + number, unit) for number, unit in units)
    with multiprocessing.get_context("spawn").Pool(workers) as pool:
        yield from pool.imap(_work, jobs)


def join_pairs(portions: Sequence[Pairs]) -> Pairs:
    """Put portions one after the other, renumbering their passages."""
    firsts = np.cumsum([0, *(len(part.passages) for part in portions)])
    bases = np.cumsum([0, *(int(part.base.max(initial=-1)) + 1 for part in portions)])
    return Pairs(
        Ragged.joined([part.queries for part in portions]),
        Ragged.joined([part.passages for part in portions]),
        _renumbered([part.target for part in portions], firsts),
        _renumbered([part.base for part in portions], bases),
    )


def _renumbered(parts: Sequence[NDArray[np.int32]], firsts: NDArray[Any]) -> NDArray[np.int32]:
    moved = [numbers + first for numbers, first in zip(parts, firsts, strict=False)]
    return np.concatenate(moved).astype(np.int32)


def _units(texts: Iterable[Text], questions: Iterable[Question]) -> Iterator[list[Text | Question]]:
    unit: list[Text | Question] = []
    seen: set[str] = set()
    items: Iterator[Text | Question] = chain(texts, questions)
    for item in items:
        unit.append(item)
        if isinstance(item, Question) and item.title + item.text not in seen:
            # The passage of a question is a text like any other, once.
            seen.add(item.title + item.text)
            unit.append(Text(item.corpus, item.title, item.text))
        if len(unit) >= _WORK_UNIT:
            yield unit
            unit = []
    yield unit


def _work(job: tuple[Path, Path, int, list[Text | Question]]) -> Pairs:
    data, tokenizer_file, seed, unit = job
    rng = Random(seed)
    drawn = _Drawn()
    for item in unit:
        if isinstance(item, Text):
            _draw_text(item, _copies(data), rng, drawn)
        else:
            _draw_question(item, _copies(data), rng, drawn)
    tokenizer = _tokenizer(tokenizer_file)
    return Pairs(
        _ids(tokenizer, drawn.queries),
        _ids(tokenizer, drawn.passages),
        np.array(drawn.target, np.int32),
        np.array(drawn.base, np.int32),
    )


def _draw_text(text: Text, copies: Copies, rng: Random, drawn: _Drawn) -> None:
    """Draw questions for every passage of a text, and its title for its first passages."""
    size = rng.choice(_SIZES)
    title = fold(text.title)
    for place, passage in enumerate(passages(fold(text.text), size=size)):
        if passage in copies:
            continue
        parts = [part for part in sentences(passage) if part.strip()]
        tagged: dict[int, Words] = {}  # tagging is what costs, so only what is drawn is tagged
        head = title if rng.random() < _TITLE_SHARE else ""
        whole = len(drawn.passages)
        drawn.passages.append(joined(head, passage))
        for _ in range(_PER_PASSAGE.get(text.corpus, _PER_PASSAGE_ELSE)):
            chosen = rng.randrange(len(parts))
            if chosen not in tagged:
                tagged[chosen] = _tagged(parts[chosen])
            question = make_question(tagged[chosen], title, rng)
            if not question:
                continue
            target = whole
            if len(parts) >= _CROPPABLE and rng.random() < _VARIANT_SHARE:
                target = len(drawn.passages)
                drawn.passages.append(joined(head, _variant(parts, chosen, rng)))
            drawn.add(question, target)
        if title and place < _TITLE_PASSAGES:
            bare = len(drawn.passages)
            drawn.passages.append(passage)
            drawn.add(title, bare)
        drawn.bases += 1


def _variant(parts: list[str], chosen: int, rng: Random) -> str:
    """Leave the asked sentence out, so that its neighbours must do, or crop around it."""
    if rng.random() < _LEFT_OUT_SHARE:
        return "".join(parts[:chosen] + parts[chosen + 1 :])
    start = rng.randint(0, chosen)
    return "".join(parts[start : rng.randint(chosen, len(parts) - 1) + 1])


def _draw_question(item: Question, copies: Copies, rng: Random, drawn: _Drawn) -> None:
    """Draw a real question several times: as it is, with words left out, on other crops."""
    if item.text in copies or item.question in copies:
        return
    question, title, text, answer = map(fold, (item.question, item.title, item.text, item.answer))
    words = [word for word, _ in _tagged(question)]
    crops = {size: _answering(passages(text, size=size), question, answer) for size in _SIZES}
    places: dict[str, int] = {}
    for time in range(_REAL_TIMES):
        crop = crops[rng.choice(_SIZES)]
        asked = question if time % 2 == 0 else _without_words(words, rng) or question
        passage = joined(title if rng.random() < _TITLE_SHARE else "", crop)
        if passage not in places:
            places[passage] = len(drawn.passages)
            drawn.passages.append(passage)
        drawn.add(asked, places[passage])
    drawn.bases += 1


def _answering(pieces: list[str], question: str, answer: str) -> str:
    """Give the piece with the answer that shares most character pairs with the question."""
    asked = set(bigrams(question))
    holding = [piece for piece in pieces if answer and answer in piece] or pieces
    return max(holding, key=lambda piece: len(asked & set(bigrams(piece))))


def _without_words(words: list[str], rng: Random) -> str:
    return "".join(word for word in words if rng.random() > _WORD_LOSS)


@cache
def _copies(data: Path) -> Copies:
    return Copies.of_measured(data)


@cache
def _tokenizer(file: Path) -> Tokenizer:
    return Tokenizer.from_file(str(file))


def _tagged(sentence: str) -> Words:
    words: Words = _tagger().tag(sentence, False)
    return words


@cache
def _tagger() -> Any:  # noqa: ANN401  # rjieba has no types
    import rjieba

    return rjieba.Jieba()


def _ids(tokenizer: Tokenizer, texts: list[str]) -> Ragged:
    encodings = tokenizer.encode_batch_fast(texts, add_special_tokens=False) if texts else []
    return Ragged.of([encoding.ids for encoding in encodings])
