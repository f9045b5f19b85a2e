"""Documents whose every passage says what it is of: name, version and paragraph.

A reader that meets one can tell by its text alone whether it is whole, and which version it is.
"""

from __future__ import annotations

import random
import re
from functools import lru_cache

from qa.records import Document

_WORDS = """
枫林 青石 白鹭 云溪 桂塘 松岭 柳湾 梅岭 竹坪 桃源 莲池 杏坛 槐荫 桐城 榆关 椿树
阅览室 驿站 热线 食堂 菜场 泵房 路灯 公交站 游泳馆 体育场 幼儿园 卫生院 档案馆 停车场 消防站 码头
开放 检修 扩建 验收 值班 巡查 登记 招标 清洗 停用 搬迁 培训 补贴 换岗 采购 公示
"""
_PLACES, _THINGS, _DOINGS = (line.split() for line in _WORDS.strip().split("\n"))
_NAME = re.compile(r"f(\d+)d(\d+)v(\d+)p\d+o\d+")

SMALL, LARGE = 3, 150
"""Paragraphs in a usual document, and in one of those that fill several batches."""


def marker(name: str, version: int) -> str:
    """Give the word that stands in every paragraph of a version; `f3d12`, 7 → `f3d12v7`."""
    return f"{name}v{version}"


@lru_cache(maxsize=4_000)
def paragraphs(name: str, version: int, count: int) -> tuple[str, ...]:
    """Give a version's paragraphs, the same in every process."""
    dice = random.Random(f"{name} {version}")
    return tuple(
        f"{marker(name, version)}p{number}o{count}，" + "".join(_sentence(dice) for _ in range(6))
        for number in range(1, count + 1)
    )


def text_of(name: str, version: int, count: int) -> str:
    """Give a version's whole text."""
    return "\n\n".join(paragraphs(name, version, count)) + "\n"


def question_of(name: str, version: int, count: int) -> str:
    """Give words that stand in the first paragraph of this version and nowhere else."""
    return paragraphs(name, version, count)[0].split("。", maxsplit=1)[0]


def named(text: str) -> tuple[str, int]:
    """Give name and version of the first paragraph in a text.

    Raises:
        AssertionError: there is none.
    """
    found = _NAME.search(text)
    if found is None:
        raise AssertionError(f"no document of ours: {text[:80]!r}")
    folder, number, version = found.groups()
    return f"f{folder}d{number}", int(version)


def faults_of(document: Document) -> list[str]:
    """Say what is wrong with a document's text: anything else than one whole version."""
    name, version = named(document.text)
    count = int(document.text.split("，", maxsplit=1)[0].rpartition("o")[2])
    if document.text.strip() != text_of(name, version, count).strip():
        return [f"{document.path} is not {marker(name, version)} as it was written"]
    return []


def _sentence(dice: random.Random) -> str:
    place, thing, doing = dice.choice(_PLACES), dice.choice(_THINGS), dice.choice(_DOINGS)
    hour, many, other = dice.randint(6, 22), dice.randint(2, 4_000), dice.choice(_THINGS)
    return f"{place}{thing}{hour}时{doing}，{other}{many}处由{dice.choice(_PLACES)}{doing}。"
