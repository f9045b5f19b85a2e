"""Files that people send, from the clerk's and from the attacker's side."""

from __future__ import annotations

import asyncio
import errno
import json
import logging
import os
import threading
from pathlib import Path

import pytest
from filelock import FileLock
from hypothesis import given
from hypothesis import strategies as st
from telegram import Message

from qa.bot import board as boards
from qa.bot.uploads import NAME_BYTES, Receipt, Uploads, safe_name
from qa.errors import Fault, LibraryDamaged
from tests.pdfs import Line, pdf
from tests.telegram.faults import BLOCKED, refused, reset
from tests.telegram.office import ADMIN, READER, STRANGER, office
from tests.telegram.updates import group_chat

NOTICE = (
    "# 关于工会驿站开放时间的通知\n\n2024年3月1日\n\n驿站每天8时至20时开放，节假日照常。\n".encode()
)
NEWER = "# 关于工会驿站开放时间的通知\n\n2024年5月1日\n\n驿站每天7时至22时开放。\n".encode()
LIMIT = 20 * 1024 * 1024


@pytest.fixture
def work(tmp_path, monkeypatch):
    monkeypatch.setattr(boards, "EDIT_APART_S", 0.0)
    with office(tmp_path) as made:
        yield made
        assert made.recording.refused == []


def paths(work):
    return [document.path for document in work.library.documents()]


def visible(work):
    return sorted(one.name for one in work.kept.iterdir() if not one.name.startswith("."))


def hidden(work, folder):
    place = work.kept / folder
    return sorted(one.name for one in place.iterdir()) if place.is_dir() else []


# The clerk


def test_a_file_is_added_reported_and_answers_at_once(work):
    [said] = work.send("通知.md", NOTICE, caption="请加入")
    assert said == (
        "已加入 通知.md\n引用时写作：关于工会驿站开放时间的通知  2024-03-01\n可引用的段落：1\n"
        "资料库现有 1 份文档、1 个段落，现在就能提问。"
    )
    assert (work.kept / "通知.md").read_bytes() == NOTICE
    assert work.library.ask("驿站什么时间开放").citations[0].document.path == "通知.md"
    assert hidden(work, ".arriving") == [] and hidden(work, ".aside") == []


def test_what_is_added_and_removed_is_in_the_log(work, caplog):
    with caplog.at_level(logging.INFO, "qa.bot.intake"):
        work.send("通知.md", NOTICE)
        work.send("空.txt", b" ")
    said = [(one.message, one.facts["document"]) for one in caplog.records]
    assert said == [("added", "通知.md"), ("not added", "空.txt")]
    assert "驿站" not in caplog.text


def test_the_report_is_in_the_senders_language(work):
    [said] = work.send("notice.txt", NOTICE, language="en")
    assert said.startswith("Added notice.txt\nCited as: ")
    assert "1 document and 1 passage" in said
    [said] = work.send("2.txt", NEWER, language="zh-hant")
    assert said.startswith("已加入 2.txt") and "資料庫現有 2 份" in said


def test_the_same_file_twice_is_unchanged(work):
    work.send("通知.md", NOTICE)
    [said] = work.send("通知.md", NOTICE)
    assert said.startswith("通知.md 已在资料库里，内容没有变\n引用时写作：")
    assert visible(work) == ["通知.md"] and hidden(work, ".aside") == []


def test_another_file_of_the_same_name_is_a_new_version_and_the_old_one_is_kept(work):
    work.send("通知.md", NOTICE)
    [said] = work.send("通知.md", NEWER)
    assert said.startswith("已更新 通知.md（原来的文件另存了一份）\n")
    assert "2024-05-01" in said
    assert paths(work) == ["通知.md"]
    [aside] = hidden(work, ".aside")
    assert aside.endswith("-通知.md")
    assert (work.kept / ".aside" / aside).read_bytes() == NOTICE


def test_names_that_differ_only_in_their_folder_are_versions_of_one_another(work):
    work.send("a/通知.md", NOTICE)
    work.send("通知.md", NEWER)
    work.send("通知.md", NOTICE)
    assert visible(work) == ["通知.md"]
    assert len(hidden(work, ".aside")) == 2


