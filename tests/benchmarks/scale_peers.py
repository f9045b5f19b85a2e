"""The same passages and questions in what people would use instead; `scale.py --peers` runs it.

    python tests/benchmarks/scale_peers.py txtai|langchain PASSAGES.jsonl QUESTIONS.jsonl

It needs a Python of its own:

    python3.11 -m venv /tmp/peers && /tmp/peers/bin/pip install -c constraints.txt \\
        txtai langchain-community langchain-classic rank-bm25 jieba faiss-cpu safetensors \\
        tokenizers opencc "torch==2.13.0"

Both have the passages as the library cut them, with title and heading in front, and their vectors
from the library's own encoder; Chinese is cut by jieba for their BM25: neither does so by itself.

- txtai: hybrid search (`hybrid: True`: its own BM25 and its FAISS index, their scores mixed half
  and half), vectors by `method: external`.
- LangChain: a FAISS store and a rank_bm25 retriever in an EnsembleRetriever, half and half, words
  by `jieba.lcut_for_search`, as Langchain-Chatchat wires it. That makes the BM25 retriever anew for
  every question; here it is made once, with the store, and the time counts as adding.

Everything stays in memory; nothing is written to disk. Imports do not count as adding, nor does
reading the passages' file. One line of JSON after adding, another after asking.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from embeddings.encoder import load_encoder
from qa.question_files import comparable

K = 10
PARTS, WARMING = 4, 5  # as in scale_steps.py, which needs packages that are not here
ASK_S = 300.0  # no further question is asked after so many seconds
_BETWEEN = "\x1f"  # stands between words, and in no text

Search = Callable[[str], Sequence[int]]


def main() -> None:
    """Add, ask, and print both."""
    name, passages, asked = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    known = [json.loads(line) for line in passages.open(encoding="utf-8")]
    texts = [f"{one['head']}\n{one['text']}" for one in known]
    make = {"txtai": txtai, "langchain": langchain}[name]
    parts, before = make(), _memory()
    began, cpu = time.perf_counter(), time.process_time()
    search = parts(texts)
    _print(
        add_s=time.perf_counter() - began,
        add_cpu_s=time.process_time() - cpu,
        passages=len(texts),
        memory_mb=_memory() - before,
    )
    questions = [json.loads(line) for line in asked.open(encoding="utf-8")]
    for one in questions[-WARMING:]:
        search(one["question"])
    times, first = [], []
    began, cpu = time.perf_counter(), time.process_time()
    for one in questions[: len(questions) // PARTS]:  # those that one asker asks the library
        at = time.perf_counter()
        found = search(one["question"])
        times.append((time.perf_counter() - at) * 1_000)
        first.append(bool(found) and comparable(one["answer"]) in comparable(texts[found[0]]))
        if time.perf_counter() - began > ASK_S:
            break
    _print(
        median_ms=float(np.percentile(times, 50, method="inverted_cdf")),
        p99_ms=float(np.percentile(times, 99, method="inverted_cdf")),
        cpu_ms=(time.process_time() - cpu) / len(times) * 1_000,
        asked=len(times),
        first="".join("01"[right] for right in first),
        resident_mb=_memory(),
        versions={one: version(one) for one in _PACKAGES[name]},
    )


_PACKAGES = {
    "txtai": ("txtai", "faiss-cpu", "jieba"),
    "langchain": ("langchain-community", "langchain-classic", "faiss-cpu", "rank-bm25", "jieba"),
}


def txtai() -> Callable[[Sequence[str]], Search]:
    """Give what makes a txtai index of texts and a search in it."""
    import jieba
    from txtai import Embeddings

    encoder = load_encoder("builtin")
    jieba.initialize()

    def vectors(texts: Sequence[str]) -> NDArray[np.float32]:
        return encoder.encode_passages([text.replace(_BETWEEN, "") for text in texts])

    def cut(text: str) -> str:
        return _BETWEEN.join(jieba.cut(text))

    def build(texts: Sequence[str]) -> Search:
        cutting = {"regexp": r"\w+"}  # neither the sign between words nor punctuation
        words = {"method": "bm25", "terms": True, "normalize": True, "tokenizer": cutting}
        index = Embeddings(hybrid=True, method="external", transform=vectors, scoring=words)
        index.index((number, cut(text), None) for number, text in enumerate(texts))
        return lambda question: [int(number) for number, _ in index.search(cut(question), K)]

    return build


def langchain() -> Callable[[Sequence[str]], Search]:
    """Give what makes LangChain's store and retrievers of texts, and a search in them."""
    import jieba
    from langchain_classic.retrievers import EnsembleRetriever
    from langchain_community.retrievers import BM25Retriever
    from langchain_community.vectorstores import FAISS
    from langchain_core.embeddings import Embeddings

    encoder = load_encoder("builtin")
    jieba.initialize()

    class Builtin(Embeddings):
        """The library's encoder as LangChain wants one."""

        def embed_documents(self, texts: list[str]) -> list[list[float]]:
            return encoder.encode_passages(texts).tolist()

        def embed_query(self, text: str) -> list[float]:
            return encoder.encode_queries([text])[0].tolist()

    def build(texts: Sequence[str]) -> Search:
        numbers: list[dict[str, Any]] = [{"number": number} for number in range(len(texts))]
        store = FAISS.from_texts(list(texts), Builtin(), metadatas=numbers)
        words = BM25Retriever.from_texts(
            list(texts), metadatas=numbers, preprocess_func=jieba.lcut_for_search
        )
        words.k = K
        near = store.as_retriever(search_kwargs={"k": K})
        both = EnsembleRetriever(retrievers=[words, near], weights=[0.5, 0.5])
        return lambda question: [one.metadata["number"] for one in both.invoke(question)[:K]]

    return build


def _memory() -> int:
    """Give the memory of this process that is its own, in MB."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) >> 10 for line in lines if line.startswith("RssAnon:"))


def _print(**values: object) -> None:
    print(json.dumps(values), flush=True)


if __name__ == "__main__":
    main()
