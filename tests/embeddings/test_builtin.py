"""The shipped model: what it promises, on raw text, against sentence-transformers."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from embeddings.encoder import load_encoder
from embeddings.static import StaticEncoder
from embeddings.words import fold

FOLDER = Path(__file__).parents[2] / "embeddings" / "builtin"
TEXTS = [
    "县级工会提升年的目标是什么？",
    "縣級工會提升年的目標是什麼？",
    "ＡＢＣ１２３ GPT-4 mixed 中English123",
    "他说：“工会驿站。”",
    "没有标点的一行" * 700,
    "😀👩‍🏫 emoji",
    "",
    "  　 \n",
    "𠮷野家",
    "①②③ ㎡ ½ ﬁ",
    "第三十八条 用人单位有下列情形之一的：\n（一）未按照约定提供劳动保护",
]


@pytest.fixture(scope="module")
def encoder():
    return load_encoder("builtin")


def test_it_keeps_to_its_size():
    assert sum(file.stat().st_size for file in FOLDER.rglob("*") if file.is_file()) <= 25_000_000


def test_rows_have_length_one(encoder):
    vectors = encoder.encode_passages(TEXTS)
    assert vectors.shape == (len(TEXTS), 256)
    lengths = np.linalg.norm(vectors, axis=1)
    assert set(np.round(lengths, 5)) <= {0.0, 1.0}
    assert not vectors[TEXTS.index("")].any()


def test_script_width_and_case_do_not_matter(encoder):
    plain, folded = (encoder.encode_queries(texts) for texts in (TEXTS, [fold(t) for t in TEXTS]))
    np.testing.assert_allclose(plain, folded, atol=1e-6)
    assert plain[0] @ plain[1] == pytest.approx(1, abs=1e-6)


def test_a_paraphrase_is_nearer_than_another_topic(encoder):
    question = encoder.encode_queries(["怎么申请加班费"])
    near, far = (
        encoder.encode_passages([text])[0]
        for text in (
            "用人单位安排劳动者延长工作时间的，应当支付加班工资，劳动者可以申请加班费。",
            "把螃蟹洗净切块，下锅煎至两面金黄，加入咖喱块与椰浆，翻炒均匀后收汁出锅。",
        )
    )
    assert question[0] @ near > question[0] @ far + 0.2


@pytest.mark.parametrize("dimensions", [128, 64])
def test_cut_vectors_are_those_of_the_whole_cut(encoder, dimensions):
    short = StaticEncoder.load(FOLDER, dimensions=dimensions).encode_queries(TEXTS[:4])
    cut = encoder.encode_queries(TEXTS[:4])[:, :dimensions]
    np.testing.assert_allclose(short, cut / np.linalg.norm(cut, axis=1, keepdims=True), atol=1e-6)


@pytest.mark.filterwarnings("ignore")
def test_sentence_transformers_gives_the_same_vectors(encoder):
    sentence_transformers = pytest.importorskip("sentence_transformers")
    model = sentence_transformers.SentenceTransformer(str(FOLDER), device="cpu")
    np.testing.assert_allclose(
        encoder.encode_passages(TEXTS), model.encode(TEXTS, show_progress_bar=False), atol=1e-5
    )


def test_no_torch_is_loaded():
    code = (
        "import sys; from embeddings.encoder import load_encoder; "
        "load_encoder('builtin').encode_queries(['工会']); "
        "sys.exit(any(name in sys.modules for name in ('torch', 'transformers')))"
    )
    assert (
        subprocess.run([sys.executable, "-c", code], cwd=FOLDER.parents[1], check=False).returncode
        == 0
    )
