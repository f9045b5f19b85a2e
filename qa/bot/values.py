"""Values of settings, as people write them in the environment or in a TOML table.

Each function takes what was given and gives the checked value, or raises ConfigError in words that
name the setting.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from qa.errors import ConfigError

_PARTS = re.compile(r"[,，;；\s]+")
_ID = re.compile(r"-?\d{1,19}", re.ASCII)
_NAME = re.compile(r"[^\s/\\=,.][^\s/\\=,]{0,39}")
_SWITCH = {"true": True, "yes": True, "on": True, "1": True,
           "false": False, "no": False, "off": False, "0": False}  # fmt: skip
# What an address may hold that nobody else should read: name and password, a bot's token. What
# stands behind a colon and is no port may be a password whose host was left out.
_PRIVATE = re.compile(
    r"(?:(?<=://)|^(?!\w+://)).*@|\d{6,}:[\w-]+|:(?!//)(?!\d{1,5}(?:[/?#]|$)).*",
    re.ASCII | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Given:
    """One setting as it was given: where it stands, and its text or TOML value."""

    where: str
    value: object

    def wrong(self, remedy: str, *, private: bool = False) -> ConfigError:
        """Make the error that says what is wrong; of a `private` value secrets are left out."""
        value = _PRIVATE.sub("…", str(self.value)) if private else str(self.value)
        return ConfigError(f"the setting {self.where} is {value}: {remedy}")


def text(given: Given) -> str:
    """Give a text without blanks around it."""
    if not isinstance(given.value, str):
        raise given.wrong("write it in quotes")
    return given.value.strip()


def number(given: Given, low: int, high: int) -> int:
    """Give a whole number, `low` to `high`."""
    value = given.value
    if isinstance(value, str) and re.fullmatch(r"\d{1,9}", value.strip(), re.ASCII):
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise given.wrong(f"give a whole number from {low} to {high}")
    return value


def switch(given: Given) -> bool:
    """Give true or false."""
    value = given.value
    if isinstance(value, str):
        value = _SWITCH.get(value.strip().lower())
    if not isinstance(value, bool):
        raise given.wrong("give true or false")
    return value


def ids(given: Given | None, everybody: str = "") -> frozenset[str]:
    """Give ids of users and chats as text, or `everybody` alone where that may stand."""
    if given is None:
        return frozenset()
    value = given.value
    listed = value if isinstance(value, list) else [value]
    if any(isinstance(one, bool) or not isinstance(one, str | int) for one in listed):
        raise given.wrong("give the ids that /id shows")
    parts = {part for one in listed for part in _PARTS.split(str(one)) if part}
    if everybody and everybody in parts:
        return frozenset([everybody])
    if not all(_ID.fullmatch(part) for part in parts):
        raise given.wrong("give the ids that /id shows")
    return frozenset(str(int(part)) for part in parts)


def address(given: Given, *schemes: str) -> str:
    """Give an address with one of the schemes and a host, without `/` at its end."""
    whole = text(given)
    try:
        parts = urlsplit(whole)
        usable = parts.scheme in schemes and bool(parts.hostname) and parts.port != 0
    except ValueError:  # a port that is no number
        usable = False
    if not usable or re.search(r"\s", whole):
        raise given.wrong(f"give an address that begins with {schemes[0]}://", private=True)
    return whole.rstrip("/")


def folders(given: Given) -> dict[str, Path]:
    """Give folders by name, from a table or from `name=folder, name=folder`."""
    remedy = "give names with their folders, as in handbook=/srv/handbook"
    value = given.value
    if isinstance(value, str):
        pairs = [part.partition("=") for part in re.split(r"[,，;；]", value) if part.strip()]
        value = {name.strip(): folder.strip() for name, _, folder in pairs}
    if not isinstance(value, Mapping):
        raise given.wrong(remedy)
    for name, folder in value.items():
        if not (isinstance(folder, str) and folder and _NAME.fullmatch(name)):
            raise given.wrong(remedy)
    return {name: Path(folder).absolute() for name, folder in value.items()}


def content(file: Path) -> str:
    """Give the text of a file that holds a secret, without blanks around it."""
    try:
        return file.read_text(encoding="utf-8").strip()
    except OSError as error:
        raise ConfigError(f"{file} cannot be read ({error.strerror}): correct it") from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"{file} cannot be read (it is not UTF-8): correct it") from error
