"""Scraps of fiction injected into the sentences of a page that has injected advertising.

A story is no noise by itself, so scraps are looked for only where advertising was proved, only in
documents that do not tell stories themselves, and only where a scrap shows that it was torn from
elsewhere: it begins or ends in the middle of a sentence, shares hardly a word with the document,
and tells of people as a report does not.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from qa.records import Range
from qa.spam import pairs_of

# Folded text. Who a story is about says little; what it tells of them says more.
_WHO = (
    r"(?<![其吉])他(?![们人方国乡律山用])|她(?!们)|你(?!们)"
    r"|(?<!自)我(?![国省市县区们院党军会校部局镇乡州馆行司厂站处所队])"
)
_TOLD = (
    r"妈妈|爸爸|女儿|儿子|丈夫|妻子|媳妇|婆婆|娘亲|夫君|丫鬟|小姐|女孩|眼泪|泪水|哭|笑意|[嘴唇]角|嘴巴|怀里|脸上"
    r"|叹了口气|低头|点头|摇头|道歉|吩咐|傻事|对不起|洞房|拜堂|成亲"
    r"|[蓝兰]玉华|蓝沐|蓝木|蓝学士|裴[毅奕母]|席世勋|彩[修衣秀]|蔡[修守]|云隐山"
)
_STORY = re.compile(f"(?P<told>{_TOLD})|{_WHO}")

_LINE = re.compile(r"[^\n]+")
_CLAUSE = re.compile(r"[^,。!?;、“”…]+")
_STOPS = "。!?"
_SPEAKING = "说道示出称讲问喊答叫言:,。!?…—“”"
_TIES = "的为是之和与及等这说道"
_ORPHAN = re.compile(r"[的了着们得][^,。!?;、]{0,6}[。!?]")
_JUNK = re.compile(r"(?:\s*\.(?![\d.]))+")

_SCRAP_CHARS = 300
_GAP = 5  # clauses within one speech that say nothing of a story
_STRAY_CHARS = 4  # what of the next or last clause may come along
_NOVEL_CHARS = 5
_NOVEL_SHARE = 0.15
_KNOWN_SHARE = 0.25  # of a scrap's pairs, how many may stand elsewhere in the document
_TELLING_SHARE = 0.08  # where more clauses tell a story, the document itself does
_TELLING_CLAUSES = 8  # which a short document may have all the same

_LEAST_STORY, _SURE_STORY = 2, 5
_HINT, _PROOF = 1, 2


@dataclass(frozen=True, slots=True)
class _Clause:
    start: int
    end: int
    story: int  # how often it speaks of people as a story does
    told: int  # how often of that it says more than he or she
    novel: bool  # whether hardly a pair of it stands elsewhere in the document


class _Page:
    """A text without its advertising words, and which pairs of letters are its own."""

    def __init__(self, folded: str, spam: Sequence[Range]) -> None:
        self._begins: list[int] = []  # where what stands between spam begins in this text,
        self._moved: list[int] = []  # and how far behind that it stands in the whole
        parts: list[str] = []
        at = removed = 0
        for start, end in (*spam, (len(folded), len(folded))):
            if start > at:
                self._begins.append(at - removed)
                self._moved.append(removed)
                parts.append(folded[at:start])
            removed += end - max(at, start)
            at = max(at, end)
        self.text = "".join(parts)
        self.pairs = pairs_of(self.text, ())
        self.chars = Counter(self.text)

    def place(self, at: int) -> int:
        """Give where the character at `at` stands in the whole text."""
        return at + self._moved[bisect_right(self._begins, at) - 1]

    def clauses(self, line: re.Match[str]) -> list[_Clause]:
        found = []
        for clause in _CLAUSE.finditer(self.text, line.start(), line.end()):
            words = [match["told"] for match in _STORY.finditer(clause[0])]
            told = sum(word is not None for word in words)
            novel = (
                len(clause[0]) >= _NOVEL_CHARS
                and self.known_share(clause.start(), clause.end()) <= _NOVEL_SHARE
            )
            found.append(_Clause(clause.start(), clause.end(), len(words), told, novel))
        return found

    def known_share(self, start: int, end: int) -> float:
        """Give the share of the pairs in [start, end) that stand elsewhere too; 0 without any."""
        own = pairs_of(self.text[start:end], ())
        known = sum(count for pair, count in own.items() if self.pairs[pair] > count)
        return known / max(1, own.total())

    def was_broken(self, start: int, end: int) -> bool:
        """Say whether advertising stood between two characters of [start, end)."""
        return self.place(end - 1) - self.place(start) >= end - start


def find_scraps(folded: str, spam: Sequence[Range]) -> tuple[Range, ...]:
    """Give the pieces of fiction inside the sentences of a folded text with `spam`, in order.

    Without spam there are none. Ranges may hold some of `spam`.

    >>> text = "县级工包养网会是“女孩就是女孩!”桥头堡"
    >>> find_scraps(text, ((4, 7),))
    ((8, 17),)
    """
    if not spam:
        return ()
    page = _Page(folded, spam)
    lines = [(line, page.clauses(line)) for line in _LINE.finditer(page.text)]
    told = sum(clause.told > 0 for _, clauses in lines for clause in clauses)
    if told > max(_TELLING_CLAUSES, _TELLING_SHARE * sum(len(clauses) for _, clauses in lines)):
        return ()
    scraps = []
    for line, clauses in lines:
        for first, last in _story_runs(page.text, clauses):
            scrap = _scrap(page, line, clauses[: last + 2], first, last)
            if scrap:
                scraps.append((page.place(scrap[0]), page.place(scrap[1] - 1) + 1))
    return tuple(scraps)


def _story_runs(text: str, clauses: Sequence[_Clause]) -> Iterator[Range]:
    """Give first and last number of the runs of clauses that tell a story, over short gaps."""
    first = last = -1
    for number, clause in enumerate(clauses):
        if not clause.story:
            continue
        gap = number - last - 1
        if last >= 0 and (gap <= 1 or (gap <= _GAP and _in_speech(text, clauses, first, number))):
            last = number
            continue
        if last >= 0:
            yield first, last
        first = last = number
    if last >= 0:
        yield first, last


def _in_speech(text: str, clauses: Sequence[_Clause], first: int, number: int) -> bool:
    """Say whether the quote that clause `first` opens still stands open at clause `number`."""
    start = clauses[first].start
    opened = start > 0 and text[start - 1] == "“"
    return opened and not set(text[start : clauses[number].start]) & set("“”")


def _scrap(
    page: _Page, line: re.Match[str], clauses: Sequence[_Clause], first: int, last: int
) -> Range | None:
    """Give the piece of fiction around a run, in the page's offsets; None for real text."""
    run = clauses[first : last + 1]
    story = sum(clause.story for clause in run)
    if story < _LEAST_STORY or not any(clause.told for clause in run):
        return None
    start, signs = _start(page, line.start(), clauses, first)
    end, more = _end(page.text, line.end(), clauses, last, from_quote=page.text[start] == "“")
    signs += more + (_HINT if page.was_broken(start, end) else 0)
    if signs < _HINT or (signs < _PROOF and story < _SURE_STORY):
        return None
    if end - start > _SCRAP_CHARS or page.known_share(start, end) > _KNOWN_SHARE:
        return None
    if start > line.start() + 1 and page.text[start - 1] == "," and end < line.end():
        # The comma came with the scrap where the letters on its sides are a pair of the document.
        start -= page.pairs[page.text[start - 2] + page.text[end]] > 0
    return start, end


