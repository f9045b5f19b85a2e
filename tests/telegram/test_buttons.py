"""What buttons do: reading on, files, verdicts; after a restart, and when pressed in bad faith."""

from __future__ import annotations

import hashlib
import json
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st
from telegram import Update

from embeddings.words import fold
from qa.bot.correcting import answer_to_correct, verbatim
from qa.bot.keyboards import Press, Verb
from qa.bot.originals import UPLOAD_BYTES, original
from qa.bot.shelf import Busy
from qa.errors import Fault, LibraryDamaged
from qa.feedback_files import question_lines
from qa.messages import Messages, table
from qa.question_files import read_questions
from qa.records import Document, Verdict
from tests.telegram.faults import refused
from tests.telegram.talk import ASKER, NOON, OTHER, suggesting, talk, understanding
from tests.telegram.updates import GROUP, group_chat

MEDICINE = "药箱里有几种物品"
QUOTE = "药箱内备有创可贴、碘伏、纱布、烫伤膏、藿香正气口服液、风油精和体温计7种物品"
MANUAL = "工会驿站管理员手册.md"
WORDS = table("zh")


@pytest.fixture
def bot(tmp_path, filled):
    with talk(tmp_path, filled) as one:
        yield one


@pytest.fixture
def answer(bot):
    return bot.ask(MEDICINE)


def data(verb, shown=1, source=0, step=0):
    return Press(verb, shown, source, step).data


# reading


def test_what_stands_before_and_after_is_read_passage_by_passage_in_one_message(bot, answer):
    cited = bot.state.shown(1).passages[0]
    document = bot.library.passage(cited)[0]
    passages = bot.library.passages(document)
    at = [one.id for one in passages].index(cited)
    note, [after] = bot.press(answer, "下文 ↓")
    assert (note, after.method) == ("", "sendMessage")
    assert after.text.endswith(passages[at + 1].shown.strip())
    assert after.text.startswith("云岭市工会驿站管理员手册 2024-04-08\n")
    note, [turned] = bot.press(after, "↑ 上文")
    assert (note, turned.method) == ("", "editMessageText")
    assert turned.params["message_id"] == after.result["message_id"]
    assert turned.text.endswith(passages[at].shown.strip()) and QUOTE in turned.text
    _, [turned] = bot.press(turned, "↑ 上文")
    assert turned.text.endswith(passages[at - 1].shown.strip())


def test_a_document_ends_at_both_ends(bot, answer):
    assert bot.press_data(answer, data(Verb.READ, step=-999)) == (WORDS["bot_document_start"], [])
    assert bot.press_data(answer, data(Verb.TURN, step=999)) == (WORDS["bot_document_end"], [])


def test_a_source_is_opened_by_its_number_and_more_are_shown(bot):
    answer = bot.ask("困难职工帮扶标准是多少")
    passages = bot.state.shown(1).passages
    assert len(passages) > 3
    _, [second] = bot.press(answer, "[2]")
    assert second.text.endswith(bot.library.passage(passages[1])[1].shown.strip())
    _, [more] = bot.press(answer, "更多来源")
    assert more.text.startswith(f"{WORDS['bot_more_sources']}\n\n[4] ")
    assert [one["text"] for one in more.buttons()][:2] == ["[4]", "[5]"]
    _, [fifth] = bot.press(more, "[5]")
    assert fifth.text.endswith(bot.library.passage(passages[4])[1].shown.strip())
    assert bot.press_data(answer, data(Verb.MORE, source=900)) == (WORDS["bot_no_more_sources"], [])


def test_what_came_closest_is_shown_when_asked_for(bot):
    answer = bot.ask("火星上有几家驿站")
    _, [closest] = bot.press(answer, "看看最接近的段落")
    assert closest.text.startswith(f"{WORDS['closest']}\n\n[1] ")
    _, [opened] = bot.press(closest, "[1]")
    first = bot.library.passage(bot.state.shown(1).passages[0])[1]
    assert opened.text.endswith(first.shown.strip())


def test_a_message_that_stands_as_it_should_or_cannot_be_edited_is_no_trouble(bot, answer):
    _, [after] = bot.press(answer, "下文 ↓")
    bot.recording.fail("editMessageText", refused("Bad Request: message is not modified"))
    assert bot.press(after, "下文 ↓") == ("", [])
    bot.recording.fail("editMessageText", refused("Bad Request: message can't be edited"))
    _, [again] = bot.press(after, "下文 ↓")
    assert again.method == "sendMessage"


