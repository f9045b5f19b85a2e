"""Processes that make documents ready side by side, and give them back in order.

A process that breaks down or hangs is replaced, and its jobs are done again, one by one; a job that
breaks down a process again is reported as failed.
"""

from __future__ import annotations

import contextlib
import json
import os
import pickle
import queue
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from types import MappingProxyType
from typing import IO

from qa.reading.isolation import why_ended
from qa.work import Bench, Failed, Item, Recipe, Work

ALLOWED_S = 300.0
"""How long a process may be silent; longer by _S_PER_MB for the largest of the files it has."""

_S_PER_MB = 30.0
_AHEAD = 2  # bundles of jobs under way for each process, and more of small ones:
_AHEAD_BYTES = 2_000_000  # who takes the items stops for a second now and then, to commit
_WAITING = 8  # lists of items that may wait of each bundle: 16 MB
_ATTEMPTS = 2  # for a job by itself
_DYING_S = 1.0  # between the end of a process's answers and its own
_PIPE_BYTES = 1 << 20
_START = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1]); from qa.work import serve; serve()"
)
# Each process has one core to itself: threads of its libraries would only get in the way.
_ENVIRONMENT = MappingProxyType(
    dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "RAYON_NUM_THREADS"), "1")
    | {"TOKENIZERS_PARALLELISM": "false"}
)


@dataclass(frozen=True, slots=True)
class Left:
    """A job that no process could begin."""


Answer = Sequence[Item | Left] | Exception
Bundle = Sequence[Work]


