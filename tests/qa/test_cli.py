"""Every verb, in this process and with an encoder that costs nothing: output, notes, exit codes."""

from __future__ import annotations

import errno
import json
import re
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from filelock import FileLock

from qa import cli
from qa.errors import LibraryNotFound
from qa.library import Library
from tests.fakes import FakeEncoder, FakeReranker, change_terms
from tests.pdfs import Line, pdf

QUESTION = "县级工会提升年的目标是什么"


@dataclass
class Result:
    code: int
    out: str
    err: str

    @property
    def json(self):
        return json.loads(self.out)


@pytest.fixture
def encoder_in_use():
    return FakeEncoder()


@pytest.fixture(autouse=True)
def surroundings(tmp_path, monkeypatch, encoder_in_use):
    for name in ("LIBRARY", "ENCODER", "DICTIONARY", "RERANKER", "SYNONYMS"):
        monkeypatch.delenv(f"QA_{name}", raising=False)
    monkeypatch.setenv("QA_LANGUAGE", "zh")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("qa.library.load_encoder", lambda name: encoder_in_use)


@pytest.fixture
def qa(monkeypatch, capsys):
    def run(*arguments):
        monkeypatch.setattr(sys, "argv", ["qa", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        said = capsys.readouterr()
        here = f"{Path.cwd()}/"
        return Result(ended.value.code, said.out.replace(here, ""), said.err.replace(here, ""))

    return run


@pytest.fixture
def on_sample(qa, sample_library):
    return lambda *arguments: qa(*arguments, "--library", sample_library.folder)


@pytest.fixture
def docs(tmp_path):
    folder = tmp_path / "docs"
    folder.mkdir()
    (folder / "驿站.txt").write_text("工会驿站的开放时间是八点到二十点。", encoding="utf-8")
    (folder / "会员.md").write_text("# 会员卡\n\n补办会员卡要三个工作日。", encoding="utf-8")
    return folder


# add


def test_add_reports_what_it_did(qa, docs):
    first = qa("add", docs)
    assert (first.code, first.err) == (0, "")
    assert first.out == "新增 2，更新 0，未变 0，移除 0；共 2 份文档、2 个段落\n"
    (docs / "驿站.txt").write_text("工会驿站全天开放。", encoding="utf-8")
    (docs / "会员.md").unlink()
    again = qa("add", docs, "--json")
    assert again.json == {
        "added": [], "updated": ["驿站.txt"], "unchanged": [], "removed": ["会员.md"],
        "failed": [], "skipped": [], "passages": 1, "notes": [],
    }  # fmt: skip


def test_add_says_on_stderr_what_it_left_out_and_goes_on(qa, docs):
    (docs / "图.png").write_bytes(b"x")
    (docs / "坏.txt").write_bytes(b"\0\1\2\3")
    (docs / "悬空.txt").symlink_to(docs / "没有")
    (docs / "夹.txt").mkdir()
    got = qa("add", docs)
    assert got.code == 1
    assert got.out == "新增 2，更新 0，未变 0，移除 0；共 2 份文档、2 个段落\n"
    assert got.err.split("\n") == [
        "跳过 图.png：.png：是图片；不识别图中的文字",
        "跳过 悬空.txt：是链接，不跟随；请加入它指向的文件",
        "未读入 坏.txt：不是文本文件（第 0 字节是零）",
        "错误：1 项未读入，原因见上；其余的都已加入",
        "",
    ]


def test_add_names_ten_of_what_it_skips_and_all_with_v(qa, docs):
    for number in range(12):
        (docs / f"{number}.png").write_bytes(b"x")
    got = qa("add", docs)
    assert len(re.findall("^跳过 ", got.err, re.M)) == 10
    assert got.err.endswith("另跳过 2 个（加 -v 全部列出）\n")
    assert qa("add", docs, "-v").err.count("跳过 ") == 12


def test_add_of_a_path_that_is_not_there(qa):
    got = qa("add", "没有")
    assert (got.code, got.out) == (1, "")
    assert got.err == "错误：没有 没有 这个文件或文件夹：检查路径\n"


def test_add_dry_run_says_what_would_happen_and_writes_nothing(qa, docs, tmp_path):
    first = qa("add", docs, "--dry-run")
    assert (first.code, first.err) == (0, "")
    assert first.out == (
        "将新增 会员.md\n将新增 驿站.txt\n将新增 2，更新 0，移除 0；未变 0；什么也没有写入\n"
    )
    assert not (tmp_path / "library").exists()
    qa("add", docs)
    (docs / "会员.md").unlink()
    (docs / "驿站.txt").write_bytes(b"\0")
    (docs / "新.txt").write_text("新的。", encoding="utf-8")
    got = qa("add", docs, "--dry-run", "--json")
    assert got.code == 1
    assert got.json["added"] == ["新.txt"]
    assert got.json["removed"] == ["会员.md"]
    assert [one["path"] for one in got.json["failed"]] == ["驿站.txt"]
    assert got.err.endswith("错误：1 项读不了，原因见上；其余的都会加入\n")
    assert [one["path"] for one in qa("list", "--json").json] == ["会员.md", "驿站.txt"]


def test_add_again_reads_unchanged_files(qa, docs):
    qa("add", docs)
    for options in (("--again",), ("--again", "--dry-run")):
        assert qa("add", docs, *options, "--json").json["unchanged"] == ["会员.md", "驿站.txt"]


def test_control_characters_in_a_name_are_blanks(qa, docs):
    (docs / "新\n的\x1b.txt").write_text("新的。", encoding="utf-8")
    (docs / "坏\n的\x1b.txt").write_bytes(b"\0")
    (docs / "图\n的\x1b.png").write_bytes(b"x")
    got = qa("add", docs, "--dry-run")
    assert "将新增 新 的 .txt\n" in got.out
    assert "未读入 坏 的 .txt：" in got.err
    assert "跳过 图 的 .png：" in got.err
    assert "读入 新 的 .txt：" in qa("add", docs, "-v").err
    assert "\t新 的 .txt\t" in qa("list").out


def test_add_reads_text_in_the_encoding_it_is_told_also_when_nothing_changed(qa, docs):
    text = "開放時間"
    (docs / "短.txt").write_bytes(text.encode("big5"))
    qa("add", docs)
    got = qa("add", docs / "短.txt", "--encoding", "big5")
    assert got.out.startswith("新增 0，更新 1")
    [found] = [one for one in qa("list", "--json").json if one["path"] == "短.txt"]
    assert found["encoding"] == "cp950"
    wrong = qa("add", docs / "驿站.txt", "--encoding", "big5")
    assert wrong.code == 1
    assert "未读入 驿站.txt：不是 big5（第 1 行第" in wrong.err
    assert qa("add", docs, "--encoding", "klingon").err == (
        "错误：没有叫 klingon 的编码：例如 gb18030、big5、utf-16\n"
    )
    assert qa("add", docs, "--encoding", "rot13").code == 1


def test_add_names_the_pages_that_have_no_words(qa, docs):
    (docs / "半.pdf").write_bytes(pdf([[Line("工会驿站全天开放。", 100)], []]))
    got = qa("add", docs)
    assert got.code == 0
    assert got.err == "注意 半.pdf：第 2 页：没有文字，只有图像或空白\n"


def test_add_with_v_says_how_every_file_was_read(qa, docs):
    (docs / "页.txt").write_bytes("首页 > 新闻中心\n工会开会。".encode("gbk"))
    got = qa("add", docs, "-v")
    assert "读入 页.txt：gb18030，15 字，噪声 navigation 1\n" in got.err
    assert "读入 驿站.txt：utf-8，17 字，噪声 0\n" in got.err


def test_add_watch_follows_changes_until_it_is_interrupted(qa, docs, monkeypatch):
    def changes(paths, *, ignore):
        assert [paths, ignore.name] == [[docs], "library"]
        yield frozenset()
        (docs / "驿站.txt").write_text("全天。", encoding="utf-8")
        yield frozenset({docs / "驿站.txt"})
        yield frozenset({docs / "驿站.txt"})  # nothing new: nothing is said
        raise KeyboardInterrupt

    monkeypatch.setattr("qa.watching.changes", changes)
    got = qa("add", docs, "--watch")
    assert got.code == 0
    assert [line.partition("；")[0] for line in got.out.splitlines()] == [
        "新增 2，更新 0，未变 0，移除 0",
        "新增 0，更新 1，未变 1，移除 0",
    ]
    assert got.err == "正在跟踪改动（按 Ctrl-C 结束）\n已停止跟踪；写入的都已保存\n"


def test_add_watch_waits_for_a_folder_that_vanishes(
    qa, docs, tmp_path, encoder_in_use, monkeypatch
):
    away = tmp_path / "away"

    def changes(paths, *, ignore):
        yield frozenset()
        docs.rename(away)
        yield frozenset({docs})
        yield frozenset({docs})  # said once
        with Library.open(tmp_path / "library", encoder_in_use) as library:
            assert library.status().documents == 2
        away.rename(docs)
        (docs / "驿站.txt").write_text("全天。", encoding="utf-8")
        yield frozenset({docs})
        raise KeyboardInterrupt

    monkeypatch.setattr("qa.watching.changes", changes)
    got = qa("add", docs, "--watch")
    assert got.code == 0
    assert [line.partition("；")[0] for line in got.out.splitlines()] == [
        "新增 2，更新 0，未变 0，移除 0",
        "新增 0，更新 1，未变 1，移除 0",
    ]
    assert got.err.splitlines() == [
        "正在跟踪改动（按 Ctrl-C 结束）",
        "找不到 docs：资料库里来自它的文档都保留，等它回来",
        "docs 回来了：继续跟踪",
        "已停止跟踪；写入的都已保存",
    ]


def test_add_goes_on_where_a_path_is_missing(qa, docs):
    for dry in (("--dry-run",), ()):
        got = qa("add", "没有", docs, *dry)
        assert got.code == 1
        assert "新增 2" in got.out
        assert got.err.startswith("未读入 没有：没有这个文件或文件夹；请检查路径\n错误：1 项")
    assert qa("add", "没有", "也没有").err == "错误：没有 没有 这个文件或文件夹：检查路径\n"


def test_own_patterns_of_spam_and_rules_turned_off(qa, docs, tmp_path):
    (docs / "页.txt").write_text("首页 > 新闻中心\n工会开会。点击领取红包", encoding="utf-8")
    file = tmp_path / "qa.toml"
    file.write_text('spam = ["点击领取.*"]\nrules_off = ["navigation"]\n', encoding="utf-8")
    assert "读入 页.txt：utf-8，21 字，噪声 own 1\n" in qa("add", docs, "-v").err
    [found] = qa("search", "开会", "-k", "1", "--json").json
    assert "点击" not in found["text"]
    file.write_text("", encoding="utf-8")
    assert qa("rebuild").code == 0
    [found] = qa("search", "开会", "-k", "1", "--json").json
    assert found["text"] == "工会开会。点击领取红包"


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ("spam = ['(']", "错误：spam 里的 '(' 不是正则表达式"),
        ("spam = '网'", "错误：qa.toml 里的 spam 应写成文字的列表"),
        ("rules_off = ['nothing']", "错误：没有叫 nothing 的规则：可用的有 bar、"),
    ],
)
def test_settings_of_cleaning_that_are_wrong(qa, docs, tmp_path, setting, said):
    (tmp_path / "qa.toml").write_text(setting, encoding="utf-8")
    got = qa("add", docs)
    assert (got.code, got.out) == (1, "")
    assert got.err.startswith(said.replace("bar、", "bar")), got.err


