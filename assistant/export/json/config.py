"""The configuration as other programs read it."""

from assistant.config import LoadedConfig, shown
from assistant.export.json.base import Published


class SettingJson(Published):
    """A setting's value, and where it came from."""

    value: str | int | float | bool
    origin: str
    """The command line, a variable, a file, or default."""


class ConfigJson(Published):
    """The effective configuration."""

    file: str | None
    """The file that was read."""
    settings: dict[str, SettingJson]
    """By dotted key, such as local.threads."""
    secrets: dict[str, str]
    """Variables that hold secrets: "set" or "not set", never the value."""


def config_json(loaded: LoadedConfig, secrets: dict[str, str]) -> ConfigJson:
    """The object of `config`; ``secrets`` says by variable whether it is set."""
    return {
        "file": str(loaded.file) if loaded.file else None,
        "settings": {
            key: {"value": shown(value), "origin": loaded.origins[key].name} for key, value in loaded.values.items()
        },
        "secrets": secrets,
    }
