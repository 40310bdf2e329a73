"""The page `chat`."""

from collections.abc import Iterable

from textual.widget import Widget
from textual.widgets import Static

from assistant.tui.actions import ACTIONS, bindings_of
from assistant.tui.page import Page


class ChatPage(Page):
    """The page."""

    SCOPE = "chat"
    BINDINGS = bindings_of(ACTIONS["chat"])

    def compose_page(self) -> Iterable[Widget]:
        """Its content."""
        yield Static("Chat", markup=False)
