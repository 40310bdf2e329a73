"""The reader's own keys: what can be a key, and the key map that the configuration's ``[keys]`` asks for."""

from collections.abc import Iterable, Mapping

from textual.keys import KEY_NAME_REPLACEMENTS, Keys, key_to_character

from assistant.errors import ConfigError
from assistant.text import nearest
from assistant.tui.actions import ACTIONS, Action

_NAMED_KEYS = {key.value.rpartition("+")[2] for key in Keys} | set(KEY_NAME_REPLACEMENTS.values())
_MODIFIERS = {"ctrl", "alt", "shift", "super", "meta", "hyper"}


def keymap_of(keys: Mapping[str, str]) -> dict[str, str]:
    """The reader's own keys by action name, as Textual wants them.

    Raises `ConfigError` for a name that is no action, for what is no key, and for a key that another action of the
    same page, or of the application, has too.
    """
    actions = {action.name: action for table in ACTIONS.values() for action in table}
    for name, own_keys in keys.items():
        if name not in actions:
            near = nearest(name, actions, 0.4)
            hint = f"Did you mean {near}?" if near else "The help screen (F1) lists every action."
            raise ConfigError(f"Unknown action {name} under [keys].", hint)
        for key in split_keys(own_keys) or [own_keys]:
            if not is_key(key):
                raise ConfigError(f"{name} under [keys]: {key!r} is no key.", 'Write such as "t", "ctrl+t" or "f5,t".')
    for name in keys:
        _refuse_taken(actions[name], keys, actions.values())
    return dict(keys)


def is_key(text: str) -> bool:
    """Whether a key press can be this: a character, a named key, either with ``ctrl``, ``alt`` or ``shift``."""
    *modifiers, key = text.split("+") if text != "+" else [text]
    character = len(key) == 1 and key.isprintable() and not key.isspace()
    named = key in _NAMED_KEYS or key_to_character(key) is not None
    return (character or (named and len(key) > 1)) and all(modifier in _MODIFIERS for modifier in modifiers)


def split_keys(keys: str) -> list[str]:
    """The keys of a comma separated list; a comma alone is the key itself."""
    return [","] if keys.strip() == "," else [key.strip() for key in keys.split(",") if key.strip()]


def _refuse_taken(action: Action, keys: Mapping[str, str], actions: Iterable[Action]) -> None:
    own = set(split_keys(keys[action.name]))
    for other in actions:
        meet = other.scope in {action.scope, "app"} or action.scope == "app"
        shared = own & set(split_keys(keys.get(other.name, other.keys)))
        if other is not action and meet and shared:
            raise ConfigError(
                f"{action.name} under [keys]: {min(shared)} is the key of {other.name} ({other.label}) too.",
                f"Take another key, or give {other.name} another one.",
            )
