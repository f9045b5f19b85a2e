"""The digest of a file, by which a changed one is known: one opening, one hash, no more."""

from __future__ import annotations

import hashlib
import os

from qa.reading.archives import MOST_FILE_BYTES

_AT_ONCE_BYTES = 1 << 16
_FLAGS = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)


def digest_of(path: str) -> str | None:
    """Give the SHA-256 of a file's bytes, as hexadecimal digits; memory holds 64 KB of them.

    None where no file is opened by this path, or one larger than is read: reading says why.
    """
    try:
        file = os.open(path, _FLAGS)
        try:
            return _digest(file)
        finally:
            os.close(file)
    except OSError:
        return None


def _digest(file: int) -> str | None:
    digest = hashlib.sha256()
    size = 0
    while part := os.read(file, _AT_ONCE_BYTES):
        size += len(part)
        if size > MOST_FILE_BYTES:
            return None
        digest.update(part)
    return digest.hexdigest()