def test_add_of_an_empty_folder(qa, tmp_path):
    (tmp_path / "empty").mkdir()
    got = qa("add", "empty")
    assert (got.code, got.out) == (1, "")
    assert got.err == "错误：没有可加入的文件：能读的格式见 qa add --help\n"


def test_add_of_a_folder_that_has_become_empty_removes_nothing_and_says_so(qa, docs, tmp_path):
    qa("add", docs)
    for file in docs.iterdir():
        file.rename(tmp_path / file.name)  # as when a share is not mounted
    for dry in ((), ("--dry-run",)):
        got = qa("add", docs, *dry)
        assert got.code == 1
        assert "移除 0" in got.out
        assert got.err.split("\n")[0] == (
            "未读入 docs：文件夹空了，资料库里来自它的 2 份文档仍保留："
            "检查它是否已挂载，或用 qa remove 移除"
        )
    for name in ("驿站.txt", "会员.md"):
        (tmp_path / name).rename(docs / name)
    back = qa("add", docs)
    assert (back.code, back.out) == (0, "新增 0，更新 0，未变 2，移除 0；共 2 份文档、2 个段落\n")
    for file in docs.iterdir():
        file.unlink()
    assert qa("remove", docs).code == 0  # what the line says
    assert qa("status", "--json").json["documents"] == 0
    assert "没有可加入的文件" in qa("add", docs).err


