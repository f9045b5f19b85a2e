"""The bot as people run it: `python -m qa bot` in a process of its own, against a test's server."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from time import monotonic
from types import TracebackType

from tests.telegram.server import Server
from tests.telegram.updates import TOKEN

ROOT = Path(__file__).parents[2]
_START_S, _STOP_S = 120.0, 60.0  # a machine may be busy


class BotProcess:
    """A bot that can be started, ended, killed, and started again with the same database.

    Everything stands in `folder`: the database, the documents sent, the log of all its runs.
    """

    def __init__(self, server: Server, library: Path, folder: Path, **settings: object) -> None:
        self.server = server
        self.library = library
        self.state = folder / "telegram.db"
        self.documents = folder / "documents"
        self._folder = folder
        self._log = folder / "bot.log"
        self._process: subprocess.Popen[bytes] | None = None
        self._settings: Mapping[str, object] = {
            "token": TOKEN,
            "base_url": server.base_url,
            "file_url": server.file_url,
            "allowed": "*",
            "state": self.state,
            "documents": self.documents,
            "poll_timeout_s": 2,
            "per_minute": 10_000,
            "user_per_minute": 1_000,
            **settings,
        }

    def __enter__(self) -> BotProcess:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.kill()
        if kind is not None:
            print(self.log)

    def launch(self) -> None:
        """Start it and do not wait."""
        environment = {k: v for k, v in os.environ.items() if not k.startswith(("QA_", "PTB_"))}
        environment |= {
            f"QA_TELEGRAM_{name.upper()}": str(value) for name, value in self._settings.items()
        }
        environment |= {"PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "default", "TZ": "UTC"}
        command = [sys.executable, "-m", "qa", "bot", "--library", str(self.library)]
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                command, cwd=self._folder, env=environment, stdout=log, stderr=log
            )

    def start(self) -> None:
        """Start it and wait until it asks for updates, or until its webhook is set."""
        polls = self.server.polls()
        self.launch()

        def ready() -> bool:
            code = self._process.poll() if self._process else None
            assert code is None, f"the bot ended with {code}:\n{self.log}"
            if "webhook_url" in self._settings:
                return bool(self.server.telegram.webhook["url"])
            return self.server.polls() > polls

        self.server.wait_for(ready, _START_S)

    def kill(self) -> None:
        """End it as a power cut does; nothing when it has ended."""
        if self._process and self._process.poll() is None:
            self._process.kill()
            self._process.wait(_STOP_S)

    def stop(self) -> int:
        """End it as a supervisor does, by SIGTERM; give its exit code."""
        assert self._process is not None
        self._process.send_signal(signal.SIGTERM)
        return self._process.wait(_STOP_S)

    def ended(self, seconds: float) -> int:
        """Wait until it ends by itself; give its exit code."""
        assert self._process is not None
        return self._process.wait(seconds)

    def restart(self) -> float:
        """Kill it and start it again; give the seconds until it is there."""
        self.kill()
        began = monotonic()
        self.start()
        return monotonic() - began

    @property
    def log(self) -> str:
        """What all its runs have written."""
        return self._log.read_text(encoding="utf-8", errors="replace")
