"""What people say of answers, kept in the library: right, wrong, and what would have been right."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass, replace

from telegram import Message, User

from embeddings.words import fold
from qa.bot.addressed import is_reply_to
from qa.bot.desk import Desk
from qa.bot.recalling import citation
from qa.bot.state import Shown
from qa.library import Library
from qa.records import Document, Feedback, Passage, Verdict

LEAST_CHARS = 4
"""How many letters a correction must have: fewer stand anywhere."""

_SEARCHED = 30  # passages looked through for the words of a correction
_QUERY_CHARS = 300
_COMMENT_CHARS = 1000
_ASK_CHARS = 400  # a message that asks for a correction is shorter
# The messages that ask for a correction end so, in every language: a reply to one names the answer.
_NUMBER = re.compile(r"#(\d{1,15})[)）]$")
_SAID_MORE = (Verdict.CORRECTED, Verdict.UNANSWERABLE)


@dataclass(frozen=True, slots=True)
class Corrected:
    """Where the words of a correction stand."""

    document: Document
    passage: Passage
    words: str


class Correcting:
    """Keeps what people say of the answers shown, one verdict for each person and answer."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def right(self, shown: Shown, user_id: int) -> None:
        """Keep that an answer was right.

        Raises:
            Gone: its first source is not in the library any more.
        """
        await self._cite(self._said(shown, user_id, Verdict.RIGHT), shown, 0)

    async def source(self, shown: Shown, user_id: int, source: int) -> None:
        """Keep that a certain source would have been right; as `right`."""
        await self._cite(self._said(shown, user_id, Verdict.CORRECTED), shown, source)

    async def nowhere(self, shown: Shown, user_id: int) -> None:
        """Keep that the documents do not answer the question."""
        said = self._said(shown, user_id, Verdict.UNANSWERABLE)
        await self._desk.shelf.run(self._library(shown).give_feedback, said)

    async def wrong(self, shown: Shown, user_id: int, comment: str = "") -> None:
        """Keep that an answer was wrong, unless the person has said already what is right."""
        said = self._said(shown, user_id, Verdict.WRONG)
        said = replace(said, comment=comment[:_COMMENT_CHARS])
        await self._desk.shelf.run(_give_unless_more_is_said, self._library(shown), said)

    async def words(self, shown: Shown, user_id: int, words: str) -> Corrected | None:
        """Look for the words of a correction in the library, and keep where they stand.

        Returns:
            Where; None when they stand in no passage: then they are kept as a comment.
        """
        library = self._library(shown)
        found = await self._desk.shelf.run(words_in, library, words)
        if found is None:
            await self.wrong(shown, user_id, words)
            return None
        said = self._said(shown, user_id, Verdict.CORRECTED)
        said = replace(said, path=found.document.path, words=found.words)
        await self._desk.shelf.run(library.give_feedback, said)
        return found

    async def _cite(self, said: Feedback, shown: Shown, source: int) -> None:
        """Keep what was said with the quote of a source as the words that answer."""
        library = self._library(shown)
        cited = await self._desk.shelf.run(citation, library, shown, source)
        said = replace(said, path=cited.document.path, words=cited.quote)
        await self._desk.shelf.run(library.give_feedback, said)

    def _library(self, shown: Shown) -> Library:
        return self._desk.shelf.library(shown.library)

    def _said(self, shown: Shown, user_id: int, verdict: Verdict) -> Feedback:
        return Feedback(
            # With the moment, since numbers begin anew where the database was deleted.
            key=f"telegram:{shown.at:.0f}:{shown.number}:{user_id}",
            question=shown.understood or shown.question,
            verdict=verdict,
            path="",
            words="",
            at=time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(self._desk.clock())),
        )


def answer_to_correct(message: Message, me: User) -> int | None:
    """Give the number of the answer that a message corrects; None for any other message."""
    before = message.reply_to_message
    if before is None or not is_reply_to(message, me) or (message.text or "").startswith("/"):
        return None
    if len(before.text or "") > _ASK_CHARS:
        return None
    match = _NUMBER.search(before.text or "")
    return int(match[1]) if match else None


def words_in(library: Library, words: str) -> Corrected | None:
    """Give the passage that holds words, whatever their script and punctuation; None without."""
    if len(_letters(words)[0]) < LEAST_CHARS:
        return None
    for hit in library.search(words[:_QUERY_CHARS], _SEARCHED):
        found = verbatim(hit.passage.shown, words)
        if found:
            return Corrected(hit.document, hit.passage, found)
    return None


def verbatim(text: str, words: str) -> str:
    """Give the stretch of a text that says the words, as it stands there; empty without one.

    >>> verbatim("第三条 驛站，每日開放。", "驿站每日开放")
    '驛站，每日開放'
    """
    (letters, places), (sought, _) = _letters(text), _letters(words)
    at = letters.find(sought) if sought else -1
    return "" if at < 0 else text[places[at] : places[at + len(sought) - 1] + 1]


def _letters(text: str) -> tuple[str, list[int]]:
    """Give the folded letters and digits of a text, and where each stands."""
    kept = [(at, one) for at, one in enumerate(fold(text)) if one.isalnum()]
    return "".join(one for _, one in kept), [at for at, _ in kept]


def _give_unless_more_is_said(library: Library, said: Feedback) -> None:
    before = (one.verdict for one in library.feedback() if one.key == said.key)
    if not any(verdict in _SAID_MORE for verdict in before):
        library.give_feedback(said)
