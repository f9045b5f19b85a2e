"""What a document calls itself."""

from __future__ import annotations

import re
import unicodedata

from qa.reading.plain import head_lines

_FEWEST, _MOST = 4, 60
_LONGEST_SUBTITLE = 45

# Rows of links, greetings and status lines that stand above the title of a saved page.
_NAVIGATION = re.compile(
    r"首页|首頁|当前位置|目前位置|[您你]?(?:现在|現在)?(?:所在)?的?位置\s*[:：]|欢迎(?:访问|来到|光临|您)"
    r"|歡迎(?:訪問|來到|光臨|您)|今天是|快[捷速]搜索|设为首页|加入收藏|网站地图|網站導覽|返回(?:顶部|首页|列表)"
    r"|登录|登錄|無障礙|无障碍|扫一扫|二维码|分享到|打印本页|关闭窗口|(?:上|下)一篇|字[体號号][:：]"
)
_LABEL = re.compile(
    r"(?:来源|來源|作者|编辑|編輯|責任編輯|责任编辑|记者|記者|通[讯信訊][员員]|摄影|文[字号號]?|图|发布(?:日期|时间|机构|单位)"
    r"|發[布佈](?:日期|時間)|时间|時間|日期|浏览(?:次数|量)?|点击(?:数|量)?|阅读(?:数|量)?|字[体号]|索引号|主题词|主题分类"
    r"|成文日期|发文(?:机关|字号|日期)|發文(?:機關|字號|日期)|公开(?:方式|范围)|有效性|文号|信息来源|关键词|关键字|摘要|标签"
    r"|受文者|正本|副本|附件|抄送)\s*(?:[:：]|$)"
)
_BYLINE = re.compile(r"^(?:本[报报網网]?|\S{0,12})(?:记者|記者|通讯员|通訊員|通信員|特约)\s")
_NUMBERED = re.compile(
    r"[(（]?[一二三四五六七八九十]{1,3}[)）]?[、.．]|[(（][一二三四五六七八九十\d]{1,3}[)）]|\d{1,3}(?:[.．、](?!\d)|[)）])"
    r"|第\s*[一二三四五六七八九十百零〇\d]+\s*[章条條节節编編款]|[-*•·●]\s|[问問答]\s*[:：]"
)
_DOCUMENT_NUMBER = re.compile(
    r"\S{0,20}[〔\[（(【]\s*(?:19|20)\d\d\s*[〕\]）)】]\s*第?\s*\d+\s*号$"
)
_DATED = re.compile(r"[(（\[]?(?:(?:19|20)\d\d|[〇○零一二三四五六七八九]{4})\s*[-/.年]")
_SENTENCE_END = re.compile(r"[。；;，,：:、…]$")
_ORIGINAL = re.compile(r"原(?:题目|題目|标题|標題|题|題)\s*[:：]\s*(?P<title>\S.*)")
_PART_MARK = re.compile(r"\s*[(（](?:主|副|正|引|肩)[题題标標][)）]\s*$")
# The kind of advert that breaks into sentences of copied pages, in a ruined entity or bare.
_SPAM = re.compile(
    r"&#\d{0,3}[^\s;&]{0,8}?\d{0,3};|[包][养養](?:[网網]\w{0,2}|行情|[价價]格|[条條]件)?"
)
_COLUMN = re.compile(
    r"^(?:工会|党建|基层|时政|本地|图片|今日|最新)?(?:要闻|新闻|动态|快讯|头条|资讯|公告|通知公告|工作动态)(?=\S{10,})[\s:：】|]*"
)
_BRACKET_TAIL = re.compile(
    r"[（(][^（()）\n]{1,8}[)）][^\s，,。；;！!？?：:“”（()）]{0,4}(?=[\s，,。；;！!？?]|$)"
)
_HAN = re.compile(r"[\u4e00-\u9fff]")

_LONGEST_SITE = 16
# A site's name, which pages add to their title.
_SITE = re.compile(
    r"(?:网|網|网站|網站|官网|门户|入口網|资讯网|在线|频道|中心|平台|政府|总工会|總工會|日报|晚报|时报|新闻|要闻|动态|公告|报道|论坛|博客|知乎"
    r"|社区|文库|局|厅|委员会|有限公司|\.com|\.cn|\.tw|\.org|\.net)$",
    re.IGNORECASE,
)
_EMPTY_TITLE = re.compile(
    r"^(?:首页|首頁|文章(?:正文|内容|页)|正文|详情|详细(?:页|内容)|内容(?:页|详情)?|新闻(?:详情|内容|中心)|无标题(?:文档)?|無標題(?:文件)?"
    r"|新建.{0,12}文[档本]|untitled.*|document|index|new page.*|home|404.*)$",
    re.IGNORECASE,
)
# A bare hyphen joins words of one title as often as it parts title and site.
_PARTS = re.compile(r"\s+[-–—|｜·»]+\s+|\s*[_|｜»]+\s*|--+")


