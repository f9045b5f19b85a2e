"""The language the bot speaks to each person."""

from __future__ import annotations

from qa.bot.settings import BotSettings
from qa.messages import Messages

_TRADITIONAL = ("hant", "tw", "hk", "mo")


def words_for(language_code: str | None, settings: BotSettings) -> Messages:
    """Give the bot's words for a person.

    Args:
        language_code: What their Telegram says (`zh-hans`, `en-GB`), None when it says nothing.
            Chinese of any kind gives Chinese, in Traditional script for `zh-hant`, `zh-TW`,
            `zh-HK` and `zh-MO`; any other language English; nothing Chinese.
        settings: A language set there is spoken to everybody; Chinese still in each one's script.
    """
    first, *rest = (language_code or "zh").lower().replace("_", "-").split("-")
    language = settings.language or ("zh" if first == "zh" else "en")
    if language == "zh" and first == "zh" and any(part in _TRADITIONAL for part in rest):
        language = "zh_hant"
    return Messages(language)
