"""Rerankers through sentence-transformers: a small random CrossEncoder, made here."""

from __future__ import annotations

import numpy as np
import pytest

from embeddings import reranker
from embeddings.errors import ModelUnavailable
from embeddings.reranker import load_reranker

QUESTION = "工会驿站的服务时间"
PASSAGES = ["服务时间是八点到二十点", "", "职工之家在哪里", "工会驿站" * 40]


def saved(place, head, labels=1):
    """Save a BERT of one layer with random weights and an output, or with none."""
    import torch
    from transformers import BertConfig, BertTokenizerFast

    letters = sorted(set("".join([QUESTION, *PASSAGES])))
    place.mkdir()
    (place / "vocab.txt").write_text(
        "\n".join(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *letters]), encoding="utf-8"
    )
    torch.manual_seed(1)
    BertTokenizerFast(vocab=str(place / "vocab.txt"), model_max_length=64).save_pretrained(place)
    head(
        BertConfig(
            vocab_size=len(letters) + 5,
            hidden_size=16,
            num_hidden_layers=1,
            num_attention_heads=2,
            intermediate_size=32,
            max_position_embeddings=64,
            num_labels=labels,
            initializer_range=1.0,
        )
    ).save_pretrained(place)
    return place


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    pytest.importorskip("sentence_transformers")
    from transformers import BertForSequenceClassification

    return saved(tmp_path_factory.mktemp("models") / "reranker", BertForSequenceClassification)


pytestmark = pytest.mark.filterwarnings("ignore")


def test_scores_are_the_logistic_function_of_the_model_s_output(folder):
    import torch
    from transformers import AutoTokenizer, BertForSequenceClassification

    got = load_reranker(folder).scores(QUESTION, PASSAGES)
    assert (got.shape, got.dtype) == ((4,), np.float32)
    tokenizer = AutoTokenizer.from_pretrained(folder)
    model = BertForSequenceClassification.from_pretrained(folder).eval()
    for score, passage in zip(got, PASSAGES, strict=True):
        tokens = tokenizer(QUESTION, passage, return_tensors="pt", truncation=True, max_length=64)
        with torch.no_grad():
            expected = torch.sigmoid(model(**tokens).logits)[0, 0].item()
        assert score == pytest.approx(expected, abs=1e-5)
    assert len(set(got.tolist())) == 4


def test_no_passages_give_no_scores(folder):
    assert load_reranker(folder).scores(QUESTION, []).shape == (0,)


def test_a_model_saved_with_its_own_last_function_gives_the_same(folder, tmp_path):
    from sentence_transformers import CrossEncoder

    CrossEncoder(str(folder), activation_fn=__import__("torch").nn.Identity()).save(
        str(tmp_path / "saved")
    )
    np.testing.assert_allclose(
        load_reranker(tmp_path / "saved").scores(QUESTION, PASSAGES),
        load_reranker(folder).scores(QUESTION, PASSAGES),
        atol=1e-5,
    )


def test_the_fingerprint_follows_the_files(folder):
    first = load_reranker(folder).fingerprint
    assert first == load_reranker(str(folder)).fingerprint
    configuration = folder / "config.json"
    kept = configuration.read_bytes()
    try:
        configuration.write_bytes(kept + b"\n")
        assert load_reranker(folder).fingerprint != first
    finally:
        configuration.write_bytes(kept)


def test_a_model_without_a_trained_output_is_refused(tmp_path):
    pytest.importorskip("sentence_transformers")
    from transformers import BertForSequenceClassification, BertModel

    for name, head, labels in (
        ("bare", BertModel, 1),
        ("three", BertForSequenceClassification, 3),
    ):
        with pytest.raises(ModelUnavailable, match="is no reranker"):
            load_reranker(saved(tmp_path / name, head, labels))


def test_a_folder_without_a_model_and_an_unknown_name_are_refused(tmp_path):
    pytest.importorskip("sentence_transformers")
    with pytest.raises(ModelUnavailable, match="holds no sentence-transformers model"):
        load_reranker(tmp_path)
    with pytest.raises(ModelUnavailable, match="could not be fetched"):
        load_reranker("nobody/has-this-reranker")


def test_a_path_that_leads_nowhere_is_called_that(tmp_path):
    with pytest.raises(ModelUnavailable, match="check the reranker's path") as raised:
        load_reranker(tmp_path / "nothing")
    assert raised.value.model == str(tmp_path / "nothing")


def test_without_the_extra_it_says_what_to_install(monkeypatch, tmp_path):
    monkeypatch.setattr(reranker, "is_installed", lambda: False)
    with pytest.raises(ModelUnavailable, match=r"cited-qa\[models\].*leave the reranker out"):
        load_reranker(tmp_path)


def test_a_library_asks_it(folder, tmp_path):
    from qa.library import Library
    from qa.records import Document
    from tests.fakes import FakeEncoder

    with Library.open(tmp_path / "library", FakeEncoder(), reranker=str(folder)) as library:
        library.add(Document.from_text(PASSAGES[0], path="甲", title="驿站"))
        [hit] = library.search(QUESTION)
        assert hit.signals["reranker"] == pytest.approx(
            load_reranker(folder).scores(QUESTION, [f"驿站 \n{PASSAGES[0]}"])[0], abs=1e-5
        )
