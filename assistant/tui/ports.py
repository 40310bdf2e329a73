"""What pages ask of the application that shows them; `assistant.tui.app` is it, and no page imports that."""

from typing import Protocol

from textual.worker import Worker

from assistant.tui.actions import Action
from assistant.tui.session import Session
from assistant.tui.ui_state import UiState


class Host(Protocol):
    """The application as its pages see it."""

    session: Session
    remembered: UiState

    def keys_of(self, action: Action) -> str:
        """The keys of an action as they are shown, the reader's own in place of the usual ones."""
        ...

    def show_activity(self, source: str, text: str) -> None:
        """Say what one source does in the background; "" when it does nothing any more."""
        ...

    def refresh_writer(self) -> None:
        """Show who writes; called when the model changed."""
        ...

    def report(self, error: BaseException) -> None:
        """Show a failure with its remedy."""
        ...

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """Take the failure of background work."""
        ...

    def papers_changed(self) -> None:
        """Tell every page that the library changed."""
        ...

    def remember(self) -> None:
        """Write what is remembered from run to run."""
        ...

    def action_next_theme(self) -> None:
        """Change between the dark and the light theme."""
        ...

    async def open_page(self, scope: str) -> object:
        """Go to a page, with nothing above it."""
        ...
