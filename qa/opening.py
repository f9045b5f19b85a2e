"""Libraries opened as the settings say: the one place that turns a `Config` into a `Library`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from embeddings.encoder import Encoder
from embeddings.reranker import Reranker
from qa.cleaning import Cleaning
from qa.config import Config, cleaning_lists
from qa.library import Library
from qa.telling import Progress


def open_library(
    config: Config,
    folder: str | Path = "",
    *,
    create: bool = False,
    encoder: Encoder | None = None,
    reranker: Reranker | None = None,
    progress: Progress | None = None,
) -> Library:
    """Open a library with everything that the settings name.

    Args:
        config: The settings.
        folder: Another folder than theirs.
        create: Whether to make a library where there is none.
        encoder: Theirs, where it is loaded already.
        reranker: The same.
        progress: Called with documents done and in all where lost indexes are made again.

    Raises:
        ConfigError, LibraryError, ModelUnavailable: as `Library.open` and `wanted_cleaning`.
    """
    return Library.open(
        folder or config.library,
        encoder or config.encoder,
        create,
        words=config.dictionary,
        reranker=reranker or config.reranker,
        cleaning=wanted_cleaning(),
        synonyms=config.synonyms,
        everyday=config.everyday == "on",
        progress=progress,
    )


@contextmanager
def passing_library(config: Config, encoder: Encoder | None = None) -> Iterator[Library]:
    """Make an empty library, as `open_library` does, that is gone afterwards."""
    with (
        TemporaryDirectory(prefix="qa-measure-") as place,
        open_library(config, Path(place) / "library", create=True, encoder=encoder) as library,
    ):
        yield library


def wanted_cleaning() -> Cleaning:
    """Give what `qa.toml` wants cleaned otherwise.

    Raises:
        ConfigError: it cannot be read or used.
    """
    return Cleaning.of(*cleaning_lists())
