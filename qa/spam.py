"""Advertising injected into the sentences of a page, and the scraps of fiction that come with it.

Such pages were broken into: words of one family (包养网, 甜心花园 …) stand inside other words, and
pieces of a novel inside sentences. A word of the family alone proves nothing, for documents about
the matter use it too. What proves it is that taking it out makes a word of the document whole; only
in a document proved so are all words of the family marked, and scraps looked for at all.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from qa.records import Range

_NET = "单次|vip|推荐|评价|比较|心得|站长|站|app|ptt|ppt|dcard|车马费"
_TAILS = (
    f"网(?:{_NET})|网(?!络|红|友|民|店|警|吧|约)|甜心网|行情|情妇|故事|感情|条件|价格(?:ptt)?|意思|软体|平台|管道|站长|经验|"
    "合约|金额|俱乐部|留言板|一个月(?:价钱)?|女人|妹|app|ptt|dcard"
)
_FAMILY = re.compile(
    rf"(?:台湾|台北|女大生)?包养(?P<tail>{_TAILS})?"
    r"|甜心(?:花园|宝贝(?:包养网)?|聊天室|网)|asugardating|sugar ?(?:daddy|baby|dating)"
)
_LONE = "包养"
_ENTITY_BEFORE = re.compile(r"&#?[0-9a-z]{0,6}一?$")
_ENTITY_AFTER = re.compile(r"[0-9a-z]{0,6};")
_ENTITY_CHARS = 10

_PROOFS = 2
_PROOF_SHARE = 0.25
_SURE_PAIRS = 3  # a single word of the family needs its healed pair this often elsewhere

# What a story says and a report does not. Folded text.
_TOLD = re.compile(
    r"(?<![其吉])他(?![人方国乡律山])|她|你|我(?![国省市县区们院党军会校部局镇乡州馆行司厂站处所队])"
    r"|妈妈|爸爸|女儿|儿子|丈夫|妻子|媳妇|婆婆|娘亲|夫君|丫鬟|小姐|女孩|眼泪|泪水|哭|笑意|[嘴唇]角|嘴巴|怀里|脸上|叹了口气"
    r"|低头|点头|摇头|道歉|吩咐|傻事|对不起|洞房|拜堂|成亲"
    r"|[蓝兰]玉华|蓝沐|蓝木|蓝学士|裴[毅奕母]|席世勋|彩[修衣秀]|蔡[修守]|云隐山"
)
_CLAUSE = re.compile(r"[^,。!?;、“”…]+")
_SPEAKING = "说道示出称讲问喊答:,。"
_STOPS = "。!?"
_ORPHAN = re.compile(r"[的了着们得][^,。!?;、]{0,6}[。!?]")
_JUNK = re.compile(r"(?:\s*\.(?![\d.]))+")
_SCRAP_CHARS = 300
_GAP = 5  # clauses within one speech that say nothing of a story
_NOVEL_CHARS = 5
_NOVEL_SHARE = 0.15
_STRAY_CHARS = 4


def find_spam(folded: str) -> tuple[Range, ...]:
    """Give the ranges of advertising words in a folded text, in order; most texts have none.

    >>> find_spam("县级工包养网会服务职工,县包养网级工会")
    ((3, 6), (13, 16))
    """
    found = list(_FAMILY.finditer(folded))
    if not found:
        return ()
    pairs = _pairs(folded, [match.span() for match in found])
    chosen: list[Range] = []
    proofs = sure = alone = 0
    for match in found:
        span, healed = _best_span(folded, match, pairs)
        chosen.append(_with_entity(folded, span))
        proofs += bool(healed)
        sure += healed >= _SURE_PAIRS and match.group() != _LONE
        alone += _is_whole_line(folded, span) and match.group() != _LONE
    infected = (
        (proofs >= _PROOFS and proofs >= _PROOF_SHARE * len(found))
        or (proofs > 0 and alone > 0)
        or alone >= _PROOFS
        or (len(found) == 1 and sure > 0)
    )
    return tuple(chosen) if infected else ()


def _pairs(folded: str, spans: Sequence[Range]) -> Counter[str]:
    """Count the character pairs of the text outside `spans`, which are in order."""
    pairs: Counter[str] = Counter()
    at = 0
    for start, end in (*spans, (len(folded), len(folded))):
        kept = folded[at:start]
        pairs.update(kept[i : i + 2] for i in range(len(kept) - 1) if kept[i : i + 2].isalnum())
        at = end
    return pairs


def _best_span(folded: str, match: re.Match[str], pairs: Counter[str]) -> tuple[Range, int]:
    """Give what to take out, longest first, and how often the pair it heals stands elsewhere."""
    start, end = match.span()
    ends = [end]
    if match["tail"]:
        ends += [match.start("tail") + 1] if match["tail"].startswith("网") else []
        ends.append(match.start("tail"))
    for stop in ends:
        healed = pairs[folded[max(0, start - 1) : start] + folded[stop : stop + 1]]
        if healed:
            return (start, stop), healed
    return (start, end), 0


def _with_entity(folded: str, span: Range) -> Range:
    """Take in the character reference that the word broke in two: `&#3包养网2;`."""
    start, end = span
    before = _ENTITY_BEFORE.search(folded, max(0, start - _ENTITY_CHARS), start)
    after = _ENTITY_AFTER.match(folded, end)
    return (before.start(), after.end()) if before and after else span


def _is_whole_line(folded: str, span: Range) -> bool:
    begin = folded.rfind("\n", 0, span[0]) + 1
    stop = folded.find("\n", span[1])
    return folded[begin : None if stop < 0 else stop].strip() == folded[slice(*span)]


@dataclass(frozen=True, slots=True)
class _Clause:
    start: int
    end: int
    told: int  # how often it speaks as a story does
    novel: bool  # whether hardly a pair of it stands elsewhere in the document


class _Page:
    """An infected text without its advertising words, and what its own words are."""

    def __init__(self, folded: str, spam: Sequence[Range]) -> None:
        self.places: list[int] = []
        at = 0
        for start, end in (*spam, (len(folded), len(folded))):
            self.places.extend(range(at, start))
            at = end
        self.text = "".join(folded[place] for place in self.places)
        self.pairs = _pairs(self.text, ())
        self.chars = Counter(self.text)

    def clauses(self, line: re.Match[str]) -> list[_Clause]:
        return [
            _Clause(c.start(), c.end(), len(_TOLD.findall(c.group())), self._is_novel(c.group()))
            for c in _CLAUSE.finditer(self.text, line.start(), line.end())
        ]

    def _is_novel(self, clause: str) -> bool:
        pairs = [clause[i : i + 2] for i in range(len(clause) - 1)]
        known = sum(self.pairs[pair] > pairs.count(pair) for pair in pairs)
        return len(clause) >= _NOVEL_CHARS and known <= _NOVEL_SHARE * len(pairs)

    def was_broken(self, start: int, end: int) -> bool:
        """Say whether advertising stood between two characters of [start, end)."""
        return self.places[end - 1] - self.places[start] >= end - start


def find_scraps(folded: str, spam: Sequence[Range]) -> Iterator[Range]:
    """Give the pieces of fiction that stand inside sentences of a text with `spam`, in order.

    Without spam there are none: a story is no noise by itself. Ranges may hold some of `spam`.
    """
    if not spam:
        return
    page = _Page(folded, spam)
    for line in re.finditer(r"[^\n]+", page.text):
        clauses = page.clauses(line)
        for first, last in _told_runs(page.text, clauses):
            scrap = _scrap(page, line, clauses, first, last)
            if scrap:
                yield page.places[scrap[0]], page.places[scrap[1] - 1] + 1


def _told_runs(text: str, clauses: Sequence[_Clause]) -> Iterator[Range]:
    """Give first and last number of the runs of told clauses, over short gaps."""
    told = [number for number, clause in enumerate(clauses) if clause.told]
    first = last = -1
    for number in told:
        gap = number - last - 1
        between = text[clauses[last].end : clauses[number].start] if last >= 0 else ""
        if last >= 0 and (
            gap <= 1 or (gap <= _GAP and _is_one_speech(text, clauses[first], between))
        ):
            last = number
            continue
        if last >= 0:
            yield first, last
        first = last = number
    if last >= 0:
        yield first, last


def _is_one_speech(text: str, first: _Clause, between: str) -> bool:
    """Say whether the quote that `first` opens still stands open behind `between`."""
    opened = first.start > 0 and text[first.start - 1] == "“"
    return opened and not set(between) & set("“”")


def _scrap(
    page: _Page, line: re.Match[str], clauses: Sequence[_Clause], first: int, last: int
) -> Range | None:
    """Give the piece of fiction around a told run, in the page's offsets; None for real text."""
    start, abrupt = _scrap_start(page, line.start(), clauses, first)
    end, torn = _scrap_end(page, line.end(), clauses, last)
    told = sum(clause.told for clause in clauses[first : last + 1])
    odd = abrupt or torn or page.was_broken(start, end)
    if told < _PROOFS or not odd or end - start > _SCRAP_CHARS:
        return None
    text = page.text
    if start > line.start() and text[start - 1] == "," and end < line.end():
        # The comma came with the scrap where the words on its sides belong together.
        start -= page.pairs[text[start - 2] + text[end]] > 0
    return start, end


