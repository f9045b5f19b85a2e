"""The Bot API's methods as the tests need them: what is refused, what is answered, what is kept.

`Telegram.call` does one call and gives its result, or raises Refused with Telegram's own words. It
knows no network: `recording.py` puts it behind python-telegram-bot's request, `server.py` behind
HTTP on loopback.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from tests.telegram import limits
from tests.telegram.limits import Refused
from tests.telegram.updates import BOT, Json, group_chat, private_chat

Files = Mapping[str, tuple[str, bytes]]  # by field: the file's name and content


@dataclass(frozen=True, slots=True)
class Call:
    """A call that Telegram accepted."""

    method: str
    params: Json
    files: Files
    at: float  # seconds, monotonic
    result: Any

    @property
    def text(self) -> str:
        """The text or caption as it is shown, without its marks; "" where there is none."""
        if not isinstance(self.result, dict):
            return str(self.params.get("text", ""))
        return str(self.result.get("text") or self.result.get("caption") or "")

    @property
    def chat_id(self) -> int:
        """The chat it went to; 0 for none."""
        return int(self.params.get("chat_id", 0))

    def buttons(self) -> list[Json]:
        """Give the buttons of its keyboard, row by row."""
        markup = self.params.get("reply_markup") or {}
        return [one for row in markup.get("inline_keyboard", []) for one in row]


@dataclass(slots=True)
class Telegram:
    """The state of the other side.

    `trusting`: chats, messages and queries that it has not seen are believed to exist; without it
    they are refused as Telegram refuses them.
    """

    trusting: bool = True
    bot: Json = field(default_factory=lambda: dict(BOT))
    accepted: list[Call] = field(default_factory=list)
    refused: list[tuple[str, Json, str]] = field(default_factory=list)
    messages: dict[tuple[int, int], Json] = field(default_factory=dict)
    chats: dict[int, Json] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    sizes: dict[str, int] = field(default_factory=dict)
    queries: set[str] = field(default_factory=set)  # asked, not answered
    answered: set[str] = field(default_factory=set)
    blocked: set[int] = field(default_factory=set)
    webhook: Json = field(default_factory=lambda: {"url": "", "secret_token": ""})
    waiting: int = 0  # updates not yet fetched, as getWebhookInfo says
    _numbers: Any = field(default_factory=lambda: count(5001))

    # What the test does on this side

    def keep_file(self, file_id: str, content: bytes, size: int | None = None) -> None:
        """Keep a file that somebody sent; `size` when Telegram is to say another."""
        self.files[file_id] = content
        self.sizes[file_id] = len(content) if size is None else size

    def witness(self, update: Json) -> None:
        """Learn the chats, messages and queries of an update that is about to be delivered."""
        for name in ("message", "edited_message"):
            if name in update:
                message = update[name]
                self.chats[message["chat"]["id"]] = message["chat"]
                self.messages[message["chat"]["id"], message["message_id"]] = message
        for name in ("callback_query", "inline_query"):
            if name in update:
                self.queries.add(update[name]["id"])

    def calls(self, *methods: str, chat_id: int | None = None) -> list[Call]:
        """Give the accepted calls of these methods (all methods when none is named)."""
        return [
            one for one in self.accepted
            if (not methods or one.method in methods)
            and (chat_id is None or one.chat_id == chat_id)
        ]  # fmt: skip

    def texts(self, chat_id: int | None = None) -> list[str]:
        """Give the texts sent, as they are shown."""
        return [one.text for one in self.calls("sendMessage", chat_id=chat_id)]

    # What the bot does

    def call(self, method: str, params: Json, files: Files | None = None) -> Any:
        """Do one call; raises Refused."""
        act = _METHODS.get(method)
        try:
            if act is None:
                raise Refused("Not Found", 404)
            if int(_number(params.get("chat_id", 0))) in self.blocked:
                raise Refused("Forbidden: bot was blocked by the user", 403)
            result = act(self, params, files or {})
        except Refused as error:
            self.refused.append((method, params, str(error)))
            raise
        # A copy, since an edit changes the message.
        kept = json.loads(json.dumps(result))
        self.accepted.append(Call(method, params, files or {}, time.monotonic(), kept))
        return kept

    def _chat(self, params: Json) -> Json:
        number = int(_number(params.get("chat_id")))
        if number in self.chats:
            return self.chats[number]
        if not self.trusting or not number:
            raise Refused("Bad Request: chat not found")
        return private_chat(number) if number > 0 else group_chat(number)

    def _send(self, params: Json, content: Json) -> Json:
        chat = self._chat(params)
        message: Json = {
            "message_id": next(self._numbers),
            "from": {key: self.bot[key] for key in ("id", "is_bot", "first_name", "username")},
            "chat": chat,
            "date": int(time.time()),
            **content,
        }
        if markup := limits.keyboard(params.get("reply_markup")):
            message["reply_markup"] = markup
        if thread := params.get("message_thread_id"):
            if not self.trusting and not chat.get("is_forum"):
                raise Refused("Bad Request: message thread not found")
            message |= {"message_thread_id": thread, "is_topic_message": True}
        self._reply(params, message)
        self.messages[chat["id"], message["message_id"]] = message
        return message

    def _reply(self, params: Json, message: Json) -> None:
        reply = params.get("reply_parameters")
        if not reply:
            return
        to = self.messages.get((reply.get("chat_id", message["chat"]["id"]), reply["message_id"]))
        if to is not None:
            message["reply_to_message"] = {k: v for k, v in to.items() if k != "reply_to_message"}
        elif not self.trusting and not reply.get("allow_sending_without_reply"):
            raise Refused("Bad Request: message to be replied not found")

    def _own(self, params: Json, verb: str) -> Json:
        """Give a message of the bot's own that is to be changed."""
        key = int(_number(params.get("chat_id", 0))), int(params.get("message_id", 0))
        message = self.messages.get(key)
        if message is None and self.trusting:
            sender = {"id": self.bot["id"], "is_bot": True, "first_name": "?"}
            message = {"message_id": key[1], "chat": self._chat(params), "date": 0, "from": sender}
            message["text"] = "?"
            self.messages[key] = message
        if message is None:
            raise Refused(f"Bad Request: message to {verb} not found")
        if message["from"]["id"] != self.bot["id"] and verb != "delete":
            raise Refused(f"Bad Request: message can't be {verb}ed")
        return message

    def _answer(self, query: str) -> None:
        known = self.trusting or query in self.queries
        if not known or query in self.answered:
            raise Refused(
                "Bad Request: query is too old and response timeout expired or query ID is invalid"
            )
        self.queries.discard(query)
        self.answered.add(query)


