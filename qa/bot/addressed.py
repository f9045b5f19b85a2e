"""What a message asks the bot, and who asks. Pure: messages in, words out."""

from __future__ import annotations

import re

from telegram import Message, MessageEntity, User
from telegram.constants import ChatType

from qa.typed import typed_text

_ASK = "/ask"
_AFTER_NAME = " \t\n，,：:、"
_TAG = re.compile(r"</?[a-z][a-z0-9]*/?>", re.ASCII | re.IGNORECASE)
_ROOM = frozenset({ChatType.GROUP, ChatType.SUPERGROUP})


def asker(message: Message) -> int | None:
    """Give the id of the person who wrote a message; None for channels, bots and services.

    An administrator who writes in the name of the group is known only as the group, whose id it
    then is.
    """
    if message.via_bot is not None:  # chosen from an inline result, not written
        return None
    if message.sender_chat is not None:
        return message.chat.id if message.sender_chat.id == message.chat.id else None
    if message.from_user is None or message.from_user.is_bot:
        return None
    return message.from_user.id


def question_in(message: Message, me: User) -> str | None:
    """Give what is asked of the bot, without its name and the command; None for other talk.

    In a private chat all text is for the bot; in a group only a command, a message that names it,
    and a reply to one of its own. A name or command alone asks what the message replied to says;
    without one it gives "".
    """
    text = message.text or message.caption or ""
    named, rest = _without_name(message, text, me)
    if message.chat.type in _ROOM and not (named or is_reply_to(message, me)):
        return None
    if message.chat.type not in (ChatType.PRIVATE, *_ROOM):
        return None
    if named and not rest:
        return _said_before(message, me)
    return rest


def asks_nothing(text: str) -> bool:
    """Say whether a text holds no word to look for: only signs, or marks of HTML.

    >>> asks_nothing("？"), asks_nothing("<i>"), asks_nothing("A 区？")
    (True, True, False)
    """
    return not any(map(str.isalnum, _TAG.sub("", text)))


def is_reply_to(message: Message, me: User) -> bool:
    """Say whether a message replies to one of the bot's own."""
    before = message.reply_to_message
    # In a topic that the bot opened, whatever is written there "replies" to the opening.
    return (
        before is not None
        and before.from_user is not None
        and before.from_user.id == me.id
        and before.forum_topic_created is None
    )


def _said_before(message: Message, me: User) -> str:
    before = message.reply_to_message
    if before is None or is_reply_to(message, me):
        return ""
    return _without_name(before, before.text or before.caption or "", me)[1]


def _without_name(message: Message, text: str, me: User) -> tuple[bool, str]:
    """Give whether a text names the bot or begins with /ask, and the text without that."""
    found = message.parse_entities() if message.text else message.parse_caption_entities()
    units = text.encode("utf-16-le")  # offsets are in these
    named = False
    for entity, words in sorted(found.items(), key=lambda pair: -pair[0].offset):
        if _names(entity, words, me):
            named = True
            start, end = 2 * entity.offset, 2 * (entity.offset + entity.length)
            units = units[:start] + units[end:]
    rest = units.decode("utf-16-le")
    if named:  # in the middle it leaves two blanks, at the beginning perhaps a comma
        rest = rest.replace("  ", " ").lstrip(_AFTER_NAME)
    return named, typed_text(rest).strip()


def _names(entity: MessageEntity, words: str, me: User) -> bool:
    name = f"@{me.username}".lower()
    match entity.type:
        case MessageEntity.MENTION:
            return words.lower() == name
        case MessageEntity.TEXT_MENTION:
            return entity.user is not None and entity.user.id == me.id
        case MessageEntity.BOT_COMMAND if entity.offset == 0:
            return words.lower() in (_ASK, _ASK + name)
    return False
