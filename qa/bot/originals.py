"""A document as a file: the one it was read from, if that is still the same, else its text."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from qa.records import Document

UPLOAD_BYTES = 50_000_000
"""What Telegram takes from a bot is a little more."""

_NAME_BYTES = 200
_UNUSABLE = re.compile(r'[\x00-\x1f\x7f-\x9f/\\:*?"<>|\u200b-\u200f\u2028-\u202e\ufeff]+')


@dataclass(frozen=True, slots=True)
class Original:
    """A file to send.

    Attributes:
        name: What it is called, in the document's own script.
        content: Its bytes.
        remark: Key of what is said when it is not the file itself; empty when it is.
    """

    name: str
    content: bytes
    remark: str = ""


def original(document: Document) -> Original:
    """Give a document's file, or its text where the file cannot be given as it was added.

    A file that was changed since would not hold what is quoted; links are not followed.
    """
    if not document.source:
        return _text(document, "bot_original_text")
    file = Path(document.source) / document.path
    try:
        if _leads_away(file, Path(document.source)):
            return _text(document, "bot_original_changed")
        if file.stat().st_size >= UPLOAD_BYTES:
            return _text(document, "bot_original_large")
        content = file.read_bytes()
    except OSError:
        return _text(document, "bot_original_changed")
    if hashlib.sha256(content).hexdigest() != document.digest:
        return _text(document, "bot_original_changed")
    return Original(_name(document, Path(document.path).suffix), content)


def _leads_away(file: Path, root: Path) -> bool:
    return not file.resolve(strict=True).is_relative_to(root.resolve(strict=True))


def _text(document: Document, remark: str) -> Original:
    # The mark tells Windows' editors that it is UTF-8.
    content = document.text.encode("utf-8-sig", "replace")[:UPLOAD_BYTES]
    return Original(_name(document, ".txt"), content, remark)


def _name(document: Document, ending: str) -> str:
    """Give a file's name that any system takes; at most 200 bytes and its ending."""
    own = PurePosixPath(document.path)
    stem = own.stem if own.suffix == ending else own.name
    clean = _UNUSABLE.sub("_", stem).strip(" ._") or "document"
    short = clean.encode("utf-8", "replace")[:_NAME_BYTES].decode("utf-8", "ignore")
    return short + _UNUSABLE.sub("_", ending)
