"""Files named like a text that are something else: they are named, not read as text."""

from __future__ import annotations

from pathlib import Path

import pytest

from qa.errors import ReadingError
from qa.reading import read_document
from qa.reasons import in_chinese
from tests import office

ROOT = Path("/资料")
ENDINGS = (".txt", ".md", ".csv", ".html", "")
PDF = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\n%%EOF\n"
OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(64)


def reason(data, ending):
    with pytest.raises(ReadingError) as caught:
        read_document(data, file=ROOT / f"通知{ending}", root=ROOT)
    return caught.value.reason


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize(
    ("data", "told", "chinese"),
    [
        (PDF, "this is a PDF file: name it .pdf", "其实是 PDF 文件：请改名为 .pdf"),
        (office.word(), "this is a Word file: name it .docx", "其实是 Word 文件：请改名为 .docx"),
        (
            office.sheets({"表": [["甲", "乙"]]}),
            "this is an Excel file: name it .xlsx",
            "其实是 Excel 文件：请改名为 .xlsx",
        ),
        (
            office.slides([("题", "文", "")]),
            "this is a PowerPoint file: name it .pptx",
            "其实是 PowerPoint 文件：请改名为 .pptx",
        ),
        (
            office.zipped({"通知.txt": b"text"}),
            "this is a zip file: name it .zip",
            "其实是 zip 文件：请改名为 .zip",
        ),
        (
            OLD,
            "this is an old office file: open it and save it as .docx, .xlsx or .pptx",
            "其实是旧格式的办公文件：请打开后另存为 .docx、.xlsx 或 .pptx",
        ),
        *(
            (
                data,
                "this is a picture, whatever its name says; text in it is not read",
                "其实是图片；不识别图中的文字",
            )
            for data in (
                b"\x89PNG\r\n\x1a\n" + bytes(20),
                b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + bytes(20),
                b"GIF89a\x01\x00\x01\x00" + bytes(20),
            )
        ),
    ],
)
def test_a_file_that_is_no_text_is_named(data, told, chinese, ending):
    assert reason(data, ending) == told
    assert in_chinese(told) == chinese


def test_other_containers_are_named():
    assert reason(office.opendocument(), ".txt") == "this is an OpenDocument file: name it .odt"
    book = office.book([("一", "第一章的内容。")])
    assert reason(book, ".md") == "this is an EPUB file: name it .epub"


@pytest.mark.parametrize("text", ["%PDF-是文件头。", "GIF89a 是一种图片格式。", "PK 是两个字母。"])
def test_a_text_about_formats_is_text(text):
    assert read_document(text.encode(), file=ROOT / "格式.txt", root=ROOT).text == text
