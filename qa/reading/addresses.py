"""Where on the web a document stood: the address of the page that a file was saved from.

A wrong address is worse than none: only what says so itself is believed, and never the home page of
a site, which sites often give for each of their pages.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import SplitResult, urljoin, urlsplit

from qa.reading.plain import head_lines, tail_lines

_LONGEST = 1000
_HOME = re.compile(r"/?(?:(?:index|default|home)\.\w{2,5})?", re.IGNORECASE)
_HERE = re.compile(r"localhost|127\.|0\.0\.0\.0|\[?::1", re.IGNORECASE)
_ROUTES = ("/", "!/")  # a fragment that begins so names another page, not a place in this one

# What browsers, and the extension SingleFile, write at the top of a page that they save.
_SAVED = re.compile(
    r"<!--\s*(?:saved from url=\(\d{4,5}\)|Page saved with SingleFile\s+url:\s*)(?P<url>\S+)",
    re.IGNORECASE,
)
_SAVED_CHARS = 4096

_SETTINGS = (
    "canonicalurl", "originalurl", "sourceurl", "原文链接", "原文地址", "原文网址", "来源网址",
    "url", "source",
)  # fmt: skip
_URL = r"https?://[^\s<>()（）\[\]【】《》“”\"'，。；、]+"
_LABELLED = re.compile(
    r"[\s>*•·\-【\[(（]*(?:原文(?:链接|鏈接|連結|地址|网址|網址)|(?:来源|來源)(?:网址|網址|链接|連結|地址)"
    r"|(?:本文|文章)(?:链接|連結|地址|网址|網址)|网页(?:链接|地址)|(?:original|source) url)"
    r"[】\]）)*]*\s*[:：]?\s*"
    rf"[*<\[(（]*(?:[^\[\]()]{{1,80}}\]\()?(?P<url>{_URL})[*>\]）)。]*\s*$",
    re.IGNORECASE,
)


def web_address(raw: str, *, home: bool = False) -> str:
    """Give an address as it can be opened, without a place in the page; "" for what is none.

    It begins with http or https and names a host that others can reach. One that carries a name and
    password is none, nor is the home page of a site, unless `home` allows it.

    >>> web_address(" https://www.yunling.example/2024/0401/12.html#top ")
    'https://www.yunling.example/2024/0401/12.html'
    """
    text = raw.strip()
    parts = _split(text)
    if parts is None or len(text) > _LONGEST or not text.isprintable() or " " in text:
        return ""
    host = parts.hostname or ""
    reachable = "." in host.strip(".") and not _HERE.match(host)
    if parts.scheme not in ("http", "https") or not reachable or "@" in parts.netloc:
        return ""
    if not parts.fragment.startswith(_ROUTES):
        parts = parts._replace(fragment="")
        if not (home or parts.query) and _HOME.fullmatch(parts.path):
            return ""
    return parts.geturl()


def address_of_page(page: Any, source: str, meta: Mapping[str, str]) -> str:  # noqa: ANN401
    """Give the address that a web page states for itself; "" when it does not, or not clearly.

    Where a browser says what it saved, that is it. What the page states is taken without that, or
    where it is the same without what a visit adds to an address.

    Args:
        page: The element tree, as lxml gives it, with its head.
        source: The page as text: comments are no longer in the tree.
        meta: Its meta elements by name in lower case.
    """
    found = _SAVED.search(source[:_SAVED_CHARS])
    saved = web_address(found["url"].removesuffix("-->"), home=True) if found else ""
    stated = _canonical(page, saved) or web_address(meta.get("og:url", ""))
    if saved and not (stated and _without_query(saved) == _without_query(stated)):
        return saved
    return stated


def address_of_settings(settings: Mapping[str, str]) -> str:
    """Give the address that the front matter of a Markdown file states; "" without one."""
    return next(filter(None, (web_address(settings.get(key, "")) for key in _SETTINGS)), "")


def address_of_text(text: str) -> str:
    r"""Give the address of the one line at the beginning or end that states it; "" for none or two.

    >>> address_of_text("通知\n原文链接：https://www.yunling.example/12.html")
    'https://www.yunling.example/12.html'
    """
    found = set(filter(None, _labelled(text)))
    return found.pop() if len(found) == 1 else ""


def _labelled(text: str) -> Iterator[str]:
    for line in (*head_lines(text), *tail_lines(text)):
        match = _LABELLED.match(line) if "http" in line.lower() else None
        if match:
            yield web_address(match["url"])


def _canonical(page: Any, base: str) -> str:  # noqa: ANN401
    """Give what the page calls its canonical address; "" when it names two."""
    links = {
        web_address(urljoin(base, link.get("href").strip()) if base else link.get("href"))
        for link in page.iter("link")
        if "canonical" in (link.get("rel") or "").lower().split() and link.get("href")
    } - {""}
    return links.pop() if len(links) == 1 else ""


def _without_query(address: str) -> tuple[str, str]:
    """Give what is the same in the addresses of one page: its host and its path."""
    parts = urlsplit(address)
    return parts.netloc.lower().removeprefix("www."), parts.path


def _split(text: str) -> SplitResult | None:
    try:
        parts = urlsplit(text)
        return parts if parts.port is None or parts.port else None
    except ValueError:
        return None
