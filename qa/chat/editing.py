"""Typing a line: editing, history and the tab key, by prompt_toolkit.

It is the only module that imports it, and only when a chat runs on a terminal that can do it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from qa.chat.completing import completions
from qa.several import as_one_line
from qa.typed import typed_line, typed_text

if TYPE_CHECKING:
    from prompt_toolkit import PromptSession
    from prompt_toolkit.completion import CompleteEvent, Completer
    from prompt_toolkit.document import Document
    from prompt_toolkit.history import History
    from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
    from prompt_toolkit.output import Output


def line_reader(
    prompt: str, titles: Callable[[], Sequence[str]], history: Path | None
) -> Callable[[], str]:
    """Give what reads one line from the terminal.

    Ctrl-C clears the line; on an empty one it raises EOFError, as the end of input does.

    Args:
        prompt: What stands before the line.
        titles: Gives titles of documents to complete.
        history: Where lines are kept; None: for this run only.
    """
    from prompt_toolkit import PromptSession
    from prompt_toolkit.shortcuts import CompleteStyle

    session: PromptSession[str] = PromptSession(
        prompt,
        history=_history(history),
        completer=_completer(titles),
        complete_while_typing=False,
        complete_style=CompleteStyle.READLINE_LIKE,
        key_bindings=_keys(),
        output=_output(),
        enable_suspend=True,
        enable_open_in_editor=False,
    )
    return session.prompt


def _history(file: Path | None) -> History:
    from prompt_toolkit.history import FileHistory, InMemoryHistory

    class Kept(FileHistory):
        def append_string(self, string: str) -> None:
            super().append_string(typed_line(string))

        def store_string(self, string: str) -> None:
            with suppress(OSError):  # a full disk must not end the chat
                super().store_string(string)

    return InMemoryHistory() if file is None else Kept(file)


def _completer(titles: Callable[[], Sequence[str]]) -> Completer:
    from prompt_toolkit.completion import Completer, Completion

    class TitleCompleter(Completer):
        def get_completions(
            self, document: Document, complete_event: CompleteEvent
        ) -> Iterable[Completion]:
            for text, length in completions(document.text_before_cursor, titles()):
                yield Completion(text, start_position=-length)

    return TitleCompleter()


def _keys() -> KeyBindings:
    from prompt_toolkit.key_binding import KeyBindings
    from prompt_toolkit.keys import Keys

    keys = KeyBindings()

    @keys.add("c-c")
    def _(event: KeyPressEvent) -> None:
        if event.current_buffer.text:
            event.current_buffer.reset()
        else:
            event.app.exit(exception=EOFError)

    @keys.add(Keys.BracketedPaste)
    def _(event: KeyPressEvent) -> None:
        typed = typed_text(event.data)
        event.current_buffer.insert_text(as_one_line(typed) or typed_line(typed))

    return keys


def _output() -> Output:
    from prompt_toolkit.output import create_output
    from prompt_toolkit.output.vt100 import Vt100_Output

    output = create_output()
    if isinstance(output, Vt100_Output):
        # Asking the terminal for the cursor's place is of no use to one line, and some terminals
        # never answer.
        output.enable_cpr = False
    return output
