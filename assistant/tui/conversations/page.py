"""The page `conversations`."""

from collections.abc import Iterable

from textual.widget import Widget
from textual.widgets import Static

from assistant.tui.actions import ACTIONS, bindings_of
from assistant.tui.page import Page


class ConversationsPage(Page):
    """The page."""

    SCOPE = "conversations"
    BINDINGS = bindings_of(ACTIONS["conversations"])

    def compose_page(self) -> Iterable[Widget]:
        """Its content."""
        yield Static("Conversations", markup=False)
