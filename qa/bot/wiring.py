"""The parts of the conversation, put together once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from telegram.ext import BaseHandler

from qa.bot.answering import Answering
from qa.bot.asking import Asking
from qa.bot.buttons import Buttons
from qa.bot.catalogue import Catalogues
from qa.bot.commands import Commands
from qa.bot.correcting import Correcting
from qa.bot.desk import Desk
from qa.bot.documents import Documents
from qa.bot.hints import Hints
from qa.bot.inline import Inline
from qa.bot.intake import Intake
from qa.bot.moving import Moving
from qa.bot.removing import Removing

Courtesy = Callable[[str], str | None]

UPDATES = ("message", "callback_query", "inline_query", "chosen_inline_result")
"""What Telegram is asked for: what there are handlers for."""


@dataclass(frozen=True, slots=True)
class Conversation:
    """What the application takes: the handlers in their order, and what adds documents."""

    handlers: Sequence[BaseHandler[Any, Any, Any]]
    documents: Documents


def conversation(desk: Desk, courtesy: Courtesy) -> Conversation:
    """Put the handlers together; the first that takes an update keeps it."""
    catalogues = Catalogues(desk.shelf)
    intake = Intake(desk.settings, desk.shelf)
    answering, correcting = Answering(desk), Correcting(desk)
    documents = Documents(desk, intake)
    parts = (
        Moving(desk),
        Commands(desk),
        documents,
        Removing(desk, catalogues, intake),
        Buttons(desk, answering, correcting),
        Inline(desk),
        Asking(desk, answering, correcting, courtesy=courtesy),
        Hints(desk),
    )
    return Conversation([one for part in parts for one in part.handlers()], documents)
