"""The page `papers`."""

from collections.abc import Iterable

from textual.widget import Widget
from textual.widgets import Static

from assistant.tui.actions import ACTIONS, bindings_of
from assistant.tui.page import Page


class PapersPage(Page):
    """The page."""

    SCOPE = "papers"
    BINDINGS = bindings_of(ACTIONS["papers"])

    def compose_page(self) -> Iterable[Widget]:
        """Its content."""
        yield Static("Papers", markup=False)
