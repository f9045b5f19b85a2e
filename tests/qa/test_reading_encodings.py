"""Bytes to text: the right encoding of each, and an error rather than garbage."""

import codecs
import json
import lzma
import os
import random
from pathlib import Path

import pytest

from qa.reading.encodings import MixedEncodings, decode, decode_as

SHARED = Path(os.environ.get("QA_SHARED", Path(__file__).parents[3] / "shared"))

SIMPLIFIED = "全市各级工会要聚焦主责主业，推动县级工会“提升年”行动落地见效（2024年）。"
TRADITIONAL = "勞工保險條例修正重點：雇主負擔七成，勞工負擔二成，政府補助一成。"
CANTONESE = "佢哋嘅工會喺呢度開會，啲人話冇問題。"

WORDS = {
    "gb18030": [
        "工会",
        "职工",
        "会议",
        "要求",
        "推进",
        "服务",
        "组织",
        "建设",
        "通知",
        "关于",
        "全市",
        "基层",
        "主席",
        "今年",
        "完成",
        "困难",
        "帮扶",
        "万元",
        "劳动",
        "竞赛",
        "培训",
        "报名",
        "单位",
        "时间",
        "地点",
        "联系",
        "电话",
        "我们",
        "他们",
        "如果",
        "因为",
        "所以",
        "天气",
        "公司",
        "学校",
        "学生",
        "医院",
        "手机",
        "汽车",
        "价格",
        "市场",
        "发展",
        "经济",
        "技术",
        "研究",
        "问题",
        "方法",
        "结果",
        "可以",
        "没有",
        "什么",
        "怎么",
        "非常",
        "喜欢",
    ],
    "cp950": [
        "工會",
        "職工",
        "會議",
        "要求",
        "推動",
        "服務",
        "組織",
        "建設",
        "通知",
        "關於",
        "全市",
        "基層",
        "主席",
        "今年",
        "完成",
        "困難",
        "補助",
        "萬元",
        "勞動",
        "競賽",
        "訓練",
        "報名",
        "單位",
        "時間",
        "地點",
        "聯絡",
        "電話",
        "我們",
        "他們",
        "如果",
        "因為",
        "所以",
        "天氣",
        "公司",
        "學校",
        "學生",
        "醫院",
        "手機",
        "汽車",
        "價格",
        "市場",
        "發展",
        "經濟",
        "技術",
        "研究",
        "問題",
        "方法",
        "結果",
        "可以",
        "沒有",
        "什麼",
        "怎麼",
        "非常",
        "喜歡",
    ],
}


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("utf-8", SIMPLIFIED),
        ("utf-8", TRADITIONAL),
        ("utf-8", "Café ☕ 工会👩‍🏭"),
        ("gb18030", SIMPLIFIED),
        ("gb18030", TRADITIONAL),
        ("gb18030", "生僻字：㐂𠮷龘，仍是工会的通知。"),
        ("cp950", TRADITIONAL),
        ("cp950", "碁銹裏墻恒粧嫺是倚天的七個字"),
        ("big5hkscs", CANTONESE),
        ("utf-16-le", SIMPLIFIED + "\n第二行"),
        ("utf-16-be", SIMPLIFIED + "\n第二行"),
        ("utf-16-le", "plain English, then 工会\n"),
        ("utf-16-be", TRADITIONAL),
    ],
)
def test_tells_the_encoding(encoding: str, text: str) -> None:
    decoded = decode(text.encode(encoding))
    assert decoded.text == text
    assert decoded.encoding == encoding


@pytest.mark.parametrize(
    ("mark", "encoding"),
    [
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (codecs.BOM_UTF32_LE, "utf-32-le"),
        (codecs.BOM_UTF32_BE, "utf-32-be"),
    ],
)
@pytest.mark.parametrize("text", ["", "工", SIMPLIFIED, "abc"])
def test_a_byte_order_mark_decides_and_is_no_text(mark: bytes, encoding: str, text: str) -> None:
    decoded = decode(mark + text.encode(encoding))
    assert (decoded.text, decoded.encoding) == (text, encoding)


def test_gb2312_and_gbk_are_read_as_gb18030() -> None:
    assert decode("县级工会".encode("gb2312")).text == "县级工会"
    assert decode("朱镕基、喆、堃".encode("gbk")).text == "朱镕基、喆、堃"


@pytest.mark.parametrize("text", ["目录", "联通", "中", "工会"])
def test_a_few_bytes_of_gbk_that_are_nearly_utf8(text: str) -> None:
    assert decode(text.encode("gbk")).text == text


@pytest.mark.parametrize("text", ["café", "naïve façade", "Да", "π ≈ 3.14", "é"])
def test_short_utf8_of_other_alphabets_stays_utf8(text: str) -> None:
    assert decode(text.encode()).text == text


def test_empty_and_ascii() -> None:
    assert decode(b"").text == ""
    assert decode(b"only ascii\n").encoding == "utf-8"


