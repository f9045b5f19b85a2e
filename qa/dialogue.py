"""Follow-up questions: what a question may mean after those asked before it.

Pure: a question and its history give readings, each a question that stands on its own. Which of
them is right is decided by what the documents hold (`qa.understanding`), not here.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from embeddings.words import Cutter, fold
from qa.announcing import begins_anew, without_announcement
from qa.courtesies import courtesy, is_small_talk
from qa.pointers import Pointer, Pointing, one_of_two, pointer
from qa.question import kept
from qa.records import Answer
from qa.subjects import content, lone_name, persons, places_in, subject, times_in

_LONGEST = 200  # characters of a question that can lean on another; what is longer says it all
_TURNS = 6  # of the history, that are looked at

# All patterns are of folded text.
_OPENING = re.compile(
    r"\s*(?:那么|那就|那(?![个些里边儿时位种次年天是])|还有|至于|如果是|要是|换成)[\s,]*"
)
_CLOSING = re.compile(r"的?呢$|的$")
ASKS = (
    r"什么|甚么|啥|谁|哪|几(?!乎)|多少|多[大高远长久]|怎|如何|为何|因何|何以|何时|何地|何处|吗|是否|可以|"
    r"能不能|有没有|是不是|会不会|要不要|该不该|能否|可否"
)
"""The words of a folded text that ask."""
_ASKS = re.compile(ASKS)
_ASKS_WHERE = re.compile(r"哪里|哪儿|哪个?[省市县区镇乡村]|什么地方|何地|何处")
_ASKED = re.compile(
    r"什么时候|什么时间|什么地方|多少[钱个家人名天年元]?|几[个家人名天年月号点次]?|哪[里儿些个位年天]?|"
    rf"怎么[办样]?|为什么|{_ASKS.pattern}"
)
_BARE = re.compile(r"[的呢吗\W]*")
_MORE = re.compile(r"还有(?:呢|吗|哪些|什么|别的|其他)?|其他的?呢|别的呢|具体呢|然后呢")
_QUOTED = re.compile(r"[”」』》]")
_PARTICLES = "的了是在和与呢吗啊吧哪个么些要"
_WHOLE = re.compile(r"全[省市县区国]|[我本][省市县区]")
_FRAGMENT = 14  # characters of a thing named without a question; more say what is asked of it
_NAME = 4  # characters of a name that no list knows: 东湾, 河畔新城
_LONGEST_NAME = 12
_ALIKE = 0.3
_FEW_WORDS = 4  # content words; a question of more may point to what it says itself


class Form(StrEnum):
    """How a question stands to what was asked before."""

    ALONE = "alone"  # there is nothing before it
    OPEN = "open"  # its words do not tell
    LEANING = "leaning"  # it says itself that something goes before: 副主席呢, 他是哪里人


@dataclass(frozen=True, slots=True)
class Reading:
    """One thing that a question may mean.

    Attributes:
        text: A question that stands on its own.
        added: What the history gave to it, as a person would be shown it; empty for the question
            as typed.
    """

    text: str
    added: str = ""


@dataclass(frozen=True, slots=True)
class Readings:
    """All that a question may mean.

    Attributes:
        form: How it stands to the history.
        typed: The question unchanged.
        completed: Readings with something of the history in them, the likeliest first.
    """

    form: Form
    typed: Reading
    completed: tuple[Reading, ...] = ()


@dataclass(frozen=True, slots=True)
class Turn:
    """An earlier question with what became of it.

    Attributes:
        typed: As typed.
        question: As it was understood.
        joined: Whether it goes on about what the turn before it was about.
        near: Whether it may do so: it was answered as typed from the same document, or was not
            answered, or nothing is known of its answer.
        quote: What was answered; empty when nothing was.
        document: Path of the first document cited; empty without one.
        title: Its title.
    """

    typed: str
    question: str
    joined: bool
    near: bool = False
    quote: str = ""
    document: str = ""
    title: str = ""

    @property
    def person(self) -> str:
        """The short name that is all of it (马东呢) and was read so; empty where it is not."""
        return lone_name(self.typed) if self.typed == self.question else ""


def readings(question: str, history: Sequence[str | Answer], cutter: Cutter) -> Readings:
    """Give what a question may mean after those before it.

    Args:
        question: As typed.
        history: Earlier questions or answers, oldest first.
        cutter: Cuts words.
    """
    typed = Reading(without_announcement(question))
    alone = not history or begins_anew(question) or len(question) > _LONGEST
    if alone or _says_nothing(question):
        return Readings(Form.ALONE, typed)
    question, before = typed.text, turns(history[-_TURNS:], cutter)
    return _after(question, before, cutter) if before else Readings(Form.ALONE, typed)


def _says_nothing(question: str) -> bool:
    return not any(map(str.isalnum, question)) or is_small_talk(question)


def turns(history: Sequence[str | Answer], cutter: Cutter) -> list[Turn]:
    """Give earlier questions as turns, in order: each as its answer says that it was understood.

    Of a bare question only its words are known: where those lean on what was before, it is taken
    in its likeliest reading. Greetings and thanks are left out, and all before 换个话题.
    """
    found: list[Turn] = []
    for one in history:
        asked = one.question if isinstance(one, Answer) else one
        if begins_anew(asked) or courtesy(asked) == "new_topic":
            found.clear()
        if _says_nothing(asked):
            continue
        turn = _answered(one, found) if isinstance(one, Answer) else None
        found.append(turn or _asked(without_announcement(asked), found, cutter))
    return found


def _answered(answer: Answer, before: Sequence[Turn]) -> Turn:
    cited = next(iter(answer.sources), None)
    document, title = (cited.document.path, cited.document.title) if cited else ("", "")
    meant = Reading(without_announcement(answer.as_understood), answer.added)
    return Turn(
        typed=without_announcement(answer.question),
        question=meant.text,
        joined=bool(before and answer.understood) and _joins(answer.question, meant),
        near=bool(before)
        and not answer.understood
        and (not answer.found or before[-1].document == document),
        quote=answer.quote,
        document=document,
        title=title,
    )


def _asked(question: str, before: Sequence[Turn], cutter: Cutter) -> Turn:
    if before:
        meant = _after(question, before, cutter)
        if meant.form is Form.LEANING and meant.completed:
            first = meant.completed[0]
            return Turn(question, first.text, _joins(question, first))
    return Turn(question, question, joined=False, near=bool(before))


def _joins(typed: str, meant: Reading) -> bool:
    """Say whether a completed question needs its turns before to tell what it is about.

    One that puts something else into the place of a word (X呢) says all of it again.
    """
    return meant.text.startswith(f"{meant.added} ") or not _fragment(typed)


def _after(question: str, before: Sequence[Turn], cutter: Cutter) -> Readings:
    folded = fold(question)
    points = pointer(folded)
    fragment = "" if points else _fragment(question)
    leans = bool(fragment) or (points is not None and _leans(points, question, cutter))
    if points:
        found = _pointed(question, points, before, cutter)
    elif fragment:
        found = _replacing(fragment, before, cutter)
    elif kept(question, cutter):
        found = [_with(about, question) for about in topics(before, cutter)]
    else:
        more = bool(_MORE.fullmatch(folded.strip(" ?。!")))
        found = [_with(recent(before, cutter), "还有哪些" if more else question)]
    different = {one.text: one for one in reversed(found) if one.added and one.text != question}
    form = Form.LEANING if leans else Form.OPEN
    return Readings(form, Reading(question), tuple(reversed(different.values())))


def _with(about: str, question: str) -> Reading:
    """Give a question with what it is about before it.

    A place or time that the question names itself takes the place of that of the topic, and what
    it says itself is not said again.
    """
    for kind in (places_in, times_in):
        if kind(question):
            for old in kind(about):
                about = " ".join(about.replace(old, "").split())
    said = fold(question)
    about = " ".join(word for word in about.split() if fold(word) not in said)
    return Reading(f"{about} {question}".strip(), about)


def _leans(points: Pointer, question: str, cutter: Cutter) -> bool:
    """Say whether a question points to what it does not say itself.

    One of many words, or with a name before its pointer (哈佛为什么终止它的计划), may say it.
    """
    spans = kept(question, cutter)
    named = [end for start, end in spans if end <= points.start and end - start > 1]
    return (
        len(spans) <= _FEW_WORDS
        and not named
        and not _QUOTED.search(fold(question), 0, points.start)
    )


def topics(before: Sequence[Turn], cutter: Cutter) -> list[str]:
    """Give the words that say what the last turns were about, the likeliest first; [] for none.

    There are two where a turn was answered as typed from the document of the turn before it, or
    not at all: it may have begun a topic of its own, or not. How a turn behind it was read
    settles that.
    """
    opening = _opening(before)
    found = [subject(before[opening].question, cutter)]
    if before[opening].near:
        found.append(subject(before[_opening(before[:opening])].question, cutter))
    read_with = before[-1].question if before[-1].joined else ""
    settled = [one for one in found if one and read_with.startswith(one)]
    return [one for one in dict.fromkeys(settled or found) if one]


def _opening(before: Sequence[Turn]) -> int:
    """Give the place of the turn that the last one goes on with, or of the last one."""
    place = len(before) - 1
    while place > 0 and before[place].joined:
        place -= 1
    return place


def recent(before: Sequence[Turn], cutter: Cutter) -> str:
    """Give the words that say what the last turn itself was about, with the topic it goes on."""
    last, own = before[-1], subject(before[-1].question, cutter)
    about = subject(before[_opening(before)].question, cutter) if last.joined else ""
    return own if own.startswith(about) else f"{about} {own}".strip()


def _pointed(
    question: str, points: Pointer, before: Sequence[Turn], cutter: Cutter
) -> list[Reading]:
    """Give the readings of a question with a pointer, the likeliest first."""
    start, end = points.start, points.end
    name = _pointed_name(question[start:end], points.kind, before)
    rest = f"{question[:start]}{question[end:].removeprefix('的')}"  # 它有多长: 有多长
    if points.kind is Pointing.CHOICE and name:
        if _BARE.fullmatch(fold(rest)):  # 后者呢
            return _replacing(name, before, cutter)
        return [Reading(f"{question[:start]}{name}{question[end:]}", name)]
    found = [Reading(f"{question[:start]}{name}{question[end:]}", name)] if name else []
    if points.kind is Pointing.THING:
        found.append(_with(recent(before, cutter), rest))
    if name and any(name == turn.person and not turn.quote for turn in before):
        return found  # of whom nothing was found: no other is meant
    without = rest if points.kind in (Pointing.THING, Pointing.PLACE) else question
    return found + [_with(about, without) for about in topics(before, cutter)]


def _pointed_name(word: str, kind: Pointing, before: Sequence[Turn]) -> str:
    """Give the name that a pointer stands for; empty where it stands for no single name."""
    match kind:
        case Pointing.PERSON:
            return "" if "们" in word else _latest_person(before)
        case Pointing.PLACE:
            return _place_answered(before[-1])
        case Pointing.CHOICE:
            pairs = (one_of_two(word, turn.question) for turn in reversed(before))
            return next((one for one in pairs if one), "")
    return ""


def _latest_person(before: Sequence[Turn]) -> str:
    for turn in reversed(before):
        named = [turn.person] if turn.person else persons(turn.question) or persons(turn.quote)
        if named:
            return named[0]
    return ""


def _place_answered(turn: Turn) -> str:
    """Give the place that an answer named, where the question asked for one; or else empty."""
    found = places_in(turn.quote) if _ASKS_WHERE.search(fold(turn.question)) else []
    return next((one for one in found if one not in turn.question), "")


def _asked_for(question: str) -> str:
    """Give the words of a question that ask: 多少钱, 什么时候; empty without such words."""
    asked = _ASKED.search(fold(question))
    return question[asked.start() : asked.end()] if asked else ""


def _fragment(question: str) -> str:
    """Give what is left of 那专科呢 without its particles; empty where more is said than a name."""
    folded = fold(question).rstrip(" ?。!？！，,")
    opening = _OPENING.match(folded)
    start = opening.end() if opening else 0
    closing = _CLOSING.search(folded, start)
    end = closing.start() if closing else len(folded)
    inner = folded[start:end].strip()
    if not inner or len(inner) > _FRAGMENT or _ASKS.search(inner):
        return ""
    marked = opening is not None or closing is not None
    return question[start:end].strip() if marked or places_in(inner) == [inner] else ""


def _replacing(fragment: str, before: Sequence[Turn], cutter: Cutter) -> list[Reading]:
    """Give the readings of a thing that is named without a question, the likeliest first.

    It takes the place of what it is like in the last question, or is another thing of the topic.
    """
    before = [turn for turn in before if turn.quote or not turn.person] or before
    last, found = before[-1], []
    same = _same_kind(fragment, last)
    old = same or _alike(fragment, last.question, cutter) or _named(fragment, last)
    if old:
        left, _, right = last.question.partition(old)
        rest = " ".join(part for part in (left.strip(), right.strip(" 的?？。")) if part)
        found.append(Reading(f"{left}{fragment}{right}", rest))
        found += [_with(about, found[0].text) for about in topics(before, cutter)[1:]]
    if not same:
        asked = f"{fragment}{_asked_for(last.question)}"
        found += [_with(about, asked) for about in topics(before, cutter)[:1]]
    return found


def _same_kind(fragment: str, last: Turn) -> str:
    """Give the place or time in the last question that another one takes the place of; or empty.

    What was itself put in there by the last question is taken out again: 石桥呢, 望湖呢.
    """
    for kind in (places_in, times_in):
        found = [one for one in kind(last.question) if one not in fragment]
        if found and kind(fragment):
            return found[0]
    before = _fragment(last.typed)
    return before if before and before != fragment and before in last.question else ""


def _named(fragment: str, last: Turn) -> str:
    """Give what a name that no list knows may take the place of; empty when it is nothing."""
    if len(fragment) > _NAME:
        return ""
    where = places_in(last.question) or _WHOLE.findall(last.question)
    return where[0] if where else _titled(last)


def _titled(turn: Turn) -> str:
    """Give the longest run of a question that the title of its document begins with; or empty."""
    question, title = fold(turn.question), fold(turn.title)
    for length in range(min(len(title), _LONGEST_NAME), 1, -1):
        at = question.find(title[:length])
        if at >= 0:
            return turn.question[at : at + length]
    return ""


def _alike(fragment: str, question: str, cutter: Cutter) -> str:
    """Give the words of a question that share most characters with a fragment; often none."""
    mine = set(fold(fragment)) - set(_PARTICLES)
    best, most = "", _ALIKE
    for stretch in content(question, cutter):
        theirs = set(fold(stretch))
        worth = 2 * len(mine & theirs) / (len(mine) + len(theirs))
        if most <= worth < 1:
            best, most = stretch, worth
    return best
