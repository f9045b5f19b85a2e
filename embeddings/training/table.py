"""The module that is trained: a table whose rows share the rows of their parts.

The row of a long piece is its own plus the rows of the shorter pieces and characters inside it. So
a name seen twice starts from its characters, and what is learnt about 工会 also moves 总工会. When
the model is written the sums are worked out once; what ships is an ordinary StaticEmbedding.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from sentence_transformers.models import StaticEmbedding
from tokenizers import Tokenizer
from torch import Tensor, nn

# SIF (Arora et al. 2017): a piece of probability p starts with the weight a / (a + p).
_SIF_A = 1e-3
_PART_SHARE = 0.5


@dataclass(frozen=True, slots=True)
class Parts:
    """Token i shares rows[begins[i]:begins[i + 1]], each as much as `shares` says."""

    rows: Tensor
    begins: Tensor
    shares: Tensor


class SharedTable(StaticEmbedding):  # type: ignore[misc]  # its package has no types
    """A StaticEmbedding in which every row counts together with those of its parts.

    Only `embedding.weight` is stored, so a checkpoint has the layout of a StaticEmbedding.
    """

    def __init__(self, tokenizer: Tokenizer, weights: Tensor, parts: Parts | None) -> None:
        super().__init__(tokenizer, embedding_weights=weights)
        self.parts = parts

    def forward(self, features: dict[str, Tensor], **_: Any) -> dict[str, Tensor]:  # noqa: ANN401
        """Add `sentence_embedding` (texts, dimensions): the mean of each text's effective rows."""
        features["sentence_embedding"] = nn.functional.embedding_bag(
            features["input_ids"], self.effective(), features["offsets"], mode="mean"
        )
        return features

    def effective(self) -> Tensor:
        """Work out the table (tokens, dimensions) that texts are encoded with."""
        own: Tensor = self.embedding.weight
        if self.parts is None:
            return own
        # An embedding bag, because torch.sparse.mm took ten times as long (230 ms against 50 ms).
        device = own.device
        return own + nn.functional.embedding_bag(
            self.parts.rows.to(device),
            own,
            self.parts.begins.to(device),
            mode="sum",
            per_sample_weights=self.parts.shares.to(device),
        )


def starting_weights(counts: NDArray[np.int64], *, dimensions: int, seed: int) -> Tensor:
    """Draw a table with random directions and smooth inverse frequencies as lengths."""
    frequent = counts / max(1, counts.sum())
    directions = torch.randn(len(counts), dimensions, generator=torch.Generator().manual_seed(seed))
    lengths = torch.from_numpy((_SIF_A / (_SIF_A + frequent)).astype(np.float32))
    return directions * lengths[:, None]


def parts_of(tokenizer: Tokenizer, *, share: float = _PART_SHARE) -> Parts:
    """Say which rows each row shares, and how much of them.

    The parts of a piece are its characters and the shorter pieces inside it; Latin pieces and
    single characters have none.
    """
    vocabulary = tokenizer.get_vocab()
    rows: list[int] = []
    begins: list[int] = []
    shares: list[float] = []
    for piece, _ in sorted(vocabulary.items(), key=lambda item: item[1]):
        begins.append(len(rows))
        if len(piece) == 1 or piece[0] < "\u3400":
            continue
        inside = [vocabulary[part] for part in _inside(piece) if part in vocabulary]
        rows += inside
        shares += [share / max(1, len(inside)) ** 0.5] * len(inside)
    return Parts(torch.tensor(rows), torch.tensor(begins), torch.tensor(shares))


def _inside(piece: str) -> list[str]:
    length = len(piece)
    return [piece[i:j] for i in range(length) for j in range(i + 1, length + 1) if j - i < length]