def test_files_sent_together_are_reported_in_one_message(work):
    files = [(f"第{n}号通知.md", NOTICE + f"第{n}号".encode()) for n in (1, 2)]
    album = work.updates.album([*files, ("照片.jpg", b"\xff\xd8")], ADMIN)
    for update, (_, content) in zip(album, [*files, ("", b"\xff\xd8")], strict=True):
        work.recording.keep_file(update["message"]["document"]["file_id"], content)
    work.receive(*album)
    assert len(work.recording.calls("sendMessage")) == 1
    text = work.message()["text"]
    assert [line for line in text.split("\n") if "号通知" in line and "加入" in line] == [
        "已加入 第1号通知.md", "已加入 第2号通知.md",
    ]  # fmt: skip
    assert "未读入 照片.jpg：.jpg：是图片；不识别图中的文字" in text
    assert paths(work) == ["第1号通知.md", "第2号通知.md"]


def test_add_in_reply_takes_a_file_that_somebody_else_sent(work):
    file = work.updates.document("通知.md", NOTICE, READER, chat=group_chat())
    work.recording.keep_file(file["message"]["document"]["file_id"], NOTICE)
    assert work.receive(file) == []
    [said] = work.receive(work.updates.reply("/add", file["message"], ADMIN))
    assert said.startswith("已加入 通知.md")
    photo = {**file["message"], "photo": []}
    del photo["document"]
    assert work.receive(work.updates.reply("/add", photo, ADMIN)) == [
        "这条消息里没有文件：请对着文件回复 /add，图片和照片请改为“以文件发送”。"
    ]
    assert work.receive(work.updates.text("/add", ADMIN)) == [
        "把文件发给我，或对着文件回复 /add，就能加入资料库。"
    ]


@pytest.mark.parametrize("caption", ["/add", "/add@cited_qa_bot 请加入", "@Cited_QA_Bot 加入"])
def test_an_administrator_in_a_group_says_that_a_file_is_meant_for_the_bot(work, caption):
    assert work.send("闲聊.txt", b"123", chat=group_chat()) == []
    assert work.send("闲聊.txt", b"123", chat=group_chat(), caption="/add@other_bot") == []
    [said] = work.send("通知.md", NOTICE, chat=group_chat(), caption=caption)
    assert said.startswith("已加入 通知.md")
    assert paths(work) == ["通知.md"]


def test_a_chat_adds_to_the_library_it_is_bound_to(tmp_path):
    with office(tmp_path, names=("工会",)) as work:
        work.desk.state.bind(ADMIN, "工会")
        work.send("通知.md", NOTICE)
        assert (work.kept / "工会" / "通知.md").read_bytes() == NOTICE
        assert paths(work) == []
        other = work.desk.shelf.library("工会")
        assert [one.path for one in other.documents()] == ["通知.md"]
        work.desk.state.bind(ADMIN, "没有了")
        work.send("通知.md", NOTICE)
        assert paths(work) == ["通知.md"]


def test_an_edited_caption_adds_nothing(work):
    update = work.updates.document("通知.md", NOTICE, ADMIN, caption="/add")
    update["edited_message"] = update.pop("message") | {"edit_date": 1}
    assert work.receive(update) == [] and paths(work) == []


def test_what_takes_long_says_so_in_the_message_that_reports(work, monkeypatch):
    monkeypatch.setattr("qa.bot.intake._SLOW_S", 0.0)
    held = threading.Event()
    add = work.library.add
    monkeypatch.setattr(
        type(work.library), "add", lambda self, sources: held.wait(60) and add(sources)
    )
    seen = []

    async def go_on(self, html, *args, **kwargs):
        seen.append(html)
        held.set()
        return await edit(self, html, *args, **kwargs)

    edit = Message.edit_text
    monkeypatch.setattr(Message, "edit_text", go_on)
    monkeypatch.setattr(boards, "reply", released(boards.reply, held))
    [said] = work.send("通知.md", NOTICE)
    assert said == "通知.md：正在读入……"
    assert work.message()["text"].startswith("已加入 通知.md")
    assert len(seen) == 1


def released(reply, held):
    async def then(*args):
        sent = await reply(*args)
        held.set()
        return sent

    return then


# Who may


def test_others_are_told_in_one_sentence(work):
    assert work.send("通知.md", NOTICE, READER) == ["只有管理员可以这样做。"]
    [said] = work.send("通知.md", NOTICE, STRANGER)
    assert said == "这里只回答登记过的人：把 /id 给出的编号交给管理员即可。"
    file = work.updates.document("通知.md", NOTICE, ADMIN)["message"]
    assert work.receive(work.updates.reply("/add", file, READER)) == ["只有管理员可以这样做。"]
    assert work.receive(work.updates.text("/add", READER)) == ["只有管理员可以这样做。"]
    assert paths(work) == [] and not work.kept.exists()
    assert work.recording.calls("getFile") == []


