"""Answering from what a library holds: passages found, scored, and made into an answer."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace

from embeddings.encoder import Encoder, for_sentences
from embeddings.reranker import Reranker
from qa import asking
from qa.calibration import Calibration
from qa.indexes import Indexes
from qa.keeping import Kept, shipped
from qa.records import Answer, Hit
from qa.rescoring import rescored
from qa.store import Store
from qa.suggesting import with_suggestion
from qa.synonyms import Synonyms
from qa.understanding import understood


@dataclass(frozen=True, slots=True)
class Answering:
    """The parts of an open library that answer questions.

    Attributes:
        store: What it holds.
        indexes: Of the same, up to date whenever something is asked.
        encoder: What made the vectors.
        kept: The calibration in force.
        synonyms: Gives the user's synonyms as they are now.
        reranker: What scores the best passages again; None for nothing.
    """

    store: Store
    indexes: Indexes
    encoder: Encoder
    kept: Kept
    synonyms: Callable[[], Synonyms]
    reranker: Reranker | None = None

    def search(self, query: str, k: int, without: Collection[str]) -> list[Hit]:
        """Give up to `k` passages, best first, none of the documents with the paths `without`."""
        found = self._found(query, k, without, self.kept.current)[: max(k, 0)]
        return asking.hits(found, self.store.document)

    def ask(
        self,
        question: str,
        k: int,
        history: Sequence[str | Answer],
        *,
        without: Collection[str],
        calibrated: bool,
    ) -> Answer:
        """Answer a question after its history, as `qa.Library.ask` says."""
        calibration = self.kept.current if calibrated else shipped()
        answer = self._answer(question, k, history, without, calibration)
        if without or not calibrated:  # a measurement: nobody is there to be asked back
            return answer
        return with_suggestion(
            answer,
            self.indexes.terms,
            lambda text: self._answer(text, k, (), (), calibration),
            cutter=self.indexes.cutter,
        )

    def _answer(
        self,
        question: str,
        k: int,
        history: Sequence[str | Answer],
        without: Collection[str],
        calibration: Calibration,
    ) -> Answer:
        meant, found = understood(
            question,
            history,
            self.indexes.cutter,
            lambda text, glance: self._found(text, k, without, calibration, glance=glance),
        )
        said = asking.answer(
            question, found, self.store.document, k=max(k, 1), threshold=calibration.threshold
        )
        if not meant.added:
            return said
        return replace(said, understood=meant.text, added=meant.added)

    def _found(
        self,
        text: str,
        k: int,
        without: Collection[str],
        calibration: Calibration,
        *,
        glance: bool = False,
    ) -> list[asking.Found]:
        keys = self.store.document_keys() if without else ()
        found = asking.find(
            text,
            k,
            cutter=self.indexes.cutter,
            encoder=self.encoder,
            reader=for_sentences(self.encoder),
            indexes=self.indexes,
            store=self.store,
            without={key.document_id for key in keys if key.path in without},
            glance=glance,
            synonyms=self.synonyms(),
        )
        return rescored(text, found, self.reranker, calibration)
