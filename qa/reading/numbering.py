"""The numbers that Word puts before paragraphs by itself: 第一章, 一、, （二）, 3. and the like.

They stand nowhere in a paragraph's text, yet every reader sees them and headings are told by them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
"""The namespace of Word's elements, as lxml writes it."""

_HAN = "零一二三四五六七八九"
_LEGAL = "零壹贰叁肆伍陆柒捌玖"
_STEMS, _BRANCHES = "甲乙丙丁戊己庚辛壬癸", "子丑寅卯辰巳午未申酉戌亥"
_ROMAN = ((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))
_CIRCLED = 20
_ANEW = -1  # stands among the levels of a list that does not go on where another stopped
_WIDE = str.maketrans("0123456789", "０１２３４５６７８９")


def chinese_number(number: int, *, digits: str = _HAN, units: str = "十百千") -> str:
    """Write a number below 10,000 in Chinese; a larger one stays in figures.

    >>> chinese_number(12), chinese_number(105), chinese_number(20)
    ('十二', '一百零五', '二十')
    """
    if not 0 < number < 10_000:  # noqa: PLR2004
        return str(number)
    text = ""
    for place, digit in enumerate(reversed(str(number))):
        unit = units[place - 1] if place and digit != "0" else ""
        text = digits[int(digit)] + unit + text
    text = re.sub(f"{digits[0]}+", digits[0], text).rstrip(digits[0])
    ten = digits[1] + units[0]
    return text[1:] if text.startswith(ten) and digits is _HAN else text


def _roman(number: int) -> str:
    text = ""
    for value, sign in _ROMAN:
        while number >= value and len(text) < _CIRCLED:
            text, number = text + sign, number - value
    return text


def _letters(number: int) -> str:
    return chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1)


def _circled(number: int) -> str:
    return chr(ord("①") + number - 1) if 0 < number <= _CIRCLED else f"({number})"


_COUNTED = (
    "chineseCounting", "chineseCountingThousand", "taiwaneseCounting", "taiwaneseCountingThousand",
    "ideographDigital", "japaneseCounting", "japaneseDigitalTenThousand", "taiwaneseDigital",
)  # fmt: skip
_STYLES: Mapping[str, Callable[[int], str]] = MappingProxyType(
    {
        "lowerLetter": _letters,
        "upperLetter": lambda number: _letters(number).upper(),
        "lowerRoman": _roman,
        "upperRoman": lambda number: _roman(number).upper(),
        "decimalFullWidth": lambda number: str(number).translate(_WIDE),
        "decimalZero": lambda number: f"{number:02}",
        "decimalEnclosedCircle": _circled,
        "decimalEnclosedCircleChinese": _circled,
        "decimalEnclosedParen": lambda number: f"({number})",
        "decimalEnclosedFullstop": lambda number: f"{number}.",
        "ideographTraditional": lambda number: _STEMS[(number - 1) % 10],
        "ideographZodiac": lambda number: _BRANCHES[(number - 1) % 12],
        "chineseLegalSimplified": lambda n: chinese_number(n, digits=_LEGAL, units="拾佰仟"),
        **dict.fromkeys(_COUNTED, chinese_number),
    }
)


@dataclass(frozen=True, slots=True)
class _Level:
    """How one level of a list is numbered.

    Attributes:
        start: Its first number.
        style: Word's name for how a number is written.
        pattern: What stands around the numbers: `第%1章`.
        figures: Whether those of outer levels are in figures here: 1.1 below 第一章.
    """

    start: int
    style: str
    pattern: str
    figures: bool = False


@dataclass(slots=True)
class Numbering:
    """Gives the number of one paragraph after the other; lists go on where they stopped."""

    _lists: Mapping[str, tuple[str, Mapping[int, _Level]]]
    _counts: dict[str, dict[int, int]] = field(default_factory=dict)
    _started: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, root: Any) -> Numbering:  # noqa: ANN401 - lxml has no types
        """Read the definitions of lists; `root` is None where a file has none."""
        if root is None:
            return cls({})
        kinds = {one.get(f"{W}abstractNumId"): _levels(one) for one in root.iter(f"{W}abstractNum")}
        lists = {}
        for one in root.iterchildren(f"{W}num"):
            kind = value_of(one, "abstractNumId")
            base = kinds.get(kind, {})
            lists[one.get(f"{W}numId")] = (kind, {**base, **_overrides(one, base)})
        return cls(lists)

    def next(self, list_id: str, level: int) -> str:
        """Give what stands before the next paragraph of a list; "" for no such list.

        A bullet is given as `- `.
        """
        kind, levels = self._lists.get(list_id, ("", {}))
        own = levels.get(level)
        counts = self._counts.setdefault(kind, {})
        if list_id not in self._started and _ANEW in levels:
            counts.clear()
        self._started.add(list_id)
        if own is None or own.style == "none":
            return ""
        counts[level] = counts.get(level, own.start - 1) + 1
        for deeper in [one for one in counts if one > level]:
            del counts[deeper]
        if own.style == "bullet":
            return "- "
        numbers = {
            n: _written(one, counts.get(n, one.start), figures=own.figures)
            for n, one in levels.items()
        }
        return re.sub(r"%([1-9])", lambda m: numbers.get(int(m[1]) - 1, ""), own.pattern)


def _written(level: _Level, number: int, *, figures: bool) -> str:
    return str(number) if figures else _STYLES.get(level.style, str)(number)


def _levels(root: Any) -> dict[int, _Level]:  # noqa: ANN401
    return {
        int(one.get(f"{W}ilvl", "0")): _Level(
            int(value_of(one, "start") or 1),
            value_of(one, "numFmt") or "decimal",
            value_of(one, "lvlText"),
            one.find(f"{W}isLgl") is not None,
        )
        for one in root.iter(f"{W}lvl")
    }


def _overrides(root: Any, base: Mapping[int, _Level]) -> dict[int, _Level]:  # noqa: ANN401
    """Give the levels that one list defines otherwise; _ANEW is among them if it begins anew."""
    found = _levels(root)
    for one in root.iter(f"{W}startOverride"):
        level = int(one.getparent().get(f"{W}ilvl", "0"))
        plain = found.get(level) or base.get(level) or _Level(1, "decimal", "")
        found[level] = found[_ANEW] = replace(plain, start=int(one.get(f"{W}val", "1")))
    return found


def value_of(element: Any, name: str) -> str:  # noqa: ANN401
    """Give what an element below another states; "" where there is none or it states nothing."""
    child = element.find(f"{W}{name}")
    return str(child.get(f"{W}val", "")) if child is not None else ""
