"""The pages for people: what they show is run, what they name exists.

Every page is run from top to bottom in a folder of its own that holds `docs/`, in the language of
its reader (Chinese for `*.zh-CN.md`). Its blocks mean:

- `console`: every line that begins with `$ ` is run; below it stands all that it prints. `…` stands
  for anything within a line, alone on a line for any number of lines. Ids, sizes, milliseconds and
  runs of blanks are not compared; percentages, scores, signals and means at the end of a line may
  be a little off. A command whose output holds a line that begins with `error:` must fail, every
  other one must not.
- `sh`: the lines are run and must succeed. Those that install are left out (`.ci/run` runs them).
- `python`: run, with the names of the blocks above it; a `text` block right behind it is what it
  prints, with the same liberties. One that imports sentence-transformers, which only the extra
  `models` brings, is compiled and not run.
- `toml`: a `qa.toml` that the program takes.

Other blocks only show something.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, fields
from functools import cache
from itertools import pairwise
from pathlib import Path

import click
import pytest

from embeddings.encoder import Encoder, load_encoder
from qa.cli import cli, main
from qa.config import Config, load
from qa.figures import figures_text
from qa.library import Library
from qa.measure import measure
from qa.messages import Messages, table
from qa.question_files import read_questions

ROOT = Path(__file__).resolve().parents[1]
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").glob("*.md"))]
NAMES = [str(page.relative_to(ROOT)) for page in PAGES]

_FENCE = re.compile(
    r"(?:^<!-- (?P<mark>\w+) -->\n)?^```(?P<kind>\w*)\n(?P<text>.*?)^```$", re.M | re.S
)
_HEADING = re.compile(r"^(#{1,6}) (.+)$", re.M)
_LINK = re.compile(r"\[[^\]\n]*\]\((?!https?:)(?P<target>[^)\s]*)\)")
_INSTALLS = re.compile(r"\b(?:pip|venv|pytest|git clone)\b")

# How far figures may be off before a page must be brought up to date.
_LEEWAY = {"percent": 6.0, "score": 0.12, "mean": 6.0}
_LIBERTIES = re.compile(
    r"(?P<any>…)"
    r"|(?P<id>(?<=编号 )\d+|(?<=\bid )\d+)"
    r"|(?P<size>[\d.]+(?= ?(?:ms|[KMG]?B\b)))"
    r"|(?P<percent>[\d.]+(?=%))"
    r"|(?P<score>(?<![\d.])[01]\.\d+)"
    r"|(?P<mean>(?<![\d.])[1-9]\d+\.\d$)"
    r"|(?P<blanks>[ \t]+)"
)


@dataclass(frozen=True)
class Block:
    """One fenced block: the line its text begins on, its kind, its text, the mark above it."""

    line: int
    kind: str
    text: str
    mark: str | None
    close: bool  # whether it stands right behind the block before it


def blocks(page: Path) -> list[Block]:
    text = page.read_text(encoding="utf-8")
    found, end = [], 0
    for match in _FENCE.finditer(text):
        line = text.count("\n", 0, match.start("text")) + 1
        close = not text[end : match.start()].strip()
        found.append(Block(line, match["kind"], match["text"], match["mark"], close))
        end = match.end()
    return found


def commands(block: Block) -> list[tuple[str, str]]:
    """Give the commands of a console block, each with what is shown below it."""
    parts = re.split(r"^\$ (.*)\n", block.text, flags=re.M)
    assert not parts[0], f"a console block begins with a command, not with {parts[0]!r}"
    return list(zip(parts[1::2], parts[2::2], strict=True))


def outside_blocks(page: Path) -> str:
    return _FENCE.sub("", page.read_text(encoding="utf-8"))


# Comparing


def pattern(shown: str) -> tuple[re.Pattern[str], list[tuple[float, float]]]:
    """Give an expression for what is shown, and its figures with how far off they may be."""
    figures, lines = [], []
    for line in shown.rstrip("\n").split("\n"):
        if line.strip() == "…":
            lines.append(r"(?:[^\n]*\n)*?")
            continue
        parts, at = [], 0
        for free in _LIBERTIES.finditer(line.rstrip()):
            parts.append(re.escape(line[at : free.start()]))
            at = free.end()
            kind = free.lastgroup
            if kind in _LEEWAY:
                figures.append((float(free[0]), _LEEWAY[kind]))
            parts.append(
                {"any": r"[^\n]*", "id": r"\d+", "size": r"[\d.]+", "blanks": r"[ \t]+"}.get(
                    kind, r"([\d.]+)"
                )
            )
        lines.append("".join(parts) + re.escape(line.rstrip()[at:]) + r" *\n")
    return re.compile("".join(lines)), figures


def agrees(shown: str, printed: str) -> bool:
    expression, figures = pattern(shown)
    match = expression.fullmatch(printed.rstrip("\n") + "\n")
    return match is not None and all(
        abs(float(value) - figure) <= leeway
        for value, (figure, leeway) in zip(match.groups(), figures, strict=True)
    )


@pytest.mark.parametrize(
    ("shown", "printed", "same"),
    [
        ("共 14 份\n", "共 14 份\n", True),
        ("共 14 份\n", "共 15 份\n", False),
        ("第 6 段 · 编号 68\n", "第 6 段 · 编号 7\n", True),
        ("第 6 段 · 编号 68\n", "第 7 段 · 编号 68\n", False),
        ("把握 95%\n", "把握 93%\n", True),
        ("把握 95%\n", "把握 60%\n", False),
        ("R@1   76.6%\n", "R@1  75.1%\n", True),
        ("characters  57.1\n", "characters   52.3\n", True),
        ("characters  57.1\n", "characters   49.3\n", False),
        ("a\n…\nd\n", "a\nb\nc\nd\n", True),
        ("a\n…\nd\n", "a\nd\n", True),
        ("a\n…\n", "a\n", True),
        ("a\nd\n", "a\nb\nd\n", False),
        ("办理…件\n", "办理援助案件\n", True),
        ("16.6 ms\n", "9.0 ms\n", True),
        ("", "anything\n", False),
    ],
)
def test_what_agrees(shown, printed, same):
    assert agrees(shown, printed) is same


# Running


@pytest.fixture(autouse=True)
def encoders_are_loaded_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qa.library.load_encoder", _load_encoder)


@cache
def _load_encoder(name: str) -> Encoder:
    return load_encoder(name)


def run_in_process(command: list[str]) -> tuple[int, str]:
    """Run a `qa` command line here, as a new process would: those cost a second each."""
    stream = io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "argv", command)
        patch.setattr(sys, "stdout", stream)
        patch.setattr(sys, "stderr", stream)
        code = 0
        try:
            main()
        except SystemExit as ended:
            code = int(ended.code or 0)
    stream.flush()
    return code, stream.buffer.getvalue().decode("utf-8")  # type: ignore[attr-defined]


def run_in_shell(command: str, last: int) -> tuple[int, str]:
    """Run any other command line; `$?` is the exit code of the one before."""
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", f"(exit {last}); {command}"],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8", check=False,
    )  # fmt: skip
    return done.returncode, done.stdout


def run(command: str, last: int = 0) -> tuple[int, str]:
    words = shlex.split(command, comments=True)
    plain = not re.search(r"[|;&<>$*]", command)
    if plain and words and words[0] == "qa":
        return run_in_process(words)
    return run_in_shell(command, last)


def run_console(block: Block, where: str) -> None:
    code = 0
    for command, shown in commands(block):
        code, printed = run(command, code)
        told = re.search(r"^(?:error: |错误：)", printed, re.M)
        assert bool(code) == bool(told), f"{where}: `{command}` ended with {code}:\n{printed}"
        assert agrees(shown, printed), (
            f"{where}: `{command}` prints\n{printed}\nand the page shows\n{shown}"
        )


def run_script(block: Block, where: str) -> None:
    lines = block.text.replace("\\\n", " ").splitlines()
    steps = [step for line in lines for step in line.split(" && ")]
    for step in steps:
        if step.startswith(("#", ". ")) or not step.strip() or _INSTALLS.search(step):
            continue
        code, printed = run(step)
        assert code == 0, f"{where}: `{step}` ended with {code}:\n{printed}"


def run_python(block: Block, names: dict[str, object]) -> str:
    printed = io.StringIO()
    code = compile(block.text, f"line {block.line}", "exec")
    if "sentence_transformers" not in block.text:
        with contextlib.redirect_stdout(printed):
            exec(code, names)  # noqa: S102 - our own pages
    return printed.getvalue()


@pytest.fixture
def workplace(tmp_path: Path, sample: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the sample documents as a clone has them, and no settings."""
    shutil.copytree(sample, tmp_path / "docs" / "sample")
    for file in sample.parent.glob("sample-*"):
        shutil.copy(file, tmp_path / "docs")
    for name in [name for name in os.environ if name.startswith("QA_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("PYTHONUTF8", "1")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("name", NAMES)
def test_what_a_page_shows_is_so(name, workplace, monkeypatch):
    page = ROOT / name
    monkeypatch.setenv("QA_LANGUAGE", "zh" if ".zh-CN." in name else "en")
    names: dict[str, object] = {}
    printed = ""
    for block in blocks(page):
        where = f"{name}:{block.line}"
        if block.kind == "console":
            run_console(block, where)
        elif block.kind == "sh":
            run_script(block, where)
        elif block.kind == "toml":
            (workplace / "qa.toml").write_text(block.text, encoding="utf-8")
            load({}, environment={}, folder=workplace)
            (workplace / "qa.toml").unlink()
        elif block.kind == "text" and block.close and printed:
            assert agrees(block.text, printed), f"{where}: this is printed:\n{printed}"
        printed = run_python(block, names) if block.kind == "python" else ""


# Saying what there is


def headings(page: Path) -> list[tuple[int, str]]:
    return [(len(marks), title) for marks, title in _HEADING.findall(outside_blocks(page))]


def sections(page: Path) -> dict[str, str]:
    """Give the text of each second-level section by its heading."""
    parts = re.split(r"^## (.+)$", page.read_text(encoding="utf-8"), flags=re.M)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def anchors(page: Path) -> set[str]:
    """Give what a link to a heading may say behind `#`."""
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for _, title in headings(page)}


@pytest.mark.parametrize("name", sorted(cli.commands))
def test_every_verb_is_described_with_its_options(name):
    described = sections(ROOT / "docs" / "command-line.md")
    assert f"`qa {name}`" in described
    common = described["What all commands share"]
    for parameter in cli.commands[name].params:
        for option in parameter.opts if isinstance(parameter, click.Option) else ():
            assert f"`{option}" in described[f"`qa {name}`"] + common, f"{option} of qa {name}"


def test_no_verb_is_described_that_does_not_exist():
    described = sections(ROOT / "docs" / "command-line.md")
    verbs = {title.strip("`").removeprefix("qa ") for title in described if title.startswith("`qa")}
    assert verbs == set(cli.commands)


def test_every_setting_is_described():
    text = (ROOT / "docs" / "command-line.md").read_text(encoding="utf-8")
    for field in fields(Config):
        assert f"`{field.name}`" in text
        assert f"`QA_{field.name.upper()}`" in text


@pytest.mark.parametrize("name", NAMES)
def test_links_lead_somewhere(name):
    page = ROOT / name
    for link in _LINK.finditer(outside_blocks(page)):
        path, _, anchor = link["target"].partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), f"{name} links to {path}"
        assert target.is_relative_to(ROOT), f"{name} links out of the repository: {path}"
        if anchor:
            assert anchor in anchors(target), f"{name} links to {link['target']}"


