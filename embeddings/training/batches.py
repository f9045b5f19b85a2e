"""Which pairs meet in a batch: those on one topic, whose passages are hard negatives."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import torch
from numpy.typing import NDArray
from sentence_transformers.base.sampler import DefaultBatchSampler
from torch import Tensor

from embeddings.training.pairs import Pairs, Ragged

TOPICS = 1024
_ROUNDS = 8
_SAMPLE = 60_000
_PORTION = 50_000


class TopicBatches(DefaultBatchSampler):  # type: ignore[misc]  # its package has no types
    """Batches of pair numbers, filled with runs of `together` pairs on one topic.

    Every epoch draws other runs. A base passage stands at most once in a batch, so batches may be a
    little smaller than asked for.
    """

    def __init__(
        self, pairs: Pairs, topics: NDArray[np.int32], *, batch_size: int, together: int, seed: int
    ) -> None:
        self.pairs, self.topics = pairs, topics
        self.batch_size, self.together, self.seed = batch_size, together, seed
        self.drop_last = True
        self.epoch = 0
        self.generator = None

    def set_epoch(self, epoch: int) -> None:
        """Choose the draw."""
        self.epoch = epoch

    def __len__(self) -> int:
        return len(self.topics) // self.batch_size

    def __iter__(self) -> Iterator[list[int]]:
        rng = np.random.default_rng((self.seed, self.epoch))
        order = np.lexsort((rng.random(len(self.topics)), self.topics))
        usable = len(self) * self.batch_size
        runs = order[:usable].reshape(-1, self.together)
        batches = rng.permutation(runs).reshape(len(self), -1)
        for batch in batches:
            _, first = np.unique(self.pairs.base[batch], return_index=True)
            yield batch[first].tolist()


def topics_of(passages: Ragged, table: Tensor, *, seed: int) -> NDArray[np.int32]:
    """Give each passage the number of its topic: k-means over the vectors of `table`."""
    torch.manual_seed(seed)
    vectors = torch.cat(
        [_vectors(passages, table, start) for start in range(0, len(passages), _PORTION)]
    )
    centres = vectors[torch.randperm(len(vectors))[:TOPICS]]
    sample = vectors[torch.randperm(len(vectors))[:_SAMPLE]]
    for _ in range(_ROUNDS):
        nearest = (sample @ centres.T).argmax(1)
        centres = centres.clone().index_add_(0, nearest, sample)
        centres = torch.nn.functional.normalize(centres)
    found = [(part @ centres.T).argmax(1) for part in torch.split(vectors, _PORTION)]
    numbers: NDArray[np.int32] = torch.cat(found).numpy().astype(np.int32)
    return numbers


def _vectors(passages: Ragged, table: Tensor, start: int) -> Tensor:
    places = np.arange(start, min(start + _PORTION, len(passages)))
    ids, begins = (torch.from_numpy(part) for part in passages.rows(places))
    bags = torch.nn.functional.embedding_bag(ids, table, begins, mode="mean")
    return torch.nn.functional.normalize(bags)
