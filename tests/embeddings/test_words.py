"""Folding keeps every character's place; both engines cut alike; nothing is lost or invented."""

from __future__ import annotations

import threading

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from embeddings import words
from embeddings.errors import EmbeddingsError
from embeddings.pairs import bigrams_joined
from embeddings.words import bigrams, cutter, fold, fold_all, may_be_parted

CHINESE = st.text(
    st.one_of(
        st.sampled_from("县级工会提升年的目标是建成一百家驿站總會開驛嵐乾着後裡麵範"),
        st.sampled_from("，。：；“”（）《》、！？ \n\t　…—℃㎡①Ⅷ％ＡＢＣａ１２３Kkéß"),
        st.characters(min_codepoint=0x3400, max_codepoint=0x9FFF),
        st.characters(min_codepoint=0x20000, max_codepoint=0x323AF),
        st.characters(),
    ),
    max_size=60,
)


@given(st.text(st.characters(codec=None), max_size=80) | CHINESE)
def test_fold_keeps_the_length_of_any_text(text):
    assert len(fold(text)) == len(text)


@given(st.characters(categories=["Cs"]))
def test_fold_takes_half_a_character(half):
    assert fold(f"工{half}会") == "工\ufffd会"


def test_where_phrases_would_change_the_length_characters_are_mapped_singly(monkeypatch):
    convert = words._opencc("t2s")

    def lengthening(text):  # no phrase of OpenCC's does, but a later dictionary may
        return convert(text) + ("。" if len(text) > 1 else "")

    monkeypatch.setattr(words, "_opencc", lambda table: lengthening)
    assert fold("總工會ＡＢＣ") == "总工会abc"


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("總工會ＡＢＣ１２３", "总工会abc123"),
        ("嵐港市總工會開會", "岚港市总工会开会"),
        ("頭髮與發展", "头发与发展"),  # one simplified form for two traditional ones
        ("乾坤与乾燥", "乾坤与干燥"),  # decided by the phrase, not by the character
        ("㎡…ﬁ", "㎡…ﬁ"),  # compatibility forms that are longer stay
        ("İstanbul", "İstanbul"),
        ("", ""),
    ],
)
def test_fold_by_example(written, folded):
    assert fold(written) == folded


@given(CHINESE)
@example("四书利𨹳㧲段䯇需𫒁")  # rjieba would join rare characters to a word
@example("芟𪢚𪾀")
@example("所张越𦃖𫁨步而没了状")
@example("〇二〇龥龦鿕鿖鿿")
def test_jieba_and_rjieba_cut_alike(text):
    pytest.importorskip("rjieba")
    folded = fold(text)
    assert cutter("jieba").words(folded) == cutter("rjieba").words(folded)
    assert cutter("jieba").plain(folded) == cutter("rjieba").plain(folded)


def test_jieba_and_rjieba_cut_the_sample_documents_alike(sample):
    pytest.importorskip("rjieba")
    text = fold("\n".join(file.read_text("utf-8", "ignore") for file in sorted(sample.iterdir())))
    for own in ([], ["虔能杯", "县级工会提升年", "骑手之家"]):
        assert cutter("jieba", own).words(text) == cutter("rjieba", own).words(text)


@given(CHINESE)
def test_plain_words_are_the_letters_of_the_text_in_order(text):
    folded = fold(text)
    letters = "".join(run[0] for run in words._RUNS.finditer(folded))
    assert "".join(cutter().plain(folded)) == letters


@given(CHINESE)
def test_every_word_stands_in_the_text_and_holds_no_blank(text):
    folded = fold(text)
    for word in (*cutter().words(folded), *bigrams(folded)):
        assert word in folded
        assert not any(character.isspace() for character in word)


def test_words_of_mixed_text_give_runs_and_their_parts():
    assert cutter().words(fold("用ＧＰＴ-4写Ａ1")) == ["用", "gpt-4", "gpt", "4", "写", "a1"]


@pytest.mark.parametrize("text", ["", "   ", "，。！？", "😀🎉", "\n\t", "____"])
def test_nothing_to_cut_gives_no_words(text):
    assert cutter().words(fold(text)) == []
    assert cutter().plain(fold(text)) == []
    assert bigrams(fold(text)) == []


def test_bigrams_do_not_cross_punctuation_or_script():
    assert bigrams("虔能杯，ai赛x") == ["虔能", "能杯", "ai", "赛", "x"]


def test_very_long_runs_are_cut_short():
    assert [len(word) for word in cutter().words("a" * 10_000)] == [64]
    assert {len(pair) for pair in bigrams("工" * 10_000)} == {2}


