"""The steps of the recipe: what each reads, makes and keeps in the work folder."""

from __future__ import annotations

import json
import os
import resource
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tokenizers import Tokenizer

from embeddings.encoder import BUILTIN, load_encoder
from embeddings.training import evaluation
from embeddings.training.corpora import Copies, passages, read_questions, read_texts
from embeddings.training.pairs import Pairs, join_pairs, make_pairs
from embeddings.training.tokenizer import add_pairs, build_tokenizer, choose_pieces, count_words

PIECES = 52_000
PAIRS_OF_CHARACTERS = 16_000
# Numbers of dimensions that the shipped model can be cut to.
CUTS = (128, 64)
# The trial before this project's recipe, as its issue gives it: cosine first place, per cent.
TRIAL = {"mlqa_zh_dev": "52"}
_SPEED_PASSAGES = 5_000
_SPEED_QUESTIONS = 1_000
_SPEED_CHARS = 250


@dataclass(frozen=True, slots=True)
class Places:
    """Where data is read from, steps keep their results, and the model is written to."""

    data: Path
    work: Path
    model: str

    @property
    def tokenizer(self) -> Path:
        """The tokenizer that `pairs` makes."""
        return self.work / "tokenizer.json"

    @property
    def folder(self) -> Path:
        """The folder that `train` writes the model to."""
        return Path(__file__).parents[1] / BUILTIN if self.model == BUILTIN else Path(self.model)


def pairs(places: Places, *, seed: int, workers: int) -> None:
    """Make the tokenizer and the pairs, unless the work folder has them."""
    if (places.work / "pairs" / "base.npy").exists():
        _say("pairs: already there")
        return
    places.work.mkdir(parents=True, exist_ok=True)
    counts = _counts(places)
    if not places.tokenizer.exists():
        _say("making the tokenizer")
        pieces = choose_pieces(counts, size=PIECES)
        texts = _uncopied(places.data)
        pieces = add_pairs(pieces, build_tokenizer(pieces), texts, size=PAIRS_OF_CHARACTERS)
        build_tokenizer(pieces).save(str(places.tokenizer), pretty=False)
    portions: list[Pairs] = []
    for portion in make_pairs(places.data, places.tokenizer, seed=seed, workers=workers):
        portions.append(portion)
        if len(portions) % 50 == 0:
            _say(f"pairs: {sum(len(p.target) for p in portions):,}")
    joined = join_pairs(portions)
    joined.save(places.work / "pairs")
    _say(f"pairs: {len(joined.target):,} on {len(joined.passages):,} passages")


def train(places: Places, *, seed: int, workers: int) -> None:
    """Train on the pairs and write the model folder (its card is not touched)."""
    from embeddings.training.fitting import Recipe, fit
    from embeddings.training.writing import write_model

    tokenizer = Tokenizer.from_file(str(places.tokenizer))
    table = fit(
        Pairs.load(places.work / "pairs"), tokenizer, places.work / "run", Recipe(seed=seed)
    )
    write_model(places.folder, tokenizer, table)
    _say(f"wrote {places.folder}")


def evaluate(places: Places, *, seed: int, workers: int) -> None:
    """Print first places of the model and of BM25, in per cent, with and without titles.

    Beside them stand those of the first 128 and 64 dimensions alone, which a model must be trained
    for to keep its order.
    """
    encoder = load_encoder(places.model)
    _show(
        f"first place, %, {encoder.name}, {encoder.dimensions} dimensions "
        "(in brackets: passages without their titles)"
    )
    cuts = [size for size in CUTS if size < encoder.dimensions]
    _show(
        f"{'set':<24}{'questions':>10}{'pieces':>8}{'cosine':>16}"
        + "".join(f"{f'first {size}':>11}" for size in cuts)
        + f"{'BM25':>16}{'trial':>7}"
    )
    for row in evaluation.evaluate(encoder, places.data, cuts=cuts):
        cosine = f"{100 * row.cosine:.1f} ({100 * row.cosine_untitled:.1f})"
        bm25 = f"{100 * row.bm25:.1f} ({100 * row.bm25_untitled:.1f})"
        _show(
            f"{row.name:<24}{row.questions:>10}{row.pieces:>8}{cosine:>16}"
            + "".join(f"{100 * share:>11.1f}" for share in row.cosine_cut)
            + f"{bm25:>16}{TRIAL.get(row.name, '–'):>7}"
        )


def speed(places: Places, *, seed: int, workers: int) -> None:
    """Print what the model costs here: load, passages per second, one question, memory."""
    began = time.perf_counter()
    encoder = load_encoder(places.model)
    encoder.encode_queries(["工会"])
    loaded = time.perf_counter() - began
    texts = list(_sample(places.data))
    questions = [text[:18] for text in texts[:_SPEED_QUESTIONS]]
    per_passage = _clock(lambda: encoder.encode_passages(texts)) / len(texts)
    per_question = _clock(lambda: [encoder.encode_queries([q]) for q in questions]) / len(questions)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    _show(
        f"load and first question {loaded:.2f} s · passages of {_SPEED_CHARS} characters "
        f"{1 / per_passage:,.0f} a second · one question {1000 * per_question:.2f} ms · "
        f"peak memory {memory:.0f} MB · {os.cpu_count()} cores"
    )


def everything(places: Places, *, seed: int, workers: int) -> None:
    """Run the whole recipe: pairs, train, evaluate."""
    for step in (pairs, train, evaluate):
        step(places, seed=seed, workers=workers)


def _counts(places: Places) -> Counter[str]:
    kept = places.work / "counts.json"
    if not kept.exists():
        _say("counting words")
        counts = count_words(_uncopied(places.data))
        kept.write_text(json.dumps(counts, ensure_ascii=False), encoding="utf-8")
    return Counter(json.loads(kept.read_text(encoding="utf-8")))


def _uncopied(data: Path) -> Iterator[str]:
    copies = Copies.of_measured(data)
    for text in read_texts(data):
        yield from (passage for passage in passages(text.text) if passage not in copies)
    for item in read_questions(data):
        if item.text not in copies and item.question not in copies:
            yield item.question
            yield item.text


def _sample(data: Path) -> Iterator[str]:
    found = 0
    for text in read_texts(data):
        for start in range(0, len(text.text) - _SPEED_CHARS, _SPEED_CHARS):
            yield text.text[start : start + _SPEED_CHARS]
            found += 1
            if found == _SPEED_PASSAGES:
                return


def _clock(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _say(line: str) -> None:
    sys.stderr.write(f"{time.strftime('%H:%M:%S')} {line}\n")
    sys.stderr.flush()


def _show(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()
