"""What can go wrong between the bot and Telegram, as data: a script of faults by method."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any


class Kind(Enum):
    """How a call fails."""

    ANSWER = "an answer that is an error"
    RESET = "the connection is reset"
    HANG = "no answer at all"
    GARBAGE = "an answer that is not JSON"


@dataclass(frozen=True, slots=True)
class Fault:
    """One failure. `accepted`: Telegram has done what was asked before it fails."""

    kind: Kind
    status: int = 200
    description: str = ""
    retry_after: int | None = None
    accepted: bool = False

    def payload(self) -> dict[str, Any]:
        """Give Telegram's JSON for it."""
        body: dict[str, Any] = {
            "ok": False,
            "error_code": self.status,
            "description": self.description,
        }
        if self.retry_after is not None:
            body["parameters"] = {"retry_after": self.retry_after}
        return body


def refused(description: str, status: int = 400) -> Fault:
    """Answer with an error: "Bad Request: …" for 400."""
    return Fault(Kind.ANSWER, status, description)


def flood(retry_after: int | None = 1) -> Fault:
    """Answer 429; None leaves out how long to wait, as some proxies do."""
    seconds = "" if retry_after is None else f": retry after {retry_after}"
    return Fault(Kind.ANSWER, 429, f"Too Many Requests{seconds}", retry_after)


def reset(*, accepted: bool) -> Fault:
    """Break the connection before or after the call was accepted."""
    return Fault(Kind.RESET, accepted=accepted)


def hang(*, accepted: bool) -> Fault:
    """Never answer."""
    return Fault(Kind.HANG, accepted=accepted)


BAD_GATEWAY = Fault(Kind.ANSWER, 502, "Bad Gateway")
GARBAGE = Fault(Kind.GARBAGE)
UNAUTHORIZED = Fault(Kind.ANSWER, 401, "Unauthorized")
CONFLICT = Fault(
    Kind.ANSWER, 409, "Conflict: terminated by other getUpdates request; make sure that only one "
    "bot instance is running",
)  # fmt: skip
BLOCKED = Fault(Kind.ANSWER, 403, "Forbidden: bot was blocked by the user")


class Script:
    """Faults waiting to happen, by method, the first first."""

    def __init__(self) -> None:
        self._waiting: dict[str, list[tuple[int | None, Fault]]] = defaultdict(list)
        self._always: dict[str, Fault] = {}

    def fail(self, method: str, *faults: Fault, chat_id: int | None = None) -> None:
        """Make the next calls of a method (in a chat) fail, one fault for each call."""
        self._waiting[method].extend((chat_id, fault) for fault in faults)

    def always(self, method: str, fault: Fault | None) -> None:
        """Make every call of a method fail from now on; None ends it."""
        if fault is None:
            self._always.pop(method, None)
        else:
            self._always[method] = fault

    def next(self, method: str, params: Mapping[str, object]) -> Fault | None:
        """Take the fault of this call."""
        waiting = self._waiting[method]
        for number, (chat_id, fault) in enumerate(waiting):
            if chat_id is None or str(chat_id) == str(params.get("chat_id")):
                del waiting[number]
                return fault
        return self._always.get(method)

    def left(self) -> int:
        """Count the faults that have not happened."""
        return sum(map(len, self._waiting.values()))
