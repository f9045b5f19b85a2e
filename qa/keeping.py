"""The calibration that a library keeps: in its store, with what it was fitted for.

It holds for one encoder, one reranker and one set of fitted weights. Under others confidences mean
something else, so it is then left alone until it is made anew, or until those come back.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from enum import StrEnum
from functools import cache
from hashlib import sha256
from importlib.resources import files

from embeddings.encoder import Encoder
from embeddings.reranker import Reranker
from qa.calibration import Calibration
from qa.ranking import weights
from qa.store import Store

_SETTING = "calibration"
_FITTED_FOR = "fitted_for"
_NONE = "{}"


class State(StrEnum):
    """Whose calibration is in force."""

    SHIPPED = "shipped"
    OWN = "own"  # fitted to a person's questions
    MADE = "made"  # fitted to questions made from the documents
    OUTDATED = "outdated"  # it has one, of another encoder, reranker or set of weights, or damaged


def shipped() -> Calibration:
    """Give the calibration of a library that has none of its own: confidences as they are."""
    return Calibration(1.0, 0.0, weights().threshold, 0.0, 0, made=False)


def fitted_for(encoder: Encoder, reranker: Reranker | None) -> str:
    """Give a fingerprint of everything that confidences depend on."""
    parts = (_weights_digest(), encoder.fingerprint, reranker.fingerprint if reranker else "")
    return sha256("\n".join(parts).encode()).hexdigest()[:32]


class Kept:
    """A library's calibration, read again only when the library has been written to."""

    def __init__(self, store: Store, fingerprint: str) -> None:
        self._store = store
        self._fingerprint = fingerprint
        self._read = (-1, State.SHIPPED, shipped())  # generation, whose, what is in force

    @property
    def current(self) -> Calibration:
        """What is in force; `shipped()` when the library has none that fits."""
        return self._latest()[2]

    @property
    def state(self) -> State:
        """Whose that is."""
        return self._latest()[1]

    def keep(self, calibration: Calibration | None) -> None:
        """Put one in force, or with None the one that ships (write lock held)."""
        values = asdict(calibration) | {_FITTED_FOR: self._fingerprint} if calibration else {}
        with self._store.writing() as writing:
            writing.set(_SETTING, json.dumps(values))

    def _latest(self) -> tuple[int, State, Calibration]:
        generation = self._store.generation
        if self._read[0] != generation:
            # One assignment: another thread sees the old three or the new three.
            self._read = (generation, *self._load())
        return self._read

    def _load(self) -> tuple[State, Calibration]:
        kept = self._store.setting(_SETTING) or _NONE
        if kept == _NONE:
            return State.SHIPPED, shipped()
        try:
            values = json.loads(kept)
            if values.pop(_FITTED_FOR, "") == self._fingerprint:
                found = Calibration(**values)
                return State.MADE if found.made else State.OWN, found
        except (ValueError, TypeError, AttributeError):  # damaged, or of another version's making
            pass
        return State.OUTDATED, shipped()


@cache
def _weights_digest() -> str:
    return sha256(files("qa").joinpath("weights.json").read_bytes()).hexdigest()
