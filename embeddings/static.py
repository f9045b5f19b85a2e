"""A static embedding model in sentence-transformers format, read without torch.

Such a model is a table: a text's vector is the mean of the rows of its tokens, brought to length 1.
The table is kept as it lies in the file (16-bit, or 8-bit with one weight per row); only the rows
that a text needs are widened.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from embeddings.errors import ModelUnavailable
from embeddings.remembering import Remembered, RememberingEncoder
from embeddings.tokens import Tokens, may_be_cut

if TYPE_CHECKING:
    from tokenizers import Tokenizer

_WEIGHTS = "model.safetensors"
_TOKENIZER = "tokenizer.json"
# Texts go through the tokenizer in batches: it uses every core, and memory stays flat.
_BATCH = 1024
# For fewer in all it does not pay to learn which characters of a tokenizer's belong together.
_FEW = 32


def is_static(folder: Path) -> bool:
    """Tell whether `folder` holds a static model: its first module is a `StaticEmbedding`."""
    return _static_folder(folder) is not None


class StaticEncoder:
    """Encodes with a table of token vectors; questions and passages are treated alike.

    Attributes:
        name: What it was loaded by.
        dimensions: How long a vector is.
    """

    def __init__(
        self,
        name: str,
        tokenizer: Tokenizer,
        table: NDArray[Any],
        *,
        row_weights: NDArray[np.float32] | None = None,
        dimensions: int | None = None,
        files: Sequence[Path] = (),
    ) -> None:
        """Keep finished parts: `table` (tokens, width) of any number type, its rows' weights.

        `dimensions` below the width cuts the vectors (the shipped model is trained for 128 and 64).
        """
        self.name = name
        self.dimensions = dimensions or int(table.shape[1])
        self._tokenizer = tokenizer
        self._table = table[:, : self.dimensions]
        self._row_weights = row_weights
        self._files = tuple(files)
        self._remembered = Remembered()

    @classmethod
    def load(
        cls, folder: Path, *, name: str | None = None, dimensions: int | None = None
    ) -> StaticEncoder:
        """Read the model in `folder`; `dimensions` cuts its vectors.

        Raises:
            ModelUnavailable: the folder holds no static model, or a part of it cannot be read.
        """
        from safetensors.numpy import load_file
        from tokenizers import Tokenizer

        label = name or str(folder)
        inner = _static_folder(folder)
        if inner is None:
            raise ModelUnavailable(
                f"{folder} holds no static sentence-transformers model: "
                "modules.json must name StaticEmbedding first",
                model=label,
            )
        files = (inner / _TOKENIZER, inner / _WEIGHTS)
        try:
            tensors = load_file(files[1])
            tokenizer = Tokenizer.from_file(str(files[0]))
            table, weights = _table_of(tensors)
        except Exception as error:  # tokenizers raises bare Exception, safetensors its own
            raise ModelUnavailable(
                f"the model in {folder} cannot be read ({error}); "
                "restore the folder or choose another model",
                model=label,
            ) from error
        tokenizer.no_padding()
        tokenizer.no_truncation()
        return cls(label, tokenizer, table, row_weights=weights, dimensions=dimensions, files=files)

    @cached_property
    def fingerprint(self) -> str:
        """Differs whenever the model's files or the number of dimensions do: `sha256:…:256`."""
        digest = hashlib.sha256()
        for file in self._files:
            digest.update(hashlib.sha256(file.read_bytes()).digest())
        return f"sha256:{digest.hexdigest()[:32]}:{self.dimensions}"

    @property
    def remembering(self) -> RememberingEncoder:
        """The same encoder, keeping the vectors of the passages it met last."""
        return RememberingEncoder(self, self._remembered)

    @cached_property
    def _tokens(self) -> Tokens | None:
        return Tokens(self._tokenizer) if may_be_cut(self._tokenizer) else None

    def encode_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Give (n, dimensions) float32 rows of length 1; zeros for a text without tokens."""
        return self._encode(texts)

    def encode_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Give (n, dimensions) float32 rows of length 1; zeros for a text without tokens."""
        return self._encode(texts)

    def _encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        vectors = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        for start in range(0, len(texts), _BATCH):
            batch = texts[start : start + _BATCH]
            for place, ids in enumerate(self._ids(batch), start):
                if len(ids):
                    vectors[place] = self._sum(ids)
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        vectors /= np.maximum(lengths, np.finfo(np.float32).tiny)
        return vectors

    def _ids(self, texts: Sequence[str]) -> Iterable[NDArray[np.int64]]:
        if len(texts) >= _FEW and self._tokens is not None:
            return self._tokens.ids(texts)
        encodings = self._tokenizer.encode_batch_fast(list(texts), add_special_tokens=False)
        return (np.array(encoding.ids, dtype=np.int64) for encoding in encodings)

    def _sum(self, ids: NDArray[np.int64]) -> NDArray[np.float32]:
        """Add up the rows of `ids`. Their mean points the same way, and length is set after."""
        # take() gives what [] gives, in two thirds of the time.
        rows = self._table.take(ids, axis=0).astype(np.float32)
        summed: NDArray[np.float32] = (
            rows.sum(axis=0) if self._row_weights is None else self._row_weights.take(ids) @ rows
        )
        return summed


def _static_folder(folder: Path) -> Path | None:
    """Give the folder of the StaticEmbedding module of a model, None where there is none."""
    try:
        modules = json.loads((folder / "modules.json").read_text(encoding="utf-8"))
        kind, path = str(modules[0]["type"]), str(modules[0]["path"])
    except (OSError, ValueError, LookupError, TypeError):
        return None
    return folder / path if kind.rsplit(".", 1)[-1] == "StaticEmbedding" else None


def _table_of(tensors: dict[str, NDArray[Any]]) -> tuple[NDArray[Any], NDArray[np.float32] | None]:
    """Give the table and its rows' weights from either layout that sentence-transformers knows."""
    if "embedding.weight" in tensors:
        return tensors["embedding.weight"], None
    table = tensors["embeddings"]
    if "mapping" in tensors:
        table = table[tensors["mapping"].astype(np.int64)]
    weights = tensors.get("weights")
    return table, None if weights is None else weights.astype(np.float32)
