"""Verbs that run until they are stopped: bot."""

from __future__ import annotations

from importlib.util import find_spec

import click

from qa.help import Verb
from qa.terminal import Face, verb

# What the extra `telegram` brings.
_NEEDED = ("telegram", "aiolimiter", "tornado", "prometheus_client")


@click.command("bot", cls=Verb, example="QA_TELEGRAM_TOKEN=123456:ABC qa bot --library 制度")
@verb
def bot(face: Face) -> None:
    """Run the Telegram bot."""
    require_extra(face)
    from qa.bot.running import run  # only this verb needs python-telegram-bot

    code = run(face.config, verbose=face.verbose)
    if code:
        raise click.exceptions.Exit(code)


def require_extra(face: Face) -> None:
    """End with exit code 1 where what the bot needs is not installed."""
    if not all(map(find_spec, _NEEDED)):
        face.fail("bot_extra_missing", command='pip install "cited-qa[telegram]"')
