"""How documents become passages with vectors, and with what.

The what is recorded: a library made with one encoder, word cutting or splitting does not fit
another.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from embeddings.encoder import Encoder
from embeddings.vectors import check_shape
from embeddings.words import WORDS_VERSION
from qa.asking import in_context
from qa.cleaning import AS_IT_IS, Cleaning, clean
from qa.errors import LibraryOutdated
from qa.records import Document, Passage
from qa.splitting import SPLITTING, split
from qa.store import Store, Vectors, Writing

_logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Making:
    """What passages, vectors and terms are made with; recorded in the store under these names.

    Attributes:
        encoder: The encoder's name, for people; its fingerprint decides.
        fingerprint: The encoder's.
        dimensions: Numbers in a vector.
        words: Version of folding and cutting; the user's own words are no part of it.
        splitting: Version and parameters of the cutting into passages.
    """

    encoder: str
    fingerprint: str
    dimensions: str
    words: str = WORDS_VERSION
    splitting: str = SPLITTING

    @classmethod
    def of(cls, encoder: Encoder) -> Making:
        """Give what a library would be made with now."""
        return cls(encoder.name, encoder.fingerprint, str(encoder.dimensions))

    def record(self, writing: Writing) -> None:
        """Write it into the store."""
        for name, value in asdict(self).items():
            writing.set(name, value)

    def check(self, store: Store, folder: Path) -> None:
        """Compare with what was recorded.

        Raises:
            LibraryOutdated: something differs; the message says what.
        """
        for name, now in asdict(self).items():
            before = store.setting(name)
            if name == "words" and before:  # older libraries add a digest of the user's words
                before = before.partition("-")[0]
            if name == "encoder" or before == now:
                continue
            if name == "fingerprint":
                difference = self._other_encoder(store.setting("encoder"))
            else:
                difference = f"{name} {before}, this is {now}"
            raise LibraryOutdated(
                f"{folder} was made with {difference}: run `qa rebuild`, or open it as it was made",
                folder,
            )

    def _other_encoder(self, before: str | None) -> str:
        if before == self.encoder:
            return f"another version of the encoder {before}"
        return f"encoder {before}, this is {self.encoder}"


def is_recorded(store: Store) -> bool:
    """Say whether a library records what it was made with; one just being made does not yet."""
    return store.setting("fingerprint") is not None


@dataclass(frozen=True, slots=True)
class Made:
    """A document with its passages (id 0) and their vectors, float32 (passages, dimensions).

    `notes` say which of the user's patterns of spam were not applied to it, or that nothing of it
    can be found: one line each.
    """

    document: Document
    passages: tuple[Passage, ...]
    vectors: Vectors
    notes: tuple[str, ...] = ()


def make(
    documents: Sequence[Document], encoder: Encoder, cleaning: Cleaning = AS_IT_IS
) -> list[Made]:
    """Clean, split and encode documents, which costs less for several at once.

    Raises:
        VectorMismatch: the encoder gives vectors of another shape than it says.
    """
    if not documents:
        return []
    cleaned = [clean(document.text, cleaning) for document in documents]
    split_up = [
        split(document, one.noise) for document, one in zip(documents, cleaned, strict=True)
    ]
    texts = [
        in_context(document.title, passage)
        for document, passages in zip(documents, split_up, strict=True)
        for passage in passages
    ]
    vectors = encoder.encode_passages(texts)
    check_shape(vectors, len(texts), encoder.dimensions)
    ends = np.cumsum([len(passages) for passages in split_up])
    return [
        Made(document, passages, rows, one.notes)
        for document, passages, rows, one in zip(
            documents, split_up, np.split(vectors, ends[:-1]), cleaned, strict=True
        )
    ]


def remake(
    store: Store,
    making: Making,
    encoder: Encoder,
    cleaning: Cleaning = AS_IT_IS,
    *,
    progress: Callable[[int, int], None] | None = None,
) -> None:
    """Make all passages and vectors anew from the stored texts, and record with what.

    One transaction. `progress` is called with documents done and documents in all.
    """
    keys = store.document_keys()
    with store.writing() as writing:
        for number, key in enumerate(keys, start=1):
            document = store.document(key.document_id)
            if document is not None:
                [one] = make([document], encoder, cleaning)
                for note in one.notes:
                    _logger.warning("%s: %s", document.path, note)
                writing.remove(key.document_id)
                writing.put(one.document, one.passages, one.vectors)
            if progress:
                progress(number, len(keys))
        making.record(writing)
