"""When something changes below folders: told once for all that changes in one go."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from threading import Event

from qa.errors import ConfigError

_SETTLED_MS = 1600  # changes that follow each other this closely are told together
_QUIET_MS = 400  # without a change, after which those before are told
_READY_MS = 200  # after which watching has surely begun


def changes(
    paths: Iterable[Path], *, ignore: Path, stop: Event | None = None
) -> Iterator[frozenset[Path]]:
    """Give the paths that changed, once at the beginning (none yet) and after every change.

    The first one is given when watching has begun: what changed before is seen by looking then.

    Args:
        paths: Files and folders to follow.
        ignore: A folder below which changes do not count.
        stop: Ends the changes when set; Ctrl-C does too.

    Raises:
        ConfigError: what is needed for it is not installed.
        KeyboardInterrupt: Ctrl-C.
    """
    try:
        from watchfiles import watch
    except ImportError as error:
        raise ConfigError(
            'following folders needs watchfiles: pip install "cited-qa[files]"'
        ) from (error)
    begun = False
    for batch in watch(
        *paths,
        watch_filter=lambda _, path: not Path(path).is_relative_to(ignore),
        debounce=_SETTLED_MS,
        step=_QUIET_MS,
        stop_event=stop,
        rust_timeout=_READY_MS,
        yield_on_timeout=True,
        raise_interrupt=True,
    ):
        if batch or not begun:
            yield frozenset(Path(path) for _, path in batch)
        begun = True
