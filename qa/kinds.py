"""Whether words hold the kind of thing that a question asks for: a number, a day, a person, a list.

Crude on purpose: a test says that words could answer, not that they do. Folded text in.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from qa.names import HAN_DIGITS, NAME, ROLES, SURNAMES

_NUMBER = rf"(?:\d[\d,.]*|[{HAN_DIGITS}百千万亿两半]+)(?:多|余|几)?"
_UNITS = "家个名位人项次场条件种类座所间张份元万亿年月天日小时分钟岁期届倍辆台套只批支队门户级"
_COUNTED = re.compile(rf"(?:多少|几|第几)个?(?P<unit>(?!人口)[{_UNITS}])?")

# 招收多少人 and 奖励几次 count something else than money.
_MONEY = (
    r"(?:多少|几)(?![个家名位人项次场条件种类座所间张份年月天日小分岁期届倍辆台套只批支队门户级])"
)
_PERSON = (
    rf"{NAME}(?<![县省市])(?:同志|先生|女士|教授|{ROLES}|等|说|介绍|主持|宣读|作|当选|出席|任|担任|、|，|,|。|\)|的|在|于"
    rf"|\s|以|和|与|是|获|写|$)|(?:{ROLES}|由|选举|[:：、“「]|记者)\s*{NAME}(?<![县省市])(?![县省市])|[一-龥]{{2,6}}·[一-龥]+|[{SURNAMES}]某|某[某甲乙]"
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
            r"为什么|为何(?!\W*$)|为啥|何故|什么原因|原因是|怎么会",
            r"因|由于|为了|为|所以|致|源于|故|旨在|以便",
        ),
        (  # a telephone number
            True,
            r"电话(?!会|费|亭|诈骗|调查|回访|采访)|号码是多少|热线|手机号|联系方式|打多少|打哪个",
            r"(?<!\d)(?:\d{3,4}-?\d{7,8}|1\d{10}|[19]\d{4,5}|\d{3}-\d{5})(?!\d)",
        ),
        (  # a web site
            True,
            r"网址|网站是|网页|邮箱|公众号叫|链接",
            r"[a-z0-9]+\.[a-z]{2,}|@|公众号|小程序|网站",
        ),
        (  # an address
            False,
            r"地址|在什么路|门牌|办公地点",
            r"[路街道巷]\s*\d+\s*号|\d+号|\d+楼|楼\d+|大[厦楼]|路|街",
        ),
        (  # a share
            True,
            r"百分之几|百分之多少|占比|比例|几成|百分比|率(?:是|为|达到?|要?提高到|目标)?了?多少|利率|税率",
            rf"[%‰]|[百千]分之|[{HAN_DIGITS}]成|比例",
        ),
        (  # an amount of money
            True,
            r"多少块?钱|多少[万亿]?元|几[百千万]?[块元]|费用是?多少|罚多少|"
            r"(?:工资|薪水|补贴|补助|津贴|奖金|经费|资金|费|款|金额|报酬|押金|门票|标准|收入|价格?|税|保证金|奖励)"
            rf"[是为达有要能]?了?[发交给拿补领罚花收]?{_MONEY}|(?:能领|能拿|[补赔交罚发给花收]){_MONEY}",
            rf"{_NUMBER}[百千万亿]*\s*(?:元|块|美元|港元)|免费|不收|[%‰]|百分之|倍",
        ),
        (  # a length of time
            True,
            r"多久|多长时间|(?<![第月])(?:几|多少)(?:个?(?:工作日|小时|星期)|个月|天|日|分钟|年(?!级)|周)|"
            r"多少月|期限|时限|时长",
            rf"(?<![\d.月百千{HAN_DIGITS}])(?!(?:\d{{4}}|[{HAN_DIGITS}]{{4}})\s*年){_NUMBER}\s*"
            r"(?:个月|个?(?:工作日|小时|星期)|天|日|年|分钟|周|学时)|即时|当[日天]|长期|立即|季度",
        ),
        (  # a year
            True,
            r"哪一?年|几几年|何年|哪个年份|年份",
            rf"(?<!\d)\d{{4}}\s*年|(?<![\d.,])(?:19|20)\d\d(?=[-/.\s,;()]|$)|[{HAN_DIGITS}]{{4}}年|"
            r"(?<!\d)\d{2,3}年(?:度|\d{1,2}月)|民国|今年|去年",
        ),
        (  # a day
            True,
            r"哪一?[天日]|几月几[号日]|几[号日]|哪月哪日|什么日子",
            rf"{_NUMBER}\s*[日号]|\d+[-/.]\d+[-/.]\d+|当[日天]",
        ),
        (  # any time
            False,
            r"[什啥]么?时候|什么时间|何[时日]|几[月点]|哪个[月季]|日期",
            rf"{_NUMBER}\s*(?:[年月日号时]|点(?!要求|意见|建议)|个?(?:天|小时|分钟|工作日))|\d+[:：]\d+|[上下]午|晚上|[年月][底初]|"
            r"每[年月周天日]|季度|之日|期间|[年月日布会束后][前后时]",
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
    unit = counted["unit"]
    return Thing(_counted(unit) if unit else _ANY_NUMBER, exact=True)


# One Han numeral alone is mostly part of a word (统一, 万一).
_ANY_NUMBER = re.compile(
    rf"\d[\d,.]*|[{HAN_DIGITS}百千万亿两半]{{2,}}|[{HAN_DIGITS}两半]\s*[{_UNITS}]"
)


def _counted(unit: str) -> re.Pattern[str]:
    return re.compile(rf"{_NUMBER}\s*[百千万亿]*{unit}")
