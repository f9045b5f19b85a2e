"""The bytes of one file to one document."""

from __future__ import annotations

import hashlib
from pathlib import Path

from qa.errors import ReadingError, UndecodableText, UnsupportedFormat
from qa.reading.dates import date_of_text
from qa.reading.encodings import Decoded, decode, decode_as
from qa.reading.files import HTML, MARKDOWN, format_of, unsupported
from qa.reading.html import declared_charset, read_html
from qa.reading.markdown import read_markdown
from qa.reading.plain import Content, tidy
from qa.reading.titles import title_of_text
from qa.records import Document


def read_document(data: bytes, *, file: Path, root: Path, encoding: str | None = None) -> Document:
    r"""Make a document of the bytes of `file`, which stands below the folder `root`.

    The name of `file` decides how it is read; the file itself is not opened. `encoding` overrides
    what the bytes would be decoded as. The text of HTML is the page's main text and that of
    Markdown starts after the front matter; otherwise it is the file's, made even: NFC, `\n` line
    ends, no byte order mark, no control or invisible characters.

    Raises:
        UnsupportedFormat: files of this name are not read.
        UndecodableText: the bytes are text in no encoding known, or not in `encoding`.
        ReadingError: there is no text in it.
    """
    reason = unsupported(file)
    if reason:
        raise UnsupportedFormat(file, reason)
    if not data or data.isspace():
        raise ReadingError(file, "the file is empty")
    decoded = _decoded(data, file, encoding)
    content = _content(tidy(decoded.text), format_of(file))
    if not content.text or content.text.isspace():
        raise ReadingError(file, "there is no text in it")
    return Document(
        source=root.as_posix(),
        path=file.relative_to(root).as_posix(),
        title=content.title or file.stem,
        text=content.text,
        digest=hashlib.sha256(data).hexdigest(),
        date=content.date,
        encoding=decoded.encoding,
    )


def _decoded(data: bytes, file: Path, encoding: str | None) -> Decoded:
    """Decode a file's bytes, or say where that fails."""
    try:
        if encoding is not None:
            return decode_as(data, encoding)
        declared = declared_charset(data) if format_of(file) in HTML else None
        return decode(data, declared=declared)
    except LookupError as error:
        raise UndecodableText(file, f"no encoding is called {encoding}") from error
    except UnicodeDecodeError as error:
        raise UndecodableText(file, _broken(error, named=encoding is not None)) from error


def _broken(error: UnicodeDecodeError, *, named: bool) -> str:
    """Say in one line where bytes stop being text, and what to do."""
    if error.object[error.start : error.end] == b"\0":
        return f"not a text file: a zero byte at byte {error.start}"
    if named:
        return f"not {error.encoding}: byte {error.start} breaks it; is the encoding right?"
    return (
        f"not text in any encoding known: byte {error.start} is not {error.encoding}; "
        "save it as UTF-8 or name its encoding"
    )


def _content(text: str, ending: str) -> Content:
    """Read decoded text as its format asks."""
    if ending in HTML:
        return read_html(text)
    if ending in MARKDOWN:
        return read_markdown(text)
    return Content(text, title_of_text(text), date_of_text(text))
