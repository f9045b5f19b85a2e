"""Every file of a library damaged in every way, on copies: `python -m tests.torture.damaged …`.

A process of its own, because a file that is cut off under a memory map kills whoever reads it.
"""

from __future__ import annotations

import argparse
import json
import shutil
import time
import traceback
from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path

from qa import indexes
from qa.errors import LibraryError
from qa.library import Library
from tests.fakes import FakeEncoder
from tests.torture.comparing import index_faults, text_faults
from tests.torture.harming import HARMS, Harm, foreign
from tests.torture.texts import SMALL, question_of
from tests.torture.writer import given

DOCUMENTS, UPDATED = 24, 4
PARTS = ("terms", "vectors", "database", "log")


def build(place: Path) -> tuple[Path, Path]:
    """Make a library with both indexes and a live write-ahead log, and a stranger; give copies."""
    if hasattr(indexes, "TAIL_LIMIT"):
        indexes.TAIL_LIMIT = 10  # so that there is a vector file
    copies = []
    for number, first in (("library", 0), ("stranger", 500)):
        with Library.open(place / number, FakeEncoder()) as library:
            library.add([given(f"f99d{first + n}", 1, SMALL) for n in range(DOCUMENTS)])
            library.add([given(f"f99d{first + n}", 2, SMALL) for n in range(UPDATED)])
            library.remove(f"f99d{first + DOCUMENTS - 1}.txt")
            copies.append(shutil.copytree(place / number, place / f"{number}.copy"))
    return copies[0], copies[1]


def files_of(library: Path, part: str) -> list[Path]:
    """Give the files of a part, below the library."""
    if part == "database":
        return [Path("library.db")]
    if part == "log":
        return [Path("library.db-wal"), Path("library.db-shm")]
    files = [file.relative_to(library) for file in sorted((library / part).iterdir())]
    return [Path(part), *files]


def try_one(copy: Path, harm: Callable[[], None], *, derived: bool, own: bool = True) -> str:
    """Harm a copy, and use it as ever.

    With the log of another library (not its `own`) SQLite takes that one's pages for this one's,
    and nothing tells that the indexes are of other texts: then only texts are compared.

    Returns:
        `sound` when everything is there and agrees, `older` when some of what was committed is gone
        (of the log, which is the truth, something was lost), `told` when one line said what to do.
    """
    harm()
    try:
        with Library.open(copy, FakeEncoder(), create=False) as library:
            for number in range(0, DOCUMENTS - 1, 4):
                version = 2 if number < UPDATED else 1
                question = question_of(f"f99d{number}", version, SMALL)
                hits = library.search(question, k=3)
                if derived and not hits:
                    raise AssertionError(f"f99d{number} is not found")
                library.ask(question)
            faults = (text_faults(library) + index_faults(library)) if derived else []
            held = library.status().documents
            list(library.documents())
            library.add([given(f"f99d{n}", 9, SMALL) for n in range(60, 64)])
            faults += text_faults(library) + (index_faults(library) if own else [])
    except LibraryError as error:
        if "\n" in str(error) or len(str(error)) > 400:
            raise AssertionError(f"more than a line: {error}") from error
        return "told"
    if faults:
        raise AssertionError(faults[:3])
    return "sound" if held == DOCUMENTS - 1 else "older"


def run(place: Path, parts: list[str], every: int) -> dict[str, object]:
    """Try every harm on every file (or every so many of the pairs); give outcomes and faults."""
    library, stranger = build(place)
    outcomes: Counter[str] = Counter()
    faults: list[str] = []
    slowest: list[tuple[float, str]] = []
    pairs: list[tuple[str, Path, Harm]] = []
    for part in parts:
        for file in files_of(library, part):
            harms = [*HARMS, foreign(stranger / file)] if part == "log" else HARMS
            pairs += [(part, file, harm) for harm in harms]
    for number, (part, file, harm) in enumerate(pairs[::every]):
        # Tantivy looks after its index every half second: what is deleted may have its lock again.
        shutil.rmtree(place / f"copy{number - 1}", ignore_errors=True)
        copy = shutil.copytree(library, place / f"copy{number}")
        name, began = f"{part}: {file.suffix or file.name} {harm.__name__}", time.monotonic()
        derived = part in ("terms", "vectors")
        try:
            doing, own = partial(harm, copy / file), harm in HARMS
            outcome = try_one(copy, doing, derived=derived, own=own)
        except BaseException:
            faults.append(f"{name}: {traceback.format_exc()[-900:]}")
            continue
        outcomes[f"{part} {outcome}"] += 1
        slowest.append((round(time.monotonic() - began, 2), name))
        if derived and outcome != "sound":
            faults.append(f"{name}: {outcome}")
    slowest = sorted(slowest, reverse=True)[:5]
    tried = len(pairs[::every])
    return {"tried": tried, "outcomes": outcomes, "slowest_s": slowest, "faults": faults}


def main() -> None:
    """Print outcomes and faults as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("place", type=Path)
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--parts", nargs="+", default=list(PARTS), choices=PARTS)
    asked = parser.parse_args()
    print(json.dumps(run(asked.place, asked.parts, asked.every), ensure_ascii=False))


if __name__ == "__main__":
    main()
