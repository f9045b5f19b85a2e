"""What each line of a document is: a heading, an article, a question, a list item or plain text.

Chinese documents number their headings in a fixed order of weight (第一章, 一、, （一）, 1., (1)),
or do not number them at all. Rules look at a line and its neighbours, not at all the document.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import Enum, auto
from typing import NamedTuple

from embeddings.words import fold, fold_all
from qa.records import Range

HEADING_CHARS = 40
"""A longer line is a paragraph, however it begins."""

_TITLE_CHARS = 30
_SHORTEST_TITLE = 3
_PROSE_CHARS = 40
_LABEL_CHARS = 60
_LETTERHEAD_LINES = 8
_FOLDED_AT_ONCE = 10_000
_RUN = 2  # a name and a subtitle; three short lines on end are a list or a poem

_HAN = "一二三四五六七八九十百千零〇○"
_NUMBER = rf"[{_HAN}0-9０-９]+"


class Role(Enum):
    """What a line does in its document."""

    TITLE = auto()
    HEADING = auto()
    ARTICLE = auto()
    QUESTION = auto()
    LEAD = auto()
    ITEM = auto()
    ROW = auto()
    TEXT = auto()


class Line(NamedTuple):  # made for every line, and a tuple is made in a quarter of the time
    """A line of the document's text of which a reader sees something.

    Attributes:
        ordinal: Its number among the lines that are not blank, from 1.
        pieces: The ranges of the text that are seen, in order, without blanks at either end.
        shown: The characters seen.
        before: How many characters are seen on the lines of mere signs right before it.
    """

    ordinal: int
    pieces: tuple[Range, ...]
    shown: str
    before: int = 0

    @property
    def start(self) -> int:
        """The first character seen, as an offset into the document's text."""
        return self.pieces[0][0]

    @property
    def end(self) -> int:
        """One past the last character seen."""
        return self.pieces[-1][1]


class Block(NamedTuple):
    """A line, what it is, and the headings it stands under, outermost first."""

    line: Line
    role: Role
    path: tuple[str, ...]


# The rank orders kinds of headings from outer to inner; Markdown's come before all of them.
_MARKDOWN = re.compile(r"(#{1,6})[ \t　]+\S")
_MARKDOWN_RANKS = 6
_PLAIN_RANK = 14
_SUBTITLE_RANK = 15
_LOOSE = ("han", "paren_han", "dotted", "digit", "paren_digit", "bare")
_KINDS: tuple[tuple[str, int, re.Pattern[str]], ...] = (
    ("part", 10, re.compile(rf"第\s*{_NUMBER}\s*(?:部分|[编編篇])(?=\s|$|[^，。,的])")),
    ("annex", 9, re.compile(rf"附\s*(?:件|录|錄|则|則|表)\s*(?:{_NUMBER})?\s*(?=\s|$|[：:])")),
    ("chapter", 12, re.compile(rf"第\s*{_NUMBER}\s*章(?=\s|$|[^，。,的])")),
    ("section", 13, re.compile(rf"第\s*{_NUMBER}\s*[节節](?=\s|$|[^，。,的])")),
    ("han", 16, re.compile(rf"[{_HAN}]{{1,3}}[、．.]")),
    ("paren_han", 17, re.compile(rf"[（(][{_HAN}]{{1,3}}[）)]")),
    ("dotted", 18, re.compile(r"\d{1,2}(?:\.\d{1,2}){1,3}(?=[ 　\t、]|[^\d.%％\sA-Za-z万亿元])")),
    ("digit", 19, re.compile(r"\d{1,2}(?:[、．]|\.(?!\d)|[)）])")),
    ("bare", 19, re.compile(r"\d{1,2}(?=[^\W\d_]|[ 　]\D)")),
    ("paren_digit", 20, re.compile(r"[（(]\d{1,2}[）)]")),
)
_NUMBER_START = re.compile(rf"[第附（(\d{_HAN}]")  # of all kinds: most lines begin otherwise
_NUMBERED_ITEM = tuple(pattern for name, _, pattern in _KINDS if name in _LOOSE[:-1])
_RANK = {name: rank for name, rank, _ in _KINDS}
_ARTICLE = re.compile(rf"第\s*{_NUMBER}\s*[条條](?:\s*之\s*{_NUMBER}|-\d+)?(?=[\s　：:【（(]|$)")
_QUESTION = re.compile(r"[*\s]*(?:问|問|Q\d{0,3})\s*[：:.、]", re.IGNORECASE)
_ITEM = re.compile(rf"[-*+•·●○◆■▪][ \t　]*\S|[①-⑳]|[{_HAN}]{{1,2}}是|第[{_HAN}]{{1,2}}[，,件、]")
_BARS = re.compile(r"[|｜\t]")  # without which a line is no row: quicker to look for
_ROW = re.compile(r"\|.*\||[^\t]*\S\t+\S|[^|｜]*[|｜][^|｜]*[|｜]")
_SAYS = re.compile(r"(?:指出|强调|強調|表示|要求|认为|認為|介绍|介紹|提出|宣布|[说說])$")
_SAYS_CHARS = 12
_LEAD_CHARS = 200
_BROKEN_CHARS = 60
_BYLINE = re.compile(
    r"记者|記者|通[讯訊信][员員]|作者|来源|來源|编辑|編輯|[摄攝]影?$|^[文图圖][：:]|^[-—（(“\"]|^(?:他|她|它)"
)
_DATE = re.compile(r"\d{2,4}\s*年|\d{1,2}月\d{1,2}日|\d{4}[-/.]\d|[〔\[]\d{4}[〕\]]|\d{5}")
_NAMES_TITLE = re.compile(r".{0,4}(?:名[称稱]|[标標][题題]|主[题題]|题名)\s*[:：]?")
_ENDS = "。！？：；…”」）!?:;.)|"
_INNER_STOP = re.compile(r"[。！？；：!?;:|→\t]|[，,].*[，,]")


