"""What the `qa` command and `python -m qa` run."""

from __future__ import annotations

import gc
import signal
from importlib import import_module

_GARBAGE = 50_000  # new objects before circles among them are looked for


def main() -> None:
    """Load the command line and run it; Ctrl-C while it loads ends the process without a word."""
    before = signal.signal(signal.SIGINT, signal.SIG_DFL)
    command_line = import_module("qa.cli")
    signal.signal(signal.SIGINT, before)
    # To look for circles among what was loaded, and among the first 700 new objects, is in vain.
    gc.freeze()
    gc.set_threshold(_GARBAGE)
    command_line.main()


if __name__ == "__main__":
    main()
