"""Every word the program says of its own, in 中文 and English, by key.

Values may hold `{names}` for str.format, and `{count:file|files}` for a number with its noun. A key
stands in both languages or in neither, and in one table only (tested); each face has its table.
What the floors below say is in `qa/reasons.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from string import Formatter
from typing import Any

from embeddings.errors import EmbeddingsError
from embeddings.words import traditional
from qa.errors import LibraryDamaged, QAError, ReadingError
from qa.messages import chat, command_line, help_pages, telegram
from qa.reasons import in_chinese

_TABLES = (command_line, help_pages, chat, telegram)
_LANGUAGES: Mapping[str, Mapping[str, str]] = {
    "zh": {key: text for table in _TABLES for key, text in table.CHINESE.items()},
    "en": {key: text for table in _TABLES for key, text in table.ENGLISH.items()},
}


class _Counting(Formatter):
    """str.format, where `{count:file|files}` gives 1 file, 2 files."""

    def format_field(self, value: Any, format_spec: str) -> str:  # noqa: ANN401 - Formatter's own
        one, bar, many = format_spec.partition("|")
        if not bar:
            return str(super().format_field(value, format_spec))
        return f"{value} {one if value == 1 else many}"


_FORMATTER = _Counting()


class Messages:
    """The program's words in one language: `zh`, `zh_hant` (Traditional script) or `en`."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._words = table(language)

    def __call__(self, key: str, **values: object) -> str:
        """Give the words for a key with the values filled in; an unknown key raises KeyError."""
        return _FORMATTER.vformat(self._words[key], (), values)

    def say(self, sentence: str) -> str:
        """Give a sentence of the floors below, which speak English, in this language."""
        match self.language:
            case "zh":
                return in_chinese(sentence)
            case "zh_hant":
                return in_chinese(sentence, traditional)
        return sentence


def table(language: str) -> Mapping[str, str]:
    """Give all words of a language by key."""
    return _in_traditional() if language == "zh_hant" else _LANGUAGES[language]


@cache
def _in_traditional() -> Mapping[str, str]:
    return {key: traditional(text) for key, text in _LANGUAGES["zh"].items()}


def explain(error: Exception, words: Messages) -> str:
    """Say in one line what went wrong and what to do, in the language of `words`."""
    message = " ".join(str(error).split())
    match error:
        case LibraryDamaged():
            return words(error.fault, folder=error.folder)
        case ReadingError():
            return words("failed", path=error.path, reason=words.say(error.reason))
        case QAError() | EmbeddingsError():
            return words.say(message)
        case OSError() if error.strerror:
            reason = words.say(error.strerror)
            return words("system", file=error.filename, reason=reason) if error.filename else reason
    return words("unexpected", name=type(error).__name__, message=message)