def test_add_into_a_folder_that_is_no_library(qa, docs):
    got = qa("add", docs, "--library", docs)
    assert (got.code, got.out) == (1, "")
    assert "里是别的东西，不是资料库" in got.err
    assert sorted(one.name for one in docs.iterdir()) == ["会员.md", "驿站.txt"]


def test_an_add_that_is_interrupted_keeps_what_was_written(
    qa, tmp_path, encoder_in_use, monkeypatch
):
    for number in range(2):  # each is long enough to be written by itself
        (tmp_path / f"{number}.txt").write_text("工会驿站。" * 40_001, encoding="utf-8")
    encode, calls = encoder_in_use.encode_passages, []

    def interrupted(texts):
        calls.append(len(texts))
        if len(calls) > 1:
            raise KeyboardInterrupt
        return encode(texts)

    monkeypatch.setattr(encoder_in_use, "encode_passages", interrupted)
    got = qa("add", "0.txt", "1.txt")
    assert (got.code, got.out) == (130, "")
    assert got.err == "已中断：写入的都已保存，再运行一次即可接着加入\n"
    assert qa("status", "--json").json["documents"] == 1


# ask


def test_ask_answers_each_of_several_questions(on_sample):
    got = on_sample("ask", f"1. {QUESTION}\n2. 专项资金多少钱？\n谢谢")
    assert (got.code, got.err) == (0, "")
    first, second = re.split(r"^问题 2：", got.out, flags=re.M)
    assert first.startswith(f"问题 1：{QUESTION}\n县级工会提升年的目标是：")
    assert second.startswith("专项资金多少钱？\n")
    found = on_sample("ask", f"{QUESTION}？专项资金多少钱？", "--json").json
    assert [one["question"] for one in found] == [f"{QUESTION}？", "专项资金多少钱？"]
    assert found[0] == on_sample("ask", f"{QUESTION}？", "--json").json  # one is no list


def test_ask_takes_a_question_with_those_before_it_and_says_so(on_sample):
    got = on_sample("ask", "枫林县总工会主席是谁？副主席呢？", "--json").json
    assert got[1]["understood"] == "枫林县总工会副主席是谁？"
    whole = on_sample("ask", "骑手之家面积多大？枫林县总工会主席是谁？", "--json").json
    assert "understood" not in whole[1]
    shown = on_sample("ask", "枫林县总工会主席是谁？副主席呢？").out
    assert "\n问题 2：副主席呢？\n按“" in shown


def test_ask_answers_a_few_questions_and_counts_the_others(on_sample):
    got = on_sample("ask", "\n".join(f"第{number}条说什么" for number in range(1, 8)))
    assert got.code == 0
    assert "问题 5：第5条说什么" in got.out
    assert "第6条说什么" not in got.out
    assert got.err == "一次只答前 5 个问题，还有 2 个没有答：请另外再问\n"


def test_ask_answers_with_a_quote_and_its_place(on_sample):
    got = on_sample("ask", QUESTION)
    assert (got.code, got.err) == (0, "")
    assert re.match(r"县级工会提升年的目标是：.+“娘家人”。  \[1\]  把握 \d\d%\n\n\[1\] ", got.out)
    assert "\n    县级工会提升年实施方案.md · 一、工作目标 · 第 6 段 · 字符 " in got.out
    assert "\x1b" not in got.out


@pytest.mark.parametrize(
    ("said", "reply"),
    [
        ("你好", "你好。想查什么，直接输入问题就行。\n"),
        ("谢谢您！", "不客气。还有要查的，接着问就行。\n"),
        ("再见", "再见。\n"),
    ],
)
def test_a_courtesy_gets_a_word_back_and_no_passage_even_without_a_library(qa, said, reply):
    got = qa("ask", said)
    assert (got.code, got.out, got.err) == (0, reply, "")
    assert not Path("library").exists()


def test_a_courtesy_as_json_has_the_form_of_an_answer(qa):
    assert qa("ask", "你好", "--json").json == {
        "question": "你好", "found": False, "confidence": 0.0, "quote": "", "citations": [],
        "closest": [],
    }  # fmt: skip


def test_who_it_is_is_said_in_english_too(qa, monkeypatch):
    monkeypatch.setenv("QA_LANGUAGE", "en")
    assert qa("ask", "who", "are", "you?").out.startswith("I am qa, a program that looks things up")


