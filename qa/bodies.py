"""Whose office: who asks for the 主席 of one body is not told that of another.

A body is told apart by its place alone (枫林县总工会, 云岭市总工会). Where a sentence names none,
its line does, then the passage before it and the title above.
"""

from __future__ import annotations

import re
from functools import lru_cache

from qa.names import NAME, ROLES, TAKEN_OUT

_NO_NAME = "个各全本某每这那哪的和与几两在是"
_PLACE = (
    rf"(?P<place>(?!自治|[一-龥]?[{_NO_NAME}])[一-龥]{{2}})"
    r"(?:(?<![园社小城校景灾地山辖片街])区|(?<![城超])市|县|(?<![乡城集小])镇|乡|省)"
)
_NAMED = (
    rf"{_PLACE}[一-龥]{{0,8}}?(?:工会|公司|集团|委员会|学校|[中小大]学|医院|银行|中心|协会|联合会|"
    r"妇联|政府|[市县区省镇乡]委|[厅局处所站馆院])"
)
# A place begins where a word surely does: 县总工会 of 产生县总工会 has none.
_BODY = re.compile(rf"(?<![一-龥](?<![由经向和与及在对据到于])){_NAMED}")
_OFFICE = rf"(?:常务)?副?(?:{ROLES})"
_ASKED = re.compile(rf"{_NAMED}的?(?:现任|[几两二三四五六七八九十][个位名])?{_OFFICE}")
_HELD = re.compile(
    rf"{_OFFICE}(?P<name>{NAME}(?=出席|主持|介绍|宣读|担任|讲话|同志|[\s、,。;:)说任等]))?"
)
_SENTENCE_END = re.compile(r"[。！？!?]")


def of_body(question: str, text: str, context: str) -> str:
    """Give a folded text as it reads to who asks for an office of one body, at equal length.

    Offices of bodies of other places are taken out, with their names where the question does not
    say those. The text is left as it is where the folded question asks for no such office.

    Args:
        question: Folded.
        text: Of a passage, folded.
        context: Its title and headings, folded.

    >>> of_body("枫林县总工会主席是谁", "云岭市总工会主席沈怀远出席。", "")
    '云岭市总工会□□□□□出席。'
    """
    place = _place_asked(question)
    if not place:
        return text
    elsewhere = place not in context and bool(_bodies(context))

    def read(held: re.Match[str]) -> str:
        if _is_of(place, text, held.start(), elsewhere=elsewhere):
            return held[0]
        name = held["name"] or ""
        kept = name if name in question else TAKEN_OUT * len(name)
        return TAKEN_OUT * (len(held[0]) - len(name)) + kept

    return _HELD.sub(read, text)


@lru_cache(maxsize=16)  # every passage is read for the same question
def _place_asked(question: str) -> str:
    """Give the place of the body whose office is asked for; empty where none is."""
    asked = _ASKED.search(question)
    return asked["place"] if asked else ""


def _is_of(place: str, text: str, at: int, *, elsewhere: bool) -> bool:
    """Say whether an office at `at` may be of a body of this place.

    `elsewhere` says whether what stands above the text names a body of another place.
    """
    line = text[text.rfind("\n", 0, at) + 1 : at]
    bodies = _bodies(_SENTENCE_END.split(line)[-1])
    if bodies:
        return place in bodies[-1]
    in_line = _bodies(line)
    if in_line or elsewhere:
        return any(place in one for one in in_line or _bodies(text[:at]))
    return True


def _bodies(text: str) -> list[str]:
    return [one[0] for one in _BODY.finditer(text)]
