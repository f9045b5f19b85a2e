"""The commands, the list of documents, and taking documents out."""

from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path

import pytest
from filelock import FileLock

import qa
from qa.bot.catalogue import Catalogues, Entry, named, page, pages
from qa.bot.listing import Choice, Verb
from qa.bot.state import Shown
from qa.calibration import Calibration
from qa.errors import LibraryDamaged
from qa.records import Document
from tests.telegram.faults import refused
from tests.telegram.office import ADMIN, READER, STRANGER, office
from tests.telegram.test_documents import NOTICE
from tests.telegram.updates import GROUP, group_chat

COMMANDS = ("start", "help", "id", "new", "status", "library", "remove", "use", "add")


@pytest.fixture
def work(tmp_path, monkeypatch):
    monkeypatch.setattr("qa.bot.board.EDIT_APART_S", 0.0)
    with office(tmp_path) as made:
        yield made
        assert made.recording.refused == []


def say(work, text, user_id=ADMIN, **more):
    return work.receive(work.updates.text(text, user_id, **more))


def fill(work, count):
    work.library.add(
        [
            Document.from_text(
                f"第{n}号办法的正文。\n\n第二段。", path=f"{n:02}.txt", title=f"第{n}号办法",
                date="2024-03-01" if n % 2 else None,
            )
            for n in range(1, count + 1)
        ]
    )  # fmt: skip


def answers(work):
    """Give what presses were answered with, oldest first."""
    return [call.params.get("text", "") for call in work.recording.calls("answerCallbackQuery")]


# The short ones


def test_strangers_learn_their_number_and_nothing_else(work):
    fill(work, 1)
    assert say(work, "/id", STRANGER) == [f"您的编号：{STRANGER}"]
    refusal = "这里只回答登记过的人：把 /id 给出的编号交给管理员即可。"
    for command in COMMANDS:
        if command != "id":
            assert say(work, f"/{command}", STRANGER) == [refusal]
    assert say(work, "/remove 01.txt", STRANGER) == [refusal]
    assert say(work, "/use 别的", STRANGER) == [refusal]


def test_id_in_a_group_gives_the_groups_number_too(work):
    [said] = work.receive(work.updates.in_group("/id@cited_qa_bot", STRANGER))
    assert said == f"您的编号：{STRANGER}\n本群的编号：{GROUP}"


def test_a_group_that_is_allowed_admits_everyone_in_it(tmp_path):
    with office(tmp_path, allowed=frozenset({str(GROUP)})) as work:
        assert work.receive(work.updates.in_group("/new", STRANGER)) == ["好，换个话题，请问。"]
        assert say(work, "/new", STRANGER)[0].startswith("这里只回答登记过的人")


def test_start_and_help_are_short_and_give_an_example(work):
    [start] = say(work, "/start payload", READER)
    assert "例如：年休假可以休几天？" in start and len(start) < 150
    [told] = say(work, "/help", READER)
    assert "例如：" in told and "/new" in told and "管理员" not in told
    [told] = say(work, "/help", ADMIN)
    assert "/remove" in told and "/status" in told
    [told] = work.receive(work.updates.in_group("/help", READER))
    assert told.startswith("在群里提问：/ask")
    [told] = say(work, "/help", READER, language="en")
    assert told.startswith("Just type a question") and "Administrators" not in told


def test_new_forgets_the_topic_of_who_says_so_in_that_chat(work):
    for user in (READER, ADMIN):
        shown = Shown(0, READER, user, 0, "", 5.0, "问", "", False, "", (), ())
        work.desk.state.show(shown)
    assert len(work.desk.state.turns(READER, READER, 0.0)) == 1
    assert say(work, "/new", READER) == ["好，换个话题，请问。"]
    assert work.desk.state.turns(READER, READER, 0.0) == []
    assert len(work.desk.state.turns(READER, ADMIN, 0.0)) == 1


def test_status_tells_administrators_how_things_are(work):
    fill(work, 3)
    work.desk.counters.answered(found=True, seconds=0.012)
    work.desk.counters.refused("bot_quota")
    [said] = say(work, "/status")
    lines = said.split("\n")
    assert lines[0] == "默认"
    assert lines[1].startswith("文档 3，段落 3，占用磁盘 ")
    assert lines[2] == f"作答的把握阈值 {work.library.calibration.threshold:.2f}（出厂）"
    assert lines[3] == f"版本 {qa.__version__}，已运行 0 天 0 小时 0 分"
    assert lines[4] == (
        "回答 1 次，其中找到 1 次；没有受理 1 次，出错 0 次；"
        "一问耗时 12 毫秒（中位）、12 毫秒（99%）"
    )
    assert say(work, "/status", READER) == ["只有管理员可以这样做。"]