def test_ask_as_json_says_what_the_library_says(on_sample, sample_library):
    answer = sample_library.ask(QUESTION, 2)
    got = on_sample("ask", QUESTION, "-k", 2, "--json")
    assert (got.code, got.err) == (0, "")
    assert {name: got.json[name] for name in ("question", "found", "quote")} == {
        "question": QUESTION, "found": True, "quote": answer.quote,
    }  # fmt: skip
    assert 0 < got.json["confidence"] <= 1
    assert len(got.json["citations"]) == len(answer.citations) == 2
    documents = {one.path: one.text for one in sample_library.documents()}
    for number, one in enumerate(got.json["citations"], start=1):
        assert set(one) >= {
            "number", "path", "title", "date", "heading", "paragraph", "page", "start", "end",
            "text", "score",
        }  # fmt: skip
        assert one["number"] == number
        stretch = documents[one["path"]][one["start"] : one["end"]]
        assert one["text"] == stretch or one["noise"]
        assert one["start"] <= one["quote_start"] < one["quote_end"] <= one["end"]


def test_a_question_needs_no_quotation_marks(on_sample):
    assert on_sample("ask", "工会", "驿站", "--json").json["question"] == "工会 驿站"


@pytest.mark.parametrize("verb", ["ask", "search"])
@pytest.mark.parametrize("empty", ["", "  ", "\u3000"])
def test_an_empty_question_is_refused(on_sample, verb, empty):
    got = on_sample(verb, empty)
    assert (got.code, got.out) == (1, "")
    assert re.fullmatch(r"错误：(问题|查询)是空的：请输入.+\n", got.err)


@pytest.mark.parametrize("question", ["？？？", "……", "🙂", "， 。"])
def test_a_question_of_signs_only_finds_nothing(on_sample, question):
    assert on_sample("ask", question).out == "文档里没有找到答案。\n"
    assert on_sample("search", question).out == "没有找到相关段落。\n"
    got = on_sample("ask", question, "--json")
    assert got.code == 0
    assert (got.json["found"], got.json["citations"], got.json["closest"]) == (False, [], [])


def test_a_question_of_5000_characters_is_answered_or_not_but_nothing_breaks(on_sample):
    got = on_sample("ask", "县级工会提升年" * 715)
    assert (got.code, got.err) == (0, "")


def test_bytes_that_are_no_text_do_not_break_a_question(on_sample):
    got = on_sample("ask", "工会\udcff驿站", "--json")
    assert (got.code, got.json["question"]) == (0, "工会?驿站")


def test_asking_an_empty_library_says_so(qa):
    with Library.open("library", FakeEncoder()):
        pass
    for verb in ("ask", "search"):
        got = qa(verb, QUESTION)
        assert (got.code, got.out) == (1, "")
        assert got.err == "错误：资料库是空的：先用 qa add 路径 加入文档\n"


def test_asking_where_there_is_no_library_makes_none(qa, tmp_path):
    got = qa("ask", QUESTION)
    assert (got.code, got.out) == (1, "")
    assert got.err == "错误：library 不是资料库：用 qa add 路径 --library library 新建一个\n"
    assert list(tmp_path.iterdir()) == []


# search, list, show


def test_search_lists_passages_best_first(on_sample, sample_library):
    got = on_sample("search", "工会驿站", "-k", 3, "--json")
    hits = sample_library.search("工会驿站", 3)
    assert [one["id"] for one in got.json] == [hit.passage.id for hit in hits]
    assert [one["text"] for one in got.json] == [hit.passage.shown for hit in hits]
    scores = [one["score"] for one in got.json]
    assert scores == sorted(scores, reverse=True)
    text = on_sample("search", "工会驿站", "-k", 3, "--explain").out
    assert text.count("得分") == 3
    assert text.count("word_bm25=") == 3


def test_list_names_every_document_one_on_a_line(on_sample, sample_library, sample):
    lines = on_sample("list").out.rstrip("\n").split("\n")
    assert sorted(line.split("\t")[2] for line in lines) == sorted(
        one.name for one in sample.iterdir()
    )
    assert [one["path"] for one in on_sample("list", "--json").json] == [
        one.path for one in sample_library.documents()
    ]


def test_list_of_an_empty_library_says_so_on_stderr(qa):
    with Library.open("library", FakeEncoder()):
        pass
    got = qa("list")
    assert (got.code, got.out, got.err) == (0, "", "资料库是空的：先用 qa add 路径 加入文档\n")


def test_show_gives_a_passage_and_its_neighbours(on_sample, sample_library):
    [hit] = sample_library.search("工会驿站", 1)
    around = [one.id for one in sample_library.passages(hit.document)]
    got = on_sample("show", hit.passage.id, "--context", 1, "--json")
    at = around.index(hit.passage.id)
    assert [one["id"] for one in got.json] == around[max(0, at - 1) : at + 2]
    assert hit.passage.shown in on_sample("show", hit.passage.id).out


def test_show_leaves_noise_out_unless_asked(qa, tmp_path):
    page = (
        "首页 | 新闻 | 登录\n县级工会提升年\n县级工会提升年的目标是建成一百家。\n"
        "上一篇：通知\n分享到：微信"
    )
    (tmp_path / "a.txt").write_text(page, encoding="utf-8")
    qa("add", "a.txt")
    noisy = [one for one in qa("show", 1, "--context", 50, "--json").json if one["noise"]]
    shown, all_of_it = qa("show", 1, "--context", 50), qa("show", 1, "--context", 50, "--noise")
    assert ("未显示；加 --noise 查看" in shown.err) == bool(noisy)
    assert len(all_of_it.out) >= len(shown.out)
    assert all_of_it.err == ""


def test_show_counts_no_line_ends_that_a_width_put_into_sentences(qa, tmp_path):
    line = "驿站每天早上七点开放，晚上十点关门，节假日也不休息，全年都一样，冬天还供应热水和热饭"
    source = tmp_path / "broken.txt"
    source.write_text(f"{line[:30]}\n{line[30:]}。\n{line[:30]}\n{line[30:]}。", encoding="utf-8")
    qa("add", source)
    shown = qa("show", 1)
    assert line in shown.out and shown.err == ""


