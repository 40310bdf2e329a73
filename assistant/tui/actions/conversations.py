"""What can be done on the page `conversations`."""

from assistant.tui.actions.action import Action

CONVERSATIONS_ACTIONS: tuple[Action, ...] = ()