def title_of_text(text: str) -> str | None:
    r"""Give the first line that reads like a title, cleaned; None when the text starts with prose.

    >>> title_of_text("首页 > 新闻中心\n县级工会提升年行动方案\n为了……")
    '县级工会提升年行动方案'
    """
    lines = head_lines(text)
    first: int | None = None
    for at, line in enumerate(lines):
        original = _ORIGINAL.match(line)
        if original:  # the page itself says what it was called before it was rewritten
            return _with_subtitle(original["title"], lines[at + 1 :])
        if first is None and _skippable(line):
            continue
        if first is None:
            first = at
        if _is_prose(line):
            break
    if first is None or not _reads_like_title(lines[first]):
        return None
    title = _with_subtitle(lines[first], lines[first + 1 :])
    return _completed(_COLUMN.sub("", title), lines[first + 1 :])


def clean_title(raw: str) -> str:
    """Give a title without adverts, Markdown marks and doubled spaces; may be empty.

    >>> clean_title(" **县级工会**&#3一包養網2;提升年 ")
    '县级工会 提升年'
    """
    title = _SPAM.sub(" ", unicodedata.normalize("NFC", raw))
    title = _PART_MARK.sub("", title)
    title = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", title)  # [words](link)
    title = re.sub(r"(\*\*|__|`)(.+?)\1", r"\2", title)
    return " ".join(title.split())


def title_of_page(declared: str | None, headings: list[str]) -> str | None:
    """Give a page's title from its `<title>` and its `<h1>` headings; None when neither is one.

    What the two share is the title; a site's name after a separator is not.

    >>> title_of_page("市总工会召开全委会_工会要闻_临江市总工会", [])
    '市总工会召开全委会'
    """
    page = clean_title(declared or "")
    titled = [h for h in map(clean_title, headings) if h and not _EMPTY_TITLE.match(h)]
    for heading in titled:
        if page.startswith(heading) and (heading == page or not _is_site(heading)):
            return heading
    page = _without_site(page)
    if _EMPTY_TITLE.match(page) or _is_site(page):
        own = [h for h in titled if not _is_site(h)]
        return own[0] if own else None
    return page or (titled[0] if titled else None)


def _without_site(title: str) -> str:
    """Take the site's and the column's names off the end of a page's title."""
    parts = list(_PARTS.finditer(title))
    end = len(title)
    for separator in reversed(parts):
        name, rest = title[separator.end() : end], title[: separator.start()]
        if len(rest) < _FEWEST or not (_is_site(name) or _is_column(name)):
            break
        end = separator.start()
    return title[:end].strip(" -–—|｜_")


def _is_site(name: str) -> bool:
    """Whether these words name a site rather than a text."""
    return (
        bool(_SITE.search(name))
        and len(name) <= _LONGEST_SITE
        and not re.search(r"[关關][于於]|的|召开", name)
    )


def _is_column(name: str) -> bool:
    """Whether these words name a column of a site: a few characters without a number."""
    return len(name) <= 6 and not re.search(r"\d", name)  # noqa: PLR2004


def _skippable(line: str) -> bool:
    """Whether a line stands above a title and is none."""
    words = line.split()
    row_of_links = len(words) > 3 and max(map(len, words)) <= 6 and not _SENTENCE_END.search(line)  # noqa: PLR2004
    return bool(
        row_of_links
        or _NAVIGATION.search(line)
        or _LABEL.match(line)
        or _BYLINE.match(line)
        or _DOCUMENT_NUMBER.match(line)
        or line.count("|") + line.count("｜") > 1
        or (
            _DATED.match(line)
            and not _HAN.search(re.sub(r"[年月日号星期一二三四五六天时分]", "", line))
        )
        or not re.search(r"\w", line)
        or not clean_title(line)
    )


def _is_prose(line: str) -> bool:
    """Whether a line is part of a text's body."""
    return len(line) > 2 * _MOST or (len(line) > _MOST // 2 and line.endswith(("。", "！", "？")))


def _reads_like_title(line: str) -> bool:
    """Whether a line could be what a text is called."""
    title = clean_title(line)
    return (
        _FEWEST <= len(title) <= _MOST
        and not _SENTENCE_END.search(title)
        and "。" not in title
        and not _NUMBERED.match(title)
        and not _DATED.fullmatch(title)
        and bool(re.search(r"[^\W\d_]", title))
    )


def _with_subtitle(line: str, following: list[str]) -> str:
    """Join a title with the subtitle under it, which begins with a dash."""
    title = clean_title(line)
    if following and following[0].startswith(("——", "—", "――", "--")):
        subtitle = clean_title(following[0])
        if len(subtitle) <= _LONGEST_SUBTITLE and not _SENTENCE_END.search(subtitle):
            return title + subtitle
    return title


def _completed(title: str, lines: list[str]) -> str:
    """Add what a site cut off behind its title: 召开十届六次全委 of 召开十届六次全委(扩大)会议.

    Only when a line below repeats the title and goes on with a word in brackets.
    """
    if title.endswith((")", "）")):
        return title
    for line in lines:
        at = line.find(title)
        tail = _BRACKET_TAIL.match(line, at + len(title)) if at >= 0 else None
        if tail:
            return title + tail[0]
    return title
