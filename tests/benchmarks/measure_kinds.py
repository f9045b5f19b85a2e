"""How often the thing that a question asks for is seen where its answer stands, and elsewhere.

    python tests/benchmarks/measure_kinds.py --questions DIR

--questions: a folder of `NAME.jsonl` ({question, passage_id, answer}) with `NAME.passages.jsonl`
beside each; lines without an answer are passed over. For each kind of `qa/kinds.py`: how many
questions ask for it, in how many of them the sentence with the answer looks so, in how many another
sentence of the passage does (seeded), and the difference. Kinds that an answer must have are marked
with !. Nothing is fitted here; the patterns were mended by looking at what such a run missed.
"""

from __future__ import annotations

import argparse
import json
import random
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from embeddings.words import fold
from qa.kinds import Thing, thing_asked
from qa.sentences import sentences

SEED = 3
FEWEST_CHARS = 5  # of a sentence
KINDS = {
    "为什么": "why",
    "电话是多少": "telephone",
    "网址": "web",
    "地址": "address",
    "几成": "share",
    "多少钱": "money",
    "哪一年": "year",
    "多久": "length of time",
    "哪一天": "day",
    "几点": "time of day",
    "何时": "time",
    "是谁": "person",
    "由谁": "body",
    "发给谁": "person or body",
    "哪里": "place",
    "哪些": "several",
}


def main() -> None:
    """Count, and print a line for each kind."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--questions", type=Path, required=True)
    given = parser.parse_args()
    names = {id(thing_asked(fold(asked))): name for asked, name in KINDS.items()}
    asked, there, elsewhere = Counter[str](), Counter[str](), Counter[str]()
    for question, own, other in pairs(given.questions):
        thing = thing_asked(question)
        name = _name(thing, names)
        asked[name] += 1
        there[name] += thing is not None and thing.looks.search(own) is not None
        elsewhere[name] += thing is not None and thing.looks.search(other) is not None
    print(f"{'kind':18}{'questions':>9}{'answer':>9}{'other':>9}{'gain':>9}")
    for name, count in asked.most_common():
        shares = [100 * one / count for one in (there[name], elsewhere[name])]
        print(f"{name:18}{count:9}{shares[0]:9.1f}{shares[1]:9.1f}{shares[0] - shares[1]:9.1f}")


def pairs(folder: Path) -> Iterator[tuple[str, str, str]]:
    """Give folded questions, each with the sentence of its answer and another of the passage."""
    rng = random.Random(SEED)
    for file in sorted(folder.glob("*.passages.jsonl")):
        texts = {one["id"]: fold(one["text"]) for one in _rows(file)}
        for one in _rows(folder / file.name.replace(".passages", "")):
            text, answer = texts.get(one.get("passage_id", ""), ""), fold(one.get("answer", ""))
            at = text.find(answer)
            if not answer or at < 0:
                continue
            found = [(a, b) for a, b in sentences(text) if b - a >= FEWEST_CHARS]
            own = [text[a:b] for a, b in found if a <= at < b]
            others = [text[a:b] for a, b in found if not a <= at < b]
            if own and others:
                yield fold(one["question"]), own[0], rng.choice(others)


def _name(thing: Thing | None, names: dict[int, str]) -> str:
    if thing is None:
        return "none"
    return names.get(id(thing), "number") + ("!" if thing.exact else "")


def _rows(file: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


if __name__ == "__main__":
    main()
