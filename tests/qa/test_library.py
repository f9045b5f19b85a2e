"""The library keeps its promises: verbatim, repeatable, incremental, and calm about nothing."""

from __future__ import annotations

import threading
from itertools import count
from pathlib import Path

import numpy as np
import pytest

from embeddings.errors import VectorMismatch
from qa import indexes
from qa.errors import LibraryNotFound, LibraryOutdated, PassageNotFound, SourceNotFound
from qa.library import Library
from qa.records import Document
from qa.store import Store
from tests.fakes import FakeEncoder

NUMBER = count(1)
NOTICE = "枫林县总工会建成工会驿站{}家，全年开放，为户外劳动者提供热饭和饮水。"


def notice(name, text=None, **more):
    return Document.from_text(text or NOTICE.format(name), path=f"{name}", **more)


@pytest.fixture
def library(tmp_path, encoder):
    with Library.open(tmp_path / "library", encoder) as opened:
        yield opened


@pytest.fixture
def files(tmp_path):
    folder = tmp_path / "docs"
    folder.mkdir()
    for name in ("甲", "乙", "丙"):
        (folder / f"{name}.txt").write_text(NOTICE.format(name), encoding="utf-8")
    return folder


def texts(library):
    return {document.path: document.text for document in library.documents()}


def ids(library):
    return {p.id for document in library.documents() for p in library.passages(document)}


def assert_sound(library):
    """Everything that must hold of every library at every time."""
    held = 0
    for document in library.documents():
        for passage in library.passages(document):
            held += 1
            assert document.text[passage.start : passage.end] == passage.text
            assert library.passage(passage.id) == (document, passage)
    status = library.status()
    assert status.passages == status.terms == status.vectors == held


# What is there is what was given


def test_every_passage_stands_where_it_says(sample_library):
    assert_sound(sample_library)


def test_every_sample_is_in_and_nothing_is_wrong_with_it(sample_library, sample):
    report = sample_library.verify()
    assert report.documents == len(list(sample.iterdir()))
    assert report.passages == sample_library.status().passages
    assert report.problems == ()


def test_every_text_outside_noise_is_found_by_its_own_words(sample_library):
    for document in sample_library.documents():
        passage = max(sample_library.passages(document), key=lambda one: len(one.shown))
        found = sample_library.search(passage.shown[:60], k=5)
        assert passage.id in {hit.passage.id for hit in found}, document.path


def test_quotes_are_verbatim_and_stand_at_their_place(sample_library):
    answer = sample_library.ask("县级工会提升年的目标是什么")
    assert answer.found
    assert answer.quote == answer.citations[0].quote != ""
    for number, citation in enumerate(answer.citations, start=1):
        passage = citation.passage
        assert citation.number == number
        assert passage.start <= citation.quote_start <= citation.quote_end <= passage.end
        stands = citation.document.text[citation.quote_start : citation.quote_end]
        assert citation.quote == stands or passage.noise


def test_search_is_repeatable(sample_library):
    for question in ("工会驿站有多少家", "困难职工", "骑手"):
        first, second = (sample_library.search(question, k=20) for _ in range(2))
        assert first == second
        assert [hit.score for hit in first] == sorted((hit.score for hit in first), reverse=True)
        assert sample_library.ask(question) == sample_library.ask(question)


def test_simplified_finds_traditional_and_the_quote_keeps_its_script(library):
    library.add([notice("甲", "嵐港市總工會定於五月開會。"), notice("乙", "别的事情。")])
    [hit, *_] = library.search("岚港市总工会开会")
    assert hit.passage.text == "嵐港市總工會定於五月開會。"


def test_a_library_with_a_past_answers_like_a_new_one(tmp_path, encoder, sample):
    files = sorted(sample.iterdir())
    with (
        Library.open(tmp_path / "old", encoder) as old,
        Library.open(tmp_path / "new", encoder) as new,
    ):
        old.add([notice(n, "工会驿站有多少家，困难职工有多少。" * 5) for n in "甲乙丙丁"])
        for file in files:
            old.add(file)
        old.remove(["甲", "乙", "丙", "丁"])
        new.add(files)
        for question in ("工会驿站有多少家", "困难职工的帮扶标准", "技能大赛什么时候举行"):
            left, right = old.search(question), new.search(question)
            assert [(h.document.path, h.passage.start) for h in left] == [
                (h.document.path, h.passage.start) for h in right
            ]
            assert [h.score for h in left] == pytest.approx([h.score for h in right])


