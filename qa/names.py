"""Parts of patterns over folded text: names of persons, their offices, Han numerals.

By surname, which finds most names and some words that only begin like one.
"""

from __future__ import annotations

import re
from functools import lru_cache

HAN_DIGITS = "一二三四五六七八九十〇零"

# Folded; those that mostly begin other words (常务, 任职, 高度) are left out.
SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙朱胡郭何林罗郑梁谢宋唐许邓韩冯曹彭曾肖田董潘袁蔡蒋余杜叶程魏苏吕丁沈姚卢姜崔"
    "钟谭汪范廖贾夏付邹孟熊秦邱尹薛闫段雷侯陶黎贺顾郝龚邵钱严覃戴莫孔汤靳霍卓穆倪施樊祝骆傅栾鲁魏殷俞柳庄"
    "简赖游辜柯连翁詹阮江石柏"
)
# Characters of surnames end (工程建设的) and begin (程序和) common words.
_ENDING_TEXT = """
工程 过程 课程 规程 流程 议程 日程 章程 全程 实施 措施 设施 支付 交付 给付 拨付 垫付 兑付
应付 规范 示范 防范 模范 典范 师范 照顾 回顾 兼顾 旅游 上游 下游 导游 允许 准许 特许 也许
或许 不许 长江 浙江 龙江 镇江 松江 其余 业余 剩余 多余 每周 上周 本周 四周 阶段 手段 时段
地段 路段 从严 尊严 精简 大连 相连 华夏 宁夏 分钟 桥梁 感谢 主张 紧张 扩张 行李 佩戴 庆祝
村庄 家庄 森林 园林 农林 造林 农田 油田 依赖 信赖 任何 如何 为何 几何 复苏 江苏 师傅
"""
_BEGINNING_TEXT = """
施行 施工 施策 施政 施展 程序 程度 江西 江苏 江南 江北 江门 江河 严格 严重 严肃 严禁 严厉
严密 许可 许多 余额 余地 余家 余人 余名 余个 余项 余万 余件 余次 余元 周期 周边 周年 周围
周末 周岁 周转 周日 周一 周二 周三 周四 周五 周六 林业 林区 林地 林木 林权 夏季 夏天 石油
石化 石家 董事 陈述 陈列 谢谢 钱款 陶瓷 杜绝 付款 付费 付出 付清 顾客 顾问 张贴 黄河 黄金
黄色 黄山 连续 连接 连带 连同 连锁 游客 游戏 游览 游泳 简称 简单 简介 简化 简历 简便 简易
柳州 祝贺 郑州 郑重 徐州 苏州 沈阳 韩国 范围 范畴 范本 曾经 曾任 曾在 雷锋 田间 卓越 何时
何种 何处 何地 罗列 熊猫
"""
_ENDING, _BEGINNING = ("|".join(text.split()) for text in (_ENDING_TEXT, _BEGINNING_TEXT))
NAME = rf"(?!{_BEGINNING})[{SURNAMES}](?<!{_ENDING})[一-龥]{{1,2}}"
# Of surnames that begin ordinary words too, the characters that those go on with.
_ORDINARY_TEXT = """
马[上路桶力匹车术虎球] 高[中校级管温压铁速档层价考薪危龄工新技血等职个位兴低度空原额质处手]
于[是此] 方[案法式便向面圆位形言针才块] 金[额属融牌奖秋色币钱库银卡星]
白[天班酒领色条菜糖纸银内大] 万[元人一能次分户] 文[件化体艺具凭字档书科员学娱物职]
任[职务命期意免教用一选] 常[务委见规年驻住用识态常任设] 安[全装置检保排慰居家防静稳]
向[上下前后外内导日] 路[费灯程线口面段由边上况] 时[间长薪候段刻效限] 温[度泉室暖差馨]
成[本员立品绩年人果功分交都套] 苗[木圃] 包[装月干括车裹间工子含邮机年头] 毛[巾利坯笔毯衣]
易[拉碎燃耗错] 牛[奶肉] 龙[头舟虾] 米[饭面] 盛[会典况] 古[籍迹代树城镇] 洪[水涝]
房[租间产屋贷价款补改东本车顶] 甘[肃蔗] 章[程节] 华[东南北中侨] 季[度节] 麦[子田]
"""
_ORDINARY = "|".join(_ORDINARY_TEXT.split())
LESS_SURE_NAME = (
    rf"(?!{_ORDINARY})[{SURNAMES}马高于方金白万文任常安向路时温成苗包毛易牛龙米盛古洪房甘章华季麦闵裴阎"
    r"翟聂邢祁戚岳欧涂葛佟辛宗丘尤栗冉桂卜蔺仇岑晏柴鞠甄屈褚滕匡童费蓝骆][一-龥]{1,2}"
)
"""A name by any surname, where what stands around it says that a person is meant."""

