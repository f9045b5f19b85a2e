"""What the files of a folder repeat is noise in all of them, however they came, and no more."""

from __future__ import annotations

import itertools
import random

import numpy as np
import pytest
from click.testing import CliRunner

from qa import edges, settling
from qa.cleaning import Cleaning
from qa.cli import cli
from qa.errors import LibraryDamaged
from qa.library import Library
from qa.records import Document
from qa.repeating import PAGE_CHARS
from tests.fakes import FakeEncoder

MENU = ["首页", "机构概况", "工会要闻", "书香云岭", "驿站地图", "联系我们"]
FOOT = ["相关链接", "劳模风采展播", "网站地图", "滇ICP备05000001号"]
HIDDEN = ["首页", "机构概况", "工会要闻", "书香云岭", "驿站地图", "相关链接", "劳模风采展播"]
TOPICS = [
    "篮球比赛",
    "法律讲座",
    "消夏晚会",
    "免费体检",
    "技能比武",
    "读书沙龙",
    "健步走",
    "棋类赛",
]


class Counting(FakeEncoder):
    """An encoder that remembers what it was given."""

    def __init__(self):
        super().__init__()
        self.given = []

    def encode_passages(self, texts):
        self.given += texts
        return super().encode_passages(texts)


def page(number, *, menu=MENU, foot=FOOT):
    topic = TOPICS[number % len(TOPICS)]
    body = [
        f"县总工会第{number}次组织{topic}",
        "",
        f"本月，县总工会组织{topic}，各镇有{number}0名职工报名参加，历时两天，秩序很好。",
        f"参加{topic}的职工可以领取纪念品一份，由工会小组统一发放。",
    ]
    return "\n".join([*menu, *body, *foot])


def write(folder, numbers, **changes):
    folder.mkdir(exist_ok=True)
    for number in numbers:
        (folder / f"{number}.txt").write_text(page(number, **changes), encoding="utf-8")


def hidden(library, path=None):
    """Give what is noise by repetition, by path; or of one path."""
    found = {
        one.path: [one.text[start:end] for start, end in library.repeated(one)]
        for one in library.documents()
    }
    return found if path is None else found[path]


def shown(library):
    return {
        (one.path, passage.heading, passage.start, passage.shown)
        for one in library.documents()
        for passage in library.passages(one)
    }


@pytest.fixture
def encoder():
    return Counting()


@pytest.fixture
def library(tmp_path, encoder):
    with Library.open(tmp_path / "library", encoder) as opened:
        yield opened


def test_the_lines_of_a_site_are_noise_in_all_its_pages_and_the_text_stays(library, tmp_path):
    write(tmp_path / "site", range(6))
    library.add(tmp_path / "site")
    assert set(map(tuple, hidden(library).values())) == {tuple(HIDDEN)}
    assert len(hidden(library)) == 6
    for document in library.documents():
        number = int(document.path.removesuffix(".txt"))
        assert document.text == page(number)
        words = "\n".join(one.shown for one in library.passages(document))
        assert TOPICS[number] in words
        assert not any(line in words for line in HIDDEN)
        for one in library.passages(document):
            assert document.text[one.start : one.end] == one.text
    assert library.search("劳模风采展播") == []
    assert library.verify().problems == ()


def test_the_fifth_page_makes_it_noise_in_the_four_before(library, tmp_path):
    write(tmp_path / "site", range(4))
    library.add(tmp_path / "site")
    assert not any(hidden(library).values())
    assert library.search("劳模风采展播")
    write(tmp_path / "site", [4])
    assert library.add(tmp_path / "site").added == ("4.txt",)
    assert all(lines == HIDDEN for lines in hidden(library).values())
    assert library.search("劳模风采展播") == []


def test_one_page_too_few_and_nothing_is_noise_any_more(library, tmp_path):
    write(tmp_path / "site", range(5))
    library.add(tmp_path / "site")
    library.remove("3.txt")
    assert not any(hidden(library).values())
    assert library.search("劳模风采展播")


