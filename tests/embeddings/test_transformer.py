"""Transformer models through sentence-transformers: a small random one, made here."""

from __future__ import annotations

import numpy as np
import pytest

from embeddings.encoder import load_encoder
from embeddings.transformer import Prompts, TransformerEncoder, prompts_for

QUERY = "为这个句子生成表示以用于检索相关文章："
TEXTS = ["县级工会", "", "职工之家在哪里", "工会驿站的服务时间是几点到几点", "会"]


@pytest.mark.parametrize(
    ("name", "configured", "expected"),
    [
        ("BAAI/bge-small-zh-v1.5", {}, Prompts(query=QUERY)),
        ("/models/bge-large-zh-v1.5/", {}, Prompts(query=QUERY)),
        (r"C:\models\BGE-base-zh-v1.5", {"query": "", "document": ""}, Prompts(query=QUERY)),
        ("BAAI/bge-m3", {}, Prompts()),
        ("intfloat/multilingual-e5-small", {}, Prompts("query: ", "passage: ")),
        ("BAAI/bge-small-zh-v1.5", {"query": "问："}, Prompts(query="问：")),
        ("some/model", {"query": "q ", "document": "d "}, Prompts("q ", "d ")),
        ("some/model", {"passage": "p "}, Prompts("", "p ")),
        ("some/model", {}, Prompts()),
    ],
)
def test_prompts_come_from_the_model_then_the_table(name, configured, expected):
    assert prompts_for(name, configured) == expected


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A BERT of one layer with random weights, saved as sentence-transformers saves."""
    st = pytest.importorskip("sentence_transformers")
    import torch
    from sentence_transformers.models import Pooling, Transformer
    from transformers import BertConfig, BertModel, BertTokenizerFast

    place = tmp_path_factory.mktemp("models")
    bert = place / "bert"
    letters = sorted(set("".join(TEXTS) + QUERY))
    bert.mkdir()
    (bert / "vocab.txt").write_text(
        "\n".join(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *letters]), encoding="utf-8"
    )
    torch.manual_seed(1)
    BertTokenizerFast(vocab=str(bert / "vocab.txt")).save_pretrained(bert)
    BertModel(
        BertConfig(
            vocab_size=len(letters) + 5,
            hidden_size=16,
            num_hidden_layers=1,
            num_attention_heads=2,
            intermediate_size=32,
        )
    ).save_pretrained(bert)
    module = Transformer(str(bert))
    model = st.SentenceTransformer(modules=[module, Pooling(16)], device="cpu")
    model.save(str(place / "bge-small-zh-v1.5"))
    return place / "bge-small-zh-v1.5"


pytestmark = pytest.mark.filterwarnings("ignore")


def test_each_side_gets_its_prompt(folder):
    encoder = load_encoder(folder)
    assert isinstance(encoder, TransformerEncoder)
    model = encoder._model
    np.testing.assert_allclose(
        encoder.encode_queries(TEXTS[2:]),
        model.encode([QUERY + t for t in TEXTS[2:]], normalize_embeddings=True),
        atol=1e-5,
    )
    np.testing.assert_allclose(
        encoder.encode_passages(TEXTS[2:]),
        model.encode(TEXTS[2:], normalize_embeddings=True),
        atol=1e-5,
    )


def test_rows_keep_their_order_and_length_one_and_blank_is_zero(folder, monkeypatch):
    monkeypatch.setattr("embeddings.transformer._BATCH", 2)
    encoder = load_encoder(folder)
    vectors = encoder.encode_queries(TEXTS)
    assert vectors.shape == (5, 16)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), [1, 0, 1, 1, 1], atol=1e-5)
    for place, text in enumerate(TEXTS):
        np.testing.assert_allclose(vectors[place], encoder.encode_queries([text])[0], atol=1e-5)
    assert encoder.encode_passages([]).shape == (0, 16)


def test_the_fingerprint_follows_the_files(folder):
    first = load_encoder(folder).fingerprint
    assert first == load_encoder(folder).fingerprint
    configuration = folder / "config_sentence_transformers.json"
    kept = configuration.read_bytes()
    try:
        configuration.write_bytes(kept + b"\n")
        assert load_encoder(folder).fingerprint != first
    finally:
        configuration.write_bytes(kept)
