"""What the command line's verbs share: common options, output, progress, errors, exit codes."""

from __future__ import annotations

import json
import logging
import os
import shutil
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import wraps
from pathlib import Path
from typing import Concatenate, NoReturn, ParamSpec, TypeVar

import click
from click.shell_completion import CompletionItem
from rich.cells import cell_len, set_cell_size
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TaskID,
    TimeRemainingColumn,
)
from rich.table import Column
from rich.text import Text

from qa.cleaning import Cleaning
from qa.config import Config, language, load
from qa.errors import LibraryLocked
from qa.help import Option, usage_error
from qa.library import Library
from qa.messages import Messages, explain
from qa.opening import open_library, wanted_cleaning
from qa.wrapping import unbroken, wrap

P = ParamSpec("P")
Written = TypeVar("Written")

WRITER_WAIT_S = 600.0
"""How long a verb that writes waits for another process; merging a large library takes minutes."""

_TOGETHER_S = 0.1
_MOMENT_S = 1.0  # what takes no longer is not worth a word
_NAME_COLUMNS = 28
_LEAST = 0.05  # so few, which are parts of one large file, are no rate
_MANY = 10  # from here a rate is a whole number

INTERRUPTED = 130
"""Exit code after Ctrl-C, as shells have it."""


class Face:
    """One run of a verb: its settings, its words, and where its output goes."""

    def __init__(self, config: Config, *, as_json: bool, verbose: bool) -> None:
        self.config = config
        self.words = Messages(config.language)
        self.as_json = as_json
        self.verbose = verbose
        self.output = _console(stderr=False)
        self.errors = _console(stderr=True)

    def library(self, *, create: bool = False) -> Library:
        """Open the library that the settings name."""
        with self.progress_if_long("healing") as progress:
            return open_library(self.config, create=create, progress=progress)

    @property
    def cleaning(self) -> Cleaning:
        """What `qa.toml` wants cleaned otherwise."""
        return wanted_cleaning()

    def show(self, text: Text | str) -> None:
        """Print a result; on a terminal its lines are broken, elsewhere they stay whole."""
        whole = Text(text) if isinstance(text, str) else text
        if self.output.is_terminal:
            # Rich's own wrapping takes a Chinese sentence for one long word.
            self.output.print(wrap(whole, self.output.width), soft_wrap=True)
        else:
            click.echo(whole.plain)  # not by Rich, which turns tabs into blanks

    def show_json(self, value: object) -> None:
        """Print a result as JSON, Chinese as it is."""
        click.echo(json.dumps(value, ensure_ascii=False, indent=2))

    def note(self, key: str, **values: object) -> None:
        """Say something beside the result, on stderr."""
        self.errors.print(self.words(key, **values), soft_wrap=True)

    def fail(self, key: str, **values: object) -> NoReturn:
        """Say what went wrong and end with exit code 1."""
        self.refuse(self.words(key, **values))

    def refuse(self, message: str) -> NoReturn:
        """Say a message that is ready and end with exit code 1."""
        line = Text(self.words("error"), "bold red").append(message, "not bold default")
        self.errors.print(line, soft_wrap=True)
        raise click.exceptions.Exit(1)

    def refuse_empty(self, library: Library) -> None:
        """End with exit code 1 when there is no document in the library."""
        if not library.status().documents:
            self.fail("library_empty")

    def in_turn(self, write: Callable[[], Written]) -> Written:
        """Give what `write` gives; where another process writes, say so, and wait for its end.

        Raises:
            LibraryLocked: that was still writing after WRITER_WAIT_S.
        """
        until, told = time.monotonic() + WRITER_WAIT_S, False
        while True:
            try:
                return write()
            except LibraryLocked:
                if time.monotonic() > until:
                    raise
                if not told:
                    self.note("waiting_for_writer")
                told = True

    @contextmanager
    def progress(self, key: str) -> Iterator[Bar]:
        """Show a bar with rate and time left on a terminal, nothing elsewhere."""
        columns = (
            What(self.words),
            BarColumn(bar_width=None),
            MofNCompleteColumn(),
            Rate(self.words),
            TimeRemainingColumn(compact=True),
        )
        hidden = not self.errors.is_terminal
        with Progress(
            *columns, console=self.errors, transient=True, disable=hidden, expand=True
        ) as bar:
            yield Bar(bar, bar.add_task(self.words(key), total=None), self.words)

    @contextmanager
    def progress_if_long(self, key: str) -> Iterator[Callable[[int, int], None]]:
        """Show the same, but only of what goes on for longer than a moment."""
        with ExitStack() as stack:
            shown: list[Bar] = []
            began = 0.0

            def tell(done: int, total: int) -> None:
                nonlocal began
                began = began or time.monotonic()
                if not shown and time.monotonic() - began > _MOMENT_S:
                    shown.append(stack.enter_context(self.progress(key)))
                for bar in shown:
                    bar(done, total)

            yield tell


