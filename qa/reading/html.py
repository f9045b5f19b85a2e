"""HTML: the main text of a page as lines with headings as `##` lines, its title, date, address."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from qa.reading.addresses import address_of_page
from qa.reading.blocks import HEADING, lines_of
from qa.reading.dates import date_of_text, parse_date
from qa.reading.heads import is_catalogue
from qa.reading.maintext import drop, main_lines
from qa.reading.plain import Content
from qa.reading.titles import clean_title, lists_facts, title_of_page, title_of_text

_CHARSET = re.compile(
    rb"""<(?:meta|\?xml)\b[^>]{0,400}?(?:charset|encoding)\s*=\s*["']?\s*([\w.:-]{1,40})""",
    re.IGNORECASE,
)
_DECLARED_BYTES = 4096
_FACT_LINES = 40
# Any tag but those whose content is no text of the page.
_TAG = re.compile(r"</?(?!(?:script|style|title|meta)\b)[a-zA-Z][^<>]*>")

# Government sites of China must carry the first of each list (国办发〔2017〕47号).
_TITLE_NAMES = ("articletitle", "og:title", "twitter:title", "dc.title", "dcterms.title")
_DATE_NAMES = (
    "pubdate", "article:published_time", "publishdate", "publish_date", "publishtime",
    "datepublished", "dc.date", "dcterms.created", "dcterms.issued", "weibo:article:create_at",
)  # fmt: skip
_IN_HEAD = frozenset(
    ("title", "meta", "link", "script", "style", "base", "noscript", "template", "object",
     "basefont")
)  # fmt: skip
_JSON_DATE = re.compile(r'"datePublished"\s*:\s*"([^"]{4,40})"')


def declared_charset(data: bytes) -> str | None:
    """Give the charset that a page declares in its first bytes; None when it does not."""
    match = _CHARSET.search(data[:_DECLARED_BYTES])
    return match[1].decode("ascii") if match else None


def read_html(text: str) -> Content:
    """Give the main text of a page, its title, its date and its address.

    When no main text can be told from the rest, all that a browser would show is the text.
    """
    page = _parsed(text)
    if page is None:
        return Content("")
    meta = _meta(page)
    title, date = _title(page, meta), _declared_date(page, meta)
    address = address_of_page(page, text, meta)
    site = clean_title(page.findtext(".//title") or "") or None
    _drop_hidden(page)
    seen = lines_of(page)
    lines = main_lines(page) or seen
    body = _joined(lines)
    headings = [clean_title(line.lstrip("# ")) for line in lines[:8] if HEADING.match(line)]
    if lists_facts(seen[:_FACT_LINES]):
        # The page of one document: what all of them are listed in is not what it is called.
        headings = [heading for heading in headings if not is_catalogue(heading)]
        title = title if title and not is_catalogue(title) else None
    return Content(
        text=body,
        title=title or next(filter(None, headings), None) or title_of_text(body) or site,
        # What stands under the title is often outside the main text.
        date=date or date_of_text(body) or date_of_text("\n".join(seen)),
        address=address,
    )


def _parsed(text: str) -> Any:  # noqa: ANN401 - lxml has no types
    """Give the tree of a page, however malformed; None when there is nothing in it."""
    from lxml import etree, html

    parser = html.HTMLParser(
        encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True
    )
    try:
        # As bytes: lxml refuses text that declares an encoding of its own, as XHTML does.
        page = html.document_fromstring(text.encode("utf-8"), parser=parser)
        if any(error.type_name == "ERR_RESOURCE_LIMIT" for error in parser.error_log):
            # Below 2,048 elements inside each other the parser drops all that follows.
            page = html.document_fromstring(_TAG.sub("<br>", text).encode("utf-8"), parser=parser)
    except etree.ParserError:
        return None
    _end_heads(page)
    return page


def _end_heads(page: Any) -> None:  # noqa: ANN401
    """Move what is no part of a head out of it: the parser, older than <article>, leaves it there.

    A page need not say where its head ends and its body begins.
    """
    for head in page.xpath("//head"):
        first = next((at for at, one in enumerate(head) if one.tag not in _IN_HEAD), len(head))
        shown = head[first:]
        if not shown:
            continue
        body = head.getnext()
        if body is None or body.tag != "body":
            body = head.makeelement("body")
            head.addnext(body)
        after, body.text = body.text, None
        body[:0] = shown
        shown[-1].tail = f"{shown[-1].tail or ''}{after or ''}"


def _joined(lines: list[str]) -> str:
    """Join lines, with a blank line before and after a heading."""
    spaced = (f"\n{line}\n" if HEADING.match(line) else line for line in lines)
    return re.sub("\n{3,}", "\n\n", "\n".join(spaced)).strip("\n")


def _drop_hidden(page: Any) -> None:  # noqa: ANN401
    """Remove what a browser does not show: the head, and elements that are hidden."""
    drop(page, "//head | //*[@hidden] | //*[contains(translate(@style, ' ', ''), 'display:none')]")
    for element in page.xpath("//*[@style]"):
        del element.attrib["style"]  # WeChat's articles say visibility:hidden until a script runs


def _meta(page: Any) -> dict[str, str]:  # noqa: ANN401
    """Give the page's meta elements by name in lower case; the first of a name counts."""
    found: dict[str, str] = {}
    for element in page.iter("meta"):
        name = element.get("name") or element.get("property") or element.get("itemprop") or ""
        content = (element.get("content") or "").strip()
        if name and content:
            found.setdefault(name.lower(), content)
    return found


def _title(page: Any, meta: dict[str, str]) -> str | None:  # noqa: ANN401
    """Give the title that the page's markup states."""
    declared = page.findtext(".//title")
    headings = [" ".join(lines_of(h)).lstrip("# ") for h in page.iter("h1")]
    stated = [meta[name] for name in _TITLE_NAMES if name in meta]
    return title_of_page(declared, [*stated, *headings])


def _declared_date(page: Any, meta: dict[str, str]) -> str | None:  # noqa: ANN401
    """Give the date that the page's markup states as its publication."""
    return next(filter(None, map(parse_date, _date_values(page, meta))), None)


def _date_values(page: Any, meta: dict[str, str]) -> Iterator[str]:  # noqa: ANN401
    """Give what the markup states as dates, the most certain first."""
    yield from (meta[name] for name in _DATE_NAMES if name in meta)
    for script in page.iterfind(".//script[@type='application/ld+json']"):
        yield from _JSON_DATE.findall(script.text or "")
    for element in page.xpath("//time[@datetime][@pubdate or @itemprop='datePublished']"):
        yield element.get("datetime")
