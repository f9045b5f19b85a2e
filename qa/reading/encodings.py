"""Bytes to text: which encoding, decided by how ordinary the characters come out.

GB18030 decodes nearly every Big5 file without an error, into rare characters; so a decoder that
succeeds proves nothing. Every candidate encoding is tried on a sample, and the one whose text is
made of the most ordinary Chinese characters wins. The whole is then decoded strictly by it: nothing
is ever replaced in silence.
"""

from __future__ import annotations

import codecs
import contextlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

from qa.reading.foreign import (
    ForeignEncoding,
    escape_in,
    foreign_codec,
    likelier_codec,
    seven_bit_codec,
)
from qa.reading.ordinary import ORDINARY, RARE, TELLING, ordinariness, share_of


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text and what it was decoded as.

    Attributes:
        text: The characters, without a byte order mark; line ends and all else as in the bytes.
        encoding: The name of a Python codec that gives this text.
    """

    text: str
    encoding: str


class MixedEncodings(UnicodeDecodeError):
    """Bytes of which a line (`start` to `end`) is in the encoding `other`, the rest in another."""

    def __init__(self, data: bytes, codec: str, line: slice, other: str) -> None:
        super().__init__(codec, data, line.start, line.stop, f"a line is {other}")
        self.other = other


_SAMPLE_BYTES = 1 << 16
# With it at the front no other reading is in question. UTF-32's begins with UTF-16's.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_WIDE = ("utf-16-le", "utf-16-be")
_WIDEST = ("utf-32-le", "utf-32-be")
# Two tables of Big5: Microsoft's, which most files are in, and Hong Kong's with 5,000 more.
_BIG5 = ("cp950", "big5hkscs")
_GB = ("gb18030",)
# What pages declare, and what to try for it: every GB name is read by the largest table.
_FAMILIES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "gb2312": _GB,
        "gbk": _GB,
        "gb18030": _GB,
        "hz": ("hz",),
        "big5": _BIG5,
        "cp950": _BIG5,
        "big5hkscs": ("big5hkscs",),
    }
)
# What pages declare of Korean and Japanese, by the codec that holds it.
_FOREIGN_NAMES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {"cp949": ("euc_kr", "cp949"), "cp932": ("shift_jis", "cp932"), "euc_jp": ("euc_jp",)}
)

# Below this mean it is no Chinese text. Six characters of true text measured above -14.4; bytes of
# another encoding read as this one, however ordinary, below -14.5 from thirty characters on.
_PLAUSIBLE = -14.5
# Above this nothing else need be tried. Half of all true text of thirty characters measured above
# -9.2, nine tenths above -10.2, and no wrong reading of even six characters above -11.3.
_CERTAIN = -10.5
_SURE = -11.3  # so no wrong reading comes near: see above
# A line of fewer characters beyond ASCII is not taken for one in another encoding.
_TELLING_CHARS = 4
_MOST_CHECKED = 200
# More bytes of GB18030 than this are not valid UTF-8 by chance.
_CHANCE_BYTES = 24

# What Chinese in UTF-8 looks like. In six million characters of GB18030 and Big5 two such in a row
# stood ten times, three never, and none of them read like Chinese.
_UTF8_RUN = re.compile(rb"(?:[\xe3-\xe9\xef][\x80-\xbf]{2}){2,}")

_HIGH = re.compile(rb"[\x80-\xff][^\r\n]*")


def decode(data: bytes, *, declared: str | None = None) -> Decoded:
    """Decode bytes whose encoding is not known for sure.

    A byte order mark decides; then HZ or UTF-7, if that is what ASCII hides; then UTF-8 if it is
    valid; then the encoding `declared` by the text itself, if it is one for Chinese, decodes and
    reads like text; then the candidate that reads most like Chinese: UTF-8, UTF-16 or UTF-32
    without mark, GB18030 (and so GBK, GB2312) or Big5 (Microsoft's or Hong Kong's). Korean and
    Japanese are decoded where the text declares them. Empty bytes are empty UTF-8.

    Raises:
        MixedEncodings: a line is in another encoding than the rest.
        ForeignEncoding: it reads like text in one that is not for Chinese.
        UnicodeDecodeError: no candidate fits, the best one breaks at a byte (`start` says which),
            or the bytes are not text at all.

    >>> decode("縣級工會".encode("big5")).encoding
    'cp950'
    """
    for mark, codec in _MARKS:
        if data.startswith(mark):
            return _strict(data, codec)
    if b"\0" in data:
        return _decode_wide(data)
    hidden = seven_bit_codec(data)
    if hidden is not None and (unhidden := _unhidden(data, hidden)):
        return unhidden
    try:
        decoded = _strict(data, "utf-8")
    except UnicodeDecodeError:
        return _of_one_piece(data, _decode_by_frequency(data, declared))
    return _not_by_chance(data, decoded)


def decode_as(data: bytes, encoding: str) -> Decoded:
    """Decode bytes by the encoding the user named, GB2312 and GBK as GB18030.

    Raises:
        LookupError: no such encoding.
        UnicodeDecodeError: the bytes are not in it; `start` says where.
    """
    codec = codecs.lookup(encoding).name
    if codec in {"utf-16", "utf-32"}:  # without a mark these mean the machine's own order
        for mark, marked in _MARKS:
            if data.startswith(mark) and marked.startswith(codec):
                return _strict(data, marked)
        codec += "-le"
    return _strict(data, *_FAMILIES.get(codec, (codec,)))


def _strict(data: bytes, codec: str, *others: str) -> Decoded:
    """Decode by the first of the codecs that can; the first one's error when none can."""
    try:
        text = str(data, codec)
    except UnicodeDecodeError:
        for other in others:
            with contextlib.suppress(UnicodeDecodeError):
                return _strict(data, other)
        raise
    nought = text.find("\0")
    if nought >= 0:
        at = len(text[:nought].encode(codec))
        raise UnicodeDecodeError(codec, data, at, at + 1, "a zero byte: not a text file")
    return Decoded(text.removeprefix("\ufeff"), codec.removesuffix("-sig").replace("_", "-"))


