"""The tokenizer: jieba's words with counts from the corpora, folding included.

A Hugging Face Unigram model over word probabilities finds the most probable way to cut a run, which
is what jieba does without its hidden Markov model. Folding (`embeddings.words.fold`, character by
character) is compiled into the normalizer, so that plain sentence-transformers, which knows nothing
of this project, cuts raw text the same way.
"""

from __future__ import annotations

import math
import re
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers

from embeddings.words import fold

UNKNOWN = "<unk>"
_BYTES = [f"<0x{byte:02X}>" for byte in range(256)]
_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff〇]+")
_LATIN = re.compile(r"[^\W_\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff〇]+")
_SEPARATORS = r"[^\p{L}\p{N}\p{M}]+"
_LONGEST_HAN = 4
_LONGEST_LATIN = 12
# jieba's dictionary was counted on general text; this share of it keeps words that the corpora lack.
_DICTIONARY_SHARE = 0.3


def count_words(texts: Iterable[str]) -> Counter[str]:
    """Count the words of `texts`: jieba's for Han runs, whole runs for Latin letters and digits."""
    import rjieba

    cut = rjieba.Jieba().cut
    counts: Counter[str] = Counter()
    for text in texts:
        folded = fold(text)
        counts.update(_LATIN.findall(folded))
        for run in _HAN.findall(folded):
            counts.update(cut(run, False))
    return counts


def dictionary() -> dict[str, int]:
    """Give jieba's own words, folded, with their frequencies."""
    import jieba

    lines = (Path(jieba.__file__).parent / "dict.txt").read_text(encoding="utf-8").splitlines()
    found: Counter[str] = Counter()
    for line in lines:
        word, frequency, _tag = line.split(" ")
        found[fold(word)] += int(frequency)
    return dict(found)


def choose_pieces(counts: Counter[str], *, size: int) -> dict[str, float]:
    """Choose the `size` pieces with the highest counts and give their log probabilities.

    Every Han character, letter and digit that was seen twice is a piece, so that no common text
    falls through to bytes. Longer words are left to be made of shorter ones.
    """
    known = dictionary()
    share = _DICTIONARY_SHARE * sum(counts.values()) / sum(known.values())
    weights = {word: counts[word] + share * known.get(word, 0) for word in known.keys() | counts.keys()}
    characters: Counter[str] = Counter()
    for word, weight in weights.items():
        for character in word:
            characters[character] += weight / 8  # type: ignore[assignment]  # weights, not counts
    singles = {c: w + weights.get(c, 0) for c, w in characters.items() if w >= 0.5}
    words = {w: n for w, n in weights.items() if len(w) > 1 and len(w) <= _longest(w)}
    best = sorted(words, key=lambda word: (-words[word], word))[: max(0, size - len(singles))]
    chosen = singles | {word: words[word] for word in best}
    total = sum(chosen.values())
    return {piece: math.log(max(weight, 1e-2) / total) for piece, weight in chosen.items()}


def _longest(word: str) -> int:
    return _LONGEST_HAN if _HAN.match(word) else _LONGEST_LATIN


def build_tokenizer(pieces: dict[str, float]) -> Tokenizer:
    """Make the tokenizer of the chosen pieces; characters that no piece has become their bytes."""
    floor = min(pieces.values()) - 10.0
    vocabulary = [(UNKNOWN, floor), *((byte, floor) for byte in _BYTES), *sorted(pieces.items())]
    tokenizer = Tokenizer(models.Unigram(vocabulary, unk_id=0, byte_fallback=True))
    tokenizer.normalizer = normalizers.Precompiled(folding_charsmap())
    tokenizer.pre_tokenizer = pre_tokenizers.Split(Regex(_SEPARATORS), "removed")
    return tokenizer


def folding_charsmap() -> bytes:
    """Compile `fold`, character by character, into the form that tokenizers' normalizer reads.

    The SentencePiece trainer is the only public compiler of that form, so a toy model is trained
    and the map is taken out of it.
    """
    import sentencepiece

    rules = [f"{code:X}\t{ord(fold(chr(code))):X}\n" for code in range(0x21, sys.maxunicode)
             if not 0xD800 <= code < 0xE000 and fold(chr(code)) != chr(code)]  # noqa: PLR2004
    with tempfile.TemporaryDirectory() as folder:
        rule_file = Path(folder) / "fold.tsv"
        rule_file.write_text("".join(rules), encoding="utf-8")
        text = Path(folder) / "toy.txt"
        text.write_text("\n".join(f"toy {number}" for number in range(1000)), encoding="utf-8")
        sentencepiece.SentencePieceTrainer.train(
            input=str(text), model_prefix=f"{folder}/toy", vocab_size=30, hard_vocab_limit=False,
            normalization_rule_tsv=str(rule_file), minloglevel=2)
        return _charsmap_of((Path(folder) / "toy.model").read_bytes())


def _charsmap_of(model: bytes) -> bytes:
    """Take field 2 of field 3 (normalizer_spec.precompiled_charsmap) out of a protocol buffer."""
    return _field(_field(model, 3), 2)


def _field(message: bytes, wanted: int) -> bytes:
    place = 0
    while place < len(message):
        key, place = _varint(message, place)
        kind = key & 7
        if kind == 2:  # noqa: PLR2004  # a length and that many bytes
            length, place = _varint(message, place)
            if key >> 3 == wanted:
                return message[place : place + length]
            place += length
        elif kind == 0:
            _, place = _varint(message, place)
        else:
            place += {1: 8, 5: 4}[kind]
    raise ValueError(f"the message has no field {wanted}")


def _varint(message: bytes, place: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = message[place]
        value |= (byte & 0x7F) << shift
        place += 1
        if byte < 0x80:  # noqa: PLR2004
            return value, place
        shift += 7
