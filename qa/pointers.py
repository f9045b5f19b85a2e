"""Words of a question that point to what was said before: 他们, 那里, 这个, 前者, 当时.

Folded text in.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from embeddings.words import fold

_ONE = "(?:个|些|种|项|次|笔|件|场|份|家|条|类)"


class Pointing(StrEnum):
    """What a pointer stands for."""

    PERSON = "person"
    PLACE = "place"
    CHOICE = "choice"  # one of two things that were named together
    THING = "thing"
    TIME = "time"


_EITHER = re.compile(
    r"(?P<one>[^\s,、和与跟或]{1,14})(?:和|与|跟|还是|或者?)(?P<other>[^\s,、]{1,14}?)"
    r"(?=的|哪|谁|有|是|各|分|都|怎|多|几|\W|$)"
)
_PATTERNS = tuple(
    (kind, re.compile(pattern))
    for kind, pattern in (
        (Pointing.CHOICE, r"前者|后者"),
        (Pointing.PERSON, r"(?<![其吉])[他她](?:们俩?|俩)?(?![人国乡])|[这那]位(?!置)|此人"),
        (
            Pointing.PLACE,
            r"[那这](?:里|边|儿)(?!程)|(?<!应)当地|(?<![应活])该[省市县区镇乡村]|[这那]个?[省市县区镇乡村]",
        ),
        (
            Pointing.THING,
            rf"它们?|[这那]{_ONE}(?![月周]|星期|年)|[这那](?=[的是有要能会都]|\W*$)|"
            r"上述|[上前]面(?:说|讲|提|列)到?的|刚才(?:说|讲|提)到?的?|^里[面头]|其中|"
            r"(?<![应活不])该(?=[项会法办规通活机单制条奖])|此(?=[项次类])|(?:^|[,、])其(?![他它实次余])",
        ),
        (Pointing.TIME, r"当时|那时候?|[那当同]年|[那当]天"),
    )
)


@dataclass(frozen=True, slots=True)
class Pointer:
    """A pointer in a question: what for, and its range of characters."""

    kind: Pointing
    start: int
    end: int


def pointer(question: str) -> Pointer | None:
    """Give the first kind of pointer that a folded question holds; None when it holds none.

    >>> pointer("他是哪里人").kind.value, pointer("这个月有几天")
    ('person', None)
    """
    for kind, pattern in _PATTERNS:
        found = pattern.search(question)
        if found:
            return Pointer(kind, *found.span())
    return None


def one_of_two(word: str, question: str) -> str:
    """Give the first or second (前者, 后者) of two things named together; empty for none."""
    found = _EITHER.search(fold(question))
    if found is None:
        return ""
    start, end = found.span("one" if word.startswith("前") else "other")
    return question[start:end]
