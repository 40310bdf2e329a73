"""The configuration: every setting with its default and meaning, read once and strictly."""

from assistant.config.loader import LoadedConfig, Origin, load_config, shown
from assistant.config.reference import example_text
from assistant.config.settings import Config, Setting, settings

__all__ = ["Config", "LoadedConfig", "Origin", "Setting", "example_text", "load_config", "settings", "shown"]
