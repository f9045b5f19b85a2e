"""The bytes of one file to one document."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from qa.errors import ReadingError, UndecodableText, UnsupportedFormat
from qa.reading.addresses import address_of_text
from qa.reading.archives import MOST_FILE_BYTES, Archive, enclosing
from qa.reading.dates import date_of_text
from qa.reading.delimited import read_delimited
from qa.reading.encodings import Decoded, MixedEncodings, decode, decode_as
from qa.reading.files import (
    ARCHIVES,
    DELIMITED,
    DOCUMENTS,
    HTML,
    MARKDOWN,
    format_of,
    is_table,
    unsupported,
)
from qa.reading.foreign import ForeignEncoding
from qa.reading.html import declared_charset, read_html
from qa.reading.isolation import Isolated
from qa.reading.markdown import read_markdown
from qa.reading.plain import Content, Unreadable, tidy
from qa.reading.titles import title_of_text
from qa.records import Document

_PDF = re.compile(rb"%PDF-\d\.\d\s")
_ZIP = b"PK\x03\x04"
_OLD_OFFICE = b"\xd0\xcf\x11\xe0"
_PICTURE = re.compile(rb"\x89PNG|\xff\xd8\xff|GIF8[79]a(?=.{0,16}[\0-\x08])", re.DOTALL)
# What stands in an archive of each kind, under names that are not packed.
_PACKED: Mapping[bytes, str] = MappingProxyType(
    {
        b"word/document.xml": "this is a Word file: name it .docx",
        b"xl/workbook.xml": "this is an Excel file: name it .xlsx",
        b"ppt/presentation.xml": "this is a PowerPoint file: name it .pptx",
        b"mimetypeapplication/epub+zip": "this is an EPUB file: name it .epub",
        b"mimetypeapplication/vnd.oasis.opendocument.text": (
            "this is an OpenDocument file: name it .odt"
        ),
    }
)


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read of one file.

    Attributes:
        document: The document.
        notes: What of the file is not in it, and why: one line each.
    """

    document: Document
    notes: tuple[str, ...] = ()


class Reader:
    """Reads files, those of risky formats in a process of their own.

    Use it as a context manager, or call `close`. One reader serves one thread.
    """

    def __init__(self, isolated: Isolated | None = None) -> None:
        self._isolated = isolated or Isolated()
        self._archive: Archive | None = None

    def bytes_of(self, file: Path) -> bytes:
        """Give the bytes of a file, which may stand in a zip file.

        Raises:
            OSError: it cannot be opened.
            ReadingError: it is too large, or its archive cannot be read.
        """
        archive = enclosing(file)
        if archive is None:
            if file.stat().st_size > MOST_FILE_BYTES:
                raise ReadingError(file, f"larger than {MOST_FILE_BYTES >> 20} MB; split it")
            return file.read_bytes()
        try:
            if self._archive is None or self._archive.file != archive:
                self._close_archive()
                self._archive = Archive.open(archive)
            return self._archive.read(file.relative_to(archive).as_posix())
        except Unreadable as error:
            raise ReadingError(file, error.reason) from error

    def read(self, data: bytes, *, file: Path, root: Path, encoding: str | None = None) -> Reading:
        r"""Make a document of the bytes of `file`, which stands below the folder `root`.

        The name of `file` decides how it is read; the file itself is opened only to say what is
        wrong with an archive. `encoding` overrides what text would be decoded as. The text of HTML
        is the page's main text and that of Markdown starts after the front matter; other text is
        the file's, made even: NFC, `\n` line ends, no byte order mark, no control or invisible
        characters.

        Raises:
            UnsupportedFormat: files of this name are not read.
            UndecodableText: the bytes are text in no encoding known, or not in the one asked for.
            ReadingError: there is no text in it, or its reader gives another reason.
        """
        reason = unsupported(file.name)
        if reason:
            raise UnsupportedFormat(file, reason)
        if not data or data.isspace():
            raise ReadingError(file, "the file is empty")
        try:
            content, decoded_as = self._content(data, file, encoding)
        except Unreadable as error:
            raise ReadingError(file, error.reason) from error
        if not content.text or content.text.isspace():
            raise ReadingError(file, "there is no text in it")
        document = Document(
            source=root.as_posix(),
            path=file.relative_to(root).as_posix(),
            title=content.title or file.stem,
            text=content.text,
            digest=hashlib.sha256(data).hexdigest(),
            date=content.date,
            encoding=decoded_as,
            page_starts=content.page_starts,
            address=content.address or _address(content.text, file),
            encoding_named=encoding is not None and decoded_as != "",
        )
        return Reading(document, content.notes)

    def _content(self, data: bytes, file: Path, encoding: str | None) -> tuple[Content, str]:
        """Give the content of a file, and what it was decoded as; "" where it is no plain text."""
        ending = format_of(file.name)
        if ending in ARCHIVES:
            raise Unreadable(_archive_fault(file))
        if ending in DOCUMENTS:
            return self._isolated.read(data, ending), ""
        disguise = _disguise(data)
        if disguise is not None:
            raise Unreadable(disguise)
        decoded = _decoded(data, file, encoding)
        return _of_text(tidy(decoded.text), ending), decoded.encoding

    def close(self) -> None:
        """End what was started; the reader can be used again."""
        self._close_archive()
        self._isolated.close()

    def __enter__(self) -> Reader:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _close_archive(self) -> None:
        if self._archive is not None:
            self._archive.close()
            self._archive = None


