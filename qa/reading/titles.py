"""What a document calls itself."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from embeddings.words import fold
from qa.boilerplate import column_chars
from qa.reading.dates import is_date
from qa.reading.facts import facts_above
from qa.reading.heads import is_catalogue, is_owner, may_be_owned, site_lines
from qa.reading.plain import head_lines
from qa.records import without
from qa.seams import seams

_FEWEST, _MOST = 4, 60
_HEAD_CHARS = 8_000  # in which a title that a fixed width broke in two is looked for
_FEWEST_MARKED = 2  # of a Markdown heading of the first level; `## 简介` is a section's
_LONGEST_SUBTITLE = 45
_PROSE_CHARS = 30

# What stands above the title of a saved page. Words of navigation also stand in titles
# (无障碍环境建设法), so they count only where a title would not have them.
_NAVIGATION = re.compile(
    r"(?:欢迎|歡迎)(?:访问|訪問|来到|來到|光临|光臨|您)|今天是|快[捷速]搜索|(?:当前|目前|當前)位置"
    r"|[您你](?:现在|現在|目前|所在)*的?位置|.{0,12}(?:首页|首頁)\s*[>›»/|｜]|[【\[]?字[体體号號]\s*[:：]"
)
_LINK = (
    r"首页|首頁|回首頁|登录|登錄|登入|注册|註冊|无障碍(?:浏览|阅读)?|长者(?:版|模式)|设为首页|加入收藏|网站(?:地图|导航)|網站導覽"
    r"|繁[体體](?:中文|版)?|简体(?:中文|版)?|English|返回(?:首页|顶部|列表|上一页)?|打印(?:本页)?|关闭(?:窗口|本页)?|收藏|分享(?:到)?"
    r"|扫一扫.{0,12}|手机版|客户端|上一篇|下一篇|[大中小]|\S{0,4}(?:要闻|新闻|动态|资讯|头条|快讯)|(?:政务|信息)(?:公开|信息)"
    r"|(?:政策|信息)发布|通知公告|新闻中心"
)
_LINKS = re.compile(rf"(?:(?:{_LINK})[\s:：>›»|｜/·\[\]【】]*)+", re.IGNORECASE)
_LABEL = re.compile(
    r"(?:(?:信息|文章|稿件)?(?:来源|來源)|作者|(?:责任|責任)?(?:编辑|編輯)|记者|記者|通[讯信訊][员員]|摄影|攝影|文[字号號]?|图片?"
    r"|(?:发布|發布|發佈|公开|公開|成文|发文|發文|生成|生效)(?:日期|时间|時間|机构|機構|单位|單位|机关|機關|字号|字號)|时间|時間|日期|文档类型"
    r"|(?:浏览|瀏覽|点击|點擊|阅读|閱讀)(?:次数|次數|量|数|數)?|索引号|(?:主题|信息|体裁)(?:词|分类)|公开(?:方式|范围)|有效性|关键[词字]"
    r"|摘要|标签|受文者|正本|副本|附件\s*\d{0,2}|抄送)\s*(?:[:：]|$)"
)
# What stands in the list of facts of a published document and nowhere else: known without a colon.
_LISTED = re.compile(
    r"(?:索\s*引\s*[号號]|(?:发布|發布|發佈|公开|公開|成文|发文|發文|生成|生效)"
    r"(?:日期|时间|時間|机构|機構|单位|單位|机关|機關|字号|字號))"
    r"(?:\s*[:：]?\s*[|｜\t]|[ 　]+[^\s:：|｜]+$)"
)
# What a form asks for. A text that begins with an answer to it has no title, and as a title the
# answer could not be quoted. Headlines begin with 部门 or 条件 too (人社部门：稳岗有新招), so such
# words count only with another one below.
_FACT = (
    r"地点|地點|地址|电话|電話|热线|熱線|传真|傳真|邮箱|郵箱|信箱|网址|網址|时限|時限|期限|姓名|联系人|聯絡人"
    r"|[办辦]公[时時][间間]"
)
_ASKED = (
    r"名称|名稱|类型|類型|类别|類別|编号|編號|编码|編碼|代码|代碼|[时時][间間]|日期|条件|條件|材料|对象|對象|范围|範圍|部门|部門"
    r"|单位|單位|机构|機構|机关|機關|方式|依据|依據|流程|程序|标准|標準|收费|收費|费用|費用|次数|次數|结果|結果|负责人|負責人"
)
_FACT_FIELD = re.compile(rf"[^\s:：，,。；;、]{{0,6}}(?:{_FACT})\s*[:：]\s*\S")
_FIELD = re.compile(rf"[^\s:：，,。；;、]{{0,6}}(?:{_FACT}|{_ASKED})\s*[:：]\s*\S")
_ANY_FIELD = re.compile(r"[^\s:：，,。；;、]{1,8}\s*[:：]\s*\S")
_BYLINE = re.compile(r"\S{0,12}(?:记者|記者|通讯员|通訊員|通信員|特约)\s")
_DOCUMENT_NUMBER = re.compile(r"\S{0,20}[〔\[（(【]\s*\S{2,4}\s*[〕\]）)】]\s*第?\s*\d+\s*[号號]$")
_LETTERHEAD = re.compile(r"(?!.*[关關][于於])\S{2,20}文件$")
_NUMBERED = re.compile(
    r"[(（]?[一二三四五六七八九十]{1,3}[)）]?[、.．]|[(（][一二三四五六七八九十\d]{1,3}[)）]"
    r"|\d{1,3}(?:[.．、](?!\d)|[)）])|第\s*[一二三四五六七八九十百零〇\d]+\s*[章条條节節编編款]"
    r"|[-*•·●]\s|[问問答]\s*[:：]"
)
_SENTENCE_END = re.compile(r"[。；;，,：:、…]$")
_ADDRESS = re.compile(r"https?://|www\.")

_ORIGINAL = re.compile(r"原(?:题目|題目|标题|標題|题|題)\s*[:：]\s*(?P<title>\S.*)")
_STATED = re.compile(
    r"(?:[标標]\s*[题題]|(?P<name>(?:信息|公文|文件)?名\s*[称稱]))\s*[:：]\s*(?P<title>[^\s|｜].*)"
)
_TITLE_NAME = re.compile(r"(?:[标標]\s*[题題]|(?P<name>(?:信息|公文|文件)?名\s*[称稱]))\s*[:：]?")
_BARS = re.compile(r"[|｜\t]")
_SPACED = re.compile(r"(?<=[\u4e00-\u9fff])[ 　]+(?=[\u4e00-\u9fff][^:：]{0,6}[:：])")
_MARKDOWN_HEADING = re.compile(r"\s*#{1,6}\s+(?=\S)")
_PART_MARK = re.compile(r"\s*[(（](?:主|副|正|引|肩)[题題标標][)）]\s*$")
# The kind of advert that breaks into sentences of copied pages, in a ruined entity or bare.
_SPAM = re.compile(
    r"&#\d{0,3}[^\s;&]{0,8}?\d{0,3};|包[养養](?:[网網](?:站|[单單]次|VIP|ppt|[评評][价價]|推薦|心得)?|行情|[价價]格|[条條]件)"
)
_BRACKET_TAIL = re.compile(
    r"[（(][^（()）\n]{1,8}[)）][^\s，,。；;！!？?：:“”（()）]{0,4}(?=[\s，,。；;！!？?]|$)"
)

_LONGEST_SITE = 16
_SITE = re.compile(
    r"(?:[网網]|[网網]站|官[网網]|门户|入口|在线|频道|平台|政府|总工会|總工會|日报|晚报|时报|論壇|论坛|博客|知乎|社区|文库"
    r"|局|厅|廳|部|委员会|委員會|有限公司|\.(?:com|cn|tw|org|net))$",
    re.IGNORECASE,
)
_SITE_COLUMN = re.compile(
    r"\S{0,4}(?:要闻|新闻|动态|资讯|头条|快讯|公告|通知|公开|报道|专题|正文|首页|法规|文件)"
)
_SHORT_COLUMN = 6
_SHORT_WORD = re.compile(r"[\u4e00-\u9fff]{2,6}")
_EMPTY_TITLE = re.compile(
    r"首页|首頁|文章(?:正文|内容|页)|正文|详情|详细(?:页|内容)|内容(?:页|详情)?|新闻(?:详情|内容|中心)|无标题(?:文档)?"
    r"|無標題(?:文件)?|新建.{0,12}文[档本].{0,3}|untitled.*|document|index|new page.*|home|404.*",
    re.IGNORECASE,
)
# A hyphen without spaces joins words as often as it parts a title from a site's name.
_PARTING = re.compile(r"\s+[-–—·]\s+|\s*[_|｜»]+\s*|(?P<bare>-)")


def title_of_text(text: str) -> str | None:
    r"""Give the first line that reads like a title, cleaned; None when the text starts with prose.

    >>> title_of_text("首页 > 新闻中心\n县级工会提升年行动方案\n为了……")
    '县级工会提升年行动方案'
    """
    beginning = text[:_HEAD_CHARS]
    head = head_lines(without(beginning, seams(beginning)))
    above = site_lines(head)
    stated, facts = facts_above(head)
    if stated:
        return clean_title(stated)
    lines = [line for at, line in enumerate(head) if at not in above and at >= facts]
    first: int | None = None
    for at, line in enumerate(lines):
        original = _ORIGINAL.match(line)
        if original and _reads_like_title(original["title"]):
            # What the page was called before someone rewrote it.
            return _with_subtitle(original["title"], lines[at + 1 :])
        stated = _stated(line, lines[max(0, at - 1) : at], lines[at + 1 : at + 3])
        if stated:
            return clean_title(stated)
        if first is None and not _stands_above(line) and not _owns(line, lines[at + 1 :]):
            if _begins_form(line, lines[at + 1 : at + 2]):
                return None
            first = at
        if first is not None and _is_prose(line):
            break
    if first is None or not _reads_like_title(lines[first]):
        return None
    below = lines[first + 1 :]
    title = _without_site(_with_subtitle(lines[first], below))
    title = title[column_chars(fold(title)) :]
    return _completed(title, below)


def _stated(line: str, above: list[str], below: list[str]) -> str:
    """Give the title that a line states among others of the kind; empty for none.

    A title may also be the first that is stated. A name is that of a thing more often.
    """
    stated = _STATED.match(line)
    if not stated:
        return _stated_apart(line, above, below)
    if not _reads_like_title(stated["title"]):
        return ""
    first = not above and not stated["name"]
    return stated["title"] if first or lists_facts(above + below[:1]) else ""


def _stated_apart(line: str, above: list[str], below: list[str]) -> str:
    """Give the title that stands in the cell behind its name, or on the line below it, as there."""
    cells = [cell.strip() for cell in _BARS.split(line.strip("|｜ "))]
    is_row = len(cells) > 1
    if not is_row:
        cells, below = [*cells, *below[:1]], below[1:]
    pairs = list(zip(cells[::2], cells[1::2], strict=False))
    named = ((_TITLE_NAME.fullmatch(name), value) for name, value in pairs)
    found, title = next(((name, value) for name, value in named if name), (None, ""))
    # The name of another column is no title.
    if not found or not _reads_like_title(title) or _labels(title) or _TITLE_NAME.match(title):
        return ""
    first = is_row and not above and not found["name"] and not any(map(_BARS.search, below[:1]))
    beside = any(_labels(name) and re.search(r"\d", value) for name, value in pairs)
    return title if first or beside or lists_facts(above + below[:1]) else ""


def lists_facts(lines: Iterable[str]) -> bool:
    """Say whether one of the lines states a fact that lists of published documents state.

    >>> lists_facts(["政府信息公开", "| 索引号 | GZ-2024 |"]), lists_facts(["政府信息公开"])
    (True, False)
    """
    return any(map(_labels, lines))


@lru_cache(maxsize=64)  # what heads a text is asked about again and again
def clean_title(raw: str) -> str:
    """Give a title without adverts, Markdown marks and doubled spaces; may be empty.

    >>> clean_title(" **县级工会**&#3一包養網2;提升年 ")
    '县级工会 提升年'
    """
    title = _SPAM.sub(" ", unicodedata.normalize("NFC", raw))
    title = _PART_MARK.sub("", title)
    title = _MARKDOWN_HEADING.sub("", title)
    title = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", title)  # [words](link)
    title = re.sub(r"(\*\*|__|`)(.+?)\1", r"\2", title)
    return " ".join(title.split())


def title_of_page(declared: str | None, headings: list[str]) -> str | None:
    """Give a page's title from its `<title>` and what else calls itself one, the surest first.

    A heading that the title begins with is the title: the rest is the site's. Otherwise the site's
    name is taken off. The catalogue of an office yields to a heading. None when nothing is left.

    >>> title_of_page("市总工会召开全委会_工会要闻_临江市总工会", [])
    '市总工会召开全委会'
    """
    page = clean_title(declared or "")
    own = [h for h in map(clean_title, headings) if _is_own(h)]
    # What everything is listed in is what a page calls itself only if it says nothing else.
    candidates = [h for h in own if not is_catalogue(h)] or own
    for heading in candidates:
        if page.startswith(heading):
            return heading
    page = _without_site(page)
    if _is_own(page) and not (is_catalogue(page) and candidates):
        return page
    return next(iter(candidates), None)


# What programs write into a file's properties by themselves.
_PROGRAMS = re.compile(
    r"(?:microsoft |wps )?(?:word|excel|powerpoint)\b.*"
    r"|(?:power\s*point|ppt)?\s*(?:演示文稿|簡報|幻灯片).{0,4}"
    r"|(?:文档|文件|工作簿|工作表|活頁簿|document|book|sheet|slide|presentation|template|normal)\s*\d*"
    r"|.*\.(?:docx?|wps|xlsx?|pptx?|pdf|txt|rtf|dot|tif)|.*\ufffd.*",
    re.IGNORECASE,
)


def title_of_file(text: str, properties: str | None) -> str | None:
    r"""Give the title of a document whose file has properties, one of which is called title.

    Such titles are often those of another document that this one was made from: one is believed
    only if the text begins with it too, or if nothing at the beginning of the text is a title.

    >>> title_of_file("工会经费管理办法\n为了……", "Microsoft Word - 文档1")
    '工会经费管理办法'
    """
    stated = clean_title(properties or "")
    if not _FEWEST <= len(stated) <= _MOST or _PROGRAMS.fullmatch(stated) or not _is_own(stated):
        return title_of_text(text)
    head = "".join("".join(head_lines(text)).split())
    return stated if "".join(stated.split()) in head else title_of_text(text) or stated


def _is_own(title: str) -> bool:
    """Whether this names the text, neither nothing nor the site."""
    return bool(title) and not _EMPTY_TITLE.fullmatch(title) and not _is_site(title)


def _is_site(name: str) -> bool:
    """Whether these words name a site or who runs it."""
    return (
        len(name) <= _LONGEST_SITE
        and bool(_SITE.search(name))
        and not re.search(r"[关關][于於]|[的是]|召[开開]|[—，。：；！？“”]", name)
    )


def _without_site(title: str) -> str:
    """Take the names of site and column off the end of a page's title."""
    end = len(title)
    for parting in reversed(list(_PARTING.finditer(title))):
        name, rest = title[parting.end() : end], title[: parting.start()]
        column = _SITE_COLUMN.fullmatch(name) or (end < len(title) and len(name) <= _SHORT_COLUMN)
        if len(rest) < _FEWEST or not (_is_site(name) or (column and not parting["bare"])):
            break
        end = parting.start()
    return title[:end].strip()


