"""Rerankers: models that read a question and a passage together and say how well they fit.

Any sentence-transformers CrossEncoder with one output will do, by folder or hub name. torch is
imported when one is made.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from embeddings.errors import ModelUnavailable
from embeddings.transformer import EXTRA, advice, is_installed, model_digest

_BATCH = 32


class Reranker(Protocol):
    """Something that says how well passages answer a question, reading both together."""

    @property
    def name(self) -> str:
        """Say what it was loaded by."""
        ...

    @property
    def fingerprint(self) -> str:
        """Say which model this is: another value whenever scores would differ."""
        ...

    def scores(self, question: str, passages: Sequence[str]) -> NDArray[np.float32]:
        """Give one score, 0 to 1, for each passage: (n,), larger is better."""
        ...


def load_reranker(name: str | Path) -> Reranker:
    """Load a reranker: the folder or hub name of a sentence-transformers CrossEncoder.

    Raises:
        ModelUnavailable: nothing can be loaded by that name here; the message says what to do.
    """
    folder = Path(name).expanduser()
    if str(name).startswith(("/", ".", "~")) and not folder.is_dir():  # no hub name begins so
        raise ModelUnavailable(
            f"there is no folder {name}: check the reranker's path", model=str(name)
        )
    return CrossEncoderReranker.load(str(folder) if folder.is_dir() else str(name))


class CrossEncoderReranker:
    """Scores with a sentence-transformers CrossEncoder, in batches.

    Attributes:
        name: The hub name or folder it was loaded by.
    """

    def __init__(self, name: str, model: Any) -> None:  # noqa: ANN401  # its class is not imported here
        self.name = name
        self._model = model

    @classmethod
    def load(cls, name: str) -> CrossEncoderReranker:
        """Load the model in a folder, or by hub name from the local cache or the hub.

        Raises:
            ModelUnavailable: the extra is not installed, the folder is no such model, the model is
                not in the cache and the hub cannot be reached, or it is no reranker.
        """
        if not is_installed():
            raise ModelUnavailable(
                f"the reranker {name} needs sentence-transformers: {EXTRA}, "
                "or leave the reranker out",
                model=name,
            )
        from sentence_transformers import CrossEncoder

        try:
            model = CrossEncoder(name)
        except Exception as error:  # whatever transformers, the hub or a broken file raise
            raise ModelUnavailable(advice(name, error), model=name) from error
        if not _reranks(model):
            raise ModelUnavailable(
                f"the model {name} is no reranker: it takes a CrossEncoder with one output, "
                "trained to say how well a passage answers a question",
                model=name,
            )
        return cls(name, model)

    @cached_property
    def fingerprint(self) -> str:
        """Differs whenever weights or configuration do: `sha256:…`."""
        return f"sha256:{model_digest(self.name, self._model)}"

    def scores(self, question: str, passages: Sequence[str]) -> NDArray[np.float32]:
        """Give (n,) float32, 0 to 1, in the order given; pairs past the longest input are cut."""
        if not passages:
            return np.zeros(0, dtype=np.float32)
        # The logistic function is ours: some models are saved with it, some without.
        from torch.nn import Identity

        logits = self._model.predict(
            [(question, passage) for passage in passages],
            batch_size=_BATCH,
            show_progress_bar=False,
            activation_fn=Identity(),
            convert_to_numpy=True,
        )
        flat = np.asarray(logits, dtype=np.float64).reshape(len(passages))
        return (1 / (1 + np.exp(-np.clip(flat, -30, 30)))).astype(np.float32)


def _reranks(model: Any) -> bool:  # noqa: ANN401
    """Say whether a loaded model has one output that was trained.

    sentence-transformers gives any other model a new output with random weights and only warns.
    """
    architectures = getattr(model.config, "architectures", None) or []
    trained = any(name.endswith("ForSequenceClassification") for name in architectures)
    return trained and model.num_labels == 1
