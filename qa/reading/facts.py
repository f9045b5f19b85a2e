"""The list of facts that a document may begin with: names and values, on one line or on two.

`名称`, `职工之家管理办法`, `文号`, `云工发〔2024〕3号`: none of these lines is a heading, and
one may say what the document is called. A form begins so too, and its answers are no titles.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from qa.reading.tables import is_column_name

_FEWEST = 2
_VALUE_CHARS = 60
_STATED = re.compile(r"(?P<name>[^\s:：，,。；;、]{2,8})\s*[:：]\s*(?P<value>[^\s;；][^;；]*)")
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
_ITEM = re.compile(
    r"[(（]?[一二三四五六七八九十\d]{1,2}[)）.．、](?!\d)|[①-⑳]|[-*•·●]\s|第\S{1,4}[条章]"
)
_IS_TITLE = re.compile(r"[^。；;！!？?:：]{4,60}")


@dataclass(frozen=True, slots=True)
class Fact:
    """A name and its value, and the lines from `start` to `stop` in which they stand."""

    name: str
    value: str
    start: int
    stop: int


def facts_above(lines: Sequence[str]) -> tuple[str, int]:
    """Give the title that the facts at the head of a text state, and how many lines they take.

    No title is "", and 0 lines are no list of facts, or one that is a form's.

    >>> facts_above(["名称", "职工之家管理办法", "文号", "云工发〔2024〕3号", "第一条 ……"])
    ('职工之家管理办法', 4)
    """
    facts = facts_of(lines)
    if not facts:
        return "", 0
    stop = facts[-1].stop
    of_document = any(_OF_DOCUMENTS.fullmatch(one.name) for one in facts)
    for one in facts:
        named = _NAMES_TITLE.fullmatch(one.name)
        if named and (named["sure"] or of_document) and _IS_TITLE.fullmatch(one.value):
            return one.value, stop
    headed = stop < len(lines) and bool(_KIND.search(lines[stop]))
    return ("", stop) if of_document or headed else ("", 0)


def facts_of(lines: Sequence[str]) -> list[Fact]:
    """Give the facts that a text begins with; [] for fewer than two.

    >>> [one.value for one in facts_of(["地点", "三楼", "时间：8时", "请准时到会。"])]
    ['三楼', '8时']
    """
    facts: list[Fact] = []
    while (at := facts[-1].stop if facts else 0) < len(lines):
        fact = _fact(lines, at, first=not facts)
        if fact is None:
            break
        facts.append(fact)
    return facts if len(facts) >= _FEWEST else []


def _fact(lines: Sequence[str], at: int, *, first: bool) -> Fact | None:
    """Give the name and value that a line begins, and the lines they take; None: it begins none.

    Two names on end at the beginning are the columns of a table, one below the other.
    """
    stated = _STATED.fullmatch(lines[at])
    if stated and len(stated["value"]) <= _VALUE_CHARS and _is_name(stated["name"]):
        return Fact(stated["name"], stated["value"], at, at + 1)
    name = lines[at].rstrip(":： ")
    value = lines[at + 1] if at + 1 < len(lines) else ""
    if not _is_name(name) or not value or len(value) > _VALUE_CHARS or _ITEM.match(value):
        return None
    if first and _is_name(value):
        return None
    return Fact(name, value, at, at + 2)


def _is_name(text: str) -> bool:
    bare = "".join(text.split())
    return 0 < len(bare) <= _NAME_CHARS and bool(
        _OF_DOCUMENTS.fullmatch(bare)
        or _NAMES_TITLE.fullmatch(bare)
        or _ALONE.fullmatch(bare)
        or is_column_name(bare)
    )