# Nothing to find


@pytest.mark.parametrize(
    "query", ["", "   ", "，。！？……", "😀🎉", "\n\t", "\x00", "的", "工" * 5_000]
)
def test_an_empty_library_finds_nothing_and_raises_nothing(library, query):
    assert library.search(query) == []
    answer = library.ask(query)
    assert (answer.found, answer.quote, answer.citations, answer.closest) == (False, "", (), ())
    assert answer.confidence == 0
    assert (library.status().documents, list(library.documents())) == (0, [])
    assert library.verify().problems == ()


@pytest.mark.parametrize("query", ["", "   ", "　", "，。！？……“”", "😀🎉", "\n\t", "\x00", "?!"])
def test_a_query_of_nothing_finds_nothing(sample_library, query):
    assert sample_library.search(query) == []
    answer = sample_library.ask(query)
    assert not answer.found
    assert answer.closest == ()


@pytest.mark.parametrize(
    "query", ["工会驿站" * 1_250, "啊" * 5_000, "a" * 5_000, "工会 " * 1_700, "\ud83d工会驿站"]
)
def test_an_odd_query_raises_nothing(sample_library, query):
    hits = sample_library.search(query, k=3)
    assert len(hits) <= 3
    assert isinstance(sample_library.ask(query).found, bool)


@pytest.mark.parametrize(("k", "most"), [(0, 0), (-5, 0), (1, 1), (10_000, 10_000)])
def test_k_is_at_most_how_many(sample_library, k, most):
    hits = sample_library.search("工会", k=k)
    assert len(hits) <= most
    assert (len(hits) > 1) == (k > 1)
    assert len({hit.passage.id for hit in hits}) == len(hits)
    assert len(sample_library.ask("县级工会提升年的目标是什么", k=k).citations) >= 1


def test_blank_documents_are_kept_and_found_by_nothing(library):
    report = library.add([notice("空", " \n "), notice("点", "。。。"), notice("甲")])
    assert report.added == ("空", "点", "甲")
    assert_sound(library)
    assert [hit.document.path for hit in library.search("工会驿站")] == ["甲"]


@pytest.mark.parametrize("number", [0, -1, 99_999, 2**63, -(2**63) - 1, 10**30])
def test_an_id_that_no_passage_has_is_refused(sample_library, number):
    with pytest.raises(PassageNotFound) as caught:
        sample_library.passage(number)
    assert caught.value.passage_id == number


# Adding


def test_adding_again_changes_nothing(library, files):
    report = library.add(files)
    assert sorted(report.added) == ["丙.txt", "乙.txt", "甲.txt"]
    assert report.passages == library.status().passages == 3
    before = (ids(library), library.status().generation)
    again = library.add(files)
    assert sorted(again.unchanged) == sorted(report.added)
    assert (again.changed, again.passages) == (False, 0)
    assert (ids(library), library.status().generation) == before


def test_only_what_changed_is_encoded(tmp_path, files):
    encoded = []

    class Counting(FakeEncoder):
        def encode_passages(self, texts):
            encoded.extend(texts)
            return super().encode_passages(texts)

    with Library.open(tmp_path / "library", Counting()) as library:
        library.add(files)
        assert len(encoded) == 3
        (files / "乙.txt").write_text("骑手之家已经揭牌。", encoding="utf-8")
        report = library.add(files)
        assert (report.updated, len(report.unchanged)) == (("乙.txt",), 2)
        assert len(encoded) == 4
        assert "骑手之家已经揭牌。" in encoded[3]


def test_a_file_changes_while_another_takes_its_old_text(library, files):
    library.add(files)
    old = (files / "甲.txt").read_bytes()
    (files / "甲.txt").write_text("骑手之家已经揭牌。", encoding="utf-8")
    (files / "乙.txt").write_bytes(old)
    (files / "丁.txt").write_bytes(old)
    report = library.add(files)
    assert sorted(report.updated) == ["乙.txt", "甲.txt"]
    assert report.added == ("丁.txt",)
    assert {path: text.strip() for path, text in texts(library).items()} == {
        "甲.txt": "骑手之家已经揭牌。",
        "乙.txt": NOTICE.format("甲"),
        "丙.txt": NOTICE.format("丙"),
        "丁.txt": NOTICE.format("甲"),
    }
    assert_sound(library)
    assert {hit.document.path for hit in library.search("骑手之家揭牌", k=1)} == {"甲.txt"}


