"""Every English sentence that the lower floors can show a person is known in Chinese."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest

import embeddings
import qa
from qa.reasons import SENTENCES, in_chinese

QA, EMBEDDINGS = Path(qa.__file__).parent, Path(embeddings.__file__).parent
HAN = re.compile(r"[\u4e00-\u9fff]")

# Calls whose text reaches a person. LibraryDamaged is explained by its fault; ValueError only here.
SPEAKING = {
    "CalibrationError", "ConfigError", "EmbeddingsError", "LibraryLocked", "LibraryNotFound",
    "LibraryOutdated", "LineProblem", "ModelUnavailable", "PassageNotFound", "Problem",
    "QuestionFileError", "ReadingError", "Skipped", "SourceNotFound", "UndecodableText",
    "UnsupportedFormat",
}  # fmt: skip
SPEAKERS = [
    *(
        QA / name
        for name in (
            "adding.py",
            "config.py",
            "folder.py",
            "library.py",
            "making.py",
            "watching.py",
        )
    ),
    *(
        QA / "bot" / name
        for name in ("running.py", "settings.py", "state.py", "values.py", "webhook.py")
    ),
    *(QA / name for name in ("calibrating.py", "faults.py", "question_files.py", "store.py")),
    *(
        EMBEDDINGS / name
        for name in ("encoder.py", "reranker.py", "static.py", "transformer.py", "words.py")
    ),
]
# Modules whose every English sentence is a reason.
REASONING = [
    QA / "checking.py",
    QA / "patterns.py",
    *(
        QA / "reading" / f"{name}.py"
        for name in (
            "archives", "documents", "epub", "files", "formats", "isolation", "mail", "odt", "pdf",
            "sheets", "slides", "xml",
        )
    ),
]  # fmt: skip
VERBS = ("is no longer ", "does not ")
SENTENCE = re.compile(r"[A-Za-z.,;:'{}()/`?\- 0-9]*[a-z] [a-z]+ [A-Za-z.,;:'{}()/`?\- 0-9]*")


def spoken(node: ast.AST) -> Iterator[str]:
    """Give the strings of an expression, X for what is filled in."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.JoinedStr):
        yield "".join(
            str(part.value) if isinstance(part, ast.Constant) else "X" for part in node.values
        )
    else:
        for child in ast.iter_child_nodes(node):
            yield from spoken(child)


def docstrings(tree: ast.AST) -> set[str]:
    """Give what stands alone as a statement: of modules, classes, functions and constants."""
    return {
        node.value.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    }


def sentences() -> Iterator[tuple[str, str]]:
    for file in filter(Path.exists, SPEAKERS):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                speaking = SPEAKING | (
                    {"ValueError"} if file.name == "question_files.py" else set()
                )
                if node.func.id in speaking:
                    yield from ((file.name, text) for text in spoken(node) if " " in text)
    for file in REASONING:
        tree = ast.parse(file.read_text(encoding="utf-8"))
        known = docstrings(tree)
        for text in spoken(tree):
            if text not in known and SENTENCE.fullmatch(text):
                # The two of checking.py follow the number of a paragraph.
                yield file.name, f"paragraph X {text}" if text.startswith(VERBS) else text


@pytest.mark.parametrize(("file", "sentence"), sorted(set(sentences())))
def test_what_a_person_may_read_is_known_in_chinese(file, sentence):
    assert HAN.search(in_chinese(sentence)), f"{file}: add this to qa/reasons.py"


def test_the_sentences_are_really_found():
    found = {text for _, text in sentences()}
    assert "the file is gone" in found
    assert "hidden; add it by its own path if it is wanted" in found
    assert "not a text file: a zero byte at byte X" in found
    assert "language is X: set QA_LANGUAGE or language in X to zh or en" in found
    assert len(found) > 40


@pytest.mark.parametrize("english", SENTENCES)
def test_each_entry_translates_its_own_sentence_and_keeps_what_is_filled_in(english):
    names = {name for _, name, _, _ in Formatter().parse(english) if name}
    said = in_chinese(english.format(**{name: f"<{name}>" for name in names}))
    assert HAN.search(said) or english == "{name}: {what}"
    kept = {name for name in names if f"<{name}>" in said}
    assert kept == names


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        ("", ""),
        ("nobody has said this", "nobody has said this"),
        (".doc: an old format; open it in Word or WPS and save it as .docx",
         ".doc：旧格式；请用 Word 或 WPS 打开，另存为 .docx"),
        ("pages 1, 3-5: no words, only pictures or nothing",
         "第 1, 3-5 页：没有文字，只有图像或空白"),
        ("cannot be read: No space left on device", "读不了：磁盘满了"),
        ("a: b/通知.txt: no such file or folder; check the path",
         "没有 a: b/通知.txt 这个文件或文件夹：检查路径"),
        ("lib was made with encoder builtin, this is other: run `qa rebuild`, "
         "or open it as it was made",
         "lib 建立时的向量模型是 builtin，现在是 other：运行 qa rebuild，或按原来的设置打开"),
        ("lib was made with another version of the encoder builtin: run `qa rebuild`, "
         "or open it as it was made",
         "lib 建立时用的是另一版的向量模型 builtin：运行 qa rebuild，或按原来的设置打开"),
        ("通知.txt: paragraph 3 is no longer there: the file has changed",
         "通知.txt：第 3 段已不在原处：原文件改动过"),
        ("{x}: the file is empty", "{x}：文件是空的"),
    ],
)  # fmt: skip
def test_sentences_are_translated_with_their_parts(english, chinese):
    assert in_chinese(english) == chinese
