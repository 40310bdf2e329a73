"""The page `trends`."""

from collections.abc import Iterable

from textual.widget import Widget
from textual.widgets import Static

from assistant.tui.actions import ACTIONS, bindings_of
from assistant.tui.page import Page


class TrendsPage(Page):
    """The page."""

    SCOPE = "trends"
    BINDINGS = bindings_of(ACTIONS["trends"])

    def compose_page(self) -> Iterable[Widget]:
        """Its content."""
        yield Static("Trends", markup=False)
