"""What can be done on the page `trends`."""

from assistant.tui.actions.action import Action

TRENDS_ACTIONS: tuple[Action, ...] = ()