def cores() -> int:
    """Give how many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class Crew:
    """Processes that do jobs; use it as a context manager, or call `close`.

    What no other process can even begin is done by a bench of this one.
    """

    def __init__(
        self, recipe: Recipe, bench: Bench, *, workers: int, allowed_s: float = ALLOWED_S
    ) -> None:
        self._bench = bench
        self._orders: queue.SimpleQueue[_Order | None] = queue.SimpleQueue()
        self._under_way: deque[_Order] = deque()
        self._processes = [_Process(recipe, allowed_s) for _ in range(workers)]
        self._threads = [
            threading.Thread(target=self._follow, args=(process,), daemon=True)
            for process in self._processes
        ]
        for thread in self._threads:
            thread.start()

    def items(self, bundles: Iterable[Bundle]) -> Iterator[Item]:
        """Give the items of all jobs in order, as `Bench.items` does.

        Few bundles are under way at a time, and few of their items wait, so that memory stays flat
        however many there are.
        """
        rest = iter(bundles)
        while self._ordered(rest):
            order = self._under_way[0]
            ends = 0
            while ends < len(order.bundle):
                answer = order.answers.get()
                if isinstance(answer, Exception):
                    raise answer
                for item in answer:
                    job = order.bundle[ends]
                    yield from self._bench.items(job) if isinstance(item, Left) else (item,)
                    ends += item is None or isinstance(item, Left)
            self._under_way.popleft()

    def close(self) -> None:
        """End the processes, whatever they are doing."""
        for process in self._processes:
            process.close(for_good=True)
        for _ in self._threads:
            self._orders.put(None)
        for thread in self._threads:
            while thread.is_alive():
                for order in self._under_way:  # it may be waiting for room
                    with contextlib.suppress(queue.Empty):
                        order.answers.get_nowait()
                thread.join(0.01)

    def __enter__(self) -> Crew:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _ordered(self, rest: Iterator[Bundle]) -> bool:
        """Give the processes enough to do; say whether anything is under way."""
        least, most = (one * len(self._processes) for one in (_AHEAD, _AHEAD_BYTES))
        while len(self._under_way) < least or sum(o.size for o in self._under_way) < most:
            bundle = next(rest, None)
            if bundle is None:
                break
            size = sum(job.size for job in bundle)
            order = _Order(bundle, size, queue.Queue(_WAITING))
            self._under_way.append(order)
            self._orders.put(order)
        return bool(self._under_way)

    def _follow(self, process: _Process) -> None:
        """Let a process do one order after the other, in a thread."""
        while (order := self._orders.get()) is not None:
            try:
                for items in _done(process, order.bundle):
                    order.answers.put(items)
            except _Closed:
                return
            except Exception as error:  # whoever waits for the items is told
                order.answers.put(error)


@dataclass(frozen=True, slots=True)
class _Order:
    bundle: Bundle
    size: int
    answers: queue.Queue[Answer]


def _done(process: _Process, bundle: Bundle) -> Iterator[Sequence[Item | Left]]:
    """Do jobs; when the process breaks down, each that is left by itself."""
    if not process.works:
        yield [Left()] * len(bundle)
        return
    done, given = 0, 0
    try:
        for items in process.ask(bundle):
            for item in items:
                done, given = (done + 1, 0) if item is None else (done, given + 1)
            yield items
    except _BrokenDown as error:
        if error.late and len(bundle) == 1:
            yield [Failed(str(error)), None]
            return
        for job in bundle[done:]:
            yield from _alone(process, job, given) if process.works else ([Left()],)
            given = 0


def _alone(process: _Process, job: Work, given: int) -> Iterator[Sequence[Item | Left]]:
    """Do one job, again if need be, less as many items as were given before."""
    for _ in range(_ATTEMPTS):
        seen = 0
        try:
            for items in process.ask([job]):
                new = items[max(0, given - seen) :]
                seen += len(items)
                given = max(given, seen)
                yield new
        except _BrokenDown as error:
            fault = error
            if error.late:
                break
        else:
            return
    yield [Left()] if fault.by_itself and not given else [Failed(str(fault)), None]


class _BrokenDown(Exception):
    """A process has ended amid a job; the message says why.

    `late`: it was silent for too long. `by_itself`: nobody stopped or killed it, so that it may be
    that nothing works there.
    """

    def __init__(self, reason: str, *, late: bool, by_itself: bool) -> None:
        super().__init__(reason)
        self.late = late
        self.by_itself = by_itself


class _Closed(Exception):
    """The crew has been closed."""


class _Process:
    """A process that does jobs, started when first needed and after its death.

    Attributes:
        works: Whether it has done anything yet, or not failed to.
    """

    def __init__(self, recipe: Recipe, allowed_s: float) -> None:
        self._recipe = recipe
        self._allowed_s = allowed_s
        self._process: subprocess.Popen[bytes] | None = None
        self._closed = False
        self._proved = False
        self.works = True
        self._starting = threading.Lock()

    def ask(self, bundle: Bundle) -> Iterator[list[Item]]:
        """Give the items of jobs as they come; take all of them before asking for more.

        Raises:
            _BrokenDown: the process ended, or was ended because it was silent for too long.
            _Closed: `close` was called for good.
        """
        late = threading.Event()
        largest = max((job.size for job in bundle), default=0)
        allowed_s = self._allowed_s + _S_PER_MB * largest / (1 << 20)
        ends = 0
        try:
            requests, answers = self._pipes()
            _send(requests, bundle)
            while ends < len(bundle):
                with self._ended_after(allowed_s, late):
                    items: list[Item] = pickle.load(answers)  # noqa: S301 - of our own process
                self._proved = True
                ends += sum(item is None for item in items)
                yield items
        except (EOFError, OSError, ValueError, pickle.UnpicklingError) as error:
            code = self.close()
            reason = why_ended(code, allowed_s if late.is_set() else 0)
            by_itself = code >= 0 and not late.is_set()
            self.works = self._proved or not by_itself
            raise _BrokenDown(reason, late=late.is_set(), by_itself=by_itself) from error

    def close(self, *, for_good: bool = False) -> int:
        """End the process, if there is one, and give its code; with `for_good`, start no other."""
        with self._starting:
            self._closed = self._closed or for_good
            process, self._process = self._process, None
        if process is None:
            return 0
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(0 if for_good else _DYING_S)  # for the code that it ends with by itself
        process.kill()
        code = process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()
        return code

    @contextmanager
    def _ended_after(self, allowed_s: float, late: threading.Event) -> Iterator[None]:
        def stop() -> None:
            late.set()
            if (process := self._process) is not None:
                process.kill()

        timer = threading.Timer(allowed_s, stop)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()

    def _pipes(self) -> tuple[IO[bytes], IO[bytes]]:
        with self._starting:
            if self._closed:
                raise _Closed
            fresh = self._process is None
            process = self._process = self._process or _started()
        if process.stdin is None or process.stdout is None:
            raise AssertionError
        if fresh:
            _send(process.stdin, self._recipe)
        return process.stdin, process.stdout


def _send(stream: IO[bytes], what: object) -> None:
    pickle.dump(what, stream, pickle.HIGHEST_PROTOCOL)
    stream.flush()


def _started() -> subprocess.Popen[bytes]:
    # The same modules as here, wherever this process found them; nothing of the user's own program.
    command = [sys.executable, "-W", "ignore", "-c", _START, json.dumps(sys.path)]
    return subprocess.Popen(  # noqa: S603 - Python itself, with our own words
        command,
        bufsize=_PIPE_BYTES,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, **_ENVIRONMENT},
    )
