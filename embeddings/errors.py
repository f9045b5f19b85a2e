"""What can go wrong in `embeddings`.

EmbeddingsError
├── ModelUnavailable   the encoder asked for cannot be loaded here
├── VectorMismatch     vectors of the wrong shape, or made by another encoder
└── FileDamaged        a file of vectors cannot be read; it is derived, and can be written anew
"""

from __future__ import annotations


class EmbeddingsError(Exception):
    """The base of every error raised on purpose by `embeddings`."""


class ModelUnavailable(EmbeddingsError):
    """The encoder asked for cannot be loaded here; the message says what to do.

    Attributes:
        model: The name or path asked for.
    """

    def __init__(self, message: str, *, model: str = "") -> None:
        super().__init__(message)
        self.model = model


class VectorMismatch(EmbeddingsError):
    """Vectors have the wrong shape, or come from another encoder than the rest."""


class FileDamaged(EmbeddingsError, OSError):
    """A file of vectors cannot be read; it is derived, and can be written anew."""