@pytest.mark.parametrize("name", ["jieba", "rjieba"])
def test_own_words_are_kept_whole_whatever_script_they_are_given_in(name):
    if name == "rjieba":
        pytest.importorskip("rjieba")
    text = "枫林县虔能杯大赛与县级工会提升年目标"
    own = {"虔能杯", "县级工会提升年"}
    assert not own & set(cutter(name).words(text))
    assert own <= set(cutter(name, ["虔能杯", " 縣級工會提升年 "]).plain(text))


def test_fingerprint_follows_own_words_but_neither_their_order_nor_the_engine():
    plain = cutter("jieba").fingerprint
    one = cutter("jieba", ["虔能杯", "骑手之家"]).fingerprint
    other = cutter("jieba", ["騎手之家", "虔能杯", "虔能杯", " "]).fingerprint
    assert one == other
    assert one != plain
    assert cutter("jieba", ["", "  "]).fingerprint == plain
    assert words.WORDS_VERSION in plain


def test_fingerprint_is_the_same_with_rjieba():
    pytest.importorskip("rjieba")
    assert cutter("rjieba").fingerprint == cutter("jieba").fingerprint


def test_own_words_of_one_cutter_do_not_reach_another():
    cutter(user_words=["枫林县虔能"]).words("枫林县虔能")
    assert "枫林县虔能" not in cutter().words("枫林县虔能")


def test_unknown_engine_is_refused():
    with pytest.raises(EmbeddingsError, match="jieba or rjieba"):
        cutter("hanlp")


def test_threads_share_one_dictionary_and_get_the_same_words(monkeypatch):
    loaded = []
    making = words._ENGINES["jieba"]
    monkeypatch.setitem(words._ENGINES, "jieba", lambda own: loaded.append(own) or making(own))
    text, results = "县级工会提升年的目标", []
    threads = [
        threading.Thread(target=lambda: results.append(cutter("jieba", ["年的目"]).words(text)))
        for _ in range(6)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert loaded == [("年的目",)]
    assert len(results) == 6
    assert all(result == results[0] for result in results)


@given(st.lists(st.text(max_size=30), max_size=8))
def test_texts_folded_together_are_folded_as_each_alone(texts):
    assert fold_all(texts) == [fold(text) for text in texts]


@given(st.lists(CHINESE, max_size=5))
@example(["工会\t驿站", "", "\n", "gpt-4 级\n", "\U0003ffff会a㐀"])
def test_texts_cut_together_give_the_words_and_pairs_of_each_alone(texts):
    cut, folded = cutter(), fold_all(texts)
    assert cut.joined(folded) == [" ".join(plainly_cut(cut, text)) for text in folded]
    assert bigrams_joined(folded) == [" ".join(bigrams(text)) for text in folded]
    assert cut.joined([]) == bigrams_joined([]) == []


def plainly_cut(cut, text):
    """Cut one run after the other, as the pattern of what stands apart says."""
    found = []
    for number, part in enumerate(words._APART.split(text)):
        if number % 2:
            pieces = [] if part.isalnum() else words._PARTS.split(part)
            found += [one[: words.LONGEST_RUN] for one in (part, *pieces)]
        else:
            for run in words._BETWEEN.sub(" ", part).split():
                found += cut._loaded().search(run)
    return found


PHRASES = "破釜沈舟", "意志消沈", "毛坏", "答覆", "乾隆乾燥", "什么", "英哩"


@given(st.lists(st.one_of(CHINESE, st.sampled_from(PHRASES)), max_size=20).map("".join))
def test_what_may_be_parted_is_folded_as_its_parts_are(text):
    folded = fold(text)
    for at in range(len(text) + 1):
        if may_be_parted(text, at):
            assert fold(text[:at]) == folded[:at]
            assert fold(text[at:]) == folded[at:]


@given(st.lists(st.one_of(CHINESE, st.sampled_from(PHRASES)), max_size=60), st.integers(0, 200))
def test_long_texts_are_folded_as_their_lines_are(lines, filling):
    lines = [line.replace("\n", "") for line in lines]
    lines.append("工" * filling)
    alone = [line.translate(words._FOLDING) for line in lines]
    alone = [words._simple(line) for line in alone]
    assert fold("\n".join(lines)).split("\n") == alone


def test_what_is_simplified_in_phrases_only_is_simplified_in_long_texts():
    long = "。" * 300
    for phrase in PHRASES:
        assert fold(long + phrase) == long + fold(phrase)
    assert fold(long + "破釜沈舟") == long + "破釜沉舟"


def test_rare_characters_and_halves_do_not_hinder_long_texts():
    long = "總工會" * 100
    for odd in ("\U00030001", "\ud800", "😀", "\x00"):
        assert fold(long + odd)[:300] == "总工会" * 100
        assert len(fold(long + odd)) == 301