def test_what_tells_may_stand_behind_a_megabyte_of_ascii() -> None:
    data = b"var x = 1;\n" * 100_000 + TRADITIONAL.encode("cp950")
    assert decode(data).encoding == "cp950"


def test_a_sample_cut_inside_a_character_does_no_harm() -> None:
    for shift in range(3):
        text = "a" * shift + "\n" + "工会驿站" * 20_000
        for encoding in ("gb18030", "utf-16-le"):
            assert decode(text.encode(encoding)).text == text


def test_one_broken_byte_is_reported_where_it_stands() -> None:
    head = ("工会驿站。" * 30_000).encode()
    with pytest.raises(UnicodeDecodeError) as caught:
        decode(head + b"\xff" + head)
    assert (caught.value.encoding, caught.value.start) == ("utf-8", len(head))


def test_one_broken_byte_in_gbk_is_reported_where_it_stands() -> None:
    head = ("工会驿站。" * 30_000).encode("gbk")
    with pytest.raises(UnicodeDecodeError) as caught:
        decode(head + b"\xff\xff\n" + head)
    assert (caught.value.encoding, caught.value.start) == ("gb18030", len(head))


@pytest.mark.parametrize(
    "data",
    [
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x01\0",
        b"PK\x03\x04" + bytes(range(256)),
        "Très bien, le café était fermé à cause de l'été.".encode("cp1252"),
        "Все люди рождаются свободными и равными".encode("cp1251"),
        "吾輩は猫である。名前はまだ無い。どこで生れたか".encode("shift_jis"),
        random.Random(7).randbytes(2_000).replace(b"\0", b""),
        random.Random(8).randbytes(2_000),
        "工会\0会员".encode(),
    ],
)
def test_no_chinese_text_is_refused_not_garbled(data: bytes) -> None:
    with pytest.raises(UnicodeDecodeError):
        decode(data)


def test_a_declared_charset_is_believed_when_it_fits() -> None:
    assert decode("目錄一".encode("cp950"), declared="Big5").text == "目錄一"
    assert decode(SIMPLIFIED.encode("gbk"), declared="'GB2312'").text == SIMPLIFIED


@pytest.mark.parametrize("declared", ["utf-8", "big5", "iso-8859-1", "no-such-thing", "", "utf-16"])
def test_a_declared_charset_is_not_believed_when_it_does_not(declared: str) -> None:
    assert decode(SIMPLIFIED.encode("gbk"), declared=declared).text == SIMPLIFIED


def test_utf8_is_stronger_than_a_declaration() -> None:
    assert decode(SIMPLIFIED.encode(), declared="gb2312").encoding == "utf-8"


def test_decode_as_takes_the_users_word() -> None:
    data = "Très bien".encode("cp1252")
    assert decode_as(data, "windows-1252").text == "Très bien"
    assert decode_as("喆".encode("gbk"), "GB2312").text == "喆"
    assert decode_as(CANTONESE.encode("big5hkscs"), "big5").text == CANTONESE
    assert decode_as(codecs.BOM_UTF16_BE + "工会".encode("utf-16-be"), "utf-16").text == "工会"
    assert decode_as("工会".encode("utf-16-le"), "utf-16").text == "工会"
    assert decode_as(codecs.BOM_UTF8 + "工会".encode(), "utf-8").text == "工会"


def test_decode_as_refuses() -> None:
    with pytest.raises(LookupError):
        decode_as(b"abc", "klingon")
    with pytest.raises(UnicodeDecodeError):
        decode_as("工会".encode("gbk"), "utf-8")


@pytest.mark.parametrize("encoding", ["gb18030", "cp950"])
def test_random_common_words_in_both_encodings(encoding: str) -> None:
    dice = random.Random(20240401)
    wrong = 0
    for _ in range(500):
        text = ""
        while len(text) < 30:
            text += dice.choice(WORDS[encoding]) + dice.choice(
                ["", "", "，", "。\n", " ", "3", "A"]
            )
        wrong += decode(text.encode(encoding)).text != text
    assert wrong == 0


def _texts(name: str) -> list[str]:
    path = SHARED / "train" / name
    if not path.exists():
        pytest.skip(f"needs {path.name} of the project's corpora beside the checkout")
    data = path.read_bytes()
    lines = (lzma.decompress(data) if path.suffix == ".xz" else data).splitlines()
    return [json.loads(line)["text"] for line in lines]


