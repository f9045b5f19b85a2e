"""The verb that talks: chat."""

from __future__ import annotations

import click

from qa.help import Option, Verb
from qa.terminal import Face, verb


@click.command("chat", cls=Verb, example="qa chat --library handbook")
@click.option(
    "-k", cls=Option, type=click.IntRange(1, 100), default=3, metavar="N", help="help_option_k"
)
@click.option("--no-history", cls=Option, is_flag=True, help="help_option_no_history")
@verb
def chat(face: Face, k: int, no_history: bool) -> None:
    """Ask one question after the other."""
    from qa.chat.running import Chat  # only here: its editor takes a quarter of a second to load

    Chat(face, k=k, remembers=not no_history and face.config.history == "on").run()
