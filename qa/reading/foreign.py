"""Bytes in encodings that are not for Chinese, or write Chinese in ASCII: named, never misread.

Korean and Japanese decode without an error as GB18030 or Big5, into characters ordinary enough;
what hides behind escapes decodes as ASCII. Both are told by what they read like in their own
encoding: Korean is nearly all Hangul, and a third of Japanese is kana. Chinese read so is neither.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable

_FEWEST_HANGUL, _FEWEST_KANA = 6, 4  # different ones, of kana: ─── in GB18030 is ぉぉぉ
_MOST_BROKEN = 0.01
_HANGUL = re.compile("[\uac00-\ud7a3]")
_KANA = re.compile("[\u3041-\u3096\u30a1-\u30fa]")
_LETTERS = re.compile(r"[^\W\d_a-zA-Z]|\ufffd")
# The syllables of Korean endings and particles, and others as frequent: half of any text.
_COMMON_HANGUL = frozenset(
    "이다는을의에고하를가은한로지기도사어대리서자인시정수보아나부구그주전장해조일제상과있"
)
_MOSTLY, _OFTEN, _THIRD = 0.9, 0.25, 0.3

_HZ = re.compile(rb"~\{(?:[\x21-\x77][\x21-\x7e])+~\}")
_UTF7 = re.compile(rb"\+(?=[A-Za-z0-9/]*[A-Z])(?=[A-Za-z0-9/]*[a-z0-9])[A-Za-z0-9+/]{5,}")
_ESCAPE = re.compile(rb"\x1b\$(?:[@AB]|[()*+][ABCDGH])")
_ESCAPED = ("iso2022_kr", "iso2022_jp_2")


class ForeignEncoding(UnicodeDecodeError):
    """Text that reads like `encoding`, which is not one for Chinese, from the byte `start` on."""

    def __init__(self, data: bytes, codec: str, start: int) -> None:
        super().__init__(codec, data, start, start + 1, "not an encoding for Chinese")


def foreign_codec(sample: bytes) -> str | None:
    """Name the codec in which bytes are Korean or Japanese; None when they are in neither.

    >>> foreign_codec("노동조합은 근로자의".encode("euc-kr"))
    'cp949'
    """
    for codec, is_language in _CANDIDATES:
        if is_language(_letters(sample, codec)):
            return codec
    return None


def seven_bit_codec(data: bytes) -> str | None:
    """Name the codec of text that ASCII may hide, by its marks alone: HZ, UTF-7 or ISO-2022.

    The marks may mean nothing: whoever asks looks at what it decodes to.
    """
    if b"~{" in data and _HZ.search(data):
        return "hz"
    escape = _ESCAPE.search(data) if b"\x1b$" in data else None
    if escape:
        return next((codec for codec in _ESCAPED if _decodes(data, codec)), _ESCAPED[-1])
    return "utf-7" if data.isascii() and _UTF7.search(data) else None


def escape_in(data: bytes) -> int:
    """Give where the first escape of ISO-2022 stands; 0 without any."""
    escape = _ESCAPE.search(data)
    return escape.start() if escape else 0


def _letters(sample: bytes, codec: str) -> str:
    """Give the letters beyond ASCII; a character cut off at the end is left out."""
    text = codecs.getincrementaldecoder(codec)("replace").decode(sample)
    return "".join(_LETTERS.findall(text))


def _decodes(data: bytes, codec: str) -> bool:
    try:
        str(data, codec)
    except UnicodeDecodeError:
        return False
    return True


def _is_korean(letters: str) -> bool:
    hangul = "".join(_HANGUL.findall(letters))
    common = sum(letter in _COMMON_HANGUL for letter in hangul)
    is_hangul = len(hangul) >= _FEWEST_HANGUL and len(hangul) >= _MOSTLY * len(letters)
    return is_hangul and common >= _OFTEN * len(letters)


def _is_kana(letters: str) -> bool:
    kana, broken = _KANA.findall(letters), letters.count("\ufffd")
    is_kana = len(set(kana)) >= _FEWEST_KANA and len(kana) >= _THIRD * len(letters)
    return is_kana and broken <= _MOST_BROKEN * len(letters)


_CANDIDATES: tuple[tuple[str, Callable[[str], bool]], ...] = (
    ("cp949", _is_korean),
    ("johab", _is_korean),
    ("euc_jp", _is_kana),
    ("cp932", _is_kana),
)