def test_status_names_every_kind_of_threshold(work):
    threshold = Calibration(1.0, 0.0, 0.4, 0.05, 300, made=True)
    work.library.set_calibration(threshold)
    assert "作答的把握阈值 0.40（用由文档造的题为本库校准）" in say(work, "/status")[0]
    work.library.set_calibration(replace(threshold, made=False))
    assert "作答的把握阈值 0.40（用问题文件为本库校准）" in say(work, "/status")[0]


def test_status_of_a_damaged_library_is_one_line(work, monkeypatch):
    def broken(self):
        raise LibraryDamaged("damaged", self.folder)

    monkeypatch.setattr(type(work.library), "status", broken)
    for command in ("/status", "/library", "/remove", "/remove x"):
        [said] = say(work, command)
        assert "\n" not in said and "Traceback" not in said and said


def test_a_chat_is_bound_to_a_library_by_administrators_only(tmp_path):
    with office(tmp_path, names=("工会", "Handbook")) as work:
        [said] = say(work, "/use")
        assert said == "这里用的资料库是 默认；可用的有 默认、工会、Handbook。换用：/use 名称"
        assert say(work, "/use handbook") == ["这里从现在起用资料库 Handbook。"]
        assert work.desk.state.bound(ADMIN) == "Handbook"
        assert say(work, "/use")[0].startswith("这里用的资料库是 Handbook；")
        assert say(work, "/use <没有>") == [
            "没有叫 <没有> 的资料库：可用的有 默认、工会、Handbook。"
        ]
        assert work.desk.state.bound(ADMIN) == "Handbook"
        assert say(work, "/use 工会", READER) == ["只有管理员可以这样做。"]
        assert work.desk.state.bound(READER) == ""
        assert say(work, "/use 默认") == ["这里从现在起用资料库 默认。"]
        assert work.desk.state.bound(ADMIN) == ""
        work.receive(work.updates.in_group("/use 工会", ADMIN))
        assert work.desk.state.bound(GROUP) == "工会" and work.desk.state.bound(ADMIN) == ""


def test_an_edited_command_and_one_for_another_bot_are_not_ours(work):
    assert work.receive(work.updates.in_group("/help@other_bot", READER)) == []
    edited = work.updates.edited(work.updates.text("x", ADMIN), "/status")
    assert work.receive(edited) == []


# The list


def test_an_empty_library_says_so(work):
    assert say(work, "/library", READER) == ["资料库是空的。"]
    assert say(work, "/remove") == ["资料库是空的。"]


def test_the_list_is_paged_and_the_pages_turn(work):
    fill(work, 23)
    [said] = say(work, "/library", READER)
    lines = said.split("\n")
    assert lines[0] == "资料库里的文档  第 1/3 页，共 23 份"
    assert lines[1] == "1. 第1号办法  2024-03-01  2 段"
    assert lines[3] == "2. 第2号办法  2 段"
    assert len(lines) == 21
    assert "第 2/3 页" in work.press("下一页 →", READER)
    third = work.press("下一页 →", READER)
    assert third.split("\n")[1] == "1. 第21号办法  2024-03-01  2 段" and "第23号" in third
    with pytest.raises(ValueError, match="unpack"):
        work.press("下一页 →", READER)
    assert "第 2/3 页" in work.press("← 上一页", READER)
    assert answers(work) == [""] * 3


def test_a_page_turned_twice_by_a_double_tap_stands_quietly(work, caplog):
    fill(work, 11)
    say(work, "/library", READER)
    data = work.message()["reply_markup"]["inline_keyboard"][0][0]["callback_data"]
    asked = dict(work.message())
    work.receive(work.updates.press(data, asked, READER))
    fault = refused("Bad Request: Message is Not Modified: the same")
    work.recording.fail("editMessageText", fault)
    work.receive(work.updates.press(data, asked, READER))
    assert "第 2/2 页" in work.message()["text"]
    assert [one for one in caplog.records if one.levelname in ("WARNING", "ERROR")] == []


