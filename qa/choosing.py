"""Which words of a passage are quoted: the one or two sentences most likely to answer.

Each sentence gets a chance to be the answer, the logistic choice (McFadden, 1974) between the
sentences of its passage by the weighted sum of their clues. A second sentence is taken along where
it adds more chance than its characters cost.
"""

from __future__ import annotations

import json
import re
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import accumulate
from math import exp

from embeddings.words import fold
from qa.alternatives import NONE as NO_ALTERNATIVES
from qa.alternatives import Alternatives
from qa.clues import CLUES, Asked, clues
from qa.layout import Layout, layout_of
from qa.outline import Line, Role, outline
from qa.question import Kind, Question
from qa.quoting import LONGEST, balanced, pieces, statements, whole_list
from qa.records import Passage, Range
from qa.weighing import Rarity, blended

_STATEMENTS = 2
_SHORT_CHARS = 12
_ALIKE = 0.5  # of the chance of a row what is quoted with it has at least
_GOES_ON = "、，,"
_LINE = re.compile(r"[^\n]*\S[^\n]*")
_RUN_IN = re.compile(r"[(（][一二三四五六七八九十]{1,3}[)）]|[一二三四五六七八九十]{1,3}、")
_RUN_IN_CHARS = 24
_BULLET = re.compile(r"(?:[-*+•·●>]|#{1,6})\s+")


@dataclass(frozen=True, slots=True)
class QuoteWeights:
    """What was fitted: the worth of each clue, and what characters cost.

    Attributes:
        clues: Weight of each of CLUES.
        price: Chance of holding the answer that LONGEST characters must add to be quoted.
    """

    clues: Mapping[str, float]
    price: float


@cache
def quote_weights() -> QuoteWeights:
    """Read the weights that ship with the package (`qa/quote_weights.json`)."""
    text = files("qa").joinpath("quote_weights.json").read_text(encoding="utf-8")
    return QuoteWeights(**json.loads(text))


@dataclass(frozen=True, slots=True)
class Piece:
    """What competes with others to be quoted: a statement, or a clause of a long one.

    Attributes:
        place: Its range of the text.
        statement: The number of its statement.
        opens: Whether that statement begins with it.
        closes: Whether that statement ends with it.
        leads: Whether it reads like the title of what follows, and is not quoted without that.
        apart: Whether it speaks of something else than what stands beside it, as a row does.
    """

    place: Range
    statement: int
    opens: bool
    closes: bool
    leads: bool
    apart: bool = False

    @property
    def short(self) -> bool:
        """Whether it is no sentence of its own beside others (`主席卓明远。`)."""
        return self.opens and self.closes and self.place[1] - self.place[0] < _SHORT_CHARS


class Quoter:
    """Chooses what to quote of passages that answer one question."""

    def __init__(
        self,
        question: Question,
        rarity: Rarity,
        fitted: QuoteWeights,
        others: Alternatives = NO_ALTERNATIVES,
    ) -> None:
        self._asked = Asked.of(question, rarity)
        self._is_list = question.kind is Kind.LIST
        self._fitted = fitted
        self._others = others

    @property
    def rarity(self) -> Mapping[str, float]:
        """How rare each word of the question is."""
        return self._asked.words

    def quote(self, passage: Passage, title: str, *, folded: str | None = None) -> Range:
        """Give the range of `passage.shown` that answers; (0, 0) when nothing is said in it.

        Args:
            passage: One that answers, as a whole.
            title: Its document's.
            folded: Its shown text, folded, where that is known.
        """
        text = fold(passage.shown) if folded is None else folded
        layout = layout_of(text, fold(passage.heading))
        all_pieces = quotable(text, title, layout)
        if not all_pieces:
            return 0, 0
        context = fold(f"{title}\n{passage.heading}")
        places = [(layout.place(a), layout.place(b)) for a, b in (one.place for one in all_pieces)]
        rows = self._clues(layout.text, context, places)
        chosen = self._best(all_pieces, self.chances(rows))
        whole = whole_list(text, chosen)
        if self._is_list or whole[1] - whole[0] <= LONGEST:
            chosen = whole
        return balanced(text, _without_bullet(text, chosen))

    def chances(self, rows: Sequence[Sequence[float]]) -> list[float]:
        """Turn the clues of a passage's pieces into chances that add up to 1; no rows give []."""
        weights = [self._fitted.clues[name] for name in CLUES]
        sums = [sum(w * value for w, value in zip(weights, row, strict=True)) for row in rows]
        powers = [exp(one - max(sums)) for one in sums]
        return [power / sum(powers) for power in powers]

    def _clues(self, text: str, context: str, places: Sequence[Range]) -> list[Sequence[float]]:
        """Give the clues of each stretch; a synonym in it counts as the word meant."""
        own = clues(self._asked, text, context, places)
        meant, above = self._others.meant(text), self._others.meant(context)
        if not meant.used and not above.used:
            return [*own]
        moved = [(meant.place(start), meant.place(end)) for start, end in places]
        again = clues(self._asked, meant.text, above.text, moved)
        worth = self._others.worth((*meant.used, *above.used))
        return [blended(a, b, worth) for a, b in zip(own, again, strict=True)]

    def _best(self, all_pieces: Sequence[Piece], chances: Sequence[float]) -> Range:
        """Give the stretch with the most chance after the price of its length; ties: the first."""
        best, best_worth = all_pieces[0].place, -1.0
        reached = [0.0, *accumulate(chances)]
        for first, last in stretches(all_pieces):
            start, end = all_pieces[first].place[0], all_pieces[last].place[1]
            whole = all_pieces[first].opens and all_pieces[last].closes
            # No clauses are cheaper than others, so that they keep as many neighbours as fit in.
            length = (end - start) / LONGEST if whole else 1.0
            worth = reached[last + 1] - reached[first] - self._fitted.price * length
            if worth > best_worth and _alike(
                all_pieces[first : last + 1], chances[first : last + 1]
            ):
                best, best_worth = (start, end), worth
        return best


