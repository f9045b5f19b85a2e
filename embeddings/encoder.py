"""What an encoder is, and loading one by name."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from embeddings.errors import ModelUnavailable

BUILTIN = "builtin"
"""The name of the Chinese model that is shipped with the package."""


class Encoder(Protocol):
    """Something that gives texts vectors whose inner product says how well they fit."""

    @property
    def name(self) -> str:
        """Say what it was loaded by."""
        ...

    @property
    def dimensions(self) -> int:
        """Say how long a vector is."""
        ...

    @property
    def fingerprint(self) -> str:
        """Say which model this is: another value whenever vectors would differ."""
        ...

    def encode_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Give one row for each question: (n, dimensions), each of length 1.

        A text without any known piece (an empty one above all) gives a row of zeros, which fits
        nothing. No texts give (0, dimensions).
        """
        ...

    def encode_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Give one row for each passage (title and heading in front), like `encode_queries`."""
        ...


def load_encoder(name: str | Path) -> Encoder:
    """Load an encoder: `builtin`, a folder, or the hub name of a sentence-transformers model.

    A folder that holds a static model is read without torch; everything else goes through
    sentence-transformers (extra `models`).

    Raises:
        ModelUnavailable: nothing can be loaded by that name here; the message says what to do.
    """
    from embeddings.static import StaticEncoder, is_static

    if str(name) == BUILTIN:
        return StaticEncoder.load(Path(__file__).parent / "builtin", name=BUILTIN)
    folder = Path(name).expanduser()
    if is_static(folder):
        return StaticEncoder.load(folder)
    if str(name).startswith(("/", ".", "~")) and not folder.is_dir():  # no hub name begins so
        raise ModelUnavailable(
            f"there is no folder {name}: check the encoder's path", model=str(name)
        )
    from embeddings.transformer import TransformerEncoder

    return TransformerEncoder.load(str(folder) if folder.is_dir() else str(name))


def is_light(encoder: Encoder) -> bool:
    """Say whether an encoder takes little memory and one core: a static model."""
    from embeddings.static import StaticEncoder

    return isinstance(encoder, StaticEncoder)


def for_sentences(encoder: Encoder) -> Encoder:
    """Give an encoder fast enough for every sentence of a question's candidates.

    The built-in one, loaded once, whatever made the vectors of the passages. It keeps the vectors
    of the sentences met last.
    """
    from embeddings.static import StaticEncoder

    chosen = encoder if encoder.name == BUILTIN else _builtin()
    return chosen.remembering if isinstance(chosen, StaticEncoder) else chosen


@cache
def _builtin() -> Encoder:
    return load_encoder(BUILTIN)