def test_a_file_that_is_gone_or_changed_counts_too(library, tmp_path):
    write(tmp_path / "site", range(5))
    library.add(tmp_path / "site")
    (tmp_path / "site" / "1.txt").write_text("关于休假的说明。", encoding="utf-8")
    library.add(tmp_path / "site")
    assert not any(hidden(library).values())
    write(tmp_path / "site", [1, 7])
    library.add(tmp_path / "site")
    (tmp_path / "site" / "7.txt").unlink()
    library.add(tmp_path / "site")
    assert all(lines == HIDDEN for lines in hidden(library).values())


def test_most_files_must_have_it(library, tmp_path):
    write(tmp_path / "site", range(6))
    for number in range(10, 14):
        write(tmp_path / "site", [number], menu=[], foot=[])
    library.add(tmp_path / "site")
    assert hidden(library, "1.txt") == HIDDEN
    assert hidden(library, "11.txt") == []
    write(tmp_path / "site", [14], menu=[], foot=[])  # now six of eleven
    library.add(tmp_path / "site")
    assert not any(hidden(library).values())


def test_folders_are_apart(library, tmp_path):
    write(tmp_path / "one", range(3))
    write(tmp_path / "two", range(3, 6))
    library.add([tmp_path / "one", tmp_path / "two"])
    assert not any(hidden(library).values())


def test_the_order_of_adding_does_not_matter(tmp_path):
    write(tmp_path / "site", range(6))
    write(tmp_path / "site", [8, 9], menu=MENU[:3], foot=[])
    files = sorted((tmp_path / "site").iterdir())
    chance = random.Random(5)
    seen = []
    for number in range(4):
        order = [*files]
        chance.shuffle(order)
        with Library.open(tmp_path / f"library{number}", FakeEncoder()) as library:
            cut = chance.randrange(1, len(order))
            for part in (order[:cut], order[cut:]) if number else (order,):
                library.add(part)
            library.remove("9.txt")
            seen.append((hidden(library), shown(library)))
    assert all(one == seen[0] for one in seen)
    assert seen[0][0]["1.txt"] == HIDDEN


def test_a_rebuild_gives_the_same(library, tmp_path):
    write(tmp_path / "site", range(6))
    library.add(tmp_path / "site")
    before = hidden(library), shown(library)
    library.close()
    Library.rebuild(library.folder, FakeEncoder())
    with Library.open(library.folder, FakeEncoder()) as again:
        assert (hidden(again), shown(again)) == before


def test_the_rule_can_be_turned_off_and_on(library, tmp_path):
    write(tmp_path / "site", range(6))
    library.add(tmp_path / "site")
    library.close()
    off = Cleaning.of((), ["repeated"])
    Library.rebuild(library.folder, FakeEncoder(), cleaning=off)
    with Library.open(library.folder, FakeEncoder(), cleaning=off) as again:
        assert not any(hidden(again).values())
        assert again.search("劳模风采展播")
    Library.rebuild(library.folder, FakeEncoder())
    with Library.open(library.folder, FakeEncoder()) as again:
        assert hidden(again, "1.txt") == HIDDEN


def test_only_what_changes_is_written_and_encoded(library, encoder, tmp_path):
    write(tmp_path / "site", range(6))
    (tmp_path / "site" / "长.txt").write_text(
        "\n".join(
            [*MENU, *(f"第{n}段写的是各不相同的事情，共有{n}件，一一记下。" * 9 for n in range(40))]
        ),
        encoding="utf-8",
    )
    library.add(tmp_path / "site")
    ids = {one.path: [p.id for p in library.passages(one)] for one in library.documents()}
    encoder.given.clear()
    write(tmp_path / "site", [7])
    library.add(tmp_path / "site")
    after = {one.path: [p.id for p in library.passages(one)] for one in library.documents()}
    assert all(after[path] == before for path, before in ids.items())
    assert all(TOPICS[7] in text or "首页" in text for text in encoder.given)
    generation = library.status().generation
    assert not library.add(tmp_path / "site").changed
    assert library.status().generation == generation


def test_passages_that_say_the_same_keep_their_vectors(library, encoder, tmp_path):
    long = [f"第{n}段写的是各不相同的事情，共有{n}件，都已一一记下。" * 9 for n in range(40)]
    write(tmp_path / "site", range(4))
    (tmp_path / "site" / "长.txt").write_text("\n".join([*MENU, *long]), encoding="utf-8")
    library.add([tmp_path / "site" / f"{n}.txt" for n in range(4)])
    library.add(tmp_path / "site" / "长.txt")
    assert hidden(library, "长.txt") == HIDDEN[:5]
    assert sum("第30段" in text for text in encoder.given) == 1


