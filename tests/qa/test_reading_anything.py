"""Any bytes under any name give a document or a reason: never an exception, never a hang."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from qa.errors import ReadingError
from qa.reading import Reader, files, survey
from tests import office
from tests.pdfs import Line, pdf

ROOT = Path("/资料")
ENDINGS = sorted(files.TEXT | files.MARKDOWN | files.HTML | files.DELIMITED | files.DOCUMENTS)
SEEDS = {
    ".docx": office.word(number=True),
    ".xlsx": office.sheets({"表": [["甲", "乙"], ["1", 2]]}),
    ".xlsm": office.sheets({"表": [["甲", "乙"], ["1", 2]]}),
    ".pptx": office.slides([("标题", "正文", "备注")]),
    ".epub": office.book([("第一章", "正文。")]),
    ".odt": office.opendocument(),
    ".pdf": pdf([[Line("帮扶办法", 100)], []]),
    ".eml": b"Subject: =?gb2312?B?uaS74Q==?=\nFrom: a\n"
    b"Content-Type: multipart/mixed; boundary=x\n\n--x\n\nhi\n",
}


@pytest.fixture(scope="module")
def reader():
    with Reader() as one:
        yield one


def read(reader, data, ending):
    try:
        reading = reader.read(data, file=ROOT / f"a{ending}", root=ROOT)
    except ReadingError as error:
        assert error.reason and "\n" not in error.reason
        return
    document = reading.document
    assert document.text.strip()
    assert document.title
    assert list(document.page_starts) == sorted(document.page_starts)
    assert all(0 <= start <= len(document.text) for start in document.page_starts)
    assert reader.read(data, file=ROOT / f"a{ending}", root=ROOT) == reading


@settings(max_examples=60)
@given(data=st.binary(max_size=400), ending=st.sampled_from(ENDINGS))
@example(data="\ud800".encode("utf-8", "surrogatepass"), ending=".txt")
@example(data=b"Subject: =?utf-8?B?7aCA?=\n\nx", ending=".eml")
def test_any_bytes(reader, data, ending):
    read(reader, data, ending)


@settings(max_examples=120)
@given(
    ending=st.sampled_from(sorted(SEEDS)),
    at=st.floats(0, 1, exclude_max=True),
    instead=st.binary(max_size=12),
    cut=st.booleans(),
)
def test_damaged_files(reader, ending, at, instead, cut):
    seed = SEEDS[ending]
    place = int(at * len(seed))
    rest = b"" if cut else seed[place + len(instead) :]
    read(reader, seed[:place] + instead + rest, ending)


@settings(max_examples=30)
@given(at=st.floats(0, 1, exclude_max=True), instead=st.binary(min_size=1, max_size=12))
def test_damaged_archives(tmp_path, reader, at, instead):
    seed = office.zipped({"内/甲.txt": "工会".encode(), "乙.docx": b"-", "../丙.txt": b"x"})
    place = int(at * len(seed))
    file = tmp_path / f"{len(list(tmp_path.iterdir()))}.zip"  # the reader keeps the last one open
    file.write_bytes(seed[:place] + instead + seed[place + len(instead) :])
    found = survey(file)
    assert found.files or found.skipped
    for one in found.files:
        try:
            reader.read(reader.bytes_of(one), file=one, root=found.root)
        except ReadingError as error:
            assert "\n" not in error.reason
