"""Every format gives the words a test wrote into it, and says what it did not read."""

from __future__ import annotations

import io
import zipfile
from email.message import EmailMessage

import docx
import openpyxl
import pytest
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from qa.reading.epub import read_epub
from qa.reading.formats import read_file
from qa.reading.mail import read_mail
from qa.reading.numbering import Numbering, chinese_number
from qa.reading.odt import read_odt
from qa.reading.pdf import read_pdf
from qa.reading.plain import Unreadable
from qa.reading.sheets import read_sheets, shown
from qa.reading.slides import read_slides
from qa.reading.word import read_word
from tests import office
from tests.office import SENTENCE, TITLE
from tests.pdfs import Line, pdf


def test_word_gives_headings_lists_and_rows_with_their_names():
    content = read_word(office.word(properties="Microsoft Word - 文档1"))
    assert content.title == TITLE
    assert content.text.split("\n") == [
        f"# {TITLE}",
        "# 一、补助标准",
        SENTENCE,
        "# 二、申请材料",
        "- 身份证复印件",
        "- 收入证明",
        "县区：云岭县；名额：120；经费：36万元",
        "县区：柏岭县；名额：80；经费：24万元",
    ]


def test_word_gives_the_numbers_that_word_puts_by_itself():
    text = read_word(office.word(number=True)).text
    assert text.endswith("\n第一条 各级工会应当建立帮扶台账。\n第二条 台账每季度核对一次。")


def level(number, style, pattern, more=""):
    return (
        f'<w:lvl w:ilvl="{number}"><w:start w:val="1"/><w:numFmt w:val="{style}"/>{more}'
        f'<w:lvlText w:val="{pattern}"/></w:lvl>'
    )


def test_lists_of_several_levels_count_as_word_does():
    levels = [
        level(0, "chineseCounting", "第%1章"), level(1, "decimal", "%1.%2", "<w:isLgl/>"),
        level(2, "decimalEnclosedCircle", "%3"), level(3, "bullet", "•"),
    ]  # fmt: skip
    numbering = Numbering.of(
        parse_xml(
            f'<w:numbering {nsdecls("w")}><w:abstractNum w:abstractNumId="1">{"".join(levels)}'
            '</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="1"/></w:num>'
            '<w:num w:numId="2"><w:abstractNumId w:val="1"/><w:lvlOverride w:ilvl="0">'
            '<w:startOverride w:val="5"/></w:lvlOverride></w:num></w:numbering>'
        )
    )
    given = [numbering.next("1", depth) for depth in (0, 1, 1, 2, 2, 1, 2, 0, 1, 3)]
    assert given == ["第一章", "1.1", "1.2", "①", "②", "1.3", "①", "第二章", "2.1", "- "]
    assert [numbering.next("2", 0), numbering.next("2", 0)] == ["第五章", "第六章"]
    assert numbering.next("9", 0) == ""


def test_word_reads_what_was_inserted_and_boxed_and_not_what_was_deleted():
    made = docx.Document()
    paragraph = made.add_paragraph("补助")._p
    for tag, words in (("ins", "三千元"), ("del", "两千元")):
        inner = "delText" if tag == "del" else "t"
        paragraph.append(
            parse_xml(
                f"<w:{tag} {nsdecls('w')}><w:r><w:{inner}>{words}</w:{inner}></w:r></w:{tag}>"
            )
        )
    paragraph.append(
        parse_xml(
            f"<w:r {nsdecls('w')}><w:pict><w:txbxContent><w:p><w:r><w:t>咨询电话 12351</w:t></w:r>"
            "</w:p></w:txbxContent></w:pict></w:r>"
        )
    )
    assert read_word(office.saved(made)).text == "补助三千元\n咨询电话 12351"


