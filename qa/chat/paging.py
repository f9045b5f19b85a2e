"""A document in the person's own pager, at the place that was quoted."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryFile

_ABOVE = 3  # lines of context over the place


def pager(environment: Mapping[str, str] = os.environ) -> tuple[str, ...]:
    """Give the command line of the pager: PAGER, otherwise less; () when there is none."""
    try:
        chosen = tuple(shlex.split(environment.get("PAGER", ""))) or ("less",)
    except ValueError:  # a quotation mark without its other
        chosen = ("less",)
    return chosen if shutil.which(chosen[0]) else ()


def page(text: str, command: Sequence[str], *, line: int) -> None:
    """Show text in a pager until the person leaves it.

    Args:
        text: With escape sequences for colours, if any.
        command: As `pager` gives it. Only less is known to begin at a line.
        line: From 1, on which to begin.
    """
    at = [f"+{max(1, line - _ABOVE)}"] if Path(command[0]).name == "less" else []
    raw = ["-R"] if at else []
    with TemporaryFile() as file:  # not a pipe, whose writing Ctrl-C would cut short
        file.write(text.encode("utf-8", "replace"))
        file.seek(0)
        process = subprocess.Popen(  # noqa: S603 - the person's own pager, no shell
            [*command, *raw, *at], stdin=file, env={"LESSCHARSET": "utf-8", **os.environ}
        )
        while True:
            try:
                process.wait()
            except KeyboardInterrupt:  # meant for the pager, which goes on
                continue
            return