def _stands_above(line: str) -> bool:
    """Whether a line is one of those above a title: links, greetings, labels, a letterhead."""
    words = line.split()
    row_of_links = len(words) > _FEWEST and all(map(_SHORT_WORD.fullmatch, words))
    return bool(
        row_of_links
        or _NAVIGATION.match(line)
        or _LINKS.fullmatch(line)
        or _labels(line)
        or _BYLINE.match(line)
        or _DOCUMENT_NUMBER.match(line)
        or _LETTERHEAD.match(line)
        or line.count("|") + line.count("｜") > 1
        or is_date(line)
        or _ADDRESS.match(line)
        or not re.search(r"\w", clean_title(line))
    )


def _labels(line: str) -> bool:
    """Whether a line states a fact about the text: 来源：本站, 索 引 号：001."""
    return bool(_LABEL.match(_SPACED.sub("", line)) or _LISTED.match(line.lstrip("|｜ ")))


def _owns(line: str, below: list[str]) -> bool:
    """Whether a line names who publishes what a line below is called, or where it is listed.

    What such a list says of it stands right below then: its number, its office, its day.
    """
    listed = is_catalogue(clean_title(line)) and bool(below) and _labels(below[0])
    if not is_owner(line) and not listed:
        return False
    following = (one for one in below if not _stands_above(one))
    named = next((one for one in following if not is_owner(one)), "")
    return may_be_owned(named) and _reads_like_title(named) and not named.startswith(("—", "-"))