def _decode_wide(data: bytes) -> Decoded:
    """Decode bytes with zeros among them: UTF-16 or UTF-32 without its mark, or no text."""
    if len(data) % 2 == 0:
        sample = data[:_SAMPLE_BYTES]
        wide = _WIDE if len(data) % 4 else _WIDE + _WIDEST
        best = max(wide, key=lambda codec: ordinariness(sample, codec))
        if ordinariness(sample, best) > _PLAUSIBLE:
            return _strict(data, best)
    nought = data.index(b"\0")
    raise UnicodeDecodeError("utf-8", data, nought, nought + 1, "a zero byte: not a text file")


def _unhidden(data: bytes, codec: str) -> Decoded | None:
    """Decode Chinese that is written in ASCII; None where the marks of that mean nothing.

    Raises:
        ForeignEncoding: it is ISO-2022.
        UnicodeDecodeError: it is HZ, and breaks at a byte.
    """
    if codec.startswith("iso2022"):
        raise ForeignEncoding(data, codec, escape_in(data))
    try:
        decoded = _strict(data, codec)
    except UnicodeDecodeError:
        if codec == "hz" and _reads_well(data[:_SAMPLE_BYTES].decode(codec, "ignore")):
            raise
        return None
    return decoded if _reads_well(decoded.text) else None


def _reads_well(text: str) -> bool:
    """Say whether what stands in a text beyond ASCII is surely Chinese."""
    telling = "".join(TELLING.findall(text[:_SAMPLE_BYTES]))
    return bool(telling) and sum(map(share_of, telling)) / len(telling) > _SURE


def _decode_by_frequency(data: bytes, declared: str | None) -> Decoded:
    """Decode bytes that are not UTF-8 by what reads most like Chinese."""
    sample = b"\n".join(_telling_lines(data))
    name = _codec_named(declared)
    decoded = _as_declared(data, sample, _FAMILIES.get(name, ()))
    if decoded is not None:
        return decoded
    scores = _scores(data, sample)
    best = max(scores, key=lambda codec: scores[codec])
    foreign = _foreign(sample, best) if scores[best] <= _CERTAIN else None
    if foreign is not None:
        if name in _FOREIGN_NAMES.get(foreign, ()):
            return _strict(data, foreign)
        raise ForeignEncoding(data, foreign, next(_HIGH.finditer(data)).start())
    # Any bytes are UTF-16, and most of its codes are Han characters: it must read quite ordinary.
    if scores[best] <= (ORDINARY if best in _WIDE else _PLAUSIBLE):
        best = "utf-8"  # nothing fits: let the one everybody knows say where it breaks
    try:
        return _strict(data, *(_BIG5 if best in _BIG5 else (best,)))
    except UnicodeDecodeError as error:
        if best not in _WIDE and scores[best] > _PLAUSIBLE:
            _check_line(data, _line_at(data, error.start), best)
            if best != "utf-8":
                _check_utf8_runs(data, best)
        raise


def _as_declared(data: bytes, sample: bytes, named: Sequence[str]) -> Decoded | None:
    """Decode by the first codec named in which it is Chinese; None where it is in none."""
    for codec in named:
        score = ordinariness(sample, codec)
        if score > _CERTAIN or (score > _PLAUSIBLE and foreign_codec(sample) is None):
            with contextlib.suppress(UnicodeDecodeError):
                return _strict(data, codec)
    return None


def _scores(data: bytes, sample: bytes) -> dict[str, float]:
    """Give how ordinary bytes read in each candidate encoding, up to the first that is certain."""
    scores: dict[str, float] = {}
    # UTF-8 stands among them so that one broken byte in it is reported, not read as GB18030.
    for codec in (*_GB, *_BIG5, "utf-8", *(_WIDE if len(data) % 2 == 0 else ())):
        scores[codec] = ordinariness(data[:_SAMPLE_BYTES] if codec in _WIDE else sample, codec)
        if scores[codec] > _CERTAIN:
            break
    return scores