@pytest.mark.parametrize("passage_id", [0, 99_999, 2**62])
def test_show_of_an_id_that_is_not_there(on_sample, passage_id):
    got = on_sample("show", passage_id)
    assert (got.code, got.out) == (1, "")
    assert got.err == f"错误：没有编号为 {passage_id} 的段落：编号见 qa search\n"


# remove, status, verify, rebuild


def test_remove_takes_documents_out_and_leaves_files(qa, docs):
    qa("add", docs)
    assert qa("remove", docs / "驿站.txt").out == "已移除 驿站.txt\n"
    assert qa("remove", "会员.md", "--json").json == {"removed": ["会员.md"]}
    assert len(list(docs.iterdir())) == 2
    got = qa("remove", "会员.md")
    assert (got.code, got.err) == (1, "错误：资料库里没有 会员.md：有哪些文档见 qa list\n")


def test_status_says_what_the_library_holds(on_sample, sample_library):
    now = sample_library.status()
    got = on_sample("status", "--json").json
    assert (got["documents"], got["passages"]) == (now.documents, now.passages)
    rows = dict(row.split(maxsplit=1) for row in on_sample("status").out.splitlines())
    assert (rows["文档"], rows["段落"]) == (str(now.documents), str(now.passages))
    assert rows["向量模型"] == "fake（64 维）"


def test_deep_verification_and_optimizing(qa, docs):
    qa("add", docs)
    assert qa("verify", "--deep").out == ("2 份文档、2 个段落，全部与原文一致\n索引与数据库一致\n")
    got = qa("optimize")
    assert (got.code, got.err) == (0, "")
    [terms, vectors, disk] = got.out.splitlines()
    assert re.fullmatch(r"词项索引：\d 段，无须合并|词项索引：\d 段合为 \d 段", terms)
    assert vectors == "向量文件：已重写，2 个向量"
    assert disk.startswith("占用磁盘：")
    assert qa("optimize").out.splitlines()[1] == "向量文件：2 个向量，无须重写"
    done = qa("optimize", "--anew", "--json").json
    assert (done["terms_written"], done["vectors_written"], done["vectors"]) == (True, True, 2)


def test_deep_verification_without_write_rights_names_the_plain_one(qa, docs, monkeypatch):
    qa("add", str(docs))

    def refused(*_, **__):
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(FileLock, "acquire", refused)
    got = qa("verify", "--deep")
    assert got.code == 1
    assert "不带 --deep 的 qa verify 可以用" in got.err
    assert qa("verify").code == 0


def test_deep_verification_tells_what_is_wrong_with_the_indexes_and_the_remedy(qa, docs):
    qa("add", docs)
    with Library.open("library", FakeEncoder()) as library:
        change_terms(library._indexes.terms, [1], [])
    assert qa("verify").code == 0
    got = qa("verify", "--deep")
    assert got.code == 1
    assert got.out.splitlines() == [
        "索引：词项索引里缺 1 个段落（编号 1）",
        "索引：用自己的词找不全的 1 个段落（编号 1）",
    ]
    assert "qa optimize --anew" in got.err
    got = qa("verify", "--deep", "--json")
    assert (got.code, len(got.json["indexes"]), got.json["problems"]) == (1, 2, [])
    qa("optimize", "--anew")
    assert qa("verify", "--deep").code == 0


def test_verify_finds_what_changed_since(qa, docs):
    qa("add", docs)
    assert qa("verify").out == "2 份文档、2 个段落，全部与原文一致\n"
    (docs / "驿站.txt").write_text("换了内容。", encoding="utf-8")
    (docs / "会员.md").unlink()
    got = qa("verify")
    assert got.code == 1
    assert got.out.splitlines() == [
        "会员.md：原文件不在了",
        "驿站.txt：第 1 段已不在原处：原文件改动过",
    ]
    assert got.err.startswith("错误：2 份文档、2 个段落，2 处与原文不符：")
    assert [one["path"] for one in qa("verify", "--json").json["problems"]] == [
        "会员.md",
        "驿站.txt",
    ]


def test_rebuild_needs_no_sources(qa, docs):
    qa("add", docs)
    shutil.rmtree(docs)
    assert qa("rebuild").out == "已重建：2 份文档、2 个段落\n"
    assert qa("ask", "补办会员卡要几天", "--json").json["found"]


def test_another_encoder_is_refused_until_rebuilt(qa, docs, monkeypatch):
    qa("add", docs)
    monkeypatch.setattr("qa.library.load_encoder", lambda name: FakeEncoder("other"))
    got = qa("ask", QUESTION)
    assert (got.code, got.out) == (1, "")
    assert got.err.startswith("错误：library 建立时的向量模型是 ")
    assert got.err.endswith("：运行 qa rebuild，或按原来的设置打开\n")
    assert qa("rebuild").code == 0
    assert qa("ask", "补办会员卡要几天").code == 0


# doctor, measure


def test_doctor_passes_a_sound_library(on_sample):
    got = on_sample("doctor")
    assert (got.code, got.err) == (0, "")
    assert [line[:5] for line in got.out.splitlines()] == ["[正常] "] * 9
    assert [one["passed"] for one in on_sample("doctor", "--json").json] == [True] * 9


def test_doctor_ends_with_1_when_a_check_fails(qa, docs):
    qa("add", docs)
    import sqlite3
    from contextlib import closing

    with closing(sqlite3.connect("library/library.db")) as database:
        database.execute("DELETE FROM passage WHERE id = 1")
        database.commit()
    got = qa("doctor")
    assert got.code == 1
    assert "[有误] 索引与数据库一致" in got.out
    assert re.fullmatch(r"错误：\d 项检查未通过：运行 qa rebuild，再运行一次 qa doctor\n", got.err)