def _number(chat_id: object) -> Any:
    try:
        return int(str(chat_id))
    except ValueError:
        raise Refused("Bad Request: chat not found") from None


def _send_message(telegram: Telegram, params: Json, files: Files) -> Json:
    text, marked = limits.text(params.get("text", ""), params.get("parse_mode"))
    return telegram._send(params, {"text": text, **marked})


def _send_document(telegram: Telegram, params: Json, files: Files) -> Json:
    telegram._chat(params)
    caption, marked = limits.caption(params.get("caption", ""), params.get("parse_mode"))
    if "document" in files:
        name, content = files["document"]
        limits.upload(content)
        file_id = f"sent-{next(telegram._numbers)}"
        telegram.keep_file(file_id, content)
    else:
        name, file_id = "file", str(params.get("document", ""))
        if file_id not in telegram.files:
            raise Refused("Bad Request: wrong file identifier/HTTP URL specified")
    document = {"file_id": file_id, "file_unique_id": f"u-{file_id}", "file_name": name,
                "file_size": telegram.sizes[file_id]}  # fmt: skip
    captioned: Json = {"caption": caption} if caption else {}
    if "entities" in marked:
        captioned["caption_entities"] = marked["entities"]
    return telegram._send(params, {"document": document, **captioned})


def _edit_text(telegram: Telegram, params: Json, files: Files) -> Json | bool:
    text, marked = limits.text(params.get("text", ""), params.get("parse_mode"))
    markup = limits.keyboard(params.get("reply_markup"))
    if "inline_message_id" in params:
        return True
    message = telegram._own(params, "edit")
    if "text" not in message:
        raise Refused("Bad Request: there is no text in the message to edit")
    return _edited(message, {"text": text, **marked}, markup)


def _edit_markup(telegram: Telegram, params: Json, files: Files) -> Json | bool:
    markup = limits.keyboard(params.get("reply_markup"))
    if "inline_message_id" in params:
        return True
    message = telegram._own(params, "edit")
    kept = {key: message[key] for key in ("text", "entities") if key in message}
    return _edited(message, kept, markup)


def _edited(message: Json, content: Json, markup: Json | None) -> Json:
    new = {**content, **({"reply_markup": markup} if markup else {})}
    if new == {key: message[key] for key in ("text", "entities", "reply_markup") if key in message}:
        raise Refused(
            "Bad Request: message is not modified: specified new message content and reply markup "
            "are exactly the same as a current content and reply markup of the message"
        )
    for key in ("entities", "reply_markup"):
        message.pop(key, None)
    message |= {**new, "edit_date": int(time.time())}
    return message


def _delete(telegram: Telegram, params: Json, files: Files) -> bool:
    message = telegram._own(params, "delete")
    del telegram.messages[message["chat"]["id"], message["message_id"]]
    return True


