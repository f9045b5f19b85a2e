"""Which lines of a page are its text, and which are the site's around it.

trafilatura finds where the text is. Its own output is not used as it is: it loses short items, odd
paragraphs and tables, glues the lines of short pages together, and decorates or escapes what is to
be quoted verbatim. So the lines are the page's own, from the first to the last that it found.
"""

from __future__ import annotations

import copy
import re
from collections import Counter
from typing import Any

from qa.reading.blocks import HEADING, lines_of

# Found text that holds less than this part of the page's sentences is a wrong choice.
_ENOUGH = 0.5
# Shorter lines are taken for found only when they are whole lines of what was found.
_TELLING_CHARS = 10
# Larger pages are generated tables and archives, over which trafilatura takes from 10 seconds on.
_MOST_ELEMENTS = 30_000
# trafilatura counts the items before each item: 30,000 of them took seven minutes.
_LONGEST_NUMBERED = 300
# Its usual least size, 250, is a page of Chinese; below it takes everything, as one line.
_LEAST_CHARS = "30"
_SENTENCE = re.compile(r"[。！？；]")
_FOOT = re.compile(
    r"版权|版權|[Cc]opyright|©|主办单位|主辦單位|ICP备|技术支持|网站标识码|[责責]任[编編][辑輯]|分享到|[上下]一[篇页]|相关(?:阅读|链接)"
    r"|猜[您你]喜欢|阅读\s*赞|打印本页|关闭窗口|扫一扫"
)


def main_lines(page: Any) -> list[str]:  # noqa: ANN401 - lxml has no types
    """Give the lines of a page's main text; [] when it cannot be told from the rest.

    `page` is an element tree as lxml.html gives it, without its head; it is changed.
    """
    drop(page, "//nav | //aside | //footer")
    lines = lines_of(page)
    if sum(1 for _ in page.iter()) > _MOST_ELEMENTS:
        return lines
    without_links = copy.deepcopy(page)
    drop(without_links, "//a")
    own = set(map(_bare, lines_of(without_links)))
    for generous in (False, True):
        main = _belonging(lines, own, _extracted(page, generous=generous))
        if main and _sentence_chars(main) >= _ENOUGH * _sentence_chars(lines):
            return main
    return []


def drop(page: Any, xpath: str) -> None:  # noqa: ANN401
    """Remove elements from a tree with all in them; the text after each stays."""
    for element in page.xpath(xpath):
        if element.getparent() is not None:
            element.drop_tree()


def _extracted(page: Any, *, generous: bool) -> list[str]:  # noqa: ANN401
    """Give the lines that trafilatura takes for the main text; [] when it finds none."""
    from trafilatura import bare_extraction
    from trafilatura.settings import use_config

    config = use_config()
    config["DEFAULT"]["MIN_EXTRACTED_SIZE"] = _LEAST_CHARS
    pruned = copy.deepcopy(page)
    for numbered in pruned.iter("ol"):
        if len(numbered) > _LONGEST_NUMBERED:
            numbered.tag = "ul"
    main = bare_extraction(
        pruned,
        include_comments=False,
        include_formatting=True,  # otherwise headings and lists are lost
        favor_recall=generous,
        config=config,
    )
    body = getattr(main, "body", None)
    return [] if body is None else lines_of(body)


def _belonging(lines: list[str], own: set[str], extracted: list[str]) -> list[str]:
    """Give the lines that belong to the main text, from what was extracted of it.

    Between the first and the last line extracted all stay that are more than links (`own` are the
    page's lines without any). What is noise among them is told by its words when it is cleaned.
    """
    bare = [_bare(line) for line in lines]
    run, whole = _bare("".join(extracted)), Counter(map(_bare, extracted))
    found = [bool(b) and (b in whole or (len(b) >= _TELLING_CHARS and b in run)) for b in bare]
    first, last = _span(found, bare, whole)
    # What extraction lost at either end, up to the links above and the foot of the page below.
    while first > 0 and bare[first - 1] in own:
        first -= 1
    while (
        -1 < last < len(lines) - 1 and bare[last + 1] in own and not _FOOT.search(lines[last + 1])
    ):
        last += 1
    stays = [
        found[at]
        or bare[at] in own
        or bool(_SENTENCE.search(lines[at]))
        or lines[at].startswith("| ")
        for at in range(first, last + 1)
    ]
    return [
        line
        for line, stay, followed in zip(lines[first:], stays, [*stays[1:], True], strict=False)
        if stay and (followed or not HEADING.match(line))
    ]


def _span(found: list[bool], bare: list[str], whole: Counter[str]) -> tuple[int, int]:
    """Give the first and the last line of the main text; 0 and -1 when nothing was found.

    A name at the foot of a notice that also stands at the top of the page begins no main text: a
    line that the page has more often than the main text does not count.
    """
    often = Counter(bare)
    certain = [at for at, b in enumerate(bare) if found[at] and often[b] <= max(1, whole[b])]
    if not certain:
        certain = [at for at, line_found in enumerate(found) if line_found] or [0, -1]
    return certain[0], certain[-1]


def _sentence_chars(lines: list[str]) -> int:
    """Count the characters of the lines that hold a sentence."""
    return sum(len(line) for line in lines if _SENTENCE.search(line))


def _bare(line: str) -> str:
    """Give only the letters and digits: what two ways of writing out a page have in common."""
    return re.sub(r"\W+", "", line)