# The attacker, and bad luck


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("../../etc/passwd.txt", "passwd.txt"),
        ("..\\..\\windows\\通知.txt", "通知.txt"),
        ("/etc/cron.d/job.txt", "job.txt"),
        ("．．／通知.txt", "通知.txt"),
        (".bashrc.txt", "bashrc.txt"),
        ("~$通知.txt", "通知.txt"),
        ("通\x00知\n.txt", "通知.txt"),
        ("通知\u202etxt.md", "通知txt.md"),
        ("-rf --library.txt", "-rf --library.txt"),
        ("<b>粗&amp;体</b>.txt", "b.txt"),
    ],
)
def test_no_name_leaves_the_folder_or_hides(work, sent, kept):
    [said] = work.send(sent, NOTICE)
    assert visible(work) == [kept]
    assert said.startswith(f"已加入 {kept}\n")
    assert {one.name for one in work.folder.iterdir()} <= {
        "library", "library-documents", "telegram.db", "telegram.db-wal", "telegram.db-shm",
        "telegram.db.lock",
    }  # fmt: skip


@given(st.text(max_size=300))
def test_every_name_becomes_one_that_a_folder_takes(name):
    made = safe_name(name, mime="text/plain", otherwise="a1")
    assert made == safe_name(made)
    assert made and "/" not in made and "\\" not in made and "\0" not in made
    assert not made.startswith((".", "~$")) and made == made.strip()
    assert len(made.encode()) <= NAME_BYTES


def test_a_long_name_keeps_its_ending():
    made = safe_name("长" * 200 + ".txt")
    assert made == "长" * 58 + ".txt"
    assert len(safe_name("a." + "b" * 300).encode()) == NAME_BYTES


@pytest.mark.parametrize(
    ("name", "mime", "made"),
    [
        (None, "text/html", "a1.html"),
        (None, None, "a1"),
        ("...", "text/plain", "a1.txt"),
        (".txt", None, "a1.txt"),
        ("会议纪要2024.3", None, "会议纪要2024.3"),
    ],
)
def test_a_file_without_a_name_gets_one(name, mime, made):
    assert safe_name(name, mime=mime, otherwise="a1") == made


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("照片.JPG", ".jpg：是图片；不识别图中的文字"),
        ("全部.zip", "是压缩包；请解压后逐个发来"),
        ("旧.doc", ".doc：旧格式；请用 Word 或 WPS 打开，另存为 .docx"),
        ("程序.exe", ".exe：不认识这种格式；如果是文本，请改名为 .txt"),
    ],
)
def test_kinds_that_are_not_read_are_not_even_fetched(work, name, reason):
    assert work.send(name, b"MZ") == [f"未读入 {name}：{reason}"]
    assert work.recording.calls("getFile") == []
    assert not work.kept.exists()


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "文件是空的"),
        (b"  \n\n", "文件是空的"),
        (b"\x00\x01" * 50, "不是文本文件（第 0 字节是零）"),
    ],
)
def test_a_file_that_cannot_be_read_leaves_nothing_behind(work, content, reason):
    assert work.send("坏.txt", content) == [f"未读入 坏.txt：{reason}"]
    assert paths(work) == []
    assert not work.kept.exists() or (visible(work) == [] and hidden(work, ".arriving") == [])


def test_a_new_version_that_cannot_be_read_leaves_the_old_one_in_place(work):
    work.send("通知.txt", NOTICE)
    assert work.send("通知.txt", b"\x00" * 9)[0].startswith("未读入 通知.txt：不是文本文件")
    assert (work.kept / "通知.txt").read_bytes() == NOTICE
    assert paths(work) == ["通知.txt"] and hidden(work, ".aside") == []
    assert work.library.verify().problems == ()


def test_a_large_file_is_answered_with_what_to_do_instead(work):
    [said] = work.send("大 报告.txt", NOTICE, size=LIMIT + 1)
    assert said == (
        f"大 报告.txt 超过 20 MB，Telegram 不让机器人下载：把它拷到服务器上的 {work.kept}，"
        f"再运行 qa add '{work.kept}/大 报告.txt' --library {work.folder}/library"
    )
    assert work.recording.calls("getFile") == []


