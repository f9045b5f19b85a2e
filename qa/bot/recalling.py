"""What was shown, found again in the library: citations by the numbers a stored answer keeps.

These functions read from a library, so they run in its threads. A document that was changed or
removed since has other passages: what is gone raises `Gone`.
"""

from __future__ import annotations

from collections.abc import Sequence

from qa.bot.state import Shown
from qa.errors import PassageNotFound
from qa.library import Library
from qa.records import Answer, Citation


class Gone(Exception):
    """What an answer showed is not in the library any more."""


def citation(library: Library, shown: Shown, source: int) -> Citation:
    """Give a source of a stored answer, numbered as it was shown; its copies are not kept.

    Args:
        library: Where the answer is from.
        shown: The answer.
        source: Which of its passages, from 0.

    Raises:
        Gone: the passage is not there, or the answer has no such source.
    """
    if not 0 <= source < len(shown.passages):
        raise Gone
    try:
        document, passage = library.passage(shown.passages[source])
    except PassageNotFound as error:
        raise Gone from error
    start, end = shown.quotes[source]
    return Citation(source + 1, document, passage, start, end, 0.0)


def citations(library: Library, shown: Shown, first: int, count: int) -> tuple[Citation, ...]:
    """Give several sources of a stored answer, from `first`; fewer where it has no more.

    Raises:
        Gone: one of them is not in the library any more.
    """
    places = range(first, min(first + count, len(shown.passages)))
    return tuple(citation(library, shown, place) for place in places)


def neighbour(library: Library, shown: Shown, source: int, step: int) -> Citation | None:
    """Give the passage `step` further on in the document of a source, without a quote.

    None where the document has no more. Step 0 is the source itself, with its quote.

    Raises:
        Gone: the source is not in the library any more.
    """
    found = citation(library, shown, source)
    if not step:
        return found
    passages = library.passages(found.document)
    at = next((at for at, one in enumerate(passages) if one.id == found.passage.id), None)
    if at is None:
        raise Gone
    if not 0 <= at + step < len(passages):
        return None
    other = passages[at + step]
    return Citation(found.number, found.document, other, other.start, other.start, 0.0)


def turns(library: Library, shown: Sequence[Shown]) -> tuple[Answer, ...]:
    """Give stored answers as the history of a question, oldest first, each with its first source.

    The source is left out where it is gone.
    """
    return tuple(_turn(library, one) for one in shown)


def _turn(library: Library, shown: Shown) -> Answer:
    cited: tuple[Citation, ...] = ()
    if shown.found:
        try:
            cited = citations(library, shown, 0, 1)
        except Gone:
            cited = ()
    return Answer(
        shown.question,
        shown.found,
        0.0,
        shown.quote,
        cited,
        understood=shown.understood,
        added=shown.added,
    )
