"""Readers in a process of their own: a file that hangs or kills one takes nothing else with it."""

from __future__ import annotations

import contextlib
import json
import signal
import subprocess
import sys
import threading

from qa.reading.plain import Content, Unreadable
from qa.reading.worker import content_of, receive, send

TIMEOUT_S = 120.0
"""How long reading one small file may take; a large one up to five times as long."""

MEMORY_BYTES = 2 << 30
"""How much memory reading may take, where the system can limit it."""

_S_PER_MB = 10.0  # what the slowest format takes: a sheet of 40,000 rows has 1 MB and takes 8 s
_MOST_TIMES = 5
_READS = 500  # before a new process takes the place of one that libraries may have bloated
_START = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1]);"
    " from qa.reading.worker import serve; serve(int(sys.argv[2]))"
)


class Isolated:
    """Reads files in another process, which is started when first needed and after its death."""

    def __init__(self, *, timeout_s: float = TIMEOUT_S, memory_bytes: int = MEMORY_BYTES) -> None:
        self._timeout_s = timeout_s
        self._memory_bytes = memory_bytes
        self._process: subprocess.Popen[bytes] | None = None
        self._reads = 0

    def read(self, data: bytes, ending: str) -> Content:
        """Read the bytes of a file whose name ends in `ending`.

        Raises:
            Unreadable: it cannot be read, or not within the limits.
        """
        process = self._process or self._started()
        late = threading.Event()
        allowed_s = self._timeout_s + _S_PER_MB * len(data) / (1 << 20)
        allowed_s = min(allowed_s, _MOST_TIMES * self._timeout_s)

        def stop() -> None:
            late.set()
            process.kill()

        timer = threading.Timer(allowed_s, stop)
        timer.daemon = True
        timer.start()
        try:
            answer = _asked(process, data, ending, allowed_s)
        except BaseException:  # Ctrl-C amid an answer: the rest of it must not be the next one's
            self.close()
            raise
        finally:
            timer.cancel()
        if answer is None:
            self.close()
            raise Unreadable(why_ended(process.returncode, allowed_s if late.is_set() else 0))
        self._reads += 1
        if self._reads >= _READS:
            self.close()
        return content_of(*answer)

    def close(self) -> None:
        """End the process, if there is one; another `read` starts a new one."""
        process, self._process, self._reads = self._process, None, 0
        if process is None:
            return
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()

    def __enter__(self) -> Isolated:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _started(self) -> subprocess.Popen[bytes]:
        # The same modules as here, wherever this process found them.
        command = [sys.executable, "-W", "ignore", "-c", _START, json.dumps(sys.path)]
        command.append(str(self._memory_bytes))
        self._process = subprocess.Popen(  # noqa: S603 - Python itself, with our own words
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        return self._process


def why_ended(code: int, late_s: float) -> str:
    """Say why a reader has ended: with this code, or because it took longer than `late_s`."""
    if late_s:
        return f"reading took longer than {late_s:.0f} s and was stopped; split it"
    name = signal.Signals(-code).name if code < 0 else f"code {code}"
    return f"its reader broke down ({name}): damaged, or too large; open it and save it anew"


def _asked(
    process: subprocess.Popen[bytes], data: bytes, ending: str, allowed_s: float
) -> tuple[dict[str, object], bytes] | None:
    """Ask a reader; None when it has died."""
    if process.stdin is None or process.stdout is None:
        raise AssertionError
    try:
        send(process.stdin, {"ending": ending, "seconds": allowed_s}, data)
        return receive(process.stdout)
    except OSError:
        return None
