"""Reading the configuration: flags over environment over file over defaults, every wrong key or value an error.

Between file and default stand the variables that other programs share with us: where `OPENAI_BASE_URL` names a server,
the key beside it belongs to that server, and must not go to the default one.
"""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from assistant.addresses import masked_address
from assistant.config.profiles import read_profiles
from assistant.config.settings import Config, Setting, SettingValue, known_settings, sections
from assistant.config.user_tables import TABLES, read_keys, read_prices
from assistant.errors import ConfigError
from assistant.paths import default_folders
from assistant.text import nearest

_NOT_A_SETTING = "ASSISTANT_CONFIG"
_SHARED_VARIABLES: Mapping[str, tuple[str, ...]] = {"hosted.base_url": ("OPENAI_BASE_URL", "OPENAI_API_BASE")}
"""By setting, the variables of the openai package that hold it, its present name before its older one."""
_BOOLEANS = {"true": True, "1": True, "yes": True, "on": True, "false": False, "0": False, "no": False, "off": False}


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a value came from, as `assistant config` shows it: "default", a file, a variable, "command line"."""

    name: str


def printable_value(value: SettingValue) -> SettingValue:
    """A value as it may be printed: an address without the user and password that may stand in it.

    What has an @ and no colon before it is an address of mail, or a name.
    """
    return masked_address(value) if isinstance(value, str) and ":" in value.rpartition("@")[0] else value


@dataclass(frozen=True, slots=True)
class LoadedConfig:
    """The configuration and the origin of each of its keys; ``file`` is the one that was read, if any."""

    config: Config
    origins: Mapping[str, Origin]
    values: Mapping[str, SettingValue]
    file: Path | None

    def place_of(self, key: str) -> str:
        """What a reader has to change for another value: the variable that holds it, else the key itself."""
        origin = self.origins[key].name
        variables = (known_settings()[key].environment_variable, *_SHARED_VARIABLES.get(key, ()))
        return origin if origin in variables else key


def load_config(
    file: Path | None, environment: Mapping[str, str], overrides: Mapping[str, SettingValue] | None = None
) -> LoadedConfig:
    """Read the configuration.

    ``file`` may be None (defaults alone). ``overrides`` come from the command line, by dotted key; text among them
    is read like a variable's. Raises `ConfigError` that names the place, the key and the nearest valid name.
    """
    settings = known_settings()
    values: dict[str, SettingValue] = {key: leaf.default for key, leaf in settings.items()}
    origins = dict.fromkeys(settings, Origin("default"))
    tree = _tree(file) if file is not None else {}
    tables = {name: tree.pop(name) for name in TABLES if name in tree}
    for key, value, origin in _overridden_values(tree, file, environment, overrides or {}, settings):
        values[key] = _checked(settings[key], value, origin)
        origins[key] = Origin(origin)
    return LoadedConfig(_with_tables(_assembled(values), tables, str(file)), origins, values, file)


def _overridden_values(
    tree: Mapping[str, Any],
    file: Path | None,
    environment: Mapping[str, str],
    overrides: Mapping[str, SettingValue],
    settings: Mapping[str, Setting],
) -> Iterator[tuple[str, Any, str]]:
    """Every value that was given, weakest origin first: key, value, origin."""
    yield from _from_shared_variables(environment)
    yield from _from_file(tree, str(file), settings)
    yield from _from_environment(environment, settings)
    for key, value in overrides.items():
        if key not in settings:
            raise _unknown(key, "the command line", settings)
        parsed = _parsed(settings[key], value, "the command line") if isinstance(value, str) else value
        yield key, parsed, "command line"


def _tree(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise ConfigError(f"There is no configuration file {file}.", "Check the path given with --config.") from error
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"The configuration file {file} cannot be read: {error}.", "Check the file.") from error
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{file}: not valid TOML: {error}.", "See config.example.toml for the form.") from error


def _from_file(tree: Mapping[str, Any], file: str, settings: Mapping[str, Setting]) -> Iterator[tuple[str, Any, str]]:
    for name, value in tree.items():
        if isinstance(value, dict) and name in sections():
            pairs = [(f"{name}.{key}", leaf) for key, leaf in value.items()]
        else:
            pairs = [(name, value)]
        for key, leaf in pairs:
            if key not in settings:
                raise _unknown(key, file, settings)
            yield key, leaf, file


def _from_shared_variables(environment: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    """Values of variables that are not ours alone; an empty one counts as not set."""
    for key, variables in _SHARED_VARIABLES.items():
        for variable in variables:
            if text := environment.get(variable, "").strip():
                yield key, text, variable
                break


def _from_environment(
    environment: Mapping[str, str], settings: Mapping[str, Setting]
) -> Iterator[tuple[str, Any, str]]:
    by_variable = {leaf.environment_variable: leaf for leaf in settings.values()}
    for variable, text in sorted(environment.items()):
        if not variable.startswith("ASSISTANT_") or variable == _NOT_A_SETTING:
            continue
        if variable not in by_variable:
            raise _unknown(variable, "the environment", by_variable)
        yield by_variable[variable].key, _parsed(by_variable[variable], text, variable), variable


def _unknown(key: str, place: str, known_keys: Mapping[str, object]) -> ConfigError:
    near = nearest(key, known_keys)
    hint = f"Did you mean {near}?" if near else "`assistant config` lists every key."
    return ConfigError(f"Unknown key {key} in {place}.", hint)


def _parsed(leaf: Setting, text: str, place: str) -> SettingValue:
    """The text of a variable or a flag as the setting's type."""
    try:
        match leaf.default:
            case bool():
                return _BOOLEANS[text.strip().casefold()]
            case int():
                return int(text)
            case float():
                return float(text)
            case _:
                return text
    except (KeyError, ValueError) as error:
        raise _wrong(leaf, text, place) from error