def _scrap_start(
    page: _Page, line_start: int, clauses: Sequence[_Clause], first: int
) -> tuple[int, bool]:
    """Give where the fiction begins and whether it does so in the middle of something."""
    text, clause = page.text, clauses[first]
    if clause.start > line_start and text[clause.start - 1] == "“":
        opening = clause.start - 1
        return opening, opening > line_start and text[opening - 1] not in _SPEAKING
    told = _TOLD.search(text, clause.start, clause.end)
    if told and told.start() > clause.start + 1:
        return told.start(), True
    start = clause.start
    at = first - 1
    while at >= 0 and clauses[at].novel and page.was_broken(clauses[at].start, start):
        start = clauses[at].start
        at -= 1
    if start < clause.start and at >= 0 and text[start - 1] == ",":
        stray = clauses[at].end
        while (
            stray > max(clauses[at].start, clauses[at].end - _STRAY_CHARS)
            and page.chars[text[stray - 1]] == 1
        ):
            stray -= 1
        start = stray if stray < clauses[at].end else start
    return start, False


def _scrap_end(
    page: _Page, line_end: int, clauses: Sequence[_Clause], last: int
) -> tuple[int, bool]:
    """Give where the fiction ends and whether what follows shows that it was torn off."""
    text, end = page.text, clauses[last].end
    if last + 1 < len(clauses) and text[end] == ",":
        rest = clauses[last + 1]
        closed = rest.end == line_end or text[rest.end] in ";、"
        if closed and rest.end - rest.start <= _STRAY_CHARS:
            return rest.end, True
    while end < line_end and text[end] in _STOPS + "”":
        end += 1
    stopped = text[end - 1] in _STOPS + "”"
    junk = _JUNK.match(text, end)
    orphan = _ORPHAN.match(text, end) if stopped else None
    rest_at = junk.end() if junk else orphan.end() if orphan else end
    follows = text[rest_at] if rest_at < line_end else ""
    return rest_at, bool(junk or orphan) or (stopped and bool(follows) and follows in ",、;")