def read_document(data: bytes, *, file: Path, root: Path, encoding: str | None = None) -> Document:
    """Make a document of the bytes of one file, as `Reader.read`; many want one `Reader`."""
    with Reader() as reader:
        return reader.read(data, file=file, root=root, encoding=encoding).document


def _address(text: str, file: Path) -> str:
    """Give the address that a text states; the links of a table's rows and of mail are others'."""
    is_its_own = not is_table(file.name) and format_of(file.name) != ".eml"
    return address_of_text(text) if is_its_own else ""


def _archive_fault(file: Path) -> str:
    """Say why a zip file is not read: only then it stands among the files itself."""
    try:
        Archive.open(file).close()
    except Unreadable as error:
        return error.reason
    return "empty; pack it anew, or take out with `qa remove` what came of it"


def _disguise(data: bytes) -> str | None:
    """Say what the bytes of a file named like a text really are; None when they may be text."""
    if _PDF.match(data):
        return "this is a PDF file: name it .pdf"
    if data.startswith(_OLD_OFFICE):
        return "this is an old office file: open it and save it as .docx, .xlsx or .pptx"
    if _PICTURE.match(data):
        return "this is a picture, whatever its name says; text in it is not read"
    if data.startswith(_ZIP):
        packed = (reason for name, reason in _PACKED.items() if name in data)
        return next(packed, "this is a zip file: name it .zip")
    return None


def _decoded(data: bytes, file: Path, encoding: str | None) -> Decoded:
    """Decode a file's bytes, or say where that fails."""
    try:
        if encoding is not None:
            return decode_as(data, encoding)
        declared = declared_charset(data) if format_of(file.name) in HTML else None
        return decode(data, declared=declared)
    except LookupError as error:
        raise UndecodableText(file, f"no encoding is called {encoding}") from error
    except UnicodeDecodeError as error:
        raise UndecodableText(file, _broken(error, named=encoding)) from error


def _broken(error: UnicodeDecodeError, *, named: str | None) -> str:
    """Say in one line where bytes stop being text, and what to do; `named` is the user's word."""
    if error.object[error.start : error.end] == b"\0":
        return f"not a text file: a zero byte at byte {error.start}"
    line = error.object.count(b"\n", 0, error.start) + 1
    at = error.start - error.object.rfind(b"\n", 0, error.start)  # in the line, from 1
    if named is not None:
        return f"not {named}: byte {at} of line {line} breaks it; is the encoding right?"
    if isinstance(error, MixedEncodings):
        return f"line {line} is {error.other}, the rest {error.encoding}; save all of it as UTF-8"
    if isinstance(error, ForeignEncoding):
        return (
            f"not in an encoding for Chinese, it reads like {error.encoding}: "
            "name its encoding with --encoding or save it as UTF-8"
        )
    return (
        f"not text in any encoding known: byte {at} of line {line} is not {error.encoding}; "
        "save it as UTF-8 or name its encoding with --encoding"
    )


def _of_text(text: str, ending: str) -> Content:
    """Read decoded text as its format asks."""
    if ending in HTML:
        return read_html(text)
    if ending in MARKDOWN:
        return read_markdown(text)
    if ending in DELIMITED:
        return read_delimited(text, tabs=ending == ".tsv")
    return Content(text, title_of_text(text), date_of_text(text))
