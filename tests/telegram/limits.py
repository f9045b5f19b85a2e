"""What Telegram refuses, in its own words: lengths, marks, buttons, results, names of commands."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from tests.telegram.entities import MOST_ENTITIES, CannotParse, Parsed, parse_html

Json = dict[str, Any]

TEXT, CAPTION, CALLBACK_ANSWER = 4096, 1024, 200
BUTTONS, CALLBACK_BYTES, COPIED = 100, 64, 256
RESULTS, RESULT_ID_BYTES = 50, 64
DOWNLOAD, UPLOAD = 20 * 1024 * 1024, 50 * 1024 * 1024
ACTIONS = frozenset(
    [
        "typing",
        "upload_photo",
        "record_video",
        "upload_video",
        "record_voice",
        "upload_voice",
        "upload_document",
        "choose_sticker",
        "find_location",
        "record_video_note",
        "upload_video_note",
    ]
)
REACTIONS = frozenset("👍👎❤🔥🥰👏😁🤔🤯😱🤬😢🎉🤩🤮💩🙏👌🕊🤡🥱🥴😍🐳🌚🌭💯🤣⚡🍌🏆💔🤨😐🍓🍾💋🖕😈😴😭🤓👻👀🎃🙈😇😨🤝✍🤗🫡🎅🎄☃💅🤪🗿🆒💘🙉🦄😘💊🙊😎👾😡")  # fmt: skip  # noqa: E501
_ACTS = frozenset(
    [
        "url",
        "callback_data",
        "web_app",
        "login_url",
        "switch_inline_query",
        "switch_inline_query_current_chat",
        "switch_inline_query_chosen_chat",
        "copy_text",
        "callback_game",
        "pay",
    ]
)
_BUTTON_FIELDS = _ACTS | {"text", "icon_custom_emoji_id", "style"}


class Refused(Exception):
    """An error answer of Telegram."""

    def __init__(self, description: str, status: int = 400) -> None:
        super().__init__(description)
        self.status = status


def text(source: str, mode: str | None) -> tuple[str, Json]:
    """Give a message's text as it is shown, and its entities."""
    parsed = _parsed(source, mode)
    if not parsed.text.strip():
        raise Refused("Bad Request: message text is empty")
    if _length(parsed.text) > TEXT:
        raise Refused("Bad Request: message is too long")
    return parsed.text, _marked(parsed)


def caption(source: str, mode: str | None) -> tuple[str, Json]:
    """Give a caption as it is shown, and its entities."""
    parsed = _parsed(source, mode)
    if _length(parsed.text) > CAPTION:
        raise Refused("Bad Request: message caption is too long")
    return parsed.text, _marked(parsed)


def _length(shown: str) -> int:
    return len(shown.encode("utf-16-le", "surrogatepass")) // 2


def _parsed(source: str, mode: str | None) -> Parsed:
    try:
        source.encode()
    except UnicodeEncodeError:
        raise Refused("Bad Request: strings must be encoded in UTF-8") from None
    if mode is None:
        return Parsed(source, ())
    if mode.lower() != "html":
        raise Refused("Bad Request: unsupported parse_mode")
    try:
        parsed = parse_html(source)
    except CannotParse as error:
        raise Refused(f"Bad Request: can't parse entities: {error}") from None
    quotes = [one for one in parsed.entities if one.type == "blockquote"]
    if any(
        one is not other and one.offset < other.offset + other.length
        and other.offset < one.offset + one.length
        for one in quotes for other in quotes
    ):  # fmt: skip
        raise Refused("Bad Request: can't parse entities: blockquotes can't be nested")
    if len(parsed.entities) > MOST_ENTITIES:
        # Telegram drops the rest without a word: for a test that is a fault.
        raise Refused(f"Bad Request: more than {MOST_ENTITIES} entities, the rest would be dropped")
    return parsed


def _marked(parsed: Parsed) -> Json:
    names = {"b": "bold", "strong": "bold", "i": "italic", "em": "italic", "a": "text_link",
             "u": "underline", "s": "strikethrough", "code": "code", "pre": "pre",
             "blockquote": "blockquote", "tg-spoiler": "spoiler", "span": "spoiler"}  # fmt: skip
    marks = []
    for one in parsed.entities:
        mark = {key: value for key, value in asdict(one).items() if key != "argument"}
        mark["type"] = names.get(one.type, one.type)
        if one.type == "blockquote" and one.argument:
            mark["type"] = "expandable_blockquote"
        if one.type == "a":
            mark["url"] = one.argument
        marks.append(mark)
    return {"entities": sorted(marks, key=lambda m: (m["offset"], -m["length"]))} if marks else {}