def test_a_file_that_only_telegram_knows_to_be_large_is_answered_the_same(tmp_path):
    with office(tmp_path) as work:
        update = work.updates.document("大.txt", NOTICE, ADMIN)
        del update["message"]["document"]["file_size"]
        work.recording.fail("getFile", refused("Bad Request: file is too big"))
        [said] = work.receive(update)
        assert said.startswith("大.txt 超过 20 MB")
        assert hidden(work, ".arriving") == []


@pytest.mark.parametrize("method", ["getFile", "download"])
def test_a_download_that_breaks_off_leaves_nothing_and_says_so(tmp_path, caplog, method):
    with office(tmp_path) as work:
        work.recording.fail(method, reset(accepted=False))
        with caplog.at_level(logging.DEBUG):
            assert work.send("通知.md", NOTICE) == ["未读入 通知.md：没有下载完整，请再发一次"]
        assert paths(work) == [] and visible(work) == [] and hidden(work, ".arriving") == []
        assert work.desk.settings.token not in caplog.text
        assert work.send("通知.md", NOTICE)[0].startswith("已加入")


def test_half_a_file_is_not_taken(work):
    update = work.updates.document("通知.md", NOTICE, ADMIN)
    work.recording.keep_file(update["message"]["document"]["file_id"], NOTICE[:20], len(NOTICE))
    assert work.receive(update) == ["未读入 通知.md：没有下载完整，请再发一次"]
    assert visible(work) == [] and hidden(work, ".arriving") == []


def test_a_full_disk_is_said_and_the_earlier_file_stands(work, monkeypatch):
    work.send("通知.md", NOTICE)

    def full(*_):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "part")

    with monkeypatch.context() as broken:
        broken.setattr("qa.bot.uploads._flush", full)
        [said] = work.send("通知.md", NEWER)
    assert said == "未读入 通知.md：part：磁盘满了"
    assert (work.kept / "通知.md").read_bytes() == NOTICE
    assert hidden(work, ".arriving") == []


def test_a_folder_that_cannot_be_made_is_said(work):
    work.kept.write_text("not a folder")
    [said] = work.send("通知.md", NOTICE)
    assert said.startswith("未读入 通知.md：") and said.endswith("不是文件夹")


def test_a_library_that_cannot_be_written_keeps_the_file_for_later(work, monkeypatch):
    def full(self, sources):
        raise LibraryDamaged("disk full", self.folder, Fault.DISK_FULL)

    with monkeypatch.context() as broken:
        broken.setattr(type(work.library), "add", full)
        [said] = work.send("通知.md", NOTICE)
    assert said.startswith("通知.md 已收下，还没有加入资料库（") and "磁盘满了" in said
    assert visible(work) == ["通知.md"] and paths(work) == []
    [again] = work.receive(work.updates.text("/add", ADMIN))
    assert again.startswith("已加入 通知.md")
    assert paths(work) == ["通知.md"]
    assert work.receive(work.updates.text("/add", ADMIN))[0].startswith("把文件发给我")


def test_a_library_in_use_is_waited_for_with_words(work, monkeypatch):
    monkeypatch.setattr("qa.folder.LOCK_WAIT_S", 0.05)
    other = FileLock(work.library.folder / "write.lock")
    other.acquire()
    try:
        [said] = work.send("通知.md", NOTICE)
        assert said == "通知.md：另一个程序正在写资料库，等它写完就加入……"
        text = work.message()["text"]
        assert text.startswith("通知.md 已收下，还没有加入资料库（")
        assert "正由另一个进程写入" in text
    finally:
        other.release()
    work.run(work.documents.resume(work.application.bot))
    assert work.message()["text"].startswith("已加入 通知.md")
    assert paths(work) == ["通知.md"]


def test_a_library_that_is_free_again_goes_on_in_the_same_message(work, monkeypatch):
    monkeypatch.setattr("qa.folder.LOCK_WAIT_S", 0.05)
    other = FileLock(work.library.folder / "write.lock")
    other.acquire()
    reply = boards.reply

    async def then_free(*args):
        other.release()
        return await reply(*args)

    monkeypatch.setattr(boards, "reply", then_free)
    work.send("通知.md", NOTICE)
    assert work.message()["text"].startswith("已加入 通知.md")


