"""The folder of files that people sent: stored whole or not at all, and never lost.

What arrives is written beside the others under a name of its own and moved into place when it is
complete. A receipt is written before that and deleted when the library has the file, so that what a
crash interrupted is found at the next start. What is replaced or removed is moved aside.
"""

from __future__ import annotations

import json
import mimetypes
import os
import re
import shutil
import time
import unicodedata
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from hashlib import sha256
from pathlib import Path
from secrets import token_hex
from tempfile import mkstemp

NAME_BYTES = 180  # file systems take 255; a date is put before the names of what is set aside

_ARRIVING = ".arriving"
_ASIDE = ".aside"
_PART = ".part"
_RECEIPT = ".json"
# What ends a path, what some file systems refuse, and what turns the reading direction of a name.
_UNSAFE = re.compile(r'[\x00-\x1f\x7f<>:"|?*\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]')
_HALF = re.compile(r"[\ud800-\udfff]")
_SEPARATORS = re.compile(r"[/\\\u2044\u2215\u29f8\uff0f\uff3c]")
_HIDDEN = re.compile(r"^(?:[.\s]|~\$)+")


@dataclass(frozen=True, slots=True)
class Receipt:
    """A file that was sent and that the library may not have yet.

    Attributes:
        name: Its name in the folder.
        chat_id: Where it was sent.
        message_id: The message there that says how it goes; 0 before there is one.
        language: The language code of who sent it; empty when Telegram gave none.
        earlier: Where the file that it replaced was put aside; empty when there was none.
        stood: Whether the very same file stood there already.
    """

    name: str
    chat_id: int = 0
    message_id: int = 0
    language: str = ""
    earlier: str = ""
    stood: bool = False


