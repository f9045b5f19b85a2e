"""The file that keeps what was typed into the chat, readable by its owner only."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

_LARGEST = 400_000  # bytes; beyond this only the newer half is kept
_OWNER_ONLY = 0o600
_FOLDER = 0o700


def history_file(environment: Mapping[str, str] = os.environ) -> Path:
    """Give where the history is kept: in the state folder of the user, as XDG has it."""
    state = environment.get("XDG_STATE_HOME", "")
    base = Path(state) if Path(state).is_absolute() else Path.home() / ".local" / "state"
    return base / "cited-qa" / "chat-history"


def prepare(file: Path) -> None:
    """Make the file, or see to it that only its owner can read it and that it does not grow on.

    Raises:
        OSError: it cannot be made or changed.
    """
    file.parent.mkdir(mode=_FOLDER, parents=True, exist_ok=True)
    os.close(os.open(file, os.O_CREAT | os.O_RDWR | os.O_APPEND, _OWNER_ONLY))
    if file.stat().st_mode & 0o077:
        file.chmod(_OWNER_ONLY)
    if file.stat().st_size > _LARGEST:
        kept = file.read_bytes()[-_LARGEST // 2 :]
        file.write_bytes(kept[kept.find(b"\n#") + 1 :])  # from the beginning of an entry
