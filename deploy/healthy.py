"""Whether the bot in this container works: for HEALTHCHECK. Exit code 0 or 1, one line.

With a webhook its own server is asked. A bot that polls ends by itself when it hears nothing more;
what is left to look at is whether the library can be read.
"""

from __future__ import annotations

import os
import sqlite3
import sys
import urllib.error
import urllib.request
from pathlib import Path

WAIT_S = 10.0


def main() -> int:
    """Look, say what was seen, give the exit code."""
    try:
        if os.environ.get("QA_TELEGRAM_WEBHOOK_URL"):
            port = os.environ.get("QA_TELEGRAM_WEBHOOK_PORT") or "8443"
            print(_asked(f"http://127.0.0.1:{port}/healthz"))
        else:
            print(_counted(Path(os.environ["QA_LIBRARY"]) / "library.db"))
    except (OSError, sqlite3.Error, KeyError) as error:
        print(f"not well: {error}", file=sys.stderr)
        return 1
    return 0


def _asked(address: str) -> str:
    with urllib.request.urlopen(address, timeout=WAIT_S) as answer:  # noqa: S310 - loopback
        return answer.read(100).decode().strip()


def _counted(file: Path) -> str:
    database = sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True, timeout=WAIT_S)
    try:
        [(documents,)] = database.execute("SELECT count(*) FROM document")
    finally:
        database.close()
    return f"{documents} documents"


if __name__ == "__main__":
    sys.exit(main())