def outline(lines: Sequence[Line], title: str) -> list[Block]:
    """Give every line its role and the headings above it; no lines give [].

    A heading without anything under it is text, so that nothing is lost. A line that repeats the
    document's title is TITLE.

    >>> rows = ("一、目标", "建会率达到92%。")
    >>> lines = [Line(n, ((0, len(row)),), row) for n, row in enumerate(rows, 1)]
    >>> [(block.role.name, block.path) for block in outline(lines, "方案")]
    [('HEADING', ()), ('TEXT', ('一、目标',))]
    """
    roles = [_role(line.shown) for line in lines]
    ranks = _ranks(lines, roles, title)
    _demote(ranks)
    blocks: list[Block] = []
    stack: list[tuple[int, str]] = []
    path: tuple[str, ...] = ()
    for line, rank, role in zip(lines, ranks, roles, strict=True):
        if rank is None:
            # What reads like a title but heads nothing still belongs to what follows it.
            lead = _is_title_like(line.shown, role)
            blocks.append(Block(line, Role.LEAD if lead else role, path))
        elif rank == 0:
            blocks.append(Block(line, Role.TITLE, ()))
        else:
            while stack and stack[-1][0] >= rank:
                stack.pop()
            blocks.append(Block(line, Role.HEADING, tuple(label for _, label in stack)))
            stack.append((rank, label_of(line.shown)))
            path = tuple(label for _, label in stack)
    return blocks


def label_of(shown: str) -> str:
    """Give a heading line as it is shown in a path: without Markdown signs and closing stops.

    >>> label_of("## 一、工作目标：")
    '一、工作目标'
    """
    label = re.sub(r"^#{1,6}\s+|\s+#+$|\*\*|__", "", shown).strip()
    return label[:_LABEL_CHARS].rstrip("。：: ")


def _ranks(lines: Sequence[Line], roles: Sequence[Role], title: str) -> list[int | None]:
    """Give the rank of every heading line, 0 for the title's, None for all others."""
    shown = [line.shown for line in lines]
    numbered = _numbered(shown)
    titles = _titles(shown, title)
    markdown = False
    ranks: list[int | None] = []
    for at, line in enumerate(shown):
        rank = None
        sign = _MARKDOWN.match(line)
        markdown = markdown or sign is not None
        if at in titles:
            rank = 0
        elif sign and len(line) <= 2 * _LABEL_CHARS:
            rank = len(sign[1])
        elif _is_numbered_heading(shown, numbered, at):
            rank = _RANK[numbered[at]]
        ranks.append(rank)
    if not markdown:
        _mark_plain(shown, roles, numbered, ranks)
    return ranks


def _titles(shown: Sequence[str], title: str) -> set[int]:
    """Give the numbers of the lines that only repeat the title."""
    name = _bare(fold(title))
    longest = 2 * len(title) + HEADING_CHARS
    alike = [at for at, line in enumerate(shown) if name and len(name) <= len(line) <= longest]
    found: set[int] = set()
    for first in range(0, len(alike), _FOLDED_AT_ONCE):
        numbers = alike[first : first + _FOLDED_AT_ONCE]
        folded = fold_all([shown[at] for at in numbers])
        found.update(at for at, line in zip(numbers, folded, strict=True) if _says(line, name))
    # Below its name it is the value of a fact, which is asked for and quoted as others are.
    return {at for at in found if not (at and _NAMES_TITLE.fullmatch(shown[at - 1]))}


def _says(folded: str, name: str) -> bool:
    """Say whether a line that is not blank has the letters and digits of `name` and no others."""
    first = folded[0]
    return (first == name[0] or not first.isalnum()) and _bare(folded) == name


def _bare(folded: str) -> str:
    """Give the letters and digits only: what makes two titles the same."""
    return "".join(filter(str.isalnum, folded))


def _numbered(shown: Sequence[str]) -> list[str]:
    """Give the kind of number every line begins with; `""` for none.

    A bare figure counts only where the lines count up from 1: `3月29日` is no number of a section.
    """
    found: list[str] = []
    expected = 1
    bare: list[int] = []
    for at, line in enumerate(shown):
        kind = ""
        if _NUMBER_START.match(line):
            kind = next((name for name, _, pattern in _KINDS if pattern.match(line)), "")
        if kind == "bare":
            if int(re.match(r"\d+", line)[0]) == expected:  # type: ignore[index]
                bare.append(at)
                expected += 1
            kind = ""
        found.append(kind)
    if len(bare) > 1:
        for at in bare:
            found[at] = "bare"
    return found


