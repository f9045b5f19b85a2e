"""Settings: defaults, then `qa.toml`, then the environment, then flags; the last one wins."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path

from qa.errors import ConfigError

FILE = "qa.toml"
LANGUAGES = ("zh", "en")
SWITCH = ("on", "off")
_TELEGRAM = "telegram"
_LISTS = ("spam", "rules_off")
_SWITCHES = ("history", "everyday")


@dataclass(frozen=True, slots=True)
class Config:
    """What can be set.

    Attributes:
        library: The library's folder.
        encoder: `builtin`, or a path or name of a sentence-transformers model.
        language: Language of the program's own words: `zh` or `en`.
        dictionary: A text file of the user's own words, one a line; empty for none.
        reranker: A path or name of a sentence-transformers CrossEncoder; empty for none.
        synonyms: A text file of the user's synonyms, a group a line; empty for none.
        history: Whether `qa chat` keeps what was typed: `on` or `off`.
        everyday: Whether the everyday words that ship with the package hold: `on` or `off`.
    """

    library: str = "library"
    encoder: str = "builtin"
    language: str = ""
    dictionary: str = ""
    reranker: str = ""
    synonyms: str = ""
    history: str = "on"
    everyday: str = "on"


def load(
    flags: Mapping[str, str | None],
    *,
    environment: Mapping[str, str] = os.environ,
    folder: Path = Path(),
) -> Config:
    """Give the settings in force.

    Args:
        flags: From the command line; those that are None were not given.
        environment: Where `QA_LIBRARY` and the like are looked up.
        folder: Where `qa.toml` is looked for; none there is fine.

    Raises:
        ConfigError: `qa.toml` cannot be read, a setting is unknown, or a value is unusable.
    """
    names = [one.name for one in fields(Config)]
    values = _from_file(folder / FILE, names)
    for name in names:
        if environment.get(f"QA_{name.upper()}"):
            values[name] = environment[f"QA_{name.upper()}"]
        given = flags.get(name)
        if given is not None:
            values[name] = given
    # zh_CN, en-US and EN say enough.
    values["language"] = (values.get("language") or language(environment)).lower()
    values["language"] = values["language"].replace("-", "_").partition("_")[0]
    if values["language"] not in LANGUAGES:
        raise ConfigError(
            f"language is {values['language']}: set QA_LANGUAGE or language in {FILE} to zh or en"
        )
    for name in _SWITCHES:
        if values.get(name, "on") not in SWITCH:
            raise ConfigError(
                f"{name} is {values[name]}: set QA_{name.upper()} or {name} in {FILE} to on or off"
            )
    return Config(**values)


def language(environment: Mapping[str, str] = os.environ) -> str:
    """Give the language that the environment asks for; Chinese when it does not say."""
    for name in ("QA_LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        value = environment.get(name, "").lower()
        if value[:2] in LANGUAGES:
            return value[:2]
    return "zh"


def telegram_table(folder: Path = Path()) -> dict[str, object]:
    """Give the table `[telegram]` of `qa.toml`, which `qa.bot.settings` reads; {} without one.

    Raises:
        ConfigError: `qa.toml` cannot be read.
    """
    table = _toml(folder / FILE).get(_TELEGRAM, {})
    if not isinstance(table, dict):
        raise ConfigError(f"{FILE}: {_TELEGRAM} must be a table: write [{_TELEGRAM}] above it")
    return table


def cleaning_lists(folder: Path = Path()) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Give the user's patterns of spam (`spam`) and the rules turned off (`rules_off`); else ().

    Raises:
        ConfigError: `qa.toml` cannot be read, or one of them is no list of texts.
    """
    table = _toml(folder / FILE)
    found = []
    for name in _LISTS:
        value = table.get(name, [])
        if not isinstance(value, list) or not all(isinstance(one, str) and one for one in value):
            raise ConfigError(f'{FILE}: {name} must be a list of texts, such as {name} = ["…"]')
        found.append(tuple(value))
    return found[0], found[1]


def _why(error: Exception) -> str:
    match error:
        case UnicodeDecodeError():
            return "it is not UTF-8"
        case OSError() if error.strerror:
            return error.strerror
    return str(error)


def _from_file(file: Path, names: list[str]) -> dict[str, str]:
    values = _toml(file)
    for name in (_TELEGRAM, *_LISTS):
        values.pop(name, None)
    usable = ", ".join([*names, *_LISTS, f"[{_TELEGRAM}]"])
    for name, value in values.items():
        if name not in names:
            raise ConfigError(f"{file} sets {name}, which is not a setting: use {usable}")
        if not isinstance(value, str):
            raise ConfigError(f"{file}: {name} must be a text in quotes")
    return {name: str(value) for name, value in values.items()}


def _toml(file: Path) -> dict[str, object]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(f"{file} cannot be read ({_why(error)}): correct it") from error
