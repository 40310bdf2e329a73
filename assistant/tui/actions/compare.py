"""What can be done on the page `compare`."""

from assistant.tui.actions.action import Action

COMPARE_ACTIONS: tuple[Action, ...] = ()