def test_two_people_who_send_the_same_name_at_once_lose_nothing(tmp_path):
    with office(tmp_path, admins=frozenset({"11", "14"})) as work:
        files = [
            work.updates.document("通知.md", content, user)
            for user, content in ((11, NOTICE), (14, NEWER))
        ]
        for file, content in zip(files, (NOTICE, NEWER), strict=True):
            work.recording.keep_file(file["message"]["document"]["file_id"], content)
        work.receive_at_once(*files)
        stands = (work.kept / "通知.md").read_bytes()
        [aside] = hidden(work, ".aside")
        assert {stands, (work.kept / ".aside" / aside).read_bytes()} == {NOTICE, NEWER}
        assert work.library.verify().problems == ()
        assert hidden(work, ".arriving") == []


def test_who_has_blocked_the_bot_meanwhile_has_the_file_added(tmp_path):
    with office(tmp_path) as work:
        work.recording.fail("sendMessage", BLOCKED)
        assert work.send("通知.md", NOTICE) == []
        assert paths(work) == ["通知.md"]


def test_a_report_that_was_deleted_is_sent_anew(work, monkeypatch):
    monkeypatch.setattr("qa.folder.LOCK_WAIT_S", 0.05)
    work.recording.fail("editMessageText", refused("Bad Request: message to edit not found"))
    with FileLock(work.library.folder / "write.lock"):
        first, second = work.send("通知.md", NOTICE)
    assert "等它写完" in first and second.startswith("通知.md 已收下")


def test_a_text_whose_encoding_cannot_be_told_is_to_be_saved_anew_and_no_option_is_named(work):
    broken = "驿站每天开放。".encode("gb18030") + b"\xff\xff" + b"\n"
    [said] = work.send("乱.txt", broken)
    assert "UTF-8" in said and "--" not in said
    [said] = work.send("odd.txt", broken, language="en")
    assert "save it as UTF-8 and send it again" in said and "--" not in said


# After a crash


def test_what_was_kept_and_not_added_is_added_at_the_next_start(tmp_path):
    with office(tmp_path) as work:
        uploads = work.intake.uploads("")
        part = uploads.new_part()
        part.write_bytes(NOTICE)
        sent = work.receive(work.updates.text("/id", ADMIN))
        message_id = work.message()["message_id"]
        uploads.keep(part, Receipt("通知.md", ADMIN, message_id, "en"))
        (work.kept / ".arriving" / "half.part").write_bytes(b"half")
        assert len(sent) == 1
        # …and the process was killed here.
        work.run(work.documents.resume(work.application.bot))
        assert paths(work) == ["通知.md"]
        assert work.message()["text"].startswith("Added 通知.md")
        assert hidden(work, ".arriving") == []
        work.run(work.documents.resume(work.application.bot))
        assert len(work.recording.calls("editMessageText")) == 1


def test_a_report_that_stands_there_already_is_no_matter(tmp_path, caplog):
    caplog.set_level("INFO", "qa.bot.documents")
    with office(tmp_path) as work:
        uploads = work.intake.uploads("")
        part = uploads.new_part()
        part.write_bytes(NOTICE)
        uploads.keep(part, Receipt("通知.md", ADMIN, 7))
        fault = refused("Bad Request: message is not modified: the same")
        work.recording.fail("editMessageText", fault)
        work.run(work.documents.resume(work.application.bot))
        assert paths(work) == ["通知.md"]
    assert "could not be put in place" not in caplog.text


def test_a_new_version_that_cannot_be_read_is_taken_back_at_the_next_start(tmp_path):
    with office(tmp_path) as work:
        work.send("通知.md", NOTICE)
        uploads = work.intake.uploads("")
        part = uploads.new_part()
        part.write_bytes(b"\x00\x00")
        uploads.keep(part, Receipt("通知.md", ADMIN))
        work.run(work.documents.resume(work.application.bot))
        assert (work.kept / "通知.md").read_bytes() == NOTICE
        assert hidden(work, ".arriving") == [] and hidden(work, ".aside") == []


def test_a_replay_after_a_crash_remembers_what_was_replaced(tmp_path):
    uploads = Uploads(tmp_path / "documents")
    for content in (b"1", b"2", b"2"):
        part = uploads.new_part()
        part.write_bytes(content)
        receipt = uploads.keep(part, Receipt("a.txt"))
    assert receipt.earlier and not receipt.stood
    uploads.take_back(receipt)
    uploads.take_back(receipt)
    assert uploads.file("a.txt").read_bytes() == b"1"


