"""What a library quotes is compared with the stored text, and that with the file it came from."""

from __future__ import annotations

import hashlib

import pytest

from qa import checking
from qa.reading import Reader
from qa.records import Document, Passage
from qa.store import Key

TEXT = "工会驿站全年开放。\n骑手之家已经揭牌。\n"


@pytest.fixture
def file(tmp_path):
    made = tmp_path / "a.txt"
    made.write_text(TEXT, encoding="utf-8")
    return made


def stored(file, text=TEXT):
    """The file as a library holds it: key, document, and a passage for each line."""
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    document = Document(file.parent.as_posix(), file.name, "标题", text, digest)
    passages, at = [], 0
    for ordinal, line in enumerate(text.splitlines(), start=1):
        passages.append(Passage(ordinal, 1, ordinal, "", at, at + len(line), line))
        at += len(line) + 1
    return Key(1, document.source, document.path, digest), document, passages


def problems(*given):
    with Reader() as reader:
        return checking.problems(*given, reader=reader)


def test_an_unchanged_file_has_no_problem(file):
    assert problems(*stored(file)) == []


def test_a_passage_that_is_not_its_range_is_told(file):
    key, document, passages = stored(file)
    passages[1] = Passage(2, 1, 2, "", 0, 4, "别的文字")
    [found] = problems(key, document, passages)
    assert (found.path, found.passage_id) == ("a.txt", 2)
    assert found.reason.startswith("paragraph 2 ")


def test_a_missing_file_is_told_once(file):
    given = stored(file)
    file.unlink()
    [found] = problems(*given)
    assert (found.passage_id, found.reason) == (None, "the file is gone")


def test_a_file_that_became_a_folder_is_told(file):
    given = stored(file)
    file.unlink()
    file.mkdir()
    [found] = problems(*given)
    assert found.reason.startswith("cannot be read")


def test_a_changed_file_tells_exactly_the_passages_that_no_longer_stand(file):
    given = stored(file)
    file.write_text(TEXT.replace("揭牌", "开张"), encoding="utf-8")
    assert [one.passage_id for one in problems(*given)] == [2]
    file.write_text("（更新）" + TEXT, encoding="utf-8")
    assert [one.passage_id for one in problems(*given)] == [1, 2]


def test_a_change_after_the_last_passage_is_no_problem(file):
    given = stored(file)
    file.write_text(TEXT + "新的一段。\n", encoding="utf-8")
    assert problems(*given) == []


def test_another_encoding_of_the_same_text_is_no_problem(file):
    given = stored(file)
    file.write_bytes(TEXT.encode("utf-16"))
    assert problems(*given) == []


def test_a_file_that_is_no_text_any_more_is_told(file):
    given = stored(file)
    file.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8)
    [found] = problems(*given)
    assert found.passage_id is None
    assert "\n" not in found.reason


def test_a_document_given_as_text_is_only_compared_with_itself():
    document = Document.from_text(TEXT, path="n")
    key = Key(1, "", "n", document.digest)
    assert problems(key, document, [Passage(1, 1, 1, "", 0, 4, TEXT[:4])]) == []
    assert len(problems(key, document, [Passage(1, 1, 1, "", 1, 5, TEXT[:4])])) == 1
