"""Text as terms: folding that keeps every character's place, and cutting into words.

Index and question go through the same two functions, so that 故宮 finds 故宫 and ＡＢＣ finds abc.
Folding never changes the length: a range found in folded text is the same range in the original.
"""

from __future__ import annotations

import hashlib
import importlib.util
import logging
import re
import threading
import unicodedata
import warnings
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache, lru_cache
from operator import add
from typing import NamedTuple, Protocol

from embeddings.character_table import CharacterTable, code_points, text_of
from embeddings.errors import EmbeddingsError

WORDS_VERSION = "1"
"""Rises with every change to folding or cutting that makes older term indexes wrong."""

HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff〇"
"""Chinese characters, for the inside of a class."""

LATIN = rf"[^\W_{HAN}]+(?:[-._/'][^\W_{HAN}]+)*"
"""A run of letters and digits that are not Chinese: `gpt-4`."""

_RUNS = re.compile(rf"([{HAN}]+)|({LATIN})")
_PARTS = re.compile(r"[-._/']")
# What jieba 0.42.1 takes for Chinese; rjieba takes more, so rarer characters are kept from both.
_DICTIONARY = "\u4e00-\u9fd5"
_APART = re.compile(rf"({LATIN}|(?![{_DICTIONARY}])[{HAN}])")  # no engine is given these
# A line end stands for what is taken out, a tabulator for the end of a text.
_BETWEEN = re.compile(rf"[^{_DICTIONARY}\n\t]+")
_SURROGATES = range(0xD800, 0xE000)
# Longer Latin runs are encodings, keys or garbage, not words; tantivy refuses terms past 64 KB.
LONGEST_RUN = 64
"""So many characters of a Latin run are kept."""

_AT_ONCE_CHARS = 1 << 20
_FEW_CHARS = 120  # a shorter text is sooner done one by one
# What OpenCC 1.4.2 changes in phrases only (破釜沈舟); all else that it changes, it changes alone.
_IN_PHRASES = frozenset("么俱哩坏彷沈甦瞭藉衹覆")


class _Folding(dict[int, str]):
    """The character table of fold, filled as characters are met (`str.translate` reads it)."""

    def __missing__(self, code: int) -> str:
        if code in _SURROGATES:  # half a character: no library below can be given it
            return "\ufffd"
        character = chr(code)
        wide = unicodedata.normalize("NFKC", character)
        if len(wide) != 1:  # ㎡ or …: its compatibility form is longer, so it stays as it is
            wide = character
        lower = wide.lower()
        self[code] = lower if len(lower) == 1 else wide
        return self[code]


class _Simplifying(dict[int, str]):
    """Traditional to Simplified character by character, for texts OpenCC would lengthen."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        simple = _opencc("t2s")(character)
        self[code] = simple if len(simple) == 1 else character
        return self[code]


@cache
def _opencc(table: str) -> Callable[[str], str]:
    import opencc  # 10 ms, and only texts that are folded need it

    convert: Callable[[str], str] = opencc.OpenCC(table).convert
    return convert


_FOLDING = _Folding()
_SIMPLIFYING = _Simplifying()


def _is_moved(code: int) -> int:
    """Say whether OpenCC may put something else in a character's place: 1 or 0."""
    character = chr(code)
    return int(character in _IN_PHRASES or _opencc("t2s")(character) != character)


class _Staying(set[str]):
    """The characters met so far in whose place OpenCC puts nothing else, wherever they stand."""

    def holds(self, text: str) -> bool:
        """Say whether all characters of a text are such."""
        if self.issuperset(text):
            return True
        self.update(one for one in set(text) - self if not _is_moved(ord(one)))
        return self.issuperset(text)


_STAYING = _Staying()
_FOLDED = CharacterTable(lambda code: ord(_FOLDING[code]))
_MOVED = CharacterTable(_is_moved)


def fold(text: str) -> str:
    """Give `text` in lower case, half width and Simplified script, of exactly the same length.

    Compatibility forms (NFKC) are taken only where one character becomes one. Phrases are taken
    into account by OpenCC's t2s; where that would change the length, characters are mapped singly.

    >>> fold("總工會ＡＢＣ")
    '总工会abc'
    """
    if len(text) > _AT_ONCE_CHARS:
        # In parts, which costs less memory; no phrase of OpenCC's goes across a line end.
        return "".join(map(_folded, line_blocks(text, _AT_ONCE_CHARS)))
    return _folded(text)


