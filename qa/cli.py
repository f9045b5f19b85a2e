"""The command line: all verbs under one command, `qa`."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

from qa import terminal
from qa.help import Argument, Option, Verbs
from qa.terminal import common
from qa.verbs import asking, documents, measuring, running, safekeeping

_SHELLS = ("bash", "zsh", "fish")
_VERBS = (
    documents.add, asking.ask, asking.chat, asking.search, documents.list_documents, asking.show,
    documents.remove, documents.status, documents.verify, documents.rebuild, documents.doctor,
    measuring.measure_file, measuring.calibrate_library, measuring.feedback_lines,
    safekeeping.optimize, safekeeping.backup, safekeeping.restore_library, running.bot,
)  # fmt: skip


@click.group(cls=Verbs, context_settings={"help_option_names": ["-h", "--help"]})
@common
@click.version_option(
    package_name="cited-qa", message="qa %(version)s", cls=Option, help="help_option_version"
)
def cli(**_: object) -> None:
    """Answer questions from documents (the help shown is in `qa/messages`)."""


@cli.command(example='eval "$(qa completion bash)"')
@click.argument("shell", cls=Argument, type=click.Choice(_SHELLS), metavar="metavar_shell")
def completion(shell: str) -> None:
    """Print a completion script."""
    make = get_completion_class(shell)
    if make is None:
        raise AssertionError(f"click completes {', '.join(_SHELLS)}")
    click.echo(make(cli, {}, "qa", "_QA_COMPLETE").source())


def main() -> None:
    """Run the command line; this is what `qa` calls."""
    terminal.run(cli)


for _verb in _VERBS:
    cli.add_command(_verb)
