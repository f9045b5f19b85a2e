"""The character pairs of many texts at once, in a third of the time of one after the other."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import chain

from embeddings.character_table import CharacterTable, code_points, text_of
from embeddings.words import HAN, LATIN, LONGEST_RUN, bigrams

_HAN = re.compile(f"[{HAN}]")
_LATIN = re.compile(LATIN)
_IS_HAN = CharacterTable(lambda code: int(_HAN.fullmatch(chr(code)) is not None))


def bigrams_joined(texts: Sequence[str]) -> list[str]:
    """Give the `bigrams` of each folded text with blanks between.

    >>> bigrams_joined(["虔能杯ai赛", ""])
    ['虔能 能杯 ai 赛', '']
    """
    import numpy as np

    if not texts:
        return []
    whole = "\t".join(text.replace("\n", " ").replace("\t", " ") for text in texts)
    codes = code_points(whole)
    if codes is None:
        return [" ".join(bigrams(text)) for text in texts]
    han = np.zeros(len(codes) + 2, dtype=np.bool_)  # and one beside either end
    han[1:-1] = _IS_HAN.of(codes)
    pair = han[1:-1] & han[2:]
    latin = list(_LATIN.finditer(whole))
    begins = np.zeros(len(codes), dtype=np.bool_)
    begins[[run.start() for run in latin]] = True
    # Of each character three: itself, the next one if the two are a pair, and a blank. A line end
    # stands for a Latin run, a tabulator for the end of a text.
    three = np.full((len(codes), 3), ord(" "), dtype=np.uint32)
    three[:, 0] = codes
    three[begins, 0] = ord("\n")
    three[:-1, 1] = codes[1:]
    kept = np.empty(three.shape, dtype=np.bool_)
    kept[:, 2] = pair | begins | (han[1:-1] & ~han[:-2])
    kept[:, 1] = pair
    kept[:, 0] = kept[:, 2] | (codes == ord("\t"))
    pieces = text_of(three[kept]).split("\n")
    runs = chain((run[0][:LONGEST_RUN] for run in latin), [""])
    filled = "".join(chain.from_iterable(zip(pieces, runs, strict=True)))
    return [one.rstrip(" ") for one in filled.split("\t")]
