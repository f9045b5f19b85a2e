"""Bytes in encodings that are not for Chinese, or write Chinese in ASCII: named, never misread.

Korean and Japanese decode without an error as GB18030 or Big5, into characters ordinary enough;
what hides behind escapes decodes as ASCII. Both are told by what they read like in their own
encoding: Korean is nearly all Hangul, and a third of Japanese is kana. Chinese read so is neither.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Set

from qa.reading.ordinary import ordinariness, share_of

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
# More of them, for short texts whose Chinese reading has no frequent character at all.
_MORE_HANGUL = _COMMON_HANGUL | frozenset(
    "회비원매월년니라면으안동합등공습입여성오체문통신요화무영개실관력운내교치람위발반산외방간용저"
)
_FEWEST_SHORT, _FEWEST_COMMON, _UNCOMMON = 5, 2, -11.9
# How much likelier text must be as Japanese than as Chinese, in powers of two. Of some 110,000
# lines, lists of names and lists of words in GB18030 and Big5 none came above 12. It need be less
# where all is of the kanji that Japanese keeps to, on whose bytes two thirds of Chinese are.
_LIKELIER, _MORE_LIKELY = 16.0, 8.0
_FEWEST_KANJI = 16

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


def likelier_codec(sample: bytes, best: str) -> str | None:
    """Name the codec in which bytes read far more like Korean or Japanese than like Chinese.

    For what `foreign_codec` does not know for sure: Japanese in kanji, a few words of Korean. Kanji
    in EUC-JP are as frequent characters as those of Chinese; read as Chinese they are any.

    Args:
        sample: What is to be read.
        best: The encoding for Chinese in which it reads best.
    """
    # Different letters: a word said twice tells no more, and shall not tell less either.
    own = _mean_share(set(_letters(sample, best)))
    hangul, kanji = set(_letters(sample, "cp949")), set(_letters(sample, "euc_jp"))
    common = len(hangul & _MORE_HANGUL)
    is_all = len(hangul) >= _FEWEST_SHORT and all(map(_HANGUL.match, hangul))
    if own <= _UNCOMMON and is_all and common >= max(_FEWEST_COMMON, _OFTEN * len(hangul)):
        return "cp949"
    if "\ufffd" in kanji:
        return None
    is_usual = len(kanji) >= _FEWEST_KANJI and all(map(_is_usual_in_japanese, kanji))
    means = _mean_share(kanji) - own, ordinariness(sample, "euc_jp") - ordinariness(sample, best)
    gain = len(kanji) * min(means)
    return "euc_jp" if gain > (_MORE_LIKELY if is_usual else _LIKELIER) else None


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


def _mean_share(letters: Set[str]) -> float:
    return sum(map(share_of, letters)) / len(letters) if letters else 0.0


def _is_usual_in_japanese(letter: str) -> bool:
    """Say whether a letter is kana or of the first level of JIS X 0208."""
    lead = letter.encode("euc_jp", "ignore")[:1]
    return b"\xa4" <= lead <= b"\xa5" or b"\xb0" <= lead <= b"\xcf"


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
