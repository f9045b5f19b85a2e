"""What can be set of the bot: the table `[telegram]` of `qa.toml`, then the environment.

Every setting is `name` in the table and `QA_TELEGRAM_NAME` in the environment; the environment
wins. An empty one counts as not set. A name that is no setting is refused.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from qa.bot import values
from qa.bot.values import Given
from qa.config import FILE, Config, telegram_table
from qa.errors import ConfigError

PREFIX = "QA_TELEGRAM_"
EVERYBODY = "*"

_TELEGRAM = "https://api.telegram.org/bot"
_TOKEN = re.compile(r"\d+:[\w-]+", re.ASCII)
_SECRET = re.compile(r"[\w-]{1,256}", re.ASCII)
_LANGUAGES = ("zh", "zh_hant", "en")
_OWN_PATHS = ("/healthz", "/metrics")


@dataclass(frozen=True, slots=True)
class BotSettings:
    """All settings of one bot, checked. What is secret is left out of its repr.

    Attributes:
        token: The bot's key, as BotFather gives it.
        library: Folder of the library that a chat uses which is bound to none.
        libraries: Folders of further libraries, by the name that `/use` takes.
        base_url: Where the Bot API is, up to the token.
        file_url: Where its files are, up to the token.
        proxy: Through which all requests go; empty for none.
        allowed: Ids of users and chats that may ask, or `*`; empty admits nobody.
        admins: Ids of users who may add and remove documents.
        language: `zh`, `zh_hant` or `en` for everybody; empty for the language of each user.
        user_per_minute: Questions of one user in a minute; 0 for no limit.
        per_minute: Questions of all together in a minute; 0 for no limit.
        daily_quota: Questions of one user in a day; 0 for no limit.
        topic_minutes: How long a question may still follow up on the one before; 0 for never.
        poll_timeout_s: How long Telegram may hold a request for updates.
        deaf_after_s: How long beyond that no such request may succeed before the bot gives up.
        webhook_url: Where Telegram sends updates; empty for polling.
        webhook_listen: Address that the bot's own server listens on.
        webhook_port: Its port.
        webhook_path: The path it takes updates at; that of `webhook_url` unless told.
        webhook_secret: What Telegram proves itself with.
        workers: Questions answered at the same time.
        waiting: Questions that may wait for a worker; more are told that the bot is busy.
        state: The bot's own database.
        documents: Folder in which files are kept that administrators send.
        originals: Whether the files that documents were read from are sent on request.
        log_questions: Whether the log shows the text of questions.
    """

    token: str = field(repr=False)
    library: Path = Path("library")
    libraries: Mapping[str, Path] = field(default_factory=dict)
    base_url: str = _TELEGRAM
    file_url: str = "https://api.telegram.org/file/bot"
    proxy: str = field(default="", repr=False)  # it may hold a password
    allowed: frozenset[str] = frozenset()
    admins: frozenset[str] = frozenset()
    language: str = ""
    user_per_minute: int = 10
    per_minute: int = 120
    daily_quota: int = 300
    topic_minutes: int = 15
    poll_timeout_s: int = 30
    deaf_after_s: int = 90
    webhook_url: str = ""
    webhook_listen: str = "127.0.0.1"
    webhook_port: int = 8443
    webhook_path: str = "/"
    webhook_secret: str = field(default="", repr=False)
    workers: int = 4
    waiting: int = 60
    state: Path = Path("library/telegram.db")
    documents: Path = Path("library-documents")
    originals: bool = False
    log_questions: bool = False

    @property
    def bot_id(self) -> int:
        """The bot's id, which its token begins with."""
        return int(self.token.partition(":")[0])

    @property
    def folders(self) -> dict[str, Path]:
        """The folders of all libraries by name; the default one's name is empty."""
        return {"": self.library, **self.libraries}

    def documents_of(self, library: str) -> Path:
        """Give the folder in which the files sent for a library are kept."""
        return self.documents / library if library else self.documents


_NUMBERS = {
    "user_per_minute": (0, 10_000),
    "per_minute": (0, 100_000),
    "daily_quota": (0, 1_000_000),
    "topic_minutes": (0, 1440),
    "poll_timeout_s": (0, 50),  # Telegram holds no request longer
    "deaf_after_s": (1, 3600),
    "webhook_port": (1, 65535),
    "workers": (1, 64),
    "waiting": (0, 10_000),
}
_TEXTS = ("base_url", "file_url", "proxy", "webhook_url", "webhook_listen", "webhook_path")
_SWITCHES = ("originals", "log_questions")
_IDS = ("allowed", "admins")
_PATHS = ("state", "documents")
_SECRETS = ("token", "webhook_secret")
NAMES = (
    *("token_file", "webhook_secret_file", "libraries", "language"),
    *(*_TEXTS, *_IDS, *_NUMBERS, *_SWITCHES, *_PATHS),
)
"""What the table takes. Secrets stand in files or in the environment, never in the table."""


