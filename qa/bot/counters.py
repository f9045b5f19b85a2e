"""What the bot has done since it was started, in numbers."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8"
"""The content type of `Counters.prometheus`."""

_REMEMBERED = 1_000  # times of answers, for the median
_BOUNDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


@dataclass(frozen=True, slots=True)
class Summary:
    """The numbers at one moment.

    Attributes:
        running_s: Seconds since the start.
        questions: Answered, found or not.
        found: Of them, those to which there was an answer.
        refused: Not answered: a limit, a quota, nobody known, too busy.
        errors: What went wrong.
        median_ms: Of the last thousand answers; 0 before the first.
        slowest_ms: What 99 of 100 of them do not exceed; 0 before the first.
    """

    running_s: float
    questions: int
    found: int
    refused: int
    errors: int
    median_ms: float
    slowest_ms: float


class Counters:
    """Counts; from any thread."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._started = clock()
        self._lock = threading.Lock()
        self._times: deque[float] = deque(maxlen=_REMEMBERED)
        self._registry = registry = CollectorRegistry()
        self._questions = Counter("qa_questions", "Questions answered.", registry=registry)
        self._found = Counter("qa_found", "Of them, with an answer found.", registry=registry)
        self._refused = Counter("qa_refused", "Refused, by reason.", ["reason"], registry=registry)
        self._chosen = Counter("qa_chosen", "Inline results sent.", registry=registry)
        self._errors = Counter("qa_errors", "What went wrong.", registry=registry)
        self._seconds = Histogram(
            "qa_answer_seconds", "From question to answer.", buckets=_BOUNDS, registry=registry
        )
        running = Gauge("qa_running_seconds", "Since the start.", registry=registry)
        running.set_function(lambda: self._clock() - self._started)

    def answered(self, *, found: bool, seconds: float) -> None:
        """Count an answer."""
        self._questions.inc()
        if found:
            self._found.inc()
        self._seconds.observe(seconds)
        with self._lock:
            self._times.append(seconds)

    def refused(self, reason: str) -> None:
        """Count a question that was not answered; the reason is a key of the bot's words."""
        self._refused.labels(reason).inc()

    def chosen(self) -> None:
        """Count an inline result that somebody sent."""
        self._chosen.inc()

    def failed(self) -> None:
        """Count something that went wrong."""
        self._errors.inc()

    def summary(self) -> Summary:
        """Give the numbers of this moment."""
        with self._lock:
            times = sorted(self._times)
        return Summary(
            running_s=self._clock() - self._started,
            questions=self._value("qa_questions_total"),
            found=self._value("qa_found_total"),
            refused=self._sum("qa_refused_total"),
            errors=self._value("qa_errors_total"),
            median_ms=_quantile(times, 0.5) * 1000,
            slowest_ms=_quantile(times, 0.99) * 1000,
        )

    def prometheus(self) -> bytes:
        """Give the numbers as Prometheus reads them."""
        return generate_latest(self._registry)

    def _value(self, name: str) -> int:
        return int(self._registry.get_sample_value(name) or 0)

    def _sum(self, name: str) -> int:
        samples = (one for metric in self._registry.collect() for one in metric.samples)
        return int(sum(one.value for one in samples if one.name == name))


def _quantile(times: list[float], share: float) -> float:
    return times[min(int(len(times) * share), len(times) - 1)] if times else 0.0
