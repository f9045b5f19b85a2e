"""The recipe's steps, each on a small input, and the whole of it on a toy corpus."""

from __future__ import annotations

import json
import lzma
from random import Random

import numpy as np
import pytest

pytest.importorskip("tokenizers")

from embeddings.training.corpora import (
    Copies,
    joined,
    passages,
    read_questions,
    read_texts,
    sentences,
)
from embeddings.training.evaluation import bm25_first, cosine_first, first_share, read_set
from embeddings.training.questions import make_question
from embeddings.training.writing import quantised
from embeddings.words import fold

WORDS = [
    ("温家宝", "nr"),
    ("2010", "m"),
    ("年", "m"),
    ("10", "m"),
    ("月", "m"),
    ("访问", "v"),
    ("了", "u"),
    ("越南", "ns"),
    ("河内", "ns"),
    ("，", "x"),
    ("出席", "v"),
    ("会议", "n"),
]


@pytest.mark.parametrize(
    "text", ["", "。", "一。二！三", "没有标点", "\n\n甲。\n乙", "“好。”他说。", "长" * 1000]
)
def test_sentences_lose_nothing(text):
    assert "".join(sentences(text)) == text


def test_passages_end_at_sentences_and_are_short():
    text = "第一句话在这里。" * 100 + "长" * 600
    cut = passages(text, size=260)
    assert "".join(cut) == text
    assert all(len(part) <= 260 for part in cut)
    assert cut[0].endswith("。")
    assert passages(" \n ") == []


def test_the_title_stands_before_its_passage():
    assert joined("通知", "正文") == "通知\n正文"
    assert joined("", "正文") == "正文"


def test_copies_are_known_in_other_script_width_and_punctuation():
    copies = Copies(
        [
            "勞動基準法為規定勞動條件最低標準，保障勞工權益，加強勞雇關係，促進社會與經濟發展，特制定本法。"
        ]
    )
    assert (
        "前言。劳动基准法为规定劳动条件最低标准保障劳工权益加强劳雇关系促进社会与经济发展，特制定本法"
        in copies
    )
    assert "保障劳工权益" not in copies
    assert "完全不同的一段文字，讲的是怎样把螃蟹洗净切块下锅煎至两面金黄再加入咖喱块" not in copies


def test_questions_ask_and_are_the_same_for_the_same_seed():
    made = [make_question(WORDS, "越南", Random(seed)) for seed in range(200)]
    assert made == [make_question(WORDS, "越南", Random(seed)) for seed in range(200)]
    assert len(set(made)) > 100
    for ask in ("谁", "什么时候", "哪"):
        assert any(ask in question for question in made)
    assert all(len(question) < 60 for question in made)
    assert make_question(WORDS[:3], "", Random(1)) == ""


def test_small_numbers_with_weights_stay_near_the_table():
    table = np.random.default_rng(3).standard_normal((50, 8)).astype(np.float32)
    table[7] = 0
    small, weights = quantised(table)
    assert small.dtype == np.int8
    assert np.abs(small * weights[:, None] - table).max() <= np.abs(table).max() / 127 / 2 + 1e-6
    assert not (small[7] * weights[7]).any()


def test_first_share_counts_rows_whose_best_is_right():
    scores = np.array([[1, 2, 0], [3, 1, 0], [0, 0, 5]], np.float32)
    assert first_share(scores, [{1}, {1, 2}, {0, 2}]) == pytest.approx(2 / 3)


@pytest.fixture
def data(tmp_path):
    """A data folder of one text, two questions and one small set to measure on."""
    for name in ("train/text", "train/qa", "eval"):
        (tmp_path / name).mkdir(parents=True)

    def write(name, rows):
        lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        if name.endswith(".xz"):
            (tmp_path / name).write_bytes(lzma.compress(lines.encode()))
        else:
            (tmp_path / name).write_text(lines, encoding="utf-8")

    places = ("北京", "上海", "广州", "成都", "武汉", "南京", "杭州", "西安")
    write(
        "train/text/cities.jsonl.xz",
        [
            {
                "title": f"{place}介绍",
                "text": f"{place}位于中国，2020年有{n}00万人口。温家宝曾经访问{place}的工会。"
                f"{place}的工会驿站共有{n}个，职工可以免费休息喝水。",
            }
            for n, place in enumerate(places, 2)
        ],
    )
    write(
        "train/qa/asked.jsonl",
        [{"question": "北京有多少人口？", "passage_id": "p1", "answer": "200"}],
    )
    write(
        "train/qa/asked.passages.jsonl",
        [{"id": "p1", "title": "北京", "text": "北京有200万人口。"}],
    )
    write("train/qa/pairs.jsonl", [{"a": "怎么申请休息", "b": "职工可以免费在驿站休息。"}])
    write(
        "eval/mlqa_zh_dev.jsonl",
        [
            {"question": "哪里可以煮咖喱", "passage_id": "a"},
            {"question": "海的颜色", "passage_id": "b", "answerable": False},
            {"question": "船长是谁", "passage_id": "b"},
        ],
    )
    write(
        "eval/mlqa_zh_dev.passages.jsonl",
        [
            {"id": "a", "title": "厨房", "text": "咖喱可以在厨房煮。"},
            {"id": "b", "text": "船长叫王五。"},
        ],
    )
    return tmp_path


