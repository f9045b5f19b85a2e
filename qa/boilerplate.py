"""Lines of a web page that are not the document: navigation, share bars, footers, header lines.

Every rule sees one line, folded to half width and Simplified script, so it knows all its spellings
at once. Words that also stand in prose count only where the whole line is made of them.
"""

from __future__ import annotations

import re
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from qa.page_lines import of_pages, page_line

Marked = tuple[int, int, str]
"""A range and the name of the rule that marked it."""

_LINE = re.compile(r"[^\n]+")
_HEADER_LINES = 15
_TAIL_LINES = 15
_BYLINES = 6  # more lines like `来源:…` than this are a list of the document's own
_PROSE_CHARS = 60
_LONGEST_CHARS = 200

_HOME = r"(?:网站|本站)?(?:首页|主页)"
_SHORT_RULES: tuple[tuple[str, str], ...] = (
    (
        "navigation",
        (
            rf"(?:[您你](?:现在|当前|目前)?(?:所在)?的?位置|(?:当前|现在|所在)(?:的)?位置)\s*(?:是|在)?\s*[:>»]"
            rf"|(?:>|»)?\s*{_HOME}\s*(?:>|»|->|::|›)"
            rf"|{_HOME}(?:\s*\|\s*[^|。]{{1,8}}){{3,}}$"
            r"|欢迎(?:您)?(?:访问|光临|来到|浏览|登录)[^。,;]{0,30}(?:网|站|平台|主页|门户)\s*(?:[!~]|$)"
            r"|快捷(?:搜索|导航|入口)\s*:|(?:热门|站内|全站)搜索\s*:"
            r"|今天是\s*:?\s*(?:\d{2,4}年[\d月日\s]*(?:星期.)?)?\s*$"
            r"|友情链接\s*(?:[:|]|$)"
        ),
    ),
    (
        "paging",
        (r"[-*•·◆\s]*(?:上|下|前|后)一(?:篇|页|条|则)(?:文章|新闻|信息|主题)?\s*(?::|$)"),
    ),
    (
        "sharing",
        (
            r"分享(?:到|至)\s*(?::|$)|字[体号]\s*:?\s*[\[【(]?\s*大?\s*中?\s*小?\s*[\]】)]?\s*$"
            r"|(?:打开|使用|用)?(?:手机)?(?:微信|浏览器)?.{0,4}扫一扫.{0,24}(?:分享|关注|朋友圈|阅读|查看|打开)[^。]{0,8}$"
            r"|(?:点击|长按).{0,12}(?:二维码|蓝字|名片).{0,8}关注[^。]{0,12}$"
            r"|预览时标签不可点|.{0,20}收录于(?:话题|合集)\s*#"
        ),
    ),
    (
        "related",
        (r"(?:猜[您你]喜欢|推荐访问|热门标签|大家都在看|为[您你]推荐|精彩推荐|随机文章)\s*(?::|$)"),
    ),
    (
        "footer",
        (
            r".{0,120}(?:[a-z\u4e00-\u9fff]\s?icp\s?[备证]|icp备案|公网安备|网站标识码|copyright\s*(?:©|\(c\)|\d{4}|:)|©)"
            r"|.{0,60}版权所有(?![人者权])[^。,]{0,60}$"
            r"|(?:网站)?技术支持\s*:(?!\s*[\d(+])[^。]{0,40}$|您是第\s*\d*\s*位(?:访问|访客)|建议使用.{0,30}浏览器.{0,10}$"
        ),
    ),
    (
        "reprint",
        (
            r"(?:如需|如有)?(?:转载|转发|引用)(?:本文)?(?:时)?(?:请|须|需|务必)(?:注明|保留|标明)(?:本文|原文)?(?:出处|来源|地址|链接)[^。]{0,100}$"
            r"|(?:本文|原文)(?:地址|链接|网址)\s*:"
        ),
    ),
    (
        "filler",
        (r"(?:下面|以下)(?:就)?是小编.{0,120}供(?:大家|您|你)?(?:参考|阅读|学习)"),
    ),
)

_AHEAD, _FOOTER, _BEHIND = (
    re.compile("|".join(f"(?P<{name}>{pattern})" for name, pattern in rules))
    for rules in (_SHORT_RULES[:4], _SHORT_RULES[4:5], _SHORT_RULES[5:])
)
_FOOTER_WORDS = (
    "icp", "公网安备", "网站标识码", "copyright", "©", "版权所有", "技术支持", "您是第", "建议使用",
)  # fmt: skip

