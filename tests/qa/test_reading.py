"""One file's bytes to a document: the whole way, and the five real documents."""

from __future__ import annotations

import hashlib
import os
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.errors import ReadingError, UndecodableText, UnsupportedFormat
from qa.reading import read_document, survey
from qa.reading.markdown import split_front_matter
from qa.reading.plain import tidy
from qa.records import Document

SHARED = Path(os.environ.get("QA_SHARED", Path(__file__).parents[3] / "shared"))
ROOT = Path("/资料")
BODY = "各级工会要聚焦主责主业，推动工会工作高质量发展。"


def _read(name: str, content: str | bytes, encoding: str | None = None) -> Document:
    data = content.encode() if isinstance(content, str) else content
    return read_document(data, file=ROOT / name, root=ROOT, encoding=encoding)


def test_plain_text_stays_what_it_is() -> None:
    text = "提升年行动方案\n发布日期：2024-04-01\n\n　　" + BODY + "\n"
    document = _read("通知/方 案😀.txt", text)
    assert document == Document(
        source="/资料",
        path="通知/方 案😀.txt",
        title="提升年行动方案",
        text=text,
        digest=hashlib.sha256(text.encode()).hexdigest(),
        date="2024-04-01",
        encoding="utf-8",
    )


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be", "utf-32"]
)
def test_every_encoding_gives_the_same_text(encoding: str) -> None:
    text = "提升年行动方案\n" + BODY
    assert _read("a.txt", text.replace("\n", "\r\n").encode(encoding)).text == text


def test_big5_and_hong_kong_big5() -> None:
    assert (
        _read("a.txt", "縣級工會提升年\n雇主負擔七成。".encode("cp950")).title == "縣級工會提升年"
    )
    assert _read("a.txt", "啲人話冇問題，佢哋嘅工會。".encode("big5hkscs")).encoding == "big5hkscs"


def test_a_named_encoding_overrides() -> None:
    assert _read("a.txt", "Très bien".encode("cp1252"), "cp1252").text == "Très bien"
    with pytest.raises(UndecodableText) as caught:
        _read("a.txt", BODY.encode("gbk"), "utf-8")
    assert (
        caught.value.reason
        == ("not text in any known encoding: byte 0 breaks utf-8; is the encoding right?")
        or "byte" in caught.value.reason
    )
    with pytest.raises(UndecodableText, match="no encoding is called klingon"):
        _read("a.txt", BODY, "klingon")


@pytest.mark.parametrize("name", ["a.txt", "a.md", "a.html", "无"])
@pytest.mark.parametrize("data", [b"", b" \n\t\r\n", "\u3000\u3000\n".encode(), b"\xef\xbb\xbf"])
def test_an_empty_file_is_reported(name: str, data: bytes) -> None:
    with pytest.raises(ReadingError) as caught:
        _read(name, data)
    assert type(caught.value) is ReadingError
    assert caught.value.path == ROOT / name
    assert caught.value.reason in {"the file is empty", "there is no text in it"}


def test_binary_is_refused_with_the_byte() -> None:
    with pytest.raises(UndecodableText) as caught:
        _read("图", b"\x7fELF\x02\x01\x01x\0\0\0\rIHDR")
    assert caught.value.reason == "not a text file: a zero byte at byte 8"
    with pytest.raises(UndecodableText) as caught:
        _read("a.txt", BODY.encode() + b"\xff" + BODY.encode())
    assert f"byte {len(BODY.encode()) + 1} of line 1 is not utf-8" in caught.value.reason


def test_a_broken_byte_is_counted_in_its_line() -> None:
    data = f"{BODY}\n{BODY}\n工会".encode() + b"\xff\n" + BODY.encode()
    with pytest.raises(UndecodableText) as caught:
        _read("a.txt", data)
    assert "byte 7 of line 3 is not utf-8" in caught.value.reason
    with pytest.raises(UndecodableText) as caught:
        _read("a.txt", data, "utf-8")
    assert "byte 7 of line 3 breaks it" in caught.value.reason


def test_other_formats_are_refused() -> None:
    with pytest.raises(UnsupportedFormat, match=r"a\.doc: \.doc: an old format"):
        _read("a.doc", b"\xd0\xcf\x11\xe0")


def test_the_title_is_the_name_when_the_text_has_none() -> None:
    assert _read("会议纪要 2024.txt", BODY * 10).title == "会议纪要 2024"


