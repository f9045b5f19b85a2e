"""What single things look like in folded text: a number, a time, a person, a place, a reason.

Wider than the tests of `qa.kinds`: which of several sentences holds such a thing tells little, and
how near it stands to the words of the question tells more.
"""

from __future__ import annotations

import re

from qa.names import HAN_DIGITS, NAME, ROLES
from qa.question import Kind

_SPAN = r"个?(?:年|月|日|天|小时|分钟|工作日|世纪|星期|周)"
_BODIES = r"公司|大学|委员会|部门|政府|总工会|局|者|人员|家"
_THINGS = {
    Kind.NUMBER: re.compile(
        rf"第?[0-9{HAN_DIGITS}两百千万亿半]+(?:[.,][0-9]+)*\s*[多余几]?\s*(?:%|万|亿|个百分点)*[^\W\d_]?"
    ),
    Kind.WHEN: re.compile(
        rf"(?:\d{{2,4}}|[{HAN_DIGITS}]{{4}})\s*年(?:[代底初末间]|\s*\d{{1,2}}\s*月(?:\s*\d{{1,2}}\s*[日号])?)?|"
        rf"\d{{1,2}}\s*月(?:\s*\d{{1,2}}\s*[日号]|[份底初])?|\d{{1,2}}\s*[日号]|\d+\s*{_SPAN}|"
        rf"[{HAN_DIGITS}两]+\s*{_SPAN}|\d{{1,2}}:\d{{2}}|时期|期间|年间|[春夏秋冬]季|[之以][前后]|[时后]"
    ),
    Kind.WHO: re.compile(rf"{NAME}|[一-龥]{{1,6}}·[一-龥]{{1,6}}|[a-z]+ [a-z]+|{ROLES}|{_BODIES}"),
    Kind.WHERE: re.compile(
        r"[一-龥]{2,}?(?:[省市县区州镇乡村街路号楼馆厅室站院校园厂店岛山河湖洲国城港寺]|中心)|"
        r"位于|地点|地址|在[一-龥]{2}"
    ),
    Kind.WHY: re.compile(r"因|由于|为了|所以|致|源于|故|基于|使|目的|以便"),
    Kind.HOW: re.compile(
        r"通过|采[用取]|以|按|经|用|应|可|须|先|再|由|凭|持|向|登录|提交|申请|方[式法]"
    ),
    Kind.LIST: re.compile(r"、|[和及与]|包[括含]|分别|等|一是|;"),
    Kind.YESNO: re.compile(r"不得|应当|必须|禁止|不?需要?|无需|有权|可|能|不|是"),
}


def things(kind: Kind) -> re.Pattern[str] | None:
    """Give a pattern of the things that a question of a kind asks for; None when it may be any."""
    return _THINGS.get(kind)