def _foreign(sample: bytes, best: str) -> str | None:
    """Name the foreign encoding that bytes are in rather than in the best of those for Chinese."""
    foreign = foreign_codec(sample) or likelier_codec(sample, best)
    # Kana alone are the same in EUC-JP and GB18030.
    same = foreign and sample.decode(foreign, "ignore") == sample.decode(best, "ignore")
    return None if same else foreign


def _of_one_piece(data: bytes, decoded: Decoded) -> Decoded:
    """Check that no line of decoded text would read far better in another encoding.

    GB18030 decodes nearly every line of UTF-8 or Big5; what comes out are rare characters in a row.
    """
    if decoded.encoding in _WIDE:
        return decoded
    if decoded.encoding != "utf-8":
        _check_utf8_runs(data, decoded.encoding)
    at, place, checked = 0, 0, 0  # the same line in the text and in the bytes
    for run in _strange_runs().finditer(decoded.text):
        if run.start() < at:
            continue  # on the line looked at last
        for _ in range(decoded.text.count("\n", at, run.start())):
            place = data.find(b"\n", place) + 1  # no character of these encodings holds one
        at = decoded.text.find("\n", run.end())
        line = _line_at(data, place)
        _check_line(data, line, decoded.encoding)
        checked += 1
        if at < 0 or checked >= _MOST_CHECKED:
            break
        place = line.stop
    return decoded


def _check_utf8_runs(data: bytes, codec: str) -> None:
    """Raise MixedEncodings at the first line of which a part is UTF-8 and reads badly in `codec`.

    The part alone is weighed: beside it a line may hold Chinese in `codec`.
    """
    for match in _UTF8_RUN.finditer(data):
        run = match[0]
        read = ordinariness(run, "utf-8")
        if read <= ORDINARY:
            continue
        # Chinese in `codec` may begin with the first byte or with the second.
        own = max(ordinariness(run, codec), ordinariness(run[1:], codec))
        if read > own + 1:
            raise MixedEncodings(data, codec, _line_at(data, match.start()), "utf-8")


def _check_line(data: bytes, line: slice, codec: str) -> None:
    """Raise MixedEncodings if a line reads like text in another encoding and not in `codec`."""
    part = data[line]
    own = ordinariness(part, codec)
    for other in ("utf-8", *_GB, *_BIG5):
        telling = sum(map(len, TELLING.findall(part.decode(other, "replace"))))
        read = ordinariness(part, other)
        if other != codec and telling >= _TELLING_CHARS and read > max(_SURE, own + 1):
            raise MixedEncodings(data, codec, line, other)


def _line_at(data: bytes, at: int) -> slice:
    """Give the range of the line that holds the byte `at`."""
    end = data.find(b"\n", at)
    return slice(data.rfind(b"\n", 0, at) + 1, len(data) if end < 0 else end)


@lru_cache(maxsize=1)
def _strange_runs() -> re.Pattern[str]:
    """Give what finds rare characters in a row, as hardly any text has them."""
    han = "".join(chr(code) for code in range(0x4E00, 0xA000) if share_of(chr(code)) > RARE)
    known = f"\\s!-~\u00a1-\u04ff\u2010-\u27bf\u3000-\u30ff\uac00-\ud7a3\uff00-\uffef{han}"
    return re.compile(f"[^{known}]{{3,}}")


def _not_by_chance(data: bytes, decoded: Decoded) -> Decoded:
    """Prefer GB18030 for a few bytes that are UTF-8 by chance: 目录 in GBK is also Ŀ¼ in UTF-8."""
    high = b"\n".join(_telling_lines(data))
    if len(high) > _CHANCE_BYTES or ordinariness(high, "utf-8") > _PLAUSIBLE:
        return decoded
    try:
        other = _strict(data, *_GB)
    except UnicodeDecodeError:
        return decoded
    return other if ordinariness(high, "gb18030") > ORDINARY else decoded


def _codec_named(declared: str | None) -> str:
    """Give Python's name of a declared charset; "" for none, or one unknown."""
    try:
        return codecs.lookup((declared or "").strip().strip("\"'")).name
    except LookupError:
        return ""


def _telling_lines(data: bytes) -> Iterator[bytes]:
    """Give the parts of lines from their first non-ASCII byte on, up to the size of a sample.

    Scripts and markup can fill the first megabyte of a page; what tells is elsewhere. A line's
    first such byte begins a character in every encoding tried.
    """
    left = _SAMPLE_BYTES
    for match in _HIGH.finditer(data):
        start, end = match.span()
        yield data[start : min(end, start + left)]
        left -= end - start
        if left <= 0:
            return
