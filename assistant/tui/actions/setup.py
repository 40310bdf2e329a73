"""What can be done on the page `setup`."""

from assistant.tui.actions.action import Action

SETUP_ACTIONS: tuple[Action, ...] = ()