class Uploads:
    """One folder of files that people sent; it is made when the first one comes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.absolute()
        self._arriving = self.folder / _ARRIVING
        self._aside = self.folder / _ASIDE
        self._own = token_hex(4)  # begins the names of what arrives in this process

    def file(self, name: str) -> Path:
        """Give where a file of this name stands."""
        return self.folder / name

    def new_part(self) -> Path:
        """Make an empty file of its own for what is not complete yet.

        Raises:
            OSError: it cannot be made.
        """
        self._arriving.mkdir(parents=True, exist_ok=True)
        handle, name = mkstemp(_PART, f"{self._own}-", self._arriving)
        os.close(handle)
        return Path(name)

    def keep(self, part: Path, receipt: Receipt) -> Receipt:
        """Move a complete file into place under the receipt's name.

        A file that stands there with other content is put aside. One with the same content stays.

        Returns:
            The receipt as it was written, with what was put aside.

        Raises:
            OSError: it cannot be done (a full disk, say); the folder is as before, and `part` is
                still there.
        """
        target = self.file(receipt.name)
        _flush(part)
        if _same(part, target):
            # Sent once more because the first time was cut short: what it replaced is known then.
            before = self._read(self._receipt(receipt.name))
            earlier, stood = (before.earlier, before.stood) if before else ("", True)
        else:
            earlier, stood = self._copied_aside(target), False
        receipt = replace(receipt, earlier=earlier, stood=stood)
        self.write(receipt)
        part.replace(target)
        return receipt

    def write(self, receipt: Receipt) -> None:
        """Write a receipt, in place of an earlier one for the same name."""
        fresh = self.new_part()
        fresh.write_text(json.dumps(asdict(receipt), ensure_ascii=False), encoding="utf-8")
        fresh.replace(self._receipt(receipt.name))

    def done(self, receipt: Receipt) -> None:
        """Delete a receipt: the library has the file, or it was taken back."""
        self._receipt(receipt.name).unlink(missing_ok=True)

    def take_back(self, receipt: Receipt) -> None:
        """Undo `keep` for a file that the library cannot read: what stood there stands again.

        Doing it twice is the same as once.
        """
        target = self.file(receipt.name)
        if receipt.stood:
            return
        if not receipt.earlier:
            target.unlink(missing_ok=True)
            return
        with suppress(FileNotFoundError):  # it was done before
            (self._aside / receipt.earlier).replace(target)

    def put_aside(self, file: Path) -> Path | None:
        """Move a file of this folder aside; None when it is not one, or is gone.

        Files elsewhere belong to somebody else and are left alone.
        """
        inside = file.resolve().is_relative_to(self.folder.resolve())
        if not inside or not file.is_file() or file.is_symlink():
            return None
        place = self._aside / self._stamped(file.name)
        self._aside.mkdir(parents=True, exist_ok=True)
        file.replace(place)
        return place

    def pending(self) -> list[Receipt]:
        """Give the receipts of files that may not be in the library, in order of their names.

        Receipts without a file, and those that cannot be read, are left out.
        """
        if not self._arriving.is_dir():
            return []
        found = [self._read(file) for file in self._arriving.glob(f"*{_RECEIPT}")]
        there = [one for one in found if one and self.file(one.name).is_file()]
        return sorted(there, key=lambda receipt: receipt.name)

    def tidy(self) -> None:
        """Delete what began to arrive in an earlier process and did not end."""
        if self._arriving.is_dir():
            for file in self._arriving.glob(f"*{_PART}"):
                if not file.name.startswith(self._own):
                    file.unlink(missing_ok=True)

    def _read(self, file: Path) -> Receipt | None:
        """Read a receipt; None for what is none of ours."""
        try:
            receipt = Receipt(**json.loads(file.read_text(encoding="utf-8")))
            return receipt if receipt.name == safe_name(receipt.name) else None
        except (OSError, ValueError, TypeError, AttributeError):
            return None

    def _receipt(self, name: str) -> Path:
        return self._arriving / (sha256(name.encode()).hexdigest()[:32] + _RECEIPT)

    def _copied_aside(self, target: Path) -> str:
        """Keep what stands at `target` beside it, where it stays until it is replaced."""
        if not target.is_file():
            return ""
        self._aside.mkdir(parents=True, exist_ok=True)
        place = self._aside / self._stamped(target.name)
        try:
            os.link(target, place)
        except OSError:  # a file system without links
            shutil.copy2(target, place)
        return place.name

    def _stamped(self, name: str) -> str:
        """Give a name that is free among what was put aside, beginning with the date."""
        stamp = time.strftime("%Y%m%d-%H%M%S")
        number, free = 1, f"{stamp}-{name}"
        while (self._aside / free).exists():
            number += 1
            free = f"{stamp}-{number}-{name}"
        return free


def safe_name(name: str | None, *, mime: str | None = None, otherwise: str = "file") -> str:
    r"""Give a file name that stays in its folder, is not hidden, and is not too long.

    Chinese stays as it is. Without a name one is made of `otherwise` and the kind that Telegram
    gives.

    >>> safe_name("..\\..\\报告 2024.txt")
    '报告 2024.txt'
    >>> safe_name(None, mime="text/plain", otherwise="a1")
    'a1.txt'
    """
    last = _SEPARATORS.split(name or "")[-1]
    clean = _UNSAFE.sub("", unicodedata.normalize("NFC", _HALF.sub("", last))).strip()
    bare = _HIDDEN.sub("", clean).rstrip(". \t\u3000")
    if not bare:
        return otherwise + (mimetypes.guess_extension(mime or "") or "")
    if clean.startswith(".") and "." not in bare:  # nothing but an ending: .txt
        bare = f"{otherwise}.{bare}"
    return _shortened(Path(bare).stem, Path(bare).suffix)


def _shortened(stem: str, ending: str) -> str:
    room = NAME_BYTES - len(ending.encode())
    if room <= 0:
        stem, ending, room = stem + ending, "", NAME_BYTES
    return stem.encode()[:room].decode("utf-8", "ignore").rstrip(". \t\u3000") + ending


def _same(one: Path, other: Path) -> bool:
    return other.is_file() and _digest(one) == _digest(other)


def _digest(file: Path) -> bytes:
    return sha256(file.read_bytes()).digest()


def _flush(file: Path) -> None:
    with file.open("rb+") as opened:
        os.fsync(opened.fileno())