def test_corpora_are_read_in_a_fixed_order(data):
    assert [text.title for text in read_texts(data)][:2] == ["北京介绍", "上海介绍"]
    assert [(q.corpus, q.question, q.text) for q in read_questions(data)] == [
        ("asked", "北京有多少人口？", "北京有200万人口。"),
        ("pairs", "怎么申请休息", "职工可以免费在驿站休息。"),
    ]


class TwoNumbers:
    """An encoder whose second number alone tells the passages apart."""

    dimensions = 2

    def encode_queries(self, texts):
        return np.array([[1, 3] for _ in texts], np.float32)

    def encode_passages(self, texts):
        return np.array([[1, "咖喱" in text] for text in texts], np.float32)


def test_cut_vectors_are_measured_beside_the_whole_ones(data):
    read = read_set(data, "mlqa_zh_dev")
    assert cosine_first(TwoNumbers(), read, cuts=[1]) == [0.5, 0.5]
    read.gold[1] = {0}
    assert cosine_first(TwoNumbers(), read, cuts=[1]) == [1.0, 1.0]
    read.pieces.reverse()
    assert cosine_first(TwoNumbers(), read, titles=False, cuts=[1]) == [0.0, 1.0]


def test_a_set_leaves_out_what_its_passage_does_not_answer(data):
    read = read_set(data, "mlqa_zh_dev")
    assert read.questions == ["哪里可以煮咖喱", "船长是谁"]
    assert read.gold == [{0}, {1}]
    assert read.passages(titles=True) == ["厨房\n咖喱可以在厨房煮。", "船长叫王五。"]
    assert bm25_first(read) == 1.0


@pytest.mark.filterwarnings("ignore")
def test_the_tokenizer_folds_as_words_do_and_prefers_words():
    pytest.importorskip("sentencepiece")
    pytest.importorskip("rjieba")
    from embeddings.training.tokenizer import build_tokenizer, choose_pieces, count_words

    counts = count_words(["縣總工會舉辦職工運動會", "总工会职工 GPT-4"] * 5)
    tokenizer = build_tokenizer(choose_pieces(counts, size=20_000))

    def pieces(text):
        return tokenizer.encode(text, add_special_tokens=False).tokens

    assert pieces("總工會（縣），ＧＰＴ－４") == ["总工会", "县", "gpt", "4"]
    assert pieces("") == []
    assert pieces("𠮷") == ["<0xF0>", "<0xA0>", "<0xAE>", "<0xB7>"]
    every = [chr(code) for code in range(0x3400, 0xA000)]
    folded = "".join(fold(character) for character in every)
    assert tokenizer.normalizer.normalize_str("".join(every)) == folded


@pytest.mark.filterwarnings("ignore")
def test_the_whole_recipe_runs_on_a_toy_corpus(data, tmp_path, monkeypatch, capsys):
    for name in ("sentence_transformers", "datasets", "accelerate", "sentencepiece", "rjieba"):
        pytest.importorskip(name)
    from embeddings.encoder import load_encoder
    from embeddings.training import batches, evaluation, fitting, steps

    monkeypatch.setattr(batches, "TOPICS", 2)
    monkeypatch.setattr(steps, "PIECES", 12_000)
    monkeypatch.setattr(steps, "CUTS", (8,))
    monkeypatch.setattr(evaluation, "SETS", ("mlqa_zh_dev",))
    recipe = fitting.Recipe(dimensions=16, batch_size=8, together=2, epochs=1)
    monkeypatch.setattr(fitting, "Recipe", lambda seed: recipe)
    places = steps.Places(data, tmp_path / "work", str(tmp_path / "model"))
    steps.pairs(places, seed=1, workers=1)
    steps.train(places, seed=1, workers=1)
    vectors = load_encoder(tmp_path / "model").encode_queries(["北京的工会驿站", ""])
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), [1, 0], atol=1e-5)
    again = steps.Places(data, tmp_path / "work-again", str(tmp_path / "again"))
    steps.pairs(again, seed=1, workers=2)
    steps.train(again, seed=1, workers=2)
    for name in ("tokenizer.json", "model.safetensors"):
        assert (places.folder / name).read_bytes() == (again.folder / name).read_bytes()
    steps.evaluate(places, seed=1, workers=1)
    *_, header, row = capsys.readouterr().out.splitlines()
    assert "first 8" in header
    assert row.split()[:3] == ["mlqa_zh_dev", "2", "2"]