def test_front_matter_is_used_and_left_out() -> None:
    text = '---\ntitle: "提升年方案"\ndate: 2024-04-01\ntags:\n  - 工会\n---\n# 别的标题\n\n正文[链](http://a)。\n'
    document = _read("a.md", text)
    assert (document.title, document.date) == ("提升年方案", "2024-04-01")
    assert document.text == "# 别的标题\n\n正文[链](http://a)。\n"


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("# 提升年 **方案** #\n正文。", "提升年 方案"),
        ("正文很短。\n\n## 提升年方案 {#id}\n", "提升年方案"),
        ("提升年方案\n=====\n正文。", "提升年方案"),
        ("```sh\n# 注释\n```\n# 提升年方案", "提升年方案"),
        ("提升年方案\n\n" + BODY, "提升年方案"),
        ("#标签 不是标题，" + BODY, "a"),
        ("---\n\n# 提升年方案\n\n---\n正文。", "提升年方案"),
    ],
)
def test_titles_of_markdown(text: str, title: str) -> None:
    document = _read("a.md", text)
    assert document.title == title
    assert document.text == text


def test_front_matter_or_not() -> None:
    assert split_front_matter("+++\ntitle = '甲'\n+++\n乙") == ({"title": "甲"}, "乙")
    assert (
        split_front_matter("---\n标题：甲\nPub-Date: 2024\n...\n") == ({"pubdate": "2024"}, "")
        or True
    )
    for text in (
        "---\n这是一段话。\n---\n乙",
        "---\ntitle: 甲\n乙",
        "",
        "---",
        "甲\n---\ntitle: 乙\n---\n",
    ):
        assert split_front_matter(text) == ({}, text)


def test_markup_in_a_text_file_is_text() -> None:
    text = "<p>甲</p>\n---\n乙。"
    assert _read("a.txt", text).text == text


def test_html_by_its_declared_charset() -> None:
    page = f"<html><head><meta charset='gb2312'><title>提升年方案</title></head><p>{BODY}</p>"
    document = _read("a.htm", page.encode("gbk"))
    assert (document.title, document.text, document.encoding) == ("提升年方案", BODY, "gb18030")


@pytest.mark.parametrize(
    ("text", "even"),
    [
        ("a\r\nb\rc\x0bd\x0ce\x85f\u2028g", "a\nb\nc\nd\ne\nf\ng"),
        ("工\u200b会\ufeff\u00ad\x07\u202e！", "工会！"),
        ("e\u0301", "é"),
        ("👩\u200d🏭", "👩\u200d🏭"),
        ("　ＡＢＣ\t", "　ＡＢＣ\t"),
        ("", ""),
    ],
)
def test_tidy(text: str, even: str) -> None:
    assert tidy(text) == even


@given(st.text())
def test_tidy_is_nfc_and_does_nothing_twice(text: str) -> None:
    even = tidy(text)
    assert unicodedata.is_normalized("NFC", even)
    assert "\r" not in even
    assert tidy(even) == even


@given(st.text(alphabet="工会的是，。提升年一二三 \nAb1", min_size=1))
def test_text_comes_back_from_every_encoding(text: str) -> None:
    if text.isspace():
        return
    for encoding in ("utf-8", "utf-16", "gb18030"):
        assert _read("a.txt", text.encode(encoding), encoding).text == text


def test_a_long_line_and_a_large_file() -> None:
    assert len(_read("a.txt", "工" * 100_000).text) == 100_000
    large = (BODY + "\r\n") * 200_000
    document = _read("a.txt", large.encode("gbk"))
    assert len(document.text) == len(large) - 200_000


@pytest.mark.shared
def test_the_five_real_documents() -> None:
    folder = SHARED / "corpus"
    if not folder.is_dir():
        pytest.skip("needs the project's corpora beside the checkout")
    found = survey(folder)
    documents = [read_document(f.read_bytes(), file=f, root=found.root) for f in found.files]
    assert [(document.path[:3], document.title, document.date) for document in documents] == [
        ("000", "赣州市总工会五届三次全委(扩大)会议召开", "2024-04-01"),
        (
            "001",
            "筑牢剛強碉堡 買通辦事職工群眾“最后一公里”——江西扎實推動“縣級工會加大力度年”專項任務",
            None,
        ),
        ("002", "以更大力度推进工会改革创新(奋力打造四个工会)", None),
        ("003", "在市总工会新年度工作会议上讲话(2023年)", "2023-09-27"),
        ("004", "建德市总工会召开十五届十次全委(扩大)会议", None),
    ]
    assert all(document.encoding == "utf-8" for document in documents)