# These head a list of references as often as a page's advertisements for itself.
_MAYBE_RELATED = re.compile(
    r"(?:相关|推荐|热门|更多|最新)(?:阅读|文章|新闻|推荐|资讯|热文)\s*:?\s*$"
)

_BAR_SPLIT = re.compile(r"[|\s/·•◆\[\]【】()<>:,\-]+")
_BAR_STRONG = re.compile(
    "返回首页|返回顶部|返回列表|设为首页|加入收藏|收藏本站|打印本页|打印本文|关闭窗口|关闭本页|微信扫一扫|"
    "分享到|分享|网站简介|广告合作|广告服务|发布优势|服务条款|隐私保护|隐私政策|网站地图|站点地图|版权声明|"
    "网站声明|免责声明|法律声明|关于我们|联系我们|友情链接|意见反馈|qq好友|qq空间|新浪微博|腾讯微博|朋友圈|"
    "纠错|我要纠错|无障碍阅读|无障碍浏览|上一篇|下一篇|上一页|下一页"
)
_BAR_WEAK = re.compile(
    "首页|打印|关闭|收藏|微信|微博|qq|大|中|小|字体|字号|登录|注册|尾页|末页|手机版|电脑版|客户端|简体|繁体|"
    "帮助|招聘|举报|留言|评论|点赞|转发|复制链接|加入我们|诚聘英才|广告投放|english"
)
_BAR_BEGIN = re.compile(rf"{_BAR_SPLIT.pattern[:-1]}*(?:{_BAR_STRONG.pattern}|{_BAR_WEAK.pattern})")
_BAR_FEWEST = 3

_STRONG_LABELS = (
    "发布日期|发布时间|发稿时间|更新时间|发布机构|发布人|信息来源|稿件来源|文章来源|来源|字体|字号|浏览次数|浏览量|"
    "点击数|点击率|点击量|点击|阅读次数|阅读量|访问量|访问次数|责任编辑|责编|编辑"
)
_WEAK_LABELS = "时间|日期|作者|审核|校对|记者|通讯员|撰稿|摄影|供稿|分享|打印|终审|初审|复审|监制"
_STRONG_LABEL = re.compile(rf"(?<![\w])(?:{_STRONG_LABELS})\s*:")
_LABEL = re.compile(rf"(?<![\w])(?:{_STRONG_LABELS}|{_WEAK_LABELS})\s*:")
_LONE_LABEL = re.compile(
    r"[(\[【]?\s*(?:(?:发布日期|发布时间|发稿时间|更新时间)\s*:\s*[\d年月日时分秒:.\-/\s]*"
    r"|(?:来源|文章来源|稿件来源|信息来源|责任编辑|责编|编辑)\s*:\s*[^\s,。;:]{0,20})\s*[)\]】]?$"
)
# Labels that an invitation has too: they count beside a line that only a page has.
_BESIDE = re.compile(
    r"(?:时间|日期)\s*:\s*\d{2,4}\D.*\d\D?|作者\s*:\s*[^\s。]{0,12}|(?:阅读量?|浏览量?)\s*:?\s*\d*"
    r"|[\[【(]?\s*(?:打印|关闭|收藏)\s*[\]】)]?"
)
_HEADER_CHARS = 120
# What makes a line of labels, or the lines around a label, a form's and no page's.
_CONTACT = re.compile(r"(?:地点|地址|电话|热线|传真|邮箱)\s*:\s*\S")
_FORM_LINE = re.compile(
    rf"(?!(?:{_STRONG_LABELS}|{_WEAK_LABELS}|索引|文号|标题|题目|主题|关键[词字]|摘要|栏目|分类|有效性|信息|公开|公文|成文|发文|发布|浏览|[文图]\s*:))"
    r"[\u4e00-\u9fff]{2,8}\s*:\s*\S"
)

_LEADER = re.compile(r"(?:(?:[.·…•]\s?){6,}|…{2,})\s*(\d{1,4})$")
_CONTENTS_LINES = 3
_PAGES, _PAGE_LINES = 3, 5  # so many pages, and so many lines on each, make a line theirs
_MAYBE = "maybe related"  # a rule only where the page has others

