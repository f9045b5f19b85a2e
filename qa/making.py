"""What passages, vectors and terms are made with.

It is recorded: a library made with one encoder, word cutting or splitting does not fit another.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path

from embeddings.encoder import Encoder
from embeddings.words import WORDS_VERSION
from qa.errors import LibraryOutdated
from qa.splitting import SPLITTING
from qa.store import Store
from qa.storing import Writing


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