def keyboard(markup: Json | None) -> Json | None:
    """Check an inline keyboard; None and an empty one give None."""
    if not markup or not markup.get("inline_keyboard"):
        if markup and not set(markup) & {"inline_keyboard", "force_reply", "remove_keyboard"}:
            raise Refused("Bad Request: object expected as reply markup")
        return None
    rows = markup["inline_keyboard"]
    if sum(map(len, rows)) > BUTTONS:
        raise Refused("Bad Request: reply markup is too long")
    for row in rows:
        if not row:
            raise Refused("Bad Request: keyboard row is empty")
        for button in row:
            _button(button)
    return {"inline_keyboard": rows}


def _button(button: Json) -> None:
    if not str(button.get("text", "")).strip():
        raise Refused("Bad Request: can't parse inline keyboard button: Text must not be empty")
    if unknown := set(button) - _BUTTON_FIELDS:
        raise Refused(f"Bad Request: button with unknown fields {sorted(unknown)}")
    if len(set(button) & _ACTS) != 1:
        raise Refused(
            "Bad Request: can't parse inline keyboard button: Text buttons are unallowed in the "
            "inline keyboard"
        )
    data = button.get("callback_data")
    if data is not None and not 1 <= len(data.encode()) <= CALLBACK_BYTES:
        raise Refused("Bad Request: BUTTON_DATA_INVALID")
    copied = button.get("copy_text")
    if copied is not None and not 1 <= _length(copied["text"]) <= COPIED:
        raise Refused("Bad Request: BUTTON_COPY_TEXT_INVALID")
    if "url" in button and not re.match(r"(https?|tg)://\S+$", button["url"]):
        raise Refused("Bad Request: BUTTON_URL_INVALID")


def action(name: object) -> None:
    """Check a chat action."""
    if name not in ACTIONS:
        raise Refused("Bad Request: wrong parameter action in request")


def callback_answer(shown: str) -> None:
    """Check the answer to a press."""
    if _length(shown) > CALLBACK_ANSWER:
        raise Refused("Bad Request: MESSAGE_TOO_LONG")


def inline_results(results: Sequence[Json], next_offset: str) -> None:
    """Check the answer to an inline query."""
    if len(results) > RESULTS:
        raise Refused("Bad Request: RESULTS_TOO_MUCH")
    if len(next_offset.encode()) > RESULT_ID_BYTES:
        raise Refused("Bad Request: NEXT_OFFSET_INVALID")
    ids = [str(one.get("id", "")) for one in results]
    if any(not 1 <= len(one.encode()) <= RESULT_ID_BYTES for one in ids):
        raise Refused("Bad Request: RESULT_ID_INVALID")
    if len(set(ids)) < len(ids):
        raise Refused("Bad Request: RESULT_ID_DUPLICATE")
    for one in results:
        if one.get("type") == "article" and not str(one.get("title", "")).strip():
            raise Refused("Bad Request: ARTICLE_TITLE_EMPTY")
        content = one.get("input_message_content", {})
        text(content.get("message_text", ""), content.get("parse_mode"))
        keyboard(one.get("reply_markup"))


def start_parameter(button: Json) -> None:
    """Check the button over inline results."""
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,64}", str(button.get("start_parameter", ""))):
        raise Refused("Bad Request: START_PARAM_INVALID")


def download(size: int) -> None:
    """Check that a file may be fetched."""
    if size > DOWNLOAD:
        raise Refused("Bad Request: file is too big")


def upload(content: bytes) -> None:
    """Check a file that is sent."""
    if not content:
        raise Refused("Bad Request: file must be non-empty")
    if len(content) > UPLOAD:
        raise Refused("Request Entity Too Large", 413)


def commands(params: Json) -> None:
    """Check the list of commands."""
    listed = params.get("commands", [])
    if len(listed) > 100:
        raise Refused("Bad Request: BOT_COMMANDS_TOO_MUCH")
    for one in listed:
        if not re.fullmatch(r"[a-z0-9_]{1,32}", one["command"]):
            raise Refused("Bad Request: BOT_COMMAND_INVALID")
        if not 1 <= _length(one["description"]) <= 256:
            raise Refused("Bad Request: BOT_COMMAND_DESCRIPTION_INVALID")
    _language(params)


def description(params: Json) -> None:
    """Check what stands in an empty chat."""
    _at_most(params, "description", 512)


def short_description(params: Json) -> None:
    """Check what stands on the bot's profile."""
    _at_most(params, "short_description", 120)


def name(params: Json) -> None:
    """Check the bot's name."""
    _at_most(params, "name", 64)


def reaction(params: Json) -> None:
    """Check reactions: only the emoji that Telegram offers."""
    for one in params.get("reaction", []):
        if one.get("emoji", "").rstrip("\ufe0f") not in REACTIONS:
            raise Refused("Bad Request: REACTION_INVALID")


def _at_most(params: Json, key: str, most: int) -> None:
    if _length(str(params.get(key, ""))) > most:
        raise Refused(f"Bad Request: {key.upper()}_TOO_LONG")
    _language(params)


def _language(params: Json) -> None:
    if not re.fullmatch(r"([a-z]{2})?", str(params.get("language_code", ""))):
        raise Refused("Bad Request: LANG_CODE_INVALID")
