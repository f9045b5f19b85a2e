"""Loading an encoder by name: which reader is chosen, and what is said when none can be."""

from __future__ import annotations

import importlib.util
import json

import pytest

from embeddings.encoder import load_encoder
from embeddings.errors import EmbeddingsError, ModelUnavailable
from embeddings.static import StaticEncoder


def test_builtin_is_static_and_keeps_its_name():
    encoder = load_encoder("builtin")
    assert isinstance(encoder, StaticEncoder)
    assert encoder.name == "builtin"
    assert encoder.fingerprint == load_encoder("builtin").fingerprint


def test_a_missing_extra_says_what_to_install(monkeypatch):
    found = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util,
        "find_spec",
        lambda name, *rest: None if name == "sentence_transformers" else found(name, *rest),
    )
    with pytest.raises(ModelUnavailable, match=r"cited-qa\[models\]") as refused:
        load_encoder("BAAI/bge-small-zh-v1.5")
    assert refused.value.model == "BAAI/bge-small-zh-v1.5"
    assert isinstance(refused.value, EmbeddingsError)


@pytest.mark.filterwarnings("ignore")
def test_offline_a_hub_name_says_what_to_do(monkeypatch, tmp_path):
    pytest.importorskip("sentence_transformers")
    import huggingface_hub.constants

    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_OFFLINE", True)
    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_CACHE", str(tmp_path))
    with pytest.raises(ModelUnavailable, match=r"give its folder, or use the model .*builtin"):
        load_encoder("nobody/has-this-model")


@pytest.mark.filterwarnings("ignore")
def test_a_folder_that_holds_no_model_is_named(tmp_path):
    pytest.importorskip("sentence_transformers")
    (tmp_path / "modules.json").write_text(json.dumps([]), encoding="utf-8")
    with pytest.raises(ModelUnavailable, match="holds no sentence-transformers model") as refused:
        load_encoder(tmp_path)
    assert refused.value.model == str(tmp_path)


@pytest.mark.parametrize("name", ["/no/such/model", "./no-such-model", "~/no-such-model"])
def test_a_path_that_leads_nowhere_is_called_that(name):
    with pytest.raises(ModelUnavailable, match="there is no folder"):
        load_encoder(name)
