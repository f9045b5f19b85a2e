"""The program's own words: complete in both languages, and every fault explained in both."""

from __future__ import annotations

import ast
from pathlib import Path
from string import Formatter

import pytest

import qa
from embeddings.errors import ModelUnavailable
from qa.errors import (
    ConfigError,
    Fault,
    LibraryDamaged,
    LibraryLocked,
    PassageNotFound,
    QAError,
    ReadingError,
)
from qa.messages import _TABLES, Messages, explain, table

CODE = Path(qa.__file__).parent


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def test_both_languages_have_the_same_keys_and_no_empty_words():
    assert set(table("zh")) == set(table("en"))
    for language in ("zh", "en"):
        assert [key for key, text in table(language).items() if not text.strip(" ")] == []


def test_no_key_stands_in_two_tables():
    tables = [vars(one)["CHINESE"] for one in _TABLES]
    assert sum(map(len, tables)) == len(table("zh"))


@pytest.mark.parametrize("key", sorted(table("zh")))
def test_both_languages_are_filled_in_with_the_same_values(key):
    assert fields(table("zh")[key]) == fields(table("en")[key])


def test_every_key_is_used_and_every_key_used_exists():
    used = set()
    for file in CODE.rglob("*.py"):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        if file.parent.name == "messages":  # less the tables of words themselves
            tree.body = [node for node in tree.body if not isinstance(node, ast.AnnAssign)]
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                used.add(node.value)
    from qa.chat.commands import NAMES
    from qa.cli import cli
    from qa.courtesies import KINDS

    used |= {f"help_{name}" for name in cli.commands} | set(Fault)
    used |= {f"courtesy_{kind}" for kind in KINDS}
    used |= {f"chat_{part}_{name}" for name in NAMES for part in ("alias", "help")}
    used |= {"help_Options", "help_Commands", "interrupted_add", "interrupted_rebuild"}
    assert set(table("zh")) - used == set()


def test_english_has_chinese_characters_nowhere():
    for key, text in table("en").items():
        assert not any("\u4e00" <= character <= "\u9fff" for character in text), key


@pytest.mark.parametrize(
    ("language", "count", "said"),
    [("en", 1, "1 character"), ("en", 2, "2 characters"), ("en", 0, "0 characters"),
     ("zh", 1, "1 字"), ("zh", 2, "2 字")],
)  # fmt: skip
def test_numbers_agree_with_their_nouns(language, count, said):
    assert Messages(language)("length", count=count) == said


def test_a_key_that_does_not_exist_is_a_mistake():
    with pytest.raises(KeyError):
        Messages("zh")("no such key")


def test_values_are_filled_in_as_they_are():
    assert Messages("zh")("removed", path="{a}|%s") == "已移除 {a}|%s"


@pytest.mark.parametrize(
    ("error", "chinese", "english"),
    [
        (
            LibraryDamaged("…", Path("lib"), Fault.DISK_FULL),
            "lib 所在的磁盘满了或写不进去：腾出空间后再运行一次，此前写入的都在",
            "the disk of lib is full or fails: free some space and run it again, "
            "what was written is kept",
        ),
        (
            LibraryLocked(
                "lib is being written to by another process: try again when it is done", Path("lib")
            ),
            "lib 正由另一个进程写入：等它结束后再试",
            "lib is being written to by another process: try again when it is done",
        ),
        (
            ReadingError(Path("a/通知.txt"), "the file is empty"),
            "未读入 a/通知.txt：文件是空的",
            "not read a/通知.txt: the file is empty",
        ),
        (
            PassageNotFound("no passage has the id 7: ids are shown by `qa search`", 7),
            "没有编号为 7 的段落：编号见 qa search",
            "no passage has the id 7: ids are shown by `qa search`",
        ),
        (
            ConfigError("a message nobody\n has translated"),
            *["a message nobody has translated"] * 2,
        ),
        (QAError("x: y"), "x：y", "x: y"),
        (
            PermissionError(13, "Permission denied", "/lib/write.lock"),
            "/lib/write.lock：没有权限",
            "/lib/write.lock: Permission denied",
        ),
        (
            ZeroDivisionError("division by zero"),
            "程序出错（ZeroDivisionError）：division by zero；加 -v 查看详情",
            "the program failed (ZeroDivisionError): division by zero; -v shows more",
        ),
    ],
)
def test_every_error_is_one_line_in_both_languages(error, chinese, english):
    assert explain(error, Messages("zh")) == chinese
    assert explain(error, Messages("en")) == english


def test_an_encoder_that_cannot_be_loaded_is_an_expected_error():
    error = ModelUnavailable("no model there", model="there")
    assert explain(error, Messages("en")) == "no model there"


def test_a_fault_of_the_system_names_its_file_if_it_has_one():
    assert (
        explain(OSError(28, "No space left on device"), Messages("en")) == "No space left on device"
    )
    named = OSError(2, "No such file or directory", "a.txt")
    assert explain(named, Messages("en")) == "a.txt: No such file or directory"
