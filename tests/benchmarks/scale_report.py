"""Tables and a plot of what `scale.py` measured."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

Values = dict[str, Any]
Point = tuple[float, float]

_FIRST = 300  # a quarter of the questions, fewer in a small library
_MODULES = 14  # that are named, those that take most

BEGIN, END = "<!-- figures -->", "<!-- end of figures -->"
NAMES = {"ours": "cited-qa", "txtai": "txtai hybrid", "langchain": "LangChain ensemble"}
_COLOURS = {"ours": "#0b6e4f", "p99": "#7fb69f", "txtai": "#c05621", "langchain": "#5a4fcf"}


def report(runs: Sequence[Values], page: Path) -> None:
    """Put tables between the marks of a page, and the plot beside it."""
    sizes = {one["size"]: one for run in runs for one in run["sizes"]}
    ordered = [sizes[size] for size in sorted(sizes)]
    parts = [_machines(runs), _own(ordered), _modules(ordered)]
    if any(one["peers"] for one in ordered):
        parts.append(_beside(ordered))
    plot = page.with_suffix(".svg")
    parts.append(f"![Milliseconds of a question and of adding, by passages]({plot.name})")
    between = "\n\n".join([BEGIN, *parts, END])
    whole = page.read_text("utf-8")
    pattern = re.compile(re.escape(BEGIN) + ".*?" + re.escape(END), re.S)
    if not pattern.search(whole):
        raise SystemExit(f"{page} has no {BEGIN} … {END}")
    page.write_text(pattern.sub(lambda _: between, whole), "utf-8")
    plot.write_text(_plot(ordered), "utf-8")


def summary(one: Values) -> str:
    """Give the tables of one size."""
    tables = [_own([one])] + ([_beside([one])] if one["peers"] else [])
    return "\n\n".join(tables)


def _machines(runs: Sequence[Values]) -> str:
    lines = []
    for run in runs:
        machine = run["machine"]
        versions = ", ".join(f"{name} {number}" for name, number in machine["versions"].items())
        sizes = ", ".join(_short(one["size"]) for one in run["sizes"])
        loads = [one["ours"]["add"]["load_before"] for one in run["sizes"]]
        loads += [one["ours"]["load_before_asking"] for one in run["sizes"]]
        texts = "texts given" if run["texts"] else "made texts"
        lines.append(
            f"{sizes}: {machine['date']}, {machine['cores']} cores ({machine['cpu']}), "
            f"{machine['memory_gib']} GiB, {machine['system']}, Python {machine['python']}, "
            f"{versions}; {texts}; other work on the machine when a measurement began "
            f"(load average) {min(loads)} to {max(loads)}."
        )
    return "\n".join(dict.fromkeys(lines))


def _own(sizes: Sequence[Values]) -> str:
    """Give all of the library's own figures, one column a size."""
    rows: list[tuple[str, Callable[[Values], str]]] = [
        ("passages", lambda o: f"{o['passages']:,}"),
        ("documents", lambda o: f"{o['documents']:,}"),
        ("characters of text for each", lambda o: _n(o["chars"] / o["passages"])),
        ("words cut by", lambda o: str(o["cutter"])),
        ("adding, s", lambda o: _n(o["add"]["wall_s"])),
        ("adding, CPU s", lambda o: _n(o["add"]["cpu_s"])),
        ("passages added a second", lambda o: _n(o["passages"] / o["add"]["wall_s"])),
        ("peak memory of adding, MB", lambda o: f"{o['add']['peak_mb']:,}"),
        ("— of it not mapped files, MB", lambda o: f"{o['add']['private_mb']:,}"),
        ("library on disk, MB", lambda o: f"{o['disk_mb']:,}"),
        ("opening in a new process, s", lambda o: _n(o["open"]["open_s"])),
        ("— its imports before that, s", lambda o: _n(o["open"]["import_s"])),
        ("— with nothing in the page cache, s", lambda o: _n(o["open_from_disk"]["open_s"])),
        ("first question, ms", lambda o: _n(o["open"]["first_ms"])),
        ("— with nothing in the page cache, ms", lambda o: _n(o["open_from_disk"]["first_ms"])),
        (
            "question, one asker, all files in the page cache: median, ms",
            lambda o: _n(o["one"]["median_ms"]),
        ),
        ("— 99th percentile, ms", lambda o: _n(o["one"]["p99_ms"])),
        ("— CPU ms, mean", lambda o: _n(o["one"]["cpu_ms"])),
        ("— memory then, private MB", lambda o: f"{o['one']['private_mb']:,}"),
        ("— mapped files, MB", lambda o: f"{o['one']['mapped_mb']:,}"),
        (
            f"first {_FIRST} questions of a process, with nothing in the page cache: median, ms",
            lambda o: _from_disk(o, "median_ms"),
        ),
        ("— 99th percentile, ms", lambda o: _from_disk(o, "p99_ms")),
        ("— CPU ms, mean", lambda o: _from_disk(o, "cpu_ms")),
        ("search for 10 passages only: median, ms", lambda o: _n(o["search"]["median_ms"])),
        ("— 99th percentile, ms", lambda o: _n(o["search"]["p99_ms"])),
        ("— CPU ms, mean", lambda o: _n(o["search"]["cpu_ms"])),
        ("question, eight askers: median, ms", lambda o: _n(o["eight"]["median_ms"])),
        ("— 99th percentile, ms", lambda o: _n(o["eight"]["p99_ms"])),
        ("— questions a second", lambda o: _n(o["eight"]["a_second"])),
        ("— memory then, private MB", lambda o: f"{o['eight']['private_mb']:,}"),
        ("answering sentence in first place", lambda o: _rate(o["first"], len(o["first"]))),
        ("recall of the vector file", lambda o: "–" if o["recall"] is None else _n(o["recall"])),
        ("one document added and found, s", lambda o: _pair(o["change"]["add"])),
        ("— found by another process, s", lambda o: _pair(o["change"]["added"])),
        ("one document removed and gone, s", lambda o: _pair(o["change"]["remove"])),
        ("— gone for another process, s", lambda o: _pair(o["change"]["removed"])),
    ]
    head = ["about so many passages", *(_short(one["size"]) for one in sizes)]
    return _table(head, [[name, *(show(one["ours"]) for one in sizes)] for name, show in rows])


