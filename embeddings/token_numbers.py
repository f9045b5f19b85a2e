"""Texts as numbers of tokens.

By sentencepiece where it is installed and the model comes with a file for it, in a quarter of the
time, else by tokenizers. The file is made from `tokenizer.json`, by `embeddings.training`, and
named after its digest: one that was made from another is not used.
"""

from __future__ import annotations

import hashlib
import importlib.util
import unicodedata
from collections.abc import Callable, Sequence
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from embeddings.character_table import CharacterTable, code_points, text_of
from embeddings.words import fold

if TYPE_CHECKING:
    from sentencepiece import SentencePieceProcessor
    from tokenizers import Tokenizer

Numbers = NDArray[np.int64]

_BLANK, _BREAK = " ", "\n"
_ELSEWHERE = 0  # of what is no character: tokenizers reads it
_NONE, _JOINING = ("Cs", "Cn"), ("M", "Cf")  # categories
_JOINS, _FOLDS = 1, 2  # whether a character joins the one before it, and whether it is folded


class Tokens(Protocol):
    """Something that gives the tokens of texts."""

    def of(self, texts: Sequence[str]) -> list[Numbers]:
        """Give the numbers of each text's tokens in order, int64 (n,)."""
        ...


class PlainTokens:
    """Tokens by the tokenizers package."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        self._tokenizer = tokenizer

    def of(self, texts: Sequence[str]) -> list[Numbers]:
        """Give the numbers of each text's tokens in order, int64 (n,)."""
        found = self._tokenizer.encode_batch_fast([*texts], add_special_tokens=False)
        return [np.array(one.ids, dtype=np.int64) for one in found]


class FastTokens:
    """The same tokens by sentencepiece, all texts as one.

    Args:
        pieces: Cuts a text; it knows a blank and a line end by their bytes only.
        plain: Gives what reads texts that sentencepiece would read otherwise.
    """

    def __init__(self, pieces: SentencePieceProcessor, plain: Callable[[], Tokens]) -> None:
        self._pieces = pieces
        self._make_plain = plain
        self._blank = pieces.piece_to_id("<0x20>")
        self._break = pieces.piece_to_id("<0x0A>")
        self._read = CharacterTable(_read)
        self._kinds = CharacterTable(_kind)

    def of(self, texts: Sequence[str]) -> list[Numbers]:
        """Give the numbers of each text's tokens in order, int64 (n,)."""
        codes = code_points(_BREAK.join([*texts, ""]))
        if codes is None:
            return self._plain.of(texts)
        read, kinds = self._read.of(codes), self._kinds.of(codes)
        # What joins a character that is folded goes with it there: only tokenizers does so.
        read[1:][(kinds[1:] & _JOINS > 0) & (kinds[:-1] & _FOLDS > 0)] = _ELSEWHERE
        breaks = np.cumsum([len(one) + 1 for one in texts], dtype=np.int64) - 1
        strange = np.unique(np.searchsorted(breaks, (read == _ELSEWHERE).nonzero()[0]))
        read[read == _ELSEWHERE] = ord(_BLANK)
        read[breaks] = ord(_BREAK)
        cut = np.array(self._pieces.encode(text_of(read)), dtype=np.int64)
        cut = cut[cut != self._blank]
        ends = (cut == self._break).nonzero()[0].tolist()
        found = [cut[start:end] for start, end in zip([0, *(n + 1 for n in ends)], ends)]  # noqa: B905
        if len(strange):
            again = self._plain.of([texts[number] for number in strange])
            for number, numbers in zip(strange, again, strict=True):
                found[number] = numbers
        return found

    @cached_property
    def _plain(self) -> Tokens:
        return self._make_plain()


def pieces_file(tokenizer_file: Path) -> Path:
    """Give where the file for sentencepiece is that goes with a tokenizer's."""
    digest = hashlib.sha256(tokenizer_file.read_bytes()).hexdigest()
    return tokenizer_file.with_name(f"pieces-{digest[:16]}.model")


def load_tokens(tokenizer_file: Path) -> Tokens:
    """Load what gives the tokens of a model.

    Raises:
        Exception: the tokenizer cannot be read; tokenizers has no narrower one.
    """
    file = pieces_file(tokenizer_file)
    if not file.exists() or not _installed():
        return _plain_tokens(tokenizer_file)
    from sentencepiece import SentencePieceProcessor

    pieces = SentencePieceProcessor(model_file=str(file))
    return FastTokens(pieces, lambda: _plain_tokens(tokenizer_file))


def _plain_tokens(tokenizer_file: Path) -> PlainTokens:
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(tokenizer_file))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return PlainTokens(tokenizer)


@cache
def _installed() -> bool:
    return importlib.util.find_spec("sentencepiece") is not None


def _read(code: int) -> int:
    """Give what sentencepiece is to read for a character: itself, or a blank where words end."""
    character = chr(code)
    if not code or unicodedata.category(character) in _NONE:
        return _ELSEWHERE
    return code if unicodedata.category(fold(character))[0] in "LNM" else ord(_BLANK)


def _kind(code: int) -> int:
    character = chr(code)
    joins = unicodedata.category(character).startswith(_JOINING)
    return joins * _JOINS | (fold(character) != character) * _FOLDS
