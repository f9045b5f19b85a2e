"""The shipped tokenizer in the form that sentencepiece reads: the same pieces, folded alike."""

from __future__ import annotations

import base64
import json
import re
import struct
from pathlib import Path
from typing import Any

from embeddings.token_numbers import pieces_file

_BYTE = re.compile(r"<0x[0-9A-F]{2}>")
_NORMAL, _UNKNOWN, _BYTES = 1, 2, 6  # types of a piece
_UNIGRAM = 1
_ABSENT = (1 << 64) - 1  # -1: there are no pieces for the beginning and end of a text
_MOST = 0x7F  # in a byte of a number
_FIELD_BITS, _VARINT, _LENGTH, _FLOAT = 3, 0, 2, 5  # of protocol buffers


def write_pieces(tokenizer_file: Path) -> Path:
    """Write the file beside the tokenizer's, in place of older ones; give it."""
    for old in tokenizer_file.parent.glob("pieces-*.model"):
        old.unlink()
    file = pieces_file(tokenizer_file)
    file.write_bytes(pieces_model(json.loads(tokenizer_file.read_text(encoding="utf-8"))))
    return file


def pieces_model(tokenizer: dict[str, Any]) -> bytes:
    """Give a Unigram tokenizer that parts words as ours does, as sentencepiece's ModelProto."""
    model = tokenizer["model"]
    pieces = []
    for number, (piece, score) in enumerate(model["vocab"]):
        said = _message(1, piece.encode()) + _float(2, score) + _whole(3, _type(piece, number))
        pieces.append(_message(1, said))
    absent = b"".join(_whole(field, _ABSENT) for field in (41, 42, 43))
    trainer = _whole(3, _UNIGRAM) + _whole(35, 1) + _whole(40, model["unk_id"]) + absent
    charsmap = base64.b64decode(tokenizer["normalizer"]["precompiled_charsmap"])
    as_it_is = b"".join(_whole(field, 0) for field in (3, 4, 5))  # blanks stay what they are
    normalizer = _message(1, b"fold") + _message(2, charsmap) + as_it_is
    return b"".join(pieces) + _message(2, trainer) + _message(3, normalizer)


def _type(piece: str, number: int) -> int:
    if number == 0:
        return _UNKNOWN
    return _BYTES if _BYTE.fullmatch(piece) else _NORMAL


def _varint(number: int) -> bytes:
    parts = bytearray()
    while number > _MOST:
        parts.append(number & _MOST | ~_MOST & 0xFF)
        number >>= 7
    return bytes([*parts, number])


def _whole(field: int, number: int) -> bytes:
    return _varint(field << _FIELD_BITS | _VARINT) + _varint(number)


def _float(field: int, number: float) -> bytes:
    return _varint(field << _FIELD_BITS | _FLOAT) + struct.pack("<f", number)


def _message(field: int, content: bytes) -> bytes:
    return _varint(field << _FIELD_BITS | _LENGTH) + _varint(len(content)) + content