def _alike(taken: Sequence[Piece], chances: Sequence[float]) -> bool:
    """Say whether pieces are quoted together: where one stands apart, all speak to it alike."""
    if not any(one.apart for one in taken):
        return True
    own = [chance for one, chance in zip(taken, chances, strict=True) if not one.leads]
    return min(own) >= _ALIKE * max(own)


def quotable(text: str, title: str, layout: Layout | None = None) -> tuple[Piece, ...]:
    """Give what of a text may be quoted, in order; headings only when there is nothing else.

    `layout` is the text's, where it is known. The names of columns are quoted only with a row.
    """
    layout = layout or layout_of(text)
    spoken = [one for one in _unbroken(text, layout.whole) if _says_something(text, one)]
    roles = _roles(text, title)
    headings = [line for line, role in roles.items() if role in (Role.HEADING, Role.TITLE)]
    headings += [one for one in spoken if _is_run_in(text, one)]
    below = [one for one in spoken if not _within(one, headings)] or spoken
    found = []
    for number, statement in enumerate(below):
        parts = [one for one in pieces(text, statement) if _says_something(text, one)]
        apart = statement in layout.apart
        leads = statement in layout.names or (not apart and roles.get(statement) is Role.LEAD)
        leading = leads and statement != below[-1]
        for part in parts:
            found.append(Piece(part, number, part == parts[0], part == parts[-1], leading, apart))
    return tuple(found)


def _unbroken(text: str, rows: Sequence[Range]) -> Iterator[Range]:
    """Give the statements, joined where a line breaks off in the middle (`甲、` above `乙`).

    A row is one statement by itself.
    """
    begin: int | None = None
    for start, end, row in _parted(text, rows):
        begin = start if begin is None else begin
        if row or text[end - 1] not in _GOES_ON or end == len(text.rstrip()):
            yield begin, end
            begin = None


def _parted(text: str, rows: Sequence[Range]) -> Iterator[tuple[int, int, bool]]:
    """Give the statements with the rows among them whole, and say which are rows."""
    waiting = deque(rows)
    at = 0
    for start, end in statements(text):
        at = max(at, start)
        while waiting and waiting[0][0] < end:
            row = waiting.popleft()
            if row[0] < at:  # within another
                continue
            above = text[at : row[0]].rstrip()
            if above:
                yield at, at + len(above), True
            yield (*row, True)
            at = row[1] + len(text[row[1] : end]) - len(text[row[1] : end].lstrip())
        if at < end:
            yield at, end, False


def stretches(all_pieces: Sequence[Piece]) -> Iterator[tuple[int, int]]:
    """Give the first and last number of all that may be quoted together.

    Clauses of one statement, or one or two whole statements and any short ones beside or between;
    more than one piece only within LONGEST characters.
    """
    for first, opening in enumerate(all_pieces):
        count = 0
        for last in range(first, len(all_pieces)):
            closing = all_pieces[last]
            count += closing.opens and not closing.short
            length = closing.place[1] - opening.place[0]
            if last > first and (length > LONGEST or count > _STATEMENTS):
                break
            whole = opening.opens and closing.closes
            if (whole or closing.statement == opening.statement) and not closing.leads:
                yield first, last


def _roles(text: str, title: str) -> dict[Range, Role]:
    """Give what each line does in the passage, by its range without outer blanks."""
    lines = []
    for number, found in enumerate(_LINE.finditer(text), start=1):
        shown = found[0].strip()
        start = found.start() + found[0].index(shown)
        lines.append(Line(number, ((start, start + len(shown)),), shown))
    return {(one.line.start, one.line.end): one.role for one in outline(lines, title)}


def _is_run_in(text: str, statement: Range) -> bool:
    """Say whether a statement is a heading that its paragraph begins with: `（三）援助有力。`"""
    start, end = statement
    opens_line = not text[text.rfind("\n", 0, start) + 1 : start].strip()
    goes_on = bool(text[end:].partition("\n")[0].strip())
    short = end - start <= _RUN_IN_CHARS and "\n" not in text[start:end]
    return opens_line and goes_on and short and bool(_RUN_IN.match(text, start))


def _within(place: Range, lines: Sequence[Range]) -> bool:
    return any(start <= place[0] and place[1] <= end for start, end in lines)


def _says_something(text: str, place: Range) -> bool:
    return any(map(str.isalnum, text[slice(*place)]))


def _without_bullet(text: str, quoted: Range) -> Range:
    """Leave out the sign that a single line of a list begins with."""
    start, end = quoted
    bullet = _BULLET.match(text, start, end)
    if bullet and "\n" not in text[start:end] and bullet.end() < end:
        start = bullet.end()
    return start, end
