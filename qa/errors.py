"""Every failure this package raises on purpose.

QAError
├── LibraryError
│   ├── LibraryNotFound
│   ├── LibraryLocked
│   ├── LibraryOutdated
│   └── LibraryDamaged
│       └── IndexDamaged
├── SourceNotFound
├── ReadingError
│   ├── UnsupportedFormat
│   └── UndecodableText
├── PassageNotFound
├── QuestionFileError
├── CalibrationError
├── BackupError
└── ConfigError

The message of each is one line for the person at the keyboard: what happened, and what to do. The
facts stand as attributes, for programs.
"""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path


class QAError(Exception):
    """Anything this package raises on purpose; faces show its message without a traceback."""


class LibraryError(QAError):
    """A library folder that cannot be used as asked. `folder` says which."""

    def __init__(self, message: str, folder: Path) -> None:
        super().__init__(message)
        self.folder = folder


class LibraryNotFound(LibraryError):
    """The folder holds no library and none was to be made."""


class LibraryLocked(LibraryError):
    """Another process is writing to the library."""


class LibraryOutdated(LibraryError):
    """The library was made with another encoder, word cutting, splitting or file format."""


class Fault(StrEnum):
    """Why a database file cannot be used."""

    DISK_FULL = "disk_full"
    NO_ACCESS = "no_access"
    BUSY = "busy"
    DAMAGED = "damaged"


class LibraryDamaged(LibraryError):
    """The library's database cannot be read or written; `fault` says why."""

    def __init__(self, message: str, folder: Path, fault: Fault = Fault.DAMAGED) -> None:
        super().__init__(message, folder)
        self.fault = fault


class IndexDamaged(LibraryDamaged):
    """An index cannot be read. It is derived: it can be deleted, and is made again."""


class SourceNotFound(QAError):
    """A path that was to be added does not exist, or nothing of it is in the library."""

    def __init__(self, message: str, path: str) -> None:
        super().__init__(message)
        self.path = path


class ReadingError(QAError):
    """One file that could not be turned into a document; `reason` is one line without the path."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"{path}: {reason}")
        self.path = path
        self.reason = reason


class UnsupportedFormat(ReadingError):
    """A file of a kind that is not read."""


class UndecodableText(ReadingError):
    """Bytes that are text in none of the encodings known."""


class PassageNotFound(QAError):
    """No passage has this id. `passage_id` says which."""

    def __init__(self, message: str, passage_id: int) -> None:
        super().__init__(message)
        self.passage_id = passage_id


class QuestionFileError(QAError):
    """A question file without a single usable line."""


class CalibrationError(QAError):
    """Too few questions to calibrate a library with, or no share of false answers."""


class BackupError(QAError):
    """A backup that cannot be written where it was asked for, or is none. `file` says which."""

    def __init__(self, message: str, file: Path) -> None:
        super().__init__(message)
        self.file = file


class ConfigError(QAError):
    """A setting with an unusable value; the message names the setting and where it came from."""
