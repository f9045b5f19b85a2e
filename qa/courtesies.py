"""Greetings, thanks and questions about the program itself: what is no question to the documents.

A person who says 你好 wants a word back, not a passage that holds 你好. Only texts that are nothing
but such talk count; a question that merely begins or ends politely stays one, without the frame.
"""

from __future__ import annotations

import re

from embeddings.words import fold

KINDS = ("who", "what_can", "new_topic", "farewell", "thanks", "greeting")
"""What `courtesy` tells apart; of several in one text, the one that stands first here counts."""

_YOU = "(?:[你妳]们?|您)"
# Folded, without punctuation and blanks.
_TALK = {
    "who": (
        rf"{_YOU}是谁(?:开发|做|设计|制作)(?:出来)?的|{_YOU}(?:到底|究竟)?是(?:谁|哪位|什么(?:人|东西|程序|软件)?|干什么的|做什么的|干嘛的)|"
        rf"{_YOU}是(?:机器人|人工智能|ai|真人|人|人类|chatgpt|gpt|大模型|程序)|"
        rf"{_YOU}的?(?:名字|姓名)(?:是什么|叫什么)?|"
        rf"{_YOU}(?:该|应该)?(?:怎么)?(?:叫|称呼)(?:什么|啥)?(?:名字)?|怎么称呼{_YOU}|"
        rf"(?:请|能)?(?:自我介绍|介绍)(?:一下)?(?:{_YOU}?自己|{_YOU})|(?:请|做个)?自我介绍(?:一下)?|"
        r"whoareyou|whatareyou|whatsyourname|whatisyourname|areyou(?:ahuman|human|abot|abotor"
        r"ahuman|anai|ai|areal?person|arobot)|introduceyourself"
    ),
    "what_can": (
        rf"{_YOU}(?:都|还)?(?:能|会|可以|能够)(?:帮我|帮忙|替我|为我)?(?:做|干|办|回答|查|提供)?(?:些|点)?"
        r"(?:什么|啥|哪些)(?:事情?|问题|活|东西|忙)?|"
        rf"(?:{_YOU}|这个?)?(?:都)?有(?:什么|哪些|啥)(?:功能|用处|用|本领|本事)|"
        rf"(?:{_YOU}|这个?(?:东西|程序|软件|机器人)?)?(?:该|应该|要)?(?:怎么|如何|咋)(?:使用|用|操作|提问)|"
        rf"(?:我)?(?:能|可以|应该)(?:问|查|向{_YOU}问|问{_YOU})(?:些|点)?(?:什么|啥|哪些)(?:问题|东西)?|"
        rf"(?:有)?(?:什么|啥)(?:可以|能)(?:帮我|帮忙)的?|(?:能|可以)帮我(?:做|干)?(?:些|点)?(?:什么|啥)|"
        r"帮助(?:信息|一下)?|求助|帮帮我|help(?:me|please)?|canyouhelp(?:me)?|"
        r"what(?:can|do)you(?:do|know)|whatcaniask(?:you)?|howdoes(?:this|it)work|"
        r"how(?:do|can|to)i?use(?:this|it|you)?"
    ),
    "new_topic": (
        r"(?:我们?|咱们?)?(?:想|要|来)?(?:换|聊|说|问)(?:一?下|一?个|点|些)*(?:别的|其他的?|另一个|新的?)?(?:话题|问题)"
        r"(?:问|聊|说)?(?:一下)?|(?:我们?|咱们?)?(?:想|要|来)?(?:换|聊|说|问)(?:一?下|一?个|点|些)*(?:别的|其他的?)(?:事情?)?|"
        r"不(?:说|聊|谈|问)(?:这|那)个了|重新(?:开始|来过?)|新(?:的)?话题|new(?:topic|question)|startover"
    ),
    "farewell": (
        r"再见|再会|拜+|晚安|回头见|下次见|明天见|回见|先这样|就这样|没(?:有)?(?:别的)?(?:事|问题)了|没了|"
        r"(?:我)?先(?:走|下|撤)|(?:good)?bye(?:bye)?|goodnight|seeyou(?:later|soon|tomorrow)?|cya|"
        r"thatsall|thatisall|88+|886"
    ),
    "thanks": (
        r"(?:非常|十分|太|多|真的|真是|真|很)?(?:谢谢|感谢|多谢|谢)"
        rf"(?:{_YOU}的?(?:帮助|帮忙|回答|解答)|{_YOU}|大家|各位|帮忙)?|谢啦|"
        rf"{_YOU}?辛苦{_YOU}?|麻烦{_YOU}(?=了)|不客气|不用谢|"
        r"好的?|行|可以了|知道|明白|懂|收到|了解|清楚|嗯+|哦+|噢+|okay|ok|thanks?(?:you)?"
        r"(?:somuch|verymuch|alot)?|manythanks|thx|ty|gotit|isee|great|cool|"
        r"(?:很|真|太)(?:好|棒|厉害)|不错|赞|厉害|nice"
    ),
    "greeting": (
        rf"(?:{_YOU}|大家|各位)好|哈[喽罗啰]|嗨+|嘿|喂+|hi+(?:there)?|hello+(?:there|world)?|hey+(?:there)?|"
        r"halo|nihao|(?:有人|你|您)?在(?:吗|不在|么|嘛)|有人(?:吗|么|嘛|在吗)|"
        r"(?:早上|上午|中午|下午|晚上|早安?)好?(?<=[好安早])|好久不见|幸会|"
        r"good(?:morning|afternoon|evening|day)|howareyou(?:doing)?(?:today)?|(?:test|测试)(?:一下)?|试试"
    ),
}
_IDLE = (
    r"[啊啦吗呢吧呀了哦的哟喔嘛么呵哈嘻哇那先]|[讲说]个笑话|天气真好|请问?|想问|"
    r"小(?:助手|朋友|姐|哥)|我是新(?:来|手|人|会员|员工)的?|please|sir"
)
_KINDS = "|".join(f"(?P<{kind}>{_TALK[kind]})" for kind in KINDS)
# Atomic: what a part took it keeps, so that a long row of 好的 costs one pass.
_ALL = re.compile(f"(?>{_KINDS}|{_IDLE})+")
_BETWEEN = re.compile(r"[\W_]+")

