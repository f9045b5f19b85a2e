"""Files that administrators send: fetched, kept, added to the library, and reported."""

from __future__ import annotations

import logging
from pathlib import Path

from telegram import Bot, Document, Message, MessageEntity, Update, User
from telegram.constants import ChatType, ParseMode
from telegram.error import NetworkError, TelegramError
from telegram.ext import CommandHandler, MessageHandler, filters

from qa.bot.addressed import asker
from qa.bot.board import Board
from qa.bot.desk import Context, Desk, Handlers, words_for
from qa.bot.intake import Intake, NotAdded, Say
from qa.bot.markup import plain
from qa.bot.reports import MOST_MB, Outcome, kept_html, large_html, outcome_html, refused_html
from qa.bot.sending import Place, is_unchanged, reply, typing
from qa.bot.shelf import Busy
from qa.bot.uploads import Receipt, Uploads, safe_name
from qa.messages import Messages, explain
from qa.reading.files import ARCHIVES, format_of, unsupported

_MOST_BYTES = MOST_MB * 1024 * 1024
_DOWNLOAD_S = 60.0
_ALBUMS = 50  # boards of files sent together that are remembered

_logger = logging.getLogger(__name__)


class Documents:
    """Takes the files of administrators into the library of the chat they are sent in.

    In a private chat every file is taken; in a group one whose caption begins with /add or mentions
    the bot. `/add` in reply to a file takes that file, whoever sent it.
    """

    def __init__(self, desk: Desk, intake: Intake) -> None:
        self._desk = desk
        self._intake = intake
        self._albums: dict[tuple[int, str], Board] = {}

    def handlers(self) -> Handlers:
        """Give the handlers of files and of /add."""
        new = filters.UpdateType.MESSAGE
        return (
            MessageHandler(new & filters.Document.ALL, self._sent),
            CommandHandler("add", self._add, filters=new),
        )

    async def resume(self, bot: Bot) -> None:
        """Add at the start what a crash kept from being added, and say so where it was sent."""
        self._intake.tidy()
        for library in self._desk.settings.folders:
            await self._make_up(library, bot)

    async def _sent(self, update: Update, context: Context) -> None:
        message, user = update.effective_message, update.effective_user
        if message is None or user is None or message.document is None:
            return
        if message.chat.type == ChatType.PRIVATE or _addressed(message, context.bot.username):
            await self._take_if_allowed(message, message.document, user)

    async def _add(self, update: Update, context: Context) -> None:
        message, user = update.effective_message, update.effective_user
        if message is None or user is None:
            return
        replied = message.reply_to_message
        if replied and replied.document:
            await self._take_if_allowed(message, replied.document, user)
            return
        words = self._desk.words(user)
        refusal = self._desk.access.admin_refusal(asker(message) or 0, message.chat_id)
        if refusal is None:
            library = self._desk.library_of(message.chat_id)
            if not replied and await self._make_up(library, context.bot, message):
                return
            refusal = "bot_add_not_a_file" if replied else "bot_add_how"
        await reply(message, [plain(words(refusal)).html])

    async def _take_if_allowed(self, message: Message, document: Document, user: User) -> None:
        words = self._desk.words(user)
        refusal = self._desk.access.admin_refusal(asker(message) or 0, message.chat_id)
        if refusal:
            await reply(message, [plain(words(refusal)).html])
            return
        board = self._board(message)
        html = await self._taken(message, document, words=words, board=board)
        board.lines.append(html)
        await board.show("\n\n".join(board.lines))

    async def _taken(
        self, message: Message, document: Document, *, words: Messages, board: Board
    ) -> str:
        """Take one file; give what to say of it."""
        library = self._desk.library_of(message.chat_id)
        uploads = self._intake.uploads(library)
        name = safe_name(
            document.file_name, mime=document.mime_type, otherwise=document.file_unique_id
        )
        reason = unsupported(name)
        if format_of(name) in ARCHIVES:
            return refused_html(name, words("bot_archive"), words)
        if reason or document.file_size == 0:
            return refused_html(name, words.say(reason or "the file is empty"), words)
        if (document.file_size or 0) > _MOST_BYTES:
            return self._large(name, library, words)
        try:
            async with typing(message.get_bot(), Place.of(message)):
                part = await _fetched(document, uploads)
            user = message.from_user
            receipt = Receipt(name, message.chat_id, language=(user and user.language_code) or "")
            outcome = await self._intake.take(
                library, part, receipt=receipt, say=_saying(board, name, words)
            )
        except NotAdded as error:
            return kept_html(name, _cause(error, words), words)
        except OSError as error:
            return refused_html(name, explain(error, words), words)
        except TelegramError as error:
            if "too big" in str(error).lower():
                return self._large(name, library, words)
            _logger.warning("a file could not be fetched: %s", type(error).__name__)
            return refused_html(name, words("bot_not_fetched"), words)
        return outcome_html(outcome, words)

    def _large(self, name: str, library: str, words: Messages) -> str:
        folder = self._intake.uploads(library).folder
        place = self._desk.settings.folders[library]
        return large_html(name, folder, library=place, words=words)

    def _board(self, message: Message) -> Board:
        """Give the message that reports: one for all files that were sent together."""
        group = message.media_group_id
        if group is None:
            return Board(message)
        key = (message.chat_id, group)
        board = self._albums.setdefault(key, Board(message))
        while len(self._albums) > _ALBUMS:
            del self._albums[next(iter(self._albums))]
        return board

    async def _make_up(self, library: str, bot: Bot, asked: Message | None = None) -> bool:
        """Add what is kept and not added; say whether there was anything."""
        done = await self._intake.resume(library)
        for receipt, outcome in done:
            words = words_for(receipt.language or None, self._desk.settings)
            html = _said(receipt, outcome, words)
            _logger.info("a file that had been kept was taken up again")
            if asked:
                await reply(asked, [html])
            elif receipt.message_id:
                await _replace(bot, receipt, html)
        return bool(done)


