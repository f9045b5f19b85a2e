"""Questions made from a library's own sentences, for when nobody has written any.

A sentence that holds a number, a date, a place, a person, a name in marks or a list is asked for
that: it is taken out, the interrogative for its kind put in, and of the words around it some are
left out, the way people type. Every passage gives the same question each time.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from random import Random
from zlib import crc32

from embeddings.words import cutter
from qa.library import Library
from qa.question_files import EvidenceText, MeasuredQuestion
from qa.quoting import statements
from qa.records import Document, Passage

MOST = 300
"""Questions made of one library at most."""

_TRIED = 2  # passages looked at for each question wanted: not every one can be asked about
_LOST, _LOST_SMALL = 0.45, 0.8  # share of words left out: telling ones, small ones
_BEFORE, _AFTER = 8, 5  # words kept at most before and behind what is asked for
_FEWEST = 2  # telling words, below which nobody could know what is meant
_LONGEST_SENTENCE = 150
_DRAWS = 8  # tries to leave out words so that enough remain
_TITLED, _NAMING = 0.8, 2  # share of questions that name their document, by how many words
_IN_PLACE = 0.5  # share that ask where the answer stood; the others ask at the end

_UNITS = (
    "[万亿]?(?:人次|元|家|个|名|人|位|项|次|场|件|座|所|处|张|份|天|年|小时|分钟|"
    "公里|平方米|米|吨|岁|期|届|条|种|%|％)"
)
_ROLE = r"主席|书记|主任|局长|院长|部长|校长|会长|馆长|总经理|董事长|市长|县长"
_PLACE_END = r"省|市|县|区|镇|乡|村|街道|路|号|楼|馆|大厅|广场|中心|公园|车站"
_ITEM = r"[^，。；、：:\s]{2,6}"
_TARGETS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), ask)
    for pattern, ask in (
        (r"(?P<it>\d{4}年(?:\d{1,2}月(?:\d{1,2}日)?)?|\d{1,2}月\d{1,2}日)", "什么时候"),
        (rf"(?<!\d)(?!\d{{4}}年)(?P<it>\d[\d,.]*\s?(?P<unit>{_UNITS}))", "多少{unit}"),
        (rf"(?:{_ROLE})(?P<it>[一-龥]{{2,3}})(?=[，。、；\s]|主持|出席|作|说|介绍|指出)", "是谁"),
        (
            rf"(?:位于|设在|地址[为：:]?|在)(?P<it>[一-龥\d]{{2,12}}(?:{_PLACE_END}))"
            r"(?=[，。；、\s]|举行|召开|举办|成立)",
            "哪里",
        ),
        (r"(?P<it>[“《「][^”》」]{2,16}[”》」])", "什么"),
        (rf"(?P<it>{_ITEM}(?:、{_ITEM}){{2,}})", "哪些"),
    )
)
_SMALL = frozenset(
    "的了是在和与及或有被把对将从到为于以等也都就还又而之其这那该此并按由至向各每均已可应"
)
_WORD = re.compile(r"\w")


@dataclass(frozen=True, slots=True)
class _Target:
    """What of a sentence is asked for, as a range of it, and the words that ask."""

    start: int
    end: int
    ask: str


def made_questions(library: Library, most: int = MOST) -> tuple[MeasuredQuestion, ...]:
    """Make questions from passages spread evenly over a library, at most `most`, in their order.

    Each has its own sentence as its evidence. A library without passages, or without a sentence
    that can be asked about, gives ().
    """
    cut = cutter().plain
    naming = _naming([one.title for one in library.documents() if one.title != one.path], cut)
    step = max(1.0, library.status().passages / (most * _TRIED))
    made: list[MeasuredQuestion] = []
    wanted = 0.0
    for number, (document, passage) in enumerate(_passages(library)):
        if number < wanted:
            continue
        wanted += step
        one = make_question(passage, naming.get(document.title, ""))
        if one:
            question, sentence = one
            evidence = (EvidenceText(document.path, sentence),)
            made.append(MeasuredQuestion(str(passage.id), question, "made", evidence, 0))
    every = max(1.0, len(made) / most)
    return tuple(made[int(n * every)] for n in range(min(most, len(made))))


def make_question(passage: Passage, topic: str = "") -> tuple[str, str] | None:
    """Make a question of a passage; None when it holds nothing that can be asked for.

    Args:
        passage: Its shown text is asked about.
        topic: Words of its document's title, put in front of most questions.

    Returns:
        The question, and the sentence of the passage that answers it.
    """
    rng = Random(crc32(passage.shown.encode("utf-8", "replace")))  # noqa: S311 - repeatable
    options = list(_options(passage.shown))
    for _ in range(_DRAWS if options else 0):
        sentence, target = rng.choice(options)
        asked = _asked(sentence, target, rng)
        if asked:
            return (topic if rng.random() < _TITLED else "") + asked, sentence
    return None


def _asked(sentence: str, target: _Target, rng: Random) -> str:
    """Put the interrogative among some of the words around it; "" when too few are left."""
    cut = cutter().plain
    before = _thinned(cut(sentence[: target.start])[-_BEFORE:], rng)
    after = _thinned(cut(sentence[target.end :])[:_AFTER], rng)
    if sum(word not in _SMALL for word in (*before, *after)) < _FEWEST:
        return ""
    left, right = "".join(before), "".join(after)
    in_place = rng.random() < _IN_PLACE
    return f"{left}{target.ask}{right}" if in_place else f"{left}{right}{target.ask}"


def _passages(library: Library) -> Iterator[tuple[Document, Passage]]:
    for document in library.documents():
        for passage in library.passages(document):
            yield document, passage


def _options(text: str) -> Iterator[tuple[str, _Target]]:
    """Give every sentence of a text with each kind of thing it can be asked for."""
    for start, end in statements(text):
        sentence = text[start:end]
        if len(sentence) > _LONGEST_SENTENCE:
            continue
        for pattern, ask in _TARGETS:
            match = pattern.search(sentence)
            if match:
                asked = ask.format(unit=match.groupdict().get("unit"))
                yield sentence, _Target(match.start("it"), match.end("it"), asked)


def _thinned(words: list[str], rng: Random) -> list[str]:
    """Leave out signs, most small words, and some of the others."""
    kept = []
    for word in words:
        lost = _LOST_SMALL if word in _SMALL else _LOST
        if _WORD.search(word) and rng.random() >= lost:
            kept.append(word)
    return kept


def _naming(titles: Sequence[str], cut: Callable[[str], list[str]]) -> dict[str, str]:
    """Give, for each title, the words of it that stand in the fewest other titles.

    Where documents resemble each other, a question that does not say which is meant has an answer
    in every one of them.
    """
    words = {title: [w for w in cut(title) if len(w) > 1 and _WORD.match(w)] for title in titles}
    holding = Counter(word for some in words.values() for word in set(some))
    named = {}
    for title, some in words.items():
        rarest = sorted(dict.fromkeys(some), key=lambda word: holding[word])[:_NAMING]
        named[title] = "".join(word for word in dict.fromkeys(some) if word in rarest)
    return named