def test_both_readmes_say_the_same():
    english, chinese = ROOT / "README.md", ROOT / "docs" / "README.zh-CN.md"
    assert [level for level, _ in headings(english)] == [level for level, _ in headings(chinese)]

    def acts(page: Path) -> Iterator[object]:
        for block in blocks(page):
            if block.kind == "console":
                yield from (command for command, _ in commands(block))
            elif block.kind in {"sh", "python"}:
                yield block.mark, block.text

    assert list(acts(english)) == list(acts(chinese))


def test_readme_sets_up_and_tests_in_one_command_each():
    marked = {block.mark: block.text.strip() for block in blocks(ROOT / "README.md") if block.mark}
    assert sorted(marked) == ["setup", "test"]
    for command in marked.values():
        lines = command.split("\n")
        assert all(line.endswith("\\") for line in lines[:-1]), "one command, perhaps on more lines"
    assert len((ROOT / "README.md").read_text(encoding="utf-8").splitlines()) <= 150


def test_readme_figures_are_those_measured(workplace):
    with Library.open("library") as library:
        library.add("docs/sample")
        figures = measure(library, read_questions("docs/sample-questions.jsonl").questions)
    for name, language in (("README.md", "en"), ("docs/README.zh-CN.md", "zh")):
        [shown] = [b.text for b in blocks(ROOT / name) if b.text.startswith("$ qa measure")]
        measured = figures_text(figures, Messages(language))
        assert agrees(shown.partition("\n")[2], measured), f"{name}: measured is\n{measured}"


def test_changelog_has_this_version():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    titles = sections(ROOT / "CHANGELOG.md")
    assert any(title.startswith(f"[{project['version']}]") for title in titles)


def test_glossary_has_the_words_of_the_program():
    text = outside_blocks(ROOT / "docs" / "glossary.md")
    rows = re.findall(r"^\| ([^|]+?) \| ([^|]+?) \|", text, re.M)
    chinese, english = table("zh"), table("en")
    for key in ("folder", "documents", "passages", "encoder", "cutter", "splitting"):
        said = english[key]
        assert (chinese[key], said) in rows or (chinese[key], said.removesuffix("s")) in rows, key
    named = {english_word: chinese_word for chinese_word, english_word in rows}
    for key in ("confidence", "score"):
        assert chinese[key].split()[0] == named[key]
        assert english[key].split()[0] == key
    for words in zip(*rows, strict=True):
        assert len(set(words)) == len(words), "one word for one thing"
    for verb in ("verify", "rebuild", "measure"):
        assert verb in cli.commands
        assert verb in named


def test_pages_have_no_two_headings_alike():
    for page in PAGES:
        titles = sorted(title for level, title in headings(page) if level < 3)
        assert all(one != other for one, other in pairwise(titles)), page
