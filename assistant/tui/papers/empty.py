"""What stands in place of the list while the library has no paper."""

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.widgets import Button, Static

from assistant.tui.messages import OpenSetup

_TEXT = (
    "There are no papers here yet.\n\n"
    "Sync fetches the papers of the last days; without a network it shows the sample papers instead. "
    "Setup leads through papers, models and keys."
)


class EmptyLibrary(Vertical):
    """Says what to do, with a button for each way."""

    DEFAULT_CSS = """
    EmptyLibrary { height: 1fr; padding: 1 2; }
    EmptyLibrary Static { width: 1fr; height: auto; max-width: 80; }
    EmptyLibrary Horizontal { height: auto; margin-top: 1; }
    EmptyLibrary Button { margin-right: 2; }
    """

    def compose(self) -> ComposeResult:
        """The text and the two buttons."""
        yield Static(_TEXT, markup=False)
        with Horizontal():
            yield Button("Sync now", id="sync", variant="primary", compact=True)
            yield Button("Setup", id="setup", compact=True)

    @on(Button.Pressed, "#sync")
    async def _sync(self) -> None:
        await self.run_action("app.sync")

    @on(Button.Pressed, "#setup")
    def _setup(self) -> None:
        self.post_message(OpenSetup())
