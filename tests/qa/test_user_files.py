"""Files of the user's own are read again when they change, and never take what runs down."""

from __future__ import annotations

import logging
import os
from itertools import count

import pytest

from qa.errors import ConfigError
from qa.user_files import Followed, following_words, read_lines, read_words

TIME = count(1_000_000_000, 5)


def write(file, text):
    file.write_text(text, encoding="utf-8")
    os.utime(file, (time := next(TIME), time))  # two writings in one tick of the clock differ too


def test_words_are_the_first_of_each_line(tmp_path):
    write(tmp_path / "w.txt", "\ufeff工会驿站\n虔能杯 3 n\n\n# 说明\n  娘家人\n")
    assert read_words(tmp_path / "w.txt") == ("工会驿站", "虔能杯", "娘家人")


def test_words_that_cannot_be_read_are_refused_with_the_remedy(tmp_path):
    with pytest.raises(ConfigError, match=r"dictionary .* \(No such file or directory\): give a"):
        following_words(str(tmp_path / "none.txt"))
    (tmp_path / "gbk.txt").write_bytes("工会驿站".encode("gbk"))
    with pytest.raises(ConfigError, match=r"\(it is not UTF-8\)"):
        following_words(tmp_path / "gbk.txt")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with names here")
def test_what_is_no_regular_file_is_refused_without_waiting_for_it(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)

    with pytest.raises(ConfigError, match=r"cannot be read \(not a regular file\): give a UTF-8"):
        read_lines(pipe, "synonyms")


def test_a_zero_byte_is_refused_with_its_line(tmp_path):
    file = tmp_path / "words.txt"
    file.write_text("会费\n工会\0经费\n", encoding="utf-8")

    with pytest.raises(ConfigError, match=r"words\.txt, line 2: it holds a zero byte: save"):
        read_words(file)


def test_a_changed_file_is_read_again_and_an_unchanged_one_is_not(tmp_path, monkeypatch):
    file, read = tmp_path / "w.txt", []

    def reading(path):
        read.append(path)
        return read_words(path)

    write(file, "甲")
    monkeypatch.chdir(tmp_path)
    followed = Followed("w.txt", reading)
    monkeypatch.chdir("/")
    assert [followed.latest() for _ in range(3)] == [("甲",)] * 3
    assert len(read) == 1
    write(file, "甲\n乙")
    assert [followed.latest() for _ in range(3)] == [("甲", "乙")] * 3
    assert len(read) == 2


def test_a_file_that_breaks_leaves_what_it_said_and_warns_once(tmp_path, caplog):
    file = tmp_path / "w.txt"
    write(file, "甲")
    latest = following_words(file)
    file.unlink()
    with caplog.at_level(logging.WARNING):
        assert latest() == latest() == ("甲",)
    [record] = caplog.records
    assert "w.txt cannot be read (No such file or directory)" in record.getMessage()
    write(file, "乙")
    assert latest() == ("乙",)


def test_given_words_stay_and_none_stays_none():
    assert following_words(["甲", "乙"])() == ("甲", "乙")
    assert following_words(())() == ()
    assert following_words(None)() is None
    assert following_words("")() is None