def test_two_files_that_swap_their_texts_swap_their_passages(library, files):
    library.add(files)
    one, other = files / "甲.txt", files / "乙.txt"
    one.rename(files / "x")
    other.rename(one)
    (files / "x").rename(other)
    assert sorted(library.add(files).updated) == ["乙.txt", "甲.txt"]
    assert texts(library)["甲.txt"].strip() == NOTICE.format("乙")
    assert_sound(library)


def test_moved_renamed_and_deleted_files_are_followed(library, files):
    library.add(files)
    (files / "子").mkdir()
    (files / "甲.txt").rename(files / "子" / "甲.txt")
    (files / "乙.txt").rename(files / "戊.txt")
    (files / "丙.txt").unlink()
    report = library.add(files)
    assert sorted(report.added) == ["子/甲.txt", "戊.txt"]
    assert sorted(report.removed) == ["丙.txt", "乙.txt", "甲.txt"]
    assert sorted(texts(library)) == ["子/甲.txt", "戊.txt"]
    assert_sound(library)
    assert {hit.document.path for hit in library.search("工会驿站")} == {"子/甲.txt", "戊.txt"}


def test_a_file_is_the_same_by_its_folder_and_by_itself(library, files):
    library.add(files)
    assert library.add(files / "甲.txt").unchanged == ("甲.txt",)
    (files / "子").mkdir()
    (files / "子" / "丁.txt").write_text(NOTICE.format("丁"), encoding="utf-8")
    library.add(files / "子" / "丁.txt")
    assert "子/丁.txt" in library.add(files).unchanged
    (files / "子" / "丁.txt").write_text("改过了的内容。", encoding="utf-8")
    library.add(files)
    library.add(files / "子" / "丁.txt")
    assert library.status().documents == 4
    assert_sound(library)


def test_a_file_that_becomes_unreadable_keeps_its_old_version_and_is_reported(library, files):
    library.add(files)
    (files / "甲.txt").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8)
    report = library.add(files)
    assert [one.path for one in report.failed] == ["甲.txt"]
    assert not report.changed
    assert texts(library)["甲.txt"].strip() == NOTICE.format("甲")
    [problem] = library.verify().problems
    assert problem.path == "甲.txt"


def test_two_folders_may_hold_files_of_one_name(library, tmp_path):
    for folder in ("一", "二"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "a.txt").write_text(NOTICE.format(folder), encoding="utf-8")
    report = library.add([tmp_path / "一", tmp_path / "二"])
    assert report.added == ("a.txt", "a.txt")
    assert sorted(d.text.strip() for d in library.documents()) == [
        NOTICE.format("一"), NOTICE.format("二"),
    ]  # fmt: skip


def test_the_same_text_in_two_places_is_two_documents(library):
    library.add([notice("甲", "工会驿站开放。"), notice("乙", "工会驿站开放。")])
    assert {hit.document.path for hit in library.search("工会驿站")} == {"甲", "乙"}


def test_documents_given_as_text_are_added_changed_and_told_apart_by_path(library):
    assert library.add(notice("甲", title="第一号通知", date="2024-04-01")).added == ("甲",)
    report = library.add(notice(n, title="第一号通知", date="2024-04-01") for n in ("甲", "乙"))
    assert (report.unchanged, report.added) == (("甲",), ("乙",))
    assert library.add([notice("甲", "换了内容。")]).updated == ("甲",)
    [document] = [one for one in library.documents() if one.path == "甲"]
    assert (document.source, document.text, document.title) == ("", "换了内容。", "甲")


def test_a_missing_path_is_reported_and_the_others_are_added(library, files):
    with pytest.raises(SourceNotFound):
        library.add([files / "没有"])
    assert library.status().documents == 0
    report = library.add([files / "没有", files])
    assert [one.path for one in report.failed] == [str(files / "没有")]
    assert library.status().documents == len(report.added) > 0


def test_adding_nothing_does_nothing(library):
    assert not library.add([]).changed


