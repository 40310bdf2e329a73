"""The configuration as every front end reads it."""

import os
from collections.abc import Mapping
from pathlib import Path

from assistant.config import Config, LoadedConfig, SettingValue, load_default_config, profile_named


def load_configuration(file: Path | None, overrides: Mapping[str, SettingValue]) -> LoadedConfig:
    """Overrides over environment over file over defaults; ``file`` None is the usual one.

    Raises `ConfigError` for a setting that is unknown or wrong.
    """
    return load_default_config(file, os.environ, overrides)


def require_profile(config: Config, name: str) -> None:
    """Raise `UsageError` for a profile that the configuration does not have; "" is no profile."""
    if name:
        profile_named(config.profiles, name)


def require_mail(config: Config) -> None:
    """Raise `ConfigError` when [mail] does not say how a mail is sent; keys and passwords are not looked at."""
    from assistant.export import Mailer

    Mailer(config.mail, {}).require()
