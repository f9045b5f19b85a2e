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


KANJI = "労働組合規約改正 東京都 執行委員会決定 総会開催 議案第一号 組合費改定 会場市民会館"
STAFF = "会長,佐藤健一\n書記長,鈴木美咲\n会計,高橋大輔\n監査,田中直樹\n幹事,渡辺由美"


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (KANJI, "euc_jp"),
        (STAFF, "euc_jp"),
        (
            "労働組合規約\n第一条 本組合は東京労働組合と称する。\n第二条 役員は総会で選出する。",
            "euc_jp",
        ),
        ("회비는 매월 천원입니다.", "euc_kr"),
        ("이름,회비\n김,천원", "euc_kr"),
    ],
)
def test_kanji_without_kana_and_a_few_words_of_korean_are_told(text, encoding):
    with pytest.raises(ForeignEncoding) as caught:
        decode(text.encode(encoding))
    assert caught.value.encoding == {"euc_kr": "cp949"}.get(encoding, encoding)


@pytest.mark.parametrize(
    "text",
    [
        "欧阳修\n司马光\n诸葛亮\n皇甫谧\n尉迟恭\n呼延赞\n澹台灭明",
        "关关雎鸠，在河之洲。窈窕淑女，君子好逑。参差荇菜，左右流之。",
        "阿胶\n巴豆\n白芍\n贝母\n柴胡\n陈皮\n大黄\n丹参\n当归\n杜仲\n甘草\n葛根\n厚朴\n桔梗\n菊花",
        "姓名,部门\n陈国栋,后勤科\n郝建,工程部\n高红梅,保卫科\n郭德胜,锅炉房\n胡俊,机电科",
        "臭铜味\n坛坛罐罐",
        "蒹葭蒼蒼，白露爲霜。所謂伊人，在水一方。",
        "苯胺\n丙烯腈\n敌敌畏\n氟化氢\n甲苯\n甲醇\n甲醛\n联苯胺\n氯气",
        "白胡椒粉 淡奶油 白朗姆酒",
    ],
)
def test_rare_words_and_names_in_gb18030_are_chinese(text):
    assert decode(text.encode("gb18030")).text == text
