"""Files of office formats whose every word a test knows, made by the libraries that write them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence

import docx
import openpyxl
import pptx
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from odf import table, text
from odf.opendocument import OpenDocumentText

TITLE = "云岭市总工会困难职工帮扶办法"
SENTENCE = "困难职工每户每年补助三千元，由县级总工会在六月底前发放。"


def word(*, properties: str = "", number: bool = False) -> bytes:
    """A Word document: title, headings, a list, a table, a text box, a footnote's sign."""
    made = docx.Document()
    made.core_properties.title = properties
    made.add_paragraph(TITLE, style="Title")
    made.add_heading("一、补助标准", level=1)
    made.add_paragraph(SENTENCE)
    made.add_heading("二、申请材料", level=1)
    for item in ("身份证复印件", "收入证明"):
        made.add_paragraph(item, style="List Bullet")
    rows = (("县区", "名额", "经费"), ("云岭县", "120", "36万元"), ("柏岭县", "80", "24万元"))
    grid = made.add_table(rows=0, cols=3)
    for row in rows:
        for cell, value in zip(grid.add_row().cells, row, strict=True):
            cell.text = value
    if number:
        _numbered(made)
    return saved(made)


def _numbered(made: docx.document.Document) -> None:
    """Add a list that Word numbers by itself: 第一条, 第二条."""
    numbering = made.part.numbering_part.element
    numbering.insert(
        0,
        parse_xml(
            f'<w:abstractNum {nsdecls("w")} w:abstractNumId="77"><w:lvl w:ilvl="0">'
            '<w:start w:val="1"/><w:numFmt w:val="chineseCountingThousand"/>'
            '<w:lvlText w:val="第%1条"/></w:lvl></w:abstractNum>'
        ),
    )
    numbering.append(
        parse_xml(f'<w:num {nsdecls("w")} w:numId="77"><w:abstractNumId w:val="77"/></w:num>')
    )
    for words in ("各级工会应当建立帮扶台账。", "台账每季度核对一次。"):
        properties = made.add_paragraph(words)._p.get_or_add_pPr()
        properties.append(
            parse_xml(f'<w:numPr {nsdecls("w")}><w:ilvl w:val="0"/><w:numId w:val="77"/></w:numPr>')
        )


def sheets(sheets: Mapping[str, Sequence[Sequence[object]]], *, title: str = "") -> bytes:
    """An Excel workbook of these sheets."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    book.properties.title = title
    return saved(book)


def slides(pages: Sequence[tuple[str, str, str]]) -> bytes:
    """A PowerPoint file of slides with title, text and notes."""
    deck = pptx.Presentation()
    for title, body, notes in pages:
        slide = deck.slides.add_slide(deck.slide_layouts[1])
        slide.shapes.title.text = title
        slide.placeholders[1].text = body
        if notes:
            slide.notes_slide.notes_text_frame.text = notes
    return saved(deck)


def opendocument() -> bytes:
    """An OpenDocument text: heading, paragraph, list, table."""
    made = OpenDocumentText()
    made.text.addElement(text.H(outlinelevel=1, text=TITLE))
    made.text.addElement(text.P(text=SENTENCE))
    items = text.List()
    for one in ("身份证复印件", "收入证明"):
        item = text.ListItem()
        item.addElement(text.P(text=one))
        items.addElement(item)
    made.text.addElement(items)
    grid = table.Table()
    for row in (("名称", "职工服务中心"), ("地址", "文化路5号")):
        line = table.TableRow()
        for value in row:
            cell = table.TableCell()
            cell.addElement(text.P(text=value))
            line.addElement(cell)
        grid.addElement(line)
    made.text.addElement(grid)
    return saved(made)


def book(chapters: Sequence[tuple[str, str]], *, title: str = TITLE) -> bytes:
    """An EPUB whose chapters are named in its contents; their pages hold paragraphs only."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", "application/epub+zip")
        archive.writestr(
            "META-INF/container.xml",
            '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
            '<rootfile full-path="OEBPS/book.opf"/></rootfiles></container>',
        )
        names = [f"text/{n} 章.xhtml" for n in range(len(chapters))]
        items = "".join(
            f'<item id="c{n}" href="{name}" media-type="application/xhtml+xml"/>'
            for n, name in enumerate(names)
        )
        spine = "".join(f'<itemref idref="c{n}"/>' for n in range(len(chapters)))
        archive.writestr(
            "OEBPS/book.opf",
            '<package xmlns="http://www.idpf.org/2007/opf"><metadata '
            f'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{title}</dc:title>'
            "<dc:date>2023-05-01T00:00:00Z</dc:date></metadata><manifest>"
            '<item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>'
            f"{items}</manifest><spine>{spine}</spine></package>",
        )
        links = "".join(
            f'<li><a href="{name.replace(" ", "%20")}">{chapter}</a></li>'
            for name, (chapter, _) in zip(names, chapters, strict=True)
        )
        archive.writestr(
            "OEBPS/nav.xhtml",
            f'<html xmlns="http://www.w3.org/1999/xhtml"><body><ol>{links}</ol></body></html>',
        )
        for name, (_, words) in zip(names, chapters, strict=True):
            archive.writestr(
                f"OEBPS/{name}",
                '<?xml version="1.0" encoding="utf-8"?><html xmlns="http://www.w3.org/1999/xhtml">'
                f"<head><title>x</title></head><body><p>{words}</p></body></html>",
            )
    return out.getvalue()


def zipped(members: Mapping[str, bytes], *, encoding: str = "") -> bytes:
    """A zip file; with an encoding, its names are in it and not marked, as old programs do."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            if encoding:
                name = name.encode(encoding).decode("cp437")
                info = _Unmarked(name)
                info.compress_type = zipfile.ZIP_DEFLATED
                archive.writestr(info, data)
            else:
                archive.writestr(name, data)
    return out.getvalue()


class _Unmarked(zipfile.ZipInfo):
    """A member whose name is written as the bytes it was decoded from."""

    def _encodeFilenameFlags(self) -> tuple[bytes, int]:  # noqa: N802 - zipfile's own name
        return self.filename.encode("cp437"), self.flag_bits & ~0x800


def saved(made) -> bytes:
    """The bytes a library would write to a file."""
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()
