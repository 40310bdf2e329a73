"""The configuration as a run finds it: the named file, else the usual one."""

from collections.abc import Mapping
from pathlib import Path

from assistant.config.loader import LoadedConfig, load_config
from assistant.config.settings import SettingValue
from assistant.paths import default_folders

FILE_VARIABLE = "ASSISTANT_CONFIG"


def load_usual_config(
    file: Path | None, environment: Mapping[str, str], overrides: Mapping[str, SettingValue] | None = None
) -> LoadedConfig:
    """Read the configuration; without ``file`` that of ``ASSISTANT_CONFIG``, else the platform's when there is one.

    Raises `ConfigError`.
    """
    named = environment.get(FILE_VARIABLE)
    usual = default_folders().config_file
    chosen = file or (Path(named) if named else usual if usual.is_file() else None)
    return load_config(chosen, environment, overrides)
