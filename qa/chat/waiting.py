"""Work that may take a while: it says so after a moment, and Ctrl-C stops waiting for it."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import TypeVar

T = TypeVar("T")

_PATIENCE_S = 0.4
_TURN_S = 0.2


class Waiting:
    """Does work in another thread, so that an interrupted question leaves the library as it is.

    Attributes:
        note: Called with a message after a moment of waiting, and with an empty one afterwards.
    """

    def __init__(self, note: Callable[[str], None], patience_s: float = _PATIENCE_S) -> None:
        self.note = note
        self._patience_s = patience_s
        self._worker = ThreadPoolExecutor(1)

    def __call__(self, work: Callable[[], T], message: str) -> T:
        """Give what `work` gives, or raise what it raises.

        Raises:
            KeyboardInterrupt: Ctrl-C was pressed; the work goes on, and what comes of it is lost.
        """
        future: Future[T] = self._worker.submit(work)
        try:
            if not wait([future], self._patience_s).done:
                try:
                    self.note(message)
                    # In short turns: a Ctrl-C just before a wait begins would wait for its end.
                    while not wait([future], _TURN_S).done:
                        pass
                finally:
                    self.note("")
        except KeyboardInterrupt:
            self._worker.shutdown(wait=False, cancel_futures=True)
            self._worker = ThreadPoolExecutor(1)  # the next question does not wait for this one
            raise
        return future.result()

    def close(self) -> None:
        """Wait for what is still being done."""
        self._worker.shutdown()
