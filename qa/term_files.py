"""The files of a term index: told when damaged, and opened where they may only be read."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Concatenate, ParamSpec, Protocol, TypeVar

from qa.errors import IndexDamaged

_LOCK = ".tantivy-meta.lock"

P = ParamSpec("P")
Given = TypeVar("Given")


class InFolder(Protocol):
    """What has its files in a folder."""

    @property
    def folder(self) -> Path:
        """Where they are."""
        ...


Of = TypeVar("Of", bound=InFolder)


def told(method: Callable[Concatenate[Of, P], Given]) -> Callable[Concatenate[Of, P], Given]:
    """Let a method that reads the files raise IndexDamaged where they are damaged."""

    @wraps(method)
    def telling(self: Of, /, *values: P.args, **named: P.kwargs) -> Given:
        try:
            return method(self, *values, **named)
        except BaseException as error:  # a panic is no Exception
            if not is_damage(error):
                raise
            what = str(error).split("\n", maxsplit=1)[0]
            message = f"{self.folder} is damaged ({what}): delete it, it is made again"
            raise IndexDamaged(message, self.folder) from error

    return telling


def is_damage(error: BaseException) -> bool:
    """Say whether something that tantivy raised may come from damaged files.

    It trusts its files: what does not fit together makes it panic, which PyO3 hands on as an
    exception that has a name and no module to import it from.
    """
    return isinstance(error, ValueError | OSError) or type(error).__name__ == "PanicException"


@contextmanager
def readable(folder: Path) -> Iterator[Path]:
    """Give a folder from which tantivy can open the index in `folder`.

    It makes a lock file even for reading: where that may not be, another folder stands in, with
    links to the files. Once they are open, the links are not needed any more.
    """
    lock = folder / _LOCK
    if os.access(folder, os.W_OK) and (not lock.exists() or os.access(lock, os.W_OK)):
        yield folder
        return
    with TemporaryDirectory(prefix="cited-qa-") as place:
        for file in folder.iterdir():
            if not file.name.endswith(".lock"):
                (Path(place) / file.name).symlink_to(file)
        yield Path(place)
