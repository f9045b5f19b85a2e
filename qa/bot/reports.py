"""What is said of one file that was sent, as Telegram's HTML. Pure."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from pathlib import Path

from qa.bot.markup import bold, clipped, joined, plain
from qa.messages import Messages
from qa.records import AddReport, Document, Status

MOST_MB = 20
"""Telegram lets a bot download no larger file."""

_OPTION = "--encoding"  # what a reason names that can only be given to a command
_NAME = 200  # UTF-16 units of a name or title in a report


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one file.

    Attributes:
        name: As it is kept.
        report: What the library did with it.
        document: As it stands in the library now; None when it does not.
        passages: How many passages of it can be cited.
        earlier: Whether an earlier file of this name was put aside.
        status: What the library holds now.
    """

    name: str
    report: AddReport
    document: Document | None
    passages: int
    earlier: bool
    status: Status


def outcome_html(outcome: Outcome, words: Messages) -> str:
    """Say what became of a file, how it will be cited, and what the library holds now."""
    report = outcome.report
    if report.failed or report.skipped:
        reason = (*report.failed, *report.skipped)[0].reason
        said = words("bot_save_as_utf8") if _OPTION in reason else words.say(reason)
        return refused_html(outcome.name, said, words)
    if report.added:
        key = "bot_added"
    elif report.updated:
        key = "bot_updated_kept" if outcome.earlier else "bot_updated"
    else:
        key = "bot_unchanged"
    lines = [plain(words(key, name=clipped(outcome.name, _NAME)))]
    if outcome.document:
        title = clipped(outcome.document.title, _NAME)
        date = f"  {outcome.document.date}" if outcome.document.date else ""
        lines.append(plain(words("bot_cited_as")) + bold(title) + plain(date))
        lines.append(plain(words("bot_file_passages", count=outcome.passages)))
    for note in report.notes:
        lines.append(plain(words("noted", path=outcome.name, reason=words.say(note.reason))))
    if not outcome.passages:
        lines.append(plain(words("bot_no_passages")))
    lines.append(plain(_holds(outcome.status, words)))
    return joined(lines, "\n").html


def refused_html(name: str, reason: str, words: Messages) -> str:
    """Say why a file was not taken."""
    return plain(words("failed", path=clipped(name, _NAME), reason=reason)).html


def kept_html(name: str, reason: str, words: Messages) -> str:
    """Say that a file is kept and why it could not be added yet."""
    return plain(words("bot_kept", name=clipped(name, _NAME), reason=reason)).html


def large_html(name: str, folder: Path, *, library: Path, words: Messages) -> str:
    """Say what to do with a file that Telegram does not let bots download."""
    command = shlex.join(["qa", "add", str(folder / name), "--library", str(library)])
    said = words(
        "bot_file_large", name=clipped(name, _NAME), limit=MOST_MB, folder=folder, command=command
    )
    return plain(said).html


def _holds(status: Status, words: Messages) -> str:
    return words("bot_library_now", documents=status.documents, passages=status.passages)
