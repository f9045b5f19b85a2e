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
    """Token i is made of rows[begins[i] : begins[i + 1]], each as much as `shares` says."""

    rows: Tensor
    begins: Tensor
    shares: Tensor

    def of(self, tokens: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Give the same three for `tokens` alone, in their order (without the last bound)."""
        chosen = tokens.cpu()
        lengths = self.begins[chosen + 1] - self.begins[chosen]
        begins = lengths.cumsum(0) - lengths
        within = torch.arange(int(lengths.sum())) - begins.repeat_interleave(lengths)
        places = self.begins[chosen].repeat_interleave(lengths) + within
        found = (self.rows[places], begins, self.shares[places])
        return tuple(part.to(tokens.device) for part in found)  # type: ignore[return-value]


class SharedTable(StaticEmbedding):  # type: ignore[misc]  # its package has no types
    """A StaticEmbedding in which every row counts together with those of its parts.

    Only `embedding.weight` is stored, so a checkpoint has the layout of a StaticEmbedding.
    """

    def __init__(self, tokenizer: Tokenizer, weights: Tensor, parts: Parts | None) -> None:
        super().__init__(tokenizer, embedding_weights=weights)
        self.parts = parts

    def forward(self, features: dict[str, Tensor], **_: Any) -> dict[str, Tensor]:  # noqa: ANN401
        """Add `sentence_embedding` (texts, dimensions): the mean of each text's effective rows."""
        # Only the rows of tokens that are met are worked out: the whole table took twice as long.
        met, places = torch.unique(features["input_ids"], return_inverse=True)
        features["sentence_embedding"] = nn.functional.embedding_bag(
            places, self.effective(met), features["offsets"], mode="mean"
        )
        return features

    def effective(self, tokens: Tensor | None = None) -> Tensor:
        """Work out the rows that `tokens` (all) are encoded with: (tokens, dimensions)."""
        weight: Tensor = self.embedding.weight
        if tokens is None:
            tokens = torch.arange(len(weight), device=weight.device)
        if self.parts is None:
            return nn.functional.embedding(tokens, weight)
        # An embedding bag, because torch.sparse.mm took ten times as long (230 ms against 50 ms).
        rows, begins, shares = self.parts.of(tokens)
        return nn.functional.embedding_bag(
            rows, weight, begins, mode="sum", per_sample_weights=shares
        )


def starting_weights(counts: NDArray[np.int64], *, dimensions: int, seed: int) -> Tensor:
    """Draw a table with random directions and smooth inverse frequencies as lengths."""
    frequent = counts / max(1, counts.sum())
    directions = torch.randn(len(counts), dimensions, generator=torch.Generator().manual_seed(seed))
    lengths = torch.from_numpy((_SIF_A / (_SIF_A + frequent)).astype(np.float32))
    return directions * lengths[:, None]


def parts_of(tokenizer: Tokenizer, *, share: float = _PART_SHARE) -> Parts:
    """Say which rows each row shares, and how much of them.

    A piece is made of itself (share 1), its characters and the shorter pieces inside it; Latin
    pieces and single characters of themselves alone.
    """
    vocabulary = tokenizer.get_vocab()
    rows: list[int] = []
    begins: list[int] = [0]
    shares: list[float] = []
    for piece, row in sorted(vocabulary.items(), key=lambda item: item[1]):
        rows.append(row)
        shares.append(1.0)
        if len(piece) > 1 and piece[0] >= "\u3400":
            inside = [vocabulary[part] for part in _inside(piece) if part in vocabulary]
            rows += inside
            shares += [share / max(1, len(inside)) ** 0.5] * len(inside)
        begins.append(len(rows))
    return Parts(torch.tensor(rows), torch.tensor(begins), torch.tensor(shares))


def _inside(piece: str) -> list[str]:
    length = len(piece)
    return [piece[i:j] for i in range(length) for j in range(i + 1, length + 1) if j - i < length]
