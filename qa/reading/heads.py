"""Lines at the head of a saved page that are the site's own: menus, greetings, adverts.

They stand above the title. A site's words also stand in titles (工作动态管理办法), or are one
(入会指南), so most of them count only as whole words, and only where several stand together.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from enum import Enum, auto
from functools import lru_cache

from embeddings.words import fold
from qa.boilerplate import line_rule

_SHORT_CHARS = 8
_PROSE_CHARS = 60
_FEWEST = 3  # of a site's words that make a menu together

# All of it is of folded lines: half width, lower case, Simplified.
_SURE = re.compile(
    r"(?:请输入|请选择)(?:您|要|想)*(?:关键|搜索|查询|检索|栏目|内容).{0,10}"
    r"|(?:热搜词?|热门(?:搜索|标签|话题|关键词)|大家都在搜)\s*:.*"
    r"|[您你]好[,!\s]*(?:欢迎|请|游客|访客|\[|登录).{0,16}|欢迎[您你].{0,4}|(?:亲|尊敬)[,的]?(?:游客|访客).{0,12}"
    r"|跳转?[到至](?:页面)?(?:主要|正文|主)?(?:正文|内容)\S{0,4}"
    r"|skip to (?:main |the )?content|toggle \w+|切换(?:导航|菜单|城市)"
    r"|(?:立即|马上)?(?:打开|下载|使用)\S{0,8}(?:app|客户端)(?:[,!].{0,16}|(?:看|阅读|查看)\S{0,6})?"
    r"|(?:立即|马上|点击)(?:打开|下载|注册|登录|体验|开通)"
    r"|[\[【(](?:广告|推广|赞助)[\]】)].*|(?:广告|推广|赞助内容)"
    r"|(?:广告|推广)[\s:].*(?:热线|电话|咨询|微信|\d{3,4}-?\d{4}).*"
    r"|(?:当前|所在|所属)?(?:栏目|频道|版块|板块|分类)(?:\s*:\s*\S{1,12})?"
    r"|第?\s*[a-d]?\d{1,3}\s*版(?:\s*:\s*\S{1,8})?|(?:版次|版面)\s*:.{0,16}"
    r"|(?:a\s*[-+]?\s*){2,}|[-+]\s*字体.{0,8}"
    r"|(?:今天是\s*)?\d{4}年\d{1,2}月\d{1,2}日[\s,]*(?:(?:星期|周).)?[\s,]*(?:农历\S{2,14})?(?:\s.{0,12}℃.{0,8})?"
    r"|\S{0,8}\s*(?:晴|阴|多云|(?:小|中|大|暴|阵|雷阵)雨|(?:小|中|大)雪|雾|霾)(?:转\S{1,4})?\s+.{0,12}(?:℃|°c).{0,10}"
)
# Alone on its line each of these is a button, never a title.
_BUTTON = (
    r"订阅|rss|app下载|下载app|[上下]一[版期页]|返回目录|放大|缩小|全文复制|"
    r"(?:网站|返回|回|本站)?(?:首页|主页)|登录|登出|注册|登录/注册|搜索|搜一搜|(?:高级|站内|全站)搜索|菜单|导航|更多|展开|收起|返回|关闭"
    r"|无障碍(?:浏览|阅读|版|模式)?|长者(?:版|模式|专区)|关怀版|适老版|设为首页|加入收藏|收藏本站|收藏夹?"
    r"|(?:网站|站点)(?:地图|导航|导览)|english|(?:中文)?[简繁]体(?:中文|版)?|手机版|电脑版|移动版|客户端|扫一扫|购物车|我的订单"
    r"|(?:qq|微信)登录|忘记密码|menu|home|log ?in|sign (?:in|up)|sitemap|大|中|小"
)
# These are titles too, so they count together.
_COLUMN = (
    r"\S{0,4}(?:要闻|新闻|动态|资讯|快讯|头条)|(?:通知|公示|招标|采购|人事|公文)?公告|通知(?:公告)?|公示(?:公告)?|通告"
    r"|(?:信息|政务|政府信息|厂务|校务)?公开|(?:政策|法律)?法规|(?:政策|公文|图片|视频)?(?:解读|文件)|(?:政民|互动|公众|网上)?(?:互动|交流|参与)"
    r"|互动交流|交流互动|(?:办事|网上|在线|便民|公共|政务)?(?:服务|办事|咨询|留言|投稿|调查|访谈|信访)(?:大厅|中心|指南)?|网上办事大厅"
    r"|(?:\S{2})?(?:概况|简介|风采|园地|天地|之窗|之声|之家|频道|专栏|专题|动漫|论坛|博客|商城|直播|纪实|掠影|展播)|领导(?:之窗|分工|信息|班子|活动)"
    r"|(?:组织|机构)(?:机构|设置|概况|简介|职能)|内设机构|直属单位|基层(?:工会|组织|动态|之声|风采)|区县(?:工会|动态)"
    r"|\S{2}(?:中心|信箱|下载|指南|矩阵)|下载中心?|资料下载|(?:官方)?微[信博](?:公众号)?|公众号|小程序|新媒体"
    r"|时政|社会|财经|经济|体育|娱乐|科技|汽车|房产|教育|健康|旅游|文化|军事|国际|国内|评论|观点|视频|图片|图集|直播|专题|问政"
    r"|民生|理论|读书|法治|党建|电子报|数字报|版块|帖子|话题|社区|会员|积分|活动|产品|案例|招聘|关于|联系|走进\S{2,4}|工会|正文|列表|详情"
    r"|(?:关于|联[系络]|加入)我们|(?:版权|免责|法律)声明|隐私政策|(?:意见|投诉)(?:反馈|建议|信箱)|友情链接|常见问题|帮助(?:中心)?"
    r"|news|about(?: us)?|contact(?: us)?|services?|products?|search|register|help|faq|blog|support"
)
_WORD = re.compile(rf"(?:{_BUTTON}|{_COLUMN})")
_LONGEST_WORD = 10  # of those
_BUTTONS = re.compile(rf"(?:(?:{_BUTTON})[\s|/·•,:>»›\[\]【】()]*)+")
_PARTS = re.compile(r"[\s|｜/·•>»›◆■●,\[\]【】()]+")
_PATH = re.compile(r"\s*(?:>+|»|›|→|->)\s*")
_PATH_SIGN = re.compile(r"[>»›→]")  # without which there is none: quicker to look for
_PATH_END = re.compile(r"正文|详情|内容|列表|浏览|(?:文章|新闻|信息)?(?:正文|详情|内容|列表)")
_BULLETS = "-*•·●◆■▪○>»›+ \t"
_UNLIKE = re.compile(r"[\d,.;:!?。、《》“”\"—#]")
_FEWEST_PARTS = 2

_OWNER = re.compile(
    r"(?!.*[的了是\d])(?:\S{2,16}(?:网站|官网|门户|总工会|人民政府|论坛|融媒体中心|(?:日报|晚报|时报|晨报)(?:数字[报版]|电子[报版])?"
    r"|(?:新闻|工会|政府|党建|人才|法律)在线"
    r"|(?:新闻|信息|资讯|工会|政府|教育|人才|法律|秘书|范文)网)"
    r"|\S{1,8}[省市县区州盟旗]\S{2,14}(?:局|厅|委员会|办公室|联合会|协会|法院|检察院|中心))"
)
_CATALOGUE = re.compile(
    r"(?!.*[的了是\d])\S{0,16}(?:(?:政府|政务)信息(?:公开)?|信息公开)(?:目录|专栏|平台|详情|内容)?"
)
_NAMES = re.compile(r"[\u4e00-\u9fff]{2,4}(?:[\s、]+[\u4e00-\u9fff]{2,4})+")
_OWNED_CHARS = 6  # of what an office publishes; less may be a name


class _Kind(Enum):
    SITE = auto()  # the site's own by itself
    WORDS = auto()  # of a site's words
    SHORT = auto()  # may be a menu's amid such
    OTHER = auto()


def site_lines(lines: Sequence[str]) -> frozenset[int]:
    """Give the places in the lines of a text's head, none of them blank, that are the site's own.

    >>> sorted(site_lines(["首页", "书香云岭", "政策法规", "互动交流", "新建驿站三十家"]))
    [0, 1, 2, 3]
    """
    found: set[int] = set()
    run: list[tuple[int, _Kind, int]] = []
    for at, line in enumerate([*lines, ""]):
        kind, words = _kind(_plain(line))
        if kind is _Kind.OTHER:
            found.update(_menu(run))
            run = []
            if len(line) > _PROSE_CHARS or line.endswith("。"):
                break
        else:
            run.append((at, kind, words))
    else:
        found.update(_menu(run))
    return frozenset(found)


def is_owner(line: str) -> bool:
    """Say whether a line names an office, a newspaper or a site and nothing else.

    >>> is_owner("臨江市總工會"), is_owner("临江市总工会工作要点")
    (True, False)
    """
    return bool(_OWNER.fullmatch(_plain(line)))


def is_catalogue(line: str) -> bool:
    """Say whether a line is what offices call the place where all they publish is listed.

    >>> is_catalogue("政府信息公开目录"), is_catalogue("政府信息公开工作年度报告")
    (True, False)
    """
    return bool(_CATALOGUE.fullmatch(_plain(line)))


def may_be_owned(line: str) -> bool:
    """Say whether a line under an owner's name may be what is published, and not who wrote it."""
    return len(line) >= _OWNED_CHARS and not _NAMES.fullmatch(line)


