"""What the command line's verbs share: options in two languages, output, progress, errors."""

from __future__ import annotations

import json
import logging
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any, Concatenate, ParamSpec

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.text import Text

from qa import Library, QAError
from qa.config import Config, language, load, user_words
from qa.messages import Messages, explain

P = ParamSpec("P")


class Option(click.Option):
    """An option whose help is looked up in the language of the moment."""

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        """Give the names and the help, as click's method of this name does."""
        if self.help and self.help.startswith("help_"):
            self.help = Messages(language())(self.help)
        return super().get_help_record(ctx)


class Verb(click.Command):
    """A command whose help is looked up in the language of the moment.

    Attributes:
        example: A command line that shows it at work.
    """

    def __init__(self, *args: Any, example: str = "", **kwargs: Any) -> None:  # noqa: ANN401
        super().__init__(*args, **kwargs)
        self.example = example

    def get_short_help_str(self, limit: int = 45) -> str:
        """Give the line shown in the list of verbs."""
        return Messages(language())(f"help_{self.name}")

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write what the verb does and an example."""
        words = Messages(language())
        with formatter.indentation():
            formatter.write_paragraph()
            formatter.write_text(words(f"help_{self.name}"))
            if self.example:
                formatter.write_text(words("help_example", example=self.example))

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """Give the --help option with its help in the language of the moment."""
        return _in_language(super().get_help_option(ctx), "help_option_help")


class Verbs(click.Group):
    """The group of all verbs."""

    command_class = Verb

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the one sentence that says what the program is."""
        words = Messages(language())
        with formatter.indentation():
            formatter.write_paragraph()
            formatter.write_text(words("help"))
            formatter.write_text(
                words("help_example", example="qa add docs/ && qa ask 县级工会提升年的目标是什么")
            )

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """Give the --help option with its help in the language of the moment."""
        return _in_language(super().get_help_option(ctx), "help_option_help")


class Face:
    """One run of a verb: its settings, its words, and where its output goes."""

    def __init__(self, config: Config, *, as_json: bool, verbose: bool) -> None:
        self.config = config
        self.words = Messages(config.language)
        self.as_json = as_json
        self.verbose = verbose
        self.output = Console(highlight=False, emoji=False, markup=False)
        self.errors = Console(stderr=True, highlight=False, emoji=False, markup=False)

    def library(self, *, create: bool = False) -> Library:
        """Open the library that the settings name."""
        config = self.config
        return Library.open(config.library, config.encoder, create, words=user_words(config))

    def show(self, text: Text | str) -> None:
        """Print a result; lines are broken only where a terminal would break them badly."""
        self.output.print(text, soft_wrap=not self.output.is_terminal, end="\n")

    def show_json(self, value: object) -> None:
        """Print a result as JSON, Chinese as it is."""
        click.echo(json.dumps(value, ensure_ascii=False, indent=2))

    def note(self, key: str, **values: object) -> None:
        """Say something beside the result, on stderr."""
        self.errors.print(self.words(key, **values), soft_wrap=True)

    def fail(self, message: str) -> None:
        """Say what went wrong and end with exit code 1."""
        self.errors.print(self.words("error", message=message), soft_wrap=True)
        raise click.exceptions.Exit(1)

    @contextmanager
    def progress(self, key: str) -> Iterator[Callable[[int, int], None]]:
        """Show a bar on a terminal, nothing elsewhere; give what takes done and total."""
        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
        )
        hidden = not self.errors.is_terminal
        with Progress(*columns, console=self.errors, transient=True, disable=hidden) as bar:
            task = bar.add_task(self.words(key), total=None)
            yield lambda done, total: bar.update(task, completed=done, total=total)


def verb(function: Callable[Concatenate[Face, P], None]) -> Callable[..., None]:
    """Give a function the common options and the one way errors are shown.

    It is called with a Face in place of `--library`, `--json` and `-v`.
    """

    @wraps(function)
    def run(
        library: str | None, as_json: bool, verbose: bool, *args: P.args, **kwargs: P.kwargs
    ) -> None:
        if verbose:
            logging.basicConfig(level=logging.INFO, stream=sys.stderr)
        try:
            config = load({"library": library})
        except QAError as error:
            config = Config(language=language())
            Face(config, as_json=as_json, verbose=verbose).fail(str(error))
        face = Face(config, as_json=as_json, verbose=verbose)
        try:
            function(face, *args, **kwargs)
        except (click.ClickException, click.exceptions.Exit):
            raise
        except BrokenPipeError:
            # The reader has seen enough (`qa list | head`); Python would complain at exit.
            sys.stderr.close()
            raise click.exceptions.Exit(0) from None
        except KeyboardInterrupt:
            face.note("interrupted")
            raise click.exceptions.Exit(130) from None
        except Exception as error:  # a face: whatever it is, the person gets one line
            if verbose:
                traceback.print_exc()
            face.fail(explain(error, face.words))

    options = (
        click.option("--library", cls=Option, metavar="DIR", help="help_option_library"),
        click.option("--json", "as_json", cls=Option, is_flag=True, help="help_option_json"),
        click.option("-v", "verbose", cls=Option, is_flag=True, help="help_option_verbose"),
    )
    wrapped: Callable[..., None] = run
    for option in reversed(options):
        wrapped = option(wrapped)
    return wrapped


def _in_language(option: click.Option | None, key: str) -> click.Option | None:
    if option is not None:
        option.help = Messages(language())(key)
    return option
