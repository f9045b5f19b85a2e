"""Words in front of a question that say another one comes: 换个问题，… and 对了，….

Some of them say that what was before is over; most only lead over, and what they lead to may well
go on with it (对了，什么时候截止). Neither says what is asked.
"""

from __future__ import annotations

import re

from embeddings.words import fold

_SIGN = r"[\s,，、:：.。!！…~～;；]"
_BEFORE = rf"\s*(?:(?:那么?|好的?|嗯+|行|哦|我们?|咱们?|想|要|来|再|先){_SIGN}*)*"
_TOPIC = "(?:话题|问题|事情?)"
_ASK = "(?:问|请教|咨询|打听)(?:一?下|一句|一声|一遍)?"
# All patterns are of folded text.
_OVER = re.compile(
    rf"{_BEFORE}(?:换(?:一?个|下)?{_TOPIC}(?:{_ASK})?[吧哈啊了]*{_SIGN}*"
    rf"|[换聊说问讲](?:一?下|一?个|点|些)*(?:别的|其他的?|另一个|另外的?|新的?){_TOPIC}?[吧哈啊了]*{_SIGN}+"
    rf"|(?:另外?|还有|下)一个{_TOPIC}(?:是|{_SIGN})+"
    rf"|不[说聊谈问管][这那]个了{_SIGN}*)"
)
_LEADING = re.compile(
    rf"\s*(?:(?:对了|哦对|话说|另外|顺便|顺带){_SIGN}+"
    rf"|(?:对了|另外|顺便|顺带|我?还想|我?想?再|{_SIGN})+{_ASK}{_SIGN}*)"
)


def begins_anew(question: str) -> bool:
    """Say whether a question says of itself that it has nothing to do with what was before.

    >>> begins_anew("换个问题，会费交多少"), begins_anew("对了，什么时候截止")
    (True, False)
    """
    return bool(_OVER.match(fold(question)))


def without_announcement(question: str) -> str:
    """Give a question without the words that lead over to it; one that is only such words as it is.

    >>> without_announcement("换个问题，会费交多少"), without_announcement("对了，什么时候截止")
    ('会费交多少', '什么时候截止')
    """
    folded = fold(question)  # every character keeps its place
    start = 0
    while found := _OVER.match(folded, start) or _LEADING.match(folded, start):
        start = found.end()
    rest = question[start:]
    return rest if start and any(map(str.isalnum, rest)) else question