def test_a_page_that_is_gone_gives_the_last_there_is(work):
    fill(work, 21)
    say(work, "/library", READER)
    work.press("下一页 →", READER)
    work.library.remove(["21.txt"])
    assert "第 2/2 页，共 20 份" in work.press("下一页 →", READER)


def test_titles_and_paths_are_shown_as_they_are(work):
    work.library.add(
        [Document.from_text("正文。", path="<a>&.txt", title="<b>&amp;</i>" + "题" * 400)]
    )
    [said] = say(work, "/library", READER)
    assert "1. <b>&amp;</i>题题" in said and "…" in said and "<a>&.txt" in said
    [said] = say(work, "/remove <a>")
    assert said.startswith("要把这份文档移出资料库吗？\n<b>&amp;</i>题")


def test_a_page_of_the_longest_titles_still_fits(work):
    work.library.add(
        [
            Document.from_text("正文。", path="𠀀" * 300 + f"{n}.txt", title="&<𠮷" * 300)
            for n in range(10)
        ]
    )
    [said] = say(work, "/remove")
    assert said.count("&<𠮷") > 10


# Taking documents out


def test_a_document_that_was_sent_is_taken_out_and_its_file_put_aside(work, caplog):
    caplog.set_level("INFO", "qa.bot.intake")
    work.send("通知.md", NOTICE)
    [asked] = say(work, "/remove 通知.md")
    assert asked == "要把这份文档移出资料库吗？\n关于工会驿站开放时间的通知  2024-03-01\n通知.md"
    assert [one["text"] for one in work.recording.last().buttons()] == ["移除", "不移除"]
    done = work.press("移除")
    aside = work.kept / ".aside"
    assert done == f"已移除《关于工会驿站开放时间的通知》。\n它的文件另存在 {aside}。"
    assert list(work.library.documents()) == []
    assert not (work.kept / "通知.md").exists()
    [file] = aside.iterdir()
    assert file.read_bytes() == NOTICE
    logged = [(one.message, one.facts["document"]) for one in caplog.records]
    assert logged == [("added", "通知.md"), ("removed", "通知.md")]
    assert "reply_markup" not in work.message()
    # At the next start it does not come back.
    work.run(work.documents.resume(work.application.bot))
    assert list(work.library.documents()) == []


def test_files_outside_the_bots_folder_are_left_alone(work):
    own = work.folder / "own"
    own.mkdir()
    (own / "通知.md").write_bytes(NOTICE)
    work.library.add(own)
    say(work, "/remove 驿站")
    place = (own / "通知.md").resolve()
    assert work.press("移除").endswith(f"\n原文件 {place} 没有动。")
    assert (own / "通知.md").read_bytes() == NOTICE
    assert list(work.library.documents()) == []


def test_only_the_one_that_was_meant_is_taken_out(work):
    for folder in ("a", "b"):
        (work.folder / folder).mkdir()
        (work.folder / folder / "通知.md").write_bytes(NOTICE)
        work.library.add(work.folder / folder)
    [said] = say(work, "/remove 通知.md")
    assert said == "要移除哪一份？"
    assert len(work.recording.last().buttons()) == 3
    message = work.message()
    data = message["reply_markup"]["inline_keyboard"][0][0]["callback_data"]
    work.receive(work.updates.press(data, message, ADMIN))
    work.press("移除")
    [left] = work.library.documents()
    assert left.source.endswith("/b")


def test_not_removing_removes_nothing(work):
    fill(work, 1)
    say(work, "/remove 01.txt")
    assert work.press("不移除") == "没有移除。"
    assert len(list(work.library.documents())) == 1


@pytest.mark.parametrize(
    ("labels", "said", "left"),
    [
        (["移除", "不移除"], "已移除《第1号办法》。", 0),
        (["移除", "移除"], "已移除《第1号办法》。", 0),
        (["不移除", "移除"], "没有移除。", 1),
    ],
)
def test_of_two_presses_before_the_buttons_are_gone_the_first_counts(work, labels, said, left):
    fill(work, 1)
    say(work, "/remove 01.txt")
    asked = dict(work.message())
    held = {one["text"]: one["callback_data"] for one in work.recording.last().buttons()}
    for label in labels:
        work.receive(work.updates.press(held[label], asked, ADMIN))
    assert work.message()["text"] == said
    assert len(list(work.library.documents())) == left
    assert answers(work) == ["", ""]