def test_word_gives_a_text_box_once_and_footnotes_at_the_end():
    made = docx.Document()
    box = "<w:txbxContent><w:p><w:r><w:t>咨询电话 12351</w:t></w:r></w:p></w:txbxContent>"
    made.add_paragraph("受理地点：文化路5号。")._p.append(
        parse_xml(
            f'<w:r {nsdecls("w")} xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/'
            '2006" xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape">'
            f'<mc:AlternateContent><mc:Choice Requires="wps"><wps:txbx>{box}</wps:txbx></mc:Choice>'
            f"<mc:Fallback><w:pict>{box}</w:pict></mc:Fallback></mc:AlternateContent></w:r>"
        )
    )
    notes = (
        f'<w:footnotes {nsdecls("w")}><w:footnote w:type="separator" w:id="-1"><w:p/></w:footnote>'
        '<w:footnote w:id="1"><w:p><w:r><w:t>标准见附件。</w:t></w:r></w:p></w:footnote>'
        "</w:footnotes>"
    )
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"
    part = Part(
        PackURI("/word/footnotes.xml"), "application/xml", notes.encode(), made.part.package
    )
    made.part.relate_to(part, kind)
    assert read_word(office.saved(made)).text.split("\n") == [
        "受理地点：文化路5号。", "咨询电话 12351", "〔1〕标准见附件。",
    ]  # fmt: skip