_PICTURE = re.compile(r"(.{4,80}?)\s*\(\d{1,2}\)$")
_FRONT_MATTER = re.compile(
    r"\A\s*---[ \t]*\n(?:[ \t]*[\w\-]+[ \t]*:.*\n|[ \t]+.*\n|[ \t]*\n){1,40}---[ \t]*(?=\n|\Z)"
)
# A column's name that a page's text runs on from: 工会要闻临江市总工会召开全委会.
_COLUMN = re.compile(
    r"\s*[\[【]?(?:工会|党建|基层|时政|本地|地方|综合|国内|区县|县区|市县|部门|工作|图片)"
    r"(?:要闻|快讯|资讯)[\]】]?[ \t:|]*"
    r"(?=[\u4e00-\u9fff]{2,6}(?:[省市县区州镇乡]|街道|总工会|集团|公司)\S{4})"
)
_BLANK_ENTITIES = re.compile(r"(?:&(?:nbsp|ensp|emsp|thinsp|#160|#32|#12288|#13|#10);\s*){2,}")


class _Row(NamedTuple):  # made for every line, and a tuple is made in a quarter of the time
    start: int
    end: int
    text: str


def find_boilerplate(folded: str) -> Iterator[Marked]:
    r"""Give the ranges of boilerplate of a folded text with their rules; not sorted.

    >>> list(find_boilerplate("首页 > 新闻\n工会开会。\n打印 | 关闭窗口"))
    [(0, 7, 'navigation'), (14, 23, 'bar')]
    """
    front = _FRONT_MATTER.match(folded)
    if front:
        yield (front.start(), front.end(), "front matter")
    column = column_chars(folded)
    if column:
        yield (len(folded) - len(folded.lstrip()), column, "navigation")
    for found in _BLANK_ENTITIES.finditer(folded):
        yield (found.start(), found.end(), "entity")
    page = _Page()
    for row in _rows(folded):
        page.meet(row)
    yield from page.marks()
    yield from _pictures(folded, page.captions)


def column_chars(folded: str) -> int:
    """Give how many characters at the beginning are a column's name before a headline; 0: none."""
    column = _COLUMN.match(folded)
    return column.end() if column else 0


def _rows(folded: str) -> Iterator[_Row]:
    """Give the lines that are not blank, stripped, one at a time: there may be millions."""
    for found in _LINE.finditer(folded):
        text = found.group()
        start = found.start()
        stripped = text.strip()
        if stripped:
            if stripped is not text:
                start += len(text) - len(text.lstrip())
            yield _Row(start, start + len(stripped), stripped)


class _Page:
    """What must be remembered of all the lines of a page, which is little, while they go by."""

    def __init__(self) -> None:
        self.captions: list[tuple[_Row, str]] = []  # numbered, with what they would repeat
        self._ruled: list[Marked] = []
        self._maybe: list[Marked] = []
        self._leaders: list[tuple[_Row, int]] = []
        self._edges: list[tuple[_Row, tuple[int, str, int]]] = []
        self._beside: list[tuple[_Row, int]] = []  # the lines beside those, with their places
        self._head: list[_Row] = []
        self._tail: deque[_Row] = deque(maxlen=_TAIL_LINES + 1)
        self._met = 0
        # The lines since the last prose, from the first that heads links on.
        self._behind: list[Marked] = []

    def meet(self, row: _Row) -> None:
        """Take in the next line."""
        text = row.text
        rule = line_rule(text)
        if rule:
            self._ruled.append((row.start, row.end, rule))
        elif _MAYBE_RELATED.match(text):
            rule = _MAYBE
            self._maybe.append((row.start, row.end, "related"))
        if _is_prose(text):
            self._behind.clear()
        elif self._behind or rule in ("related", _MAYBE):
            self._behind.append((row.start, row.end, rule))
        last = text[-1]
        if last.isdecimal() and len(text) <= _LONGEST_CHARS and (leader := _LEADER.search(text)):
            self._leaders.append((row, int(leader[1])))
        if self._edges and self._edges[-1][1][0] == self._met - 1:
            self._beside.append((row, self._met - 1))
        if edge := page_line(text):
            self._edges.append((row, (self._met, *edge)))
            self._beside += [(before, self._met) for before in list(self._tail)[-1:]]
        if last == ")" and (caption := _PICTURE.match(text)):
            self.captions.append((row, caption[1]))
        if len(self._head) <= _HEADER_LINES:
            self._head.append(row)
        self._tail.append(row)
        self._met += 1

    def marks(self) -> Iterator[Marked]:
        """Give what all lines together show, once they have been met."""
        yield from self._ruled
        if self._ruled:
            yield from self._maybe
        yield from _bylines(self._ends())
        yield from self._links()
        yield from _contents(self._leaders)
        yield from self._pages()

    def _pages(self) -> Iterator[Marked]:
        """Give the lines that each page begins or ends with: numbers, and what repeats beside."""
        pages = of_pages((edge for _, edge in self._edges), _PAGES, apart=_PAGE_LINES, step=2)
        beside = [row for row, at in self._beside if at in pages and not _is_prose(row.text)]
        often = Counter(row.text for row in beside)
        rows = [row for row, (at, *_) in self._edges if at in pages]
        rows += [row for row in beside if often[row.text] >= _PAGES]
        yield from ((row.start, row.end, "page") for row in rows)

    def _links(self) -> Iterator[Marked]:
        """Give the links that end a page behind `猜您喜欢` and the like, where no prose follows."""
        heads = ("related", _MAYBE) if self._ruled else ("related",)
        rules = [rule for _, _, rule in self._behind]
        first = next((at for at, rule in enumerate(rules) if rule in heads), len(rules))
        for start, end, _ in self._behind[first + 1 :]:
            yield (start, end, "related")

    def _ends(self) -> Sequence[_Row]:
        """Give the first and the last lines, and one beside either where there are more."""
        new = min(len(self._tail), self._met - len(self._head))
        return [*self._head, *list(self._tail)[len(self._tail) - new :]]


