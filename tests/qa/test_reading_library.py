"""A library of every format, encoding and kind of noise: nothing is lost, and places are true."""

from __future__ import annotations

import pytest

from qa.library import Library
from tests import office
from tests.office import SENTENCE, TITLE
from tests.pdfs import Line, pdf

TRADITIONAL = "困難職工每戶每年補助三千元，由縣級總工會在六月底前發放。"
BODY = "帮扶对象由职工本人申请，基层工会入户核实，县级总工会审批后公示七天。"
TRADITIONAL_BODY = "幫扶對象由職工本人申請，基層工會入戶核實，縣級總工會審批後公示七天。"
SIMPLE = ("utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16", "utf-16-le", "utf-16-be", "utf-32-le")
BIG = ("big5", "big5hkscs", "cp950", "utf-8", "utf-16-be", "utf-32-be")
SHAPES = {
    "通知.txt": "{body}\n{sentence}\n",
    "notes.md": "---\ntitle: 通知\n---\n\n## 一、补助\n\n{sentence}\n\n{body}\n",
    "页 面.html": "<html><head><title>通知</title></head><body><h1>通知</h1><p>{body}</p>"
    "<p>{sentence}</p><div>【打印】【关闭】</div></body></html>",
    "表😀.csv": "事项,说明\n补助,{sentence}\n申请,{body}\n",
}


def made(folder):
    """Write the files; give the sentence that must be found in each, by path."""
    sentences = {}

    def put(path, data, sentence=SENTENCE):
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)
        sentences[path] = sentence

    for name, shape in SHAPES.items():
        for codec in SIMPLE:
            text = shape.format(body=BODY, sentence=SENTENCE)
            put(f"简 {codec}/{name}", text.encode(codec))
        for codec in BIG:
            text = shape.format(body=TRADITIONAL_BODY, sentence=TRADITIONAL)
            text = text.translate(str.maketrans("补请说关闭项", "補請說關閉項"))
            put(f"繁 {codec}/{name}", text.encode(codec), TRADITIONAL)
    lines = [Line(TITLE, 100, 200, 18), Line(SENTENCE, 140, 96)]
    members = {"内/办法.docx": office.word(), "内/说明.txt": SENTENCE.encode("gbk")}
    for path, data in {
        "办法.docx": office.word(),
        "办法.pdf": pdf([[Line(BODY, 140, 96)], lines]),
        "办法.xlsx": office.sheets({"表": [["事项", "说明"], ["补助", SENTENCE], ["申请", BODY]]}),
        "办法.pptx": office.slides([(TITLE, BODY, ""), ("补助", SENTENCE, "")]),
        "办法.epub": office.book([("第一章", BODY), ("第二章", SENTENCE)]),
        "办法.odt": office.opendocument(),
        "办法.eml": f"Subject: {TITLE}\nFrom: a@example.org\n\n{SENTENCE}\n".encode(),
        "办法.tsv": f"事项\t说明\n补助\t{SENTENCE}\n".encode("gb18030"),
    }.items():
        put(path, data)
    (folder / "档案.zip").write_bytes(office.zipped(members, encoding="gbk"))
    sentences.update(dict.fromkeys((f"档案.zip/{name}" for name in members), SENTENCE))
    return sentences


@pytest.fixture(scope="module")
def added(tmp_path_factory, encoder):
    folder = tmp_path_factory.mktemp("kinds") / "资 料"
    sentences = made(folder)
    with Library.open(tmp_path_factory.mktemp("kinds") / "library", encoder) as library:
        yield library, folder, sentences, library.add(folder)


def test_every_file_is_in_the_library(added):
    _, _, sentences, report = added
    assert len(sentences) > 60
    assert set(report.added) == set(sentences)
    assert (report.failed, report.skipped) == ((), ())


def test_every_sentence_stands_whole_in_a_passage_at_its_place(added):
    library, _, sentences, _ = added
    for document in library.documents():
        passages = library.passages(document)
        for one in passages:
            assert document.text[one.start : one.end] == one.text
        assert [one for one in passages if sentences[document.path] in one.shown], document.path


def test_pages_are_those_of_the_file(added):
    library, _, _, _ = added
    for document in library.documents():
        if document.path in ("办法.pdf", "办法.pptx"):
            assert document.page_at(document.text.index(SENTENCE)) == 2


def test_rows_are_passages_of_their_own(added):
    library, _, _, _ = added
    for document in library.documents():
        if document.path in ("办法.xlsx", "简 gbk/表😀.csv"):
            shown = [one.shown for one in library.passages(document)]
            assert shown == [f"事项：补助；说明：{SENTENCE}", f"事项：申请；说明：{BODY}"]


def test_what_is_quoted_stands_and_nothing_has_changed(added):
    library, folder, sentences, _ = added
    assert library.verify().problems == ()
    again = library.add(folder)
    assert (len(again.unchanged), again.changed) == (len(sentences), False)


def test_members_of_an_archive_are_followed(tmp_path, encoder):
    file = tmp_path / "a.zip"
    file.write_bytes(office.zipped({"甲.txt": b"a b", "乙.txt": b"c d", "~$x.docx": b"-"}))
    with Library.open(tmp_path / "library", encoder) as library:
        assert set(library.add(file).added) == {"a.zip/甲.txt", "a.zip/乙.txt"}
        file.write_bytes(office.zipped({"甲.txt": b"a b c"}))
        report = library.add(file)
        assert (report.updated, report.removed) == (("a.zip/甲.txt",), ("a.zip/乙.txt",))
        file.write_bytes(b"PK\x05\x06 broken")
        report = library.add(file)
        assert [one.path for one in report.failed] == ["a.zip"]
        assert library.status().documents == 1
        file.unlink()
        assert library.add(tmp_path).removed == ("a.zip/甲.txt",)
