"""What of a document a reader should not see: boilerplate of its page, and injected advertising.

Only ranges are given; the text itself is never altered, so that every quote stays verbatim. Each
range carries the name of its rule, so that what a rule removed can be counted.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from embeddings.words import fold
from qa.boilerplate import find_boilerplate
from qa.errors import ConfigError
from qa.records import Range
from qa.scraps import find_scraps
from qa.spam import find_spam

SOFT_RULES = frozenset({"byline", "related", "filler", "picture number", "scrap"})
"""Rules that guess from form: they are not believed where all rules would take most of a text."""

_MOST = 0.5


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

RULES = SOFT_RULES | {
    "navigation", "contents", "paging", "sharing", "footer", "reprint", "bar", "front matter",
    "entity", "spam", REPEATED, OWN,
}  # fmt: skip
"""Every rule, by the name it may be turned off by."""


@dataclass(frozen=True, slots=True)
class Cleaning:
    """What a user wants otherwise than the rules here.

    Attributes:
        spam: Patterns of the user's own: what they find is noise, as written or folded.
        off: Names of rules that are not applied.
    """

    spam: tuple[re.Pattern[str], ...] = ()
    off: frozenset[str] = frozenset()

    @classmethod
    def of(cls, spam: Iterable[str], off: Iterable[str]) -> Cleaning:
        """Make it of what `qa.toml` holds.

        Raises:
            ConfigError: a pattern is no regular expression, or a rule is unknown.
        """
        patterns = []
        for one in spam:
            try:
                patterns.append(re.compile(one, re.IGNORECASE))
            except re.error as error:
                raise ConfigError(
                    f"spam {one!r} is no pattern ({error}): correct it, or write \\ before signs"
                ) from error
        unknown = sorted(set(off) - RULES)
        if unknown:
            raise ConfigError(f"no rule is called {unknown[0]}: use {', '.join(sorted(RULES))}")
        return cls(tuple(patterns), frozenset(off))


AS_IT_IS = Cleaning()
"""Nothing wanted otherwise."""


def find_noise(
    text: str, cleaning: Cleaning = AS_IT_IS, repeated: Iterable[Range] = ()
) -> tuple[Range, ...]:
    r"""Give the sorted ranges of `text`, apart from each other, that a reader should not see.

    A text without any gives (). `repeated` are ranges that other documents tell to be noise.

    >>> find_noise("首页 > 新闻\n工会开会。\n【打印】【关闭】分享到")
    ((0, 7), (14, 25))
    """
    return _merged((noise.start, noise.end) for noise in find_marks(text, cleaning, repeated))


def find_marks(
    text: str, cleaning: Cleaning = AS_IT_IS, repeated: Iterable[Range] = ()
) -> tuple[Noise, ...]:
    """Give every range with its rule, by start; ranges of different rules may overlap.

    `repeated` are those of the rule `repeated`, which no document tells by itself.
    """
    folded = fold(text)
    marks = [Noise(start, end, rule) for start, end, rule in find_boilerplate(folded)]
    spam = find_spam(folded)
    marks += [Noise(start, end, "spam") for start, end in spam]
    marks += [Noise(start, end, "scrap") for start, end in find_scraps(folded, spam)]
    marks = [noise for noise in marks if noise.rule not in cleaning.off]
    if _letters(text, marks) > _MOST * sum(map(str.isalnum, text)):
        marks = [noise for noise in marks if noise.rule not in SOFT_RULES]
    marks += _own(text, folded, cleaning) if OWN not in cleaning.off else []
    marks += [Noise(*span, REPEATED) for span in repeated if REPEATED not in cleaning.off]
    return tuple(sorted(marks, key=lambda noise: (noise.start, noise.end)))


def _own(text: str, folded: str, cleaning: Cleaning) -> list[Noise]:
    """Give what the user's own patterns find."""
    spans = {
        match.span()
        for pattern in cleaning.spam
        for form in (text, folded)
        for match in pattern.finditer(form)
    }
    return [Noise(*span, OWN) for span in spans]


def _letters(text: str, marks: Iterable[Noise]) -> int:
    """Count the letters and digits that the marks would take."""
    merged = _merged((noise.start, noise.end) for noise in marks)
    return sum(sum(map(str.isalnum, text[start:end])) for start, end in merged)


def _merged(ranges: Iterable[Range]) -> tuple[Range, ...]:
    """Give ranges sorted, with those that touch or overlap made one."""
    merged: list[Range] = []
    for start, end in sorted(ranges):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        elif start < end:
            merged.append((start, end))
    return tuple(merged)
