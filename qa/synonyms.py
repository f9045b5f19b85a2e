"""Synonyms that the user gives: which words of a question also stand for which others.

The file is in Solr's format, widened for Chinese. A line is a group whose words stand for each
other (`会费, 工会经费`), or says that the words before `=>` also look for those behind it and not
the other way round (`困难职工 => 特困职工`). Words are parted by `,`, `，` or `、`; where a line
has none of these and no `=>`, by blanks. What follows `#` is a comment.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from embeddings.words import fold_all
from qa.errors import ConfigError
from qa.user_files import Followed, OwnFile, read_lines

LONGEST = 40
"""Characters of a word."""

MOST = 100
"""Words of a line: each stands for every other, so what a line costs grows with their square."""

_ARROW = "=>"
_BETWEEN = re.compile(r"[,，、]")
_NONE: Mapping[str, tuple[str, ...]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Synonyms:
    """Words, and what else each of them looks for.

    Attributes:
        others: Folded word to its synonyms, folded, in the order of the file, each once.
        lines: How many lines say something.
        longest: Characters of the longest of the words; 0 without any.
        everyday: Those that ship with the package, looked for after these; None for none.
    """

    others: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: _NONE)
    lines: int = 0
    longest: int = field(default=0, compare=False)
    everyday: Synonyms | None = None

    @classmethod
    def of(cls, lines: Iterable[str], source: str = "synonyms") -> Synonyms:
        """Read lines.

        >>> Synonyms.of(["會費, 工会经费", "困难职工 => 特困职工 # 新叫法"]).others
        {'会费': ('工会经费',), '工会经费': ('会费',), '困难职工': ('特困职工',)}

        Args:
            lines: As in a file.
            source: Its name, for errors.

        Raises:
            ConfigError: a line cannot be used; the message names it and says why.
        """
        others: dict[str, dict[str, None]] = {}
        said = 0
        # Folded together: it takes a third of the time of folding every word.
        plain = fold_all([line.partition("#")[0].strip() for line in lines])
        for number, text in enumerate(plain, start=1):
            if not text:
                continue
            said += 1
            try:
                asked, meant = _sides(text)
            except ValueError as error:
                raise ConfigError(f"{source}, line {number}: {error}") from error
            for word in asked:
                known = others.setdefault(word, {})
                for other in meant:  # a generator takes half as long again
                    if other != word:
                        known[other] = None
        found = {word: tuple(known) for word, known in others.items()}
        return cls(found, said, max(map(len, found), default=0))

    @property
    def lists(self) -> tuple[Synonyms, ...]:
        """Give the lists in force, those of the user first."""
        return (self, self.everyday) if self.everyday else (self,)

    def __contains__(self, word: str) -> bool:
        """Say whether a folded word has synonyms in any list."""
        return any(word in one.others for one in self.lists)

    def pairs(self, words: Sequence[str]) -> tuple[tuple[str, str], ...]:
        """Give words with what each looks for, each pair once, the user's before all others."""
        found = (
            (word, other)
            for one in self.lists
            for word in words
            for other in one.others.get(word, ())
        )
        return tuple(dict.fromkeys(found))


def read_synonyms(file: Path) -> Synonyms:
    """Read a file of synonyms.

    Raises:
        ConfigError: it cannot be read as UTF-8, or a line of it cannot be used.
    """
    return Synonyms.of(read_lines(file, "synonyms"), str(file))


def following_synonyms(source: OwnFile) -> Callable[[], Synonyms]:
    """Give what gives the synonyms in force: of a file as it is by then, or of lines, or none.

    Raises:
        ConfigError: as `read_synonyms`.
    """
    if isinstance(source, Path) or (source and isinstance(source, str)):
        return Followed(source, read_synonyms).latest
    fixed = Synonyms.of(source or ())
    return lambda: fixed


def _sides(text: str) -> tuple[list[str], list[str]]:
    """Give the words of a question that a line is about, and what they look for.

    Raises:
        ValueError: the line cannot be used.
    """
    before, arrow, behind = text.partition(_ARROW)
    if _ARROW in behind:
        raise ValueError(f"it has more than one {_ARROW}: write one line for each")
    if not arrow:
        words = _words(text if _BETWEEN.search(text) else re.sub(r"\s+", ",", text))
        _check_number(words)
        if len(words) < 2:  # noqa: PLR2004
            raise ValueError("it holds one word only: write the words that mean the same beside it")
        return words, words
    asked, meant = _words(before), _words(behind)
    _check_number([*asked, *meant])
    if not asked or not meant:
        raise ValueError(f"a side of {_ARROW} is empty: write words on both")
    return asked, meant


def _check_number(words: Sequence[str]) -> None:
    if len(words) > MOST:
        raise ValueError(f"it holds {len(words)} words, more than {MOST}: write several lines")


def _words(text: str) -> list[str]:
    """Give the words of folded text, each once, in order."""
    found: dict[str, None] = {}
    for part in _BETWEEN.split(text):
        word = " ".join(part.split())
        if not word:
            continue
        if len(word) > LONGEST:
            raise ValueError(f"{word[:LONGEST]}… is longer than {LONGEST} characters: shorten it")
        if not word.isalnum() and not any(map(str.isalnum, word)):
            raise ValueError(f"{word} holds no letter and no character: take it out")
        found[word] = None
    return list(found)