def test_measure_names_bad_lines_and_measures_the_rest(qa, docs, tmp_path):
    qa("add", docs)
    lines = [
        {"question": "补办会员卡要几天", "evidence": [{"doc": "会员.md", "text": "三个工作日"}]},
        {"question": "食堂几点开", "evidence": [{"doc": "食堂.txt", "text": "九点"}]},
        {"question": ""},
    ]
    (tmp_path / "q.jsonl").write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    got = qa("measure", "q.jsonl")
    assert got.code == 0
    assert got.err == "第 2 行：资料库里没有 食堂.txt 这份文档\n第 3 行：缺少 question 或它是空的\n"
    assert got.out.startswith("1 题：1 题有答案，0 题没有\nR@1 ")
    figures = qa("measure", "q.jsonl", "--json").json
    assert (figures["answerable"], figures["recall_at_1"], figures["misses"]) == (1, 1.0, [])
    assert [one["line"] for one in figures["problems"]] == [2, 3]


def test_measure_tells_only_the_first_of_many_problems(qa, docs, tmp_path):
    qa("add", docs)
    line = '{"question": "食堂几点开", "evidence": [], "colour": 1}\n'
    (tmp_path / "q.jsonl").write_text(line * 12, encoding="utf-8")
    told = qa("measure", "q.jsonl").err.splitlines()
    assert told[0] == "第 1 行：没有叫 colour 的字段"
    assert told[10:] == ["另有 2 处（加 -v 全部列出）"]
    assert (
        len([one for one in qa("measure", "q.jsonl", "-v").err.splitlines() if "第" in one]) == 12
    )


def test_measure_without_evidence_against_bm25_and_explained(qa, docs, tmp_path):
    qa("add", docs)
    lines = [
        {"id": "in", "question": "补办会员卡要几天",
         "evidence": [{"doc": "会员.md", "text": "三个工作日"}]},
        {"id": "out", "question": "火星的卫星叫什么", "evidence": []},
    ]  # fmt: skip
    (tmp_path / "q.jsonl").write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    options = ("--without-evidence", "--against", "bm25", "--explain")
    got = qa("measure", "q.jsonl", *options)
    assert got.code == 0
    assert got.out.split("\n")[1] == "1 道有答案的题去掉依据所在的文档再问一遍，算没有答案的"
    assert got.out.split("\n")[2].split() == ["qa", "bm25"]
    figures = qa("measure", "q.jsonl", *options, "--json").json
    assert (figures["unanswerable"], figures["without_evidence"]) == (1, 1)
    assert figures["against"]["bm25"]["recall_at_1"] == 1.0
    assert set(figures["explained"]) == {"misses", "false_answers", "refusals"}
    assert qa("measure", "q.jsonl", "--against", "lucene").code == 2


def test_measure_of_a_set_needs_no_library(qa, tmp_path):
    (tmp_path / "s.passages.jsonl").write_text('{"id": "p", "text": "会员卡补办要三天。"}', "utf-8")
    (tmp_path / "s.jsonl").write_text(
        '{"question": "会员卡补办要几天", "passage_id": "p"}', "utf-8"
    )
    assert qa("measure", "s.jsonl", "--json").json["recall_at_1"] == 1.0
    assert not (tmp_path / "library").exists()


def test_measure_of_conversations(qa, docs, tmp_path):
    qa("add", docs)
    told = {"doc": "会员.md", "text": "三个工作日"}
    talk = {"id": "t", "part": "held", "turns": [
        {"question": "补办会员卡要几天", "evidence": [told]},
        {"question": "要几天", "evidence": [told]}]}  # fmt: skip
    (tmp_path / "t.jsonl").write_text(json.dumps(talk), encoding="utf-8")
    got = qa("measure", "t.jsonl", "--part", "held", "--explain")
    assert got.code == 0
    assert got.out.startswith("1 段对话，2 问\n")
    assert "追问，前三有依据（1）" in got.out
    figures = qa("measure", "t.jsonl", "--json").json["dialogues"]
    assert figures["follow_up"]["in_dialogue"]["top_three"] == 1.0
    assert qa("measure", "t.jsonl", "--part", "fit").err == (
        "错误：t.jsonl 里没有 part 是 fit 的对话\n"
    )


# calibrate


@pytest.fixture
def calibrated(qa, sample):
    qa("add", sample)
    return lambda *arguments: qa("calibrate", *arguments)


def test_calibrate_without_a_file_makes_questions_and_reset_undoes_it(qa, calibrated):
    got = calibrated("--false-answers", "10%")
    assert (got.code, got.err) == (0, "")
    head, columns, *rows = got.out.splitlines()
    assert re.fullmatch(r"由文档造出 \d+ 题：有答案的问了 \d+ 次，抽去答案的问了 \d+ 次", head)
    assert columns.split() == ["原来", "现在"]
    figures = {row.split()[0]: row.split()[1:] for row in rows}
    assert set(figures) == {"阈值", "有答案的答出", "没有答案的误答"}
    assert float(figures["没有答案的误答"][1].rstrip("%")) <= 10
    now = qa("status", "--json").json
    assert (now["calibration"], f"{now['threshold']:.2f}") == ("made", figures["阈值"][1])
    assert f"{figures['阈值'][1]}（用由文档造的题为本库校准）" in qa("status").out
    assert calibrated("--reset").out == f"已取消本库的校准，阈值恢复为 {figures['阈值'][0]}\n"
    assert qa("status", "--json").json["calibration"] == "shipped"
    assert calibrated("--reset", "--json").json == {"threshold": float(figures["阈值"][0])}