def _is_numbered_heading(shown: Sequence[str], numbered: Sequence[str], at: int) -> bool:
    line, kind = shown[at], numbered[at]
    if not kind or len(line) > HEADING_CHARS or line[-1] in "，,；;：:、？?" or _is_row(line):
        return False
    following = shown[at + 1] if at + 1 < len(shown) else ""
    if kind == "annex" and re.search("[：:]", line):
        # `附件：申请表` mostly lists what comes along; late and before prose it heads it.
        return at >= _LETTERHEAD_LINES and len(following) >= _PROSE_CHARS
    closed = line[-1] in "。！!"
    if kind not in _LOOSE:
        return not closed or len(line) <= _TITLE_CHARS
    if re.search(r"[。！!；;]", line[:-1]):
        return False
    if _ARTICLE.match(following) and re.search(r"[，,：:]", line):
        return False  # the last item of the article before
    after = numbered[at + 1] if following else ""
    before = numbered[at - 1] if at else ""
    return kind not in (before, after) or (kind in ("han", "paren_han") and not closed)


def _mark_plain(
    shown: Sequence[str],
    roles: Sequence[Role],
    numbered: Sequence[str],
    ranks: list[int | None],
) -> None:
    """Mark the short lines standing alone between paragraphs that read like titles."""
    like_titles = [
        rank is None and not kind and _is_title_like(line, role)
        for line, role, kind, rank in zip(shown, roles, numbered, ranks, strict=True)
    ]
    at = 0
    while at < len(shown):
        stop = at
        while stop < len(shown) and like_titles[stop]:
            stop += 1
        # A long line that just breaks off goes on in the next: it was wrapped.
        before = shown[at - 1] if at else ""
        first = not before or ranks[at - 1] is not None or before[-1] in _ENDS
        follows = stop < len(shown) and (
            ranks[stop] is not None or _is_prose(shown[stop], roles[stop])
        )
        if at < stop <= at + _RUN and first and follows:
            ranks[at] = _PLAIN_RANK
            ranks[at + 1 : stop] = [_SUBTITLE_RANK] * (stop - at - 1)
        at = max(stop, at + 1)


def _is_title_like(line: str, role: Role) -> bool:
    return (
        _SHORTEST_TITLE <= len(line) <= _TITLE_CHARS
        and role is Role.TEXT
        and line[-1] not in "。！？；，、：,;:!?…~—"
        and not _INNER_STOP.search(line)
        and not _BYLINE.search(line)
        and not _DATE.search(line)
        and sum(map(str.isalpha, line)) > len(line) / 2
    )


def _is_prose(line: str, role: Role) -> bool:
    return len(line) >= _PROSE_CHARS or line[-1] in "。？：…”?:" or role is Role.LEAD


def _demote(ranks: list[int | None]) -> None:
    """Make text of the headings that have nothing under them, so that they are not lost.

    A single one that Markdown marks, right behind another heading, stays: what stood under it was
    a picture or a program, and a passage of its name alone would answer nothing.
    """
    empty = [
        bool(rank) and (at + 1 == len(ranks) or _closes(rank, ranks[at + 1]))
        for at, rank in enumerate(ranks)
    ]
    kept = list(ranks)
    for at, rank in enumerate(kept):
        if not empty[at]:
            continue
        beside = [n for n in (at - 1, at + 1) if 0 <= n < len(kept) and empty[n]]
        behind_heading = at > 0 and kept[at - 1] is not None
        marked = rank is not None and rank <= _MARKDOWN_RANKS
        if not (marked and behind_heading) or any(kept[n] == rank for n in beside):
            ranks[at] = None


def _closes(rank: int | None, following: int | None) -> bool:
    """Say whether a heading of rank `following` ends what stands under one of `rank`."""
    return rank is not None and following is not None and following <= rank


def _is_row(line: str) -> bool:
    return bool(_BARS.search(line) and _ROW.match(line))


def _role(line: str) -> Role:
    if _ARTICLE.match(line):
        return Role.ARTICLE
    if _QUESTION.match(line) or (line[-1] in "？?" and len(line) <= HEADING_CHARS):
        return Role.QUESTION
    if line[-1] in "：:" and len(line) <= _LEAD_CHARS:
        return Role.LEAD
    if _is_row(line):
        return Role.ROW
    if _ITEM.match(line) or (
        _NUMBER_START.match(line) and any(pattern.match(line) for pattern in _NUMBERED_ITEM)
    ):
        return Role.ITEM
    if len(line) <= _SAYS_CHARS and _SAYS.search(line):
        return Role.LEAD
    if line[-1] in "，,、" and len(line) <= _BROKEN_CHARS:
        return Role.LEAD
    return Role.TEXT