def test_a_press_that_failed_may_be_made_again(work, monkeypatch):
    monkeypatch.setattr("qa.folder.LOCK_WAIT_S", 0.05)
    fill(work, 1)
    say(work, "/remove 01.txt")
    asked = dict(work.message())
    data = asked["reply_markup"]["inline_keyboard"][0][0]["callback_data"]
    with FileLock(work.library.folder / "write.lock"):
        work.receive(work.updates.press(data, asked, ADMIN))
    work.receive(work.updates.press(data, asked, ADMIN))
    assert work.message()["text"] == "已移除《第1号办法》。"


def test_a_document_is_chosen_from_the_list_by_its_number(work):
    fill(work, 12)
    [said] = say(work, "/remove")
    assert said.startswith("要移除哪一份？请按编号  第 1/2 页，共 12 份")
    work.press("下一页 →")
    assert "第12号办法" in work.press("2")
    assert work.press("移除") == "已移除《第12号办法》。"
    assert len(list(work.library.documents())) == 11


def test_names_that_mean_nothing_or_too_much(work):
    fill(work, 12)
    assert say(work, "/remove 没有") == ["资料库里没有“没有”：用 /library 看有哪些文档。"]
    assert say(work, "/remove 办法") == ["有 12 份文档符合：请把名称写得再完整些。"]
    [said] = say(work, "/remove " + "长" * 3000)
    assert len(said) < 200


def test_what_is_gone_already_is_said_to_be(work):
    fill(work, 1)
    say(work, "/remove 01.txt")
    work.library.remove(["01.txt"])
    assert work.press("移除") == "资料库里已经没有这份文档。"


def test_somebody_else_was_first_and_the_file_stays_where_it_was(work, monkeypatch):
    work.send("通知.md", NOTICE)
    say(work, "/remove 通知.md")
    entries = work.run(Catalogues(work.desk.shelf).entries(""))
    work.library.remove(["通知.md"])
    monkeypatch.setattr("qa.bot.catalogue.Catalogues._entries", lambda self, name: entries)
    assert work.press("移除") == "资料库里已经没有这份文档。"
    assert (work.kept / "通知.md").exists()


def test_a_library_in_use_keeps_document_and_file(work, monkeypatch):
    monkeypatch.setattr("qa.folder.LOCK_WAIT_S", 0.05)
    work.send("通知.md", NOTICE)
    say(work, "/remove 通知.md")
    with FileLock(work.library.folder / "write.lock"):
        said = work.press("移除")
    assert "正由另一个进程写入" in said and "\n" not in said
    assert (work.kept / "通知.md").exists() and len(list(work.library.documents())) == 1


# Presses that are none of ours


@pytest.mark.parametrize(
    "data",
    ["doc:", "doc:drop:", "doc:drop:zzzz", "doc:list:-1", "doc:list:9999999", "doc:list:１",
     "doc:drop:" + "0" * 17, "doc:keep", "doc:keep:1", "doc:nothing:1", "doc:list:1\n"],
)  # fmt: skip
def test_forged_presses_do_nothing(work, data):
    fill(work, 1)
    say(work, "/library")
    before = work.message()["text"]
    work.receive(work.updates.press(data, work.message(), ADMIN))
    assert answers(work) == ["这个按钮已经不能用了，请再问一次。"]
    assert work.message()["text"] == before and len(list(work.library.documents())) == 1


def test_other_peoples_presses_do_nothing(work):
    fill(work, 11)
    say(work, "/remove 01.txt")
    for user in (READER, STRANGER):
        work.press("移除", user)
        work.press("不移除", user)
    assert answers(work) == ["您不能使用这个按钮。"] * 4
    assert len(list(work.library.documents())) == 11
    say(work, "/library")
    assert "第 1/2 页" in work.press("下一页 →", STRANGER)
    key = Entry.of(next(work.library.documents()), work.library.folder).key
    forged = Choice(Verb.DROP, key=key).data
    work.receive(work.updates.press(forged, work.message(), READER))
    assert len(list(work.library.documents())) == 11


