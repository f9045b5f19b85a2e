"""Static models without torch: values against a plain computation and sentence-transformers."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save_file
from tokenizers import Tokenizer, models, pre_tokenizers

from embeddings.encoder import load_encoder
from embeddings.errors import ModelUnavailable
from embeddings.static import StaticEncoder, is_static

PIECES = ["<unk>", "工会", "职工", "驿站", "a"]
TABLE = np.array([[0, 0, 0, 0], [1, 2, 0, 0], [0, 1, 1, 0], [3, 0, 0, 4], [0, 0, 0, 1]], np.float32)


def write(folder: Path, tensors: dict[str, np.ndarray]) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    tokenizer = Tokenizer(
        models.WordLevel({p: i for i, p in enumerate(PIECES)}, unk_token=PIECES[0])
    )
    tokenizer.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    tokenizer.save(str(folder / "tokenizer.json"))
    save_file(tensors, folder / "model.safetensors")
    (folder / "1_Normalize").mkdir(exist_ok=True)
    prefix = "sentence_transformers.models."
    modules = [
        {"idx": 0, "name": "0", "path": "", "type": prefix + "StaticEmbedding"},
        {"idx": 1, "name": "1", "path": "1_Normalize", "type": prefix + "Normalize"},
    ]
    (folder / "modules.json").write_text(json.dumps(modules), encoding="utf-8")
    return folder


@pytest.fixture
def plain(tmp_path):
    return write(tmp_path / "plain", {"embedding.weight": TABLE})


def test_a_vector_is_the_mean_of_its_rows_at_length_one(plain):
    vectors = StaticEncoder.load(plain).encode_passages(["工会 驿站", "职工"])
    mean = np.array([4, 2, 0, 4]) / 2
    np.testing.assert_allclose(vectors[0], mean / np.linalg.norm(mean), atol=1e-6)
    np.testing.assert_allclose(vectors[1], np.array([0, 1, 1, 0]) / np.sqrt(2), atol=1e-6)
    assert vectors.dtype == np.float32


def test_questions_and_passages_are_encoded_alike(plain):
    encoder = StaticEncoder.load(plain)
    np.testing.assert_array_equal(
        encoder.encode_queries(["工会"]), encoder.encode_passages(["工会"])
    )


@pytest.mark.parametrize("text", ["", " 　\n", "😀"])
def test_a_text_without_known_pieces_gives_zeros(plain, text):
    assert not StaticEncoder.load(plain).encode_queries([text]).any()


def test_no_texts_give_no_rows(plain):
    assert StaticEncoder.load(plain).encode_queries([]).shape == (0, 4)


def test_batches_do_not_change_the_vectors(plain):
    encoder = StaticEncoder.load(plain)
    texts = ["工会", "职工 驿站", "", "a"] * 600
    np.testing.assert_array_equal(
        encoder.encode_passages(texts), np.tile(encoder.encode_passages(texts[:4]), (600, 1))
    )


def test_half_precision_and_rows_with_weights_give_the_same(plain, tmp_path):
    half = write(tmp_path / "half", {"embedding.weight": TABLE.astype(np.float16)})
    weights = np.array([1, 0.5, 1, 2, 1], np.float32)
    rows = np.array([[0, 0, 0, 0], [2, 4, 0, 0], [0, 1, 1, 0], [1.5, 0, 0, 2], [0, 0, 0, 1]])
    rows[3] = [3, 0, 0, 4]
    weights[3] = 1
    small = write(tmp_path / "small", {"embeddings": rows.astype(np.int8), "weights": weights})
    texts = ["工会 驿站 a", "职工", "a a a", "工会"]
    expected = StaticEncoder.load(plain).encode_passages(texts)
    for folder in (half, small):
        found = StaticEncoder.load(folder).encode_passages(texts)
        np.testing.assert_allclose(found, expected, atol=1e-6)


def test_cut_vectors_are_the_first_numbers_at_length_one(plain):
    short = StaticEncoder.load(plain, dimensions=2)
    assert short.dimensions == 2
    np.testing.assert_allclose(
        short.encode_queries(["工会 职工"]), [[1 / 10**0.5, 3 / 10**0.5]], atol=1e-6
    )


def test_the_fingerprint_follows_files_and_dimensions_not_the_place(plain, tmp_path):
    fingerprint = StaticEncoder.load(plain).fingerprint
    same = write(tmp_path / "elsewhere", {"embedding.weight": TABLE})
    other = write(tmp_path / "other", {"embedding.weight": TABLE + 1})
    assert StaticEncoder.load(same).fingerprint == fingerprint
    assert StaticEncoder.load(other).fingerprint != fingerprint
    assert StaticEncoder.load(plain, dimensions=2).fingerprint != fingerprint


def test_a_folder_without_a_static_model_is_refused_with_advice(tmp_path):
    assert not is_static(tmp_path)
    with pytest.raises(ModelUnavailable, match=r"modules\.json") as refused:
        StaticEncoder.load(tmp_path)
    assert refused.value.model == str(tmp_path)


@pytest.mark.parametrize("file", ["model.safetensors", "tokenizer.json"])
def test_a_damaged_part_is_named_in_the_error(plain, file):
    (plain / file).write_bytes(b"not what it was")
    with pytest.raises(ModelUnavailable, match="cannot be read"):
        StaticEncoder.load(plain)


def test_load_encoder_reads_a_static_folder_without_torch(plain):
    encoder = load_encoder(plain)
    assert isinstance(encoder, StaticEncoder)
    assert encoder.name == str(plain)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("layout", ["plain", "weights"])
def test_sentence_transformers_gives_the_same_vectors(tmp_path, layout):
    sentence_transformers = pytest.importorskip("sentence_transformers")
    tensors = (
        {"embedding.weight": TABLE}
        if layout == "plain"
        else {
            "embeddings": TABLE.astype(np.int8),
            "weights": np.linspace(0.5, 2, 5).astype(np.float32),
        }
    )
    folder = write(tmp_path / "model", tensors)
    texts = ["工会 驿站 a", "职工", "", "a 工会"]
    model = sentence_transformers.SentenceTransformer(str(folder), device="cpu")
    np.testing.assert_allclose(
        StaticEncoder.load(folder).encode_passages(texts),
        model.encode(texts, show_progress_bar=False),
        atol=1e-5,
    )
