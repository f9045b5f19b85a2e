"""Any other sentence-transformers model, by folder or hub name; torch is imported when one is made.

Many models want an instruction before a question, some before a passage too, and a few say so only
in their documentation; those stand in a small table here. A model's own configuration comes first.
"""

from __future__ import annotations

import hashlib
import importlib.util
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from embeddings.errors import ModelUnavailable

EXTRA = 'pip install "cited-qa[models]"'
"""What brings sentence-transformers."""

_BATCH = 32
_HASHED = (".json", ".safetensors", ".bin", ".model", ".txt", ".py")


@dataclass(frozen=True, slots=True)
class Prompts:
    """What is put in front of a question and of a passage."""

    query: str = ""
    passage: str = ""


_BGE_ZH = Prompts(query="为这个句子生成表示以用于检索相关文章：")
_E5 = Prompts(query="query: ", passage="passage: ")
_GTE_QWEN = Prompts(
    query="Instruct: Given a web search query, retrieve relevant passages that answer "
    "the query\nQuery: "
)
# By the end of the name, in lower case, so that a local folder of the same name is known too.
_KNOWN = {
    "bge-small-zh-v1.5": _BGE_ZH,
    "bge-base-zh-v1.5": _BGE_ZH,
    "bge-large-zh-v1.5": _BGE_ZH,
    "bge-small-zh": _BGE_ZH,
    "bge-base-zh": _BGE_ZH,
    "bge-large-zh": _BGE_ZH,
    "bge-m3": Prompts(),
    "multilingual-e5-small": _E5,
    "multilingual-e5-base": _E5,
    "multilingual-e5-large": _E5,
    "gte-qwen2-1.5b-instruct": _GTE_QWEN,
    "gte-qwen2-7b-instruct": _GTE_QWEN,
    "stella-base-zh-v2": Prompts(),
    "text2vec-base-chinese": Prompts(),
}


def prompts_for(name: str, configured: Mapping[str, str | None]) -> Prompts:
    """Choose the prompts of a model: its own configuration, then the table, then none.

    `configured` is the model's `prompts`; sentence-transformers writes empty ones when it saves a
    model without any, which count as absent.

    >>> prompts_for("intfloat/multilingual-e5-small", {}).passage
    'passage: '
    """
    own = Prompts(
        configured.get("query") or "", configured.get("document") or configured.get("passage") or ""
    )
    if own != Prompts():
        return own
    return _KNOWN.get(name.rstrip("/\\").replace("\\", "/").rsplit("/", 1)[-1].lower(), Prompts())


class TransformerEncoder:
    """Encodes with a sentence-transformers model, in batches.

    Attributes:
        name: The hub name or folder it was loaded by.
        dimensions: How long a vector is.
        prompts: What stands before questions and passages.
    """

    def __init__(
        self,
        name: str,
        model: Any,  # noqa: ANN401  # its class is not imported here
        *,
        prompts: Prompts,
    ) -> None:
        self.name = name
        self.prompts = prompts
        self._model = model
        self.dimensions = int(
            model.get_embedding_dimension()
            if hasattr(model, "get_embedding_dimension")
            else model.get_sentence_embedding_dimension()
        )

    @classmethod
    def load(cls, name: str) -> TransformerEncoder:
        """Load the model in a folder, or by hub name from the local cache or the hub.

        Raises:
            ModelUnavailable: the extra is not installed, the folder is no such model, or the model
                is not in the cache and the hub cannot be reached.
        """
        if not is_installed():
            raise ModelUnavailable(
                f"the model {name} needs sentence-transformers: {EXTRA}, "
                "or use the model that is built in (builtin)",
                model=name,
            )
        from sentence_transformers import SentenceTransformer

        try:
            model = SentenceTransformer(name)
        except Exception as error:  # whatever transformers, the hub or a broken file raise
            raise ModelUnavailable(advice(name, error), model=name) from error
        return cls(name, model, prompts=prompts_for(name, model.prompts))

    @cached_property
    def fingerprint(self) -> str:
        """Differs whenever weights, configuration or prompts do: `sha256:…:dimensions`."""
        digest = model_digest(self.name, self._model, repr(self.prompts))
        return f"sha256:{digest}:{self.dimensions}"

    def encode_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Give (n, dimensions) float32 rows of length 1 for questions, their prompt in front."""
        return self._encode(texts, self.prompts.query)

    def encode_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Give (n, dimensions) float32 rows of length 1 for passages, their prompt in front.

        Texts past the model's longest input are cut there.
        """
        return self._encode(texts, self.prompts.passage)

    def _encode(self, texts: Sequence[str], prompt: str) -> NDArray[np.float32]:
        vectors = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        # Batches of like length waste little on padding; a blank text stays a row of zeros.
        order = [
            i for i in sorted(range(len(texts)), key=lambda i: len(texts[i])) if texts[i].strip()
        ]
        for start in range(0, len(order), _BATCH):
            places = order[start : start + _BATCH]
            vectors[places] = self._model.encode(
                [prompt + texts[i] for i in places],
                prompt="",
                batch_size=_BATCH,
                normalize_embeddings=True,
                show_progress_bar=False,
                convert_to_numpy=True,
            )
        return vectors


def is_installed() -> bool:
    """Say whether sentence-transformers is there, without importing it."""
    return importlib.util.find_spec("sentence_transformers") is not None


def model_digest(name: str, model: Any, settings: str = "") -> str:  # noqa: ANN401
    """Give 32 hexadecimal digits that differ whenever a model's files, or weights, or settings do.

    Args:
        name: The folder it was loaded from, or the hub name, for which its weights are read.
        model: A torch module.
        settings: What else belongs to it.
    """
    digest = hashlib.sha256(settings.encode())
    folder = Path(name)
    if folder.is_dir():
        _hash_files(folder, digest.update)
    else:
        _hash_weights(model, digest.update)
    return digest.hexdigest()[:32]


def advice(name: str, error: Exception) -> str:
    """Say why a model could not be loaded and what to do."""
    if Path(name).is_dir():
        return f"the folder {name} holds no sentence-transformers model that can be read: {error}"
    return (
        f"the model {name} is neither a folder nor in the local cache, and could not be fetched "
        f"({type(error).__name__}): check the name, fetch it once where there is a network "
        "and give its folder, or use the model that is built in (builtin)"
    )


def _hash_files(folder: Path, update: Callable[[bytes], object]) -> None:
    for file in sorted(folder.rglob("*")):
        if file.is_file() and file.suffix in _HASHED:
            update(str(file.relative_to(folder)).encode())
            with file.open("rb") as stream:
                update(hashlib.file_digest(stream, "sha256").digest())


def _hash_weights(model: Any, update: Callable[[bytes], object]) -> None:  # noqa: ANN401
    for key, tensor in sorted(model.state_dict().items()):
        update(key.encode())
        # Half types that NumPy lacks (bfloat16) widen to float32 without loss.
        update(tensor.detach().cpu().float().numpy().tobytes())
