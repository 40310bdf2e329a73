"""What can be done on the page `chat`."""

from assistant.tui.actions.action import Action

CHAT_ACTIONS: tuple[Action, ...] = ()
