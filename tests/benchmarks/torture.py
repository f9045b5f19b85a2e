"""Kill a writer two hundred times while others ask, and upkeep; fill disks, damage files.

    python tests/benchmarks/torture.py --json torture.json

Prints a table and ends with 1 if anything that was reported is lost, half, stale or unclear. The
small disk needs root. With `--encoder builtin` the model that ships is used.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT)]

from qa.metrics import percentile  # noqa: E402
from tests.torture.killing import Plan, Result, Torture  # noqa: E402
from tests.torture.running import damage_files, fill_disk, kill_upkeep  # noqa: E402

DISK = "24m"


def main() -> None:
    """Run all of it, print the figures, and end with 1 where there are faults."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=int(time.time()) % 100_000)
    parser.add_argument("--encoder", default="fake")
    parser.add_argument("--large", type=int, default=24, help="documents of the largest additions")
    parser.add_argument("--longest", type=float, default=2.0, help="seconds before a kill")
    parser.add_argument("--minutes", type=float, default=600.0, help="stop the kills after them")
    parser.add_argument("--parts", nargs="+", default=["kills", "disk", "files", "upkeep"])
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    print(f"seed {asked.seed}", flush=True)
    figures: dict[str, object] = {"seed": asked.seed, "encoder": asked.encoder}
    faults: list[str] = []
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as place:
        if "files" in asked.parts:
            figures["files"] = found = damage_files(Path(place) / "files")
            faults += _shown("damaged files", found)
        if "disk" in asked.parts:
            figures["disk"] = found = fill_disk(Path(place) / "disk", DISK)
            faults += _shown("full disk", found)
        if "upkeep" in asked.parts:
            figures["upkeep"] = found = kill_upkeep(Path(place) / "upkeep", asked.seed)
            faults += _shown("upkeep killed", found)
        if "kills" in asked.parts:
            began, folder = time.monotonic(), Path(place) / "kills"
            folder.mkdir()
            plan = Plan(
                folder, asked.seed, asked.kills,
                longest_s=asked.longest, large=asked.large, encoder=asked.encoder,
                minutes=asked.minutes,
            )  # fmt: skip
            result = Torture(plan).run()
            figures["kills"] = kills = _figures(result, time.monotonic() - began)
            faults += _shown("kills", kills)
            for file in folder.glob("*.errors"):
                print(file.name, file.read_text(encoding="utf-8")[-2_000:])
    if asked.json:
        asked.json.write_text(json.dumps(figures, ensure_ascii=False, indent=1), encoding="utf-8")
    print(f"{len(faults)} faults")
    sys.exit(bool(faults))


def _figures(result: Result, seconds: float) -> dict[str, object]:
    late = [(late, what) for late, what in result.late_s]
    return {
        "seconds": round(seconds),
        "kills": dict(result.kills),
        "killed_in": dict(result.killed_in.most_common()),
        "operations_reported": result.operations,
        "documents_in_doubt_found_as": dict(result.in_doubt),
        "documents_at_the_end": result.documents,
        "backups_restored": result.backups,
        "questions_meanwhile": result.questions,
        "opening_s": _spread(result.opening_s),
        "whole_again_s": _spread(result.healing_s),
        "commit_seen_after_s": _spread(result.commits_s),
        "reported_but_unfound_at_first_s": {
            what: _spread([one for one, during in late if during == what])
            for what in sorted({what for _, what in late})
        },
        "faults": result.faults,
    }


def _spread(values: list[float]) -> dict[str, float]:
    if not values:
        return {"count": 0}
    return {
        "count": len(values),
        "median": round(percentile(values, 50), 3),
        "99 %": round(percentile(values, 99), 3),
        "most": round(max(values), 3),
    }


def _shown(what: str, found: dict[str, object]) -> list[str]:
    print(f"\n{what}")
    for name, value in found.items():
        if name != "faults":
            print(f"  {name:32} {json.dumps(value, ensure_ascii=False)}", flush=True)
    faults = [str(one) for one in found["faults"]] if isinstance(found["faults"], list) else []
    for fault in faults:
        print(f"  FAULT {fault}", flush=True)
    return faults


if __name__ == "__main__":
    main()
