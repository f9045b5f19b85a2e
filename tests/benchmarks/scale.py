"""Adding and asking in libraries of growing size, and the same with what else people use.

    python tests/benchmarks/scale.py 1k 10k 100k [--texts DIR] [--json FILE] [--peers PYTHON]
    python tests/benchmarks/scale.py --report FILE.json… docs/benchmarks.md

For each size (passages, in thousands or millions) text files are written (`scale_texts.py` says of
what), added by `qa add` in a process of its own, and asked questions made of their own sentences;
what that cost is printed and goes to the JSON file after every size. `--peers` also gives the same
passages and questions to the programs in `scale_peers.py`, each for at most `--limit` seconds; its
docstring says how to make the Python they run in. Texts, libraries and all else lie in a passing
folder, or stay in `--work DIR`; what is there already is made anew, save with `--again`, which
takes the library and what adding it cost from there.

`--report` writes tables and a plot from such files into a page; where several hold a size, the last
one counts.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from tests.benchmarks.scale_report import report, summary
from tests.benchmarks.scale_texts import write_texts
from tests.benchmarks.scale_watch import Cost, watched

HERE = Path(__file__).resolve().parent
PEERS = ("txtai", "langchain")
PACKAGES = "cited-qa numpy faiss-cpu tantivy tokenizers jieba rjieba".split()  # noqa: SIM905
UNITS = {"k": 1_000, "m": 1_000_000}

Values = dict[str, Any]


def main() -> None:
    """Measure, or write a page of what was measured."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("sizes", nargs="*", type=_size, metavar="SIZE")
    parser.add_argument("--texts", type=Path, metavar="DIR")
    parser.add_argument("--json", type=Path, metavar="FILE")
    parser.add_argument("--work", type=Path, metavar="DIR")
    parser.add_argument("--again", action="store_true")
    parser.add_argument("--peers", type=Path, metavar="PYTHON")
    parser.add_argument("--limit", type=float, default=1_800, help="seconds for each peer and size")
    parser.add_argument("--report", type=Path, nargs="+", metavar="FILE")
    given = parser.parse_args()
    if given.report:
        report(
            [json.loads(file.read_text("utf-8")) for file in given.report[:-1]], given.report[-1]
        )
        return
    if not given.sizes:
        parser.error("give sizes, such as 1k 10k")
    with tempfile.TemporaryDirectory() as passing:
        work: Path = given.work or Path(passing)
        whole: Values = {"machine": _machine(), "texts": bool(given.texts), "sizes": []}
        for size in given.sizes:
            one = _measure(work / str(size), size, given)
            whole["sizes"].append(one)
            if given.json:
                given.json.write_text(
                    json.dumps(whole, indent=1, ensure_ascii=False) + "\n", "utf-8"
                )
            print(summary(one), flush=True)


def _size(text: str) -> int:
    unit = UNITS.get(text[-1:].lower(), 1)
    return round(float(text.rstrip("kKmM")) * unit)


def _measure(folder: Path, size: int, given: argparse.Namespace) -> Values:
    """Make a library of a size and measure everything of it."""
    library, asked, before = folder / "library", folder / "questions.jsonl", folder / "added.json"
    if given.again and before.exists():
        ours: Values = json.loads(before.read_text("utf-8"))
    else:
        ours = _add(folder, size, given.texts)
        before.write_text(json.dumps(ours), "utf-8")
    ours |= _step("questions", library, asked)
    ours["open"] = _step("open", library)
    _say(f"{size}: asking")
    load = os.getloadavg()[0]
    _recall(library)
    ours |= _step("ask", library, asked) | {"load_before_asking": round(load, 1)}
    _say(f"{size}: adding and removing one document")
    ours["change"] = _step("change", library)
    _say(f"{size}: opening and asking from the disk")
    _forget(library)
    ours["open_from_disk"] = _step("open", library)
    _forget(library)
    ours["from_disk"] = _step("cold", library, asked)
    return {"size": size, "ours": ours, "peers": _peers(folder, given) if given.peers else {}}


def _add(folder: Path, size: int, source: Path | None) -> Values:
    """Write texts and add them."""
    shutil.rmtree(folder, ignore_errors=True)
    _say(f"{size}: writing texts")
    chars = write_texts(folder / "texts", size, source)
    _say(f"{size}: adding {chars} characters")
    load = os.getloadavg()[0]
    command = [sys.executable, "-m", "qa", "add", str(folder / "texts")]
    added = watched([*command, "--library", str(folder / "library")])
    if added.code:
        raise SystemExit(f"adding failed: {added.out[-3:]}")
    return {"chars": chars, "add": _without_out(added) | {"load_before": round(load, 1)}}


def _peers(folder: Path, given: argparse.Namespace) -> Values:
    """Give the same passages and questions to each of the others."""
    passages = folder / "passages.jsonl"
    _step("passages", folder / "library", passages)
    got: Values = {}
    for name in PEERS:
        _say(f"{folder.name}: {name}")
        load = os.getloadavg()[0]
        cost = watched(
            [given.peers, HERE / "scale_peers.py", name, passages, folder / "questions.jsonl"],
            limit_s=given.limit,
            env={**os.environ, "PYTHONPATH": str(HERE.parents[1]), "PYTHONWARNINGS": "ignore"},
        )
        one: Values = {}
        for line in cost.out:  # adding, then asking: what was reached before the limit is there
            if line.startswith("{"):
                one |= json.loads(line)
        one |= {"process": _without_out(cost), "load_before": round(load, 1)}
        if cost.code != 0:
            stage = "asking" if "add_s" in one else "adding"
            one["stopped"] = f"{stage}, {'time limit' if cost.code is None else 'failed'}"
        got[name] = one
    return got


def _step(name: str, library: Path, file: Path | None = None) -> Values:
    """Run a step of `scale_steps.py` in a process of its own."""
    command = [sys.executable, str(HERE / "scale_steps.py"), name, str(library)]
    command += [str(file)] if file else []
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    values: Values = json.loads(done.stdout.splitlines()[-1])
    return values


def _recall(library: Path) -> None:
    """Have the system hold a library's files in memory, as it does when they were just written."""
    for file in library.rglob("*"):
        if file.is_file():
            with file.open("rb") as opened:
                while opened.read(1 << 20):
                    pass


def _forget(library: Path) -> None:
    """Have the system drop its copies of a library's files, so that they come from disk again."""
    for file in library.rglob("*"):
        if file.is_file():
            with file.open("rb") as opened:
                os.fsync(opened.fileno())
                os.posix_fadvise(opened.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def _without_out(cost: Cost) -> Values:
    return {name: value for name, value in asdict(cost).items() if name != "out"}


def _machine() -> Values:
    """Say what it runs on."""
    facts = Path("/proc/cpuinfo").read_text("utf-8")
    models = [line.partition(":")[2].strip() for line in facts.splitlines() if "model name" in line]
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return {
        "date": time.strftime("%Y-%m-%d"),
        "cores": len(os.sched_getaffinity(0)),
        "cpu": models[0] if models else platform.machine(),
        "memory_gib": round(memory / 2**30, 1),
        "python": platform.python_version(),
        "system": platform.system(),
        "versions": {name: found for name in PACKAGES if (found := _version(name))},
    }


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def _say(text: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {text}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