LONE_NAME = re.compile(
    rf"(?:{NAME}|(?!{_ORDINARY})[马高于方金白万文任常安向路时温成苗包毛易牛龙米盛古洪房甘章华季麦闵裴阎][一-龥]{{1,2}})"
    r"(?<![的了区县镇乡村街路省市楼厅馆园室科部费率类型级天月年日层号])"
)
"""What may be a name where it is all that is said (马东呢), by surnames like ordinary words too."""

ROLES = (
    r"主席|书记|主任|局长|院长|教授|部长|代表|记者|委员|校长|经理|组长|理事长|会长|馆长|站长|总理|省长|市长|"
    r"导演|作家|选手|总统"
)
TAKEN_OUT = "□"
"""A sign in place of characters that are not meant; no text is about it."""

CHIEF = re.compile(r"一把手|头头")
"""How people call who holds the first office of a body."""

CHIEF_OFFICES = ("党组书记", "主席", "局长", "院长", "校长", "馆长", "董事长", "总经理")
"""What bodies call that office. 主任 and 书记 are left out: they mostly hold a smaller one."""

_DEPUTY = re.compile(
    rf"副(?:{ROLES})(?P<name>{NAME}(?=出席|主持|介绍|宣读|担任|讲话|同志|[\s、,。;:)说任等]))?"
)
_CHIEF_OR_DEPUTY = re.compile(f"(副?)({ROLES})")
_OFFICES = re.compile(f"{ROLES}|{CHIEF.pattern}")


def of_chiefs(question: str, text: str) -> str:
    """Give a folded text as it reads to who asks for a 主席 and means no 副主席, at equal length.

    The deputies are taken out, with their names where the question does not say those; to who asks
    for a 副主席 and no 主席, the 主席. The text is left as it is where the folded question names no
    such office.

    >>> of_chiefs("主席是谁", "副主席吴青、陶业"), of_chiefs("会费怎么交", "副主席吴青")
    ('□□□□□、陶业', '副主席吴青')
    """
    if "副" in question:
        return _of_deputies(question, text)
    if "副" not in text or not _OFFICES.search(question):
        return text
    return _DEPUTY.sub(lambda one: _taken_out(one, question), text)


def _of_deputies(question: str, text: str) -> str:
    """Give a text as it reads to who asks for a 副主席 and means no 主席."""
    for office in _deputies_only(question):
        if office in text:
            text = re.sub(rf"(?<!副){office}", TAKEN_OUT * len(office), text)
    return text


@lru_cache(maxsize=16)  # every passage is read for the same question
def _deputies_only(question: str) -> frozenset[str]:
    asked = set(_CHIEF_OR_DEPUTY.findall(question))
    return frozenset(office for deputy, office in asked if deputy and ("", office) not in asked)


def _taken_out(deputy: re.Match[str], question: str) -> str:
    name = deputy["name"] or ""
    kept = name if name in question else TAKEN_OUT * len(name)
    return TAKEN_OUT * (len(deputy[0]) - len(name)) + kept
