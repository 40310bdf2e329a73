"""The comparison table on its own screen."""

from collections.abc import Iterable, Sequence

from textual.widget import Widget
from textual.widgets import Static

from assistant.library.values import LibraryPaper
from assistant.tui.actions import ACTIONS, bindings_of
from assistant.tui.page import Page


class CompareScreen(Page):
    """The table."""

    SCOPE = "compare"
    BINDINGS = bindings_of(ACTIONS["compare"])

    def __init__(self, papers: Sequence[LibraryPaper]) -> None:
        super().__init__()
        self._papers = papers

    def compose_page(self) -> Iterable[Widget]:
        """Its content."""
        yield Static("Compare", markup=False)