def line_rule(text: str) -> str:
    """Name the rule that a whole folded line falls under by itself; "" for none."""
    if len(text) > _LONGEST_CHARS:
        return ""
    found = _AHEAD.match(text)
    # The footer's words may stand anywhere, which is dear to look for by an expression.
    if not found and any(map(text.__contains__, _FOOTER_WORDS)):
        found = _FOOTER.match(text)
    found = found or _BEHIND.match(text)
    if found and found.lastgroup:
        return found.lastgroup
    return "bar" if _is_bar(text) else ""


def _is_bar(text: str) -> bool:
    """Say whether a line is made of the words of buttons and footers."""
    if "|" in text:
        words = [part.strip() for part in text.split("|")]
        strong = sum(bool(_BAR_STRONG.fullmatch(word)) for word in words)
        if strong >= _BAR_FEWEST - 1 and 2 * strong >= len(words):
            return True
    if not _BAR_BEGIN.match(text):
        return False
    words = [word for word in _BAR_SPLIT.split(text) if word]
    strong = sum(bool(_BAR_STRONG.fullmatch(word)) for word in words)
    known = strong + sum(bool(_BAR_WEAK.fullmatch(word)) for word in words)
    if not words or known < len(words):
        return False
    return strong > 0 or len(words) >= _BAR_FEWEST


def _bylines(rows: Sequence[_Row]) -> Iterator[Marked]:
    """Give the header and closing lines made of labels: date, source, author, editor, type size."""
    tail = max(_HEADER_LINES, len(rows) - _TAIL_LINES)
    places = [*range(min(_HEADER_LINES, len(rows))), *range(tail, len(rows))]
    near = [rows[at] for at in places]
    sure = [_is_byline(rows[at].text) and not _amid_form(rows, at) for at in places]
    if sum(sure) > _BYLINES:
        return
    for at, row in enumerate(near):
        beside = any(sure[max(0, at - 1) : at + 2])
        if sure[at] or (beside and _BESIDE.fullmatch(row.text)):
            yield (row.start, row.end, "byline")


def _is_byline(text: str) -> bool:
    if len(text) > _HEADER_CHARS or "。" in text or _CONTACT.search(text):
        return False
    if _LONE_LABEL.match(text):
        return True
    labels = len(_LABEL.findall(text))
    return labels > 1 and bool(_STRONG_LABEL.search(text)) and bool(_LABEL.match(text))


def _amid_form(rows: Sequence[_Row], at: int) -> bool:
    """Say whether the lines before and behind are a form's: `来源:会费` under `标准:每人30元`."""
    if not 0 < at < len(rows) - 1:
        return False
    return all(_FORM_LINE.match(rows[beside].text) for beside in (at - 1, at + 1))


def _pictures(folded: str, captions: Sequence[tuple[_Row, str]]) -> Iterator[Marked]:
    """Give the captions that only repeat another line with a number: `标题(1)`."""
    wanted = {name for _, name in captions}
    there = {row.text for row in _rows(folded) if row.text in wanted} if wanted else set()
    for row, name in captions:
        if name in there:
            yield (row.start, row.end, "picture number")


def _contents(leaders: Sequence[tuple[_Row, int]]) -> Iterator[Marked]:
    """Give the lines of a table of contents: names, dots, and page numbers that never fall."""
    pages = [page for _, page in leaders]
    if len(pages) >= _CONTENTS_LINES and pages == sorted(pages):
        for row, _ in leaders:
            yield (row.start, row.end, "contents")


def _is_prose(text: str) -> bool:
    return len(text) >= _PROSE_CHARS or text[-1] in "。;!"
