"""The page `digest`."""

from collections.abc import Iterable

from textual.widget import Widget
from textual.widgets import Static

from assistant.tui.actions import ACTIONS, bindings_of
from assistant.tui.page import Page


class DigestPage(Page):
    """The page."""

    SCOPE = "digest"
    BINDINGS = bindings_of(ACTIONS["digest"])

    def compose_page(self) -> Iterable[Widget]:
        """Its content."""
        yield Static("Digest", markup=False)
