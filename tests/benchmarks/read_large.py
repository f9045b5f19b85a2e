"""How long adding large and hostile files takes, and how much memory.

    python tests/benchmarks/read_large.py [CASE…] [--share 1.0]

Makes every case in a passing folder and adds it to a new library in a process of its own. Prints
seconds, the largest memory of that process and of the one that reads risky formats, and what was
reported. `--share 0.1` makes them a tenth as large.
"""

from __future__ import annotations

import argparse
import io
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

from qa.library import Library
from tests.pdfs import Line, pdf

WORDS = """各级工会 应当 困难职工 帮扶 申请 审核 公示 发放 补助 标准 每年 县区 基层 组织 经费
    管理 台账 季度 核对 报告 会议 通知 要求 落实 责任 服务 中心 地址 电话 办理 材料 时限 法律 援助
    培训 安全 生产 劳动 合同""".split()  # noqa: SIM905 - one word a line otherwise
SEED = 7


def text(chars: int, random_: random.Random) -> str:
    """Give lines of made sentences."""
    lines, length = [], 0
    while length < chars:
        words = random_.choices(WORDS, k=random_.randrange(20, 80))
        line = "".join(f"{w}，" if random_.random() < 0.15 else w for w in words) + "。"
        lines.append(line)
        length += len(line) + 1
    return "\n".join(lines)


def one_text(folder: Path, share: float) -> None:
    """A text file of 200 MB."""
    part = text(1 << 20, random.Random(SEED)).encode()
    with (folder / "大.txt").open("wb") as file:
        while file.tell() < share * (200 << 20):
            file.write(part + b"\n")


def long_pdf(folder: Path, share: float) -> None:
    """A PDF of 3,000 pages."""
    random_ = random.Random(SEED)
    pages = [
        [
            Line(one, 100 + 20 * n, 72)
            for n, one in enumerate("".join(random_.choices(WORDS, k=12))[:36] for _ in range(30))
        ]
        for _ in range(round(share * 3000))
    ]
    (folder / "长.pdf").write_bytes(pdf(pages))


def small_files(folder: Path, share: float) -> None:
    """20,000 small files in 200 folders."""
    random_ = random.Random(SEED)
    for number in range(round(share * 20_000)):
        below = folder / f"第 {number % 200} 组😀"
        below.mkdir(exist_ok=True)
        (below / f"通知 {number}.txt").write_text(text(200, random_), encoding="utf-8")


def bomb(folder: Path, share: float) -> None:
    """A zip file and a Word document of zeros that unpack to 4 GB."""
    for name, member in (("弹.zip", "a.txt"), ("弹.docx", "word/document.xml")):
        with (
            zipfile.ZipFile(folder / name, "w", zipfile.ZIP_DEFLATED) as archive,
            archive.open(member, "w", force_zip64=True) as stream,
        ):
            for _ in range(round(share * 4096)):
                stream.write(bytes(1 << 20))


def loop(folder: Path, share: float) -> None:
    """Links that lead back to their own folder, and one file."""
    (folder / "甲").mkdir()
    (folder / "甲" / "回").symlink_to(folder)
    (folder / "乙").symlink_to(folder / "乙")
    (folder / "通知.txt").write_text(text(200, random.Random(SEED)), encoding="utf-8")


def long_line(folder: Path, share: float) -> None:
    """A line of 100,000 characters, with and without signs, in three formats."""
    random_ = random.Random(SEED)
    plain = "".join(random_.choices(WORDS, k=50_000))[: round(share * 100_000)]
    signed = text(round(share * 100_000), random_).replace("\n", "")
    for name, line in (("无.txt", plain), ("有.txt", signed), ("表.csv", f"名,文\n甲,{plain}")):
        (folder / name).write_text(line, encoding="utf-8")
    (folder / "页.html").write_text(f"<p>{plain}</p><p>{signed}</p>", encoding="utf-8")


CASES: dict[str, Callable[[Path, float], None]] = {
    "text": one_text,
    "pdf": long_pdf,
    "files": small_files,
    "bomb": bomb,
    "loop": loop,
    "line": long_line,
}


def main() -> None:
    """Make, add and measure the cases."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("cases", nargs="*", default=list(CASES))
    parser.add_argument("--share", type=float, default=1.0)
    parser.add_argument("--add", type=Path, nargs=2, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.add:
        add(*given.add)
        return
    for name in given.cases:
        with tempfile.TemporaryDirectory() as passing:
            folder = Path(passing) / "资料"
            folder.mkdir()
            CASES[name](folder, given.share)
            command = [sys.executable, __file__, "--add", str(folder), f"{passing}/library"]
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            sys.stdout.write(f"{name}: {done.stdout or done.stderr}")
            sys.stdout.flush()


def add(folder: Path, library: Path) -> None:
    """Add a folder twice and print what it took."""
    with Library.open(library) as opened:
        started = time.perf_counter()
        report = opened.add(folder)
        first = time.perf_counter() - started
        started = time.perf_counter()
        opened.add(folder)
        second = time.perf_counter() - started
        passages = opened.status().passages
    out = io.StringIO()
    own, child = (
        resource.getrusage(who).ru_maxrss >> 10
        for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    out.write(
        f"{len(report.added)} added, {passages} passages, {first:.1f} s; again {second:.2f} s;"
        f" {own} MB here, {child} MB in the reader\n"
    )
    for one in [*report.failed, *report.skipped][:6]:
        out.write(f"    {one.path}: {one.reason}\n")
    os.write(1, out.getvalue().encode())


if __name__ == "__main__":
    main()
