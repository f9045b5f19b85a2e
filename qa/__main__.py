"""What the `qa` command and `python -m qa` run."""

from __future__ import annotations

import signal
from importlib import import_module


def main() -> None:
    """Load the command line and run it; Ctrl-C while it loads ends the process without a word."""
    before = signal.signal(signal.SIGINT, signal.SIG_DFL)
    command_line = import_module("qa.cli")
    signal.signal(signal.SIGINT, before)
    command_line.main()


if __name__ == "__main__":
    main()