def common(function: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options that all have."""
    options = (
        click.option(
            "--library",
            cls=Option,
            metavar="DIR",
            help="help_option_library",
            shell_complete=lambda _context, _option, begun: [CompletionItem(begun, type="dir")],
        ),
        click.option("--json", "as_json", cls=Option, is_flag=True, help="help_option_json"),
        click.option("-v", "verbose", cls=Option, is_flag=True, help="help_option_verbose"),
    )
    for option in reversed(options):
        function = option(function)
    return function


def verb(function: Callable[Concatenate[Face, P], None]) -> Callable[..., None]:
    """Give a function the common options and the one way errors are shown.

    It is called with a Face in place of `--library`, `--json` and `-v`, which may stand before the
    verb too.
    """

    @wraps(function)
    def run(
        library: str | None, as_json: bool, verbose: bool, *args: P.args, **kwargs: P.kwargs
    ) -> None:
        before = click.get_current_context().find_root().params
        library = library or before.get("library")
        face = _face(library, as_json or before["as_json"], verbose or before["verbose"])
        with reported(face, click.get_current_context().info_name or ""):
            function(face, *args, **kwargs)

    return common(run)


@contextmanager
def reported(face: Face, name: str) -> Iterator[None]:
    """Turn what goes wrong inside into one line on stderr and an exit code."""
    try:
        yield
    except (click.ClickException, click.exceptions.Exit):
        raise
    except BrokenPipeError:
        _stop_writing()
        raise click.exceptions.Exit(0) from None
    except KeyboardInterrupt:
        key = f"interrupted_{name}"
        face.note(key if name in {"add", "rebuild"} else "interrupted")
        raise click.exceptions.Exit(INTERRUPTED) from None
    except Exception as error:  # a face: whatever it is, the person gets one line
        if face.verbose:
            traceback.print_exc()
        face.refuse(explain(error, face.words))


def run(command: click.Group) -> NoReturn:
    """Run the command line and end the process with its exit code."""
    _open_what_is_closed()
    for stream in filter(None, (sys.stdout, sys.stderr)):
        # A file name may hold bytes that are no text, a terminal may lack a character.
        stream.reconfigure(errors="replace")
    try:
        code = command.main(prog_name="qa", standalone_mode=False) or 0
        sys.stdout.flush()
    except BrokenPipeError:
        _stop_writing()
        code = 0
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        code = error.exit_code
    except click.ClickException as error:
        click.echo(usage_error(error), err=True)
        code = error.exit_code
    except (click.Abort, KeyboardInterrupt):
        code = INTERRUPTED
    sys.exit(code)


def _open_what_is_closed() -> None:
    """Put nothing in the place of streams that the caller closed (`qa chat <&-`).

    Otherwise the next file that is opened, one of the library's, would take their number.
    """
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            nothing = Path(os.devnull).open(mode, encoding="utf-8")  # noqa: SIM115 - to the end
            setattr(sys, name, nothing)


def _stop_writing() -> None:
    # The reader has seen enough (`qa list | head`); Python would complain once more at exit.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _face(library: str | None, as_json: bool, verbose: bool) -> Face:
    if verbose:
        logging.basicConfig(level=logging.INFO, stream=sys.stderr)
        # It tells of every variant of the library that this processor lacks.
        logging.getLogger("faiss.loader").setLevel(logging.ERROR)
    fallback = Face(Config(language=language()), as_json=as_json, verbose=verbose)
    with reported(fallback, ""):
        config = load({"library": library})
        return Face(config, as_json=as_json, verbose=verbose)
    raise AssertionError("reported() ends the run when there is no config")


class Bar:
    """What takes done and total, and shows them; `qa.telling.Following` as well."""

    def __init__(self, bar: Progress, task: TaskID, words: Messages) -> None:
        self._bar = bar
        self._task = task
        self._words = words
        self._what = bar.tasks[task].description
        self._told = 0.0

    def __call__(self, done: int, total: int) -> None:
        """Show how many are done."""
        # What is told in one go was not done in no time, as the rate would have it.
        if done == total or time.monotonic() - self._told > _TOGETHER_S:
            self._show(done, total, self._what)

    def begin(self, path: str) -> None:
        """Show, if it takes more than a moment, which one is read."""
        name = unbroken(path.rpartition("/")[2])
        if cell_len(name) > _NAME_COLUMNS:
            name = f"{set_cell_size(name, _NAME_COLUMNS - 1).rstrip()}…"
        self._bar.update(self._task, begun=time.monotonic(), file=name)

    def within(self, done: float, total: int) -> None:
        """Show how many are done with the share of the one under way, and that share."""
        if time.monotonic() - self._told > _TOGETHER_S:
            self._show(done, total, self._words("within_file", what=self._what, share=done % 1))

    def _show(self, done: float, total: int, what: str) -> None:
        self._told = time.monotonic()
        self._bar.update(self._task, completed=done, total=total, description=what, file="")


class What(ProgressColumn):
    """A column of a bar: what is done, and which file it is that takes so long to be read."""

    def __init__(self, words: Messages) -> None:
        super().__init__(Column(no_wrap=True))
        self._words = words

    def render(self, task: Task) -> Text:
        """Give what is done, with the file when it has been read for more than a moment."""
        what, file = task.description, task.fields.get("file", "")
        if file and time.monotonic() - task.fields["begun"] > _MOMENT_S:
            what = self._words("reading_file", what=what, file=file)
        return Text(what)


class Rate(ProgressColumn):
    """A column of a bar: how many are done in a second, of late."""

    def __init__(self, words: Messages) -> None:
        super().__init__()
        self._words = words

    def render(self, task: Task) -> Text:
        """Give the rate; nothing before it is known."""
        speed = None if task.finished else task.speed
        if not speed or speed < _LEAST:
            return Text()
        return Text(self._words("rate", rate=f"{speed:,.0f}" if speed >= _MANY else f"{speed:.1f}"))


class _Console(Console):
    """A console that leaves a broken pipe to whoever runs the program."""

    def on_broken_pipe(self) -> None:
        raise BrokenPipeError


def _console(*, stderr: bool) -> Console:
    # Rich gives colours to a terminal of which nothing is known.
    unknown = os.name != "nt" and not os.environ.get("TERM")
    console = _Console(
        stderr=stderr, highlight=False, emoji=False, markup=False,
        color_system=None if unknown else "auto",
    )  # fmt: skip
    if console.is_dumb_terminal:  # Rich takes these for 80 columns wide, whatever they are
        console.size = shutil.get_terminal_size()
    return console