def load_settings(
    config: Config,
    *,
    environment: Mapping[str, str] = os.environ,
    folder: Path = Path(),
) -> BotSettings:
    """Give the settings in force.

    Args:
        config: The settings that all faces share; `library` is the default library.
        environment: Where `QA_TELEGRAM_…` and `QA_LANGUAGE` are looked up.
        folder: Where `qa.toml` is looked for; none there is fine.

    Raises:
        ConfigError: there is no token, a setting is unknown, or a value is unusable.
    """
    given = _given(environment, telegram_table(folder))
    library = Path(config.library).absolute()
    rest: dict[str, Any] = _addresses(given) | _webhook(given, environment)
    rest |= {one: values.number(given[one], *_NUMBERS[one]) for one in _NUMBERS if one in given}
    rest |= {one: values.switch(given[one]) for one in _SWITCHES if one in given}
    return BotSettings(
        token=_token(given, environment),
        library=library,
        libraries=values.folders(given["libraries"]) if "libraries" in given else {},
        allowed=values.ids(given.get("allowed"), everybody=EVERYBODY),
        admins=values.ids(given.get("admins")),
        language=_language(given, environment),
        state=_path(given, "state", library / "telegram.db"),
        documents=_path(given, "documents", library.with_name(f"{library.name}-documents")),
        **rest,
    )


def _given(environment: Mapping[str, str], table: Mapping[str, object]) -> dict[str, Given]:
    """Give what is set by name; refuse what is no setting."""
    for name in table:
        if name in _SECRETS:
            raise ConfigError(f"{FILE} holds {name}, which is secret: write {name}_file there")
        if name not in NAMES:
            raise ConfigError(f"[telegram] in {FILE} sets {name}: use {', '.join(sorted(NAMES))}")
    found = {
        name: Given(f"{name} in [telegram]", value) for name, value in table.items() if value != ""
    }
    for variable, value in environment.items():
        if variable.startswith(PREFIX) and value.strip():
            name = variable.removeprefix(PREFIX).lower()
            if name not in (*NAMES, *_SECRETS):
                known = sorted(f"{PREFIX}{one.upper()}" for one in (*NAMES, *_SECRETS))
                raise ConfigError(f"{variable} is not a setting: use {', '.join(known)}")
            found[name] = Given(variable, value.strip())
    return found


def _token(given: Mapping[str, Given], environment: Mapping[str, str]) -> str:
    token = _secret("token", given, environment)
    if not token:
        raise ConfigError(
            "there is no bot token: set QA_TELEGRAM_TOKEN, or QA_TELEGRAM_TOKEN_FILE to a file "
            "with the one that BotFather gave"
        )
    if not _TOKEN.fullmatch(token):
        raise ConfigError("the bot token is not like 123456:ABC: copy it again from BotFather")
    return token


def _secret(name: str, given: Mapping[str, Given], environment: Mapping[str, str]) -> str:
    """Give a secret from the environment, from the file that is named, or from systemd's."""
    if name in given:
        return values.text(given[name])
    if f"{name}_file" in given:
        return values.content(Path(values.text(given[f"{name}_file"])))
    credentials = environment.get("CREDENTIALS_DIRECTORY")
    if credentials:
        file = Path(credentials) / f"telegram-{name.replace('_', '-')}"
        if file.exists():
            return values.content(file)
    return ""


def _language(given: Mapping[str, Given], environment: Mapping[str, str]) -> str:
    if "language" in given:
        one = given["language"]
    elif environment.get("QA_LANGUAGE"):
        one = Given("QA_LANGUAGE", environment["QA_LANGUAGE"])
    else:
        return ""
    language = values.text(one).lower().replace("-", "_")
    if language not in _LANGUAGES:  # zh_CN says enough
        language = language.partition("_")[0]
    if language not in _LANGUAGES:
        raise one.wrong("give zh, zh_hant or en")
    return language


def _path(given: Mapping[str, Given], name: str, default: Path) -> Path:
    return Path(values.text(given[name])).absolute() if name in given else default


def _addresses(given: Mapping[str, Given]) -> dict[str, str]:
    """Give where the Bot API is and the way there."""
    found: dict[str, str] = {}
    if "base_url" in given:
        address = values.address(given["base_url"], "http", "https").removesuffix("/bot")
        found["base_url"] = f"{address}/bot"
        found["file_url"] = f"{address}/file/bot"
    if "file_url" in given:
        address = values.address(given["file_url"], "http", "https").removesuffix("/bot")
        found["file_url"] = f"{address}/bot"
    if "proxy" in given:
        found["proxy"] = values.address(given["proxy"], "http", "https", "socks5", "socks5h")
    return found


def _webhook(given: Mapping[str, Given], environment: Mapping[str, str]) -> dict[str, str]:
    """Give what the webhook needs; nothing when updates are polled for."""
    if "webhook_url" not in given:
        return {}
    # A Bot API server of one's own also sends to plain addresses, Telegram's never does.
    schemes = ("https", "http") if "base_url" in given else ("https",)
    url = values.address(given["webhook_url"], *schemes)
    secret = _secret("webhook_secret", given, environment)
    if not _SECRET.fullmatch(secret):
        raise ConfigError(
            "a webhook needs QA_TELEGRAM_WEBHOOK_SECRET, or QA_TELEGRAM_WEBHOOK_SECRET_FILE: "
            "give 1 to 256 letters, digits, _ or -"
        )
    found = {"webhook_url": url, "webhook_secret": secret, "webhook_path": urlsplit(url).path}
    for name in ("webhook_listen", "webhook_path"):
        if name in given:
            found[name] = values.text(given[name])
    path = found["webhook_path"] = "/" + found["webhook_path"].strip("/")
    if path in _OWN_PATHS:
        raise ConfigError(f"webhook_path is {path}, which tells how the bot is: give another path")
    return found
