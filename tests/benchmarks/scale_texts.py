"""Texts for libraries of any size: real ones, varied where they are not enough, or made ones.

`write_texts` fills a folder with text files, one a text: its title, then what it says. From a
folder of `.jsonl.xz` (`{"title", "text"}` a line) all texts are taken in a shuffled order, and
where that is not enough all of them again, each as another text: one in three of its words of two
or more characters becomes a neighbour in jieba's dictionary (same part of speech, as long, about as
frequent), the same one all through the text, and its digits are moved on. So lengths, sentences and
the frequencies of words stay those of real text, while no sentence that says something stands twice
in the same words.

Without such a folder, texts are made: words of jieba's dictionary by Zipf's law (the n-th most
frequent with a weight of 1/n), some of them the words of the text's own subject, and now and then a
number, a date or a place, which can be asked for.

All of it is seeded: the same size gives the same files, and a larger size begins with them.
"""

from __future__ import annotations

import json
import lzma
import random
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from zlib import crc32

import numpy as np

from qa.records import Document
from qa.splitting import split

SEED = 8
_TRIED = 300  # texts that say how many characters make a passage
_NEIGHBOURS = 24  # places in the dictionary that a word may move on by
_IN_FOLDER = 1_000
_NAME_CHARS = 40
_DIGITS = "0123456789"

_UNITS = "元 家 个 名 项 次 件 天 公里 平方米 吨 岁 条 种".split()  # noqa: SIM905
_ENDS = "市 县 区 街道 中心 广场 大厅 车站".split()  # noqa: SIM905
_SUBJECT_WORDS, _SUBJECT_SHARE, _COMMON = 40, 0.3, 100_000

Text = tuple[str, str]  # title, text


def write_texts(folder: Path, passages: int, source: Path | None) -> int:
    """Write as many texts as make about so many passages; give the characters written."""
    wanted = passages * _passage_chars(source)
    written = 0.0
    for number, (title, text) in enumerate(texts(source)):
        below = folder / f"{number // _IN_FOLDER:04d}"
        below.mkdir(parents=True, exist_ok=True)
        name = "".join(char for char in title if char.isalnum())[:_NAME_CHARS]
        whole = f"{title}\n\n{text}\n"
        (below / f"{number:07d} {name}.txt").write_text(whole, encoding="utf-8", newline="\n")
        written += len(whole)
        if written >= wanted:
            break
    return round(written)


def texts(source: Path | None) -> Iterator[Text]:
    """Give titles and texts, ever more."""
    if source is None:
        yield from map(_made, count())
        return
    known = _read(source)
    random.Random(SEED).shuffle(known)
    for turn in count():
        for number, (title, text) in enumerate(known):
            seed = crc32(f"{turn} {number}".encode())
            yield (title, text) if turn == 0 else _varied(title, text, seed)


def _passage_chars(source: Path | None) -> float:
    """Say how many characters a passage takes, with titles and headings."""
    chars = passages = 0
    for (title, text), _ in zip(texts(source), range(_TRIED), strict=False):
        document = Document.from_text(f"{title}\n\n{text}\n", path="a.txt", title=title)
        chars += len(document.text)
        passages += len(split(document))
    return chars / passages


def _read(source: Path) -> list[Text]:
    found: list[Text] = []
    for file in sorted(source.glob("*.jsonl.xz")):
        with lzma.open(file, "rt", encoding="utf-8") as lines:
            for line in lines:
                one = json.loads(line)
                title = " ".join(str(one.get("title") or "").split())
                found.append((title or str(one["text"])[:20].strip(), str(one["text"])))
    if not found:
        raise SystemExit(f"{source} holds no .jsonl.xz with texts")
    return found


@cache
def _dictionary() -> tuple[list[str], dict[str, int]]:
    """Give jieba's words so that like stand beside like, and where each one stands."""
    words = sorted(_entries(), key=lambda one: (one[2], len(one[0]), one[1], one[0]))
    ordered = [word for word, _, _ in words]
    return ordered, {word: place for place, word in enumerate(ordered)}


def _entries() -> list[tuple[str, int, str]]:
    """Give word, frequency and part of speech of all words of two or more characters."""
    import jieba

    lines = Path(jieba.__file__).with_name("dict.txt").read_text(encoding="utf-8").splitlines()
    parts = (line.split(" ") for line in lines)
    return [(one[0], int(one[1]), one[2]) for one in parts if len(one[0]) > 1]


@cache
def _cut() -> Callable[[str], Iterable[str]]:
    """Give what cuts into words and loses no character: rjieba, which is far faster, or jieba."""
    if find_spec("rjieba"):
        import rjieba

        return lambda text: rjieba.cut(text)
    import jieba

    return lambda text: jieba.cut(text)


def _varied(title: str, text: str, seed: int) -> Text:
    """Give another text of the same kind."""
    ordered, places = _dictionary()
    shift = seed % 9 + 1
    digits = str.maketrans(_DIGITS, _DIGITS[shift:] + _DIGITS[:shift])
    chosen: dict[str, str] = {}
    out = []
    for word in _cut()(f"{title}\n{text}"):
        other = chosen.get(word)
        if other is None:
            draw, place = crc32(word.encode(), seed), places.get(word)
            if place is None or draw % 3:
                other = word.translate(digits)
            else:
                other = ordered[(place + 1 + draw // 3 % _NEIGHBOURS) % len(ordered)]
            chosen[word] = other
        out.append(other)
    new_title, _, new_text = "".join(out).partition("\n")
    return new_title, new_text


@cache
def _frequent() -> tuple[list[str], np.ndarray]:
    """Give the words, most frequent first, and the sums of their weights up to each."""
    words = [word for word, _, _ in sorted(_entries(), key=lambda one: (-one[1], one[0]))]
    return words, np.cumsum(1 / np.arange(1, len(words) + 1))


def _made(number: int) -> Text:
    words, sums = _frequent()
    chance = np.random.default_rng([SEED, number])
    subject = [words[at] for at in chance.integers(200, _COMMON, _SUBJECT_WORDS)]
    paragraphs = []
    for _ in range(int(chance.integers(1, 12))):
        sentences = [_sentence(chance, words, sums, subject) for _ in range(chance.integers(4, 9))]
        paragraphs.append("".join(sentences))
    return "".join(subject[:4]), "\n".join(paragraphs)


def _sentence(
    chance: np.random.Generator, words: list[str], sums: np.ndarray, subject: list[str]
) -> str:
    size = int(chance.integers(8, 20))
    drawn = np.searchsorted(sums, chance.random(size) * sums[-1])
    own = chance.random(size) < _SUBJECT_SHARE
    chosen = [
        subject[int(chance.integers(0, len(subject)))] if mine else words[int(at)]
        for at, mine in zip(drawn, own, strict=True)
    ]
    for place in range(6, size - 2, 6):
        chosen[place] += "，"
    fact = int(chance.integers(0, 8))
    middle = size // 2
    if fact == 0:
        chosen[middle] += f"{chance.integers(2, 9_000)}{_UNITS[chance.integers(0, len(_UNITS))]}"
    elif fact == 1:
        year, month, day = (
            chance.integers(1990, 2026),
            chance.integers(1, 13),
            chance.integers(1, 29),
        )
        chosen[middle] += f"{year}年{month}月{day}日"
    elif fact == 2:
        chosen[-1] += f"在{words[int(drawn[0])]}{_ENDS[chance.integers(0, len(_ENDS))]}举行"
    return "".join(chosen) + "。"
