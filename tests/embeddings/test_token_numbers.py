"""Tokens by sentencepiece: those of the tokenizers package, which the model's format names."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

import embeddings
from embeddings.static import StaticEncoder
from embeddings.token_numbers import FastTokens, PlainTokens, load_tokens, pieces_file
from embeddings.training.pieces_file import pieces_model, write_pieces
from embeddings.words import fold

TOKENIZER = Path(embeddings.__file__).parent / "builtin" / "tokenizer.json"

pytest.importorskip("sentencepiece")


@pytest.fixture(scope="module")
def fast() -> FastTokens:
    made = load_tokens(TOKENIZER)
    assert isinstance(made, FastTokens)
    return made


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> PlainTokens:
    alone = tmp_path_factory.mktemp("alone") / "tokenizer.json"
    shutil.copy(TOKENIZER, alone)
    made = load_tokens(alone)  # without the file beside it
    assert isinstance(made, PlainTokens)
    return made


def same(fast: FastTokens, plain: PlainTokens, texts: list[str]) -> None:
    one, other = fast.of(texts), plain.of(texts)
    assert [ids.tolist() for ids in one] == [ids.tolist() for ids in other]


def test_the_shipped_file_is_made_of_the_shipped_tokenizer() -> None:
    made = pieces_model(json.loads(TOKENIZER.read_text(encoding="utf-8")))
    assert pieces_file(TOKENIZER).read_bytes() == made


def test_a_file_made_of_another_tokenizer_is_not_used(tmp_path: Path) -> None:
    copy = tmp_path / TOKENIZER.name
    shutil.copy(TOKENIZER, copy)
    written = write_pieces(copy)
    assert isinstance(load_tokens(copy), FastTokens)
    copy.write_text(copy.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    assert isinstance(load_tokens(copy), PlainTokens)
    assert write_pieces(copy) != written
    assert not written.exists()


def test_the_tokens_of_the_sample_documents_are_the_same(
    fast: FastTokens, plain: PlainTokens, sample: Path
) -> None:
    texts = [file.read_text("utf-8", "ignore") for file in sorted(sample.iterdir())]
    lines = [line for text in texts for line in text.split("\n")]
    same(fast, plain, [*texts, *lines, *map(fold, lines)])


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "\n", "\x00工会\n驿站", "縣級工會１２％ＡＢＣ㎡", "e\u0301te\u0301", "乾隆干部",
        "😀工会👨\u200d👩\u200d👧", "\u1112\u1161\u11ab国", "工会" * 2_000, "①②㈠℃", "Ⓐ等",
        "𠀀𪚥", "a\ufe0f", "Ｅ\u0301Ｘ\u200d工", "總\u200d會\ufe0f", "鍵盤\u200b東亞",
        "❤\ufe0f工会",
    ],
)  # fmt: skip
def test_the_tokens_of_odd_texts_are_the_same(
    fast: FastTokens, plain: PlainTokens, text: str
) -> None:
    same(fast, plain, [text])
    same(fast, plain, ["工会", text, "", text + "驿站"])


def test_characters_beyond_the_table_are_read_all_the_same(
    fast: FastTokens, plain: PlainTokens
) -> None:
    same(fast, plain, ["工会\U00030001驿站", "工会"])


def test_no_texts_have_no_tokens(fast: FastTokens, plain: PlainTokens) -> None:
    assert fast.of([]) == plain.of([]) == []


def test_vectors_are_the_same_by_either(plain: PlainTokens, sample: Path) -> None:
    shipped = StaticEncoder.load(TOKENIZER.parent)
    other = StaticEncoder("plain", plain, shipped._table, row_weights=shipped._row_weights)
    texts = [file.read_text("utf-8", "ignore") for file in sorted(sample.iterdir())]
    np.testing.assert_allclose(shipped.encode_passages(texts), other.encode_passages(texts))