def _begins_form(line: str, below: list[str]) -> bool:
    """Whether a form begins here: 办理地点：文化路5号; `below` holds the next line, if any."""
    if _FACT_FIELD.match(line):
        return True
    return bool(
        _FIELD.match(line) and below and _ANY_FIELD.match(below[0]) and not _labels(below[0])
    )


def _is_prose(line: str) -> bool:
    """Whether a line is part of a text's body."""
    return len(line) > 2 * _MOST or (
        len(line) > _PROSE_CHARS and line.endswith(("。", "！", "？", "；", "……"))
    )


def _reads_like_title(line: str) -> bool:
    """Whether a line could be what a text is called."""
    title = clean_title(line)
    fewest = _FEWEST_MARKED if line.startswith("# ") else _FEWEST
    return (
        fewest <= len(title) <= _MOST
        and not title.startswith(">")
        and not _SENTENCE_END.search(title)
        and "。" not in title
        and not _NUMBERED.match(title)
        and bool(re.search(r"[^\W\d_]", title))
    )


def _with_subtitle(line: str, below: list[str]) -> str:
    """Join a title with the subtitle under it, which begins with a dash."""
    title = clean_title(line)
    if below and below[0].startswith(("—", "――", "--")):
        subtitle = clean_title(below[0])
        if re.search(r"\w", subtitle) and len(subtitle) <= _LONGEST_SUBTITLE:
            return title if _SENTENCE_END.search(subtitle) else title + subtitle
    return title


def _completed(title: str, below: list[str]) -> str:
    """Add what a site cut off behind its title: 召开十届六次全委 of 召开十届六次全委(扩大)会议.

    Only when a line below repeats the title and goes on with a word in brackets.
    """
    if title.endswith((")", "）")):
        return title
    for line in below:
        at = line.find(title)
        tail = _BRACKET_TAIL.match(line, at + len(title)) if at >= 0 else None
        if tail:
            return title + tail[0]
    return title
