"""How far a term index has come, and in which part of its folder it is: one small file.

A second one stands beside it for a moment: it announces an index that is ready and takes the place
of another once the store has committed the same. Whoever is cut off between the two has lost
nothing by it.
"""

from __future__ import annotations

import json
import secrets
import shutil
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from embeddings.replacing import put_in_place

STATE_FILE = "state.json"
_NEXT_FILE = "next.json"
ANNOUNCED = "terms_announced"
"""The setting of the store that keeps the word of the index announced last."""

_TANTIVYS_OWN = ("meta.json", ".managed.json")

Stamp = tuple[int, int]


@dataclass(frozen=True, slots=True)
class State:
    """What the file says.

    Attributes:
        fingerprint: What the terms are cut with, and the version of the fields.
        generation: The store's generation up to which the index is complete; 0 when it is empty.
        part: The folder below the index's own that it is in; empty for that itself.
        reached: Of documents that came after that generation, those up to this id are in as well.
    """

    fingerprint: str = ""
    generation: int = 0
    part: str = ""
    reached: int = 0

    @classmethod
    def read(cls, folder: Path) -> State:
        """Read the file; when it is missing or damaged, nothing is known to be in the index."""
        try:
            return cls(**json.loads((folder / STATE_FILE).read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            return cls()

    def write(self, folder: Path) -> None:
        """Write the file, in one step that either happens or does not."""
        draft = self._draft(folder)
        # Tantivy makes these for its own user alone; who may read the rest may read them.
        for name in _TANTIVYS_OWN:
            with suppress(OSError):  # another user's, or not there yet
                (folder / self.part / name).chmod(draft.stat().st_mode)
        put_in_place(draft, folder / STATE_FILE)
        _forget_announced(folder)

    def announce(self, folder: Path) -> str:
        """Write it as what will be once the store keeps the word that is given."""
        word = secrets.token_hex(8)
        put_in_place(self._draft(folder, word=word), folder / _NEXT_FILE)
        return word

    def _draft(self, folder: Path, **more: str) -> Path:
        draft = folder / "state.draft"
        said = {name: value for name, value in asdict(self).items() if name != "reached" or value}
        draft.write_text(json.dumps(said | more), encoding="utf-8")
        return draft


def take_announced(folder: Path, word: str | None) -> None:
    """Let an index that was announced take the other's place, or forget it (write lock held).

    Args:
        folder: The index's.
        word: What the store keeps of the one announced last: only what was written in the same
            transaction makes it complete.
    """
    try:
        said = json.loads((folder / _NEXT_FILE).read_text(encoding="utf-8"))
        same, state = said.pop("word") == word, State(**said)
    except (FileNotFoundError, NotADirectoryError):
        return
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        same, state = False, State()
    if same and state.generation > State.read(folder).generation:
        state.write(folder)
    _forget_announced(folder)


def _forget_announced(folder: Path) -> None:
    file = folder / _NEXT_FILE
    if file.is_dir():
        shutil.rmtree(file)
    else:
        file.unlink(missing_ok=True)


def stamp(folder: Path) -> Stamp | None:
    """Give something that differs whenever the file was written anew; None when there is none."""
    try:
        status = (folder / STATE_FILE).stat()
    except OSError:
        return None
    return status.st_ino, status.st_mtime_ns
