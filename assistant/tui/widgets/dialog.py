"""What dialogs have in common: however one is left, what was typed in it is kept and whoever waits for it goes on."""

from typing import Generic

from textual.binding import Binding
from textual.screen import ModalScreen, ScreenResultType


class Dialog(ModalScreen[ScreenResultType | None], Generic[ScreenResultType]):
    """A question above a page, answered with a value, or with None when it is left.

    Escape leaves it, and so does the application when it shows something else in its place or ends.
    """

    BINDINGS = [Binding("escape", "leave", "Close", priority=True)]

    def leave(self) -> None:
        """Close without an answer, or with what was typed where that is to be kept. It must be the open screen."""
        self.dismiss(None)

    def action_leave(self) -> None:
        """Leave it by a key."""
        self.leave()
