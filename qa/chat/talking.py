"""One line typed, one reply: what the chat does, without the terminal it stands in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from rich.text import Text

from qa import render
from qa.chat import showing
from qa.chat.commands import NAMES, Command, aliases, parse
from qa.chat.conversation import Conversation
from qa.chat.judging import Judgement, Place, judge
from qa.courtesies import courtesy
from qa.library import Library
from qa.messages import Messages
from qa.records import Answer, Citation, Verdict
from qa.several import questions_in, takes_up
from qa.typed import typed_text

_AROUND = 50  # passages of context at most
_LOOKED_AT = 10  # passages among which typed words are looked for
_KEPT = {
    Verdict.RIGHT: "chat_kept_right",
    Verdict.WRONG: "chat_kept_wrong",
    Verdict.UNANSWERABLE: "chat_kept_none",
    Verdict.CORRECTED: "chat_kept_source",
}


@dataclass(frozen=True, slots=True)
class Opened:
    """A document to be shown at a place.

    Attributes:
        text: The whole document, what was quoted marked.
        line: The line (from 1) on which the quote begins.
    """

    text: Text
    line: int


@dataclass(frozen=True, slots=True)
class Reply:
    """What is said to one line.

    Attributes:
        text: For a person.
        answer: For a program; None where the line was no question.
        opened: A document that a pager shows in place of `text`, where there is a pager.
        helps: Whether the help is wanted (`help_rows`), which depends on the terminal's width.
        leaves: Whether the chat ends.
    """

    text: Text
    answer: Answer | None = None
    opened: Opened | None = None
    helps: bool = False
    leaves: bool = False


class Misuse(Exception):
    """A command that cannot be followed; `key` and `values` say why, in `qa/messages`."""

    def __init__(self, key: str, **values: object) -> None:
        super().__init__(key)
        self.key = key
        self.values = values


class Talk:
    """A conversation over one library, as lines and replies."""

    def __init__(self, library: Library, conversation: Conversation, words: Messages) -> None:
        self._library = library
        self._conversation = conversation
        self._words = words

    def replies(self, line: str) -> Iterator[Reply]:
        """Give the reply to a line, or to each of several questions in it, one after the other."""
        typed = typed_text(line)
        asked = questions_in(typed)
        if not asked.several or parse(" ".join(typed.split())):
            yield self.reply(line)
            return
        for number, question in enumerate(asked.asked, start=1):
            if number > 1 and not takes_up(question):
                self._conversation.forget()
            head = render.question_line(number, question, self._words).append("\n")
            reply = self.reply(question)
            yield replace(reply, text=head.append_text(reply.text))
        if asked.left:
            left = self._words("questions_left", count=asked.left, most=len(asked.asked))
            yield Reply(Text(left))

    def reply(self, line: str) -> Reply:
        """Answer a question or follow a command.

        Errors of the library go through; a command that is not meant so is told in the reply.
        """
        line = " ".join(typed_text(line).split())
        command = parse(line)
        try:
            if command is not None:
                return self._follow(command)
            return self._question(line) if line else self._nothing()
        except Misuse as misuse:
            return Reply(Text(self._words(misuse.key, **misuse.values)))

    def _question(self, line: str) -> Reply:
        polite = courtesy(line)
        if polite == "new_topic":
            return self._new("")
        if polite:
            words = Text(self._words(f"courtesy_{polite}"))
            return Reply(words, Answer(line, found=False, confidence=0.0))
        return self._answered(self._conversation.ask(line))

    def _nothing(self) -> Reply:
        # The key that a person presses to say yes to a suggestion.
        answer = self._conversation.accept()
        return Reply(Text()) if answer is None else self._answered(answer)

    def _answered(self, answer: Answer) -> Reply:
        nothing_there = not (answer.found or answer.closest)
        if nothing_there and not self._library.status().documents:
            return Reply(Text(self._words("library_empty")), answer)
        earlier = self._conversation.earlier
        return Reply(showing.answer_text(answer, self._words, earlier=earlier), answer)

    def _follow(self, command: Command) -> Reply:
        if not command.name:
            raise Misuse("chat_unknown", name=command.argument)
        follow: dict[str, Callable[[str], Reply]] = {
            "sources": self._sources,
            "context": self._context,
            "open": self._open,
            "explain": self._explain,
            "feedback": self._feedback,
            "undo": self._undo,
            "yes": self._yes,
            "library": lambda _: Reply(showing.library_text(self._library, self._words)),
            "new": self._new,
            "help": lambda _: Reply(Text(), helps=True),
            "quit": lambda _: Reply(Text(), leaves=True),
        }
        return follow[command.name](command.argument)

    def _sources(self, _: str) -> Reply:
        return Reply(showing.sources_text(self._sourced(), self._words))

    def _context(self, argument: str) -> Reply:
        self._sourced()
        first, _, second = argument.partition(" ")
        around = _number(first, _AROUND, "context")
        _, text = showing.context_text(
            self._library, self._citation(second, "context"), around=around, words=self._words
        )
        return Reply(text)

    def _open(self, argument: str) -> Reply:
        citation = self._citation(argument, "open")
        document, text = showing.context_text(self._library, citation, around=2, words=self._words)
        quoted = (citation.quote_start, citation.quote_end)
        whole = showing.document_text(document, quoted)
        before = len(whole.plain) - len(document.text) + citation.quote_start
        return Reply(text, opened=Opened(whole, whole.plain.count("\n", 0, before) + 1))

    def _explain(self, _: str) -> Reply:
        return Reply(render.answer_text(self._sourced(), self._words, explain=True))

    def _feedback(self, argument: str) -> Reply:
        answer = self._last()
        judgement = judge(argument, answer, self._places(argument, answer))
        if judgement is None:
            raise Misuse("chat_feedback_how")
        at = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        self._library.give_feedback(judgement.feedback(answer, key=self._conversation.key, at=at))
        return Reply(Text(self._kept(judgement)))

    def _kept(self, judgement: Judgement) -> str:
        key = _KEPT[judgement.verdict]
        if judgement.comment:
            key = "chat_kept_comment"
        elif judgement.paragraph:
            key = "chat_kept_words"
        return self._words(
            key, number=judgement.number, path=judgement.path, paragraph=judgement.paragraph
        )

    def _undo(self, _: str) -> Reply:
        self._last()
        answer = self._conversation.undo()
        if answer is None:
            raise Misuse("chat_nothing_added")
        return self._answered(answer)

    def _yes(self, _: str) -> Reply:
        self._last()
        answer = self._conversation.accept()
        if answer is None:
            raise Misuse("chat_nothing_suggested")
        return self._answered(answer)

    def _new(self, _: str) -> Reply:
        self._conversation.forget()
        return Reply(Text(self._words("chat_new")))

    def _last(self) -> Answer:
        if self._conversation.last is None:
            raise Misuse("chat_not_asked")
        return self._conversation.last

    def _sourced(self) -> Answer:
        answer = self._last()
        if not answer.sources:
            raise Misuse("chat_no_sources")
        return answer

    def _citation(self, argument: str, command: str) -> Citation:
        sources = self._sourced().sources
        return sources[_number(argument, len(sources), command) - 1]

    def _places(self, words: str, answer: Answer) -> Iterator[Place]:
        """Give the passages that typed words may stand in: those shown, then those found by it."""
        for citation in answer.sources:
            yield citation.document, citation.passage
        for hit in self._library.search(words, _LOOKED_AT):
            yield hit.document, hit.passage


def help_rows(words: Messages) -> list[tuple[str, str]]:
    """Give the commands as typed, Chinese names beside them in Chinese, and what each does."""
    rows = []
    for name in NAMES:
        chinese = f" ：{aliases(name)[0]}" if words.language == "zh" else ""
        rows.append((f":{name}{chinese}", words(f"chat_help_{name}")))
    return rows


def _number(typed: str, most: int, command: str) -> int:
    """Give the number that was typed, 1 unless one was."""
    if not typed.strip():
        return 1
    if not typed.strip().isdecimal() or not 1 <= int(typed) <= most:
        raise Misuse("chat_number", most=most, name=command)
    return int(typed)