# the original


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "文件"
    (folder / "通知").mkdir(parents=True)
    file = folder / "通知" / "关于 药箱：检查的通知.txt"
    file.write_text("药箱每月1日检查一次，由管理员负责。", encoding="gb18030")
    return folder


@pytest.fixture
def giving(tmp_path, folder):
    with talk(tmp_path, originals=True) as one:
        one.library.add(folder)
        one.library.add(Document.from_text("灯光每周检查一次。", path="灯/检查", title="灯光"))
        yield one


def test_the_original_is_sent_as_it_was_added(giving, folder):
    answer = giving.ask("药箱多久检查一次")
    note, [call] = giving.press(answer, "原文件")
    assert (note, call.method) == ("", "sendDocument")
    name, content = call.files["document"]
    assert name == "关于 药箱：检查的通知.txt"
    assert content == next(folder.rglob("*.txt")).read_bytes()
    assert call.text == "关于 药箱：检查的通知"


def test_a_file_that_was_changed_or_removed_is_sent_as_the_text_it_was(giving, folder):
    answer = giving.ask("药箱多久检查一次")
    file = next(folder.rglob("*.txt"))
    for change in (lambda: file.write_text("改过了", encoding="utf-8"), file.unlink):
        change()
        _, [call] = giving.press(answer, "原文件")
        name, content = call.files["document"]
        assert name == "关于 药箱：检查的通知.txt"
        assert content.decode("utf-8-sig") == "药箱每月1日检查一次，由管理员负责。"
        assert "改过或移走了" in call.text


def test_a_file_that_is_a_link_elsewhere_is_not_read(giving, folder, tmp_path):
    file = next(folder.rglob("*.txt"))
    document = next(one for one in giving.library.documents() if one.source)
    elsewhere = tmp_path / "secret.txt"
    elsewhere.write_bytes(file.read_bytes())
    file.unlink()
    file.symlink_to(elsewhere)
    assert original(document).remark == "bot_original_changed"


def test_a_document_without_a_file_is_sent_as_text(giving):
    answer = giving.ask("灯光多久检查一次")
    _, [call] = giving.press(answer, "原文件")
    name, content = call.files["document"]
    assert (name, content.decode("utf-8-sig")) == ("检查.txt", "灯光每周检查一次。")
    assert "没有原文件" in call.text


def test_a_file_too_large_for_telegram_is_sent_as_text(tmp_path):
    file = tmp_path / "大.txt"
    with file.open("wb") as one:
        one.truncate(UPLOAD_BYTES)
    digest = hashlib.sha256(b"").hexdigest()
    document = Document(str(tmp_path), "大.txt", "大", "文字", digest)
    assert original(document).remark == "bot_original_large"


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("a/../b:c?.md", "b_c_.md.txt"),
        ("...", "document.txt"),
        ("甲" * 200 + ".md", "甲" * 66 + ".txt"),
        ("\u202egpj.exe", "gpj.exe.txt"),
        ("报告.第1版", "报告.第1版.txt"),
    ],
)
def test_names_of_files_are_such_that_any_system_takes_them(path, name):
    assert original(Document.from_text("文字", path=path)).name == name


def test_no_file_is_given_out_where_the_settings_say_so(bot, answer):
    assert bot.press_data(answer, data(Verb.FILE)) == (WORDS["bot_originals_off"], [])


# asking again


def test_a_suggestion_is_asked_when_it_is_pressed(bot):
    bot.shelf.script = suggesting(MEDICINE)
    answer = bot.ask("药相里有几种物品")
    note, [call] = bot.press(answer, f"想问：{MEDICINE}")
    assert note == "" and call.text.startswith(QUOTE)
    assert bot.state.turns(ASKER, ASKER, 0.0)[-1].question == MEDICINE
    bot.shelf.script = suggesting("")  # since then the documents have changed
    _, [call] = bot.press_data(answer, data(Verb.SUGGESTED))
    assert call.text == WORDS["bot_no_suggestion"]


def test_what_was_added_to_a_question_is_taken_back(bot):
    bot.ask("饮水机多久清洗一次")
    bot.shelf.script = understanding("饮水机")
    answer = bot.ask(MEDICINE)
    note, [call] = bot.press(answer, "不是这个意思")
    assert note == "" and call.text.startswith(QUOTE) and "按“" not in call.text
    assert bot.shelf.asked[-1][1:] == (MEDICINE, 9, ())
    assert [one.understood for one in bot.state.turns(ASKER, ASKER, 0.0)] == [""]