def test_calibrate_with_a_file_names_bad_lines(qa, calibrated, sample_questions, tmp_path):
    lines = sample_questions.read_text("utf-8").splitlines()[::4]
    lines[1:1] = ["{", '{"question": "谁", "evidence": [{"doc": "没有.txt", "text": "x"}]}']
    (tmp_path / "q.jsonl").write_text("\n".join(lines), encoding="utf-8")
    got = calibrated("q.jsonl", "--json")
    assert got.code == 0
    assert got.err == "第 2 行：不是 JSON\n第 3 行：资料库里没有 没有.txt 这份文档\n"
    assert got.json["calibration"]["questions"] == len(lines) - 2
    assert got.json["calibration"]["made"] is False
    assert qa("status", "--json").json["calibration"] == "own"
    refused = calibrated()
    assert (refused.code, "--force" in refused.err) == (1, True)
    assert qa("status", "--json").json["calibration"] == "own"
    assert calibrated("--force").code == 0
    assert qa("status", "--json").json["calibration"] == "made"
    assert got.json["after"]["false_answers"] <= 0.05
    assert set(got.json["before"]) == {"threshold", "answered", "false_answers"}


@pytest.mark.parametrize("share", ["0", "0%", "100%", "1", "5", "-3%", "many", "", "nan", "％"])
def test_calibrate_takes_shares_only(qa, docs, share):
    qa("add", docs)
    got = qa("calibrate", "--false-answers", share)
    assert (got.code, got.out) == (2, "")
    assert f"'{share}' 不是 0% 与 100% 之间的比例：写成 5% 或 0.05。" in got.err


def test_calibrate_with_what_it_cannot_use(qa, docs, tmp_path):
    assert "不是资料库" in qa("calibrate").err
    qa("add", docs)
    few = qa("calibrate")
    assert (few.code, few.out) == (1, "")
    assert re.fullmatch(
        r"错误：没有答案的提问只有 \d+ 次，校准至少要 20 次：请加入文档或补充问题\n", few.err
    )
    (tmp_path / "s.passages.jsonl").write_text('{"id": "p", "text": "会员卡。"}', "utf-8")
    (tmp_path / "s.jsonl").write_text('{"question": "会员卡", "passage_id": "p"}', "utf-8")
    assert "问的是它自带的段落" in qa("calibrate", "s.jsonl").err
    assert qa("calibrate", "missing.jsonl").code == 1
    both = qa("calibrate", "s.jsonl", "--reset")
    assert (both.code, "--reset 不能与问题文件同用" in both.err) == (2, True)
    qa("remove", docs)
    assert qa("calibrate").err == "错误：资料库是空的：先用 qa add 路径 加入文档\n"


def test_a_reranker_is_a_setting(qa, docs, monkeypatch):
    monkeypatch.setattr("qa.library.load_reranker", lambda name: FakeReranker({}))
    qa("add", docs)
    assert "reranker=" not in qa("search", "会员卡", "--explain").out
    monkeypatch.setenv("QA_RERANKER", "models/second")
    assert "reranker=0.50" in qa("search", "会员卡", "--explain").out
    assert "重排模型  fake-reranker" in qa("status").out


def test_a_reranker_that_is_not_there(qa, docs, monkeypatch):
    qa("add", docs)
    monkeypatch.setenv("QA_RERANKER", "./missing")
    got = qa("ask", "会员卡")
    assert (got.code, got.out) == (1, "")
    assert got.err == "错误：没有 ./missing 这个文件夹：检查重排模型的路径\n"


# what all share


@pytest.mark.parametrize("verb", ["ask x", "search x", "list", "show 1", "status", "verify"])
def test_a_damaged_database_is_one_line(qa, docs, verb):
    qa("add", docs)
    for file in Path("library").glob("library.db*"):
        file.write_bytes(b"this is not a database" * 200)
    got = qa(*verb.split())
    assert (got.code, got.out) == (1, "")
    assert (
        got.err == "错误：library 里的 library.db 已损坏：恢复备份，或删掉该文件夹后重新加入文档\n"
    )


def test_a_locked_library_can_be_read_and_says_who_writes(qa, docs, monkeypatch):
    monkeypatch.setattr("qa.folder.LOCK_WAIT_S", 0.01)
    monkeypatch.setattr("qa.terminal.WRITER_WAIT_S", 0.0)
    qa("add", docs)
    with FileLock("library/write.lock"):
        got = qa("add", docs)
        assert (got.code, got.err.splitlines()[-1]) == (
            1,
            "错误：library 正由另一个进程写入：等它结束后再试",
        )
        assert qa("ask", "补办会员卡要几天").code == 0


@pytest.mark.parametrize("verb", ["add more.txt", "remove 会员.md", "optimize"])
def test_a_verb_that_writes_says_that_it_waits_and_has_its_turn(qa, docs, monkeypatch, verb):
    monkeypatch.setattr("qa.folder.LOCK_WAIT_S", 0.01)
    qa("add", docs)
    Path("more.txt").write_text("食堂周末也开放。\n", encoding="utf-8")
    other, tries = FileLock("library/write.lock"), []
    acquire = FileLock.acquire

    def counted(self, *values, **named):
        tries.append(self)
        if len(tries) == 3:
            other.release()  # the other process is done
        return acquire(self, *values, **named)

    acquire(other)
    monkeypatch.setattr(FileLock, "acquire", counted)
    got = qa(*verb.split())
    assert got.code == 0
    assert got.err.count("另一个进程正在写入：等它结束") == 1


def test_the_common_options_may_stand_before_the_verb(qa, sample_library):
    got = qa("--library", sample_library.folder, "--json", "status")
    assert got.json["documents"] == sample_library.status().documents


def test_settings_are_read_and_wrong_ones_named(qa, docs, tmp_path, monkeypatch):
    monkeypatch.delenv("QA_LANGUAGE")
    (tmp_path / "qa.toml").write_text("library = 'elsewhere'\nlanguage = 'en'", encoding="utf-8")
    assert qa("add", docs).out.startswith("2 added, 0 updated, ")
    assert (tmp_path / "elsewhere" / "library.db").exists()
    (tmp_path / "qa.toml").write_text("colour = 'red'", encoding="utf-8")
    got = qa("status")
    assert (got.code, got.out) == (1, "")
    assert got.err.startswith("错误：qa.toml 里的 colour 不是设置项：可用的有 library, ")