def _modules(sizes: Sequence[Values]) -> str:
    """Give the processor time of a question by module: its mean, shared out as profiled."""
    profiled = [one["ours"] for one in sizes if "modules" in one["ours"]]
    most = sorted(
        {name for ours in profiled for name in ours["modules"]},
        key=lambda name: -max(ours["modules"].get(name, 0.0) for ours in profiled),
    )[:_MODULES]
    rows = [
        [name, *(_n(ours["modules"].get(name, 0.0) * ours["one"]["cpu_ms"]) for ours in profiled)]
        for name in most
    ]
    head = ["CPU ms of a question in", *(f"{ours['passages']:,}" for ours in profiled)]
    return _table(head, rows)


def _beside(sizes: Sequence[Values]) -> str:
    """Give what the others needed, and how many times as much as ours that is."""
    head = ["passages", "", "adding, s", "× ours", "CPU s", "question: median ms", "× ours"]
    head += ["99 %", "CPU ms", "in first place", "ours on the same", "peak memory, MB", "stopped"]
    rows = []
    for one in sizes:
        ours = one["ours"]
        own = [_n(ours["add"]["wall_s"]), "1", _n(ours["add"]["cpu_s"])]
        asked = ours["one"]
        own += [_n(asked["median_ms"]), "1", _n(asked["p99_ms"]), _n(asked["cpu_ms"])]
        own += [_rate(ours["first"], len(ours["first"])), "", f"{ours['add']['peak_mb']:,}", ""]
        rows.append([_short(one["size"]), NAMES["ours"], *own])
        rows += [["", NAMES[name], *_peer(ours, peer)] for name, peer in one["peers"].items()]
    return _table(head, rows)


def _peer(ours: Values, peer: Values) -> list[str]:
    cells = ["–"] * 9
    if "add_s" in peer:
        times = peer["add_s"] / ours["add"]["wall_s"]
        cells[:3] = [_n(peer["add_s"]), _n(times), _n(peer["add_cpu_s"])]
    if "median_ms" in peer:
        asked, times = peer["asked"], peer["median_ms"] / ours["one"]["median_ms"]
        cells[3:7] = [_n(peer["median_ms"]), _n(times), _n(peer["p99_ms"]), _n(peer["cpu_ms"])]
        cells[7:] = [_rate(peer["first"], asked), _rate(ours["first"], asked)]
    return [*cells, f"{peer['process']['peak_mb']:,}", peer.get("stopped", "")]


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    line = "|---" * len(head) + "|"
    return "\n".join([_row(head), line, *(_row(row) for row in rows)])


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _n(value: float) -> str:
    """Give a number with three telling digits."""
    if value == 0:
        return "0"
    digits = max(0, 2 - math.floor(math.log10(abs(value))))
    return f"{value:,.{min(digits, 3)}f}"