# What frames a question: a blank parts the longer words from it, but 好 and 嗯 only a sign.
_WARM = (
    r"(?:(?:[你妳]们?|您|大家|各位)好|哈[喽罗啰]|嗨+|hi|hello|hey|(?:早上|上午|中午|下午|晚上)好|早安|在吗|有人吗|"
    r"(?:good )?(?:morning|afternoon|evening)|(?:非常|多|太)?(?:谢谢|感谢|多谢)(?:您|你们?)?|"
    r"辛苦(?:您|你)?|好的|收到|明白|知道|thanks|thank you|thx|ok|okay)[啊啦呀了哦哟的]*"
)
_SIGN = "[,，.。!！?？、;；…~～]"  # not what opens a title or joins a word (hi-tech)
_OPENING = re.compile(
    rf"\s*(?:{_WARM}(?:\s*{_SIGN}+\s*|\s+|(?=请问|想问|问一?下|我想|麻烦|帮我))|"
    rf"(?:好|行|嗯+|哦+|噢+)\s*{_SIGN}+\s*)+"
)
_ENDING = re.compile(
    rf"(?:(?<={_SIGN})|(?<=\s))\s*(?:(?:非常|多|太)?(?:谢谢|感谢|多谢)(?:您|你|你们|大家)?|辛苦(?:您|你)?|"
    r"麻烦(?:您|你)|再见|拜拜|thanks|thank you|thx)[啊啦呀了哦哟]*[\W_]*$"
)


def courtesy(text: str) -> str | None:
    """Give which of KINDS a text is, when it is nothing but that; None for everything else.

    Script, width, case, punctuation, blanks and particles do not matter. An empty text gives None.

    >>> courtesy("您好呀！"), courtesy("Thank you."), courtesy("会员卡怎么用")
    ('greeting', 'thanks', None)
    """
    said = _talk(text)
    return next((kind for kind in KINDS if said[kind]), None) if said else None


def is_small_talk(text: str) -> bool:
    """Say whether a text holds nothing to look for: a courtesy, laughter, particles."""
    return _talk(text) is not None


def without_courtesy(text: str) -> str:
    """Give a question without the polite words before and behind it.

    A text that is nothing but courtesy, or has none, is given as it is.

    >>> without_courtesy("你好，县级工会提升年的目标是什么？谢谢！")
    '县级工会提升年的目标是什么？'
    """
    if is_small_talk(text):
        return text
    folded = fold(text)  # every character keeps its place
    opening, ending = _OPENING.match(folded), _ENDING.search(folded)
    start = opening.end() if opening else 0
    end = ending.start() if ending and ending.start() > start else len(text)
    if not opening and end == len(text):
        return text
    return text[start:end].rstrip(" ，,、;；~～")


def _talk(text: str) -> re.Match[str] | None:
    return _ALL.fullmatch(_BETWEEN.sub("", fold(text)))