def test_asking_again_counts_as_a_question(tmp_path, filled):
    with talk(tmp_path, filled, user_per_minute=1) as bot:
        answer = bot.ask(MEDICINE)
        assert bot.press_data(answer, data(Verb.UNDO)) == (WORDS["bot_too_fast"], [])


# verdicts


def test_thumbs_up_keeps_the_quote_and_a_question_file_comes_out_of_it(bot, answer, tmp_path):
    assert bot.press(answer, "👍 答对了") == (WORDS["bot_thanks"], [])
    [said] = bot.library.feedback()
    assert (said.key, said.question, said.verdict) == (
        f"telegram:{NOON:.0f}:1:{ASKER}",
        MEDICINE,
        Verdict.RIGHT,
    )
    assert said.path == MANUAL and said.words.startswith(QUOTE)
    assert said.at == "2026-03-31T23:33:20Z" and bot.clock[0] == NOON
    lines, left_out = question_lines(bot.library.feedback())
    file = tmp_path / "questions.jsonl"
    file.write_text("\n".join(lines), encoding="utf-8")
    [question] = read_questions(file).questions
    assert left_out == 0 and question.question == MEDICINE


def test_thumbs_down_is_kept_at_once_and_made_better_by_the_right_source(bot):
    answer = bot.ask("困难职工帮扶标准是多少")
    note, [asks] = bot.press(answer, "👎 不对")
    assert note == WORDS["bot_wrong_noted"] and asks.text.endswith("（回答 #1）")
    assert asks.params["reply_parameters"]["message_id"] == answer.result["message_id"]
    [said] = bot.library.feedback()
    assert (said.verdict, said.path, said.words) == (Verdict.WRONG, "", "")
    assert bot.press(asks, "[2]") == (WORDS["bot_thanks"], [])
    [said] = bot.library.feedback()
    shown = bot.state.shown(1)
    document, _ = bot.library.passage(shown.passages[1])
    assert (said.verdict, said.path) == (Verdict.CORRECTED, document.path)
    assert said.words == document.text[slice(*shown.quotes[1])]
    bot.press(answer, "👎 不对")  # once more: what was said already is not lost
    assert bot.library.feedback() == [said]


def test_that_the_documents_do_not_answer_is_kept(bot, answer):
    _, [asks] = bot.press(answer, "👎 不对")
    assert bot.press(asks, "文档里没有答案") == (WORDS["bot_thanks"], [])
    [said] = bot.library.feedback()
    assert (said.verdict, said.path, said.words) == (Verdict.UNANSWERABLE, "", "")


def test_the_words_of_the_right_passage_are_found_whatever_their_script(bot, answer):
    _, [asks] = bot.press(answer, "👎 不对")
    [said] = bot.receive(bot.updates.reply("直飲水機濾芯每六個月更換一次!", asks.result))
    assert said.text.startswith(
        "谢谢，已记下：云岭市工会驿站管理员手册 · 2 基本配置 › 2.3 饮水设备"
    )
    [kept] = bot.library.feedback()
    assert (kept.verdict, kept.path) == (Verdict.CORRECTED, MANUAL)
    assert kept.words == "直饮水机滤芯每六个月更换一次"
    assert len(bot.shelf.asked) == 1  # a correction is no question


@pytest.mark.parametrize("words", ["火星上的驿站归宇航局管理", "，。！", "药箱"])
def test_words_that_stand_nowhere_are_kept_as_a_comment_and_may_be_tried_again(bot, answer, words):
    _, [asks] = bot.press(answer, "👎 不对")
    [said] = bot.receive(bot.updates.reply(words, asks.result))
    assert said.text.startswith("文档里没有找到这句话") and said.text.endswith("（回答 #1）")
    [kept] = bot.library.feedback()
    assert (kept.verdict, kept.comment) == (Verdict.WRONG, words)
    [said] = bot.receive(bot.updates.reply("滤芯每六个月更换一次", said.result))
    assert said.text.startswith("谢谢，已记下")
    assert bot.library.feedback()[0].verdict is Verdict.CORRECTED


ASKS = ("bot_correct_ask", "bot_correct_miss", "bot_correct_not_found")


def test_what_asks_for_a_correction_is_known_again_in_every_language(bot, answer):
    me = bot.application.bot.bot

    def corrects(**fields):
        update = bot.updates.reply("甲", {**answer.result, **fields})
        return answer_to_correct(Update.de_json(update, bot.application.bot).message, me)

    for language, key in product(("zh", "zh_hant", "en"), ASKS):
        asks = Messages(language)(key, number=1, least=4)
        assert corrects(text=asks) == 1
        assert corrects(text=f"{asks} 甲") is None
        assert corrects(text="甲" * 400 + asks) is None
        someone = {"id": OTHER, "is_bot": False, "first_name": "甲"}
        assert corrects(**{"text": asks, "from": someone}) is None