def test_a_library_inside_an_added_folder_does_not_add_itself(files, encoder):
    with Library.open(files / "library", encoder) as library:
        (files / "library" / "说明.txt").write_text("不是文档。", encoding="utf-8")
        report = library.add(files)
        assert sorted(report.added) == ["丙.txt", "乙.txt", "甲.txt"]
        assert report.skipped == ()


def test_progress_counts_every_source_up_to_all(library, files):
    calls = []
    library.add([files, notice("丁")], lambda done, total: calls.append((done, total)))
    assert calls == [(1, 4), (2, 4), (3, 4), (4, 4)]
    calls.clear()
    library.verify(lambda done, total: calls.append((done, total)))
    assert calls == [(1, 4), (2, 4), (3, 4), (4, 4)]


class Followed:
    """Progress that is told of long documents too: sources done, with the share of the next."""

    def __init__(self):
        self.told = []

    def __call__(self, done, total):
        self.told.append((done, total))

    def begin(self, path):
        pass

    def within(self, done, total):
        self.told.append((done, total))


def test_progress_may_follow_a_long_document(library, monkeypatch):
    monkeypatch.setattr("qa.writing.WHOLE_CHARS", 500)
    monkeypatch.setattr("qa.pieces.PIECE_PASSAGES", 1)
    drink = "为户外劳动者提供饮水。" * 30
    text = "\n\n".join(f"第{n}处工会驿站全年开放，{drink}" for n in range(8))
    long = Document.from_text(text, path="长")
    adding, rebuilding = Followed(), Followed()
    library.add([notice("先"), long, notice("后")], adding)
    Library.rebuild(library.folder, library.encoder, progress=rebuilding)
    for told in (adding.told, rebuilding.told):
        assert told == sorted(set(told))
        assert {(1, 3), (2, 3), (3, 3)} <= set(told)
        assert len([done for done, _ in told if 1 < done < 2]) > 4


def test_large_additions_are_written_in_batches_that_stay(library, monkeypatch):
    monkeypatch.setattr("qa.writing.BATCH_CHARS", 60)

    def stop(done, total):
        if done == 8:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        library.add([notice(n) for n in range(10)], stop)
    kept = library.status().documents
    assert 6 <= kept < 10
    assert_sound(library)
    report = library.add([notice(n) for n in range(10)])
    assert (len(report.unchanged), len(report.added)) == (kept, 10 - kept)
    assert_sound(library)


def test_ids_are_never_used_again(library):
    seen = set()
    for turn in range(4):
        library.add([notice("甲", f"第{turn}次的内容。"), notice("乙", f"另外{turn}次。")])
        now = ids(library)
        assert not now & seen
        seen |= now
        if turn == 1:
            library.remove(["甲", "乙"])


def test_an_encoder_that_breaks_its_word_is_refused_before_anything_is_written(tmp_path):
    class Short(FakeEncoder):
        def encode_passages(self, texts):
            return super().encode_passages(texts)[:, :10]

    with Library.open(tmp_path / "library", Short()) as library:
        with pytest.raises(VectorMismatch, match=r"\(1, 64\).*\(1, 10\)"):
            library.add(notice("甲"))
        assert library.status().documents == 0
        assert library.search("工会") == []


# Removing


def test_removal_takes_effect_at_once_and_for_good(tmp_path, library, files, encoder):
    library.add(files)
    assert library.remove([files / "甲.txt", "乙.txt"]) == ("甲.txt", "乙.txt")
    assert {hit.document.path for hit in library.search("工会驿站")} == {"丙.txt"}
    assert_sound(library)
    with Library.open(tmp_path / "library", encoder) as again:
        assert {hit.document.path for hit in again.search("工会驿站")} == {"丙.txt"}
        assert_sound(again)


def test_removing_a_folder_takes_all_of_it(library, files):
    library.add([files, notice("丁")])
    assert sorted(library.remove(files)) == ["丙.txt", "乙.txt", "甲.txt"]
    assert list(texts(library)) == ["丁"]


@pytest.mark.parametrize("path", ["没有", "", "."])
def test_removing_what_is_not_there_removes_nothing(library, path):
    library.add(notice("甲"))
    with pytest.raises(SourceNotFound):
        library.remove(["甲", path])
    assert library.status().documents == 1


