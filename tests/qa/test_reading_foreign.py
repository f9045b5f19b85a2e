"""Text in encodings that are not for Chinese is never taken for Chinese without a word."""

from __future__ import annotations

from pathlib import Path

import pytest

from qa.errors import UndecodableText
from qa.library import Library
from qa.reading.documents import read_document
from qa.reading.encodings import decode, decode_as
from qa.reading.foreign import ForeignEncoding
from qa.reasons import in_chinese

KOREAN = (
    "노동조합은 근로자의 권익을 보호하기 위하여 다음과 같은 활동을 한다. 회비는 매월 납부하며, "
    "신청은 사무실에서 받는다. 휴게실은 아침 여덟 시부터 저녁 아홉 시까지 열려 있으며 누구나 "
    "따뜻한 물을 마실 수 있다. 배달 기사도 자유롭게 쉬어 갈 수 있고, 휴대 전화를 충전할 수 있다.\n"
)
JAPANESE = (
    "労働組合は、労働者の権利を守るために次の活動を行います。会費は毎月納めてください。休憩所は朝八時から"
    "夜九時まで開いており、だれでも温かい水を飲むことができます。配達員も自由に休めますし、携帯電話の充電も"
    "できます。カードをなくした場合は、サービスセンターへご連絡ください。\n"
)
CHINESE = "各级工会应当为户外劳动者提供歇脚、饮水服务。\n县总工会每季度公布一次开放情况。\n"
FOREIGN = [
    *((KOREAN, name) for name in ("euc_kr", "cp949", "johab", "iso2022_kr")),
    *((JAPANESE, name) for name in ("shift_jis", "cp932", "euc_jp", "iso2022_jp")),
]


def reading(data, name="a.txt", **more):
    return read_document(data, file=Path("/资料") / name, root=Path("/资料"), **more)


@pytest.mark.parametrize(("text", "encoding"), FOREIGN)
@pytest.mark.parametrize("size", [20, 40, 150])
def test_it_is_refused_with_what_to_do_and_read_when_named(text, encoding, size):
    text = text[:size]
    data = text.encode(encoding)
    with pytest.raises(UndecodableText) as caught:
        reading(data)
    assert "--encoding" in caught.value.reason
    assert "\n" not in caught.value.reason
    assert "--encoding" in in_chinese(caught.value.reason)
    assert "不" in in_chinese(caught.value.reason)
    assert reading(data, encoding=encoding).text == text


@pytest.mark.parametrize(
    ("text", "encoding", "named"),
    [
        (KOREAN, "euc_kr", "cp949"),
        (JAPANESE, "euc_jp", "euc_jp"),
        (JAPANESE, "shift_jis", "cp932"),
        (KOREAN, "iso2022_kr", "iso2022_kr"),
    ],
)
def test_what_it_reads_like_is_named_and_that_reads_it(text, encoding, named):
    with pytest.raises(ForeignEncoding) as caught:
        decode(text.encode(encoding))
    assert caught.value.encoding == named
    assert decode_as(text.encode(encoding), named).text == text


@pytest.mark.parametrize("encoding", ["hz", "utf-7"])
@pytest.mark.parametrize("text", [CHINESE, "工会\n", "A+B 驿站 ~ 100% 开放。\n" + CHINESE])
def test_chinese_that_ascii_hides_is_read(encoding, text):
    decoded = decode(text.encode(encoding))
    assert (decoded.encoding, decoded.text) == (encoding, text)


def test_chinese_in_hz_that_breaks_is_refused():
    data = CHINESE.encode("hz").replace(b"~}", b"~} ~{!", 1)
    with pytest.raises(UndecodableText) as caught:
        reading(data)
    assert "hz" in caught.value.reason


@pytest.mark.parametrize(
    "text",
    [
        "Call +8613800138000 or +86-10-12345678, +44Ab12.",
        "C++ and a+Bc1D2e3-f; x=~{y}; auto d = ~{1};",
        "Key: +QmFzZTY0IGRhdGE+YWJjZGVm/Zm9vYmFy",
        "~{ABCD~} is how HZ looks",
        "\x1b[31mred\x1b[0m and \x1b[1m$5",
    ],
)
def test_ascii_that_only_looks_so_stays(text):
    assert decode(text.encode()).text == text


@pytest.mark.parametrize(
    "text",
    ["│单位│金额│\n├──┼──┤\n│云岭│3│\n└──┴──┘\n" * 3, "ケーキ的做法", "本店有日式料理（すし）。"],
)
@pytest.mark.parametrize("encoding", ["gb18030", "utf-8"])
def test_chinese_with_frames_and_kana_is_chinese(text, encoding):
    assert decode(text.encode(encoding)).text == text


@pytest.mark.parametrize("encoding", ["gb18030", "big5"])
def test_no_part_of_the_samples_reads_like_another_language(sample, encoding):
    tried = 0
    for file in sorted(sample.iterdir()):
        text = decode(file.read_bytes()).text
        for at in range(0, len(text) - 30, 30):
            data = text[at : at + 30].encode(encoding, "ignore")
            try:
                decode(data)
            except ForeignEncoding:
                pytest.fail(f"{text[at : at + 30]!r} is Chinese")
            except UnicodeDecodeError:
                continue
            tried += 1
    assert tried > 300


@pytest.mark.parametrize(
    ("text", "declared", "encoding"),
    [(KOREAN, "EUC-KR", "cp949"), (JAPANESE, "Shift_JIS", "cp932"), (JAPANESE, "euc-jp", "euc_jp")],
)
def test_a_page_that_declares_it_is_believed(text, declared, encoding):
    page = f"<html><head><meta charset={declared}></head><body><p>{text}</p></body></html>"
    document = reading(page.encode(encoding), "a.html")
    assert document.text == text.strip()
    with pytest.raises(UndecodableText):
        reading(page.replace(declared, "gbk").encode(encoding), "a.html")


def test_the_report_names_the_file_and_the_others_are_added(tmp_path, encoder):
    folder = tmp_path / "资料"
    folder.mkdir()
    for text, encoding in FOREIGN:
        (folder / f"{encoding}.txt").write_bytes(text.encode(encoding))
    (folder / "中文.txt").write_bytes(CHINESE.encode("hz"))
    with Library.open(tmp_path / "library", encoder) as library:
        report = library.add(folder)
        assert report.added == ("中文.txt",)
        assert len(report.failed) == len(FOREIGN)
        assert library.add(folder / "euc_kr.txt", encoding="euc-kr").added == ("euc_kr.txt",)
