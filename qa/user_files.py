"""Plain files that a user keeps beside a library: read once, and again whenever they change."""

from __future__ import annotations

import logging
import stat
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Generic, TypeVar

from qa.errors import ConfigError

T = TypeVar("T")

_logger = logging.getLogger(__name__)

Stamp = tuple[int, int, int]

OwnFile = str | Path | Iterable[str] | None
"""A file of lines, which is followed, or the lines themselves; None or an empty name for none."""


class Followed(Generic[T]):
    """What a file says, looked at again at every call of `latest`: one look at its stamp.

    A file that cannot be used at first raises; one that cannot be used any more leaves what it
    said before in force, with a warning in the log for each such change.

    Raises:
        ConfigError: as `read` does.
    """

    def __init__(self, file: str | Path, read: Callable[[Path], T]) -> None:
        self.file = Path(file).absolute()  # wherever the process is by then
        self._read = read
        self._stamp = _stamp(self.file)  # before reading: what comes meanwhile is read again
        self._value = read(Path(file))

    def latest(self) -> T:
        """Give what the file says now, or said before it could not be used."""
        stamp = _stamp(self.file)
        if stamp != self._stamp:
            self._stamp = stamp
            try:
                self._value = self._read(self.file)
            except ConfigError as error:
                _logger.warning("going on with what it said before: %s", error)
        return self._value


def read_lines(file: Path, what: str) -> list[str]:
    """Give the lines of a UTF-8 file, without their ends.

    Args:
        file: Read as it is; a byte-order mark is left out.
        what: The setting that names it, for the error.

    Raises:
        ConfigError: the file is no regular one, cannot be read as UTF-8, or holds a zero byte.
    """
    try:
        if not stat.S_ISREG(file.stat().st_mode) and not file.is_dir():
            raise OSError(0, "not a regular file")  # reading a pipe would wait for ever
        lines = file.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        why = "it is not UTF-8" if isinstance(error, UnicodeDecodeError) else error.strerror
        raise ConfigError(
            f"{what} {file} cannot be read ({why}): give a UTF-8 text file"
        ) from error
    for number, line in enumerate(lines, start=1):
        if "\0" in line:
            raise ConfigError(
                f"{file}, line {number}: it holds a zero byte: save the file as UTF-8 text"
            )
    return lines


def read_words(file: Path) -> tuple[str, ...]:
    """Give the words of a dictionary, in order.

    A line is a word; what follows a blank (jieba's frequency and tag) and lines that begin with #
    are left out.

    Raises:
        ConfigError: the file cannot be read as UTF-8.
    """
    lines = (one.split() for one in read_lines(file, "dictionary") if not one.startswith("#"))
    return tuple(parts[0] for parts in lines if parts)


def following_words(source: OwnFile) -> Callable[[], tuple[str, ...] | None]:
    """Give what gives the user's words: of a file as it is by then, or those given; None for None.

    Raises:
        ConfigError: as `read_words`.
    """
    if isinstance(source, Path) or (source and isinstance(source, str)):
        return Followed(source, read_words).latest
    fixed = None if source is None or source == "" else tuple(source)
    return lambda: fixed


def _stamp(file: Path) -> Stamp | None:
    try:
        status = file.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size, status.st_ino