@lru_cache(maxsize=64)  # what heads a text is asked about again and again
def _plain(line: str) -> str:
    return fold(line).strip()


def _menu(run: Sequence[tuple[int, _Kind, int]]) -> Iterator[int]:
    """Give the places of a run that are the site's: all up to the last of its words, if enough."""
    known = [at for at, (_, kind, _) in enumerate(run) if kind is not _Kind.SHORT]
    meant = run[: known[-1] + 1] if known else []
    is_menu = sum(words for _, _, words in meant) >= _FEWEST and 2 * len(known) >= len(meant)
    yield from (at for at, kind, _ in meant if is_menu or kind is _Kind.SITE)


def _kind(line: str) -> tuple[_Kind, int]:
    """Say what a folded line is, and how many of a site's words it holds."""
    bare = line.strip(_BULLETS)
    if not re.search(r"\w", bare):
        return (_Kind.SHORT, 0) if line else (_Kind.OTHER, 0)
    if _SURE.fullmatch(bare) or line_rule(line) not in ("", "bar") or _is_path(line):
        return _Kind.SITE, 1
    words = [word for word in _PARTS.split(bare) if word]
    if any(len(word) > _LONGEST_WORD for word in words):
        return _Kind.OTHER, 0
    known = sum(bool(_WORD.fullmatch(word)) for word in words)
    if known == len(words) or _WORD.fullmatch(bare):
        return (_Kind.SITE if _BUTTONS.fullmatch(bare) else _Kind.WORDS), max(known, 1)
    is_row = len(words) > _FEWEST_PARTS and 2 * known >= len(words)
    if is_row and all(len(word) <= _SHORT_CHARS for word in words):
        return _Kind.WORDS, known
    short = len(bare) <= _SHORT_CHARS and len(words) == 1 and not _UNLIKE.search(bare)
    return (_Kind.SHORT if short else _Kind.OTHER), 0


def _is_path(line: str) -> bool:
    """Say whether a line is the way to a page: 新闻中心 > 工会要闻 > 正文."""
    if not _PATH_SIGN.search(line):
        return False
    parts = [part for part in _PATH.split(line.strip()) if part]
    if len(parts) < _FEWEST_PARTS:
        return False
    return bool(_PATH_END.fullmatch(parts[-1])) or all(map(_WORD.fullmatch, parts))
