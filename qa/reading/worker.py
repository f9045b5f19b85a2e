"""The process that reads risky files: asked over its standard input, it answers on its output.

A message is the length of a head (8 bytes), the head as JSON, and as many bytes as the head says.
"""

from __future__ import annotations

import contextlib
import json
import signal
import struct
import sys
from typing import IO, Any

from qa.reading.formats import read_file
from qa.reading.plain import Content, Unreadable

_LENGTH = struct.Struct(">Q")
_SPARE_S = 10  # after which a reader that outlived whoever asked ends itself


def send(stream: IO[bytes], head: dict[str, Any], data: bytes = b"") -> None:
    """Write one message."""
    packed = json.dumps({**head, "bytes": len(data)}).encode()
    stream.write(_LENGTH.pack(len(packed)) + packed)
    stream.write(data)
    stream.flush()


def receive(stream: IO[bytes]) -> tuple[dict[str, Any], bytes] | None:
    """Read one message; None when the other side has ended, also within a message."""
    length = stream.read(_LENGTH.size)
    if len(length) < _LENGTH.size:
        return None
    packed = stream.read(_LENGTH.unpack(length)[0])
    try:
        head: dict[str, Any] = json.loads(packed)
        data = stream.read(head["bytes"])
    except ValueError:
        return None
    return (head, data) if len(data) == head["bytes"] else None


def serve(memory_bytes: int) -> None:
    """Answer one request after the other until the input ends."""
    requests, answers = sys.stdin.buffer, sys.stdout.buffer
    sys.stdout = sys.stderr  # what a library prints is no answer
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # who asks decides what Ctrl-C means
    _limit(memory_bytes)
    while (request := receive(requests)) is not None:
        head, data = request
        with contextlib.suppress(AttributeError):  # Windows has no alarms
            signal.alarm(round(head["seconds"] + _SPARE_S))
        send(answers, *_answer(data, head["ending"]))


def _answer(data: bytes, ending: str) -> tuple[dict[str, Any], bytes]:
    try:
        content = read_file(data, ending)
    except Unreadable as error:
        return {"reason": error.reason}, b""
    head = {
        "title": content.title,
        "date": content.date,
        "page_starts": content.page_starts,
        "notes": content.notes,
    }
    # A name in a file may hold half a character, which is no text.
    return head, content.text.encode("utf-8", "surrogatepass")


def content_of(head: dict[str, Any], data: bytes) -> Content:
    """Give what an answer says.

    Raises:
        Unreadable: it says that the file cannot be read.
    """
    if "reason" in head:
        raise Unreadable(head["reason"])
    return Content(
        data.decode("utf-8", "surrogatepass"),
        head["title"],
        head["date"],
        tuple(head["page_starts"]),
        tuple(head["notes"]),
    )


def _limit(memory_bytes: int) -> None:
    """Let this process take no more memory than that, where the system can."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