def _said(receipt: Receipt, outcome: Outcome | NotAdded, words: Messages) -> str:
    if isinstance(outcome, NotAdded):
        return kept_html(receipt.name, _cause(outcome, words), words)
    return outcome_html(outcome, words)


def _cause(error: NotAdded, words: Messages) -> str:
    cause = error.__cause__
    if isinstance(cause, Busy) or not isinstance(cause, Exception):
        return words("bot_busy")
    return explain(cause, words)


def _saying(board: Board, name: str, words: Messages) -> Say:
    """Give what shows, below the files that are done, how it goes with this one."""

    async def say(key: str) -> int:
        await board.show("\n\n".join([*board.lines, plain(words(key, name=name)).html]))
        return board.message_id

    return say


def _addressed(message: Message, username: str) -> bool:
    """Say whether the caption of a file in a group is meant for the bot."""
    own = {"/add", f"/add@{username}".lower(), f"@{username}".lower()}
    kinds: list[str | None] = [MessageEntity.BOT_COMMAND, MessageEntity.MENTION]
    return any(text.lower() in own for text in message.parse_caption_entities(kinds).values())


async def _fetched(document: Document, uploads: Uploads) -> Path:
    """Download a file, whole or not at all.

    Raises:
        OSError: it cannot be written (a full disk, say).
        TelegramError: it could not be fetched.
    """
    part = uploads.new_part()
    try:
        file = await document.get_file()
        await file.download_to_drive(part, read_timeout=_DOWNLOAD_S)
        size = file.file_size or document.file_size
        if size is not None and part.stat().st_size != size:
            raise NetworkError("the file was cut off")
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    return part


async def _replace(bot: Bot, receipt: Receipt, html: str) -> None:
    """Put a report into the message that said a file was being added."""
    try:
        await bot.edit_message_text(
            html,
            chat_id=receipt.chat_id,
            message_id=receipt.message_id,
            parse_mode=ParseMode.HTML,
        )
    except TelegramError as error:
        if not is_unchanged(error):
            _logger.info("a report could not be put in place: %s", type(error).__name__)
