"""Whether words hold the kind of thing that a question asks for: a number, a day, a person, a list.

Crude on purpose: a test says that words could answer, not that they do. Folded text in.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from types import MappingProxyType

from qa.names import HAN_DIGITS, LESS_SURE_NAME, NAME, ROLES, SURNAMES

_NUMBER = rf"(?:\d[\d,.]*|[{HAN_DIGITS}百千万亿两半]+)(?:多|余|几)?"
_PART = r"分之|[%‰]|\d/\d|一半|半数"
_UNITS = "家个名位人项次场条件种类座所间张份元万亿年月天日小时分钟岁期届倍辆台套只批支队门户级"
_COUNTERS = _UNITS + (
    "口回轮处周秒成组班档层段首部篇章节点句本册栋幢对双例起宗枚颗棵株头匹趟遍课款集页字步吨亩升米斤克"
)
# Counters that stand for each other: 多少人 is answered by 50名.
_ALIKE = MappingProxyType(
    {"人": "[人名位口]", "名": "[名人位]", "位": "[位名人]", "倍": "[倍%‰]", "岁": "周?岁"}
)
_COUNTED = re.compile(
    rf"(?P<place>第?)(?:多少|几)(?:(?P<some>个)|大?(?P<unit>(?!人口)[{_COUNTERS}]))?"
)
_FIRST = r"|榜首|首[位名次届]|冠军|亚军|季军"

# 招收多少人 and 奖励几次 count something else than money.
_MEASURED = r"时间|公[里斤顷升分亩]|平方|立方|学[时分]"
_MONEY = rf"(?:多少|几)(?![百千万亿]*(?:(?![元角])[{_COUNTERS}]|{_MEASURED}))"
_CURRENCY = r"(?:[美欧港日澳加台韩英]|人民|新台)?(?:元|圆|块|币|镑)"
_SAID = (  # what stands behind a name
    r"同志|先生|女士|教授|等|说|介绍|主持|宣读|作|当选|出席|任|担任|兼任|用|为|、|,|。|;|[()]|的|在|于|\s|以|和|与|是|"
    r"获|夺|写|提|表示|认为|指出|告诉|接|发|带|从|把|向|被|对|则|也|还|都|$"
)
_NO_PLACE = r"(?<![县省市])"
_PERSON = (
    rf"{NAME}{_NO_PLACE}(?:{ROLES}|{_SAID})|(?:(?:{ROLES})(?:[为是:])?|由|选举|[:、“「]|记者|名叫|叫做?)\s*"
    rf"(?:{NAME}{_NO_PLACE}(?![县省市])|{LESS_SURE_NAME}{_NO_PLACE}(?={_SAID}))"
    rf"|{LESS_SURE_NAME}(?:同志|先生|女士|教授|当选|出席|担任|兼任|任|为(?:{ROLES}|社长|董事))"
    rf"|[一-龥]{{2,6}}·[一-龥]+|[{SURNAMES}]某|某[某甲乙]"
)
_BODY = r"部门|局|委|办公室|会|院|中心|单位|公司|处|机关|政府|工会|法院|学校|银行|大学|企业|集团"


@dataclass(frozen=True, slots=True)
class Thing:
    """A kind of thing that a question asks for.

    Attributes:
        looks: What it looks like in folded text.
        exact: Whether an answer must look so; otherwise most do.
    """

    looks: re.Pattern[str]
    exact: bool


# What a question says that asks for a thing, and what that thing looks like; the first one counts.
_THINGS = tuple(
    (re.compile(asked), Thing(re.compile(looks), exact))
    for exact, asked, looks in (
        (  # why
            False,
            r"(?<![称名译叫作改唤做])为什么(?!名)|为何(?!\W*$)|为啥|何故|什么原因|原因是|怎么会",
            r"因|由于|为了|为|所以|致|源于|故|旨在|以便",
        ),
        (  # a telephone number
            True,
            r"(?:电话|热线|手机|总机|传真)号?码?(?:是|为)?(?:多少|几|什么|啥|哪)|(?:电话|热线|总机|号码)\W*$|联系方式|"
            r"(?:多少|什么|啥|哪个|哪些|有没有|留个?|给个?)的?(?:\w{0,6})(?:电话|热线)(?!会|费|亭|诈骗|调查|回访|采访)|"
            r"打(?:多少(?!分)|哪个)",
            r"(?<!\d)(?:\d{3,4}-?\d{7,8}|1\d{10}|[19]\d{4,5}|\d{3}-\d{5}|1[12]\d)(?!\d|年|[个家名人元])",
        ),
        (  # a web site
            True,
            r"网址|网站是|网页是|(?:邮箱|链接)(?:是|地址|\W*$)|(?:哪个|什么)(?:网站|网页|邮箱)|公众号叫",
            r"[a-z0-9]+\.[a-z]{2,}|@|公众号|小程序|网站",
        ),
        (  # an address
            False,
            r"地址|在什么路|门牌|办公地点",
            r"[路街道巷]\s*\d+\s*号|\d+号|\d+楼|楼\d+|大[厦楼]|路|街",
        ),
        (  # a share
            True,
            r"百分之几|几分之几|百分之多少|(?:占比|比例|百分比)(?:是|为|占|有|达到?|要?求?)*(?:多少|几|多高|多大|什么|\W*$)|"
            r"(?:多少|多大|什么|几)的?(?:占比|比例|百分比)|几成|率(?:是|为|达到?|要?提高到|目标)?了?多少|利率|税率",
            rf"{_PART}|[{HAN_DIGITS}]成|比例|\d+厘",
        ),
        (  # an amount of money
            True,
            r"多少块?钱|多少[万亿]?元|几[百千万]?[块元]|费用是?多少|罚多少|"
            r"(?:工资|薪水|补贴|补助|津贴|奖金|经费|资金|费|款|金额|报酬|押金|门票|标准|收入|价格?|税|保证金|奖励)"
            rf"[是为达有要能]?了?[发交给拿补领罚花收]?{_MONEY}|(?:能领|能拿|[补赔交罚发给花收]){_MONEY}",
            rf"{_NUMBER}[百千万亿]*\s*{_CURRENCY}|[$￥¥]\s*\d|免费|不收|自付|免[收交缴]|{_PART}|倍",
        ),
        (  # a year
            True,
            r"哪一?年|几几年|何年|哪个年份|年份|(?:西元|公元|民国)几年|[于在]几年",
            rf"(?<!\d)\d{{4}}\s*年|(?<![\d.,])(?:19|20)\d\d(?=[-/.\s,;()]|$)|[{HAN_DIGITS}]{{4}}年|"
            r"(?<!\d)\d{3}年|(?<!\d)\d{2,3}年(?:度|\d{1,2}月)|[公西]元前?\d|民国|今年|去年",
        ),
        (  # a length of time
            True,
            r"多久|多长时间|多少时间|(?<![第月])(?:几|多少)(?:个?(?:工作日|小时|星期)|个月|天|日|分钟|年(?!级)|周)|"
            r"多少月|(?:期限|时限|时长)(?![内前])",
            rf"(?<![\d.月百千{HAN_DIGITS}])(?!(?:\d{{4}}|[{HAN_DIGITS}]{{4}})\s*年){_NUMBER}\s*[(]?"
            r"(?:个月|个?(?:工作日|小时|星期|世纪)|天|日|年|分钟|周|学时)|即时|当[日天]|长期|终身|永久|立即|季度|"
            r"[每按逐][日周月季年]",
        ),
        (  # a day
            True,
            r"哪一?[天日]|几月几[号日]|几[号日](?![房楼线门窗桌车厅柜馆院店机井库站文])|哪月哪日|什么日子",
            rf"{_NUMBER}\s*[日号]|\d+[-/.]\d+[-/.]\d+|当[日天]|(?:周|星期|礼拜)[{HAN_DIGITS}日末天]|初[{HAN_DIGITS}]",
        ),
        (  # a time of the day
            True,
            r"几点(?!要求|意见|建议|体会|希望)",
            rf"{_NUMBER}\s*(?:时(?!代|期)|点(?!要求|意见|建议|体会|希望))|\d[:：]\d\d|[上下中]午|全天|24小时|夜间|晚间",
        ),
        (  # any time
            False,
            r"[什啥]么?时[候间]|啥时|何[时日]|几月|哪个[月季]|日期",
            rf"{_NUMBER}\s*(?:[年月日号时]|点(?!要求|意见|建议)|个?(?:天|小时|分钟|工作日)|世纪)|\d+[:：]\d+|[上下]午|晚上|[年月][底初]|"
            r"每[年月周天日]|季度|之日|期间|[年月日布会束后][前后时]|[春夏秋冬]季|夜|年[间代]|时期|次[日月年]|[今明去本]年",
        ),
        (  # a person
            False,
            r"叫什么名字|名字叫|哪一?位|是谁|谁是|谁当|谁作|谁主持|谁获|什么人|何人|谁写|(?<![归由找向给])谁\W*$|"
            r"谁(?:担任|任|出任|兼任|接任)|姓名|^谁(?!来|负责|管|批|出)|作者",
            _PERSON,
        ),
        (  # a body
            False,
            r"哪一?个?(?:部门|单位|机构|局|机关|组织|公司|法院|学校|银行|委员会|科室|处室|大学|企业|律所|中院)|"
            r"归谁|由谁|找谁|谁来|谁负责|谁管|谁批|谁出|向谁|哪家",
            rf"{_BODY}|科|社|所|厂|人|站|部",
        ),
        (False, r"谁", rf"{_PERSON}|{_BODY}"),
        (  # a place
            False,
            r"哪里|哪儿|在哪|啥地方|何[地处]|什么地[方点]|哪个(?:地方|市|县|省|国家|城市|区|镇|乡)|去哪",
            r"[省市县区州镇乡村街路号楼馆厅室站院校园厂店国岛山港湖海]|中心|地址|地点|位于",
        ),
        (  # several things
            False,
            r"哪些|哪几|哪[两二三四五六七八九十]|分别|什么条件|什么材料|有什么",
            r"[、；;]|[一二三四]是|包括|分别|以及|和|[（(][一二三四1-9][)）]",
        ),
    )
)


def thing_asked(question: str) -> Thing | None:
    """Give the kind of thing a folded question asks for; None when any text may do.

    >>> thing_asked("驿站有多少家").looks.search("2023年建成驿站72家")[0]
    '72家'
    """
    for asked, thing in _THINGS:
        if asked.search(question):
            return thing
    counted = _COUNTED.search(question)
    if counted is None:
        return None
    if counted["some"]:
        return Thing(_SOME, exact=True)
    unit, first = counted["unit"], _FIRST if counted["place"] else ""
    return Thing(_counted(unit, first) if unit else _ANY_NUMBER, exact=True)


# 几个 asks for no length of time, nor for money.
_SOME = re.compile(
    rf"(?<![第\d]){_NUMBER}\s*[百千万亿]*(?![年月天日周小时分钟秒元万亿])[{_COUNTERS}]|分之|一半|半数"
)
# One Han numeral alone is mostly part of a word (统一, 万一).
_ANY_NUMBER = re.compile(
    rf"\d[\d,.]*|[{HAN_DIGITS}百千万亿两半]{{2,}}|[{HAN_DIGITS}两半]\s*[{_UNITS}]|分之|一半|半数"
)


def _counted(unit: str, first: str) -> re.Pattern[str]:
    return re.compile(rf"{_NUMBER}\s*[百千万亿]*[大个]?{_ALIKE.get(unit, unit)}|分之{first}")
