"""What can be done on the page `digest`."""

from assistant.tui.actions.action import Action

DIGEST_ACTIONS: tuple[Action, ...] = ()
