"""As much HTTP/1.1 as a Bot API server for tests needs, on asyncio's streams."""

from __future__ import annotations

import asyncio
import json
import socket
import struct
import time
from dataclasses import dataclass, field
from email.parser import BytesParser
from email.policy import HTTP
from email.utils import formatdate
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

Json = dict[str, Any]

_LARGEST = 60 * 1024 * 1024  # Telegram takes files of 50 MB


@dataclass(frozen=True, slots=True)
class Asked:
    """One request."""

    method: str
    path: str
    headers: dict[str, str]  # names in small letters
    fields: dict[str, str] = field(default_factory=dict)
    files: dict[str, tuple[str, bytes]] = field(default_factory=dict)


async def read_request(reader: asyncio.StreamReader) -> Asked | None:
    """Read one request; None when the connection is at its end."""
    head = await _head(reader)
    if head is None:
        return None
    line, headers = head
    method, target, _ = line.split(" ", 2)
    length = int(headers.get("content-length", "0"))
    if length > _LARGEST:
        raise ValueError(f"a body of {length} bytes")
    body = await _body(reader, headers, length)
    parts = urlsplit(target)
    asked = Asked(method, unquote(parts.path), headers)
    asked.fields.update(parse_qsl(parts.query, keep_blank_values=True))
    _fill(asked, body)
    return asked


async def _head(reader: asyncio.StreamReader) -> tuple[str, dict[str, str]] | None:
    try:
        raw = await reader.readuntil(b"\r\n\r\n")
    except (asyncio.IncompleteReadError, ConnectionError):
        return None
    line, *rest = raw.decode("latin-1").split("\r\n")
    pairs = (one.split(":", 1) for one in rest if one)
    return line, {name.strip().lower(): value.strip() for name, value in pairs}


async def _body(reader: asyncio.StreamReader, headers: dict[str, str], length: int) -> bytes:
    if headers.get("transfer-encoding", "").lower() != "chunked":
        return await reader.readexactly(length)
    chunks = []
    while size := int((await reader.readline()).strip() or b"0", 16):
        chunks.append(await reader.readexactly(size))
        await reader.readline()
    await reader.readline()
    return b"".join(chunks)


def _fill(asked: Asked, body: bytes) -> None:
    kind = asked.headers.get("content-type", "")
    if kind.startswith("application/x-www-form-urlencoded"):
        asked.fields.update(parse_qsl(body.decode(), keep_blank_values=True))
    elif kind.startswith("application/json"):
        asked.fields.update(
            {k: v if isinstance(v, str) else json.dumps(v) for k, v in json.loads(body).items()}
        )
    elif kind.startswith("multipart/form-data"):
        whole = b"Content-Type: " + kind.encode() + b"\r\n\r\n" + body
        for part in BytesParser(policy=HTTP).parsebytes(whole).iter_parts():
            name = part.get_param("name", header="content-disposition")
            content = part.get_payload(decode=True) or b""
            filename = part.get_filename()
            if filename is None:
                asked.fields[str(name)] = content.decode()
            else:
                asked.files[str(name)] = (filename, content)


def response(
    status: int, body: bytes, *, kind: str = "application/json", skew_s: float = 0
) -> bytes:
    """Write a response; `skew_s` is how far this server's clock is from the true one."""
    try:
        phrase = HTTPStatus(status).phrase
    except ValueError:
        phrase = "Unknown"
    head = (
        f"HTTP/1.1 {status} {phrase}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n"
        f"Date: {formatdate(time.time() + skew_s, usegmt=True)}\r\nServer: nginx\r\n\r\n"
    )
    return head.encode() + body


def json_response(status: int, body: Json, *, skew_s: float = 0) -> bytes:
    """Write an answer of the Bot API."""
    return response(status, json.dumps(body).encode(), skew_s=skew_s)


def reset(writer: asyncio.StreamWriter) -> None:
    """Break the connection with a RST, as a dead proxy does."""
    connection = writer.get_extra_info("socket")
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


async def post_json(url: str, body: Json, headers: dict[str, str]) -> int:
    """Send JSON to a server on loopback; give its status, 0 when there is no connection."""
    parts = urlsplit(url)
    payload = json.dumps(body).encode()
    lines = [f"POST {parts.path or '/'} HTTP/1.1", f"Host: {parts.netloc}", "Connection: close",
             "Content-Type: application/json", f"Content-Length: {len(payload)}",
             *(f"{name}: {value}" for name, value in headers.items())]  # fmt: skip
    try:
        reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
    except OSError:
        return 0
    try:
        writer.write("\r\n".join(lines).encode() + b"\r\n\r\n" + payload)
        await writer.drain()
        line = (await reader.readline()).decode("latin-1").split()
        return int(line[1]) if len(line) > 1 else 0
    except OSError:
        return 0
    finally:
        writer.close()