def _action(telegram: Telegram, params: Json, files: Files) -> bool:
    telegram._chat(params)
    limits.action(params.get("action"))
    return True


def _answer_callback(telegram: Telegram, params: Json, files: Files) -> bool:
    limits.callback_answer(params.get("text", ""))
    telegram._answer(str(params.get("callback_query_id", "")))
    return True


def _answer_inline(telegram: Telegram, params: Json, files: Files) -> bool:
    limits.inline_results(params.get("results", []), str(params.get("next_offset", "")))
    if button := params.get("button"):
        limits.start_parameter(button)
    telegram._answer(str(params.get("inline_query_id", "")))
    return True


def _get_file(telegram: Telegram, params: Json, files: Files) -> Json:
    file_id = str(params.get("file_id", ""))
    if file_id not in telegram.files:
        raise Refused("Bad Request: invalid file_id")
    limits.download(telegram.sizes[file_id])
    return {"file_id": file_id, "file_unique_id": f"u-{file_id}", "file_path": f"kept/{file_id}",
            "file_size": telegram.sizes[file_id]}  # fmt: skip


def _set_webhook(telegram: Telegram, params: Json, files: Files) -> bool:
    url, secret = str(params.get("url", "")), str(params.get("secret_token", ""))
    if url and not url.startswith(("https://", "http://127.0.0.1:")):
        raise Refused("Bad Request: bad webhook: An HTTPS URL must be provided for webhook")
    if secret and not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", secret):
        raise Refused("Bad Request: secret token contains unallowed characters")
    telegram.webhook = {"url": url, "secret_token": secret}
    return True


def _delete_webhook(telegram: Telegram, params: Json, files: Files) -> bool:
    telegram.webhook = {"url": "", "secret_token": ""}
    return True


def _webhook_info(telegram: Telegram, params: Json, files: Files) -> Json:
    return {"url": telegram.webhook["url"], "has_custom_certificate": False,
            "pending_update_count": telegram.waiting}  # fmt: skip


def _get_chat(telegram: Telegram, params: Json, files: Files) -> Json:
    return {**telegram._chat(params), "accent_color_id": 0, "max_reaction_count": 11,
            "accepted_gift_types": {"unlimited_gifts": False, "limited_gifts": False,
                                    "unique_gifts": False, "premium_subscription": False,
                                    "gifts_from_channels": False}}  # fmt: skip


def _get_member(telegram: Telegram, params: Json, files: Files) -> Json:
    telegram._chat(params)
    number = int(params.get("user_id", 0))
    return {"status": "member", "user": {"id": number, "is_bot": False, "first_name": "?"}}


def _agree(check: Callable[[Json], None]) -> Callable[[Telegram, Json, Files], bool]:
    def act(telegram: Telegram, params: Json, files: Files) -> bool:
        check(params)
        return True

    return act


def _nothing(params: Json) -> None:
    """Accept whatever comes."""


_METHODS: Mapping[str, Callable[[Telegram, Json, Files], Any]] = {
    "getMe": lambda telegram, params, files: telegram.bot,
    "getUpdates": lambda telegram, params, files: [],  # the server has its own
    "setWebhook": _set_webhook,
    "deleteWebhook": _delete_webhook,
    "getWebhookInfo": _webhook_info,
    "sendMessage": _send_message,
    "sendDocument": _send_document,
    "sendChatAction": _action,
    "editMessageText": _edit_text,
    "editMessageReplyMarkup": _edit_markup,
    "deleteMessage": _delete,
    "answerCallbackQuery": _answer_callback,
    "answerInlineQuery": _answer_inline,
    "getFile": _get_file,
    "getChat": _get_chat,
    "getChatMember": _get_member,
    "setMyCommands": _agree(limits.commands),
    "deleteMyCommands": _agree(_nothing),
    "setMyDescription": _agree(limits.description),
    "setMyShortDescription": _agree(limits.short_description),
    "setMyName": _agree(limits.name),
    "setMessageReaction": _agree(limits.reaction),
    "setChatMenuButton": _agree(_nothing),
    "close": _agree(_nothing),
    "logOut": _agree(_nothing),
}


_STRINGS = frozenset(
    [
        "text",
        "caption",
        "parse_mode",
        "callback_query_id",
        "inline_query_id",
        "file_id",
        "document",
        "action",
        "url",
        "secret_token",
        "language_code",
        "description",
        "short_description",
        "name",
        "next_offset",
        "inline_message_id",
        "business_connection_id",
        "message_effect_id",
    ]
)


def decoded(params: Mapping[str, str]) -> Json:
    """Read parameters that travelled as strings: all but a few are written as JSON."""
    return {key: value if key in _STRINGS else _read(value) for key, value in params.items()}


def _read(value: str) -> Any:
    try:
        return json.loads(value)
    except ValueError:  # a chat's @name
        return value
