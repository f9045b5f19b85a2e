"""The recipe as a command: `python -m embeddings.training all --data DIR --work DIR --model DIR`.

Steps, each of which can be run alone and keeps its result in the work folder:
  pairs     count words, choose the pieces, make the tokenizer and the pairs
  train     train the table (goes on from the last checkpoint) and write the model
  evaluate  print first places by cosine beside BM25 on the sets of DIR/eval
  speed     print passages per second, milliseconds per question, load time and memory
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from embeddings.training import steps


def main() -> int:
    """Parse the command line, run the step, give the exit status."""
    given = _parser().parse_args()
    run = {
        "pairs": steps.pairs,
        "train": steps.train,
        "evaluate": steps.evaluate,
        "speed": steps.speed,
        "all": steps.everything,
    }[given.step]
    run(steps.Places(given.data, given.work, given.model), seed=given.seed, workers=given.workers)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m embeddings.training",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("step", choices=("pairs", "train", "evaluate", "speed", "all"))
    parser.add_argument(
        "--data",
        type=Path,
        required=True,
        metavar="DIR",
        help="the folder that holds train/ and eval/",
    )
    parser.add_argument(
        "--work",
        type=Path,
        default=Path("model-work"),
        metavar="DIR",
        help="where steps keep their results (2 GB)",
    )
    parser.add_argument(
        "--model",
        default="builtin",
        metavar="DIR",
        help="the model to write, or to measure: builtin, a folder or a hub name",
    )
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument(
        "--workers",
        type=int,
        default=os.cpu_count() or 1,
        help="processes that make pairs (the pairs do not depend on it)",
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
