"""The head of the digest page: the period with ways to the ones beside it, and what must be said about its texts."""

from collections.abc import Mapping

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.events import Click
from textual.widget import Widget
from textual.widgets import Static


class HeadLink(Static):
    """A word of the head; a click runs an action of the page."""

    DEFAULT_CSS = """
    HeadLink { width: auto; height: 1; padding: 0 1; color: $secondary; }
    HeadLink:hover { background: $surface-lighten-2; }
    """

    def __init__(self, text: str, action: str, tooltip: str) -> None:
        super().__init__(Content(text))
        self._action = action
        self.tooltip = tooltip

    async def on_click(self, event: Click) -> None:
        """Run the action."""
        event.stop()
        await self.run_action(f"screen.{self._action}")


class DigestHead(Widget):
    """One line with the period, and a line below it when its papers are of the sample feed.

    ``keys`` are shown beside what they do, by the method of their action.
    """

    DEFAULT_CSS = """
    DigestHead { height: auto; padding: 0 1 0 0; }
    DigestHead > Horizontal { height: 1; }
    DigestHead .-period { width: auto; max-width: 1fr; height: 1; text-style: bold; }
    DigestHead .-fill { width: 1fr; height: 1; }
    DigestHead > .-remark { height: auto; padding: 0 3; color: $text-muted; display: none; }
    """

    def __init__(self, keys: Mapping[str, str]) -> None:
        super().__init__()
        self._keys = keys

    def compose(self) -> ComposeResult:
        """Ways back and forth around the period; the lengths on the right."""
        with Horizontal():
            yield HeadLink(f"◀ {self._keys['previous']}", "previous", "Earlier")
            yield Static("", classes="-period", markup=False)
            yield HeadLink(f"{self._keys['next']} ▶", "next", "Later")
            yield Static("", classes="-fill")
            for length in ("day", "week", "month"):
                yield HeadLink(f"{self._keys[length]} {length}", length, f"The {length} here")
            yield HeadLink(f"{self._keys['choose']} other…", "choose", "Choose a day, a week or a month")
        yield Static("", classes="-remark", markup=False)

    def show(self, title: str, remark: str = "") -> None:
        """Show a period; the remark is hidden when it is empty."""
        self.query_one(".-period", Static).update(Content(title))
        remarked = self.query_one(".-remark", Static)
        remarked.update(Content(remark))
        remarked.display = bool(remark)
