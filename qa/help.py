"""Help pages of the command line, in the language of the moment and for wide characters."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from copy import copy
from typing import Any

import click
from rich.cells import cell_len
from rich.text import Text

from qa.config import language, load
from qa.errors import QAError
from qa.messages import Messages
from qa.wrapping import wrap

_WIDEST, _NARROWEST = 80, 30  # columns of a help page
_EXAMPLE = "qa add docs/ && qa ask 县级工会提升年的目标是什么"


def spoken() -> Messages:
    """Give the words in the language that is set now; a broken `qa.toml` does not matter here."""
    try:
        return Messages(load({}).language)
    except QAError:
        return Messages(language())


class Page(click.HelpFormatter):
    """A help page whose fixed words are translated and whose columns count wide characters."""

    def __init__(
        self, indent_increment: int = 2, width: int | None = None, max_width: int | None = None
    ) -> None:
        columns = shutil.get_terminal_size((_WIDEST, 0)).columns
        super().__init__(indent_increment, width or max(min(columns, _WIDEST), _NARROWEST))

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """Write the first line."""
        line = spoken()("help_usage") + f"{prog} {args}"
        self.write(wrap(Text(line), self.width).plain + "\n")

    def write_heading(self, heading: str) -> None:
        """Write the heading of a section, `Options` or `Commands`."""
        self.write(spoken()(f"help_{heading}") + "\n")

    def write_text(self, text: str) -> None:
        """Write a paragraph."""
        indent = " " * self.current_indent
        self.write(wrap(Text(indent + text), self.width).plain + "\n")

    def write_dl(
        self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2
    ) -> None:
        """Write names and what they mean in two columns."""
        indent = " " * self.current_indent
        rows = list(rows)
        first = max(cell_len(name) for name, _ in rows) + col_spacing
        left = " " * (self.current_indent + first)
        for name, meaning in rows:
            body = wrap(Text(left + meaning), self.width).plain
            padding = " " * (first - cell_len(name))
            self.write(f"{indent}{name}{padding}{body[len(left) :]}\n")


class Context(click.Context):
    """A run of the command line whose help pages are a Page."""

    formatter_class = Page


class Option(click.Option):
    """An option whose help is a key of `qa/messages`."""

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        """Give the names and the help, as click's method of this name does."""
        shown = copy(self)
        shown.help = spoken()(self.help or "", default=self.default)
        return click.Option.get_help_record(shown, ctx)


class Argument(click.Argument):
    """An argument whose name on help pages is a key of `qa/messages`."""

    def make_metavar(self, ctx: click.Context) -> str:
        """Give its name on a usage line."""
        return spoken()(self.metavar or "")


def share(_context: click.Context, _option: click.Parameter, value: str) -> float:
    """Turn `5%` or `0.05` into a share, more than 0 and less than 1; else it is a usage error."""
    text = value.strip().replace("％", "%")
    try:
        given = float(text.removesuffix("%")) / (100 if text.endswith("%") else 1)
    except ValueError:
        given = 0.0
    if not 0 < given < 1:
        raise click.BadParameter(f"'{value}' is no share between 0% and 100%: write 5% or 0.05.")
    return given


class Verb(click.Command):
    """A command whose help is `help_NAME` in `qa/messages`.

    Attributes:
        example: A command line that shows it at work.
    """

    context_class = Context

    def __init__(self, *args: Any, example: str = "", **kwargs: Any) -> None:  # noqa: ANN401
        super().__init__(*args, **kwargs)
        self.example = example

    def get_short_help_str(self, limit: int = 45) -> str:
        """Give the line shown in the list of verbs."""
        return spoken()(f"help_{self.name}")

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        """Give what stands behind the name on the usage line."""
        return _usage(self, ctx)

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write what the verb does and an example."""
        _description(formatter, f"help_{self.name}", self.example)

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """Give the --help option with its help in the language of the moment."""
        return _translated(super().get_help_option(ctx))


class Verbs(click.Group):
    """The group of all verbs."""

    command_class = Verb
    context_class = Context

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        """Give what stands behind the name on the usage line."""
        return [*_usage(self, ctx), spoken()("metavar_command")]

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the one sentence that says what the program is."""
        _description(formatter, "help", _EXAMPLE)

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """Give the --help option with its help in the language of the moment."""
        return _translated(super().get_help_option(ctx))


def usage_error(error: click.ClickException) -> str:
    """Say in two lines what is wrong with a command line and where to read on."""
    words = spoken()
    context = getattr(error, "ctx", None)
    name = context.command_path if context else "qa"
    message = words.say(error.format_message())
    return f"{words('error')}{message}\n{words('help_try', command=name)}"


def _usage(command: click.Command, ctx: click.Context) -> list[str]:
    pieces = [spoken()("metavar_options")]
    for parameter in command.get_params(ctx):
        pieces += parameter.get_usage_pieces(ctx)
    return pieces


def _description(formatter: click.HelpFormatter, key: str, example: str) -> None:
    words = spoken()
    with formatter.indentation():
        formatter.write_paragraph()
        formatter.write_text(words(key))
        if example:
            formatter.write_text(words("help_example", example=example))


def _translated(option: click.Option | None) -> click.Option | None:
    if option is not None:
        option.help = spoken()("help_option_help")
    return option
