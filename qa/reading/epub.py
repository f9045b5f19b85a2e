"""EPUB: the chapters of a book in their order, each under its heading."""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import unquote

from qa.reading.blocks import HEADING, lines_of
from qa.reading.encodings import decode
from qa.reading.plain import Content, Unreadable, tidy_line
from qa.reading.titles import clean_title
from qa.reading.xml import parsed

_CONTAINER = "META-INF/container.xml"
_ENCRYPTION = "META-INF/encryption.xml"
_PAGES = ("application/xhtml+xml", "text/html")
_DATE = re.compile(r"\d{4}(?:-\d{2}(?:-\d{2})?)?")


def read_epub(data: bytes) -> Content:
    """Give the text of a book; a chapter without a heading stands under its name in the contents.

    Raises:
        Unreadable: it is protected, or no book.
    """
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = set(archive.namelist())
        if _ENCRYPTION in names and _is_locked(archive.read(_ENCRYPTION)):
            raise Unreadable("protected against copying; get it without protection")
        if _CONTAINER not in names:
            raise Unreadable("no EPUB book; open it and save it anew")
        package = _first(parsed(archive.read(_CONTAINER)), "rootfile").get("full-path", "")
        book = parsed(archive.read(package))
        folder = posixpath.dirname(package)
        titles = _contents(archive, book, folder)
        lines: list[str] = []
        for name in _chapters(book, folder):
            if name in names:
                lines += _chapter(archive.read(name), titles.get(name, ""))
    return Content("\n".join(lines), clean_title(_text(book, "title")) or None, _published(book))


def _is_locked(encryption: bytes) -> bool:
    """Whether more than fonts is encrypted."""
    references = re.findall(rb'URI="([^"]+)"', encryption)
    return any(one.lower().endswith((b".xhtml", b".html", b".htm", b".xml")) for one in references)


def _chapters(book: Any, folder: str) -> Iterator[str]:  # noqa: ANN401 - lxml has no types
    """Give the names of the pages in reading order."""
    items = {
        one.get("id"): _inside(folder, one.get("href", ""))
        for one in book.iter("{*}item")
        if one.get("media-type") in _PAGES and "nav" not in (one.get("properties") or "").split()
    }
    for one in book.iter("{*}itemref"):
        if one.get("idref") in items:
            yield items[one.get("idref")]


def _chapter(data: bytes, title: str) -> list[str]:
    from lxml import html

    text = decode(data).text
    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    page = html.document_fromstring(text.encode("utf-8") or b"<p></p>", parser=parser)
    body = page.find("body")
    lines = [tidy_line(line) for line in lines_of(page if body is None else body)]
    lines = [line for line in lines if line]
    if lines and title and not any(map(HEADING.match, lines[:3])):
        if lines[0] == title:
            lines = lines[1:]
        lines = [f"## {title}", *lines]
    return lines


def _contents(archive: zipfile.ZipFile, book: Any, folder: str) -> Mapping[str, str]:  # noqa: ANN401
    """Give what the table of contents calls the pages it leads to."""
    found: dict[str, str] = {}
    for one in book.iter("{*}item"):
        name = _inside(folder, one.get("href", ""))
        is_contents = "nav" in (one.get("properties") or "").split()
        if not is_contents and one.get("media-type") != "application/x-dtbncx+xml":
            continue
        if name not in archive.namelist():
            continue
        root = parsed(archive.read(name))
        base = posixpath.dirname(name)
        for link in root.iter("{*}a"):
            found.setdefault(
                _inside(base, link.get("href", "")), tidy_line("".join(link.itertext()))
            )
        for point in root.iter("{*}navPoint"):
            target = _first(point, "content").get("src", "")
            found.setdefault(_inside(base, target), tidy_line(_text(point, "text")))
    return found


def _inside(folder: str, href: str) -> str:
    """Give the name within the archive of what a page in `folder` refers to."""
    return posixpath.normpath(posixpath.join(folder, unquote(href.partition("#")[0])))


def _first(root: Any, name: str) -> Any:  # noqa: ANN401
    for one in root.iter(f"{{*}}{name}"):
        return one
    raise Unreadable("no EPUB book; open it and save it anew")


def _text(root: Any, name: str) -> str:  # noqa: ANN401
    return next((one.text or "" for one in root.iter(f"{{*}}{name}")), "")


def _published(book: Any) -> str | None:  # noqa: ANN401
    match = _DATE.match(_text(book, "date").strip())
    return match[0] if match else None