def test_word_cells_that_are_merged_name_every_row():
    made = docx.Document()
    table = made.add_table(rows=4, cols=3)
    values = (
        "县区",
        "年份",
        "经费",
        "云岭县",
        "2023年",
        "20",
        "",
        "2024年",
        "30",
        "柏岭县",
        "2024年",
        "9",
    )
    for at, value in enumerate(values):
        table.cell(at // 3, at % 3).text = value
    table.cell(1, 0).merge(table.cell(2, 0))
    assert read_word(office.saved(made)).text.split("\n") == [
        "县区：云岭县；年份：2023年；经费：20",
        "县区：云岭县；年份：2024年；经费：30",
        "县区：柏岭县；年份：2024年；经费：9",
    ]


def test_word_leaves_out_its_table_of_contents():
    made = docx.Document()
    made.element.body.insert(
        0,
        parse_xml(
            f'<w:sdt {nsdecls("w")}><w:sdtPr><w:docPartObj><w:docPartGallery w:val="Table of '
            'Contents"/></w:docPartObj></w:sdtPr><w:sdtContent><w:p><w:r><w:t>一、标准 3</w:t>'
            "</w:r></w:p></w:sdtContent></w:sdt>"
        ),
    )
    made.element.body.insert(
        1,
        parse_xml(
            f"<w:sdt {nsdecls('w')}><w:sdtContent><w:p><w:r><w:t>{SENTENCE}</w:t></w:r></w:p>"
            "</w:sdtContent></w:sdt>"
        ),
    )
    assert read_word(office.saved(made)).text == SENTENCE


def test_word_tables_that_are_forms_or_lay_out_a_page_make_no_names():
    made = docx.Document()
    form = (
        ("姓名", "张三", "性别", "男"),
        ("民族", "汉", "电话", "123"),
        ("单位", "纺织厂", "职务", "工"),
    )
    table = made.add_table(rows=0, cols=4)
    for row in form:
        for cell, value in zip(table.add_row().cells, row, strict=True):
            cell.text = value
    frame = made.add_table(rows=1, cols=1)
    frame.rows[0].cells[0].text = SENTENCE
    lines = read_word(office.saved(made)).text.split("\n")
    assert lines[0] == "| 姓名 | 张三 | 性别 | 男 |"
    assert lines[-1] == SENTENCE


@pytest.mark.parametrize(
    ("number", "written"),
    [
        (1, "一"),
        (10, "十"),
        (11, "十一"),
        (20, "二十"),
        (101, "一百零一"),
        (1010, "一千零一十"),
        (0, "0"),
    ],
)
def test_chinese_numbers(number, written):
    assert chinese_number(number) == written


def test_sheets_give_every_row_with_its_names():
    rows = [
        ["云岭市2024年帮扶资金安排表"],
        [],
        ["县区", "资金", "比例", "拨付日期"],
        ["云岭县", 360000, 0.125, None],
        [None, None, None, None],
        ["柏岭县", 1234.5, 0.5, None],
    ]
    book = openpyxl.load_workbook(io.BytesIO(office.sheets({"资金": rows, "空": []})))
    sheet = book["资金"]
    for row in (4, 6):
        sheet.cell(row, 2).number_format = "#,##0.00"
        sheet.cell(row, 3).number_format = "0.0%"
    import datetime

    sheet.cell(4, 4).value = datetime.date(2024, 3, 5)
    sheet.cell(4, 4).number_format = 'yyyy"年"m"月"d"日"'
    book.create_sheet("草稿").append(["不要"])
    book["草稿"].sheet_state = "hidden"
    content = read_sheets(office.saved(book))
    assert content.text.split("\n") == [
        "## 资金",
        "云岭市2024年帮扶资金安排表",
        "县区：云岭县；资金：360,000.00；比例：12.5%；拨付日期：2024年3月5日",
        "县区：柏岭县；资金：1,234.50；比例：50.0%",
    ]
    assert content.title == "云岭市2024年帮扶资金安排表"
    assert content.notes == ("the sheet 草稿 is hidden; not read",)


def test_merged_cells_name_every_column_and_row_they_span():
    book = openpyxl.Workbook()
    sheet = book.active
    for row in (
        ("单位", "经费", None, "备注"),
        (None, "上年", "本年", None),
        ("云岭县", 20, 30, "已拨"),
        (None, 21, 31, None),
    ):
        sheet.append(row)
    for merged in ("A1:A2", "B1:C1", "D1:D2", "A3:A4"):
        sheet.merge_cells(merged)
    assert read_sheets(office.saved(book)).text.split("\n") == [
        "单位：云岭县；经费/上年：20；经费/本年：30；备注：已拨",
        "单位：云岭县；经费/上年：21；经费/本年：31",
    ]


def test_formulas_without_values_are_named():
    content = read_sheets(office.sheets({"Sheet1": [["县区", "经费"], ["云岭县", "=1+1"]]}))
    assert content.text == "云岭县"
    assert content.notes == ("1 formulas without values; open it in Excel and save it",)


@pytest.mark.parametrize(
    ("value", "number_format", "text"),
    [
        (0.1 + 0.2, "General", "0.3"),
        (3.0, "General", "3"),
        (13800138000, "0", "13800138000"),
        (0.5, "0%", "50%"),
        (2.0, "0.00", "2.00"),
        (1234567, "#,##0", "1,234,567"),
        (True, "General", "是"),
        (None, "General", ""),
    ],
)
def test_values_as_they_are_shown(value, number_format, text):
    assert shown(value, number_format) == text


def test_slides_are_pages_under_their_titles():
    content = read_slides(
        office.slides(
            [(TITLE, "一季度走访\n二季度核对", "讲稿：先说走访。"), ("补助标准", SENTENCE, "")]
        )
    )
    assert content.text.split("\n") == [
        f"## {TITLE}", "一季度走访", "二季度核对", "讲稿：先说走访。", "## 补助标准", SENTENCE,
    ]  # fmt: skip
    assert content.title == TITLE
    assert content.text[content.page_starts[1] :].startswith("## 补助标准")


def test_slides_without_words_or_hidden_are_named():
    from pptx import Presentation

    deck = Presentation(io.BytesIO(office.slides([(TITLE, SENTENCE, ""), ("草稿", "不要", "")])))
    deck.slides.add_slide(deck.slide_layouts[6])
    deck.slides[1].element.set("show", "0")
    content = read_slides(office.saved(deck))
    assert content.text == f"## {TITLE}\n{SENTENCE}"
    assert content.page_starts == (0, *[len(content.text)] * 2)
    assert content.notes == (
        "slides 2: hidden; not read", "pages 3: no words, only pictures or nothing",
    )  # fmt: skip


def test_a_book_gives_its_chapters_under_the_names_of_its_contents():
    content = read_epub(
        office.book([("第一章 总则", SENTENCE), ("第二章 附则", "本办法自发布之日起施行。")])
    )
    assert content.text.split("\n") == [
        "## 第一章 总则", SENTENCE, "## 第二章 附则", "本办法自发布之日起施行。",
    ]  # fmt: skip
    assert (content.title, content.date) == (TITLE, "2023-05-01")


def test_opendocument_gives_headings_lists_and_tables():
    content = read_odt(office.opendocument())
    assert content.text.split("\n") == [
        f"# {TITLE}", SENTENCE, "- 身份证复印件", "- 收入证明",
        "名称：职工服务中心", "地址：文化路5号",
    ]  # fmt: skip
    assert content.title == TITLE


def test_opendocument_gives_notes_boxes_and_no_comments():
    from odf import draw, text
    from odf import office as odf_office
    from odf.opendocument import OpenDocumentText

    made = OpenDocumentText()
    paragraph = text.P(text="补助标准")
    note = text.Note(noteclass="footnote")
    note.addElement(text.NoteCitation(text="1"))
    body = text.NoteBody()
    body.addElement(text.P(text="见附件。"))
    note.addElement(body)
    paragraph.addElement(note)
    comment = odf_office.Annotation()
    comment.addElement(text.P(text="要改"))
    paragraph.addElement(comment)
    paragraph.addText("三千元")
    paragraph.addElement(text.S(c=2))
    paragraph.addText("一户。")
    frame = draw.Frame(anchortype="paragraph")
    box = draw.TextBox()
    box.addElement(text.P(text="咨询电话 12351"))
    frame.addElement(box)
    paragraph.addElement(frame)
    made.text.addElement(paragraph)
    assert read_odt(office.saved(made)).text.split("\n") == [
        "补助标准三千元 一户。", "咨询电话 12351", "〔1〕见附件。",
    ]  # fmt: skip


def test_mail_gives_its_head_and_text_and_names_what_is_attached():
    mail = EmailMessage()
    mail["Subject"] = "转发：关于做好帮扶工作的通知"
    mail["From"] = "云岭市总工会 <a@example.org>"
    mail["Date"] = "Tue, 05 Mar 2024 09:00:00 +0800"
    mail.set_content(SENTENCE)
    mail.add_attachment(b"x", maintype="application", subtype="pdf", filename="附表.pdf")
    content = read_mail(mail.as_bytes())
    assert content.title == "关于做好帮扶工作的通知"
    assert content.date == "2024-03-05"
    assert "发件人：云岭市总工会 <a@example.org>" in content.text
    assert content.text.endswith(SENTENCE)
    assert content.notes == ("the attachment 附表.pdf is not read; save it and add it",)


def test_mail_that_calls_gbk_gb2312_and_has_bare_bytes_in_its_head():
    head = "Subject: 镕基楼帮扶通知\nFrom: x@example.org\n".encode("gb18030")
    head += b"Content-Type: text/html; charset=gb2312\nContent-Transfer-Encoding: 8bit\n\n"
    content = read_mail(head + f"<p>镕基楼：{SENTENCE}</p>".encode("gb18030"))
    assert content.title == "镕基楼帮扶通知"
    assert content.text.endswith(f"镕基楼：{SENTENCE}")


PROSE = (
    "为深入做好困难职工帮扶工作，现将有关事项通知如下，请各县区总工会遵照执行。帮扶对象由职工本人申请，基层工会入户核实，"
    "县级总工会审批。补助资金按季度发放，发放前应当公示七天，公示有异议的重新核实后再行研究决定。"
)


def page(number: int, words: str = PROSE) -> list[Line]:
    """A page as it is printed: a header, an indented paragraph of full lines, a page number."""
    lines = [Line("云岭市总工会文件汇编", 40, 220, 9), Line(f"— {number} —", 810, 280, 9)]
    rest, top = words, 140
    while rest:
        indented = top == 140
        count = 35 if indented else 37
        lines.append(Line(rest[:count], top, 96 if indented else 72))
        rest, top = rest[count:], top + 20
    return lines


def test_pdf_lines_become_paragraphs_and_every_page_is_known():
    content = read_pdf(pdf([[Line(TITLE, 100, 200, 18), *page(1)], page(2), page(3)]))
    assert content.text == "\n".join([TITLE, PROSE, PROSE, PROSE])
    assert content.title == TITLE
    starts = content.page_starts
    assert [content.text[start : start + 5] for start in starts] == [TITLE[:5], *[PROSE[:5]] * 2]
    assert content.notes == ()


def test_pdf_paragraphs_go_on_across_pages():
    first = [Line(PROSE[:37], 140, 72), Line(PROSE[37:74], 160, 72)]
    second = [Line(PROSE[74:], 140, 72)]
    assert len(PROSE) < 74 + 37
    content = read_pdf(pdf([first, second]))
    assert content.text == PROSE
    assert content.page_starts == (0, 74)


def test_pdf_columns_are_read_one_after_the_other():
    left = [Line(PROSE[n : n + 17], 100 + n, 72) for n in range(0, 51, 17)]
    right = [Line(PROSE[51 + n : 68 + n], 100 + n, 310) for n in range(0, 51, 17)]
    assert read_pdf(pdf([[*left, *right]])).text == PROSE[:102]


def test_pdf_rows_of_a_table_and_ragged_western_lines():
    rows = ["县区 名额 金额（万元）", "云岭县 一百二十 36", "柏岭县 八十 24"]
    lines = [Line(row, 100 + 20 * n, 72) for n, row in enumerate(rows)]
    assert read_pdf(pdf([lines])).text == "\n".join(rows)
    western = [Line("Members of a trade union may apply for help when their", 100, size=6)]
    western += [Line("incomes fall below the limit of the county.", 108, size=6)]
    assert read_pdf(pdf([western])).text.endswith(
        "when their incomes fall below the limit of the county."
    )


def test_pdf_pages_without_words_are_named_and_a_scan_is_refused():
    content = read_pdf(pdf([page(1), [], [], page(4)]))
    assert content.notes == ("pages 2-3: no words, only pictures or nothing",)
    assert content.page_starts[1] == content.page_starts[3]
    with pytest.raises(Unreadable, match="scan"):
        read_pdf(pdf([[], []]))


OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(100)


@pytest.mark.parametrize(
    ("data", "ending", "reason"),
    [
        (b"%PDF-1.7 nothing", ".pdf", "not a PDF"),
        (OLD, ".docx", "an old office file named .docx"),
        (OLD + "EncryptedPackage".encode("utf-16-le"), ".xlsx", "needs a password"),
        (b"no zip at all", ".pptx", "not .pptx"),
        (office.zipped({"a": b"b"}), ".docx", "not .docx"),
        (office.zipped({"a": b"b"}), ".epub", "no EPUB"),
        (office.zipped({"a": b"b"}), ".odt", "no OpenDocument"),
        (b"\n\nhello", ".eml", "no mail"),
    ],
)
def test_what_cannot_be_read_says_why(data, ending, reason):
    with pytest.raises(Unreadable, match=reason) as caught:
        read_file(data, ending)
    assert "\n" not in caught.value.reason


def test_a_bomb_is_not_opened():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", bytes(80 << 20))
    with pytest.raises(Unreadable, match="unpacks to 80 MB"):
        read_file(out.getvalue(), ".docx")


def test_a_missing_library_is_named(monkeypatch):
    import sys

    monkeypatch.setitem(sys.modules, "pypdfium2", None)
    with pytest.raises(Unreadable, match=r'pip install "cited-qa\[files\]"'):
        read_file(pdf([page(1)]), ".pdf")
