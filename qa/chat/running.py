"""The chat itself: lines in, replies out, on a terminal or in a pipe."""

from __future__ import annotations

import io
import json
import os
import sys
import traceback
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from select import select

import click
from rich.text import Text

from qa import render
from qa.chat.conversation import Conversation
from qa.chat.history import history_file, prepare
from qa.chat.paging import page, pager
from qa.chat.showing import welcome_text
from qa.chat.talking import Opened, Reply, Talk, help_rows
from qa.chat.waiting import Waiting
from qa.errors import QAError
from qa.help import Page
from qa.library import Library
from qa.messages import explain
from qa.records import Answer
from qa.terminal import Face
from qa.typed import typed_text

_ERASE = "\r\x1b[K"
_TURN_S = 0.2


class Chat:
    """One run of the chat.

    Attributes:
        on_terminal: Whether a person sits at both ends.
        plain: Whether the terminal can only print one character after the other (TERM=dumb).
    """

    def __init__(self, face: Face, *, k: int, remembers: bool) -> None:
        self.on_terminal = sys.stdin.isatty() and sys.stdout.isatty()
        terminal = os.environ.get("TERM", "dumb").lower()
        self.plain = os.name != "nt" and terminal in {"dumb", "unknown", ""}
        self._face = face
        self._k = k
        self._remembers = remembers
        self._waiting = Waiting(self._note)

    def run(self) -> None:
        """Talk until the person leaves, or to the end of the input."""
        words = self._face.words
        if isinstance(sys.stdin, io.TextIOWrapper):
            sys.stdin.reconfigure(errors="replace")  # people and pipes send what is no text
        try:
            library = self._waiting(self._face.library, words("chat_opening"))
        except KeyboardInterrupt:
            return
        with library:
            talk = Talk(library, Conversation(self._asker(library)), words)
            if self.on_terminal:
                if not self._face.as_json:
                    self._face.show(welcome_text(library, words))
                with suppress(KeyboardInterrupt):  # pressed between two lines: the person leaves
                    self._converse(talk, self._reader(library))
            else:
                self._read_through(talk)
            self._waiting.close()

    def _asker(self, library: Library) -> Callable[[str, Sequence[Answer]], Answer]:
        searching = self._face.words("chat_searching")

        def ask(question: str, history: Sequence[Answer]) -> Answer:
            return self._waiting(
                lambda: library.ask(question, self._k, history=tuple(history)), searching
            )

        return ask

    def _converse(self, talk: Talk, read: Callable[[], str]) -> None:
        pressed = 0  # how often Ctrl-C in a row, where the line itself cannot be seen
        while True:
            try:
                line = read()
            except EOFError:
                if self.plain:
                    click.echo()
                return
            except KeyboardInterrupt:
                pressed += 1
                click.echo()
                if pressed > 1:
                    return
                self._face.show(self._face.words("chat_again"))
                continue
            pressed = 0
            if self._answer(talk, line):
                return

    def _read_through(self, talk: Talk) -> None:
        """Answer line by line, a blank line between the answers."""
        first = True
        for line in sys.stdin:
            if not typed_text(line).strip():
                continue
            if not first and not self._face.as_json:
                click.echo()
            first = False
            if self._answer(talk, line):
                return
            sys.stdout.flush()

    def _answer(self, talk: Talk, line: str) -> bool:
        """Show the reply to a line, or several; give whether the chat ends."""
        leaves = False
        try:
            # A program that sends a line waits for one.
            replies = (talk.reply(line),) if self._face.as_json else talk.replies(line)
            for number, reply in enumerate(replies):
                if number:
                    click.echo()
                self._show(reply)
                leaves = reply.leaves
        except BrokenPipeError:
            raise
        except KeyboardInterrupt:
            if not self.on_terminal:
                raise
            self._face.show(self._face.words("interrupted"))
            return False
        except Exception as error:  # a face: the person gets one line, and the chat goes on
            self._fail(error, line)
            return False
        return leaves

    def _show(self, reply: Reply) -> None:
        if reply.answer is not None and self._face.as_json:
            click.echo(json.dumps(render.answer_json(reply.answer), ensure_ascii=False))
        elif reply.helps:
            self._face.show(self._help())
        elif reply.opened is not None and self.on_terminal and not self.plain and pager():
            self._page(reply.opened)
        elif reply.text.plain:
            self._face.show(reply.text)

    def _fail(self, error: Exception, line: str) -> None:
        if self._face.verbose:
            traceback.print_exc()
        said = explain(error, self._face.words)
        if self._face.as_json:
            asked = typed_text(line).strip()
            click.echo(json.dumps({"question": asked, "error": said}, ensure_ascii=False))
        else:
            self._face.show(Text(said, "red"))

    def _help(self) -> str:
        sheet = Page(width=self._face.output.width if self.on_terminal else None)
        sheet.write_dl(help_rows(self._face.words))
        return sheet.getvalue().rstrip("\n") + "\n" + self._face.words("chat_help")

    def _page(self, opened: Opened) -> None:
        console = self._face.output
        with console.capture() as coloured:
            console.print(opened.text, soft_wrap=True)
        page(coloured.get(), pager(), line=opened.line)

    def _reader(self, library: Library) -> Callable[[], str]:
        prompt = self._face.words("chat_prompt")
        if self.plain:
            return lambda: _plain_line(prompt)
        from qa.chat.editing import line_reader

        def titles() -> Sequence[str]:
            with suppress(QAError):  # the tab key must not end the chat
                return library.titles()
            return ()

        return line_reader(prompt, titles, self._history())

    def _history(self) -> Path | None:
        """Give the file of what was typed, ready; None where there is to be none."""
        if not self._remembers:
            return None
        try:
            file = history_file()
            prepare(file)
        except (OSError, RuntimeError) as error:  # RuntimeError: the user has no home
            reason = explain(error, self._face.words) if isinstance(error, OSError) else str(error)
            self._face.note("chat_no_history", reason=reason)
            return None
        return file

    def _note(self, message: str) -> None:
        """Show what is being waited for, on a terminal; take it away again for an empty message."""
        if not self.on_terminal:
            return
        if not self.plain:
            sys.stdout.write(_ERASE + message)
        elif message:
            sys.stdout.write(message + "\n")
        sys.stdout.flush()


def _plain_line(prompt: str) -> str:
    """Read a line as the terminal gives it; the end of input raises EOFError."""
    click.echo(prompt, nl=False)
    # Looked for in short turns: a Ctrl-C that comes just before a read begins would wait for it.
    while not select([sys.stdin], [], [], _TURN_S)[0]:
        pass
    line = sys.stdin.readline()
    if not line:
        raise EOFError
    return line