@pytest.mark.shared
@pytest.mark.parametrize(
    ("name", "encoding", "names"),
    # None of these was used to count the characters of the table.
    [
        ("qa/cmrc2018_train.passages.jsonl", "gb18030", {"gb18030"}),
        ("text/gd_gov_matters.jsonl.xz", "gb18030", {"gb18030"}),
        ("text/tidb_docs.jsonl.xz", "gb18030", {"gb18030"}),
        ("qa/drcd_dev.passages.jsonl", "cp950", {"cp950", "big5hkscs"}),
        ("qa/drcd_dev.passages.jsonl", "big5hkscs", {"cp950", "big5hkscs"}),
        ("qa/drcd_dev.passages.jsonl", "gb18030", {"gb18030"}),
        ("qa/tw_labor_interp.passages.jsonl", "cp950", {"cp950", "big5hkscs"}),
        ("text/rust_book_tw.jsonl.xz", "cp950", {"cp950", "big5hkscs"}),
    ],
)
def test_five_hundred_cuttings_of_thirty_characters(
    name: str, encoding: str, names: set[str]
) -> None:
    texts = [text for text in _texts(name) if len(text) >= 30]
    dice = random.Random(5)
    met = wrong = 0
    while met < 500:
        text = dice.choice(texts)
        start = dice.randrange(len(text) - 29)
        text = text[start : start + 30]
        if sum(character > "\x7f" for character in text) < 15:
            continue
        try:
            data = text.encode(encoding)
        except UnicodeEncodeError:
            continue
        met += 1
        try:
            wrong += decode(data).encoding not in names
        except UnicodeDecodeError:
            wrong += 1
    assert wrong <= 5, f"{wrong} of {met}"


SIMPLE = [
    "帮扶对象由职工本人申请，基层工会入户核实。",
    "县级总工会审批后公示七天。",
    "补助按季发放。",
]
COMPLEX = [
    "幫扶對象由職工本人申請，基層工會入戶核實。",
    "縣級總工會審批後公示七天。",
    "補助按季發放。",
]


@pytest.mark.parametrize("times", [1, 40])
@pytest.mark.parametrize(
    ("lines", "encoding", "other", "line"),
    [
        (SIMPLE, "utf-8", "gb18030", "工会经费专款专用。"),
        (SIMPLE, "utf-8", "big5", "工會經費專款專用。"),
        (SIMPLE, "gb18030", "utf-8", "工会经费专款专用，不得挪用。"),
        (SIMPLE, "gb18030", "big5", "工會經費專款專用，不得挪用。"),
        (COMPLEX, "big5", "utf-8", "工會經費專款專用，不得挪用。"),
        (COMPLEX, "big5", "gb18030", "工会经费专款专用，不得挪用。"),
    ],
)
def test_a_line_in_another_encoding_is_told_where_it_stands(lines, encoding, other, line, times):
    head = "".join(one + "\n" for one in lines * times).encode(encoding)
    tail = "\n".join(lines * times).encode(encoding)
    with pytest.raises(MixedEncodings) as caught:
        decode(head + line.encode(other) + b"\n" + tail)
    assert caught.value.start == len(head)
    assert caught.value.other == {"big5": "cp950"}.get(other, other)


SHELTER = "第一条 工会驿站每天八点开放，晚上九点关闭。\n".encode("gb18030")


@pytest.mark.parametrize("title", ["工会驿站办法", "办法", "备注abc：补贴每月发", "會費"])
@pytest.mark.parametrize("before", [0, 5])
@pytest.mark.parametrize("after", [1, 5])
def test_a_short_line_of_utf8_is_told_wherever_it_stands(title, before, after):
    data = SHELTER * before + title.encode() + b"\n" + SHELTER * after
    with pytest.raises(MixedEncodings) as caught:
        decode(data)
    assert (caught.value.start, caught.value.other) == (len(SHELTER) * before, "utf-8")


def test_utf8_and_gbk_on_one_line_are_told():
    with pytest.raises(MixedEncodings):
        decode("工会驿站管理办法（试行）".encode() + SHELTER)


def test_a_page_that_declares_utf8_and_holds_gbk_is_told():
    head = "<html><head><meta charset=utf-8><title>工会驿站办法</title></head>\n".encode()
    with pytest.raises(MixedEncodings):
        decode(head + b"<p>" + SHELTER * 5 + b"</p>", declared="utf-8")


@pytest.mark.parametrize("encoding", ["gb18030", "big5hkscs"])
def test_no_row_of_all_characters_is_taken_for_utf8(encoding):
    text = "".join(map(chr, range(0x4E00, 0x9FA6)))
    text = "，的一是不了在人有我" * 3000 + text.encode(encoding, "ignore").decode(encoding)
    assert decode(text.encode(encoding)).text == text


@pytest.mark.parametrize(
    "line",
    [
        "Программа профсоюза на год",
        "労働組合のお知らせ",
        "㐀㐁㐂䶵喆堃淼彧",
        "노동조합 안내문",
        "Ärzte für Öl",
    ],
)
def test_rare_characters_and_other_scripts_are_no_other_encoding(line):
    text = "\n".join([*SIMPLE * 3, line, *SIMPLE])
    assert decode(text.encode("gb18030")).text == text


@pytest.mark.parametrize("codec", ["utf-32-le", "utf-32-be", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("text", ["工会驿站，全天开放。", "Open all day\n", "A工"])
def test_wide_encodings_without_a_mark(codec, text):
    assert decode(text.encode(codec)).text == text