def test_a_users_dictionary_is_used_and_kept(qa, docs, tmp_path):
    (tmp_path / "words.txt").write_text("会员卡补办\n", encoding="utf-8")
    (tmp_path / "qa.toml").write_text("dictionary = 'words.txt'", encoding="utf-8")
    assert qa("add", docs).code == 0
    assert "words.txt（1 个词）" in qa("status").out
    (tmp_path / "qa.toml").unlink()
    assert qa("ask", QUESTION).code == 0
    assert "资料库里记着（1 个词）" in qa("status").out
    (tmp_path / "words.txt").write_text("# 都不要了\n", encoding="utf-8")
    (tmp_path / "qa.toml").write_text("dictionary = 'words.txt'", encoding="utf-8")
    assert qa("ask", QUESTION).code == 0
    (tmp_path / "qa.toml").unlink()
    assert qa("status", "--json").json["own_words"] == 0


def test_synonyms_of_a_file_are_used_and_named(qa, docs, tmp_path):
    assert qa("add", docs).code == 0
    asked = "骑手之家卡掉了咋整"
    (tmp_path / "syn.txt").write_text("掉, 丢\n", encoding="utf-8")
    (tmp_path / "qa.toml").write_text("synonyms = 'syn.txt'", encoding="utf-8")
    assert "syn.txt（1 组）" in qa("status").out
    assert qa("status", "--json").json["synonyms"] == {"file": "syn.txt", "lines": 1}
    (tmp_path / "syn.txt").write_text("掉, 丢\n会费\n", encoding="utf-8")
    got = qa("ask", asked)
    assert got.code == 1
    assert got.err == "错误：syn.txt 第 2 行：只有一个词：把意思相同的词写在旁边\n"


def test_an_error_is_a_traceback_only_with_v(qa):
    assert "Traceback" not in qa("ask", QUESTION).err
    got = qa("ask", QUESTION, "-v")
    assert "Traceback (most recent call last)" in got.err
    assert got.err.endswith("错误：library 不是资料库：用 qa add 路径 --library library 新建一个\n")
    assert LibraryNotFound.__name__ in got.err


def test_a_mistake_of_ours_is_one_line_too(on_sample, monkeypatch):
    def broken(*_, **__):
        raise ZeroDivisionError("division\nby zero")

    monkeypatch.setattr(Library, "ask", broken)
    got = on_sample("ask", QUESTION)
    assert (got.code, got.out) == (1, "")
    assert got.err == "错误：程序出错（ZeroDivisionError）：division by zero；加 -v 查看详情\n"


def test_an_interrupted_question_says_only_that(on_sample, monkeypatch):
    def interrupted(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(Library, "ask", interrupted)
    got = on_sample("ask", QUESTION)
    assert (got.code, got.out, got.err) == (130, "", "已中断\n")


def test_the_same_in_english(qa, docs, monkeypatch):
    monkeypatch.setenv("QA_LANGUAGE", "en")
    (docs / "空.txt").write_bytes(b"")
    got = qa("add", docs)
    assert got.out == "2 added, 0 updated, 0 unchanged, 0 removed; 2 documents, 2 passages in all\n"
    assert got.err == (
        "not read 空.txt: the file is empty\n"
        "error: 1 path not read, see above; the rest was added\n"
    )
    assert qa("ask", "？").out == "The documents do not answer this.\n"
    assert qa("show", "77").err == "error: no passage has the id 77: ids are shown by `qa search`\n"


def test_the_version(qa):
    from qa import __version__

    assert qa("--version").out == f"qa {__version__}\n"


@pytest.mark.parametrize("line", ["", "frob", "ask", "show abc", "ask x -k 0", "completion tcsh"])
def test_a_wrong_command_line_ends_with_2(qa, line):
    got = qa(*line.split())
    assert (got.code, got.out) == (2, "")
    assert got.err


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_scripts_call_the_program(qa, shell):
    got = qa("completion", shell)
    assert got.code == 0
    assert f"_QA_COMPLETE={shell}_complete" in got.out


@pytest.mark.parametrize(
    ("words", "at", "expected"),
    [
        ("qa s", 1, ["plain,search", "plain,show", "plain,status"]),
        ("qa add do", 2, ["file,do"]),
        ("qa list --library d", 3, ["dir,d"]),
        ("qa list --", 2, ["plain,--library", "plain,--json", "plain,--help"]),
        ("qa completion ", 2, ["plain,bash", "plain,zsh", "plain,fish"]),
    ],
)
def test_completion_knows_verbs_options_and_files(qa, monkeypatch, words, at, expected):
    monkeypatch.setenv("_QA_COMPLETE", "bash_complete")
    monkeypatch.setenv("COMP_WORDS", words)
    monkeypatch.setenv("COMP_CWORD", str(at))
    assert qa().out.split() == expected


def test_every_verb_and_option_is_documented():
    page = Path(cli.__file__).parents[1] / "docs" / "command-line.md"
    if not page.exists():
        pytest.skip("docs/command-line.md is not written yet")
    text = page.read_text(encoding="utf-8")
    for name, command in cli.cli.commands.items():
        assert re.search(rf"^#+ .*`qa {name}\b", text, re.M), f"qa {name} has no heading"
        for option in command.params:
            for flag in (one for one in option.opts if one.startswith("-")):
                assert f"`{flag}" in text, f"{flag} of qa {name} is not described"


def test_add_of_a_missing_path_makes_no_library(qa, tmp_path):
    library = tmp_path / "new"
    assert qa("add", tmp_path / "nothing", "--library", library).code == 1
    assert not library.exists()
