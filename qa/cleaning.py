"""What of a document a reader should not see: boilerplate of its page, and injected advertising.

Only ranges are given; the text itself is never altered, so that every quote stays verbatim. Each
range carries the name of its rule, so that what a rule removed can be counted.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from embeddings.words import fold
from qa.boilerplate import find_boilerplate
from qa.errors import ConfigError
from qa.patterns import Own, Pattern, compiled, find_own, merged
from qa.records import Range
from qa.scraps import find_scraps
from qa.seams import seams
from qa.spam import find_spam

SOFT_RULES = frozenset({"byline", "related", "filler", "picture number", "scrap"})
"""Rules that guess from form: they are not believed where all rules would take most of a text."""

_MOST = 0.5
_KEPT_CHARS = 4_000_000
_LETTER = re.compile(r"[^\W_]")  # what str.isalnum is true of
_NOTHING_LEFT = "nothing in it can be found: it is all signs, or taken for noise (see rules_off)"


@dataclass(frozen=True, slots=True)
class Noise:
    """A stretch of text that a reader should not see, and the rule that says so."""

    start: int
    end: int
    rule: str


REPEATED = "repeated"
"""The rule of lines that the files of a folder repeat, which `qa.settling` finds."""

OWN = "own"
"""The rule of what the user's own patterns find."""

SEAM = "line end"
"""The rule of line ends in mid-sentence, where a text was broken at a fixed width."""

RULES = SOFT_RULES | {
    "navigation", "contents", "paging", "sharing", "footer", "reprint", "bar", "front matter",
    "entity", "page", "spam", REPEATED, OWN, SEAM,
}  # fmt: skip
"""Every rule, by the name it may be turned off by."""


@dataclass(frozen=True, slots=True)
class Cleaning:
    """What a user wants otherwise than the rules here.

    Attributes:
        spam: Patterns of the user's own: what they find is noise, as written or folded.
        off: Names of rules that are not applied.
    """

    spam: tuple[Pattern, ...] = ()
    off: frozenset[str] = frozenset()

    @classmethod
    def of(cls, spam: Iterable[str], off: Iterable[str]) -> Cleaning:
        """Make it of what `qa.toml` holds.

        Raises:
            ConfigError: a pattern is no regular expression, or a rule is unknown.
        """
        unknown = sorted(set(off) - RULES)
        if unknown:
            raise ConfigError(f"no rule is called {unknown[0]}: use {', '.join(sorted(RULES))}")
        return cls(compiled(spam), frozenset(off))


AS_IT_IS = Cleaning()
"""Nothing wanted otherwise."""


@dataclass(frozen=True, slots=True)
class Cleaned:
    """What of a text a reader should not see.

    Attributes:
        noise: The ranges, sorted and apart from each other.
        marks: Every range with its rule, by start; those of different rules may overlap.
        notes: Which of the user's patterns were not applied, and why; that nothing is left to be
            found. One line each.
        folded: The text folded, as it was for this; "" where it is too long to be kept.
    """

    noise: tuple[Range, ...]
    marks: tuple[Noise, ...]
    notes: tuple[str, ...] = ()
    folded: str = ""


def find_noise(
    text: str, cleaning: Cleaning = AS_IT_IS, repeated: Iterable[Range] = ()
) -> tuple[Range, ...]:
    r"""Give the sorted ranges of `text`, apart from each other, that a reader should not see.

    A text without any gives (). `repeated` are ranges that other documents tell to be noise.

    >>> find_noise("首页 > 新闻\n工会开会。\n【打印】【关闭】分享到")
    ((0, 7), (14, 25))
    """
    return clean(text, cleaning, repeated).noise


def clean(text: str, cleaning: Cleaning = AS_IT_IS, repeated: Iterable[Range] = ()) -> Cleaned:
    """Find what a reader should not see, and say which patterns could not be applied."""
    folded = fold(text)
    marks = [Noise(start, end, rule) for start, end, rule in find_boilerplate(folded)]
    spam = find_spam(folded)
    marks += [Noise(start, end, "spam") for start, end in spam]
    marks += [Noise(start, end, "scrap") for start, end in find_scraps(folded, spam)]
    marks = [noise for noise in marks if noise.rule not in cleaning.off]
    if marks and _letters(text, _ranges(marks)) > _MOST * _letters(text, [(0, len(text))]):
        marks = [noise for noise in marks if noise.rule not in SOFT_RULES]
    own = Own()
    if cleaning.spam and OWN not in cleaning.off:
        own = find_own((text, folded), cleaning.spam, _ranges(marks))
        marks += [Noise(start, end, OWN) for start, end in own.ranges]
    marks += [Noise(*span, REPEATED) for span in repeated if REPEATED not in cleaning.off]
    if SEAM not in cleaning.off:
        marks += _seams(text, _ranges(marks))
    marks.sort(key=lambda noise: (noise.start, noise.end))
    noise = _ranges(marks)
    notes = own.notes if _is_left(text, noise) else (*own.notes, _NOTHING_LEFT)
    return Cleaned(noise, tuple(marks), notes, folded if len(folded) <= _KEPT_CHARS else "")


def _seams(text: str, noise: Iterable[Range]) -> list[Noise]:
    """Give the seams of a text, save those in or beside other noise, where no sentence is whole."""
    found = seams(text)
    if not found:
        return []
    hidden = {at for start, end in noise for at in range(start, end + 1)}
    return [Noise(a, b, SEAM) for a, b in found if a not in hidden and b not in hidden]


def _letters(text: str, ranges: Iterable[Range]) -> int:
    """Count the letters and digits in ranges."""
    return sum(sum(map(str.isalnum, text[start:end])) for start, end in ranges)


def _is_left(text: str, noise: Sequence[Range]) -> bool:
    """Say whether a letter or digit stands outside the noise."""
    starts = (0, *(end for _, end in noise))
    ends = (*(start for start, _ in noise), len(text))
    return any(_LETTER.search(text, *gap) for gap in zip(starts, ends, strict=True))


def _ranges(marks: Iterable[Noise]) -> tuple[Range, ...]:
    return merged((noise.start, noise.end) for noise in marks)
