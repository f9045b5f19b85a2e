"""Mail (.eml): who wrote what to whom and when; its text, from HTML where there is no other."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from email import message_from_bytes
from email.header import Header, decode_header
from email.message import Message
from email.utils import parsedate_to_datetime

from qa.reading.encodings import decode
from qa.reading.html import declared_charset, read_html
from qa.reading.plain import Content, Unreadable, tidy, tidy_line
from qa.reading.titles import clean_title

_FIELDS = (("From", "发件人"), ("To", "收件人"), ("Cc", "抄送"), ("Date", "时间"))
_REPLY = re.compile(r"^(?:(?:re|fw|fwd|回复|答复|转发|回覆|轉寄)\s*[:：]\s*)+", re.IGNORECASE)
_MOST_PARTS = 1000


def read_mail(data: bytes) -> Content:
    """Give a message with its sender, receivers and time above its text.

    What is attached is named in the notes, not read.

    Raises:
        Unreadable: it is no message, or its text is in no encoding known.
    """
    message = message_from_bytes(data)
    if not any(name in message for name in ("From", "Subject", "Date", "To")):
        raise Unreadable("no mail message; save it from the mail program as .eml")
    subject = _header(message, "Subject")
    head = [f"{name}：{value}" for field, name in _FIELDS if (value := _header(message, field))]
    parts = list(_parts(message))
    plain = [part for part in parts if part.get_content_type() == "text/plain"]
    html = [part for part in parts if part.get_content_type() == "text/html"]
    texts = [_decoded(part) for part in plain]
    if not any(text.strip() for text in texts):
        texts = [read_html(tidy(_decoded(part))).text for part in html]
    body = [line.rstrip() for line in tidy("\n".join(texts)).strip("\n").split("\n")]
    attached = [name for name in map(_attached, _walked(message)) if name]
    title = clean_title(_REPLY.sub("", subject)) or None
    return Content(
        "\n".join([*([f"# {title}"] if title else []), *head, "", *body]).strip("\n"),
        title,
        _sent(message),
        notes=tuple(f"the attachment {name} is not read; save it and add it" for name in attached),
    )


def _walked(message: Message) -> list[Message]:
    """Give all parts of a message, those of messages in it among them."""
    found = []
    for part in message.walk():
        found.append(part)
        if len(found) > _MOST_PARTS:
            raise Unreadable("a message of too many parts")
    return found


def _parts(message: Message) -> Iterator[Message]:
    """Give the parts that are the text of the message."""
    for part in _walked(message):
        if part.get_content_maintype() == "text" and not _attached(part):
            yield part


def _attached(part: Message) -> str:
    """Give the name of what is attached; "" for what is not."""
    if part.is_multipart():
        return ""
    name = part.get_filename()
    if name is None and part.get_content_disposition() != "attachment":
        return ""
    return tidy_line(_readable(name or part.get_content_type())) or part.get_content_type()


def _decoded(part: Message) -> str:
    """Give the text of a part: its charset is believed only if it fits."""
    payload = part.get_payload(decode=True)
    data = payload if isinstance(payload, bytes) else b""
    declared = part.get_content_charset()
    if declared is None and part.get_content_subtype() == "html":
        declared = declared_charset(data)
    try:
        return decode(data, declared=declared).text
    except UnicodeDecodeError as error:
        raise Unreadable(
            f"its text is in no encoding known: byte {error.start} breaks it"
        ) from error


def _header(message: Message, name: str) -> str:
    value = message.get(name)
    return "" if value is None else tidy_line(_readable(value))


def _readable(value: str | Header) -> str:
    """Give the text of a header, which may be written in codes or as bare bytes."""
    texts = []
    try:
        parts = decode_header(value)
    except ValueError:  # a code that cannot be undone
        return str(value)
    for part, charset in parts:
        if isinstance(part, str):
            part = part.encode("utf-8", "surrogateescape")
        known = None if charset in (None, "unknown-8bit") else charset
        try:
            texts.append(decode(part, declared=known).text)
        except UnicodeDecodeError:
            texts.append(part.decode("utf-8", "backslashreplace"))
    return "".join(texts)


def _sent(message: Message) -> str | None:
    """Give the day on which a message was sent, where the sender was."""
    try:
        when = parsedate_to_datetime(str(message.get("Date")))
    except (TypeError, ValueError):
        return None
    return when.date().isoformat() if when.date() > datetime.date(1970, 1, 1) else None
