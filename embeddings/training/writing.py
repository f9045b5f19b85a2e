"""Writing a model folder that sentence-transformers and `embeddings.static` both read."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

_MODULES = [
    {"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.StaticEmbedding"},
    {
        "idx": 1,
        "name": "1",
        "path": "1_Normalize",
        "type": "sentence_transformers.models.Normalize",
    },
]
_SETTINGS = {
    "model_type": "SentenceTransformer",
    "prompts": {"query": "", "document": ""},
    "default_prompt_name": None,
    "similarity_fn_name": "cosine",
}
_LARGEST = 127


def write_model(folder: Path, tokenizer: Tokenizer, table: NDArray[np.float32]) -> None:
    """Write `table` (tokens, dimensions) with its tokenizer, in 8 bits with a weight per row.

    The layout is model2vec's for quantised tables; sentence-transformers multiplies the weights in
    when it loads. A row of zeros stays one. Files of an older model are replaced.
    """
    from safetensors.numpy import save_file

    folder.mkdir(parents=True, exist_ok=True)
    (folder / "1_Normalize").mkdir(exist_ok=True)
    (folder / "1_Normalize" / "config.json").write_text("{}\n", encoding="utf-8")
    _write_json(folder / "modules.json", _MODULES)
    _write_json(folder / "config_sentence_transformers.json", _SETTINGS)
    tokenizer.save(str(folder / "tokenizer.json"), pretty=False)
    small, weights = quantised(table)
    save_file({"embeddings": small, "weights": weights}, folder / "model.safetensors")


def quantised(table: NDArray[np.float32]) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    """Give whole numbers within ±127 and the weight of each row: their product is the table."""
    largest = np.abs(table).max(axis=1)
    weights = (np.where(largest > 0, largest, 1.0) / _LARGEST).astype(np.float32)
    return np.rint(table / weights[:, None]).astype(np.int8), weights


def _write_json(path: Path, value: Any) -> None:  # noqa: ANN401  # any JSON value
    path.write_text(json.dumps(value, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