def test_a_file_that_stood_there_already_is_not_taken_away(tmp_path):
    uploads = Uploads(tmp_path / "documents")
    uploads.folder.mkdir()
    uploads.file("a.txt").write_bytes(b"1")
    part = uploads.new_part()
    part.write_bytes(b"1")
    receipt = uploads.keep(part, Receipt("a.txt"))
    uploads.take_back(receipt)
    assert uploads.file("a.txt").read_bytes() == b"1"


@pytest.mark.parametrize(
    "written",
    ["", "[]", "{}", '{"name": "../../x.txt"}', '{"name": ".hidden"}', '{"name": 7}', '{"a": 1}'],
)
def test_receipts_that_are_none_of_ours_are_passed_over(tmp_path, written):
    uploads = Uploads(tmp_path / "documents")
    uploads.new_part()
    (tmp_path / "x.txt").write_text("x")
    (uploads.folder / ".arriving" / "forged.json").write_text(written)
    assert uploads.pending() == []


def test_what_did_not_end_in_an_earlier_process_is_deleted_and_nothing_else(tmp_path):
    before, now = Uploads(tmp_path / "documents"), Uploads(tmp_path / "documents")
    now.tidy()
    left, arriving = before.new_part(), now.new_part()
    now.write(Receipt("a.txt"))
    now.file("a.txt").write_text("a")
    now.tidy()
    assert not left.exists() and arriving.exists()
    assert now.pending() == [Receipt("a.txt")]


def test_a_link_in_the_folder_is_replaced_and_never_followed(tmp_path):
    uploads = Uploads(tmp_path / "documents")
    target = tmp_path / "secret.txt"
    target.write_bytes(b"secret")
    part = uploads.new_part()
    uploads.file("a.txt").symlink_to(target)
    part.write_bytes(b"new")
    uploads.keep(part, Receipt("a.txt"))
    assert target.read_bytes() == b"secret"
    assert not uploads.file("a.txt").is_symlink()
    assert uploads.file("a.txt").read_bytes() == b"new"


def test_only_files_that_were_sent_are_put_aside(tmp_path):
    uploads = Uploads(tmp_path / "documents")
    uploads.new_part()
    outside = tmp_path / "own.txt"
    outside.write_text("own")
    assert uploads.put_aside(outside) is None and outside.exists()
    assert uploads.put_aside(uploads.folder / ".." / "own.txt") is None and outside.exists()
    uploads.file("a.txt").write_text("a")
    first = uploads.put_aside(uploads.file("a.txt"))
    uploads.file("a.txt").write_text("b")
    second = uploads.put_aside(uploads.file("a.txt"))
    assert first.read_text() == "a" and second.read_text() == "b"


def test_a_receipt_reads_as_it_was_written(tmp_path):
    uploads = Uploads(tmp_path / "documents")
    part = uploads.new_part()
    part.write_bytes(b"1")
    uploads.keep(part, Receipt("通知 1.txt", -100, 7, "zh-hant"))
    assert uploads.pending() == [Receipt("通知 1.txt", -100, 7, "zh-hant")]
    [file] = (uploads.folder / ".arriving").glob("*.json")
    assert json.loads(file.read_text(encoding="utf-8"))["name"] == "通知 1.txt"
    uploads.done(Receipt("通知 1.txt"))
    assert uploads.pending() == []


def test_edits_of_one_message_are_a_second_apart():
    told, slept = [], []
    now = [100.0]

    class Sent:
        message_id = 7

        async def edit_text(self, html, parse_mode):
            told.append(html)

    async def sleep(seconds):
        slept.append(seconds)
        now[0] += seconds

    async def reply(asked, texts):
        told.extend(texts)
        return Sent()

    async def work():
        board = boards.Board(None, clock=lambda: now[0], sleep=sleep)
        for text in ("一", "二", "二"):
            await board.show(text)
            now[0] += 0.25
        now[0] += 10
        await board.show("三")

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(boards, "reply", reply)
        asyncio.run(work())
    assert told == ["一", "二", "三"]
    assert slept == [0.75, 0.0]


def test_paths_of_the_library_are_those_of_the_folder(work):
    work.send("通知.md", NOTICE)
    [document] = work.library.documents()
    assert Path(document.source) / document.path == (work.kept / "通知.md").resolve()


def test_a_file_of_which_a_page_has_no_words_is_taken_and_that_is_said(work):
    [said] = work.send("半.pdf", pdf([[Line("工会驿站全天开放，提供热水。", 100)], []]))
    assert "注意 半.pdf：第 2 页：没有文字，只有图像或空白" in said
    assert "未读入" not in said