def _from_disk(ours: Values, name: str) -> str:
    """Give a figure of questions with nothing in the page cache, which earlier runs lack."""
    return _n(ours["from_disk"][name]) if "from_disk" in ours else "–"


def _rate(first: str, asked: int) -> str:
    """Give the share of ones among the first so many zeros and ones."""
    return f"{first[:asked].count('1') / asked:.1%} of {asked}"


def _pair(values: Values) -> str:
    return f"{_n(values['median_s'])} (at most {_n(values['most_s'])})"


def _short(size: int) -> str:
    return f"{size / 1e6:g}M" if size >= 1_000_000 else f"{size / 1e3:g}k"


_WIDTH, _HEIGHT, _LEFT, _TOP, _ROOM = 430, 260, 56, 34, 60
_OUTSIDE = 0.05  # of a power of ten: 10,212 passages stand at 10k


def _plot(sizes: Sequence[Values]) -> str:
    """Draw milliseconds of a question, and CPU milliseconds of adding a passage, against size."""
    asking: dict[str, list[Point]] = {"ours": [], "p99": []}
    adding: dict[str, list[Point]] = {"ours": []}
    for one in sizes:
        ours = one["ours"]
        passages = ours["passages"]
        asking["ours"].append((passages, ours["one"]["median_ms"]))
        asking["p99"].append((passages, ours["one"]["p99_ms"]))
        adding["ours"].append((passages, ours["add"]["wall_s"] / passages * 1_000))
        for name, peer in one["peers"].items():
            if "median_ms" in peer:
                asking.setdefault(name, []).append((passages, peer["median_ms"]))
            if "add_s" in peer:
                adding.setdefault(name, []).append((passages, peer["add_s"] / passages * 1_000))
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {2 * _WIDTH} {_HEIGHT + _ROOM}" '
        'font-family="sans-serif" font-size="11">',
        f'<rect width="{2 * _WIDTH}" height="{_HEIGHT + _ROOM}" fill="#ffffff"/>',
        *_panel(asking, 0, "a question, ms (median)"),
        *_panel(adding, _WIDTH, "adding a passage, ms of wall time"),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _panel(series: dict[str, list[Point]], left: int, title: str) -> list[str]:
    """Draw one diagram, both axes by powers of ten."""
    points = [point for some in series.values() for point in some]
    x_span, y_span = (_decades([point[axis] for point in points]) for axis in (0, 1))
    right, bottom = left + _WIDTH - 20, _HEIGHT - 10

    def place(point: Point) -> Point:
        across = (math.log10(point[0]) - x_span[0]) / (x_span[1] - x_span[0])
        up = (math.log10(point[1]) - y_span[0]) / (y_span[1] - y_span[0])
        return left + _LEFT + across * (right - left - _LEFT), bottom - up * (bottom - _TOP)

    out = [f'<text x="{left + _LEFT}" y="18" font-size="13">{title}</text>']
    for power in range(x_span[0], x_span[1] + 1):
        x, _ = place((10.0**power, 10.0 ** y_span[0]))
        out.append(f'<path d="M{x:.1f} {_TOP}V{bottom}" stroke="#dddddd"/>')
        out.append(
            f'<text x="{x:.1f}" y="{bottom + 16}" text-anchor="middle">{_short(10**power)}</text>'
        )
    for power in range(y_span[0], y_span[1] + 1):
        _, y = place((10.0 ** x_span[0], 10.0**power))
        out.append(f'<path d="M{left + _LEFT} {y:.1f}H{right}" stroke="#dddddd"/>')
        out.append(
            f'<text x="{left + _LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{10.0**power:g}</text>'
        )
    for number, (name, some) in enumerate(series.items()):
        placed, colour = [place(point) for point in some], _COLOURS[name]
        line = "L".join(f"{x:.1f} {y:.1f}" for x, y in placed)
        out.append(f'<path d="M{line}" fill="none" stroke="{colour}" stroke-width="2"/>')
        out += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="{colour}"/>' for x, y in placed]
        label = NAMES.get(name, f"{NAMES['ours']}, 99th percentile")
        x, y = left + _LEFT + number % 2 * 170, bottom + 36 + number // 2 * 16
        out.append(f'<text x="{x}" y="{y}" fill="{colour}">● {label}</text>')
    return out


def _decades(values: Sequence[float]) -> tuple[int, int]:
    """Give the powers of ten that values lie between (or a little outside), at least one apart."""
    low = math.floor(math.log10(min(values)) + _OUTSIDE)
    return low, max(low + 1, math.ceil(math.log10(max(values)) - _OUTSIDE))
