"""Training on sentence-transformers' own trainer and losses; stops and resumes at checkpoints."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer

from embeddings.training.batches import TopicBatches, topics_of
from embeddings.training.pairs import Pairs
from embeddings.training.table import SharedTable, parts_of, starting_weights

_TOPIC_DIMENSIONS = 64


@dataclass(frozen=True, slots=True)
class Recipe:
    """The numbers of one training run; those of the shipped model are the defaults."""

    dimensions: int = 256
    epochs: float = 1.0
    batch_size: int = 1024
    together: int = 16
    learning_rate: float = 0.05
    scale: float = 25.0
    question_loss: float = 0.05
    passage_loss: float = 0.1
    shared_parts: bool = True
    seed: int = 7


class PairCollator:
    """Turns pair numbers into the features of both texts; tokens were made beforehand.

    Some tokens are left out, others every time: in a second epoch the same pairs without loss were
    known by heart (the loss fell by half, and first places elsewhere hardly rose).
    """

    valid_label_columns = ("label",)
    prompts = None
    include_prompt_lengths = False

    def __init__(self, pairs: Pairs, recipe: Recipe) -> None:
        self.pairs = pairs
        self.recipe = recipe
        self._rng = np.random.default_rng(recipe.seed)

    def __call__(self, rows: list[dict[str, Any]]) -> dict[str, Any]:
        """Give `anchor_…` and `positive_…` ids and offsets for rows with a pair number."""
        places = np.array([row["anchor"] for row in rows])
        asked = self.pairs.queries.rows(places)
        given = self.pairs.passages.rows(self.pairs.target[places])
        asked_ids, asked_begins = self._thinned(*asked, self.recipe.question_loss)
        given_ids, given_begins = self._thinned(*given, self.recipe.passage_loss)
        return {
            "anchor_input_ids": torch.from_numpy(asked_ids),
            "anchor_offsets": torch.from_numpy(asked_begins),
            "positive_input_ids": torch.from_numpy(given_ids),
            "positive_offsets": torch.from_numpy(given_begins),
        }

    def _thinned(
        self, ids: NDArray[np.int64], begins: NDArray[np.int64], loss: float
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Leave out a share of the tokens, never the first of a text."""
        kept = self._rng.random(len(ids)) >= loss
        kept[begins[begins < len(ids)]] = True
        before = np.concatenate([np.zeros(1, np.int64), kept.cumsum()])
        return ids[kept], before[begins]


def fit(pairs: Pairs, tokenizer: Tokenizer, work: Path, recipe: Recipe) -> NDArray[np.float32]:
    """Train and give the table (tokens, dimensions); goes on from a checkpoint in `work`."""
    # Sums of fractions depend on how threads share them: on one, every run gives the same numbers,
    # whatever the number of cores. On busy ones two took longer, waiting for each other.
    torch.set_num_threads(1)
    counts = np.bincount(pairs.passages.flat, minlength=tokenizer.get_vocab_size())
    weights = starting_weights(counts, dimensions=recipe.dimensions, seed=recipe.seed)
    topics = topics_of(pairs.passages, weights[:, :_TOPIC_DIMENSIONS], seed=recipe.seed)
    batches = TopicBatches(
        pairs,
        topics[pairs.target],
        batch_size=recipe.batch_size,
        together=recipe.together,
        seed=recipe.seed,
    )
    table = SharedTable(tokenizer, weights, parts_of(tokenizer) if recipe.shared_parts else None)
    trainer = _trainer(table, batches, work, recipe)
    trainer.train(resume_from_checkpoint=any(work.glob("checkpoint-*")))
    with torch.no_grad():
        found: NDArray[np.float32] = table.effective().detach().cpu().numpy()
    return found


def _trainer(table: SharedTable, batches: TopicBatches, work: Path, recipe: Recipe) -> Any:  # noqa: ANN401
    from datasets import Dataset
    from sentence_transformers import SentenceTransformer, SentenceTransformerTrainer
    from sentence_transformers.models import Normalize

    model = SentenceTransformer(modules=[table, Normalize()])
    numbers = list(range(len(batches.pairs.target)))
    make: Any = SentenceTransformerTrainer  # its types know no collator but its own
    trainer = make(
        model=model,
        args=_arguments(work, recipe),
        train_dataset=Dataset.from_dict({"anchor": numbers, "positive": numbers}),
        loss=_loss(model, recipe),
        data_collator=PairCollator(batches.pairs, recipe),
    )
    # Not an argument: those are pickled with every checkpoint, and the batches know all pairs.
    trainer.get_batch_sampler = lambda *_, **__: batches
    return trainer


def _loss(model: Any, recipe: Recipe) -> Any:  # noqa: ANN401  # classes known only inside
    from sentence_transformers.losses import MatryoshkaLoss, MultipleNegativesRankingLoss

    inner = MultipleNegativesRankingLoss(model, scale=recipe.scale)
    full = recipe.dimensions
    return MatryoshkaLoss(
        model, inner, [full, full // 2, full // 4], matryoshka_weights=[1, 0.3, 0.2]
    )


def _arguments(work: Path, recipe: Recipe) -> Any:  # noqa: ANN401
    from sentence_transformers import SentenceTransformerTrainingArguments

    return SentenceTransformerTrainingArguments(
        output_dir=str(work),
        num_train_epochs=recipe.epochs,
        learning_rate=recipe.learning_rate,
        per_device_train_batch_size=recipe.batch_size,
        lr_scheduler_type="cosine",
        optim="adamw_torch_fused",
        # A row met once goes on moving while its momentum fades: by 31 times the learning rate with
        # the usual 0.999, by about 10 times with 0.99. Rare names learn less by heart so.
        adam_beta2=0.99,
        warmup_steps=0.05,
        weight_decay=0.0,
        max_grad_norm=0.0,
        seed=recipe.seed,
        save_steps=500,
        save_total_limit=1,
        logging_steps=50,
        report_to="none",
        dataloader_num_workers=0,
        disable_tqdm=False,
    )
