"""Lines that a site repeats in its pages: navigation, sidebars and footers of no words known here.

No page by itself can tell them; the files of one folder can. But 第一章 总则 repeats too, as does a
letterhead, or one telephone number under every notice. So a line is noise only where all of this
holds:

- it is short and stands in a run of such lines from the first or the last line of the file on;
- most files of the folder have it there, five at least, and behind it go on in different ways;
- the run shows signs of a web page: lines that are boilerplate by rule, or names of a site's
  columns; the lines of a run are noise only up to the sign that is nearest to the body;
- it is no sentence, heading, number, field of a form, or part of the title, and no row of a table;
- prose is left when it is gone.

Pure functions. Offsets are those of the document's text.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from functools import lru_cache
from hashlib import blake2b
from itertools import chain

from embeddings.words import fold
from qa.boilerplate import line_rule
from qa.records import Range

FEWEST = 5
"""In how many files of a folder a line must stand, whatever the folder holds."""

SHARE = 0.6
"""In what part of a folder's files it must stand."""

PAGE_CHARS = 100_000
"""A longer text is no page of a site."""

_EDGE_LINES = 30
_LONGEST = 200  # behind a longer line is body: no rule for boilerplate goes so far either
_SHORT = 40
_PROSE_CHARS = 30
_RUN_LINES = 3
_SIGNS = 2  # names of columns that are as good as one line of boilerplate
_HASH_BYTES = 8

# Folded text from here on.
_SITE_WORD = re.compile(
    r"(?:网站|返回|回)?首页|主页|登录|注册|无障碍(?:浏览|阅读|版)?|长者(?:版|模式)|关怀版|设为首页|加入收藏|收藏本站"
    r"|(?:网站|站点)(?:地图|导航|导览|声明)|english|[简繁]体(?:中文|版)?|返回(?:顶部|列表|上页|上一页)|(?:手机|电脑|移动)版"
    r"|客户端|官方微[信博]|微信公众号|(?:站内|全站|高级)?搜索|\S{0,4}(?:要闻|新闻|动态|资讯|头条|快讯|公告|专题|专栏|导航)"
    r"|(?:热点|热门|相关|精彩|友情|图片|视频|最新)(?:推荐|文章|标签|链接|新闻|阅读|排行|专题|发布)|(?:信息|政务)公开|政策法规"
    r"|(?:组织|机构)(?:机构|设置|概况|简介|职能)|领导之窗|互动交流|在线(?:服务|咨询|办事|留言|投稿)|网上办事|下载中心"
    r"|(?:关于|联[系络]|加入)我们|(?:版权|免责|法律)声明|隐私权?(?:政策|保护|声明)?|广告服务|意见(?:反馈|信箱)|分享到?"
)
_SENTENCE = re.compile(r"[。!?;,…]|[、:]$")
_STRUCTURE = re.compile(
    r"#|第\s*[〇零一二三四五六七八九十百\d]+\s*[章节条编款部分届次期]|[(]?[一二三四五六七八九十\d]{1,3}[)、.]|附件|附录|目录"
)
_TABLE = re.compile(r"[|\t]")
_ANSWERS = re.compile(
    r"[\d:@]|[一二三四五六七八九十百千万亿两]+(?:元|年|月|日|号|人|个|天|小时|次|倍|成|万|亿)"
    r"|电话|地址|邮编|邮箱|信箱|传真|热线|联系|时间|日期|地点|姓名|单位|部门|名称|序号|编号|金额|职务|负责|备注|标准|条件"
    r"|对象|材料|方式|流程|依据|期限|范围|责任|主办|承办|主管|审核|编辑|作者|来源|印发|抄送|签发|公开"
)
_BULLETS = "-*·•>›»▪◆■● "


@dataclass(frozen=True, slots=True)
class Edges:
    """The lines at the beginning and the end of a text that are not blank, as hashes.

    Attributes:
        head: From the first line on, 64 bits each.
        tail: From the last line back.
    """

    head: tuple[int, ...] = ()
    tail: tuple[int, ...] = ()


class _Kind(Enum):
    RULE = auto()  # boilerplate by itself
    SIGN = auto()  # repeats, and is of the words of a site
    PLAIN = auto()  # repeats
    KEPT = auto()  # repeats, but may answer something, or names the document
    BODY = auto()  # the edge ends here


@dataclass(frozen=True, slots=True)
class _Row:
    start: int
    end: int
    kind: _Kind


def edges_of(text: str) -> Edges:
    """Give the edges of a text: up to 30 lines each, and none behind a long one."""
    head, tail = (
        tuple(_hash(text[start:end]) for start, end in _edge(text, backwards=backwards))
        for backwards in (False, True)
    )
    return Edges(head, tail)


