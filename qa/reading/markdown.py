"""Markdown: the source stays as it is, except for the front matter.

Passages are quoted from the source, not from a rendering, so every quote is found again in the
file by `grep`. Front matter is not prose and would be quoted as if it were; its title and date are
used and it is left out of the text. The text begins with the first line after it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from qa.reading.addresses import address_of_settings
from qa.reading.dates import date_of_text, parse_date
from qa.reading.plain import Content, head_lines
from qa.reading.titles import clean_title, title_of_text

# --- or +++ and what stands up to the same line again.
_FRONT_MATTER = re.compile(
    r"\s*(?P<fence>---|\+\+\+)[ \t]*\n(?P<body>(?:(?!(?P=fence)|\.\.\.).*\n){0,200})"
    r"(?:(?P=fence)|\.\.\.)[ \t]*(?:\n|$)"
)
_SETTING = re.compile(r"(?P<key>[^\s:=#\-'\"][^:=\n]{0,40}?)\s*[:=：](?:\s+|$)(?P<value>.*)")
_CONTINUED = re.compile(r"\s*$|\s+\S|\s*-\s|\s*#|[\]}],?\s*$")
_TITLES = ("title", "标题", "標題", "题目")
_DATES = ("date", "published", "publishdate", "pubdate", "发布日期", "發布日期", "日期")
_FENCE = re.compile(r"^(```|~~~)")
_HEADING = re.compile(r"#{1,6}[ \t]+(?P<title>.+?)(?:[ \t]+#+)?(?:[ \t]*\{[^}]*\})?$")
_UNDERLINE = re.compile(r"(?:=+|-{3,})$")


def read_markdown(text: str) -> Content:
    """Give the source without its front matter, its title, its date and its address."""
    settings, body = split_front_matter(text)
    title = next((settings[key] for key in _TITLES if settings.get(key)), None)
    dates = (parse_date(settings[key]) for key in _DATES if key in settings)
    return Content(
        text=body,
        title=clean_title(title or "") or first_heading(body) or title_of_text(body),
        date=next(filter(None, dates), None) or date_of_text(body),
        address=address_of_settings(settings),
    )


def split_front_matter(text: str) -> tuple[Mapping[str, str], str]:
    r"""Part the settings at the top of a Markdown file from the text; no settings give {}.

    Only plain `key: value` lines are read; keys come in lower case without `_` and `-`. A rule
    (`---`) over prose is no front matter.

    >>> split_front_matter("---\ntitle: 通知\n---\n正文")
    ({'title': '通知'}, '正文')
    """
    match = _FRONT_MATTER.match(text)
    if match is None:
        return {}, text
    settings: dict[str, str] = {}
    for line in match["body"].splitlines():
        setting = _SETTING.fullmatch(line)
        if setting:
            key = setting["key"].strip().lower().replace("_", "").replace("-", "")
            settings.setdefault(key, setting["value"].strip().strip("\"'"))
        elif not _CONTINUED.match(line):
            return {}, text
    return (settings, text[match.end() :]) if settings else ({}, text)


def first_heading(text: str) -> str | None:
    """Give the first heading near the top, cleaned; None when there is none."""
    lines = head_lines(text)
    fenced = False
    for line, following in zip(lines, [*lines[1:], ""], strict=False):
        if _FENCE.match(line):
            fenced = not fenced
        heading = None if fenced else _HEADING.match(line)
        title = clean_title(heading["title"]) if heading else ""
        if not heading and not fenced and _UNDERLINE.match(following):
            title = clean_title(line) if re.match(r"\w", line) else ""
        if title:
            return title
    return None