def _folded(text: str) -> str:
    codes = code_points(text) if len(text) >= _FEW_CHARS else None
    if codes is None:
        plain = text.translate(_FOLDING)
        return plain if plain.isascii() or _STAYING.holds(plain) else _simple(plain)
    folded = _FOLDED.of(codes)
    return _moved_lines(text_of(folded), _MOVED.of(folded).nonzero()[0].tolist())


def _moved_lines(plain: str, places: Sequence[int]) -> str:
    """Give a text with those of its lines simplified in which something stands at a place."""
    parts: list[str] = []
    done = 0
    number = 0
    while number < len(places):
        start = plain.rfind("\n", 0, places[number]) + 1
        end = start
        # Lines side by side go together: a call costs as much as a short line.
        while number < len(places) and plain.find("\n", end, places[number]) < 0:
            end = plain.find("\n", places[number]) + 1 or len(plain)
            number = bisect_left(places, end, number)
        parts += [plain[done:start], _simple(plain[start:end])]
        done = end
    return "".join([*parts, plain[done:]])


def _simple(plain: str) -> str:
    simple = _opencc("t2s")(plain)
    return simple if len(simple) == len(plain) else plain.translate(_SIMPLIFYING)


def line_blocks(text: str, chars: int) -> Iterator[str]:
    r"""Give a text in parts that end with line ends, the first after `chars` characters; "" none.

    >>> list(line_blocks("一\n二二\n三", 2))
    ['一\n二二\n', '三']
    """
    at = 0
    while at < len(text):
        end = text.find("\n", at + chars) + 1 or len(text)
        yield text[at:end]
        at = end


def traditional(text: str) -> str:
    """Give Simplified `text` in Traditional script and in the words used with it.

    Only for words of our own: length and offsets change.

    >>> traditional("没有这个文件")
    '沒有這個檔案'
    """
    return _opencc("s2twp")(text)


def fold_all(texts: Sequence[str]) -> list[str]:
    """Give each text folded; for many short ones a third of the time of folding them singly.

    >>> fold_all(["總工會", "ＡＢＣ"])
    ['总工会', 'abc']
    """
    folded = fold("\n".join(texts))  # no phrase of OpenCC's goes across a line end
    at, parts = 0, []
    for text in texts:
        parts.append(folded[at : at + len(text)])
        at += len(text) + 1
    return parts


def may_be_parted(text: str, at: int) -> bool:
    """Say whether both parts of `text` are folded by themselves as they are within all of it.

    >>> may_be_parted("答覆。回", 3), may_be_parted("答覆。回", 1)
    (True, False)
    """
    # No phrase of OpenCC's goes across a blank or a sign.
    return not (text[at - 1 : at].isalnum() and text[at : at + 1].isalnum())


def bigrams(text: str) -> list[str]:
    """Give the overlapping character pairs of every Han run of folded `text`, and whole Latin runs.

    A run of one character gives itself. They find names that no dictionary knows.

    >>> bigrams("虔能杯ai赛")
    ['虔能', '能杯', 'ai', '赛']
    """
    pairs: list[str] = []
    for han, latin in _RUNS.findall(text):
        if len(han) > 1:
            pairs += map(add, han, han[1:])
        else:
            pairs.append(han or latin[:LONGEST_RUN])
    return pairs


class Cutter(Protocol):
    """Something that cuts folded text into words.

    Attributes:
        name: Which engine cuts: `jieba` or `rjieba`.
        fingerprint: Differs whenever the words of some text would.
    """

    name: str
    fingerprint: str

    def words(self, text: str) -> list[str]:
        """Cut folded `text` in search mode: long words and the shorter words inside them."""
        ...

    def plain(self, text: str) -> list[str]:
        """Cut folded `text` into words that do not overlap."""
        ...


