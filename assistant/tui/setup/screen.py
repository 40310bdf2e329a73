"""The first steps: papers, models, keys."""

from collections.abc import Iterable

from textual.widget import Widget
from textual.widgets import Static

from assistant.tui.actions import ACTIONS, bindings_of
from assistant.tui.page import Page


class SetupScreen(Page):
    """The steps."""

    SCOPE = "setup"
    BINDINGS = bindings_of(ACTIONS["setup"])

    def compose_page(self) -> Iterable[Widget]:
        """Its content."""
        yield Static("Setup", markup=False)