def _start(page: _Page, line_start: int, clauses: Sequence[_Clause], first: int) -> tuple[int, int]:
    """Give where the fiction begins, and how strongly that says it was put there."""
    text, clause = page.text, clauses[first]
    if clause.start > line_start and text[clause.start - 1] == "“":
        opening = clause.start - 1
        amid = opening > line_start and text[opening - 1] not in _SPEAKING
        return opening, _HINT if amid else 0
    story = _STORY.search(text, clause.start, clause.end)
    if story and story.start() > clause.start + 1:
        return story.start(), _HINT
    start, at = clause.start, first - 1
    while at >= 0 and clauses[at].novel and page.was_broken(clauses[at].start, start):
        start = clauses[at].start
        at -= 1
    if start == clause.start or at < 0 or text[start - 1] != ",":
        return start, 0
    stray = clauses[at].end
    while stray > clauses[at].end - _STRAY_CHARS and page.chars[text[stray - 1]] == 1:
        stray -= 1
    stray = max(stray, clauses[at].start)
    return (stray, _PROOF) if stray < clauses[at].end else (start, 0)


def _end(
    text: str, line_end: int, clauses: Sequence[_Clause], last: int, *, from_quote: bool
) -> tuple[int, int]:
    """Give where the fiction ends, and how strongly that says it was torn off."""
    end = clauses[last].end
    if last + 1 < len(clauses) and text[end] == ",":
        rest = clauses[last + 1]
        closed = rest.end == line_end or text[rest.end] in ";、"
        if closed and rest.end - rest.start <= _STRAY_CHARS:
            return rest.end, 0
    while end < line_end and text[end] in _STOPS + "”":
        end += 1
    tail = text[max(0, end - 2) : end]
    junk = _JUNK.match(text, end, line_end)
    if junk:
        return junk.end(), _PROOF
    orphan = _ORPHAN.match(text, end, line_end) if tail[-1] in _STOPS + "”" else None
    if orphan:
        return orphan.end(), _PROOF
    follows = text[end] if end < line_end else ""
    torn = bool(follows) and tail[-1] in _STOPS and follows in ",、;"
    cut_in = from_quote and tail[-1] == "”" and tail[0] in _STOPS and follows.isalpha()
    return end, _PROOF if torn or (cut_in and follows not in _TIES) else 0