def test_vectors_are_those_of_what_is_shown(library, tmp_path):
    write(tmp_path / "site", range(6))
    library.add(tmp_path / "site")
    fresh = FakeEncoder()
    for document in library.documents():
        for passage in library.passages(document):
            [kept] = library._store.candidates([passage.id])
            [made] = fresh.encode_passages([settling.in_context(document.title, passage)])
            assert np.abs(kept.vector - made).max() < 1e-3


def test_what_is_cut_off_is_finished_by_the_next_add(library, tmp_path, monkeypatch):
    write(tmp_path / "site", range(6))
    calls = itertools.count()

    def broken(*args, **kwargs):
        if next(calls) == 0:
            raise LibraryDamaged("the disk is full", library.folder)
        return real(*args, **kwargs)

    real = settling._write
    monkeypatch.setattr(settling, "_write", broken)
    with pytest.raises(LibraryDamaged):
        library.add(tmp_path / "site")
    assert len(list(library.documents())) == 6
    assert not library.add(tmp_path / "site").changed
    assert all(lines == HIDDEN for lines in hidden(library).values())
    assert edges.unsettled(library._store) == []


def test_a_library_of_an_earlier_format_is_settled_by_the_next_add(library, tmp_path):
    write(tmp_path / "site", range(6))
    library.add(tmp_path / "site")
    with library._store.writing() as writing:
        writing.run("DELETE FROM edge WHERE document_id > ?", [(0,)])
        writing.run("DELETE FROM unsettled WHERE folder <> ?", [("",)])
    assert not any(hidden(library).values())
    library.add(tmp_path / "site")
    assert all(lines == HIDDEN for lines in hidden(library).values())


@pytest.mark.parametrize("ending", [".csv", ".eml"])
def test_only_pages_are_looked_at(library, tmp_path, ending):
    (tmp_path / "site").mkdir()
    for number in range(6):
        file = tmp_path / "site" / f"{number}{ending}"
        file.write_text("From: a@b.example\n\n" + page(number), encoding="utf-8")
    library.add(tmp_path / "site")
    assert len(hidden(library)) == 6
    assert not any(hidden(library).values())


def test_neither_text_that_is_given_nor_a_book_is_a_page(library, tmp_path):
    library.add([Document.from_text(page(number), path=f"{number}") for number in range(6)])
    assert not any(hidden(library).values())
    write(tmp_path / "site", range(4))
    (tmp_path / "site" / "书.txt").write_text(
        page(4) + "\n" + "一行字。\n" * (PAGE_CHARS // 4), encoding="utf-8"
    )
    library.add(tmp_path / "site")
    assert not any(hidden(library).values())


def test_lines_are_counted_in_batches_too(library, tmp_path, monkeypatch):
    monkeypatch.setattr(settling, "_BATCH", 2)
    monkeypatch.setattr(settling, "_BATCH_CHARS", 100)
    write(tmp_path / "site", range(6))
    for number in range(10, 14):
        write(tmp_path / "site", [number], menu=[], foot=[])
    library.add(tmp_path / "site")
    assert all(hidden(library, f"{number}.txt") == HIDDEN for number in range(6))
    assert hidden(library, "12.txt") == []


def test_what_repeats_is_counted_with_the_other_rules(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    write(tmp_path / "site", range(6))
    done = CliRunner().invoke(cli, ["add", "site", "-v"], env={"QA_LANGUAGE": "en"})
    assert done.exit_code == 0, done.output
    assert f"repeated {len(HIDDEN)}" in done.output
    (tmp_path / "qa.toml").write_text('rules_off = ["repeated"]\n', encoding="utf-8")
    done = CliRunner().invoke(cli, ["rebuild"], env={"QA_LANGUAGE": "en"})
    assert done.exit_code == 0, done.output
    done = CliRunner().invoke(cli, ["search", "劳模风采展播", "--json"])
    assert "劳模风采展播" in done.output
