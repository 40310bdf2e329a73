"""The registry: every action of every page, known without importing the pages."""

import difflib
from collections.abc import Mapping

from assistant.errors import ConfigError
from assistant.tui.actions.action import Action, bindings_of
from assistant.tui.actions.app import APP_ACTIONS
from assistant.tui.actions.chat import CHAT_ACTIONS
from assistant.tui.actions.compare import COMPARE_ACTIONS
from assistant.tui.actions.conversations import CONVERSATIONS_ACTIONS
from assistant.tui.actions.digest import DIGEST_ACTIONS
from assistant.tui.actions.papers import PAPERS_ACTIONS
from assistant.tui.actions.setup import SETUP_ACTIONS
from assistant.tui.actions.trends import TRENDS_ACTIONS

ACTIONS: Mapping[str, tuple[Action, ...]] = {
    "app": APP_ACTIONS,
    "chat": CHAT_ACTIONS,
    "papers": PAPERS_ACTIONS,
    "digest": DIGEST_ACTIONS,
    "compare": COMPARE_ACTIONS,
    "trends": TRENDS_ACTIONS,
    "conversations": CONVERSATIONS_ACTIONS,
    "setup": SETUP_ACTIONS,
}
"""Every table by its scope, in the order of the help screen."""

__all__ = ["ACTIONS", "Action", "bindings_of", "keymap_of"]


def keymap_of(keys: Mapping[str, str]) -> dict[str, str]:
    """The reader's own keys by action name, as Textual wants them. Raises `ConfigError` for a name that is none."""
    names = [action.name for table in ACTIONS.values() for action in table]
    for name, key in keys.items():
        if name not in names:
            nearest = difflib.get_close_matches(name, names, n=1, cutoff=0.4)
            hint = f"Did you mean {nearest[0]}?" if nearest else "The help screen (F1) lists every action."
            raise ConfigError(f"Unknown action {name} under [keys].", hint)
        if not key.strip():
            raise ConfigError(f"The action {name} under [keys] has no key.", 'Write a key such as "ctrl+g" or "f5".')
    return dict(keys)
