"""Copy a library, the bot's own database and the files that were sent, while the bot runs.

    python3 backup.py /var/lib/cited-qa/library /var/backups/cited-qa

    python3 backup.py --state /srv/bot/telegram.db /var/lib/cited-qa/library /var/backups/cited-qa

makes a folder there, named after the moment. It needs Python 3.11 and nothing else. The copies of
the databases are made by SQLite, so that they are right while somebody writes; the indexes are not
copied, since they are made anew from the database when the library is opened. The bot's database is
looked for in the library, where it is unless the setting `state` says otherwise: then name it.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sqlite3
import sys
import time
from pathlib import Path

LIBRARY, STATE = "library.db", "telegram.db"


def main(arguments: list[str]) -> int:
    """Do it; give the exit code."""
    parser = argparse.ArgumentParser(prog="backup.py")
    parser.add_argument("library", type=Path)
    parser.add_argument("target", type=Path)
    parser.add_argument("documents", type=Path, nargs="?", help="default: LIBRARY-documents")
    parser.add_argument(
        "--state",
        type=Path,
        default=os.environ.get("QA_TELEGRAM_STATE") or None,
        help="the bot's database; default: QA_TELEGRAM_STATE, else LIBRARY/telegram.db",
    )
    given = parser.parse_args(arguments)
    library, target = given.library.absolute(), given.target.absolute()
    documents = given.documents or library.with_name(f"{library.name}-documents")
    state = (given.state or library / STATE).absolute()
    try:
        if given.state and not state.is_file():
            raise FileNotFoundError(f"there is no {state}")
        place = back_up(library, target, documents, state)
    except (OSError, sqlite3.Error) as error:
        print(f"no backup was made: {error}", file=sys.stderr)
        return 1
    if not state.is_file():
        print(f"no {state}: if there is a bot, name its database with --state", file=sys.stderr)
    print(place)
    return 0


def back_up(library: Path, target: Path, documents: Path, state: Path) -> Path:
    """Make the copy; give its folder. It has its name only when it is complete.

    Raises:
        OSError, sqlite3.Error: something cannot be read or written; no copy has the name.
    """
    if not (library / LIBRARY).is_file():
        raise FileNotFoundError(f"there is no library in {library}")
    os.umask(0o077)  # whoever may read the copy can read all documents
    target.mkdir(parents=True, exist_ok=True)
    place = target / time.strftime("%Y%m%d-%H%M%S")
    growing = place.with_name(f"{place.name}.unfinished")
    (growing / library.name).mkdir(parents=True)
    try:
        _copy(library / LIBRARY, growing / library.name / LIBRARY)
        if state.is_file():
            _copy(state, growing / library.name / STATE)
        if documents.is_dir():
            shutil.copytree(documents, growing / documents.name, symlinks=True)
        growing.rename(place)
    except BaseException:
        shutil.rmtree(growing, ignore_errors=True)
        raise
    return place


def _copy(database: Path, copy: Path) -> None:
    source = sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True)
    made = sqlite3.connect(copy)
    try:
        source.backup(made)
    finally:
        made.close()
        source.close()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
