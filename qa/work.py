"""What is done with one source: read, cleaned, split, cut into terms and encoded.

What is stored already is only cut again.

It is done in this process or, for many sources, in others: `serve` is all that such a process does.
"""

from __future__ import annotations

import contextlib
import gc
import os
import pickle
import signal
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import IO, Any

from embeddings.encoder import Encoder, load_encoder
from embeddings.errors import EmbeddingsError
from embeddings.words import WordCutter, cutter
from qa.adding import Task, look
from qa.cleaning import AS_IT_IS, Cleaning, clean
from qa.errors import ReadingError
from qa.pieces import PIECE_PASSAGES, Piece, pieces, with_vectors
from qa.reading import Reader, Reading
from qa.recutting import Cut, Stored, cut_again
from qa.term_making import TermMaker

_OFTEN_S = 2.0  # after which what is ready is sent, little as it may be
_GARBAGE = 100_000  # new objects before circles among them are looked for: hardly any has one
_BUFFER_BYTES = 1 << 20
_PARENT_S = 1.0  # how often a worker looks whether whoever started it is still there


@dataclass(frozen=True, slots=True)
class Recipe:
    """How documents are made ready, in words that another process understands.

    Attributes:
        cutter: The word cutter's name.
        user_words: The user's own words.
        encoder: What the encoder is loaded by; empty: it stays where the object is.
        fingerprint: The encoder's.
        cleaning: What else is noise, and what is not.
        encoding: What text is decoded as; None: as its bytes say.
    """

    cutter: str
    user_words: tuple[str, ...]
    encoder: str = ""
    fingerprint: str = ""
    cleaning: Cleaning = AS_IT_IS
    encoding: str | None = None


@dataclass(frozen=True, slots=True)
class Job:
    """One source to look at.

    Attributes:
        task: Which.
        digest: Of what the library holds of it; None when it holds nothing.
        size: About how many bytes it has.
    """

    task: Task
    digest: str | None = None
    size: int = 0


@dataclass(frozen=True, slots=True)
class Failed:
    """A source that cannot be read, and why (one line)."""

    reason: str


Work = Job | Stored
"""What is done at once: a source is looked at, or passages that are stored are cut again."""

Item = Reading | Piece | Cut | Failed | None
"""Of each job comes what was read and then its pieces, or what was cut, or a failure, or nothing;
at last None."""


class Bench:
    """Does jobs, one after the other. Use it as a context manager, or call `close`.

    Its pieces have no vectors: many pieces are encoded faster together.
    """

    def __init__(self, recipe: Recipe, words: WordCutter, encoder: Encoder | None = None) -> None:
        self._recipe = recipe
        self._maker = TermMaker(words)
        self.encoder = encoder
        self._reader = Reader()

    @classmethod
    def of(cls, recipe: Recipe) -> Bench:
        """Load what a recipe names; what is another encoder by now than it was is left out."""
        encoder: Encoder | None = None
        if recipe.encoder:
            with contextlib.suppress(EmbeddingsError):
                encoder = load_encoder(recipe.encoder)
        if encoder is not None and encoder.fingerprint != recipe.fingerprint:
            encoder = None
        return cls(recipe, cutter(recipe.cutter, recipe.user_words), encoder)

    def items(self, job: Work) -> Iterator[Item]:
        """Do one job; see `Item`."""
        if isinstance(job, Stored):
            yield cut_again(job, self._maker)
        else:
            yield from self._looked(job)
        yield None

    def _looked(self, job: Job) -> Iterator[Item]:
        try:
            reading = look(job.task, job.digest, self._reader, encoding=self._recipe.encoding)
        except ReadingError as error:
            yield Failed(error.reason)
        else:
            if reading is not None:
                document = reading.document
                cleaned = clean(document.text, self._recipe.cleaning)
                yield replace(reading, notes=(*reading.notes, *cleaned.notes))
                yield from pieces(document, self._maker, cleaned.noise, folded=cleaned.folded)

    def close(self) -> None:
        """End what reading has started; the bench can be used again."""
        self._reader.close()

    def __enter__(self) -> Bench:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def serve() -> None:
    """Do the jobs that come on the standard input, until it ends; answer with lists of items.

    First comes the recipe, then lists of jobs. All of it is pickled, for both ends are this
    program.
    """
    requests = sys.stdin.buffer
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb", _BUFFER_BYTES)
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # what a library prints is no answer
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # who asks decides what Ctrl-C means
    threading.Thread(target=_end_with, args=(os.getppid(),), daemon=True).start()
    with contextlib.suppress(EOFError, BrokenPipeError), Bench.of(_received(requests)) as bench:
        gc.freeze()  # what is loaded by now stays
        gc.set_threshold(_GARBAGE)
        while True:
            for items in _answers(bench, _received(requests)):
                pickle.dump(items, answers, pickle.HIGHEST_PROTOCOL)
                answers.flush()


def _answers(bench: Bench, jobs: Sequence[Work]) -> Iterator[list[Item]]:
    """Give the items of jobs, many at a time, pieces with vectors if the bench makes them."""
    items: list[Item] = []
    title, titles = "", list[str]()
    passages, since = 0, time.monotonic()
    for job in jobs:
        for item in bench.items(job):
            if isinstance(item, Reading):
                title = item.document.title
            items.append(item)
            titles.append(title)
            passages += len(item.terms) if isinstance(item, Piece | Cut) else 0
            if passages >= PIECE_PASSAGES or time.monotonic() - since > _OFTEN_S:
                yield _encoded(items, titles, bench.encoder)
                items, titles, passages, since = [], [], 0, time.monotonic()
    if items:
        yield _encoded(items, titles, bench.encoder)


def _encoded(items: list[Item], titles: Sequence[str], encoder: Encoder | None) -> list[Item]:
    """Give items, whose documents have these titles, with vectors where they are pieces."""
    if encoder is None:
        return items
    ready = iter(
        with_vectors(
            [
                (title, item)
                for title, item in zip(titles, items, strict=True)
                if isinstance(item, Piece)
            ],
            encoder,
        )
    )
    return [next(ready) if isinstance(item, Piece) else item for item in items]


def _received(stream: IO[bytes]) -> Any:  # noqa: ANN401 - a recipe, or jobs
    return pickle.load(stream)  # noqa: S301 - from the process that started this one


def _end_with(parent: int) -> None:
    """End this process soon after the one that started it, however that came to its end."""
    while os.getppid() == parent:
        time.sleep(_PARENT_S)
    os._exit(1)
