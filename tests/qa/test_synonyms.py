"""The file of synonyms: Solr's format, widened for Chinese, refused line by line."""

from __future__ import annotations

import pytest

from qa.errors import ConfigError
from qa.synonyms import LONGEST, MOST, Synonyms, following_synonyms, read_synonyms


@pytest.mark.parametrize(
    "line",
    [
        "会费, 工会经费",
        "会费，工会经费",
        "会费、工会经费",
        "会费 工会经费",
        "會費　工會經費",
        "  会费 ,, 工会经费,会费 # 钱",
    ],
)
def test_the_words_of_a_line_stand_for_each_other(line):
    assert Synonyms.of([line]) == Synonyms({"会费": ("工会经费",), "工会经费": ("会费",)}, 1)


def test_an_arrow_looks_one_way_only():
    got = Synonyms.of(["低保户、贫困户 => 困难职工, 特困职工"])
    assert got.others == {
        "低保户": ("困难职工", "特困职工"),
        "贫困户": ("困难职工", "特困职工"),
    }


def test_groups_that_share_a_word_add_up_for_that_word_alone():
    got = Synonyms.of(["钱, 资金", "", "# 说明", "钱 => 经费"])
    assert got.others == {"钱": ("资金", "经费"), "资金": ("钱",)}
    assert (got.lines, got.longest) == (2, 2)


def test_blanks_inside_a_word_are_kept_where_commas_part_the_words():
    got = Synonyms.of(["Trade  Union, 工会"])
    assert got.others == {"trade union": ("工会",), "工会": ("trade union",)}


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("会费", "one word only"),
        ("会费, 會費", "one word only"),
        (", ".join(f"词{n}" for n in range(MOST + 1)), f"{MOST + 1} words, more than {MOST}"),
        ("词 => " + "、".join(f"词{n}" for n in range(MOST)), f"{MOST + 1} words, more"),
        ("会费 =>", "a side of => is empty"),
        ("=> 会费", "a side of => is empty"),
        ("会费 => 经费 => 钱", "more than one =>"),
        ("会费, ——", "—— holds no letter"),
        (f"会费, {'长' * (LONGEST + 1)}", "longer than 40"),
    ],
)
def test_a_line_that_cannot_be_used_is_named(line, says, tmp_path):
    file = tmp_path / "syn.txt"
    file.write_text(f"\ufeff# 同义词\n甲乙, 丙丁\n{line}\n", encoding="utf-8")
    with pytest.raises(ConfigError, match=rf"syn\.txt, line 3: .*{says}"):
        read_synonyms(file)


def test_a_file_that_cannot_be_read_is_named(tmp_path):
    with pytest.raises(ConfigError, match=r"synonyms .*none\.txt cannot be read \(No such file"):
        following_synonyms(tmp_path / "none.txt")
    (tmp_path / "gbk.txt").write_bytes("会费, 经费".encode("gbk"))
    with pytest.raises(ConfigError, match="it is not UTF-8"):
        following_synonyms(str(tmp_path / "gbk.txt"))


def test_none_and_an_empty_name_are_no_synonyms():
    assert following_synonyms(None)() == following_synonyms("")() == Synonyms()
    assert following_synonyms(["会费, 经费"])().lines == 1
    assert Synonyms().longest == 0