class WordCutter:
    """jieba, or its Rust twin rjieba, with a user's own words (`user_words`, folded and sorted).

    Latin letters and digits are taken out before (the two differ only on them): a run such as
    `gpt-4` gives itself and its parts. Punctuation gives nothing; an empty text gives [].

    Attributes:
        user_words: The user's words, folded, sorted, each once.
    """

    def __init__(self, name: str, user_words: Iterable[str] = ()) -> None:
        self.name = name
        self.user_words = tuple(sorted({w.strip() for w in fold_all([*user_words])} - {""}))
        # The engine is left out: with Latin runs taken out first, jieba 0.42.1 and rjieba 0.2.2
        # gave the same words on 770,000 of 770,000 tokens (docs/decisions.md), so a library made
        # with the one is right with the other.
        key = "\n".join((WORDS_VERSION, *self.user_words))
        self.fingerprint = f"{WORDS_VERSION}-{hashlib.sha256(key.encode()).hexdigest()[:12]}"
        self._engine: _Engine | None = None

    def words(self, text: str) -> list[str]:
        """Cut folded `text` in search mode, in reading order.

        >>> cutter().words("县级工会有gpt-4")
        ['县级', '工会', '有', 'gpt-4', 'gpt', '4']
        """
        return self.joined([text])[0].split()

    def joined(self, texts: Sequence[str]) -> list[str]:
        """Give the `words` of each folded text with blanks between; many take less time together.

        >>> cutter().joined(["县级工会有gpt-4", ""])
        ['县级 工会 有 gpt-4 gpt 4', '']
        """
        return _cut(self._loaded().search, texts, _with_parts)

    def plain(self, text: str) -> list[str]:
        """Cut folded `text` into words that do not overlap, in reading order."""
        return _cut(self._loaded().plain, [text], _whole)[0].split()

    def _loaded(self) -> _Engine:
        if self._engine is None:
            with _LOADING:  # or two threads would read the same dictionary
                self._engine = _engine(self.name, self.user_words)
        return self._engine


def _cut(
    engine: Callable[[str], Sequence[str]], texts: Sequence[str], given: Callable[[str], str]
) -> list[str]:
    """Cut all Chinese runs of all texts at once; give each text's words with blanks between.

    `given` says what a run gives that the engine must not see.
    """
    whole = "\t".join(text.replace("\n", " ").replace("\t", " ") for text in texts)
    parts = _APART.split(whole)  # every second one is apart
    words = " ".join(engine(_BETWEEN.sub(" ", "\n".join(parts[::2]))))
    parts[::2] = words.split("\n")
    parts[1::2] = map(given, parts[1::2])
    # A blank is a word, too: it stands between two that part it from others.
    filled = "".join(parts).replace("   ", " ")
    return [text.strip() for text in filled.split("\t")] if texts else []


def _whole(run: str) -> str:
    return run[:LONGEST_RUN]


@lru_cache(maxsize=4096)  # the same years and amounts come again and again
def _with_parts(run: str) -> str:
    parts = [] if run.isalnum() else _PARTS.split(run)
    return " ".join([run[:LONGEST_RUN], *(part[:LONGEST_RUN] for part in parts)])


def cutter(name: str | None = None, user_words: Iterable[str] = ()) -> WordCutter:
    """Give a word cutter; `name` defaults to rjieba when it is installed (17 times faster).

    The dictionary is read at the first cut (0.8 s for jieba, 0.1 s for rjieba), not here.

    Raises:
        EmbeddingsError: `name` is unknown, or is rjieba and that is not installed.
    """
    installed = importlib.util.find_spec("rjieba") is not None
    chosen = name or ("rjieba" if installed else "jieba")
    if chosen not in _ENGINES:
        raise EmbeddingsError(f"no word cutter is called {chosen}: choose jieba or rjieba")
    if chosen == "rjieba" and not installed:
        raise EmbeddingsError('rjieba is not installed: pip install "cited-qa[fast]"')
    return WordCutter(chosen, user_words)


class _Engine(NamedTuple):
    """The two functions that are used of jieba and of rjieba."""

    plain: Callable[[str], Sequence[str]]
    search: Callable[[str], Sequence[str]]


def _jieba(user_words: Sequence[str]) -> _Engine:
    # jieba 0.42.1 has invalid escapes and imports pkg_resources: warnings that are not ours.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import jieba
    jieba.setLogLevel(logging.ERROR)
    tokenizer = jieba.Tokenizer()
    tokenizer.initialize()
    for word in user_words:
        tokenizer.add_word(word)
    return _Engine(tokenizer.lcut, tokenizer.lcut_for_search)


def _rjieba(user_words: Sequence[str]) -> _Engine:
    import rjieba

    # Importing it makes a dictionary. A second one, a tenth of a second and tens of MB more, is
    # only needed for words to be added, which nobody else must see.
    if not user_words:
        return _Engine(rjieba.cut, rjieba.cut_for_search)
    engine = rjieba.Jieba()
    for word in user_words:
        engine.add_word(word, None, None)
    return _Engine(engine.cut, engine.cut_for_search)


_LOADING = threading.Lock()


@lru_cache(maxsize=2)  # a dictionary takes about 100 MB; the libraries of a process share it
def _engine(name: str, user_words: tuple[str, ...]) -> _Engine:
    return _ENGINES[name](user_words)


_ENGINES: dict[str, Callable[[Sequence[str]], _Engine]] = {"jieba": _jieba, "rjieba": _rjieba}
