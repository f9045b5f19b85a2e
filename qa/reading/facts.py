"""The list of facts that a document may begin with: names and values, on one line or on two.

`名称`, `职工之家管理办法`, `文号`, `云工发〔2024〕3号`: none of these lines is a heading, and
one may say what the document is called. A form begins so too, and its answers are no titles.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from qa.reading.tables import is_column_name

_FEWEST = 2
_VALUE_CHARS = 60
_STATED = re.compile(r"(?P<name>[^\s:：，,。；;、]{2,8})\s*[:：]\s*(?P<value>\S.*)")
_NAME_CHARS = 8
# What is said of documents and of nothing else.
_OF_DOCUMENTS = re.compile(
    r"[密保]密?(?:级|級)(?:程度)?|保密期限|紧急程度|[文字](?:号|號)|(?:制度|文件|文档|公文|标准|标準|办法|流程)?(?:编号|編號|代号)"
    r"|版本号?|版次|页[数码次]|受控状态|效力(?:级别|状态)?|签发人?|收件人|发件人|抄送"
    r"|(?:生效|实施|发布|發布|编制|批准|审批|审核|制定|修订|起草|归口|印发|发文|成文)(?:日期|时间|部门|单位|机关|字号|人|状态)"
)
_NAMES_TITLE = re.compile(
    r"(?P<sure>[标標][题題]|(?:制度|文件|文档|公文|信息|办法|规程|项目|活动|会议|课程|培训|方案|预案|竞赛|比赛|事项)名[称稱])"
    r"|名[称稱]|主[题題]|题名"
)
_ALONE = re.compile(r"主[题題]|题名|备注|摘要|出席|列席|缺席|主持人?|记录人?")
_KIND = re.compile(
    r"(?:通知|通告|公告|通报|意见|办法|方案|报告|规定|细则|规则|条例|决定|要点|纪要|总结|计划|讲话|函|制度|说明|章程|公约|守则"
    r"|须知|指南|手册|预案|规程|流程)$"
)
_IS_TITLE = re.compile(r"[^。；;！!？?:：]{4,60}")


def facts_above(lines: Sequence[str]) -> tuple[str, int]:
    """Give the title that the facts at the head of a text state, and how many lines they take.

    No title is "", and 0 lines are no list of facts, or one that is a form's.

    >>> facts_above(["名称", "职工之家管理办法", "文号", "云工发〔2024〕3号", "第一条 ……"])
    ('职工之家管理办法', 4)
    """
    facts: list[tuple[str, str]] = []
    at = 0
    while at < len(lines):
        fact, length = _fact(lines, at, first=not facts)
        if not length:
            break
        facts.append(fact)
        at += length
    if len(facts) < _FEWEST:
        return "", 0
    of_document = any(_OF_DOCUMENTS.fullmatch(name) for name, _ in facts)
    for name, value in facts:
        named = _NAMES_TITLE.fullmatch(name)
        if named and (named["sure"] or of_document) and _IS_TITLE.fullmatch(value):
            return value, at
    headed = at < len(lines) and bool(_KIND.search(lines[at]))
    return ("", at) if of_document or headed else ("", 0)


def _fact(lines: Sequence[str], at: int, *, first: bool) -> tuple[tuple[str, str], int]:
    """Give the name and value that a line begins, and the lines they take; 0: it begins none.

    Two names on end at the beginning are the columns of a table, one below the other.
    """
    stated = _STATED.fullmatch(lines[at])
    if stated and len(stated["value"]) <= _VALUE_CHARS and _is_name(stated["name"]):
        return (stated["name"], stated["value"]), 1
    name = lines[at].rstrip(":： ")
    value = lines[at + 1] if at + 1 < len(lines) else ""
    if not _is_name(name) or not value or len(value) > _VALUE_CHARS or (first and _is_name(value)):
        return ("", ""), 0
    return (name, value), 2


def _is_name(text: str) -> bool:
    bare = "".join(text.split())
    return 0 < len(bare) <= _NAME_CHARS and bool(
        _OF_DOCUMENTS.fullmatch(bare)
        or _NAMES_TITLE.fullmatch(bare)
        or _ALONE.fullmatch(bare)
        or is_column_name(bare)
    )