def _checked(leaf: Setting, value: object, place: str) -> SettingValue:
    if isinstance(leaf.default, float) and type(value) is int:
        value = float(value)
    if type(value) is not type(leaf.default) or not isinstance(value, str | int | float):
        raise _wrong(leaf, value, place)
    if leaf.choices and value not in leaf.choices:
        raise _wrong(leaf, value, place)
    if not isinstance(value, str) and not _within(leaf, value):
        raise _wrong(leaf, value, place)
    return value


def _within(leaf: Setting, value: float) -> bool:
    return (leaf.at_least is None or value >= leaf.at_least) and (leaf.at_most is None or value <= leaf.at_most)


def _wrong(leaf: Setting, value: object, place: str) -> ConfigError:
    if leaf.choices:
        expected = "one of " + ", ".join(leaf.choices)
    else:
        kind = {bool: "true or false", int: "a whole number", float: "a number", str: "a text"}[type(leaf.default)]
        lower = "" if leaf.at_least is None else f", at least {leaf.at_least:g}"
        upper = "" if leaf.at_most is None else f", at most {leaf.at_most:g}"
        expected = kind + lower + upper
    return ConfigError(f"{leaf.key} in {place} must be {expected}, not {printable_value(repr(value))}.", leaf.meaning)


def _assembled(values: Mapping[str, SettingValue]) -> Config:
    parts: dict[str, Any] = {key: value for key, value in values.items() if "." not in key}
    for section, kind in sections().items():
        prefix = section + "."
        parts[section] = kind(**{key.removeprefix(prefix): v for key, v in values.items() if key.startswith(prefix)})
    return Config(**parts)


def _with_tables(config: Config, tables: Mapping[str, Any], place: str) -> Config:
    keys = read_keys(tables["keys"], place) if "keys" in tables else config.keys
    prices = read_prices(tables["prices"], place) if "prices" in tables else config.prices
    profiles = read_profiles(tables["profiles"], place) if "profiles" in tables else config.profiles
    return replace(config, keys=keys, prices=prices, profiles=profiles)


FILE_VARIABLE = "ASSISTANT_CONFIG"


def load_default_config(
    file: Path | None, environment: Mapping[str, str], overrides: Mapping[str, SettingValue] | None = None
) -> LoadedConfig:
    """Read the configuration; without ``file`` that of ``ASSISTANT_CONFIG``, else the platform's when there is one.

    Raises `ConfigError`.
    """
    named = environment.get(FILE_VARIABLE)
    usual = default_folders().config_file
    config_file = file or (Path(named) if named else usual if usual.is_file() else None)
    return load_config(config_file, environment, overrides)