def frequent(edges: Iterable[Collection[int]], count: int, least: float) -> set[int]:
    """Give the hashes that stand in at least a part `least` of `count` collections."""
    times = Counter(one for lines in edges for one in set(lines))
    return {one for one, found in times.items() if found >= least * count}


def repeated(text: str, title: str, head: Sequence[bool], tail: Sequence[bool]) -> list[Range]:
    """Give the ranges of a text that are noise because its folder repeats them, in order.

    Args:
        text: Of the document.
        title: Its title, of which nothing is noise.
        head: Of each line of `edges_of(text).head`, whether most files of the folder have it there.
        tail: The same of `tail`.
    """
    named = fold(title)
    found: set[Range] = set()
    for marks, backwards in ((head, False), (tail, True)):
        lines = _edge(text, backwards=backwards)
        # Looked at one by one: most edges end soon.
        rows = (
            _Row(start, end, _kind(text[start:end], named, repeats=repeats))
            for (start, end), repeats in zip(lines, marks, strict=True)
        )
        found.update((row.start, row.end) for row in _noise(rows))
    return sorted(found) if found and _leaves_prose(text, found) else []


def _edge(text: str, *, backwards: bool) -> Iterator[Range]:
    """Give the lines of one edge without their outer blanks, from the edge inwards."""
    at, lines = (len(text) if backwards else 0), 0
    while lines < _EDGE_LINES and 0 <= at <= len(text):
        if backwards:
            start, end = text.rfind("\n", 0, at) + 1, at
            at = start - 1
        else:
            start, end = at, text.find("\n", at)
            end = len(text) if end < 0 else end
            at = end + 1
        line = text[start:end]
        bare = line.strip()
        if bare:
            start += len(line) - len(line.lstrip())
            lines += 1
            yield start, start + len(bare)
        if len(bare) > _LONGEST:
            return


def _hash(line: str) -> int:
    digest = blake2b(line.encode("utf-8", "surrogatepass"), digest_size=_HASH_BYTES).digest()
    return int.from_bytes(digest, "little", signed=True)


def _kind(line: str, title: str, *, repeats: bool) -> _Kind:
    """Say what a line at the edge of a page is; `title` is folded."""
    if not repeats:
        return _Kind.RULE if line_rule(fold(line)) else _Kind.BODY
    kind = _kind_of_repeated(line)
    if kind is not _Kind.PLAIN:
        return kind
    # Of pages as text, a line of the navigation is sometimes taken for the title: above it goes on.
    bare = fold(line).strip(_BULLETS)
    return _Kind.KEPT if bare in title or title in bare else _Kind.PLAIN


@lru_cache(maxsize=4096)  # the same lines come with every page
def _kind_of_repeated(line: str) -> _Kind:
    text = fold(line)
    if line_rule(text):
        return _Kind.RULE
    bare = text.strip(_BULLETS)
    if not bare or len(bare) > _SHORT:
        return _Kind.BODY
    if _SENTENCE.search(bare) or _STRUCTURE.match(bare) or _TABLE.search(bare):
        return _Kind.BODY
    if all(map(_SITE_WORD.fullmatch, bare.split())):
        return _Kind.SIGN
    return _Kind.KEPT if _ANSWERS.search(bare) else _Kind.PLAIN


def _noise(rows: Iterable[_Row]) -> Iterator[_Row]:
    """Give the rows of an edge, which come from the edge inwards, that are noise."""
    run: list[_Row] = []
    outermost = True
    for row in chain(rows, [_Row(0, 0, _Kind.BODY)]):
        if row.kind in (_Kind.KEPT, _Kind.BODY):
            yield from _noise_of_run(run, outermost=outermost)
            run, outermost = [], False
            if row.kind is _Kind.BODY:
                return
        else:
            run.append(row)


def _noise_of_run(run: Sequence[_Row], *, outermost: bool) -> Iterator[_Row]:
    """Give the rows of a run that are noise: those up to its last sign, if there are enough.

    What stands between the last sign and the body may be the body's own, a signature say; between
    a line that is kept and the first sign, a heading of that.
    """
    signs = [at for at, row in enumerate(run) if row.kind in (_Kind.RULE, _Kind.SIGN)]
    sure = len(signs) >= _SIGNS or any(row.kind is _Kind.RULE for row in run)
    if not signs or not sure:
        return
    meant = run[0 if outermost else signs[0] : signs[-1] + 1]
    if len(meant) >= _RUN_LINES:
        yield from (row for row in meant if row.kind is not _Kind.RULE)


def _leaves_prose(text: str, gone: Collection[Range]) -> bool:
    """Say whether a page has something to say without the ranges, which are whole lines."""
    for found in re.finditer(r"[^\n]+", text):
        line = found.group()
        bare = line.strip()
        start = found.start() + len(line) - len(line.lstrip())
        if (len(bare) >= _PROSE_CHARS or "。" in bare) and (start, start + len(bare)) not in gone:
            return True
    return False
