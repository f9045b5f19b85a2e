"""HTML: the main text of a page as lines, headings as `##` lines.

Which part of a page is its text is decided by trafilatura. Its tree is written out here, because
its own text forms either lose the headings or decorate and escape what is to be quoted verbatim.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator
from typing import Any

from qa.reading.blocks import lines_of
from qa.reading.dates import date_of_text, parse_date
from qa.reading.plain import Content
from qa.reading.titles import clean_title, title_of_page, title_of_text

_CHARSET = re.compile(
    rb"""<(?:meta|\?xml)\b[^>]{0,400}?(?:charset|encoding)\s*=\s*["']?\s*([\w.:-]{1,40})""",
    re.IGNORECASE,
)
_DECLARED_BYTES = 4096
# Pages longer than this are generated tables and archives; trafilatura would take minutes.
_LONGEST_CHARS = 5_000_000
# Main text that holds less than this part of the page's sentences is a wrong choice.
_ENOUGH = 0.5
_SENTENCE = re.compile(r"[。！？；]")
_HEADING = re.compile(r"#{1,6} ")

# Government sites of China must carry the first of each list (国办发〔2017〕47号).
_TITLE_NAMES = ("articletitle", "og:title", "twitter:title", "dc.title", "dcterms.title")
_DATE_NAMES = (
    "pubdate",
    "article:published_time",
    "publishdate",
    "publish_date",
    "publishtime",
    "datepublished",
    "dc.date",
    "dcterms.created",
    "dcterms.issued",
    "weibo:article:create_at",
)
_JSON_DATE = re.compile(r'"datePublished"\s*:\s*"([^"]{4,40})"')


def declared_charset(data: bytes) -> str | None:
    """Give the charset that a page declares in its first bytes; None when it does not."""
    match = _CHARSET.search(data[:_DECLARED_BYTES])
    return match[1].decode("ascii") if match else None


def read_html(text: str) -> Content:
    """Give the main text of a page, its title and its date.

    When no main text can be told from the rest, all that a browser would show is the text.
    """
    page = _parsed(text)
    if page is None:
        return Content("")
    meta = _meta(page)
    title, date = _title(page, meta), _declared_date(page, meta)
    _drop_hidden(page)
    seen = lines_of(page)
    lines = _main_lines(page, seen) if len(text) <= _LONGEST_CHARS else seen
    body = _joined(lines)
    headings = (clean_title(line.lstrip("# ")) for line in lines[:8] if _HEADING.match(line))
    return Content(
        text=body,
        title=title or next(filter(None, headings), None) or title_of_text(body),
        # What stands under the title is often outside the main text.
        date=date or date_of_text(body) or date_of_text("\n".join(seen)),
    )


def _parsed(text: str) -> Any:  # noqa: ANN401 - lxml has no types
    """Give the tree of a page, however malformed; None when there is nothing in it."""
    from lxml import etree, html

    # As bytes: lxml refuses text that declares an encoding of its own, as XHTML does.
    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    try:
        return html.document_fromstring(text.encode("utf-8"), parser=parser)
    except etree.ParserError:
        return None


def _main_lines(page: Any, seen: list[str]) -> list[str]:  # noqa: ANN401
    """Give the lines of the main text; all lines when it is not found."""
    from trafilatura import bare_extraction

    sentences = [line for line in seen if _SENTENCE.search(line)]
    for generous in (False, True):
        main = bare_extraction(
            copy.deepcopy(page),  # it is pruned in place
            include_comments=False,
            include_formatting=True,  # otherwise headings and lists are lost
            favor_recall=generous,
        )
        body = getattr(main, "body", None)
        lines = [] if body is None else lines_of(body)
        if lines and _share(sentences, lines) >= _ENOUGH:
            return lines
    return seen


def _share(sentences: list[str], lines: list[str]) -> float:
    """Give the part of the sentences' characters that stands in the lines."""
    total = sum(map(len, sentences))
    if not total:
        return 1.0
    kept = _bare("".join(lines))
    return sum(len(line) for line in sentences if _bare(line) in kept) / total


def _bare(text: str) -> str:
    """Give only the letters and digits: what two ways of writing out a page have in common."""
    return re.sub(r"\W+", "", text)


def _joined(lines: list[str]) -> str:
    """Join lines, with a blank line before and after a heading."""
    spaced = (f"\n{line}\n" if _HEADING.match(line) else line for line in lines)
    return "\n".join(spaced).strip("\n")


def _drop_hidden(page: Any) -> None:  # noqa: ANN401
    """Remove what a browser does not show: the head, and elements that are hidden."""
    hidden = page.xpath(
        "//head | //*[@hidden] | //*[contains(translate(@style, ' ', ''), 'display:none')]"
    )
    for element in hidden:
        if element is not page and element.getparent() is not None:
            element.drop_tree()


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
