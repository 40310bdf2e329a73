"""A word that runs an action when it is clicked: what the mouse has where the keyboard has a key."""

from textual.content import Content
from textual.events import Click
from textual.widgets import Static


class ActionWord(Static):
    """A word to click. ``action`` is a Textual action with its namespace ("screen.next_order").

    What holds now stands in brackets: colour is not needed.
    """

    DEFAULT_CSS = """
    ActionWord { width: auto; height: 1; color: $text-muted; }
    ActionWord:hover { background: $panel; color: $foreground; }
    ActionWord.-current { color: $primary; text-style: bold; }
    """

    def __init__(
        self,
        text: str,
        action: str,
        *,
        tooltip: str | None = None,
        id: str | None = None,  # noqa: A002  # Textual's name
    ) -> None:
        super().__init__(Content(text), id=id, markup=False)
        self._text = text
        self._action = action
        self.tooltip = tooltip

    def mark_current(self, current: bool) -> None:
        """Show whether this is what holds now."""
        self.set_class(current, "-current")
        self.update(Content(f"[{self._text.strip()}]" if current else self._text))

    async def on_click(self, event: Click) -> None:
        """Do it."""
        event.stop()
        await self.run_action(self._action)