def test_a_command_in_reply_to_what_asks_for_a_correction_is_a_question(bot, answer):
    _, [asks] = bot.press(answer, "👎 不对")
    [call] = bot.receive(bot.updates.reply(f"/ask {MEDICINE}", asks.result))
    assert call.text.startswith(QUOTE) and len(bot.shelf.asked) == 2


@given(st.text(max_size=60), st.text(max_size=20), st.text(max_size=20))
def test_words_found_are_words_of_the_text(words, before, after):
    text = before + words + after
    found = verbatim(text, words)
    assert found in text
    letters = [one for one in fold(words) if one.isalnum()]
    assert [one for one in fold(found) if one.isalnum()] == letters


def test_who_knows_better_than_nothing_found_can_say_so(bot):
    answer = bot.ask("火星上有几家驿站")
    _, [asks] = bot.press(answer, "文档里其实有")
    assert bot.press(asks, "[1]") == (WORDS["bot_thanks"], [])
    assert bot.library.feedback()[0].verdict is Verdict.CORRECTED


def test_in_a_group_everyone_reads_on_and_everyone_s_verdict_counts(bot):
    [answer] = bot.receive(bot.updates.in_group(f"/ask {MEDICINE}"))
    _, [read] = bot.press(answer, "下文 ↓", OTHER)
    assert read.params["reply_parameters"]["message_id"] == answer.result["message_id"]
    bot.press(answer, "👍 答对了", ASKER)
    _, [asks] = bot.press(answer, "👎 不对", OTHER)
    bot.receive(bot.updates.reply("滤芯每六个月更换一次", asks.result, OTHER))
    said = {one.key: one.verdict for one in bot.library.feedback()}
    assert said == {
        f"telegram:{NOON:.0f}:1:{ASKER}": Verdict.RIGHT,
        f"telegram:{NOON:.0f}:1:{OTHER}": Verdict.CORRECTED,
    }


def test_a_follow_up_is_kept_as_it_was_understood(bot):
    bot.ask("饮水机多久清洗一次")
    bot.shelf.script = understanding("工会驿站的")
    answer = bot.ask(MEDICINE)
    bot.press(answer, "👍 答对了")
    assert bot.library.feedback()[0].question == f"工会驿站的{MEDICINE}"


# presses in bad faith, late, or after a restart


FORGED = (
    "ask:read:99:0:0",
    "ask:right:0:0:0",
    "ask:explode:1:0:0",
    "ask:read:1",
    "something else",
    "ask:" + "9" * 60,
)


def test_a_forged_press_is_answered_and_does_nothing(bot, answer):
    for forged in FORGED:
        assert bot.press_data(answer, forged) == (WORDS["bot_press_unknown"], [])
    assert bot.library.feedback() == []


def test_a_press_for_another_chat_s_answer_does_nothing(bot, answer):
    [elsewhere] = bot.receive(bot.updates.in_group("/ask 火星", OTHER))
    asked = len(bot.shelf.asked)
    for verb in Verb:
        note, calls = bot.press_data(elsewhere, data(verb), OTHER)
        assert (note, calls) == (WORDS["bot_press_unknown"], [])
    assert bot.library.feedback() == [] and len(bot.shelf.asked) == asked


def test_a_source_that_an_answer_does_not_have_is_out_of_date(tmp_path, filled):
    with talk(tmp_path, filled, originals=True) as bot:
        answer = bot.ask(MEDICINE)
        for verb in (Verb.READ, Verb.TURN, Verb.FILE, Verb.SOURCE):
            note, calls = bot.press_data(answer, data(verb, source=77))
            assert (note, calls) == (WORDS["bot_press_stale"], [])
        bot.library.remove(MANUAL)
        assert bot.press_data(answer, data(Verb.RIGHT)) == (WORDS["bot_press_stale"], [])


def test_a_document_that_is_gone_is_said_to_be(bot, answer):
    bot.library.remove(MANUAL)
    for label in ("↑ 上文", "👍 答对了"):
        assert bot.press(answer, label) == (WORDS["bot_press_stale"], [])


