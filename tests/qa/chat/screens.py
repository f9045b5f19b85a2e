"""A chat on a pseudo-terminal: keys are typed, and the screen is read as a person sees it."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pexpect
import pyte

ROOT = Path(__file__).resolve().parents[3]
LINES = 24
CTRL_C, CTRL_D, TAB, ENTER, UP, LEFT, BACKSPACE = (
    "\x03",
    "\x04",
    "\t",
    "\r",
    "\x1b[A",
    "\x1b[D",
    "\x7f",
)
PATIENCE_S = 90

# The real program with an encoder that costs nothing. A question with 慢 in it waits for a file
# called `gate`, so that a test can press a key while it is being answered.
PROGRAM = """
import sys, time
from pathlib import Path
sys.path.append(sys.argv.pop(1))
import qa.library
from tests.fakes import FakeEncoder
class Slow(FakeEncoder):
    def encode_queries(self, texts):
        while "\\u6162" in texts[0] and not Path("gate").exists():
            time.sleep(0.01)
        return super().encode_queries(texts)
qa.library.load_encoder = lambda name: Slow()
from qa.cli import main
main()
"""


def command(*arguments: object) -> list[str]:
    return [sys.executable, "-c", PROGRAM, str(ROOT), *map(str, arguments)]


def environment(home: Path, **more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("QA_")}
    for name in ("NO_COLOR", "FORCE_COLOR", "COLUMNS", "LINES", "PAGER", "LESS", "XDG_STATE_HOME"):
        kept.pop(name, None)
    return {
        **kept, "QA_LANGUAGE": "zh", "TERM": "xterm-256color", "HOME": str(home), "PYTHONUTF8": "1",
        **more,
    }  # fmt: skip


class Terminal:
    """A program on a terminal of some width."""

    def __init__(self, folder: Path, home: Path, *options: object, columns: int = 80, **more: str):
        self.screen = pyte.HistoryScreen(columns, LINES, history=1000, ratio=0.5)
        self._stream = pyte.ByteStream(self.screen)
        self.written = b""
        words = command("chat", "--library", folder, *options)
        self.process = pexpect.spawn(
            words[0], words[1:], dimensions=(LINES, columns), env=environment(home, **more),
            cwd=str(home), timeout=PATIENCE_S,
        )  # fmt: skip
        self.process.delaybeforesend = None

    def __enter__(self) -> Terminal:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.close(force=True)

    def type(self, keys: str) -> None:
        self.process.send(keys.encode())

    def enter(self, line: str) -> None:
        self.type(line + ENTER)

    @property
    def lines(self) -> list[str]:
        """All lines that were ever on the screen, blanks at their ends left out."""
        above = ["".join(row[x].data for x in range(self.screen.columns))
                 for row in self.screen.history.top]  # fmt: skip
        return [line.rstrip() for line in (*above, *self.screen.display)]

    @property
    def text(self) -> str:
        return "\n".join(self.lines)

    @property
    def run_on(self) -> str:
        """Everything without blanks and line ends, so that it does not matter where lines break."""
        return "".join(self.text.split())

    def see(self, text: str, times: int = 1) -> None:
        """Wait until a text has stood on the screen so many times."""
        wanted = "".join(text.split())
        self._read(lambda: self.run_on.count(wanted) >= times, text)

    def at_prompt(self, typed: str = "") -> None:
        """Wait until the last line is a prompt with just this typed behind it."""
        self._read(lambda: self.last == f"qa> {typed}".rstrip(), f"a prompt with {typed!r}")

    @property
    def last(self) -> str:
        return next((line for line in reversed(self.lines) if line), "")

    def end(self) -> int:
        """Wait for the end; give the exit code."""
        self._read(lambda: False, "")
        self.process.wait()
        return int(self.process.exitstatus if self.process.exitstatus is not None else -1)

    def _read(self, done, wanted: str) -> None:
        while not done():
            try:
                block = self.process.read_nonblocking(65_536, PATIENCE_S)
            except pexpect.EOF:
                if wanted:
                    raise AssertionError(f"ended before {wanted!r}:\n{self.text}") from None
                return
            except pexpect.TIMEOUT:
                raise AssertionError(f"never came {wanted!r}:\n{self.text}") from None
            self.written += block
            self._stream.feed(block)
