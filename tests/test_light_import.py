"""`import qa` costs nothing, and nothing heavy is loaded before it is needed."""

from __future__ import annotations

import resource
import statistics
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
HEAVY = frozenset(
    [
        "numpy",
        "faiss",
        "jieba",
        "rjieba",
        "tantivy",
        "torch",
        "rich",
        "click",
        "model2vec",
        "opencc",
        "trafilatura",
        "lxml",
        "sentence_transformers",
        "telegram",
        "filelock",
        "prompt_toolkit",
        "pypinyin",
    ]
)


def loaded_by(code):
    """Give the top-level names that a fresh interpreter has loaded after running some code."""
    done = subprocess.run(
        [sys.executable, "-c", f"{code}\nimport sys\nprint(*sorted(sys.modules), file=sys.stderr)"],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    )
    return {name.split(".")[0] for name in done.stderr.split()}


def user_seconds(code):
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT)
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before


@pytest.mark.parametrize("package", ["qa", "embeddings", "qa.errors", "qa.records"])
def test_importing_loads_nothing_heavy(package):
    assert not loaded_by(f"import {package}") & HEAVY


def test_importing_takes_under_three_tenths_of_a_second(record_property):
    seconds = statistics.median(user_seconds("import qa") for _ in range(3))
    record_property("import_qa_user_seconds", round(seconds, 3))
    assert seconds < 0.3


def test_public_names_are_there_and_others_are_not():
    code = (
        "import qa\n"
        "assert sorted(dir(qa)) == sorted(qa.__all__)\n"
        "assert all(getattr(qa, name) for name in qa.__all__)\n"
        "from qa import *\n"
        "assert Library.open and Document.from_text\n"
        "assert not hasattr(qa, 'nothing')\n"
    )
    assert "qa" in loaded_by(code)


@pytest.mark.parametrize("verb", [[], ["add"], ["chat"]])
def test_help_loads_neither_torch_nor_indexes(verb):
    code = (
        "import sys\n"
        f"sys.argv = ['qa', *{verb!r}, '--help']\n"
        "from qa.cli import main\n"
        "try:\n    main()\nexcept SystemExit as end:\n    assert not end.code, end.code\n"
    )
    loaded = loaded_by(code)
    assert not loaded & {"torch", "sentence_transformers", "faiss", "tantivy", "jieba", "rjieba",
                         "model2vec", "telegram", "prompt_toolkit", "pypinyin"}  # fmt: skip


def test_a_library_with_an_encoder_of_its_own_never_loads_torch(tmp_path):
    code = (
        "from tests.fakes import FakeEncoder\n"
        "from qa import Document, Library\n"
        f"with Library.open({str(tmp_path / 'library')!r}, FakeEncoder()) as library:\n"
        "    library.add(Document.from_text('骑手之家已经揭牌。', path='a'))\n"
        "    assert library.search('骑手之家')\n"
    )
    assert not loaded_by(code) & {"torch", "sentence_transformers", "telegram"}


ASKING = r"""
import io, sys, qa.library
from tests.fakes import FakeEncoder
from qa import Document, Library
from qa.cli import main
qa.library.load_encoder = lambda name: FakeEncoder()
with Library.open({folder!r}, FakeEncoder()) as library:
    library.add(Document.from_text("骑手之家已经揭牌。", path="a"))
sys.argv = ["qa", *{words!r}, "--library", {folder!r}]
sys.stdin = io.TextIOWrapper(io.BytesIO("骑手之家揭牌了吗\n".encode()))
try:
    main()
except SystemExit as end:
    assert not end.code, end.code
"""


@pytest.mark.parametrize("words", [["ask", "骑手之家揭牌了吗"], ["chat"], ["status"]])
def test_only_a_chat_on_a_terminal_loads_its_editor_and_only_slips_the_sounds(tmp_path, words):
    loaded = loaded_by(ASKING.format(folder=str(tmp_path / "library"), words=words))
    assert not loaded & {"prompt_toolkit", "pypinyin"}
