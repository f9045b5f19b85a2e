"""An encoder that keeps the vectors of the texts it was given last."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

KEPT = 4_096
"""Texts whose vectors are kept: 4 MB at 256 dimensions, the sentences of some twenty questions."""


class _Encoder(Protocol):
    @property
    def name(self) -> str: ...
    @property
    def dimensions(self) -> int: ...
    @property
    def fingerprint(self) -> str: ...
    def encode_queries(self, texts: Sequence[str]) -> NDArray[np.float32]: ...
    def encode_passages(self, texts: Sequence[str]) -> NDArray[np.float32]: ...


class Remembered:
    """The vectors of the texts met last, by text; `lock` is held while they are read or changed.

    Args:
        most: How many are kept.
    """

    def __init__(self, most: int = KEPT) -> None:
        self.most = most
        self.vectors: OrderedDict[str, NDArray[np.float32]] = OrderedDict()
        self.lock = threading.Lock()


class RememberingEncoder:
    """Another encoder, asked only for the passages that were not among the last ones.

    The questions of a conversation are about the same passages, and so are two readings of one
    question. Safe from several threads.

    Args:
        encoder: The other one.
        remembered: Of it. Apart from the two, so that an encoder can keep it and is still freed as
            soon as nobody needs it: this one refers to it, and it not to this one.
    """

    def __init__(self, encoder: _Encoder, remembered: Remembered) -> None:
        self._encoder = encoder
        self._remembered = remembered

    @property
    def name(self) -> str:
        """Give the other encoder's name."""
        return self._encoder.name

    @property
    def dimensions(self) -> int:
        """Give how long a vector is."""
        return self._encoder.dimensions

    @property
    def fingerprint(self) -> str:
        """Give the other encoder's fingerprint: the vectors are the same."""
        return self._encoder.fingerprint

    def encode_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Give (n, dimensions) float32 rows, of the other encoder."""
        return self._encoder.encode_queries(texts)

    def encode_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Give (n, dimensions) float32 rows, as the other encoder does or did before."""
        known, lock = self._remembered.vectors, self._remembered.lock
        with lock:
            rows = {text: row for text in texts if (row := known.get(text)) is not None}
        new = list(dict.fromkeys(text for text in texts if text not in rows))
        if new:
            rows |= zip(new, self._encoder.encode_passages(new), strict=True)
        with lock:
            for text in texts:
                known[text] = rows[text]
                known.move_to_end(text)
            while len(known) > self._remembered.most:
                known.popitem(last=False)
        if not texts:
            return np.zeros((0, self.dimensions), dtype=np.float32)
        return np.stack([rows[text] for text in texts])
