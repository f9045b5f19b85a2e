"""Several questions in one text, as people paste them: which they are, and how many are answered.

A question stays whole: what is said before it (我去年入职。年假有几天？) belongs to it, and so does
what only asks back (对吗？) or goes on with it (还是九点？).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from embeddings.words import fold
from qa.courtesies import courtesy, is_small_talk
from qa.dialogue import ASKS
from qa.pointers import pointer
from qa.sentences import sentences

MOST = 5
"""How many questions of one text are answered."""

_LONGEST = 1000  # characters; a longer text is no list of questions

# All patterns are of folded text.
_ASKS = re.compile(
    rf"{ASKS}|[呢么]\W*$|([一-龥])[不没]\1|有无|\b(?:what|who|whom|whose|when|where|which|why|how|is|are|was|were|do|does|did|can|"
    r"could|may|should|will)\b"
)
_MARKED = re.compile(r"[?？][\W_]*$")
_ENDED = re.compile(r"[^\w)）\]】》〉]\s*$")
# What asks nothing by itself.
_TAG = re.compile(
    r"\W*(?:(?:这是|这样|这么|我)?(?:真的|是|对|行|好|可以|能|有|没有|没错|可行|(?:你|您|你们|大家|有人|谁)?知道|请问)"
    r"(?:的?[吗么吧嘛])?|是不是|对不对|好不好|行不行|可不可以|能不能|怎么办|咋办|怎么处理|如何是好|什么意思|怎么回事)\W*"
)
_GOES_ON = re.compile(r"\W*(?:还是|或者|或是|抑或|要么)")
_TAKES_UP = re.compile(r"\W*(?:那|还有|还|另外|然后)|呢\W*$")
_NUMBER = re.compile(
    r"\s*(?:(?:[0-9]{1,2}[.、)）．:：](?![0-9])|[(（][0-9一二三四五六七八九十]{1,3}[)）]|"
    r"[一二三四五六七八九十]{1,3}[、.．]|[①-⑳]|[-*•·](?=\s)|问题?[0-9一二三四五]?[:：]|[qQ][0-9]?[:：.])\s*)+"
)


@dataclass(frozen=True, slots=True)
class Questions:
    """The questions of one text.

    Attributes:
        asked: Those that are answered, in order, at most MOST; a single one is the text itself.
        left: How many there are beyond these.
    """

    asked: tuple[str, ...]
    left: int = 0

    @property
    def several(self) -> bool:
        """Whether there is more than one."""
        return len(self.asked) > 1


def questions_in(text: str) -> Questions:
    r"""Give the questions of a text: lines or sentences, each of which asks something.

    >>> questions_in("年假有几天？会费怎么交？").asked
    ('年假有几天？', '会费怎么交？')
    >>> questions_in("1. 主席是谁\n2. 副主席呢").asked
    ('主席是谁', '副主席呢')
    >>> questions_in("我去年入职。年假有几天？").asked
    ('我去年入职。年假有几天？',)
    """
    found = _grouped(text) if len(text) <= _LONGEST else []
    if len(found) < 2:  # noqa: PLR2004 - several are two or more
        return Questions((text,))
    return Questions(tuple(found[:MOST]), len(found[MOST:]))


def as_one_line(text: str) -> str | None:
    r"""Give several questions as a line in which `questions_in` finds the same; None for one.

    >>> as_one_line("主席是谁\n副主席呢")
    '主席是谁？ 副主席呢？'
    """
    found = _grouped(text) if len(text) <= _LONGEST else []
    if len(found) < 2:  # noqa: PLR2004
        return None
    return " ".join(one if _MARKED.search(fold(one)) else f"{one}？" for one in found)


def takes_up(question: str) -> bool:
    """Say whether one of several questions shows that it goes on with those before it.

    People list questions that have nothing to do with each other; one that is whole is asked alone.

    >>> takes_up("副主席呢？"), takes_up("他是哪里人"), takes_up("副主席？"), takes_up("馆长是谁？")
    (True, True, True, False)
    """
    said = fold(question)
    pointed = _TAKES_UP.search(said) or pointer(said)
    return pointed is not None or not _ASKS.search(said)


def _grouped(text: str) -> list[str]:
    """Give the questions of a text, each with what is said before it."""
    pieces = [text[start:end] for start, end in sentences(text)]
    pieces = [one for one in pieces if not is_small_talk(one) or courtesy(one) == "new_topic"]
    listed = _is_list([one for one in map(fold, pieces) if _MARKED.search(one) or _is_open(one)])
    found: list[str] = []
    before: list[str] = []
    for piece in pieces:
        said = fold(piece)
        if found and not before and (_TAG.fullmatch(said) or _GOES_ON.match(said)):
            found[-1] = _joined([found[-1], piece])
        elif _is_question(said, listed=listed, later=bool(found)):
            found.append(_joined([*before, piece]))
            before = []
        else:
            before.append(piece)
    if found and before:
        found[-1] = _joined([found[-1], *before])
    return found


def _is_question(said: str, *, listed: bool, later: bool) -> bool:
    """Say whether a folded sentence or line is a question; `later`: it comes after one."""
    if _TAG.fullmatch(said):
        return False
    asks = bool(_ASKS.search(said))
    if _MARKED.search(said):
        return asks or later
    return listed and asks and _is_open(said)


def _is_open(said: str) -> bool:
    """Say whether nothing but the end of its line ends a sentence."""
    return not _ENDED.search(said)


def _is_list(lines: Sequence[str]) -> bool:
    """Say whether all lines ask something, save perhaps the first ones: none is broken off."""
    asking = [bool(_ASKS.search(one)) for one in lines]
    return any(asking) and all(asking[asking.index(True) :])


def _joined(pieces: Sequence[str]) -> str:
    whole = " ".join(" ".join(pieces).split())
    whole = re.sub(r"(?<=[。！？…；]) ", "", whole)
    return whole[found.end() :] if (found := _NUMBER.match(whole)) else whole
