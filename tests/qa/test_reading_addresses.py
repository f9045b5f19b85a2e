"""The address of the page that a file was saved from: right, or none."""

from __future__ import annotations

from pathlib import Path

import pytest

from qa.reading import read_document
from qa.reading.addresses import address_of_settings, address_of_text, web_address
from qa.reading.html import read_html

HOST = "https://www.yunling.example"
PAGE = f"{HOST}/gh/2024/0401/12.html"
BODY = "<p>县总工会今年新建工会驿站三十八家，全部面向户外劳动者开放。</p>"


def page(*head: str, before: str = "", body: str = BODY) -> str:
    return f"<!DOCTYPE html>{before}<html><head>{''.join(head)}</head><body>{body}</body></html>"


def canonical(href: str) -> str:
    return f'<link rel="canonical" href="{href}">'


def og(content: str) -> str:
    return f'<meta property="og:url" content="{content}"/>'


def saved(url: str) -> str:
    return f"\n<!-- saved from url=({len(url):04d}){url} -->\n"


@pytest.mark.parametrize(
    ("html", "address"),
    [
        (page(), ""),
        (page(canonical(PAGE)), PAGE),
        (page(f'<LINK REL="Canonical" HREF="{PAGE}">'), PAGE),
        (page(og(PAGE)), PAGE),
        (page(canonical(PAGE), og(f"{HOST}/other.html")), PAGE),
        (page(before=saved(PAGE)), PAGE),
        (
            page(before=f"<!--\n Page saved with SingleFile \n url: {PAGE} \n saved date: x\n-->"),
            PAGE,
        ),
        # A home page that is saved is what was saved; one that is stated is the site's for all.
        (page(before=saved(f"{HOST}/")), f"{HOST}/"),
        (page(canonical(f"{HOST}/")), ""),
        (page(canonical(f"{HOST}/index.html"), og(HOST)), ""),
        (page(canonical(f"{HOST}/"), before=saved(PAGE)), PAGE),
        # What a visit adds is taken off by what the page says of itself, and nothing else is.
        (page(canonical(PAGE), before=saved(f"{PAGE}?from=timeline&token=1")), PAGE),
        (page(canonical(f"{HOST}/list.html"), before=saved(PAGE)), PAGE),
        (page(canonical("/gh/2024/0401/12.html"), before=saved(PAGE)), PAGE),
        # Not to be known, or not to be told.
        (page(canonical("/gh/2024/0401/12.html")), ""),
        (page(canonical("//www.yunling.example/12.html")), ""),
        (page(canonical(PAGE), canonical(f"{HOST}/b.html")), ""),
        (page(before=saved("file:///C:/Users/w/12.html")), ""),
        (page(before="<!-- saved from url=(0014)about:internet -->"), ""),
        (page(canonical("javascript:void(0)")), ""),
        (page(canonical("http://localhost:8080/a.html")), ""),
        (page(canonical("http://oa/a.html")), ""),
        (page(canonical("https://user:secret@www.yunling.example/a.html")), ""),
        (page(canonical("https://[half/a.html")), ""),
        (page(f'<link rel="alternate" href="{PAGE}">'), ""),
        (page(body=f'{BODY}<a href="{PAGE}">相关链接</a>'), ""),
    ],
)
def test_the_address_that_a_page_states(html: str, address: str) -> None:
    assert read_html(html).address == address


@pytest.mark.parametrize(
    ("text", "address"),
    [
        (f"通知\n正文。\n原文链接：{PAGE}", PAGE),
        (f"通知\n来源网址: {PAGE}\n正文。", PAGE),
        (f"通知\n【原文地址】{PAGE}\n正文。", PAGE),
        (f"通知\n正文。\n（本文链接：{PAGE}）", PAGE),
        (f"通知\n正文。\n> 原文链接：<{PAGE}>", PAGE),
        (f"通知\n正文。\n原文链接：[县总工会]({PAGE})", PAGE),
        (f"通知\n正文。\n來源網址：{PAGE}", PAGE),
        (f"原文链接：{PAGE}\n正文。\n原文链接：{PAGE}", PAGE),
        # Two are those of two texts; what stands in a sentence or in the middle belongs to that.
        (f"原文链接：{PAGE}\n正文。\n原文链接：{HOST}/2.html", ""),
        (f"通知\n请打开原文链接：{PAGE}。", ""),
        (f"通知\n报名网址：{PAGE}", ""),
        (f"通知\n来源：{PAGE}", ""),
        (f"通知\n原文链接：{HOST}/", ""),
        ("通知\n原文链接：点击查看", ""),
        (f"通知\n{PAGE}", ""),
        ("甲\n" * 60 + f"原文链接：{PAGE}\n" + "乙\n" * 60, ""),
        ("", ""),
    ],
)
def test_the_address_that_a_line_states(text: str, address: str) -> None:
    assert address_of_text(text) == address


@pytest.mark.parametrize(
    ("settings", "address"),
    [
        ({"url": PAGE}, PAGE),
        ({"source": PAGE}, PAGE),
        ({"source": "云岭日报"}, ""),
        ({"url": "/posts/12/"}, ""),
        ({"url": f"{HOST}/copy.html", "originalurl": PAGE}, PAGE),
        ({"source": HOST}, ""),
        ({"link": PAGE}, ""),
        ({}, ""),
    ],
)
def test_the_address_that_front_matter_states(settings: dict[str, str], address: str) -> None:
    assert address_of_settings(settings) == address


@pytest.mark.parametrize(
    ("raw", "address"),
    [
        ("HTTP://WWW.yunling.example/A.html", "http://WWW.yunling.example/A.html"),
        (f"{HOST}/?id=12", f"{HOST}/?id=12"),
        (f"{HOST}/#/detail/12", f"{HOST}/#/detail/12"),
        (f"{PAGE}#top", PAGE),
        (f"{HOST}/工会/12.html", f"{HOST}/工会/12.html"),
        (f"{HOST}/a b", ""),
        (f"{HOST}/\u202ea", ""),
        (f"{HOST}/\ud800", ""),
        (f"{HOST}/{'a' * 1000}", ""),
        (f"{HOST}:99999/a", ""),
        ("", ""),
    ],
)
def test_what_is_an_address(raw: str, address: str) -> None:
    assert web_address(raw) == address


@pytest.mark.parametrize(
    ("name", "content", "address"),
    [
        ("a.html", page(canonical(PAGE)), PAGE),
        ("a.html", page(body=f"{BODY}<p>原文链接：{PAGE}</p>"), PAGE),
        ("a.md", f"---\ntitle: 通知\nurl: {PAGE}\n---\n正文。", PAGE),
        ("a.txt", f"通知\n正文。\n原文链接：{PAGE}", PAGE),
        ("a.csv", f"原文链接：{PAGE}\n", ""),
        ("a.eml", f"Message-ID: <{PAGE}>\nSubject: x\n\n原文链接：{PAGE}\n", ""),
    ],
)
def test_a_document_keeps_it(tmp_path: Path, name: str, content: str, address: str) -> None:
    document = read_document(content.encode(), file=tmp_path / name, root=tmp_path)
    assert document.address == address
