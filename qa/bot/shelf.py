"""The libraries of one bot, and the threads that work in them.

Three groups of threads, so that nothing waits for what it need not: questions, which may come in
crowds and are bounded; short readings, as buttons need; and changes, one at a time.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from embeddings.encoder import Encoder, load_encoder
from embeddings.reranker import load_reranker
from qa.config import Config
from qa.library import Library
from qa.opening import open_library
from qa.records import Answer

T = TypeVar("T")

_READERS = 2


class Busy(Exception):
    """So many questions are waiting that one more is not taken."""


class Shelf:
    """Libraries by name, each opened once; the default one's name is empty."""

    def __init__(self, libraries: Mapping[str, Library], *, workers: int, waiting: int) -> None:
        self.names = tuple(libraries)
        self._libraries = dict(libraries)
        self._questions = _Threads("question", workers, waiting)
        self._readings = _Threads("reading", _READERS, waiting)
        self._changes = _Threads("change", 1, waiting)

    @classmethod
    def open(
        cls, folders: Mapping[str, Path], config: Config, *, workers: int, waiting: int
    ) -> Shelf:
        """Open all libraries, with one encoder for all.

        Args:
            folders: By name.
            config: The encoder, the reranker and the user's own words.
            workers: Questions answered at the same time.
            waiting: Questions that may wait.

        Raises:
            LibraryError, ModelUnavailable: as `Library.open`; none is made.
        """
        encoder: Encoder = load_encoder(config.encoder)
        reranker = load_reranker(config.reranker) if config.reranker else None
        opened: dict[str, Library] = {}
        try:
            for name, folder in folders.items():
                opened[name] = open_library(config, folder, encoder=encoder, reranker=reranker)
        except BaseException:
            for library in opened.values():
                library.close()
            raise
        return cls(opened, workers=workers, waiting=waiting)

    def library(self, name: str) -> Library:
        """Give a library; a name that is not (any more) in the settings gives the default one."""
        return self._libraries.get(name) or self._libraries[""]

    @property
    def waiting(self) -> int:
        """How many questions are answered or wait at this moment."""
        return self._questions.tasks

    async def ask(
        self, name: str, question: str, *, k: int = 3, history: Sequence[str | Answer] = ()
    ) -> Answer:
        """Answer a question from a library.

        Raises:
            Busy: too many questions wait.
        """
        library = self.library(name)
        return await self._questions.run(lambda: library.ask(question, k, tuple(history)))

    async def run(self, function: Callable[..., T], *args: object) -> T:
        """Run what reads from a library, and is short.

        Raises:
            Busy: too many wait.
        """
        return await self._readings.run(lambda: function(*args))

    async def write(self, function: Callable[..., T], *args: object) -> T:
        """Run what changes a library: one after the other, in the order asked for.

        Raises:
            Busy: too many wait.
        """
        return await self._changes.run(lambda: function(*args))

    def stop(self) -> None:
        """Take nothing more, and drop what waits."""
        for threads in (self._questions, self._readings, self._changes):
            threads.stop()

    def close(self) -> bool:
        """Stop, and close the libraries unless a thread is still at work in one; say whether."""
        self.stop()
        idle = not any(one.tasks for one in (self._questions, self._readings, self._changes))
        if idle:
            for library in self._libraries.values():
                library.close()
        return idle


class _Threads:
    """Threads with a bounded number of tasks waiting for them."""

    def __init__(self, name: str, threads: int, waiting: int) -> None:
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix=name)
        self._most = threads + waiting
        self._lock = threading.Lock()
        self.tasks = 0

    async def run(self, task: Callable[[], T]) -> T:
        with self._lock:
            if self.tasks >= self._most:
                raise Busy
            future = self._pool.submit(task)
            self.tasks += 1
        # When it ends, not when the asker stops waiting: a thread cannot be interrupted.
        future.add_done_callback(self._ended)
        return await asyncio.wrap_future(future)

    def stop(self) -> None:
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _ended(self, _future: Future[T]) -> None:
        with self._lock:
            self.tasks -= 1
