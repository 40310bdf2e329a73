"""What can be done on the page `papers`."""

from assistant.tui.actions.action import Action

PAPERS_ACTIONS: tuple[Action, ...] = ()
