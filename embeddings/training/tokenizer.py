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
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

from tokenizers import Encoding, Regex, Tokenizer, models, normalizers, pre_tokenizers

from embeddings.words import fold

UNKNOWN = "<unk>"
_BYTES = [f"<0x{byte:02X}>" for byte in range(256)]
_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff〇]+")
_LATIN = re.compile(r"[^\W_\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff〇]+")
_SEPARATORS = r"[^\p{L}\p{N}\p{M}]+"
_LONGEST_HAN = 4
_PART_LENGTHS = (2, 3, 4)
_PARTS_OF_LATIN = 4_000
# A pair of characters becomes a piece when it was met this often, and this many times as often as
# chance would have it: names such as 沃登 do, 的一 does not.
_PAIR_COUNT = 8
_PAIR_LIFT = 8.0
# Texts cut at once: what the tokenizer gives for all of them would take gigabytes.
_PORTION = 10_000
_LEAST = 0.5
_SURROGATES = range(0xD800, 0xE000)
_NO_CHARACTER = frozenset({"Cn", "Co"})  # unassigned, or of anybody's own
_LONGEST_LATIN = 12
# jieba's dictionary was counted on general text; this share keeps words that the corpora lack.
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
    # Sorted, because sums of fractions depend on their order, and a set's order on the process.
    every = sorted(known.keys() | counts.keys())
    weights = {word: counts[word] + share * known.get(word, 0) for word in every}
    characters: Counter[str] = Counter()
    for word, weight in weights.items():
        for character in word:
            characters[character] += weight / 8  # type: ignore[assignment]  # weights, not counts
    singles = {c: w + weights.get(c, 0) for c, w in characters.items() if w >= _LEAST}
    words = {w: n for w, n in weights.items() if len(w) > 1 and len(w) <= _longest(w)}
    # A group of letters must never win against a whole word that is known.
    groups = {
        part: count / 1000 for part, count in _latin_parts(counts).most_common(_PARTS_OF_LATIN)
    }
    best = sorted(words, key=lambda word: (-words[word], word))
    best = best[: max(0, size - len(singles) - len(groups))]
    chosen = singles | groups | {word: words[word] for word in best}
    total = sum(chosen.values())
    return {piece: math.log(max(weight, 1e-2) / total) for piece, weight in chosen.items()}


def add_pairs(
    pieces: dict[str, float], tokenizer: Tokenizer, texts: Iterable[str], *, size: int
) -> dict[str, float]:
    """Add the `size` most frequent pairs of characters that `tokenizer` leaves single.

    They are mostly parts of names which no dictionary knows: 沃登, 塔克.
    """
    singles, pairs = _count_singles(tokenizer, texts)
    total = sum(singles.values())
    likely = {
        left + right: count
        for (left, right), count in pairs.items()
        if count >= _PAIR_COUNT and count * total >= _PAIR_LIFT * singles[left] * singles[right]
    }
    best = sorted(likely, key=lambda pair: (-likely[pair], pair))[:size]
    return {pair: math.log(likely[pair] / total) for pair in best} | pieces


def _count_singles(
    tokenizer: Tokenizer, texts: Iterable[str]
) -> tuple[Counter[str], Counter[tuple[str, str]]]:
    """Count tokens, and the neighbours of one Han character each within a run."""
    tokens: Counter[str] = Counter()
    pairs: Counter[tuple[str, str]] = Counter()
    for encoding in _encodings(tokenizer, texts):
        found, runs = encoding.tokens, encoding.word_ids
        tokens.update(found)
        for place in range(1, len(found)):
            left, right = found[place - 1], found[place]
            if (
                len(left) == len(right) == 1
                and runs[place - 1] == runs[place]
                and _HAN.match(left)
                and _HAN.match(right)
            ):
                pairs[left, right] += 1
    return tokens, pairs


def _encodings(tokenizer: Tokenizer, texts: Iterable[str]) -> Iterator[Encoding]:
    waiting = iter(texts)
    while portion := list(islice(waiting, _PORTION)):
        yield from tokenizer.encode_batch(portion, add_special_tokens=False)


def _latin_parts(counts: Counter[str]) -> Counter[str]:
    """Count the letter groups of Latin words, so that an unknown word is not cut into letters."""
    parts: Counter[str] = Counter()
    for word, count in counts.items():
        if word.isascii() and word.isalpha():
            for length in _PART_LENGTHS:
                for start in range(len(word) - length + 1):
                    parts[word[start : start + length]] += count
    return parts


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

    every = (chr(code) for code in range(0x21, sys.maxunicode) if code not in _SURROGATES)
    # Asked first because it is far quicker: most codes stand for no character yet.
    folded = ((one, fold(one)) for one in every if unicodedata.category(one) not in _NO_CHARACTER)
    rules = [f"{ord(one):X}\t{ord(other):X}\n" for one, other in folded if one != other]
    with tempfile.TemporaryDirectory() as folder:
        rule_file = Path(folder) / "fold.tsv"
        rule_file.write_text("".join(rules), encoding="utf-8")
        text = Path(folder) / "toy.txt"
        text.write_text("\n".join(f"toy {number}" for number in range(1000)), encoding="utf-8")
        sentencepiece.SentencePieceTrainer.train(
            input=str(text),
            model_prefix=f"{folder}/toy",
            vocab_size=30,
            hard_vocab_limit=False,
            normalization_rule_tsv=str(rule_file),
            minloglevel=2,
        )
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
