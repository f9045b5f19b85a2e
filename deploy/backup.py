"""Copy a library, the bot's own database and the files that were sent, while the bot runs.

    python3 backup.py /var/lib/cited-qa/library /var/backups/cited-qa

makes a folder there, named after the moment. It needs Python 3.11 and nothing else. The copies of
the databases are made by SQLite, so that they are right while somebody writes; the indexes are not
copied, since they are made anew from the database when the library is opened.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import sys
import time
from pathlib import Path

DATABASES = ("library.db", "telegram.db")
USAGE = "usage: backup.py LIBRARY TARGET [DOCUMENTS]"


def main(arguments: list[str]) -> int:
    """Do it; give the exit code."""
    if len(arguments) not in (2, 3):
        print(USAGE, file=sys.stderr)
        return 2
    library, target = Path(arguments[0]).absolute(), Path(arguments[1]).absolute()
    documents = library.with_name(f"{library.name}-documents")
    try:
        place = back_up(library, target, Path(arguments[2]) if arguments[2:] else documents)
    except (OSError, sqlite3.Error) as error:
        print(f"no backup was made: {error}", file=sys.stderr)
        return 1
    print(place)
    return 0


def back_up(library: Path, target: Path, documents: Path) -> Path:
    """Make the copy; give its folder. It has its name only when it is complete.

    Raises:
        OSError, sqlite3.Error: something cannot be read or written; no copy has the name.
    """
    if not (library / DATABASES[0]).is_file():
        raise FileNotFoundError(f"there is no library in {library}")
    os.umask(0o077)  # whoever may read the copy can read all documents
    target.mkdir(parents=True, exist_ok=True)
    place = target / time.strftime("%Y%m%d-%H%M%S")
    growing = place.with_name(f"{place.name}.unfinished")
    (growing / library.name).mkdir(parents=True)
    try:
        for name in DATABASES:
            if (library / name).is_file():
                _copy(library / name, growing / library.name / name)
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
