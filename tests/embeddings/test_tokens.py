"""Tokens found stretch by stretch are those that the tokenizer finds by itself."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers

import embeddings
from embeddings import tokens
from embeddings.static import StaticEncoder
from embeddings.tokens import Tokens, may_be_cut

BUILTIN = Path(embeddings.__file__).parent / "builtin"
SHIPPED = Tokenizer.from_file(str(BUILTIN / "tokenizer.json"))
TOKENS = Tokens(SHIPPED)
HARD = [
    "",
    "\n",
    " ",
    "县级工会提升年，从2024年5月起。",
    "縣級總工會與「兩岸」關係ＡＢＣ",
    "哈哈哈哈哈，啊啊啊！",
    "getElementById(x_1).innerHTML+='3.14159'",
    "e\u0301\u0327te\u0301，voilà",
    "が\u3099か\u3099ｶﾞﾊﾟ",
    "👩\u200d👩\u200d👧 👍🏽 🇨🇳 1\ufe0f\u20e3 ⚠\ufe0f注意",
    "\u0301开头是音符",
    "한국어 조합 \u1112\u1161\u11ab",
    "กำ ไทย हिन्दी العربية",
    "㎡㈱㊗…⑴½①Ⅳ№℃",
    "𠮷野家𬶐鱼\U0003ffff",
    "\r\n\t\u00a0\u3000\u200b\ufeff\x00",
    "包" * 300,
    "a" * 300,
    "沃登虔能杯𰻝𰻝面，一二三四五六七八九十",
]


def plainly(texts: list[str]) -> list[list[int]]:
    return [one.ids for one in SHIPPED.encode_batch_fast(texts, add_special_tokens=False)]


def ids(of: Tokens, texts: list[str]) -> list[list[int]]:
    return [one.tolist() for one in of.ids(texts)]


def test_the_shipped_tokenizer_is_one_of_them() -> None:
    assert may_be_cut(SHIPPED)


@pytest.mark.parametrize("text", HARD)
def test_hard_texts(text: str) -> None:
    assert ids(TOKENS, [text]) == plainly([text])


def test_many_at_once_stay_apart() -> None:
    assert ids(TOKENS, HARD) == plainly(HARD)
    assert ids(TOKENS, HARD[::-1] + HARD) == plainly(HARD[::-1] + HARD)


def test_no_texts() -> None:
    assert TOKENS.ids([]) == []


def test_a_long_line_is_not_kept() -> None:
    fresh = Tokens(SHIPPED)
    fresh.ids(["x1" * 50_000])
    assert max(map(len, fresh._known), default=0) <= tokens._LONGEST


_NEAR = st.one_of(
    st.text(max_size=40),
    st.text(
        st.sampled_from("的一国工会县级中央人民政府劳动法第二十三条，。；：“”（）、 \nab12.-_"),
        max_size=80,
    ),
    st.text(
        st.sampled_from("e\u0301\u3099か\ufe0f\u200d👩1🇨が\r\n\u1112\u1161一ｶﾞ㎡縣\u00ad"),
        max_size=12,
    ),
)


@settings(max_examples=300, deadline=None)
@given(st.lists(_NEAR, max_size=6))
def test_any_texts(texts: list[str]) -> None:
    assert ids(TOKENS, texts) == plainly(texts)


def test_what_was_known_is_forgotten_and_found_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tokens, "KEPT", 5)
    few = Tokens(SHIPPED)
    for _ in range(3):
        for text in HARD:
            assert ids(few, [text]) == plainly([text])
    assert len(few._known._before) < 200


def test_other_tokenizers_are_left_alone() -> None:
    vocabulary = [("<unk>", 0.0), ("一", -1.0), ("一二", -1.0)]
    split = pre_tokenizers.Split(Regex("[^一-龥]+"), "removed")
    other = Tokenizer(models.Unigram(vocabulary, 0, False))
    other.normalizer, other.pre_tokenizer = SHIPPED.normalizer, split
    assert may_be_cut(other)
    kept = Tokenizer(models.Unigram(vocabulary, 0, False))
    kept.normalizer = SHIPPED.normalizer
    kept.pre_tokenizer = pre_tokenizers.Split(Regex("[^一-龥]+"), "isolated")
    assert not may_be_cut(kept)
    looking_on = Tokenizer(models.Unigram(vocabulary, 0, False))
    looking_on.normalizer = SHIPPED.normalizer
    looking_on.pre_tokenizer = pre_tokenizers.Split(Regex("一(?=二)"), "removed")
    assert not may_be_cut(looking_on)
    lower = Tokenizer(models.Unigram(vocabulary, 0, False))
    lower.normalizer, lower.pre_tokenizer = normalizers.Lowercase(), split
    assert not may_be_cut(lower)
    words = Tokenizer(models.WordLevel({"一": 0, "<unk>": 1}, "<unk>"))
    words.normalizer, words.pre_tokenizer = SHIPPED.normalizer, split
    assert not may_be_cut(words)
    other.add_special_tokens(["<s>"])
    assert not may_be_cut(other)


def test_vectors_are_the_same_however_many_texts_come_at_once() -> None:
    encoder = StaticEncoder.load(BUILTIN)
    texts = HARD * 3
    together = encoder.encode_passages(texts)
    for at, text in enumerate(texts):
        assert (encoder.encode_passages([text])[0] == together[at]).all()
