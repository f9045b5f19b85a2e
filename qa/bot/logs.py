"""The bot's log: one line for each thing, `key=value`, without secrets.

    time=2024-04-01T08:30:00Z level=info where=qa.bot.running said="polling" bot=faq_bot

Texts of questions and the token are never in it, unless the settings ask for the questions.
"""

from __future__ import annotations

import json
import logging
import re
import sys
import time
import traceback
from collections.abc import Iterable
from typing import TextIO

_PLAIN = re.compile(r"[\w.:/+@-]+", re.ASCII)
# They log addresses, which hold the token, or every request.
_LOUD = ("httpx", "httpcore", "tornado.access", "hpack")


class Lines(logging.Formatter):
    """Makes one line of a record; what is secret becomes `…`."""

    def __init__(self, secrets: Iterable[str] = (), *, traces: bool = False) -> None:
        super().__init__()
        self._secrets = [one for one in secrets if one]
        self._traces = traces

    def format(self, record: logging.LogRecord) -> str:
        """Give the line."""
        facts: dict[str, object] = {
            "time": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(record.created)),
            "level": record.levelname.lower(),
            "where": record.name,
            "said": record.getMessage(),
            **getattr(record, "facts", {}),
        }
        if record.exc_info and record.exc_info[1] is not None:
            facts |= self._error(record.exc_info[1])
        line = " ".join(f"{name}={_written(value)}" for name, value in facts.items())
        for secret in self._secrets:
            line = line.replace(secret, "…")
        return line

    def _error(self, error: BaseException) -> dict[str, object]:
        if self._traces:
            return {"error": "".join(traceback.format_exception(error))}
        frames = traceback.extract_tb(error.__traceback__)
        at = f"{frames[-1].filename}:{frames[-1].lineno}" if frames else ""
        return {"error": f"{type(error).__name__}: {error}", "at": at}


def set_up(secrets: Iterable[str], *, verbose: bool = False, stream: TextIO | None = None) -> None:
    """Write the log of this process to stderr from now on.

    Args:
        secrets: What must never be written.
        verbose: Whether what python-telegram-bot does is logged too, and whole tracebacks.
        stream: In place of stderr.
    """
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(Lines(secrets, traces=verbose))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger("qa").setLevel(logging.INFO)
    logging.getLogger("telegram").setLevel(logging.INFO if verbose else logging.WARNING)
    logging.getLogger("telegram.request").setLevel(logging.CRITICAL)  # it logs what was received
    for name in _LOUD:  # whoever set them to tell everything
        logging.getLogger(name).setLevel(logging.WARNING)


def event(logger: logging.Logger, said: str, **facts: object) -> None:
    """Log something that happened with its facts."""
    logger.info(said, extra={"facts": facts})


def _written(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    text = str(value)
    return text if _PLAIN.fullmatch(text) else json.dumps(text, ensure_ascii=False)
