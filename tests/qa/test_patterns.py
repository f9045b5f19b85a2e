"""No pattern of the user's own can hang an add or hide a document."""

from __future__ import annotations

import time

import pytest

from qa.cleaning import Cleaning, clean
from qa.errors import ConfigError
from qa.library import Library
from qa.patterns import compiled, find_own, merged
from qa.previewing import preview
from qa.reasons import in_chinese
from qa.records import Document, without

ENDLESS = "(啊|啊)*$"  # tries twice as many ways with every 啊 before a 。
TEXT = "职工书屋周一开放。扫码领红包\n" + "啊" * 60 + "。\n工会驿站全天开放。"


def test_a_pattern_without_end_is_given_up_and_the_others_are_applied():
    begun = time.process_time()
    own = find_own((TEXT,), compiled([ENDLESS, "扫码领红包"]), limit_s=0.05)
    assert time.process_time() - begun < 5
    assert [TEXT[start:end] for start, end in own.ranges] == ["扫码领红包"]
    [note] = own.notes
    assert repr(ENDLESS) in note
    assert "too long" in note
    assert "太慢" in in_chinese(note)


@pytest.mark.parametrize("pattern", [".*", ".", "[^a]+", r"\S", r"(?s).+", "(?m)^.*$"])
def test_a_pattern_that_finds_everything_is_not_applied(pattern):
    cleaned = clean(TEXT, Cleaning.of([pattern, "扫码领红包"], []))
    assert without(TEXT, cleaned.noise) == TEXT.replace("扫码领红包", "")
    [note] = cleaned.notes
    assert repr(pattern) in note
    assert "几乎整份" in in_chinese(note)


def test_patterns_that_together_hide_everything_stop_before_they_do():
    text = "甲" * 40 + "乙" * 40 + "丙" * 20
    own = find_own((text,), compiled(["甲+", "乙+", "丙+"]))
    assert own.ranges == ((0, 40), (40, 80))
    assert [note.split("'")[1] for note in own.notes] == ["丙+"]


def test_what_is_noise_already_is_not_counted_against_a_pattern():
    text = "甲" * 90 + "乙" * 10
    assert find_own((text,), compiled(["甲"]), ((0, 90),)).notes == ()
    assert len(find_own((text,), compiled(["乙"]), ((0, 90),)).notes) == 1
    assert find_own((text,), compiled(["甲|乙"]), ((0, 100),)).notes == ()  # nothing was left


def test_a_pattern_that_finds_nothing_or_emptiness_says_nothing():
    assert find_own((TEXT,), compiled(["没有这样的话", "x*", r"\b", "$"])) == find_own((), ())
    assert find_own(("",), compiled([".*"])).notes == ()


def test_all_that_python_takes_for_a_pattern_is_taken():
    text = "点击领取红包，VIP专享[广告]\n第二行 end"
    found = compiled([r"点击.{0,4}红包", "vip", r"\[广告\]", r"(?m)^第二", r"(?<=行)\s*\w+$"])
    ranges = merged(find_own((text,), found).ranges)
    assert [text[start:end] for start, end in ranges] == [
        "点击领取红包", "VIP", "[广告]", "第二", " end",
    ]  # fmt: skip


@pytest.mark.parametrize("pattern", ["(", "a**", "[z-a]", "(?P<1>a)", "\\"])
def test_what_is_no_pattern_is_named_in_one_line(pattern):
    with pytest.raises(ConfigError) as refused:
        compiled([pattern])
    assert str(refused.value).startswith(f"spam {pattern!r} is no pattern")
    assert "\n" not in str(refused.value)


def test_add_and_preview_say_which_pattern_was_not_applied(tmp_path, encoder):
    docs = tmp_path / "docs"
    docs.mkdir()
    (docs / "甲.txt").write_text(TEXT, encoding="utf-8")
    cleaning = Cleaning.of([".*"], [])
    foreseen = preview(tmp_path / "library", docs, cleaning=cleaning)
    with Library.open(tmp_path / "library", encoder, cleaning=cleaning) as library:
        report = library.add([docs])
        assert report.added == ("甲.txt",)
        [note] = report.notes
        assert note.path == "甲.txt"
        assert "'.*'" in note.reason
        assert foreseen.notes == report.notes
        assert library.ask("工会驿站什么时候开放").citations
        assert library.add([Document.from_text(TEXT, path="乙")]).notes[0].path == "乙"


def test_rebuild_logs_the_pattern_it_did_not_apply(tmp_path, encoder, caplog):
    with Library.open(tmp_path / "library", encoder) as library:
        library.add([Document.from_text(TEXT, path="乙")])
    Library.rebuild(tmp_path / "library", encoder, cleaning=Cleaning.of([".*"], []))
    assert "would hide nearly all" in caplog.text
