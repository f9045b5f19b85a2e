"""Updates as Telegram sends them, as plain JSON: what people write, press and send.

`Updates(…)` numbers them. Every builder gives one update as a dictionary: `Update.de_json(it, bot)`
makes it python-telegram-bot's own.
"""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from tests.telegram.entities import utf16_length

Json = dict[str, Any]

BOT: Json = {
    "id": 7000000001,
    "is_bot": True,
    "first_name": "条文问答",
    "username": "cited_qa_bot",
    "can_join_groups": True,
    "can_read_all_group_messages": False,
    "supports_inline_queries": True,
    "can_connect_to_business": False,
    "has_main_web_app": False,
}
TOKEN = "7000000001:AAtests-only-token-of-the-loopback-server"  # noqa: S105
GROUP = -1001234567890
_COMMAND = re.compile(r"(?<!\S)/[A-Za-z0-9_]{1,32}(?:@\w{3,32})?")
_MENTION = re.compile(r"(?<!\w)@\w{3,32}")


def person(user_id: int, language: str | None = "zh-hans") -> Json:
    """Give a user; `language` None leaves the code out, as old apps do."""
    user: Json = {"id": user_id, "is_bot": False, "first_name": f"用户{user_id}"}
    return user if language is None else {**user, "language_code": language}


def private_chat(user_id: int) -> Json:
    """Give the chat of one user with the bot; it has the user's id."""
    return {"id": user_id, "type": "private", "first_name": f"用户{user_id}"}


def group_chat(chat_id: int = GROUP) -> Json:
    """Give a supergroup."""
    return {"id": chat_id, "type": "supergroup", "title": "读书小组", "is_forum": False}


def entities(text: str) -> list[Json]:
    """Mark commands and mentions as Telegram does; offsets in UTF-16 units."""
    found = [("bot_command", one) for one in _COMMAND.finditer(text)]
    found += [("mention", one) for one in _MENTION.finditer(text)]
    found = [
        (kind, one) for kind, one in found
        if kind == "bot_command"
        or not any(other.start() <= one.start() < other.end() for k, other in found if k != kind)
    ]  # fmt: skip
    return [
        {
            "type": kind,
            "offset": utf16_length(text[: one.start()]),
            "length": utf16_length(one[0]),
        }
        for kind, one in sorted(found, key=lambda pair: pair[1].start())
    ]


@dataclass(slots=True)
class Updates:
    """Builds updates with numbers that rise, of updates and of messages."""

    first_update: int = 1000
    first_message: int = 10
    _numbers: Any = field(init=False)
    _messages: Any = field(init=False)

    def __post_init__(self) -> None:
        self._numbers = count(self.first_update)
        self._messages = count(self.first_message)

    def next_message_id(self) -> int:
        """Give a number for a message."""
        return int(next(self._messages))

    def message(self, user_id: int, chat: Json | None = None, **fields: Any) -> Json:
        """Wrap what a message has (`text=…`, `document=…`); `language=…` is the sender's."""
        sender = person(user_id, fields.pop("language", "zh-hans"))
        body: Json = {
            "message_id": self.next_message_id(),
            "from": sender,
            "chat": chat or private_chat(user_id),
            "date": int(fields.pop("date", time.time())),
            **fields,
        }
        if marked := entities(fields.get("text", "")):
            body.setdefault("entities", marked)
        if marked := entities(fields.get("caption", "")):
            body.setdefault("caption_entities", marked)
        return {"update_id": next(self._numbers), "message": body}

    def text(self, text: str, user_id: int = 11, **fields: Any) -> Json:
        """Give a text (or a command) in a private chat."""
        return self.message(user_id, text=text, **fields)

    def in_group(self, text: str, user_id: int = 11, **fields: Any) -> Json:
        """Give a text in a group; mention the bot by writing `@cited_qa_bot` in it.

        `thread=7` puts it into a topic; `chat=…` into another group.
        """
        if thread := fields.pop("thread", None):
            fields |= {"message_thread_id": thread, "is_topic_message": True}
        chat = fields.pop("chat", group_chat())
        if thread:
            chat = {**chat, "is_forum": True}
        return self.message(user_id, chat, text=text, **fields)

    def reply(self, text: str, to: Json, user_id: int = 11, **fields: Any) -> Json:
        """Give a reply to a message, in that message's chat; the bot's own message or another's."""
        plain = {key: value for key, value in to.items() if key != "reply_to_message"}
        return self.message(user_id, to["chat"], text=text, reply_to_message=plain, **fields)

    def press(self, data: str, on: Json, user_id: int = 11, **fields: Any) -> Json:
        """Give a press of the button with this data under a message of the bot."""
        number = next(self._numbers)
        query = {
            "id": str(fields.pop("id", 90_000 + number)),
            "from": person(user_id, fields.pop("language", "zh-hans")),
            "message": on,
            "chat_instance": f"instance {on['chat']['id']}",
            "data": data,
        }
        return {"update_id": number, "callback_query": query | fields}

    def inline(self, query: str, user_id: int = 11, **fields: Any) -> Json:
        """Give an inline query: `@bot query` typed in some chat."""
        number = next(self._numbers)
        body = {
            "id": str(80_000 + number),
            "from": person(user_id, fields.pop("language", "zh-hans")),
            "query": query,
            "offset": "",
            "chat_type": "group",
        }
        return {"update_id": number, "inline_query": body | fields}

    def chosen(self, result_id: str, query: str, user_id: int = 11) -> Json:
        """Give the choice of an inline result."""
        body = {"result_id": result_id, "from": person(user_id), "query": query}
        return {"update_id": next(self._numbers), "chosen_inline_result": body}

    def document(self, name: str, content: bytes, user_id: int = 11, **fields: Any) -> Json:
        """Give a file that is sent; `caption=…`, `size=…` (what Telegram says it is), `chat=…`.

        Its file_id is `file-` and the message's number: give the content to the recording request
        or to the server under that id (`keep_file`).
        """
        size = fields.pop("size", len(content))
        mime = fields.pop("mime", "application/octet-stream")
        update = self.message(user_id, fields.pop("chat", None), **fields)
        message = update["message"]
        message["document"] = {
            "file_id": f"file-{message['message_id']}",
            "file_unique_id": f"unique-{message['message_id']}",
            "file_name": name,
            "mime_type": mime,
            "file_size": size,
        }
        return update

    def album(
        self, files: Sequence[tuple[str, bytes]], user_id: int = 11, **fields: Any
    ) -> list[Json]:
        """Give several files sent at once: one update each, with one media_group_id."""
        group = f"album-{next(self._numbers)}"
        return [
            self.document(name, content, user_id, media_group_id=group, **fields)
            for name, content in files
        ]

    def edited(self, update: Json, text: str) -> Json:
        """Give the edit of a text message."""
        message = {**update["message"], "text": text, "edit_date": int(time.time())}
        message["entities"] = entities(text)
        return {"update_id": next(self._numbers), "edited_message": message}

    def member(self, status: str, user_id: int = 11, chat: Json | None = None) -> Json:
        """Give a change of the bot's own membership: "member" (added), "kicked" (blocked)."""
        old = {"user": BOT, "status": "left"}
        new: Json = {"user": BOT, "status": status}
        if status == "kicked":
            new["until_date"] = 0
        body = {
            "chat": chat or private_chat(user_id),
            "from": person(user_id),
            "date": int(time.time()),
            "old_chat_member": old,
            "new_chat_member": new,
        }
        return {"update_id": next(self._numbers), "my_chat_member": body}