def test_a_removed_file_comes_back_when_added_again(library, files):
    library.add(files)
    library.remove(files / "甲.txt")
    assert library.add(files).added == ("甲.txt",)
    assert_sound(library)


# Opening


def test_a_missing_library_is_not_made_unless_asked(tmp_path, encoder):
    with pytest.raises(LibraryNotFound, match="qa add") as caught:
        Library.open(tmp_path / "nothing", encoder, create=False)
    assert caught.value.folder == tmp_path / "nothing"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("create", [True, False])
def test_a_folder_of_other_things_is_left_alone(tmp_path, encoder, create):
    (tmp_path / "notes.txt").write_text("我的笔记", encoding="utf-8")
    with pytest.raises(LibraryNotFound):
        Library.open(tmp_path, encoder, create)
    with pytest.raises(LibraryNotFound):
        Library.open(tmp_path / "notes.txt", encoder, create)
    assert [one.name for one in tmp_path.iterdir()] == ["notes.txt"]


def test_an_empty_folder_becomes_a_library(tmp_path, encoder):
    with Library.open(tmp_path, encoder):
        pass
    with Library.open(tmp_path, encoder, create=False) as again:
        assert again.status().documents == 0


def test_a_library_opened_by_a_relative_path_stays_where_it_is(tmp_path, encoder, monkeypatch):
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path)
    with Library.open("library", encoder) as library:
        library.add(notice("甲"))
        monkeypatch.chdir(tmp_path / "elsewhere")
        found = []
        thread = threading.Thread(target=lambda: found.extend(library.search("工会驿站")))
        thread.start()
        thread.join()
        assert [hit.document.path for hit in found] == ["甲"]
        library.add(notice("乙"))
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_closing_twice_is_once(tmp_path, encoder):
    library = Library.open(tmp_path, encoder)
    library.close()
    library.close()


# Made with something else


def test_another_encoder_is_outdated_with_a_remedy_and_rebuild_makes_it_right(tmp_path, files):
    first, second = FakeEncoder("first"), FakeEncoder("second", 32)
    with Library.open(tmp_path / "library", first) as library:
        library.add(files)
        (files / "甲.txt").unlink()  # the sources are not needed
        before = texts(library), ids(library)
    with pytest.raises(LibraryOutdated, match=r"first.*second.*qa rebuild"):
        Library.open(tmp_path / "library", second)
    calls = []
    status = Library.rebuild(
        tmp_path / "library", second, progress=lambda *call: calls.append(call)
    )
    assert (status.encoder, status.dimensions, status.documents) == ("second", 32, 3)
    assert calls == [(1, 3), (2, 3), (3, 3)]
    with Library.open(tmp_path / "library", second) as library:
        assert texts(library) == before[0]
        assert not ids(library) & before[1]
        assert_sound(library)
        assert len(library.search("工会驿站")) == 3
    with pytest.raises(LibraryOutdated, match=r"second.*first"):
        Library.open(tmp_path / "library", first)


def test_a_renamed_encoder_of_the_same_vectors_is_the_same(tmp_path):
    class Renamed(FakeEncoder):
        def __init__(self):
            super().__init__("fake")
            self.name = "moved/elsewhere"

    Library.open(tmp_path, FakeEncoder()).close()
    Library.open(tmp_path, Renamed()).close()


def test_rebuilding_with_own_words_uses_and_keeps_them(tmp_path, encoder):
    with Library.open(tmp_path, encoder) as library:
        library.add(notice("甲"))
    Library.rebuild(tmp_path, encoder, words=["林县总工"])
    with Library.open(tmp_path, encoder) as library:
        assert library.words == ("林县总工",)
        assert [hit.document.path for hit in library.search("林县总工")] == ["甲"]
        assert_sound(library)


@pytest.mark.parametrize("name", ["splitting", "dimensions", "words"])
def test_anything_else_in_the_making_is_outdated_until_rebuilt(tmp_path, encoder, name):
    with Library.open(tmp_path, encoder) as library:
        library.add(notice("甲"))
    store = Store.open(tmp_path / "library.db")
    with store.writing() as writing:
        writing.set(name, "another")
    store.close()
    with pytest.raises(LibraryOutdated, match="qa rebuild"):
        Library.open(tmp_path, encoder)
    Library.rebuild(tmp_path, encoder)
    with Library.open(tmp_path, encoder) as library:
        assert_sound(library)