def test_buttons_work_after_a_restart(tmp_path, filled):
    with talk(tmp_path, filled) as before:
        answer = before.ask(MEDICINE)
        _, [asks] = before.press(answer, "👎 不对")
    with talk(tmp_path) as bot:
        bot.recording.telegram.messages |= before.recording.telegram.messages
        _, [read] = bot.press(answer, "下文 ↓")
        assert read.text.startswith("云岭市工会驿站管理员手册")
        bot.receive(bot.updates.reply("滤芯每六个月更换一次", asks.result))
        assert bot.library.feedback()[0].verdict is Verdict.CORRECTED


def test_a_button_under_a_message_too_old_to_be_told_still_works(bot):
    [answer] = bot.receive(bot.updates.in_group(f"/ask {MEDICINE}"))
    old = {"chat": group_chat(), "message_id": answer.result["message_id"], "date": 0}
    update = bot.updates.press(data(Verb.READ, step=1), old)
    acknowledged, read = bot.receive(update)
    assert acknowledged.method == "answerCallbackQuery"
    assert (read.chat_id, read.params["reply_parameters"]["message_id"]) == (
        GROUP,
        answer.result["message_id"],
    )


def test_a_press_without_a_message_is_answered(bot, answer):
    update = bot.updates.press(data(Verb.RIGHT), {"chat": group_chat()})
    query = update["callback_query"]
    del query["message"]
    query["inline_message_id"] = "abc"
    [call] = bot.receive(update)
    assert call.params["text"] == WORDS["bot_press_unknown"]


def test_a_library_that_is_not_in_the_settings_any_more_is_out_of_date(tmp_path, filled):
    with talk(tmp_path, filled, names=("枫林",)) as bot:
        bot.state.bind(ASKER, "枫林")
        bot.shelf.library("枫林").add(Document.from_text("药箱每月检查一次。", path="药箱"))
        answer = bot.ask("药箱多久检查一次")
    with talk(tmp_path) as bot:
        bot.recording.telegram.messages[ASKER, answer.result["message_id"]] = answer.result
        assert bot.press_data(answer, data(Verb.READ)) == (WORDS["bot_press_stale"], [])


def test_who_may_not_ask_any_more_may_not_press(tmp_path, filled):
    with talk(tmp_path, filled) as bot:
        answer = bot.ask(MEDICINE)
        _, [asks] = bot.press(answer, "👎 不对")
    with talk(tmp_path, allowed=frozenset({str(OTHER)})) as bot:
        bot.recording.telegram.messages[ASKER, answer.result["message_id"]] = answer.result
        assert bot.press(answer, "下文 ↓") == (WORDS["bot_press_refused"], [])
        [said] = bot.receive(bot.updates.reply("滤芯每六个月更换一次", asks.result))
        assert said.text == WORDS["bot_press_refused"]
        assert bot.library.feedback()[0].verdict is Verdict.WRONG


def test_an_acknowledgement_that_comes_too_late_stops_nothing(bot, answer):
    bot.recording.fail("answerCallbackQuery", refused("Bad Request: query is too old"))
    message = bot.recording.messages[ASKER, answer.result["message_id"]]
    [read] = bot.receive(bot.updates.press(data(Verb.READ, step=1), message))
    assert read.method == "sendMessage"


def test_a_library_that_cannot_be_written_is_said_in_words(bot, answer, monkeypatch):
    def full(_feedback):
        raise LibraryDamaged("…", bot.library.folder, Fault.DISK_FULL)

    monkeypatch.setattr(bot.library, "give_feedback", full)
    note, calls = bot.press(answer, "👍 答对了")
    assert "磁盘满了" in note and calls == []


def test_what_fails_after_a_press_was_acknowledged_is_said_in_the_chat(bot, answer):
    def damaged(*_):
        raise LibraryDamaged("…", bot.library.folder, Fault.BUSY)

    bot.shelf.script = damaged
    note, [said] = bot.press_data(answer, data(Verb.UNDO))
    assert note == "" and str(bot.library.folder) in said.text

    def busy(*_):
        raise Busy

    bot.shelf.script = busy
    _, [said] = bot.press_data(answer, data(Verb.SUGGESTED))
    assert said.text == WORDS["bot_busy"]


def test_every_button_is_in_the_words_of_who_asked(bot):
    [answer] = bot.receive(bot.updates.text(MEDICINE, language="en"))
    assert [one["text"] for one in answer.buttons()] == [
        "↑ Before",
        "After ↓",
        "👍 Right",
        "👎 Wrong",
    ]
    message = bot.recording.messages[ASKER, answer.result["message_id"]]
    update = bot.updates.press(data(Verb.RIGHT), message, language="en")
    assert bot.receive(update)[0].params["text"] == table("en")["bot_thanks"]
    assert json.dumps(answer.params["reply_markup"], ensure_ascii=True).isascii()