def test_a_press_is_answered_once_and_before_the_work(work, monkeypatch):
    fill(work, 1)
    say(work, "/remove 01.txt")
    remove, seen = type(work.library).remove, []

    def removing(self, paths):
        seen.extend(method for method, _ in work.recording.tried)
        return remove(self, paths)

    monkeypatch.setattr(type(work.library), "remove", removing)
    work.recording.tried.clear()
    work.press("移除")
    assert seen == ["answerCallbackQuery"]
    assert [one for one, _ in work.recording.tried] == ["answerCallbackQuery", "editMessageText"]


def test_a_press_after_the_library_was_changed_removes_nothing_there(tmp_path):
    with office(tmp_path, names=("工会",)) as work:
        own = work.folder / "own"
        own.mkdir()
        (own / "通知.md").write_bytes(NOTICE)
        for name in ("", "工会"):
            work.desk.shelf.library(name).add(own)
        say(work, "/remove 通知.md")
        say(work, "/use 工会")
        assert work.press("移除", number=0) == "资料库里已经没有这份文档。"
        assert work.desk.shelf.library("工会").status().documents == 1


def test_a_press_in_another_chat_finds_only_that_chats_library(tmp_path):
    with office(tmp_path, names=("工会",)) as work:
        fill(work, 1)
        key = Entry.of(next(work.library.documents()), work.library.folder).key
        work.desk.state.bind(GROUP, "工会")
        work.receive(work.updates.in_group("/library", ADMIN))
        message = {**work.message(), "chat": group_chat()}
        work.receive(work.updates.press(Choice(Verb.DROP, key=key).data, message, ADMIN))
        assert len(list(work.library.documents())) == 1


def test_every_button_holds_at_most_64_bytes():
    for choice in (Choice(Verb.LIST, 999_999), Choice(Verb.PICK, 1), Choice(Verb.KEEP),
                   Choice(Verb.ASK, key="0" * 16), Choice(Verb.DROP, key="f" * 16)):  # fmt: skip
        assert len(choice.data.encode()) <= 64
        assert Choice.of(choice.data) == choice


# The parts


def entry(path, title, source="", library="/lib"):
    return Entry.of(Document(source, path, title, "一\n\n 二\n", "0" * 64), Path(library))


def test_an_entry_counts_paragraphs_and_has_a_key_of_its_own():
    one, other = entry("a.txt", "甲", "/x"), entry("a.txt", "甲", "/y")
    assert one.paragraphs == 2
    assert one.key != entry("a.txt", "甲", "/x", library="/other").key
    assert one.key != other.key and one == entry("a.txt", "甲", "/x")
    assert one.location == "/x/a.txt" and entry("a.txt", "甲").location == "a.txt"


def test_names_as_they_are_go_before_parts_of_names():
    rules, more = entry("办法.txt", "管理办法"), entry("细则/管理办法补充.txt", "补充 ABC")
    assert named([rules, more], "管理办法") == (rules,)
    assert named([rules, more], "管理") == (rules, more)
    assert named([rules, more], "管理办法补充.TXT") == (more,)
    assert named([rules, more], "abc") == (more,)
    assert named([rules, more], "  ") == ()
    assert named([rules, more], "没有") == ()


def test_pages_are_never_out_of_range():
    entries = [entry(f"{n}.txt", "题") for n in range(11)]
    assert pages([]) == 1 and page([], 5) == (0, ())
    assert pages(entries) == 2
    assert page(entries, -1)[1] == tuple(entries[:10])
    assert page(entries, 99) == (1, tuple(entries[10:]))


def test_the_list_is_read_again_only_when_the_library_has_changed(work, monkeypatch):
    fill(work, 2)
    reads = []
    documents = type(work.library).documents
    monkeypatch.setattr(
        type(work.library), "documents", lambda self: reads.append(1) or documents(self)
    )
    say(work, "/library")
    say(work, "/library")
    assert len(reads) == 1
    work.library.remove(["01.txt"])
    assert "共 1 份" in say(work, "/library")[0]
    assert len(reads) == 2


def test_too_much_at_once_is_said(tmp_path):
    with office(tmp_path) as work:
        held = threading.Event()
        for _ in range(22):
            work.desk.shelf._readings._pool.submit(held.wait, 5)
        work.desk.shelf._readings.tasks = 22
        try:
            for command in ("/library", "/status", "/remove x"):
                assert say(work, command) == ["现在问的人很多，请过一会儿再问一次。"]
        finally:
            held.set()
            work.desk.shelf._readings.tasks = 0