def test_a_failed_rebuild_leaves_the_library_as_it_was(tmp_path, encoder):
    with Library.open(tmp_path, encoder) as library:
        library.add([notice("甲"), notice("乙")])
        before = ids(library)

    class Failing(FakeEncoder):
        def encode_passages(self, texts):
            if "乙" in "".join(texts):
                raise RuntimeError("out of memory")
            return super().encode_passages(texts)

    with pytest.raises(RuntimeError, match="out of memory"):
        Library.rebuild(tmp_path, Failing("other"))
    with Library.open(tmp_path, encoder) as library:
        assert ids(library) == before
        assert_sound(library)


def test_a_rebuild_elsewhere_is_noticed_by_a_library_already_open(tmp_path, encoder):
    with Library.open(tmp_path, encoder) as library:
        library.add(notice("甲"))
        Library.rebuild(tmp_path, encoder)
        assert_sound(library)
        assert len(library.search("工会驿站")) == 1
        Library.rebuild(tmp_path, FakeEncoder("other"))  # of the same dimensions
        for use in (
            lambda: library.search("工会驿站"),
            lambda: library.ask("工会驿站"),
            lambda: library.add(notice("乙")),
            lambda: library.remove("甲"),
        ):
            with pytest.raises(LibraryOutdated, match="other"):
                use()


# The vector file


def test_the_vector_file_is_written_past_the_limit_and_searched_rightly(
    tmp_path, encoder, monkeypatch
):
    monkeypatch.setattr(indexes, "TAIL_LIMIT", 5)
    with (
        Library.open(tmp_path, encoder) as writer,
        Library.open(tmp_path, encoder) as reader,
    ):
        for turn in range(3):
            writer.add([notice(f"{turn}-{n}") for n in range(6)])
            writer.add(notice(f"{turn}-1", "骑手之家已经揭牌。"))
            writer.remove(f"{turn}-2")
            for library in (writer, reader):
                assert_sound(library)
                paths = [hit.document.path for hit in library.search("工会驿站", k=99)]
                expected = {f"{t}-{n}" for t in range(turn + 1) for n in (0, 3, 4, 5)}
                assert set(paths) >= expected
                assert not {f"{t}-2" for t in range(turn + 1)} & set(paths)
        assert writer.status().vectors_in_file > 0
        assert reader.status().vectors_in_file == writer.status().vectors_in_file


def test_status_tells_what_there_is(tmp_path, encoder, files):
    with Library.open(tmp_path / "library", encoder) as library:
        library.add(files)
        status = library.status()
    assert Path(status.folder) == tmp_path / "library"
    assert (status.documents, status.passages, status.terms, status.vectors) == (3, 3, 3, 3)
    assert (status.encoder, status.dimensions) == ("fake", 64)
    assert status.disk_bytes >= (tmp_path / "library" / "library.db").stat().st_size
    assert status.generation == 2  # what it was made with, and the documents


def test_stored_vectors_are_those_of_the_encoder(library, encoder):
    library.add([notice("甲"), notice("乙", "骑手之家已经揭牌。", title="简报")])
    document = next(one for one in library.documents() if one.path == "乙")
    [passage] = library.passages(document)
    [candidate] = library._store.candidates([passage.id])
    [expected] = encoder.encode_passages([f"简报 {passage.heading}\n{passage.shown}"])
    assert np.abs(candidate.vector - expected).max() < 1e-3


@pytest.mark.parametrize("merged", [False, True])
def test_documents_asked_to_be_left_out_are_not_found(tmp_path, encoder, monkeypatch, merged):
    monkeypatch.setattr(indexes, "TAIL_LIMIT", 1 if merged else 10_000)
    with Library.open(tmp_path / "library", encoder) as library:
        library.add([notice(f"{n}") for n in range(100)])
        whole = [hit.document.path for hit in library.search("枫林县工会驿站", 100)]
        left = [h.document.path for h in library.search("枫林县工会驿站", 100, without={whole[0]})]
        assert whole[0] not in left
        assert len(left) >= 60  # others fill the place of what is left out
        everything = {document.path for document in library.documents()}
        assert library.search("枫林县工会驿站", without=everything) == []
        assert not library.ask("枫林县工会驿站", without=everything).found
