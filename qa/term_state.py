"""How far a term index has come, and in which part of its folder it is: one small file."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from embeddings.replacing import put_in_place

STATE_FILE = "state.json"
_TANTIVYS_OWN = ("meta.json", ".managed.json")

Stamp = tuple[int, int]


@dataclass(frozen=True, slots=True)
class State:
    """What the file says.

    Attributes:
        fingerprint: What the terms are cut with, and the version of the fields.
        generation: The store's generation up to which the index is complete; 0 when it is empty.
        part: The folder below the index's own that it is in; empty for that itself.
    """

    fingerprint: str = ""
    generation: int = 0
    part: str = ""

    @classmethod
    def read(cls, folder: Path) -> State:
        """Read the file; when it is missing or damaged, nothing is known to be in the index."""
        try:
            return cls(**json.loads((folder / STATE_FILE).read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            return cls()

    def write(self, folder: Path) -> None:
        """Write the file, in one step that either happens or does not."""
        draft = folder / "state.draft"
        draft.write_text(json.dumps(asdict(self)), encoding="utf-8")
        # Tantivy makes these for its own user alone; who may read the rest may read them.
        for name in _TANTIVYS_OWN:
            with suppress(OSError):  # another user's, or not there yet
                (folder / self.part / name).chmod(draft.stat().st_mode)
        put_in_place(draft, folder / STATE_FILE)


def stamp(folder: Path) -> Stamp | None:
    """Give something that differs whenever the file was written anew; None when there is none."""
    try:
        status = (folder / STATE_FILE).stat()
    except OSError:
        return None
    return status.st_ino, status.st_mtime_ns
